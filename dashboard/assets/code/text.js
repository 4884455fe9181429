/* The reports with their evidence marked. Marks are told apart by the style of their line and by a label, too. */
import { reportOf, segments } from "./draft.js";
import { at, button, day, element, kindOf, many, sign } from "./dom.js";

const LABELS = {
  action: "what", place: "where", actor1: "who", actor2: "to whom", claimant: "says", day: "when", fatalities: "killed",
  injured: "injured",
};

let drawn = { sources: null, articles: new Map() }; // report → {article, look, parts: key → its marks and chip}
let lit = [];

/* Draw what has changed; `act` has choose(key), add(reportKey), drop(sourceKey). */
export function drawText(draft, book, act) {
  const room = at("reports");
  if (drawn.sources !== draft.sources) {
    room.replaceChildren(...draft.sources.map((source) => sourceOf(source, act)));
    const articles = [...room.querySelectorAll("article")].map((article) => [article.dataset.report, { article, look: [], parts: new Map() }]);
    drawn = { sources: draft.sources, articles: new Map(articles) };
  }
  const by = new Map();
  draft.proposals.forEach((p, n) => {
    if (p.verdict === "rejected") return;
    for (const key of new Set([p.report, ...p.marks.map((m) => m[0])])) by.set(key, [...(by.get(key) || []), p, n + 1]);
  });
  for (const [key, held] of drawn.articles) {
    const look = by.get(key) || [];
    if (held.filled && look.length === held.look.length && look.every((part, n) => part === held.look[n])) continue;
    const mine = look.filter((_, n) => n % 2 === 0);
    const numbers = new Map(mine.map((p, n) => [p.key, look[2 * n + 1]]));
    Object.assign(held, { look, filled: true, parts: fill(held.article, reportOf(draft, key), mine, numbers, book, act) });
  }
  lightUp(draft.chosen);
}

function sourceOf(source, act) {
  const part = element("section", "source");
  part.dataset.source = source.key;
  const head = element("header");
  head.append(element("h2", "", source.title || source.publisher || source.name || "Text"));
  const told = [source.title ? source.publisher : "", many(source.reports.length, "report")].filter(Boolean).join(" · ");
  head.append(element("span", "quiet", told), button("Remove", () => act.drop(source.key), "plain"));
  part.append(head, ...source.reports.map(articleOf));
  if (source.left_out.length) part.append(leftOut(source.left_out));
  if (!source.reports.length) part.append(element("p", "none", "No report was found in this text."));
  return part;
}

function articleOf(report) {
  const article = element("article");
  article.dataset.report = report.key;
  return article;
}

function leftOut(passages) {
  const all = element("details", "left-out");
  const list = element("ul");
  list.append(
    ...passages.map((passage) => {
      const line = element("li", "", passage.text);
      line.append(" ", element("em", "", passage.reason));
      return line;
    }),
  );
  all.append(element("summary", "", "Left out of this text: " + many(passages.length, "passage")), list);
  return all;
}

function fill(article, report, mine, numbers, book, act) {
  const head = element("header");
  const when = [report.label, report.day && !report.label.includes(report.day) ? day(report.day) : ""].filter(Boolean).join(" · ");
  head.append(element("b", "", when || "no time"), button("+ event", () => act.add(report.key), "plain"));
  const words = element("div", "words");
  if (report.title) words.append(element("h3", "", report.title));
  const marks = mine.flatMap((p) => p.marks.filter((m) => m[0] === report.key).map(([, field, start, end]) => ({ key: p.key, field, start, end })));
  const parts = new Map(mine.map((p) => [p.key, { marks: [], chip: chip(p, numbers.get(p.key), book, act) }]));
  for (const { start, end, on } of segments(report.text.length, marks)) {
    const text = report.text.slice(start, end);
    if (!on.length) {
      words.append(text);
      continue;
    }
    const part = element("span", "mark", text);
    part.dataset.keys = [...new Set(on.map((m) => m.key))].join(" ");
    for (const { key, field, first } of on) parts.get(key).marks.push({ part, field, first });
    words.append(part);
  }
  words.dataset.text = report.key;
  const chips = element("p", "chips-of");
  chips.append(...[...parts.values()].map((p) => p.chip));
  article.replaceChildren(head, words, chips);
  return parts;
}

function chip(p, number, book, act) {
  const made = button("", () => act.choose(p.key), "chip-of");
  made.dataset.key = p.key;
  made.tabIndex = -1;
  made.append(element("span", "number", number), sign(book, p.event.event_type), kindOf(p.event), element("span", "quiet", p.event.place || ""));
  if (p.verdict === "accepted") made.append(element("span", "tick", "✓"));
  made.setAttribute("aria-label", "Event " + number + ": " + kindOf(p.event) + ", " + (p.event.place || "no place") + (p.verdict === "accepted" ? ", accepted" : ""));
  return made;
}

/* The evidence of the chosen event: each mark by its field, with a label where it begins. */
export function lightUp(key) {
  for (const { marks, chip: old } of lit) {
    for (const { part } of marks) {
      part.className = "mark";
      delete part.dataset.label;
    }
    old.tabIndex = -1;
    old.removeAttribute("aria-current");
  }
  lit = [...drawn.articles.values()].flatMap(({ parts }) => parts.get(key) || []);
  for (const { marks, chip: now } of lit) {
    for (const { part, field, first } of marks) {
      part.classList.add("on", "m-" + field);
      const label = LABELS[field] || field;
      if (first) part.dataset.label = part.dataset.label ? part.dataset.label + ", " + label : label;
    }
    now.tabIndex = 0;
    now.setAttribute("aria-current", "true");
  }
}

/* Bring the chosen event's evidence into sight, without moving what is in sight already. */
export function showEvidence(draft) {
  const p = draft.proposals.find((one) => one.key === draft.chosen);
  if (!p) return;
  const marks = lit.flatMap((l) => l.marks);
  const first = marks.find((m) => m.field === "action") || marks[0];
  const mark = first ? first.part : (drawn.articles.get(p.report) || {}).article;
  if (!mark || !mark.getClientRects().length) return;
  const [room, box] = [at("reports").getBoundingClientRect(), mark.getBoundingClientRect()];
  if (box.top >= room.top + 30 && box.bottom <= room.bottom - 30) return;
  at("reports").scrollBy({ top: box.top - room.top - room.height / 3, behavior: "auto" });
}

/* What is selected of a report: its key and the characters, or null. */
export function selectedWords() {
  const selection = window.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const words = range.startContainer.parentElement && range.startContainer.parentElement.closest("[data-text]");
  if (!words || !words.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.setStart(words, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const title = words.querySelector("h3");
  const start = before.toString().length - (title ? title.textContent.length : 0);
  return start < 0 ? null : { report: words.dataset.text, start, end: start + range.toString().length, text: range.toString() };
}

/* Clicks on marks choose their event, the next one where several meet; arrow keys walk through the chips. */
export function wireText(choose, chosen) {
  at("reports").addEventListener("click", (event) => {
    const part = event.target.closest(".mark");
    if (!part || !window.getSelection().isCollapsed) return;
    const keys = part.dataset.keys.split(" ");
    choose(keys[(keys.indexOf(chosen()) + 1) % keys.length]);
  });
  at("reports").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.closest(".chip-of")) return;
    event.preventDefault();
    event.stopPropagation();
    const chips = [...at("reports").querySelectorAll(".chip-of")];
    const next = chips[chips.indexOf(event.target.closest(".chip-of")) + step];
    if (next) {
      choose(next.dataset.key);
      const again = at("reports").querySelector(".chip-of[aria-current]");
      if (again) again.focus();
    }
  });
}
