/* The two drawings of the planner: what routes cost against each other, and one route as a line. */
(function (app) {
  "use strict";

  const { h, svg, figure } = app.dom;

  /**
   * Routes as points of two objectives.
   * @param {any[]} routes @param {{key: string, label: string}[]} aims the first two are drawn
   * @param {number} chosen @param {(i: number) => void} pick
   * @param {(route: any, key: string) => string} written a figure as it is shown @param {string} limit of what is said to be better
   */
  function tradeOff(routes, aims, chosen, pick, written, limit) {
    const [x, y] = aims;
    const wide = 340;
    const high = 220;
    const spread = (/** @type {string} */ key) => {
      const all = routes.map((r) => r.values[key]);
      const [low, most] = [Math.min(...all), Math.max(...all)];
      const room = most - low || 1;
      return { low, most, at: (/** @type {number} */ v) => (most === low ? 0.5 : (v - low) / room) };
    };
    const [sx, sy] = [spread(x.key), spread(y.key)];
    const longest = Math.max(figure(sy.low).length, figure(sy.most).length);
    const [left, right, top, bottom] = [Math.max(46, 16 + 7.5 * longest), 22, 18, 46];
    const px = (/** @type {number} */ v) => left + 14 + sx.at(v) * (wide - left - right - 28);
    const py = (/** @type {number} */ v) => high - bottom - 14 - sy.at(v) * (high - top - bottom - 28);
    const spots = new Map(); // routes with equal values stand on one spot
    routes.forEach((r, i) => {
      const key = `${r.values[x.key]}/${r.values[y.key]}`;
      spots.set(key, [...(spots.get(key) || []), i]);
    });
    const words = routes.map((r, i) =>
      `route ${i + 1}: ${x.label} ${written(r, x.key)}, ${y.label} ${written(r, y.key)}`);
    const ends = (/** @type {any} */ s) => (s.low === s.most ? [s.low] : [s.low, s.most]);
    const drawing = svg("svg", { viewBox: `0 0 ${wide} ${high}`, class: "plot", role: "img",
      "aria-label": `Trade-off of ${x.label} and ${y.label}; ${words.join("; ")}` },
      svg("path", { class: "axis", d: `M${left} ${top}V${high - bottom}H${wide - right}` }),
      ends(sx).map((v) => svg("text", { x: px(v), y: high - bottom + 17, "text-anchor": "middle" }, figure(v))),
      ends(sy).map((v) => svg("text", { x: left - 7, y: py(v) + 4, "text-anchor": "end" }, figure(v))),
      svg("text", { x: (left + wide - right) / 2, y: high - 10, "text-anchor": "middle", class: "name" }, `${x.label} →`),
      svg("text", { x: 6, y: 11, class: "name" }, `↑ ${y.label}`),
      [...spots.values()].map((some) => {
        const r = routes[some[0]];
        const here = some.includes(chosen);
        const at = { cx: px(r.values[x.key]), cy: py(r.values[y.key]) };
        const names = some.length > 3 ? `${some[0] + 1}…` : some.map((i) => i + 1).join(",");
        const spot = svg("g", { class: here ? "spot here" : "spot" },
          svg("circle", { ...at, r: 11 }),
          svg("text", { x: at.cx, y: at.cy + 4, "text-anchor": "middle" }, names));
        spot.addEventListener("click", () => pick(some[0]));
        return spot;
      }));
    return h("figure.tradeoff", null, drawing,
      h("figcaption.muted", null, `Nearer to the lower left is better${limit}. Numbers are those of the table.`));
  }

  app.drawing = { tradeOff };
})((window.rolegraphSite = window.rolegraphSite || {}));
