"""The events that hold certain words, kept as `facts` of their own in a temporary file of DuckDB's.

To look through the texts of millions of events takes up to seconds, and the words stay while the slider is moved and
choices are made. What is kept is bounded; the least lately used goes. Of a server's events see `copying`.
"""

import shutil
import tempfile
import threading
import time
import uuid
import weakref
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from events.plan import Known
from events.questions import holding
from events.tables import facts

MOST_ROWS = 12_000_000  # some 200 MB of disk
MOST_TABLES = 200
GRACE = 60.0  # seconds for which whoever asks for a table that has gone may still read it


class Kept(NamedTuple):
    """A table, and its rows; None where there are more rows than can be kept."""

    table: sa.Table | None
    rows: int


class Narrowing:
    """The tables of one store. Threads may share it; words are looked for by one at a time."""

    apart = False  # whether the tables lie in another database than the store's
    fewest_events = 0  # of a store for which it pays to keep them
    most_rows: int | None = None  # of one table; else as many as there is room for

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._gone: list[tuple[float, sa.Table]] = []
        self._number = 0
        self._database = f"narrowed_{uuid.uuid4().hex}"  # of this store alone: others may share the engine
        self._making = threading.Lock()
        self._lock = threading.Lock()
        self._attached = False

    def connect(self) -> sa.Connection:
        """A connection to where the tables are. There they are asked as a store's `facts` are."""
        return self._engine.connect()

    def narrowed(self, known: Known, terms: Sequence[str]) -> Known:
        """What is known of the store, with the facts of the events that hold these terms where they are kept."""
        if not terms or known.total < self.fewest_events:
            return known
        table = self._of(tuple(sorted(set(terms))), known)
        return known if table is None else known._replace(narrowed=table, holds=tuple(terms))

    def _of(self, key: tuple[str, ...], known: Known) -> sa.Table | None:
        if kept := self._find(key):
            return kept.table
        with self._making:  # whoever asks for other words, which are kept, need not wait
            kept = self._find(key)
            if kept is None:
                kept = self._make(holding(key, known))
                with self._lock:
                    self._kept[key] = kept
                    self._make_room()
        return kept.table

    def _find(self, key: tuple[str, ...]) -> Kept | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def forget(self) -> None:
        """Let go of all: the store was written to."""
        with self._making:
            self._let_go()

    def _let_go(self) -> None:
        with self._lock:
            self._gone += [(time.monotonic(), kept.table) for kept in self._kept.values() if kept.table is not None]
            self._kept.clear()

    def _make(self, held: sa.Select[tuple[int]]) -> Kept:
        most = self.most_rows or MOST_ROWS
        self._number += 1
        columns = (sa.Column(c.name, c.type) for c in facts.columns)
        with self.connect() as connection:
            table = sa.Table(f"words_{self._number}", sa.MetaData(), *columns, schema=self._schema(connection))
            table.create(connection)
            self._fill(connection, table, sa.select(facts).where(facts.c.row_id.in_(held)).limit(most + 1))
            rows = int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
            if rows > most:
                connection.rollback()
                return Kept(None, 0)
            connection.commit()
        return Kept(table, rows)

    def _temporary(self) -> Path:
        """A new folder, which goes when this does."""
        folder = tempfile.mkdtemp(prefix="contact-line-words-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)

    def _schema(self, connection: sa.Connection) -> str | None:
        """Where in a database the tables are; made when it is first asked for."""
        if not self._attached:
            folder = self._temporary()
            connection.exec_driver_sql(f"ATTACH '{folder}/words.duckdb' AS {self._database} (READ_WRITE)")
            connection.commit()
            self._attached = True
        return f"{self._database}.main"

    def _fill(self, connection: sa.Connection, table: sa.Table, found: sa.Select[Any]) -> None:
        connection.execute(sa.insert(table).from_select(table.columns.keys(), found))

    def _make_room(self) -> None:
        while sum(kept.rows for kept in self._kept.values()) > MOST_ROWS or len(self._kept) > MOST_TABLES:
            _, kept = self._kept.popitem(last=False)
            if kept.table is not None:
                self._gone.append((time.monotonic(), kept.table))
        late = [table for since, table in self._gone if time.monotonic() - since > GRACE]
        self._gone = [(since, table) for since, table in self._gone if table not in late]
        if late:
            with self.connect() as connection, connection.begin():
                for table in late:
                    table.drop(connection)
