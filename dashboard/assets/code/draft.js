/* The draft: what was pasted, what is proposed of it, and what a person made of that. Pure: each function takes a draft
   and gives another one; nothing here knows of the page.

   draft     {sources, proposals, chosen, next, saved}
   source    {key, name, publisher, title, undated, reports, left_out}; a report has a key of its own: "s1:4"
   proposal  {key, report, event, original, rule, marks: [[report, field, start, end]], doubts, verdict, ties, noted}
             `noted` is the sentence that the codes make; the notes are a person's own once they say something else
   saved     event_id → what was saved under it, as one text */

export const FIELDS = [
  "event_id", "incident_id", "event_date", "event_end", "time_precision", "event_type", "sub_event_type", "actor1",
  "actor2", "claimant", "country", "admin1", "place", "place_id", "latitude", "longitude", "geo_precision", "fatalities",
  "fatalities_low", "fatalities_high", "injured", "notes", "source", "source_url", "source_time", "evidence",
];
export const PLACE_FIELDS = ["place", "place_id", "latitude", "longitude", "country", "admin1", "geo_precision"];
export const BY_HAND = "by hand";

const OWN = new Set(["event_id", "incident_id"]);
const blank = (value) => value === null || value === undefined || value === "";

export const empty = () => ({ sources: [], proposals: [], chosen: null, next: 1, saved: {} });
export const find = (draft, key) => draft.proposals.find((p) => p.key === key) || null;
export const chosenOf = (draft) => find(draft, draft.chosen);
export const reportOf = (draft, key) => draft.sources.flatMap((s) => s.reports).find((r) => r.key === key) || null;
export const inVerdict = (draft, verdict) => draft.proposals.filter((p) => p.verdict === verdict);

/* What of an event is told apart from what was saved before. */
export const content = (event) => JSON.stringify(FIELDS.map((f) => (blank(event[f]) ? null : event[f])));
export const isSaved = (draft, proposal) => draft.saved[proposal.event.event_id] === content(proposal.event);

/* ── a coded text joins the draft ────────────────────────────────────────────────────────────────────────── */

export function addSource(draft, told, name) {
  const key = "s" + draft.next;
  const reports = told.reports.map((r) => ({ ...r, key: key + ":" + r.number }));
  const source = { key, name, publisher: told.publisher, title: told.title, undated: told.undated, reports, left_out: told.left_out };
  const known = new Set(draft.proposals.map((p) => p.event.event_id));
  let next = draft.next + 1;
  let twice = 0;
  const fresh = [];
  for (const p of told.proposals) {
    if (known.has(p.event.event_id)) {
      twice += 1;
      continue;
    }
    const report = key + ":" + p.report;
    const marks = p.marks.map(([field, start, end]) => [report, field, start, end]);
    fresh.push({ key: "e" + next, report, event: p.event, original: p.event, rule: p.rule, marks, doubts: p.doubts, verdict: "open", ties: [], noted: p.event.notes });
    next += 1;
  }
  const proposals = [...draft.proposals, ...fresh];
  const chosen = draft.chosen || (fresh[0] && fresh[0].key) || null;
  return { draft: { ...draft, sources: [...draft.sources, source], proposals, chosen, next }, source, added: fresh.length, twice };
}

export function dropSource(draft, key) {
  const of = (p) => p.report.startsWith(key + ":");
  const proposals = draft.proposals.filter((p) => !of(p));
  const chosen = proposals.some((p) => p.key === draft.chosen) ? draft.chosen : (proposals[0] && proposals[0].key) || null;
  return { ...draft, sources: draft.sources.filter((s) => s.key !== key), proposals, chosen };
}

/* ── one event ───────────────────────────────────────────────────────────────────────────────────────────── */

function replaced(draft, key, change) {
  return { ...draft, proposals: draft.proposals.map((p) => (p.key === key ? { ...p, ...change(p) } : p)) };
}

