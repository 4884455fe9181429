"""UCDP GED: the Georeferenced Event Dataset, one row for each event of organised violence with at least one death.

Facts, from the UCDP GED codebooks (ucdp.uu.se/downloads; versions 18.1 to 25.1) and the headers of the files:

* 49 columns since 21.1 (`HEADER`); 42 before (`HEADER_42`). Monthly candidate files have come without a header row:
  `names_for` gives the names of their columns.
* type_of_violence: 1 state-based and 2 non-state (both sides organised) are Battles/Armed clash; 3 one-sided (against
  civilians) is Violence against civilians/Attack. GED tells no weapon, so no event becomes shelling or a strike.
* An event lasts from date_start to date_end, written '2020-09-27 00:00:00.000'. date_prec: 1 the day is known → 1;
  2 two to six days, 3 a week → 2; 4 a month, 5 a year → 3.
* where_prec: 1 the exact place → 1; 2 within about 25 km, 3 a district → 2; 4 a province, 5 a line or larger area,
  6 the country, 7 sea or air → 3.
* best, low and high are counts of deaths. low ≤ best ≤ high does not hold in every row: kept as it is, and a note.
* source_original is who said it in the first place: the table's claimant. source_office published it; older rows
  have only source_article, which holds office, day and headline in one. source_date is taken as source_time where it
  is one day; rows with several sources have several, joined with ';'.
* where_description is the coder's account of the place: the table's notes. The headlines, the conflict's and the
  dyad's names, deaths by side and all other fields are in `extra` and go back from there.

* id is a number; it is the table's as 'ged-900001', since other datasets have numbers, too.

GED lacks the columns `LACKS`. A row of other origin goes out with those fields that follow for certain;
type_of_violence only for violence against civilians. The type of any other row stands in columns behind GED's own,
`OURS`, and comes back from there.
"""

from collections.abc import Sequence

import pandas as pd

from events.formats.attribution import Attribution
from events.formats.fields import (
    OWN,
    blank,
    canonical_names,
    column,
    counted,
    day,
    day_first,
    days,
    give_back,
    named,
    pack,
    plain,
    unpack,
    unprefixed,
    value_notes,
    with_others,
    words,
)
from events.formats.mapping import Mapped
from events.schema import LONGEST
from events.texts import each

NAME = "ged"
HEADER = words(
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name "
    "dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b "
    "number_of_sources source_article source_office source_date source_headline source_original where_prec "
    "where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id "
    "region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high "
    "low gwnoa gwnob"
)
"""The 49 columns since 21.1."""
HEADER_42 = words(
    "id year active_year type_of_violence conflict_new_id conflict_name dyad_new_id dyad_name side_a_new_id gwnoa "
    "side_a side_b_new_id gwnob side_b number_of_sources source_article source_office source_date source_headline "
    "source_original where_prec where_coordinates adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country "
    "country_id region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown "
    "low best high"
)
"""The 42 columns of 18.1 to 20.1."""
LACKS = ("incident_id", "place_id", "injured", "source_url", "evidence")
"""Columns of the table for which GED has no place."""

OURS = ("event_type", "sub_event_type")
PREFIX = "ged-"

_ALIASES = {"best_est": "best", "low_est": "low", "high_est": "high"}  # before 18.1
_DAYS = ("date_start", "date_end")
_SAME = {
    "event_id": "id",
    "event_date": "date_start",
    "event_end": "date_end",
    "actor1": "side_a",
    "actor2": "side_b",
    "claimant": "source_original",
    "country": "country",
    "admin1": "adm_1",
    "place": "where_coordinates",
    "latitude": "latitude",
    "longitude": "longitude",
    "fatalities": "best",
    "fatalities_low": "low",
    "fatalities_high": "high",
    "notes": "where_description",
    "source": "source_office",
}
_FEEDS = {name: (field,) for name, field in _SAME.items()} | {
    "event_date": ("date_start", "year"),
    "time_precision": ("date_prec",),
    "event_type": ("type_of_violence", *OURS),
    "sub_event_type": ("type_of_violence", *OURS),
    "geo_precision": ("where_prec",),
    "source_time": ("source_date",),
}
_TYPES = {"1": "Battles", "2": "Battles", "3": "Violence against civilians"}
_SUB_TYPES = {"1": "Armed clash", "2": "Armed clash", "3": "Attack"}
_DATE_PREC = {"1": "1", "2": "2", "3": "2", "4": "3", "5": "3"}
_WHERE_PREC = {"1": "1", "2": "2", "3": "2", "4": "3", "5": "3", "6": "3", "7": "3"}
_BACK = {"1": "1", "2": "2", "3": "4"}  # a precision of the table as date_prec and as where_prec

