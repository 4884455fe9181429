import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.filters import EventFilter
from events.plan import ALL_TIME, COLUMNS, DAY, FACTS, KIND, MONTH, SIDE, SPOT, Known, choose, span_of, within

DAYS = st.dates(dt.date(1800, 1, 1), dt.date(2100, 12, 31))
FIRST, NEWEST = dt.date(2015, 1, 10), dt.date(2024, 12, 20)


def days_of_period(period):
    year, month = divmod(period, 100)
    first = dt.date(year, month or 1, 1)
    after = dt.date(year + 1, 1, 1) if month in {0, 12} else dt.date(year, month + 1, 1)
    return first, after - dt.timedelta(1)


@given(DAYS, st.integers(0, 4000))
def test_a_span_is_every_one_of_its_days_once(first, length):
    last = first + dt.timedelta(length)
    span = span_of(first, last)
    pieces = sorted([*map(days_of_period, span.periods), *span.days])
    assert pieces[0][0] == first
    assert pieces[-1][1] == last
    for (_, end), (start, _) in itertools.pairwise(pieces):
        assert start == end + dt.timedelta(1)


@given(DAYS, st.integers(0, 4000))
def test_a_span_has_few_parts(first, length):
    span = span_of(first, first + dt.timedelta(length))
    assert len(span.days) <= 2
    assert len(span.periods) <= 22 + length // 365
    assert all((last - start).days < 62 for start, last in span.days)


def test_a_span_that_ends_before_it_begins_has_no_days():
    assert span_of(dt.date(2020, 2, 1), dt.date(2020, 1, 31)) == ((), ())


def test_whole_years_are_taken_whole():
    span = span_of(dt.date(2019, 11, 30), dt.date(2022, 1, 31))
    assert span.periods == (201912, 202000, 202100, 202201)
    assert span.days == ((dt.date(2019, 11, 30), dt.date(2019, 11, 30)),)


def known(**more):
    months = {year * 100 + month: 80_000 for year in range(2015, 2025) for month in range(1, 13)}
    cube = {ALL_TIME: 100_000} | dict.fromkeys(months, 20000)
    cube |= {year * 100: 60_000 for year in range(2015, 2025)}
    small = dict.fromkeys(months, 1000)
    sizes = {FACTS: months, "by_spot": cube, "by_side": cube, "by_claimant": cube, "by_day": small} | more
    return Known({name: size for name, size in sizes.items() if size}, FIRST, NEWEST)


@pytest.mark.parametrize(
    ("columns", "wanted", "table"),
    [
        ({KIND}, EventFilter(), "by_spot"),
        ({KIND}, EventFilter(date_from=dt.date(2018, 5, 5)), "by_day"),
        ({SPOT, KIND}, EventFilter(types=("Battles",)), "by_spot"),
        ({SPOT, KIND}, EventFilter(date_from=dt.date(2018, 5, 5), bbox=(0, 0, 1, 1)), "by_spot"),
        ({SIDE}, EventFilter(precisions=("1",)), "by_side"),
        ({SPOT}, EventFilter(actors=("A",)), FACTS),
        ({SIDE}, EventFilter(places=("P",)), FACTS),
        (set(), EventFilter(words="shell"), FACTS),
        # A few days are read alone, without the months around them.
        ({SPOT}, EventFilter(date_from=dt.date(2018, 5, 5), date_to=dt.date(2018, 5, 6)), "by_spot"),
    ],
)
def test_the_table_with_the_fewest_rows_answers(columns, wanted, table):
    assert choose(columns, wanted, known()) == table


def test_months_are_told_by_the_cubes_where_the_dates_are_open():
    wanted = EventFilter(actors=("A",))
    assert choose({KIND, MONTH}, wanted, known()) == "by_side"
    assert choose({KIND, MONTH}, wanted.without("actors"), known()) == "by_day"
    assert choose({KIND, DAY}, wanted, known()) == FACTS
    assert choose({KIND, MONTH}, EventFilter(actors=("A",), date_to=dt.date(2020, 5, 5)), known()) == FACTS


def test_a_small_store_is_read_event_by_event_where_a_span_would_cost_more():
    few = dict.fromkeys(range(202001, 202013), 100)
    small = Known({FACTS: few, "by_spot": {202000: 900, **few}}, dt.date(2020, 1, 1), dt.date(2020, 12, 31))
    assert choose({SPOT}, EventFilter(date_from=dt.date(2020, 3, 5)), small) == FACTS


def test_an_engine_without_cubes_answers_by_the_events():
    bare = known(by_spot=None, by_side=None, by_claimant=None, by_day=None)
    for columns in COLUMNS.values():
        assert choose(columns, EventFilter(), bare) == FACTS


def test_dates_that_narrow_nothing_are_left_open():
    wide = EventFilter(date_from=FIRST, date_to=NEWEST, types=("Battles",))
    assert within(wide, known()) == EventFilter(types=("Battles",))
    narrow = EventFilter(date_from=FIRST + dt.timedelta(1), date_to=NEWEST - dt.timedelta(1))
    assert within(narrow, known()) == narrow