export const choose = (draft, key) => ({ ...draft, chosen: key });
export const edit = (draft, key, values) => replaced(draft, key, (p) => ({ event: { ...p.event, ...values } }));
export const judge = (draft, keys, verdict) =>
  ({ ...draft, proposals: draft.proposals.map((p) => (keys.includes(p.key) ? { ...p, verdict } : p)) });

/* Fields that a person changed; none of an event that was added by hand, where all are a person's. */
export const changed = (p) => (p.original ? FIELDS.filter((f) => !OWN.has(f) && !same(p.event[f], p.original[f]) && !(f === "notes" && !hasOwnNotes(p))) : []);

/* Whether the notes are a person's, not the sentence that the codes make. */
export const hasOwnNotes = (p) => !blank(p.event.notes) && !same(p.event.notes, p.noted);
export const NOTED_FIELDS = ["sub_event_type", "actor1", "actor2", "claimant", "place"];
const INFERRED = "; actor inferred.";
export const isInferred = (p) => (p.noted || "").endsWith(INFERRED) && !!p.original && same(p.event.actor1, p.original.actor1);

/* The sentence that the codes make now; it goes in where the notes are nobody's own. */
export const noted = (draft, key, text) =>
  replaced(draft, key, (p) => ({ noted: text || null, event: hasOwnNotes(p) ? p.event : { ...p.event, notes: text || null } }));
const same = (a, b) => (blank(a) ? blank(b) : a === b);

