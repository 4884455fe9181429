"""Which events of a store a new one may repeat.

A row is one claimant's word on one happening. So a held event of the same kind, about the same day and place, is
either the same word (then the new row repeats it) or another party's word on the same happening (then both belong to
one incident). Nothing is decided here: a person is shown what is held, the likeliest first.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from events.codebook import Codebook, load_codebook, split_actors
from events.filters import BBox, EventFilter
from events.store import EventStore, Row
from geodata.gazetteer import distance_km
from geodata.names import fold

NEAR_DAYS = 1
"""Days that may lie between two events (0: their days meet): reports confuse the night of one day with the next."""

NEAR_KM: Mapping[int | None, float] = {1: 5.0, 2: 20.0, 3: 40.0, None: 20.0}
"""Kilometres within which two places may be one, by the coarser `geo_precision` of the two."""

MOST_LOOKED_AT = 200  # held events that are compared with one new event
MOST_TOLD = 5

# Whoever speaks does so at a seat of government, where many things are said on one day: the place tells little.
_SAID = frozenset({"Diplomacy", "Humanitarian"})


@dataclass(frozen=True, slots=True)
class Likeness:
    """A held event that a new one may repeat.

    `same_id`: both bear one id. `same_word`: the same claimant says so; else it is another party's word on what may be
    the same happening. `km` is None where either has no place. `reasons` say in words what they share.
    """

    event: Row
    same_id: bool
    same_word: bool
    days: int
    km: float | None
    reasons: tuple[str, ...]


def find(
    store: EventStore, rows: Sequence[Mapping[str, Any]], codebook: Codebook | None = None
) -> list[list[Likeness]]:
    """For each row (names of schema.NAMES; days ISO 8601) the held events that it may repeat, at most MOST_TOLD.

    At most one query for each row, of at most MOST_LOOKED_AT events, and one more for the ids of all.
    """
    by_id = store.held([str(row["event_id"]) for row in rows if row.get("event_id")])
    codebook = codebook or load_codebook()
    found = []
    for row in rows:
        wanted = around(row)
        held = store.rows(wanted, limit=MOST_LOOKED_AT) if wanted else []
        same = by_id.get(str(row.get("event_id") or ""))
        others = [event for event in held if same is None or event["event_id"] != same["event_id"]]
        alike = likely(row, others, codebook)
        found.append([*([_of_one_id(row, same, codebook)] if same else []), *alike][:MOST_TOLD])
    return found


def around(row: Mapping[str, Any]) -> EventFilter | None:
    """What every held event fulfils that the row may repeat; None where the row lacks its day or type."""
    days = _days(row)
    if days is None or not row.get("event_type"):
        return None
    near = dt.timedelta(days=NEAR_DAYS)
    point = _point(row)
    return EventFilter(
        date_from=_later(days[0], -near),
        date_to=_later(days[1], near),
        types=(str(row["event_type"]),),
        bbox=_box(point, max(NEAR_KM.values())) if point else None,
        precisions=() if point else ("none",),
    )


def likely(row: Mapping[str, Any], held: Iterable[Row], codebook: Codebook | None = None) -> list[Likeness]:
    """Those of `held` that the row may repeat, the likeliest first (pure)."""
    codebook = codebook or load_codebook()
    found = [alike for event in held if (alike := _compare(row, event, codebook))]
    return sorted(found, key=lambda a: (not a.same_word, -len(a.reasons), a.days, a.km or 0.0, a.event["event_id"]))


def _compare(row: Mapping[str, Any], event: Row, codebook: Codebook) -> Likeness | None:
    """How the two are alike; None where they cannot be one happening."""
    ours, theirs = _days(row), _days(event)
    if ours is None or theirs is None or row.get("event_type") != event["event_type"]:
        return None
    days = max(0, (theirs[0] - ours[1]).days, (ours[0] - theirs[1]).days)
    if days > NEAR_DAYS:
        return None
    km = _apart(row, event)
    if not _one_place(row, event, km):
        return None
    same_kind = bool(row.get("sub_event_type")) and row["sub_event_type"] == event["sub_event_type"]
    same_actor = bool(_actors(row, codebook) & _actors(event, codebook))
    said = event["event_type"] in _SAID
    if said and not (same_kind and same_actor and days == 0):
        return None
    claimants = [codebook.actor(str(claimant or "")) for claimant in (row.get("claimant"), event["claimant"])]
    shared = {
        "same day" if days == 0 else "a day apart": True,
        "same sub-type": same_kind,
        "same place" if km is None or km < 0.5 else f"{km:.0f} km away": km is not None or bool(row.get("place")),
        "same actor": same_actor,
        "same report": bool(row.get("source_time")) and _report(row) == _report(event),
    }
    return Likeness(
        event=event,
        same_id=False,
        same_word=claimants[0] == claimants[1],
        days=days,
        km=None if km is None else round(km, 1),
        reasons=tuple(reason for reason, holds in shared.items() if holds),
    )


def _of_one_id(row: Mapping[str, Any], event: Row, codebook: Codebook) -> Likeness:
    """Whatever else the two share, a person has to know of the held event: saving would meet its id."""
    alike = _compare(row, event, codebook)
    if alike:
        return replace(alike, same_id=True, reasons=("same id", *alike.reasons))
    ours, theirs = _days(row), _days(event)
    days = abs((theirs[0] - ours[0]).days) if ours and theirs else 0
    km = _apart(row, event)
    return Likeness(event, True, False, days, None if km is None else round(km, 1), ("same id",))


def _days(row: Mapping[str, Any]) -> tuple[dt.date, dt.date] | None:
    """First and last day, both included; None where there is none that can be read."""
    try:
        first = dt.date.fromisoformat(str(row.get("event_date") or ""))
        last = dt.date.fromisoformat(str(row.get("event_end") or first.isoformat()))
    except ValueError:
        return None
    return first, max(first, last)


def _later(day: dt.date, by: dt.timedelta) -> dt.date:
    try:
        return day + by
    except OverflowError:
        return day


def _point(row: Mapping[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude (WGS84 degrees); None where there are none that lie on the earth."""
    try:
        lat, lon = float(row["latitude"]), float(row["longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _apart(row: Mapping[str, Any], event: Row) -> float | None:
    ours, theirs = _point(row), _point(event)
    return distance_km(ours, theirs) if ours and theirs else None


def _one_place(row: Mapping[str, Any], event: Row, km: float | None) -> bool:
    if km is None:
        placed = _point(row) is not None or _point(event) is not None
        return not placed and fold(str(row.get("place") or "")) == fold(event["place"] or "")
    coarser = max((_precision(row), _precision(event)), key=lambda precision: NEAR_KM[precision])
    return km <= NEAR_KM[coarser]


def _precision(row: Mapping[str, Any]) -> int | None:
    given = row.get("geo_precision")
    return int(given) if given in (1, 2, 3) else None


def _box(point: tuple[float, float], km: float) -> BBox:
    """West, south, east, north (degrees, WGS84) of all that lies within `km`; beyond a pole, of every longitude."""
    lat, lon = point
    high = km / 111.0
    south, north = max(-90.0, lat - high), min(90.0, lat + high)
    narrowest = math.cos(math.radians(max(abs(south), abs(north))))
    wide = high / narrowest if narrowest > 0.01 else 180.0
    if wide >= 180.0 or north == 90.0 or south == -90.0:
        return -180.0, south, 180.0, north
    return _turned(lon - wide), south, _turned(lon + wide), north


def _turned(lon: float) -> float:
    return (lon + 180.0) % 360.0 - 180.0


def _actors(row: Mapping[str, Any], codebook: Codebook) -> set[str]:
    """Whoever does it; where nobody is named, to whom."""
    named = str(row.get("actor1") or row.get("actor2") or "")
    return {codebook.actor(actor) for actor in split_actors(named)}


def _report(row: Mapping[str, Any]) -> tuple[str, str]:
    return fold(str(row.get("source") or "")), str(row.get("source_time") or "")
