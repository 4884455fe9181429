import datetime as dt
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.state import LANGUAGES, LONGEST_ADDRESS, VIEW_KEYS, View, ViewState, parse_query, parse_view
from events.filters import KEYS, EventFilter
from events.grid import CellKey, Grid
from tests.events.test_filters import FILTERS, HOSTILE, KNOWN

several = settings(max_examples=100, deadline=None)


def tenthousandths(most):
    return st.integers(-most * 10**4, most * 10**4).map(lambda n: n / 10**4)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(str.strip)
VIEWS = st.builds(View, tenthousandths(90), tenthousandths(180), st.integers(0, 2200).map(lambda n: n / 100))
NUMBERS = st.integers(-(10**8) + 1, 10**8)
CELLS = st.builds(CellKey, st.builds(Grid, st.integers(0, 44)), NUMBERS, NUMBERS, st.booleans())
STATES = st.builds(
    ViewState,
    filter=FILTERS,
    view=st.none() | VIEWS,
    cell=st.none() | CELLS,
    event=TEXTS,
    names=st.sampled_from(sorted(LANGUAGES)),
    page=st.integers(0, 10**7 - 1),
)


def opened(query):
    return parse_view(parse_query(query), KNOWN)


@several
@given(STATES)
def test_a_view_comes_back_from_its_address(state):
    for address in (state.to_query(), "?" + state.to_query()):
        if len(address) <= LONGEST_ADDRESS:
            assert opened(address) == (state, [])


@several
@given(STATES, st.randoms())
def test_the_order_of_the_keys_does_not_matter(state, rng):
    parts = state.to_query().split("&")
    firsts = {part.split("=")[0]: [p for p in parts if p.split("=")[0] == part.split("=")[0]] for part in parts}
    keys = list(firsts)
    rng.shuffle(keys)
    shuffled = "&".join(part for key in keys for part in firsts[key])
    assert len(shuffled) > LONGEST_ADDRESS or opened(shuffled) == (state, [])


def test_an_open_view_has_an_empty_address():
    assert ViewState().to_query() == ""
    assert opened("") == opened("?") == (ViewState(), [])


@several
@given(STATES)
def test_a_link_keeps_all_but_what_it_changes_and_lets_the_map_stay(state):
    state = replace(state, filter=replace(state.filter, words=""))
    assert opened(state.link(names="hy"))[0] == replace(state, view=None, page=0, names="hy")
    narrowed = opened(state.narrowed(types=("Riots",)))[0]
    wanted = replace(state.filter, types=("Riots",))
    assert narrowed == replace(state, view=None, page=0, cell=None, event="", filter=wanted)


def test_letters_of_four_scripts_stand_in_an_address():
    state = ViewState(EventFilter(words="Ստեփանակերտ & Şuşa = Шуша + 100% #?"))
    assert opened(state.to_query()) == (state, [])
    assert state.to_query().isascii()


# ── what cannot be used is named ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("lat", "91", "is not a number from -90 to 90"),
        ("lat", "north", "is not a number from -90 to 90"),
        ("lon", "-180.1", "is not a number from -180 to 180"),
        ("lon", "nan", "is not a number from -180 to 180"),
        ("zoom", "-1", "is not a number from 0 to 22"),
        ("zoom", "inf", "is not a number from 0 to 22"),
        ("zoom", "22.5", "is not a number from 0 to 22"),
        ("cell", "1/2/3", "names no circle of the map"),
        ("cell", "1/2/3/town", "names no circle of the map"),
        ("cell", "45/0/0/place", "names no circle of the map"),
        ("cell", "-1/0/0/place", "names no circle of the map"),
        ("cell", "1/x/0/place", "names no circle of the map"),
        ("cell", "1/9999999999/0/place", "names no circle of the map"),
        ("names", "de", "is none of en, hy, az, ru"),
        ("page", "-1", "is no whole number from 1 on"),
        ("page", "1.5", "is no whole number from 1 on"),
        ("page", "12345678", "is no whole number from 1 on"),
        ("from", "soon", "is not a day like 2020-10-02"),
    ],
)
def test_a_problem_names_field_value_and_reason(key, value, reason):
    state, problems = opened(urlencode([(key, value), ("type", "Battles")]))
    assert [(p.field, p.value, p.reason) for p in problems] == [(key, value, reason)]
    assert state == ViewState(EventFilter(types=("Battles",)))


def test_an_unknown_key_is_named_with_the_keys_there_are():
    state, problems = opened("typ=Battles")
    assert (state, problems[0].field, problems[0].value) == (ViewState(), "typ", "Battles")
    assert problems[0].reason == "is no part of a view; these are: " + ", ".join([*KEYS, *VIEW_KEYS])


@pytest.mark.parametrize("key", ["utm_source", "fbclid", "gclid", "ref", "igsh"])
def test_marks_that_other_sites_add_to_a_link_are_let_be(key):
    assert opened(f"{key}=x&type=Battles") == (ViewState(EventFilter(types=("Battles",))), [])


@pytest.mark.parametrize("query", ["lat=40", "lat=40&lon=45", "zoom=7", "lat=40&lon=500&zoom=7"])
def test_a_place_to_look_at_needs_all_three_numbers(query):
    assert opened(query)[0].view is None


# ── what nobody should send ─────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*KEYS, *VIEW_KEYS]) | st.text(max_size=9), st.lists(HOSTILE, min_size=1, max_size=3)
    )
)
def test_no_values_raise_and_what_remains_is_a_view(query):
    state, problems = parse_view(query, KNOWN)
    assert all(p.field is not None and len(p.value) <= 200 and p.reason for p in problems)
    assert len(state.event) <= 200
    assert state.names in LANGUAGES
    if state.view:
        assert abs(state.view.lat) <= 90
        assert abs(state.view.lon) <= 180
        assert 0 <= state.view.zoom <= 22


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
    | st.text("?&=%#+;0123456789abcdeftylonzm/", max_size=200)
)
def test_no_address_raises_and_what_it_opened_has_an_address_of_its_own(address):
    state, _ = opened(address)
    again, problems = opened(state.to_query())
    assert problems == []
    assert replace(again, view=None) == replace(state, view=None, filter=again.filter)


def test_an_address_is_cut_at_a_bound():
    assert sum(map(len, parse_query("q=" + "x" * 10**6)["q"])) <= LONGEST_ADDRESS
    assert opened("q=" + "x" * 10**6)[0] == ViewState()
    assert len(parse_query("&".join(["type=Battles"] * 10**5))["type"]) < LONGEST_ADDRESS


def test_half_a_character_from_a_script_does_not_bring_the_page_down():
    state, _ = opened("?event=\ud800")
    assert parse_qs(state.to_query()) is not None


def test_dates_of_the_address_are_days():
    state, _ = opened("from=2020-09-27&to=2020-11-10")
    assert (state.filter.date_from, state.filter.date_to) == (dt.date(2020, 9, 27), dt.date(2020, 11, 10))
