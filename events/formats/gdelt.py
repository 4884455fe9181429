"""GDELT event files: tab-separated, without a header, 57 or 58 columns (1.0) or 61 (2.0).

Facts, from the data format codebooks of GDELT 1.03 (25 August 2013) and 2.0 (19 February 2015):

* 1.0 has 57 columns in the backfile (1979 to March 2013); the daily files since 1 April 2013 add SOURCEURL. 2.0 adds
  an ADM2Code to each of the three places. Files end in .csv and are tab-separated all the same.
* Day is YYYYMMDD. DATEADDED is YYYYMMDD in 1.0 and YYYYMMDDHHMMSS, UTC, in 2.0.
* EventCode is CAMEO, text with leading zeros (`016`); GDELT repeats a root code as its own base code. What each code
  becomes is told by `data/cameo.toml`, longest code first.
* ActionGeo_Type: 1 country, 2 US state, 3 US city, 4 city or landmark, 5 state or province. The coordinates of 1, 2 and
  5 are a middle point: all three have geo_precision 3 (a region), never the precision of a town. So has a landmark that
  is a region by name (Nagorno-Karabakh). ActionGeo_FullName is 'Place, ADM1, Country' ('Baki (general)' names no ADM1).
* SOURCEURL holds an address, or for agency monitoring a citation ('BBC Monitoring').

GDELT codes what articles say by machine; it tells neither claimant, nor casualties, nor how well the day is known:
those columns stay empty. `extra` keeps every field that the table does not hold letter for letter.
"""

import datetime as dt
import functools
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from importlib import resources

import pandas as pd

from events.codebook import load_codebook
from events.errors import SourceError
from events.formats.attribution import Attribution
from events.formats.columns import NOT_OF_THE_FILE, as_text, shown
from events.formats.fields import FORMAT, counted, pack, plain
from events.formats.mapping import Mapped
from events.texts import each
from geodata.names import fold

ATTRIBUTION = Attribution(
    "GDELT",
    "The GDELT Project, https://www.gdeltproject.org",
    "GDELT may be used and passed on freely; its terms ask for its name and a link.",
    "CAMEO codes stand as types of this codebook, actors it knows under their names there; all were coded by machine.",
)

_ACTOR = (
    *("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code"),
    *("Type1Code", "Type2Code", "Type3Code"),
)
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")

COLUMNS_2 = (
    *("GlobalEventID", "Day", "MonthYear", "Year", "FractionDate"),
    *(f"Actor{n}{name}" for n in (1, 2) for name in _ACTOR),
    *("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"),
    *("NumMentions", "NumSources", "NumArticles", "AvgTone"),
    *(f"{who}Geo_{name}" for who in ("Actor1", "Actor2", "Action") for name in _GEO),
    *("DATEADDED", "SOURCEURL"),
)
"""The 61 columns of GDELT 2.0."""
COLUMNS_1 = tuple(name for name in COLUMNS_2 if not name.endswith("ADM2Code"))
"""The 58 columns of GDELT 1.0; its backfile ends before SOURCEURL."""
LAYOUTS = {57: COLUMNS_1[:57], 58: COLUMNS_1, 61: COLUMNS_2}
"""The names of the columns by their number."""

_PRECISION = {"1": "3", "2": "3", "3": "1", "4": "1", "5": "3"}
_REGIONS = frozenset(("nagorno karabakh", "mountainous karabakh", "upper karabakh", "karabakh", "artsakh"))
_ADDRESS = re.compile(r"https?://(?:[^\s/?#@]*@)?(\[[^\s\]]*\]|[^\s/?#:@]+)[^\s]*", re.IGNORECASE)
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_PREFIX = "gdelt-"
NAME = "gdelt"


def recognise(first_rows: Sequence[Sequence[str]]) -> bool:
    """Whether tab-split rows are GDELT events: the columns' number, a numeric id, a day and its month and year."""
    rows = [row for row in first_rows if any(cell.strip() for cell in row)]
    return bool(rows) and sum(_looks(row) for row in rows) * 2 > len(rows)


def _looks(row: Sequence[str]) -> bool:
    if len(row) not in LAYOUTS:
        return False
    number, day, month, year = (cell.strip() for cell in row[:4])
    return number.isdecimal() and _day(day) != day and month == day[:6] and year == day[:4]


# ── field by field: how it is read, and how it is written back ──────────────────────────────────────────────


def _day(value: str) -> str:
    text = value.strip()
    found = _DAY.fullmatch(text)
    try:
        return dt.date(*map(int, found.groups())).isoformat() if found else value
    except ValueError:  # no such day
        return value


def _moment(value: str) -> str:
    text = value.strip()
    if len(text) != 14 or not (text.isascii() and text.isdigit()):
        return _day(value)
    try:
        moment = dt.datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
    except ValueError:  # no such moment
        return value
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment.year > 999 else value


def _digits(value: str) -> str:
    """An ISO day or moment as GDELT writes it."""
    shaped = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?", value)
    return re.sub(r"[^0-9]", "", value) if shaped else value


