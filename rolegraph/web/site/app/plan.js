/* Planning a way: the question as a form, the best routes as a table and a drawing, one as a line. */
(function (app) {
  "use strict";

  const { h, count, figure, limited, row, words, capital, begun, joined, series, announce } = app.dom;
  const { evidence, planning } = app;

  const MARKS = { "at least": "≥", "at most": "≤", about: "≈" };
  const DEFAULT = ["steps", "new-skills", "hardest-step"];
  const LARGE = 200; // roles from which on ways are short unless longer ones are asked for
  const SHORT = 5;
  const NAMES = {
    steps: ["steps", "how many moves"],
    "new-skills": ["new skills", "to learn or to raise, each once"],
    "hardest-step": ["hardest step", "most new skills in one move"],
    effort: ["effort", "rare skills weigh more"],
    "effort-importance": ["effort by importance", "as sources weigh them"],
    certifications: ["certifications", "named on the way and not held"],
  };

  /** @param {string} key */
  const nameOf = (key) => {
    if (NAMES[key]) return NAMES[key][0];
    const network = app.data.there("network");
    const found = ((network && network.figures) || []).find((/** @type {any} */ f) => f.key === key);
    return found ? found.label : key;
  };

  // --- the question, in the address

  const LISTS = {
    have: "skill", cert: "certification", past: "role", avoid: "role", via: "role", needs: "certification",
    without: "certification",
  };
  const TYPES = ["promotion", "lateral move", "transition", "suggested"];
  const MOST = 20; // routes by one objective
  const FURTHEST = 20e6; // branches

  /** Levels at which a skill is asked for: values and names. @param {any} skill @returns {[number, string][]} */
  function levelsOf(skill) {
    const asks = app.data.there("asks");
    const found = ((asks && asks.rungs) || []).find((/** @type {any} */ r) => r[0] === skill.ix);
    return found ? found[1].map((/** @type {number} */ v, /** @type {number} */ i) => [v, found[2][i] || `level ${figure(v)}`]) : [];
  }

  /** A thing of a list, with its level where it has one. @param {string} key @param {string} text */
  function listed(key, text) {
    const [slug, level] = text.split(":");
    const thing = app.model.find(/** @type {any} */ (LISTS[key]), slug);
    if (!thing || key !== "have" || level === undefined) return level === undefined ? thing : null;
    const known = levelsOf(thing).find(([v, name]) => name.toLowerCase() === level.toLowerCase() || v === Number(level));
    const value = known ? known[0] : level.trim() ? Number(level) : NaN;
    return Number.isNaN(value) ? null : { ...thing, level: value };
  }

  const PYTHON = { max_steps: "max", max_new: "new", min_value: "least" }; // the same names as in kg.plan
  const PARTS = ["from", "to", "family", "level", ...Object.keys(LISTS), "minimise", "k", "kinds", "types", "strengths", "suggested",
    "mappings", "least", "max", "new", "budget", "route"];

  /** Read a question; needs skills, certifications and asks. @param {URLSearchParams} asked */
  function readAsk(asked) {
    const query = new URLSearchParams([...asked].map(([key, value]) => [PYTHON[key] || key, value]));
    const unknown = [...query].filter(([key]) => !PARTS.includes(key)).map((part) => part.join("="));
    const one = (/** @type {string} */ key) => {
      const slug = query.get(key);
      const found = slug ? app.model.find("role", slug) : null;
      if (slug && !found) unknown.push(slug);
      return found;
    };
    const split = (/** @type {string} */ key) => (query.get(key) || "").split(",").filter(Boolean);
    const lists = Object.fromEntries(Object.keys(LISTS).map((key) => [key, split(key).map((text) => {
      const found = listed(key, text);
      if (!found) unknown.push(text);
      return found;
    }).filter(Boolean)]));
    const of = (/** @type {string} */ key, /** @type {string[]} */ all) => {
      const wanted = query.get(key);
      const found = all.find((x) => wanted && x.toLowerCase() === wanted.toLowerCase());
      if (wanted && !found) unknown.push(wanted);
      return found || "";
    };
    const number = (/** @type {string} */ key) => {
      const text = query.get(key) || "";
      if (/^\d+$/.test(text)) return Number(text);
      if (text && !(key === "max" && text === "any")) unknown.push(`${key}=${text}`);
      return null;
    };
    const least = query.get("least");
    if (least && Number.isNaN(Number(least))) unknown.push(`least=${least}`);
    const some = (/** @type {string} */ key, /** @type {string[]} */ all) => {
      const found = split(key).filter((x) => all.includes(x));
      unknown.push(...split(key).filter((x) => !all.includes(x)));
      return found.length ? found : null;
    };
    const minimise = split("minimise").length ? [...new Set(split("minimise"))].slice(0, 4) : DEFAULT;
    const k = Math.min(number("k") || 0, MOST);
    return {
      from: one("from"), to: one("to"), family: of("family", app.core.families), level: of("level", app.core.levels),
      lists, unknown, minimise: k && !query.has("minimise") ? ["steps"] : minimise, k: k && minimise.length > 1 && query.has("minimise") ? null : k || null,
      kinds: some("kinds", app.core.kinds), strengths: some("strengths", app.core.strengths.slice(1)),
      types: some("types", TYPES) || (query.get("suggested") === "no" ? TYPES.slice(0, -1) : null),
      mappings: query.get("mappings") === "yes", minValue: least && !Number.isNaN(Number(least)) ? Number(least) : null,
      maxSteps: number("max") ?? (query.get("max") !== "any" && app.core.roles.length > LARGE ? SHORT : null),
      maxNew: number("new"), budget: Math.min(Math.max(number("budget") || 0, app.pareto.BUDGET), FURTHEST), route: number("route") || 1,
    };
  }

  /** Write a question. @param {any} a */
  function writeAsk(a) {
    /** @type {string[]} */
    const parts = [];
    const put = (/** @type {string} */ key, /** @type {string} */ value) => {
      if (value) parts.push(`${key}=${value.split(",").map((x) => encodeURIComponent(x).replace(/%3A/g, ":").replace(/%20/g, "+")).join(",")}`);
    };
    put("from", a.from ? a.from.slug : "");
    put("to", a.to ? a.to.slug : "");
    if (!a.to) for (const key of ["family", "level"]) if (a[key]) parts.push(`${key}=${encodeURIComponent(a[key])}`);
    if (a.minimise.join() !== (a.k ? "steps" : DEFAULT.join())) put("minimise", a.minimise.join());
    if (a.k) put("k", String(a.k));
    for (const key of Object.keys(LISTS)) {
      put(key, a.lists[key].map((/** @type {any} */ t) => t.slug + (typeof t.level === "number" ? `:${t.level}` : "")).join());
    }
    for (const key of ["kinds", "types", "strengths"]) if (a[key]) put(key, a[key].join());
    if (a.mappings) put("mappings", "yes");
    if (a.minValue !== null) put("least", String(a.minValue));
    const large = app.core.roles.length > LARGE;
    if (a.maxSteps !== null && !(large && a.maxSteps === SHORT)) put("max", String(a.maxSteps));
    if (a.maxSteps === null && large) put("max", "any");
    if (a.maxNew !== null) put("new", String(a.maxNew));
    if (a.budget > app.pareto.BUDGET) put("budget", String(a.budget));
    return `#/plan${parts.length ? "?" + parts.join("&") : ""}`;
  }

  /** Whether it says from where and to where. @param {any} a */
  const whole = (a) => Boolean(a.from && (a.to || a.family || a.level));

  /** Where to, in words. @param {any} a */
  const goal = (a) => goalShown(a).join("");

  /** The same as children. @param {any} a @returns {string[]} */
  const goalShown = (a) => a.to ? [a.to.label]
    : ["any role ", ...a.family ? ["of the family ", a.family] : [], a.family && a.level ? ", " : "", ...a.level ? ["at the level ", a.level] : []];

  /** Roles that will do. Of those that a family or a level describes, one's own and those to avoid fall away, if
      there are others. @param {any} a @returns {number[]} */
  function targets(a) {
    if (a.to) return [a.to.ix];
    const same = (/** @type {string} */ x, /** @type {string} */ y) => !y || (x || "").toLowerCase() === y.toLowerCase();
    const all = app.core.roles.map((/** @type {any} */ _, /** @type {number} */ ix) => app.model.role(ix))
      .filter((/** @type {any} */ r) => same(r.family, a.family) && same(r.level, a.level)).map((/** @type {any} */ r) => r.ix);
    const not = new Set([a.from.ix, ...a.lists.avoid.map((/** @type {any} */ r) => r.ix)]);
    const rest = all.filter((/** @type {number} */ ix) => !not.has(ix));
    return rest.length ? rest : all;
  }

  /** The question by number, for the planner. @param {any} a */
  const numbers = (a) => ({
    ...planning.FREE, from: a.from.ix, to: targets(a), minimise: a.minimise, k: a.k,
    ...Object.fromEntries(Object.keys(LISTS).map((key) => [key, a.lists[key].map((/** @type {any} */ t) => typeof t.level === "number" ? [t.ix, t.level] : t.ix)])),
    kinds: a.kinds, types: a.types, strengths: a.strengths, minValue: a.minValue, maxSteps: a.maxSteps, maxNew: a.maxNew, mappings: a.mappings,
  });

  // --- the form

  /** @param {any} a @param {any} network @param {any} asks @param {any} certs */
  function form(a, network, asks, certs) {
    const now = { ...a, lists: { ...a.lists } };
    const large = app.core.roles.length > LARGE;
    const role = (/** @type {string} */ label, /** @type {string} */ key) => app.combobox({ label, types: ["role"], keep: true,
      value: now[key] ? now[key].shown : "", placeholder: "Name of a role", pick: (r) => { now[key] = r; }, clear: () => { now[key] = null; } });
    const [from, to] = [role("From", "from"), role("To", "to")];
    const several = (/** @type {string} */ label, /** @type {string} */ key, /** @type {any} */ more) => app.picker({ label, types: [LISTS[key]],
      things: now.lists[key], placeholder: `Add a ${LISTS[key]}`, change: (things) => { now.lists[key] = things; }, ...more });
    /** The level of a skill that somebody has. @param {any} skill */
    const level = (skill) => {
      const known = levelsOf(skill);
      if (!known.length) return null;
      return h("select.level", { "aria-label": `Level of ${skill.label}`, onchange: (/** @type {any} */ ev) => {
        skill.level = ev.target.value === "" ? undefined : Number(ev.target.value);
      } }, h("option", { value: "" }, "any level"), known.map(([v, name]) =>
        h("option", { value: String(v), selected: v === skill.level, dir: "auto" }, name)));
    };
    const choice = (/** @type {string} */ label, /** @type {string} */ key, /** @type {string[]} */ all) => all.length
      ? h("label.number", null, h("span", null, label), h("select", { onchange: (/** @type {any} */ ev) => { now[key] = ev.target.value; } },
        h("option", { value: "" }, "any"), all.map((x) => h("option", { value: x, selected: x === now[key], dir: "auto" }, x)))) : null;
    const aims = [...DEFAULT, "effort", ...(asks.importance ? ["effort-importance"] : []),
      ...((certs.named || []).length ? ["certifications"] : []), ...(network.figures || []).map((/** @type {any} */ f) => f.key)];
    const check = (/** @type {string} */ text, /** @type {string} */ hint, /** @type {boolean} */ on, /** @type {(on: boolean) => void} */ change) =>
      h("label.check", null, h("input", { type: "checkbox", checked: on, onchange: (/** @type {any} */ ev) => change(ev.target.checked) }),
        h("span", null, text, hint ? h("small", null, hint) : null));
    /** Boxes of which all are ticked at first. @param {string} title @param {string} key @param {string[]} all @param {Record<string, string>} [hints] */
    const boxes = (title, key, all, hints = {}) => all.length < 2 ? null : h("fieldset", null, h("legend", null, title), h("div.checks", null,
      all.map((x) => check(capital(x), hints[x] || "", !now[key] || now[key].includes(x), (on) => {
        const before = now[key] || all;
        const after = all.filter((y) => (y === x ? on : before.includes(y)));
        now[key] = after.length === all.length ? null : after;
      }))));
    const warn = h("p.warn", { role: "alert", hidden: true });
    const used = (/** @type {string} */ text, /** @type {string[]} */ names) => names.filter((_, i) => text.includes(i.toString(36)));
    const kinds = used(network.kind, app.core.kinds);
    const types = used(network.type, app.core.types).filter((x) => TYPES.includes(x));
    const strengths = used(asks.strength || "", app.core.strengths).filter(Boolean);
    const numberField = (/** @type {string} */ label, /** @type {string} */ key, /** @type {string} */ hint, /** @type {object} */ more = {}, note = "") => h("label.number", null, h("span", null, label),
      h("input", { type: "number", min: 0, step: 1, inputmode: "numeric", value: now[key] === null ? "" : String(now[key]), placeholder: hint,
        oninput: (/** @type {any} */ ev) => { now[key] = ev.target.value === "" ? null : Math.max(0, Number(ev.target.value)); }, ...more }), note ? h("small", null, note) : null);
    const rare = Boolean(a.kinds || a.types || a.mappings || a.strengths || a.minValue !== null || a.lists.needs.length || a.lists.without.length || a.k);
    const limits = rare || a.maxNew !== null || ["avoid", "via", "have", "cert", "past"].some((key) => a.lists[key].length);
    const described = Boolean(!a.to && (a.family || a.level));
    const kindOfGoal = app.core.families.length + app.core.levels.length ? h("details.goal", { open: described },
      h("summary", null, "or any role of a kind"),
      h("div.numbers", null, choice("Family", "family", app.core.families), choice("Level", "level", app.core.levels))) : null;
    const made = h("form.ask", { "aria-label": "Plan a way" },
      h("div.pair.ends", null, from.root, h("div", null, to.root, kindOfGoal)),
      h("fieldset", null, h("legend", null, "Keep small"), h("div.checks", null, aims.map((key) =>
        check(capital(nameOf(key)), NAMES[key] ? NAMES[key][1] : "figure of the steps", now.minimise.includes(key), (on) => {
          now.minimise = on ? [...now.minimise, key] : now.minimise.filter((/** @type {string} */ x) => x !== key);
        })))),
      h("details.more", { open: limits }, h("summary", null, "What you have, and what you accept"),
        h("div.fields", null,
          several("Skills you have besides", "have", { beside: level }), several("Certifications you have", "cert", {}),
          several("Roles you had before", "past", {}), several("Pass through roles", "via", {}), several("Avoid roles", "avoid", {}),
          h("div.numbers", null, numberField("Steps at most", "maxSteps", large ? "any (slow)" : "any"), numberField("New skills in a step at most", "maxNew", "any"))),
        h("details.rare", { open: rare }, h("summary", null, "More conditions"), h("div.fields", null,
          boxes("Evidence to rest on", "kinds", kinds), boxes("Steps to use", "types", types, { suggested: "by likeness; nobody states them" }),
          boxes("Skills that count", "strengths", strengths),
          app.core.sizes.mappings ? h("fieldset", null, h("legend", null, "Classifications"), h("div.checks", null,
            check("Cross between them", "the same role in other words", now.mappings, (on) => { now.mappings = on; }))) : null,
          (certs.named || []).length ? [several("To be named on the way", "needs", {}), several("Not to be named on the way", "without", {})] : null,
          h("div.numbers", null,
            app.core.sizes.suggested ? numberField("Likeness at least", "minValue", "any", { step: "any", max: 1, inputmode: "decimal" }, "of suggested steps") : null,
            numberField("How many routes", "k", "all the best", { min: 1, max: MOST }, "with one thing to keep small"))))),
      warn, h("button.button.main", { type: "submit" }, "Find the best ways"));
    made.noValidate = true; // what is wrong is said in words
    made.addEventListener("submit", (/** @type {Event} */ ev) => {
      ev.preventDefault();
      for (const [key, box] of [["from", from], ["to", to]]) {
        now[key] = app.named(box.input.value, now[key], "role");
      }
      for (const key of ["maxSteps", "maxNew", "k"]) if (now[key] !== null) now[key] = Math.round(now[key]) || (key === "k" ? null : 0);
      const typed = to.input.value.trim();
      const left = [...made.querySelectorAll(".picker input")].find((/** @type {any} */ x) => x.value.trim());
      const where = Boolean(now.to || (!typed && (now.family || now.level)));
      const lacking = [!now.from ? "where you start" : "", !where ? "where you want to be" : "", !now.minimise.length ? "what to keep small" : "",
        ...[["kinds", "a kind of evidence"], ["types", "a kind of step"], ["strengths", "which skills count"]].map(([key, what]) => now[key] && !now[key].length ? what : "")].filter(Boolean);
      const said = lacking.length ? `Please choose ${words(lacking)}.`
        : now.minimise.length > 4 ? "At most four things can be kept small at once."
        : now.k && now.minimise.length > 1 ? "So many best routes go by one thing: keep only one small, or leave their number open."
        : now.k > MOST ? `At most ${MOST} routes.`
        : left ? `“${left.value.trim()}” is no whole name here: choose one of the list, or empty the field.`
        : !now.to && !targets(now).length ? `No role here is ${goal(now).replace("any role ", "")}.` : "";
      warn.hidden = !said;
      warn.textContent = said;
      if (said) {
        if (!now.from) from.open();
        else if (!where) to.open();
        else if (left) {
          for (let fold = left.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
          left.focus();
        }
        return;
      }
      app.go(writeAsk({ ...now, route: 1 }));
    });
    return made;
  }

  // --- the answer

  /** @param {any} route @param {string} key */
  const valueOf = (route, key) => (route.readAs[key] ? `${MARKS[route.readAs[key]]} ` : "") + figure(route.values[key]);

  /** How the figures that are shown are to be read, where they are not exact. @param {any} plan @returns {Set<string>} */
  const senses = (plan) => new Set(plan.routes.flatMap((/** @type {any} */ r) => plan.ask.minimise.map((/** @type {string} */ key) => r.readAs[key])).filter(Boolean));

  /** What limits a word about what is best. @param {any} plan */
  const byStated = (plan) => (senses(plan).size ? ", by the figures that are stated" : "");

  /** What is proved, in words. @param {any} plan @param {any} a */
  function proof(plan, a) {
    const most = plan.ask.maxSteps;
    const length = most === null ? "any length" : `at most ${count(most, "step")}`;
    if (plan.complete) {
      return `Proved for routes of ${length}: ${!a.k ? `none is missing${byStated(plan)}` : plan.routes.length < a.k ? "there are no others" : `no better one is missing${byStated(plan)}`}.`;
    }
    const least = words(Object.entries(plan.bound).map(([key, x]) => `${nameOf(key)} ${figure(x)}`));
    return `${plan.proven > 0 ? `Proved for routes of at most ${count(plan.proven, "step")}; longer ones were not all looked at, for the search ended at its limit of ${figure(plan.budget)} branches` : `Not proved: the search ended at its limit of ${figure(plan.budget)} branches`}. No route can be below ${least}${byStated(plan)}.`;
  }

  /** A way to search on, where the limit ended a search. @param {any} a */
  const further = (a) => a.budget < FURTHEST
    ? h("p", null, h("a", { href: writeAsk({ ...a, budget: Math.min(a.budget * 10, FURTHEST) }) }, "Search ten times as far")) : null;

  /** What the marks mean that stand before figures. @param {any} plan */
  function legend(plan) {
    const ahead = [...new Set(plan.routes.flatMap((/** @type {any} */ r) => r.untold))];
    const known = senses(plan);
    return [["at least", "a least", ahead, ""], ["at most", "a most", plan.heldUntold, ", so that some may be there already"],
      ["about", "neither a least nor a most", [...new Set([...plan.heldUntold, ...ahead])], ", so that it may be more or less"]]
      .filter(([sense]) => known.has(sense)).map(([sense, word, roles, so]) => {
        const all = roles.map((/** @type {number} */ ix) => app.model.role(ix).label);
        const some = all.length > 4 ? [...all.slice(0, 3), `${all.length - 3} more`] : all;
        return h("p.silent", null, h("b", null, `${MARKS[sense]} `), `${word}: no source states which skills `, series(some),
          ` ${all.length === 1 ? "asks" : "ask"} for${so}.`);
      });
  }

  /** @param {any} route */
  const way = (route) => route.roles.map((/** @type {number} */ ix) => app.model.role(ix).label).join(" → ");

  /** The same as children. @param {any} route */
  const wayShown = (route) => joined(route.roles.map((/** @type {number} */ ix) => app.model.role(ix).label), " → ");

  /** The skills of a step. @param {string} title @param {any[]} demands @param {any} step */
  function demandList(title, demands, step) {
    if (!demands.length) return null;
    const order = (/** @type {any} */ d) => d.strength || 9;
    const sorted = demands.slice().sort((a, b) => order(a) - order(b) || app.model.skill(a.skill).label.localeCompare(app.model.skill(b.skill).label));
    return h("div.part", null, h("h4", null, title, h("span.n", null, demands.length)), limited("ul.rows", sorted, 6, (d) => {
      const skill = app.model.skill(d.skill);
      return row([h("a", { href: skill.href }, skill.label), d.strength ? h("span.level", null, app.core.strengths[d.strength]) : null,
        d.held !== undefined ? h("span.level", null, d.held || "level not stated", " → ", d.level) : d.level ? h("span.level", null, d.level) : null], evidence.ofDemand(step.target, d.skill, app.core.kinds[d.kind], skill.label, step.edge));
    }));
  }

  /** @param {string} title @param {number[]} certs */
  const certList = (title, certs) => certs.length ? h("p.part", null, h("b", null, `${title}: `),
    certs.map((c, i) => [i ? ", " : null, h("a", { href: app.model.certification(c).href }, app.model.certification(c).label)])) : null;

  /** One route as a line of stations. @param {any} plan @param {any} route @param {any} net */
  async function line(plan, route, net) {
    const { network } = net;
    const cards = await Promise.all(route.steps.map((/** @type {any} */ s) => app.model.card(s.source)));
    const station = (/** @type {number} */ ix) => h("a.station", { href: app.model.role(ix).href }, app.model.role(ix).shown);
    return h("ol.line", { "aria-label": `Route: ${way(route)}` },
      route.steps.map((/** @type {any} */ step, /** @type {number} */ i) => {
        const kind = app.model.kindOf(network, step.edge);
        const own = (cards[i].card.t || []).find((/** @type {any} */ t) => t.e === step.edge);
        const before = own && own.c[6] ? own.c[6] : [];
        return h(`li.stop.kind-${kind}${i ? "" : ".begin"}`, null,
          h("span.hidden", null, i ? "Then: " : "Start: "), station(step.source),
          h("div.leg", null,
            h("p.move", null, h("b", null, step.crossing ? "The same role elsewhere" : `${i + 1}. ${capital(app.model.typeOf(network, step.edge))}`), " ",
              evidence.figuresOf(network, step.edge), evidence.ofStep(network, step.edge, `step ${i + 1}`)),
            before.length ? h("p.part", null, h("b", null, "Comes after: "), series(before)) : null,
            !i && plan.heldUntold.includes(step.source) && !step.crossing ? h("p.silent", null, "Not stated: which skills ",
              app.model.role(step.source).label, " asks for; some of what follows may be there already.") : null,
            step.silent ? h("p.silent", null, "Not stated: which skills ", app.model.role(step.target).label, " asks for.") : null,
            demandList("New skills", step.fresh, step), demandList("To raise", step.raised, step),
            certList("Certifications named for the step", step.certs), certList("Certifications of use there", step.useful),
            certList("Of these you have", step.certsHeld),
            step.kept.length ? h("details.kept", null, h("summary", null, `${count(step.kept.length, "skill")} carried over`),
              h("p", null, step.kept.map((/** @type {any} */ d, /** @type {number} */ j) => [j ? " · " : null,
                h("a", { href: app.model.skill(d.skill).href }, app.model.skill(d.skill).label)]))) : null));
      }),
      h("li.stop.goal", null, h("span.hidden", null, "Goal: "), station(route.roles[route.roles.length - 1])));
  }

  /** The two aims in which routes differ most often. @param {any[]} routes @param {any[]} aims */
  function telling(routes, aims) {
    const spread = (/** @type {any} */ m) => new Set(routes.map((r) => r.values[m.key])).size;
    const two = aims.slice().sort((a, b) => spread(b) - spread(a)).slice(0, 2);
    return aims.filter((m) => two.includes(m));
  }

  /** The best routes. @param {any} plan @param {any} a */
  async function answer(plan, a) {
    const net = await app.model.edges();
    const { routes } = plan;
    const aims = plan.ask.minimise.map((/** @type {string} */ key) => ({ key, label: nameOf(key) }));
    let chosen = Math.min(a.route, routes.length) - 1;
    const plot = h("div.plot-place", null);
    const place = h("div.chosen", { "aria-live": "off" });
    /** @param {number} i @param {boolean} [said] */
    async function pick(i, said) {
      chosen = i;
      const drawn = await line(plan, routes[i], net);
      place.replaceChildren(h("h3", null, routes.length > 1 ? `Route ${i + 1}` : "The route", h("span.muted", null, " ",
        joined(aims.map((/** @type {any} */ m) => [m.label, ` ${valueOf(routes[i], m.key)}`]), " · "))), drawn);
      if (aims.length > 1 && routes.length > 1) plot.replaceChildren(app.drawing.tradeOff(routes, telling(routes, aims), i, (j) => pick(j, true), valueOf, byStated(plan)));
      for (const button of rows.querySelectorAll("button.route")) {
        const here = Number(button.dataset.route) === i;
        button.setAttribute("aria-pressed", String(here));
        button.closest("tr").classList.toggle("here", here);
      }
      if (said) {
        history.replaceState(null, "", writeAsk(a) + (i ? `&route=${i + 1}` : ""));
        announce(`Route ${i + 1} is shown below: ${way(routes[i])}`);
      }
    }
    const rows = app.table("The best routes", [["Route"], ...aims.map((/** @type {any} */ m) => [capital(m.label), "num"]), ["Way", "way"]],
      routes.map((/** @type {any} */ r, /** @type {number} */ i) => h("tr", null,
        h("th", { scope: "row", "data-sort": i }, h("button.route", { type: "button", "data-route": i, "aria-pressed": "false", onclick: () => pick(i, true),
          "aria-label": `Show route ${i + 1}` }, i + 1)),
        aims.map((/** @type {any} */ m) => h("td.num", { "data-sort": r.values[m.key] }, valueOf(r, m.key))),
        h("td.way", null, wayShown(r)))), `routes.of-${aims.length}`);
    await pick(chosen);
    const first = a.k ? h("p.muted", null, `By ${nameOf(a.minimise[0])}, the least first.`)
      : h("p.muted", null, routes.length > 1 ? `Of none of these is another route better in one thing without being worse in another${byStated(plan)}.` : `It is best in everything that you keep small${byStated(plan)}.`);
    const fit = a.to ? [] : targets(a).map((ix) => app.model.role(ix));
    return [h("h2", { id: "result" }, routes.length === 1 ? "One route is best" : a.k ? `The ${routes.length} best routes` : `${routes.length} routes are best`),
      h("p.proof", null, proof(plan, a)), plan.complete ? null : further(a), first,
      fit.length ? h("p.muted", null, `Any of ${count(fit.length, "role")} will do: `, fit.slice(0, 6).map((/** @type {any} */ r, /** @type {number} */ i) =>
        [i ? ", " : null, h("a", { href: r.href }, r.shown)]), fit.length > 6 ? ` and ${figure(fit.length - 6)} more` : null, ".") : null,
      plan.notes.map((/** @type {string} */ n) => h("p.silent", null, n)), legend(plan),
      h("div.answer", null, rows, plot), place];
  }

  /** A constraint in words, as children. @param {any} atom @param {any} ask @param {any} route @param {number | null} value */
  function giveUp(atom, ask, route, value) {
    const { name, item } = atom;
    const role = () => app.model.role(item).label;
    const cert = () => app.model.certification(item).label;
    switch (name) {
      case "avoid": return ["pass ", role(), " after all"];
      case "via": return ["leave out ", role()];
      case "needs": return ["do without ", cert()];
      case "without": return ["allow steps that name ", cert()];
      case "kinds": return "use steps of all kinds of evidence";
      case "types": return ask.types.join() === TYPES.slice(0, -1).join() ? "use suggested steps too" : "use steps of all types";
      case "known": return ["go by steps whose ", nameOf(item), " is not known"];
      case "minValue": return `use suggested steps from a likeness of ${figure3(value)} on instead of ${figure3(ask.minValue)}`;
      case "maxSteps": return `allow ${count(route.values.steps, "step")} instead of ${ask.maxSteps}`;
      case "maxNew": return `allow ${count(route.values["hardest-step"], "new skill")} in a step instead of ${ask.maxNew}`;
    }
    return name;
  }

  /** A likeness as it is written in the address: no more than what it is in the data. @param {number} x */
  const floor = (x) => Math.floor(x * 1e6) / 1e6;
  const figure3 = (/** @type {number} */ x) => String(floor(x));

  /** Why there is none. @param {any} a @param {any} plan @param {any} how */
  async function none(a, plan, how) {
    const ended = !plan.complete;
    const head = [h("h2", { id: "result" }, ended ? "No route was found" : "There is no such route"),
      ended ? h("p", null, `The search ended at its limit of ${figure(plan.budget)} branches, and it is not proved that there is none. Ask for fewer steps or for fewer things to keep small, or search on.`) : null,
      ended ? further(a) : null,
      plan.notes.map((/** @type {string} */ n) => h("p.silent", null, n))];
    const why = await planning.whyNot(plan.ask, how);
    if (why.feasible) {
      return [head, h("p", null, "There is one, with the fewest steps: ", h("a", { href: writeAsk({ ...a, minimise: ["steps"], k: null }) }, wayShown(why.feasible)))];
    }
    if (!why.joined) {
      return [head, h("p", null, "No constraint is to blame: no transitions join the two. From ", a.from.label, `, ${count(why.ahead, "role")} can be reached; ${count(why.back, "role")} ${why.back === 1 ? "leads" : "lead"} to `, goalShown(a), "."),
        app.core.sizes.mappings && !a.mappings ? h("p", null, h("a", { href: writeAsk({ ...a, mappings: true }) }, "Cross between classifications as well")) : null,
        a.to ? h("p", null, h("a", { href: `#/compare/${a.from.slug}/${a.to.slug}` }, "Compare the two")) : null];
    }
    const limit = why.complete ? null : h("p.warn", null, `Some of these searches ended at their limit of ${figure(plan.budget)} branches: more may help than is listed, and less may have to change.`);
    if (!why.ways.length) {
      return [head, limit || h("p", null, "The two are joined, but giving up all conditions listed above is not enough."), limit ? further(a) : null];
    }
    const sets = new Set(why.ways.map(({ give }) => give)).size;
    return [head, h("p", null, why.size === 1 ? (sets > 1 ? "Giving up any one of these is enough:" : "Giving up this is enough:")
      : `No single condition is to blame; ${["", "", "two", "three", "four", "five", "six"][why.size] || why.size} have to give together:`),
    h("ul.rows.give", null, why.ways.map(({ give, value, route }) => {
      const next = { ...a, lists: { ...a.lists } };
      for (const { name, item } of give) {
        if (next.lists[name]) next.lists[name] = next.lists[name].filter((/** @type {any} */ t) => t.ix !== item);
        else if (name === "maxSteps") next.maxSteps = route.values.steps;
        else if (name === "maxNew") next.maxNew = route.values["hardest-step"];
        else if (name === "minValue") next.minValue = floor(value);
        else if (name === "known") next.minimise = next.minimise.filter((/** @type {string} */ x) => x !== item);
        else next[name] = null;
      }
      if (!next.minimise.length) next.minimise = ["steps"];
      return h("li", null, h("a", { href: writeAsk(next) }, begun(series(give.map((/** @type {any} */ g) => giveUp(g, a, route, value))))), h("span.muted", null, wayShown(route)));
    })), limit];
  }

  /** @param {string[]} _ @param {URLSearchParams} query */
  async function view(_, query) {
    const [network, asks, certs] = await Promise.all(["network", "asks", "certs"].map(app.data.load));
    await Promise.all([app.model.ready("skill"), app.model.ready("certification")]);
    const a = readAsk(query);
    const result = h("div.result", { id: "answer" });
    const stop = new AbortController();
    const asked = whole(a) && targets(a).length > 0;
    const title = asked ? `${a.from.label} to ${goal(a)}` : "Plan";
    const head = asked ? ["From ", h("a", { href: a.from.href }, a.from.label), " to ", a.to ? h("a", { href: a.to.href }, a.to.label) : goalShown(a)] : "Plan a way";
    async function search() {
      const told = h("p.progress", null, "Searching…");
      const cancel = h("button.button", { type: "button", onclick: () => stop.abort() }, "Stop");
      const shownAt = performance.now();
      const how = { signal: stop.signal, budget: a.budget, progress: (/** @type {any} */ s) => {
        if (performance.now() - shownAt < 300) return;
        if (!told.isConnected) result.replaceChildren(told, cancel);
        told.textContent = `Searching: ${count(s.examined, "branch", "branches")}, routes of ${count(s.steps || 0, "step")}, ${s.found.length} found so far`;
      } };
      result.setAttribute("aria-busy", "true");
      try {
        const began = performance.now();
        const plan = await planning.plan(numbers(a), how);
        result.dataset.milliseconds = String(Math.round(performance.now() - began));
        app.last = plan; // for whoever looks from the console
        const shown = plan.routes.length && plan.routes[0].steps.length ? await answer(plan, a)
          : plan.routes.length ? h("p", { id: "result" }, "You are there already.") : await none(a, plan, how);
        result.replaceChildren(...[shown].flat(Infinity).filter(Boolean));
        announce(plan.routes.length ? `${count(plan.routes.length, "best route")} found` : "There is no such route");
      } catch (error) {
        if (error instanceof planning.Stopped) result.replaceChildren(h("p", { id: "result" }, "Stopped."));
        else result.replaceChildren(h("p.warn", { id: "result" }, String(error.message || error)));
      }
      result.removeAttribute("aria-busy");
      result.dataset.done = "yes";
    }
    return {
      title,
      body: [asked ? h("p.kicker", null, "Plan") : null, h("h1", null, head),
        !asked && whole(a) ? h("p.warn", null, "No role here is ", goalShown(a).slice(1), ".") : null,
        a.unknown.length ? h("p.warn", null, "Unknown here, and left out: ", joined(a.unknown, ", "), ".") : null,
        asked ? h("p.asked.muted", null, begun(summary(a)), ".") : null,
        asked ? h("details.question", null, h("summary", null, "Change the question: ",
          h("span.muted", null, summary(a))), form(a, network, asks, certs)) : form(a, network, asks, certs), result],
      after: () => { if (asked) search(); },
      leave: () => stop.abort(),
    };
  }

  /** The question in a line, as children. @param {any} a */
  function summary(a) {
    const label = (/** @type {any} */ t) => {
      const at = typeof t.level === "number" ? levelsOf(t).find(([v]) => v === t.level) : null;
      return typeof t.level === "number" ? [t.label, " (", at ? at[1] : `level ${figure(t.level)}`, ")"] : [t.label];
    };
    const names = (/** @type {any[]} */ list) => series(list.map(label));
    return joined([a.k ? ["the ", `${count(a.k, "best route")} by `, nameOf(a.minimise[0])] : ["least ", series(a.minimise.map(nameOf))],
      a.lists.past.length ? ["having been ", names(a.lists.past)] : "",
      a.maxSteps !== null ? `at most ${count(a.maxSteps, "step")}` : "", a.maxNew !== null ? `at most ${count(a.maxNew, "new skill")} in a step` : "",
      a.lists.have.length || a.lists.cert.length ? ["having ", names([...a.lists.have, ...a.lists.cert])] : "",
      a.lists.avoid.length ? ["avoiding ", names(a.lists.avoid)] : "", a.lists.via.length ? ["by way of ", names(a.lists.via)] : "",
      a.lists.needs.length ? ["with ", names(a.lists.needs), " named"] : "", a.lists.without.length ? ["without ", names(a.lists.without)] : "",
      a.kinds ? `only ${words(a.kinds, "or")} steps` : "", !a.types ? "" : a.types.join() === TYPES.slice(0, -1).join() ? "no suggested steps" : `only steps of the type ${words(a.types, "or")}`,
      a.minValue !== null ? `suggested steps from a likeness of ${a.minValue} on` : "",
      a.budget > app.pareto.BUDGET ? `searching ${figure(a.budget)} branches` : "",
      a.mappings ? "crossing classifications" : "", a.strengths ? `${words(a.strengths)} skills only` : ""].filter(Boolean), "; ");
  }

  app.views = Object.assign(app.views || {}, { plan: view });
  app.planView = { readAsk, writeAsk, numbers, targets };
})((window.rolegraphSite = window.rolegraphSite || {}));
