"""Who held an area on a day: with source, certainty, and doubt said as such.

The table `geodata/data/control.csv` has one row for an area and an interval of days, both ends included; the
outlines of the areas are `geodata/data/control_areas.geojson` (EPSG:4326) and, simplified for the page, the asset
`control.geojson`, whose feature ids are the `area_id` here. Only areas held by Armenian forces from 1994 to 2020
are in it: the rest of Azerbaijan and Armenia has no row.

Who held the ground is not who owns it: the areas lie in the recognised borders of Azerbaijan. A capture that one
side announced and the other disputed is never settled by that word, whosesoever it was: the area is 'contested'
until both agree or an agreement fixes it. The sources are public events with their dates, named in each row.

Pure and light: no geopandas, a few kB of table read once.
"""

import csv
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final, Literal, get_args

__all__ = [
    "CERTAINTIES",
    "FIRST_DAY",
    "PARTIES",
    "Certainty",
    "ControlState",
    "Party",
    "area_ids",
    "change_days",
    "control_history",
    "control_on",
    "parse_table",
    "party_name",
]

Party = Literal["armenian", "azerbaijan", "peacekeepers", "contested"]
"""`armenian`: Artsakh or Armenian forces; `peacekeepers`: Russian peacekeepers present, beside the Artsakh
authorities; `contested`: fought over, or claimed by both."""

Certainty = Literal["high", "approximate", "contested"]
"""`high`: both sides agree on who and on the day; `approximate`: the day or the extent is known roughly;
`contested`: the two sides' words differ. Of the party, not of the outline, which is true to a few km at best."""

FIRST_DAY: Final = dt.date(1994, 5, 12)
"""The ceasefire of 1994, with which the table begins."""

PARTIES: Final[dict[Party, dict[str, str]]] = {
    "armenian": {
        "en": "Artsakh / Armenian forces",
        "hy": "Արցախի / հայկական ուժեր",
        "az": "Artsax / erməni qüvvələri",
        "ru": "Силы Арцаха / армянские силы",
    },
    "azerbaijan": {"en": "Azerbaijan", "hy": "Ադրբեջան", "az": "Azərbaycan", "ru": "Азербайджан"},
    "peacekeepers": {
        "en": "Russian peacekeepers present",
        "hy": "Ռուս խաղաղապահների ներկայություն",
        "az": "Rusiya sülhməramlıları olan ərazi",
        "ru": "Присутствие российских миротворцев",
    },
    "contested": {"en": "Contested", "hy": "Վիճարկվող", "az": "Mübahisəli", "ru": "Оспаривается"},
}
"""Party → language (en, hy, az, ru) → the words for it, for a legend. In the order of a legend."""

CERTAINTIES: Final[tuple[Certainty, ...]] = get_args(Certainty)
"""Every certainty, surest first."""

_COLUMNS: Final = ["area_id", "from", "to", "party", "certainty", "source", "note"]


@dataclass(frozen=True, slots=True)
class ControlState:
    """One area with its party on a day.

    `since` is the first day of the unbroken time under that party; `start` and `end` bound the row that says so
    (both included, `end` None: still so). `note` tells the doubt, and what each side said.
    """

    area_id: str
    name: str
    party: Party
    certainty: Certainty
    since: dt.date
    start: dt.date
    end: dt.date | None
    source: str
    note: str = ""


def control_on(day: dt.date, lang: str = "en") -> list[ControlState]:
    """Return one state for each area, sorted by area_id, as of `day` (a date, not a date with a time).

    Empty before `FIRST_DAY`: the table does not know. Days after its last row count as that row. `lang` (en, hy,
    az, ru) chooses the areas' names. Raises ValueError for another language, TypeError for a datetime.
    """
    if isinstance(day, dt.datetime):
        message = "day is a date with a time; pass a date"
        raise TypeError(message)
    names = _names(lang)
    return [
        _named(state, names)
        for rows in _table().values()
        for state in rows
        if state.start <= day and (state.end is None or day <= state.end)
    ]


