/* While the page shows a part of the events, it asks whether all are there, and then opens its address anew. */
(function () {
  "use strict";

  const AGAIN = 2000;
  /* The address as it was given. By what is there yet it is read otherwise: whose name is it, where is the first look? */
  const given = window.location.pathname + window.location.search;
  let touched = false;
  let asking = false;

  ["pointerdown", "keydown", "wheel"].forEach((kind) =>
    window.addEventListener(kind, () => (touched = true), { capture: true, once: true, passive: true }),
  );

  async function ask() {
    let status = "";
    try {
      status = (await (await fetch("/healthz", { cache: "no-store" })).json()).status;
    } catch {
      /* the server is away for a moment */
    }
    /* A report on a file that somebody is reading is not taken away. */
    const read = document.querySelector("dialog[open]");
    if (!["ok", "failed"].includes(status) || read) setTimeout(ask, AGAIN);
    else if (touched) window.location.reload();
    else window.location.replace(given);
  }

  function follow(said) {
    if (said && !asking) {
      asking = true;
      setTimeout(ask, AGAIN);
    }
    return window.dash_clientside.no_update;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.contactPart = { follow };
})();
