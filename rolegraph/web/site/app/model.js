/* Roles, skills and certifications by number and by name. */
(function (app) {
  "use strict";

  const { load } = app.data;

  /**
   * @typedef {object} Thing
   * @property {number} ix @property {"role" | "skill" | "certification"} type
   * @property {string} label @property {string} shown label, with its source where others share it
   * @property {string} slug @property {string} iri @property {string} source title, or ""
   * @property {string} href
   */

  /** @type {any} */
  let core = null;
  /** @type {Record<string, any[]>} */
  const rows = {};
  /** @type {Record<string, Map<string, number>>} */
  const slugs = {};
  /** @type {Record<string, Map<string, number>>} */
  const clashes = {};

  /** @param {string} type @param {any[]} list */
  function take(type, list) {
    if (rows[type]) return;
    rows[type] = list;
    slugs[type] = new Map(list.map((row, ix) => [row[1], ix]));
    clashes[type] = new Map();
    for (const row of list) {
      const key = row[0].toLowerCase();
      clashes[type].set(key, (clashes[type].get(key) || 0) + 1);
    }
  }

  /** A source in a word. @param {any} source */
  const named = (source) => (source.title.length <= 16 ? source.title : source.key);

  /** Load what everything needs. */
  async function start() {
    core = app.core = await load("core");
    take("role", core.roles);
  }

  /** @param {"skill" | "certification"} type */
  async function ready(type) {
    const file = await load(type === "skill" ? "skills" : "certs");
    take(type, type === "skill" ? file.skills : file.certifications);
    if (type === "skill") core.skillKinds = file.kinds || [];
    return rows[type];
  }

  /** @param {"role" | "skill" | "certification"} type @param {number} ix @returns {any} */
  function thing(type, ix) {
    const row = rows[type][ix];
    const [label, slug, base, local, source] = row;
    const from = core.sources[source ?? -1];
    const title = from ? from.title : "";
    const twin = clashes[type].get(label.toLowerCase()) > 1;
    const made = {
      ix, type, label, slug, row,
      shown: twin && from ? `${label} (${named(from)})` : label,
      iri: (core.bases[base] || "") + local,
      source: title, sourceKey: from ? named(from) : "",
      href: `#/${type}/${slug}`,
    };
    if (type === "role") {
      return { ...made, family: core.families[row[5] ?? -1] || "", level: core.levels[row[6] ?? -1] || "" };
    }
    if (type === "skill") {
      return { ...made, kinds: (core.skillKinds || []).filter((_, i) => (row[5] || 0) & (1 << i)) };
    }
    return { ...made, full: row[5] || "", advanced: Boolean(row[6]), scheme: row[7] || "", alts: row[8] || [] };
  }

  /** Find by the last part of a link. @param {"role" | "skill" | "certification"} type
      @param {string} slug @returns {any} null where there is none */
  function find(type, slug) {
    const ix = slugs[type] && slugs[type].get(slug);
    return ix === undefined ? null : thing(type, ix);
  }

  /** The card of a role. @param {number} ix */
  async function card(ix) {
    const file = await load(`cards/${Math.floor(ix / core.block)}`);
    return { card: file.roles[ix % core.block] || {}, ev: file.ev || [] };
  }

  /** Type of an edge. @param {any} network @param {number} e */
  const typeOf = (network, e) => core.types[app.data.digit(network.type, e)];
  /** Kind of evidence of an edge. @param {any} network @param {number} e */
  const kindOf = (network, e) => core.kinds[app.data.digit(network.kind, e)];

  /** @type {{label: string, at: Map<number, number>}[] | null} numbers of transitions by edge */
  let numbers = null;
  /** The numbers that a transition bears beside what the model knows: months, cost.
      @param {any} network @param {number} e @returns {[string, number][]} */
  function figures(network, e) {
    numbers = numbers || (network.figures || []).map((/** @type {any} */ f) => (
      { label: f.label, at: new Map(app.data.undelta(f.at).map((edge, i) => [edge, f.value[i]])) }));
    return numbers.filter((f) => f.at.has(e)).map((f) => [f.label, f.at.get(e)]);
  }

  /** @type {any} */
  let ends = null;
  /** Edges that leave and enter each role. */
  async function edges() {
    const network = await load("network");
    if (ends) return ends;
    const starts = new Int32Array(core.roles.length + 1);
    network.out.forEach((/** @type {number} */ n, /** @type {number} */ u) => (starts[u + 1] = starts[u] + n));
    /** @type {number[][]} */
    const into = core.roles.map(() => []);
    const sources = new Int32Array(network.target.length);
    for (let u = 0; u < network.out.length; u++) {
      for (let e = starts[u]; e < starts[u + 1]; e++) {
        sources[e] = u;
        into[network.target[e]].push(e);
      }
    }
    ends = {
      network, sources,
      out: (/** @type {number} */ u) => Array.from({ length: starts[u + 1] - starts[u] }, (_, i) => starts[u] + i),
      into: (/** @type {number} */ u) => into[u],
    };
    return ends;
  }

  /** Whether an edge is a step that a source states or a curator set, not a suggestion.
      @param {any} network @param {number} e */
  const real = (network, e) => !["suggested", "mapping"].includes(typeOf(network, e));

  app.model = {
    real, figures, start, ready, thing, find, card, edges, typeOf, kindOf,
    role: (/** @type {number} */ ix) => thing("role", ix),
    skill: (/** @type {number} */ ix) => thing("skill", ix),
    certification: (/** @type {number} */ ix) => thing("certification", ix),
    all: (/** @type {string} */ type) => rows[type],
  };
})((window.rolegraphSite = window.rolegraphSite || {}));
