"""Where events come from: nothing said (the shipped table), a file, or a database address."""

from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import sqlalchemy as sa

from events import formats
from events.codebook import load_codebook
from events.engines import open_engine, why_read_only
from events.errors import SourceError
from events.formats.fields import merge_notes
from events.indexed import open_indexed, open_last_rows, rows_to_index
from events.migrations import HEAD, check_version, version_of
from events.schema import REJECTED, Checked, check
from events.store import EventStore

DUCKDB_MAGIC = b"DUCK"  # at byte 8 of a DuckDB file
TABLE_SUFFIXES = frozenset((".csv", ".tsv", ".txt", ".json", ".geojson", ".xlsx", ".xls", ".parquet", ".gz", ".zip"))
"""Endings of files of events, which are no database."""


class Opened(NamedTuple):
    """A store, its name for people, and what was set aside on the way in (None for a database).

    `read_only` is the reason for which nothing can be written to it; empty where it can.
    """

    store: EventStore
    name: str
    checked: Checked | None
    read_only: str = ""


class CheckedPiece(NamedTuple):
    """A piece of a file, taken apart, and what was mapped to what in it."""

    checked: Checked
    notes: tuple[str, ...]


def shipped_path() -> Path:
    """The coded events that come with the package."""
    return Path(str(resources.files("events.data").joinpath("karabakh.csv")))


def checked_pieces(file: formats.Opened, where: str) -> Iterator[CheckedPiece]:
    """Take a file apart piece by piece; an id that stood in an earlier piece is set aside."""
    codebook = load_codebook()
    seen: set[int] = set()
    met: Counter[int] = Counter()
    for piece in file.pieces:
        checked = check(piece.frame, where, codebook, piece.numbers, met)
        yield CheckedPiece(_without_seen(checked, seen), piece.notes)


def _without_seen(checked: Checked, seen: set[int]) -> Checked:
    good = checked.accepted
    # Hashes of ids: a million of them take a tenth of the memory of the ids.
    hashes = pd.util.hash_pandas_object(good["event_id"], index=False).tolist()
    again = pd.Series([found in seen for found in hashes], index=good.index, dtype="bool")
    seen.update(hashes)
    if not again.any():
        return checked
    twice = pd.DataFrame(
        {
            "row": checked.row_numbers[again.to_numpy()] + 1,
            "event_id": good.loc[again, "event_id"],
            "field": "event_id",
            "value": good.loc[again, "event_id"].str.slice(0, 80),
            "reason": "stands in an earlier row, too",
        }
    )
    return Checked(
        good[~again].reset_index(drop=True),
        pd.concat([checked.rejected, twice], ignore_index=True),
        checked.unknown_columns,
        checked.row_numbers[~again.to_numpy()],
    )


class FileReport(NamedTuple):
    """A whole file: its format, its rows taken apart, and what was mapped to what."""

    format: formats.Format
    checked: Checked
    notes: tuple[str, ...]


def check_file(path: Path, format_name: str = "auto", mapping: Mapping[str, str] | None = None) -> FileReport:
    """Read a file and take it apart. Raises SourceError when it is no table of events at all."""
    with formats.opened(path, format_name, mapping) as file:
        parts = list(checked_pieces(file, str(path)))
    whole = Checked(
        pd.concat([p.checked.accepted for p in parts], ignore_index=True),
        pd.concat([p.checked.rejected for p in parts], ignore_index=True)[list(REJECTED)],
        tuple(dict.fromkeys(name for p in parts for name in p.checked.unknown_columns)),
        pd.Index(n for p in parts for n in p.checked.row_numbers),
    )
    return FileReport(file.format, whole, merge_notes(note for p in parts for note in p.notes))