ATTRIBUTION = Attribution(
    "UCDP GED",
    "Sundberg, Ralph, and Erik Melander (2013): Introducing the UCDP Georeferenced Event Dataset. Journal of Peace "
    "Research 50(4), 523-532; with the article that UCDP names for your version: https://ucdp.uu.se/downloads",
    "CC BY 4.0: name UCDP and the version, and state what was changed.",
    "type_of_violence 1 and 2 stand as Battles/Armed clash, 3 as Violence against civilians/Attack; where_prec and "
    "date_prec are brought to three steps. No place, actor or number was changed.",
)

# ── recognise ────────────────────────────────────────────────────────────────────────────────────────────────

_MARKS = {"type_of_violence", "date_start", "side_a", "side_b", "best"}


def recognise(header: Sequence[str], first_rows: Sequence[Sequence[str]]) -> bool:
    """Tell GED by its names of columns, or, where the first row is data already, by what stands where."""
    return set(canonical_names(header, _ALIASES)) >= _MARKS or names_for(header) is not None


def names_for(first_row: Sequence[str]) -> tuple[str, ...] | None:
    """The names of the columns of a file without a header row, told by its first row; None where it is no such row."""
    return next(
        (
            names
            for names in (HEADER, HEADER_42)
            if _is_data(dict(zip(names, first_row, strict=False)), len(names) - len(first_row))
        ),
        None,
    )


def _is_data(cells: dict[str, str], missing: int) -> bool:
    if missing:
        return False
    given = {name: str(value).strip() for name, value in cells.items()}
    starts = [day(given[name]) for name in ("date_start", "date_end")]
    return (
        given["id"].isdecimal()
        and given["type_of_violence"] in _TYPES
        and given["where_prec"] in _WHERE_PREC
        and given["date_prec"] in _DATE_PREC
        and all(len(text) == 10 and text[4] == text[7] == "-" for text in starts)
        and all(given[name].isdecimal() for name in ("best", "low", "high"))
    )


# ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────


def to_table(raw: pd.DataFrame, *, slashes: bool | None = None) -> Mapped:
    """Map a piece of a file of either generation: text under the file's own names, in any case and order.

    `slashes` is what `fields.day_first` says of the whole file's days; else this piece tells.
    """
    given, notes = named(raw, _ALIASES, (*HEADER, *HEADER_42, *OURS))
    table = _read(given, slashes)
    packed = pack(given, _print(table), NAME)
    return Mapped(table.assign(extra=packed), (*notes, *_notes(given, table)))


def days_of(header: Sequence[str]) -> list[str]:
    """The file's columns of days."""
    return [own for own, name in zip(header, canonical_names(header, _ALIASES), strict=True) if name in _DAYS]


def _read(given: pd.DataFrame, slashes: bool | None = None) -> pd.DataFrame:
    table = {name: column(given, field) for name, field in _SAME.items()}
    number = table["event_id"].str.fullmatch("[0-9]+")
    table["event_id"] = table["event_id"].where(~number, PREFIX + table["event_id"])
    told = day_first(v for field in _DAYS for v in column(given, field).unique()) if slashes is None else slashes
    for name in ("event_date", "event_end"):
        table[name] = days(table[name], told)
    violence = column(given, "type_of_violence")
    own = (violence == "") & (column(given, "event_type") != "")
    types, sub_types = each(violence, lambda code: _TYPES.get(code, code)), each(violence, _sub_type)
    table["event_type"] = types.mask(own, column(given, "event_type"))
    table["sub_event_type"] = sub_types.mask(own, column(given, "sub_event_type"))
    table["time_precision"] = each(column(given, "date_prec"), lambda code: _DATE_PREC.get(code, code))
    # A code beyond the scale must not pass for one of the table's.
    table["geo_precision"] = each(column(given, "where_prec"), lambda code: _WHERE_PREC.get(code, code))
    article = column(given, "source_article")
    table["source"] = table["source"].mask(table["source"] == "", article.where(article.str.len() <= LONGEST, ""))
    table["source_time"] = _one_day(column(given, "source_date"), told)
    return pd.DataFrame({name: table[name] for name in OWN if name in table}, index=given.index)


