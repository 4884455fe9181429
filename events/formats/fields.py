"""What the mappings of ACLED, GED and HXL share: names of columns, days and numbers in one spelling, and `extra`.

`extra` is a JSON object of text, one for each row. It holds what the table's columns do not hold letter for letter
(`timestamp`, `assoc_actor_1`, a latitude written 39.8170), and under `format` the format that the row came in by, so
that no other format takes these fields for its own. An empty field is kept only where the table would print one.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from events.schema import COLUMNS
from events.texts import arrow, each

FORMAT = "format"  # the key in `extra` that names the format
OWN = tuple(c.name for c in COLUMNS if c.name != "extra")

_KIND = {c.name: c.kind for c in COLUMNS if c.name != "extra"}
_NOT_OF_THE_FILE = "_fault"  # the reader's word on a broken row
_NAMELESS = re.compile(r"\s*|_unnamed_\d+|Unnamed: \d+")
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
TIME = re.compile(r"[T ]([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?) ?(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?$")
"""A clock time behind a day."""
SLASHED = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})")
_MIDNIGHT = re.compile(rf"({_ISO})[ T]00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?")
_DAY_MONTH_YEAR = re.compile(r"([0-9]{1,2})[ -]+([A-Za-z]{3,9})[ ,-]+([0-9]{4}|[0-9]{2})")
_MONTHS: tuple[str, ...] = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
)
_MONTHS += ("november", "december")
# Numbers that are printed with the very letters they are written in; all others are looked at one by one.
_AS_PRINTED = {
    "integer": r"(?:0|-?[1-9][0-9]{0,14})",
    "decimal": r"(?:0|-?[1-9][0-9]{0,2}|-?[1-9][0-9]{0,2}\.[0-9]{0,9}[1-9]|-?0\.[0-9]{0,2}[1-9])",
}
_TO_ESCAPE = r'["\\\x00-\x1f]'
_DECODER = json.JSONDecoder()
_COUNTED = re.compile(r"(.*): ([0-9,]+) rows?", re.DOTALL)


def counted(what: str, rows: int) -> str:
    """Put the number of rows behind a note."""
    return f"{what}: {rows:,} row{'s' * (rows != 1)}"


def merge_notes(notes: Iterable[str]) -> tuple[str, ...]:
    """The notes of several pieces of a file as one: rows are added up, the same note stands once."""
    rows: dict[str, int | None] = {}
    for note in notes:
        found = _COUNTED.fullmatch(note)
        if found is None:
            rows.setdefault(note)
        else:
            rows[found[1]] = (rows.get(found[1]) or 0) + int(found[2].replace(",", ""))
    return tuple(what if n is None else counted(what, n) for what, n in rows.items())


def value_notes(column: str, given: pd.Series, became: pd.Series, most: int = 30) -> list[str]:
    """One note for each value that was mapped to another, the commonest first."""
    other = given != became
    if not other.any():
        return []
    pairs = (given[other].map(repr) + " → " + became[other].map(repr)).value_counts()
    notes = [counted(f"{column} {pair}", int(rows)) for pair, rows in pairs.head(most).items()]
    return notes + (
        [counted(f"{column}: other values mapped", int(pairs.iloc[most:].sum()))] if len(pairs) > most else []
    )


# ── columns ──────────────────────────────────────────────────────────────────────────────────────────────────


def canonical_names(header: Sequence[str], aliases: Mapping[str, str]) -> list[str]:
    """A format's own names for the columns of a file: lower case, older names as today's, none twice."""
    taken = {FORMAT}
    names = []
    for given in header:
        name = str(given).strip().lower()
        name = aliases.get(name, name)
        while name in taken:
            name += "_2"
        taken.add(name)
        names.append(name)
    return names


def named(
    raw: pd.DataFrame, aliases: Mapping[str, str], known: Iterable[str], *, nothing: str = "NA"
) -> tuple[pd.DataFrame, list[str]]:
    """The file's columns as text under the format's own names, `nothing` emptied.

    A column of row numbers without a name is left out.
    """
    notes = []
    columns: dict[str, pd.Series] = {}
    known = set(known)
    for place, (given, name) in enumerate(zip(raw.columns, canonical_names(list(raw.columns), aliases), strict=True)):
        if name == _NOT_OF_THE_FILE:
            continue
        column = _text(raw.iloc[:, place], nothing)
        if _NAMELESS.fullmatch(str(given)):
            if column.str.fullmatch("[0-9]*").all():
                notes.append("a column of row numbers without a name is left out")
                continue
            name = f"unnamed_{place + 1}"  # noqa: PLW2901
        columns[name] = column
        if name not in known:
            notes.append(f"column {str(given)!r} is not one of the format's; it is kept")
        elif str(given).strip().lower() != name:
            notes.append(f"column {str(given)!r} is read as {name!r}")
    return pd.DataFrame(columns, index=raw.index), notes


def _text(column: pd.Series, nothing: str) -> pd.Series:
    text = column.astype("str")
    if text.hasnans:
        text = text.fillna("")
    empty = text == nothing
    return text.mask(empty, "") if empty.any() else text


def words(text: str) -> tuple[str, ...]:
    """Names of columns, apart by blanks, as a tuple."""
    return tuple(text.split())


def with_others(header: tuple[str, ...], names: Iterable[object]) -> tuple[str, ...]:
    """A header, and behind it the names that are not in it."""
    return (*header, *(name for name in map(str, names) if name not in header))


def column(raw: pd.DataFrame, name: str) -> pd.Series:
    """A column without blanks around its values; empty where the file has none."""
    return raw[name].str.strip() if name in raw else blank(raw.index)


def unprefixed(ids: pd.Series, prefix: str) -> pd.Series:
    """Ids without the name of their dataset where a number follows it; others as they are."""
    return ids.where(~ids.str.fullmatch(f"{prefix}[0-9]+"), ids.str.removeprefix(prefix))


def blank(index: pd.Index) -> pd.Series:
    """A column of empty text."""
    return pd.Series("", index=index, dtype="str")


# ── days and numbers ─────────────────────────────────────────────────────────────────────────────────────────


def day_first(values: Iterable[str]) -> bool | None:
    """Whether days like 10/02/2020 in a column begin with the day; None when a column does not tell, or tells both."""
    found = [m for v in values if (m := slashed(v))]
    days, months = any(int(m[1]) > 12 for m in found), any(int(m[2]) > 12 for m in found)
    return days if days != months else None


def slashed(value: str) -> re.Match[str] | None:
    """The three numbers of a day like 10/02/2020 or 10-02-2020, of which two may be the month; a clock time is left."""
    return SLASHED.fullmatch(TIME.sub("", value.strip()[:60]))


def days(given: pd.Series, slashes: bool | None) -> pd.Series:
    """Days as 2020-10-02: from '28 December 2022', '01-January-2015', '9-May-20', '2020-09-27 00:00:00.000'.

    What is none of these stays as it is; two digits are a year from 1997 (where ACLED begins) to 2096. `slashes` is
    what `day_first` says of the whole column.
    """
    odd = ~given.str.fullmatch(_ISO) & (given != "")
    return given.where(~odd, each(given.where(odd, ""), lambda text: day(text, slashes))) if odd.any() else given


def day(text: str, slashes: bool | None = None) -> str:
    """One day as 2020-10-02, or the text as it is where it cannot be read for certain."""
    if found := _MIDNIGHT.fullmatch(text):
        return found[1]
    if slashes is not None and (found := slashed(text)):
        months_first = (found[3], found[1], found[2]) if not slashes else (found[3], found[2], found[1])
        return _date(*map(int, months_first)) or text
    found = _DAY_MONTH_YEAR.fullmatch(text)
    word = found[2].lower() if found else ""
    months = [n for n, name in enumerate(_MONTHS, 1) if word and word in (name, name[:3], name[:4])]
    if found is None or len(months) != 1:
        return text
    year = int(found[3])
    if len(found[3]) == 2:
        year += 1900 if year >= 97 else 2000
    return _date(year, months[0], int(found[1])) or text


def _date(year: int, month: int, day_of_month: int) -> str:
    try:
        return dt.date(year, month, day_of_month).isoformat()
    except ValueError:  # no such day
        return ""


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The table's columns of a typed frame, or of a frame of text, as text in one spelling: 2020-10-02, 3, 39.52."""
    return pd.DataFrame({n: _plain(frame[n], _KIND[n]) for n in frame.columns if n in _KIND}, index=frame.index)