/* What has to be there before an event can be accepted. */
export function lacking(event) {
  if (!isDay(event.event_date)) return "event_date";
  if (blank(event.event_type)) return "event_type";
  return "";
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
export function isDay(text) {
  if (typeof text !== "string" || !DAY.test(text)) return false;
  const at = new Date(text + "T00:00:00Z");
  return !isNaN(at) && at.toISOString().slice(0, 10) === text;
}

/* The next number of the same report: sputnik-20201002T1723-1 → …-4 when 1 to 3 are taken. */
export function freeId(draft, id) {
  const base = (id || "by-hand").replace(/-\d+[b-z]?$/, "");
  const taken = new Set(draft.proposals.map((p) => p.event.event_id));
  let n = 1;
  while (taken.has(base + "-" + n)) n += 1;
  return base + "-" + n;
}

/* A copy to be edited, for a second happening in the same words. */
export function split(draft, key) {
  const at = draft.proposals.findIndex((p) => p.key === key);
  const one = draft.proposals[at];
  const event = { ...one.event, event_id: freeId(draft, one.event.event_id) };
  const copy = { ...one, key: "e" + draft.next, event, verdict: "open", ties: [] };
  const proposals = [...draft.proposals.slice(0, at + 1), copy, ...draft.proposals.slice(at + 1)];
  return { ...draft, proposals, chosen: copy.key, next: draft.next + 1 };
}

/* An event that nobody proposed; the words that were selected in the report are its evidence. */
export function add(draft, reportKey, selected) {
  const report = reportOf(draft, reportKey);
  const of = draft.proposals.filter((p) => p.report === reportKey);
  const stamp = report.published ? report.published.slice(0, 16).replace(/[-:]/g, "") : (report.day || "").replace(/-/g, "");
  const base = of.length ? of[0].event.event_id : [slug(report.publisher), stamp || "undated"].join("-") + "-1";
  const event = {
    ...Object.fromEntries(FIELDS.map((f) => [f, null])),
    event_id: freeId(draft, base),
    event_date: report.day,
    event_end: report.day,
    time_precision: report.day ? 1 : null,
    claimant: report.publisher || null,
    source: report.publisher || null,
    source_time: report.published ? report.published.slice(0, 16) + "Z" : report.day,
    evidence: report.label,
  };
  const marks = selected ? [[reportKey, "action", selected[0], selected[1]]] : [];
  const one = { key: "e" + draft.next, report: reportKey, event, original: null, rule: BY_HAND, marks, doubts: [], verdict: "open", ties: [], noted: null };
  const last = draft.proposals.map((p) => order(draft, p.report) <= order(draft, reportKey)).lastIndexOf(true);
  const proposals = [...draft.proposals.slice(0, last + 1), one, ...draft.proposals.slice(last + 1)];
  return { ...draft, proposals, chosen: one.key, next: draft.next + 1 };
}

function order(draft, reportKey) {
  const [source, number] = reportKey.split(":");
  return draft.sources.findIndex((s) => s.key === source) * 1e6 + Number(number);
}

const slug = (text) => (text || "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "report";

/* ── two events ──────────────────────────────────────────────────────────────────────────────────────────── */

/* By the codebook an event is one claimant's word on one happening. So two words of one claimant of the same type become
   one event, in which the first keeps its values and takes what it lacks from the second; two claimants' words (or
   happenings of two types) stay two events of one incident, so that they are shown beside each other. */
export function merge(draft, key, otherKey) {
  const [one, other] = [find(draft, key), find(draft, otherKey)];
  const oneWord = same(one.event.claimant, other.event.claimant) && same(one.event.event_type, other.event.event_type);
  return oneWord ? intoOne(draft, one, other) : intoIncident(draft, one, other);
}

function intoOne(draft, one, other) {
  const event = { ...one.event };
  const left = [];
  const placed = !blank(one.event.place) || !blank(one.event.latitude);
  for (const field of FIELDS) {
    if (OWN.has(field) && !blank(event[field])) continue;
    const [ours, theirs] = [one.event[field], other.event[field]];
    if (blank(theirs) || same(ours, theirs)) continue;
    /* The fields of a place go together: coordinates of one place do not fill the gaps of another. */
    if (blank(ours) && (!placed || !PLACE_FIELDS.includes(field))) event[field] = theirs;
    else if (!["evidence", "source_time", "notes", "place_id", "latitude", "longitude"].includes(field)) left.push([field, theirs]);
  }
  if (other.event.evidence && !same(one.event.evidence, other.event.evidence)) {
    event.evidence = [one.event.evidence, other.event.evidence].filter(Boolean).join("; ");
  }
  const told = new Set(one.marks.map(String));
  const marks = [...one.marks, ...other.marks.filter((m) => !told.has(String(m)))];
  const doubts = [...new Set([...one.doubts, ...other.doubts])];
  const ties = [...new Set([...one.ties, ...other.ties])];
  const kept = replaced(draft, one.key, () => ({ event, marks, doubts, ties }));
  const proposals = kept.proposals.filter((p) => p.key !== other.key);
  return { draft: { ...kept, proposals, chosen: one.key }, one: true, left: left.filter(([f]) => !PLACE_FIELDS.includes(f) || f === "place") };
}

function intoIncident(draft, one, other) {
  const incident = one.event.incident_id || other.event.incident_id || "incident-" + one.event.event_id;
  /* Whoever was of the other's incident comes along. */
  const before = other.event.incident_id;
  const proposals = draft.proposals.map((p) => {
    const of = p.key === one.key || p.key === other.key || (before && p.event.incident_id === before);
    return of ? { ...p, event: { ...p.event, incident_id: incident } } : p;
  });
  return { draft: { ...draft, proposals, chosen: one.key }, one: false, left: [] };
}

/* A held event and this one are words on one happening; where the held one is of no incident yet, it joins on saving. */
export function tie(draft, key, held) {
  const p = find(draft, key);
  const incident = held.incident_id || p.event.incident_id || "incident-" + held.event_id;
  return replaced(draft, key, () => ({
    event: { ...p.event, incident_id: incident },
    ties: held.incident_id ? p.ties : [...new Set([...p.ties, held.event_id])],
  }));
}

/* Saved under the id of a held event, in its place. */
export const inPlaceOf = (draft, key, heldId) =>
  replaced(draft, key, (p) => ({ event: { ...p.event, event_id: heldId }, replaces: heldId }));

/* Saved beside a held event of its id, under one of its own: sputnik-20201002T1723-1 → …-1b, then …-1c. */
export function apartFrom(draft, key) {
  const id = find(draft, key).event.event_id;
  const [, base, letter] = /^(.*\d)([b-y]?)$/.exec(id) || [null, id, ""];
  const taken = new Set(draft.proposals.map((p) => p.event.event_id));
  let code = letter ? letter.charCodeAt(0) + 1 : "b".charCodeAt(0);
  while (taken.has(base + String.fromCharCode(code))) code += 1;
  return replaced(draft, key, (p) => ({ event: { ...p.event, event_id: base + String.fromCharCode(code) }, replaces: undefined }));
}

/* What was saved: later changes of these go in their place. */
export function markSaved(draft, keys) {
  const saved = { ...draft.saved };
  for (const p of draft.proposals) if (keys.includes(p.key)) saved[p.event.event_id] = content(p.event);
  return { ...draft, saved, proposals: draft.proposals.map((p) => (keys.includes(p.key) ? { ...p, ties: [] } : p)) };
}

/* Saved ones are put away; a text stays while any of its events does. */
export function putAway(draft) {
  const proposals = draft.proposals.filter((p) => !(p.verdict === "accepted" && isSaved(draft, p)));
  const chosen = proposals.some((p) => p.key === draft.chosen) ? draft.chosen : (proposals[0] && proposals[0].key) || null;
  return { ...draft, proposals, chosen };
}

/* One event as it is sent. */
export const sent = (draft, p) => ({
  event: p.event,
  rule: p.rule,
  changed: changed(p),
  verdict: p.verdict,
  replaces: p.replaces === p.event.event_id || p.event.event_id in draft.saved,
  ties: p.ties,
});

/* ── undo ────────────────────────────────────────────────────────────────────────────────────────────────── */

const MOST_STEPS = 200;

export class History {
  constructor(draft) {
    this.now = draft;
    this.before = [];
    this.after = [];
  }

  /* A step that can be undone; `said` is what was done, in words. */
  step(draft, said) {
    if (draft === this.now) return;
    this.before = [...this.before, { draft: this.now, said }].slice(-MOST_STEPS);
    this.after = [];
    this.now = draft;
  }

  /* What is no step of its own: what is chosen, and what was saved (which undoing cannot take back). */
  set(draft) {
    this.now = draft;
  }

  undo() {
    const last = this.before.pop();
    if (!last) return "";
    this.after.push({ draft: this.now, said: last.said });
    this.now = { ...last.draft, saved: this.now.saved };
    return last.said;
  }

  redo() {
    const next = this.after.pop();
    if (!next) return "";
    this.before.push({ draft: this.now, said: next.said });
    this.now = { ...next.draft, saved: this.now.saved };
    return next.said;
  }
}

/* ── segments of a text ──────────────────────────────────────────────────────────────────────────────────── */

/* Marks may overlap: the text is cut where any begins or ends. Each segment: {start, end, on: [{key, field, first}]};
   `first` where the mark begins there. Time grows with the marks, not with their square, as far as they do not overlap. */
export function segments(length, marks) {
  const good = marks.filter((m) => m.start >= 0 && m.start < m.end && m.end <= length).sort((a, b) => a.start - b.start || b.end - a.end);
  const cuts = [...new Set([0, length, ...good.flatMap((m) => [m.start, m.end])])].sort((a, b) => a - b);
  const found = [];
  let open = [];
  let at = 0;
  for (let n = 0; n + 1 < cuts.length; n += 1) {
    const [start, end] = [cuts[n], cuts[n + 1]];
    open = open.filter((m) => m.end > start);
    while (at < good.length && good[at].start === start) open.push(good[at++]);
    found.push({ start, end, on: open.map((m) => ({ key: m.key, field: m.field, first: m.start === start })) });
  }
  return found;
}
