/* Data files are classic scripts that call rolegraphData, so that the page works from file:// too. */
(function (app) {
  "use strict";

  /** @type {Map<string, any>} */
  const there = new Map();
  /** @type {Map<string, Promise<any>>} */
  const coming = new Map();

  /** Called by each data file. @param {string} name @param {any} value */
  function take(name, value) {
    there.set(name, value);
  }

  /**
   * Load a data file once.
   * @param {string} name path under data/ without ".js"
   * @returns {Promise<any>}
   */
  function load(name) {
    const known = coming.get(name);
    if (known) return known;
    const made = new Promise((resolve, reject) => {
      if (there.has(name)) return resolve(there.get(name));
      const script = document.createElement("script");
      script.src = `assets/data/${name}.js`;
      script.onload = () => {
        script.remove();
        if (there.has(name)) resolve(there.get(name));
        else reject(new Error(`assets/data/${name}.js holds no data "${name}"`));
      };
      script.onerror = () => {
        script.remove();
        coming.delete(name);
        reject(new Error(`assets/data/${name}.js could not be read`));
      };
      document.head.append(script);
    });
    coming.set(name, made);
    return made;
  }

  /** Load another script of the page once. @param {string} path under assets/ @returns {Promise<void>} */
  function script(path) {
    const known = coming.get(path);
    if (known) return known;
    const made = new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = `assets/${path}`;
      element.onload = () => resolve(undefined);
      element.onerror = () => reject(new Error(`assets/${path} could not be read`));
      document.head.append(element);
    });
    coming.set(path, made);
    return made;
  }

  /** Undo the coding as differences. @param {number[]} coded @returns {number[]} */
  function undelta(coded) {
    let sum = 0;
    return coded.map((step) => (sum += step));
  }

  /** Read one base-36 digit of a string. @param {string} text @param {number} i */
  function digit(text, i) {
    const code = text.charCodeAt(i);
    return code < 58 ? code - 48 : code - 87;
  }

  /** Wait until the browser has nothing better to do. @returns {Promise<void>} */
  function idle() {
    return new Promise((done) => {
      if (window.requestIdleCallback) window.requestIdleCallback(() => done(), { timeout: 500 });
      else setTimeout(done, 30);
    });
  }

  window.rolegraphData = take;
  app.data = { load, script, undelta, digit, idle, there: (/** @type {string} */ n) => there.get(n) };
})((window.rolegraphSite = window.rolegraphSite || {}));
