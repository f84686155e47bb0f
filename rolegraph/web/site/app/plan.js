/* Planning a way: the question as a form, the best routes as a table and a drawing, one as a line. */
(function (app) {
  "use strict";

  const { h, count, figure, limited, row, words, capital, announce } = app.dom;
  const { evidence, planning } = app;

  const LEARNING = ["new-skills", "hardest-step", "effort", "effort-importance"];
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

  const LISTS = { have: "skill", cert: "certification", avoid: "role", via: "role", needs: "certification", without: "certification" };

  /** Read a question. @param {URLSearchParams} query */
  function readAsk(query) {
    const unknown = [];
    const one = (/** @type {string} */ key) => {
      const slug = query.get(key);
      const found = slug ? app.model.find("role", slug) : null;
      if (slug && !found) unknown.push(slug);
      return found;
    };
    const split = (/** @type {string} */ key) => (query.get(key) || "").split(",").filter(Boolean);
    const lists = Object.fromEntries(Object.entries(LISTS).map(([key, type]) => [key, split(key).map((slug) => {
      const found = app.model.find(/** @type {any} */ (type), slug);
      if (!found) unknown.push(slug);
      return found;
    }).filter(Boolean)]));
    const number = (/** @type {string} */ key) => (/^\d+$/.test(query.get(key) || "") ? Number(query.get(key)) : null);
    const large = app.core.roles.length > LARGE;
    const any = query.get("max") === "any";
    return {
      from: one("from"), to: one("to"), lists, unknown,
      minimise: split("minimise").length ? [...new Set(split("minimise"))].slice(0, 4) : DEFAULT,
      kinds: query.has("kinds") ? split("kinds").filter((k) => app.core.kinds.includes(k)) : null,
      suggested: query.get("suggested") !== "no", mappings: query.get("mappings") === "yes",
      strengths: query.has("strengths") ? split("strengths").filter((s) => app.core.strengths.includes(s)) : null,
      maxSteps: any ? null : number("max") ?? (large ? SHORT : null),
      maxNew: number("new"), route: number("route") || 1,
    };
  }

  /** Write a question. @param {any} a */
  function writeAsk(a) {
    const parts = [];
    const put = (/** @type {string} */ key, /** @type {string} */ value) => {
      if (value) parts.push(`${key}=${value.split(",").map(encodeURIComponent).join(",")}`);
    };
    put("from", a.from ? a.from.slug : "");
    put("to", a.to ? a.to.slug : "");
    if (a.minimise.join() !== DEFAULT.join()) put("minimise", a.minimise.join());
    for (const key of Object.keys(LISTS)) put(key, a.lists[key].map((/** @type {any} */ t) => t.slug).join());
    if (a.kinds) put("kinds", a.kinds.join());
    if (!a.suggested) put("suggested", "no");
    if (a.mappings) put("mappings", "yes");
    if (a.strengths) put("strengths", a.strengths.join());
    const large = app.core.roles.length > LARGE;
    if (a.maxSteps !== null && !(large && a.maxSteps === SHORT)) put("max", String(a.maxSteps));
    if (a.maxSteps === null && large) put("max", "any");
    if (a.maxNew !== null) put("new", String(a.maxNew));
    return `#/plan${parts.length ? "?" + parts.join("&") : ""}`;
  }

  /** The question by number, for the planner. @param {any} a */
  const numbers = (a) => ({
    ...planning.FREE, from: a.from.ix, to: a.to.ix, minimise: a.minimise,
    ...Object.fromEntries(Object.keys(LISTS).map((key) => [key, a.lists[key].map((/** @type {any} */ t) => t.ix)])),
    kinds: a.kinds && a.kinds.length ? a.kinds : null, types: a.suggested ? null : ["promotion", "lateral move", "transition"],
    strengths: a.strengths && a.strengths.length ? a.strengths : null, maxSteps: a.maxSteps, maxNew: a.maxNew, mappings: a.mappings,
  });

  // --- the form

  /** @param {any} a @param {any} network @param {any} asks @param {any} certs */
  function form(a, network, asks, certs) {
    const now = { ...a, lists: { ...a.lists } };
    const large = app.core.roles.length > LARGE;
    const role = (/** @type {string} */ label, /** @type {string} */ key) => app.combobox({ label, types: ["role"], keep: true,
      value: now[key] ? now[key].shown : "", placeholder: "Name of a role", pick: (r) => { now[key] = r; }, clear: () => { now[key] = null; } });
    const [from, to] = [role("From", "from"), role("To", "to")];
    const several = (/** @type {string} */ label, /** @type {string} */ key) => app.picker({ label, types: [LISTS[key]], things: now.lists[key],
      placeholder: `Add a ${LISTS[key]}`, change: (things) => { now.lists[key] = things; } });
    const aims = [...DEFAULT, "effort", ...(asks.importance ? ["effort-importance"] : []),
      ...((certs.named || []).length ? ["certifications"] : []), ...(network.figures || []).map((/** @type {any} */ f) => f.key)];
    const check = (/** @type {string} */ text, /** @type {string} */ hint, /** @type {boolean} */ on, /** @type {(on: boolean) => void} */ change) =>
      h("label.check", null, h("input", { type: "checkbox", checked: on, onchange: (/** @type {any} */ ev) => change(ev.target.checked) }),
        h("span", null, text, hint ? h("small", null, hint) : null));
    const warn = h("p.warn", { role: "alert", hidden: true });
    const kinds = app.core.kinds.filter((/** @type {string} */ _, /** @type {number} */ i) => network.kind.includes(i.toString(36)));
    const numberField = (/** @type {string} */ label, /** @type {string} */ key, /** @type {string} */ hint) => h("label.number", null, h("span", null, label),
      h("input", { type: "number", min: 0, step: 1, inputmode: "numeric", value: now[key] === null ? "" : String(now[key]), placeholder: hint,
        oninput: (/** @type {any} */ ev) => { now[key] = ev.target.value === "" ? null : Math.max(0, Math.round(Number(ev.target.value))); } }));
    const limits = Boolean(a.lists.avoid.length || a.lists.via.length || a.lists.needs.length || a.lists.without.length || a.kinds ||
      !a.suggested || a.mappings || a.strengths || a.maxNew !== null || a.lists.have.length || a.lists.cert.length);
    const made = h("form.ask", { "aria-label": "Plan a way" },
      h("div.pair", null, from.root, to.root),
      h("fieldset", null, h("legend", null, "Keep small"), h("div.checks", null, aims.map((key) =>
        check(capital(nameOf(key)), NAMES[key] ? NAMES[key][1] : "figure of the steps", now.minimise.includes(key), (on) => {
          now.minimise = on ? [...now.minimise, key] : now.minimise.filter((/** @type {string} */ x) => x !== key);
        })))),
      h("details.more", { open: limits }, h("summary", null, "What you have, and what you accept"),
        h("div.fields", null,
          several("Skills you have besides", "have"), several("Certifications you have", "cert"),
          several("Avoid roles", "avoid"), several("Pass through roles", "via"),
          (certs.named || []).length ? [several("Certifications to come by", "needs"), several("No step that names", "without")] : null,
          h("div.numbers", null, numberField("Steps at most", "maxSteps", large ? "any (slow)" : "any"), numberField("New skills in a step at most", "maxNew", "any")),
          h("fieldset", null, h("legend", null, "Steps to use"), h("div.checks", null,
            kinds.length > 1 ? kinds.map((/** @type {string} */ k) => check(capital(k), "", !now.kinds || now.kinds.includes(k), (on) => {
              const before = now.kinds || kinds;
              const after = on ? [...before, k] : before.filter((/** @type {string} */ x) => x !== k);
              now.kinds = kinds.every((/** @type {string} */ x) => after.includes(x)) ? null : after;
            })) : null,
            app.core.sizes.suggested ? check("Suggested by likeness", "inferred: no source states them", now.suggested, (on) => { now.suggested = on; }) : null,
            app.core.sizes.mappings ? check("Cross between classifications", "the same role in other words", now.mappings, (on) => { now.mappings = on; }) : null)),
          h("fieldset", null, h("legend", null, "Skills that count"), h("div.checks", null,
            check("Essential ones only", "", Boolean(now.strengths), (on) => { now.strengths = on ? ["essential"] : null; }))))),
      warn, h("button.button.main", { type: "submit" }, "Find the best ways"));
    made.addEventListener("submit", (ev) => {
      ev.preventDefault();
      for (const [key, box] of [["from", from], ["to", to]]) {
        const text = box.input.value.trim();
        if (now[key] && now[key].shown !== text) now[key] = null;
        if (!now[key] && text) {
          const [hit] = app.search.find(text, { types: ["role"], limit: 1 });
          if (hit && app.search.plain(hit.thing.label) === app.search.plain(text)) now[key] = hit.thing;
        }
      }
      const lacking = [!now.from ? "where you start" : "", !now.to ? "where you want to be" : "", !now.minimise.length ? "what to keep small" : "",
        now.kinds && !now.kinds.length ? "a kind of step to use" : ""].filter(Boolean);
      const said = lacking.length ? `Please choose ${words(lacking)}.` : now.minimise.length > 4 ? "At most four things can be kept small at once." : "";
      warn.hidden = !said;
      warn.textContent = said;
      if (said) return (!now.from ? from : to).input.focus();
      app.go(writeAsk({ ...now, route: 1 }));
    });
    return made;
  }

  // --- the answer

  /** @param {any} plan @param {any} route @param {string} key */
  const valueOf = (plan, route, key) => (LEARNING.includes(key) && route.untold.length ? "≥ " : "") + figure(route.values[key]);

  /** What is proved, in words. @param {any} plan */
  function proof(plan) {
    const most = plan.ask.maxSteps;
    if (plan.complete) {
      return `Proved for routes of ${most === null ? "any length" : `at most ${count(most, "step")}`}: none is missing.`;
    }
    const least = words(Object.entries(plan.bound).map(([key, x]) => `${nameOf(key)} ${figure(x)}`));
    return `${plan.proven > 0 ? `Proved for routes of at most ${count(plan.proven, "step")}; longer ones were not all looked at` : "Not proved: the search ended at its limit"}. No route can be below ${least}.`;
  }

  /** @param {any} plan */
  function silentNote(plan) {
    const all = [...new Set(plan.routes.flatMap((/** @type {any} */ r) => r.untold))].map((ix) => app.model.role(ix).label);
    if (!all.length) return null;
    const some = all.length > 4 ? [...all.slice(0, 3), `${all.length - 3} more`] : all;
    return h("p.silent", null, h("b", null, "≥ "), `a least: no source states which skills ${words(some)} ${all.length === 1 ? "asks" : "ask"} for.`);
  }

  /** @param {any} route */
  const way = (route) => route.roles.map((/** @type {number} */ ix) => app.model.role(ix).label).join(" → ");

  /** The skills of a step. @param {string} title @param {any[]} demands @param {any} step */
  function demandList(title, demands, step) {
    if (!demands.length) return null;
    const order = (/** @type {any} */ d) => d.strength || 9;
    const sorted = demands.slice().sort((a, b) => order(a) - order(b) || app.model.skill(a.skill).label.localeCompare(app.model.skill(b.skill).label));
    return h("div.part", null, h("h4", null, title, h("span.n", null, demands.length)), limited("ul.rows", sorted, 6, (d) => {
      const skill = app.model.skill(d.skill);
      return row([h("a", { href: skill.href }, skill.label), d.strength ? h("span.level", null, app.core.strengths[d.strength]) : null,
        d.level ? h("span.level", null, d.level) : null], evidence.ofDemand(step.target, d.skill, app.core.kinds[d.kind], skill.label, step.edge));
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
            h("p.move", null, h("b", null, step.crossing ? "the same role elsewhere" : `${i + 1}. ${app.model.typeOf(network, step.edge)}`), " ",
              evidence.ofStep(network, step.edge, `step ${i + 1}`)),
            before.length ? h("p.part", null, h("b", null, "Comes after: "), words(before)) : null,
            step.silent ? h("p.silent", null, `Not stated: which skills ${app.model.role(step.target).label} asks for.`) : null,
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
        aims.map((/** @type {any} */ m) => `${m.label} ${valueOf(plan, routes[i], m.key)}`).join(" · "))), drawn);
      if (aims.length > 1 && routes.length > 1) plot.replaceChildren(app.drawing.tradeOff(routes, telling(routes, aims), i, (j) => pick(j, true)));
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
    const rows = app.table("The best routes", [["Route"], ...aims.map((/** @type {any} */ m) => [capital(m.label), "num"]), ["Way"]],
      routes.map((/** @type {any} */ r, /** @type {number} */ i) => h("tr", null,
        h("th", { scope: "row", "data-sort": i }, h("button.route", { type: "button", "data-route": i, "aria-pressed": "false", onclick: () => pick(i, true),
          "aria-label": `Show route ${i + 1}` }, i + 1)),
        aims.map((/** @type {any} */ m) => h("td.num", { "data-sort": r.values[m.key] }, valueOf(plan, r, m.key))),
        h("td.way", null, way(r)))));
    await pick(chosen);
    return [h("h2", { id: "result" }, routes.length === 1 ? "One route is best" : `${routes.length} routes are best`),
      h("p.proof", null, proof(plan)),
      routes.length > 1 ? h("p.muted", null, "Of none of these is another route better in one thing without being worse in another.") : h("p.muted", null, "It is best in everything that you keep small."),
      plan.notes.map((/** @type {string} */ n) => h("p.silent", null, n)), silentNote(plan),
      h("div.answer", null, rows, plot), place];
  }

  /** A constraint in words. @param {any} atom @param {any} ask @param {any} route */
  function giveUp(atom, ask, route) {
    const { name, item } = atom;
    const role = () => app.model.role(item).label;
    const cert = () => app.model.certification(item).label;
    switch (name) {
      case "avoid": return `pass ${role()} after all`;
      case "via": return `leave out ${role()}`;
      case "needs": return `do without ${cert()}`;
      case "without": return `allow steps that name ${cert()}`;
      case "kinds": return "use steps of all kinds of evidence";
      case "types": return "use suggested steps too";
      case "maxSteps": return `allow ${count(route.values.steps, "step")} instead of ${ask.maxSteps}`;
      case "maxNew": return `allow ${count(route.values["hardest-step"], "new skill")} in a step instead of ${ask.maxNew}`;
    }
    return name;
  }

  /** Why there is none. @param {any} a @param {any} plan @param {any} how */
  async function none(a, plan, how) {
    const head = [h("h2", { id: "result" }, "There is no such route"),
      plan.notes.map((/** @type {string} */ n) => h("p.silent", null, n))];
    if (!plan.complete) {
      return [h("h2", { id: "result" }, "No route was found"), h("p", null, `The search ended after ${figure(plan.examined)} branches, and it is not proved that there is none. Ask for fewer steps, or for fewer things to keep small.`)];
    }
    const why = await planning.whyNot(plan.ask, how);
    if (!why.joined) {
      return [head, h("p", null, `No constraint is to blame: no transitions join the two. From ${a.from.label}, ${count(why.ahead, "role")} can be reached; ${count(why.back, "role")} ${why.back === 1 ? "leads" : "lead"} to ${a.to.label}.`),
        app.core.sizes.mappings && !a.mappings ? h("p", null, h("a", { href: writeAsk({ ...a, mappings: true }) }, "Cross between classifications as well")) : null,
        h("p", null, h("a", { href: `#/compare/${a.from.slug}/${a.to.slug}` }, "Compare the two"))];
    }
    if (!why.ways.length) return [head, h("p", null, "The two are joined, but no one or two of your conditions are enough to give up. Give up more of them, or allow more steps.")];
    return [head, h("p", null, why.size === 1 ? (why.ways.length > 1 ? "Giving up any one of these is enough:" : "Giving up this is enough:") : "No single condition is to blame; two have to give together:"),
      h("ul.rows.give", null, why.ways.map(({ give, plan: found }) => {
        const route = found.routes[0];
        const next = { ...a, lists: { ...a.lists } };
        for (const { name, item } of give) {
          if (next.lists[name]) next.lists[name] = next.lists[name].filter((/** @type {any} */ t) => t.ix !== item);
          else if (name === "types") next.suggested = true;
          else if (name === "maxSteps") next.maxSteps = route.values.steps;
          else if (name === "maxNew") next.maxNew = route.values["hardest-step"];
          else next[name] = null;
        }
        return h("li", null, h("a", { href: writeAsk(next) }, capital(words(give.map((/** @type {any} */ g) => giveUp(g, a, route))))), h("span.muted", null, way(route)));
      }))];
  }

  /** @param {string[]} _ @param {URLSearchParams} query */
  async function view(_, query) {
    const [network, asks, certs] = await Promise.all(["network", "asks", "certs"].map(app.data.load));
    await Promise.all([app.model.ready("skill"), app.model.ready("certification")]);
    const a = readAsk(query);
    const result = h("div.result", { id: "answer" });
    const stop = new AbortController();
    const title = a.from && a.to ? `${a.from.label} to ${a.to.label}` : "Plan";
    const head = a.from && a.to ? ["From ", h("a", { href: a.from.href }, a.from.label), " to ", h("a", { href: a.to.href }, a.to.label)] : "Plan a way";
    async function search() {
      const told = h("p.progress", null, "Searching…");
      const cancel = h("button.button", { type: "button", onclick: () => stop.abort() }, "Stop");
      const shownAt = performance.now();
      const how = { signal: stop.signal, progress: (/** @type {any} */ s) => {
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
        result.replaceChildren(...[plan.routes.length && plan.routes[0].steps.length ? await answer(plan, a)
          : plan.routes.length ? h("p", { id: "result" }, "You are there already.") : await none(a, plan, how)].flat(Infinity).filter(Boolean));
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
      body: [h("p.kicker", null, "Plan"), h("h1", null, head),
        a.unknown.length ? h("p.warn", null, `Unknown here, and left out: ${a.unknown.join(", ")}.`) : null,
        a.from && a.to ? h("details.question", null, h("summary", null, "Change the question: ",
          h("span.muted", null, summary(a))), form(a, network, asks, certs)) : form(a, network, asks, certs), result],
      after: () => { if (a.from && a.to) search(); },
      leave: () => stop.abort(),
    };
  }

  /** The question in a line. @param {any} a */
  function summary(a) {
    const names = (/** @type {any[]} */ list) => words(list.map((t) => t.label));
    return [`least ${words(a.minimise.map(nameOf))}`,
      a.maxSteps !== null ? `at most ${count(a.maxSteps, "step")}` : "", a.maxNew !== null ? `at most ${count(a.maxNew, "new skill")} in a step` : "",
      a.lists.have.length || a.lists.cert.length ? `having ${names([...a.lists.have, ...a.lists.cert])}` : "",
      a.lists.avoid.length ? `avoiding ${names(a.lists.avoid)}` : "", a.lists.via.length ? `by way of ${names(a.lists.via)}` : "",
      a.lists.needs.length ? `with ${names(a.lists.needs)} named` : "", a.lists.without.length ? `without ${names(a.lists.without)}` : "",
      a.kinds ? `only ${words(a.kinds, "or")} steps` : "", a.suggested || !app.core.sizes.suggested ? "" : "no suggested steps",
      a.mappings ? "crossing classifications" : "", a.strengths ? `${words(a.strengths)} skills only` : ""].filter(Boolean).join("; ");
  }

  app.views = Object.assign(app.views || {}, { plan: view });
  app.planView = { readAsk, writeAsk, numbers };
})((window.rolegraphSite = window.rolegraphSite || {}));
