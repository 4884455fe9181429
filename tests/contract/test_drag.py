"""What follows a dragged handle counts as the store does, on every engine."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.dragging import bins_of, packed
from dashboard.timescale import TimeScale, _next, _start, make_scale
from events.filters import EventFilter
from tests.contract.brute import BOXES, NUMBERS, TABLES, WANTED, WORLD, inside, matching, point
from tests.contract.engines import several
from tests.contract.test_queries import cell_of

EVERYTHING = EventFilter()
UNITS = ("day", "week", "month", "year", "decade")


def scale_in(rows, unit):
    """The slider's slots for some rows if it counted in this unit."""
    days = sorted(dt.date.fromisoformat(r["event_date"]) for r in rows)
    if unit == "day" or not days:
        return make_scale(days)
    slots = []
    start = _start(days[0], unit)
    while start <= days[-1]:
        after = _next(start, unit)
        slots.append((start, after - dt.timedelta(1)))
        start = after
    made = make_scale(days)
    return TimeScale(unit, tuple(made.slots[0]._replace(first=a, last=b, quiet=False) for a, b in slots))


def unpack(counts, first, last):
    """What the browser adds up: `begun` and `carried` of one type, for the bins from first to last."""
    _, begun, carried = counts
    n, at = 0, -1
    for gap, here in zip(begun[::2], begun[1::2], strict=True):
        at += gap
        n += here if first <= at <= last else 0
    for since, until, here in zip(carried[::3], carried[1::3], carried[2::3], strict=True):
        n += here if since < first <= until else 0
    return n


def by_type(lists, answer, first, last):
    counts = {answer["types"][entry[0]][0]: unpack(entry, first, last) for entry in lists}
    return {kind: n for kind, n in counts.items() if n}


@several
@given(NUMBERS, WANTED, st.one_of(st.none(), BOXES), st.floats(0, 22), st.sampled_from(UNITS), st.data())
def test_every_pair_of_handles_counts_as_asking_anew_would(stores, number, wanted, view, zoom, unit, data):
    scale = scale_in(TABLES[number], unit)
    if not scale.slots:
        return
    first = data.draw(st.integers(0, len(scale.slots) - 1))
    last = data.draw(st.integers(first, len(scale.slots) - 1))
    drag = stores[number].drag(wanted, view, zoom, bins_of(scale))
    answer = packed(drag, scale, len(TABLES[number]))
    days = {"date_from": scale.slots[first].first, "date_to": scale.slots[last].last}
    right = matching(TABLES[number], replace(wanted, **days))
    assert by_type(answer["matched"], answer, first, last) == Counter(r["event_type"] for r in right)
    shown = [r for r in right if point(r) and inside(r, view or WORLD)]
    level = int(answer["cells"][0][0].split("/")[0]) if answer["cells"] else 0
    cells = {cell[0]: by_type(cell[4], answer, first, last) for cell in answer["cells"]}
    expected: dict[str, Counter[str]] = {}
    for row in shown:
        expected.setdefault(cell_of(row, level), Counter())[row["event_type"]] += 1
    assert {key: counts for key, counts in cells.items() if counts} == expected


@pytest.mark.parametrize("unit", UNITS)
def test_marks_stand_where_all_their_events_are_on_average(stores, unit):
    store, scale = stores[11], scale_in(TABLES[11], unit)
    found = store.drag(EVERYTHING, WORLD, 5.0, bins_of(scale)).cells
    shown = {cell.key: cell for cell in store.cells(EVERYTHING, WORLD, 5.0)}
    assert {c.key for c in found} == set(shown)
    for cell in found:
        assert (cell.lon, cell.lat) == pytest.approx((shown[cell.key].lon, shown[cell.key].lat), abs=2e-5)
        assert cell.area == shown[cell.key].area
