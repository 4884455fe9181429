"""What is made anew for a change of the page, and what stays as it is."""

import pytest
from dash import no_update

from dashboard.callbacks.refresh import Picture
from dashboard.settings import Settings
from dashboard.shelf import Shelf
from dashboard.state import parse_query
from events.store import EventStore
from tests.events.samples import checked, random_rows

VIEWPORT = {"bbox": [40, 36, 52, 44], "width": 1200}


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(EventStore.in_memory(checked(random_rows(7, 40))), "some events", Settings(), changes=True)


def answer(shelf, query="", drawn=None, width=1200, theme="light"):
    looked, state, problems = shelf.view(parse_query(query))
    assert not problems
    return Picture(looked, state, VIEWPORT | {"width": width}, theme).map_parts(drawn or {})


@pytest.mark.parametrize(
    "query", ["", "from=2020-10-01", "from=2020-10-01&to=2020-10-02", "lat=39.8&lon=46.7&zoom=9", "page=2"]
)
def test_other_days_or_another_view_need_no_other_histogram(shelf, query):
    first = answer(shelf)
    assert first["timeline"]["data"]
    assert answer(shelf, query, first["drawn"])["timeline"] is no_update


@pytest.mark.parametrize(
    "change", [{"query": "type=Battles"}, {"query": "q=a"}, {"width": 390}, {"theme": "dark"}], ids=str
)
def test_another_filter_theme_or_width_does(shelf, change):
    first = answer(shelf)
    assert answer(shelf, drawn=first["drawn"], **change)["timeline"] is not no_update


def test_events_that_are_corrected_do_too(shelf):
    first = answer(shelf)
    store = shelf.served.store
    total = store.total()
    store.write(checked([random_rows(7, 40)[0] | {"event_date": "2020-12-24", "event_end": "2020-12-24"}]))
    corrected = answer(shelf, drawn=first["drawn"])
    assert store.total() == total
    assert corrected["timeline"] is not no_update
    assert corrected["timeline"] != first["timeline"]
