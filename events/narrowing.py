"""The events that hold certain words, kept as `facts` of their own in a temporary file (DuckDB alone).

To look through the texts of millions of events takes up to seconds, and the words stay while the slider is moved and
choices are made. What is kept is bounded; the least lately used goes. PostgreSQL finds words by an index.
"""

import shutil
import tempfile
import threading
import time
import uuid
import weakref
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from events.tables import facts

MOST_ROWS = 12_000_000  # some 200 MB of disk
MOST_TABLES = 200
GRACE = 60.0  # seconds for which whoever asks for a table that has gone may still read it


class _Kept(NamedTuple):
    table: sa.Table | None  # None: more rows than can be kept
    rows: int


class Narrowing:
    """The tables of one store. Threads may share it; words are looked for by one at a time."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._kept: OrderedDict[tuple[str, ...], _Kept] = OrderedDict()
        self._gone: list[tuple[float, sa.Table]] = []
        self._number = 0
        self._database = f"narrowed_{uuid.uuid4().hex}"  # of this store alone: others may share the engine
        self._lock = threading.Lock()
        self._attached = False

    def of(self, terms: Sequence[str], holding: sa.Select[tuple[int]]) -> sa.Table | None:
        """The facts of the events that hold these terms, `holding` their row ids; None where there are too many."""
        key = tuple(sorted(set(terms)))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._make(holding)
                self._make_room()
            self._kept.move_to_end(key)
            return self._kept[key].table

    def forget(self) -> None:
        """Let go of all: the store was written to."""
        with self._lock:
            self._gone += [(time.monotonic(), kept.table) for kept in self._kept.values() if kept.table is not None]
            self._kept.clear()

    def _make(self, holding: sa.Select[tuple[int]]) -> _Kept:
        self._number += 1
        columns = (sa.Column(c.name, c.type) for c in facts.columns)
        table = sa.Table(f"words_{self._number}", sa.MetaData(), *columns, schema=f"{self._database}.main")
        with self._engine.connect() as connection:
            if not self._attached:
                folder = tempfile.mkdtemp(prefix="contact-line-words-")
                weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
                connection.exec_driver_sql(f"ATTACH '{folder}/words.duckdb' AS {self._database} (READ_WRITE)")
                connection.commit()
                self._attached = True
            table.create(connection)
            few = sa.select(facts).where(facts.c.row_id.in_(holding)).limit(MOST_ROWS + 1)
            connection.execute(sa.insert(table).from_select(table.columns.keys(), few))
            rows = int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
            if rows > MOST_ROWS:
                connection.rollback()
                return _Kept(None, 0)
            connection.commit()
        return _Kept(table, rows)

    def _make_room(self) -> None:
        while sum(kept.rows for kept in self._kept.values()) > MOST_ROWS or len(self._kept) > MOST_TABLES:
            _, kept = self._kept.popitem(last=False)
            if kept.table is not None:
                self._gone.append((time.monotonic(), kept.table))
        late = [table for since, table in self._gone if time.monotonic() - since > GRACE]
        self._gone = [(since, table) for since, table in self._gone if table not in late]
        if late:
            with self._engine.begin() as connection:
                for table in late:
                    table.drop(connection)
