/* Saving, taking out as a file, showing on the map, clearing. */
import { choose, desk, draft, draw, isPhone, lookForHeld, show, step, unsaved } from "./desk.js";
import { ask, fields } from "./dialogs.js";
import * as D from "./draft.js";
import { at, button, link, many, say } from "./dom.js";
import { forgetTexts } from "./intake.js";
import * as memory from "./memory.js";
import * as server from "./server.js";

export function tellSaving() {
  const { state, why, to } = desk.needed.saving;
  at("saving").textContent = { open: "", password: "", none: "Reading only: " + why + "." }[state];
  if (state === "open" && desk.needed.saving.signed_in) at("saving").append(button("Sign out", signOut, "plain"));
  at("save").title = state === "none" ? why : "Into " + to;
  /* Who may save has them on the map by that. */
  if (at("on-map")) at("on-map").hidden = state === "open";
}

async function signOut() {
  const told = await server.signOut();
  if (told.error) return say(server.told(told.error));
  desk.needed.saving = told.saving;
  tellSaving();
  return say("Signed out.");
}

export function saveIt() {
  const { state, why } = desk.needed.saving;
  const list = unsaved();
  if (state === "none") {
    return ask("Nothing can be saved here", ["It is so because " + why + ".", "On a machine of your own: contact-line serve --save-to my-events.duckdb. On a deployment: a database by DATABASE_URL, and CONTACT_LINE_PASSWORD.", "You can take the events out as a file (Download), and import it: contact-line import FILE --to my-events.duckdb."], [...(at("on-map") ? [["Show on the map", showOnMap]] : []), ["Close", null]]);
  }
  if (!list.length) return say(D.inVerdict(draft(), "accepted").length ? "All accepted events are saved." : "Accept an event first (a).");
  if (list.length > desk.needed.most_events) return say("At most " + desk.needed.most_events + " events are saved at once.");
  const inputs = [{ name: "person", label: "Your name or initials", value: memory.person(), autocomplete: "name" }];
  if (state === "password") inputs.push({ name: "password", label: "Password for saving", type: "password", autocomplete: "current-password" });
  return fields("Save " + many(list.length, "event"), ["Your name is kept with each event, with the time, the rule that proposed it and what you changed."], inputs, "Save", async (values) => {
    if (!values.person) return "Your name or initials are needed.";
    memory.setPerson(values.person);
    if (state === "password") {
      const told = await server.signIn(values.password);
      if (told.error) return server.told(told.error);
      desk.needed.saving = told.saving;
      tellSaving();
    }
    return settle(list.map((p) => p.key), values.person);
  });
}

/* Ids that are held with other content are asked about before anything is written. */
async function settle(keysOf, person) {
  const { clash, fault } = await clashing(keysOf);
  if (fault) return fault;
  if (!clash.length) return write(keysOf, person);
  const ids = clash.map((key) => D.find(draft(), key).event.event_id);
  const told = many(clash.length, "event");
  const then = (fault_) => fault_ && ask("Not saved", [fault_], [["Close", null]]);
  setTimeout(() =>
    ask("Other events are held under these ids", [ids.slice(0, 6).join(", ") + (ids.length > 6 ? " and " + (ids.length - 6) + " more" : ""), "They may be the same happening, coded before; look at them beside each event."], [
      ["Keep both", () => keepBoth(keysOf, clash, told).then((fault_) => fault_ || write(keysOf, person)).then(then)],
      ["Put mine in their place", () => {
        const all = (d, key) => D.inPlaceOf(d, key, D.find(d, key).event.event_id);
        step(clash.reduce(all, draft()), "Put in the place of held ones: " + told + ".");
        write(keysOf, person).then(then);
      }],
      ["Do not save yet", null],
    ]));
  return "";
}

/* Which of these events would meet another one that is held under their id. */
async function clashing(keysOf) {
  const list = keysOf.map((key) => D.find(draft(), key));
  const told = await server.alike(list.map((p) => ({ event: p.event })));
  if (told.error) return { clash: [], fault: server.told(told.error) };
  const meets = (p, n) => told.duplicates[n].some((a) => a.same_id && !a.same_content) && !D.sent(draft(), p).replaces;
  return { clash: list.filter(meets).map((p) => p.key), fault: "" };
}

/* New ids, until none of them is held. */
async function keepBoth(keysOf, clash, told) {
  let left = clash;
  let next = draft();
  for (let round = 0; left.length && round < 24; round += 1) {
    next = left.reduce(D.apartFrom, next);
    desk.history.set(next);
    const found = await clashing(keysOf);
    if (found.fault) return found.fault;
    left = found.clash;
  }
  draw();
  say("New ids for " + told + ".");
  return "";
}

