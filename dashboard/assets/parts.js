/* The long parts of the page, drawn from plain values: the lists of choices and the list of events.
   A Dash component for each of their hundreds of lines would make every change slow; these are a few elements each.
   Whatever a file says goes in by textContent: text stays text. */
(function () {
  "use strict";

  const no = () => window.dash_clientside.no_update;

  function element(tag, className, text) {
    const e = document.createElement(tag);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  }

  function sign(colour, glyph) {
    const s = element("span", "sign", glyph);
    s.style.backgroundColor = colour;
    s.setAttribute("aria-hidden", "true");
    return s;
  }

  const thin = (n) => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");

  /* ── choices ─────────────────────────────────────────────────────────────────────────────────────────── */

  /* facets: {list: {id, key, options: [[value, label, n, colour?, sign?]]}}; chosen: {key: [values]} */
  function choices(facets, chosen) {
    if (!facets) return no();
    const focused = document.activeElement && document.activeElement.closest(".facet") ? document.activeElement : null;
    const back = focused && { id: focused.closest(".facet").id, value: focused.value };
    for (const facet of facets) {
      const room = document.getElementById(facet.id);
      if (!room) continue;
      const on = new Set((chosen && chosen[facet.key]) || []);
      room.replaceChildren(...facet.options.map((option) => choice(facet.key, option, on.has(option[0]))));
      if (!facet.options.length) room.append(element("p", "none", "none here"));
      if (back && back.id === facet.id) {
        const again = Array.from(room.querySelectorAll("input")).find((i) => i.value === back.value);
        if (again) again.focus({ preventScroll: true });
      }
    }
    return no();
  }

  function choice(key, [value, label, n, colour, glyph], checked) {
    const line = element("label", checked ? "choice on" : "choice");
    const box = element("input");
    box.type = "checkbox";
    box.name = key;
    box.value = value;
    box.checked = checked;
    const name = element("span", "name");
    if (colour) name.append(sign(colour, glyph));
    name.append(label);
    line.append(box, name, element("span", "n", thin(n)));
    return line;
  }

  document.addEventListener("change", function (event) {
    const facet = event.target.closest && event.target.closest(".facet");
    if (!facet) return;
    const chosen = {};
    document.querySelectorAll(".facet input:checked").forEach(function (box) {
      (chosen[box.name] = chosen[box.name] || []).push(box.value);
    });
    window.dash_clientside.set_props("chosen", { data: chosen });
  });

  /* ── the list of events ──────────────────────────────────────────────────────────────────────────────── */

  /* list: {title, back, base, chosen, pages: [newer, text, older], rows: [{id, days, place, kind, colour, sign, said, shared, notes}]} */
  function list(shown) {
    const room = document.getElementById("list");
    if (!shown || !room) return no();
    const keep = document.activeElement && document.activeElement.closest("#list") && document.activeElement.dataset.event;
    const title = element("h2", "", shown.title);
    title.append(element("span", "order", "newest first"));
    const parts = [title];
    if (shown.back) parts.push(link(shown.back, "back", "‹ All events"));
    if (shown.rows.length) {
      const all = element("ol");
      all.append(...shown.rows.map((row) => item(row, shown)));
      parts.push(all);
    } else {
      parts.push(element("p", "empty", "No event matches. Take a filter away, or widen the days."));
    }
    if (shown.pages) parts.push(pages(shown.pages));
    const page = shown.rows.length ? shown.rows[0].id : "";
    if (room.dataset.page !== page) room.scrollTop = 0;
    room.dataset.page = page;
    room.replaceChildren(...parts);
    if (keep) {
      const again = Array.from(room.querySelectorAll(".item")).find((i) => i.dataset.event === keep);
      if (again) again.focus({ preventScroll: true });
    }
    show(room);
    return no();
  }

  function item(row, shown) {
    const query = new URLSearchParams(shown.base);
    query.set("event", row.id);
    const on = row.id === shown.chosen;
    const a = link("?" + query.toString(), on ? "item chosen" : "item");
    a.dataset.event = row.id;
    if (on) a.setAttribute("aria-current", "true");
    const when = element("span", "when", row.days + " · ");
    when.append(element("b", "", row.place));
    const kind = element("span", "kind");
    kind.append(sign(row.colour, row.sign), row.kind);
    const said = element("span", "said", row.said);
    if (row.shared) said.append(element("span", "shared", "⇄ other words on it"));
    a.append(when, kind, said, element("span", "notes", row.notes));
    const line = element("li");
    line.append(a);
    return line;
  }

  function pages([newer, text, older]) {
    const nav = element("nav", "pages");
    nav.setAttribute("aria-label", "Pages of the list");
    nav.append(newer ? link(newer, "", "‹ Newer") : element("span"), element("span", "", text), older ? link(older, "", "Older ›") : element("span"));
    return nav;
  }

  /* The chosen event is in sight. */
  function show(room) {
    const chosen = room.querySelector(".item.chosen");
    if (!chosen) return;
    const head = 40;
    const above = chosen.offsetTop - head < room.scrollTop;
    const below = chosen.offsetTop + chosen.offsetHeight > room.scrollTop + room.clientHeight;
    if (above || below) room.scrollTop = Math.max(0, chosen.offsetTop - head - room.clientHeight / 4);
  }

  /* ── links within the page ───────────────────────────────────────────────────────────────────────────── */

  function link(href, className, text) {
    const a = element("a", className, text);
    a.href = href;
    return a;
  }

  /* A link to another view opens here; with a modifier key, in a tab of its own as any link. */
  document.addEventListener("click", function (event) {
    const a = event.target.closest && event.target.closest("a[href^='?']");
    if (!a || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    window.dash_clientside.set_props("location", { search: a.getAttribute("href") });
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.contactParts = { choices, list };
})();
