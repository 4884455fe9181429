"""CSV with this project's columns, and text tables of other formats, as they are written.

A spreadsheet takes a cell that begins with = + - @ (or with a tab or the end of a line) for a formula. Such a text goes
out behind an apostrophe, and so does one that begins with apostrophes and then such a sign; `reading.table_chunks`
takes one apostrophe away where it guards such a sign. What is written therefore reads letter for letter. Numbers in
columns of numbers stay as they are.
"""

import csv
import io
from typing import BinaryIO, Literal

import pandas as pd

from events.formats.reading import GUARD
from events.schema import COLUMNS, EXTRA, outgoing

_TEXTS = frozenset(c.name for c in COLUMNS if c.kind in ("text", "moment")) | {EXTRA}
_NEEDS = GUARD.removeprefix("'")
_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"


def guarded(text: pd.Series, *, numbers: bool) -> pd.Series:
    """Text that no spreadsheet takes for a formula; with `numbers`, a plain number stays as it is."""
    # Most columns have no such cell: the first letters alone are looked at for each row.
    if not text.str.slice(0, 1).isin([*"'=+-@\t\r\n＝＋－＠"]).any():
        return text
    needs = text.str.match(_NEEDS)
    if numbers:
        needs &= ~text.str.fullmatch(_NUMBER)
    return text.where(~needs, "'" + text)


def write(frame: pd.DataFrame, out: BinaryIO) -> None:
    """Write events as CSV: UTF-8, LF, days as 2020-10-02, empty cells for what is not known."""
    own = frame[outgoing(frame)]
    own = own.assign(**{n: guarded(own[n], numbers=False) for n in own.columns if n in _TEXTS})
    _write(own, out, _quoting(own, [n for n in own.columns if n in _TEXTS]))


def write_text(frame: pd.DataFrame, out: BinaryIO) -> None:
    """Write a frame of text: UTF-8, LF; numbers stay bare but in the table's own columns of text."""
    safe = pd.DataFrame({n: guarded(frame[n].astype("str"), numbers=n not in _TEXTS) for n in frame.columns})
    safe.columns = pd.Index(guarded(pd.Series(safe.columns, dtype="str"), numbers=False))
    _write(safe, out, _quoting(safe, list(safe.columns)))


def _write(frame: pd.DataFrame, out: BinaryIO, quoting: Literal[0, 1]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        frame.to_csv(text, index=False, lineterminator="\n", date_format="%Y-%m-%d", quoting=quoting)
    finally:
        text.detach()  # the stream is the caller's to close


def _quoting(frame: pd.DataFrame, texts: list[str]) -> Literal[0, 1]:
    # Python 3.11 leaves a carriage return without quotes where lines end with LF; it would end the row for a reader.
    returns = any(frame[n].str.contains("\r", regex=False).any() for n in texts)
    return csv.QUOTE_ALL if returns or any("\r" in n for n in frame.columns) else csv.QUOTE_MINIMAL
