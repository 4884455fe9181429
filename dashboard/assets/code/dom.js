/* Small things that every part of the page uses. Whatever comes from a text or a person goes in by textContent. */

export const at = (id) => document.getElementById(id);

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined && text !== null) made.textContent = text;
  return made;
}

export function button(text, act, className) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

export function link(href, text, className) {
  const made = element("a", className, text);
  made.href = href;
  return made;
}

export function sign(book, eventType) {
  const kind = book.types.find((t) => t.name === eventType);
  const made = element("span", "sign", kind ? kind.sign : "•");
  made.style.backgroundColor = kind ? kind.colour : "#555555";
  made.setAttribute("aria-hidden", "true");
  return made;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
export const day = (text, withYear = true) =>
  /^\d{4}-\d{2}-\d{2}/.test(text || "")
    ? Number(text.slice(8, 10)) + " " + MONTHS[Number(text.slice(5, 7)) - 1] + (withYear ? " " + text.slice(0, 4) : "")
    : text || "";

export const many = (n, one, several) => n + " " + (n === 1 ? one : several || one + "s");
export const kindOf = (event) => event.sub_event_type || event.event_type || "no type yet";
export const nameOf = (event) => kindOf(event) + ", " + (event.place || "no place");

/* Text under which names meet whatever their case and diacritics. */
export const folded = (text) =>
  (text || "").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ə/g, "e").replace(/ı/g, "i").trim();

let late = 0;
/* What happened, for eyes and for screen readers; the same words twice are told twice. */
export function say(text, ...more) {
  const line = at("said");
  line.replaceChildren();
  clearTimeout(late);
  late = setTimeout(() => line.replaceChildren(text, ...more.flatMap((m) => [" ", m])), 20);
}
