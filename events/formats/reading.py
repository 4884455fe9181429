"""Files as they come: packed or not, in which encoding, with which separator. Bounded in size.

A file is read in pieces, so that memory does not grow with it.
"""

import codecs
import csv
import gzip
import io
import json
import re
import sys
import tempfile
import threading
import zipfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from events.errors import SourceError, said
from events.schema import FAULT

LARGEST_UNPACKED = 8 * 2**30  # bytes
LARGEST_RATIO = 300  # unpacked ÷ packed; tables pack 5 to 20 times, a bomb a thousand times and more
HEAD = 256 * 1024
BLOCK = 8 * 2**20  # bytes of a table that are read at once
WIDEST = 1000  # columns
MOST_FAULTS = 1_000_000  # rows with too many or too few cells
BOM = b"\xef\xbb\xbf"

# What unpacking raises beside OSError and ValueError.
_BROKEN = (EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error)

MEND_TEXT = "Save the table as CSV in UTF-8."


@dataclass(frozen=True)
class Unpacked:
    """A plain file to read, and what it is called for people."""

    path: Path
    name: str
    head: bytes


BESIDE = ".citation.json"
"""Ends the name of a file's citation, where the format has no place for one."""
LARGEST_CITATION = 2**20  # bytes


def beside(path: Path) -> object:
    """The citation that stands beside a file, or with it in one archive, parsed; None where none can be read."""
    try:
        if _head(path).startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(path) as archive:
                name = next(name for name in archive.namelist() if name.endswith(BESIDE))
                with archive.open(name) as packed:
                    text = packed.read(LARGEST_CITATION + 1)
        else:
            with path.with_name(path.name + BESIDE).open("rb") as file:
                text = file.read(LARGEST_CITATION + 1)
        return json.loads(text) if len(text) <= LARGEST_CITATION else None
    except (OSError, ValueError, StopIteration, RecursionError, *_BROKEN):
        return None


@contextmanager
def unpacked(path: Path) -> Iterator[Unpacked]:
    """Give a file as plain bytes: .gz and .zip (of one file) are unpacked to a temporary file first.

    Raises SourceError when it cannot be read, is empty, or unpacks to more than is allowed.
    """
    head = _head(path)
    if head.startswith(b"\x1f\x8b"):
        with _unpack(path, _open_gzip) as plain:
            yield Unpacked(plain, str(path), _head(plain))
    elif head.startswith(b"PK\x03\x04") and not _is_workbook(path):
        with _unpack(path, _open_zip) as plain:
            yield Unpacked(plain, str(path), _head(plain))
    else:
        yield Unpacked(path, str(path), head)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except FileNotFoundError:
        raise SourceError("there is no such file", str(path), "Check the path.") from None
    except OSError as fault:
        what = f"it cannot be read ({fault.strerror or said(fault)})"
        raise SourceError(what, str(path), "Check that it is a file you may read.") from None
    if not head.strip():
        raise SourceError("the file is empty", str(path), "A table of events needs a header row and rows.")
    return head


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as fault:
        raise SourceError(f"the archive is broken ({said(fault)})", str(path), "Fetch or pack it again.") from None


def _open_gzip(path: Path) -> IO[bytes]:
    return io.BufferedReader(gzip.open(path))


def _open_zip(path: Path) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    files = [
        entry
        for entry in archive.infolist()
        if not entry.filename.endswith(("/", BESIDE))
        and not entry.filename.startswith("__MACOSX/")
        and "/." not in f"/{entry.filename}"
    ]
    if len(files) != 1:
        raise SourceError(
            f"the archive holds {len(files)} files", str(path), "Pack one table, or give the files apart."
        )
    if files[0].flag_bits & 0x1:
        raise SourceError("the archive is locked with a password", str(path), "Unpack it first.")
    return archive.open(files[0])


@contextmanager
def _unpack(path: Path, opener: Any) -> Iterator[Path]:
    most = min(LARGEST_UNPACKED, max(path.stat().st_size * LARGEST_RATIO, 64 * 2**20))
    with tempfile.TemporaryDirectory(prefix="contact-line-") as folder:
        plain = Path(folder) / "unpacked"
        try:
            with opener(path) as packed, plain.open("wb") as out:
                _copy(packed, out, most, path)
        except (OSError, ValueError, *_BROKEN) as fault:
            if isinstance(fault, SourceError):
                raise
            raise SourceError(f"it cannot be unpacked ({said(fault)})", str(path), "Fetch or pack it again.") from None
        yield plain


def _copy(packed: IO[bytes], out: IO[bytes], most: int, path: Path) -> None:
    written = 0
    while piece := packed.read(2**20):
        written += len(piece)
        if written > most:
            raise SourceError(
                f"it unpacks to more than {most / 2**20:,.0f} MB", str(path), "Unpack it yourself if you trust it."
            )
        out.write(piece)


