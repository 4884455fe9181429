"""ACLED: every generation of its event files to the table, and the table to the 31 columns of today.

Facts, from ACLED's codebook (acleddata.com/methodology/acled-codebook; versions of 2015, 2017, 2019, 2024) and from
the headers of its files:

* `event_id_cnty` is the event's id; older dumps have `data_id`, a number that changed with every revision, and it is
  taken only where the other is empty, as 'acled-77001': other datasets have numbers, too. `timestamp` (Unix seconds)
  grows when a row is revised; it stays in `extra`.
* Before 2019 the types were others: see `OLD_TYPES`. 'Riots/Protests' was told apart by the actors: 'Rioters (X)'
  are inter code 5, 'Protesters (X)' 6. Where both are named it is Riots, where neither is, Protests (the milder
  claim, and a note says so). An old type that had no sub-types leaves `sub_event_type` empty.
* inter 1 State forces, 2 Rebel group, 3 Political militia, 4 Identity militia, 5 Rioters, 6 Protesters, 7 Civilians,
  8 External/Other forces; `interaction` puts the lower code first, but 78 is 'External/Other forces-Civilians'.
* `disorder_type`: Battles, Explosions/Remote violence, Violence against civilians and Mob violence are Political
  violence; Protests and Violent demonstration are Demonstrations; Excessive force against protesters is both.
* geo_precision and time_precision are the table's own scales. actor1 and actor2 carry no direction. ACLED names no
  claimant and no time of publication: both stay empty.

Going out, ACLED has no Diplomacy and no Humanitarian: such a row is 'Strategic developments'/'Other' with its own type
in `tags`, 'contact-line:Diplomacy/Talks or visit', and is itself again when read back. `LACKS` are the columns of the
table for which ACLED has no place.
"""

import re
from collections.abc import Sequence

import pandas as pd

