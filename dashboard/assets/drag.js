/* While a handle of the date slider is dragged, the map, the histogram and the counts follow without asking the server.
   What they need is fetched once, when the drag begins: for each circle how many of its events begin and end in each
   slot of the slider. The circles of the drag are drawn on a canvas over the map, whose own are hidden meanwhile:
   to have the map draw its own for each step takes some hundred milliseconds without a graphics card. When the handle
   is let go, the server's answer takes their place. */
(function () {
  "use strict";

  const LONGEST_WAIT = 5000; /* milliseconds for which the canvas stays when no answer comes */
  const OWN_CIRCLES = [1, 2, 3]; /* the traces of circles and rings, as in figures/map.py */
  let drag = null;
  let held = false; /* whether a handle is held, also before the map is there */

  const plot = (id) => document.querySelector("#" + id + " .js-plotly-plot");
  const maplibre = () => {
    const gd = plot("map");
    const sub = gd && gd._fullLayout && gd._fullLayout.map && gd._fullLayout.map._subplot;
    return sub && sub.map ? sub.map : null;
  };

  /* ── a drag begins, goes on, and ends ────────────────────────────────────────────────────────────────── */

  document.addEventListener("pointerdown", function (event) {
    held = Boolean(event.target.closest && event.target.closest(".slider"));
    if (held && maplibre()) begin();
  }, true);
  document.addEventListener("pointerup", ended, true);
  document.addEventListener("pointercancel", ended, true);

  function begin() {
    if (drag) clear(drag);
    drag = { answer: null, edges: null, asked: 0, canvas: null, count: document.querySelector("#counts strong") };
    const mine = drag;
    fetch("/api/drag?" + question())
      .then((got) => (got.ok ? got.json() : null))
      .then((answer) => {
        mine.answer = answer;
        if (answer) draw(mine);
      })
      .catch(() => null); /* without an answer the page follows when the handle is let go */
  }

  /* The present view, its days left open. */
  function question() {
    const q = new URLSearchParams(window.location.search);
    ["from", "to", "event", "cell", "page", "lat", "lon", "zoom"].forEach((key) => q.delete(key));
    const map = maplibre();
    const bounds = map.getBounds();
    const wrap = (v) => ((((v + 180) % 360) + 360) % 360) - 180;
    const whole = bounds.getEast() - bounds.getWest() >= 360;
    const edges = whole ? [-180, 180] : [wrap(bounds.getWest()), wrap(bounds.getEast())];
    q.set("view", [edges[0], bounds.getSouth(), edges[1], bounds.getNorth()].map((v) => v.toFixed(4)).join(","));
    q.set("zoom", plot("map")._fullLayout.map.zoom.toFixed(2));
    return q.toString();
  }

  /* edges: the slots [a, b) that are chosen */
  function follow(edges) {
    if (!drag) return;
    drag.edges = edges;
    draw(drag);
  }

  function draw(mine) {
    if (!mine.answer || !mine.edges || mine.asked || mine !== drag) return;
    mine.asked = requestAnimationFrame(function () {
      mine.asked = 0;
      if (mine !== drag) return;
      const slots = mine.answer.bins.length;
      const a = Math.max(0, Math.min(slots - 1, mine.edges[0]));
      const b = Math.max(a + 1, Math.min(slots, mine.edges[1]));
      circles(mine, a, b);
      window.contactHistogram.dim([a, b]);
      if (mine.count) mine.count.textContent = thin(total(counted(mine.answer.matched, a, b)));
      window.contactDrag.drawn += 1;
    });
  }

  function ended() {
    held = false;
    const mine = drag;
    if (!mine) return;
    if (!mine.canvas) {
      drag = null;
      return;
    }
    /* The server's answer is drawn when the map has drawn again and is at rest. */
    const gd = plot("map");
    const done = () => {
      clearTimeout(late);
      gd.removeListener("plotly_afterplot", done);
      clear(mine);
    };
    const late = setTimeout(done, LONGEST_WAIT);
    gd.on("plotly_afterplot", done);
  }

  function clear(mine) {
    if (drag === mine) drag = null;
    const map = maplibre();
    const canvas = mine.canvas;
    mine.canvas = null;
    if (map) hide(map, false);
    if (!canvas) return;
    if (!map) canvas.remove();
    else {
      const gone = setTimeout(() => canvas.remove(), 1000);
      map.once("render", () => {
        clearTimeout(gone);
        canvas.remove();
      });
    }
  }

  /* ── counts of a span of slots ───────────────────────────────────────────────────────────────────────── */

  /* Of [[type, begun, carried], …], as dashboard/dragging.py tells them, how many there are of each type in the slots
     [a, b): those that began before b, less those that had ended before a. */
  function counted(types, a, b) {
    return types.map((line) => {
      const [began, ended] = line.sums || (line.sums = sums(line[1], line[2]));
      return [line[0], began[b] - ended[a]];
    });
  }

  /* How many events began, and how many had ended, before each slot; made once. */
  function sums(begun, carried) {
    const slots = drag.answer.bins.length;
    const began = new Float64Array(slots + 1);
    for (let i = 0, at = -1; i < begun.length; i += 2) {
      at += begun[i];
      began[at + 1] += begun[i + 1];
    }
    const ended = began.slice();
    for (let i = 0; i < carried.length; i += 3) {
      ended[carried[i] + 1] -= carried[i + 2];
      ended[carried[i + 1] + 1] += carried[i + 2];
    }
    for (const sum of [began, ended]) for (let i = 1; i <= slots; i += 1) sum[i] += sum[i - 1];
    return [began, ended];
  }

  const total = (counts) => counts.reduce((sum, [, n]) => sum + n, 0);

  const thin = (n) => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");

  /* ── the map ─────────────────────────────────────────────────────────────────────────────────────────── */

  function circles(mine, a, b) {
    const map = maplibre();
    if (!map) return;
    const canvas = mine.canvas || (mine.canvas = cover(map));
    const g = canvas.getContext("2d");
    const scale = window.devicePixelRatio || 1;
    g.setTransform(scale, 0, 0, scale, 0, 0);
    g.clearRect(0, 0, canvas.width, canvas.height);
    g.textAlign = "center";
    g.textBaseline = "middle";
    g.font = "600 11px 'Open Sans', system-ui, sans-serif";
    const ink = getComputedStyle(document.body);
    const surface = ink.getPropertyValue("--surface").trim() || "#ffffff";
    const letters = ink.getPropertyValue("--ink").trim() || "#1f2a33";
    for (const cell of mine.answer.cells) {
      const [, lon, lat, area, types] = cell;
      const counts = counted(types, a, b);
      const n = total(counts);
      if (!n) continue;
      const at = cell.at || (cell.at = map.project([lon, lat]));
      const leading = counts.reduce((most, one) => (one[1] > most[1] ? one : most));
      const [, colour, sign] = mine.answer.types[leading[0]];
      const size = diameter(n);
      disc(g, at, area ? size : size + 3, area ? colour : surface);
      disc(g, at, area ? size - 7 : size, area ? surface : colour);
      g.fillStyle = area ? letters : "#ffffff";
      g.fillText(n === 1 ? sign : String(n), at.x, at.y + 0.5);
    }
  }

  function disc(g, at, across, colour) {
    g.beginPath();
    g.arc(at.x, at.y, across / 2, 0, 2 * Math.PI);
    g.fillStyle = colour;
    g.fill();
  }

  /* As diameter in figures/map.py; a test in the browser holds the two together. */
  const diameter = (n) => Math.min(46, 17 + 3.1 * Math.sqrt(n - 1));

  function cover(map) {
    const room = map.getCanvasContainer();
    const canvas = document.createElement("canvas");
    const scale = window.devicePixelRatio || 1;
    canvas.className = "dragged-marks";
    canvas.setAttribute("aria-hidden", "true");
    canvas.width = Math.round(map.getCanvas().clientWidth * scale);
    canvas.height = Math.round(map.getCanvas().clientHeight * scale);
    Object.assign(canvas.style, { position: "absolute", inset: "0", width: "100%", height: "100%", pointerEvents: "none" });
    room.appendChild(canvas);
    hide(map, true);
    return canvas;
  }

  function hide(map, hidden) {
    const traces = plot("map")._fullData || [];
    const own = OWN_CIRCLES.map((n) => traces[n] && traces[n].uid).filter(Boolean);
    for (const layer of map.getStyle().layers) {
      if (/-(circle|symbol)$/.test(layer.id) && own.some((uid) => layer.id.includes(uid))) {
        map.setPaintProperty(layer.id, layer.type === "circle" ? "circle-opacity" : "text-opacity", hidden ? 0 : 1);
      }
    }
  }

  window.contactDrag = { follow: follow, drawn: 0, held: () => held, ready: () => Boolean(drag && drag.answer) };
})();
