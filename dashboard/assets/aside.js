/* What lies over or beside the page and comes and goes: menus, and the line of a printed page. */
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

  /* A printed page says where it is from and when it was printed. */
  window.addEventListener("beforeprint", function () {
    const line = document.getElementById("printed");
    if (line) line.textContent = window.location.href + " · printed " + new Date().toISOString().slice(0, 16).replace("T", " ") + " GMT";
  });
})();
