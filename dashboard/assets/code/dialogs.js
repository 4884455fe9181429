/* The page's one dialog, in its several uses. Escape closes it, as every dialog. */
import { at, button, element } from "./dom.js";

function open(title, ...parts) {
  const box = at("dialog");
  const head = element("h2", "", title);
  head.id = "dialog-title";
  box.replaceChildren(head, ...parts);
  if (!box.open) box.showModal();
  return box;
}

const close = () => at("dialog").close();

export function row(...buttons) {
  const line = element("p", "row");
  line.append(...buttons);
  return line;
}

/* Words and buttons: [text, act] each; the first is the one that goes on. */
export function ask(title, lines, choices) {
  const made = choices.map(([text, act], n) =>
    button(text, () => {
      close();
      if (act) act();
    }, n === 0 && act ? "go" : ""),
  );
  open(title, ...lines.map((l) => (typeof l === "string" ? element("p", "", l) : l)), row(...made));
  made[0].focus();
}

/* Fields of text; `go(values)` gives "" when it is done, else what is wrong with them. */
export function fields(title, lines, inputs, goText, go) {
  const form = element("form");
  form.method = "dialog";
  const made = inputs.map(({ name, label, type, value, autocomplete }) => {
    const input = element("input");
    input.type = type || "text";
    input.name = name;
    input.value = value || "";
    input.maxLength = 200;
    input.autocomplete = autocomplete || "off";
    const line = element("label", "line", label);
    line.append(input);
    form.append(line);
    return input;
  });
  const wrong = element("p", "bad");
  wrong.setAttribute("role", "alert");
  const goes = element("button", "go", goText);
  form.append(wrong, row(goes, button("Cancel", close)));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    goes.disabled = true;
    wrong.textContent = "";
    const fault = await go(Object.fromEntries(made.map((i) => [i.name, i.value.trim()])));
    goes.disabled = false;
    wrong.textContent = fault;
    if (!fault) close();
  });
  open(title, ...lines.map((l) => element("p", "", l)), form);
  (made.find((i) => !i.value) || made[0]).focus();
}

export function keys(list, on, change) {
  const table = element("dl", "keys");
  for (const [key, what] of list) {
    const term = element("dt");
    key.split(" ").forEach((k, n) => term.append(...(n ? [" "] : []), element("kbd", "", k)));
    table.append(term, element("dd", "", what));
  }
  const box = element("input");
  box.type = "checkbox";
  box.checked = on;
  box.addEventListener("change", () => change(box.checked));
  const line = element("label", "line-of");
  line.append(box, " Single keys work (turn off if they get in the way of a screen reader or of speech)");
  open("Keys", table, line, row(button("Close", close)));
}
