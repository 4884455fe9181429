"""Where the page looks, and what of the land is seen from there."""

import math

import pytest

from dashboard.callbacks.refresh import first
from dashboard.figures.map import AREAS, PLACES
from dashboard.places import NARROWER, THEATRE_VIEW, home_views, seen
from dashboard.settings import Settings
from dashboard.shelf import Shelf
from dashboard.state import View
from events.filters import EventFilter
from events.store import EventStore
from tests.events.samples import checked, random_rows


def test_a_map_of_the_width_of_the_world_shows_it_once() -> None:
    west, south, east, north = seen(View(0.0, 0.0, 1.0), 1024, 1024)
    assert (west, east) == (-180, 180)
    assert north == -south == pytest.approx(85.0511, abs=1e-3)


def test_what_is_seen_lies_around_the_middle_and_halves_with_each_zoom() -> None:
    west, south, east, north = seen(View(40.0, 46.0, 7.0), 800, 600)
    assert (west + east) / 2 == pytest.approx(46)
    assert south < 40 < north
    assert east - west == pytest.approx(800 / 512 * 360 / 2**7)
    assert (north - south) / (east - west) == pytest.approx(0.75 * math.cos(math.radians(40)), rel=1e-2)
    closer = seen(View(40.0, 46.0, 8.0), 800, 600)
    assert closer[2] - closer[0] == pytest.approx((east - west) / 2)


def test_beyond_the_date_line_it_goes_on() -> None:
    west, _, east, _ = seen(View(0.0, 179.0, 7.0), 800, 600)
    assert 170 < west < 180
    assert -180 < east < -170


def test_the_first_look_is_at_the_theatre_or_at_what_there_is(shipped: EventStore) -> None:
    wide, phone = home_views(shipped)
    assert wide == THEATRE_VIEW
    assert phone == View(wide.lat, wide.lon, wide.zoom - NARROWER)
    assert home_views(EventStore.in_memory(checked([])))[0] == THEATRE_VIEW


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_marks_are_those_of_the_answer(shipped: EventStore, theme: str) -> None:
    for told in first(Shelf(shipped, "shipped", Settings()))[theme]["marked"]:
        view = View(**told["view"])
        marks = {key: n for trace in (AREAS, PLACES) for key, n, _ in told["data"][trace]["customdata"]}
        asked = shipped.cells(EventFilter(), seen(view, 600, 700), view.zoom)
        assert asked
        assert {cell.key: cell.n for cell in asked}.items() <= marks.items()


@pytest.mark.parametrize(("rows", "part_of"), [(0, 0), (50, 90)])
def test_of_no_events_and_of_a_part_of_them_there_are_no_marks(rows: int, part_of: int) -> None:
    shelf = Shelf(EventStore.in_memory(checked(random_rows(7, rows))), "some", Settings(), part_of=part_of)
    for told in first(shelf)["light"]["marked"]:
        assert not told["data"][PLACES]["lon"]
