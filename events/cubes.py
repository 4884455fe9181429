"""What is kept beside the events: names as numbers, every event in numbers alone (`facts`), and counts (the cubes).

All of it follows from `events` and is kept in the transaction that changes them. A cube's rows are added up by whoever
reads it, so new events and events that are taken away only add rows to it; when a quarter of the facts came since they
were last put in order, facts and cubes are made anew.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from events.tables import (
    by_claimant,
    by_day,
    by_side,
    by_spot,
    claimants,
    event_actors,
    events,
    facts,
    keeping,
    kinds,
    side_actors,
    sides,
    spots,
)

CUBES = (by_spot, by_side, by_claimant, by_day)
LOOSE = 4  # a fourth
NO_DEGREES = 999.0  # stands for 'no place known' where nulls would not compare
_EPOCH = sa.cast(sa.literal("1970-01-01"), sa.Date)


def take_in(connection: sa.Connection, first_row: int) -> None:
    """Keep what follows from the events whose row ids are at least `first_row`."""
    fresh = events.c.row_id >= first_row
    total = _number(connection, sa.select(sa.func.count()).select_from(events))
    loose = _number(connection, sa.select(sa.func.coalesce(sa.func.max(keeping.c.loose), 0)))
    loose += _number(connection, sa.select(sa.func.count()).select_from(events).where(fresh))
    if loose * LOOSE > total:
        make_anew(connection)
        return
    _add_names(connection, fresh)
    _fill(connection, fresh, facts.c.row_id >= first_row)
    connection.execute(sa.update(keeping).values(loose=loose))


def make_anew(connection: sa.Connection) -> None:
    """Make all that is kept beside the events, in order of days, from the events alone."""
    for table in (kinds, spots, claimants, sides, side_actors, facts, *CUBES, keeping):
        connection.execute(sa.delete(table))
    _add_names(connection, sa.true())
    _fill(connection, sa.true(), sa.true())
    connection.execute(sa.insert(keeping).values(loose=0))


def forget(connection: sa.Connection, rows: Sequence[int]) -> None:
    """Take away what follows from the events with these row ids."""
    for part in _slices(rows):
        gone = facts.c.row_id.in_(part)
        _count(connection, gone, sign=-1)
        connection.execute(sa.delete(facts).where(gone))


# ── names as numbers ────────────────────────────────────────────────────────────────────────────────────────


def _add_names(connection: sa.Connection, fresh: sa.ColumnElement[bool]) -> None:
    _add_kinds(connection, fresh)
    _add_spots(connection, fresh)
    _add_claimants(connection, fresh)
    _add_sides(connection, fresh)
    if connection.dialect.name == "postgresql":
        # It plans by what it knows of a table, and knows nothing of rows that came in the same transaction. Of a join
        # by several columns it expects next to no rows, and would look through all names for each event.
        for table in (kinds, spots, claimants, sides):
            connection.exec_driver_sql(f"ANALYZE {table.name}")
        connection.exec_driver_sql("SET LOCAL enable_nestloop = off")


def _add_kinds(connection: sa.Connection, fresh: sa.ColumnElement[bool]) -> None:
    known = connection.execute(sa.select(kinds)).all()
    ids = {(k.event_type, k.sub_event_type, k.precision): k.kind_id for k in known}
    marks = {(k.event_type, k.precision == "1"): k.mark_id for k in known}
    columns = (events.c.event_type, events.c.sub_event_type, events.c.precision)
    found = connection.execute(sa.select(*columns).where(fresh).distinct().order_by(*columns)).all()
    rows = []
    for event_type, sub_event_type, precision in found:
        if (event_type, sub_event_type, precision) in ids:
            continue
        number = len(ids) + 1
        ids[event_type, sub_event_type, precision] = number
        mark = marks.setdefault((event_type, precision == "1"), number)
        rows.append((number, event_type, sub_event_type, precision, mark))
    if rows:
        names = [c.name for c in kinds.columns]
        connection.execute(sa.insert(kinds), [dict(zip(names, row, strict=True)) for row in rows])


def _add_spots(connection: sa.Connection, fresh: sa.ColumnElement[bool]) -> None:
    e = events.c
    # -0.0 and 0.0 are one longitude.
    where = [e.place_key, e.place, (e.longitude + 0.0).label("longitude"), (e.latitude + 0.0).label("latitude")]
    found = (
        sa.select(*where, sa.func.min(e.x).label("x"), sa.func.min(e.y).label("y")).where(fresh).group_by(*where)
    ).subquery()
    known = sa.select(spots.c.spot_id).where(_same_spot(found.c)).exists()
    order = (found.c.place_key, found.c.place, found.c.longitude, found.c.latitude)
    exact = [sa.cast(sa.func.round(sa.func.coalesce(m, 0.0) * 100), sa.BigInteger) for m in (found.c.x, found.c.y)]
    rows = sa.select(_numbered(connection, spots.c.spot_id, order), *order, found.c.x, found.c.y, *exact).where(~known)
    _insert(connection, spots, rows)


def _same_spot(other: Any) -> sa.ColumnElement[bool]:
    same = [spots.c[name] == other[name] for name in ("place_key", "place")]
    for name in ("longitude", "latitude"):
        same.append(sa.func.coalesce(spots.c[name], NO_DEGREES) == sa.func.coalesce(other[name], NO_DEGREES))
    return sa.and_(*same)


def _add_claimants(connection: sa.Connection, fresh: sa.ColumnElement[bool]) -> None:
    found = sa.select(events.c.claimant).where(fresh).distinct().subquery()
    known = sa.select(claimants.c.claimant_id).where(claimants.c.claimant == found.c.claimant).exists()
    number = _numbered(connection, claimants.c.claimant_id, (found.c.claimant,))
    _insert(connection, claimants, sa.select(number, found.c.claimant).where(~known))


def _add_sides(connection: sa.Connection, fresh: sa.ColumnElement[bool]) -> None:
    first = _next(connection, sides.c.side_id)
    found = sa.select(events.c.actor1, events.c.actor2).where(fresh).distinct().subquery()
    known = sa.select(sides.c.side_id).where(_same_sides(found.c)).exists()
    order = (found.c.actor1, found.c.actor2)
    _insert(connection, sides, sa.select(_numbered(connection, sides.c.side_id, order), *order).where(~known))
    # What an event's actors are called is told beside it; one event of each new pair of sides is enough.
    example = (
        sa.select(sides.c.side_id, sa.func.min(events.c.row_id).label("row_id"))
        .join(events, _same_sides(events.c))
        .where(fresh, sides.c.side_id >= first)
        .group_by(sides.c.side_id)
    ).subquery()
    actors = sa.select(example.c.side_id, event_actors.c.actor).distinct()
    actors = actors.join_from(example, event_actors, event_actors.c.row_id == example.c.row_id)
    _insert(connection, side_actors, actors)


def _same_sides(other: Any) -> sa.ColumnElement[bool]:
    return sa.and_(sides.c.actor1 == other.actor1, sides.c.actor2 == other.actor2)


def _next(connection: sa.Connection, number: sa.Column[int]) -> int:
    return _number(connection, sa.select(sa.func.coalesce(sa.func.max(number), 0))) + 1


def _numbered(connection: sa.Connection, number: sa.Column[int], order: Sequence[Any]) -> sa.ColumnElement[int]:
    return sa.cast(_next(connection, number) - 1 + sa.func.row_number().over(order_by=order), sa.Integer)


# ── facts and counts ────────────────────────────────────────────────────────────────────────────────────────


def _fill(connection: sa.Connection, of_events: sa.ColumnElement[bool], of_facts: sa.ColumnElement[bool]) -> None:
    e = events.c
    ends = (e.event_date, e.event_end)
    day, last_day = (sa.cast(end - _EPOCH, sa.Integer) for end in ends)
    months = [sa.cast(sa.extract("year", end) * 100 + sa.extract("month", end), sa.Integer) for end in ends]
    same_kind = sa.and_(*(kinds.c[n] == e[n] for n in ("event_type", "sub_event_type", "precision")))
    rows = (
        sa.select(
            e.row_id, e.event_id, day, last_day, *months,
            kinds.c.kind_id, spots.c.spot_id, claimants.c.claimant_id, sides.c.side_id,
        )
        .select_from(events)
        .join(kinds, same_kind)
        .join(spots, _same_spot(e))
        .join(claimants, claimants.c.claimant == e.claimant)
        .join(sides, _same_sides(e))
        .where(of_events)
        .order_by(e.event_date, e.event_id)
    )  # fmt: skip
    _insert(connection, facts, rows)
    _count(connection, of_facts, sign=1)


def _count(connection: sa.Connection, of_facts: sa.ColumnElement[bool], *, sign: int) -> None:
    """Add these facts to the cubes, or take them away."""
    year = facts.c.month - facts.c.month % 100
    n = sa.cast(sign * sa.func.count(), sa.Integer)
    for cube in CUBES[:3]:
        own = cube.columns.keys()[2]
        of = sa.select(facts.c.month, year.label("year"), facts.c.kind_id, facts.c[own]).where(of_facts).subquery().c
        what = (of.kind_id, of[own])
        sets = (sa.tuple_(of.month, *what), sa.tuple_(of.year, *what), sa.tuple_(*what))
        period = (sa.func.coalesce(of.month, 0) + sa.func.coalesce(of.year, 0)).label("period")
        rows = sa.select(period, *what, n).group_by(sa.func.grouping_sets(*sets)).order_by(period, *what)
        _insert(connection, cube, rows)
    days = (facts.c.day, facts.c.month, facts.c.kind_id)
    _insert(connection, by_day, sa.select(*days, n).where(of_facts).group_by(*days).order_by(*days))


def _insert(connection: sa.Connection, table: sa.Table, rows: sa.Select[Any]) -> None:
    connection.execute(sa.insert(table).from_select(table.columns.keys(), rows))


def _number(connection: sa.Connection, query: sa.Select[Any]) -> int:
    # Read to the end: DuckDB takes no other work on a connection while a result is unfinished.
    return int(connection.execute(query).all()[0][0])


def _slices(rows: Sequence[int], size: int = 10_000) -> Iterator[Sequence[int]]:
    for at in range(0, len(rows), size):
        yield rows[at : at + size]
