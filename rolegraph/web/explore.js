/* Roles and the steps between them as a network to move about in.
 *
 * A classic script: RolegraphExplore(container, data, options) draws into an element and gives
 * {select(id), route(from, to), destroy()}. Needs graphology and Sigma (web/vendor) as globals, and
 * explore.css; without WebGL, or without the two, search, cards, routes and the list still work.
 *
 * data     {title, kinds, types, families, levels, sources: [label], roles: [[label, id, familyIx,
 *          levelIx, sourceIx]], alts: {roleIx: [name]}, out: [edges per role], target: [roleIx],
 *          type, kind: one base-36 digit per edge (or numbers), value: [millionths or -1], x, y}
 *          RolegraphExplore.fromSite(core, network, layout, rolenames) makes it of the files of
 *          the explorer page.
 * options  card(id)      card of a role, or a promise of one (see _card), or a DOM node
 *          search(text)  ids, best first, or a promise; labels are searched when it is missing
 *          onSelect(id), onRoute([ids])   told what was chosen; id is null when nothing is
 *          href(id)      address of the role's own page
 *          select, route: [from, to]      what to begin with
 *          height        of the map in px       wheel  "focus": only a map with focus takes the wheel
 */
(function (globalThis) {
  "use strict";
  const MANY = 600; // edges from which on not all of them are drawn at once
  const HIDES = 1000; // what it costs a label to hide an arrowhead or a role; a point of a line costs 1
  const FEW = 12; // lines of a list before "all"
  const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
  const DASH = { stated: [], curated: [9, 4], imported: [12, 3, 2, 3], observed: [5, 3], inferred: [2, 4], unsourced: [1, 6] };
  let serial = 0;

  // --- small tools

  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...children.filter((c) => c != null && c !== false));
    return node;
  }

  function svg(tag, attributes, ...children) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const digit = (list, i) => (typeof list === "string" ? parseInt(list[i], 36) : list[i]);
  const many = (n, one, more) => `${n.toLocaleString("en")} ${n === 1 ? one : more || one + "s"}`;
  /** A name among other words: its direction is its own, whatever stands beside it. */
  const name = (text) => el("bdi", {}, text);
  const LETTERS = "\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}"; // from right to left
  const RTL = new RegExp(`^[^\\p{L}]*[${LETTERS}]`, "u");
  const GROUP = `\\([${LETTERS}\\d\\s.%+\\u2013\\-]*\\)`;
  const STRETCH = new RegExp(`([${LETTERS}](?:[${LETTERS}\\d]|[\\s.'"\\u2019/%+_\\u2013\\-]+(?=[${LETTERS}\\d]|${GROUP})|${GROUP})*)`, "u");
  /** A sentence with names in it, those from right to left set apart: as bidi.apart in Python. */
  const apart = (text) => text.split(STRETCH).map((part, i) => (i % 2 ? name(part) : part));
  /** Parts with something between them. */
  const joined = (parts, between) => parts.flatMap((p, i) => (i ? [between, p] : [p]));
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function webgl() {
    try {
      const gl = document.createElement("canvas").getContext("webgl2");
      gl?.getExtension("WEBGL_lose_context")?.loseContext();
      return Boolean(gl);
    } catch {
      return false;
    }
  }

  // --- the network as numbers

  function read(data) {
    const n = data.roles.length;
    const roles = data.roles.map(([label, id, family = -1, level = -1, source = -1], i) => ({
      i, label, id: String(id), key: plain(label),
      family: data.families?.[family] || "", level: data.levels?.[level] || "", source: data.sources?.[source] || "",
      out: [], into: [],
    }));
    const edges = [];
    let e = 0;
    for (let a = 0; a < n; a++) {
      for (let k = 0; k < (data.out[a] || 0); k++, e++) {
        const b = data.target[e], type = data.types[digit(data.type, e)];
        if (type === "mapping" || a === b) continue; // to cross into another classification is no step
        const value = data.value && data.value[e] >= 0 ? data.value[e] / 1e6 : null;
        const edge = { i: edges.length, a, b, type, kind: data.kinds[digit(data.kind, e)], value };
        edges.push(edge);
        roles[a].out.push(edge);
        roles[b].into.push(edge);
      }
    }
    const rank = (x) => [data.kinds.indexOf(x.kind), -(x.value ?? 0)];
    const better = (end) => (x, y) => {
      const p = rank(x), q = rank(y);
      return p[0] - q[0] || p[1] - q[1] || roles[x[end]].label.localeCompare(roles[y[end]].label);
    };
    for (const r of roles) {
      r.out.sort(better("b"));
      r.into.sort(better("a"));
    }
    return { roles, edges, byId: new Map(roles.map((r) => [r.id, r])) };
  }

  /** Cut a name between two words so that the wider half is as narrow as can be; null for one word. */
  function halves(text, wide) {
    const words = text.split(" ");
    const cuts = words.slice(1).map((_, i) => [words.slice(0, i + 1).join(" "), words.slice(i + 1).join(" ")]);
    const most = (cut) => Math.max(...cut.map(wide));
    return cuts.sort((p, q) => most(p) - most(q))[0] || null;
  }

  /** Find the shortest way over edges that are shown; of equals the first by the labels on it. */
  function shortest(net, from, to, shown) {
    const far = new Map([[to, 0]]);
    let ring = [to];
    while (ring.length && !far.has(from)) {
      const next = [];
      for (const i of ring) {
        for (const e of net.roles[i].into) {
          if (shown(e) && !far.has(e.a)) {
            far.set(e.a, far.get(i) + 1);
            next.push(e.a);
          }
        }
      }
      ring = next;
    }
    if (!far.has(from)) return null;
    const way = [];
    for (let at = from; at !== to; at = way[way.length - 1].b) {
      const steps = net.roles[at].out.filter((e) => shown(e) && far.get(e.b) === far.get(at) - 1);
      const name = (e) => net.roles[e.b].label;
      steps.sort((x, y) => (name(x) < name(y) ? -1 : name(x) > name(y) ? 1 : 0)); // stable: best kind first
      way.push(steps[0]);
    }
    return way;
  }

  /** Find roles by name: the whole name, its beginning, the beginnings of its words, any part; or by the
      whole name only. */
  function finder(net, alts) {
    const names = net.roles.map((r) => [r.key, ...((alts && alts[r.i]) || []).map(plain)]);
    const exact = (text) => {
      const wanted = plain(text), own = net.roles.filter((r) => r.key === wanted);
      return own.length ? own : net.roles.filter((r) => names[r.i].includes(wanted));
    };
    const find = (text, limit) => {
      const wanted = plain(text.trim()).split(/\s+/).filter(Boolean);
      if (!wanted.length) return [];
      const whole = wanted.join(" ");
      const found = [];
      names.forEach((own, i) => {
        let best = 9;
        own.forEach((name, k) => {
          const words = name.split(/[^\p{L}\p{N}]+/u);
          const score = name === whole ? 0 : name.startsWith(whole) ? 1
            : wanted.every((w) => words.some((x) => x.startsWith(w))) ? 2
            : wanted.every((w) => name.includes(w)) ? 3 : 9;
          best = Math.min(best, score + (k ? 0.5 : 0));
        });
        if (best < 9) found.push([best, names[i][0].length, i]);
      });
      found.sort((p, q) => p[0] - q[0] || p[1] - q[1] || p[2] - q[2]);
      return found.slice(0, limit).map((f) => net.roles[f[2]]);
    };
    return { find, exact };
  }

  // --- a field with suggestions (the combobox pattern of the ARIA practices)

  /* What was typed is taken on Enter, by a choice, and when the field is left: then only if it is the name
     of one role, or fits one alone. `tell` gets what is wrong with it otherwise, or nothing. */
  function field(label, id, find, exact, chosen, tell) {
    const input = el("input", {
      id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", placeholder: "Type a role", dir: "auto",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id + "-list",
    });
    const list = el("ul", { id: id + "-list", role: "listbox", "aria-label": label, hidden: true });
    let shown = [], at = -1, asked = 0, typed = false, open = null; // open: a text that is being taken, as a promise
    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (k) => {
      at = k;
      [...list.children].forEach((li, j) => li.setAttribute("aria-selected", String(j === k)));
      if (k >= 0) {
        input.setAttribute("aria-activedescendant", list.children[k].id);
        list.children[k].scrollIntoView({ block: "nearest" });
      } else input.removeAttribute("aria-activedescendant");
    };
    const set = (text) => {
      asked++;
      typed = false;
      open = null;
      input.value = text;
      close();
      tell(input, null);
    };
    const take = (role) => {
      set(role.label);
      chosen(role);
      return role;
    };
    const show = (roles) => {
      shown = roles;
      list.replaceChildren(...roles.map((r, k) => el("li",
        { id: `${id}-o${k}`, role: "option", "aria-selected": "false", onpointerdown: (ev) => { ev.preventDefault(); take(r); } },
        name(r.label), " ", el("small", {}, ...joined([r.level, r.family, r.source].filter(Boolean).map(name), " · ")))));
      if (!roles.length) list.append(el("li", { class: "rgx-none", role: "option", "aria-disabled": "true" }, "No role found"));
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      mark(-1);
    };
    /** Take what was typed, or say why not; give the role, or null. */
    const settle = () => {
      if (!typed || !input.value.trim()) {
        if (typed) tell(input, null);
        return Promise.resolve(null);
      }
      open ??= (async () => {
        const text = input.value.trim(), named = exact(text);
        const mine = asked;
        const roles = await (named.length ? named : find(text));
        if (mine !== asked || !typed) return null;
        if (roles.length === 1) return take(roles[0]);
        open = null;
        shown = roles;
        tell(input, roles.length ? ["Several roles fit ", el("q", { dir: "auto" }, text), ": ",
          ...joined(roles.slice(0, 3).map((r) => name(r.label)), ", "), roles.length > 3 ? " and more" : "", ". Choose one."]
          : ["No role has a name like ", el("q", { dir: "auto" }, text), "."]);
        return null;
      })();
      return open;
    };
    input.addEventListener("input", async () => {
      const mine = ++asked;
      typed = true;
      open = null;
      tell(input, null);
      if (!input.value.trim()) return close();
      const roles = await find(input.value);
      if (mine === asked && document.activeElement === input) show(roles);
    });
    input.addEventListener("keydown", async (ev) => {
      const opened = !list.hidden;
      if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
        ev.preventDefault();
        if (opened && shown.length) mark((at + (ev.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1) + shown.length) % shown.length);
      } else if (ev.key === "Enter") {
        ev.preventDefault();
        const mine = asked;
        const best = opened && shown.length ? shown[Math.max(at, 0)] : (await find(input.value))[0];
        if (best && mine === asked) take(best);
        else if (mine === asked) settle();
      } else if (ev.key === "Escape" && opened) {
        ev.stopPropagation();
        close();
      }
    });
    list.addEventListener("mousedown", (ev) => ev.preventDefault()); // its scroll bar does not leave the field
    input.addEventListener("blur", () => {
      close();
      settle();
    });
    const box = el("div", { class: "rgx-field" }, el("label", { for: id }, label), el("div", { class: "rgx-combo" }, input, list));
    /** Go to the field, with what fits the text in it. */
    const focus = () => {
      input.focus();
      if (typed && input.value.trim()) show(shown);
    };
    return { box, input, set, settle, focus };
  }

  // --- the whole

  function RolegraphExplore(container, data, options = {}) {
    const own = "rgx" + ++serial;
    const net = read(data);
    const { roles, edges } = net;
    const count = Object.fromEntries(data.kinds.map((k) => [k, 0]));
    for (const e of edges) count[e.kind]++;
    const kinds = data.kinds.filter((k) => count[k]);
    const hidden = new Set();
    const shown = (e) => !hidden.has(e.kind);
    const local = finder(net, data.alts);
    const find = async (text) => {
      if (!options.search) return local.find(text, 12);
      const ids = await options.search(text);
      return dead ? [] : ids.map((id) => net.byId.get(String(id))).filter(Boolean).slice(0, 12);
    };
    const cards = new Map();
    const cardOf = (role) => {
      if (!options.card) return Promise.resolve(null);
      if (!cards.has(role.id)) cards.set(role.id, Promise.resolve(options.card(role.id)).catch(() => null));
      return cards.get(role.id);
    };

    let selected = null, hovered = null, way = null, map = null, dead = false;
    const ends = { from: null, to: null };

    // what stands where
    const note = el("p", { class: "rgx-note", id: own + "-note", hidden: true });
    /** Say, where it can be seen, what is wrong with a field; null when nothing is. */
    const tell = (input, what) => {
      if (!what && input && input.getAttribute("aria-invalid") !== "true") return;
      for (const it of [search, from, to]) {
        for (const name of ["aria-invalid", "aria-describedby"]) it.input.removeAttribute(name);
      }
      note.hidden = !what;
      note.replaceChildren(...(what || []));
      if (!what) return;
      status.textContent = note.textContent;
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", note.id);
    };
    const search = field("Find a role", own + "-find", find, local.exact, (r) => select(r), tell);
    const from = field("Route from", own + "-from", find, local.exact, (r) => { ends.from = r; if (ends.to) draw(); }, tell);
    const to = field("to", own + "-to", find, local.exact, (r) => { ends.to = r; if (ends.from) draw(); }, tell);
    const stage = el("div", {
      class: "rgx-stage", tabindex: "0", role: "group", style: options.height ? `height:${options.height}px` : null,
      "aria-label": `Map of ${many(roles.length, "role")}. Arrow keys move it, plus and minus zoom, 0 shows all of it. All roles are in the list below it.`,
    });
    const view = el("div", { class: "rgx-view" });
    const zoom = el("div", { class: "rgx-zoom", role: "group", "aria-label": "Zoom" },
      el("button", { type: "button", "aria-label": "Zoom in", title: "Zoom in (+)", onclick: () => map?.zoom(1 / 1.6) }, "+"),
      el("button", { type: "button", "aria-label": "Zoom out", title: "Zoom out (−)", onclick: () => map?.zoom(1.6) }, "−"),
      el("button", { type: "button", "aria-label": "Show all", title: "Show all (0)", onclick: () => map?.fit() }, "⤢"));
    // no <fieldset>: WebKit puts a floating <legend> on its border
    const legend = el("div", { class: "rgx-kinds", role: "group", "aria-labelledby": own + "-kinds" }, el("span", { class: "rgx-head", id: own + "-kinds" }, "Evidence"), ...kinds.map((kind) =>
      el("label", {}, el("input", {
        type: "checkbox", checked: true, value: kind,
        onchange: (ev) => {
          if (ev.target.checked) hidden.delete(kind);
          else hidden.add(kind);
          map?.refresh();
          if (way) draw();
          else if (selected) side();
        },
      }), sample(kind), el("span", {}, kind), el("small", {}, count[kind].toLocaleString("en")))));
    const panel = el("section", { class: "rgx-side", "aria-label": "Role or route", tabindex: "-1" });
    const status = el("p", { class: "rgx-status", role: "status" });
    const list = el("details", { class: "rgx-list" }, el("summary", {}, `All ${many(roles.length, "role")} as a list`));
    list.addEventListener("toggle", () => list.open && list.children.length === 1 && list.append(listed()));
    stage.append(view);
    const root = el("div", { class: "rgx" },
      el("div", { class: "rgx-bar" }, search.box, el("div", { class: "rgx-route", role: "group", "aria-label": "Draw a route" }, from.box, to.box,
        el("button", { type: "button", class: "rgx-go", onclick: go }, "Draw route")), note),
      el("div", { class: "rgx-main" }, el("div", { class: "rgx-left" }, stage, el("div", { class: "rgx-foot" }, legend, zoom)), panel), status, list);
    container.append(root);

    const watch = themed(root, () => map?.refresh());
    const sized = new ResizeObserver(() => root.classList.toggle("rgx-narrow", root.clientWidth < 720));
    sized.observe(root);

    function sample(kind) {
      return svg("svg", { width: 34, height: 10, viewBox: "0 0 34 10", class: "rgx-line", "aria-hidden": "true" },
        svg("line", { x1: 1, y1: 5, x2: 33, y2: 5, "stroke-dasharray": DASH[kind].join(" "), class: "rgx-k-" + kind }));
    }
    const tag = (kind) => el("span", { class: "rgx-tag rgx-t-" + kind }, kind);

    // --- lists beside the map

    function listed() {
      const box = el("div", { class: "rgx-all" });
      const byLabel = [...roles].sort((p, q) => p.label.localeCompare(q.label));
      const groups = new Map();
      for (const r of byLabel) {
        const letter = (r.key.match(/[a-z]/) || ["#"])[0].toUpperCase();
        if (!groups.has(letter)) groups.set(letter, []);
        groups.get(letter).push(r);
      }
      const whole = (rs) => el("ul", {}, ...rs.map((r) => el("li", {}, named(r), el("small", {}, ` ${r.out.length} on, ${r.into.length} here`))));
      if (roles.length <= 80) box.append(whole(byLabel));
      else {
        for (const [letter, rs] of groups) {
          const part = el("details", {}, el("summary", {}, `${letter} (${rs.length})`));
          part.addEventListener("toggle", () => part.open && part.children.length === 1 && part.append(whole(rs)));
          box.append(part);
        }
      }
      return box;
    }

    function named(role) {
      return el("button", { type: "button", class: "rgx-name", onclick: () => { select(role); panel.focus({ preventScroll: true }); } }, name(role.label));
    }

    function says(texts) {
      if (!texts || !texts.length) return null;
      return el("details", { class: "rgx-says" }, el("summary", {}, "who says so"), el("ul", {}, ...texts.map((t) => el("li", {}, ...apart(t)))));
    }

    function claimed(card, e) {
      const [a, b] = [roles[e.a].id, roles[e.b].id];
      return ((card && card.steps) || []).find((s) => s.from === a && s.to === b && s.type === e.type && s.kind === e.kind);
    }

    const after = (said) => said?.before?.length
      ? el("small", { class: "rgx-before" }, "comes after: ", ...joined(said.before.map(name), ", ")) : null;

    function step(e, end, card) {
      const said = claimed(card, e);
      const what = [e.type === "suggested" ? "suggested" : e.type, e.value == null ? "" : `value ${e.value.toFixed(2)}`, said?.hedge];
      return el("li", {}, named(roles[e[end]]), " ", tag(e.kind), " ", el("small", {}, what.filter(Boolean).join(", ")), " ", says(said?.says),
        after(said));
    }

    function rows(title, items, none) {
      const head = el("h3", {}, title, el("small", {}, items.length ? ` ${items.length}` : ""));
      if (!items.length) return [head, el("p", { class: "rgx-muted" }, none)];
      const first = el("ul", {}, ...items.slice(0, FEW));
      if (items.length <= FEW) return [head, first];
      return [head, first, el("details", {}, el("summary", {}, `${items.length - FEW} more`), el("ul", {}, ...items.slice(FEW)))];
    }

    function side() {
      if (way) return routed();
      if (!selected) {
        panel.replaceChildren(el("p", { class: "rgx-muted" }, "Choose a role on the map, in the list or by name: its card stands here. Two roles give a route." + (options.wheel === "focus" && map ? " A click on the map lets the wheel zoom it." : "")));
        return;
      }
      const role = selected;
      const head = el("h2", {}, options.href ? el("a", { href: options.href(role.id) }, name(role.label)) : name(role.label));
      const about = joined([role.family, role.level, role.source].filter(Boolean).map(name), " · ");
      const body = el("div", {});
      panel.replaceChildren(head, el("p", { class: "rgx-muted" }, ...(about.length ? about : ["family and level: not stated"])),
        el("p", { class: "rgx-acts" },
          el("button", { type: "button", onclick: () => { ends.from = role; from.set(role.label); ends.to ? draw() : to.input.focus(); } }, "Route from here"),
          el("button", { type: "button", onclick: () => { ends.to = role; to.set(role.label); ends.from ? draw() : from.input.focus(); } }, "Route to here")),
        body);
      panel.scrollTop = 0;
      const fill = (card) => {
        const node = card instanceof Node ? card : null;
        const known = node ? null : card;
        body.replaceChildren(...rows("Leads to", role.out.filter(shown).map((e) => step(e, "b", known)), "No step on is stated, or none of the kinds shown."),
          ...rows("Comes from", role.into.filter(shown).map((e) => step(e, "a", known)), "No step here is stated, or none of the kinds shown."),
          ...(node ? [node] : _card(known)));
      };
      fill(null);
      if (options.card) {
        body.append(el("p", { class: "rgx-muted" }, "…"));
        cardOf(role).then((card) => !dead && selected === role && !way && fill(card));
      }
    }

    /* a card: {asks: [{label, note, kind, says: [text]}], aspects: [[title, [the same]]],
       steps: [{from, to, type, kind, hedge, before, says}], unstated: [text]} */
    function _card(card) {
      if (!card) return [];
      const item = (x) => el("li", {}, name(x.label), " ", x.kind ? tag(x.kind) : null, " ", x.note ? el("small", {}, name(x.note)) : null, " ", says(x.says));
      return [
        ...(card.text ? [el("p", { dir: "auto" }, card.text)] : []),
        ...rows("Asks for", (card.asks || []).map(item), "Which skills it asks for is not stated."),
        ...(card.aspects || []).map(([title, items]) => el("details", { class: "rgx-aspect" },
          el("summary", {}, title, el("small", {}, ` ${items.length}`)), el("ul", {}, ...items.map(item)))),
      ];
    }

    function routed() {
      const steps = way.map((e) => el("li", {}, el("span", { class: "rgx-step" }, named(roles[e.a]), " → ", named(roles[e.b])), " ", tag(e.kind), " ",
        el("small", {}, e.value == null ? e.type : `${e.type}, value ${e.value.toFixed(2)}`)));
      const used = [...new Set(way.map((e) => e.kind))].sort((p, q) => data.kinds.indexOf(p) - data.kinds.indexOf(q));
      panel.replaceChildren(
        el("h2", {}, name(ends.from.label), " → ", name(ends.to.label)),
        el("p", {}, way.length ? `${many(way.length, "step")}, the fewest over the steps shown; rests on: ${used.join(", ")}.` : "Start and end are the same role."),
        el("ol", { class: "rgx-steps" }, ...steps),
        el("p", { class: "rgx-acts" }, el("button", { type: "button", onclick: clear }, "Clear route")));
      panel.scrollTop = 0;
      way.forEach((e, k) => cardOf(roles[e.a]).then((card) => {
        const said = card instanceof Node ? null : claimed(card, e);
        if (said && !dead && steps[k].isConnected) {
          if (said.hedge) steps[k].querySelector("small").append(`, ${said.hedge}`);
          steps[k].append(" ", says(said.says) || "");
          steps[k].append(after(said) || "");
        }
      }));
    }

    // --- what can be done

    function select(role, quiet = false) {
      if (role && way && !way.some((e) => e.a === role.i || e.b === role.i)) way = null;
      const leaves = way && role;
      selected = role;
      if (leaves) {
        const kept = way;
        way = null;
        side();
        way = kept;
        panel.prepend(el("p", { class: "rgx-acts" }, el("button", { type: "button", onclick: () => { selected = null; side(); map?.refresh(); } }, "← back to the route")));
      } else side();
      if (role) search.set(role.label);
      status.textContent = role ? `${role.label}: leads to ${many(role.out.length, "role")}, comes from ${role.into.length}.` : "";
      map?.show(role);
      if (!quiet) options.onSelect?.(role ? role.id : null);
      return Boolean(role);
    }

    async function go() {
      await from.settle();
      if (ends.from) await to.settle();
      if (!dead) draw();
    }

    function draw(quiet = false) {
      const missing = !ends.from ? from : !ends.to ? to : null;
      if (missing) {
        if (!missing.input.value.trim()) tell(missing.input, [`Choose where the route ${ends.from ? "ends" : "starts"}.`]);
        missing.focus();
        return null;
      }
      way = shortest(net, ends.from.i, ends.to.i, shown);
      selected = null;
      if (way) {
        side();
        status.textContent = `Route from ${ends.from.label} to ${ends.to.label}: ${many(way.length, "step")}.`;
      } else {
        const said = el("p", {}, "No way from ", name(ends.from.label), " to ", name(ends.to.label), " over the steps shown.");
        status.textContent = said.textContent;
        if (hidden.size) said.append(` Hidden: ${[...hidden].join(", ")}.`);
        panel.replaceChildren(el("h2", {}, "No route"), said);
      }
      map?.show(null);
      const stops = way ? [ends.from.id, ...way.map((e) => roles[e.b].id)] : [];
      if (!quiet) options.onRoute?.(stops);
      return stops;
    }

    function clear() {
      way = ends.from = ends.to = null;
      for (const it of [from, to]) it.set("");
      side();
      status.textContent = "";
      map?.refresh();
      options.onRoute?.([]);
    }

    // a field that was emptied or retyped no longer names a role
    for (const [name, it] of [["from", from], ["to", to]]) {
      it.input.addEventListener("input", () => { ends[name] = null; });
    }

    stage.addEventListener("keydown", (ev) => {
      if (!map || ev.target !== stage || ev.ctrlKey || ev.metaKey || ev.altKey) return;
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[ev.key];
      if (move) map.pan(...move);
      else if (ev.key === "+" || ev.key === "=") map.zoom(1 / 1.6);
      else if (ev.key === "-") map.zoom(1.6);
      else if (ev.key === "0" || ev.key === "Home") map.fit();
      else if (ev.key === "Escape") select(null);
      else return;
      ev.preventDefault();
      ev.stopPropagation();
    });
    if (options.wheel === "focus") {
      stage.addEventListener("wheel", (ev) => {
        if (!stage.contains(document.activeElement) && !ev.ctrlKey && !ev.metaKey) ev.stopPropagation();
      }, { capture: true });
    }
    view.addEventListener("pointerdown", () => stage.focus({ preventScroll: true }));

    // --- the drawing

    function drawing() {
      const css = getComputedStyle(root);
      const of = (name) => css.getPropertyValue("--rgx-" + name).trim();
      let ink = {};
      const colours = () => {
        ink = { node: of("node"), dim: of("dim"), mark: of("mark"), text: of("text"), back: of("back"), edge: of("edge") };
        for (const k of kinds) ink[k] = of(k);
      };
      colours();
      const all = edges.length <= MANY;
      const graph = new globalThis.graphology.MultiDirectedGraph();
      const degree = (r) => r.out.length + r.into.length;
      const most = Math.max(1, ...roles.map((r) => r.into.length));
      const small = roles.length > 400 ? 1.7 : 5.5;
      // the square is stretched to the stage: directions mean nothing
      const wide = Math.min(2, Math.max(0.7, view.clientWidth / Math.max(view.clientHeight, 1) || 1));
      for (const r of roles) {
        r.size = small + (roles.length > 400 ? 3 : 3.5) * Math.sqrt(r.into.length / most);
        graph.addNode(r.i, { x: data.x[r.i] * wide, y: 1000 - data.y[r.i], size: r.size, color: ink.node });
      }
      if (!all) {
        // far out, of each role its strongest step; and every step that somebody states
        for (const r of roles) {
          r.out.forEach((e, k) => {
            if (k === 0 || e.kind !== "inferred") graph.addDirectedEdgeWithKey(e.i, e.a, e.b, { color: ink.edge, size: 0.6 });
          });
        }
      }
      const important = [...roles].sort((p, q) => degree(q) - degree(p) || p.i - q.i);
      let lit = null; // roles that stand out; null for all
      const Sigma = globalThis.Sigma;
      const renderer = new Sigma(graph, view, {
        allowInvalidContainer: true, renderLabels: false, renderEdgeLabels: false, hideEdgesOnMove: true,
        stagePadding: 36, minCameraRatio: 0.01, maxCameraRatio: 2.5, zIndex: true, enableCameraRotation: false,
        defaultEdgeType: "line", edgeProgramClasses: { line: Sigma.rendering.EdgeLineProgram },
        defaultDrawNodeHover: () => {}, zoomToSizeRatioFunction: (x) => Math.pow(x, 0.35), itemSizesReference: "screen",
        nodeReducer: (key, d) => {
          const i = Number(key);
          if (lit === null || lit.has(i)) return lit !== null && (i === selected?.i || onWay(i)) ? { ...d, color: ink.mark, size: d.size + 2, zIndex: 2 } : { ...d, color: ink.node, zIndex: 1 };
          return { ...d, color: ink.dim, zIndex: 0 };
        },
        edgeReducer: (key, d) => {
          const e = edges[key];
          return { ...d, color: ink.edge, hidden: !shown(e) || lit !== null };
        },
      });
      const onWay = (i) => way?.some((e) => e.a === i || e.b === i);
      const camera = renderer.getCamera();
      const lines = renderer.createCanvas("rgx-lines", { beforeLayer: "nodes" });
      const words = renderer.createCanvas("rgx-words", { afterLayer: "nodes" });
      const widths = new Map();

      function sheet(canvas) {
        const { width, height } = renderer.getDimensions();
        const px = window.devicePixelRatio || 1;
        const [w, h] = [Math.round(width * px), Math.round(height * px)];
        if (canvas.width !== w || canvas.height !== h) {
          canvas.width = w;
          canvas.height = h;
          canvas.style.width = width + "px";
          canvas.style.height = height + "px";
        }
        const pen = canvas.getContext("2d");
        pen.setTransform(px, 0, 0, px, 0, 0);
        pen.clearRect(0, 0, width, height);
        return pen;
      }

      const place = (i) => {
        const d = renderer.getNodeDisplayData(String(i));
        return renderer.framedGraphToViewport(d);
      };
      const radius = (i) => renderer.scaleSize(renderer.getNodeDisplayData(String(i)).size);

      /** The curve of an edge: bent a little, so that the ways there and back lie apart. */
      function curve(e) {
        const p = place(e.a), q = place(e.b);
        const dx = q.x - p.x, dy = q.y - p.y, far = Math.hypot(dx, dy);
        const bend = Math.min(18, far * 0.12);
        const mx = (p.x + q.x) / 2 - (dy / far) * bend, my = (p.y + q.y) / 2 + (dx / far) * bend;
        return { p, q, far, mx, my };
      }

      let heads = []; // of the arrows that are drawn; labels keep clear of them
      let boxes = []; // of the labels
      const head = (pen, h) => {
        pen.globalAlpha = h.alpha;
        pen.fillStyle = ink[h.kind];
        pen.beginPath();
        for (const [x, y] of h.corners) pen.lineTo(x, y);
        pen.fill();
        pen.globalAlpha = 1;
      };

      function arrow(pen, e, width, alpha) {
        const { p, q, far, mx, my } = curve(e);
        const { width: w, height: h } = renderer.getDimensions();
        if (far < 4 || Math.max(p.x, q.x) < 0 || Math.max(p.y, q.y) < 0 || Math.min(p.x, q.x) > w || Math.min(p.y, q.y) > h) return;
        const hx = q.x - mx, hy = q.y - my, hl = Math.hypot(hx, hy) || 1;
        const ux = hx / hl, uy = hy / hl, gap = radius(e.b) + 2, long = 5 + width * 1.6;
        const tip = { x: q.x - ux * gap, y: q.y - uy * gap };
        const neck = { x: tip.x - ux * long, y: tip.y - uy * long };
        pen.globalAlpha = alpha;
        pen.strokeStyle = ink[e.kind];
        pen.lineWidth = width;
        pen.setLineDash(DASH[e.kind]);
        pen.beginPath();
        pen.moveTo(p.x, p.y);
        pen.quadraticCurveTo(mx, my, neck.x, neck.y);
        pen.stroke();
        pen.setLineDash([]);
        pen.globalAlpha = 1;
        const side = long * 0.45;
        heads.push({ kind: e.kind, alpha, corners: [[tip.x, tip.y], [neck.x - uy * side, neck.y + ux * side], [neck.x + uy * side, neck.y - ux * side]] });
      }

      function paint() {
        const moving = camera.isAnimated();
        const pen = sheet(lines);
        heads = [];
        const about = hovered || selected;
        const on = new Set(way || []);
        if (all) for (const e of edges) if (shown(e) && !on.has(e) && e.a !== about?.i && e.b !== about?.i) arrow(pen, e, 1.4, lit === null && !about ? 0.8 : 0.16);
        for (const r of new Set([hovered, selected])) {
          if (!r || (way && !hovered)) continue;
          for (const e of [...r.out, ...r.into]) if (shown(e) && !on.has(e)) arrow(pen, e, e.kind === "inferred" ? 1.3 : 2, 0.9);
        }
        for (const e of on) arrow(pen, e, 4, 1);
        const over = sheet(words);
        label(over, moving);
        for (const h of heads) head(over, h); // last: no label hides where a step leads
      }

      function label(pen, moving) {
        const { width, height } = renderer.getDimensions();
        const cells = new Map(), taken = [];
        const free = (b) => {
          for (let cx = Math.floor(b.x / 80); cx <= Math.floor((b.x + b.w) / 80); cx++) {
            for (let cy = Math.floor(b.y / 24); cy <= Math.floor((b.y + b.h) / 24); cy++) {
              for (const o of cells.get(cx * 1000 + cy) || []) {
                if (b.x < o.x + o.w + 16 && o.x < b.x + b.w + 16 && b.y < o.y + o.h + 2 && o.y < b.y + b.h + 2) return false;
              }
            }
          }
          return true;
        };
        const keep = (b) => {
          taken.push(b);
          for (let cx = Math.floor(b.x / 80); cx <= Math.floor((b.x + b.w) / 80); cx++) {
            for (let cy = Math.floor(b.y / 24); cy <= Math.floor((b.y + b.h) / 24); cy++) {
              const key = cx * 1000 + cy;
              if (!cells.has(key)) cells.set(key, []);
              cells.get(key).push(b);
            }
          }
        };
        const spots = []; // points on lines, which labels had better leave free
        if (edges.length <= 120) {
          for (const e of edges.filter(shown)) {
            const { p, q, far, mx, my } = curve(e);
            const count = Math.min(60, Math.ceil(far / 8));
            for (let k = 1; k < count; k++) {
              const t = k / count, u = 1 - t;
              spots.push(u * u * p.x + 2 * u * t * mx + t * t * q.x, u * u * p.y + 2 * u * t * my + t * t * q.y);
            }
          }
        }
        // what a label must not hide: where a step leads, and other roles
        const bounds = heads.map(({ corners: [[x1, y1], [x2, y2], [x3, y3]] }) =>
          [Math.min(x1, x2, x3) - 2, Math.max(x1, x2, x3) + 2, Math.min(y1, y2, y3), Math.max(y1, y2, y3)]);
        if (all) for (const r of roles) {
          const p = place(r.i), far = radius(r.i);
          bounds.push([p.x - far, p.x + far, p.y - far, p.y + far]);
        }
        const crossed = (b) => {
          let n = 0;
          for (const [x0, x1, y0, y1] of bounds) if (x1 > b.x && x0 < b.x + b.w && y1 > b.y && y0 < b.y + b.h) n += HIDES;
          for (let k = 0; k < spots.length; k += 2) if (spots[k] > b.x && spots[k] < b.x + b.w && spots[k + 1] > b.y && spots[k + 1] < b.y + b.h) n++;
          return n;
        };
        const seen = new Set();
        boxes = [];
        pen.textBaseline = "middle";
        pen.textAlign = "left";
        pen.lineJoin = "round";
        const put = (r, strong, must) => {
          if (!r || seen.has(r.i)) return false;
          seen.add(r.i);
          const p = place(r.i);
          if (p.x < -20 || p.y < -10 || p.x > width + 20 || p.y > height + 10) return false;
          const font = `${strong ? 600 : 400} ${strong ? 13 : 12}px ${FONT}`;
          pen.font = font;
          const gap = radius(r.i) + 4, aside = gap * 0.75;
          const wide = (text) => {
            const key = (strong ? "s" : "n") + text;
            if (!widths.has(key)) widths.set(key, pen.measureText(text).width);
            return widths.get(key);
          };
          const at = (lines) => {
            const w = Math.max(...lines.map(wide)), h = 2 + 14 * lines.length;
            return [[p.x + gap, p.y - h / 2, "left"], [p.x - gap - w, p.y - h / 2, "right"], [p.x - w / 2, p.y + gap - 1, "center"],
              [p.x - w / 2, p.y - gap - h + 1, "center"], [p.x + aside, p.y + aside - 2, "left"], [p.x + aside, p.y - aside - h + 2, "left"],
              [p.x - aside - w, p.y + aside - 2, "right"], [p.x - aside - w, p.y - aside - h + 2, "right"]]
              .map(([x, y, align]) => ({ x, y, w, h, align, lines }));
          };
          const within = (b) => b.x >= 2 && b.x + b.w <= width - 2 && b.y >= 0 && b.y + b.h <= height;
          const best = (tries) => tries.filter(within).filter(free).map((b) => [crossed(b), b]).sort((p, q) => p[0] - q[0])[0];
          // a name wider than the map is cut short: its card has it whole
          const parts = wide(r.label) > width - 8 ? halves(r.label, wide) || [r.label] : [];
          const letters = Array.from(r.label);
          const named = parts.every((part) => wide(part) <= width - 8) ? r.label
            : letters.slice(0, Math.max(6, Math.floor((letters.length * width * 0.5) / wide(r.label)))).join("") + "…";
          const straight = at([named]);
          let found = best(straight);
          // in two lines rather than not at all; not among thousands, where few names are shown anyway
          if (all && !(found && found[0] < HIDES)) {
            const two = halves(named, wide);
            const other = two && best(at(two));
            if (other && (!found || other[0] < found[0])) found = other;
          }
          let box = found && (must || found[0] < HIDES) ? found[1] : null;
          if (!box && must) {
            const first = straight[0];
            box = straight.find(within) || { ...first, x: Math.max(2, Math.min(width - first.w - 2, first.x)) };
          }
          if (!box) return false;
          keep(box);
          boxes.push(box);
          pen.direction = RTL.test(r.label) ? "rtl" : "ltr";
          pen.lineWidth = strong ? 5 : 3.5;
          pen.strokeStyle = ink.back;
          pen.textAlign = box.align;
          const x = box.x + { left: 0, center: box.w / 2, right: box.w }[box.align];
          const line = (k) => box.y + 8.5 + 14 * k;
          box.lines.forEach((text, k) => pen.strokeText(text, x, line(k)));
          pen.fillStyle = lit !== null && !lit.has(r.i) && !strong ? of("muted") : ink.text;
          box.lines.forEach((text, k) => pen.fillText(text, x, line(k)));
          return true;
        };
        put(hovered, true, true);
        put(selected, true, true);
        if (way) for (const e of way) { put(roles[e.a], true, true); put(roles[e.b], true, true); }
        const about = hovered || selected;
        if (about) for (const e of [...about.out, ...about.into]) if (shown(e)) put(roles[e.a === about.i ? e.b : e.a], false, false);
        if (way) return;
        const room = all ? roles.length : Math.round((width * height) / (moving ? 30000 : 15000));
        let done = 0;
        for (const r of important) {
          if (done >= room) break;
          if (selected && !all && !lit?.has(r.i)) continue;
          if (put(r, false, false)) done++;
        }
      }

      renderer.on("afterRender", paint);
      renderer.scheduleRender(); // the first one came before anybody listened
      renderer.on("enterNode", ({ node }) => { hovered = roles[node]; view.style.cursor = "pointer"; renderer.scheduleRender(); });
      renderer.on("leaveNode", () => { hovered = null; view.style.cursor = ""; renderer.scheduleRender(); });
      renderer.on("clickNode", ({ node }) => select(roles[node]));
      renderer.on("clickStage", () => (selected || hovered) && !way && select(null));

      const go = (state) => (calm() || document.hidden ? camera.setState(state) : camera.animate(state, { duration: 350 }));
      function frame(list) {
        const spots = list.map((i) => renderer.getNodeDisplayData(String(i)));
        const xs = spots.map((s) => s.x), ys = spots.map((s) => s.y);
        const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
        const ratio = Math.min(1.1, Math.max(roles.length > 400 ? 0.09 : 0.45, Math.max(x1 - x0, y1 - y0) * 1.7));
        go({ x: (x0 + x1) / 2, y: (y0 + y1) / 2, ratio });
      }
      /** The role and those of its neighbours that stand nearest, so that one far away counts little. */
      function around(role) {
        const at = (i) => renderer.getNodeDisplayData(String(i)), here = at(role.i);
        const far = (i) => Math.hypot(at(i).x - here.x, at(i).y - here.y);
        const near = [...new Set([...role.out, ...role.into].filter(shown).map((e) => (e.a === role.i ? e.b : e.a)))];
        return [role.i, ...near.sort((p, q) => far(p) - far(q)).slice(0, Math.ceil(near.length * 0.7))];
      }
      const light = () => {
        lit = null;
        if (way) lit = new Set(way.flatMap((e) => [e.a, e.b]));
        else if (selected) lit = new Set([selected.i, ...selected.out.filter(shown).map((e) => e.b), ...selected.into.filter(shown).map((e) => e.a)]);
      };
      const refresh = () => {
        colours();
        light();
        renderer.refresh({ skipIndexation: true });
      };
      return {
        renderer,
        refresh,
        show(role) {
          refresh();
          if (way && way.length && !role) frame([...new Set(way.flatMap((e) => [e.a, e.b]))]);
          else if (role && !all) frame(around(role));
          else if (role) {
            const p = place(role.i), { width, height } = renderer.getDimensions();
            if (p.x < 30 || p.y < 30 || p.x > width - 30 || p.y > height - 30) frame([role.i]);
          }
        },
        /** Where arrowheads and labels stand, in px. */
        drawn: () => ({ heads: heads.map((h) => h.corners), labels: boxes }),
        zoom: (by) => go({ ratio: camera.getBoundedRatio(camera.getState().ratio * by) }),
        fit: () => go({ x: 0.5, y: 0.5, ratio: 1, angle: 0 }),
        pan(dx, dy) {
          const s = camera.getState();
          go({ x: s.x + dx * s.ratio * 0.15, y: s.y + dy * s.ratio * 0.15 });
        },
        end: () => renderer.kill(),
      };
    }

    if (globalThis.graphology && globalThis.Sigma && webgl()) {
      try {
        map = drawing();
      } catch (error) {
        console.warn("rolegraph: the map cannot be drawn:", error);
      }
    }
    if (!map) {
      stage.classList.add("rgx-off");
      stage.removeAttribute("style");
      zoom.remove();
      stage.replaceChildren(el("p", {}, "The map needs WebGL, which this browser does not offer. Search, cards, routes and the list below work without it."));
      list.open = true;
    }
    side();

    const api = {
      root,
      map,
      label: (i) => roles[i].label,
      /** Show a role's card; null for none. False where there is no such role. */
      select(id, quiet = false) {
        const role = id == null ? null : net.byId.get(String(id));
        return role === undefined ? false : select(role, quiet) || id == null;
      },
      /** Draw the shortest way; gives the ids of the roles on it, empty where there is none. */
      route(a, b, quiet = false) {
        const [p, q] = [net.byId.get(String(a)), net.byId.get(String(b))];
        if (!p || !q) return null;
        [ends.from, ends.to] = [p, q];
        from.set(p.label);
        to.set(q.label);
        return draw(quiet);
      },
      clear,
      destroy() {
        dead = true;
        watch();
        sized.disconnect();
        map?.end();
        root.remove();
      },
    };
    root.rolegraph = api; // for those who look at a page from outside
    if (options.select != null) api.select(options.select, true);
    if (options.route) api.route(options.route[0], options.route[1], true);
    return api;
  }

  /** Keep `data-theme` as the page around has it: told by the colour of its text. Gives an undo. */
  function themed(root, changed) {
    const look = () => {
      const [r, g, b] = (getComputedStyle(root.parentElement || root).color.match(/[\d.]+/g) || [0, 0, 0]).map(Number);
      const theme = 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "dark" : "light";
      if (root.dataset.theme !== theme) {
        root.dataset.theme = theme;
        changed();
      }
    };
    look();
    const seen = new MutationObserver(() => setTimeout(look, 60));
    for (const node of [document.documentElement, document.body]) seen.observe(node, { attributes: true });
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", look);
    return () => {
      seen.disconnect();
      dark.removeEventListener("change", look);
    };
  }

  RolegraphExplore.fromSite = (core, network, layout, rolenames) => ({
    title: core.title, kinds: core.kinds, types: core.types, families: core.families, levels: core.levels,
    sources: core.sources.map((s) => s.title),
    roles: core.roles.map(([label, slug, , , source = -1, family = -1, level = -1]) => [label, slug, family, level, source]),
    alts: rolenames ? rolenames.roles : {},
    out: network.out, target: network.target, type: network.type, kind: network.kind, value: network.value,
    x: layout.x, y: layout.y,
  });

  /** Whether there is WebGL to draw with; Sigma stumbles while it is read where there is none. */
  RolegraphExplore.draws = webgl;

  globalThis.RolegraphExplore = RolegraphExplore;
})(globalThis);
