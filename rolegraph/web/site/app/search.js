/* Finding roles, skills and certifications by their names, also with slips of the pen (MiniSearch).
   Roles can be found at once; other names are added while the browser is idle. */
(function (app) {
  "use strict";

  const { load, idle } = app.data;
  const CHUNK = 400;

  /** @type {Record<string, any>} one index for each type of thing */
  const indexes = {};
  /** @type {Record<string, any>} the same for other names */
  const further = {};
  /** @type {(() => void)[]} */
  const waiting = [];
  let complete = false;

  /** Letters without marks, in small: "Führungskraft" is found by "fuhrungskraft". @param {string} term */
  const plain = (term) => term.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const OPTIONS = {
    idField: "i",
    processTerm: plain,
    searchOptions: {
      prefix: true,
      fuzzy: (/** @type {string} */ term) => (term.length > 7 ? 2 : term.length > 3 ? 1 : false),
      weights: { prefix: 0.6, fuzzy: 0.35 },
      combineWith: "AND",
    },
  };

  /** @param {any} index @param {string[][]} names names of each thing */
  async function fill(index, names) {
    for (let at = 0; at < names.length; at += CHUNK) {
      const docs = [];
      for (let i = at; i < Math.min(at + CHUNK, names.length); i++) {
        if (names[i] && names[i].length) docs.push({ i, name: names[i].join(" · ") });
      }
      index.addAll(docs);
      if (at + CHUNK < names.length) await idle();
    }
  }

  const made = () => new window.MiniSearch({ ...OPTIONS, fields: ["name"] });

  /** Make roles findable; needs core. */
  function start() {
    indexes.role = made();
    const roles = app.model.all("role");
    indexes.role.addAll(roles.map((row, i) => ({ i, name: row[0] })));
  }

  /** Add everything else, bit by bit. */
  async function more() {
    await idle();
    const skills = await app.model.ready("skill");
    const index = made();
    await fill(index, skills.map((row) => [row[0]]));
    indexes.skill = index;
    const certs = await app.model.ready("certification");
    const small = made();
    await fill(small, certs.map((row) => [row[0], row[5], ...(row[8] || [])].filter(Boolean)));
    indexes.certification = small;
    tell();
    for (const [type, file, key] of [["role", "rolenames", "roles"], ["skill", "skillnames", "skills"]]) {
      await idle();
      const names = (await load(file))[key];
      const other = made();
      await fill(other, names);
      further[type] = other;
      tell();
    }
    complete = true;
    tell();
  }

  function tell() {
    for (const f of waiting.splice(0)) f();
  }

  /** Call once when more can be found than now. @param {() => void} f */
  function onMore(f) {
    if (!complete) waiting.push(f);
  }

  /**
   * Find things.
   * @param {string} query @param {{types?: string[], limit?: number}} [how]
   * @returns {{thing: any, score: number, via: string}[]} best first; via: another name that fits
   */
  function find(query, { types = ["role", "skill", "certification"], limit = 12 } = {}) {
    const text = query.trim();
    if (!text) return [];
    const wanted = plain(text);
    /** @type {Map<string, any>} */
    const best = new Map();
    for (const type of types) {
      for (const [index, factor] of [[indexes[type], 1], [further[type], 0.55]]) {
        if (!index) continue;
        let hits = index.search(text);
        if (!hits.length && /\s/.test(text)) hits = index.search(text, { combineWith: "OR" }).slice(0, 5);
        for (const hit of hits.slice(0, limit * 4)) {
          const label = plain(app.model.all(type)[hit.id][0]);
          const other = index === further[type];
          // the shorter a name, the larger the part of it that was asked for
          let score = hit.score * factor * (other ? 1 : 1 + Math.min(1, wanted.length / label.length));
          if (label === wanted) score = 1e6;
          else if (!other && label.startsWith(wanted)) score *= 1.6;
          if (type === "role") score *= 1.25;
          const key = `${type}${hit.id}`;
          if (best.has(key) && best.get(key).score >= score) continue;
          best.set(key, { type, ix: hit.id, score, other, terms: hit.terms });
        }
      }
    }
    const order = [...best.values()].sort((a, b) => b.score - a.score).slice(0, limit);
    return order.map(({ type, ix, score, other, terms }) => ({
      thing: app.model.thing(type, ix), score, via: other ? otherName(type, ix, terms) : "",
    }));
  }

  /** The other name that was found. @param {string} type @param {number} ix @param {string[]} terms */
  function otherName(type, ix, terms) {
    const file = app.data.there(type === "role" ? "rolenames" : "skillnames");
    const names = (file && file[type === "role" ? "roles" : "skills"][ix]) || [];
    let best = "";
    let most = 0;
    for (const name of names) {
      const n = terms.filter((t) => plain(name).includes(t)).length;
      if (n > most) [best, most] = [name, n];
    }
    return best;
  }

  app.search = { start, more, find, onMore, plain, ready: () => complete };
})((window.rolegraphSite = window.rolegraphSite || {}));
