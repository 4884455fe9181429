"""DuckDB: in the process, over memory or a file that one process writes or several read."""

import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb_engine
import pandas as pd
import pyarrow.parquet as pq
import sqlalchemy as sa
from sqlalchemy.dialects import registry

from events import migrations
from events.engines.landing import SqlLanding, as_arrow

# A file is open to one process that writes; its threads write one after the other.
_ONE_WRITER: "weakref.WeakKeyDictionary[sa.Engine, threading.Lock]" = weakref.WeakKeyDictionary()
SETTINGS = {
    "memory_limit": "600MB",  # DuckDB would take four fifths of the machine
    "perfect_ht_threshold": 16,  # bits of a key up to which groups are found without hashing: a day, a spot
}


class Dialect(duckdb_engine.Dialect):
    """duckdb-engine's, and statements that were asked before are not made into text again: half the time of a page."""

    supports_statement_cache = True


registry.register("duckdb", __name__, "Dialect")


def open_engine(url: sa.URL, *, read_only: bool) -> sa.Engine:
    """An engine on a file. Several workers may read one file only if none of them may write."""
    return sa.create_engine(url, connect_args={"read_only": read_only, "config": SETTINGS})


def why_read_only(_: sa.Connection) -> str:
    """Told when the file is opened."""
    return ""


@contextmanager
def landing(engine: sa.Engine) -> Iterator["_Landing"]:
    """See `engines.landing_on`."""
    with _ONE_WRITER.setdefault(engine, threading.Lock()), engine.begin() as connection:
        migrations.upgrade(connection)
        yield _Landing(connection)


class _Landing(SqlLanding):
    def _insert(self, table: sa.Table, frames: Sequence[pd.DataFrame]) -> None:
        """By way of a Parquet file: row-wise inserts are a thousand times slower, and a frame that DuckDB reads where
        it lies is kept in memory until the end of the transaction."""
        frames = [frame for frame in frames if not frame.empty]
        if not frames:
            return
        with tempfile.TemporaryDirectory(prefix="contact-line-") as folder:
            path = Path(folder) / "rows.parquet"
            pq.write_table(as_arrow(table, frames), path, compression="none")
            self._connection.exec_driver_sql(f"INSERT INTO {table.name} SELECT * FROM read_parquet('{path}')")  # noqa: S608
