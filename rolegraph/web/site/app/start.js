/* The first view: one search, three questions to begin with, and what the marks mean. */
(function (app) {
  "use strict";

  const { h, count, section, limited } = app.dom;

  const TYPES = [["role", "Roles"], ["skill", "Skills"], ["certification", "Certifications"]];

  /** @param {string} [value] */
  const bigSearch = (value) =>
    app.combobox({
      label: "Find a role, a skill, a certification", types: ["role", "skill", "certification"],
      placeholder: "For example: " + (app.core.roles.length > 100 ? "project manager" : app.core.roles[0][0]),
      className: "big", value,
      pick: (thing) => app.go(thing.href),
      enter: (text) => {
        const [best] = app.search.find(text, { limit: 1 });
        if (best && app.search.plain(best.thing.label) === app.search.plain(text)) app.go(best.thing.href);
        else app.go(`#/?q=${encodeURIComponent(text)}`);
      },
    }).root;

  /** Questions to begin with, of what is there. */
  function examples() {
    const { plan, compare, skill } = app.core.examples || {};
    const found = [];
    if (plan) {
      const [a, b] = plan.map(app.model.role);
      found.push([`#/plan?from=${a.slug}&to=${b.slug}`, "A way",
        ["From ", h("b", null, a.label), " to ", h("b", null, b.label), ": which way, and what does each step ask?"]]);
    }
    if (compare) {
      const [a, b] = compare.map(app.model.role);
      found.push([`#/compare/${a.slug}/${b.slug}`, "A comparison",
        [h("b", null, a.label), " and ", h("b", null, b.label), ": what do they share, and what sets them apart?"]]);
    }
    if (skill) {
      found.push([`#/skill/${skill[1]}`, "A skill", ["Which roles ask for ", h("b", null, skill[0]), "?"]]);
    }
    for (let i = 0; found.length < 3 && i < app.core.roles.length; i++) {
      const role = app.model.role(i);
      found.push([role.href, "A role", [h("b", null, role.label), ": what is it, and what does it ask?"]]);
    }
    return h("ul.examples", null, found.map(([href, kind, text]) =>
      h("li", null, h("a", { href }, h("span.kicker", null, kind), h("span.ask", null, text)))));
  }

  function marks() {
    const used = app.core.kinds.filter((/** @type {string} */ k) => k !== "unsourced");
    return section("What the marks mean",
      h("p.muted", null, "Every fact bears a mark. Open it, and it tells who says so. What no source states is said to be not stated; that never means that it is not so."),
      h("dl.kinds", null, used.map((/** @type {string} */ k) =>
        h("div", null, h("dt", null, app.evidence.tag(k)), h("dd", null, app.evidence.MEANING[k])))));
  }

  /** @param {string[]} _ @param {URLSearchParams} query */
  async function view(_, query) {
    const text = query.get("q");
    if (text) return results(text);
    const s = app.core.sizes;
    const sizes = [count(s.roles, "role"), count(s.skills, "skill"), count(s.certifications, "certification"),
      count(s.transitions, "stated or curated step"), s.suggested ? count(s.suggested, "suggested step") : null];
    return {
      title: "Find",
      body: h("div.start", null,
        h("h1", null, "Where does a role lead, and what does it ask?"),
        bigSearch(),
        h("p.sizes.muted", null, sizes.filter(Boolean).join(" · ")),
        section("Questions to begin with", examples()),
        marks()),
    };
  }

  /** @param {string} text */
  async function results(text) {
    const place = h("div.results", null);
    const draw = () => {
      const parts = TYPES.map(([type, name]) => {
        const hits = app.search.find(text, { types: [type], limit: 40 });
        return hits.length
          ? section(`${name} (${hits.length === 40 ? "first 40" : hits.length})`,
            limited("ul.rows", hits, 12, (hit) => app.dom.row([
              h("a", { href: hit.thing.href }, hit.thing.label),
              h("span.muted", null, hit.via ? [" also: ", hit.via] : null,
                hit.thing.shown !== hit.thing.label ? ` ${hit.thing.sourceKey}` : null)])))
          : null;
      }).filter(Boolean);
      place.replaceChildren(...(parts.length ? parts
        : [h("p", null, app.search.ready() ? ["Nothing here is called anything like “", text, "”."] : "Reading more names…")]));
      app.search.onMore(() => place.isConnected && draw());
    };
    draw();
    return {
      title: `Search: ${text}`,
      body: [h("h1", null, "Search: ", h("q", null, text)), bigSearch(text), place],
    };
  }

  app.views = Object.assign(app.views || {}, { start: view });
})((window.rolegraphSite = window.rolegraphSite || {}));