def _plain(given: pd.Series, kind: str) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(given):
        shown = {v: v.date().isoformat() for v in given.dropna().unique()}
        return given.map(shown).astype("str").fillna("")
    if pd.api.types.is_numeric_dtype(given):
        return given.map({v: _shown(v) for v in given.dropna().unique()}).astype("str").fillna("")
    text = given.astype("str").fillna("").str.strip()
    odd = ~text.str.fullmatch(_AS_PRINTED[kind]) & (text != "") if kind in _AS_PRINTED else None
    if odd is None or not odd.any():
        return text
    number = pd.to_numeric(text[odd].where(text[odd].str.len() < 40, ""), errors="coerce").astype("float64")
    number = number[number.abs() < 1e15]
    text = text.copy()
    text.loc[number.index] = number.map({v: _shown(v) for v in number.unique()}).astype("str")
    return text


def _shown(number: Any) -> str:
    return str(int(number)) if number == int(number) else repr(float(number))


# ── extra ────────────────────────────────────────────────────────────────────────────────────────────────────


def pack(raw: pd.DataFrame, printed: pd.DataFrame, name: str) -> pd.Series:
    """`extra` for rows of the format `name`: every field of the file that is not what the table would print."""
    mark = pa.repeat(_string(json.dumps({FORMAT: name})[:-1]), len(raw))
    members = []
    for column_name in sorted(raw.columns):  # the same object whatever the order of the file
        held = raw[column_name] != printed.get(column_name, "")
        if held.any():
            members.append(_member(column_name, raw[column_name].where(held)))
    # The brace is a member, too, so that the rows are joined in one go.
    joined = pc.binary_join_element_wise(mark, *members, _string("}"), _string(""), null_handling="skip")
    packed: pd.Series = joined.to_pandas()  # no copy
    return packed.astype("str").set_axis(raw.index)


