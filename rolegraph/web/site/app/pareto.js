/* The exact Pareto set of routes for a person who learns on the way: the search of
   rolegraph/pareto.py with the same passes, bounds and order, so that it gives the same routes and
   the same proof after the same count of branches. Generators give the page time to breathe. */
(function (app) {
  "use strict";

  const FAR = 2 ** 50;
  const KEPT = 8; // branches of a pass that are kept for each role, for others to be compared with
  const BUDGET = 200000;
  const BREATH = 2000; // branches between two looks at the clock

  /**
   * @typedef {object} Aim
   * @property {"steps" | "learn" | "hardest" | "sum"} kind
   * @property {Float64Array | null} weights by bit for "learn", by edge for "sum"
   *
   * @typedef {object} Graph compressed rows; see Landscape.graph
   * @property {number} size @property {number} width
   * @property {Int32Array} indptr @property {Int32Array} heads
   * @property {Int32Array[]} need @property {Int32Array[]} top
   * @property {Uint8Array} crossing @property {Int32Array} tokens @property {Int32Array} numbers
   *
   * @typedef {object} Question
   * @property {number} source @property {Set<number>} targets @property {Aim[]} aims
   * @property {Uint8Array} held @property {number} tokens @property {Set<number>} blocked
   * @property {Set<number>} shut @property {number | null} maxSteps @property {number | null} maxLoad
   * @property {number | null} [k] with a single aim: so many best routes, not the Pareto set
   *
   * @typedef {{values: number[], steps: number, edges: number[]}} Way
   * @typedef {{ways: Way[], complete: boolean, proven: number, examined: number,
   *            bound: number[]}} Answer
   */

  /** Edges by the role they end in, in compressed rows. @param {Graph} g */
  function reversed(g) {
    const indptr = new Int32Array(g.size + 1);
    for (const w of g.heads) indptr[w + 1]++;
    for (let i = 0; i < g.size; i++) indptr[i + 1] += indptr[i];
    const fill = indptr.slice();
    const edges = new Int32Array(g.heads.length);
    const tails = new Int32Array(g.heads.length);
    for (let u = 0; u < g.size; u++) {
      for (let e = g.indptr[u]; e < g.indptr[u + 1]; e++) {
        const at = fill[g.heads[e]]++;
        edges[at] = e;
        tails[at] = u;
      }
    }
    return { indptr, edges, tails };
  }

  /**
   * The least count of steps from some roles, or to them, whatever steps ask.
   * @param {Graph} g @param {Question} q @param {Iterable<number>} starts @param {boolean} back
   * @param {ReturnType<typeof reversed>} into
   */
  function distances(g, q, starts, back, into) {
    const far = new Float64Array(g.size).fill(FAR);
    const closed = new Set(q.blocked);
    if (back) closed.delete(q.source);
    let level = [...starts].filter((s) => !(back && q.blocked.has(s)));
    for (const s of level) far[s] = 0;
    const done = new Uint8Array(g.size);
    for (let d = 0; level.length; d++) {
      /** @type {number[]} */
      const next = [];
      for (let i = 0; i < level.length; i++) {
        const u = level[i];
        if (done[u]) continue;
        done[u] = 1;
        const rows = back ? into.indptr : g.indptr;
        for (let j = rows[u]; j < rows[u + 1]; j++) {
          const e = back ? into.edges[j] : j;
          const w = back ? into.tails[j] : g.heads[j];
          const after = d + (g.crossing[e] ? 0 : 1);
          if (closed.has(w) || far[w] <= after || q.shut.has(e)) continue;
          far[w] = after;
          (after === d ? level : next).push(w);
        }
      }
      level = next;
    }
    for (const w of closed) far[w] = w === q.source && !back ? far[w] : FAR;
    return far;
  }

  /** Values of a route by the definitions. @param {Graph} g @param {Question} q @param {number[]} edges */
  function valuesOf(g, q, edges) {
    const have = q.held.slice();
    /** @type {number[]} */
    const learned = [];
    let steps = 0;
    let hardest = 0;
    for (const e of edges) {
      if (!g.crossing[e]) {
        steps++;
        hardest = Math.max(hardest, lacking(g.top[e], have));
        for (const b of g.need[e]) if (!have[b]) learned.push(b);
      }
      for (const b of g.need[e]) have[b] = 1;
    }
    return q.aims.map(({ kind, weights }) => {
      if (kind === "steps") return steps;
      if (kind === "hardest") return hardest;
      return (kind === "learn" ? learned : edges).reduce((sum, x) => sum + (weights[x] || 0), 0);
    });
  }

  /** @param {Int32Array} bits @param {Uint8Array} have */
  function lacking(bits, have) {
    let count = 0;
    for (let i = 0; i < bits.length; i++) if (!have[bits[i]]) count++;
    return count;
  }

  /** @param {Int32Array} bits @param {Uint8Array} marks */
  function among(bits, marks) {
    let count = 0;
    for (let i = 0; i < bits.length; i++) count += marks[bits[i]];
    return count;
  }

  /** Order of numbers, one by one. @param {number[]} a @param {number[]} b */
  function order(a, b) {
    for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
    return a.length - b.length;
  }

  /** Everything that the passes of one search share. */
  class Search {
    /** @param {Graph} g @param {Question} q @param {number} budget */
    constructor(g, q, budget) {
      this.g = g;
      this.q = q;
      this.budget = budget;
      /** @type {Way[]} */
      this.found = [];
      this.examined = 0;
      this.open = false;
      this.crosses = g.crossing.some(Boolean);
      const hardest = q.maxLoad !== null || q.aims.some((a) => a.kind === "hardest");
      // with these, knowing more or having been elsewhere can be of use: then less is no better
      this.dominance = !(hardest || q.tokens || this.crosses || (q.k || 1) > 1);
      this.into = reversed(g);
      this.ahead = distances(g, q, [q.source], false, this.into);
      this.back = distances(g, q, q.targets, true, this.into);
      this.laySure();
      this.rest = q.aims.map((a) => (a.kind === "learn" ? this.sureWeight(a) : 0));
      this.least = q.aims.map((a) => (a.kind === "sum" ? this.leastSum(a) : null));
      this.bound = q.aims.map((a, i) => {
        if (a.kind === "steps") return this.back[q.source];
        if (a.kind === "learn") return this.rest[i];
        return a.kind === "hardest" ? Math.min(1, this.sureTops) : this.least[i][q.source];
      });
    }

    /** Find the bits that every target asks for and nobody gets for nothing. */
    laySure() {
      const { g, q, into } = this;
      const count = new Int32Array(g.width);
      let rows = 0;
      for (const w of q.targets) {
        /** @type {Set<Int32Array>} equal sets are one object */
        const sets = new Set();
        for (let j = into.indptr[w]; j < into.indptr[w + 1]; j++) {
          if (this.ahead[into.tails[j]] < FAR) sets.add(g.need[into.edges[j]]);
        }
        rows += sets.size;
        for (const bits of sets) for (const b of bits) count[b]++;
      }
      const free = new Uint8Array(g.width);
      if (this.crosses) {
        g.need.forEach((bits, e) => {
          if (g.crossing[e]) for (const b of bits) free[b] = 1;
        });
      }
      this.sure = Uint8Array.from(count, (n, b) => Number(rows && n === rows && !free[b] && !q.held[b]));
      this.sureTop = new Uint8Array(g.width);
      for (const w of q.targets) {
        for (let j = into.indptr[w]; j < into.indptr[w + 1]; j++) {
          for (const b of g.top[into.edges[j]]) this.sureTop[b] = this.sure[b];
        }
      }
      this.sureTops = this.sureTop.reduce((sum, x) => sum + x, 0);
    }

    /** @param {Aim} aim */
    sureWeight(aim) {
      return this.sure.reduce((sum, x, b) => sum + (x ? aim.weights[b] || 0 : 0), 0);
    }

    /** The least sum from each role to a target, whatever the length. @param {Aim} aim */
    leastSum(aim) {
      const { g, q, into } = this;
      const least = new Float64Array(g.size).fill(FAR);
      let todo = [...q.targets].filter((t) => !q.blocked.has(t));
      for (const t of todo) least[t] = 0;
      while (todo.length) {
        const next = new Set();
        for (const v of todo) {
          for (let j = into.indptr[v]; j < into.indptr[v + 1]; j++) {
            const e = into.edges[j];
            const u = into.tails[j];
            const after = least[v] + aim.weights[e];
            if (after >= least[u] || q.shut.has(e)) continue;
            if (q.blocked.has(u) && u !== q.source) continue;
            least[u] = after;
            next.add(u);
          }
        }
        todo = [...next];
      }
      return least;
    }

    /** @returns {Generator<Search, Answer, void>} */
    *run() {
      const { g, q } = this;
      if (q.targets.has(q.source) && !q.tokens) {
        const values = valuesOf(g, q, []);
        const here = { values, steps: 0, edges: [] };
        return { ways: [here], complete: true, proven: g.size, examined: 0, bound: values };
      }
      let shortest = this.back[q.source];
      if (shortest === 0 && !this.crosses) shortest = 1; // at a target, with something still to pass
      if (shortest >= FAR) {
        return { ways: [], complete: true, proven: g.size, examined: 0, bound: [] };
      }
      let last = -1; // no role twice, so no more steps than there are roles on ways to a target
      for (let v = 0; v < g.size; v++) if (this.ahead[v] + this.back[v] < FAR) last++;
      if (q.maxSteps !== null) last = Math.min(last, q.maxSteps);
      let proven = Math.min(shortest - 1, last);
      let complete = true;
      for (let steps = shortest; steps <= last; steps++) {
        this.open = false;
        this.steps = steps;
        yield this;
        if (!(yield* new Pass(this, steps).run())) {
          complete = false;
          break;
        }
        proven = steps;
        if (!this.open) break;
      }
      const ways = this.found.sort(
        (a, b) => order(a.values, b.values) || a.steps - b.steps || order(a.edges, b.edges)
      );
      const { examined, bound } = this;
      return { ways, complete, proven: complete ? g.size : proven, examined, bound };
    }

    /** Whether no route of these values, or above them, is wanted. @param {number[]} values */
    worse(values) {
      const { k } = this.q;
      if (k) return this.found.length >= k && values[0] >= this.found[k - 1].values[0];
      return this.found.some((way) => way.values.every((a, i) => a <= values[i]));
    }

    /** @param {Way} way */
    keep(way) {
      const { k } = this.q;
      if (k) {
        const after = this.found.findIndex((old) => (old.values[0] - way.values[0] || old.steps - way.steps) > 0);
        this.found.splice(after < 0 ? this.found.length : after, 0, way);
        this.found.length = Math.min(this.found.length, k);
        return;
      }
      this.found = this.found.filter((old) => old.values.some((a, i) => a < way.values[i]));
      this.found.push(way);
    }
  }

  /** The search for routes of exactly so many steps. */
  class Pass {
    /** @param {Search} search @param {number} steps */
    constructor(search, steps) {
      const { g, q, ahead, back } = search;
      this.s = search;
      this.steps = steps;
      /** @type {number[]} */
      this.nodes = [];
      const local = new Int32Array(g.size).fill(-1);
      for (let v = 0; v < g.size; v++) {
        if (ahead[v] + back[v] <= steps || v === q.source) local[v] = this.nodes.push(v) - 1;
      }
      /** @type {number[]} */
      const heads = [];
      /** @type {number[]} */
      const edges = [];
      this.indptr = new Int32Array(this.nodes.length + 1);
      let cut = false; // whether an edge leads out of the corridor to where a target can be met
      this.nodes.forEach((v, i) => {
        for (let e = g.indptr[v]; e < g.indptr[v + 1]; e++) {
          const w = g.heads[e];
          if (w === q.source || q.blocked.has(w) || q.shut.has(e)) continue;
          if (local[w] >= 0) {
            heads.push(local[w]);
            edges.push(e);
          } else if (back[w] < FAR) cut = true;
        }
        this.indptr[i + 1] = heads.length;
      });
      this.heads = Int32Array.from(heads);
      this.edges = Int32Array.from(edges);
      this.source = local[q.source];
      this.target = new Uint8Array(this.nodes.length);
      for (const t of q.targets) if (local[t] >= 0) this.target[local[t]] = 1;
      this.dist = Float64Array.from(this.nodes, (v) => back[v]);
      this.plain = !edges.some((e) => g.crossing[e]);
      if (cut && !search.open) {
        const { bound } = search;
        search.open = !search.worse(q.aims.map((a, i) => (a.kind === "steps" ? steps + 1 : bound[i])));
      }
    }

    /** What each edge adds to the bounds. */
    basis() {
      const { s, heads, edges } = this;
      const { g, q, sure, sureTop } = s;
      const roles = new Int32Array(g.width); // roles of the corridor that ask for a bit
      const last = new Int32Array(g.width).fill(-1);
      const order = Array.from(heads.keys()).sort((a, b) => heads[a] - heads[b]);
      for (const e of order) {
        for (const b of g.need[edges[e]]) {
          if (last[b] !== heads[e]) {
            last[b] = heads[e];
            roles[b]++;
          }
        }
      }
      const only = Uint8Array.from(roles, (n, b) => Number(n === 1 && !q.held[b]));
      const alone = Float64Array.from(edges, (e) => among(g.top[e], only));
      const pick = Float64Array.from(edges, (e) => among(g.need[e], sureTop));
      const extra = q.aims
        .filter((a) => a.kind === "learn")
        .map(({ weights }) => {
          const least = new Float64Array(this.nodes.length).fill(FAR);
          const seen = new Map();
          heads.forEach((w, i) => {
            const bits = g.need[edges[i]];
            let sum = seen.get(bits);
            if (sum === undefined) {
              sum = 0;
              for (const b of bits) if (!q.held[b] && !sure[b]) sum += weights[b] || 0;
              seen.set(bits, sum);
            }
            least[w] = Math.min(least[w], sum);
          });
          return least.map((x) => (x >= FAR ? 0 : x));
        });
      const sums = q.aims
        .filter((a) => a.kind === "sum")
        .map(({ weights }) => Float64Array.from(edges, (e) => weights[e]));
      return { alone, pick, extra, sums };
    }

    /** Bounds by steps to go and role: the first index is the count of steps. */
    tables() {
      const { alone, pick, extra, sums } = this.basis();
      const n = this.nodes.length;
      const first = Float64Array.from(this.target, (end) => (end ? 0 : FAR));
      const t = {
        alone: [first],
        pick: [first.map((x) => (x ? -FAR : 0))],
        extra: extra.map(() => [first]),
        sums: sums.map(() => [first]),
      };
      for (let r = 1; r < this.steps; r++) {
        const a = new Float64Array(n).fill(FAR);
        const p = new Float64Array(n).fill(-FAR);
        const xs = extra.map(() => new Float64Array(n).fill(FAR));
        const ys = sums.map(() => new Float64Array(n).fill(FAR));
        const [beforeA, beforeP] = [t.alone[r - 1], t.pick[r - 1]];
        for (let v = 0; v < n; v++) {
          if (this.dist[v] > r) continue;
          for (let e = this.indptr[v]; e < this.indptr[v + 1]; e++) {
            const w = this.heads[e];
            if (beforeA[w] >= FAR) continue;
            a[v] = Math.min(a[v], Math.max(alone[e], beforeA[w]));
            p[v] = Math.max(p[v], (r > 1 ? pick[e] : 0) + beforeP[w]);
            for (let i = 0; i < xs.length; i++) {
              xs[i][v] = Math.min(xs[i][v], Math.max(extra[i][v], t.extra[i][r - 1][w]));
            }
            for (let i = 0; i < ys.length; i++) {
              ys[i][v] = Math.min(ys[i][v], sums[i][e] + t.sums[i][r - 1][w]);
            }
          }
        }
        t.alone.push(a);
        t.pick.push(p);
        xs.forEach((x, i) => t.extra[i].push(x));
        ys.forEach((y, i) => t.sums[i].push(y));
      }
      return t;
    }

    /** Search depth first; false where the budget ends it. @returns {Generator<Search, boolean, void>} */
    *run() {
      const { s, steps, indptr, heads, edges, dist } = this;
      const { g, q, sure, sureTop } = s;
      const aims = q.aims;
      const back = this.plain ? this.tables() : null;
      const have = q.held.slice();
      const allSure = s.rest;
      /** @type {number[]} bits learned, in order: taken back when a branch is left */
      const trail = [];
      const start = {
        node: this.source, steps: 0, hardest: 0, tokens: q.tokens, costs: aims.map(() => 0),
        rest: s.rest.slice(), todo: s.sureTops, trail: 0, next: indptr[this.source],
      };
      const stack = [start];
      /** @type {number[]} */
      const way = [];
      const onWay = new Uint8Array(this.nodes.length);
      onWay[this.source] = 1;
      /** @type {Map<number, {steps: number, bits: number[], costs: number[]}[]>} */
      const kept = new Map();

      /** Note that a longer route could belong to the set. @param {number[]} eventual */
      const maybeOpen = (eventual) => {
        if (!s.open && !s.worse(eventual)) s.open = true;
      };
      /** @param {typeof start} at */
      const longer = (at) =>
        aims.map((a, i) => {
          if (a.kind === "steps") return steps + 1;
          if (a.kind === "learn") return at.costs[i] + at.rest[i];
          return a.kind === "hardest" ? at.hardest : at.costs[i] + s.least[i][this.nodes[at.node]];
        });

      let breath = s.examined + BREATH;
      while (stack.length) {
        const at = stack[stack.length - 1];
        const e = at.next;
        if (e === indptr[at.node + 1]) {
          stack.pop();
          onWay[at.node] = 0;
          while (trail.length > at.trail) have[trail.pop()] = 0;
          way.pop();
          continue;
        }
        at.next++;
        const w = heads[e];
        if (onWay[w]) continue;
        const edge = edges[e];
        const crossing = g.crossing[edge];
        const left = steps - at.steps - (crossing ? 0 : 1);
        const missing = at.tokens & ~g.tokens[edge];
        const ends = this.target[w] && !missing;
        if (left < 0 || (ends && left > 0)) {
          // a route ends in the first target; but too short a pass cuts off what is longer
          if (left < 0 && !s.open) maybeOpen(longer(at));
          continue;
        }
        if (dist[w] > left || (!ends && left === 0 && this.plain)) {
          if (!s.open) maybeOpen(longer(at));
          continue;
        }
        s.examined++;
        if (s.examined > s.budget) return false;
        if (s.examined > breath) {
          breath = s.examined + BREATH;
          yield s;
        }
        const load = crossing ? 0 : lacking(g.top[edge], have);
        if (q.maxLoad !== null && load > q.maxLoad) continue;
        const hardest = Math.max(at.hardest, load);
        const costs = at.costs.slice();
        const rest = at.rest.slice();
        const need = g.need[edge];
        let todo = at.todo;
        for (let i = 0; i < need.length; i++) {
          const b = need[i];
          if (have[b]) continue;
          todo -= sureTop[b];
          if (crossing) continue;
          for (let j = 0; j < aims.length; j++) {
            if (aims[j].kind !== "learn") continue;
            const weight = aims[j].weights[b] || 0;
            costs[j] += weight;
            if (sure[b]) rest[j] -= weight;
          }
        }
        const lower = new Array(aims.length);
        const eventual = new Array(aims.length);
        let learns = 0;
        let sums = 0;
        for (let i = 0; i < aims.length; i++) {
          const kind = aims[i].kind;
          if (kind === "steps") {
            lower[i] = steps;
            eventual[i] = steps + 1;
          } else if (kind === "learn") {
            let value = costs[i] + rest[i];
            eventual[i] = value;
            if (back) {
              const come = back.extra[learns][left][w];
              value = come >= FAR ? FAR : value + Math.max(0, come - (costs[i] - allSure[i] + rest[i]));
            }
            lower[i] = value;
            learns++;
          } else if (kind === "hardest") {
            eventual[i] = Math.max(hardest, Math.min(todo, 1));
            let value = hardest;
            if (left) {
              value = Math.max(value, Math.ceil(todo / left));
              if (back) value = Math.max(value, todo - back.pick[left][w], back.alone[left][w]);
            }
            lower[i] = value;
          } else {
            costs[i] += aims[i].weights[edge];
            const least = s.least[i][this.nodes[w]];
            eventual[i] = costs[i] + least;
            lower[i] = costs[i] + (back ? back.sums[sums][left][w] : least);
            sums++;
          }
        }
        if ((back && back.alone[left][w] >= FAR) || s.worse(lower)) {
          maybeOpen(eventual);
          continue;
        }
        if (ends) {
          s.keep({ values: lower, steps, edges: [...way, e].map((x) => edges[x]) });
          continue;
        }
        const mark = trail.length;
        for (let i = 0; i < need.length; i++) {
          if (!have[need[i]]) {
            have[need[i]] = 1;
            trail.push(need[i]);
          }
        }
        if (s.dominance && outdone(kept, w, at.steps + 1, trail, have, costs, aims)) {
          while (trail.length > mark) have[trail.pop()] = 0;
          continue;
        }
        stack.push({
          node: w, steps: at.steps + (crossing ? 0 : 1), hardest, tokens: missing, costs, rest,
          todo, trail: mark, next: indptr[w],
        });
        way.push(e);
        onWay[w] = 1;
      }
      return true;
    }
  }

  /**
   * Whether an earlier branch at the same role was no worse in anything, even if it had to learn
   * later what this one has learned already; else note this one.
   * @param {Map<number, {steps: number, bits: number[], costs: number[]}[]>} kept
   * @param {number} role @param {number} steps @param {number[]} trail @param {Uint8Array} have
   * @param {number[]} costs @param {Aim[]} aims
   */
  function outdone(kept, role, steps, trail, have, costs, aims) {
    let branches = kept.get(role);
    if (!branches) kept.set(role, (branches = []));
    const whole = aims.map((a) =>
      a.kind === "learn" ? trail.reduce((sum, b) => sum + (a.weights[b] || 0), 0) : 0
    );
    for (const before of branches) {
      if (before.steps > steps) continue;
      const better = aims.every((a, i) => {
        let lacks = whole[i];
        if (a.kind === "learn") {
          for (const b of before.bits) if (have[b]) lacks -= a.weights[b] || 0;
        }
        return before.costs[i] + lacks <= costs[i];
      });
      if (better) return true;
    }
    branches.push({ steps, bits: trail.slice(), costs });
    if (branches.length > KEPT) branches.shift();
    return false;
  }

  app.pareto = {
    BUDGET, FAR, Search, distances, reversed, valuesOf,
    /** @param {Graph} g @param {Question} q @param {number} [budget] */
    search: (g, q, budget) => new Search(g, q, budget || BUDGET).run(),
  };
})((window.rolegraphSite = window.rolegraphSite || {}));
