"""Which of several places that bear one name a text means, and why.

What is weighed, heaviest first: what the text says it lies in ('Martuni in Gegharkunik'), the adjective of a country
before it, the places named beside it, where the reader looks (`near`), and how likely a report of this war means it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from geodata.gazetteer import Gazetteer, Match, Place, distance_km
from geodata.toponyms import VILLAGE, Entry

__all__ = ["Context", "ranked"]

_PRIORS: Final = (1.0, 0.7, 0.4, 0.0)
_KINDS: Final = {"country": 0.3, "city": 0.3, "town": 0.2, "province": 0.2, "district": 0.1, "region": 0.15}
_THEATRE: Final = 1
_RARE: Final = {"older": 0.4, "hy-Latn": 0.4, VILLAGE: 0.6}
_CONTAINED: Final = 3.0
_ADJECTIVE: Final = 1.5
_NAMED_COUNTRY: Final = 0.5
_BESIDE_KM: Final = 50.0
_NEAR_KM: Final = 100.0


@dataclass(slots=True)
class Context:
    """What the text around a name gives: the places beside it (nearest first), what it is said to lie in, and more."""

    beside: Sequence[Place] = ()
    within: Place | None = None
    adjective: str = ""
    countries: frozenset[str] = frozenset()
    near: tuple[float, float] | None = None


def ranked(gazetteer: Gazetteer, entries: Iterable[Entry], context: Context) -> tuple[Entry, str, tuple[Match, ...]]:
    """Return the entry that is meant, the reason in words, and the others with a score from 0 to 1."""
    weighed = [(_weigh(gazetteer, entry, context), entry) for entry in entries]
    weighed.sort(key=lambda pair: -sum(pair[0].values()))
    best, taken = weighed[0]
    others = [(parts, entry) for parts, entry in weighed[1:] if entry.place is not None and entry.place != taken.place]
    if not others:
        return taken, "", ()
    top = max(sum(best.values()), 0.01)
    told = {entry.place.place_id: (parts, entry) for parts, entry in reversed(others) if entry.place is not None}
    matches = tuple(
        Match(
            entry.place, entry.name, entry.language, round(min(1.0, max(0.0, sum(parts.values()) / top)), 3), "namesake"
        )
        for parts, entry in reversed(told.values())
        if entry.place is not None
    )
    elsewhere = [
        parts
        for parts, entry in others
        if entry.place is None or taken.place is None or entry.place.where != taken.place.where
    ]
    second = (elsewhere or [others[0][0]])[0]
    deciding = max(best, key=lambda key: best[key] - second.get(key, 0.0))
    return taken, _why(deciding, taken, matches, context), matches


def _weigh(gazetteer: Gazetteer, entry: Entry, context: Context) -> dict[str, float]:
    place = entry.place
    if place is None:
        return {"prior": 0.0}
    zone = gazetteer.zone(place)
    size = math.log10(place.population) / 30 if place.population > 0 else 0.0
    parts = {"prior": _PRIORS[zone] + _KINDS.get(place.kind, 0.0) + size - _RARE.get(entry.language, 0.0)}
    if context.within is not None:
        parts["within"] = _CONTAINED * (1 if _lies_in(place, context.within) else -1)
    if context.adjective:
        own = gazetteer.get(context.adjective)
        parts["adjective"] = _ADJECTIVE * (own is not None and _lies_in(place, own))
    if zone > _THEATRE:  # every report of this war names Armenia and Azerbaijan
        parts["country"] = _NAMED_COUNTRY * (place.country in context.countries)
    parts["beside"] = sum(
        math.exp(-_apart_km(place, other) / _BESIDE_KM) / (1 + order) for order, other in enumerate(context.beside)
    )
    if context.near is not None:
        parts["near"] = math.exp(-distance_km(place.point, context.near) / _NEAR_KM)
    return parts


def _apart_km(one: Place, other: Place) -> float:
    """Return the kilometres between two places, from edge to edge: a province lies by each of its towns."""
    return max(0.0, distance_km(one.point, other.point) - one.radius_km - other.radius_km)


def _lies_in(place: Place, whole: Place) -> bool:
    if whole.kind == "country":
        return place.country == whole.country
    if whole.place_id in {place.district, place.place_id}:
        return True
    return distance_km(place.point, whole.point) <= whole.radius_km


def _why(deciding: str, taken: Entry, others: Sequence[Match], context: Context) -> str:
    told = [
        f"{match.place.name_en} in {match.place.where}"
        for match in others
        if match.place.where != (taken.place and taken.place.where)
    ]
    rivals = ", ".join(dict.fromkeys(told[:3])) or f"the {others[0].place.kind} of that name"
    if deciding == "within" and context.within is not None:
        return f"the text says that it lies in {context.within.name_en}; not {rivals}"
    if deciding == "adjective":
        return f"the adjective before it says whose it is; not {rivals}"
    if deciding == "beside" and context.beside and taken.place is not None:
        place = taken.place
        closest = min(context.beside, key=lambda other: distance_km(place.point, other.point))
        return f"the nearest to {closest.name_en}, named beside it; not {rivals}"
    if deciding == "near":
        return f"the nearest to where it was looked for; not {rivals}"
    if deciding == "country":
        return f"its country is named in the text; not {rivals}"
    return f"the one that reports mean more often; not {rivals}"
