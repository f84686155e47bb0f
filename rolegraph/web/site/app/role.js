/* The card of a role: what it asks, what leads to it and from it, and who says so. */
(function (app) {
  "use strict";

  const { h, count, capital, section, limited, row: fact, figure, words, joined } = app.dom;
  const { evidence } = app;

  const ASPECTS = {
    responsibilities: "Duties", certifications: "Certifications", environments: "Settings",
    focus: "Focus", purposes: "Purpose", "works with": "Works with", involvement: "Involvement",
    training: "Training that helps", advancement: "What helps to advance", progression: "Growing in it",
    specialisations: "Specialisations",
  };
  const LONG = ["responsibilities"]; // in the wide column, after the skills

  /** A button that asks for a second role. @param {string} label @param {(other: any) => string} href */
  function asking(label, href) {
    const box = app.combobox({ label: `${label} which role?`, types: ["role"], placeholder: "Name of a role",
      pick: (other) => app.go(href(other)) });
    const details = h("details.ask", null, h("summary.button", null, label, "…"), box.root);
    details.addEventListener("toggle", () => details.open && box.input.focus());
    return details;
  }

  /** One demand of a role. @param {any} d @param {any[]} ev */
  function demandRow(d, ev) {
    const skill = app.model.skill(d.skill);
    return fact([h("a", { href: skill.href }, skill.label), d.level ? h("span.level", null, d.level) : null],
      evidence.opener([app.core.kinds[d.kind]], skill.label, () => evidence.demandBlock(d, ev)));
  }

  /** Skills by strength. @param {any[]} asks @param {any[]} ev */
  function skills(asks, ev) {
    if (!asks.length) {
      return section("Skills", h("p.silent", null, "Not stated: no source here says which skills this role asks for."));
    }
    const groups = new Map();
    for (const d of asks.map(evidence.demand)) {
      const name = app.core.strengths[d.strength] || "strength not stated";
      groups.set(name, [...(groups.get(name) || []), d]);
    }
    const order = ["essential", "recommended", "beneficial", "strength not stated"];
    return section(`Skills (${asks.length})`,
      order.filter((name) => groups.has(name)).map((name) => [
        h("h3", null, capital(name), h("span.n", null, groups.get(name).length)),
        limited("ul.rows.cols", groups.get(name), 24, (d) => demandRow(d, ev)),
      ]));
  }

  /** @param {string} name @param {any[]} items @param {any[]} ev */
  function aspect(name, items, ev) {
    const linked = name === "certifications" ? new Map(app.model.all("certification").map((row, i) => [row[0], i])) : null;
    return section(`${ASPECTS[name] || capital(name)} (${items.length})`,
      limited("ul.rows", items, 10, (item) => {
        const at = linked && linked.get(item[0]);
        return fact(
          at !== null && at !== undefined ? h("a", { href: app.model.certification(at).href }, item[0]) : item[0],
          evidence.ofItem(item, ev));
      }));
  }

  /** Steps in one direction. @param {any} net @param {number[]} edges @param {"out" | "into"} way
      @param {string} title @param {any[]} others steps of the card that lead to no role
      @param {any[]} ev */
  function steps(net, edges, way, title, others, ev) {
    const { network, sources } = net;
    const other = (/** @type {number} */ e) => app.model.role(way === "out" ? network.target[e] : sources[e]);
    const row = (/** @type {number} */ e) => fact([h("a", { href: other(e).href }, other(e).shown),
      h("span.level", null, app.model.typeOf(network, e) !== "suggested" ? app.model.typeOf(network, e)
        : network.value[e] >= 0 ? (network.value[e] / 1e6).toFixed(2) : null), evidence.figuresOf(network, e)],
      evidence.ofStep(network, e, `${other(e).label}`));
    const real = edges.filter((e) => app.model.real(network, e));
    const said = edges.filter((e) => app.model.typeOf(network, e) === "suggested");
    said.sort((a, b) => network.value[b] - network.value[a]);
    const mapped = edges.filter((e) => app.model.typeOf(network, e) === "mapping");
    return section(title,
      real.length || others.length
        ? h("ul.rows", null, real.map(row), others.map((step) =>
          fact([step.f !== undefined && step.f >= 0
            ? h("a", { href: app.model.skill(step.f).href }, app.model.skill(step.f).label) : step.l,
          h("span.level", null, typeof step.y === "number" ? app.core.types[step.y] : step.y)],
          evidence.opener([app.core.kinds[step.c[0]]], step.l, () => evidence.stepClaim(step, ev)))))
        : h("p.silent", null, way === "out" ? "Not stated: no source says where this role leads." : "Not stated: no source says what leads here."),
      said.length ? [h("h3", null, "Suggested by likeness", h("span.n", null, said.length)), limited("ul.rows", said, 6, row)] : null,
      mapped.length && way === "out" ? [h("h3", null, "The same role elsewhere"), limited("ul.rows", mapped, 6, row)] : null);
  }

  /** @param {any} role @param {any} file */
  function similar(role, file) {
    const near = file.to[role.ix] || [];
    return section("Similar roles", near.length
      ? [h("ol.rows.bars", null, near.map((/** @type {number} */ ix, /** @type {number} */ i) => h("li", null,
        h("div.what", null, h("a", { href: app.model.role(ix).href }, app.model.role(ix).shown)),
        h("meter", { min: 0, max: 1, value: file.value[role.ix][i], "aria-label": "Likeness" }),
        h("span.level", null, figure(file.value[role.ix][i])),
        h("a.quiet", { href: `#/compare/${role.slug}/${app.model.role(ix).slug}`, "aria-label": `Compare with ${app.model.role(ix).label}` }, "compare")))),
      h("p.muted", null, evidence.tag("inferred"), ` Computed from the skills that both ask for${evidence.explained(file.measure || app.core.similar) || ` (${file.measure || app.core.similar})`}.`)]
      : h("p.silent", null, "Not known: likeness goes by skills, and none are stated here."));
  }

  /** What no source says of the role. @param {any} role @param {any} card @param {any[]} out @param {any[]} into */
  function silent(role, card, out, into) {
    const a = card.a || {};
    const list = [
      (card.q || []).length ? "" : "which skills it asks for", a.responsibilities ? "" : "duties",
      a.certifications ? "" : "certifications", a.environments ? "" : "settings",
      out.length ? "" : "where it leads", into.length ? "" : "what leads to it",
      role.family ? "" : "family", role.level ? "" : "level",
    ].filter(Boolean);
    return list.length ? h("p.silent", null, h("b", null, "Not stated by any source: "), words(list), ".") : null;
  }

  /** @param {string[]} path */
  async function view([slug]) {
    const role = app.model.find("role", slug || "");
    if (!role) return app.missing("role", slug);
    const [{ card, ev }, net, file, names] = await Promise.all([
      app.model.card(role.ix), app.model.edges(), app.data.load("similar"), app.data.load("rolenames"),
      app.model.ready("skill"), app.model.ready("certification"),
    ]);
    const alts = names.roles[role.ix] || [];
    const [out, into] = [net.out(role.ix), net.into(role.ix)];
    const real = (/** @type {number[]} */ some) => some.filter((e) => app.model.real(net.network, e));
    const a = card.a || {};
    const others = (card.t || []).filter((/** @type {any} */ t) => t.o === undefined || t.o < 0);
    const line = joined([role.family, role.level, role.source].filter(Boolean), " · ");
    const go = (/** @type {string} */ href, /** @type {string} */ text) => h("a.button", { href }, text);
    const relations = (card.r || []).length ? section("Beside other roles", h("ul.rows", null,
      card.r.map((/** @type {any} */ [other, word, claims, rules]) => fact(
        [capital(word), " ", h("a", { href: app.model.role(other).href }, app.model.role(other).shown)],
        evidence.ofItem([`${word} ${app.model.role(other).label}`, "", claims, rules], ev))))) : null;
    return {
      title: role.label,
      body: h("article.card", null,
        h("header", null,
          h("p.kicker", null, "Role"), h("h1", null, role.label),
          line.length ? h("p.line", null, line) : null,
          card.d ? h("p.lead", null, card.d) : null,
          alts.length ? h("details.alts", null, h("summary", null, "Also called: ", alts[0],
            alts.length > 1 ? ` and ${count(alts.length - 1, "more name", "more names")}` : null),
          alts.length > 1 ? h("p", null, joined(alts.slice(1), " · ")) : null) : null,
          silent(role, card, [...real(out), ...others], [...real(into), ...(card.n || [])]),
          h("div.actions", null, asking("Compare with", (o) => `#/compare/${role.slug}/${o.slug}`),
            go(`#/plan?from=${role.slug}`, "Plan from here"), go(`#/plan?to=${role.slug}`, "Plan to here"))),
        h("div.columns", null,
          h("div.wide-column", null, skills(card.q || [], ev),
            LONG.filter((n) => a[n]).map((n) => aspect(n, a[n], ev)),
            Object.keys(ASPECTS).filter((n) => a[n] && !LONG.includes(n) && n !== "certifications").map((n) => aspect(n, a[n], ev))),
          h("div.side-column", null,
            steps(net, into, "into", "What leads here", card.n || [], ev),
            steps(net, out, "out", "Where it leads", others, ev),
            a.certifications ? aspect("certifications", a.certifications, ev) : null,
            relations, similar(role, file))),
        h("p.iri.muted", null, "Identifier: ", h("span.file", null, role.iri))),
    };
  }

  app.views = Object.assign(app.views || {}, { role: view });
  app.aspects = ASPECTS;
})((window.rolegraphSite = window.rolegraphSite || {}));
