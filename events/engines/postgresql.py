"""PostgreSQL by psycopg 3: a server that several workers read and several importers write."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg
import pyarrow as pa
import pyarrow.csv
import sqlalchemy as sa

from events import migrations
from events.engines.landing import SqlLanding, as_arrow, names_of
from events.tables import Prepared, event_actors, events, metadata

THREADS = 8  # of a worker (Procfile, serve): each may hold a connection
LONGEST_QUERY = 60  # seconds, as long as a worker may take for an answer; an address with `options` has its own
CONNECT_SECONDS = 10
WORK_MEMORY = "32MB"  # of each sort and each table that is joined
FEW_ROWS = 1000  # an import of fewer changes no plan
MANY_ROWS = 100_000  # from which on it is quicker to build the indexes anew
INDEX_MEMORY = "128MB"


def open_engine(url: sa.URL, *, read_only: bool) -> sa.Engine:
    """An engine on a server. A connection that the server has dropped is made anew; only a landing's can write."""
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "contact-line"} | dict(url.query),
        execution_options={"postgresql_readonly": True},
        pool_size=THREADS,
        max_overflow=2,
        pool_pre_ping=True,
        pool_timeout=CONNECT_SECONDS,
        pool_recycle=1800,
    )
    if "options" not in url.query:
        sa.event.listen(engine, "connect", _set_up)
    return engine


def _set_up(connection: Any, _: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = '{LONGEST_QUERY}s'")
        cursor.execute(f"SET work_mem = '{WORK_MEMORY}'")
        cursor.execute("SET jit = off")  # a page's questions are short: compiling takes longer than answering
    connection.commit()


def why_read_only(connection: sa.Connection) -> str:
    """Why the events cannot be written; empty when they can."""
    if connection.execute(sa.select(sa.func.pg_is_in_recovery())).scalar_one():
        return "the database is a copy of another one"
    allowed = [sa.func.has_table_privilege(events.name, right) for right in ("INSERT", "DELETE")]
    return "" if connection.execute(sa.select(sa.and_(*allowed))).scalar_one() else "the database's user may only read"


def copy_out(connection: sa.Connection, query: sa.Select[Any], path: Path) -> None:
    """Write the rows of a query to a file, as CSV without names: a text is quoted when it is empty, a null is not."""
    asked = query.compile(dialect=connection.dialect)
    statement = f"COPY ({asked}) TO STDOUT (FORMAT csv)"
    driver: Any = connection.connection.driver_connection
    try:
        with path.open("wb") as out, driver.cursor() as cursor, cursor.copy(statement, asked.params) as copy:
            for rows in copy:
                out.write(rows)
    except psycopg.Error as fault:
        raise sa.exc.OperationalError(statement, None, fault) from fault


@contextmanager
def landing(engine: sa.Engine) -> Iterator["_Landing"]:
    """See `engines.landing_on`."""
    with engine.connect() as connection:
        connection.execution_options(postgresql_readonly=False)
        with connection.begin():
            migrations.upgrade(connection)
        with connection.begin():
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            yield _Landing(connection)


class _Landing(SqlLanding):
    """Rows come in by COPY; one importer at a time joins its rows with the store's, and readers go on reading.

    The one exception is the first import of a large file: the indexes are built when all rows are in, which takes a
    third of the time, and readers of the empty store wait for it.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._rebuilt: list[str] = []
        super().__init__(connection)

    def _is_empty(self) -> bool:
        if not super()._is_empty():
            return False
        self._lock()  # or another would fill it meanwhile
        return super()._is_empty()

    def _lock(self) -> None:
        self._run(f"LOCK TABLE {events.name} IN SHARE ROW EXCLUSIVE MODE")

    def stage(self, pieces: Sequence[Prepared]) -> None:
        """Take in rows whose event ids did not come before."""
        if self._straight and not self._rebuilt and sum(len(piece.events) for piece in pieces) >= MANY_ROWS:
            self._drop_indexes()
        super().stage(pieces)

    def _drop_indexes(self) -> None:
        query = sa.text(_INDEXES).bindparams(sa.bindparam("tables", list(metadata.tables), expanding=True))
        for table, name, definition, constraint in self._connection.execute(query).all():
            if constraint:
                self._run(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
                self._rebuilt.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {constraint}')
            else:
                self._run(f'DROP INDEX "{name}"')
                self._rebuilt.append(definition)

    def _insert(self, table: sa.Table, frames: Sequence[pd.DataFrame]) -> None:
        # What is quoted is a text, be it empty; what is not quoted and empty is null.
        form = pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid")
        statement = f"COPY {table.name} ({', '.join(names_of(table))}) FROM STDIN (FORMAT csv)"
        try:
            driver: Any = self._connection.connection.driver_connection
            with driver.cursor() as cursor, cursor.copy(statement) as copy:
                for frame in frames:
                    sink = pa.BufferOutputStream()
                    pyarrow.csv.write_csv(as_arrow(table, [frame]), sink, form)
                    copy.write(memoryview(sink.getvalue()))
        except psycopg.Error as fault:
            raise sa.exc.OperationalError(statement, None, fault) from fault

    def _before_merge(self) -> None:
        self._lock()
        self._describe(self._events, self._actors)

    def _rows_in(self) -> None:
        if self._staged >= FEW_ROWS:
            self._describe(events, event_actors)

    def _after_merge(self) -> None:
        self._run(f"SET LOCAL maintenance_work_mem = '{INDEX_MEMORY}'")
        for definition in self._rebuilt:
            self._run(definition)
        if self._staged >= FEW_ROWS:
            self._describe(*set(metadata.tables.values()) - {events, event_actors})

    def _describe(self, *tables: sa.Table) -> None:
        # PostgreSQL plans by what it knows of a table; it learns by itself, but a while later.
        for table in tables:
            self._run(f"ANALYZE {table.name}")

    def _run(self, statement: str) -> None:
        self._connection.exec_driver_sql(statement)


_INDEXES = """
SELECT c.relname, i.relname, pg_get_indexdef(x.indexrelid), pg_get_constraintdef(k.oid)
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
LEFT JOIN pg_constraint k ON k.conindid = x.indexrelid
WHERE c.relname IN :tables AND pg_table_is_visible(c.oid)
"""
