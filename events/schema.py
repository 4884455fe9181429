"""The one table: its columns, what they mean, and what a row must be to be taken in.

WGS84; latitude and longitude in decimal degrees, both empty where no place is known. Dates are ISO 8601
days; `event_end` is included. Rows that cannot be used are set aside with their reasons, never mended by guess.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from events.codebook import Codebook, load_codebook
from events.errors import SourceError
from events.texts import arrow, distinct

FIRST_DAY, LAST_DAY = pd.Timestamp("1800-01-01"), pd.Timestamp("2100-12-31")
LONGEST = 20_000  # characters in a cell; the longest note seen in a real ACLED file is under 3,000
LARGEST_COUNT = 100_000_000


@dataclass(frozen=True)
class Column:
    """A column of the table: its kind (text, day, integer, decimal, moment) and its meaning."""

    name: str
    kind: str
    about: str
    required: bool = False


COLUMNS = (
    Column("event_id", "text", "The event's stable id; made from the row when empty."),
    Column("incident_id", "text", "The same for several parties' words on one happening."),
    Column("event_date", "day", "Day of the happening, local time (UTC+4 in the shipped events).", required=True),
    Column("event_end", "day", "Last day, included; equals event_date for one day."),
    Column("time_precision", "integer", "1 the day is known, 2 the week, 3 the month."),
    Column("event_type", "text", "One of the codebook's types.", required=True),
    Column("sub_event_type", "text", "One of that type's sub-types."),
    Column("actor1", "text", "Who does it, or who speaks."),
    Column("actor2", "text", "To whom or with whom; several joined with '; '."),
    Column("claimant", "text", "Whose word it is."),
    Column("country", "text", "The internationally recognised state in which the place lies."),
    Column("admin1", "text", "District or province."),
    Column("place", "text", "Where it happened, by name."),
    Column("place_id", "text", "The place's id in the gazetteer; empty when it has none."),
    Column("latitude", "decimal", "Decimal degrees north, WGS84; empty when no place is known."),
    Column("longitude", "decimal", "Decimal degrees east, WGS84; empty when no place is known."),
    Column("geo_precision", "integer", "1 the named town or village, 2 near it or its district, 3 a region."),
    Column("fatalities", "integer", "Killed, when stated for this event."),
    Column("fatalities_low", "integer", "The lowest number given."),
    Column("fatalities_high", "integer", "The highest number given."),
    Column("injured", "integer", "Injured, when stated for this event."),
    Column("notes", "text", "One sentence in the coder's own words."),
    Column("source", "text", "Who published the report."),
    Column("source_url", "text", "Where it was published."),
    Column("source_time", "moment", "When it was published, UTC: a day or a moment, ISO 8601."),
    Column("evidence", "text", "Where in the source it stands; never its sentences."),
)
NAMES = tuple(c.name for c in COLUMNS)
_KIND = {c.name: c.kind for c in COLUMNS}

EXTRA = "extra"
"""A column beside the table's: what a row's own format holds and the table does not, as a JSON object."""

FAULT = "_fault"
"""A column that a reader sets where a row could not be taken apart: the reason for which it is set aside."""


def outgoing(frame: pd.DataFrame) -> list[str]:
    """The columns of a typed frame that go into a file: the table's, and EXTRA where any row has one."""
    kept = EXTRA in frame and bool((frame[EXTRA] != "").any())
    return [*NAMES, EXTRA] if kept else list(NAMES)


@dataclass(frozen=True)
class Checked:
    """A frame of text taken apart: rows that can be used, and rows set aside with their reasons.

    `accepted` has the columns of the table, typed, and EXTRA if it came with it. `rejected` has `row` (1 is the
    first row of data), `event_id`, `field`, `value`, `reason`; a row with several faults stands there several times.
    """

    accepted: pd.DataFrame
    rejected: pd.DataFrame
    unknown_columns: tuple[str, ...]
    row_numbers: pd.Index
    """Of the accepted rows, in their file, from 0."""

    @property
    def rows_rejected(self) -> int:
        """How many rows were set aside."""
        return int(self.rejected["row"].nunique())


