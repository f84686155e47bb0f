/* Which view is shown: the part of the address after "#" says it, so that every view can be linked. */
(function (app) {
  "use strict";

  const { h, announce } = app.dom;
  /** @type {any} */
  let shown = null;
  let turn = 0;
  let first = true;

  /** @param {string} hash */
  function read(hash) {
    const [path, query] = hash.replace(/^#?\/?/, "").split("?");
    const parts = path.split("/").filter(Boolean).map(decodeURIComponent);
    return { name: parts[0] || "start", path: parts.slice(1), query: new URLSearchParams(query || "") };
  }

  /** Go to a view. @param {string} href */
  app.go = (href) => {
    if (location.hash === href) show();
    else location.hash = href;
  };

  /** A view for a name that nothing has. @param {string} type @param {string} slug */
  app.missing = (type, slug) => ({
    title: "Not found",
    body: [h("h1", null, "Not found"), h("p", null, `No ${type} here has the name “`, slug || "", "”."),
      h("ul.rows", null, app.search.find((slug || "").replace(/-/g, " "), { limit: 6 }).map((hit) =>
        h("li", null, h("a", { href: hit.thing.href }, hit.thing.shown)))),
      h("p", null, h("a", { href: "#/" }, "Search"))],
  });

  async function show() {
    const now = ++turn;
    const at = read(location.hash);
    const main = document.getElementById("main");
    const view = app.views[at.name];
    main.setAttribute("aria-busy", "true");
    /** @type {any} */
    let made;
    try {
      made = view ? await view(at.path, at.query) : app.missing("view", at.name);
    } catch (error) {
      made = { title: "Something went wrong", body: [h("h1", null, "This could not be shown"),
        h("p", null, String(error.message || error))] };
    }
    if (now !== turn) return; // something else was asked for meanwhile
    if (shown && shown.leave) shown.leave();
    shown = made;
    main.replaceChildren(...[made.body].flat(Infinity).filter(Boolean));
    main.className = `view-${view ? at.name : "missing"}`;
    main.removeAttribute("aria-busy");
    document.title = `${made.title} · ${app.core.title}`;
    for (const link of document.querySelectorAll("header.top nav a")) {
      const target = read(link.getAttribute("href")).name;
      const here = target === at.name || target === { skill: "skills", certification: "certifications", role: "start" }[at.name];
      if (here) link.setAttribute("aria-current", target === at.name ? "page" : "true");
      else link.removeAttribute("aria-current");
    }
    if (made.after) made.after();
    const head = (made.focus && main.querySelector(made.focus)) || main.querySelector("h1");
    if (!first && head) {
      head.setAttribute("tabindex", "-1");
      if (!made.focus) window.scrollTo(0, 0);
      head.focus({ preventScroll: !made.focus });
      announce(made.title);
    }
    first = false;
    document.documentElement.dataset.view = location.hash || "#/";
  }

  async function start() {
    const skip = document.querySelector(".skip");
    skip.addEventListener("click", (ev) => {
      ev.preventDefault(); // the address says which view is shown, so it stays
      document.getElementById("main").focus();
    });
    await app.model.start();
    app.search.start();
    await show();
    window.addEventListener("hashchange", show);
    document.documentElement.dataset.ready = "search";
    await app.search.more();
    document.documentElement.dataset.ready = "all";
  }

  start().catch((error) => {
    const place = document.getElementById("waiting");
    if (place) place.textContent = `The data could not be read: ${error.message}`;
  });
})((window.rolegraphSite = window.rolegraphSite || {}));