def open_source(source: str | None = None, *, write: bool = False, fresh: bool = False) -> Opened:
    """Open the shipped events (None), a file of events, or a database URL. Raises SourceError.

    A DuckDB file is opened for reading, so that several programs can; with `write` it is this process's alone, and
    opened for reading after all where another one holds it or it may not be written. With `fresh`, a server's
    database without tables is given them, so that a page over a new database starts without events.
    """
    if source and source.startswith("duckdb:"):
        return _open_duckdb(source, "a database", write=write)
    if source and "://" in source:
        store = _open_database(source, fresh=fresh)
        with store.engine.connect() as connection:
            why = why_read_only(connection) if write else "the database is opened for reading alone"
        return Opened(store, "a database", None, why)
    path = Path(source) if source else shipped_path()
    if is_duckdb(path):
        return _open_duckdb(f"duckdb:///{path}", path.name, write=write)
    if source and (found := open_indexed(path)):
        return Opened(found.store, path.name, found.checked, "the events lie in a file, not in a database")
    _, checked, _ = check_file(path)
    if checked.accepted.empty and checked.rows_rejected:
        first = checked.rejected.iloc[0]
        raise SourceError(
            f"all {checked.rows_rejected} rows were set aside; the first because {first['field']} "
            f"{first['value']!r} {first['reason']}",
            str(path),
            f"See them all: contact-line check {path}",
        )
    name = path.name if source else "the shipped events"
    why = "the events are held in memory, not in a database"
    return Opened(EventStore.in_memory(checked.accepted), name, checked, why)


def rows_to_read_first(source: str | None) -> int:
    """How many rows `open_source` will go through before it returns, where that takes long for once; else 0."""
    if source is None or "://" in source or source.startswith("duckdb:"):
        return 0
    return rows_to_index(Path(source))


def open_part(source: str | None) -> Opened | None:
    """The last rows of a source with `rows_to_read_first`, which are there in a second or two; else None.

    They stand in until `open_source` has returned; then their store's engine is to be disposed.
    """
    if not rows_to_read_first(source):
        return None
    path = Path(source or "")
    store = open_last_rows(path)
    return Opened(store, path.name, None, "only the last of the events are there yet") if store else None


def _open_duckdb(url: str, name: str, *, write: bool) -> Opened:
    why = "the file is opened for reading alone"
    if write:
        try:
            return Opened(_open_database(url), name, None)
        except SourceError:
            why = f"{name} may not be written, or another program holds it"
    return Opened(_open_database(url, read_only=True), name, None, why)


def open_target(target: str) -> EventStore:
    """Open a store to write to: a database URL, or a DuckDB file, which is made when there is none."""
    if "://" in target:
        return _open_database(target, writes=True)
    path = Path(target)
    if not is_duckdb(path) if path.exists() else path.suffix.lower() in TABLE_SUFFIXES:
        raise SourceError("events are imported to a DuckDB file or a database", target, "Name one: --to events.duckdb")
    return _open_database(f"duckdb:///{path}", writes=True)


def upgrade_tables(target: str) -> str:
    """Make a database's tables, or bring them to this program's version, which is returned. Raises SourceError."""
    store = open_target(target)
    try:
        with store.writing():
            pass
    except sa.exc.SQLAlchemyError as fault:
        where = store.engine.url.render_as_string(hide_password=True)
        what = f"it cannot be upgraded ({_said(fault)})"
        raise SourceError(what, where, "Do it again when that is mended.") from None
    finally:
        store.engine.dispose()
    return HEAD


def is_duckdb(path: Path) -> bool:
    """Whether a file is a DuckDB database."""
    try:
        with path.open("rb") as file:
            return file.read(12)[8:] == DUCKDB_MAGIC
    except OSError:
        return False


def _said(fault: Exception) -> str:
    return str(getattr(fault, "orig", None) or fault).strip().splitlines()[0]


def _open_database(address: str, *, read_only: bool = False, writes: bool = False, fresh: bool = False) -> EventStore:
    """Open a database. Without `writes`, one whose tables this program cannot read is refused."""
    engine = None
    where = address.partition("://")[0] + "://…"  # it may hold a password where it cannot be taken apart
    try:
        url = sa.make_url(address)
        where = url.render_as_string(hide_password=True) if "@" in address else address.split("?", maxsplit=1)[0]
        engine = open_engine(url, read_only=read_only)
        store = EventStore(engine)
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1")).all()
            bare = fresh and engine.dialect.name != "duckdb" and version_of(connection) is None
        if bare:
            with store.writing():
                pass
        if not writes:
            with engine.connect() as connection:
                check_version(connection, where)
        return store
    except (sa.exc.SQLAlchemyError, ImportError, OSError, ValueError, SourceError) as fault:
        if engine is not None:
            engine.dispose()  # else this process would hold the file
        if isinstance(fault, SourceError):
            raise
        raise SourceError(f"it cannot be opened ({_said(fault)})", where, "Check the address.") from None
