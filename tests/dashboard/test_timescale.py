import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.timescale import MOST_SLOTS, make_scale

ONE = dt.timedelta(1)
FIRST, LAST = dt.date(1800, 1, 1), dt.date(2100, 12, 31)
# Days as they come: anywhere, in clusters, in long runs.
ANYWHERE = st.lists(st.dates(dt.date(1970, 1, 1), dt.date(2030, 1, 1)), min_size=1, max_size=40)
RUNS = st.lists(
    st.builds(
        lambda start, n, step: [start + dt.timedelta(k * step) for k in range(n)],
        st.dates(dt.date(1990, 1, 1), dt.date(2024, 1, 1)),
        st.integers(1, 200),
        st.sampled_from([1, 2, 7, 21, 22, 23, 31, 64, 90]),
    ),
    min_size=1,
    max_size=3,
).map(lambda runs: [day for run in runs for day in run])
DAYS = st.one_of(ANYWHERE, RUNS)
several = settings(max_examples=50, deadline=None)


@several
@given(DAYS)
def test_slots_follow_each_other_without_gap_or_overlap(days):
    slots = make_scale(days).slots
    assert all(slot.first <= slot.last for slot in slots)
    assert all(one.last + ONE == other.first for one, other in pairwise(slots))


@several
@given(DAYS)
def test_every_day_has_its_one_slot_and_it_is_not_a_quiet_one(days):
    scale = make_scale(days)
    for day in [*sorted(set(days))[::7], min(days), max(days)]:
        holding = [n for n, slot in enumerate(scale.slots) if slot.first <= day <= slot.last]
        assert holding == [scale.slot_of(day)]
        assert not scale.slots[holding[0]].quiet


@several
@given(DAYS)
def test_a_quiet_slot_holds_no_day_and_stands_between_two_that_do(days):
    slots = make_scale(days).slots
    for before, slot, after in zip(slots, slots[1:], slots[2:], strict=False):
        if slot.quiet:
            assert not any(slot.first <= day <= slot.last for day in days)
            for side in (before, after):
                assert any(side.first <= day <= side.last for day in days)
    assert not slots[0].quiet
    assert not slots[-1].quiet


@several
@given(DAYS)
def test_slots_are_few_and_as_fine_as_that_allows(days):
    scale = make_scale(days)
    assert len(scale.slots) <= MOST_SLOTS
    if scale.unit == "day":
        assert all(slot.first == slot.last for slot in scale.slots if not slot.quiet)


@several
@given(DAYS)
def test_both_ends_are_those_of_the_days(days):
    scale = make_scale(days)
    first, last = scale.slots[0], scale.slots[-1]
    assert first.first <= min(days) <= first.last
    assert last.first <= max(days) <= last.last
    if scale.unit == "day":
        assert (first.first, last.last) == (min(days), max(days))


@several
@given(DAYS)
def test_the_order_of_the_days_and_their_number_do_not_matter(days):
    assert make_scale(days) == make_scale(sorted(days, reverse=True) * 2)


@several
@given(DAYS, st.dates())
def test_days_outside_belong_to_the_first_or_last_slot(days, day):
    scale = make_scale(days)
    if day < scale.slots[0].first:
        assert scale.slot_of(day) == 0
    if day > scale.slots[-1].last:
        assert scale.slot_of(day) == len(scale.slots) - 1


def test_no_days_no_slots():
    assert make_scale([]).slots == ()
    assert make_scale([]).slot_of(FIRST) == 0


@pytest.mark.parametrize(("gap", "quiet"), [(1, []), (22, []), (23, [22]), (1000, [999])])
def test_a_long_quiet_is_one_slot_that_says_how_long_it_is(gap, quiet):
    slots = make_scale([FIRST, FIRST + dt.timedelta(gap)]).slots
    assert [(slot.last - slot.first).days + 1 for slot in slots if slot.quiet] == quiet
    assert len(slots) == (3 if quiet else gap + 1)


@pytest.mark.parametrize(
    ("n", "step", "unit"), [(260, 1, "day"), (261, 1, "week"), (260, 7, "week"), (261, 7, "month"), (200, 365, "year")]
)
def test_the_unit_follows_the_number_of_days(n, step, unit):
    assert make_scale([dt.date(1899, 1, 2) + dt.timedelta(k * step) for k in range(n)]).unit == unit


def test_a_table_of_three_centuries_keeps_to_the_bound():
    assert len(make_scale(dt.date(year, 1, 1) for year in range(1800, 2101)).slots) <= MOST_SLOTS


@pytest.mark.parametrize("day", [FIRST, LAST, dt.date(2020, 2, 29), dt.date(2020, 12, 31)])
def test_one_day_is_one_slot(day):
    assert [(s.first, s.last) for s in make_scale([day]).slots] == [(day, day)]
