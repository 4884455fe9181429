"""Every query of the store against brute force, on every engine."""

import datetime as dt
import itertools
import math
import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from events.filters import EventFilter
from events.grid import CellKey
from events.schema import NAMES
from events.store import EventStore
from tests.contract.brute import (
    BOXES,
    NUMBERS,
    TABLES,
    WANTED,
    WORLD,
    actors,
    ids,
    inside,
    last_day,
    matches,
    matching,
    place_key,
    point,
    precision,
)  # fmt: skip
from tests.contract.engines import several
from tests.events.samples import checked, random_rows


@several
@given(NUMBERS, WANTED)
def test_count_rows_and_frame_hold_the_events_that_match(stores, number, wanted):
    store, right = stores[number], matching(TABLES[number], wanted)
    newest = sorted(sorted(right, key=lambda r: r["event_id"]), key=lambda r: r["event_date"], reverse=True)
    assert store.count(wanted) == len(right)
    assert ids(store.rows(wanted, limit=1000)) == ids(newest)
    oldest = sorted(right, key=lambda r: (r["event_date"], r["event_id"]))
    assert store.frame(wanted)["event_id"].tolist() == ids(oldest)


@several
@given(NUMBERS, WANTED, st.integers(0, 30), st.integers(1, 30))
def test_pages_of_rows_follow_each_other(stores, number, wanted, offset, limit):
    everything = stores[number].rows(wanted, limit=1000)
    assert stores[number].rows(wanted, offset=offset, limit=limit) == everything[offset : offset + limit]


@several
@given(NUMBERS, WANTED, st.lists(st.sampled_from(NAMES), unique=True))
def test_rows_of_some_columns_are_the_same_rows(stores, number, wanted, columns):
    told = dict.fromkeys(("event_id", "event_date", *columns))
    whole = [{name: row[name] for name in told} for row in stores[number].rows(wanted)]
    assert stores[number].rows(wanted, columns=columns) == whole


@several
@given(NUMBERS, WANTED)
def test_an_events_rank_is_its_place_in_the_list(stores, number, wanted):
    rows = stores[number].rows(wanted, limit=1000)
    for place in {0, len(rows) // 2, len(rows) - 1} & set(range(len(rows))):
        assert stores[number].rank(wanted, rows[place]) == place


@several
@given(NUMBERS, WANTED)
def test_the_timeline_counts_each_first_day_and_type(stores, number, wanted):
    right = Counter((r["event_date"], r["event_type"]) for r in matching(TABLES[number], wanted))
    found = stores[number].timeline(wanted)
    assert [(t.day, t.event_type, t.n) for t in found] == [(*key, n) for key, n in sorted(right.items())]


FACET_VALUES = {
    "types": lambda r: {r["event_type"]},
    "sub_types": lambda r: {r["sub_event_type"]},
    "actors": actors,
    "claimants": lambda r: {r["claimant"]},
    "places": lambda r: {place_key(r)},
    "precisions": lambda r: {precision(r)},
}


@several
@given(NUMBERS, WANTED)
def test_facets_count_each_choice_under_the_other_filters(stores, number, wanted):
    found = stores[number].facets(wanted)
    assert list(found) == list(FACET_VALUES)
    for part, values_of in FACET_VALUES.items():
        open_there = matching(TABLES[number], replace(wanted, **{part: ()}))
        right = Counter(value for row in open_there for value in values_of(row) if value)
        assert found[part] == sorted(right.items(), key=lambda item: (-item[1], item[0]))


@several
@given(NUMBERS, WANTED, st.data())
def test_the_count_beside_a_choice_is_what_choosing_it_shows(stores, number, wanted, data):
    offered = [(p, v, n) for p, values in stores[number].facets(wanted).items() for v, n in values]
    assume(offered)
    part, value, n = data.draw(st.sampled_from(offered))
    assert stores[number].count(replace(wanted, **{part: (value,)})) == n


@several
@given(NUMBERS, WANTED, st.one_of(st.none(), BOXES))
def test_totals_add_up(stores, number, wanted, view):
    rows, totals = TABLES[number], stores[number].totals(wanted, view)
    anywhere = matching(rows, replace(wanted, bbox=None))
    area = wanted.bbox or view
    assert totals.total == len(rows)
    assert totals.matched == len(matching(rows, wanted))
    assert totals.unplaced == sum(point(r) is None for r in anywhere)
    assert totals.outside == sum(point(r) is not None and area is not None and not inside(r, area) for r in anywhere)


@several
@given(NUMBERS, WANTED)
def test_bounds_hold_every_placed_match(stores, number, wanted):
    points = [p for r in matching(TABLES[number], wanted) if (p := point(r))]
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    right = (min(lons), min(lats), max(lons), max(lats)) if points else None
    assert stores[number].bounds(wanted) == right


# ── marks of the map ────────────────────────────────────────────────────────────────────────────────────────

EARTH = 6378137.0


def mercator(lon, lat):
    lat = max(-85.051129, min(85.051129, lat))
    return math.radians(lon) * EARTH, math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) * EARTH