def separator(head: bytes) -> str:
    """The separator of a table's first line: tab, semicolon or comma, whichever stands there most often."""
    line = re.split(rb"[\r\n]", head.removeprefix(BOM).lstrip(b"\r\n"), maxsplit=1)[0]
    return max((",", ";", "\t"), key=lambda s: line.count(s.encode()))


def first_rows(head: bytes, sep: str, most: int = 20) -> list[list[str]]:
    """The first rows of a table, taken apart; what is cut off at the end is left out."""
    text = head.decode("utf-8-sig", "replace")
    if len(head) >= HEAD:
        text = text[: text.rfind("\n")]
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=sep):
            if row:
                rows.append(row)
            if len(rows) == most:
                break
    except csv.Error:
        return rows
    return rows


def names_of(header: Iterable[str]) -> list[str]:
    """The names of a file's columns: one without a name, or with one that stands there already, gets a number."""
    names: list[str] = []
    for n, given in enumerate(header):
        name = own = unguarded(given.strip()) or f"_unnamed_{n}"
        again = 1
        while name in names or name == FAULT:
            again += 1
            name = f"{own} ({again})"
        names.append(name)
    return names


# ── tables of text ──────────────────────────────────────────────────────────────────────────────────────────

GUARD = r"'('*[=+\-@\t\r\n＝＋－＠])"
"""What a guarded text begins with; the group is what it began with before."""


def unguarded(text: str) -> str:
    """Text without the apostrophe that `table.guarded` puts before what a spreadsheet would take for a formula."""
    return text[1:] if re.match(GUARD, text) else text


