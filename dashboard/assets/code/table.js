/* The proposed events as a table; one row is chosen, several may be ticked. */
import { isSaved } from "./draft.js";
import { at, day, element, kindOf, sign } from "./dom.js";

const SIGNS = { open: ["○", "to decide"], accepted: ["✓", "accepted"], rejected: ["✕", "rejected"] };

export const shownOf = (draft, shown) => (shown === "all" ? draft.proposals : draft.proposals.filter((p) => p.verdict === shown || p.key === draft.chosen));

/* The rows that stand, by the event's key: a row is drawn anew only where what it shows has changed. */
const drawn = new Map();

/* state: {shown, ticked: Set, held: key → likenesses, merging: the key of the first of two, or null}. */
export function drawTable(draft, book, { shown, ticked, held, merging }) {
  const body = at("table").tBodies[0];
  const focused = document.activeElement && document.activeElement.closest("#table tbody tr");
  const incidents = new Map();
  for (const p of draft.proposals) {
    if (p.event.incident_id) incidents.set(p.event.incident_id, (incidents.get(p.event.incident_id) || 0) + 1);
  }
  const numbers = new Map(draft.proposals.map((p, n) => [p.key, n + 1]));
  const rows = shownOf(draft, shown).map((p) => {
    const saved = p.verdict === "accepted" && isSaved(draft, p);
    const others = p.event.incident_id ? incidents.get(p.event.incident_id) - 1 : 0;
    const facts = [p, numbers.get(p.key), ticked.has(p.key), merging === p.key, saved, others, held.get(p.key)];
    const before = drawn.get(p.key);
    if (before && facts.every((fact, n) => fact === before.facts[n])) return before.row;
    const row = rowOf(p, book, { number: facts[1], ticked: facts[2], first: facts[3], saved, others, alike: facts[6] || [] });
    drawn.set(p.key, { facts, row });
    return row;
  });
  put(body, rows);
  chooseRow(draft.chosen);
  at("none").textContent = rows.length ? "" : draft.proposals.length ? "None of these here." : "Nothing was proposed of this text. Add an event by hand: n.";
  if (focused) focusRow(draft.chosen);
}

/* The rows in their order; those that stand where they should are left alone. */
function put(body, rows) {
  const wanted = new Set(rows);
  for (const row of [...body.rows]) if (!wanted.has(row)) row.remove();
  let next = body.firstElementChild;
  for (const row of rows) {
    if (row === next) next = next.nextElementSibling;
    else body.insertBefore(row, next);
  }
  if (drawn.size > 2 * rows.length + 500) {
    for (const [key, { row }] of drawn) if (!row.isConnected) drawn.delete(key);
  }
}

/* One row is the chosen one, and the one that the Tab key reaches. */
export function chooseRow(key) {
  for (const row of at("table").querySelectorAll("tr.chosen")) {
    row.classList.remove("chosen");
    row.removeAttribute("aria-current");
    row.tabIndex = -1;
  }
  const row = rowFor(key);
  if (!row) return;
  row.classList.add("chosen");
  row.setAttribute("aria-current", "true");
  row.tabIndex = 0;
}

function rowOf(p, book, { number, ticked, first, saved, others, alike }) {
  const row = element("tr", p.verdict);
  row.dataset.key = p.key;
  row.tabIndex = -1;
  row.classList.toggle("ticked", ticked);
  row.classList.toggle("first-of-two", first);
  const [sign_, decision] = saved ? ["✔", "saved"] : SIGNS[p.verdict];
  const state = element("td", "state");
  state.append(element("span", "number", number), mark(sign_, decision + (ticked ? ", ticked" : "")));
  const when = element("td", "when", day(p.event.event_date, false) || "?");
  const what = element("td", "what");
  const place = element("span", "where", p.event.place || "no place");
  if (p.event.geo_precision > 1) place.append(mark(p.event.geo_precision === 2 ? "◌" : "◌◌", p.event.geo_precision === 2 ? "near it or in its district" : "a region"));
  what.append(sign(book, p.event.event_type), element("span", "kind", kindOf(p.event)), place);
  const who = element("td", "who");
  const says = element("span", "says", p.event.claimant ? p.event.claimant + " says" : "");
  for (const [glyph, short, long] of remarks(p, others, alike)) says.append(" ", mark(glyph + " " + short, long, "remark"));
  who.append(element("span", "", [p.event.actor1, p.event.actor2].filter(Boolean).join(" → ") || "–"), says);
  row.append(state, when, what, who);
  return row;
}

/* What should be looked at before the decision: [sign, short, in words]. */
function remarks(p, of, alike) {
  const repeats = alike.filter((a) => a.same_word || a.same_content).length;
  const words = alike.filter((a) => !a.same_id && !a.same_word).length;
  return [
    p.doubts.length && p.verdict === "open" ? ["?", p.doubts.length === 1 ? "doubt" : p.doubts.length + " doubts", p.doubts.join(" ")] : null,
    repeats ? ["≈", "held", "It may be held already."] : words ? ["≈", "another word", "Another party's word on it is held."] : null,
    of ? ["⚭", "incident", "One incident with " + of + " more."] : null,
  ].filter(Boolean);
}

function mark(glyph, text, className) {
  const made = element("span", className || "glyph", glyph);
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", text);
  made.title = text;
  return made;
}

export function rowFor(key) {
  const found = drawn.get(key);
  return found && found.row.isConnected ? found.row : null;
}

export function focusRow(key) {
  const row = rowFor(key);
  if (row) row.focus({ preventScroll: true });
}

export function showRow(key) {
  const row = rowFor(key);
  const room = at("table-room");
  if (!row || !room.clientHeight) return;
  const [head, top, bottom] = [28, row.offsetTop, row.offsetTop + row.offsetHeight];
  if (top - head < room.scrollTop) room.scrollTop = top - head - 40;
  else if (bottom > room.scrollTop + room.clientHeight) room.scrollTop = bottom - room.clientHeight + 40;
}

export function wireTable(choose) {
  at("table").tBodies[0].addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (!row) return;
    choose(row.dataset.key);
    focusRow(row.dataset.key);
  });
}
