"""ClickHouse by clickhouse-connect: a server or a cluster's node by its address, or the engine in this process (chdb).

ClickHouse has no transactions. An import is laid down in tables of its own; the events and it are joined in a copy of
the table (a copy costs nothing: it shares the parts on disk), and the copy takes the place of the table in one atomic
step, EXCHANGE TABLES. One importer at a time: it holds a table as a lock, and says every few seconds that it lives. The
tables of one that died are taken away by the next, and one that only slept finds its own gone and fails.
"""

import contextlib
import random
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from clickhouse_connect.dbapi import Error as DriverError
from clickhouse_connect.dbapi.connection import Connection as Driver

from events import migrations
from events.engines.landing import Merged, as_arrow, names_of
from events.errors import SourceError
from events.schema import FIRST_DAY
from events.tables import Prepared, events

THREADS = 8
LONGEST_QUERY = 60  # seconds
DEAD_AFTER = 20  # seconds in which an importer has not said that it lives
LOCK, INCOMING, NEXT = "importing_", "incoming_", "next_"  # each followed by the importer's own letters


def open_engine(url: sa.URL, *, read_only: bool) -> sa.Engine:
    """An engine on a server (clickhousedb://…), or on chdb in this process (chdb:///folder, chdb://memory/database).

    On a server, only a landing's statements can write.
    """
    options: dict[str, Any] = {"pool_size": THREADS, "max_overflow": 2, "pool_pre_ping": True, "pool_recycle": 1800}
    if url.drivername == "chdb":
        dsn = url.render_as_string(hide_password=False)
        return sa.create_engine("clickhousedb://local", creator=lambda: Driver(dsn=dsn), **options)
    # 2: settings may be changed, nothing else.
    reading = {"settings": {"readonly": 2, "max_execution_time": LONGEST_QUERY}}
    return sa.create_engine(url.set(drivername="clickhousedb"), execution_options=reading, **options)


def why_read_only(_: sa.Connection) -> str:
    """ClickHouse tells at the first statement whether a user may write."""
    return ""


@contextmanager
def landing(engine: sa.Engine) -> Iterator["_Landing"]:
    """See `engines.landing_on`."""
    writer = engine.execution_options(settings={})
    with writer.connect() as connection, _locked(writer) as token:
        _check_days(connection)
        migrations.upgrade(connection)
        landed = _Landing(connection, token)
        yield landed
        landed.commit()


def _check_days(connection: sa.Connection) -> None:
    """Raise SourceError where the engine would silently take an early day for a later one."""
    day = FIRST_DAY.date().isoformat()
    if connection.exec_driver_sql(f"SELECT toString(toDate32('{day}'))").scalar_one() != day:
        where = connection.engine.url.render_as_string(hide_password=True)
        raise SourceError(f"this version keeps no days like {day}", where, "Use ClickHouse 26.9 or later.")


class _Landing:
    def __init__(self, connection: sa.Connection, token: str) -> None:
        self._connection = connection
        self._incoming, self._next = INCOMING + token, NEXT + token
        self._staged = 0
        self._ready: str | None = None
        self._run(f"CREATE TABLE {self._incoming} AS {events.name}")

    def stage(self, pieces: Sequence[Prepared]) -> None:
        """Take in rows whose event ids did not come before."""
        pieces = [piece for piece in pieces if len(piece.events)]
        if not pieces:
            return
        self._staged += sum(len(piece.events) for piece in pieces)
        rows = as_arrow(events, [piece.events for piece in pieces])
        actors = [actors_of(piece) for piece in pieces]
        rows = rows.append_column("actors", pa.concat_arrays(actors))
        driver: Any = self._connection.connection.driver_connection
        try:
            driver.client.insert_arrow(self._incoming, rows)
        except DriverError as fault:
            raise sa.exc.OperationalError(f"INSERT INTO {self._incoming}", None, fault) from fault

    def merge(self) -> Merged:
        """Make the table that will take the place of the events."""
        first = self._number("if(count() = 0, 0, max(row_id) + 1)", events.name)
        if first == 0:
            self._ready = self._incoming
            return Merged(self._staged, 0, 0)
        old, new, names = self._next, self._incoming, ", ".join(names_of(events)[1:])
        self._run(f"CREATE TABLE {old} CLONE AS {events.name}")
        both = f"{old} AS old INNER JOIN {new} AS new ON old.event_id = new.event_id"
        newer = "new.stamp > old.stamp OR (new.stamp = old.stamp AND new.digest != old.digest)"
        known = self._number("count()", both)
        outdated = self._number("count()", f"{both} WHERE {newer}")
        if outdated:
            self._run(f"DELETE FROM {old} WHERE event_id IN (SELECT old.event_id FROM {both} WHERE {newer})")  # noqa: S608
        # What is outdated is gone now: whatever is not known any more is to be written.
        if fresh := self._staged - known + outdated:
            still_known = f"SELECT event_id FROM {old} WHERE event_id IN (SELECT event_id FROM {new})"  # noqa: S608
            rows = f"SELECT row_id + {first}, {names}, actors FROM {new} WHERE event_id NOT IN ({still_known})"  # noqa: S608
            self._run(f"INSERT INTO {old} (row_id, {names}, actors) {rows}")
            self._ready = old
        return Merged(fresh - outdated, outdated, known - outdated)

    def commit(self) -> None:
        """Let everybody see it, at once."""
        if self._ready:
            self._run(f"EXCHANGE TABLES {events.name} AND {self._ready}")

    def _number(self, what: str, of: str) -> int:
        return int(self._connection.exec_driver_sql(f"SELECT {what} FROM {of}").scalar_one())  # noqa: S608

    def _run(self, statement: str) -> None:
        self._connection.exec_driver_sql(statement)


