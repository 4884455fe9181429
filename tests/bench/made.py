"""Life-like events, made up with a seed, as a Parquet file of any size: `make_events(path, rows)`.

Twelve theatres of war of unequal weight in one part of the world; in each, towns by a heavy tail, in districts and
regions; parties of its own, who meet in pairs by a heavy tail; days of battle and of quiet over ten years, in which
the kinds of events differ. Made with numpy and Arrow in pieces: ten million rows take a few minutes.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from events.codebook import load_codebook
from events.schema import COLUMNS
from geodata.gazetteer import Gazetteer

FIRST_DAY = np.datetime64("2015-01-01")
DAYS = 3653  # ten years
THEATRES = 12
TOWNS, DISTRICTS, REGIONS = 380, 20, 3  # of each theatre
ACTORS = 300
PAIRS = 90  # of each theatre
PUBLISHERS = 24
PIECE = 500_000

EXACT, DISTRICT, REGION, UNTOLD, NOWHERE = range(5)
SHARES = (0.60, 0.23, 0.08, 0.02, 0.07)  # of each way in which a place is known

_SYLLABLES = (
    "ka", "ra", "mir", "shu", "dag", "bel", "tor", "an", "vesh", "lu", "gor", "is", "ter", "sel", "ok", "zan", "pe",
    "rud", "hay", "ast", "bol", "cha", "ner", "dim", "ul",
)  # fmt: skip
_MOODS = {  # type → its share on a day of battle and on a quiet one
    "Battles": (0.34, 0.12),
    "Explosions/Remote violence": (0.38, 0.14),
    "Violence against civilians": (0.10, 0.13),
    "Protests": (0.02, 0.22),
    "Riots": (0.01, 0.06),
    "Strategic developments": (0.07, 0.12),
    "Diplomacy": (0.05, 0.14),
    "Humanitarian": (0.03, 0.07),
}
_SAID = (
    "Shelling was reported near {}, according to residents",
    "Clashes between the sides continued around {}",
    "The ministry said that positions close to {} had been attacked",
    "A gathering was held in the centre of {}",
    "Families left {} during the night",
    "Drones were seen above {} before the strike",
    "Artillery fire reached the outskirts of {}",
    "An agreement on {} was discussed by both delegations",
    "The army denied that it had fired on {}",
    "Aid convoys arrived in {} after the pause",
)


def make_events(path: Path, rows: int, seed: int = 1) -> None:
    """Write `rows` events in order of their days, with the columns of the table, typed, to a Parquet file."""
    rng = np.random.default_rng(seed)
    world = _World.drawn(rng)
    battle, theatre, day = _days(rng, rows)
    schema = pa.schema([(c.name, _ARROW[c.kind]) for c in COLUMNS])
    with pq.ParquetWriter(path, schema, compression="zstd", store_schema=False) as out:
        for at in range(0, rows, PIECE):
            part = slice(at, min(at + PIECE, rows))
            columns = _piece(rng, world, at, theatre[part], day[part], battle[theatre[part], day[part]])
            out.write_table(pa.table([columns[name] for name in schema.names], schema=schema), PIECE // 4)


_ARROW = {
    "text": pa.string(),
    "moment": pa.string(),
    "day": pa.date32(),
    "integer": pa.int32(),
    "decimal": pa.float64(),
}


@dataclass(frozen=True)
class _World:
    """Names and places; arrays by theatre first."""

    town: Any  # names, shape (THEATRES, TOWNS)
    town_id: Any
    town_at: Any  # longitude and latitude, shape (…, 2)
    district: Any
    district_at: Any
    region: Any
    region_at: Any
    country: Any
    actor: Any
    pairs: Any  # numbers of the two parties, shape (THEATRES, PAIRS, 2)
    publisher: Any
    words: Any

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "_World":
        names = _names(rng, THEATRES * (TOWNS + DISTRICTS + REGIONS + 1) + ACTORS + PUBLISHERS + 3000)
        centre = np.column_stack([rng.uniform(24, 60, THEATRES), rng.uniform(14, 50, THEATRES)])
        centre[0] = (46.7, 39.8)
        region_at = centre[:, None] + rng.normal(0, 1.1, (THEATRES, REGIONS, 2))
        district_at = region_at[:, np.arange(DISTRICTS) % REGIONS] + rng.normal(0, 0.8, (THEATRES, DISTRICTS, 2))
        town_at = district_at[:, np.arange(TOWNS) % DISTRICTS] + rng.normal(0, 0.25, (THEATRES, TOWNS, 2))
        town = names[: THEATRES * TOWNS].reshape(THEATRES, TOWNS).copy()
        town_id = np.full_like(town, "")
        known = [p for p in Gazetteer.load() if p.kind in {"city", "town", "village"}][:TOWNS]
        for n, place in enumerate(known):
            town[0, n], town_id[0, n], town_at[0, n] = place.name_en, place.place_id, (place.longitude, place.latitude)
        rest = iter(names[THEATRES * TOWNS :])
        take = lambda *shape: np.array([next(rest) for _ in range(int(np.prod(shape)))], object).reshape(shape)  # noqa: E731
        kinds = np.array(["Military Forces of", "Government of", "Police Forces of", "Militia of"], object)
        actor = kinds[np.arange(ACTORS) % 4] + " " + take(ACTORS)
        own = ACTORS // THEATRES
        parties = np.arange(THEATRES)[:, None] * own + np.minimum(rng.zipf(1.5, (THEATRES, PAIRS * 2)) - 1, own - 1)
        return cls(
            town, town_id, town_at.round(4),
            take(THEATRES, DISTRICTS) + " district", district_at.round(4),
            take(THEATRES, REGIONS) + " region", region_at.round(4),
            take(THEATRES), actor, parties.reshape(THEATRES, PAIRS, 2),
            take(PUBLISHERS) + " News", take(3000),
        )  # fmt: skip


def _names(rng: np.random.Generator, n: int) -> Any:
    found: dict[str, None] = {}
    while len(found) < n:
        found["".join(rng.choice(_SYLLABLES, rng.integers(2, 5))).capitalize()] = None
    return np.array(list(found), object)


def _heavy(n: int, steep: float = 1.0) -> Any:
    weights = 1 / np.arange(1, n + 1) ** steep
    return weights / weights.sum()


def _days(rng: np.random.Generator, rows: int) -> tuple[Any, Any, Any]:
    """Whether each (theatre, day) is one of battle, and the theatre and day of every row, in order of days."""
    drift = np.zeros((THEATRES, DAYS))
    steps = rng.normal(0, 0.25, (THEATRES, DAYS))
    for n in range(1, DAYS):
        drift[:, n] = 0.98 * drift[:, n - 1] + steps[:, n]
    battle = np.zeros((THEATRES, DAYS), bool)
    for own in battle:
        for start in rng.integers(0, DAYS, 7):
            own[start : start + rng.integers(12, 60)] = True
    weight = np.exp(drift) * np.where(battle, 8.0, 1.0)
    weight *= (_heavy(THEATRES, 0.8) / weight.sum(axis=1))[:, None]
    # By day first: the rows come out in order of days.
    counts = rng.multinomial(rows, (weight / weight.sum()).T.ravel())
    number = np.repeat(np.arange(counts.size, dtype=np.int32), counts)
    return battle, (number % THEATRES).astype(np.int32), number // THEATRES


def _piece(rng: np.random.Generator, world: _World, at: int, theatre: Any, day: Any, battle: Any) -> dict[str, Any]:
    n = len(day)
    kind, sub = _kinds(rng, battle)
    where = _places(rng, world, theatre)
    pair = world.pairs[theatre, rng.choice(PAIRS, n, p=_heavy(PAIRS))]
    second = _texts(world.actor, pair[:, 1])
    third = pc.binary_join_element_wise(second, _texts(world.actor, theatre * (ACTORS // THEATRES)), "; ")
    publisher = rng.choice(PUBLISHERS, n, p=_heavy(PUBLISHERS))
    voice = rng.random(n)
    claimant = np.where(voice < 0.35, pair[:, 0], np.where(voice < 0.5, pair[:, 1], ACTORS + publisher))
    longer = np.where(rng.random(n) < 0.04, rng.integers(1, 10, n), 0)
    longer = np.where(rng.random(n) < 0.002, rng.integers(30, 120, n), longer)
    first = FIRST_DAY + day
    number = pc.utf8_lpad(pc.cast(pa.array(np.arange(at, at + n)), pa.string()), 8, "0")
    killed = rng.geometric(0.3, n) - 1
    told = rng.random(n) < 0.5
    return {
        "event_id": pc.binary_join_element_wise("made", number, "-"),
        "incident_id": pc.if_else(
            pa.array(rng.random(n) < 0.1),
            pc.binary_join_element_wise("case", pc.cast(pa.array(np.arange(at, at + n) // 3), pa.string()), "-"),
            "",
        ),
        "event_date": pa.array(first),
        "event_end": pa.array(first + longer),
        "time_precision": _ints(rng.choice((1, 2, 3), n, p=(0.9, 0.08, 0.02))),
        "event_type": kind,
        "sub_event_type": sub,
        "actor1": _texts(world.actor, pair[:, 0]),
        "actor2": pc.if_else(
            pa.array(rng.random(n) < 0.08), third, pc.if_else(pa.array(rng.random(n) < 0.2), "", second)
        ),
        "claimant": pc.if_else(
            pa.array(rng.random(n) < 0.06), "", _texts(np.concatenate([world.actor, world.publisher]), claimant)
        ),
        "country": _texts(world.country, theatre),
        **where,
        "fatalities": _ints(killed, told),
        "fatalities_low": _ints(killed, told & (rng.random(n) < 0.2)),
        "fatalities_high": _ints(killed + rng.integers(0, 5, n), told & (rng.random(n) < 0.2)),
        "injured": _ints(rng.geometric(0.2, n) - 1, rng.random(n) < 0.2),
        "notes": _notes(rng, world, where["place"], killed, n),
        "source": _texts(world.publisher, publisher),
        "source_url": pc.binary_join_element_wise("https://news.example/", number, ""),
        "source_time": pc.strftime(pa.array(first + 1), "%Y-%m-%d"),
        "evidence": pc.binary_join_element_wise("sentence", pc.cast(pa.array(rng.integers(1, 9, n)), pa.string()), " "),
    }


def _kinds(rng: np.random.Generator, battle: Any) -> tuple[Any, Any]:
    types = load_codebook().types
    shares = np.array([_MOODS[t.name] for t in types])
    limits = np.cumsum(shares / shares.sum(axis=0), axis=0)
    drawn = rng.random(len(battle))
    kind = np.where(battle, np.searchsorted(limits[:, 0], drawn), np.searchsorted(limits[:, 1], drawn))
    subs = [["", *t.sub_types] for t in types]
    starts = np.cumsum([0, *map(len, subs)])[:-1]
    nth = np.zeros(len(battle), int)
    for n, own in enumerate(subs):
        mine = np.flatnonzero(kind == n)
        # Few lack a sub-type; the first of the codebook are the common ones.
        weights = np.concatenate([[0.02], 0.98 * _heavy(len(own) - 1)])
        nth[mine] = rng.choice(len(own), len(mine), p=weights)
    every = np.array([sub for own in subs for sub in own], object)
    return _texts(np.array([t.name for t in types], object), kind), _texts(every, starts[kind] + nth)


def _places(rng: np.random.Generator, world: _World, theatre: Any) -> dict[str, Any]:
    n = len(theatre)
    town = rng.choice(TOWNS, n, p=_heavy(TOWNS, 1.05))
    district, region = town % DISTRICTS, town % DISTRICTS % REGIONS
    how = rng.choice(5, n, p=SHARES)
    of_town = (how == EXACT) | (how == UNTOLD)
    of_district, of_region = how == DISTRICT, how == REGION
    choices = [of_town, of_district, of_region]

    def pick(towns: Any, districts: Any, regions: Any) -> Any:
        return np.select(choices, [towns[theatre, town], districts[theatre, district], regions[theatre, region]], "")

    at = np.select(
        [c[:, None] for c in choices],
        [world.town_at[theatre, town], world.district_at[theatre, district], world.region_at[theatre, region]],
        np.nan,
    )
    nowhere = how == NOWHERE
    names = pick(world.town, world.district, world.region)
    # Of what has no known place, half has a name all the same.
    names = np.where(nowhere & (rng.random(n) < 0.5), world.region[theatre, region], names)
    return {
        "admin1": pa.array(np.where(how == REGION, "", world.district[theatre, district]), pa.string()),
        "place": pa.array(names, pa.string()),
        "place_id": pa.array(np.where(of_town, world.town_id[theatre, town], ""), pa.string()),
        "latitude": pa.array(at[:, 1], mask=nowhere),
        "longitude": pa.array(at[:, 0], mask=nowhere),
        "geo_precision": _ints(
            np.select([how == EXACT, of_district, of_region], [1, 2, 3], 0), ~nowhere & (how != UNTOLD)
        ),
    }


def _notes(rng: np.random.Generator, world: _World, place: Any, killed: Any, n: int) -> Any:
    before, after = zip(*(said.split("{}") for said in _SAID), strict=True)
    nth = rng.integers(0, len(_SAID), n)
    words = _texts(world.words, rng.choice(len(world.words), n, p=_heavy(len(world.words), 0.7)))
    return pc.binary_join_element_wise(
        _texts(np.array(before, object), nth),
        pc.if_else(pc.equal(place, ""), "the border", place),
        _texts(np.array(after, object), nth),
        "; ",
        pc.cast(pa.array(killed), pa.string()),
        " killed, says ",
        words,
        ".",
        "",
    )


def _texts(names: Any, numbers: Any) -> Any:
    return pa.array(names, pa.string()).take(pa.array(numbers))


def _ints(values: Any, told: Any = None) -> Any:
    return pa.array(values, pa.int32(), mask=None if told is None else ~told)