def cell_of(row, level):
    side = 2 * math.pi * EARTH / (512 * 2 ** (level / 2)) * 44
    x, y = mercator(*point(row))
    kind = "place" if row["geo_precision"] == "1" else "area"
    return f"{level}/{math.floor(x / side)}/{math.floor(y / side)}/{kind}"


def by_cell(rows, level):
    found = {}
    for row in rows:
        found.setdefault(cell_of(row, level), []).append(row)
    return found


@several
@given(NUMBERS, WANTED, st.one_of(st.none(), BOXES), st.floats(0, 22))
def test_each_cell_stands_for_its_events(stores, number, wanted, view, zoom):
    cells = stores[number].cells(wanted, view, zoom)
    shown = [r for r in matching(TABLES[number], wanted) if point(r) and inside(r, view or WORLD)]
    assert sum(c.n for c in cells) == len(shown)
    if cells:
        right = by_cell(shown, int(cells[0].key.split("/")[0]))
        assert {c.key: c.n for c in cells} == {key: len(rows) for key, rows in right.items()}
        for cell in cells:
            compare_cell(cell, right[cell.key])


def compare_cell(cell, rows):
    keys = {place_key(r) for r in rows}
    kinds = Counter(r["event_type"] for r in rows)
    assert cell.types == tuple(sorted(kinds.items(), key=lambda item: (-item[1], item[0])))
    assert cell.area == cell.key.endswith("area") == any(r["geo_precision"] != "1" for r in rows)
    assert cell.event_id == (rows[0]["event_id"] if len(rows) == 1 else "")
    assert cell.place_key == (keys.pop() if len(keys) == 1 else "")
    x, y = (sum(part) / len(rows) for part in zip(*(mercator(*point(r)) for r in rows), strict=True))
    assert mercator(cell.lon, cell.lat) == pytest.approx((x, y), abs=1)


@several
@given(NUMBERS, WANTED, st.floats(0, 22))
def test_a_cell_opens_to_exactly_its_events(stores, number, wanted, zoom):
    store = stores[number]
    for cell in store.cells(wanted, None, zoom)[:4]:
        key = CellKey.parse(cell.key)
        assert store.count(wanted, key) == cell.n
        rows = store.rows(wanted, cell=key, limit=1000)
        assert len(rows) == cell.n
        assert Counter(r["event_type"] for r in rows) == dict(cell.types)


@several
@given(NUMBERS, WANTED, st.floats(0, 22))
def test_cells_come_largest_first(stores, number, wanted, zoom):
    sizes = [c.n for c in stores[number].cells(wanted, None, zoom)]
    assert sizes == sorted(sizes, reverse=True)


@pytest.fixture(scope="session")
def many_points(databases):
    rows = random_rows(99, 6000)
    rng = random.Random(99)
    for n, row in enumerate(rows):
        row["longitude"] = f"{rng.uniform(-180, 180):.5f}"
        row["latitude"] = "40.0" if n % 2 else f"{rng.uniform(-85, 85):.5f}"
    return databases.store(rows)


