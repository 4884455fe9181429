import datetime as dt
import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import palette
from dashboard.figures import map as map_figure
from dashboard.figures import timeline as timeline_figure
from dashboard.state import View
from dashboard.timescale import make_scale
from events.codebook import load_codebook
from events.counts import Cell, DayCount
from events.filters import EventFilter
from events.grid import CellKey
from events.store import EventStore
from geodata.control import control_on
from tests.contract.brute import LOOSE, NUMBERS, TABLES, matching, point
from tests.events.samples import checked

MOST = 2000
STORES = [EventStore.in_memory(checked(rows)) for rows in TABLES]
several = settings(max_examples=60, deadline=None)


def as_given(_, place):
    return place


def traces(cells, *, zoom=7.0, theme="light", selected=None, control=()):
    return map_figure.traces(cells, control, selected, theme, as_given, zoom)


def cell(**values):
    plain = Cell("14/1/1/place", 46.8, 39.8, 1, False, (("Battles", 1),), "hadrut", "Hadrut", "id-1")
    return plain._replace(**values)


# ── the map ─────────────────────────────────────────────────────────────────────────────────────────────────


@several
@given(NUMBERS, LOOSE, st.floats(0, 22))
def test_each_cell_is_one_mark_and_marks_are_bounded(number, wanted, zoom):
    cells = STORES[number].cells(wanted, None, zoom)
    drawn = traces(cells, zoom=zoom)
    shown = [row for row in matching(TABLES[number], wanted) if point(row)]
    for trace, kind in ((map_figure.PLACES, "place"), (map_figure.AREAS, "area")):
        keys = [mark[0] for mark in drawn[trace]["customdata"]]
        assert keys == [c.key for c in cells if c.key.endswith(kind)]
    assert sum(len(drawn[t]["lon"]) for t in (map_figure.PLACES, map_figure.AREAS)) == len(cells) <= MOST
    assert len(drawn[map_figure.UNDER]["lon"]) == len(cells)
    marks = drawn[map_figure.PLACES]["customdata"] + drawn[map_figure.AREAS]["customdata"]
    assert sum(mark[1] for mark in marks) == len(shown)


@several
@given(NUMBERS, LOOSE, st.floats(0, 22))
def test_an_event_of_a_district_or_region_is_never_drawn_as_a_town(number, wanted, zoom):
    drawn = traces(STORES[number].cells(wanted, None, zoom), zoom=zoom)
    exact = sum(bool(point(r)) and r["geo_precision"] == "1" for r in matching(TABLES[number], wanted))
    assert sum(mark[1] for mark in drawn[map_figure.PLACES]["customdata"]) == exact


def test_a_place_stays_where_it_is_and_an_area_makes_room():
    place, area = cell(n=9), cell(key="14/1/1/area", area=True, n=4)
    drawn = traces([place, area], zoom=8)
    assert (drawn[map_figure.PLACES]["lon"], drawn[map_figure.PLACES]["lat"]) == ([46.8], [39.8])
    assert drawn[map_figure.AREAS]["lon"][0] > 46.8
    assert drawn[map_figure.AREAS]["lat"] == [39.8]


@several
@given(
    st.lists(st.tuples(st.floats(-179, 179), st.floats(-80, 80), st.integers(1, 500), st.booleans()), max_size=15),
    st.floats(0, 20),
)
def test_places_never_move_and_the_rings_of_areas_lie_under_their_bodies(marks, zoom):
    cells = [cell(key=str(n), lon=lon, lat=lat, n=k, area=area) for n, (lon, lat, k, area) in enumerate(marks)]
    drawn = traces(cells, zoom=zoom)
    places = [c for c in cells if not c.area]
    assert drawn[map_figure.PLACES]["lon"] == [c.lon for c in places]
    assert drawn[map_figure.UNDER]["lon"] == drawn[map_figure.PLACES]["lon"] + drawn[map_figure.AREAS]["lon"]


