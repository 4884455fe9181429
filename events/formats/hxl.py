"""HXL: the project's CSV with a second row of hashtags (the Humanitarian Exchange Language, hxlstandard.org, 1.1).

The row of tags stands between the header and the data, within the first 25 rows of the file; a tag is '#date' with
attributes like '+start' in any order. The tags of FORMATS.md are used to the letter, the other columns of the table
have tags of the same make. A file of ours also carries `extra` where a row has one.
"""

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from events.formats.fields import OWN, blank, canonical_names, named, pack, plain
from events.formats.mapping import Mapped
from events.schema import COLUMNS

NAME = "hxl"
TAGS = {
    "event_id": "#event+id",
    "incident_id": "#event+id+incident",
    "event_date": "#date+start",
    "event_end": "#date+end",
    "time_precision": "#date+precision",
    "event_type": "#event+type",
    "sub_event_type": "#event+subtype",
    "actor1": "#group+name+first",
    "actor2": "#group+name+second",
    "claimant": "#meta+claimant",
    "country": "#country+name",
    "admin1": "#adm1+name",
    "place": "#loc+name",
    "place_id": "#loc+id",
    "latitude": "#geo+lat",
    "longitude": "#geo+lon",
    "geo_precision": "#geo+precision",
    "fatalities": "#affected+killed",
    "fatalities_low": "#affected+killed+min",
    "fatalities_high": "#affected+killed+max",
    "injured": "#affected+injured",
    "notes": "#description",
    "source": "#meta+source",
    "source_url": "#meta+url",
    "source_time": "#meta+date",
    "evidence": "#meta+evidence",
}
EXTRA_TAG = "#meta+extra"
ROWS = 25  # the standard: the row of tags is among these

_TAG = re.compile(r"\s*#\s*[A-Za-z][A-Za-z0-9_]*(?:\s*\+\s*[A-Za-z][A-Za-z0-9_]*)*\s*")


def recognise(header: Sequence[str], first_rows: Sequence[Sequence[str]]) -> bool:
    """Tell HXL by its row of tags: the header itself, or one of the rows under it."""
    return any(_is_tags(row) for row in (header, *first_rows[:ROWS]))


def _is_tags(row: Sequence[str]) -> bool:
    given = [str(cell) for cell in row if str(cell).strip()]
    return bool(given) and all(_TAG.fullmatch(cell) for cell in given)


def names_for(header: Sequence[str], first_rows: Sequence[Sequence[str]]) -> list[str]:
    """The table's names for the columns of a tagged file; a column with another tag or none keeps its own name."""
    tags = next((row for row in (header, *first_rows[:ROWS]) if _is_tags(row)), ())
    by_tag = {_parts(tag): name for name, tag in {**TAGS, "extra": EXTRA_TAG}.items()}
    names: list[str] = []
    for place, own in enumerate(header):
        name = by_tag.get(_parts(str(tags[place]))) if place < len(tags) else None
        names.append(name if name and name not in names else str(own))
    return names


def _parts(tag: str) -> frozenset[str]:
    return frozenset(re.sub(r"\s", "", tag).lower().split("+"))


def to_table(raw: pd.DataFrame, names: Sequence[str] | None = None) -> Mapped:
    """Read a piece of a file; the row of tags, and what stands above it, is no row of data and is taken out.

    The tags stand in a file's first piece only: give `names` (from `names_for`) with every later one.
    """
    head = raw.head(ROWS).astype("str").fillna("")
    rows = list(head.itertuples(index=False, name=None))
    tagged = next((n for n, row in enumerate(rows) if _is_tags(row)), None)
    found = list(names or names_for([str(c) for c in raw.columns], rows))
    data = raw if tagged is None else raw.iloc[tagged + 1 :]
    data = data.set_axis(canonical_names(found, {}), axis=1)
    given, notes = named(data, {}, {*OWN, "extra"}, nothing="")
    table = pd.DataFrame({n: _without_na(given[n].str.strip(), n) for n in OWN if n in given}, index=given.index)
    own = given.pop("extra") if "extra" in given else blank(given.index)
    packed = pack(given, plain(table), NAME)
    packed = packed.mask(packed == f'{{"format": "{NAME}"}}', "")
    return Mapped(table.assign(extra=own.where(own != "", packed)), tuple(notes))


_TEXTS = frozenset(column.name for column in COLUMNS if column.kind == "text")


def untagged(chunks: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Pieces of a dataset's own file, without the row of tags that whoever passed it on put under the header."""
    for n, chunk in enumerate(chunks):
        tagged = n == 0 and len(chunk) > 0 and _is_tags(chunk.iloc[0].tolist())
        yield chunk.iloc[1:] if tagged else chunk


def _without_na(given: pd.Series, name: str) -> pd.Series:
    """NA where a day or number stands else is an empty cell; as text it may be a word."""
    return given if name in _TEXTS else given.where(given != "NA", "")


def from_table(frame: pd.DataFrame, *, extra: bool | None = None, tags: bool = True) -> pd.DataFrame:
    """Give the table's columns as text under a first row of tags.

    `extra` goes out as a column of its own where it is asked for, or, by default, where any row has one;
    `tags=False` leaves out the row of tags, for every piece of a file but its first.
    """
    text = plain(frame)
    text = pd.DataFrame({n: text.get(n, "") for n in OWN}, index=frame.index, dtype="str")
    kept = frame["extra"].astype("str").fillna("") if "extra" in frame else blank(frame.index)
    if extra or (extra is None and bool((kept != "").any())):
        text["extra"] = kept
    if not tags:
        return text.reset_index(drop=True)
    top = pd.DataFrame({n: [TAGS.get(n, EXTRA_TAG)] for n in text.columns}, dtype="str")
    return pd.concat([top, text], ignore_index=True)
