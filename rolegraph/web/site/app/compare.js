/* Two roles side by side: what both are stated to have in the middle. */
(function (app) {
  "use strict";

  const { h, capital, limited, row, section, count } = app.dom;
  const { evidence } = app;

  /** Aspects of a card as items with keys; skills first in the place that Python gives them.
      @param {any} card @param {any[]} ev */
  function facts(card, ev) {
    /** @type {Record<string, Map<string, any>>} */
    const found = {};
    found.responsibilities = items(card, "responsibilities", ev);
    found.skills = new Map();
    for (const d of (card.q || []).map(evidence.demand)) {
      const known = found.skills.get(d.skill);
      if (known) known.demands.push(d);
      else found.skills.set(d.skill, { key: d.skill, label: app.model.skill(d.skill).label, demands: [d], ev,
                                       href: app.model.skill(d.skill).href });
    }
    for (const name of Object.keys(app.aspects)) if (!found[name]) found[name] = items(card, name, ev);
    return found;
  }

  /** @param {any} card @param {string} name @param {any[]} ev */
  const items = (card, name, ev) =>
    new Map(((card.a || {})[name] || []).map((/** @type {any} */ item) => [item[1], { key: item[1], label: item[0], item, ev }]));

  /** Kinds and evidence of an entry. @param {any} x */
  const kinds = (x) => x.demands ? [...new Set(x.demands.map((/** @type {any} */ d) => app.core.kinds[d.kind]))]
    : evidence.kindsOf(x.item[2], x.item[3]);
  const blocks = (/** @type {any} */ x) => x.demands
    ? x.demands.map((/** @type {any} */ d) => evidence.demandBlock(d, x.ev))
    : (x.item[2] || []).length ? x.item[2].map((/** @type {any} */ c) => evidence.claimBlock(c, x.ev))
      : h("p.muted", null, (x.item[3] || []).length ? "Follows by rules." : "No source is recorded for this.");

  /** @param {any} x */
  const strength = (x) => {
    const found = x.demands ? [...new Set(x.demands.map((/** @type {any} */ d) => app.core.strengths[d.strength]))].filter(Boolean) : [];
    return found.length ? h("span.level", null, found.join(" / ")) : null;
  };
  /** The levels that somebody asks for, lowest first; none where no source states one. @param {any} x @returns {string} */
  const level = (x) => {
    const known = (x.demands || []).filter((/** @type {any} */ d) => d.level || d.rank !== undefined);
    const rank = (/** @type {any} */ d) => d.rank ?? Infinity;
    known.sort((/** @type {any} */ p, /** @type {any} */ q) => (rank(p) < rank(q) ? -1 : rank(p) > rank(q) ? 1 : p.level.localeCompare(q.level)));
    return [...new Set(known.map(evidence.levelOf))].join(" / ");
  };
  /** The same of one or of two sides, as Python says it. @param {...any} xs */
  const levels = (...xs) => {
    const sides = xs.map(level);
    if (!sides.some(Boolean)) return null;
    const said = sides.every((s) => s === sides[0]) ? sides[0] : sides.map((s) => s || "not stated").join(" | ");
    return h("span.level", null, "level ", said);
  };
  /** @param {any} x */
  const name = (x) => (x.href ? h("a", { href: x.href }, x.label) : h("span", null, x.label));

  /** One aspect in three columns. @param {string} title @param {any} a @param {any} b @param {Map<any, any>} left
      @param {Map<any, any>} right @param {Set<string>} near */
  function aspect(title, a, b, left, right, near) {
    const order = (/** @type {any[]} */ xs) => xs.sort((p, q) => p.label.localeCompare(q.label));
    const shared = order([...left.values()].filter((x) => right.has(x.key)));
    const onlyA = order([...left.values()].filter((x) => !right.has(x.key)));
    const onlyB = order([...right.values()].filter((x) => !left.has(x.key)));
    if (!left.size && !right.size) return null;
    /** @param {any[]} list @param {any} role @param {Map<any, any>} there @param {any} other */
    const only = (list, role, there, other) => h("div.only", null,
      h("h3", null, "Only ", role.label, h("span.n", null, list.length)),
      list.length ? limited("ul.rows", list, 14, (x) => row([name(x), strength(x), levels(x)], evidence.opener(kinds(x), x.label, () => blocks(x))))
        : h("p.silent", null, there.size ? ["All that is stated of ", role.label, " is stated of ", other.label, " too."] : ["Not stated of ", role.label, "."]),
      list.length && !otherSide(role, a, left, right).size ? h("p.silent", null, "Of ", other.label, " nothing is stated here.") : null);
    const pairs = [];
    for (const x of left.values()) {
      for (const y of right.values()) {
        if (near.has(`${x.key}|${y.key}`) || near.has(`${y.key}|${x.key}`)) pairs.push([x, y]);
      }
    }
    return section(title, h("div.sides", null,
      only(onlyA, a, left, b),
      h("div.both", null, h("h3", null, "Both", h("span.n", null, shared.length)),
        shared.length ? limited("ul.rows", shared, 14, (x) => {
          const y = right.get(x.key);
          return row([name(x), levels(x, y)], evidence.opener([...new Set([...kinds(x), ...kinds(y)])], x.label, () => [
            h("p", null, h("b", null, a.label), " ", strength(x)), blocks(x), h("p", null, h("b", null, b.label), " ", strength(y)), blocks(y)]));
        }) : h("p.silent", null, "Nothing is stated of both.")),
      only(onlyB, b, right, a)),
    pairs.length ? h("details.near", null, h("summary", null, `${count(pairs.length, "pair")} that come near each other`),
      h("ul.rows", null, pairs.map(([x, y]) => row([x.label, " – ", y.label])))) : null);
  }

  const otherSide = (/** @type {any} */ role, /** @type {any} */ a, /** @type {any} */ left, /** @type {any} */ right) =>
    role.ix === a.ix ? right : left;

  /** The two fields that choose the roles. @param {any} a @param {any} b */
  function chooser(a, b) {
    /** @type {any[]} */
    const now = [a, b];
    const there = () => `#/compare/${now[0] ? now[0].slug : "-"}${now[1] ? `/${now[1].slug}` : ""}`;
    const field = (/** @type {string} */ label, /** @type {number} */ i) =>
      app.combobox({ label, types: ["role"], keep: true, value: now[i] ? now[i].shown : "", placeholder: "Name of a role",
        pick: (r) => { now[i] = r; app.go(there()); } });
    const fields = [field("First role", 0), field("Second role", 1)];
    const warn = h("p.warn", { role: "alert", hidden: true });
    const made = h("form", { "aria-label": "Roles to compare" },
      h("div.pair", null, fields.map((f) => f.root), h("div.button-pair", null, h("button.button", { type: "submit" }, "Compare"),
        a && b ? h("a.button.quiet", { href: `#/compare/${b.slug}/${a.slug}` }, "Swap") : null)), warn);
    made.addEventListener("submit", (/** @type {Event} */ ev) => {
      ev.preventDefault();
      const lacking = fields.findIndex((f, i) => !(now[i] = app.named(f.input.value, now[i], "role")));
      warn.hidden = lacking < 0;
      if (lacking < 0) return app.go(there());
      const text = fields[lacking].input.value.trim();
      warn.replaceChildren(...(text ? ["No single role has the name “", h("bdi", null, text), "”. Choose one of the list."] : [`Please choose the ${["first", "second"][lacking]} role.`]));
      fields[lacking].open();
    });
    return made;
  }

  /** @param {string[]} path */
  async function view([one, two]) {
    const a = one && one !== "-" ? app.model.find("role", one) : null;
    const b = two ? app.model.find("role", two) : null;
    if (one && one !== "-" && !a) return app.missing("role", one);
    if (two && !b) return app.missing("role", two);
    if (!a || !b) {
      return { title: "Compare", body: [h("h1", null, "Compare two roles"), chooser(a, b),
        h("p.muted", null, "What both are stated to have, and what is stated of one only.")] };
    }
    const [ca, cb, net, broader] = await Promise.all([
      app.model.card(a.ix), app.model.card(b.ix), app.model.edges(), app.data.load("broader"), app.model.ready("skill"),
      app.model.ready("certification")]);
    const [fa, fb] = [facts(ca.card, ca.ev), facts(cb.card, cb.ev)];
    const near = { skills: new Set(), others: new Set((broader.concepts || []).map((/** @type {string[]} */ p) => p.join("|"))) };
    const flat = broader.skills || [];
    for (let i = 0; i < flat.length; i += 2) near.skills.add(`${flat[i]}|${flat[i + 1]}`);
    const direct = [...net.out(a.ix).filter((e) => net.network.target[e] === b.ix),
      ...net.out(b.ix).filter((e) => net.network.target[e] === a.ix)];
    const said = [...(ca.card.r || []).filter((/** @type {any} */ r) => r[0] === b.ix).map((/** @type {any} */ r) => [r, ca.ev, a, b]),
      ...(cb.card.r || []).filter((/** @type {any} */ r) => r[0] === a.ix).map((/** @type {any} */ r) => [r, cb.ev, b, a])];
    const once = said.filter(([r], i) => said.findIndex(([other]) => other[1] === r[1]) === i); // said of both
    const names = Object.keys(fa).filter((n) => fa[n].size || fb[n].size);
    const missing = Object.keys(fa).filter((n) => ["skills", "responsibilities", "certifications", "environments"].includes(n) && !fa[n].size && !fb[n].size);
    return {
      title: `${a.label} and ${b.label}`,
      body: h("article.compare", null, h("p.kicker", null, "Comparison"),
        h("h1", null, h("a", { href: a.href }, a.label), h("span.amp", null, " and "), h("a", { href: b.href }, b.label)), chooser(a, b),
        direct.length || said.length ? section("Between the two", h("ul.rows", null,
          direct.map((e) => row([app.model.role(net.sources[e]).label, " → ", app.model.role(net.network.target[e]).label,
            h("span.level", null, app.model.typeOf(net.network, e)), evidence.figuresOf(net.network, e)], evidence.ofStep(net.network, e, "this step"))),
          once.map(([r, ev, from, to]) => row([from.label, ` ${r[1]} `, to.label], evidence.ofItem([`${r[1]} ${to.label}`, "", r[2], r[3]], ev))))) : h("p.silent", null, "No source states a direct step between the two."),
        names.map((n) => aspect(n === "skills" ? "Skills" : app.aspects[n] || capital(n), a, b, fa[n], fb[n],
          n === "skills" ? near.skills : near.others)),
        missing.length ? h("p.silent", null, h("b", null, "Not stated of either: "), app.dom.words(missing), ".") : null,
        h("p.muted", null, "“Only” means: not stated of the other role by any source here.")),
    };
  }

  app.views = Object.assign(app.views || {}, { compare: view });
})((window.rolegraphSite = window.rolegraphSite || {}));
