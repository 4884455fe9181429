"""A handle of the date slider is dragged: the page follows by itself."""

import math
from typing import Any
from urllib.parse import urlsplit

from dashboard import ids
from dashboard.figures.map import diameter
from tests.browser.visit import Visit

# What the canvas of the drag holds: the circles are drawn with arc(), their counts with fillText().
_RECORD = """() => {
  window.seen = {arcs: [], texts: []};
  const p = CanvasRenderingContext2D.prototype;
  const [arc, text, clear] = [p.arc, p.fillText, p.clearRect];
  p.arc = function (x, y, r, ...more) { window.seen.arcs.push(r * 2); return arc.call(this, x, y, r, ...more); };
  p.fillText = function (t, ...more) { window.seen.texts.push(t); return text.call(this, t, ...more); };
  p.clearRect = function (...all) { window.seen = {arcs: [], texts: []}; return clear.apply(this, all); };
}"""


def grip(visit: Visit, number: int) -> tuple[float, float]:
    """The middle of a handle, in pixels of the page."""
    box = visit.page.get_by_role("slider").nth(number).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(visit: Visit, number: int, by: float, steps: int = 12) -> None:
    """Take a handle and move it, without letting go."""
    x, y = grip(visit, number)
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.until("the answer for the drag is there", lambda: visit.js("contactDrag.ready()"))
    for step in range(1, steps + 1):
        visit.page.mouse.move(x + by * step / steps, y)
        visit.page.wait_for_timeout(30)


def test_map_histogram_and_counts_follow_without_a_request_for_a_step(any_size: Visit) -> None:
    asked: list[str] = []
    any_size.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    any_size.js(_RECORD)
    width = any_size.at(ids.TIMELINE).bounding_box()
    assert width is not None
    everything, drawn = any_size.counts[0], any_size.js("contactDrag.drawn")
    drag(any_size, 1, -width["width"] * 0.4)
    any_size.until("the counts follow", lambda: any_size.counts[0] < everything)
    any_size.until("the last step is drawn", lambda: rests(any_size))
    assert any_size.js("contactDrag.drawn") - drawn >= 3
    own = ["/assets/icon.svg"]  # the browser's, for its window, which may come late
    assert [path for path in asked if path not in own] == ["/api/drag"]
    told = any_size.counts[0]
    seen: dict[str, Any] = any_size.js("window.seen")
    faded = any_size.bars
    assert set(faded.values()) == {0.25, 1.0}
    any_size.page.mouse.up()
    any_size.until("the server is asked", lambda: "/_dash-update-component" in asked)
    any_size.settled()
    # What the page showed by itself is what the server then says.
    assert any_size.counts[0] == told
    circles = any_size.circles
    assert sorted(t for t in seen["texts"] if t.isdecimal()) == sorted(str(c["n"]) for c in circles if c["n"] > 1)
    assert len(seen["texts"]) == len(circles)
    sizes = sorted(size for circle in circles for size in sizes_of(circle))
    assert all(math.isclose(a, b, abs_tol=0.01) for a, b in zip(sorted(seen["arcs"]), sizes, strict=True))
    any_size.until("the canvas is gone", lambda: any_size.page.locator(".dragged-marks").count() == 0)
    assert any_size.bars == faded


def rests(visit: Visit) -> bool:
    """Whether a quarter of a second goes by without anything drawn."""
    before = visit.js("contactDrag.drawn")
    visit.page.wait_for_timeout(250)
    return bool(visit.js("contactDrag.drawn") == before)


def sizes_of(circle: dict[str, Any]) -> tuple[float, float]:
    """Diameters of the two discs of a circle or a ring."""
    size = diameter(circle["n"])
    return (size - 7, size) if circle["area"] else (size, size + 3)


def test_a_handle_put_back_leaves_the_page_as_it_was(visit: Visit) -> None:
    before = visit.counts, visit.search, visit.circles
    x, y = grip(visit, 0)
    drag(visit, 0, 200)
    visit.page.mouse.move(x, y, steps=4)
    visit.page.mouse.up()
    visit.until("the canvas is gone", lambda: visit.page.locator(".dragged-marks").count() == 0)
    visit.settled()
    assert (visit.counts, visit.search, visit.circles) == before