HOSTILE = [
    "<b>Hadrut</b>",
    "<a href='javascript:x'>x</a>",
    "a<br>b",
    "&lt;i&gt;",
    '"><script>alert(1)</script>',
    "%{lat}",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_file_says_is_text_in_a_label(name):
    for drawn in (cell(place=name), cell(types=((name, 1),)), cell(place=name, area=True)):
        marks = traces([drawn])
        texts = [t for n in (map_figure.PLACES, map_figure.AREAS) for t in marks[n]["hovertext"] + marks[n]["text"]]
        for text in texts:
            left = text.replace("<br>", "").replace("<b>", "", 1).replace("</b>", "", 1)
            assert "<" not in left
            assert ">" not in left


def test_a_name_is_never_a_template():
    drawn = traces([cell(place="%{customdata[0]}")])[map_figure.PLACES]
    assert drawn["hovertemplate"] == "%{hovertext}<extra></extra>"


def test_a_label_is_a_count_or_the_sign_of_the_type():
    drawn = traces([cell(), cell(key="x", n=12)])[map_figure.PLACES]
    assert drawn["text"] == [palette.TYPES["Battles"].sign, "12"]


def test_the_colour_is_the_leading_types():
    drawn = traces([cell(n=5, types=(("Riots", 3), ("Battles", 2)))])[map_figure.PLACES]
    assert drawn["marker"]["color"] == [palette.TYPES["Riots"].colour]


@several
@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_circle_grows_with_its_count_within_bounds(one, other):
    sizes = [map_figure.diameter(n) for n in sorted((one, other))]
    assert map_figure.SMALLEST <= sizes[0] <= sizes[1] <= map_figure.LARGEST


@pytest.mark.parametrize("theme", palette.THEMES)
def test_a_figure_is_plain_json_and_the_same_for_the_same_values(theme):
    control = control_on(dt.date(2020, 10, 2))
    cells = STORES[11].cells(EventFilter(), None, 7)
    selected = map_figure.Selected(46.8, 39.8, 25.0)
    figures = [
        map_figure.figure(
            traces(cells, theme=theme, control=control, selected=selected), View(39.8, 46.8, 7), theme, "hy", 1
        )
        for _ in range(2)
    ]
    assert json.dumps(figures[0], allow_nan=False) == json.dumps(figures[1])
    assert len(json.dumps(figures[0]["data"])) < 400_000


def test_control_names_each_area_once():
    states = control_on(dt.date(2020, 10, 2))
    drawn = traces([], control=states)[map_figure.CONTROL]
    assert len(drawn["locations"]) == len(set(drawn["locations"])) == len(drawn["z"]) == len(states) > 0


def test_no_events_are_an_empty_map():
    drawn = traces([])
    assert [
        len(drawn[n]["lon"]) for n in (map_figure.UNDER, map_figure.AREAS, map_figure.PLACES, map_figure.SELECTED)
    ] == [0] * 4


@pytest.mark.parametrize(
    ("lat", "precision", "radius", "km"),
    [(39.8, 1, 2.0, 0.0), (39.8, 2, 25.0, 25.0), (39.8, 3, 0.0, 5.0), (39.8, None, 60.0, 60.0)],
)
def test_the_selected_event_is_a_point_only_where_its_place_is_exact(lat, precision, radius, km):
    event = {"latitude": lat, "longitude": 46.8, "geo_precision": precision}
    assert map_figure.selected_of(event, radius) == map_figure.Selected(46.8, lat, km)


def test_an_event_without_a_place_selects_nothing_on_the_map():
    assert map_figure.selected_of({"latitude": None, "longitude": None, "geo_precision": 1}, 3.0) is None
    assert map_figure.selected_of(None, 3.0) is None


@pytest.mark.parametrize("lat", [-89.9, 0.0, 39.8, 89.9])
def test_the_circle_around_the_selected_event_closes(lat):
    drawn = traces([], selected=map_figure.Selected(46.8, lat, 25.0))[map_figure.SELECTED_AREA]
    assert (drawn["lon"][0], drawn["lat"][0]) == pytest.approx((drawn["lon"][-1], drawn["lat"][-1]))
    assert max(drawn["lat"]) - min(drawn["lat"]) == pytest.approx(50 / 111.32, rel=0.01)


def test_the_selection_stands_on_the_mark_that_holds_the_event():
    store = STORES[11]
    cells = store.cells(EventFilter(), None, 7)
    for event in store.rows(EventFilter(), limit=200):
        selected = map_figure.selected_of(event, 10.0)
        if selected is None:
            continue
        drawn = traces(cells, selected=selected)
        [at] = zip(drawn[map_figure.SELECTED]["lon"], drawn[map_figure.SELECTED]["lat"], strict=True)
        marks = drawn[map_figure.PLACES if event["geo_precision"] == 1 else map_figure.AREAS]
        near = [n for n, mark in enumerate(zip(marks["lon"], marks["lat"], strict=True)) if mark == at]
        held = {
            row["event_id"]
            for n in near
            for row in store.rows(EventFilter(), limit=1000, cell=CellKey.parse(marks["customdata"][n][0]))
        }
        assert event["event_id"] in held


def test_no_ring_hides_behind_a_circle_or_another_ring():
    def cell(n, *, area):
        return Cell("14/1/1/area" if area else "14/1/1/place", 46.8, 39.8, n, area, (("Battles", n),), "", "", "")

    zoom = 7.0
    place, areas = cell(20, area=False), [cell(n, area=True) for n in (50, 9, 2)]
    marks = [place, *map_figure.set_apart(areas, [place], zoom)]
    pixels = [mark.lon * 512 * 2**zoom / 360 for mark in marks]
    for n, one in enumerate(marks):
        for m in range(n):
            apart = (map_figure.diameter(one.n) + map_figure.diameter(marks[m].n)) / 2
            assert abs(pixels[n] - pixels[m]) >= apart - 0.1


# ── the histogram ───────────────────────────────────────────────────────────────────────────────────────────


def histogram(counts, width=1200):
    scale = make_scale(dt.date.fromisoformat(c.day) for c in counts)
    return scale, timeline_figure.figure(scale, counts, "light", width)


def bars(drawn):
    return [trace for trace in drawn["data"] if trace["name"] != timeline_figure.COLUMNS]


def columns(drawn):
    [trace] = [trace for trace in drawn["data"] if trace["name"] == timeline_figure.COLUMNS]
    return trace


@several
@given(NUMBERS, LOOSE)
def test_bars_add_up_to_the_events_and_stand_in_their_slots(number, wanted):
    scale, drawn = histogram(STORES[number].timeline(wanted))
    right = Counter()
    for row in matching(TABLES[number], wanted):
        right[row["event_type"], scale.slot_of(dt.date.fromisoformat(row["event_date"]))] += 1
    assert {(t["name"], x): y for t in bars(drawn) for x, y in zip(t["x"], t["y"], strict=True)} == right


@pytest.mark.parametrize(
    "days",
    [["2020-10-02"], ["2020-10-02", "2020-11-10"], ["2020-10-02", "2020-11-10", "2023-09-19"]],
)
def test_the_bars_of_few_events_are_one_slot_wide(days):
    scale = make_scale([dt.date(2020, 9, 27) + dt.timedelta(k) for k in range(44)] + [dt.date(2023, 9, 19)])
    drawn = timeline_figure.figure(scale, [DayCount(day, "Battles", 1) for day in days], "light")
    [bar] = bars(drawn)
    slots = [scale.slot_of(dt.date.fromisoformat(day)) for day in days]
    assert (bar["x"], bar["y"]) == (slots, [1] * len(days))
    assert 0.5 < bar["width"] < 1
    assert (columns(drawn)["x"], columns(drawn)["width"]) == (slots, 1)
    assert drawn["layout"]["yaxis"]["dtick"] == 1
    assert drawn["layout"]["yaxis"]["range"][1] < 2


@several
@given(st.integers(0, 10**7))
def test_counts_have_few_whole_steps(most):
    step = timeline_figure.whole_step(most)
    assert str(step).rstrip("0") in {"1", "2", "5"}
    assert most / step <= timeline_figure.MOST_STEPS
    assert step == 1 or most / step > 1


@pytest.mark.parametrize(
    ("width", "types"), [(1200, "3 Battles · 1 Protests<br>2 Riots"), (390, "3 Battles<br>1 Protests<br>2 Riots")]
)
def test_a_slot_tells_its_day_its_total_and_each_type_wherever_it_is_pointed_at(width, types):
    day = "2020-10-02"
    counts = [DayCount(day, "Riots", 2), DayCount(day, "Battles", 3), DayCount(day, "Protests", 1)]
    _, drawn = histogram([*counts, DayCount("2020-10-03", "Riots", 1)], width=width)
    column = columns(drawn)
    assert column["hovertext"] == [f"<b>2 Oct 2020: 6 events</b><br>{types}", "<b>3 Oct 2020: 1 event</b><br>1 Riots"]
    assert column["y"] == [drawn["layout"]["yaxis"]["range"][1]] * 2
    assert {trace["hoverinfo"] for trace in bars(drawn)} == {"skip"}


def test_types_keep_the_codebooks_order_whatever_their_counts():
    _, drawn = histogram(STORES[11].timeline(EventFilter()))
    names = [trace["name"] for trace in bars(drawn)]
    assert names == [name for name in load_codebook().type_names if name in names]


@several
@given(st.lists(st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)), min_size=1, max_size=40), st.integers(200, 3000))
def test_ticks_have_room_and_name_their_slots(days, width):
    counts = [DayCount(day.isoformat(), "Riots", 1) for day in sorted(set(days))]
    scale, drawn = histogram(counts, width=width)
    axis = drawn["layout"]["xaxis"]
    assert len(axis["tickvals"]) == len(axis["ticktext"])
    assert axis["tickvals"] == sorted(set(axis["tickvals"]))
    assert all(not scale.slots[n].quiet for n in axis["tickvals"])
    assert axis["tickvals"][0] == 0
    assert str(scale.slots[0].first.year) in axis["ticktext"][0]


@several
@given(st.lists(st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)), min_size=1, max_size=10))
def test_every_quiet_slot_is_drawn_and_says_how_long_it_is(days):
    scale, drawn = histogram([DayCount(day.isoformat(), "Riots", 1) for day in sorted(set(days))])
    quiet = [n for n, slot in enumerate(scale.slots) if slot.quiet]
    assert [a["x"] for a in drawn["layout"]["annotations"]] == quiet
    assert [(s["x0"], s["x1"]) for s in drawn["layout"]["shapes"]] == [(n - 0.5, n + 0.5) for n in quiet]
    assert all(a["text"] for a in drawn["layout"]["annotations"])


def test_no_events_are_an_empty_histogram():
    _, drawn = histogram([])
    assert drawn["data"] == []
    json.dumps(drawn, allow_nan=False)
