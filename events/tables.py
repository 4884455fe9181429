"""The store's tables, and how a checked frame becomes their rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from events.codebook import Codebook, split_actors
from events.grid import RADIUS, STEEPEST
from events.schema import COLUMNS, EXTRA
from events.texts import arrow, distinct
from geodata.gazetteer import Gazetteer
from geodata.names import fold_each

# Texts are ordered by code point on every engine. PostgreSQL would follow the language of the database.
TEXT = sa.String().with_variant(postgresql.TEXT(collation="C"), "postgresql")

_SQL_TYPES: dict[str, Any] = {
    "text": TEXT,
    "moment": TEXT,
    "day": sa.Date,
    "integer": sa.Integer,
    "decimal": sa.Double,
}

metadata = sa.MetaData()

events = sa.Table(
    "events",
    metadata,
    sa.Column("row_id", sa.BigInteger, primary_key=True, autoincrement=False),
    *(sa.Column(c.name, _SQL_TYPES[c.kind]) for c in COLUMNS),
    # What follows from a row is kept beside it, so that no query has to work it out again.
    sa.Column("place_key", TEXT),  # the gazetteer's id, else the name; empty without a place
    sa.Column("precision", TEXT),  # a key of filters.PRECISIONS
    sa.Column("x", sa.Double),  # Web-Mercator metres; empty without coordinates
    sa.Column("y", sa.Double),
    sa.Column("search", TEXT),  # every word and name of the event, folded
    sa.Column("extra", TEXT),  # what its own format holds besides (schema.EXTRA)
    sa.Column("stamp", sa.BigInteger),  # when its source last changed it, seconds since 1970; 0 where it does not say
    sa.Column("digest", sa.BigInteger),  # of the row's content, to tell a changed row from the same one
)

event_actors = sa.Table(
    "event_actors",
    metadata,
    # One row for each actor of an event, on either side, under its one name.
    sa.Column("row_id", sa.BigInteger, nullable=False),
    sa.Column("actor", TEXT, nullable=False),
)

# ── what is kept beside the events, so that no question has to read their texts (cubes.py keeps it) ──────────

kinds = sa.Table(
    "kinds",
    metadata,
    # What happened, and how precisely its place is known.
    sa.Column("kind_id", sa.Integer, nullable=False),
    sa.Column("event_type", TEXT, nullable=False),
    sa.Column("sub_event_type", TEXT, nullable=False),
    sa.Column("precision", TEXT, nullable=False),
    sa.Column("mark_id", sa.Integer, nullable=False),  # the same for all kinds of one type that share a mark on the map
)

spots = sa.Table(
    "spots",
    metadata,
    # Where: many events are of one place and share its point.
    sa.Column("spot_id", sa.Integer, nullable=False),
    sa.Column("place_key", TEXT, nullable=False),
    sa.Column("place", TEXT, nullable=False),
    sa.Column("longitude", sa.Double),
    sa.Column("latitude", sa.Double),
    sa.Column("x", sa.Double),
    sa.Column("y", sa.Double),
    # x and y in whole centimetres, so that their sums are exact in any order; 0 without coordinates.
    sa.Column("east", sa.BigInteger, nullable=False),
    sa.Column("north", sa.BigInteger, nullable=False),
)

claimants = sa.Table(
    "claimants",
    metadata,
    sa.Column("claimant_id", sa.Integer, nullable=False),
    sa.Column("claimant", TEXT, nullable=False),
)

sides = sa.Table(
    "sides",
    metadata,
    # Who stands on either side, as the events write it.
    sa.Column("side_id", sa.Integer, nullable=False),
    sa.Column("actor1", TEXT, nullable=False),
    sa.Column("actor2", TEXT, nullable=False),
)

side_actors = sa.Table(
    "side_actors",
    metadata,
    # One row for each actor of these sides, under its one name.
    sa.Column("side_id", sa.Integer, nullable=False),
    sa.Column("actor", TEXT, nullable=False),
)

facts = sa.Table(
    "facts",
    metadata,
    # Every event in numbers alone, in order of days.
    sa.Column("row_id", sa.BigInteger, nullable=False),
    sa.Column("event_id", TEXT, nullable=False),
    sa.Column("day", sa.Integer, nullable=False),  # the event's first and last day, in days since 1970-01-01
    sa.Column("last_day", sa.Integer, nullable=False),
    sa.Column("month", sa.Integer, nullable=False),  # of the first and of the last day, like 202010
    sa.Column("last_month", sa.Integer, nullable=False),
    sa.Column("kind_id", sa.Integer, nullable=False),
    sa.Column("spot_id", sa.Integer, nullable=False),
    sa.Column("claimant_id", sa.Integer, nullable=False),
    sa.Column("side_id", sa.Integer, nullable=False),
)


def _cube(name: str, *columns: str) -> sa.Table:
    """Events counted by these columns: the sum of `n` over the rows that have the same values."""
    whole = [sa.Column(column, sa.Integer, nullable=False) for column in columns]
    return sa.Table(name, metadata, *whole, sa.Column("n", sa.Integer, nullable=False))


# `period` is a month like 202010, a year like 202000, or 0 for all time: every event is counted under each of them.
by_spot = _cube("by_spot", "period", "kind_id", "spot_id")
by_side = _cube("by_side", "period", "kind_id", "side_id")
by_claimant = _cube("by_claimant", "period", "kind_id", "claimant_id")
by_day = _cube("by_day", "day", "month", "kind_id")

keeping = sa.Table(
    "keeping",
    metadata,
    # One row: how many rows of `facts` came after it was last put in order.
    sa.Column("loose", sa.BigInteger, nullable=False),
)


@dataclass(frozen=True)
class Prepared:
    """Frames ready to be written: one with the columns of `events`, one with those of `event_actors`."""

    events: pd.DataFrame
    actors: pd.DataFrame


def prepare(frame: pd.DataFrame, codebook: Codebook, gazetteer: Gazetteer, first_row: int = 0) -> Prepared:
    """Add to accepted rows (schema.check) what the queries need."""
    out = frame if EXTRA in frame else frame.assign(**{EXTRA: ""})
    row_id = np.arange(first_row, first_row + len(frame), dtype="int64")
    names = _one_names(frame, codebook)
    placed = out["latitude"].notna()
    precision = out["geo_precision"].astype("str").where(out["geo_precision"].notna(), "unknown")
    lat = out["latitude"].clip(-STEEPEST, STEEPEST)
    out = out.assign(
        row_id=row_id,
        place_key=out["place_id"].where(out["place_id"] != "", out["place"]),
        precision=precision.where(placed, "none"),
        x=np.radians(out["longitude"]) * RADIUS,
        y=np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) * RADIUS,
        search=_search_text(out, names, gazetteer),
        stamp=stamps(out[EXTRA]),
        digest=pd.util.hash_pandas_object(out, index=False).astype("int64").to_numpy(),
    )
    return Prepared(out, _actor_rows(out, names))


def stamps(extra: pd.Series) -> pd.Series:
    """The `timestamp` that ACLED gives each version of a row, seconds since 1970; 0 where there is none."""
    found = pc.extract_regex(arrow(extra), r'"timestamp": ?"?(?P<stamp>\d{1,12})')
    seconds = pc.fill_null(pc.cast(pc.struct_field(found, "stamp"), pa.int64()), 0)
    return pd.Series(seconds.to_numpy(zero_copy_only=False), index=extra.index)


_NAMES_OF_ACTORS = ("actor1", "actor2", "claimant")


def _one_names(frame: pd.DataFrame, codebook: Codebook) -> dict[str, list[str]]:
    """The one name of each actor in a cell, for every cell that names any."""
    cells = {cell for name in _NAMES_OF_ACTORS for cell in frame[name].unique()}
    return {cell: [codebook.actor(actor) for actor in split_actors(cell)] for cell in cells}


def _search_text(out: pd.DataFrame, names: dict[str, list[str]], gazetteer: Gazetteer) -> pd.Series:
    def place_names(place_ids: list[str]) -> list[str]:
        places = [gazetteer.get(place_id) for place_id in place_ids]
        return fold_each([" ".join(place.all_names()) if place else "" for place in places])

    def actor_names(cells: list[str]) -> list[str]:
        return fold_each([" ".join([cell, *names[cell]]) for cell in cells])

    changes = {"place_id": place_names, **dict.fromkeys(_NAMES_OF_ACTORS, actor_names)}
    parts = [distinct(arrow(out[name]), changes.get(name, fold_each)) for name in _SEARCHED]
    joined: pd.Series = pc.binary_join_element_wise(*parts, pa.scalar(" ", pa.large_string())).to_pandas()
    return joined.set_axis(out.index)


_SEARCHED = (
    *("place", "place_id", "admin1", "country", *_NAMES_OF_ACTORS),
    *("event_type", "sub_event_type", "notes", "source", "event_id"),
)


def _actor_rows(out: pd.DataFrame, names: dict[str, list[str]]) -> pd.DataFrame:
    sides = []
    for name in ("actor1", "actor2"):
        coded = arrow(out[name]).dictionary_encode()
        lists = pa.array([names[cell] for cell in coded.dictionary.to_pylist()], pa.list_(pa.large_string()))
        found = lists.take(coded.indices)
        rows = pa.array(out["row_id"]).take(pc.list_parent_indices(found))
        sides.append(pa.table({"row_id": rows, "actor": pc.list_flatten(found)}))
    both: pd.DataFrame = pa.concat_tables(sides).to_pandas()
    return both.drop_duplicates(ignore_index=True).astype({"actor": "str"})
