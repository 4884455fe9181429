"""Each figure of the table, and how it is measured."""

import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psutil
from playwright.sync_api import Browser, CDPSession, Request

from dashboard.app import create_server
from tests.bench.asking import JSON, RECEIVER
from tests.bench.serving import deployed, get
from tests.browser.serving import serving
from tests.browser.visit import DESKTOP, Visit

OPENINGS = 5
CHANGES = 20
REQUESTS = 50
REST = 2000  # ms


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured (median of `values`), its unit and its target (at most)."""

    what: str
    values: Sequence[float]
    unit: str
    target: float

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def met(self) -> bool:
        return self.median <= self.target

    @property
    def shown(self) -> str:
        return f"{self.median:.3g} {self.unit}" if self.median < 100 else f"{self.median:.0f} {self.unit}"

    @property
    def spread(self) -> str:
        if len(self.values) == 1:
            return ""
        return f"{min(self.values):.3g} to {max(self.values):.3g}, of {len(self.values)}"

    @property
    def wanted(self) -> str:
        return f"≤ {self.target:g} {self.unit}"


# ── in the browser ──────────────────────────────────────────────────────────────────────────────────────────

# Set up before the page's own code: notes when the counts are told and the map rests with its circles drawn.
_WATCH_OPENING = """
(() => {
  const look = () => {
    const counts = document.querySelector('#counts')?.textContent || '';
    const gd = document.querySelector('#map .js-plotly-plot');
    const map = gd?._fullLayout?.map?._subplot?.map;
    if (counts.includes(' of ') && map && map.loaded() && gd.data.length > 3 && gd.data[3].lon.length > 0) {
      const circles = map.getStyle().layers.filter((l) => l.type === 'circle').map((l) => l.id);
      if (circles.length && map.queryRenderedFeatures({layers: circles}).length) {
        window.firstUsable = performance.now();
        return;
      }
    }
    setTimeout(look, 10);
  };
  look();
})()
"""

# Presses an arrow key on the slider, and tells how long until counts, list and circles are new and drawn.
_CHANGE = """
async (key) => {
  const text = (id) => document.getElementById(id).textContent;
  const gd = document.querySelector('#map .js-plotly-plot');
  const map = gd._fullLayout.map._subplot.map;
  const circles = () => JSON.stringify([3, 2].map((i) => gd.data[i].customdata));
  const before = [text('counts'), text('list'), circles()];
  const handle = document.querySelector('[role=slider]');
  handle.focus();
  const start = performance.now();
  const options = {key: key, code: key, bubbles: true};
  handle.dispatchEvent(new KeyboardEvent('keydown', options));
  handle.dispatchEvent(new KeyboardEvent('keyup', options));
  for (;;) {
    const now = [text('counts'), text('list'), circles()];
    if (now.every((part, n) => part !== before[n]) && map.loaded()) return performance.now() - start;
    if (performance.now() - start > 10000) return null;
    await new Promise((done) => requestAnimationFrame(done));
  }
}
"""


def page_figures(browser: Browser) -> tuple[list[Figure], list[list[str]]]:
    """The figures seen from the browser, and the bodies of the callback requests of each change of the slider."""
    with serving() as server:
        opened = [_opening(browser, server.url) for _ in range(OPENINGS)]
        spans, weights, asked = changes_in(browser, server.url)
    return [
        Figure("first usable map, cold", [o[0] for o in opened], "s", 3),
        Figure("slider moved: map, list, counts redrawn", spans, "ms", 400),
        Figure("weight of the first load, compressed", [o[1] / 1e6 for o in opened], "MB", 3.5),
        Figure("weight of an update, compressed", [w / 1e3 for w in weights], "kB", 40),
    ], asked


def _context(browser: Browser, base: str) -> tuple[Visit, "Weight"]:
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, color_scheme="light")
    visit = Visit(context, base)
    return visit, Weight(context.new_cdp_session(visit.page))


class Weight:
    """Bytes that came over the wire, headers included."""

    def __init__(self, session: CDPSession) -> None:
        self.total = 0.0
        session.on("Network.loadingFinished", self._add)
        session.send("Network.enable")

    def _add(self, told: dict[str, Any]) -> None:
        self.total += told["encodedDataLength"]


def _opening(browser: Browser, base: str) -> tuple[float, float]:
    """Seconds from navigation to a usable map, and bytes of all that was loaded.

    Nothing else goes on: the browser's own window has come to rest before, and the page is asked four times a second.
    """
    visit, weight = _context(browser, base)
    visit.page.add_init_script(_WATCH_OPENING)
    visit.page.wait_for_timeout(REST)
    visit.page.goto(base, wait_until="commit")
    seconds = visit.until("the map is usable", lambda: visit.js("window.firstUsable"), pause=250) / 1000
    visit.settled()
    visit.context.close()
    return seconds, weight.total


def changes_in(browser: Browser, base: str) -> tuple[list[float], list[float], list[list[str]]]:
    """Milliseconds, bytes and callback requests of each change of the slider."""
    visit, weight = _context(browser, base)
    sent: list[str] = []

    def note(request: Request) -> None:
        if RECEIVER in request.url:
            sent.append(request.post_data or "")

    visit.open()
    visit.page.on("request", note)
    spans, weights, asked = [], [], []
    for n in range(CHANGES):
        sent.clear()
        before = weight.total
        span = visit.js(_CHANGE, "ArrowRight" if n % 2 == 0 else "ArrowLeft")
        visit.settled()
        if span is None:
            raise AssertionError("a move of the slider changed nothing within 10 s")
        spans.append(span)
        weights.append(weight.total - before)
        asked.append(list(sent))
    visit.context.close()
    return spans, weights, asked


# ── at the server ───────────────────────────────────────────────────────────────────────────────────────────


def server_part(asked: Sequence[Sequence[str]]) -> Figure:
    """The same callback requests put to the WSGI application in this process: their sum for one change."""
    client = create_server().test_client()
    headers = {"Accept-Encoding": "br, gzip"}

    def once(bodies: Sequence[str]) -> float:
        start = time.perf_counter()
        for body in bodies:
            answer = client.post(RECEIVER, data=body, content_type=JSON, headers=headers)
            assert answer.status_code in {200, 204}, answer.status
        return (time.perf_counter() - start) * 1000

    for bodies in asked[:3]:
        once(bodies)  # the first of all pays for what is made once
    return Figure("server's part of it", [once(bodies) for bodies in asked], "ms", 50)


def memory(asked: Sequence[Sequence[str]]) -> Figure:
    """Resident memory of one gunicorn worker after requests of every kind, started as the Procfile says."""
    bodies = [body for change in asked for body in change]
    with deployed(1) as (master, url):
        for script in re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css)[^"]*)"', get(url + "/", packed=False).decode()):
            get(url + script)
        ways: list[Callable[[], bytes]] = [
            lambda: get(url + "/"),
            lambda: get(url + "/api/summary?type=Battles&zoom=7"),
            lambda: get(url + "/api/events.csv"),
            lambda: get(url + "/api/events.geojson?place=Stepanakert"),
            lambda: get(url + "/api/events.parquet"),
            lambda: get(url + "/healthz"),
            *(lambda body=body: get(url + RECEIVER, body) for body in bodies[:4]),  # type: ignore[misc]
        ]
        for n in range(REQUESTS):
            ways[n % len(ways)]()
        workers = psutil.Process(master).children()
        return Figure("memory of one worker", [workers[0].memory_info().rss / 1e6], "MB", 300)
