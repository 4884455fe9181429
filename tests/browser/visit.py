"""One visit to the page: a browser window of its own, driven by what a person sees and by the ids of the page."""

import csv
import io
import json
import math
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from dashboard import ids
from dashboard.callbacks.refresh import PAGE_OF_LIST
from dashboard.figures import map as map_figure
from dashboard.figures import timeline
from dashboard.state import parse_query, parse_view
from events.store import EventStore
from tests.browser.serving import Served

DESKTOP = (1400, 850)
PHONE = (390, 844)
PATIENCE = 20.0  # seconds; a shared machine without a GPU may be slow
VIEW = ("lat", "lon", "zoom")

# Plotly's own handle on the MapLibre map; the page's policy forbids `eval`, so this goes through the debugger.
_MAP = f"document.querySelector('#{ids.MAP} .js-plotly-plot')?._fullLayout?.map?._subplot?.map"
_TRACES = f"document.querySelector('#{ids.MAP} .js-plotly-plot').data"
_DRAWN = f"""(() => {{
  const map = {_MAP};
  if (!map || !map.loaded() || map.isMoving()) return false;
  const data = {_TRACES};
  if (data.length < 4) return false;
  const wanted = [{map_figure.AREAS}, {map_figure.PLACES}].reduce((n, i) => n + data[i].lon.length, 0);
  const layers = map.getStyle().layers.filter((l) => l.type === 'circle').map((l) => l.id);
  return wanted === 0 || (layers.length > 0 && map.queryRenderedFeatures({{layers: layers}}).length > 0);
}})()"""

# What Dash holds in the stores of the page, against the address.
_FOLLOWED = f"""(() => {{
  const held = (id) => window.dash_component_api?.getLayout(id)?.props ?? {{}};
  const [query, asked, dates] = [held('{ids.QUERY}'), held('{ids.ASKED}'), held('{ids.DATES}')];
  const search = location.search.slice(1);
  const answered = asked.data?.search === search && query.modified_timestamp >= asked.modified_timestamp;
  if (typeof query.data !== 'string' || !(search === query.data || answered)) return false;
  const q = new URLSearchParams(query.data);
  return (dates.data || []).every((day, n) => (day || null) === q.get(['from', 'to'][n]));
}})()"""


