/* The small map: the proposed events by place, the chosen one, and what is held near it. Plotly is fetched when there is
   something to draw. */
import { at, kindOf } from "./dom.js";

const PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js";
const CONFIG = { displayModeBar: false, scrollZoom: true, doubleClick: false, responsive: true };
const HOME = { lat: 39.85, lon: 46.55, zoom: 6 };

let loading = null;
let last = null;
let drawing = Promise.resolve();
let looksAt = "";
let away = false; // it was moved far from where most of them are, to show the chosen one

function plotly() {
  loading = loading || new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = PLOTLY;
    script.onload = () => done(window.Plotly);
    script.onerror = failed;
    document.head.append(script);
  });
  return loading;
}

/* Plotly reads a little markup in its labels: what a text says goes in escaped. */
const plain = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

function groupsOf(proposals, chosen) {
  const groups = new Map();
  for (const p of proposals) {
    const { latitude: lat, longitude: lon, geo_precision: precision } = p.event;
    if (p.verdict === "rejected" && p.key !== chosen) continue;
    if (!Number.isFinite(lat) || !Number.isFinite(lon) || Math.abs(lat) > 85 || Math.abs(lon) > 180) continue;
    const exact = precision === 1;
    const key = lat + " " + lon + " " + exact;
    if (!groups.has(key)) groups.set(key, { lat, lon, exact, of: [] });
    groups.get(key).of.push(p);
  }
  return [...groups.values()];
}

function traces(groups, chosen, held, book, dark) {
  const colour = (p) => (book.types.find((t) => t.name === p.event.event_type) || { colour: "#555555" }).colour;
  const glyph = (p) => (book.types.find((t) => t.name === p.event.event_type) || { sign: "•" }).sign;
  const surface = dark ? "#171d22" : "#ffffff";
  const ink = dark ? "#e6ebef" : "#1f2a33";
  const accent = dark ? "#6cb2f5" : "#0b5cad";
  const on = groups.filter((g) => g.of.some((p) => p.key === chosen));
  const size = (g) => Math.min(34, 17 + 3 * Math.sqrt(g.of.length - 1));
  const circles = (which, more) => ({
    type: "scattermap", mode: "markers", lat: which.map((g) => g.lat), lon: which.map((g) => g.lon), hoverinfo: "skip", below: "", ...more,
  });
  const lead = (g) => g.of.find((p) => p.key === chosen) || g.of[0];
  const near = held.filter((a) => Number.isFinite(a.event.latitude));
  return [
    circles(on, { marker: { size: 46, color: accent, opacity: 0.4, allowoverlap: true } }),
    circles(near.map((a) => ({ lat: a.event.latitude, lon: a.event.longitude })), {
      marker: { size: 24, color: dark ? "#9aa7b1" : "#66737d", opacity: 0.55, allowoverlap: true },
    }),
    circles(groups, { marker: { size: groups.map((g) => size(g) + (g.exact ? 3 : 0)), color: groups.map((g) => (g.exact ? surface : colour(lead(g)))), opacity: 1, allowoverlap: true } }),
    /* Letters take one colour for a trace: white on the circles of places, ink in the rings of areas. */
    ...[true, false].map((exact) => {
      const which = groups.filter((g) => g.exact === exact);
      return {
        ...circles(which, {}),
        mode: "markers+text",
        marker: { size: which.map((g) => size(g) - (exact ? 0 : 7)), color: exact ? which.map((g) => colour(lead(g))) : surface, opacity: 1, allowoverlap: true },
        text: which.map((g) => (g.of.length === 1 ? glyph(g.of[0]) : String(g.of.length))),
        textfont: { color: exact ? "#ffffff" : ink, size: 11, weight: 600 },
        textposition: "middle center",
        customdata: which.map((g) => groups.indexOf(g)),
        hoverinfo: undefined,
        hovertext: which.map((g) => "<b>" + plain(g.of[0].event.place || "a point") + "</b>" + g.of.slice(0, 8).map((p) => "<br>" + plain(kindOf(p.event))).join("")),
        hovertemplate: "%{hovertext}<extra></extra>",
      };
    }),
  ];
}