@pytest.mark.parametrize("zoom", [0, 4, 9, 22])
@pytest.mark.parametrize("view", [None, WORLD, (-180.0, 40.0, 180.0, 40.0), (90.0, -80.0, -90.0, 80.0)])
def test_marks_are_bounded_and_no_event_is_lost(many_points, view, zoom):
    cells = many_points.cells(EventFilter(), view, zoom)
    assert 0 < len(cells) <= 2000
    assert sum(c.n for c in cells) == many_points.count(EventFilter(bbox=view or WORLD))


# ── edges, said one by one ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2020-10-02", "2020-10-02", 1),
        ("2020-10-02", None, 1),
        (None, "2020-10-02", 1),
        ("2020-10-03", None, 0),
        (None, "2020-10-01", 0),
    ],
)
def test_both_ends_of_the_dates_are_included(one_event, first, last, found):
    wanted = EventFilter(date_from=first and dt.date.fromisoformat(first), date_to=last and dt.date.fromisoformat(last))
    assert one_event().count(wanted) == found


@pytest.mark.parametrize(("day", "found"), [(1, 0), (2, 1), (4, 1), (6, 1), (7, 0)])
def test_an_event_of_several_days_matches_on_any_of_them(one_event, day, found):
    store = one_event(event_end="2020-10-06")
    wanted = EventFilter(date_from=dt.date(2020, 10, day), date_to=dt.date(2020, 10, day))
    assert store.count(wanted) == found


@pytest.mark.parametrize(
    ("bbox", "found"),
    [
        ((20, 10, 20, 10), 1),
        ((20, 0, 30, 10), 1),
        ((10, 10, 20, 30), 1),
        ((20.0001, 0, 30, 20), 0),
        ((0, 0, 30, 9.9999), 0),
    ],
)
def test_the_edges_of_a_bbox_are_included(one_event, bbox, found):
    assert one_event().count(EventFilter(bbox=bbox)) == found


@pytest.mark.parametrize(
    ("lon", "bbox", "found"),
    [
        ("179", (170, 0, -170, 20), 1),
        ("-179", (170, 0, -170, 20), 1),
        ("180", (170, 0, -170, 20), 1),
        ("-180", (170, 0, -170, 20), 1),
        ("170", (170, 0, -170, 20), 1),
        ("-170", (170, 0, -170, 20), 1),
        ("0", (170, 0, -170, 20), 0),
        ("169.9", (170, 0, -170, 20), 0),
        ("179", (-170, 0, 170, 20), 0),
    ],
)
def test_a_bbox_may_cross_the_180th_meridian(one_event, lon, bbox, found):
    store = one_event(longitude=lon)
    assert store.count(EventFilter(bbox=bbox)) == found
    assert sum(c.n for c in store.cells(EventFilter(), bbox, 5)) == found


def test_a_point_on_the_edge_of_the_view_is_a_mark(one_event):
    assert len(one_event().cells(EventFilter(), (20.0, 10.0, 20.0, 10.0), 22)) == 1


@pytest.mark.parametrize("word", ["%", "_", "\\", "'", '"', "/", "--", "🕊"])
def test_a_sign_that_folds_to_nothing_asks_for_nothing_more(one_event, word):
    assert one_event(notes="plain").count(EventFilter(words=word)) == 1


@pytest.mark.parametrize("word", ["' or 1=1 --", "%q", "q_", "') or true --"])
def test_no_sign_of_sql_asks_for_more(one_event, word):
    assert one_event(notes="plain").count(EventFilter(words=word)) == 0


