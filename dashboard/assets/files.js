/* Opening a file: by the button or by dropping it on the page; first what the file is, then its map. */
(function () {
  "use strict";

  const element = (tag, className, text) => {
    const e = document.createElement(tag);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  };
  const dialog = () => document.getElementById("file-report");

  function show(...parts) {
    const box = dialog();
    const close = element("button", "", "Close");
    close.addEventListener("click", () => box.close());
    const row = element("p", "row");
    row.append(...parts.filter((p) => p.classList.contains("go")), close);
    box.replaceChildren(...parts.filter((p) => !p.classList.contains("go")), row);
    if (!box.open) box.showModal();
  }

  async function open(file) {
    if (!dialog() || !file) return;
    show(element("h2", "", file.name), element("p", "", "Reading the file…"));
    const form = new FormData();
    form.append("file", file);
    try {
      const answer = await fetch("/api/open", { method: "POST", body: form });
      const told = await answer.json();
      if (told.error) show(element("h2", "", file.name), element("p", "bad", "It could not be opened: " + told.error.reason));
      else report(told);
    } catch {
      show(element("h2", "", file.name), element("p", "bad", "The server cannot be reached, or did not take the file. Try again."));
    }
  }

  function report({ address, report: r }) {
    const parts = [element("h2", "", r.name)];
    const facts = element("dl");
    const fact = (term, text) => facts.append(element("dt", "", term), element("dd", "", text));
    fact("Format", r.format);
    fact("Rows", r.rows + ": " + r.accepted + " load, " + r.rejected + " set aside");
    if (r.days.length) fact("Days", r.days.join(" to "));
    if (r.unplaced) fact("Without a place", String(r.unplaced));
    parts.push(facts);
    if (r.notes.length) parts.push(more("What was mapped to what", r.notes));
    if (r.reasons.length) {
      parts.push(more("What was set aside, and why", r.reasons.map((x) => "row " + x.row + ": " + x.field + " “" + x.value + "” " + x.reason)));
    }
    if (address) {
      const go = element("a", "go", "Show its map");
      go.href = address;
      parts.push(go, element("p", "quiet", "Only who has the link sees it. It is kept for a while, apart from the other events."));
    } else {
      parts.push(element("p", "bad", "No row of it can be used."));
    }
    show(...parts);
  }

  function more(title, lines) {
    const d = element("details");
    d.append(element("summary", "", title + " (" + lines.length + ")"));
    const list = element("ul");
    list.append(...lines.map((l) => element("li", "", l)));
    d.append(list);
    return d;
  }

  document.addEventListener("click", function (event) {
    if (!event.target.closest || !event.target.closest("#file")) return;
    const picker = element("input");
    picker.type = "file";
    picker.addEventListener("change", () => open(picker.files[0]));
    picker.click();
  });
  const carries = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
  document.addEventListener("dragover", function (event) {
    if (!dialog() || !carries(event)) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || document.body.classList.remove("dropping"));
  document.addEventListener("drop", function (event) {
    document.body.classList.remove("dropping");
    if (!dialog() || !carries(event)) return;
    event.preventDefault();
    open(event.dataTransfer.files[0]);
  });
})();
