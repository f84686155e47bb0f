/* Building parts of the page. All text goes in as text, never as markup. */
(function (app) {
  "use strict";

  /**
   * Make an element.
   * @param {string} name tag, with classes after dots: "p.muted"
   * @param {Record<string, any> | null} [attributes] "on…" are listeners; false and null are left out
   * @param {...any} children text, elements, arrays of them; null and false are left out
   * @returns {any}
   */
  function h(name, attributes, ...children) {
    const [tag, ...classes] = name.split(".");
    const made = document.createElement(tag);
    if (classes.length) made.className = classes.join(" ");
    set(made, attributes);
    put(made, children);
    return made;
  }

  /** The same for SVG. @param {string} tag @param {Record<string, any> | null} [attributes]
      @param {...any} children @returns {any} */
  function svg(tag, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    set(made, attributes);
    put(made, children);
    return made;
  }

  /** @param {any} element @param {Record<string, any> | null | undefined} attributes */
  function set(element, attributes) {
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (["value", "checked", "selected"].includes(key)) element[key] = value;
      else element.setAttribute(key, value === true ? "" : String(value));
    }
  }

  // letters that are written from right to left
  const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

  /** Put in children. A text from right to left is set apart: with no <bdi> around it, it would change places
      with the number, the arrow or the name beside it. So names go in as texts of their own.
      @param {any} parent @param {any[]} children */
  function put(parent, children) {
    const apart = parent.namespaceURI === "http://www.w3.org/1999/xhtml" && parent.tagName !== "OPTION";
    for (const child of children.flat(Infinity)) {
      if (child === null || child === undefined || child === false) continue;
      if (apart && typeof child === "string" && parent.tagName !== "BDI" && RTL.test(child)) parent.append(h("bdi", null, child));
      else parent.append(child);
    }
  }

  const figures = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

  /** A number for reading. @param {number} value */
  const figure = (value) => figures.format(value);

  const precise = new Intl.NumberFormat("en", { maximumSignificantDigits: 10 });

  /** A number of a source, not rounded. @param {number} value */
  const exact = (value) => precise.format(value);

  /** A count with its noun. @param {number} n @param {string} one @param {string} [many] */
  const count = (n, one, many) => `${figure(n)} ${n === 1 ? one : many || one + "s"}`;

  /** With a capital. @param {string} text */
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  /** With a capital, of children. @param {any[]} parts */
  const begun = (parts) => {
    const [one, ...rest] = parts.flat(Infinity);
    return [typeof one === "string" ? capital(one) : one, ...rest];
  };

  /** A list in words. @param {string[]} parts @param {string} [word] */
  function words(parts, word = "and") {
    if (parts.length < 2) return parts.join("");
    return `${parts.slice(0, -1).join(", ")} ${word} ${parts[parts.length - 1]}`;
  }

  /** Children with something between them. @param {any[]} parts @param {string} between */
  const joined = (parts, between) => parts.flatMap((p, i) => (i ? [between, p] : [p]));

  /** A list in words, as children. @param {any[]} parts @param {string} [word] */
  function series(parts, word = "and") {
    if (parts.length < 2) return parts;
    return [...joined(parts.slice(0, -1), ", "), ` ${word} `, parts[parts.length - 1]];
  }

  let last = 0;
  /** A name that no other element has. @param {string} [stem] */
  const uid = (stem = "x") => `${stem}-${++last}`;

  /** Say something to screen readers. @param {string} text */
  function announce(text) {
    const place = document.getElementById("announce");
    if (place) place.textContent = text;
  }

  /**
   * A list of which only the beginning is shown at first.
   * @param {string} list "ul", with classes @param {any[]} items @param {number} most
   * @param {(item: any, i: number) => any} show one <li>
   */
  function limited(list, items, most, show) {
    const rest = items.length - most;
    const made = h(list, null, items.slice(0, rest > 2 ? most : items.length).map(show));
    if (rest <= 2) return made;
    const whole = () => {
      const next = items.slice(most).map((item, i) => show(item, most + i));
      made.append(...next);
      button.remove();
      return next[0];
    };
    const button = h("button.quiet", { type: "button", onwhole: whole, onclick: () => {
      const first = whole().querySelector("a, summary");
      if (first) first.focus();
    } }, `Show ${figure(rest)} more`);
    return h("div.limited", null, made, button);
  }

  /** A fact in a list: what, and beside it its evidence. @param {any} what @param {...any} beside */
  const row = (what, ...beside) => h("li", null, h("div.what", null, what), beside);

  /** A part of a view under a heading. @param {string} title @param {...any} children */
  const section = (title, ...children) => {
    const id = uid("part");
    return h("section", { "aria-labelledby": id }, h("h2", { id }, title), children);
  };

  // on paper nothing can be opened: lists are printed whole, and what is folded away is unfolded
  /** @type {any[]} */
  let folded = [];
  window.addEventListener("beforeprint", () => {
    for (const button of document.querySelectorAll(".limited > button")) button.dispatchEvent(new Event("whole"));
    folded = [...document.querySelectorAll("details.kept, details.alts, details.near")].filter((d) => !d.open);
    for (const details of folded) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of folded.splice(0)) details.open = false;
  });

  app.dom = { limited, row, section, h, svg, figure, exact, count, capital, begun, words, joined, series, uid, announce };
})((window.rolegraphSite = window.rolegraphSite || {}));
