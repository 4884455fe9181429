"""A handle of the date slider is dragged: how long each redraw of the page takes, and what is asked of the server."""

import itertools
import statistics

from playwright.sync_api import Browser

from dashboard import ids
from tests.bench.measures import Figure
from tests.browser.serving import serving
from tests.browser.visit import DESKTOP, Visit

STEPS = 90
# Moves the handle as a mouse does, once for each frame that the page draws, and notes when the page drew.
_WATCH = """() => {
  window.redraws = [];
  let before = contactDrag.drawn;
  const look = (now) => {
    if (contactDrag.drawn !== before) window.redraws.push(now);
    before = contactDrag.drawn;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def figures(browser: Browser, *source: str) -> list[Figure]:
    """Milliseconds from one redraw to the next, and requests for each step, with these events."""
    with serving(*source) as served:
        context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
        visit = Visit(context, served.url).open()
        asked: list[str] = []
        gaps = [gap for part in (-0.6, 0.5, -0.4) for gap in _drag(visit, part, asked)]
        circles = len(visit.circles)
        context.close()
    return [
        Figure(f"a handle dragged: from one redraw to the next ({circles} circles)", gaps, "ms", 100),
        Figure("requests while it is dragged, for each step", [len(asked) / (3 * STEPS)], "", 0),
    ]


def _drag(visit: Visit, part: float, asked: list[str]) -> list[float]:
    box = visit.page.get_by_role("slider").nth(1).bounding_box()
    room = visit.at(ids.TIMELINE).bounding_box()
    assert box is not None
    assert room is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.until("the answer for the drag is there", lambda: visit.js("contactDrag.ready()"))
    visit.js(_WATCH)

    def count(request: object) -> None:
        asked.append(str(request))

    visit.page.on("request", count)
    for step in range(1, STEPS + 1):
        visit.page.mouse.move(x + part * room["width"] * step / STEPS, y)
    visit.page.remove_listener("request", count)
    times = visit.js("window.redraws")
    visit.page.mouse.up()
    visit.settled()
    return [b - a for a, b in itertools.pairwise(times)] or [statistics.inf]