@functools.lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    """Every name the codebook knows, as it spells it."""
    names = (n for name, others in load_codebook().aliases.items() for n in (*others, name))
    return {fold(name): name for name in names}


def _actor(value: str) -> str:
    return _spellings().get(fold(value), value)


def _address(value: str) -> str:
    return value.strip() if _ADDRESS.fullmatch(value.strip()) else ""


def _publisher(value: str) -> str:
    """The host of an address; a citation as it stands."""
    found = _ADDRESS.fullmatch(value.strip())
    return found[1].lower().removeprefix("www.") if found else value.strip()


@functools.lru_cache(maxsize=50_000)
def _place(value: str) -> tuple[str, str, str]:
    """Place, ADM1 and country of 'type<tab>full name'."""
    kind, _, whole = value.partition("\t")
    parts = [part.strip() for part in whole.split(",")]
    if kind == "1":
        return whole, "", whole
    if len(parts) == 1:
        return whole, "", ""
    if kind in ("2", "5"):
        return ", ".join(parts[:-1]), ", ".join(parts[:-1]), parts[-1]
    named = len(parts) > 2 and not parts[-2].endswith("(general)")
    return ", ".join(parts[: max(1, len(parts) - 2)]), parts[-2] if named else "", parts[-1]


def _precision(value: str) -> str:
    kind = value.partition("\t")[0].strip()
    return "3" if _place(value)[0].lower().replace("-", " ") in _REGIONS else _PRECISION.get(kind, "")


def _same(value: str) -> str:
    return value


def _id(value: str) -> str:
    return _PREFIX + value.strip() if value.strip() else ""


def _number(value: str) -> str:
    return value.removeprefix(_PREFIX) if value.startswith(_PREFIX) else ""


_Change = Callable[[str], str]
# GDELT's field: the table's column, how it is read, how it is printed. `extra` keeps what is printed otherwise.
_HELD: dict[str, tuple[str, _Change, _Change]] = {
    "GlobalEventID": ("event_id", _id, _number),
    "Day": ("event_date", _day, _digits),
    "Actor1Name": ("actor1", _actor, _same),
    "Actor2Name": ("actor2", _actor, _same),
    "ActionGeo_Lat": ("latitude", _same, shown),
    "ActionGeo_Long": ("longitude", _same, shown),
    "DATEADDED": ("source_time", _moment, _digits),
    "SOURCEURL": ("source_url", _address, _same),
}


def _kept(text: pd.DataFrame, table: pd.DataFrame) -> dict[str, pd.Series]:
    """The fields that the typed table does not print letter for letter; empty where it does."""
    kept = {name: text[name] for name in COLUMNS_2 if name in text}
    for field, (own, read, back) in _HELD.items():
        if field not in text:
            continue
        if back is _same:
            same = (table[own] == text[field]) & (table[own].str.strip() == text[field])
            kept[field] = text[field].where(~same, "")
        elif own != "event_id" or not _plain_ids(text[field]):
            kept[field] = each(text[field], _unlike(read, back))
        else:
            del kept[field]
    whole = text["ActionGeo_FullName"]
    return kept | {"ActionGeo_FullName": whole.where((whole != table["place"]) | (whole != whole.str.strip()), "")}


def _unlike(read: _Change, back: _Change) -> _Change:
    return lambda v: "" if v == v.strip() and back(read(v)) == v else v


def _plain_ids(ids: pd.Series) -> bool:
    return bool(ids.str.fullmatch("[0-9]{1,19}").all())


# ── CAMEO ───────────────────────────────────────────────────────────────────────────────────────────────────


@functools.lru_cache(maxsize=1)
def cameo() -> dict[str, tuple[str, str, str]]:
    """CAMEO code → event type, sub-type, and what CAMEO calls it."""
    raw = tomllib.loads(resources.files("events.data").joinpath("cameo.toml").read_text("utf-8"))
    return {code: (kind, sub, name) for code, (kind, sub, name) in raw["codes"].items()}


def entry(code: str) -> str | None:
    """The code of the table that decides for an EventCode: the longest that begins it."""
    if not (code.isascii() and code.isdigit() and len(code) <= 4):
        return None
    return next((code[:n] for n in (4, 3, 2) if code[:n] in cameo()), None)


def _code(value: str) -> str:
    """The CAMEO code of 'EventCode<tab>base<tab>root'; a leading zero lost in a spreadsheet is put back."""
    code, base, root = (*value.split("\t"), "", "")[:3]
    text = code.strip() or base.strip() or root.strip()
    lost = len(root.strip()) == 1 and root.strip() != "0" and text.startswith(root.strip())
    return "0" + text if lost else text


