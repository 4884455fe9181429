"""File formats: the format of a file is told from its content; a file is read in pieces.

Each format's own facts stand in a module of its own: `to_table` gives frames of text with this project's columns for
`schema.check` to judge, `from_table` goes back. `reading` opens files, packed or not. This module joins them.

A citation (`events.citation`) stands in the file itself where the format has a place for it: a sheet of a workbook, a
member of GeoJSON, the metadata of Parquet. Beside any other file it stands as a file of its own, `events.csv` having
`events.csv.citation.json`, also in one archive with it.
"""

import json
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, NamedTuple, Protocol

import pandas as pd

from events.errors import SourceError
from events.formats import acled, columns, gdelt, ged, geojson, geoparquet, hxl, table, timemap, workbook
from events.formats.fields import FORMAT, day_first, slashed
from events.formats.mapping import Mapped
from events.formats.reading import MEND_TEXT, Unpacked, beside, first_rows, separator, table_chunks, unpacked
from events.schema import EXTRA, FAULT


class Piece(NamedTuple):
    """A piece of a file as a frame of text, the rows' numbers in the file from 0, and what was mapped to what."""

    frame: pd.DataFrame
    numbers: Sequence[int]
    notes: tuple[str, ...]


Reader = Callable[[Unpacked, Mapping[str, str]], Generator[Piece]]
"""Reads a file in pieces; the mapping is the user's (own column ← the file's column)."""
Writer = Callable[[pd.DataFrame, BinaryIO], None]
Citation = Mapping[str, Any]
"""What `citation.cite` gives."""
CitingWriter = Callable[[pd.DataFrame, BinaryIO, Citation | None], None]


@dataclass(frozen=True)
class Format:
    """A format by its name and title, the ending of its files and its media type; read, written, or both.

    `write_cited` and `cited` write and read a citation in the file itself; None where it stands beside it.
    """

    name: str
    title: str
    suffix: str
    media_type: str
    read: Reader | None
    write: Writer | None
    write_cited: CitingWriter | None = None
    cited: Callable[[Unpacked], object] | None = None


@dataclass(frozen=True)
class Opened:
    """A file that is being read."""

    format: Format
    pieces: Iterator[Piece]


@contextmanager
def opened(path: Path, format_name: str = "auto", mapping: Mapping[str, str] | None = None) -> Iterator[Opened]:
    """Open a file of events. Raises SourceError when it cannot be read as what it is or is said to be."""
    with unpacked(path) as source:
        chosen = FORMATS[recognise(source) if format_name == "auto" else format_name]
        if chosen.read is None:
            raise SourceError(f"{chosen.name} is a format that is only written", source.name, "Name another --format.")
        pieces = chosen.read(source, mapping or {})
        with closing(pieces):
            yield Opened(chosen, pieces)


def read(path: Path, format_name: str = "auto") -> tuple[Format, pd.DataFrame]:
    """Read a whole file as one frame of text. Raises SourceError as `opened` does."""
    with opened(path, format_name) as file:
        frames = [piece.frame for piece in file.pieces]
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return file.format, whole.fillna("").astype("str")


def recognise(source: Unpacked) -> str:
    """Tell a file's format by its first bytes. Raises SourceError when it is none."""
    head = source.head
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"{", b"[")):
        return "timemap" if _is_timemap(source) else "geojson"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError("it is UTF-16, not UTF-8", source.name, MEND_TEXT)
    if not _is_text(text):
        names = ", ".join(f.name for f in FORMATS.values() if f.read)
        raise SourceError(
            "this is no table, GeoJSON or Parquet file", source.name, f"Formats that can be read: {names}."
        )
    return _which_table(head)


def _is_text(text: bytes) -> bool:
    """Whether a file may be a table: a NUL in a cell is that row's fault, one in the header is not."""
    header = text.splitlines()[0] if text else b""
    return b"\x00" not in header and not text.startswith(b"\x89PNG")


def _is_timemap(source: Unpacked) -> bool:
    # GeoJSON says so near its beginning or end; what says nothing of it is read whole, once, to be told.
    if b'"FeatureCollection"' in source.head:
        return False
    if source.path.stat().st_size > geojson.LARGEST:
        return False
    try:
        document = json.loads(source.path.read_text("utf-8-sig"))
        return document == [] or timemap.recognise(document)
    except (ValueError, RecursionError):
        return False


def _which_table(head: bytes) -> str:
    sep = separator(head)
    rows = first_rows(head, sep)
    header, rest = (rows[0], rows[1:]) if rows else ([], [])
    if sep == "\t" and gdelt.recognise(rows):
        return "gdelt"
    for name, module in (("acled", acled), ("ged", ged), ("hxl", hxl)):  # a dataset's own file may be tagged
        if module.recognise(header, rest):
            return name
    return "csv"


# ── tables of text ──────────────────────────────────────────────────────────────────────────────────────────