def table_chunks(source: Unpacked, sep: str, names: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
    """A table in pieces of text columns, at least one; `names` where the file has no header row.

    The index of a piece is the row's number in the file, from 0; lines without a letter are no rows. A row with too
    many or too few cells is kept, with empty cells and the column FAULT, so that it is set aside and not lost.
    """
    import pyarrow as pa  # noqa: PLC0415

    columns = list(names) if names else _columns(source, sep)
    faults = _Faults(source, skipped=0 if names else 1 + _blank_lines(source.head))
    try:
        with source.path.open("rb") as file:
            stream = _Stream(file, source, sep.join([_END] * len(columns)))
            yield from _numbered(stream.batches(_reader(stream, sep, columns, faults)), columns, faults)
    except pa.ArrowInvalid as fault:
        raise faults.refusal(fault) from None


_END = "\x1e the end \x1e"  # the row after the last: where it does not come out by itself, a quote was left open


class _Stream(io.RawIOBase):
    """A table's bytes, told to be UTF-8, and one row more behind them.

    Arrow's reader takes 32 blocks ahead in a thread of its own. Here it gets AHEAD of them, and more only where it asks
    for more without having given a batch (a row may be longer than a block).
    """

    AHEAD = 4
    PATIENCE = 0.1  # seconds

    def __init__(self, file: IO[bytes], source: Unpacked, end: str) -> None:
        self._lead = 0  # blocks given, less batches taken
        self._asked, self._over = True, False
        self._changed = threading.Condition()
        self._ended = threading.Event()
        self._file, self._source = file, source
        self._end = f"\n{end}\n".encode()
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._at = 0

    def readable(self) -> bool:
        return True

    def batches(self, reader: Iterable[Any]) -> Iterator[Any]:
        """What a reader makes of the stream; when this is closed, the stream is at its end."""
        taken = iter(reader)
        try:
            while (batch := next(taken, None)) is not None:
                self._tell(asked=False)
                yield batch
                self._tell(asked=True)
        finally:
            # Arrow's thread is not to call here once more while the program ends.
            with self._changed:
                self._over = True
                self._changed.notify()
            self._ended.wait(1)

    def _tell(self, *, asked: bool) -> None:
        with self._changed:
            self._asked = asked
            self._lead -= not asked
            self._changed.notify()

    def _wait(self) -> None:
        with self._changed:
            while self._lead >= self.AHEAD and not self._over:
                if not self._changed.wait(self.PATIENCE) and self._asked:
                    break
            self._lead += 1

    def read(self, size: int = -1, /) -> bytes:
        self._wait()
        if self._over:
            self._ended.set()
            return b""
        piece = self._file.read(size)
        before = len(self._decoder.getstate()[0])
        try:
            self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as fault:
            self._ended.set()
            at = self._at - before + fault.start + 1
            raise SourceError(f"byte {at:,} is not UTF-8", self._source.name, MEND_TEXT) from None
        self._at += len(piece)
        if len(piece) < size:  # at the end: what is read last has whole lines
            piece, self._end = (piece + self._end)[:size], (piece + self._end)[size:]
        if not piece:
            self._ended.set()
        return piece


class _Faults:
    """The rows of a table that have too many or too few cells: their numbers in the file, from 0, and the reason."""

    def __init__(self, source: Unpacked, skipped: int) -> None:
        # Arrow's thread puts rows in, of blocks ahead too, while others are taken out.
        self._rows: deque[tuple[int, str]] = deque()
        self._source, self.skipped, self._count = source, skipped, 0

    def keep(self, row: Any) -> str:
        """Set a row aside; stop where there are too many."""
        self._count += 1
        reason = f"has {row.actual_columns} cells where the header has {row.expected_columns}"
        self._rows.append((row.number - 1 - self.skipped, sys.intern(reason)))
        return "skip" if self._count <= MOST_FAULTS else "error"

    def refusal(self, fault: Exception) -> SourceError:
        """Why the table cannot be taken apart at all."""
        what = f"the table cannot be taken apart ({said(fault)})"
        if self._count > MOST_FAULTS:
            what = f"more than {MOST_FAULTS:,} rows have more or fewer cells than the header"
        elif "straddling" in str(fault):
            what = f"a row is longer than {BLOCK // 2**20} MB, or a quote is never closed"
        return SourceError(what, self._source.name, MEND_TEXT)

    def unclosed(self, row: int) -> SourceError:
        """The refusal of a table whose last row runs to the end of the file."""
        return SourceError(f"a quote in row {row + 1:,} is never closed", self._source.name, "Close or remove it.")

    def take(self, columns: Sequence[str]) -> pd.DataFrame:
        """What was set aside since, as rows without content; their numbers are the index."""
        rows = [self._rows.popleft() for _ in range(len(self._rows))]
        frame = pd.DataFrame(dict.fromkeys(columns, ""), index=[n for n, _ in rows], dtype="str")
        frame[FAULT] = pd.Series([reason for _, reason in rows], index=frame.index, dtype="str")
        return frame


def _blank_lines(head: bytes) -> int:
    """How many lines without a letter stand before the header."""
    text = head.removeprefix(BOM)
    return len(re.findall(rb"\r\n|\r|\n", text[: len(text) - len(text.lstrip(b"\r\n"))]))


def _columns(source: Unpacked, sep: str) -> list[str]:
    rows = first_rows(source.head, sep, most=1)
    if not rows:
        raise SourceError("its first row is no header", source.name, "Put the names of the columns there.")
    if len(rows[0]) > WIDEST:
        raise SourceError(f"it has {len(rows[0])} columns", source.name, f"A table of events has at most {WIDEST}.")
    return names_of(rows[0])


def _reader(stream: _Stream, sep: str, columns: Sequence[str], faults: _Faults) -> Any:
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv as pacsv  # noqa: PLC0415

    numbered = [str(n) for n in range(len(columns))]
    return pacsv.open_csv(
        stream,
        read_options=pacsv.ReadOptions(
            block_size=BLOCK, column_names=numbered, skip_rows_after_names=faults.skipped, use_threads=False
        ),
        parse_options=pacsv.ParseOptions(delimiter=sep, newlines_in_values=True, invalid_row_handler=faults.keep),
        convert_options=pacsv.ConvertOptions(
            column_types={name: pa.string() for name in numbered}, strings_can_be_null=False
        ),
    )


def _numbered(reader: Any, columns: Sequence[str], faults: _Faults) -> Iterator[pd.DataFrame]:
    at, last, ended, told = 0, 0, False, False
    missing: list[int] = []  # numbers of rows that are set aside, and are not passed yet
    for batch in reader:
        aside = faults.take(columns)
        missing = [n for n in missing if n >= at] + aside.index.tolist()
        rows = batch.num_rows
        numbers = np.setdiff1d(np.arange(at, at + rows + len(missing)), missing)[:rows]
        if rows:
            at = int(numbers[-1]) + 1
            ended = batch.column(0)[rows - 1].as_py() == _END
        frame: pd.DataFrame = _without_guards(batch).to_pandas().set_axis(columns, axis=1).set_axis(numbers)
        frame = frame.iloc[:-1] if ended else frame
        if len(frame) or not told:
            yield frame
        told = True
        if len(aside):
            last = int(aside.index[-1])
            yield aside
    if not ended:
        raise faults.unclosed(max(at - 1, last))


def _without_guards(batch: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    columns = batch.columns
    for n, column in enumerate(columns):
        if pc.any(pc.starts_with(column, "'")).as_py():
            columns[n] = pc.replace_substring_regex(column, "^" + GUARD, r"\1")
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
