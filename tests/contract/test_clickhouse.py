"""What is ClickHouse's alone: an address of a server, and the lock that stands for transactions."""

import threading
import time

import pytest
import sqlalchemy as sa

from events.engines import clickhouse
from events.errors import SourceError
from events.filters import EventFilter
from events.sources import open_source, open_target
from tests.contract.clickhouse_server import serving
from tests.contract.engines import ClickHouse
from tests.events.samples import checked, random_rows

EVERYTHING = EventFilter()
ROWS = random_rows(91, 60)


@pytest.fixture(scope="module")
def own():
    made = ClickHouse()
    yield made
    made.close()


@pytest.fixture
def store(own):
    made = own.opened(own.address())
    made.write(checked(ROWS[:20]))
    return made


def tables(store):
    with store.engine.connect() as connection:
        return set(connection.exec_driver_sql("SHOW TABLES").scalars())


def run(store, *statements):
    with store.engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


# ── a server ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_server_is_written_and_read_by_its_address(own):
    with serving() as server:
        address = server.url(own.address().rsplit("/", 1)[1])
        target = open_target(address)
        assert target.write(checked(ROWS[:40])).added == 40
        assert target.write(checked(ROWS)) == (20, 0, 40)
        reader = open_source(address.replace("clickhousedb:", "clickhouse:")).store
        assert reader.count(EventFilter(types=("Battles",))) == sum(r["event_type"] == "Battles" for r in ROWS)
        assert sorted(reader.frame(EVERYTHING)["event_id"]) == sorted(r["event_id"] for r in ROWS)
        for store in (target, reader):
            store.engine.dispose()


def test_readers_of_a_server_cannot_write_and_their_questions_end(own):
    with serving() as server:
        address = server.url(own.address().rsplit("/", 1)[1])
        target = open_target(address)
        target.write(checked(ROWS))
        reader = open_source(address).store
        for statement in ("DROP TABLE events", "INSERT INTO events (row_id) VALUES (99)", "DELETE FROM events WHERE 1"):
            with pytest.raises(sa.exc.SQLAlchemyError, match="READONLY"):
                run(reader, statement)
        server.asked.clear()
        assert reader.total() == 60
        counted, word = server.asked[-1]
        assert (word, counted["readonly"]) == ("SELECT", "2")
        assert counted["max_execution_time"] == str(clickhouse.LONGEST_QUERY)
        for store in (target, reader):
            store.engine.dispose()


def test_a_wrong_password_is_told_without_it(own):
    with serving() as server:
        address = server.url(own.address().rsplit("/", 1)[1]).replace("secret", "geheim")
        with pytest.raises(SourceError, match="it cannot be opened") as told:
            open_source(address)
        assert "geheim" not in str(told.value)


def test_an_engine_that_keeps_no_early_days_is_refused(store, monkeypatch):
    class Early:
        """A day that no engine keeps."""

        def date(self):
            return self

        def isoformat(self):
            return "0000-00-00"

    monkeypatch.setattr(clickhouse, "FIRST_DAY", Early())
    with pytest.raises(SourceError, match="keeps no days like 0000-00-00"):
        store.write(checked(ROWS))
    assert store.total() == 20


# ── one importer at a time ──────────────────────────────────────────────────────────────────────────────────


def died(seconds_ago):
    """What an importer leaves behind that was killed."""
    at = int(time.time()) - seconds_ago
    return (
        f"CREATE TABLE importing_dead (nothing UInt8) ENGINE = Null COMMENT '{at}'",
        "CREATE TABLE incoming_dead AS events",
        "CREATE TABLE next_dead CLONE AS events",
    )


def test_what_a_dead_importer_left_is_taken_away_by_the_next(store):
    before = tables(store)
    run(store, *died(seconds_ago=clickhouse.DEAD_AFTER + 5))
    assert store.write(checked(ROWS)).added == 40
    assert tables(store) == before


def test_an_importer_that_may_live_is_waited_for(store, monkeypatch):
    monkeypatch.setattr(clickhouse, "DEAD_AFTER", 2)
    before = tables(store)
    run(store, *died(seconds_ago=0))
    begun = time.monotonic()
    assert store.write(checked(ROWS)).added == 40
    assert time.monotonic() - begun > 1
    assert tables(store) == before


def test_an_importer_at_work_says_that_it_lives(store, monkeypatch):
    monkeypatch.setattr(clickhouse, "DEAD_AFTER", 1)
    merged = []
    with store.writing() as writer:
        writer.add(checked(ROWS[:40]))
        other = threading.Thread(target=lambda: merged.append(store.write(checked(ROWS[30:]))))
        other.start()
        time.sleep(2.5)
        assert merged == []
    other.join(timeout=30)
    assert writer.merged == (20, 0, 20)
    assert merged == [(20, 0, 10)]


def test_an_importer_that_slept_finds_its_tables_gone_and_changes_nothing(store, monkeypatch):
    monkeypatch.setattr(clickhouse, "DEAD_AFTER", 1)
    monkeypatch.setattr(clickhouse, "_beat", lambda *_: None)
    before = tables(store)

    def sleeps():
        with store.writing() as writer:
            writer.add(checked(ROWS[:40]))
            time.sleep(2.5)
            assert store.write(checked(ROWS[50:])).added == 10

    with pytest.raises(sa.exc.SQLAlchemyError, match="incoming_"):
        sleeps()
    assert store.total() == 30
    assert tables(store) == before
