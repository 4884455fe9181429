/* What is asked of the server. An answer is a value, or an error {field, value, reason} with the status. */

const PART = 100;

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...options });
  } catch {
    return { error: { field: "server", value: "", reason: "cannot be reached; the draft is safe in this browser. Try again" } };
  }
  if (answer.ok) return answer;
  try {
    return { error: (await answer.json()).error, status: answer.status };
  } catch {
    return { error: { field: "server", value: "", reason: "could not answer (status " + answer.status + ")" }, status: answer.status };
  }
}

async function json(path, options) {
  const answer = await ask(path, options);
  return answer.error ? answer : answer.json();
}

const posted = (value) => ({
  method: "POST",
  headers: { "Content-Type": "application/json", "X-Contact-Line": "code" },
  body: JSON.stringify(value),
});

export const needed = () => json("/api/code");

/* A text, or a file as it is: what its letters are coded in is for the server to tell. */
export function propose(source, { published, publisher }) {
  const query = new URLSearchParams();
  if (published) query.set("published", published);
  if (publisher) query.set("publisher", publisher);
  query.set("kind", typeof source === "string" ? "text" : "file");
  const type = typeof source === "string" ? "text/plain; charset=utf-8" : "application/octet-stream";
  return json("/api/code?" + query, { method: "POST", headers: { "Content-Type": type }, body: source });
}

export const places = (text, signal) => json("/api/places?q=" + encodeURIComponent(text), { signal });

/* What is held that is like each of these, in parts that the server takes. */
export async function alike(events) {
  const duplicates = [];
  for (let n = 0; n < events.length; n += PART) {
    const told = await json("/api/duplicates", posted({ events: events.slice(n, n + PART) }));
    if (told.error) return told;
    duplicates.push(...told.duplicates);
  }
  return { duplicates };
}

export const note = (event, inferred) => json("/api/note?inferred=" + (inferred ? "yes" : "no"), posted({ events: [{ event }] }));
export const save = (events, person) => json("/api/events", posted({ events, person }));
export const signIn = (password) => json("/api/sign-in", posted({ password }));
export const signOut = () => json("/api/sign-out", posted({}));

/* The events as a file: {blob}. */
async function fileOf(format, events, person) {
  const answer = await ask("/api/draft." + format, posted({ events, person }));
  return answer.error ? answer : { blob: await answer.blob() };
}

/* The events as an opened file, as if a person had taken them out and opened them: {address} of their own map. */
export async function open(events, person) {
  const file = await fileOf("csv", events, person);
  if (file.error) return file;
  const form = new FormData();
  form.append("file", file.blob, "coded-events.csv");
  return json("/api/open", { method: "POST", body: form });
}

export async function takeOut(format, suffix, events, person) {
  const file = await fileOf(format, events, person);
  if (file.error) return file;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file.blob);
  link.download = "coded-events" + suffix;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  return {};
}

export const told = (error) => (["text", "server", "events"].includes(error.field) ? "" : error.field.replace(/_/g, " ") + " ") + (error.value ? "“" + error.value + "” " : "") + error.reason + ".";
