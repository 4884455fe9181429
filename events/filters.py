"""EventFilter: the one query language of the page's address, the API, the command line, stores and notebooks.

Every part is optional; parts are joined by 'and', several values of one part by 'or'. Both ends of the dates
are included. An event of several days matches when any of its days does.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from events.codebook import Codebook
from events.errors import Problem
from geodata.gazetteer import Gazetteer
from geodata.names import fold

BBox = tuple[float, float, float, float]
"""West, south, east, north in decimal degrees, WGS84; west may be greater than east across the 180th meridian."""

PRECISIONS = {
    "1": "the named town or village",
    "2": "near it, or its district",
    "3": "a region",
    "unknown": "a point, its precision not told",
    "none": "without a place",
}
LONGEST_VALUE = 200
MOST_VALUES = 100


@dataclass(frozen=True)
class EventFilter:
    """What is asked for. Values are canonical: codebook names, place keys, folded nothing."""

    date_from: dt.date | None = None
    date_to: dt.date | None = None
    types: tuple[str, ...] = ()
    sub_types: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    claimants: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    precisions: tuple[str, ...] = ()
    words: str = ""
    bbox: BBox | None = None

    def without(self, *names: str) -> "EventFilter":
        """The same filter with the named parts left open."""
        open_parts: dict[str, Any] = {f.name: f.default for f in fields(self) if f.name in names}
        return replace(self, **open_parts)

    def terms(self) -> list[str]:
        """The words asked for, folded; an event must hold each of them."""
        return fold(self.words).split()

    def to_query(self) -> list[tuple[str, str]]:
        """The filter as the keys and values of an address, in a fixed order."""
        pairs: list[tuple[str, str]] = []
        for key, name in KEYS.items():
            value = getattr(self, name)
            if value is None or value in ((), ""):
                continue
            if key == "bbox":
                pairs.append((key, ",".join(f"{v:.5g}" if abs(v) < 1e-4 else f"{v:.4f}" for v in value)))
            elif isinstance(value, tuple):
                pairs += [(key, v) for v in value]
            else:
                pairs.append((key, value.isoformat() if isinstance(value, dt.date) else str(value)))
        return pairs


KEYS = {
    "from": "date_from",
    "to": "date_to",
    "type": "types",
    "subtype": "sub_types",
    "actor": "actors",
    "claimant": "claimants",
    "place": "places",
    "precision": "precisions",
    "q": "words",
    "bbox": "bbox",
}
"""Key of the address → part of the filter."""


@dataclass(frozen=True)
class Vocabulary:
    """The values a store knows, and how any name of a thing finds them.

    `actors` and `claimants` hold the names as they stand in the store; `places` the place keys (a gazetteer id, or
    the name of a place that the gazetteer lacks) with the display name of each. Unless it is `complete`, because more
    events are to come, a name that is not found may still be one, and is taken as it is given.
    """

    codebook: Codebook
    gazetteer: Gazetteer
    actors: frozenset[str] = frozenset()
    claimants: frozenset[str] = frozenset()
    places: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True

    def find_actor(self, text: str) -> list[str]:
        """The actor that goes by this name: one the codebook lists, or one that stands in the data."""
        name = self.codebook.actor(text)
        if name in self.codebook.aliases or name in self.actors:
            return [name]
        return _folded(name, self.actors)

    def find_claimant(self, text: str) -> list[str]:
        """The claimant so named: an actor by any of its names, or a publisher that stands in the data."""
        if text in self.claimants:
            return [text]
        name = self.codebook.actor(text)
        return [name] if name in self.claimants else _folded(text, self.claimants) or self.find_actor(text)

    def find_place(self, text: str) -> list[str]:
        """The keys of every place that goes by this name, namesakes included."""
        if text in self.places:
            return [text]
        known = [place.place_id for place in self.gazetteer.resolve(text)]
        wanted = fold(text)
        return list(dict.fromkeys(known + [key for key, name in self.places.items() if fold(name) == wanted]))


def _folded(text: str, names: Iterable[str]) -> list[str]:
    wanted = fold(text)
    return [name for name in names if fold(name) == wanted]


def parse_filter(query: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> tuple[EventFilter, list[Problem]]:
    """Read an address's keys and values. What cannot be used is left out of the filter and named as a problem.

    Keys that are not the filter's (lat, zoom, …) are the caller's to check.
    """
    problems: list[Problem] = []
    parts: dict[str, Any] = {}
    for key, name in KEYS.items():
        values = [v for v in query.get(key, ()) if v.strip()]
        if not values:
            continue
        if len(values) > MOST_VALUES:
            problems.append(Problem(key, f"{len(values)} values", f"takes at most {MOST_VALUES} values"))
            values = values[:MOST_VALUES]
        if key in _SINGLE and len(values) > 1:
            problems.append(Problem(key, values[1][:LONGEST_VALUE], "takes one value; the first is used"))
        found = _read_values(key, values[:1] if key in _SINGLE else values, vocabulary, problems)
        if found:
            parts[name] = found[0] if key in _SINGLE else tuple(dict.fromkeys(found))
    first, last = parts.get("date_from"), parts.get("date_to")
    if first and last and first > last:
        problems.append(Problem("to", last.isoformat(), f"is before 'from' ({first.isoformat()})"))
        del parts["date_to"]
    return EventFilter(**parts), problems


_SINGLE = frozenset({"from", "to", "q", "bbox"})


def _read_values(key: str, values: Sequence[str], vocabulary: Vocabulary, problems: list[Problem]) -> list[Any]:
    read = _READERS[key]
    found: list[Any] = []
    for value in values:
        if len(value) > LONGEST_VALUE or "\x00" in value:
            problems.append(Problem(key, value[:80], f"is no text of up to {LONGEST_VALUE} characters"))
            continue
        try:
            found += read(value.strip(), vocabulary)
        except ValueError as fault:
            problems.append(Problem(key, value, str(fault)))
    return found


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_day(text: str) -> dt.date:
    """Read a day like 2020-10-02; ValueError says what is wrong."""
    try:
        if not _DAY.fullmatch(text):  # fromisoformat also takes weeks: 2020-W40-5
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a day like 2020-10-02") from None


def parse_bbox(text: str) -> BBox:
    """Read 'W,S,E,N' in decimal degrees; ValueError says what is wrong."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise ValueError("is not four numbers: west,south,east,north") from None
    if not all(math.isfinite(v) for v in (west, south, east, north)):
        raise ValueError("holds a number that is not finite")
    if not (-90 <= south <= north <= 90):
        raise ValueError("needs -90 ≤ south ≤ north ≤ 90")
    if not (-180 <= west <= 180 and -180 <= east <= 180):
        raise ValueError("needs west and east within -180 to 180")
    return west, south, east, north