def check(
    frame: pd.DataFrame,
    where: str,
    codebook: Codebook | None = None,
    numbers: Sequence[int] | None = None,
    met: Counter[int] | None = None,
) -> Checked:
    """Take a frame of text (columns named as in COLUMNS, any order) apart into accepted and rejected rows.

    Where the frame is a piece of a file, `numbers` are its rows' numbers in the file, from 0 (reports count from 1),
    and `met` is one counter for all pieces, by which equal rows without an id are told apart. Raises SourceError when a
    required column is missing altogether.
    """
    codebook = codebook or load_codebook()
    missing = [c.name for c in COLUMNS if c.required and c.name not in frame.columns]
    if missing:
        raise SourceError(
            f"the column{'s' * (len(missing) > 1)} {', '.join(missing)} {'are' if len(missing) > 1 else 'is'} missing",
            where,
            f"A table of events needs at least: {', '.join(c.name for c in COLUMNS if c.required)}.",
        )
    given = _Text({n: pc.utf8_trim_whitespace(arrow(frame[n].astype("str"))) for n in NAMES if n in frame}, len(frame))
    read, faults = _read(given)
    text = _spelled(given, codebook, Counter() if met is None else met)
    faults += list(_rules(read, text, codebook))
    if FAULT in frame:
        said = frame[FAULT].to_numpy()
        # Such a row has no content: what else is wrong with it is no news.
        faults = [_Fault(f.rows[said[f.rows] == ""], f.field, f.reason) for f in faults]
        faults += [f for reason in set(said) - {""} for f in _fault(said == reason, "event_id", reason)]
    bad = np.zeros(len(frame), dtype=bool)
    bad[[row for fault in faults for row in fault.rows]] = True
    typed = _typed(read, text)
    again = (typed["event_id"].where(~bad).duplicated() & ~bad).to_numpy()  # what is set aside takes no other's id
    faults += _fault(again, "event_id", "stands in an earlier row, too")
    bad |= again
    of_file = pd.RangeIndex(len(frame)) if numbers is None else pd.Index(list(numbers))
    if EXTRA in frame:
        typed[EXTRA] = frame[EXTRA].array
    accepted = typed[~bad].reset_index(drop=True) if bad.any() else typed
    unknown = tuple(str(c) for c in frame.columns if c not in (*NAMES, EXTRA, FAULT))
    return Checked(accepted, _report(faults, given, of_file), unknown, of_file[~bad])


Mask = npt.NDArray[np.bool_]
_Values = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class _Text:
    """Columns as Arrow arrays of text; one that is not there is empty."""

    columns: Mapping[str, Any]
    rows: int

    def __getitem__(self, name: str) -> Any:
        return self.columns[name] if name in self.columns else pa.repeat(_string(""), self.rows)

    def empty(self, name: str) -> Mask:
        """Where a column holds nothing."""
        return _mask(pc.equal(self.columns[name], "")) if name in self.columns else np.ones(self.rows, dtype=bool)


def _string(text: str) -> Any:
    return pa.scalar(text, pa.large_string())


def _mask(found: Any) -> Mask:
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


@dataclass(frozen=True)
class _Fault:
    rows: npt.NDArray[np.intp]
    field: str
    reason: str


def _fault(wrong: Mask, field: str, reason: str) -> Iterator[_Fault]:
    rows = np.flatnonzero(wrong)
    if len(rows):
        yield _Fault(rows, field, reason)


def _read(text: _Text) -> tuple[_Values, list[_Fault]]:
    """The columns of days and numbers; what cannot be read becomes empty and a fault."""
    read: _Values = {}
    faults: list[_Fault] = []
    for name, given in text.columns.items():
        kind = _KIND[name]
        if kind == "moment":
            faults += _fault(~_is_moment(given), name, _WANTED[kind])
        elif kind != "text":
            read[name] = _days(given) if kind == "day" else _numbers(given, whole=kind == "integer")
            faults += _fault(np.isnan(read[name]) & ~text.empty(name), name, _WANTED[kind])
        # A look at all first: almost no column has such a cell.
        if (pc.max(pc.binary_length(given)).as_py() or 0) > LONGEST:
            too_long = _mask(pc.greater(pc.utf8_length(given), LONGEST))
            faults += _fault(too_long, name, f"is longer than {LONGEST:,} characters")
        faults += _fault(_mask(pc.match_substring(given, "\x00")), name, "holds a NUL character")
    return read, faults


_WANTED = {
    "moment": "is not an ISO 8601 day or moment, like 2020-10-02 or 2020-10-02T12:36Z",
    "day": "is not a day like 2020-10-02",
    "integer": "is not a whole number",
    "decimal": "is not a finite number of decimal degrees",
}


def _is_moment(given: Any) -> Mask:
    values = given.to_pandas()
    good = pd.to_datetime(values, format="ISO8601", errors="coerce", utc=True).notna() | (values == "")
    return np.asarray(good, dtype=bool)


def _days(given: Any) -> npt.NDArray[Any]:
    # A moment or a day in another style is not silently read as a day.
    shaped = pc.if_else(pc.match_substring_regex(given, r"^\d{4}-\d{2}-\d{2}$"), given, _string(""))
    days = pd.to_datetime(shaped.to_pandas(), format="%Y-%m-%d", errors="coerce")
    return np.asarray(days, dtype="datetime64[s]")