def actors_of(piece: Prepared) -> pa.ListArray:
    """The actors of each row, in the rows' order, as a list."""
    first = int(piece.events["row_id"].iloc[0])
    actors = piece.actors.sort_values("row_id", kind="stable")
    counts = (actors["row_id"] - first).value_counts().reindex(range(len(piece.events)), fill_value=0)
    ends = pa.array([0, *counts.cumsum()], pa.int32())
    names = pa.array(actors["actor"].to_numpy(dtype=object), pa.string())
    return pa.ListArray.from_arrays(ends, names)


# ── one importer at a time ──────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _locked(engine: sa.Engine) -> Iterator[str]:
    """Hold the right to import; gives the letters that this importer's tables are named by."""
    token = secrets.token_hex(6)
    with engine.connect() as connection:
        while not _taken(connection, token):
            time.sleep(random.uniform(0.1, 0.5))  # noqa: S311
    done = threading.Event()
    beat = threading.Thread(target=_beat, args=(engine, token, done), daemon=True)
    beat.start()
    try:
        yield token
    finally:
        done.set()
        beat.join()
        with contextlib.suppress(sa.exc.SQLAlchemyError), engine.connect() as connection:
            _sweep(connection, {token})


def _taken(connection: sa.Connection, token: str) -> bool:
    """Whether the right was to be had. Two that come at once may both step back; they try again."""
    if _importers(connection, alive=True):
        return False
    lock = f"CREATE TABLE {LOCK}{token} (nothing UInt8) ENGINE = Null COMMENT '{_now(connection)}'"
    connection.exec_driver_sql(lock)
    if _importers(connection, alive=True) != {token}:
        _sweep(connection, {token})
        return False
    _sweep(connection, _importers(connection, alive=False))
    return True


def _now(connection: sa.Connection) -> int:
    return int(connection.exec_driver_sql("SELECT toUnixTimestamp(now())").scalar_one())


def _importers(connection: sa.Connection, *, alive: bool) -> set[str]:
    """The letters of importers that said of late that they live, or of those that did not, by the server's clock."""
    tables = sa.table("tables", sa.column("name"), sa.column("comment"), sa.column("database"), schema="system")
    lives = sa.func.toInt64OrZero(tables.c.comment) + DEAD_AFTER >= sa.func.toUnixTimestamp(sa.func.now())
    here = tables.c.database == sa.func.currentDatabase()
    query = sa.select(tables.c.name, lives).where(here, tables.c.name.startswith(LOCK))
    return {name.removeprefix(LOCK) for name, lively in connection.execute(query) if bool(lively) == alive}


def _beat(engine: sa.Engine, token: str, done: threading.Event) -> None:
    while not done.wait(DEAD_AFTER / 8):
        with contextlib.suppress(sa.exc.SQLAlchemyError), engine.connect() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {LOCK}{token} MODIFY COMMENT '{_now(connection)}'")


def _sweep(connection: sa.Connection, tokens: set[str]) -> None:
    """Take the tables of importers away, their locks last."""
    for token in tokens:
        for prefix in (NEXT, INCOMING, LOCK):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {prefix}{token} SYNC")
