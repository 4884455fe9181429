/* Every field of the chosen event, with the codebook's choices and the gazetteer's search. The form is built once; it is
   filled anew when another event is chosen or the chosen one changes. A change of a field is one step, told to `set`. */
import { combobox } from "./combo.js";
import { PLACE_FIELDS, changed, hasOwnNotes, isDay } from "./draft.js";
import { at, element, folded } from "./dom.js";
import * as server from "./server.js";

const TIMES = [["", "not told"], ["1", "to the day"], ["2", "to the week"], ["3", "to the month"]];
const ROWS = [
  ["event_date", "Day", { kind: "day" }],
  ["event_end", "Last day", { kind: "day" }],
  ["time_precision", "Day is known", { kind: "choice", options: TIMES }],
  ["event_type", "Type", { kind: "choice", wide: true }],
  ["sub_event_type", "Sub-type", { kind: "choice", wide: true }],
  ["actor1", "Who does it", { kind: "actor", wide: true }],
  ["actor2", "To whom, or with whom", { kind: "actor", wide: true }],
  ["claimant", "Who says so", { kind: "actor", wide: true }],
  ["place", "Place", { kind: "place", wide: true, hint: "Any name, any script" }],
  ["geo_precision", "Place is known", { kind: "choice", wide: true }],
  ["fatalities", "Killed", { kind: "whole" }],
  ["injured", "Injured", { kind: "whole" }],
  ["notes", "Summary", { kind: "words", wide: true }],
];
const MORE = [
  ["latitude", "Latitude, °N", { kind: "degrees", most: 90 }],
  ["longitude", "Longitude, °E", { kind: "degrees", most: 180 }],
  ["admin1", "District or province", { kind: "text" }],
  ["country", "Country", { kind: "text" }],
  ["place_id", "Id of the place", { kind: "text" }],
  ["fatalities_low", "Killed, at least", { kind: "whole" }],
  ["fatalities_high", "Killed, at most", { kind: "whole" }],
  ["incident_id", "Incident (the same for several words on one happening)", { kind: "text", wide: true }],
  ["source", "Source", { kind: "text" }],
  ["source_time", "Published, UTC", { kind: "moment" }],
  ["source_url", "Address of the source", { kind: "text", wide: true }],
  ["evidence", "Where in the source", { kind: "text", wide: true }],
  ["event_id", "Id of the event", { kind: "text", wide: true }],
];

const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$/;

/* A typed text as a value of its field: {value} or {wrong}. */
function read(text, { kind, most }) {
  const t = text.trim();
  if (t === "") return { value: null };
  switch (kind) {
    case "day":
      return isDay(t) ? { value: t } : { wrong: "is not a day like 2020-10-02" };
    case "moment":
      return MOMENT.test(t) ? { value: t } : { wrong: "is not a day or moment like 2020-10-02T12:36Z" };
    case "whole":
      return /^\d{1,8}$/.test(t) ? { value: Number(t) } : { wrong: "is not a whole number" };
    case "degrees":
      return /^-?\d{1,3}(\.\d+)?$/.test(t) && Math.abs(Number(t)) <= most ? { value: Number(t) } : { wrong: "is no number from −" + most + " to " + most };
    default:
      return { value: t };
  }
}

