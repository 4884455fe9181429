/* What a person does with the proposals. */
import { choose, chosen, desk, draft, draw, drawList, isPhone, lookForHeld, show, step } from "./desk.js";
import * as D from "./draft.js";
import { many, nameOf, say } from "./dom.js";
import { askForDays } from "./intake.js";
import * as memory from "./memory.js";
import * as server from "./server.js";
import { focusRow, shownOf } from "./table.js";
import { selectedWords } from "./text.js";

const targets = () => (desk.look.ticked.size ? [...desk.look.ticked].filter((k) => D.find(draft(), k)) : chosen() ? [draft().chosen] : []);

export function judge(verdict, word) {
  const keysOf = targets();
  if (!keysOf.length) return;
  const [wrong] = desk.editor.wrong;
  if (wrong && keysOf.includes(draft().chosen)) {
    desk.editor.focus(wrong);
    say("A field of it cannot be used as it stands.");
    return;
  }
  const back = keysOf.every((k) => D.find(draft(), k).verdict === verdict);
  if (!back && verdict === "accepted") {
    const lame = keysOf.map((k) => D.find(draft(), k)).find((p) => D.lacking(p.event));
    if (lame) {
      choose(lame.key, "event");
      desk.editor.focus(D.lacking(lame.event));
      say("It cannot be accepted yet: it needs a " + (D.lacking(lame.event) === "event_date" ? "day" : "type") + ".");
      return;
    }
  }
  const what = keysOf.length === 1 ? nameOf(D.find(draft(), keysOf[0]).event) : many(keysOf.length, "event");
  let next = D.judge(draft(), keysOf, back ? "open" : verdict);
  const onwards = !back && keysOf.length === 1 ? nextOpen(next, keysOf[0]) : null;
  if (onwards) next = D.choose(next, onwards);
  desk.look.ticked.clear();
  const left = D.inVerdict(next, "open").length;
  step(next, (back ? "To decide again: " : word + ": ") + what + "." + (left ? " " + left + " to decide." : " All are decided."));
  choose(draft().chosen);
}

/* The next one to decide below, else the first. */
function nextOpen(next, key) {
  const all = shownOf(next, desk.look.shown === "open" ? "open" : "all");
  const n = all.findIndex((p) => p.key === key);
  const open = [...all.slice(n + 1), ...all.slice(0, n)].find((p) => p.verdict === "open");
  return open && open.key;
}

export function acceptAll() {
  const open = D.inVerdict(draft(), "open");
  const whole = open.filter((p) => !D.lacking(p.event));
  if (!whole.length) return say("None is left to accept.");
  const left = open.length - whole.length;
  return step(D.judge(draft(), whole.map((p) => p.key), "accepted"), "Accepted: " + many(whole.length, "event") + "." + (left ? " " + left + " lack a day or type." : ""));
}

export function splitIt() {
  if (!chosen()) return;
  const of = nameOf(chosen().event);
  step(D.split(draft(), draft().chosen), "Split: a copy of " + of + ", to be edited.");
  choose(draft().chosen, "event");
  desk.editor.focus("place");
}

export function mergeIt() {
  const ticked = draft().proposals.filter((p) => desk.look.ticked.has(p.key)).map((p) => p.key);
  if (ticked.length > 2) return say("Tick two events to merge, not " + ticked.length + ".");
  if (ticked.length === 2) return mergeTwo(ticked.includes(draft().chosen) ? draft().chosen : ticked[0], ticked.find((k) => k !== (ticked.includes(draft().chosen) ? draft().chosen : ticked[0])));
  if (desk.look.merging && desk.look.merging !== draft().chosen) return mergeTwo(desk.look.merging, draft().chosen);
  desk.look.merging = desk.look.merging ? null : draft().chosen;
  draw();
  if (isPhone() && desk.look.merging) show("table");
  return say(desk.look.merging ? "Now choose the other event, and merge again (m); Esc leaves it." : "Nothing is merged.");
}

function mergeTwo(key, other) {
  const [a, b] = [D.find(draft(), key), D.find(draft(), other)];
  const { draft: next, one, left } = D.merge(draft(), key, other);
  desk.look.merging = null;
  desk.look.ticked.clear();
  const dropped = left.map(([field, value]) => field.replace(/_/g, " ") + " “" + value + "”").slice(0, 4).join(", ");
  const why = a.event.claimant === b.event.claimant ? "Two kinds of happening" : "Two claimants' words";
  step(next, one ? "One event of two. The first one's values stay" + (dropped ? "; let go: " + dropped : "") + "." : why + ": both stay, as one incident.");
  choose(draft().chosen, "event");
}

export function tick() {
  if (!chosen()) return;
  const key = draft().chosen;
  if (!desk.look.ticked.delete(key)) desk.look.ticked.add(key);
  drawList();
  say(desk.look.ticked.size ? many(desk.look.ticked.size, "event") + " ticked." : "No event is ticked.");
}

export function add(reportKey) {
  const words = selectedWords();
  const key = typeof reportKey === "string" ? reportKey : words ? words.report : chosen() ? chosen().report : draft().sources.length && draft().sources[0].reports.length ? draft().sources[0].reports[0].key : "";
  if (!key) return;
  const marked = words && words.report === key ? [words.start, words.end] : null;
  step(D.add(draft(), key, marked), marked ? "A new event; the words you selected are its evidence." : "A new event of this report.");
  window.getSelection().removeAllRanges();
  choose(draft().chosen, "event");
  desk.editor.focus("event_type");
}

export function drop(sourceKey) {
  const source = draft().sources.find((s) => s.key === sourceKey);
  step(D.dropSource(draft(), sourceKey), "Taken out of the draft: " + (source.title || source.publisher || "a text") + ", with its events.");
  askForDays();
}

export function move(by) {
  const all = shownOf(draft(), desk.look.shown);
  const n = all.findIndex((p) => p.key === draft().chosen);
  const next = all[n + by];
  if (!next) return;
  choose(next.key);
  if (!isPhone() || document.body.dataset.tab === "table") focusRow(next.key);
}

export function undo(back) {
  const said = back ? desk.history.undo() : desk.history.redo();
  if (!said) return say("There is nothing to " + (back ? "undo" : "redo") + ".");
  memory.keep(draft(), say);
  draw();
  lookForHeld();
  askForDays();
  return say((back ? "Undone: " : "Done again: ") + said.charAt(0).toLowerCase() + said.slice(1));
}

export function leave() {
  if (desk.look.merging || desk.look.ticked.size) {
    desk.look.merging = null;
    desk.look.ticked.clear();
    draw();
    say("Nothing is merged.");
  } else if (document.activeElement && document.activeElement.closest("#editor, #chosen")) {
    if (isPhone()) show("table");
    focusRow(draft().chosen);
  }
}

/* The sentence that the codes make follows them, unless a person wrote one: no step of its own. */
export async function note(key) {
  const of = D.find(draft(), key);
  const told = await server.note(of.event, D.isInferred(of));
  const now = D.find(draft(), key);
  if (told.error || !now || now.event !== of.event) return;
  desk.history.set(D.noted(draft(), key, told.notes[0]));
  memory.keep(draft(), say);
  desk.editor.fill(chosen());
  lookForHeld();
}
