"""What is counted of the events that match, as the page, the API and notebooks take it; made of the lines of an answer.

See `questions` for how it is asked.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from events.contents import Contents, Kind
from events.filters import EventFilter
from events.grid import MOST_MARKS, CellKey, Grid, to_degrees
from events.plan import Known
from events.questions import MOST_PARTS, Line, Question, events_of_marks
from events.units import first_day

OF_KIND = ("types", "sub_types", "precisions")
"""The parts of a filter that are parts of a kind of event: they are counted together."""

TOO_MANY = None
"""In place of cells, where a coarser grid is needed."""


class Cell(NamedTuple):
    """One mark of the map: events of one grid cell, exact places and areas apart.

    `lon`, `lat` are the mean position in degrees (WGS84); `types` the counts by event type, largest first;
    `place_key` and `place` are set when all its events are of one place, `event_id` when it is one event.
    """

    key: str
    lon: float
    lat: float
    n: int
    area: bool
    types: tuple[tuple[str, int], ...]
    place_key: str
    place: str
    event_id: str


class Totals(NamedTuple):
    """`total` events in the store; `matched` by the filter; `unplaced` and `outside` match it but for its area.

    `outside` counts events whose place lies outside the filter's bbox, or else outside the view that was given.
    """

    total: int
    matched: int
    unplaced: int
    outside: int


class DayCount(NamedTuple):
    """How many events of a type began on a day (ISO 8601), or in the week, month … of which it is the first."""

    day: str
    event_type: str
    n: int


Facets = dict[str, list[tuple[str, int]]]
"""Part of a filter → its values, each with a number of events."""


class Look(NamedTuple):
    """What a page shows of a filter; see the methods of EventStore that are so named."""

    cells: list[Cell]
    totals: Totals
    timeline: list[DayCount]
    facets: Facets


def by_part(kinds: Iterable[tuple[Kind, int]], part: str, wanted: EventFilter) -> list[tuple[str, int]]:
    """The choices of one part of the kinds, under the filter's other parts."""
    counts: Counter[str] = Counter()
    others = [name for name in OF_KIND if name != part and getattr(wanted, name)]
    for kind, n in kinds:
        if all(getattr(kind, name) in getattr(wanted, name) for name in others):
            counts[getattr(kind, part)] += n
    return sorted(((value, n) for value, n in counts.items() if value and n), key=lambda item: (-item[1], item[0]))


def _as_given(_: Question, lines: list[Line], *__: Any) -> list[Line]:
    return lines


def _day_counts(question: Question, lines: list[Line], *_: Any) -> list[DayCount]:
    return sorted(DayCount(first_day(line.a, question.about).isoformat(), line.low, line.n) for line in lines)


def _gather(
    question: Question, lines: list[Line], contents: Contents, known: Known, connection: sa.Connection
) -> list[Cell] | None:
    """Lines of (cell × type) to one Cell each; TOO_MANY where a coarser grid is needed."""
    grid: Grid = question.about[1]
    by_key: dict[CellKey, list[Line]] = {}
    for line in lines:
        area = contents.marks[line.c].precisions != "1"
        by_key.setdefault(CellKey(grid, line.a, line.b, area), []).append(line)
    if grid.level and (len(lines) >= MOST_PARTS or len(by_key) > MOST_MARKS):
        return TOO_MANY
    alone = {(parts[0].d, parts[0].c) for parts in by_key.values() if sum(p.n for p in parts) == 1}
    ids = events_of_marks(connection, question.wanted, known, alone)
    cells = [_cell(key, parts, contents, ids) for key, parts in by_key.items()]
    return sorted(cells, key=lambda c: (-c.n, c.key))


def _cell(key: CellKey, parts: list[Line], contents: Contents, ids: dict[tuple[int, int], str]) -> Cell:
    n = sum(p.n for p in parts)
    lon, lat = to_degrees(sum(p.east for p in parts) / n / 100, sum(p.north for p in parts) / n / 100)
    types = sorted(((contents.marks[p.c].types, p.n) for p in parts), key=lambda t: (-t[1], t[0]))
    first, last = min(p.low for p in parts), max(p.high for p in parts)
    one = first if first == last else ""
    place = min(p.name for p in parts) if one else ""
    event = ids[parts[0].d, parts[0].c] if n == 1 else ""
    return Cell(str(key), round(lon, 6), round(lat, 6), n, key.area, tuple(types), one, place, event)


READERS: Mapping[str, Callable[[Question, list[Line], Contents, Known, sa.Connection], Any]]
READERS = defaultdict(lambda: _as_given, {"days": _day_counts, "cells": _gather})
"""Question → what makes its lines what they are kept and answered as."""
