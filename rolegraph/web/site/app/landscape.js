/* What every step would have a person learn, as sets of bits: the same as rolegraph/learning.py.
   A skill is one bit for each level that somebody asks of it, or a single one; certifications are
   one bit each, after all skills. A set of bits is a sorted Int32Array. */
(function (app) {
  "use strict";

  const { digit, undelta } = app.data;
  const NONE = new Int32Array(0);

  /**
   * @typedef {object} Demand
   * @property {number} skill
   * @property {number} strength into core.strengths
   * @property {number} kind into core.kinds
   * @property {number} rung -1: no level is known
   */

  /** Read the demands of each maker (roles first, then transitions). @param {any} asks */
  function demands(asks) {
    /** @type {Demand[][]} */
    const found = [];
    const rung = new Map();
    undelta(asks.levelAt || []).forEach((at, i) => rung.set(at, asks.levelUp[i]));
    let at = 0;
    for (const count of asks.count) {
      /** @type {Demand[]} */
      const own = [];
      let skill = 0;
      for (let i = 0; i < count; i++, at++) {
        skill += asks.skill[at];
        own.push({
          skill,
          strength: digit(asks.strength, at),
          kind: digit(asks.kind, at),
          rung: rung.has(at) ? rung.get(at) : -1,
        });
      }
      found.push(own);
    }
    return found;
  }

  /** @param {Set<number>} bits @returns {Int32Array} */
  const sorted = (bits) => Int32Array.from(bits).sort();

  /** What roles and transitions ask, in bits; see the head of the file. */
  class Landscape {
    /**
     * @param {any} core @param {any} asks @param {any} network @param {any} certs
     * @param {string[] | null} strengths demands that count; null for all
     */
    constructor(core, asks, network, certs, strengths) {
      this.size = core.roles.length;
      this.core = core;
      this.network = network;
      const wanted = strengths && new Set(strengths.map((s) => core.strengths.indexOf(s)));
      const stated = demands(asks);
      /** @type {boolean[]} whether some source says which skills a maker asks for, counted or not */
      this.told = stated.map((own) => own.length > 0);
      /** @type {Demand[][]} */
      this.demands = stated.map((own) =>
        wanted ? own.filter((d) => wanted.has(d.strength)) : own
      );
      this.layBits(asks);
      this.layCertifications(certs);
      this.layWeights(asks, strengths === null);
      this.sources = new Int32Array(network.target.length);
      let e = 0;
      network.out.forEach((/** @type {number} */ n, /** @type {number} */ u) => {
        for (const end = e + n; e < end; e++) this.sources[e] = u;
      });
      this.makerOf = new Map(network.maker || []);
      /** @type {Map<string, {need: Int32Array, top: Int32Array}>} */
      this.made = new Map();
    }

    /** Give each skill its bits, and each maker those that it asks. @param {any} asks */
    layBits(asks) {
      const values = new Map((asks.rungs || []).map((/** @type {any} */ r) => [r[0], r]));
      /** @type {Map<number, Set<number>>} */
      const used = new Map();
      for (const own of this.demands) {
        for (const d of own) {
          if (!used.has(d.skill)) used.set(d.skill, new Set());
          if (d.rung >= 0) used.get(d.skill).add(d.rung);
        }
      }
      /** @type {Map<number, {first: number, rungs: number[], names: string[]}>} */
      this.skills = new Map();
      /** @type {number[]} */
      const owner = [];
      for (const skill of [...used.keys()].sort((a, b) => a - b)) {
        const ups = [...used.get(skill)].sort((a, b) => a - b);
        const named = values.get(skill) || [skill, [], []];
        this.skills.set(skill, {
          first: owner.length,
          rungs: ups.map((u) => named[1][u]),
          names: ups.map((u) => (named[2] || [])[u] || ""),
          ups,
        });
        for (let i = 0; i < Math.max(1, ups.length); i++) owner.push(skill);
      }
      this.skillBits = owner.length;
      this.owner = Int32Array.from(owner);
      this.asked = this.demands.map((own) => {
        const bits = new Set();
        for (const d of own) {
          const at = this.skills.get(d.skill);
          for (let i = at.first; i <= this.bitOf(d); i++) bits.add(i);
        }
        return bits.size ? sorted(bits) : NONE;
      });
      this.tops = this.demands.map((own) => this.highest(own.map((d) => this.bitOf(d))));
    }

    /** Give the highest bit that a demand asks for. @param {Demand} d */
    bitOf(d) {
      const at = this.skills.get(d.skill);
      return at.first + (d.rung >= 0 ? at.ups.indexOf(d.rung) : 0);
    }

    /** Keep the highest bit of each skill. @param {number[]} bits @returns {Int32Array} */
    highest(bits) {
      const best = new Map();
      for (const b of bits) best.set(this.owner[b], Math.max(b, best.get(this.owner[b]) ?? -1));
      return best.size ? Int32Array.from(best.values()).sort() : NONE;
    }

    /** @param {any} certs */
    layCertifications(certs) {
      const named = (certs && certs.named) || [];
      const used = [...new Set(named.map((/** @type {number[]} */ p) => p[1]))];
      used.sort((a, b) => a - b);
      /** @type {Map<number, number>} */
      this.certBit = new Map(used.map((c, i) => [c, this.skillBits + i]));
      this.certOf = used;
      this.width = this.skillBits + used.length;
      /** @type {Map<number, number[]>} certifications by maker */
      this.named = new Map();
      for (const [maker, c] of named) {
        if (!this.named.has(maker)) this.named.set(maker, []);
        if (!this.named.get(maker).includes(c)) this.named.get(maker).push(c);
      }
    }

    /** @param {any} asks @param {boolean} all whether all strengths count */
    layWeights(asks, all) {
      this.importance = all && asks.importance ? Float64Array.from(asks.importance) : null;
      if (all && asks.effort) {
        this.effort = Float64Array.from(asks.effort);
        return;
      }
      const df = new Map();
      let n = 0;
      for (let r = 0; r < this.size; r++) {
        const own = new Set(this.demands[r].map((d) => d.skill));
        if (own.size) n++;
        for (const s of own) df.set(s, (df.get(s) || 0) + 1);
      }
      this.effort = new Float64Array(this.skillBits);
      for (const [skill, { first, rungs }] of this.skills) {
        const weight = Math.log(1 + n / Math.max(1, df.get(skill) || 0));
        shares(rungs).forEach((share, i) => {
          this.effort[first + i] = Math.round(weight * share * 1e6);
        });
      }
    }

    /** What somebody holds who has a skill at a level (null: not known, so any).
        @param {number} skill @param {number | null} level @returns {number[]} */
    bits(skill, level) {
      const at = this.skills.get(skill);
      if (!at) return [];
      if (!at.rungs.length) return [at.first];
      const count = level === null ? at.rungs.length : at.rungs.filter((x) => x <= level).length;
      return Array.from({ length: count }, (_, i) => at.first + i);
    }

    /** For each skill the lowest bit that is not held. @param {Uint8Array} held */
    nextLevels(held) {
      const next = new Float64Array(this.width);
      for (const { first, rungs } of this.skills.values()) {
        for (let i = first; i < first + Math.max(1, rungs.length); i++) {
          if (!held[i]) {
            next[i] = 1;
            break;
          }
        }
      }
      return next;
    }

    /** What a step asks for. @param {number} e number of the edge @param {boolean} crossing */
    asks(e, crossing) {
      const target = this.network.target[e];
      const maker = crossing ? -2 : this.makerOf.get(e) ?? -1;
      const key = `${target}/${maker}`;
      let made = this.made.get(key);
      if (!made) {
        made = crossing ? { need: this.asked[target], top: NONE } : this.put(target, maker);
        this.made.set(key, made);
      }
      return made;
    }

    /** @param {number} target @param {number} maker */
    put(target, maker) {
      const makers = maker < 0 ? [target] : [target, maker];
      const certs = makers.flatMap((m) => this.named.get(m) || []);
      const own = maker < 0 ? NONE : this.asked[maker];
      const need =
        certs.length || own.length
          ? sorted(new Set([...this.asked[target], ...own, ...certs.map((c) => this.certBit.get(c))]))
          : this.asked[target];
      const more = maker < 0 ? NONE : this.tops[maker];
      const top = more.length ? this.highest([...this.tops[target], ...more]) : this.tops[target];
      return { need, top };
    }

    /**
     * Give the steps that may be used, in compressed rows.
     * @param {{kinds: string[] | null, types: string[] | null, mappings: boolean,
     *          minValue: number | null}} wants
     */
    graph(wants) {
      const { core, network } = this;
      const kinds = wants.kinds && new Set(wants.kinds.map((k) => core.kinds.indexOf(k)));
      const mapping = core.types.indexOf("mapping");
      const steps = wants.types || ["promotion", "lateral move", "transition", "suggested"];
      const types = new Set(steps.map((t) => core.types.indexOf(t)));
      if (wants.mappings) types.add(mapping);
      const numbers = [];
      const indptr = new Int32Array(this.size + 1);
      for (let e = 0; e < network.target.length; e++) {
        const type = digit(network.type, e);
        if (!types.has(type) || (kinds && !kinds.has(digit(network.kind, e)))) continue;
        const value = network.value ? network.value[e] ?? -1 : -1;
        if (wants.minValue !== null && value >= 0 && Math.fround(value / 1e6) < wants.minValue) {
          continue;
        }
        numbers.push(e);
        indptr[this.sources[e] + 1]++;
      }
      for (let u = 0; u < this.size; u++) indptr[u + 1] += indptr[u];
      const crossing = Uint8Array.from(numbers, (e) => Number(digit(network.type, e) === mapping));
      const made = numbers.map((e, i) => this.asks(e, Boolean(crossing[i])));
      return {
        size: this.size,
        width: this.width,
        numbers: Int32Array.from(numbers),
        indptr,
        heads: Int32Array.from(numbers, (e) => network.target[e]),
        need: made.map((m) => m.need),
        top: made.map((m) => m.top),
        crossing,
        tokens: new Int32Array(numbers.length),
      };
    }
  }

  /** The share of the highest level that each level adds. @param {number[]} rungs */
  function shares(rungs) {
    if (!rungs.length) return [1];
    const top = rungs[rungs.length - 1];
    if (rungs[0] < 0 || top <= 0) return rungs.map(() => 1 / rungs.length);
    return rungs.map((x, i) => (x - (i ? rungs[i - 1] : 0)) / top);
  }

  app.Landscape = Landscape;
})((window.rolegraphSite = window.rolegraphSite || {}));
