/* The desk: the one draft, what the person looks at of it, and how it is drawn after each step. */
import { drawChosen } from "./chosen.js";
import * as D from "./draft.js";
import { at, element, say } from "./dom.js";
import { drawMap } from "./map.js";
import * as memory from "./memory.js";
import * as server from "./server.js";
import { chooseRow, drawTable, rowFor, showRow } from "./table.js";
import { drawText, lightUp, showEvidence } from "./text.js";

/* `needed` is what the server told at the start; `look` what is shown, ticked, held and merged; `acts` what a report's
   own buttons do. */
export const desk = {
  history: new D.History(D.empty()),
  look: { shown: "all", ticked: new Set(), held: new Map(), merging: null, allHeld: null },
  needed: null,
  editor: null,
  acts: {},
};

export const draft = () => desk.history.now;
export const chosen = () => D.chosenOf(draft());
export const unsaved = () => D.inVerdict(draft(), "accepted").filter((p) => !D.isSaved(draft(), p));
export const isPhone = () => window.matchMedia("(max-width: 900px)").matches;
const body = document.body;

/* ── what is held that is like an event ──────────────────────────────────────────────────────────────────── */

const NONE = [];
export const heldOf = (p) => (p && desk.look.held.get(p.key) && desk.look.held.get(p.key).alike) || NONE;

let later = 0;

/* What is held that is like each event whose content is new since it was asked for last. */
export function lookForHeld() {
  clearTimeout(later);
  later = setTimeout(async () => {
    const fresh = draft().proposals.filter((p) => (desk.look.held.get(p.key) || {}).of !== D.content(p.event));
    if (!fresh.length) return;
    const told = await server.alike(fresh.map((p) => ({ event: p.event })));
    if (told.error) return;
    fresh.forEach((p, n) => desk.look.held.set(p.key, { of: D.content(p.event), alike: told.duplicates[n] }));
    drawList();
    drawOne();
  }, 250);
}

/* ── drawing ─────────────────────────────────────────────────────────────────────────────────────────────── */

let mapLater = 0;

export const drawList = () => drawTable(draft(), desk.needed.codebook, { ...desk.look, held: new Map(draft().proposals.map((p) => [p.key, heldOf(p)])) });
const drawOne = () => drawChosen(draft(), desk.needed.codebook, { held: heldOf(chosen()), look: desk.look, step });
export const drawPlaces = () => drawMap(draft(), desk.needed, heldOf(chosen()), (key) => choose(key));

function mapSoon() {
  clearTimeout(mapLater);
  mapLater = setTimeout(drawPlaces, 60);
}

/* Everything anew, but for what stands as it was. */
export function draw() {
  const now = draft();
  body.dataset.stage = now.sources.length ? "desk" : "intake";
  if (!now.sources.length) at("intake").open = true;
  const n = { open: D.inVerdict(now, "open").length, accepted: D.inVerdict(now, "accepted").length, rejected: D.inVerdict(now, "rejected").length };
  at("counts").replaceChildren(...(now.proposals.length ? [element("b", "", now.proposals.length), " proposed · ", element("b", "", n.accepted), " accepted · ", element("b", "", n.open), " to decide"] : []));
  drawWaysOut(unsaved().length);
  at("tab-table").textContent = "Events (" + now.proposals.length + ")";
  for (const [value, count] of Object.entries({ all: now.proposals.length, ...n })) {
    const label = at("shown").querySelector("input[value=" + value + "]").nextElementSibling;
    label.textContent = label.textContent.replace(/ \d+$/, "") + " " + count;
  }
  const has = !!chosen();
  for (const name of ["accept", "reject", "split", "merge", "before", "next"]) actOf(name).disabled = !has;
  actOf("add").disabled = !now.sources.length;
  actOf("undo").disabled = !desk.history.before.length;
  actOf("redo").disabled = !desk.history.after.length;
  drawText(now, desk.needed.codebook, { choose: (key) => choose(key, "event"), ...desk.acts });
  drawList();
  drawOne();
  desk.editor.fill(chosen());
  mapSoon();
  arrive();
}

/* What is accepted leads to Save; where nothing can be saved, to Download. */
function drawWaysOut(accepted) {
  const saves = desk.needed.saving.state !== "none";
  at("save").textContent = saves && accepted ? "Save " + accepted + " accepted" : "Save";
  at("save").classList.toggle("go", saves && accepted > 0);
  at("download").querySelector("summary").classList.toggle("go", !saves && accepted > 0);
}

const actOf = (name) => document.querySelector(".bar [data-do=" + name + "]");

/* What was chosen changes the look of a few parts alone. */
export function choose(key, tab) {
  if (key !== draft().chosen) {
    desk.history.set(D.choose(draft(), key));
    memory.keep(draft(), say);
  }
  if (rowFor(key)) chooseRow(key);
  else drawList();
  lightUp(key);
  drawOne();
  desk.editor.fill(chosen());
  if (tab && isPhone()) show(tab);
  showRow(key);
  showEvidence(draft());
  mapSoon();
  arrive();
}

let arrivedAt = null; // the event at whose top the pane was last

/* Another event begins at its heading, its evidence and its doubts, wherever the one before was left. On a phone the
   focus comes along: the row or the field that had it is out of sight, or is another event's now. */
function arrive() {
  if ((isPhone() && body.dataset.tab !== "event") || draft().chosen === arrivedAt) return;
  arrivedAt = draft().chosen;
  at("event").scrollTop = 0;
  if (isPhone() && arrivedAt) at("event-title").focus({ preventScroll: true });
}

/* A step that can be undone, and what it was, in words. */
export function step(next, said, ...more) {
  desk.history.step(next, said);
  memory.keep(draft(), say);
  draw();
  lookForHeld();
  if (said) say(said, ...more);
}

/* On a phone the parts are tabs. */
export function show(tab) {
  body.dataset.tab = tab;
  for (const t of document.querySelectorAll("[role=tab]")) {
    t.setAttribute("aria-selected", String(t.dataset.tab === tab));
    t.tabIndex = t.dataset.tab === tab ? 0 : -1;
  }
  if (tab === "event") {
    drawPlaces();
    arrive();
  }
  if (tab === "text") showEvidence(draft());
}
