/* A field with a list of choices below it (the ARIA combobox): arrow keys move, Enter takes, Escape closes.
   `options(text, signal)` gives choices {label, remark, value}, at once or later; `take(value)` is told what was taken;
   `leave(text)` is told what stands in the field when it is left with nothing taken. */
import { element } from "./dom.js";

export function combobox(input, { options, take, leave, wait = 0 }) {
  const list = element("ul", "choices-of");
  list.id = input.id + "-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Choices");
  list.hidden = true;
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("autocomplete", "off");
  let found = [];
  let active = -1;
  let asking = null;
  let waiting = 0;
  let typed = false;

  function close() {
    if (asking) asking.abort();
    clearTimeout(waiting);
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function activate(n) {
    active = n;
    [...list.children].forEach((line, i) => line.setAttribute("aria-selected", String(i === n)));
    if (n >= 0) {
      input.setAttribute("aria-activedescendant", list.children[n].id);
      list.children[n].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function open(choices) {
    found = choices;
    list.replaceChildren(
      ...choices.map((choice, n) => {
        const line = element("li");
        line.id = list.id + "-" + n;
        line.setAttribute("role", "option");
        line.append(element("b", "", choice.label), element("span", "", choice.remark || ""));
        /* Before the field loses the focus. */
        line.addEventListener("mousedown", (event) => {
          event.preventDefault();
          choose(n);
        });
        return line;
      }),
    );
    list.hidden = !choices.length;
    input.setAttribute("aria-expanded", String(!!choices.length));
    activate(-1);
    /* At the foot of the pane it would be cut off. */
    if (choices.length) list.scrollIntoView({ block: "nearest" });
  }

  async function look() {
    if (asking) asking.abort();
    const asked = (asking = new AbortController());
    const choices = await options(input.value, asked.signal);
    if (!asked.signal.aborted && document.activeElement === input) open(choices);
  }

  function choose(n) {
    typed = false;
    close();
    take(found[n].value);
  }

  input.addEventListener("input", () => {
    typed = true;
    clearTimeout(waiting);
    waiting = setTimeout(look, wait);
  });
  input.addEventListener("keydown", async (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return look();
      const n = found.length;
      activate(event.key === "ArrowDown" ? (active + 1) % n : (active <= 0 ? n : active) - 1);
    } else if (event.key === "Enter" && (typed || active >= 0)) {
      event.preventDefault();
      if (list.hidden) await look();
      if (found.length && !list.hidden) choose(Math.max(0, active));
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
    return undefined;
  });
  input.addEventListener("focus", () => {
    typed = false;
  });
  input.addEventListener("blur", () => {
    close();
    if (typed) leave(input.value);
    typed = false;
  });
}