def _one_of(find: Callable[[str], str | None], what: str) -> Callable[[str, Vocabulary], list[str]]:
    def read(text: str, _: Vocabulary) -> list[str]:
        if (name := find(text)) is None:
            raise ValueError(f"is no {what}")
        return [name]

    return read


def _some(find: Callable[[Vocabulary, str], list[str]], what: str) -> Callable[[str, Vocabulary], list[str]]:
    def read(text: str, vocabulary: Vocabulary) -> list[str]:
        if found := find(vocabulary, text):
            return found
        if vocabulary.complete:
            raise ValueError(f"no {what} goes by this name here")
        return [text]

    return read


_READERS: dict[str, Callable[[str, Vocabulary], list[Any]]] = {
    "from": lambda text, _: [parse_day(text)],
    "to": lambda text, _: [parse_day(text)],
    "type": lambda text, v: _one_of(v.codebook.find_type, "event type of the codebook")(text, v),
    "subtype": lambda text, v: _one_of(v.codebook.find_sub_type, "sub-type of the codebook")(text, v),
    "actor": _some(Vocabulary.find_actor, "actor"),
    "claimant": _some(Vocabulary.find_claimant, "claimant"),
    "place": _some(Vocabulary.find_place, "place"),
    "precision": _one_of(lambda t: t if t in PRECISIONS else None, f"precision; it is one of {', '.join(PRECISIONS)}"),
    "q": lambda text, _: [text],
    "bbox": lambda text, _: [parse_bbox(text)],
}