def _numbers(given: Any, *, whole: bool) -> npt.NDArray[Any]:
    short = pc.if_else(pc.or_(pc.equal(given, ""), pc.greater(pc.utf8_length(given), 39)), None, given)
    try:
        number = pc.cast(short, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:  # somewhere stands no number in its plain spelling
        number = pd.to_numeric(short.to_pandas(), errors="coerce").to_numpy("float64")
    sound = np.abs(number) < LARGEST_COUNT
    return np.where(sound & (number == np.round(number)) if whole else sound, number, np.nan)


def _spelled(text: _Text, codebook: Codebook, met: Counter[int]) -> _Text:
    """The columns of text with the codebook's spelling of types, and an id for each row without one."""
    columns = dict(text.columns)
    columns["event_type"] = distinct(text["event_type"], lambda given: [codebook.find_type(v) or v for v in given])
    if "sub_event_type" in columns:
        subs = columns["sub_event_type"]
        columns["sub_event_type"] = distinct(subs, lambda given: [codebook.find_sub_type(v) or v for v in given])
    nameless = text.empty("event_id")
    if nameless.any():
        joined = pc.binary_join_element_wise(*(text[n] for n in NAMES if n != "event_id"), _string("\x1f"))
        made = _ids_from_content(joined.filter(pa.array(nameless)), met)
        columns["event_id"] = pc.replace_with_mask(text["event_id"], pa.array(nameless), made)
    return _Text(columns, text.rows)


def _ids_from_content(rows: Any, met: Counter[int]) -> Any:
    """The same row gives the same id, whatever stands around it; equal rows are counted apart."""
    made = []
    for row in rows.to_pylist():
        content = hashlib.sha256(row.encode("utf-8", "replace")).hexdigest()[:16]
        number = int(content, 16)
        met[number] += 1
        made.append(f"row-{content}" if met[number] == 1 else f"row-{content}-{met[number]}")
    return pa.array(made, pa.large_string())


def _rules(read: _Values, text: _Text, codebook: Codebook) -> Iterator[_Fault]:
    """What a row must be, column by column."""
    for name in ("event_date", "event_end"):
        if name in read:
            outside = (read[name] < FIRST_DAY.to_numpy()) | (read[name] > LAST_DAY.to_numpy())
            yield from _fault(outside, name, f"lies outside {FIRST_DAY.year} to {LAST_DAY.year}")
    yield from _fault(text.empty("event_date"), "event_date", "is empty: an event needs a day")
    if "event_end" in read:
        yield from _fault(read["event_end"] < read["event_date"], "event_end", "is before event_date")
    unknown = ~_mask(pc.is_in(text["event_type"], pa.array(codebook.type_names, pa.large_string())))
    yield from _fault(unknown, "event_type", "is not a type of the codebook")
    if "sub_event_type" in text.columns:
        type_of = codebook.type_of
        own = distinct(text["sub_event_type"], lambda values: [type_of.get(value, "") for value in values])
        other = ~text.empty("sub_event_type") & ~unknown & ~_mask(pc.equal(own, text["event_type"]))
        yield from _fault(other, "sub_event_type", "is not a sub-type of its event type")
    for name in ("time_precision", "geo_precision"):
        if name in read:
            yield from _fault(~(np.isin(read[name], (1, 2, 3)) | np.isnan(read[name])), name, "is not 1, 2 or 3")
    for one, other_one, most in (("latitude", "longitude", 90), ("longitude", "latitude", 180)):
        if one in read:
            yield from _fault(np.abs(read[one]) > most, one, f"lies outside -{most} to {most}")
        alone = text.empty(one) & ~text.empty(other_one)
        yield from _fault(alone, one, f"is empty while {other_one} is given")
    for name in ("fatalities", "fatalities_low", "fatalities_high", "injured"):
        if name in read:
            yield from _fault(read[name] < 0, name, "is below zero")


def _typed(read: _Values, text: _Text) -> pd.DataFrame:
    """The table's columns, typed; an event without an end ends on its day."""
    ends = read.get("event_end", np.full(text.rows, np.datetime64("NaT", "s")))
    read = read | {"event_end": np.where(text.empty("event_end"), read["event_date"], ends)}
    nothing = np.full(text.rows, np.nan)
    columns: dict[str, Any] = {}
    for name in NAMES:
        kind = _KIND[name]
        if kind in ("text", "moment"):
            columns[name] = text[name].to_pandas()
        elif kind == "integer":
            number = read.get(name, nothing)
            missing = np.isnan(number)
            columns[name] = pd.arrays.IntegerArray(np.where(missing, 1, number).astype("int64"), missing)
        else:
            columns[name] = read.get(name, nothing)
    return pd.DataFrame(columns)


def _report(faults: list[_Fault], text: _Text, numbers: pd.Index) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "row": numbers[fault.rows] + 1,
                "event_id": text["event_id"].take(pa.array(fault.rows)).to_pandas(),
                "field": fault.field,
                "value": pc.utf8_slice_codeunits(text[fault.field].take(pa.array(fault.rows)), 0, 80).to_pandas(),
                "reason": fault.reason,
            }
        )
        for fault in faults
    ]
    if not parts:
        return pd.DataFrame({c: pd.Series(dtype="int64" if c == "row" else "str") for c in REJECTED})
    return pd.concat(parts, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)


REJECTED = ("row", "event_id", "field", "value", "reason")
