/* What the browser does by itself. Each function is a Dash clientside callback wired in callbacks/browser.py;
   the address is the state, so each of them reads or writes a part of it and keeps nothing that is not on the page. */
(function () {
  "use strict";

  const no = () => window.dash_clientside.no_update;
  const triggered = () => window.dash_clientside.callback_context.triggered_id;
  /* Two that change at once are told in one call, and the first of them is `triggered`. */
  const among = (id) => window.dash_clientside.callback_context.triggered.some((t) => t.prop_id.split(".")[0] === id);
  const VIEW = ["lat", "lon", "zoom"];

  /* ── the address ─────────────────────────────────────────────────────────────────────────────────────── */

  const bare = (search) => (search || "").replace(/^\?/, "");

  function lessView(query) {
    const q = new URLSearchParams(bare(query));
    VIEW.forEach((k) => q.delete(k));
    return q.toString();
  }

  /* An address is opened unless it is the one of what is shown already. */
  function ask(search, query) {
    if (query !== null && query !== undefined && bare(search) === bare(query)) return no();
    return { search: bare(search), n: Date.now() };
  }

  /* The address follows what is shown; a click on a circle asks for what is in it.
     A new view of the map replaces the entry in the history, any other change adds one. */
  function follow(query, click) {
    if (triggered() === "map") {
      const data = click && click.points && click.points[0] && click.points[0].customdata;
      if (!data) return no();
      const q = new URLSearchParams(bare(query));
      VIEW.forEach((k) => q.delete(k));
      q.delete("cell");
      q.delete("event");
      if (data[2]) q.set("event", data[2]); // told below the map on a phone, which stays in sight
      else q.set("cell", data[0]);
      openDrawer("events", !data[2]);
      return "?" + q.toString();
    }
    const search = query ? "?" + query : "";
    if (search !== window.location.search) {
      const same = lessView(window.location.search) === lessView(search);
      const first = !follow.started;
      history[same || first ? "replaceState" : "pushState"]({}, "", window.location.pathname + search);
    }
    follow.started = true;
    return search;
  }

  /* ── where the map looks ─────────────────────────────────────────────────────────────────────────────── */

  const graph = (id) => document.querySelector("#" + id + " .js-plotly-plot");
  const live = () => {
    const gd = graph("map");
    return gd && gd._fullLayout && gd._fullLayout.map ? gd : null;
  };

  const seenBy = (gd) => {
    const map = gd._fullLayout.map;
    return { lat: map.center.lat, lon: map.center.lon, zoom: map.zoom };
  };

  function bboxOf(lat, lon, zoom, width, height) {
    const world = 512 * Math.pow(2, zoom);
    const x = ((lon + 180) / 360) * world;
    const y = (0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI)) * world;
    const latAt = (py) => {
      const t = Math.PI * (1 - (2 * py) / world);
      return Math.max(-90, Math.min(90, (Math.atan(Math.sinh(t)) * 180) / Math.PI));
    };
    const lonAt = (px) => (px / world) * 360 - 180;
    const round = (v) => Math.round(v * 1e5) / 1e5;
    if (width >= world) return [-180, round(latAt(Math.min(world, y + height / 2))), 180, round(latAt(Math.max(0, y - height / 2)))];
    const wrap = (v) => ((((v + 180) % 360) + 360) % 360) - 180;
    return [
      round(wrap(lonAt(x - width / 2))),
      round(latAt(Math.min(world, y + height / 2))),
      round(wrap(lonAt(x + width / 2))),
      round(latAt(Math.max(0, y - height / 2))),
    ];
  }

  function viewportOf(view, moved) {
    const box = document.getElementById("map").getBoundingClientRect();
    const lon = ((((view.lon + 180) % 360) + 360) % 360) - 180;
    const round = (v, d) => Math.round(v * d) / d;
    return {
      lat: round(view.lat, 1e4),
      lon: round(lon, 1e4),
      zoom: round(view.zoom, 1e2),
      bbox: bboxOf(view.lat, lon, view.zoom, Math.max(box.width, 100), Math.max(box.height, 100)),
      width: window.innerWidth,
      moved: moved,
    };
  }

  const same = (a, b) =>
    a && b && Math.abs(a.lat - b.lat) < 2e-4 && Math.abs(a.lon - b.lon) < 2e-4 && Math.abs(a.zoom - b.zoom) < 0.011 &&
    a.bbox.every((v, i) => Math.abs(v - b.bbox[i]) < 2e-3);

  const within = (point, b) =>
    point[1] > b[1] && point[1] < b[3] && (b[0] <= b[2] ? point[0] > b[0] && point[0] < b[2] : point[0] > b[0] || point[0] < b[2]);

  function fit(b, box) {
    const span = Math.max(((b[2] - b[0]) % 360 + 360) % 360, 0.02);
    const m = (lat) => Math.log(Math.tan(Math.PI / 4 + (Math.max(-85, Math.min(85, lat)) * Math.PI) / 360));
    const tall = Math.max(m(b[3]) - m(b[1]), 0.0003);
    const zoom = Math.min(Math.log2((box.width * 360) / 512 / span), Math.log2((box.height * 2 * Math.PI) / 512 / tall));
    const mid = (2 * Math.atan(Math.exp((m(b[3]) + m(b[1])) / 2)) - Math.PI / 2) * (180 / Math.PI);
    return { lat: mid, lon: b[0] + span / 2, zoom: Math.max(0.3, Math.min(14, zoom)) };
  }

  /* The square of so many kilometres around a point. */
  function around(point, km) {
    const high = km / 111.32;
    const wide = high / Math.cos((Math.min(85, Math.abs(point[1])) * Math.PI) / 180);
    return [point[0] - wide, point[1] - high, point[0] + wide, point[1] + high];
  }

  /* The chosen event in the middle and all of where it may lie in sight. One that lies far off what was looked at is
     seen from higher up, with the land around it. Null where it need not move. */
  function centred(opened, zoom, before, box) {
    const whole = opened.radius ? fit(around(opened.point, 1.1 * opened.radius), box).zoom : zoom;
    if (before && within(opened.point, before) && whole >= zoom) return null;
    const [west, south, east, north] = before || [];
    const far = west < east && !within(opened.point, [2 * west - east, 2 * south - north, 2 * east - west, 2 * north - south]);
    return { lat: opened.point[1], lon: opened.point[0], zoom: Math.min(zoom, whole, far ? 6 : zoom) };
  }

  function target(opened, gd, before) {
    const box = document.getElementById("map").getBoundingClientRect();
    if (opened.view) return opened.view;
    if (!gd && opened.point) return centred(opened, 8.5, null, box);
    if (!gd && opened.bbox) return fit(opened.bbox, box);
    if (!gd) return atHome(opened.home);
    if (opened.point) return centred(opened, before.zoom, before.bbox, box);
    return null;
  }

  /* The map while the first answer is waited for: with its marks at the start page. An address that may look elsewhere,
     as only the server can tell, or that names places in another language, waits for its answer. */
  function early(first) {
    const q = new URLSearchParams(window.location.search);
    const there = first[window.contactTheme.now()];
    if (!there || ["data", "event", "bbox", "names"].some((key) => q.has(key))) return [no(), no()];
    const { figure, marked, drawn } = there;
    const [lat, lon, zoom] = VIEW.map((key) => (q.get(key) ? Number(q.get(key)) : NaN));
    const given = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && zoom >= 0 && zoom <= 22;
    if (!given && VIEW.some((key) => q.has(key))) return [no(), no()];
    const view = given ? { lat, lon, zoom } : atHome(marked.map((m) => m.view));
    const marks = marked.find((m) => VIEW.every((key) => m.view[key] === view[key]));
    if (marks && [...q.keys()].every((key) => VIEW.includes(key))) figure.data = marks.data;
    Object.assign(figure.layout.map, { center: { lat: view.lat, lon: view.lon }, zoom: view.zoom });
    return [figure, drawn];
  }

  /* home: where to look first on a wide screen, and on a phone. */
  const atHome = (home) => home[document.getElementById("map").getBoundingClientRect().width < 600 ? 1 : 0];

  function look(opened, relayout, before) {
    const gd = live();
    if (among("opened")) {
      const to = target(opened, before && gd, before);
      if (!to) return before && before.moved && opened.bbox ? Object.assign({}, before, { moved: false }) : no();
      /* The server's answer moves the map: it names the jump, so that plotly lets go of where the user had it.
         A map that was drawn early is where it is to be, or where the user has moved it by now. */
      const jump = before && gd ? Date.now() : 0;
      return Object.assign(viewportOf(gd && !before ? seenBy(gd) : to, false), { jump });
    }
    if (!gd || !before) return no();
    const seen = viewportOf(seenBy(gd), true);
    return same(seen, before) ? no() : Object.assign(seen, { jump: before.jump });
  }

  /* A changed size of the window is a changed view. */
  let resizing = 0;
  window.addEventListener("resize", function () {
    clearTimeout(resizing);
    resizing = setTimeout(function () {
      if (live() && window.dash_clientside.set_props) window.dash_clientside.set_props("map", { relayoutData: { resized: Date.now() } });
    }, 250);
  });

  /* ── days ────────────────────────────────────────────────────────────────────────────────────────────── */

  const MONTHS = ["January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December"];
  const say = (t) => Number(t.slice(8)) + " " + MONTHS[Number(t.slice(5, 7)) - 1].slice(0, 3) + " " + t.slice(0, 4);

  const span = (a, b) => (say(a) === say(b) ? say(a) : say(a) + " – " + say(b));

  /* What a person writes for a day or a month ("2020-10-01", "1 Oct 2020", "1/10/2020", "Oct 2020"): its first and last
     day, or null. The day stands before the month, unless the year comes first. */
  function written(text) {
    const parts = text.toLowerCase().split(/[\s./,-]+/).filter(Boolean);
    if (!/^\d{4}$/.test(parts[0])) parts.reverse();
    const [year, month, day] = parts;
    const m = monthOf(month || "");
    if (parts.length > 3 || !/^\d{4}$/.test(year) || !m || !/^\d{1,2}$/.test(day || "1")) return null;
    const last = new Date(year + "-01-01T00:00:00Z"); /* not Date.UTC, for which the year 20 is 1920 */
    last.setUTCMonth(m, 0);
    if (day && (day < 1 || day > last.getUTCDate())) return null;
    const iso = (d) => year + "-" + String(m).padStart(2, "0") + "-" + String(d).padStart(2, "0");
    return day ? [iso(Number(day)), iso(Number(day))] : [iso(1), iso(last.getUTCDate())];
  }
  function monthOf(word) {
    if (/^\d{1,2}$/.test(word)) return word >= 1 && word <= 12 ? Number(word) : 0;
    return word.length < 3 ? 0 : MONTHS.findIndex((name) => name.toLowerCase().startsWith(word)) + 1;
  }

  /* Edges of slots [a, b) ↔ days [from, to]; an open end is null. */
  function daysOf(edges, slots) {
    return [edges[0] <= 0 ? null : slots[edges[0]][0], edges[1] >= slots.length ? null : slots[edges[1] - 1][1]];
  }
  function edgesOf(days, slots) {
    const at = (day) => {
      let n = 0;
      while (n + 1 < slots.length && slots[n + 1][0] <= day) n += 1;
      return n;
    };
    const a = days[0] === null ? 0 : at(days[0]);
    const b = days[1] === null ? slots.length : at(days[1]) + 1;
    return [a, Math.max(a + 1, b)];
  }

  /* The slots [a, b) that overlap the days; none where all of them are elsewhere. */
  const slotsOf = (days, slots) => [slots.filter((s) => s[1] < days[0]).length, slots.filter((s) => s[0] <= days[1]).length];

  function moved(edges, by, slots, cumulative) {
    const width = edges[1] - edges[0];
    if (cumulative) {
      const end = edges[1] >= slots.length ? edges[0] + 1 : edges[1] + by;
      return [edges[0], Math.max(edges[0] + 1, Math.min(slots.length, end))];
    }
    if (width >= slots.length) return by > 0 ? [0, 1] : [slots.length - 1, slots.length];
    const start = Math.max(0, Math.min(slots.length - width, edges[0] + by));
    return [start, start + width];
  }

  /* The days after a handle was moved: the end that stays keeps its day, which may lie inside a slot. */
  function draggedTo(edges, days, slots) {
    const before = edgesOf(days, slots);
    return daysOf(edges, slots).map((day, n) => (edges[n] === before[n] ? days[n] : day));
  }

  /* Play goes on to the next slot with events, and begins anew when there is none. What it adds up begins at the first
     of all days, wherever the window was. Null when nothing matches. */
  function played(edges, slots, cumulative) {
    const full = window.contactHistogram.full();
    if (!full.length) return null;
    const width = edges[1] - edges[0];
    const next = full.find((n) => n >= edges[1]);
    if (cumulative) return [0, (edges[0] > 0 || next === undefined ? full[0] : next) + 1];
    if (next === undefined) return [full[0], Math.min(slots.length, full[0] + (width < slots.length ? width : 1))];
    const on = moved(edges, 1, slots, false);
    return full.some((n) => n >= on[0] && n < on[1]) ? on : [next + 1 - width, next + 1];
  }

  /* end: 0 for the first day, 1 for the last; an empty text leaves it open. */
  function typed(text, end) {
    const t = (text || "").trim();
    if (t === "") return { day: null };
    const found = written(t);
    return found ? { day: found[end] } : { wrong: "“" + t + "” is not a day like 2020-10-02 or 2 Oct 2020, nor a month" };
  }

  function days(opened, edges, from, to, brush, back, on, all, tick, before, slots, mode, query) {
    const keep = before || [null, null];
    if (!slots.length) return [[null, null], no(), "", "", "no days with events"];
    const now = edgesOf(keep, slots);
    let next = keep;
    let wrong = "";
    switch (triggered()) {
      case "opened":
        next = opened.dates;
        break;
      case "slider":
        if (edges[0] === now[0] && edges[1] === now[1]) return Array(5).fill(no());
        next = draggedTo(edges, keep, slots);
        break;
      case "timeline": {
        const range = brush && brush.range && brush.range.x;
        if (!range) return Array(5).fill(no());
        const a = Math.max(0, Math.min(slots.length - 1, Math.round(Math.min(range[0], range[1]) + 0.01)));
        const b = Math.max(a + 1, Math.min(slots.length, Math.round(Math.max(range[0], range[1]) - 0.01) + 1));
        next = daysOf([a, b], slots);
        window.contactHistogram.deselect();
        break;
      }
      case "date-from":
      case "date-to": {
        const a = typed(from, 0);
        const b = typed(to, 1);
        wrong = a.wrong || b.wrong || "";
        /* Both texts stay as they are: the other end may be what is typed next. */
        if (!wrong && a.day && b.day && a.day > b.day) wrong = "From, " + say(a.day) + ", is after to, " + say(b.day) + ": change one of them";
        const known = [slots[0][0], slots[slots.length - 1][1]];
        if (!wrong) next = [a.day > known[0] ? a.day : null, b.day && b.day < known[1] ? b.day : null];
        break;
      }
      case "step-back":
        next = daysOf(moved(now, -1, slots, mode === "cumulative"), slots);
        break;
      case "step-on":
        next = daysOf(moved(now, 1, slots, mode === "cumulative"), slots);
        break;
      case "all-days":
        next = [null, null];
        break;
      case "clock": {
        /* The next step waits until the last one is on the page, and the map is there. */
        const q = new URLSearchParams(bare(query));
        const loading = !live() || document.getElementById("status").textContent !== "";
        if (loading || (q.get("from") || null) !== keep[0] || (q.get("to") || null) !== keep[1]) return Array(5).fill(no());
        const on = played(now, slots, mode === "cumulative");
        if (!on) return Array(5).fill(no());
        next = daysOf(on, slots);
        break;
      }
      default:
        return Array(5).fill(no());
    }
    if (wrong) return [no(), no(), no(), no(), wrong];
    const first = next[0] || slots[0][0];
    const last = next[1] || slots[slots.length - 1][1];
    const unchanged = before && before[0] === next[0] && before[1] === next[1];
    const shown = edgesOf(next, slots);
    window.contactHistogram.dim(slotsOf([first, last], slots));
    setTimeout(() => nameHandles([first, last]), 0);
    return [unchanged ? no() : next, shown, next[0] || slots[0][0], next[1] || slots[slots.length - 1][1], span(first, last)];
  }

  /* A handle's value is a day, not a number: for screen readers. */
  function nameHandles(days) {
    const thumbs = document.querySelectorAll("#slider [role=slider], .slider [role=slider]");
    thumbs.forEach(function (thumb, n) {
      thumb.setAttribute("aria-label", n === 0 ? "First day" : "Last day");
      thumb.setAttribute("aria-valuetext", say(days[n]));
    });
  }

  /* While a handle is dragged the page follows without asking the server. A handle that was put to its slot by the page
     itself tells nothing: the chosen days may lie inside slots, and `days` has told them. */
  function preview(edges, slots) {
    if (edges && slots.length && window.contactDrag.held()) {
      const shown = [Math.min(edges[0], slots.length - 1), Math.min(slots.length, Math.max(edges[0] + 1, edges[1]))];
      const chosen = ["date-from", "date-to"].map((id, end) => typed(document.getElementById(id).value, end).day || null);
      const [first, last] = draggedTo(shown, chosen, slots);
      const days = [first || slots[0][0], last || slots[slots.length - 1][1]];
      const text = document.getElementById("days-text");
      if (text) text.textContent = span(days[0], days[1]);
      nameHandles(days);
      window.contactDrag.follow(shown);
    }
    return no();
  }

  /* Play stops where no events are ahead; pressed there, it begins anew. */
  function play(clicks, edges, stopped) {
    const ended = edges && !window.contactHistogram.full().some((n) => n >= edges[1]);
    if (triggered() === "play") return stopped ? [false, "❚❚ Pause"] : [true, "▶ Play"];
    return !stopped && ended ? [true, "▶ Play"] : [no(), no()];
  }

  /* What stands in the search box once nobody types for a while. dcc.Input's own waiting puts the caret back where it was
     a moment ago: on a slow machine letters change their places. */
  const PAUSE = 200; /* milliseconds */
  let keys = 0;
  async function sought(text) {
    const mine = (keys += 1);
    if (text) await new Promise((done) => setTimeout(done, PAUSE));
    return mine === keys ? text : no();
  }

  /* ── theme, sharing, drawers ─────────────────────────────────────────────────────────────────────────── */

  /* Told with the first address, so that the server is asked once for all of it. */
  const theme = () => (triggered() === "theme-button" ? window.contactTheme.change() : window.contactTheme.now());

  async function share() {
    if (!(await window.contactCopy(window.location.href, "The address of this view:"))) return "Share";
    setTimeout(() => window.dash_clientside.set_props("share", { children: "Share" }), 2500);
    return "Address copied";
  }

  function openDrawer(name, open) {
    document.body.classList.toggle("show-" + name, open);
    const button = document.getElementById((name === "choices" ? "filters" : "events") + "-button");
    if (button) button.setAttribute("aria-expanded", String(open));
  }

  function drawers() {
    const which = triggered();
    if (which === "filters-button") {
      openDrawer("events", false);
      openDrawer("choices", !document.body.classList.contains("show-choices"));
    } else if (which === "events-button") {
      openDrawer("choices", false);
      openDrawer("events", !document.body.classList.contains("show-events"));
    }
    return no();
  }

  /* ── keys ────────────────────────────────────────────────────────────────────────────────────────────── */

  function hits() {
    return Array.from(document.querySelectorAll("#found .hit"));
  }

  document.addEventListener("keydown", function (event) {
    const inSearch = event.target.closest && event.target.closest(".search-box");
    if (inSearch && ["ArrowDown", "ArrowUp", "Enter", "Escape"].includes(event.key)) {
      const all = hits();
      const at = all.indexOf(document.activeElement);
      if (event.key === "Escape") {
        window.dash_clientside.set_props("search", { value: "" });
        document.querySelector("#search").focus();
      } else if (event.key === "Enter" && at === -1 && all.length) {
        all[0].click();
      } else if (event.key !== "Enter" && all.length) {
        event.preventDefault();
        const next = event.key === "ArrowDown" ? at + 1 : at - 1;
        if (next < 0) document.querySelector("#search").focus();
        else all[Math.min(next, all.length - 1)].focus();
      }
      return;
    }
    const typing = event.target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      openDrawer("choices", true);
      document.querySelector("#search").focus();
    } else if (event.key === "Escape") {
      openDrawer("choices", false);
      openDrawer("events", false);
      const close = document.querySelector("#detail .close");
      if (close) close.click();
    } else if (event.target.closest && event.target.closest("#list") && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      const items = Array.from(document.querySelectorAll("#list .item"));
      const next = items[items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) {
        event.preventDefault();
        next.focus();
      }
    }
  });

  /* ── when the server does not answer, say so ─────────────────────────────────────────────────────────── */

  const plainFetch = window.fetch;
  window.fetch = async function (resource, options) {
    const asks = String(resource && resource.url ? resource.url : resource).includes("_dash-update-component");
    try {
      const answer = await plainFetch.call(this, resource, options);
      if (asks) report(answer.status >= 400 ? unanswered(answer.status) : "");
      return answer;
    } catch (fault) {
      if (asks) report("The server cannot be reached; what you see is from before. Try again when you are connected.");
      throw fault;
    }
  };

  function unanswered(status) {
    return status === 503
      ? "The database does not answer; what you see is from before. Try again in a moment."
      : "The server could not answer (status " + status + "); what you see is from before.";
  }

  function report(text) {
    let line = document.getElementById("failure");
    if (!line) {
      if (!text) return;
      line = document.createElement("div");
      line.id = "failure";
      line.setAttribute("role", "alert");
      document.body.appendChild(line);
    }
    line.textContent = text;
    line.hidden = !text;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.contactLine = { early, ask, sought, follow, look, days, preview, play, theme, share, drawers };
})();
