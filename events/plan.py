"""Which table answers a question, and which of its rows (pure).

A cube holds counts by its columns alone; it answers where neither the question nor the filter looks at anything else.
A span of days is put together from whole years and months, which the cubes count, and the days left over at its ends.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from events.filters import EventFilter

FACTS = "facts"
KIND, SPOT, CLAIMANT, SIDE, DAY, MONTH, ROW = (
    "kind_id", "spot_id", "claimant_id", "side_id", "day", "month", "row_id",
)  # fmt: skip

COLUMNS = {
    "by_spot": frozenset({KIND, SPOT, MONTH}),
    "by_side": frozenset({KIND, SIDE, MONTH}),
    "by_claimant": frozenset({KIND, CLAIMANT, MONTH}),
    "by_day": frozenset({KIND, DAY, MONTH}),
    FACTS: frozenset({KIND, SPOT, CLAIMANT, SIDE, DAY, MONTH, ROW}),
}
"""What each table tells of an event, besides its days as far as a filter asks for them."""

_LOOKS_AT = {
    "types": KIND,
    "sub_types": KIND,
    "precisions": KIND,
    "claimants": CLAIMANT,
    "actors": SIDE,
    "places": SPOT,
    "bbox": SPOT,
    "words": ROW,
}

ALL_TIME = 0
OF_SPANS = frozenset({"by_spot", "by_side", "by_claimant"})
PIECING = 20_000  # rows: what it costs to put a span of days together


class Known(NamedTuple):
    """What has to be known of a store to ask it: the rows of each table by period, its first and its newest day.

    Periods are months like 202010, years like 202000 and ALL_TIME; `facts` and `by_day` have months alone. The days are
    those on which the first and the newest event began. `pieces`: an event's words stand in pieces, in `searched`.
    `narrowed` are the facts of the events that hold the words `holds`, where they are kept by themselves.
    """

    sizes: Mapping[str, Mapping[int, int]]
    first: dt.date
    newest: dt.date
    pieces: bool = False
    narrowed: Any = None
    holds: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many events there are."""
        return sum(self.sizes[FACTS].values())


def looks_at(wanted: EventFilter) -> frozenset[str]:
    """The columns that a filter's parts look at, its dates aside."""
    return frozenset(column for part, column in _LOOKS_AT.items() if getattr(wanted, part))


def choose(columns: Iterable[str], wanted: EventFilter, known: Known) -> str:
    """The table of which the fewest rows have to be read to answer of these columns."""
    needed = frozenset(columns) | looks_at(wanted)
    able = [name for name in known.sizes if needed <= COLUMNS[name]]
    if MONTH in needed and (wanted.date_from or wanted.date_to):
        able = [name for name in able if name not in OF_SPANS]  # they tell months of all time
    return min(able, key=lambda name: (_rows_read(name, needed, wanted, known), name == FACTS))


def _rows_read(table: str, needed: frozenset[str], wanted: EventFilter, known: Known) -> int:
    sizes = known.sizes[table]
    if table in OF_SPANS and MONTH in needed:
        return sum(n for period, n in sizes.items() if period % 100)
    if not wanted.date_from and not wanted.date_to:
        return sizes.get(ALL_TIME, 0) if table in OF_SPANS else sum(sizes.values())
    first, last = wanted.date_from or known.first, wanted.date_to or known.newest
    if table not in OF_SPANS:
        return sum(n for month, n in sizes.items() if _month(first) <= month <= _month(last))
    span = span_of(first, last)
    by_month = known.sizes[FACTS]
    over = sum(by_month.get(_month(a), 0) * ((b - a).days + 1) // 30 for a, b in span.days)
    return PIECING + over + sum(sizes.get(period, 0) for period in span.periods)


def _month(day: dt.date) -> int:
    return day.year * 100 + day.month


class Span(NamedTuple):
    """A span of days in parts: the periods of the cubes that lie in it, and the days at its ends that are left over.

    Days are first and last, both included.
    """

    periods: tuple[int, ...]
    days: tuple[tuple[dt.date, dt.date], ...]


def span_of(first: dt.date, last: dt.date) -> Span:
    """Put the days from `first` to `last`, both included, together from periods and days."""
    if first > last:
        return Span((), ())
    begin = first if first.day == 1 else _next_month(first)
    after = last + dt.timedelta(1)
    end = after if after.day == 1 else last.replace(day=1)
    if begin >= end:  # no whole month
        return Span((), ((first, last),))
    days = []
    if first < begin:
        days.append((first, begin - dt.timedelta(1)))
    if end <= last:
        days.append((end, last))
    return Span(tuple(_periods(begin, end)), tuple(days))


def _periods(begin: dt.date, end: dt.date) -> list[int]:
    """The periods from one first day of a month up to another, the latter not included."""
    found = []
    while begin < end:
        next_year = begin.replace(year=begin.year + 1, month=1)
        if begin.month == 1 and next_year <= end:
            found.append(begin.year * 100)
            begin = next_year
        else:
            found.append(_month(begin))
            begin = _next_month(begin)
    return found


def _next_month(day: dt.date) -> dt.date:
    return (day.replace(day=1) + dt.timedelta(32)).replace(day=1)


def within(wanted: EventFilter, known: Known) -> EventFilter:
    """The same filter, its dates left open where they do not narrow the store's events."""
    if wanted.date_from and wanted.date_from <= known.first:
        wanted = wanted.without("date_from")
    if wanted.date_to and wanted.date_to >= known.newest:
        wanted = wanted.without("date_to")
    return wanted