async function write(keysOf, person) {
  const list = keysOf.map((k) => D.find(draft(), k));
  const told = await server.save(list.map((p) => D.sent(draft(), p)), person);
  if (told.error) {
    if (told.status === 403) desk.needed.saving = { ...desk.needed.saving, ...(await server.needed()).saving };
    return faultOf(told.error, list);
  }
  desk.history.set(D.markSaved(draft(), keysOf));
  desk.look.held.clear(); // the store has changed
  memory.keep(draft(), say);
  draw();
  lookForHeld();
  const parts = [told.added ? told.added + " added" : "", told.replaced ? told.replaced + " replaced" : "", told.same ? told.same + " there already" : ""].filter(Boolean);
  say("Saved: " + parts.join(", ") + ".", link(mapOf(list), "See " + (list.length === 1 ? "it" : "them") + " on the map"));
  if (isPhone()) show("table");
  return "";
}

/* What is wrong, in words; where it is one of these events, that one is chosen. */
function faultOf(error, list) {
  const which = /^events\[(\d+)\]\.(\w+)$/.exec(error.field);
  if (!which) return server.told(error);
  const one = list[Number(which[1])];
  choose(one.key, "event");
  return "Event " + (draft().proposals.findIndex((p) => p.key === one.key) + 1) + ": " + server.told({ ...error, field: which[2] });
}

/* The map on the days of these events, the first one selected. */
function mapOf(list) {
  const days = list.map((p) => p.event.event_date).sort();
  const query = new URLSearchParams();
  if (list.length > 1) {
    query.set("from", days[0]);
    query.set("to", days[days.length - 1]);
  }
  query.set("event", list[0].event.event_id);
  return "/?" + query;
}

function wanted() {
  const which = document.querySelector("input[name=which]:checked").value;
  return which === "all" ? draft().proposals : D.inVerdict(draft(), "accepted");
}

/* Beside the buttons that take them out: what nobody will be able to look up. */
export function tellUnsourced() {
  const n = wanted().filter((p) => !p.event.source).length;
  at("unsourced").textContent = n ? many(n, "event names", "events name") + " no source. Write who published it into Source, under More fields." : "";
}

export async function takeOut(format, suffix) {
  const list = wanted();
  at("download").open = false;
  if (!list.length) return say("Accept an event first (a), or take out all.");
  if (list.length > desk.needed.most_events) return say("At most " + desk.needed.most_events + " events are taken out at once.");
  const lame = list.find((p) => D.lacking(p.event));
  const whole = list.filter((p) => !D.lacking(p.event));
  const told = await server.takeOut(format, suffix, whole.map((p) => D.sent(draft(), p)), memory.person());
  if (told.error) return say("Not taken out: " + faultOf(told.error, whole));
  return say("Taken out: " + many(whole.length, "event") + (lame ? "; " + (list.length - whole.length) + " lack a day or type and stay here" : "") + ".");
}

/* The map of the draft, saved or not: what is accepted, or before that all that is not rejected. */
export function showOnMap() {
  const accepted = D.inVerdict(draft(), "accepted");
  const list = accepted.length ? accepted : draft().proposals.filter((p) => p.verdict !== "rejected");
  const whole = list.filter((p) => !D.lacking(p.event));
  if (!whole.length) return say("There is no event to show: each needs a day and a type, and not to be rejected.");
  if (whole.length > desk.needed.most_events) return say("At most " + desk.needed.most_events + " events are shown at once.");
  const left = list.length - whole.length;
  const which = (accepted.length ? "What is accepted is shown." : "None is accepted yet: all that are not rejected are shown.") + (left ? " " + left + " without a day or type " + (left === 1 ? "stays" : "stay") + " here." : "");
  return ask("Show " + many(whole.length, "event") + " on the map?", [which, "It is a map of its own, apart from the other events. Only who has the link sees it, and it is kept for a while. The draft stays in this browser."], [["Show on the map", () => goToMap(whole)], ["Cancel", null]]);
}

async function goToMap(list) {
  say("Making the map…");
  const told = await server.open(list.map((p) => D.sent(draft(), p)), memory.person());
  if (told.address) return location.assign(told.address);
  say("");
  return ask("Not shown on the map", [told.error ? faultOf(told.error, list) : "None of the events can be used as it stands."], [["Close", null]]);
}

export function clearIt() {
  const left = unsaved().length;
  ask("Clear the draft?", ["The text and its events are taken from this browser." + (left ? " " + many(left, "accepted event") + " of it " + (left === 1 ? "is" : "are") + " not saved." : "") + " What was saved stays saved."], [
    ["Clear", () => {
      desk.history.before = [];
      desk.history.after = [];
      desk.history.set(D.empty());
      forgetTexts();
      desk.look.held.clear();
      desk.look.ticked.clear();
      at("asks").replaceChildren();
      memory.forget();
      draw();
      at("source").focus();
    }],
    ["Keep it", null],
  ]);
}