export class Editor {
  /* needed: the server's codebook and precisions; set(values, what): one step; claimants(): more names to choose. */
  constructor(form, needed, { set, claimants }) {
    this.form = form;
    this.book = needed.codebook;
    this.set = set;
    this.claimants = claimants;
    this.inputs = {};
    this.kinds = {};
    this.proposal = null;
    this.wrong = new Set(); // fields in which something stands that cannot be used: it stays until it is mended
    const precisions = [["", "not told"], ...Object.entries(needed.precisions)];
    const types = [["", "–"], ...this.book.types.map((t) => [t.name, t.name])];
    const filled = { geo_precision: precisions, event_type: types, sub_event_type: [] };
    const grid = element("div", "fields");
    grid.append(...ROWS.map(([name, label, o]) => this.field(name, label, filled[name] ? { ...o, options: filled[name] } : o)));
    const more = element("details", "more");
    const rest = element("div", "fields");
    rest.append(...MORE.map(([name, label, o]) => this.field(name, label, o)));
    more.append(element("summary", "", "More fields"), rest);
    form.replaceChildren(grid, more);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => this.changed(event.target));
  }

  field(name, label, options) {
    const box = element("div", "field" + (options.wide ? " wide" : ""));
    const tag = { choice: "select", words: "textarea" }[options.kind] || "input";
    const input = element(tag);
    input.id = "f-" + name;
    input.dataset.field = name;
    input.setAttribute("aria-describedby", "n-" + name);
    if (tag === "input") input.type = "text";
    if (options.kind === "words") input.rows = 3;
    if (options.kind === "day") input.placeholder = "2020-10-02";
    if (["day", "whole", "degrees"].includes(options.kind)) input.inputMode = options.kind === "whole" ? "numeric" : "text";
    if (options.hint) input.placeholder = options.hint;
    const title = element("label", "", label);
    title.htmlFor = input.id;
    const note = element("p", "note");
    note.id = "n-" + name;
    box.append(title, input, note);
    this.inputs[name] = input;
    this.kinds[name] = options;
    if (options.options) offer(input, options.options);
    if (options.kind === "actor") this.actorField(name, input);
    if (options.kind === "place") this.placeField(input);
    return box;
  }

  /* ── filling ───────────────────────────────────────────────────────────────────────────────────────── */

  fill(proposal) {
    const other = !this.proposal || !proposal || this.proposal.key !== proposal.key;
    this.proposal = proposal;
    this.form.hidden = !proposal;
    if (other) this.wrong.clear();
    if (!proposal) return;
    const kind = this.book.types.find((t) => t.name === proposal.event.event_type);
    offer(this.inputs.sub_event_type, [["", "–"], ...(kind ? kind.sub_types.map((s) => [s.name, s.name]) : [])]);
    const mine = new Set(changed(proposal));
    for (const [name, input] of Object.entries(this.inputs)) {
      if (this.wrong.has(name)) continue;
      const value = proposal.event[name];
      const text = value === null || value === undefined ? "" : String(value);
      if (input.tagName === "SELECT" && ![...input.options].some((o) => o.value === text)) input.append(new Option(text, text));
      /* What is being typed stays, unless another event is chosen. */
      if (other || document.activeElement !== input || input.tagName === "SELECT") input.value = text;
      this.note(name, mine.has(name) ? "was: " + (proposal.original[name] ?? "empty") : this.about(name, text), false);
      input.closest(".field").classList.toggle("changed", mine.has(name));
    }
  }

  about(name, text) {
    const types = this.book.types;
    if (name === "sub_event_type") {
      const sub = types.flatMap((t) => t.sub_types).find((s) => s.name === text);
      return sub ? sub.about : "";
    }
    if (name === "place" && text && !this.proposal.event.place_id && !Number.isFinite(this.proposal.event.latitude)) {
      return "not of the gazetteer: without coordinates it is not on the map";
    }
    if (name === "notes") return hasOwnNotes(this.proposal) ? "" : "made from the codes, until you write your own";
    const names = text.split(";").map((t) => t.trim()).filter(Boolean);
    if (name === "actor1" || name === "actor2") {
      const strange = names.filter((n) => !this.book.actors.some((a) => a.name === n));
      return strange.length ? "not in the codebook, kept as written: " + strange.join("; ") : "";
    }
    return "";
  }

  note(name, text, wrong) {
    const note = at("n-" + name);
    this.wrong[wrong ? "add" : "delete"](name);
    note.textContent = text;
    note.classList.toggle("wrong", wrong);
    if (wrong) this.inputs[name].setAttribute("aria-invalid", "true");
    else this.inputs[name].removeAttribute("aria-invalid");
  }

  focus(name) {
    const input = this.inputs[name] || this.inputs.event_type;
    const more = input.closest("details");
    if (more) more.open = true;
    input.focus();
    if (input.select) input.select();
  }

  /* ── changes ───────────────────────────────────────────────────────────────────────────────────────── */

  changed(input) {
    const name = input.dataset.field;
    if (!name || !this.proposal || ["actor", "place"].includes(this.kinds[name].kind)) return;
    const { value, wrong } = read(input.value, this.kinds[name]);
    if (wrong) {
      this.note(name, wrong, true);
      return;
    }
    this.note(name, "", false);
    const number = ["time_precision", "geo_precision"].includes(name) && value !== null ? Number(value) : value;
    const values = { [name]: number };
    const event = this.proposal.event;
    if (name === "event_date") {
      if (!event.event_end || event.event_end === event.event_date || (value && event.event_end < value)) values.event_end = value;
      if (value && !event.time_precision) values.time_precision = 1;
    }
    if (name === "event_end" && value && event.event_date && value < event.event_date) {
      this.note(name, "is before the first day", true);
      return;
    }
    if (name === "event_type") {
      const kind = this.book.types.find((t) => t.name === value);
      if (!kind || !kind.sub_types.some((s) => s.name === event.sub_event_type)) values.sub_event_type = null;
    }
    this.set(values, this.form.querySelector("label[for=f-" + name + "]").textContent);
    this.fill(this.proposal);
  }

  /* Actors by any of their names; several are parted by ';'. */
  actorField(name, input) {
    const actors = () => {
      const known = new Set(this.book.actors.map((a) => a.name));
      const more = name === "claimant" ? this.claimants().filter((c) => !known.has(c)).map((c) => ({ name: c, aliases: [] })) : [];
      return [...more, ...this.book.actors];
    };
    const canonical = (text) => {
      const wanted = folded(text);
      const found = actors().find((a) => [a.name, ...a.aliases].some((n) => folded(n) === wanted));
      return found ? found.name : text.trim();
    };
    const keep = (text) => {
      const names = text.split(";").map(canonical).filter(Boolean);
      this.set({ [name]: [...new Set(names)].join("; ") || null }, this.form.querySelector("label[for=f-" + name + "]").textContent);
      input.value = this.proposal.event[name] || "";
    };
    combobox(input, {
      options: (text) => {
        const wanted = folded(text.split(";").pop());
        const rank = (a) => {
          const names = [a.name, ...a.aliases].map(folded);
          if (names.includes(wanted)) return 0;
          if (names.some((n) => n.startsWith(wanted))) return 1;
          return names.some((n) => n.includes(wanted)) ? 2 : 3;
        };
        return actors()
          .map((a) => ({ a, r: rank(a) }))
          .filter(({ r }) => r < 3)
          .sort((x, y) => x.r - y.r)
          .slice(0, 12)
          .map(({ a }) => ({ label: a.name, remark: a.aliases.slice(0, 4).join(", "), value: a.name }));
      },
      take: (value) => keep([...input.value.split(";").slice(0, -1), value].join(";")),
      leave: keep,
    });
  }

  /* A place of the gazetteer fills what it is known by; a name that it lacks has no coordinates until they are given. */
  placeField(input) {
    combobox(input, {
      wait: 150,
      options: async (text, signal) => {
        if (!text.trim()) return [];
        const told = await server.places(text, signal);
        if (told.error) return [];
        return told.places.map(({ remark, ...place }) => ({ label: place.place, remark, value: place }));
      },
      take: (place) => {
        this.set(place, "Place");
        input.value = place.place;
      },
      leave: (text) => {
        const name = text.trim();
        if (name === (this.proposal.event.place || "")) return;
        const nothing = Object.fromEntries(PLACE_FIELDS.map((f) => [f, null]));
        this.set({ ...nothing, place: name || null }, "Place");
      },
    });
  }
}

function offer(select, options) {
  const now = [...select.options].map((o) => o.value).join("\x1f");
  if (now === options.map(([value]) => value).join("\x1f")) return;
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
}
