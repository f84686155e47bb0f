/* The network of all roles, drawn by explore.js. */
(function (app) {
  "use strict";

  const { h } = app.dom;

  function style() {
    if (document.querySelector("link[data-map]")) return;
    document.head.append(h("link", { rel: "stylesheet", href: "assets/explore.css", "data-map": true }));
  }

  async function view() {
    style();
    const files = Promise.all(["network", "layout", "rolenames"].map(app.data.load));
    await app.data.script("explore.js");
    if (window.RolegraphExplore.draws()) {
      for (const path of ["vendor/graphology.umd.min.js", "vendor/sigma.min.js"]) await app.data.script(path);
    }
    const [network, layout, names] = await files;
    const place = h("div.map", null);
    /** @type {any} */
    let shown = null;
    return {
      title: "Map",
      body: [h("h1", null, "Map of all roles"),
        h("p.muted", null, "Roles that a step joins stand near each other. Choose a role to see its steps, or two roles for the shortest way."), place],
      after: () => {
        const data = window.RolegraphExplore.fromSite(app.core, network, layout, names);
        shown = window.RolegraphExplore(place, data, {
          href: (/** @type {string} */ slug) => `#/role/${slug}`,
          search: (/** @type {string} */ text) => app.search.find(text, { types: ["role"], limit: 9 }).map((hit) => hit.thing.slug),
        });
      },
      leave: () => shown && shown.destroy(),
    };
  }

  app.views = Object.assign(app.views || {}, { map: view });
})((window.rolegraphSite = window.rolegraphSite || {}));