def _as_pieces(chunks: Iterator[pd.DataFrame], to_table: Callable[[pd.DataFrame], Mapped]) -> Generator[Piece]:
    for chunk in chunks:
        fault = chunk.pop(FAULT) if FAULT in chunk else None
        mapped = to_table(chunk)
        frame = mapped.frame if fault is None else mapped.frame.assign(**{FAULT: fault})
        yield Piece(frame, list(frame.index), mapped.notes)


Chunks = Callable[[], Iterator[pd.DataFrame]]
"""Reads a file anew in pieces of text columns."""


def _dated(
    chunks: Chunks,
    days_of: Callable[[Sequence[str]], list[str]],
    to_table: Callable[[pd.DataFrame, bool | None], Mapped],
) -> Generator[Piece]:
    """Pieces of a table. Where days like 10/02/2020 stand in it, the whole file is asked for their order, once."""
    asked, slashes = False, None

    def mapped(raw: pd.DataFrame) -> Mapped:
        nonlocal asked, slashes
        if not asked and any(map(slashed, _days_in(raw, days_of))):
            told = {day_first(_days_in(chunk, days_of)) for chunk in chunks()} - {None}
            asked, slashes = True, told.pop() if len(told) == 1 else None
        return to_table(raw, slashes)

    return _as_pieces(chunks(), mapped)


def _days_in(raw: pd.DataFrame, days_of: Callable[[Sequence[str]], list[str]]) -> list[str]:
    return [value for name in days_of(list(raw.columns)) if name in raw for value in raw[name].unique()]


def _read_csv(source: Unpacked, mapping: Mapping[str, str]) -> Generator[Piece]:
    return _own_columns(lambda: table_chunks(source, separator(source.head)), source, mapping)


def _own_columns(chunks: Chunks, source: Unpacked, mapping: Mapping[str, str]) -> Generator[Piece]:
    def chosen(header: Sequence[str]) -> dict[str, str]:
        return {**columns.guess(header), **mapping}

    def days_of(header: Sequence[str]) -> list[str]:
        found = chosen(header)
        return [found[own] for own in ("event_date", "event_end") if found.get(own) in header]

    def to_table(raw: pd.DataFrame, slashes: bool | None) -> Mapped:
        try:
            return columns.to_table(raw, chosen(list(raw.columns)), slashes=slashes)
        except ValueError as fault:
            raise SourceError(str(fault), source.name, "Name a column of the file: --map date=Datum.") from None

    return _dated(chunks, days_of, to_table)


def _read_acled(source: Unpacked, _: Mapping[str, str]) -> Generator[Piece]:
    return _dataset(lambda: hxl.untagged(table_chunks(source, separator(source.head))), acled)


def _read_ged(source: Unpacked, _: Mapping[str, str]) -> Generator[Piece]:
    sep = separator(source.head)
    rows = first_rows(source.head, sep, most=1)
    names = ged.names_for(rows[0]) if rows else None
    return _dataset(lambda: hxl.untagged(table_chunks(source, sep, names)), ged)


def _dataset(chunks: Chunks, module: ModuleType) -> Generator[Piece]:
    return _dated(chunks, module.days_of, lambda raw, slashes: module.to_table(raw, slashes=slashes))


def _columns_of_any(chunks: Chunks, source: Unpacked, mapping: Mapping[str, str]) -> Generator[Piece]:
    """A table that is no text: ACLED and UCDP give their files as workbooks, too."""
    header = list(next(chunks()).columns)
    module = None if mapping else next((m for m in (acled, ged) if m.recognise(header, [])), None)
    return _own_columns(chunks, source, mapping) if module is None else _dataset(chunks, module)


def _read_gdelt(source: Unpacked, _: Mapping[str, str]) -> Generator[Piece]:
    rows = first_rows(source.head, "\t", most=5)
    widths = [len(row) for row in rows if len(row) in gdelt.LAYOUTS]
    names = gdelt.LAYOUTS[max(widths, key=widths.count) if widths else 61]
    return _as_pieces(table_chunks(source, "\t", names), gdelt.to_table)


def _read_hxl(source: Unpacked, _: Mapping[str, str]) -> Generator[Piece]:
    sep = separator(source.head)
    rows = first_rows(source.head, sep) or [[]]
    names = hxl.names_for(rows[0], rows[1:])
    return _as_pieces(table_chunks(source, sep), lambda raw: hxl.to_table(raw, names))


def _read_workbook(source: Unpacked, mapping: Mapping[str, str]) -> Generator[Piece]:
    pieces = list(workbook.chunks(source))  # a sheet is read whole
    return _columns_of_any(lambda: iter(pieces), source, mapping)


def _read_parquet(source: Unpacked, mapping: Mapping[str, str]) -> Generator[Piece]:
    return _columns_of_any(lambda: geoparquet.chunks(source), source, mapping)