/* All of them in sight at first; later only a chosen one that is out of sight moves the map. */
function viewOf(groups, box) {
  if (!groups.length) return HOME;
  const [lats, lons] = [groups.map((g) => g.lat), groups.map((g) => g.lon)];
  const [south, north, west, east] = [Math.min(...lats), Math.max(...lats), Math.min(...lons), Math.max(...lons)];
  const wide = Math.log2((box.width * 360) / 512 / Math.max(east - west, 0.4));
  const tall = Math.log2((box.height * 180) / 512 / Math.max(north - south, 0.3));
  return { lat: (south + north) / 2, lon: (west + east) / 2, zoom: Math.max(1, Math.min(8, wide - 0.5, tall - 0.5)) };
}

/* Most of them near each other, as the theatre of a war is: Washington and Paris do not set the view. */
function crowd(groups) {
  const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  if (groups.length < 3) return groups;
  const [lat, lon] = [middle(groups.map((g) => g.lat)), middle(groups.map((g) => g.lon))];
  const near = groups.filter((g) => Math.abs(g.lat - lat) < 4 && Math.abs(g.lon - lon) < 6);
  return near.length ? near : groups;
}

export function drawMap(draft, needed, held, choose) {
  last = { draft, needed, held, choose };
  drawing = drawing.then(draw).catch(() => {
    at("small-map").textContent = "The map cannot be drawn.";
  });
  return drawing;
}

async function draw() {
  const room = at("small-map");
  if (!last || !last.draft.proposals.length || !room.clientWidth) return;
  const Plotly = await plotly();
  const { draft, needed, held, choose } = last;
  const theme = document.documentElement.dataset.theme;
  const groups = groupsOf(draft.proposals, draft.chosen);
  const data = traces(groups, draft.chosen, held, needed.codebook, theme === "dark");
  const on = groups.find((g) => g.of.some((p) => p.key === draft.chosen));
  const box = room.getBoundingClientRect();
  const texts = draft.sources.map((s) => s.key).join();
  const anew = looksAt !== texts;
  looksAt = texts;
  const before = !anew && room._fullLayout && room._fullLayout.map;
  let view = before ? { lat: before.center.lat, lon: before.center.lon, zoom: before.zoom } : viewOf(crowd(groups), box);
  /* Far away the map has coasts and borders alone: it shows more of them. */
  if (on && (!inSight(on, view, box) || (away && isNear(on)))) {
    view = { lat: on.lat, lon: on.lon, zoom: isNear(on) ? Math.max(view.zoom, 6.5) : Math.min(view.zoom, 3.5) };
    away = !isNear(on);
  }
  const layout = {
    map: { style: needed.styles[theme], center: { lat: view.lat, lon: view.lon }, zoom: view.zoom },
    margin: { l: 0, r: 0, t: 0, b: 0 },
    showlegend: false,
    dragmode: "pan",
    hovermode: "closest",
    paper_bgcolor: "rgba(0,0,0,0)",
    hoverlabel: { align: "left", bgcolor: theme === "dark" ? "#171d22" : "#ffffff", font: { color: theme === "dark" ? "#e6ebef" : "#1f2a33" } },
  };
  const first = !room.data;
  await Plotly.react(room, data, layout, CONFIG);
  room.groups = groups;
  if (first) {
    room.on("plotly_click", (click) => {
      const group = click.points[0] && room.groups[click.points[0].customdata];
      if (!group) return;
      const keys = group.of.map((p) => p.key);
      last.choose(keys[(keys.indexOf(last.draft.chosen) + 1) % keys.length]);
    });
  }
  const named = groups.map((g) => (g.of[0].event.place || "a point") + " " + g.of.length).slice(0, 8);
  room.setAttribute("aria-label", "Map of the proposed events: " + (named.join(", ") || "none has a place") + ".");
}

const isNear = (point) => point.lat > 36 && point.lat < 44 && point.lon > 40 && point.lon < 52;

function inSight(point, view, box) {
  const world = 512 * 2 ** view.zoom;
  const y = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
  const [dx, dy] = [Math.abs((point.lon - view.lon) / 360) * world, Math.abs(y(point.lat) - y(view.lat)) * world];
  return dx < box.width / 2 - 15 && dy < box.height / 2 - 15;
}
