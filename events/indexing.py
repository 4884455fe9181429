"""How the index of a Parquet file with the columns of the table is made, of all of its rows or of some (indexed.py).

Rows that are certainly in order are taken as they are, all at once, in SQL. Any other row goes the way of every file
(formats, schema.check): the same rows are set aside for the same reasons.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from events import cubes
from events.codebook import Codebook
from events.formats import columns, geoparquet
from events.formats.reading import unpacked
from events.grid import RADIUS, STEEPEST
from events.schema import COLUMNS, EXTRA, FIRST_DAY, LARGEST_COUNT, LAST_DAY, LONGEST, Checked, check
from events.tables import event_actors, events, metadata, prepare
from geodata.gazetteer import Gazetteer
from geodata.names import fold_each

DOUBTFUL_SHARE = 50  # of some rows, one in so many may go the way of every file: what is wanted of them is haste
MOST_DOUBTFUL = 200_000  # rows that go the way of every file; where there are more, all do

# Columns in which few values stand in many rows: each different value is judged once.
NAMED = (
    *("place", "place_id", "admin1", "country", "actor1", "actor2", "claimant"),
    *("event_type", "sub_event_type", "source"),
)
TYPES = ("event_type", "sub_event_type")  # judged together
# Columns in which every row may have a text of its own.
OWN = ("event_id", "incident_id", "notes", "source_url", "source_time", "evidence")
KIND = {EXTRA: "text"} | {c.name: c.kind for c in COLUMNS}
SPACES = "".join(c for c in map(chr, range(1, 0x3001)) if c.isspace())
APOSTROPHES = "'`"  # the plain ones, which `fold` drops
PIECE = 100_000


def make_index(
    engine: sa.Engine, path: Path, codebook: Codebook, gazetteer: Gazetteer, rows: range | None = None
) -> bool:
    """Make the index of a file, or of these of its rows, in a new database; False where too much is not in order."""
    with engine.begin() as connection:
        return _Making(connection, path, codebook, gazetteer, rows).done()


class _Making:
    """One index in the making."""

    def __init__(
        self, connection: sa.Connection, path: Path, codebook: Codebook, gazetteer: Gazetteer, rows: range | None
    ) -> None:
        import pyarrow.parquet as pq  # noqa: PLC0415

        self._connection = connection
        self._path = path.resolve()
        self._codebook = codebook
        self._gazetteer = gazetteer
        with pq.ParquetFile(path) as file:
            self._types = {field.name: str(field.type) for field in file.schema_arrow}
            self._rows = range(file.metadata.num_rows) if rows is None else rows
        self._some = rows is not None

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
        # All rows stay in the file. Some are taken out of it: each question would look for them in it again.
        self._run(f"CREATE {'TABLE' if self._some else 'VIEW'} whole AS {self._whole()}")
        self._doubt()
        doubtful = self._number("SELECT count(*) FROM doubtful")
        if doubtful > (len(self._rows) // DOUBTFUL_SHARE if self._some else MOST_DOUBTFUL):
            return False
        with_doubt = doubtful > 0
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
        """The rows with the table's columns and types; what is not there is empty."""
        found = []
        for name, kind in KIND.items():
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
        these = f" WHERE file_row_number BETWEEN {self._rows[0]} AND {self._rows[-1]}" if self._some else ""
        return (
            f"SELECT file_row_number AS row_id, {', '.join(found)}"  # noqa: S608
            f" FROM read_parquet('{path}', file_row_number = true){these}"
        )

    # ── what is certainly in order ──────────────────────────────────────────────────────────────────────

    def _doubt(self) -> None:
        """Note the rows that are not certainly in order."""
        self._judge()
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

    def _judge(self) -> None:
        """Put every different value of the columns that hold few through what every file goes through."""
        self._run("CREATE TEMP TABLE bad (field TEXT, value TEXT, other TEXT)")
        given = self._different([(n,) for n in NAMED if n in self._types and n not in TYPES] + [TYPES])
        frame = given[list(NAMED)].assign(event_id=[f"value {n}" for n in range(len(given))], event_date="2020-01-01")
        frame.loc[given["field"] != ",".join(TYPES), TYPES[0]] = self._codebook.type_names[0]
        found = _read(frame, str(self._path), self._codebook, range(len(frame)))
        good = found.accepted.set_axis(found.row_numbers)
        same = (good[list(NAMED)] == frame.loc[good.index, list(NAMED)]).all(axis=1)
        if EXTRA in good:
            same &= good[EXTRA] == ""
        bad = given.drop(index=same[same].index)
        if len(bad):
            self._fill("bad", bad[["field", "value"]].assign(other=bad[TYPES[1]]))

    def _different(self, columns: Sequence[Sequence[str]], table: str = "whole") -> pd.DataFrame:
        """The different values of some columns, or of several together, each in a row of NAMED that holds no other.

        `field` says which columns it is of; `value` is the first of its values.
        """
        found = []
        for names in columns:
            rows = self._run(f"SELECT DISTINCT {', '.join(names)} FROM {table}")  # noqa: S608
            field = {"field": ",".join(names)}
            found += [field | {"value": row[0]} | dict(zip(names, row, strict=True)) for row in rows]
        return pd.DataFrame(found, columns=["field", "value", *NAMED], dtype="str").fillna("")

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
        given = self._different([(name,) for name in NAMED], "raw")
        prepared = prepare(_blank(len(given)).assign(**{n: given[n] for n in NAMED}), self._codebook, self._gazetteer)
        self._fill("names", given[["field", "value"]].assign(search=prepared.events["search"]))
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
        for at in range(self._rows.start, self._rows.stop, PIECE):
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