def _read_geojson(source: Unpacked, mapping: Mapping[str, str]) -> Generator[Piece]:
    pieces = [geojson.read(source)]
    return _columns_of_any(lambda: iter(pieces), source, mapping)


def _read_timemap(source: Unpacked, _: Mapping[str, str]) -> Generator[Piece]:
    try:
        mapped = timemap.to_table(geojson.document(source))
    except RecursionError:
        raise SourceError("its fields are too deep", source.name, "Export the file again.") from None
    yield Piece(mapped.frame, list(range(len(mapped.frame))), mapped.notes)


def _write_as(from_table: Callable[[pd.DataFrame], pd.DataFrame]) -> Writer:
    def write(frame: pd.DataFrame, out: BinaryIO) -> None:
        table.write_text(from_table(frame), out)

    return write


def _write_timemap(frame: pd.DataFrame, out: BinaryIO) -> None:
    out.write(json.dumps(timemap.from_table(frame), ensure_ascii=False, indent=1).encode())


class _Citing(Protocol):
    """A module of a format that holds a citation."""

    def write(self, frame: pd.DataFrame, out: BinaryIO, citation: Citation | None = None) -> None: ...
    def cited(self, source: Unpacked) -> object: ...


def _citing(name: str, title: str, suffix: str, media_type: str, read: Reader, module: _Citing) -> Format:
    return Format(name, title, suffix, media_type, read, module.write, module.write, module.cited)


_CSV = "text/csv"
FORMATS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("csv", "CSV", ".csv", _CSV, _read_csv, table.write),
        _citing("xlsx", "Excel (XLSX)", ".xlsx", workbook.MEDIA_TYPE, _read_workbook, workbook),
        _citing("geojson", "GeoJSON", ".geojson", "application/geo+json", _read_geojson, geojson),
        _citing("parquet", "GeoParquet", ".parquet", geoparquet.MEDIA_TYPE, _read_parquet, geoparquet),
        Format("acled", "ACLED's columns", ".acled.csv", _CSV, _read_acled, _write_as(acled.from_table)),
        Format("hxl", "HXL", ".hxl.csv", _CSV, _read_hxl, _write_as(hxl.from_table)),
        Format("ged", "UCDP GED", ".ged.csv", _CSV, _read_ged, _write_as(ged.from_table)),
        Format("gdelt", "GDELT events", ".gdelt.tsv", "text/tab-separated-values", _read_gdelt, None),
        Format("timemap", "TimeMap JSON", ".json", "application/json", _read_timemap, _write_timemap),
    )
}
WRITTEN = tuple(name for name, f in FORMATS.items() if f.write)
"""The formats that are written."""


ATTRIBUTIONS = {module.NAME: module.ATTRIBUTION for module in (acled, ged, gdelt)}
"""What the datasets ask of those who show their rows, by the name of their format."""


def write(name: str, frame: pd.DataFrame, out: BinaryIO, citation: Citation | None = None) -> None:
    """Write a typed frame (the table's columns and, where it has them, `extra`) in one of WRITTEN.

    Raises SourceError when the format is only read, or is given a citation and has no place for it.
    """
    chosen = FORMATS[name]
    if chosen.write is None:
        raise SourceError(f"{name} is a format that is only read", name, f"Name one of {', '.join(WRITTEN)}.")
    if citation is None:
        chosen.write(frame, out)
    elif chosen.write_cited is None:
        raise SourceError("this format has no place for a citation", name, "Write it to a file beside it.")
    else:
        chosen.write_cited(frame, out, citation)


_LACKS = {module.NAME: module.LACKS for module in (acled, ged, timemap)}


def lost(name: str, frame: pd.DataFrame) -> str:
    """What of a typed frame has no place in a format, with counts of rows; nothing for a format that holds all."""
    lacking = []
    for column in _LACKS.get(name, ()):
        given = frame[column]
        held = given != frame["event_date"] if column == "event_end" else given.notna() & (given.astype("str") != "")
        lacking.append((column, int(held.sum())))
    if name in _LACKS and EXTRA in frame:
        other = (frame[EXTRA] != "") & ~frame[EXTRA].str.startswith(f'{{"{FORMAT}": "{name}"')
        lacking.append(("the fields that came by another format", int(other.sum())))
    told = ", ".join(f"{what} ({rows:,} row{'s' * (rows != 1)})" for what, rows in lacking if rows)
    return f"left out, having no place in {FORMATS[name].title}: {told}" if told else ""


def citation_text(citation: Citation) -> bytes:
    """A citation as the file that stands beside a file of events."""
    return json.dumps(citation, ensure_ascii=False, indent=1).encode() + b"\n"


def citation_of(path: Path) -> dict[str, Any] | None:
    """The citation in a file of events or beside it; None where there is none that can be read.

    Raises SourceError when the file itself cannot be read.
    """
    with unpacked(path) as source:
        within = FORMATS[recognise(source)].cited
        found = within(source) if within else beside(path)
    return found if isinstance(found, dict) and found.get("title") else None
