/* What the browser keeps: the draft, the person's name, whether single keys work. A browser that keeps nothing is no
   fault: the page then says that a reload loses the draft. */

const DRAFT = "contact-line-draft";
const PERSON = "contact-line-person";
const KEYS_OFF = "contact-line-keys-off";
const VERSION = 1;
const LONGEST = 4_000_000; // characters; browsers keep some five million for one host

let waiting = null;
let later = 0;
let warned = false;

function get(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function set(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/* Soon, not at once: many changes make one writing. */
export function keep(draft, say) {
  waiting = { draft, say };
  clearTimeout(later);
  later = setTimeout(flush, 300);
}

export function flush() {
  if (!waiting) return;
  const { draft, say } = waiting;
  waiting = null;
  clearTimeout(later);
  if (!draft.sources.length) {
    set(DRAFT, null);
    return;
  }
  /* What nobody has changed is kept once. */
  const lean = { ...draft, proposals: draft.proposals.map((p) => (p.original === p.event ? { ...p, original: true } : p)) };
  const text = JSON.stringify({ version: VERSION, draft: lean });
  const kept = text.length <= LONGEST && set(DRAFT, text);
  if (!kept) set(DRAFT, null);
  if (!kept && !warned) say("The draft is too long for this browser to keep: a reload would lose it. Save it, or take it out as a file.");
  warned = !kept;
}

export function recall() {
  try {
    const { version, draft } = JSON.parse(get(DRAFT) || "{}");
    if (version !== VERSION || !draft.sources.length) return null;
    return { ...draft, proposals: draft.proposals.map((p) => (p.original === true ? { ...p, original: p.event } : p)) };
  } catch {
    return null;
  }
}

export function forget() {
  waiting = null;
  clearTimeout(later);
  set(DRAFT, null);
}

export const person = () => get(PERSON) || "";
export const setPerson = (name) => set(PERSON, name);
export const keysOn = () => get(KEYS_OFF) !== "yes";
export const setKeysOn = (on) => set(KEYS_OFF, on ? null : "yes");

export function onOther(act) {
  window.addEventListener("storage", (event) => event.key === DRAFT && act());
}
