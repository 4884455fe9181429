"""What a store holds, read once: its size, its days, its kinds of events, and every name in it."""

import datetime as dt
from typing import Any, NamedTuple

import sqlalchemy as sa

from events import plan
from events.codebook import Codebook
from events.cubes import CUBES
from events.filters import Vocabulary
from events.tables import by_day, claimants, facts, kinds, side_actors, spots
from events.units import EPOCH
from geodata.gazetteer import Gazetteer


class Kind(NamedTuple):
    """What a kind of events is, named as the filter's parts are."""

    types: str
    sub_types: str
    precisions: str


class Contents(NamedTuple):
    """What a store holds. `last` is the last day of any event; `kinds` and `marks` are by their ids."""

    known: plan.Known
    last: dt.date
    kinds: dict[int, Kind]
    marks: dict[int, Kind]
    vocabulary: Vocabulary


def read_contents(connection: sa.Connection, codebook: Codebook, gazetteer: Gazetteer) -> Contents:
    """Read what a store holds."""
    there = set(sa.inspect(connection).get_table_names())
    period = {plan.FACTS: facts.c.month, "by_day": by_day.c.month} | {t.name: t.c.period for t in CUBES[:3]}
    of = {name: column for name, column in period.items() if name == plan.FACTS or name in there}
    sizes = {name: sa.select(column, sa.func.count()).group_by(column) for name, column in of.items()}
    ends = sa.select(sa.func.min(facts.c.day), sa.func.max(facts.c.day), sa.func.max(facts.c.last_day))
    # Of no rows, an engine's least and greatest may be nothing or 0.
    first, newest, last = (EPOCH + dt.timedelta(day or 0) for day in connection.execute(ends).all()[0])
    of_kind = connection.execute(sa.select(kinds)).all()
    found = {k.kind_id: Kind(k.event_type, k.sub_event_type, k.precision) for k in of_kind}
    return Contents(
        plan.Known(
            {name: _mapping(connection, query) for name, query in sizes.items()},
            first,
            newest,
            pieces="folded" in there,
        ),
        last,
        found,
        {k.mark_id: found[k.kind_id] for k in of_kind},
        _vocabulary(connection, codebook, gazetteer),
    )


def _vocabulary(connection: sa.Connection, codebook: Codebook, gazetteer: Gazetteer) -> Vocabulary:
    # A name stays in its table when its last event is taken away.
    def used(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
        return column.in_(sa.select(facts.c[column.name]))

    actors = sa.select(side_actors.c.actor).where(used(side_actors.c.side_id)).distinct()
    voices = sa.select(claimants.c.claimant).where(used(claimants.c.claimant_id), claimants.c.claimant != "")
    places = sa.select(spots.c.place_key, sa.func.min(spots.c.place))
    places = places.where(used(spots.c.spot_id), spots.c.place_key != "").group_by(spots.c.place_key)
    return Vocabulary(
        codebook,
        gazetteer,
        frozenset(connection.execute(actors).scalars().all()),
        frozenset(connection.execute(voices).scalars().all()),
        dict(sorted(_mapping(connection, places).items())),
    )


def _mapping(connection: sa.Connection, query: sa.Select[Any]) -> dict[Any, Any]:
    return {key: value for key, value in connection.execute(query).all()}  # noqa: C416 - rows are no pairs to mypy
