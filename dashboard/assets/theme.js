/* Light or dark: what was chosen once holds for every page of this host; before that, what the system says. */
(function () {
  "use strict";

  const KEY = "contact-line-theme";
  const root = document.documentElement;

  function chosen() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }

  function now() {
    root.dataset.theme = chosen() || (window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    return root.dataset.theme;
  }

  function change() {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(KEY, root.dataset.theme);
    } catch {
      /* a browser that keeps nothing: the choice holds for this page */
    }
    return root.dataset.theme;
  }

  now();
  window.contactTheme = { now, change };
})();
