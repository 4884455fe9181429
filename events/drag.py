"""What a page needs to follow a handle of the date slider while it is dragged, without asking again.

For a filter with its dates left open and the marks of one view: how many events began in each bin of days, and how many
lasted from one bin into a later one. An event matches the bins from i to j, both included, when it began in one of
them, or when it began before i and lasted into i or longer; so whole bins are counted exactly.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from events import plan
from events.filters import BBox, EventFilter
from events.grid import CellKey, Grid, to_degrees
from events.plan import KIND, SPOT, Known
from events.questions import column_and_row, conditions, facts_of, in_bbox
from events.tables import by_spot, kinds, spots
from events.units import UNITS, first_day

MOST_LINES = 200_000  # what is sent of them takes some 240 kB when compressed


class Counts(NamedTuple):
    """Events by bins: `begun` by the bin they began in; `carried` by the two bins they began and ended in, where these
    are not one."""

    begun: dict[int, int]
    carried: dict[tuple[int, int], int]

    def between(self, first: int, last: int) -> int:
        """How many match the bins from `first` to `last`, both included."""
        begun = sum(n for at, n in self.begun.items() if first <= at <= last)
        return begun + sum(n for (since, until), n in self.carried.items() if since < first <= until)


class DraggedCell(NamedTuple):
    """A mark of the map: its mean position over all days, in degrees (WGS84), and its events by type and bins."""

    key: str
    lon: float
    lat: float
    area: bool
    types: dict[str, Counts]


class Drag(NamedTuple):
    """All that matches by type and bins, and the marks of the view, in the order of their keys."""

    matched: dict[str, Counts]
    cells: list[DraggedCell]


class Bins(NamedTuple):
    """Bins of days by their first days, in order, the last one open; no `unit` (units.UNITS) lies in two."""

    starts: Sequence[dt.date]
    unit: str

    def holding(self, code: int) -> int:
        """The bin that holds a unit by its number; days before the first belong to it."""
        return max(0, bisect_right(self.starts, first_day(code, self.unit)) - 1)


Marks = dict[int, tuple[str, bool]]
"""Mark → its event type, and whether it is one of areas."""


def read_drag(
    connection: sa.Connection,
    known: Known,
    marks: Marks,
    wanted: EventFilter,
    view: BBox | None,
    zoom: float,
    bins: Bins,
) -> Drag:
    """Ask for it."""
    wanted = wanted.without("date_from", "date_to")
    where = _numbers(bins)
    matched: dict[str, Counts] = {}
    for mark, unit, until, n in connection.execute(_in_all(known, wanted, bins.unit)).all():
        _add(matched, marks[mark][0], where(unit), where(until), int(n))
    grid = Grid.at(zoom)
    while True:
        lines = connection.execute(_by_cell(known, wanted, bins.unit, view, grid)).all()
        if len(lines) <= MOST_LINES or grid.level == 0:
            return Drag(matched, _cells(lines, grid, marks, where))
        grid = grid.coarser()


# ── SQL ─────────────────────────────────────────────────────────────────────────────────────────────────────

NEVER = -(
    10**6
)  # stands in `until` where it is not told when events ended: they are counted as begun; no unit's number


def _rows(known: Known, wanted: EventFilter, unit: str) -> sa.CTE:
    """Rows of events that match: what and where, the unit they began in, `until`, and how many they are."""
    of = facts_of(known)
    begun, ended = UNITS[unit](of.c.day, of.c.month), UNITS[unit](of.c.last_day, of.c.last_month)
    one, never = sa.literal_column("1", sa.Integer).label("n"), sa.literal_column(str(NEVER), sa.Integer).label("until")
    which = conditions(of.c, wanted, known)
    what = (of.c[KIND], of.c[SPOT])
    carried = sa.select(*what, begun.label("unit"), ended.label("until"), one).where(ended > begun, *which)
    if _counted(known, wanted, unit):
        months = by_spot.c.period
        told = sa.select(
            by_spot.c[KIND], by_spot.c[SPOT], UNITS[unit](months, months).label("unit"), never, by_spot.c.n
        )
        told = told.where(months % 100 != 0, *conditions(by_spot.c, wanted, known))
    else:
        told = sa.select(*what, begun.label("unit"), never, one).where(*which)
    return sa.union_all(told, carried).cte("hit")


def _counted(known: Known, wanted: EventFilter, unit: str) -> bool:
    """Whether a cube tells it."""
    enough = plan.looks_at(wanted) <= plan.COLUMNS["by_spot"]
    return "by_spot" in known.sizes and unit not in {"day", "week"} and enough


def _in_all(known: Known, wanted: EventFilter, unit: str) -> sa.Select[Any]:
    hit = _rows(known, wanted, unit)
    columns = (kinds.c.mark_id, hit.c.unit, hit.c.until)
    found = sa.select(*columns, sa.func.sum(hit.c.n)).join_from(hit, kinds, kinds.c.kind_id == hit.c[KIND])
    return found.group_by(*columns).having(sa.func.sum(hit.c.n) > 0)


def _by_cell(known: Known, wanted: EventFilter, unit: str, view: BBox | None, grid: Grid) -> sa.Select[Any]:
    hit = _rows(known, wanted, unit)
    columns = (*column_and_row(grid), kinds.c.mark_id, hit.c.unit, hit.c.until)
    n = sa.func.sum(hit.c.n)
    found = sa.select(*columns, n, sa.func.sum(hit.c.n * spots.c.east), sa.func.sum(hit.c.n * spots.c.north))
    found = found.join_from(hit, kinds, kinds.c.kind_id == hit.c[KIND]).join(spots, spots.c.spot_id == hit.c[SPOT])
    found = found.where(spots.c.x.is_not(None), *([in_bbox(view)] if view else []))
    return found.group_by(*columns).having(n > 0).limit(MOST_LINES + 1)


# ── lines to counts ─────────────────────────────────────────────────────────────────────────────────────────


def _numbers(bins: Bins) -> Callable[[int], int]:
    """The bin of each unit, worked out once."""
    known = {NEVER: -1}

    def where(code: int) -> int:
        if code not in known:
            known[code] = bins.holding(code)
        return known[code]

    return where


def _add(types: dict[str, Counts], event_type: str, since: int, until: int, n: int) -> None:
    counts = types.setdefault(event_type, Counts({}, {}))
    if until < 0:
        counts.begun[since] = counts.begun.get(since, 0) + n
    elif until > since:
        counts.carried[since, until] = counts.carried.get((since, until), 0) + n


def _cells(lines: Iterable[Any], grid: Grid, marks: Marks, where: Callable[[int], int]) -> list[DraggedCell]:
    types: dict[CellKey, dict[str, Counts]] = {}
    sums: dict[CellKey, tuple[int, int, int]] = {}
    for column, row, mark, unit, until, n, east, north in lines:
        event_type, area = marks[mark]
        key = CellKey(grid, column, row, area)
        _add(types.setdefault(key, {}), event_type, where(unit), where(until), int(n))
        if until == NEVER:
            before = sums.get(key, (0, 0, 0))
            sums[key] = (before[0] + int(n), before[1] + int(east), before[2] + int(north))
    found = []
    for key, (n, east, north) in sums.items():
        lon, lat = to_degrees(east / n / 100, north / n / 100)
        found.append(DraggedCell(str(key), round(lon, 5), round(lat, 5), key.area, types[key]))
    return sorted(found)
