"""XLSX workbooks: read from the first sheet that holds a table, written as one sheet of text, days and numbers."""

import datetime as dt
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import pandas as pd

from events.errors import SourceError, said
from events.formats.reading import LARGEST_RATIO, WIDEST, Unpacked, names_of
from events.schema import COLUMNS, outgoing

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "events"
CITATION = "Citation"  # a sheet that is never taken for a table of events beside another
MOST_ROWS = 1_048_575  # of a sheet, less its header
LONGEST_CELL = 32_767  # characters that a cell of a workbook can hold
LARGEST = 200 * 2**20
LARGEST_UNPACKED = 2 * 2**30
MOST_CELLS = 60_000_000  # twice a full sheet of the table's columns


def chunks(source: Unpacked) -> Iterator[pd.DataFrame]:
    """The first sheet with a header and a row, else with a header, as text; a day as 2020-10-02. Raises SourceError."""
    import python_calamine as calamine  # noqa: PLC0415

    if source.path.stat().st_size > LARGEST:
        raise SourceError("the workbook is larger than 200 MB", source.name, "Save it as CSV.")
    _weigh(source)
    try:
        book = calamine.load_workbook(str(source.path))
        names = [name for name in book.sheet_names if name != CITATION] or book.sheet_names
        sheets = (book.get_sheet_by_name(name).to_python(skip_empty_area=True) for name in names)
        rows: list[list[Any]] = []
        for sheet in sheets:
            rows = rows or sheet
            if len(sheet) > 1:
                rows = sheet
                break
    except (calamine.CalamineError, OSError, ValueError) as fault:
        raise SourceError(
            f"the workbook cannot be opened ({said(fault)})", source.name, "Save it anew, or as CSV."
        ) from None
    if not rows:
        raise SourceError("no sheet holds a header and a row", source.name, "Put the table on the first sheet.")
    header = names_of(_text(cell) for cell in rows[0])
    if len(header) > WIDEST:
        raise SourceError(f"it has {len(header)} columns", source.name, f"A table of events has at most {WIDEST}.")
    yield pd.DataFrame([[_text(c) for c in row] for row in rows[1:]], columns=header, dtype="str")


_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,7})["']""")


def _weigh(source: Unpacked) -> None:
    """Refuse a workbook that unpacks to far more than it is, or that spans more cells than memory holds."""
    most = max(source.path.stat().st_size * LARGEST_RATIO, 64 * 2**20)
    try:
        with zipfile.ZipFile(source.path) as archive:
            parts = archive.infolist()
            if (whole := sum(part.file_size for part in parts)) > min(most, LARGEST_UNPACKED):
                raise SourceError(f"it unpacks to {whole / 2**20:,.0f} MB", source.name, "Save it as CSV.")
            for part in parts:
                # Reading a part to its end also tells whether it has the size that it says.
                if _cells(archive, part, sheet="worksheets/" in part.filename) > MOST_CELLS:
                    raise SourceError(
                        f"a sheet spans more than {MOST_CELLS:,} cells", source.name, "Delete the empty rows below."
                    )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as fault:
        if isinstance(fault, SourceError):
            raise
        raise SourceError(f"the workbook is broken ({said(fault)})", source.name, "Save it anew, or as CSV.") from None


def _cells(archive: zipfile.ZipFile, part: zipfile.ZipInfo, *, sheet: bool) -> int:
    """How many cells a sheet spans, by the addresses in it, empty ones counted."""
    wide, long = 1, 1
    rest = b""
    with archive.open(part) as file:
        while piece := file.read(2**22):
            if sheet:
                found = _REFERENCE.findall(rest + piece)
                wide = max([wide, *map(_column_number, {letters for letters, _ in found})])
                long = max([long, *(int(number) for number in {number for _, number in found})])
                rest = piece[-40:]
    return wide * long


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    return str(value)


def cited(source: Unpacked) -> object:
    """The citation on its sheet: the last row holds it whole, as JSON."""
    import python_calamine as calamine  # noqa: PLC0415

    try:
        _weigh(source)
        book = calamine.load_workbook(str(source.path))
        rows = book.get_sheet_by_name(CITATION).to_python() if CITATION in book.sheet_names else []
        return json.loads(str(rows[-1][1])) if rows and len(rows[-1]) > 1 else None
    except (calamine.CalamineError, SourceError, OSError, ValueError, RecursionError):
        return None


def _write_citation(sheet: Any, citation: Mapping[str, Any]) -> None:
    """One row for each thing that it says, for people; the last one is the whole as JSON, to be read again."""
    lines = [*_lines(citation), ("json", json.dumps(citation, ensure_ascii=False))]
    for r, (key, text) in enumerate(lines):
        sheet.write_string(r, 0, key)
        sheet.write_string(r, 1, text[:LONGEST_CELL])
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)


def _lines(citation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in citation.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Mapping):
                yield from _lines(one)
            else:
                yield key, " = ".join(map(str, one)) if isinstance(one, list) else str(one)


def write(frame: pd.DataFrame, out: BinaryIO, citation: Mapping[str, Any] | None = None) -> None:
    """Write events as a sheet of a workbook; text is text, also where it begins like a formula or an address.

    The citation stands on a sheet of its own. Raises SourceError when there are more rows than a sheet holds.
    """
    import xlsxwriter  # noqa: PLC0415

    if len(frame) > MOST_ROWS:
        raise SourceError(f"{len(frame):,} events are more than a sheet holds", "XLSX", "Export CSV or Parquet.")
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    day, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
    sheet = book.add_worksheet(SHEET)
    kinds = {column.name: column.kind for column in COLUMNS}
    names = outgoing(frame)
    for c, name in enumerate(names):
        kind = kinds.get(name, "text")
        sheet.write_string(0, c, name, bold)
        for r, value in enumerate(frame[name].tolist(), start=1):
            if pd.isna(value) or value == "":
                continue
            if kind == "day":
                sheet.write_datetime(r, c, value.to_pydatetime(), day)
            elif kind in {"integer", "decimal"}:
                sheet.write_number(r, c, value)
            elif len(value) <= LONGEST_CELL:
                sheet.write_string(r, c, value)
            else:
                what = f"the {name} of event {frame['event_id'].iloc[r - 1]!r} is longer than a cell holds"
                raise SourceError(what, "XLSX", "Export CSV or Parquet.")
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(frame), len(names) - 1)
    if citation is not None:
        _write_citation(book.add_worksheet(CITATION), citation)
    book.close()
