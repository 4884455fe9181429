"""ViewState ↔ address: everything a user may change, parsed and bounded (pure)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlencode

from events.errors import Problem
from events.filters import KEYS, EventFilter, Vocabulary, parse_filter
from events.grid import CellKey
from geodata.basemap import Language

LANGUAGES: dict[Language, str] = {"en": "English", "hy": "Armenian", "az": "Azerbaijani", "ru": "Russian"}
LONGEST_ADDRESS = 8000
VIEW_KEYS = ("lat", "lon", "zoom", "cell", "event", "names", "page", "data")
# Marks that other sites add to a link that is passed on.
_TRACKERS = ("utm_", "fbclid", "gclid", "yclid", "mc_", "igsh", "ref")


@dataclass(frozen=True)
class View:
    """Where the map looks: centre in degrees (WGS84) and MapLibre zoom."""

    lat: float
    lon: float
    zoom: float


@dataclass(frozen=True)
class ViewState:
    """The whole view: what is asked for, where the map looks, what is selected, whose names are shown.

    `page` is the page of the list, from 1; 0 is the one that holds the selected event, else the first.
    `data` is the token of a file opened in a browser; empty for the events that are served.
    """

    filter: EventFilter = field(default_factory=EventFilter)
    view: View | None = None
    cell: CellKey | None = None
    event: str = ""
    names: Language = "en"
    page: int = 0
    data: str = ""

    def to_query(self) -> str:
        """The view as an address's query, keys in a fixed order, without the question mark."""
        pairs = [("data", self.data)] if self.data else []
        pairs += self.filter.to_query()
        if self.view:
            pairs += [
                ("lat", f"{self.view.lat:.4f}"),
                ("lon", f"{self.view.lon:.4f}"),
                ("zoom", f"{self.view.zoom:.2f}"),
            ]
        if self.cell:
            pairs.append(("cell", str(self.cell)))
        if self.event:
            pairs.append(("event", self.event))
        if self.names != "en":
            pairs.append(("names", self.names))
        if self.page:
            pairs.append(("page", str(self.page)))
        return urlencode(pairs)

    def link(self, **changes: object) -> str:
        """The address of this view with changes. The map stays, unless `view` is among them; the list begins anew."""
        return "?" + replace(self, **{"view": None, "page": 0, **changes}).to_query()  # type: ignore[arg-type]

    def narrowed(self, **parts: object) -> str:
        """The address of this view with parts of its filter changed and nothing selected."""
        return self.link(filter=replace(self.filter, **parts), cell=None, event="")  # type: ignore[arg-type]


def parse_query(text: str) -> Mapping[str, list[str]]:
    """Take an address's query apart; one longer than LONGEST_ADDRESS is cut there."""
    return parse_qs(text[:LONGEST_ADDRESS].removeprefix("?"), keep_blank_values=False, errors="replace")


def parse_view(query: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> tuple[ViewState, list[Problem]]:
    """Read a whole view. What cannot be used is left out and named; the rest holds."""
    wanted, problems = parse_filter(query, vocabulary)
    for key in query:
        if key not in KEYS and key not in VIEW_KEYS and not key.startswith(_TRACKERS):
            known = ", ".join([*KEYS, *VIEW_KEYS])
            problems.append(Problem(key[:80], query[key][0][:80], f"is no part of a view; these are: {known}"))
    return (
        ViewState(
            wanted,
            _view(query, problems),
            _cell(query, problems),
            _text(_first(query, "event"))[:200],
            _names(query, problems),
            _page(query, problems),
            _text(_first(query, "data"))[:40],
        ),
        problems,
    )


def _first(query: Mapping[str, Sequence[str]], key: str) -> str:
    values = query.get(key) or [""]
    return values[0].strip()


def _text(value: str) -> str:
    """Text that an address can carry: half a character (a lone surrogate) is none."""
    return value.encode("utf-8", "ignore").decode()


def _view(query: Mapping[str, Sequence[str]], problems: list[Problem]) -> View | None:
    bounds = {"lat": 90.0, "lon": 180.0, "zoom": 22.0}
    numbers: dict[str, float] = {}
    for key, most in bounds.items():
        text = _first(query, key)
        if not text:
            continue
        number = _number(text)
        least = 0.0 if key == "zoom" else -most
        if number is None or not least <= number <= most:
            problems.append(Problem(key, text[:80], f"is not a number from {least:g} to {most:g}"))
        else:
            numbers[key] = number
    if len(numbers) == len(bounds):
        return View(**numbers)
    return None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _cell(query: Mapping[str, Sequence[str]], problems: list[Problem]) -> CellKey | None:
    if not (text := _first(query, "cell")):
        return None
    try:
        return CellKey.parse(text)
    except ValueError:
        problems.append(Problem("cell", text[:80], "names no circle of the map"))
        return None


def _names(query: Mapping[str, Sequence[str]], problems: list[Problem]) -> Language:
    text = _first(query, "names") or "en"
    for language in LANGUAGES:
        if language == text:
            return language
    problems.append(Problem("names", text[:80], f"is none of {', '.join(LANGUAGES)}"))
    return "en"


def _page(query: Mapping[str, Sequence[str]], problems: list[Problem]) -> int:
    text = _first(query, "page") or "0"
    if text.isdecimal() and len(text) <= 7:
        return int(text)
    problems.append(Problem("page", text[:80], "is no whole number from 1 on"))
    return 0
