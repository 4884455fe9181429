/* What lies over or beside the page and comes and goes: menus, citations, the line of a printed page. */
(function () {
  "use strict";

  const open = () => document.querySelectorAll("details.menu-holder[open], details.legend[open]");
  const close = (menu) => (menu.open = false);

  /* A menu closes when something is chosen of it, and when one clicks or tabs elsewhere; the legend stays to be read. */
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu-holder[open]").forEach(function (menu) {
      if (!menu.contains(event.target) || event.target.closest(".menu a")) close(menu);
    });
  });
  document.addEventListener("focusin", function (event) {
    document.querySelectorAll("details.menu-holder[open]").forEach((menu) => menu.contains(event.target) || close(menu));
  });

  /* Escape shuts what lies on top, and that alone: heard before the page's own keys. */
  document.addEventListener(
    "keydown",
    function (event) {
      const menus = Array.from(open());
      if (event.key !== "Escape" || !menus.length) return;
      event.stopPropagation();
      menus.forEach(close);
      menus[0].querySelector("summary").focus();
    },
    true,
  );

  /* Copies a text; where the browser does not let it, the text is shown under `title` to be copied by hand. */
  window.contactCopy = async function (text, title) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      window.prompt(title, text);
      return false;
    }
  };

  /* The chosen event as a line of text, with the address that opens it again. */
  document.addEventListener("click", async function (event) {
    const button = event.target.closest("button.cite");
    if (!button) return;
    const here = new URLSearchParams(window.location.search);
    const kept = new URLSearchParams(["data", "event"].filter((key) => here.has(key)).map((key) => [key, here.get(key)]));
    const address = window.location.origin + window.location.pathname + "?" + kept;
    const text = button.dataset.cite + " Contact Line, " + address + ", seen " + new Date().toISOString().slice(0, 10) + ".";
    if (!(await window.contactCopy(text, "The citation of this event:"))) return;
    const told = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = told), 2500);
  });

  /* A printed page says where it is from and when it was printed. */
  window.addEventListener("beforeprint", function () {
    const line = document.getElementById("printed");
    if (line) line.textContent = window.location.href + " · printed " + new Date().toISOString().slice(0, 16).replace("T", " ") + " GMT";
  });
})();
