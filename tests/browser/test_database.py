"""A page over PostgreSQL: it says when the database is gone, keeps what it shows, and goes on when it is back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from dashboard import ids
from events.filters import EventFilter
from events.sources import open_target
from events.store import EventStore
from tests.browser.conftest import Opener
from tests.browser.serving import serving
from tools import postgres


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL of this test's own."""
    programs = postgres.find()
    assert programs, postgres.LACKING
    made = postgres.Server(programs)
    made.start()
    yield made
    made.remove()


def test_a_database_that_is_gone_is_said_so_until_it_is_back(
    visits: Opener, server: postgres.Server, shipped: EventStore
) -> None:
    store = open_target(server.url(scheme="postgres"))
    store.write(shipped.frame(EventFilter()))
    store.engine.dispose()
    with serving(server.url()) as mine:
        visit = visits(base=mine.url).open()
        listed = visit.listed
        assert visit.counts[0] == shipped.total()
        server.stop()
        visit.forgiven += ["status of 503", "Callback failed", "Callback error"]
        visit.choice(ids.TYPES, "Battles").click()
        told = visit.page.get_by_text("The database does not answer")
        expect(told).to_be_visible()
        assert visit.listed == listed
        assert visit.circles
        late = visits(base=mine.url)
        late.forgiven += visit.forgiven
        late.page.goto(mine.url)
        expect(late.page.get_by_text("The database does not answer")).to_be_visible()
        server.start()
        visit.choice(ids.TYPES, "Protests").click()
        expect(told).not_to_be_visible()
        visit.settled()
        assert visit.listed != listed