from events.codebook import load_codebook
from events.formats.attribution import Attribution
from events.formats.fields import (
    OWN,
    blank,
    canonical_names,
    column,
    counted,
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
from events.texts import each

NAME = "acled"
HEADER = words(
    "event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1 "
    "actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location "
    "latitude longitude geo_precision source source_scale notes fatalities tags timestamp"
)
"""The 31 columns since March 2023."""
OLDER = ("data_id", "event_id_no_cnty", "iso3", "gwno", "actor_dyad_id", "actor1_id", "actor2_id")
"""Columns of older files alone."""
PREFIX = "acled-"
LACKS = words(
    "incident_id event_end claimant place_id fatalities_low fatalities_high injured source_url source_time evidence"
)
"""Columns of the table for which ACLED has no place."""

_ALIASES = {
    "ally_actor_1": "assoc_actor_1",
    "ally_actor_2": "assoc_actor_2",
    "assoc_actor1": "assoc_actor_1",
    "assoc_actor2": "assoc_actor_2",
    "geo_precis": "geo_precision",
    "time_preci": "time_precision",
    "event_id_country": "event_id_cnty",
}
# The table's columns that stand in a field of ACLED's as they are.
_SAME = {
    "event_id": "event_id_cnty",
    **{n: n for n in ("event_date", "time_precision", "event_type", "sub_event_type", "actor1", "actor2", "country")},
    **{n: n for n in ("admin1", "latitude", "longitude", "geo_precision", "fatalities", "notes", "source")},
    "place": "location",
}
_TYPE_FIELDS = ("event_type", "sub_event_type", "disorder_type")
_FEEDS = {name: (field,) for name, field in _SAME.items()} | {
    "event_id": ("event_id_cnty", "data_id"),
    "event_date": ("event_date", "year"),
    "event_type": _TYPE_FIELDS,
    "sub_event_type": _TYPE_FIELDS,
}

ATTRIBUTION = Attribution(
    "ACLED",
    "Armed Conflict Location & Event Data (ACLED), https://acleddata.com, accessed on [the day of your download].",
    "ACLED's terms bar passing its rows on to others. Whoever shows them names ACLED with a link, and states the day "
    "of access, the filters, and what was changed; its attribution policy is at https://acleddata.com",
    "Types of before 2019 stand under today's names, days as year-month-day. No place, actor or number was changed.",
)

# ── recognise ────────────────────────────────────────────────────────────────────────────────────────────────

_MARKS = frozenset(("event_id_cnty", "data_id", "assoc_actor_1", "assoc_actor_2", "inter1", "inter2", "interaction"))
_MARKS |= {"disorder_type", "civilian_targeting", "event_id_no_cnty", "source_scale"}


def recognise(header: Sequence[str], first_rows: Sequence[Sequence[str]]) -> bool:
    """Tell ACLED by its names of columns: a day and a type of event, and two of the names that only ACLED has."""
    names = set(canonical_names(header, _ALIASES))
    return {"event_date", "event_type"} <= names and len(names & _MARKS) >= 2


# ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────

_OUTSIDE = ("Diplomacy", "Humanitarian")  # types of the codebook that ACLED lacks
_BOTH = "Riots/Protests"
OLD_TYPES = {
    "battle-no change of territory": ("Battles", "Armed clash"),
    "battle-government regains territory": ("Battles", "Government regains territory"),
    "battle-non-state actor overtakes territory": ("Battles", "Non-state actor overtakes territory"),
    "battle-rebels overtake territory": ("Battles", "Non-state actor overtakes territory"),
    "remote violence": ("Explosions/Remote violence", ""),
    "strategic development": ("Strategic developments", ""),
    "non-violent activity by a conflict actor": ("Strategic developments", ""),
    "headquarters or base established": ("Strategic developments", "Headquarters or base established"),
    "non-violent transfer of territory": ("Strategic developments", "Non-violent transfer of territory"),
    "riots/protests": (_BOTH, ""),
}
"""Types of before 2019, in lower case, and what they are today."""
_TAG = "contact-line:"
_SEPARATED = "\x1f"


def to_table(raw: pd.DataFrame, *, slashes: bool | None = None) -> Mapped:
    """Map a piece of a file of any generation: text under the file's own names, in any case and order.

    `slashes` is what `fields.day_first` says of the whole file's days; else this piece tells.
    """
    given, notes = named(raw, _ALIASES, (*HEADER, *OLDER))
    table = _read(given, slashes)
    packed = pack(given, _print(table), NAME)
    return Mapped(table.assign(extra=packed), (*notes, *_notes(given, table)))


def days_of(header: Sequence[str]) -> list[str]:
    """The file's columns of days."""
    return [own for own, name in zip(header, canonical_names(header, _ALIASES), strict=True) if name == "event_date"]


def _read(given: pd.DataFrame, slashes: bool | None = None) -> pd.DataFrame:
    table = {name: column(given, field) for name, field in _SAME.items()}
    numbers = column(given, "data_id")
    table["event_id"] = table["event_id"].where((table["event_id"] != "") | (numbers == ""), PREFIX + numbers)
    told = day_first(table["event_date"].unique()) if slashes is None else slashes
    table["event_date"] = days(table["event_date"], told)
    table["event_type"], table["sub_event_type"] = _types(given)
    return pd.DataFrame({name: table[name] for name in OWN if name in table}, index=given.index)


def _types(given: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Today's type and sub-type of each row; what is no type at all stays as it is."""
    pair = column(given, "event_type") + _SEPARATED + column(given, "sub_event_type")
    today = {v: _type_today(*v.rsplit(_SEPARATED, 1)) for v in pair.unique()}
    kind = pair.map({v: found[0] for v, found in today.items()}).astype("str")
    sub = pair.map({v: found[1] for v, found in today.items()}).astype("str")
    either = kind == _BOTH
    if either.any():
        violent = _named_as(given[either], "Rioters", "5")
        kind = kind.mask(either, violent.map({True: "Riots", False: "Protests"}).reindex(kind.index).astype("str"))
    tags = column(given, "tags")
    other = (kind == "Strategic developments") & (sub == "Other") & tags.str.contains(_TAG, regex=False)
    if other.any():
        told = each(tags.where(other, ""), _own_tag).str.removeprefix(_TAG)
        own = told != ""
        kind = kind.mask(own, each(told, lambda both: both.partition("/")[0]))
        sub = sub.mask(own, each(told, lambda both: both.partition("/")[2]))
    return kind, sub


def _own_tag(tags: str) -> str:
    """The tag by which a type that ACLED lacks went out, or nothing."""
    of = load_codebook().type_of
    for tag in (part.strip() for part in tags.split(";")):
        kind, _, sub = tag.removeprefix(_TAG).partition("/")
        if tag.startswith(_TAG) and kind in _OUTSIDE and (not sub or of.get(sub) == kind):
            return f"{_TAG}{kind}/{sub}"
    return ""


def _type_today(kind: str, sub: str) -> tuple[str, str]:
    book = load_codebook()
    sub = book.find_sub_type(sub) or sub
    if found := book.find_type(kind):
        return found, sub
    old = re.sub(r"\s*-\s*", "-", " ".join(kind.casefold().split()), count=1)
    today, its_sub = OLD_TYPES.get(old, (kind, ""))
    if today == _BOTH and book.type_of.get(sub) in ("Riots", "Protests"):
        today = book.type_of[sub]
    return today, sub or its_sub


def _named_as(given: pd.DataFrame, word: str, code: str) -> pd.Series:
    """Rows in which an actor is so called, or has the inter code (a number or its word)."""
    found = pd.Series(data=False, index=given.index)
    for side in ("1", "2"):
        found |= column(given, f"actor{side}").str.contains(word, case=False, regex=False)
        found |= column(given, f"inter{side}").isin([code, word])
    return found | column(given, "interaction").str.contains(f"{code}|{word}", regex=True)


def _notes(given: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    notes = []
    no_id = (column(given, "event_id_cnty") == "") & (table["event_id"] != "")
    if no_id.any():
        notes.append(counted("event_id_cnty is empty, data_id is the id", int(no_id.sum())))
    other = (column(given, "event_date") != table["event_date"]) & (table["event_date"] != "")
    if other.any():
        notes.append(counted("event_date in another style → year-month-day", int(other.sum())))
    kind = column(given, "event_type")
    notes += value_notes("event_type", kind, table["event_type"])
    sub = column(given, "sub_event_type")
    changed = sub != table["sub_event_type"]
    if changed.any():
        notes += value_notes("sub_event_type", sub.where(sub != "", kind)[changed], table["sub_event_type"][changed])
    unsure = (kind.str.casefold() == _BOTH.casefold()) & (table["event_type"] == "Protests") & (sub == "")
    unsure &= ~_named_as(given, "Protesters", "6") if unsure.any() else False
    if unsure.any():
        notes.append(
            counted("'Riots/Protests' that names neither rioters nor protesters → Protests", int(unsure.sum()))
        )
    return notes


# ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────

_DISORDER = {
    "Battles": "Political violence",
    "Explosions/Remote violence": "Political violence",
    "Violence against civilians": "Political violence",
    "Protests": "Demonstrations",
    "Strategic developments": "Strategic developments",
    "Mob violence": "Political violence",
    "Violent demonstration": "Demonstrations",
    "Excessive force against protesters": "Political violence; Demonstrations",
}
ISO = {
    "Armenia": "51", "Azerbaijan": "31", "Belarus": "112", "Belgium": "56", "France": "250", "Georgia": "268",
    "Germany": "276", "Iran": "364", "Iraq": "368", "Israel": "376", "Italy": "380", "Kazakhstan": "398",
    "Kyrgyzstan": "417", "Pakistan": "586", "Russia": "643", "Switzerland": "756", "Syria": "760", "Tajikistan": "762",
    "Turkey": "792", "Turkmenistan": "795", "Ukraine": "804", "United Kingdom": "826", "United States": "840",
    "Uzbekistan": "860",
}  # fmt: skip
"""ISO 3166-1 numbers of the countries at hand, under ACLED's names."""
REGION = "Caucasus and Central Asia"
_IN_REGION = words("Armenia Azerbaijan Georgia Kazakhstan Kyrgyzstan Tajikistan Turkmenistan Uzbekistan")
_CODES = {"State forces": 1, "Rioters": 5, "Protesters": 6, "Civilians": 7, "External/Other forces": 8}
_OF_A_STATE = re.compile(r"(?:Military Forces|Police Forces|Government) of (?:the )?([^(]+?)(?:\s*\(.*)?")


def header_for(frame: pd.DataFrame) -> tuple[str, ...]:
    """The 31 columns of today, and behind them those that only this frame's `extra` holds (older files' `iso3`)."""
    _, held = unpack(frame, NAME)
    return with_others(HEADER, held)


def from_table(frame: pd.DataFrame, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Give a typed frame as ACLED's columns, text; the index stays.

    Rows that came from ACLED have their own fields back, letter for letter; what was corrected since is told by the
    table. Rows of other origin have what follows for certain: year, disorder_type, iso and region of the countries at
    hand, the inter codes of states' forces, rioters, protesters and civilians. `columns` says which columns to give
    (`HEADER` for exactly the 31; the same ones for every piece of one file); by default those of `header_for`.
    """
    ours, back = _back(frame)
    wanted = columns or with_others(HEADER, back)
    if not ours.all():
        for name, guessed in _guess(plain(frame.loc[~ours])).items():
            back[name] = guessed.reindex(frame.index).where(~ours, back.get(name, ""))
    return pd.DataFrame({n: back.get(n, "") for n in wanted}, index=frame.index, dtype="str")


def _back(frame: pd.DataFrame) -> tuple[pd.Series, pd.DataFrame]:
    now = plain(frame)
    now = pd.DataFrame({n: now.get(n, "") for n in OWN}, index=frame.index, dtype="str")
    printed = _print(now)
    feeds = {name: fields for name, fields in _FEEDS.items() if name in frame}
    ours, back = give_back(frame, NAME, now, printed, _read, feeds)
    stale = ours & (each(back["tags"], _own_tag) != printed["tags"])
    if stale.any():
        tags = each(back["tags"].where(stale, ""), _without_own_tag) + "; " + printed["tags"]
        back["tags"] = back["tags"].mask(stale, tags.str.removeprefix("; ").str.removesuffix("; "))
    return ours, back


def _without_own_tag(tags: str) -> str:
    return ";".join(part for part in tags.split(";") if not _own_tag(part)).strip()


def _print(table: pd.DataFrame) -> pd.DataFrame:
    """The fields of ACLED's that the table tells letter for letter."""
    table = plain(table)
    out = {field: table[name] for name, field in _SAME.items()}
    numbers = unprefixed(table["event_id"], PREFIX)
    if (numbers != table["event_id"]).any():
        out["data_id"] = numbers.where(numbers != table["event_id"], "")
        out["event_id_cnty"] = table["event_id"].where(out["data_id"] == "", "")
    outside = table["event_type"].isin(_OUTSIDE)
    out["tags"] = blank(table.index)
    if outside.any():
        whole = _TAG + table["event_type"] + "/" + table["sub_event_type"]
        out["tags"] = whole.where(outside, "")
        out["event_type"] = table["event_type"].where(~outside, "Strategic developments")
        out["sub_event_type"] = table["sub_event_type"].where(~outside, "Other")
    by_type = out["event_type"].map(_DISORDER).fillna("")
    out["disorder_type"] = out["sub_event_type"].map(_DISORDER).fillna(by_type).astype("str")
    day = table["event_date"]
    out["year"] = day.str.slice(0, 4).where(day.str.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "")
    return pd.DataFrame(out, index=table.index)


def _guess(table: pd.DataFrame) -> dict[str, pd.Series]:
    """What follows for certain for a row of another origin."""
    country = table["country"]
    inter = [_inter(table[actor], country) for actor in ("actor1", "actor2")]
    civilians = (inter[1] == "Civilians") & table["event_type"].isin(["Explosions/Remote violence", "Riots"])
    civilians |= table["event_type"] == "Violence against civilians"
    civilians |= table["sub_event_type"] == "Excessive force against protesters"
    alone = table["actor2"] == ""
    both = inter[0] + _SEPARATED + inter[1] + _SEPARATED + alone.map({True: "only", False: ""})
    return {
        "iso": country.map(ISO).fillna("").astype("str"),
        "region": country.isin(_IN_REGION).map({True: REGION, False: ""}).astype("str"),
        "inter1": inter[0],
        "inter2": inter[1],
        "interaction": each(both, _interaction),
        "civilian_targeting": civilians.map({True: "Civilian targeting", False: ""}).astype("str"),
    }


def _inter(actor: pd.Series, country: pd.Series) -> pd.Series:
    return each(actor + _SEPARATED + country, lambda both: _code_word(*both.rsplit(_SEPARATED, 1)))


def _code_word(actors: str, country: str) -> str:
    """The one inter code of all the actors of a field; nothing where it is not certain."""
    words = {_one_code_word(actor.strip(), country) for actor in actors.split(";")}
    return words.pop() if len(words) == 1 else ""


def _one_code_word(actor: str, country: str) -> str:
    for word in ("Rioters", "Protesters", "Civilians"):
        if re.match(rf"{word}\b", actor):
            return word
    state = _OF_A_STATE.fullmatch(actor)
    if state is None or state[1] not in ISO or not country:
        return ""
    return "State forces" if state[1] == country else "External/Other forces"


def _interaction(both: str) -> str:
    first, second, only = both.split(_SEPARATED)
    if not first or (not second and not only):
        return ""
    if only:
        return f"{first} only"
    low, high = sorted((first, second), key=_CODES.__getitem__)
    return f"{high}-{low}" if (low, high) == ("Civilians", "External/Other forces") else f"{low}-{high}"
