"""What is PostgreSQL's alone: a server that goes away and comes back, users with fewer rights, indexes."""

import pytest

from events.filters import EventFilter
from events.sources import open_source
from tests.contract.brute import TABLES, matching
from tests.contract.engines import PostgreSQL
from tests.events.samples import checked


@pytest.fixture(scope="module")
def own():
    """A server of this module's own."""
    made = PostgreSQL()
    yield made
    made.close()


def test_a_database_that_went_away_is_said_so_until_it_is_back(own, client_of):
    address = own.address()
    own.opened(address).write(checked(TABLES[5]))
    client = client_of(address)
    assert client.get("/api/summary").status_code == 200
    own.server.stop()
    for path in ("/api/summary", "/healthz", "/api/events.csv"):
        gone = client.get(path)
        assert (gone.status_code, gone.json["error"]["field"]) == (503, "database")
        assert "does not answer" in gone.json["error"]["reason"]
    own.server.start()
    assert client.get("/api/summary").json["total"] == len(TABLES[5])
    own.server.stop()
    own.server.start()  # between two requests: nobody notices
    assert client.get("/healthz").json["events"] == len(TABLES[5])


def test_a_question_that_takes_too_long_is_ended_by_the_server(own, monkeypatch, client_of):
    address = own.address()
    store = own.opened(address)
    store.write(checked(TABLES[5]))
    monkeypatch.setattr("events.engines.postgresql.LONGEST_QUERY", "0.05")
    client = client_of(address)
    with own.opened(address).engine.connect() as blocking:
        blocking.execution_options(postgresql_readonly=False)
        blocking.exec_driver_sql("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
        gone = client.get("/api/summary")
        assert (gone.status_code, gone.json["error"]["field"]) == (503, "database")
    assert client.get("/api/summary").status_code == 200
    # An import takes as long as it takes.
    assert store.write(checked(TABLES[6])).added == len(TABLES[6])


def test_a_database_user_that_may_only_read_is_told_apart(own):
    address = own.address()
    own.opened(address).write(checked(TABLES[5]))
    with own.opened(address).engine.connect() as connection:
        connection.execution_options(postgresql_readonly=False)
        with connection.begin():
            connection.exec_driver_sql("CREATE ROLE looker LOGIN")
            connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker")
    assert open_source_of(own, address).read_only == ""
    looking = open_source_of(own, address.replace("contact@", "looker@"))
    assert looking.read_only == "the database's user may only read"
    assert looking.store.count(EventFilter()) == len(TABLES[5])


def open_source_of(databases, address):
    opened = open_source(address, write=True)
    databases._open.append(opened.store)
    return opened


def test_a_large_first_import_leaves_the_indexes_as_they_were(own, monkeypatch):
    monkeypatch.setattr("events.engines.postgresql.MANY_ROWS", 100)
    store = own.opened(own.address())
    store.write(checked([]))
    query = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"

    def indexes():
        with store.engine.connect() as connection:
            return connection.exec_driver_sql(query).all()

    before = indexes()
    assert len(before) > 6
    assert store.write(checked(TABLES[11])).added == len(TABLES[11])
    assert indexes() == before


@pytest.mark.parametrize("may_extend", [True, False])
def test_words_are_found_by_an_index_where_the_server_has_one(own, may_extend):
    address = own.address()
    if not may_extend:
        name = address.split("/")[3].split("?")[0]
        with own.opened(address).engine.connect() as connection:
            connection.execution_options(postgresql_readonly=False)
            with connection.begin():
                connection.exec_driver_sql("CREATE ROLE plain LOGIN")
                connection.exec_driver_sql("GRANT CREATE ON SCHEMA public TO plain")
                connection.exec_driver_sql(f"REVOKE CREATE ON DATABASE {name} FROM plain")
        address = address.replace("contact@", "plain@")
    store = own.opened(address)
    store.write(checked(TABLES[11]))
    with store.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_indexes WHERE indexname = 'events_words'"
        ).scalar_one()
    assert found == may_extend
    wanted = EventFilter(words="shell")
    assert store.count(wanted) == len(matching(TABLES[11], wanted)) > 0
