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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import sqlalchemy as sa

from events import cubes, migrations
from events.codebook import Codebook, load_codebook
from events.engines import open_engine
from events.formats import columns, geoparquet
from events.formats.reading import unpacked
from events.grid import RADIUS, STEEPEST
from events.schema import COLUMNS, EXTRA, FIRST_DAY, LARGEST_COUNT, LAST_DAY, LONGEST, NAMES, REJECTED, Checked, check
from events.store import EventStore
from events.tables import event_actors, events, metadata, prepare
from geodata.gazetteer import Gazetteer
from geodata.names import fold_each

LARGE = 200_000  # rows from which on a file is indexed: fewer are read in seconds
MOST_DOUBTFUL = 200_000  # rows that go the way of every file; where there are more, all do
MOST_KEPT = 5  # indexes; the oldest go
FORM = "1"  # of an index: one of another form is made anew

# Columns in which few values stand in many rows: each different value is judged once.
NAMED = (
    *("place", "place_id", "admin1", "country", "actor1", "actor2", "claimant"),
    *("event_type", "sub_event_type", "source"),
)
# Columns in which every row may have a text of its own.
OWN = ("event_id", "incident_id", "notes", "source_url", "source_time", "evidence")
_KIND = {EXTRA: "text"} | {c.name: c.kind for c in COLUMNS}
SPACES = "".join(c for c in map(chr, range(1, 0x3001)) if c.isspace())
APOSTROPHES = "'`"  # the plain ones, which `fold` drops
PIECE = 100_000


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
        refused = pd.DataFrame(connection.execute(sa.text("SELECT * FROM set_aside ORDER BY nth")).all())
    rejected = refused[list(REJECTED)] if len(refused) else pd.DataFrame(columns=list(REJECTED))
    return Indexed(
        EventStore(engine, codebook, gazetteer), Checked(pd.DataFrame(columns=list(NAMES)), rejected, (), pd.Index([]))
    )


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
        known = {**_KIND, "geometry": "geometry"}
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


# ── making it ───────────────────────────────────────────────────────────────────────────────────────────────


def _make(index: Path, path: Path, codebook: Codebook, gazetteer: Gazetteer) -> bool:
    """Make the index of a file; False where too much of the file is not in order."""
    engine = open_engine(sa.make_url(f"duckdb:///{index}"), read_only=False)
    try:
        with engine.begin() as connection:
            return _Making(connection, path, codebook, gazetteer).done()
    finally:
        engine.dispose()


