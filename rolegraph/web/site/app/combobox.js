/* A field with suggestions: the editable combobox with list autocomplete of the WAI-ARIA practices. */
(function (app) {
  "use strict";

  const { h, uid, count, announce } = app.dom;
  const NOUN = { role: "Role", skill: "Skill", certification: "Certification" };

  /**
   * @param {object} how
   * @param {string} how.label
   * @param {boolean} [how.hideLabel]
   * @param {string[]} how.types
   * @param {string} [how.placeholder]
   * @param {string} [how.value]
   * @param {boolean} [how.keep] whether the field keeps the name that was picked
   * @param {(thing: any) => void} how.pick
   * @param {(text: string) => void} [how.enter] Enter without a suggestion chosen
   * @param {() => void} [how.clear] the field was emptied
   * @param {(text: string) => void} [how.leave] the field was left with a text in it
   * @param {string} [how.className]
   */
  function combobox(how) {
    const id = uid("box");
    const list = h("ul.options", { id: `${id}-list`, role: "listbox", "aria-label": how.label, hidden: true });
    const input = h("input", {
      id, type: "text", role: "combobox", autocomplete: "off", autocapitalize: "off",
      spellcheck: "false", dir: "auto", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": `${id}-list`, placeholder: how.placeholder || null, value: how.value || "",
    });
    const root = h(
      `div.combo${how.className ? "." + how.className : ""}`, null,
      h("label", { for: id, class: how.hideLabel ? "hidden" : null }, how.label),
      h("div.combo-field", null, input, list)
    );
    /** @type {any[]} */
    let hits = [];
    let at = -1;

    function close() {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    /** @param {number} to */
    function mark(to) {
      at = to;
      [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
      if (at < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", `${id}-${at}`);
      list.children[at].scrollIntoView({ block: "nearest" });
    }

    function show() {
      const text = input.value;
      hits = app.search.find(text, { types: how.types, limit: 9 });
      at = -1;
      input.removeAttribute("aria-activedescendant");
      list.replaceChildren(
        ...hits.map((hit, i) =>
          h("li", { id: `${id}-${i}`, role: "option", "aria-selected": "false",
                    onmousedown: (/** @type {Event} */ ev) => ev.preventDefault(),
                    onclick: () => choose(i) },
            h("span.option-name", null, hit.thing.label,
              hit.via ? h("span.muted", null, " – ", hit.via) : null),
            h("span.option-type", null,
              how.types.length > 1 ? NOUN[hit.thing.type] : null,
              hit.thing.shown !== hit.thing.label || how.types.length === 1
                ? h("span", null, hit.thing.sourceKey) : null))
        )
      );
      if (!hits.length && text.trim()) {
        list.replaceChildren(
          h("li.none", { role: "option", "aria-disabled": "true", "aria-selected": "false" },
            app.search.ready() ? "Nothing has such a name" : "Nothing yet; more names are being read…")
        );
      }
      const open = Boolean(text.trim());
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (open) announce(hits.length ? `${count(hits.length, "suggestion")}` : "No suggestions");
      if (open) app.search.onMore(() => !list.hidden && at < 0 && document.activeElement === input && show());
    }

    /** @param {number} i */
    function choose(i) {
      const { thing } = hits[i];
      input.value = how.keep ? thing.shown : "";
      close();
      how.pick(thing);
    }

    input.addEventListener("input", () => {
      show();
      if (!input.value.trim() && how.clear) how.clear();
    });
    input.addEventListener("blur", () => {
      close();
      if (how.leave && input.value.trim()) how.leave(input.value.trim());
    });
    input.addEventListener("keydown", (/** @type {KeyboardEvent} */ ev) => {
      const open = !list.hidden && hits.length > 0;
      if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
        if (!open) {
          if (input.value.trim()) show();
          if (!hits.length) return;
        }
        const step = ev.key === "ArrowDown" ? 1 : -1;
        mark(at < 0 ? (step > 0 ? 0 : hits.length - 1) : (at + step + hits.length) % hits.length);
        ev.preventDefault();
      } else if (ev.key === "Enter") {
        if (open && at >= 0) choose(at);
        else if (how.enter && input.value.trim()) how.enter(input.value.trim());
        else if (open) choose(0);
        else return;
        ev.preventDefault();
      } else if (ev.key === "Escape") {
        if (!list.hidden) {
          close();
          ev.preventDefault();
        } else if (input.value) {
          input.value = "";
          if (how.clear) how.clear();
        }
      } else if (ev.key === "Home" || ev.key === "End") {
        mark(-1);
      } else if (ev.key === "Tab" && open && at >= 0) {
        choose(at);
      }
    });
    /** Go to the field, with what fits the text in it. */
    const open = () => {
      input.focus();
      if (input.value.trim()) show();
    };
    return { root, input, close, open };
  }

  /** The thing that a text names: the one picked before, if the text is still its name, or the only one that is
      called just so. @param {string} text @param {any} picked @param {string} type @returns {any} or null */
  function named(text, picked, type) {
    if (picked && picked.shown === text.trim()) return picked;
    const wanted = app.search.plain(text.trim());
    const hits = app.search.find(text, { types: [type], limit: 9 });
    const called = (/** @type {(hit: any) => string[]} */ names) =>
      hits.filter((hit) => names(hit).some((name) => app.search.plain(name) === wanted));
    const own = called((hit) => [hit.thing.label, hit.thing.shown]);
    const same = own.length ? own : called((hit) => [hit.via]);
    return wanted && same.length === 1 ? same[0].thing : null;
  }

  /**
   * Several things, picked one after the other and shown as buttons that take them back.
   * @param {{label: string, types: string[], things: any[], placeholder?: string,
   *          change: (things: any[]) => void, beside?: (thing: any) => any}} how beside: what else a thing is asked
   */
  function picker(how) {
    let things = how.things.slice();
    const chips = h("ul.chips", { "aria-label": how.label });
    const box = combobox({
      label: how.label, types: how.types, placeholder: how.placeholder,
      pick: take,
      leave: (text) => { // a whole name need not be chosen in the list
        const thing = how.types.map((type) => named(text, null, type)).find(Boolean);
        if (!thing) return;
        box.input.value = "";
        take(thing);
      },
    });
    /** @param {any} thing */
    function take(thing) {
      if (!things.some((t) => t.type === thing.type && t.ix === thing.ix)) things.push(thing);
      draw();
      how.change(things);
    }
    function draw() {
      chips.hidden = !things.length;
      chips.replaceChildren(
        ...things.map((thing) =>
          h("li", null, h("button.chip", {
            type: "button", "aria-label": `Remove ${thing.shown}`,
            onclick: () => {
              things = things.filter((t) => t !== thing);
              draw();
              box.input.focus();
              how.change(things);
            },
          }, thing.shown, h("span.x", { "aria-hidden": "true" }, "×")), how.beside ? how.beside(thing) : null)
        )
      );
    }
    draw();
    return h("div.picker", null, box.root, chips);
  }

  app.combobox = combobox;
  app.picker = picker;
  app.named = named;
})((window.rolegraphSite = window.rolegraphSite || {}));
