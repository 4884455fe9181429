"""One visit to the page /code, driven by what a person sees there."""

import re
from typing import Any

from playwright.sync_api import BrowserContext, Locator, expect

from tests.browser.visit import PATIENCE, Visit

# Made up for the tests; nothing of it happened.
FEED = """\
Made-up live feed

18:40 GMT 02.10.2020
The Azerbaijani Defence Ministry on Friday denied that its forces had shelled Stepanakert.

14:10 GMT 02.10.2020
Armenian forces shelled the town of Tartar, the Azerbaijani Defence Ministry said. Five civilians were injured.

12:36 GMT 02.10.2020
Azerbaijani forces shelled Hadrut on Friday, the Armenian Defence Ministry said. Two civilians were killed. \
<img src=x onerror="document.title='broken'"> <b>𝔸 bold claim</b>

09:05 GMT 02.10.2020
Azerbaijani forces shelled Martuni, the Armenian Defence Ministry said.
"""


# Where a place's circle is in the window, by MapLibre itself; nothing while the map is not drawn.
_ON_MAP = """(place) => {
  const room = document.getElementById('small-map');
  const map = room._fullLayout?.map?._subplot?.map;
  if (!map || !map.loaded() || map.isMoving()) return null;
  const found = room.data.flatMap((t) => (t.hovertext || []).map((h, n) => [h, t.lon[n], t.lat[n]]))
    .find(([hover]) => hover.startsWith(`<b>${place}</b>`));
  if (!found) return null;
  const [box, at] = [map.getCanvas().getBoundingClientRect(), map.project(found.slice(1))];
  return at.x > 0 && at.y > 0 && at.x < box.width && at.y < box.height ? [box.left + at.x, box.top + at.y] : null;
}"""


class Desk:
    """The page /code in a browser context of its own."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.visit = Visit(context, base)
        self.page = self.visit.page
        self.base = base

    def open(self) -> "Desk":
        """Go to the page and wait until it can be used."""
        self.page.goto(self.base + "/code")
        self.page.wait_for_selector("body[data-ready]", timeout=PATIENCE * 1000)
        return self

    def paste(self, text: str = FEED) -> "Desk":
        """Put a text in and have it coded."""
        before = self.rows.count()
        self.page.locator("#source").fill(text)
        self.page.locator("#paste button.go").click()
        self.visit.until("more is proposed", lambda: self.rows.count() > before, PATIENCE)
        return self

    @property
    def rows(self) -> Locator:
        """The rows of the table."""
        return self.page.locator("#table tbody tr")

    def row(self, *words: str) -> Locator:
        """The first row that holds all of these words."""
        found = self.rows
        for word in words:
            found = found.filter(has_text=word)
        return found.first

    def choose(self, *words: str) -> None:
        """Click a row."""
        self.row(*words).click()
        expect(self.row(*words)).to_have_attribute("aria-current", "true")

    @property
    def chosen(self) -> str:
        """What the chosen row says."""
        return self.page.locator("#table tr.chosen").inner_text()

    def counted(self) -> tuple[int, int, int]:
        """Proposed, accepted, to decide."""
        n = [int(v) for v in re.findall(r"\d+", self.page.locator("#counts").inner_text())]
        return n[0], n[1], n[2]

    def said(self, text: str) -> None:
        """Wait until the page tells this."""
        expect(self.page.locator("#said")).to_contain_text(text)

    def field(self, name: str) -> Locator:
        """A field of the editor."""
        return self.page.locator(f"#f-{name}")

    def evidence(self, field: str) -> list[str]:
        """The lit words of a field, whole marks joined."""
        return list(
            self.visit.js(
                f"[...document.querySelectorAll('#reports .mark.on.m-{field}')].map((m) => m.firstChild.textContent)"
            )
        )

    def click_on_map(self, place: str) -> None:
        """Click the circle of a named place on the small map, once it is drawn."""
        at = self.visit.until(f"{place} is on the small map", lambda: self.visit.js(_ON_MAP, place))
        self.page.mouse.move(at[0] - 3, at[1])
        self.page.mouse.move(*at, steps=3)
        self.page.mouse.click(*at)

    def save(self, person: str = "A. Analyst", password: str = "") -> None:
        """Save what is accepted."""
        self.page.locator("#save").click()
        dialog = self.page.locator("#dialog")
        dialog.locator("input[name=person]").fill(person)
        if password:
            dialog.locator("input[name=password]").fill(password)
        dialog.get_by_role("button", name="Save").click()

    def stored(self) -> Any:
        """The draft as the browser keeps it."""
        return self.visit.js("JSON.parse(localStorage.getItem('contact-line-draft') || 'null')?.draft ?? null")
