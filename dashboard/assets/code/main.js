/* The page /code: its keys and buttons, and its start. */
import { acceptAll, add, drop, judge, leave, mergeIt, move, note, splitIt, tick, undo } from "./acts.js";
import { choose, chosen, desk, draft, draw, drawPlaces, isPhone, lookForHeld, show, step } from "./desk.js";
import { keys } from "./dialogs.js";
import * as D from "./draft.js";
import { at, say } from "./dom.js";
import { Editor } from "./editor.js";
import { askForDays, submit, takeFiles, trouble } from "./intake.js";
import { clearIt, saveIt, showOnMap, takeOut, tellSaving, tellUnsourced } from "./keeping.js";
import * as memory from "./memory.js";
import * as server from "./server.js";
import { showRow, shownOf, wireTable } from "./table.js";
import { showEvidence, wireText } from "./text.js";

const body = document.body;
desk.acts = { add, drop };

/* ── keys ────────────────────────────────────────────────────────────────────────────────────────────────── */

const ACTS = {
  before: () => move(-1),
  next: () => move(1),
  accept: () => judge("accepted", "Accepted"),
  reject: () => judge("rejected", "Rejected"),
  split: splitIt,
  merge: mergeIt,
  add: () => add(),
  undo: () => undo(true),
  redo: () => undo(false),
};

const KEYS = [
  ["j ↓", "the next event", ["j", "ArrowDown"], ACTS.next],
  ["k ↑", "the event before", ["k", "ArrowUp"], ACTS.before],
  ["a", "accept it and go on; once more: to decide again", ["a"], ACTS.accept],
  ["A", "accept all that are to decide", ["A"], acceptAll],
  ["r", "reject it and go on; once more: to decide again", ["r"], ACTS.reject],
  ["e", "edit it; Esc leads back", ["e", "Enter"], () => chosen() && (isPhone() && show("event"), desk.editor.focus("event_type"))],
  ["p", "change its place", ["p"], () => chosen() && (isPhone() && show("event"), desk.editor.focus("place"))],
  ["s", "split: a copy to edit, for a second happening", ["s"], ACTS.split],
  ["x", "tick it, to accept, reject or merge several", ["x"], tick],
  ["m", "merge two: one claimant's words become one event, two claimants' one incident", ["m"], ACTS.merge],
  ["n", "a new event of this report; of the words that are selected, if any", ["n"], ACTS.add],
  ["u", "undo", ["u"], ACTS.undo],
  ["y", "redo", ["y", "U"], ACTS.redo],
  ["w", "save what is accepted", ["w"], saveIt],
  ...(at("on-map") ? [["v", "show the draft on the map, under a link of its own", ["v"], showOnMap]] : []),
  ["?", "these keys", ["?"], help],
];

function help() {
  keys(KEYS.map(([shown, what]) => [shown, what]), memory.keysOn(), memory.setKeysOn);
}

function onKey(event) {
  if (at("dialog").open) return;
  const typing = event.target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  if (event.key === "Escape") {
    leave();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && !event.altKey) {
    const key = event.key.toLowerCase();
    if (key === "enter" && event.target.id === "source") submit();
    else if (key === "enter" && event.target.closest("#editor")) {
      event.target.blur();
      ACTS.accept();
    } else if (!typing && (key === "z" || key === "y")) undo(key === "z" && !event.shiftKey);
    else return;
    event.preventDefault();
    return;
  }
  if (typing || event.altKey || event.ctrlKey || event.metaKey || !memory.keysOn() || !desk.needed) return;
  const arrow = event.key.startsWith("Arrow") || event.key === "Enter";
  /* Arrows and Enter have their own use everywhere else. */
  if (arrow && !(event.target === body || event.target.closest("#table"))) return;
  const found = KEYS.find(([, , names]) => names.includes(event.key));
  if (!found || (body.dataset.stage === "intake" && event.key !== "?")) return;
  event.preventDefault();
  found[3]();
}

/* ── start ───────────────────────────────────────────────────────────────────────────────────────────────── */

function wire() {
  at("paste").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  at("source").addEventListener("paste", (event) => {
    const text = event.clipboardData && event.clipboardData.getData("text/plain");
    /* A whole text pasted into an empty field needs no further word. */
    if (text && text.length > 200 && !at("source").value.trim()) setTimeout(submit, 0);
  });
  at("files").addEventListener("change", () => {
    takeFiles([...at("files").files]);
    at("files").value = "";
  });
  const carries = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || body.classList.remove("dropping"));
  document.addEventListener("drop", (event) => {
    body.classList.remove("dropping");
    if (!carries(event)) return;
    event.preventDefault();
    takeFiles([...event.dataTransfer.files]);
  });
  document.querySelector(".bar").addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]");
    if (name) ACTS[name.dataset.do]();
  });
  at("shown").addEventListener("change", () => {
    desk.look.shown = document.querySelector("input[name=shown]:checked").value;
    const all = shownOf(draft(), desk.look.shown);
    if (all.length && !all.some((p) => p.key === draft().chosen && (desk.look.shown === "all" || p.verdict === desk.look.shown))) {
      const first = all.find((p) => desk.look.shown === "all" || p.verdict === desk.look.shown);
      if (first) desk.history.set(D.choose(draft(), first.key));
    }
    draw();
  });
  for (const tab of document.querySelectorAll("[role=tab]")) {
    tab.addEventListener("click", () => show(tab.dataset.tab));
    tab.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      const all = [...document.querySelectorAll("[role=tab]")];
      const next = all[(all.indexOf(tab) + by + all.length) % all.length];
      show(next.dataset.tab);
      next.focus();
    });
  }
  at("save").addEventListener("click", saveIt);
  if (at("on-map")) at("on-map").addEventListener("click", showOnMap);
  for (const happening of ["toggle", "change"]) at("download").addEventListener(happening, tellUnsourced);
  at("clear").addEventListener("click", clearIt);
  at("help").addEventListener("click", help);
  at("download").addEventListener("click", (event) => {
    const format = event.target.closest("[data-format]");
    if (format) takeOut(format.dataset.format, format.dataset.suffix);
  });
  at("theme-button").addEventListener("click", () => {
    window.contactTheme.change();
    drawPlaces();
  });
  document.addEventListener("keydown", onKey);
  wireText((key) => choose(key), () => draft().chosen);
  wireTable((key) => choose(key, "event"));
  memory.onOther(() => say("Another tab has changed the draft; load the page anew to see it."));
  window.addEventListener("pagehide", () => memory.flush());
}

async function start() {
  desk.needed = await server.needed();
  if (desk.needed.error) {
    trouble(server.told(desk.needed.error));
    return;
  }
  desk.editor = new Editor(at("editor"), desk.needed, {
    set: (values, what) => {
      const p = chosen();
      if (!p || Object.entries(values).every(([f, v]) => (p.event[f] ?? null) === (v ?? null))) return;
      step(D.edit(draft(), p.key, values), what + " changed.");
      if (D.NOTED_FIELDS.some((f) => f in values)) note(p.key);
    },
    claimants: () => [...new Set(draft().sources.map((s) => s.publisher).concat(draft().proposals.map((p) => p.event.claimant)).filter(Boolean))],
  });
  wire();
  tellSaving();
  const kept = memory.recall();
  if (kept) {
    desk.history.set(kept);
    at("intake").open = false;
  }
  show("text");
  draw();
  lookForHeld();
  if (kept) {
    askForDays();
    showRow(draft().chosen);
    showEvidence(draft());
    say("The draft is as you left it.");
  } else at("source").focus();
  body.dataset.ready = "yes";
}

start();