def _types(text: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """The code as it stands, and the type and sub-type it becomes; an unknown code stays in event_type."""
    code = each(text["EventCode"] + "\t" + text["EventBaseCode"] + "\t" + text["EventRootCode"], _code)
    return code, each(code, _kind), each(code, _sub)


def _kind(code: str) -> str:
    found = entry(code)
    return cameo()[found][0] if found else code


def _sub(code: str) -> str:
    found = entry(code)
    return cameo()[found][1] if found else ""


def _told(code: pd.Series) -> Iterator[str]:
    """Which codes became what, most frequent first."""
    for value, n in each(code, lambda v: entry(v) or f"?{v[:20]}").value_counts().items():
        found = str(value)
        kind, sub, name = cameo().get(found, ("", "", ""))
        target = f"{found} ({name}) → {kind} / {sub}" if kind else f"{found[1:] or '(empty)'} → no type, refused"
        yield counted(f"CAMEO {target}", int(n))


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────


def to_table(raw: pd.DataFrame) -> Mapped:
    """GDELT's columns, by their order, as the table's. Raises SourceError when they are not 57, 58 or 61."""
    text = _named(raw)
    code, table = _read(text)
    table["extra"] = pack(pd.DataFrame(_kept(text, table)), pd.DataFrame(index=raw.index), NAME)
    version = "2.0" if len(text.columns) == len(COLUMNS_2) else "1.0"
    about = counted(f"GDELT {version}, {len(text.columns)} columns", len(text))
    return Mapped(table, (about, *_told(code), *_noted(text, table)))


def _named(raw: pd.DataFrame) -> pd.DataFrame:
    given = raw.iloc[:, [i for i, name in enumerate(raw.columns) if name not in NOT_OF_THE_FILE]]
    names = LAYOUTS.get(given.shape[1])
    if names is None:
        raise SourceError(
            f"it has {given.shape[1]} columns", "GDELT events", "GDELT 1.0 has 57 or 58 columns, 2.0 has 61."
        )
    return pd.DataFrame({n: as_text(given.iloc[:, i]) for i, n in enumerate(names)}, index=raw.index)


def _read(text: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    """The CAMEO codes, and the table without `extra`."""
    code, kind, sub = _types(text)
    ids = text["GlobalEventID"]
    table = {"event_id": _PREFIX + ids if _plain_ids(ids) else each(ids, _id)}
    table |= {own: each(text[f], read) for f, (own, read, _) in _HELD.items() if f in text and own != "event_id"}
    table |= {"event_type": kind, "sub_event_type": sub, **_where(text)}
    if "SOURCEURL" in text:
        table["source"] = each(text["SOURCEURL"], _publisher)
    return code, pd.DataFrame(table, index=text.index)


def _where(text: pd.DataFrame) -> dict[str, pd.Series]:
    where = text["ActionGeo_Type"].str.strip() + "\t" + text["ActionGeo_FullName"]
    made = {own: each(where, _part(n)) for n, own in enumerate(("place", "admin1", "country"))}
    return made | {"geo_precision": each(where, _precision)}


def _part(n: int) -> Callable[[str], str]:
    return lambda where: _place(where)[n]


def _noted(text: pd.DataFrame, out: pd.DataFrame) -> Iterator[str]:
    kinds = text["ActionGeo_Type"].str.strip()
    for codes, what in ((("1",), "a country"), (("2", "5"), "a state or province")):
        count = int(kinds.isin(codes).sum())
        if count:
            yield counted(f"placed at the middle of {what}, geo_precision 3", count)
    unplaced = int((out["latitude"] == "").sum())
    if unplaced:
        yield counted("without coordinates", unplaced)
    for own, name in (("actor1", "Actor1Name"), ("actor2", "Actor2Name")):
        spelled = int((out[own] != text[name]).sum())
        if spelled:
            yield counted(f"{own} spelled as in the codebook", spelled)


def from_table(frame: pd.DataFrame) -> pd.DataFrame:
    """The 61 columns of GDELT 2.0 as text, from a table, typed or text, that came from GDELT.

    A field of `extra` stands unless the table's own value was changed since.
    """
    now = plain(frame)
    rows = [_unpacked(v) for v in (frame["extra"].tolist() if "extra" in frame else [None] * len(frame))]
    fields = {name: [str(row.get(name, "")) for row in rows] for name in COLUMNS_2}
    for name, (own, read, back) in _HELD.items():
        told = now[own].tolist() if own in now else [""] * len(rows)
        fields[name] = [_either(row.get(name), v, read, back) for row, v in zip(rows, told, strict=True)]
    places = now["place"].tolist() if "place" in now else [""] * len(rows)
    fields["ActionGeo_FullName"] = [
        _either(row.get("ActionGeo_FullName"), place, _place_in(kind), _same)
        for row, place, kind in zip(rows, places, fields["ActionGeo_Type"], strict=True)
    ]
    return pd.DataFrame(fields, index=frame.index, dtype="str")


def _place_in(kind: str) -> _Change:
    return lambda whole: _place(f"{kind.strip()}\t{whole}")[0]


def _either(kept: object, now: str, read: _Change, back: _Change) -> str:
    """The field as it came, unless the table says otherwise by now."""
    as_it_came = isinstance(kept, str) and back(read(kept)).strip() == back(now).strip()
    return str(kept) if as_it_came else back(now)


def _unpacked(extra: object) -> dict[str, object]:
    """The fields of one row's `extra`; none where the row did not come by this format."""
    try:
        found = json.loads(extra) if isinstance(extra, str) and extra.startswith("{") else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and found.get(FORMAT) == NAME else {}
