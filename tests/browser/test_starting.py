"""While only a part of the events is there the page says so, and shows all of them by itself when they are."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from dashboard import ids
from dashboard.app import create_app
from dashboard.starting import Starting
from events.filters import EventFilter
from events.store import EventStore
from tests.browser.conftest import Opener

FEW = 100


@contextmanager
def standing_in(shipped: EventStore) -> Iterator[tuple[Starting, str]]:
    """A server in this process that shows the last of the shipped events, and its address."""
    few = EventStore.in_memory(shipped.frame(EventFilter()).tail(FEW))
    stand_in = Starting(shipped.total())
    stand_in.show(create_app(few, part_of=shipped.total()).server, few.engine.dispose)
    server = make_server("127.0.0.1", 0, stand_in, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield stand_in, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # flask_compress leaves it to Python to close what it sent
@pytest.mark.parametrize("touched", [False, True])
def test_a_part_is_said_to_be_one_until_all_is_there(visits: Opener, shipped: EventStore, touched: bool) -> None:
    total = shipped.total()
    actor = next(value for value, _ in shipped.facets(EventFilter())["actors"])
    with standing_in(shipped) as (stand_in, address):
        visit = visits(base=address).open("/?from=2020-09-27")
        said = visit.at(ids.PART)
        expect(said).to_be_visible()
        expect(said).to_have_role("status")
        expect(said).to_have_text(
            f"The last {FEW} of {total} events are shown; all of them come by themselves in some seconds."
        )
        assert visit.counts[1] == FEW
        if touched:
            visit.choose(ids.ACTORS, actor)
        asked = dict(visit.query)
        all_of_them = EventStore.in_memory(shipped.frame(EventFilter()))
        stand_in.become(lambda: create_app(all_of_them).server)
        visit.until("all are shown", lambda: visit.page.locator(f"#{ids.COUNTS}", has_text=f"of {total}").count(), 60)
        visit.settled()
        expect(said).to_be_hidden()
        assert visit.counts[1] == total
        assert {k: v for k, v in dict(visit.query).items() if k in ("from", "actor")} == asked
        all_of_them.engine.dispose()