def control_history(area_id: str, lang: str = "en") -> list[ControlState]:
    """Return every state of one area, oldest first; KeyError for an area that does not exist."""
    names = _names(lang)
    return [_named(state, names) for state in _table()[area_id]]


def area_ids() -> list[str]:
    """Return every area_id, sorted: the feature ids of the asset control.geojson."""
    return list(_table())


def change_days() -> list[dt.date]:
    """Return the days, sorted, from which some area's party or certainty is another than the day before."""
    days = set()
    for rows in _table().values():
        last: tuple[Party, Certainty] | None = None
        for state in rows:
            if (state.party, state.certainty) != last:
                days.add(state.start)
            last = state.party, state.certainty
    return sorted(days)


def party_name(party: Party, lang: str = "en") -> str:
    """Return the words for a party; KeyError for an unknown party or language."""
    return PARTIES[party][lang]


def parse_table(lines: Iterable[str]) -> dict[str, list[ControlState]]:
    """Read a control table (CSV with a heading) into area_id → states, areas sorted, oldest state first.

    The name of a state is its area_id. Raises ValueError, with the number of the line, when a column is missing,
    a day is not ISO 8601, a party or certainty is unknown, party and certainty do not agree on 'contested', or an
    area's intervals overlap or leave a gap.
    """
    reader = csv.DictReader(lines)
    if reader.fieldnames != _COLUMNS:
        message = f"line 1: columns are {reader.fieldnames}, not {_COLUMNS}"
        raise ValueError(message)
    table: dict[str, list[ControlState]] = {}
    for row in reader:
        try:
            rows = table.setdefault(row["area_id"], [])
            rows.append(_state(row, rows[-1] if rows else None))
        except ValueError as error:
            message = f"line {reader.line_num}: {error}"
            raise ValueError(message) from error
    return dict(sorted(table.items()))


def _state(row: Mapping[str, str], before: ControlState | None) -> ControlState:
    party, certainty = row["party"], row["certainty"]
    if party not in PARTIES or certainty not in CERTAINTIES or not row["source"]:
        message = f"party {party!r}, certainty {certainty!r} or an empty source"
        raise ValueError(message)
    if (party == "contested") != (certainty == "contested"):
        message = "a contested day has neither a party nor certainty"
        raise ValueError(message)
    start = dt.date.fromisoformat(row["from"])
    end = dt.date.fromisoformat(row["to"]) if row["to"] else None
    if end is not None and end < start:
        message = f"ends on {end}, before it starts"
        raise ValueError(message)
    since = start
    if before is not None:
        if before.end is None or start != before.end + dt.timedelta(days=1):
            message = f"starts on {start}, but the row before ends on {before.end}"
            raise ValueError(message)
        since = before.since if before.party == party else start
    return ControlState(
        area_id=row["area_id"],
        name=row["area_id"],
        party=party,
        certainty=certainty,
        since=since,
        start=start,
        end=end,
        source=row["source"],
        note=row["note"],
    )


def _named(state: ControlState, names: Mapping[str, str]) -> ControlState:
    return ControlState(
        area_id=state.area_id,
        name=names[state.area_id],
        party=state.party,
        certainty=state.certainty,
        since=state.since,
        start=state.start,
        end=state.end,
        source=state.source,
        note=state.note,
    )


@lru_cache(maxsize=1)
def _table() -> dict[str, list[ControlState]]:
    text = (resources.files("geodata.data") / "control.csv").read_text(encoding="utf-8")
    return parse_table(text.splitlines())


@lru_cache(maxsize=4)
def _names(lang: str) -> dict[str, str]:
    if lang not in PARTIES["armenian"]:
        message = f"lang is {lang!r}, not one of {', '.join(PARTIES['armenian'])}"
        raise ValueError(message)
    text = (resources.files("geodata.data") / "control_areas.geojson").read_text(encoding="utf-8")
    return {one["properties"]["area_id"]: one["properties"][f"name_{lang}"] for one in json.loads(text)["features"]}
