/* All skills and certifications, and the page of each: who asks for it. */
(function (app) {
  "use strict";

  const { h, count, section, limited, row, figure, capital, joined } = app.dom;
  const { evidence } = app;
  const ALL = 300; // so many are shown on one page
  const ROWS = 200;

  /** Roles by skill that they ask for, with the demand. @type {Map<number, any[]> | null} */
  let askers = null;
  async function whoAsks() {
    if (askers) return askers;
    const land = await app.planning.landscape(null);
    askers = new Map();
    land.demands.forEach((/** @type {any[]} */ own, /** @type {number} */ maker) => {
      for (const d of own) {
        if (!askers.has(d.skill)) askers.set(d.skill, []);
        askers.get(d.skill).push({ maker, ...d });
      }
    });
    return askers;
  }

  /** @param {string} label */
  const letter = (label) => {
    const first = app.search.plain(label).charAt(0);
    return first >= "a" && first <= "z" ? first : "0–9";
  };

  const PARTS = { "thead, tbody": "rowgroup", tr: "row", "thead th": "columnheader", "tbody th": "rowheader", td: "cell" };

  /** A table that sorts by its heads. On narrow pages its rows are laid out anew, so it says its roles itself.
      @param {string} caption @param {[string, string?][]} heads @param {any[]} rows @param {string} [shape] */
  function table(caption, heads, rows, shape = "stack") {
    const sorts = rows.length > 1;
    if (sorts) app.data.script("vendor/sortable.min.js");
    const made = h("div.wide", { role: "region", "aria-label": caption, tabindex: "0" },
      h(`table.sortable.${shape}`, { role: "table" }, h("caption.hidden", null, caption),
        h("thead", null, h("tr", null, heads.map(([text, cls]) => h("th", { scope: "col", class: cls || null }, sorts ? h("button", { type: "button" }, text) : text)))),
        h("tbody", null, rows)));
    for (const [some, role] of Object.entries(PARTS)) for (const part of made.querySelectorAll(some)) part.setAttribute("role", role);
    return made;
  }

  /** @param {string[]} _ @param {URLSearchParams} query */
  async function skills(_, query) {
    const [rows, asked] = await Promise.all([app.model.ready("skill"), whoAsks()]);
    const order = rows.map((row, ix) => [row[0], ix]).sort((a, b) => a[0].localeCompare(b[0], "en"));
    const many = order.length > ALL;
    const letters = [...new Set(order.map(([l]) => letter(l)))].sort();
    const at = many ? query.get("letter") || letters[letters.includes("a") ? letters.indexOf("a") : 0] : "";
    const page = Math.max(1, Number(query.get("page")) || 1);
    const chosen = many ? order.filter(([l]) => letter(l) === at) : order;
    const pages = Math.max(1, Math.ceil(chosen.length / (many ? ROWS : ALL)));
    const shown = many ? chosen.slice((page - 1) * ROWS, page * ROWS) : chosen;
    const link = (/** @type {string} */ l, /** @type {number} */ p) => `#/skills?letter=${encodeURIComponent(l)}${p > 1 ? `&page=${p}` : ""}`;
    return {
      title: many ? `Skills: ${at.toUpperCase()}` : "Skills",
      body: [h("h1", null, "Skills"), h("p.muted", null, count(rows.length, "skill"), many ? `; ${figure(chosen.length)} under ${at.toUpperCase()}` : null),
        app.combobox({ label: "Find a skill", types: ["skill"], pick: (s) => app.go(s.href), placeholder: "Name of a skill" }).root,
        many ? h("nav", { "aria-label": "Skills by first letter" }, h("ul.letters", null, letters.map((l) =>
          h("li", null, h("a", { href: link(l, 1), "aria-current": l === at ? "true" : null }, l.toUpperCase()))))) : null,
        table("Skills", [["Skill"], ["Kind"], ["Roles that ask for it", "num"]], shown.map(([, ix]) => {
          const s = app.model.skill(ix);
          const n = new Set((asked.get(ix) || []).filter((d) => d.maker < app.core.roles.length).map((d) => d.maker)).size;
          return h("tr", null, h("th", { scope: "row" }, h("a", { href: s.href }, s.shown)), h("td", null, s.kinds.join(", ")),
            h("td.num", { "data-sort": n }, n ? figure(n) : h("span.muted", null, "none stated")));
        })),
        pages > 1 ? h("nav.pages", { "aria-label": "Pages" }, page > 1 ? h("a", { href: link(at, page - 1) }, "← Before") : null,
          h("span", null, `Page ${page} of ${pages}`), page < pages ? h("a", { href: link(at, page + 1) }, "Next →") : null) : null],
    };
  }

  /** @param {string[]} path */
  async function skill([slug]) {
    await app.model.ready("skill");
    const s = app.model.find("skill", slug || "");
    if (!s) return app.missing("skill", slug);
    const [asked, names, broader, net] = await Promise.all([whoAsks(), app.data.load("skillnames"), app.data.load("broader"), app.model.edges()]);
    const own = asked.get(s.ix) || [];
    const roles = own.filter((d) => d.maker < app.core.roles.length);
    const steps = own.filter((d) => d.maker >= app.core.roles.length);
    const edgeOf = new Map((net.network.maker || []).map((/** @type {number[]} */ p) => [p[1], p[0]]));
    const groups = new Map();
    for (const d of roles) {
      const name = app.core.strengths[d.strength] || "strength not stated";
      groups.set(name, [...(groups.get(name) || []), d]);
    }
    const wider = [];
    const narrower = [];
    for (let i = 0; i < (broader.skills || []).length; i += 2) {
      if (broader.skills[i] === s.ix) wider.push(broader.skills[i + 1]);
      if (broader.skills[i + 1] === s.ix) narrower.push(broader.skills[i]);
    }
    const land = await app.planning.landscape(null);
    const level = (/** @type {any} */ d) => {
      if (d.rung < 0) return null;
      const { names: ns, rungs, ups } = land.skills.get(d.skill);
      const i = ups.indexOf(d.rung);
      return h("span.level", null, ns[i] || `level ${rungs[i]}`);
    };
    const alts = names.skills[s.ix] || [];
    const links = (/** @type {number[]} */ some) => limited("ul.rows", some, 12, (ix) => h("li", null, h("a", { href: app.model.skill(ix).href }, app.model.skill(ix).label)));
    const byLabel = (/** @type {any} */ x, /** @type {any} */ y) => app.core.roles[x.maker][0].localeCompare(app.core.roles[y.maker][0]);
    return {
      title: s.label,
      body: h("article.card", null, h("p.kicker", null, "Skill"), h("h1", null, s.label),
        h("p.line", null, joined([s.kinds.map(capital).join(", "), s.source].filter(Boolean), " · ")),
        alts.length ? h("p.muted", null, "Also called: ", joined(alts.slice(0, 12), " · "), alts.length > 12 ? " …" : null) : null,
        roles.length
          ? section(`Roles that ask for it (${figure(roles.length)})`, ["essential", "recommended", "beneficial", "strength not stated"].filter((n) => groups.has(n)).map((n) => [
            h("h3", null, capital(n), h("span.n", null, groups.get(n).length)),
            limited("ul.rows.cols", groups.get(n).sort(byLabel), 40, (d) => row([h("a", { href: app.model.role(d.maker).href }, app.model.role(d.maker).shown), level(d)], evidence.ofDemand(d.maker, s.ix, app.core.kinds[d.kind], `${s.label} in ${app.model.role(d.maker).label}`)))]))
          : section("Roles that ask for it", h("p.silent", null, "Not stated: no source here names a role that asks for this skill.")),
        steps.length ? section("Steps that ask for it", h("ul.rows", null, steps.filter((d) => edgeOf.has(d.maker)).map((d) => {
          const e = edgeOf.get(d.maker);
          return row([h("a", { href: app.model.role(net.sources[e]).href }, app.model.role(net.sources[e]).label), " → ",
            h("a", { href: app.model.role(net.network.target[e]).href }, app.model.role(net.network.target[e]).label)], evidence.ofStep(net.network, e, "this step"));
        }))) : null,
        wider.length ? section("Broader", links(wider)) : null, narrower.length ? section("Narrower", links(narrower)) : null,
        h("p.iri.muted", null, "Identifier: ", h("span.file", null, s.iri))),
    };
  }

  async function certifications() {
    const rows = await app.model.ready("certification");
    const certs = await app.data.load("certs");
    const order = rows.map((_, ix) => app.model.certification(ix)).sort((a, b) => a.label.localeCompare(b.label, "en"));
    return {
      title: "Certifications",
      body: [h("h1", null, "Certifications"),
        h("p.muted", null, "Sources name certifications as of use. None of them says that one is required."),
        order.length ? table("Certifications", [["Certification"], ["In full"], ["Scheme"], ["Named for roles", "num"]], order.map((c) => {
          const n = certs.named.filter((/** @type {number[]} */ p) => p[1] === c.ix && p[0] < app.core.roles.length).length;
          return h("tr", null, h("th", { scope: "row" }, h("a", { href: c.href }, c.label)), h("td", null, c.full),
            h("td", null, c.scheme), h("td.num", { "data-sort": n }, n || h("span.muted", null, "none")));
        })) : h("p.silent", null, "No source here names a certification.")],
    };
  }

  /** @param {string[]} path */
  async function certification([slug]) {
    await app.model.ready("certification");
    const c = app.model.find("certification", slug || "");
    if (!c) return app.missing("certification", slug);
    const [certs, net] = await Promise.all([app.data.load("certs"), app.model.edges()]);
    const makers = certs.named.filter((/** @type {number[]} */ p) => p[1] === c.ix).map((/** @type {number[]} */ p) => p[0]);
    const roles = makers.filter((/** @type {number} */ m) => m < app.core.roles.length);
    const edgeOf = new Map((net.network.maker || []).map((/** @type {number[]} */ p) => [p[1], p[0]]));
    const steps = makers.filter((/** @type {number} */ m) => edgeOf.has(m)).map((/** @type {number} */ m) => edgeOf.get(m));
    const files = await Promise.all(roles.map(app.model.card));
    const starts = await Promise.all(steps.map((/** @type {number} */ e) => app.model.card(net.sources[e])));
    const item = (/** @type {any[]} */ list) => (list || []).find((i) => i[0] === c.label);
    return {
      title: c.label,
      body: h("article.card", null, h("p.kicker", null, "Certification"), h("h1", null, c.label),
        h("p.line", null, joined([c.full, c.scheme, c.advanced ? "called advanced" : "", c.source].filter(Boolean), " · ")),
        c.alts.length ? h("p.muted", null, "Also called: ", joined(c.alts, " · ")) : null,
        section("Roles that it is of use in", roles.length ? h("ul.rows", null, roles.map((/** @type {number} */ r, /** @type {number} */ i) => {
          const found = item((files[i].card.a || {}).certifications);
          return row(h("a", { href: app.model.role(r).href }, app.model.role(r).shown), found ? evidence.ofItem(found, files[i].ev) : null);
        })) : h("p.silent", null, "Not stated: no source here names a role for it.")),
        steps.length ? section("Steps that it supports", h("ul.rows", null, steps.map((/** @type {number} */ e, /** @type {number} */ i) => {
          const step = (starts[i].card.t || []).find((/** @type {any} */ t) => t.e === e);
          const found = step ? item(step.g) : null;
          return row([h("a", { href: app.model.role(net.sources[e]).href }, app.model.role(net.sources[e]).label), " → ",
            h("a", { href: app.model.role(net.network.target[e]).href }, app.model.role(net.network.target[e]).label)],
          found ? evidence.ofItem(found, starts[i].ev) : evidence.ofStep(net.network, e, "this step"));
        }))) : null,
        h("p.muted", null, "Being of use is not being required: no source here requires it."),
        h("p.iri.muted", null, "Identifier: ", h("span.file", null, c.iri))),
    };
  }

  app.views = Object.assign(app.views || {}, { skills, skill, certifications, certification });
  app.table = table;
})((window.rolegraphSite = window.rolegraphSite || {}));
