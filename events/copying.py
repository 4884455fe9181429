"""The events of a server that hold certain words, copied to a temporary file of DuckDB's beside the page.

PostgreSQL finds words by an index, but has to look at each event's text to be sure, for each of a page's questions
again; where a tenth of a million events hold a word, that is most of the time. They are looked for once: the facts of
those that hold the words are copied as numbers, with what the numbers stand for, and asked where they lie. Nothing is
written to the server, so its user need only read, and a copy of it will do.
"""

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from events.engines import open_engine
from events.narrowing import Kept, Narrowing
from events.tables import claimants, events, kinds, side_actors, spots

NAMES = (kinds, spots, claimants, side_actors)  # what the questions about facts look at besides


class Copying(Narrowing):
    """The tables of one store on a server."""

    apart = True
    fewest_events = 100_000  # fewer are looked through at once
    most_rows = 2_000_000  # some 120 MB on their way here

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine)
        self._own: sa.Engine | None = None
        self._folder = Path()
        self._version: int | None = None  # of the names, as of EventStore

    def connect(self) -> sa.Connection:
        """A connection to where the copies are."""
        if self._own is None:
            self._folder = self._temporary()
            # Opened only now: a worker of whom no words are asked is smaller without DuckDB.
            self._own = open_engine(sa.make_url(f"duckdb:///{self._folder}/words.duckdb"), read_only=False)
        return self._own.connect()

    def _make(self, held: sa.Select[tuple[int]]) -> Kept:
        import duckdb  # noqa: PLC0415 - see `connect`

        try:
            return super()._make(held)
        except (OSError, sa.exc.DBAPIError) as fault:
            if isinstance(fault, sa.exc.DBAPIError) and not isinstance(fault.orig, duckdb.Error):
                raise
            return Kept(None, 0)  # no room for it, most likely: the server answers by itself

    def _schema(self, _: sa.Connection) -> str | None:
        return None

    def _fill(self, connection: sa.Connection, table: sa.Table, found: sa.Select[Any]) -> None:
        with self._engine.connect() as server:
            # Facts and names are of one moment: now and then all names are numbered anew.
            server.execution_options(isolation_level="REPEATABLE READ")
            version = server.scalar(sa.select(sa.func.coalesce(sa.func.max(events.c.row_id), -1)))
            if version != self._version:
                self._let_go()
                with self.connect() as own, own.begin():
                    for names in NAMES:
                        names.drop(own, checkfirst=True)
                        names.create(own)
                        self._copy(server, sa.select(names), own, names)
                self._version = version
            self._copy(server, found, connection, table)

    def _copy(self, server: sa.Connection, query: sa.Select[Any], connection: sa.Connection, table: sa.Table) -> None:
        from events.engines.postgresql import copy_out  # noqa: PLC0415 - its driver is there where its server is

        path = self._folder / "rows.csv"
        try:
            copy_out(server, query, path)
            columns = ", ".join(f"'{c.name}': '{c.type.compile(connection.dialect)}'" for c in table.columns)
            form = "header = false, auto_detect = false, quote = '\"', escape = '\"', allow_quoted_nulls = false"
            rows = f"read_csv('{path}', {form}, columns = {{{columns}}})"
            connection.exec_driver_sql(f"INSERT INTO {table.name} SELECT * FROM {rows}")  # noqa: S608
        finally:
            path.unlink(missing_ok=True)


def narrowing_of(engine: sa.Engine) -> Narrowing | None:
    """What keeps the events of a store that hold words; None where the engine looks through all texts quickly."""
    match engine.dialect.name:
        case "duckdb":
            return Narrowing(engine)
        case "postgresql":
            return Copying(engine)
        case _:
            return None
