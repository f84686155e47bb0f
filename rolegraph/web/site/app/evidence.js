/* Kinds of evidence, and who says so. The mark of a kind is the button that opens its evidence. */
(function (app) {
  "use strict";

  const { h, words, series, capital } = app.dom;

  const MEANING = {
    stated: "A source text says so; the place in it is given.",
    curated: "An expert, or the author of a table, decided so.",
    imported: "Taken over from a published classification.",
    observed: "Counted in data.",
    inferred: "Computed or reasoned from the rest; nobody states it.",
    unsourced: "No evidence is recorded.",
  };

  const MEASURES = { jaccard: "the part of their skills that two roles share" };

  /** What a measure means, in brackets, where its name stands in a text. @param {string} text */
  const explained = (text) => {
    const found = Object.keys(MEASURES).find((name) => new RegExp(`\\b${name}\\b`).test(text));
    return found ? ` (${found}: ${MEASURES[found]})` : "";
  };

  /** The mark of a kind of evidence. @param {string} kind @param {string} [more] */
  const tag = (kind, more) =>
    h(`span.tag.tag-${kind}`, { title: MEANING[kind] || null }, kind, more ? ` · ${more}` : null);

  /** A piece of evidence in words. @param {any} e @param {number} [row] */
  function piece(e, row) {
    if (!e) return "evidence that is not in this data";
    if (e.r !== undefined) return ["Curators: ", e.r];
    if (e.m !== undefined) return ["Computed: ", e.m];
    if (e.v !== undefined) {
      return [e.v, e.d ? [", file ", h("span.file", null, e.d)] : null, row ? `, ${/\.ya?ml(,|$)/i.test(e.d ?? "") ? "line" : "row"} ${row}` : null];
    }
    if (e.i !== undefined) return h("span.file", null, e.i);
    return [
      h("cite", null, e.d || "document"), e.s ? [", § ", e.s] : null,
      e.a !== undefined ? `, characters ${e.a}–${e.b}` : null,
    ];
  }

  /** @param {any[]} refs @param {any[]} ev */
  const pieces = (refs, ev) =>
    (refs || []).map((ref) => (Array.isArray(ref) ? piece(ev[ref[0]], ref[1]) : piece(ev[ref])));

  /** A claim in full: how sure it is put, where, and who says so. @param {any[]} claim @param {any[]} ev */
  function claimBlock(claim, ev) {
    const [kind, strength, hedge, refs, notes, scope, before] = claim;
    const said = pieces(refs, ev);
    return h(
      "div.claim", null,
      h("p", null, tag(app.core.kinds[kind]), " ",
        hedge ? [h("span.hedge", null, "“", hedge, "”"), " "] : null,
        strength ? h("span.muted", null, app.core.strengths[strength]) : null),
      said.length ? h("ul.says", null, said.map((s) => h("li", null, s)))
        : h("p.muted", null, "No evidence is recorded for this."),
      (scope || []).length ? h("p", null, h("b", null, "Applies: "), series(scope)) : null,
      (before || []).length ? h("p", null, h("b", null, "Comes after: "), series(before)) : null,
      (notes || []).map((/** @type {string} */ n) => h("p.note", null, n))
    );
  }

  /** Kinds of some claims, each once. @param {any[]} claims @param {any[]} rules */
  function kindsOf(claims, rules) {
    const found = [...new Set((claims || []).map((c) => app.core.kinds[c[0]]))];
    if (!found.length) found.push((rules || []).length ? "inferred" : "unsourced");
    return found;
  }

  /**
   * A mark that opens what bears something out; the content is made when it is opened.
   * @param {string[]} kinds @param {string} what for screen readers: evidence of what
   * @param {() => any | Promise<any>} content
   */
  function opener(kinds, what, content) {
    const place = h("div.ev-body", null);
    const details = h(
      "details.ev", null,
      h("summary", null, kinds.map((k) => tag(k)), h("span.hidden", null, `: evidence for ${what}`)),
      place
    );
    let filled = false;
    details.addEventListener("toggle", async () => {
      if (!details.open || filled) return;
      filled = true;
      place.textContent = "Reading…";
      try {
        const made = await content();
        place.replaceChildren(...[made].flat(Infinity).filter(Boolean));
      } catch (error) {
        filled = false;
        place.textContent = String(error.message || error);
      }
    });
    return details;
  }

  /** Evidence of an item of a card. @param {any[]} item @param {any[]} ev */
  function ofItem(item, ev) {
    const [label, , claims, rules] = item;
    return opener(kindsOf(claims, rules), label, () => [
      (claims || []).map((/** @type {any} */ c) => claimBlock(c, ev)),
      (rules || []).length
        ? h("p", null, tag("inferred"), " Follows by the rules ", words(rules), ".") : null,
      !(claims || []).length && !(rules || []).length
        ? h("p.muted", null, "No source is recorded for this.") : null,
    ]);
  }

  /** Make the short and the long form of a demand alike. @param {any} q */
  function demand(q) {
    if (!Array.isArray(q)) {
      return { skill: q.s, kind: q.c[0], strength: q.c[1] || 0, claim: q.c, purposes: q.p || [],
               level: q.l || "", rank: q.k, importance: q.w };
    }
    const [skill, kind, strength, evIx, row] = q;
    const refs = evIx === undefined ? [] : [row ? [evIx, row] : evIx];
    return { skill, kind, strength: strength || 0, claim: [kind, strength || 0, "", refs], purposes: [],
             level: "", rank: undefined, importance: undefined };
  }

  /** The level that a demand asks for, in words or as the figure of its source; "" where none is stated.
      @param {ReturnType<typeof demand>} d @returns {string} */
  const levelOf = (d) => d.level || (d.rank === undefined ? "" : String(Number(d.rank.toPrecision(6))));

  /** All that is known of a demand. @param {ReturnType<typeof demand>} d @param {any[]} ev */
  const demandBlock = (d, ev) => [
    claimBlock(d.claim, ev),
    levelOf(d) ? h("p", null, h("b", null, "Level: "), levelOf(d)) : null,
    d.importance !== undefined && d.importance !== null
      ? h("p", null, h("b", null, "Importance in the source: "), app.dom.figure(d.importance)) : null,
    d.purposes.length ? h("p", null, h("b", null, "For: "), series(d.purposes)) : null,
  ];

  /** Evidence that a role asks for a skill, read when it is opened.
      @param {number} role @param {number} skill @param {string} kind @param {string} what
      @param {number} [edge] a transition that may ask for it itself */
  function ofDemand(role, skill, kind, what, edge) {
    return opener([kind], what, async () => {
      const { card, ev } = await app.model.card(role);
      let found = (card.q || []).map(demand).filter((/** @type {any} */ d) => d.skill === skill);
      let from = ev;
      if (edge !== undefined) {
        const { sources } = await app.model.edges();
        const own = await app.model.card(sources[edge]);
        const step = (own.card.t || []).find((/** @type {any} */ t) => t.e === edge);
        const more = step ? (step.q || []).map(demand).filter((/** @type {any} */ d) => d.skill === skill) : [];
        if (!found.length) [found, from] = [more, own.ev];
      }
      if (!found.length) return h("p.muted", null, "No evidence is recorded for this.");
      return found.map((/** @type {any} */ d) => demandBlock(d, from));
    });
  }

  /** The claim of a step, and by what its type is inferred where no source says it.
      @param {any} step @param {any[]} ev */
  const stepClaim = (step, ev) => [claimBlock(step.c, ev),
    step.u ? h("p", null, tag("inferred"), ` ${capital(app.core.types[step.y])}: ${step.u}.`) : null];

  /** Evidence of a transition. @param {number} e */
  async function stepBlock(e) {
    const { network, sources } = await app.model.edges();
    const { card, ev } = await app.model.card(sources[e]);
    const step = (card.t || []).find((/** @type {any} */ t) => t.e === e);
    if (step) return stepClaim(step, ev);
    const value = network.value ? network.value[e] : -1;
    return [
      h("p", null, tag(app.model.kindOf(network, e)), " ",
        app.core.derivations && app.core.derivations.length
          ? `Computed: ${app.core.derivations[0]}${explained(app.core.derivations[0])}` : "Computed from what both roles ask for",
        value >= 0 ? `; value ${(value / 1e6).toFixed(3)}` : null, "."),
      app.model.typeOf(network, e) === "suggested"
        ? h("p.muted", null, "No source states this move: the two roles ask for much the same.") : null,
    ];
  }

  /** @param {any} network @param {number} e @param {string} what */
  const ofStep = (network, e, what) =>
    opener([app.model.kindOf(network, e)], what, () => stepBlock(e));

  /** The numbers that a transition bears, as in its table; null where nobody gives one.
      @param {any} network @param {number} e */
  function figuresOf(network, e) {
    const found = app.model.figures(network, e);
    return found.length ? h("span.level.figures", null, app.dom.joined(found.map(([label, value]) => [label, ` ${app.dom.exact(value)}`]), " · ")) : null;
  }

  app.evidence = {
    figuresOf,    MEANING, explained, tag, claimBlock, kindsOf, opener, ofItem, demand, demandBlock, levelOf, ofDemand, ofStep, stepBlock, stepClaim,
  };
})((window.rolegraphSite = window.rolegraphSite || {}));