class Visit:
    """A page in its own browser context; it remembers errors and requests to other hosts."""

    map = _MAP
    layout = f"document.querySelector('#{ids.MAP} .js-plotly-plot')._fullLayout"
    traces = _TRACES

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base = base
        self.context = context
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.strangers: list[str] = []
        self.forgiven: list[str] = []
        self.asking: set[Request] = set()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda fault: self.errors.append(f"uncaught: {fault}"))
        self.page.on("request", self._asked)
        self.page.on("requestfinished", self._answered)
        self.page.on("requestfailed", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != urlsplit(self.base).netloc:
            self.strangers.append(request.url)
        if "_dash-update-component" in request.url:
            self.asking.add(request)

    def _answered(self, request: Request) -> None:
        self.asking.discard(request)

    def verdict(self) -> None:
        """No error in the console, and no request to another host."""
        left = [text for text in self.errors if not any(known in text for known in self.forgiven)]
        assert not left, f"errors in the console: {left}"
        assert not self.strangers, f"requests to other hosts: {self.strangers}"

    # ── going and waiting ───────────────────────────────────────────────────────────────────────────────

    def open(self, address: str = "/") -> "Visit":
        """Go to an address and wait until the map is drawn and the counts are told."""
        self.page.goto(address if address.startswith("http") else self.base + address)
        expect(self.at(ids.COUNTS)).to_contain_text(" of ", timeout=PATIENCE * 1000)
        self.settled()
        return self

    def until(self, what: str, met: Callable[[], Any], patience: float = PATIENCE, pause: float = 40) -> Any:
        """Wait until `met` gives something true, and return it; else fail telling what was waited for.

        It is asked every `pause` milliseconds.
        """
        end = time.monotonic() + patience
        while True:
            if found := met():
                return found
            if time.monotonic() > end:
                raise AssertionError(f"{what}: not within {patience:g} s; the page is at {self.address}")
            self.page.wait_for_timeout(pause)

    def settled(self) -> None:
        """Nothing is asked of the server, the map is drawn, and the address is the one of what is shown."""
        before: list[Any] = []

        def resting() -> bool:
            now = [self.search, self.counts_text]
            calm = not self.asking and bool(self.js(_FOLLOWED)) and bool(self.js(_DRAWN)) and before == now
            before[:] = now
            return calm

        self.until("the page rests", resting)

    def above_all(self) -> bool:
        """Whether each mark of an event lies above every line and label of the map."""
        layers = [layer["id"] for layer in self.js(f"{self.map}.getStyle().layers")]
        marks = [n for n, layer in enumerate(layers) if layer.endswith(("-circle", "-symbol"))]
        return len(marks) == 2 * 5 and min(marks) > max(
            n for n, layer in enumerate(layers) if layer.startswith("label-")
        )

    @property
    def bars(self) -> dict[int, float]:
        """The slots of the histogram in which something matches, and how strongly their bars are drawn, 0 to 1."""
        found: dict[str, float] = self.js(
            f"""(() => {{
              const strength = {{}};
              document.querySelectorAll('#{ids.TIMELINE} .barlayer .trace.bars').forEach((trace) => {{
                if (trace.__data__[0].trace.name === '{timeline.COLUMNS}') return;
                trace.querySelectorAll('.point').forEach((point) => {{
                  const own = [point, point.querySelector('path')].map((one) => Number(getComputedStyle(one).opacity));
                  strength[point.__data__.p] = own[0] * own[1];
                }});
              }});
              return strength;
            }})()"""
        )
        return {int(slot): strength for slot, strength in found.items()}

    def js(self, expression: str, given: Any = None) -> Any:
        """Evaluate an expression in the page."""
        return self.page.evaluate(expression, given)

    def at(self, component_id: str) -> Locator:
        """The part of the page with this id."""
        return self.page.locator(f"#{component_id}")

    # ── what the page says ──────────────────────────────────────────────────────────────────────────────

    @property
    def address(self) -> str:
        """The whole address."""
        return str(self.js("location.href"))

    @property
    def search(self) -> str:
        """The address from its question mark on."""
        return str(self.js("location.search"))

    @property
    def query(self) -> list[tuple[str, str]]:
        """The address's keys and values but for where the map looks."""
        return [(k, v) for k, v in parse_qsl(self.search.removeprefix("?")) if k not in VIEW]

    @property
    def counts_text(self) -> str:
        return self.at(ids.COUNTS).inner_text()

    @property
    def counts(self) -> tuple[int, int]:
        """'n of m events' as (n, m)."""
        n, m = re.findall(r"\d+", re.sub(r"(?<=\d)[\s\u202f\u00a0](?=\d)", "", self.counts_text))[:2]
        return int(n), int(m)

    @property
    def listed(self) -> list[str]:
        """The ids of the events in the list, in its order."""
        hrefs = self.js(f"[...document.querySelectorAll('#{ids.LIST} .item')].map((a) => a.getAttribute('href'))")
        return [dict(parse_qsl(href.removeprefix("?")))["event"] for href in hrefs]

    @property
    def elsewhere(self) -> int:
        """How many events the page tells to be without a place or outside this view."""
        told = re.findall(r"(\d+) (?:without|outside)", self.at(ids.REST).inner_text())
        return sum(int(n) for n in told)

    @property
    def slider(self) -> list[int]:
        """The slots at which the slider's two handles stand."""
        return [int(handle.get_attribute("aria-valuenow") or -1) for handle in self.page.get_by_role("slider").all()]

    def shows(self, n: int) -> None:
        """Wait until the page tells this count."""
        self.until(f"{n} events are counted", lambda: self.counts[0] == n)

    # ── filters ─────────────────────────────────────────────────────────────────────────────────────────

    def choice(self, facet: str, value: str) -> Locator:
        """One choice of a list of choices, its holder opened."""
        holder = self.page.locator("details", has=self.at(facet))
        if holder.count() and not holder.evaluate("(d) => d.open"):
            holder.locator("summary").click()
        return self.at(facet).locator(
            "label", has=self.page.locator(f"input[value={json.dumps(value, ensure_ascii=False)}]")
        )

    def choose(self, facet: str, value: str) -> None:
        """Check a choice, or take it back; wait until the address follows."""
        before = self.query
        self.choice(facet, value).click()
        self.until(f"{value} is in the address or out of it", lambda: self.query != before)
        self.settled()

    def clear(self) -> None:
        """Take every filter away."""
        self.page.get_by_text("Clear all", exact=True).click()
        self.until("all filters are gone", lambda: self.counts[0] == self.counts[1])
        self.settled()

    def told_beside(self, facet: str, value: str) -> int:
        """The count beside a choice."""
        text = self.choice(facet, value).locator(".n").inner_text()
        return int(re.sub(r"\D", "", text))

    def drawer(self, button: str, part: str, *, opened: bool) -> None:
        """On a phone: open or close one of the two drawers."""
        if self.at(button).get_attribute("aria-expanded") != str(opened).lower():
            self.at(button).click()
        expect(self.at(button)).to_have_attribute("aria-expanded", str(opened).lower())
        box = self.at(part)
        expect(box).to_be_in_viewport() if opened else expect(box).not_to_be_in_viewport()

    def press_slider(self, handle: int, key: str, times: int = 1) -> None:
        """Press a key on one of the slider's handles; each press is waited for."""
        step = {"ArrowRight": 1, "ArrowLeft": -1}[key]
        for _ in range(times):
            wanted = self.slider[handle] + step
            self.page.get_by_role("slider").nth(handle).press(key)
            self.until("the handle has moved", lambda n=wanted: self.slider[handle] == n)
            self.settled()

    def type_day(self, component_id: str, day: str) -> None:
        """Type a day into one of the two fields, and confirm it."""
        self.at(component_id).fill(day)
        self.at(component_id).press("Enter")

    # ── the map ─────────────────────────────────────────────────────────────────────────────────────────

    @property
    def circles(self) -> list[dict[str, Any]]:
        """Every circle that stands for events: where, how many, its key, and whether it is of an area."""
        return list(
            self.js(
                f"""[{map_figure.PLACES}, {map_figure.AREAS}].flatMap((i) => {{
                  const t = {_TRACES}[i];
                  return Array.from(t.lon).map((lon, n) => ({{lon: lon, lat: t.lat[n], area: i === {map_figure.AREAS},
                    size: t.marker.size[n],
                    key: t.customdata[n][0], n: t.customdata[n][1], event: t.customdata[n][2]}}));
                }})"""
            )
        )

    @property
    def view(self) -> dict[str, float]:
        """Where the map looks, by the map itself."""
        return dict(self.js(f"(() => {{ const m = {_MAP}; return {{...m.getCenter(), zoom: m.getZoom()}}; }})()"))

    @property
    def selected(self) -> list[tuple[float, float]]:
        """Where the mark of the selected event is."""
        trace = self.js(f"(() => {{ const t = {_TRACES}[{map_figure.SELECTED}]; return [[...t.lon], [...t.lat]]; }})()")
        return list(zip(*trace, strict=True))

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point of the earth is in the window."""
        x, y = self.js(
            f"""([lon, lat]) => {{
              const map = {_MAP};
              const box = map.getCanvas().getBoundingClientRect();
              const at = map.project([lon, lat]);
              return [box.left + at.x, box.top + at.y];
            }}""",
            [lon, lat],
        )
        return x, y

    def drawn_at(self, trace: int, lon: float, lat: float) -> bool:
        """Whether MapLibre has drawn something of this trace at a point of the earth."""
        return bool(
            self.js(
                f"""([trace, at]) => {{
                  const map = {_MAP};
                  const uid = document.querySelector('#{ids.MAP} .js-plotly-plot')._fullData[trace].uid;
                  const layers = map.getStyle().layers.map((l) => l.id).filter((id) => id.includes(uid));
                  return map.queryRenderedFeatures(map.project(at), {{layers: layers}}).length > 0;
                }}""",
                [trace, [lon, lat]],
            )
        )

    def on_map(self, lon: float, lat: float) -> bool:
        """Whether this point of the window is the map, not a panel above it."""
        x, y = self.pixel(lon, lat)
        inside = f"([x, y]) => !!document.elementFromPoint(x, y)?.closest('#{ids.MAP}')"
        return bool(self.js(inside, [x, y]))

    def free_circle(self, *, many: bool, area: bool = False) -> dict[str, Any]:
        """A circle, of several events or of one, whose middle no panel and no other circle covers."""
        circles = self.circles
        pixels = {id(circle): self.pixel(circle["lon"], circle["lat"]) for circle in circles}

        def alone(circle: dict[str, Any]) -> bool:
            return all(
                math.dist(pixels[id(circle)], pixels[id(c)]) > c["size"] / 2 + 6 for c in circles if c is not circle
            )

        fitting = [c for c in circles if c["area"] == area and (c["n"] > 1) == many]
        return next(c for c in fitting if alone(c) and self.on_map(c["lon"], c["lat"]))

    def click_circle(self, circle: dict[str, Any]) -> None:
        """Click a circle where it is drawn."""
        x, y = self.pixel(circle["lon"], circle["lat"])
        self.page.mouse.move(x - 3, y)
        self.page.mouse.move(x, y, steps=3)
        self.page.mouse.click(x, y)


def same_everywhere(visit: Visit, server: Served, store: EventStore) -> None:
    """The page, the API's summary, its CSV and the store agree on the page's address; the list is the store's."""
    wanted = parse_view(parse_query(visit.search), store.vocabulary())[0].filter
    told = server.summary(visit.search)
    rows = csv.DictReader(io.StringIO(server.get("/api/events.csv" + visit.search).decode("utf-8-sig")))
    assert visit.counts == (told["matched"], told["total"])
    assert told["matched"] == len(list(rows)) == store.count(wanted)
    listed = visit.listed
    assert listed == [row["event_id"] for row in store.rows(wanted, limit=len(listed))]
    assert len(listed) == min(told["matched"], PAGE_OF_LIST)
    drawn = sum(circle["n"] for circle in visit.circles)
    assert wanted.bbox or drawn + visit.elsewhere == told["matched"], "what is not drawn is told"
