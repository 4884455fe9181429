/* From a text to proposals. */
import { choose, desk, draft, isPhone, show, step } from "./desk.js";
import * as D from "./draft.js";
import { at, button, element, many, say } from "./dom.js";
import * as memory from "./memory.js";
import * as server from "./server.js";
import { focusRow } from "./table.js";

const raws = new Map(); // source key → what was pasted, to be read again with its day

export const forgetTexts = () => raws.clear();

/* Gives "" when the text has joined the draft, else what is wrong with it. */
async function take(source, name, options, instead) {
  const size = typeof source === "string" ? new Blob([source]).size : source.size;
  if (size > desk.needed.most_kb * 1000) return "This is larger than " + desk.needed.most_kb + " kB: take it in parts.";
  document.body.classList.add("busy");
  at("asks").replaceChildren(element("p", "quiet", "Reading" + (name ? " " + name : "") + "…"));
  const told = await server.propose(source, options);
  document.body.classList.remove("busy");
  at("asks").replaceChildren();
  if (told.error) return server.told(told.error);
  const before = instead ? D.dropSource(draft(), instead) : draft();
  const { draft: next, source: added, added: n, twice } = D.addSource(before, told, name);
  raws.set(added.key, { source, name, options });
  at("intake").open = false;
  at("source").value = "";
  const said = many(n, "event") + " proposed of " + many(told.reports.length, "report") + (twice ? "; " + twice + " are in the draft already" : "") + ".";
  step(next, said);
  if (n) choose(next.proposals[next.proposals.length - n].key);
  if (isPhone()) show(n ? "table" : "text");
  else focusRow(draft().chosen);
  askForDays();
  return "";
}

export function trouble(text) {
  if (!text) return;
  at("asks").replaceChildren(element("p", "bad", text), button("Close", () => at("asks").replaceChildren()));
}

/* Reports without a day: the day is asked for, never assumed. */
export function askForDays() {
  const source = draft().sources.find((s) => s.undated && !s.asked);
  if (!source) return at("asks").replaceChildren();
  const form = element("form", "ask-day");
  const label = element("label", "", (source.undated === source.reports.length ? "Nothing in this text tells its day." : source.undated + " of " + many(source.reports.length, "report") + " do not tell their day.") + " On which day was it published? ");
  const input = element("input");
  input.type = "text";
  input.placeholder = "2020-10-02";
  input.maxLength = 10;
  input.size = 11;
  label.append(input);
  const wrong = element("span", "bad");
  const leave = () => {
    desk.history.set({ ...draft(), sources: draft().sources.map((s) => (s.key === source.key ? { ...s, asked: true } : s)) });
    memory.keep(draft(), say);
    askForDays();
  };
  form.append(label, element("button", "go", "Use this day"), button("Leave them without", leave), wrong);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const raw = raws.get(source.key);
    if (!D.isDay(input.value.trim())) wrong.textContent = " That is not a day like 2020-10-02.";
    else if (!raw) wrong.textContent = " The text itself is gone since the page was loaded anew: paste it again with its day, or give each event its own.";
    else take(raw.source, raw.name, { ...raw.options, published: input.value.trim() }, source.key).then(trouble);
  });
  at("asks").replaceChildren(form);
  input.focus();
  return undefined;
}

function given() {
  return { published: at("published").value.trim(), publisher: at("publisher").value.trim() };
}

export function submit() {
  const { published } = given();
  if (!at("source").value.trim()) trouble("Paste a text first.");
  else if (published && !D.isDay(published)) trouble("“" + published + "” is not a day like 2020-10-02.");
  else take(at("source").value, "", given()).then(trouble);
}

export async function takeFiles(files) {
  const faults = [];
  for (const file of files) {
    const fault = await take(file, file.name, given());
    if (fault) faults.push(file.name + ": " + fault);
  }
  trouble(faults.join(" "));
}