def test_a_store_without_rows_answers_everything(stores):
    store = stores[0]
    everything = EventFilter()
    assert (store.total(), store.count(everything), store.count_placed()) == (0, 0, 0)
    assert (store.span(), store.bounds(), store.rows(everything), store.event("x")) == (None, None, [], None)
    assert (store.cells(everything, WORLD, 5), store.timeline(everything)) == ([], [])
    assert store.facets(everything) == {part: [] for part in FACET_VALUES}
    assert len(store.load()) == 0


@pytest.mark.parametrize("number", range(1, len(TABLES)))
def test_span_is_from_the_first_day_to_the_last(stores, number):
    rows = TABLES[number]
    assert stores[number].span() == (min(r["event_date"] for r in rows), max(map(last_day, rows)))


@pytest.mark.parametrize("number", range(len(TABLES)))
def test_each_event_is_found_by_its_id_as_it_was_written(stores, number):
    for row in TABLES[number][:20]:
        found = stores[number].event(row["event_id"])
        assert found.pop("extra") == ""
        plain = {k: "" if v is None else v for k, v in found.items()}
        numbers = {"latitude", "longitude"}
        assert {k: str(v) for k, v in plain.items() if k not in numbers} == {
            k: v for k, v in (row | {"event_end": last_day(row)}).items() if k not in numbers
        }
        assert (found["longitude"], found["latitude"]) == (point(row) or (None, None))


def test_claims_are_the_other_rows_of_the_incident(stores):
    rows, store = TABLES[6], stores[6]
    for row in rows:
        others = [r for r in rows if r["incident_id"] == row["incident_id"] != "" and r is not row]
        right = ids(sorted(others, key=lambda r: (r["claimant"], r["event_id"])))
        assert ids(store.claims(store.event(row["event_id"]))) == right


def test_the_vocabulary_holds_what_stands_in_the_table(stores):
    rows, known = TABLES[11], stores[11].vocabulary()
    assert known.actors == set().union(*map(actors, rows))
    assert known.claimants == {r["claimant"] for r in rows} - {""}
    assert set(known.places) == {place_key(r) for r in rows} - {""}


def test_load_gives_points_in_wgs84_and_none_where_no_place_is_known(stores):
    frame = stores[11].load()
    assert frame.crs.to_epsg() == 4326
    for row in frame.itertuples():
        here = None if row.geometry is None else (row.geometry.x, row.geometry.y)
        assert here == (None if math.isnan(row.latitude) else (row.longitude, row.latitude))
    assert frame.geometry.isna().any()


def test_two_stores_in_one_process_do_not_see_each_other(one_event):
    one, other = one_event(event_id="a"), one_event(event_id="b")
    assert (one.event("b"), other.event("a")) == (None, None)


def test_pairs_of_filters_join_by_and(stores):
    rows, store = TABLES[11], stores[11]
    parts = [EventFilter(types=("Battles",)), EventFilter(precisions=("none",)), EventFilter(words="shell")]
    for one, other in itertools.combinations(parts, 2):
        both = EventFilter(
            types=one.types or other.types,
            precisions=one.precisions or other.precisions,
            words=one.words or other.words,
        )
        assert store.count(both) == sum(matches(r, one) and matches(r, other) for r in rows)


def test_held_events_come_by_their_ids(stores):
    store, rows = stores[7], TABLES[7]
    wanted = [row["event_id"] for row in rows[::3]]
    assert set(store.held([*wanted, "not there"])) == set(wanted)
    assert store.held([]) == {}


def test_the_version_grows_with_every_write_and_what_was_read_before_is_let_go(store):
    """Another store on the same engine stands for another worker: it writes, and the first one is told to look anew."""
    one, other = store, EventStore(store.engine)
    other.write(checked(TABLES[2]))
    first = one.version()
    known = one.vocabulary()
    row = TABLES[2][0] | {"claimant": "Nobody before", "event_date": "1999-01-01", "event_end": "", "notes": "anew"}
    assert other.write(checked([row])).replaced == 1
    assert one.version() > first
    assert one.vocabulary() is known
    one.forget()
    assert "Nobody before" in one.vocabulary().claimants
    assert one.span()[0] == "1999-01-01"