def _sub_type(code: str) -> str:
    return _SUB_TYPES.get(code, "")


def _one_day(given: pd.Series, slashes: bool | None) -> pd.Series:
    """The day where there is one; nothing for several, or for what is none."""
    one = days(given, slashes)
    one = one.where(one.str.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "")
    real = pd.to_datetime(one, format="%Y-%m-%d", errors="coerce").notna()
    return one.where(real, "")


def _notes(given: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    became = (table["event_type"] + "/" + table["sub_event_type"]).where(table["sub_event_type"] != "", "")
    violence = column(given, "type_of_violence")
    notes = value_notes("type_of_violence", violence.where(became != "", ""), became)
    for field, name in (("where_prec", "geo_precision"), ("date_prec", "time_precision")):
        notes += value_notes(f"{field} → {name}:", column(given, field), table[name])
    low, best, high = (pd.to_numeric(table[f"fatalities{end}"], errors="coerce") for end in ("_low", "", "_high"))
    crossed = (low > best) | (best > high) | (low > high)
    if crossed.any():
        notes.append(counted("low ≤ best ≤ high does not hold (kept as it is)", int(crossed.sum())))
    several = (column(given, "source_date") != "") & (table["source_time"] == "")
    if several.any():
        notes.append(counted("source_date is not one day (kept in extra alone)", int(several.sum())))
    return notes


# ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────


def header_for(frame: pd.DataFrame) -> tuple[str, ...]:
    """The 49 columns, and behind them those that only this frame's `extra` holds."""
    _, held = unpack(frame, NAME)
    return with_others(HEADER, held)


def from_table(frame: pd.DataFrame, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Give a typed frame as GED's columns, text; the index stays.

    Rows that came from GED have their own fields back, letter for letter; what was corrected since is told by the
    table. `columns` says which columns to give; by default those of `header_for`.
    """
    now = plain(frame)
    now = pd.DataFrame({n: now.get(n, "") for n in OWN}, index=frame.index, dtype="str")
    _, back = give_back(frame, NAME, now, _print(now), _read, {n: f for n, f in _FEEDS.items() if n in frame})
    told = back["type_of_violence"] != ""
    for name in OURS:
        back[name] = back[name].mask(told, "")
    wanted = columns or with_others(HEADER, back.drop(columns=[n for n in OURS if told.all()]))
    return pd.DataFrame({n: back.get(n, "") for n in wanted}, index=frame.index, dtype="str")


def _print(table: pd.DataFrame) -> pd.DataFrame:
    """The fields of GED's that the table tells."""
    table = plain(table)
    out = {field: table[name] for name, field in _SAME.items()}
    out["id"] = unprefixed(table["event_id"], PREFIX)
    one_sided = (table["event_type"] == _TYPES["3"]) & (table["sub_event_type"] == _SUB_TYPES["3"])
    out["type_of_violence"] = blank(table.index).mask(one_sided, "3")
    out |= {name: table[name].where(~one_sided, "") for name in OURS}
    out["date_prec"] = each(table["time_precision"], lambda code: _BACK.get(code, code))
    out["where_prec"] = each(table["geo_precision"], lambda code: _BACK.get(code, code))
    out["source_date"] = table["source_time"]
    started = table["event_date"]
    out["year"] = started.str.slice(0, 4).where(started.str.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "")
    return pd.DataFrame(out, index=table.index)
