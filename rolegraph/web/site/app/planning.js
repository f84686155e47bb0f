/* What somebody asks the planner, made ready for the search, and what stands in the way where there
   is no route: the same questions as rolegraph/asking.py and rolegraph/relaxing.py. */
(function (app) {
  "use strict";

  const { pareto } = app;
  const SLICE = 14; // milliseconds of searching before the page gets its turn

  /**
   * @typedef {object} Ask all by number
   * @property {number} from @property {number | number[]} to any of several will do
   * @property {string[]} minimise @property {number | null} [k] so many best routes by one objective
   * @property {number[]} [past] roles that were held
   * @property {(number | [number, number | null])[]} have skills held, with a level where it is known
   * @property {number[]} cert certifications held
   * @property {number[]} avoid @property {number[]} via
   * @property {number[]} needs certifications that must be named on the way
   * @property {number[]} without certifications that must not be
   * @property {string[] | null} kinds @property {string[] | null} types
   * @property {string[] | null} strengths
   * @property {number | null} minValue @property {number | null} maxSteps
   * @property {number | null} maxNew @property {boolean} mappings
   */

  /** Names of all constraints, with no constraint set. */
  const FREE = Object.freeze({
    avoid: [], via: [], needs: [], without: [], kinds: null, types: null, strengths: null,
    minValue: null, maxSteps: null, maxNew: null, mappings: false,
  });

  class Problem extends Error {}
  class Stopped extends Error {}

  /** @type {Map<string, any>} landscapes by strengths */
  const lands = new Map();

  /** Lay out what roles ask, once for each choice of demands. @param {string[] | null} strengths */
  async function landscape(strengths) {
    const names = ["core", "asks", "network", "certs"];
    const [core, asks, network, certs] = await Promise.all(names.map(app.data.load));
    const key = strengths ? strengths.join() : "";
    if (!lands.has(key)) lands.set(key, new app.Landscape(core, asks, network, certs, strengths));
    return lands.get(key);
  }

  /** Lay one question out. @param {any} land @param {Ask} ask */
  function setting(land, ask) {
    const graph = land.graph(ask);
    const held = new Uint8Array(land.width);
    for (const r of [ask.from, ...(ask.past || [])]) for (const b of land.asked[r]) held[b] = 1;
    for (const one of ask.have) {
      const [skill, level] = Array.isArray(one) ? one : [one, null];
      for (const b of land.bits(skill, level)) held[b] = 1;
    }
    for (const c of ask.cert) if (land.certBit.has(c)) held[land.certBit.get(c)] = 1;
    const via = ask.via;
    const marks = new Map(via.map((r, i) => [r, 1 << i]));
    const shut = new Set();
    graph.numbers.forEach((/** @type {number} */ e, /** @type {number} */ i) => {
      let token = marks.get(graph.heads[i]) || 0;
      if (!graph.crossing[i] && (ask.needs.length || ask.without.length)) {
        const own = land.makerOf.has(e) ? land.named.get(land.makerOf.get(e)) || [] : [];
        const named = [...(land.named.get(graph.heads[i]) || []), ...own];
        ask.needs.forEach((c, j) => {
          if (named.includes(c)) token |= 1 << (via.length + j);
        });
        if (ask.without.some((c) => named.includes(c))) shut.add(i);
      }
      graph.tokens[i] = token;
    });
    let tokens = (1 << (via.length + ask.needs.length)) - 1;
    via.forEach((r, i) => {
      if (r === ask.from) tokens &= ~(1 << i); // who starts there has passed it
    });
    const question = {
      source: ask.from, targets: new Set([ask.to].flat()), aims: [], held, tokens, k: null,
      blocked: new Set(ask.avoid), shut, maxSteps: ask.maxSteps, maxLoad: ask.maxNew,
    };
    return { land, graph, question, ask };
  }

  /** Make an objective an aim in whole numbers. @param {any} s a setting @param {string} name */
  function measured(s, name) {
    const { land, graph, question } = s;
    /** @param {any} aim @param {number} [scale] @param {object} [more] */
    const made = (aim, scale, more) => ({ name, aim, scale: scale || 1, note: "", shut: [], ...more });
    const learn = (/** @type {Float64Array} */ weights) => ({ kind: "learn", weights });
    switch (name) {
      case "steps":
        return made({ kind: "steps", weights: null });
      case "hardest-step":
        return made({ kind: "hardest", weights: null });
      case "new-skills":
        return made(learn(land.nextLevels(question.held).fill(0, land.skillBits)));
      case "certifications":
        return made(learn(new Float64Array(land.width).fill(1, land.skillBits)));
      case "effort":
        return made(learn(land.effort), 1e6);
      case "effort-importance":
        if (unimportant(s)) {
          throw new Problem(
            "Some skills on the ways from here have no importance in any source, so ways cannot " +
            "be weighed by it. Effort weighs skills by how few roles ask for them."
          );
        }
        return made(learn(land.importance.map((/** @type {number} */ x) => Math.max(0, x))), 1e6);
    }
    const figure = (land.network.figures || []).find((/** @type {any} */ f) => f.key === name);
    if (!figure) throw new Problem(`There is no objective "${name}" here.`);
    const at = app.data.undelta(figure.at);
    const values = new Map(at.map((e, i) => [e, figure.value[i]]));
    const scale = scaleOf(figure.value);
    /** @type {number[]} */
    const shut = [];
    const weights = Float64Array.from(graph.numbers, (e, i) => {
      if (graph.crossing[i]) return 0;
      if (!values.has(e)) shut.push(i);
      return Math.round((values.get(e) || 0) * scale);
    });
    const note = shut.length
      ? `${shut.length} of ${graph.numbers.length} transitions have no ${figure.label}: ` +
        "routes over them are left out, for nothing is made up."
      : "";
    return made({ kind: "sum", weights }, scale, { note, shut });
  }

  /** The power of ten that makes numbers whole, as far as six places. @param {number[]} values */
  function scaleOf(values) {
    let scale = 1;
    while (scale < 1e6 && values.some((v) => Math.abs(v * scale - Math.round(v * scale)) > 1e-9)) {
      scale *= 10;
    }
    return scale;
  }

  /** Whether a skill on a way from here has no importance. @param {any} s */
  function unimportant({ land, graph, question: q }) {
    if (!land.importance) return true;
    const ahead = pareto.distances(graph, q, [q.source], false, pareto.reversed(graph));
    for (let u = 0; u < graph.size; u++) {
      if (ahead[u] >= pareto.FAR) continue;
      for (let e = graph.indptr[u]; e < graph.indptr[u + 1]; e++) {
        for (const b of graph.need[e]) {
          if (b < land.skillBits && !q.held[b] && land.importance[b] < 0) return true;
        }
      }
    }
    return false;
  }

  /**
   * Run a search in slices, so that the page stays alive.
   * @param {Generator<any, any, void>} search
   * @param {{signal?: AbortSignal, progress?: (at: any) => void}} how
   */
  async function drive(search, { signal, progress }) {
    let until = performance.now() + SLICE;
    for (;;) {
      const { done, value } = search.next();
      if (done) return value;
      if (performance.now() > until) {
        if (progress) progress(value);
        await new Promise((go) => setTimeout(go));
        until = performance.now() + SLICE;
      }
      if (signal && signal.aborted) throw new Stopped("stopped");
    }
  }

  /**
   * Find the Pareto set.
   * @param {Ask} ask
   * @param {{signal?: AbortSignal, progress?: (at: any) => void, budget?: number}} [how]
   */
  async function plan(ask, how = {}) {
    const land = await landscape(ask.strengths);
    const s = setting(land, ask);
    const aims = ask.minimise.map((name) => measured(s, name));
    if (ask.k && aims.length > 1) throw new Problem("So many best routes go by one objective.");
    const answer = await front(s, aims, ask.k || null, how);
    const standard = ["steps", "new-skills", "hardest-step", "effort", "certifications"];
    const told = standard.map((name) => measured(s, name));
    const routes = answer.ways.map((/** @type {any} */ way) => explain(s, way, aims, told));
    const bound = Object.fromEntries(aims.map((m, i) => [m.name, (answer.bound[i] ?? 0) / m.scale]));
    return {
      ask, land, routes, heldUntold: heldUntold(s), complete: answer.complete, proven: answer.proven, bound,
      examined: answer.examined, notes: aims.map((m) => m.note).filter(Boolean),
      budget: how.budget || pareto.BUDGET,
    };
  }

  /** Search by some aims. @param {any} s @param {any[]} aims @param {number | null} k @param {any} how */
  function front(s, aims, k, how) {
    for (const m of aims) for (const e of m.shut) s.question.shut.add(e);
    return drive(pareto.search(s.graph, { ...s.question, aims: aims.map((m) => m.aim), k }, how.budget), how);
  }

  /** Tell step by step what a way asks, from what is held by then.
      @param {any} s @param {any} way @param {any[]} aims @param {any[]} told */
  function explain(s, way, aims, told) {
    const { land, graph, question } = s;
    /** @type {Record<string, number>} */
    const values = {};
    const others = pareto.valuesOf(graph, { ...question, aims: told.map((m) => m.aim) }, way.edges);
    told.forEach((m, i) => (values[m.name] = others[i] / m.scale));
    aims.forEach((m, i) => (values[m.name] = way.values[i] / m.scale));
    const have = question.held.slice();
    const levels = levelsHeld(s);
    const steps = way.edges.map((/** @type {number} */ i) => {
      const e = graph.numbers[i];
      const crossing = Boolean(graph.crossing[i]);
      const step = { edge: e, source: land.sources[e], target: graph.heads[i], crossing,
                     ...asksOf(land, e, graph.heads[i], crossing, have, levels) };
      for (const b of graph.need[i]) have[b] = 1;
      return step;
    });
    return {
      roles: [question.source, ...steps.map((/** @type {any} */ t) => t.target)], steps, values,
      readAs: readAs(steps, heldUntold(s).length > 0, Object.keys(values)),
      untold: [...new Set(steps.filter((/** @type {any} */ t) => t.silent).map((/** @type {any} */ t) => t.target))],
    };
  }

  const LEARNING = ["new-skills", "hardest-step", "effort", "effort-importance"];

  /** Roles held of which no source says which skills they ask for. @param {any} s @returns {number[]} */
  const heldUntold = ({ land, ask }) => [...new Set([ask.from, ...(ask.past || [])])].filter((r) => !land.told[r]);

  /** How figures of learning are to be read where sources do not state what roles ask for: the same as
      read_as in rolegraph/routes.py. Exact ones are left out.
      @param {any[]} steps @param {boolean} unknownStart @param {string[]} names
      @returns {Record<string, "at least" | "at most" | "about">} */
  function readAs(steps, unknownStart, names) {
    const first = steps.findIndex((t) => t.silent);
    const hardest = (/** @type {any[]} */ some) => Math.max(0, ...some.map((t) => t.crossing ? 0 : t.fresh.length + t.raised.length));
    const top = hardest(steps);
    const sure = first < 0 ? top : hardest(steps.slice(0, first));
    // levels that nobody states: of what is held, it may be less; of what somebody says to have, more
    const less = top > 0 && (unknownStart || steps.some((t) => t.raised.some((/** @type {any} */ d) => d.vague)));
    const more = first >= 0 || steps.some((t) => t.kept.some((/** @type {any} */ d) => d.trusted));
    /** @type {Record<string, "at least" | "at most" | "about">} */
    const found = {};
    for (const name of names.filter((n) => LEARNING.includes(n))) {
      const fewer = less || (name === "hardest-step" && Math.max(sure, 1) < top);
      if (more || fewer) found[name] = !fewer ? "at least" : more ? "about" : "at most";
    }
    return found;
  }

  /** @typedef {{rank: number | null, name: string, any?: boolean}} Level a rank of null: not stated */

  /** The level of a demand. @param {any} land @param {any} d @returns {Level} */
  function levelAsked(land, d) {
    if (d.rung < 0) return { rank: null, name: "" };
    const { first, rungs, names } = land.skills.get(d.skill);
    const at = land.bitOf(d) - first;
    return { rank: rungs[at], name: names[at] || app.dom.exact(rungs[at]) };
  }

  /** Hold a skill at the level of a demand, if that is higher than what is held.
      @param {Map<number, Level>} levels @param {any} land @param {any} d */
  function raise(levels, land, d) {
    const old = levels.get(d.skill);
    const now = levelAsked(land, d);
    if (!old || (now.rank !== null && !old.any && (old.rank === null || now.rank > old.rank))) levels.set(d.skill, now);
  }

  /** At which levels skills are held at the start. @param {any} s */
  function levelsHeld({ land, ask }) {
    /** @type {Map<number, Level>} */
    const levels = new Map();
    for (const r of [ask.from, ...(ask.past || [])]) for (const d of land.demands[r]) raise(levels, land, d);
    for (const one of ask.have) {
      const [skill, rank] = Array.isArray(one) ? one : [one, null];
      const old = levels.get(skill);
      if (old && rank !== null && (old.rank === null || rank <= old.rank)) continue;
      const at = rank !== null && land.skills.has(skill) ? land.skills.get(skill).rungs.indexOf(rank) : -1;
      const name = at >= 0 ? land.skills.get(skill).names[at] : "";
      levels.set(skill, { rank, name: name || (rank === null ? "" : app.dom.exact(rank)), any: rank === null });
    }
    return levels;
  }

  /** What a step asks: to learn, to raise, and what is held. @param {any} land @param {number} e
      @param {number} target @param {boolean} crossing @param {Uint8Array} have
      @param {Map<number, Level>} levels at which skills are held; is raised by the step */
  function asksOf(land, e, target, crossing, have, levels) {
    const maker = land.makerOf.get(e);
    const own = maker === undefined ? [] : land.demands[maker];
    const demands = [...land.demands[target], ...own];
    /** @type {Map<number, any>} the highest demand of each skill */
    const best = new Map();
    for (const d of demands) {
      const bit = land.bitOf(d);
      const known = best.get(d.skill);
      if (!known || bit > known.bit) best.set(d.skill, { ...d, bit });
      else if (d.strength && (!known.strength || d.strength < known.strength)) {
        known.strength = d.strength;
      }
    }
    const fresh = [];
    const raised = [];
    const kept = [];
    for (const d of best.values()) {
      const { first, rungs, names } = land.skills.get(d.skill);
      const at = { ...d, level: d.rung >= 0 ? names[d.bit - first] || String(rungs[d.bit - first]) : "" };
      const any = land.bits(d.skill, null).some((/** @type {number} */ b) => have[b]);
      const mine = levels.get(d.skill);
      if (crossing || have[d.bit]) kept.push({ ...at, trusted: Boolean(mine && mine.any && d.rung >= 0 && d.bit > first) });
      else if (any) raised.push({ ...at, held: mine ? mine.name : "", vague: Boolean(mine && mine.rank === null) });
      else fresh.push(at);
    }
    for (const d of crossing ? land.demands[target] : demands) raise(levels, land, d);
    const named = maker === undefined ? [] : land.named.get(maker) || [];
    const useful = land.named.get(target) || [];
    return {
      fresh, raised, kept, silent: !crossing && !demands.length && !land.told[target],
      certs: crossing ? [] : named, useful: crossing ? [] : useful,
      certsHeld: [...new Set([...named, ...useful])].filter((c) => have[land.certBit.get(c)]),
    };
  }

  // --- why there is no route

  /** What can be given up, one by one. @param {Ask} ask @param {string[]} known objectives that not
      every step has a number for */
  function atoms(ask, known) {
    const found = [];
    for (const name of ["avoid", "via", "needs", "without"]) {
      for (const item of ask[name]) found.push({ name, item });
    }
    for (const name of ["kinds", "types", "minValue", "maxSteps", "maxNew"]) {
      if (ask[name] !== null) found.push({ name, item: null });
    }
    return [...found, ...known.map((item) => ({ name: "known", item }))];
  }

  /** @param {Ask} ask @param {string[]} known @param {any[]} some */
  function without(ask, known, some) {
    const rest = { ...ask };
    for (const { name, item } of some) {
      if (name === "known") known = known.filter((x) => x !== item);
      else rest[name] = Array.isArray(FREE[name]) ? rest[name].filter((/** @type {any} */ x) => x !== item) : null;
    }
    return { ask: rest, known };
  }

  /** All choices of so many. @param {any[]} items @param {number} size @returns {Generator<any[], void, void>} */
  function* choices(items, size, from = 0) {
    if (!size) yield [];
    for (let i = from; size && i <= items.length - size; i++) {
      for (const rest of choices(items, size - 1, i + 1)) yield [items[i], ...rest];
    }
  }

  /**
   * Find the fewest constraints without which there is a route, and the least that numbers have to
   * become: the same as rolegraph/relaxing.py.
   * @param {Ask} ask @param {{signal?: AbortSignal, progress?: (at: any) => void, budget?: number}} how
   * @returns {Promise<{feasible: any, joined: boolean, ahead: number, back: number, size: number, complete: boolean,
   *                    ways: {give: any[], value: number | null, route: any}[]}>}
   *   feasible: a route that there is after all; complete: whether no search met its limit
   */
  async function whyNot(ask, how) {
    const land = await landscape(ask.strengths);
    const free = setting(land, { ...ask, ...FREE, mappings: ask.mappings });
    const into = pareto.reversed(free.graph);
    const ahead = pareto.distances(free.graph, free.question, [ask.from], false, into);
    const back = pareto.distances(free.graph, free.question, free.question.targets, true, into);
    const count = (/** @type {Float64Array} */ d) => d.reduce((n, x) => n + Number(x > 0 && x < pareto.FAR), 0);
    const told = { joined: [ask.to].flat().some((t) => ahead[t] < pareto.FAR), ahead: count(ahead), back: count(back) };
    const figures = new Set((land.network.figures || []).map((/** @type {any} */ f) => f.key));
    const own = setting(land, ask);
    const known = (ask.minimise || []).filter((name) => figures.has(name) && measured(own, name).shut.length);

    /** Best routes by some objectives; of none, one of fewest steps.
        @param {{ask: Ask, known: string[]}} some @param {string[]} names */
    async function best(some, names) {
      const s = setting(land, some.ask);
      for (const name of some.known) for (const e of measured(s, name).shut) s.question.shut.add(e);
      const aims = (names.length ? names : ["steps"]).map((name) => measured(s, name));
      const answer = await front(s, aims, names.length ? null : 1, how);
      complete = complete && answer.complete;
      const standard = ["steps", "new-skills", "hardest-step"].map((name) => measured(s, name));
      return answer.ways.map((/** @type {any} */ way) => explain(s, way, aims, standard));
    }
    let complete = true;
    const [there] = await best({ ask, known }, []);
    if (there) return { ...told, feasible: there, size: 0, complete: true, ways: [] };

    /** The largest least values of suggestions that let routes through, by halving.
        @param {{ask: Ask, known: string[]}} rest @param {string[]} names */
    async function byValue(rest, names) {
      const values = [...new Set((land.network.value || []).filter((/** @type {number} */ v) => v >= 0)
        .map((/** @type {number} */ v) => Math.fround(v / 1e6)))].filter((v) => v < ask.minValue).sort((a, b) => a - b);
      /** @type {Map<number, any[]>} */
      const seen = new Map();
      const at = async (/** @type {number} */ i) => {
        if (!seen.has(i)) seen.set(i, await best({ ...rest, ask: { ...rest.ask, minValue: values[i] } }, names));
        return seen.get(i);
      };
      const key = (/** @type {any} */ r) => names.map((n) => r.values[n]).join();
      const face = (/** @type {any[]} */ routes) => [...new Set(routes.map(key))].sort().join(";") + (routes.length ? "." : "");
      const found = [];
      let before = "";
      /** @type {Set<string>} */
      let old = new Set();
      for (let top = values.length; top > 0 && face(await at(0)) !== before;) {
        let [low, high] = [0, top];
        while (high - low > 1) {
          const middle = (low + high) >> 1;
          if (face(await at(middle)) !== before) low = middle;
          else high = middle;
        }
        const routes = await at(low);
        for (const route of routes) if (!names.length || !old.has(key(route))) found.push({ value: values[low], route });
        [before, old, top] = [face(routes), new Set(routes.map(key)), low];
      }
      return found;
    }

    const all = atoms(ask, known);
    for (let size = 1; told.joined && size <= all.length; size++) {
      const ways = [];
      for (const give of choices(all, size)) {
        const fields = new Set(give.map((a) => a.name));
        const names = [["maxSteps", "steps"], ["maxNew", "hardest-step"]].filter(([f]) => fields.has(f)).map(([, n]) => n);
        const rest = without(ask, known, give);
        if (fields.has("minValue")) for (const w of await byValue(rest, names)) ways.push({ give, ...w });
        else for (const route of await best(rest, names)) ways.push({ give, value: null, route });
      }
      ways.sort((a, b) => a.route.values.steps - b.route.values.steps);
      if (ways.length) return { ...told, feasible: null, size, complete, ways };
    }
    return { ...told, feasible: null, size: 0, complete, ways: [] };
  }

  app.planning = { FREE, Problem, Stopped, landscape, setting, measured, plan, whyNot, drive };
})((window.rolegraphSite = window.rolegraphSite || {}));
