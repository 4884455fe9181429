"""A large Parquet file with the columns of the table is served where it lies.

Its texts stay in the file. What the questions need (cubes.py) is made of it once, by DuckDB, and kept in an index: a
file of its own in the user's cache folder, which several workers read, and which is made anew when the file, the
codebook or the gazetteer has changed. Rows that are certainly in order are taken as they are, all at once, in SQL. Any
other row goes the way of every file (formats, schema.check): the same rows are set aside for the same reasons.
"""

import contextlib
import hashlib
import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import sqlalchemy as sa

from events import migrations
from events.codebook import Codebook, load_codebook
from events.engines import open_engine
from events.errors import SourceError
from events.indexing import KIND, make_index
from events.schema import COLUMNS, NAMES, REJECTED, Checked
from events.store import EventStore
from geodata.gazetteer import Gazetteer

LARGE = 200_000  # rows from which on a file is indexed: fewer are read in seconds
MOST_KEPT = 5  # indexes; the oldest go
PART = 100_000  # rows that are there in a second or two, while the index of all is made
MOST_AT_ONCE = 1_000_000  # rows up to which all are there nearly as soon
FORM = "1"  # of an index: one of another form is made anew


class Indexed(NamedTuple):
    """A store over an indexed file, and what of the file was set aside; the frame of accepted rows is left empty."""

    store: EventStore
    checked: Checked


def rows_to_index(path: Path) -> int:
    """How many rows a file has of which an index has to be made first: some seconds for each million. 0 otherwise."""
    rows = _for_indexing(path)
    return 0 if rows and _index_of(path, _folder(), load_codebook(), Gazetteer.load()).exists() else rows


def open_indexed(path: Path) -> Indexed | None:
    """Open a large Parquet file by its index, which is made where there is none.

    None where the file is small, or its columns are not the table's as this project writes them, or much of it is not
    in order: it is then read as every other file. Raises SourceError as reading does.
    """
    if not _for_indexing(path):
        return None
    codebook, gazetteer = load_codebook(), Gazetteer.load()
    folder = _folder()
    index = _index_of(path, folder, codebook, gazetteer)
    with _alone(index) if not index.exists() else contextlib.nullcontext():
        if not index.exists():
            with tempfile.TemporaryDirectory(dir=folder) as own:
                made = Path(own) / "index.duckdb"
                if not _make(made, path, codebook, gazetteer):
                    return None
                made.replace(index)
            _clear(folder, index)
    engine = open_engine(sa.make_url(f"duckdb:///{index}"), read_only=True)
    with engine.connect() as connection:
        # Else the footer, a list of all row groups, is read anew for each page of the list. A file that was written
        # since is known by its time.
        connection.exec_driver_sql("SET GLOBAL parquet_metadata_cache = true")
        refused = pd.DataFrame(connection.execute(sa.text("SELECT * FROM set_aside ORDER BY nth")).all())
    rejected = refused[list(REJECTED)] if len(refused) else pd.DataFrame(columns=list(REJECTED))
    return Indexed(
        EventStore(engine, codebook, gazetteer), Checked(pd.DataFrame(columns=list(NAMES)), rejected, (), pd.Index([]))
    )


def open_last_rows(path: Path) -> EventStore | None:
    """The last rows of a file whose index is still to be made, in memory; of a file in order of days, the newest.

    None where that gains no time, or where they cannot be taken out of it. To let go of them is to dispose the engine.
    """
    import pyarrow as pa  # noqa: PLC0415

    rows = _for_indexing(path)
    if rows <= MOST_AT_ONCE:
        return None
    codebook, gazetteer = load_codebook(), Gazetteer.load()
    engine = open_engine(sa.make_url(f"duckdb:///:memory:{uuid.uuid4().hex}"), read_only=False)
    # Whatever is wrong with the file is told by who reads all of it.
    with contextlib.suppress(sa.exc.SQLAlchemyError, SourceError, pa.ArrowException, OSError):
        if make_index(engine, path, codebook, gazetteer, range(rows - PART, rows)):
            return EventStore(engine, codebook, gazetteer)
    engine.dispose()
    return None


# ── which files, and where the index is ─────────────────────────────────────────────────────────────────────


def _for_indexing(path: Path) -> int:
    """The rows of a file that is to be indexed by what can be seen of it at once; else 0."""
    with contextlib.suppress(OSError), path.open("rb") as opened:
        if opened.read(4) != b"PAR1":
            return 0
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError):
        return 0  # whatever is wrong with it is told by who reads it
    with file:
        schema = file.schema_arrow
        if file.metadata.num_rows < LARGE or not set(schema.names) >= {c.name for c in COLUMNS if c.required}:
            return 0
        known = {**KIND, "geometry": "geometry"}
        alike = all(f.name in known and _is_like(f.type, known[f.name]) for f in schema)
        return int(file.metadata.num_rows) if alike and len(set(schema.names)) == len(schema.names) else 0


def _is_like(type_: Any, kind: str) -> bool:
    import pyarrow.types as of  # noqa: PLC0415

    if of.is_dictionary(type_):
        type_ = type_.value_type
    match kind:
        case "text" | "moment":
            return bool(of.is_string(type_) or of.is_large_string(type_))
        case "day":
            return bool(of.is_date32(type_) or (of.is_timestamp(type_) and type_.tz is None))
        case "integer":
            return bool(of.is_signed_integer(type_) or of.is_float64(type_))
        case "decimal":
            return bool(of.is_float64(type_))
        case _:
            return bool(of.is_binary(type_) or of.is_large_binary(type_))


def _folder() -> Path:
    """The user's folder for what can be made again; a temporary one where there is none."""
    try:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder = base / "contact-line"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except (OSError, RuntimeError):
        pass
    return Path(tempfile.mkdtemp(prefix="contact-line-"))


def _key(path: Path, codebook: Codebook, gazetteer: Gazetteer) -> str:
    """What tells an index from every other: of which file, as it is now, and by which books."""
    state = path.stat()
    told = (FORM, migrations.HEAD, str(path.resolve()), state.st_size, state.st_mtime_ns, codebook, gazetteer.places)
    return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()[:32]


def _index_of(path: Path, folder: Path, codebook: Codebook, gazetteer: Gazetteer) -> Path:
    return folder / f"{_key(path, codebook, gazetteer)}.duckdb"


@contextlib.contextmanager
def _alone(index: Path) -> Iterator[None]:
    """Several workers start at once: one makes the index, and the others wait for it. Without flock, each makes it."""
    with index.with_suffix(".lock").open("w") as lock:
        with contextlib.suppress(ImportError):  # Windows
            import fcntl  # noqa: PLC0415

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    index.with_suffix(".lock").unlink(missing_ok=True)


def _clear(folder: Path, newest: Path) -> None:
    others = sorted((p for p in folder.glob("*.duckdb") if p != newest), key=lambda p: p.stat().st_mtime, reverse=True)
    for path in others[MOST_KEPT - 1 :]:
        with contextlib.suppress(OSError):
            path.unlink()


def _make(index: Path, path: Path, codebook: Codebook, gazetteer: Gazetteer) -> bool:
    """Make the index of a file as a file; False where too much of it is not in order."""
    engine = open_engine(sa.make_url(f"duckdb:///{index}"), read_only=False)
    try:
        return make_index(engine, path, codebook, gazetteer)
    finally:
        engine.dispose()