class _Making:
    """One index in the making."""

    def __init__(self, connection: sa.Connection, path: Path, codebook: Codebook, gazetteer: Gazetteer) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415

        self._connection = connection
        self._path = path.resolve()
        self._codebook = codebook
        self._gazetteer = gazetteer
        with pq.ParquetFile(path) as file:
            self._types = {field.name: str(field.type) for field in file.schema_arrow}
            self._rows = file.metadata.num_rows

    def _run(self, statement: str) -> Sequence[sa.Row[Any]]:
        result = self._connection.exec_driver_sql(statement)
        return result.all() if result.returns_rows else []

    def _number(self, query: str) -> int:
        return int(self._run(query)[0][0])

    def _fill(self, table: str, frame: pd.DataFrame) -> None:
        """Put a frame into a table with the same columns."""
        with tempfile.TemporaryDirectory() as folder:
            part = Path(folder) / "part.parquet"
            frame.to_parquet(part, index=False)
            names = ", ".join(frame.columns)
            self._run(f"INSERT INTO {table} ({names}) SELECT {names} FROM read_parquet('{part}')")  # noqa: S608

    def done(self) -> bool:
        """Make all of it."""
        metadata.create_all(self._connection, tables=[t for t in metadata.sorted_tables if t is not events])
        self._run("CREATE TABLE doubtful (row_id BIGINT)")
        self._run("CREATE TABLE set_aside (nth BIGINT, row BIGINT, event_id TEXT, field TEXT, value TEXT, reason TEXT)")
        self._run(f"CREATE VIEW whole AS {self._whole()}")
        self._doubt()
        if self._number("SELECT count(*) FROM doubtful") > MOST_DOUBTFUL:
            return False
        with_doubt = self._number("SELECT count(*) FROM doubtful") > 0
        only = " WHERE row_id NOT IN (SELECT row_id FROM doubtful)" if with_doubt else ""
        self._run(f"CREATE VIEW raw AS SELECT * FROM whole{only}")  # noqa: S608
        own = ", ".join(f"{column.name} {column.type.compile(self._connection.dialect)}" for column in events.columns)
        self._run(f"CREATE TABLE mended ({own})")
        if with_doubt and not self._mend():
            return False
        names = ", ".join(column.name for column in events.columns)
        more = f" UNION ALL SELECT {names} FROM mended" if with_doubt else ""  # noqa: S608
        self._run(f"CREATE VIEW events AS SELECT {names} FROM ({_derived()}){more}")  # noqa: S608
        self._name_actors()
        cubes.make_anew(self._connection)
        self._make_searchable()
        return True

    def _whole(self) -> str:
        """The file's rows with the table's columns and types; what is not there is empty."""
        found = []
        for name, kind in _KIND.items():
            given = f'"{name}"'
            if name not in self._types:
                value = "''" if kind in {"text", "moment"} else "NULL"
            elif kind in {"text", "moment"}:
                value = f"coalesce({given}::VARCHAR, '')"
            elif self._types[name] == "double":
                value = f"CASE WHEN isnan({given}) THEN NULL ELSE {given} END"
            else:
                value = given
            found.append(f"{value} AS {name}")
        path = str(self._path).replace("'", "''")
        return (
            f"SELECT file_row_number AS row_id, {', '.join(found)} FROM read_parquet('{path}', file_row_number = true)"  # noqa: S608
        )

    # ── what is certainly in order ──────────────────────────────────────────────────────────────────────

    def _doubt(self) -> None:
        """Note the rows that are not certainly in order."""
        self._run("CREATE TEMP TABLE bad (field TEXT, value TEXT, other TEXT)")
        for name in NAMED:
            if name in self._types and name not in {"event_type", "sub_event_type"}:
                self._judge((name,))
        self._judge(("event_type", "sub_event_type"))
        doubts = [f"NOT coalesce({sure}, false)" for sure in self._sure()]
        doubts += [
            f"{name} IN (SELECT value FROM bad WHERE field = '{name}')"  # noqa: S608
            for name in NAMED
            if self._number(f"SELECT count(*) FROM bad WHERE field = '{name}'")  # noqa: S608
        ]
        if self._number("SELECT count(*) FROM bad WHERE field = 'event_type,sub_event_type'"):
            pairs = "SELECT value, other FROM bad WHERE field = 'event_type,sub_event_type'"
            doubts.append(f"(event_type, sub_event_type) IN ({pairs})")
        self._run(f"INSERT INTO doubtful SELECT row_id FROM whole WHERE {' OR '.join(doubts)}")  # noqa: S608
        self._run(
            "CREATE TEMP TABLE twice AS"
            " SELECT h FROM (SELECT hash(event_id) AS h FROM whole) GROUP BY h HAVING count(*) > 1"
        )
        if self._number("SELECT count(*) FROM twice"):
            of_twice = "SELECT row_id FROM whole WHERE hash(event_id) IN (SELECT h FROM twice)"
            self._run(f"INSERT INTO doubtful {of_twice} AND row_id NOT IN (SELECT row_id FROM doubtful)")  # noqa: S608

    def _judge(self, names: tuple[str, ...]) -> None:
        """Put every different value of a column, or of two, through what every file goes through."""
        listed = ", ".join(names)
        rows = self._run(f"SELECT DISTINCT {listed} FROM whole")  # noqa: S608
        given = pd.DataFrame(rows, columns=list(names), dtype="str")
        frame = given.assign(event_id=[f"value {n}" for n in range(len(given))], event_date="2020-01-01")
        if "event_type" not in frame:
            frame["event_type"] = self._codebook.type_names[0]
        found = _read(frame, str(self._path), self._codebook, range(len(frame)))
        good = found.accepted.set_axis(found.row_numbers)
        same = (good[list(names)] == given.loc[good.index]).all(axis=1)
        if EXTRA in good:
            same &= good[EXTRA] == ""
        bad = given.drop(index=same[same].index)
        if len(bad):
            other = bad[names[1]] if len(names) > 1 else ""
            self._fill("bad", pd.DataFrame({"field": ",".join(names), "value": bad[names[0]], "other": other}))

    def _sure(self) -> list[str]:
        """Conditions under which the columns whose every row is its own are in order, and read as they are."""
        sure = [
            f"event_date BETWEEN DATE '{FIRST_DAY.date()}' AND DATE '{LAST_DAY.date()}'",
            f"(event_end IS NULL OR event_end BETWEEN event_date AND DATE '{LAST_DAY.date()}')",
            "(latitude IS NULL) = (longitude IS NULL)",
            "coalesce(latitude, 0) BETWEEN -90 AND 90 AND coalesce(longitude, 0) BETWEEN -180 AND 180",
            "event_id <> ''",
        ]
        for name in ("event_date", "event_end"):
            if self._types.get(name, "").startswith("timestamp"):
                sure.append(f"({name} IS NULL OR {name} = date_trunc('day', {name}))")
        for name in ("time_precision", "geo_precision"):
            sure.append(f"coalesce({name}, 1) IN (1, 2, 3)")
        for name in ("fatalities", "fatalities_low", "fatalities_high", "injured"):
            sure.append(
                f"(coalesce({name}, 0) BETWEEN 0 AND {LARGEST_COUNT - 1} AND {name} IS NOT DISTINCT FROM {name}::INT)"
            )
        spaces = _quoted(SPACES)
        for name in (n for n in OWN if n in self._types):
            short = f"strlen({name}) <= {LONGEST} AND NOT contains({name}, chr(0))"
            # Nearly every text begins and ends with a plain letter; to trim it takes twenty times as long.
            ends = f"{name}[1] BETWEEN '!' AND '~' AND {name}[-1] BETWEEN '!' AND '~'"
            sure.append(f"({short} AND CASE WHEN {ends} THEN true ELSE {name} = trim({name}, {spaces}) END)")
        day = r"regexp_full_match(source_time, '\d{4}-\d{2}-\d{2}') AND try_cast(source_time AS DATE) IS NOT NULL"
        sure.append(f"(source_time = '' OR ({day}))")
        sure.append(f"{EXTRA} = ''")  # how it is carried on is the business of `formats`
        return sure

    def _mend(self) -> bool:
        """Put the doubtful rows through what every file goes through; False where one takes a sure row's id."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        rows = pd.Index([n for (n,) in self._run("SELECT row_id FROM doubtful ORDER BY row_id")])
        frames = []
        with unpacked(self._path) as source, pq.ParquetFile(source.path) as file:
            geometry = geoparquet.geometry_of(file, source)
            at = 0
            for group in range(file.num_row_groups):
                size = file.metadata.row_group(group).num_rows
                mine = rows[(rows >= at) & (rows < at + size)]
                if len(mine):
                    part = file.read_row_group(group).take(pa.array(mine - at))
                    frames.append(geoparquet.as_frame(part, geometry, 0).set_axis(mine))
                at += size
        frame = pd.concat(frames)
        found = _read(frame, str(self._path), self._codebook, list(frame.index))
        ready = prepare(found.accepted, self._codebook, self._gazetteer).events
        self._fill("mended", ready.assign(row_id=found.row_numbers.to_numpy("int64")))
        self._fill("set_aside", found.rejected.assign(nth=range(len(found.rejected))).astype({"row": "int64"}))
        return not self._number("SELECT count(*) FROM mended JOIN raw USING (event_id)")

    # ── what the table does not hold itself ─────────────────────────────────────────────────────────────

    def _name_actors(self) -> None:
        """The actors of one event of every pair of sides: cubes.py asks for no more."""
        rows = self._run("SELECT actor1, actor2, min(row_id) FROM events GROUP BY ALL")
        pairs = pd.DataFrame(rows, columns=["actor1", "actor2", "row_id"])
        frame = _blank(len(pairs)).assign(actor1=pairs["actor1"].astype("str"), actor2=pairs["actor2"].astype("str"))
        actors = prepare(frame, self._codebook, self._gazetteer).actors
        self._fill(event_actors.name, actors.assign(row_id=pairs["row_id"].to_numpy()[actors["row_id"]]))

    def _make_searchable(self) -> None:
        """A view of the folded texts of each event, in pieces: those of its names, and its own."""
        self._run("CREATE TABLE names (field TEXT, value TEXT, search TEXT)")
        for name in NAMED:
            values = pd.Series([value for (value,) in self._run(f"SELECT DISTINCT {name} FROM raw")], dtype="str")  # noqa: S608
            search = prepare(_blank(len(values)).assign(**{name: values}), self._codebook, self._gazetteer)
            self._fill("names", pd.DataFrame({"field": name, "value": values, "search": search.events["search"]}))
        self._run("CREATE TABLE folded (row_id BIGINT, search TEXT)")
        pieces = []
        for own in ("notes", "event_id"):
            plain = f"strlen({own}) = length({own})"
            self._fold(f"SELECT row_id, {own} FROM raw WHERE NOT ({plain})")  # noqa: S608
            # Of plain text, `fold` keeps the letters and digits of which words are made, in lower case.
            marked = " OR ".join(f"contains({own}, {_quoted(mark)})" for mark in APOSTROPHES)
            bare = f"CASE WHEN {marked} THEN translate({own}, {_quoted(APOSTROPHES)}, '') ELSE {own} END"
            pieces.append(f"SELECT row_id, lower({bare}) AS search FROM raw WHERE {plain}")  # noqa: S608
        pieces += ["SELECT row_id, search FROM folded", "SELECT row_id, search FROM mended"]
        pieces += [
            f"SELECT row_id, search FROM raw JOIN names ON value = {name} WHERE field = '{name}'"  # noqa: S608
            for name in NAMED
        ]
        self._run(f"CREATE VIEW searched AS {' UNION ALL '.join(pieces)}")

    def _fold(self, rows: str) -> None:
        """Fold texts that are not plain, piece by piece."""
        if not self._number(f"SELECT count(*) FROM ({rows})"):  # noqa: S608
            return
        for at in range(0, self._rows, PIECE):
            found = self._run(f"{rows} AND row_id BETWEEN {at} AND {at + PIECE - 1}")
            piece = pd.DataFrame(found, columns=["row_id", "search"])
            self._fill("folded", piece.assign(search=fold_each(piece["search"].tolist())))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _read(frame: pd.DataFrame, where: str, codebook: Codebook, numbers: Sequence[int]) -> Checked:
    """What every file goes through once its columns are text."""
    mapped = columns.to_table(frame, columns.guess(list(frame.columns)))
    return check(mapped.frame, where, codebook, numbers)


def _blank(rows: int) -> pd.DataFrame:
    """So many rows of the table that hold nothing."""
    empty = {"text": "", "moment": "", "day": pd.NaT, "integer": None, "decimal": float("nan")}
    of = {"text": "str", "moment": "str", "day": "datetime64[s]", "integer": "Int64", "decimal": "float64"}
    return pd.DataFrame({c.name: pd.Series([empty[c.kind]] * rows, dtype=of[c.kind]) for c in COLUMNS})


def _derived() -> str:
    """The sure rows with what follows from them, as `tables.prepare` adds it; words are found in `searched`."""
    lat = f"greatest(-{STEEPEST}, least({STEEPEST}, latitude))"
    whole = ", ".join(f"{c.name}::INT AS {c.name}" for c in COLUMNS if c.kind == "integer")
    return f"""SELECT * REPLACE (
            event_date::DATE AS event_date, coalesce(event_end, event_date)::DATE AS event_end, {whole}
        ),
        CASE WHEN place_id <> '' THEN place_id ELSE place END AS place_key,
        CASE WHEN latitude IS NULL THEN 'none' ELSE coalesce(geo_precision::INT::VARCHAR, 'unknown') END AS precision,
        radians(longitude) * {RADIUS} AS x, ln(tan(pi() / 4 + radians({lat}) / 2)) * {RADIUS} AS y,
        '' AS search, 0 AS stamp, 0 AS digest FROM raw"""  # noqa: S608
