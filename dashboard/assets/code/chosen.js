/* The chosen event: its state, its doubts, and what is held that is like it. */
import * as D from "./draft.js";
import { at, button, day, element, kindOf, link, many, nameOf, sign } from "./dom.js";

/* Draw it; `held` are likenesses, `step` makes a step of the draft. */
export function drawChosen(draft, book, { held, look, step }) {
  const room = at("chosen");
  const p = D.chosenOf(draft);
  drawTitle(draft, book, p);
  if (!p) {
    room.replaceChildren(element("p", "none", draft.sources.length ? "No event is chosen." : ""));
    return;
  }
  const parts = [excerpt(draft, p)];
  const state = D.isSaved(draft, p) ? "saved" : p.event.event_id in draft.saved ? "saved, and changed since" : { open: "to decide", accepted: "accepted", rejected: "rejected" }[p.verdict];
  const line = element("p", "quiet", [state, p.rule === D.BY_HAND ? "added by hand" : "proposed by the rule " + p.rule].join(" · "));
  if (D.isSaved(draft, p)) line.append(" · ", link("/?event=" + encodeURIComponent(p.event.event_id), "on the map"));
  parts.push(line);
  if (p.doubts.length) {
    const list = element("ul", "doubts");
    list.append(...p.doubts.map((d) => element("li", "", d)));
    list.setAttribute("aria-label", "Doubts");
    parts.push(list);
  }
  const [first, ...others] = held;
  const of = { draft, book, step };
  if (first) {
    const all = element("section", "held");
    all.append(element("h3", "", "Held already, and like it"), heldItem(p, first, of));
    if (others.length) {
      const rest = element("details");
      rest.open = look.allHeld === p.key;
      rest.addEventListener("toggle", () => {
        if (rest.isConnected) look.allHeld = rest.open ? p.key : null;
      });
      rest.append(element("summary", "", many(others.length, "more", "more")), ...others.map((a) => heldItem(p, a, of)));
      all.append(rest);
    }
    parts.push(all);
  }
  room.replaceChildren(...parts);
}

/* The heading stays the same element, so that it keeps the focus while what is below it is drawn anew. */
function drawTitle(draft, book, p) {
  const number = draft.proposals.indexOf(p) + 1;
  at("event-title").replaceChildren(
    ...(p ? [sign(book, p.event.event_type), kindOf(p.event), element("span", "quiet", " " + number + " of " + draft.proposals.length)] : []),
  );
}

/* On a phone the text is on another tab: the words that are the evidence stand here, too. */
function excerpt(draft, p) {
  const quote = element("blockquote", "excerpt phone-only");
  const report = D.reportOf(draft, p.report);
  const spans = p.marks.filter((m) => m[0] === p.report).map((m) => [m[2], m[3]]);
  if (!report || !spans.length) return quote;
  const from = Math.max(0, report.text.lastIndexOf(". ", Math.min(...spans.map((s) => s[0]))) + 1);
  const end = Math.max(...spans.map((s) => s[1]));
  const stop = report.text.indexOf(". ", end);
  quote.textContent = report.text.slice(from, Math.min(stop < 0 ? report.text.length : stop + 1, end + 300)).trim();
  return quote;
}

function heldItem(p, a, { draft, book, step }) {
  const item = element("article", "held-item");
  const title = element("p");
  title.append(sign(book, a.event.event_type), day(a.event.event_date), " · ", element("b", "", a.event.place || "no place"), " · ", kindOf(a.event));
  const said = element("p", "quiet", [a.event.claimant ? a.event.claimant + " says" : "", a.event.source ? "in " + a.event.source : ""].filter(Boolean).join(", "));
  const how = a.same_content ? "the same event, held already" : a.same_id ? "held under the same id, with other content" : a.same_word ? "the same claimant" : "another claimant's word";
  const why = element("p", "quiet", [how, ...a.reasons.filter((r) => r !== "same id")].join(" · "));
  const line = element("p", "row");
  const where = link("/?event=" + encodeURIComponent(a.event.event_id), "Look at it");
  where.target = "_blank";
  line.append(where);
  if (D.isSaved(draft, p)) {
    item.append(title, element("p", "", a.event.notes || ""), said, why, line);
    return item;
  }
  if (a.same_word || a.same_content) line.append(button("Mine repeats it: reject", () => step(D.judge(draft, [p.key], "rejected"), "Rejected, as it is held already: " + nameOf(p.event) + ".")));
  if (!a.same_id && !a.same_word && (!a.event.incident_id || a.event.incident_id !== p.event.incident_id)) {
    line.append(button("The same happening: tie them", () => step(D.tie(draft, p.key, a.event), "Tied to the held event as one incident; both are shown beside each other once this one is saved.")));
  }
  if (a.same_id ? !a.same_content && p.replaces !== a.event.event_id : a.same_word) {
    line.append(button("Put mine in its place", () => step(D.inPlaceOf(draft, p.key, a.event.event_id), "When it is saved it takes the place of the held event.")));
  }
  item.append(title, element("p", "", a.event.notes || ""), said, why, line);
  if (p.replaces === a.event.event_id) item.append(element("p", "warn", "Yours will take its place when it is saved."));
  return item;
}
