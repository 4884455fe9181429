"""Every test here runs once on each engine."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from events.sources import open_source
from events.store import EventStore
from tests.contract.brute import TABLES
from tests.contract.engines import KINDS, Databases, new
from tests.events.samples import checked

ONE = dict.fromkeys(TABLES[1][0], "") | {
    "event_id": "the one",
    "event_date": "2020-10-02",
    "event_type": "Battles",
    "latitude": "10",
    "longitude": "20",
}


@pytest.fixture(scope="session", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """The engine's name."""
    return str(request.param)


@pytest.fixture(scope="session")
def databases(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """New databases on the engine."""
    made = new(kind, tmp_path_factory.mktemp(kind))
    yield made
    made.close()


@pytest.fixture(scope="session")
def stores(databases: Databases) -> list[EventStore]:
    """A store of each of TABLES."""
    return [databases.store(rows) for rows in TABLES]


@pytest.fixture(scope="session")
def one_event(databases: Databases) -> Callable[..., EventStore]:
    """A store of one event with these values."""
    made: dict[tuple[tuple[str, str], ...], EventStore] = {}

    def make(**values: str) -> EventStore:
        key = tuple(sorted(values.items()))
        if key not in made:
            made[key] = databases.store([ONE | values])
        return made[key]

    return make


@pytest.fixture
def store(databases: Databases) -> EventStore:
    """A new store without events."""
    made = databases.opened(databases.address())
    made.write(checked([]))
    return made


@pytest.fixture(scope="session")
def scratch(databases: Databases) -> EventStore:
    """A store that a test may add to again and again."""
    return databases.store([])


@pytest.fixture
def client_of() -> Iterator[Callable[..., FlaskClient]]:
    """A visitor of the page over an address."""
    opened = []

    def make(address: str, **options: bool) -> FlaskClient:
        source = open_source(address, **options)
        opened.append(source.store.engine)
        return create_app(source.store, source_name=source.name, read_only=source.read_only).server.test_client()

    yield make
    for engine in opened:
        engine.dispose()