def _member(name: str, given: pd.Series) -> Any:
    """One member of the objects, as text, each distinct value written once; null where the row has none."""
    coded = arrow(given).dictionary_encode()
    begin, values = f", {json.dumps(name, ensure_ascii=False)}: ", coded.dictionary
    if pc.any(pc.match_substring_regex(values, _TO_ESCAPE)).as_py():
        written = pa.array([begin + json.dumps(v, ensure_ascii=False) for v in values.to_pylist()], pa.large_string())
    else:
        written = pc.binary_join_element_wise(_string(begin + '"'), values, _string('"'), _string(""))
    return written.take(coded.indices)


def _string(text: str) -> Any:
    return pa.scalar(text, pa.large_string())


def unpack(frame: pd.DataFrame, name: str) -> tuple[pd.Series, pd.DataFrame]:
    """Which rows came in by the format `name`, and the fields that their `extra` holds (missing: not held)."""
    given = frame["extra"] if "extra" in frame else blank(frame.index)
    rows = [_members(text, name) for text in given]
    ours = pd.Series([bool(row) for row in rows], index=frame.index, dtype="bool")
    held: dict[str, pd.Series] = {}
    for key in dict.fromkeys(key for row in rows for key in row):
        if key != FORMAT:
            values = [row.get(key) for row in rows]
            values = [v if v is None or isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in values]
            held[key] = pd.Series(values, index=frame.index, dtype="str")
    return ours, pd.DataFrame(held, index=frame.index)


def _members(text: Any, name: str) -> dict[str, Any]:
    if not isinstance(text, str) or not text.startswith("{"):
        return {}
    try:
        found, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return {}
    return found if end == len(text) and found.get(FORMAT) == name else {}


def give_back(
    frame: pd.DataFrame,
    name: str,
    now: pd.DataFrame,
    printed: pd.DataFrame,
    read: Callable[[pd.DataFrame], pd.DataFrame],
    feeds: Mapping[str, Sequence[str]],
) -> tuple[pd.Series, pd.DataFrame]:
    """Which rows came by the format, and its fields: those kept in `extra`, letter for letter, else as printed.

    `now` is the frame as text, `printed` what the format's fields are by it alone, `feeds` the fields that each column
    of the table is read from. A kept field that no longer says what the table says (the row was corrected since) gives
    way to the table.
    """
    ours, held = unpack(frame, name)
    back = printed.copy()
    for key in held:
        back[key] = held[key].where(held[key].notna(), printed.get(key, ""))
    if len(held.columns):
        again = plain(read(back))
        for table_column, fields in feeds.items():
            corrected = ours & (again[table_column] != now[table_column])
            if corrected.any():
                for field in fields:
                    if field in back:
                        back[field] = back[field].where(~corrected, printed.get(field, ""))
    return ours, back
