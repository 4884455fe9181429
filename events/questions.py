"""What is asked of the store about the events that match a filter, as SQL: one statement for all questions of one kind.

The events that match, in numbers (`matching`), come from the table that `plan` chooses. Every question adds them up and
answers in lines of the same columns, so that several questions are one statement.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from events import plan
from events.filters import BBox, EventFilter
from events.grid import MOST_MARKS, CellKey, Grid
from events.plan import CLAIMANT, DAY, KIND, MONTH, ROW, SIDE, SPOT, Known
from events.tables import claimants, events, facts, kinds, metadata, side_actors, spots
from events.units import EPOCH, UNITS

MOST_FACET_VALUES = 200
MOST_PARTS = MOST_MARKS * 8  # a mark is read in parts, one for each type

UNPLACED, INSIDE, OUTSIDE = range(3)

# Of an indexed file (indexed.py).
searched = sa.table("searched", sa.column("row_id", sa.BigInteger), sa.column("search", sa.String))

Condition = ColumnElement[bool]


class Line(NamedTuple):
    """A line of an answer; what its numbers `a` to `d` and its texts are is the question's to say."""

    question: str
    a: int
    b: int
    c: int
    d: int
    low: str
    high: str
    name: str
    n: int
    east: int
    north: int


_NUMBERS, _TEXTS, _SUMS = ("a", "b", "c", "d"), ("low", "high", "name"), ("n", "east", "north")


class Question(NamedTuple):
    """A question about the events that match `wanted`: the columns of them it looks at, and how it adds them up.

    Two questions of one name, about the same events and `about` the same, are one.
    """

    name: str
    wanted: EventFilter
    columns: frozenset[str]
    lines: Callable[["Hit"], sa.Select[Any]]
    about: Any = None

    @property
    def key(self) -> Hashable:
        """What tells it from every other question."""
        return self.name, self.wanted, self.about


class Hit:
    """The events that match, in numbers: `rows`, each standing for `n` events."""

    def __init__(self, rows: sa.Select[Any], *, single: bool) -> None:
        self.rows = rows.cte("hit")
        self.single = single  # each row is one event
        self._at_spots: sa.CTE | None = None

    @property
    def n(self) -> ColumnElement[int]:
        """How many events there are in a group of rows."""
        return sa.func.count() if self.single else sa.func.sum(self.rows.c.n)

    def by(self, *columns: Any) -> sa.Select[Any]:
        """How many there are of each value of these columns, as `n`; none where as many were taken away as came."""
        found = sa.select(*columns, self.n.label("n")).group_by(*columns)
        return found if self.single else found.having(self.n > 0)

    @property
    def at_spots(self) -> sa.CTE:
        """How many of each mark there are at each spot; made once for all questions that ask where."""
        if self._at_spots is None:
            mark = self.by(self.rows.c[SPOT], kinds.c.mark_id)
            mark = mark.join_from(self.rows, kinds, kinds.c.kind_id == self.rows.c[KIND])
            self._at_spots = mark.cte("at_spots")
        return self._at_spots


def ask(connection: sa.Connection, known: Known, questions: Iterable[Question]) -> dict[str, list[Line]]:
    """Ask them all; each one's lines by its name. Those that look at the same events of one table go together."""
    together: dict[tuple[EventFilter, str], list[Question]] = {}
    answers: dict[str, list[Line]] = {}
    for question in questions:
        answers[question.name] = []
        table = plan.choose(question.columns, question.wanted, known)
        together.setdefault((question.wanted, table), []).append(question)
    for (wanted, table), asked in together.items():
        columns = frozenset().union(*(q.columns for q in asked))
        hit = Hit(matching(wanted, columns, known, table), single=table == plan.FACTS)
        lines = [q.lines(hit) for q in asked]
        for row in connection.execute(sa.union_all(*lines) if len(lines) > 1 else lines[0]).all():
            answers[row[0]].append(Line(*row))
    return answers


# ── the events that match ───────────────────────────────────────────────────────────────────────────────────


def matching(wanted: EventFilter, columns: Iterable[str], known: Known, table: str) -> sa.Select[Any]:
    """These columns of the events that match, and the number `n` of events that each row of a cube stands for."""
    names = sorted(columns)
    if table == plan.FACTS:
        # ClickHouse gives a row of constants where there is none, unless a column is read.
        of = facts_of(known)
        where = [*on_days(of, wanted), *conditions(of.c, wanted, known)]
        return sa.select(*(of.c[name] for name in names or [ROW])).where(*where)
    looked_at = sorted({*names, *plan.looks_at(wanted)})
    cube = metadata.tables[table]
    of_months = MONTH in looked_at and table in plan.OF_SPANS
    parts = [(cube, cube.c.period % 100 != 0)] if of_months else _parts(cube, wanted, known)
    rows = [_rows_of(of, looked_at, where) for of, where in parts]
    both = (sa.union_all(*rows) if len(rows) > 1 else rows[0]).subquery()
    return sa.select(*(both.c[name] for name in names), both.c.n).where(*conditions(both.c, wanted, known))


def _rows_of(table: sa.Table, names: Iterable[str], where: Condition) -> sa.Select[Any]:
    n = sa.literal_column("1", sa.Integer).label("n") if table is facts else table.c.n
    columns = [table.c[name] if name in table.c else table.c.period.label(name) for name in names]
    return sa.select(*columns, n).where(where)


def _parts(cube: sa.Table, wanted: EventFilter, known: Known) -> list[tuple[sa.Table, Condition]]:
    """Tables and conditions on their rows that add up to the events of a filter's days: a cube's, and facts."""
    began, until = wanted.date_from, wanted.date_to
    found: list[tuple[sa.Table, Condition]] = []
    if cube.name in plan.OF_SPANS:
        if not began and not until:
            return [(cube, cube.c.period == plan.ALL_TIME)]
        span = plan.span_of(began or known.first, until or known.newest)
        found += [(cube, cube.c.period.in_(span.periods))] if span.periods else []
        found += [(facts, facts.c.day.between(number(first), number(last))) for first, last in span.days]
    else:
        limits = [cube.c.day >= number(began)] if began else []
        limits += [cube.c.day <= number(until)] if until else []
        found.append((cube, sa.and_(sa.true(), *limits)))
    if began:
        # What began before and lasted.
        before = began if until is None else min(began, until + dt.timedelta(1))
        found.append((facts, sa.and_(facts.c.day < number(before), facts.c.last_day >= number(began))))
    return found or [(cube, sa.false())]


def number(day: dt.date) -> int:
    """A day as the tables count it: from 1970-01-01."""
    return (day - EPOCH).days


def facts_of(known: Known) -> sa.Table:
    """Every event in numbers; where words are asked for, perhaps the events that hold them alone."""
    return facts if known.narrowed is None else known.narrowed


def on_days(of: sa.Table, wanted: EventFilter) -> list[Condition]:
    """The filter's dates as conditions on facts."""
    found = [of.c.last_day >= number(wanted.date_from)] if wanted.date_from else []
    return [*found, of.c.day <= number(wanted.date_to)] if wanted.date_to else found


def conditions(columns: Any, wanted: EventFilter, known: Known) -> list[Condition]:
    """The filter without its dates as conditions on the columns that it looks at, to be joined by 'and'."""
    found: list[Condition] = []
    of_kind = _among(kinds, event_type=wanted.types, sub_event_type=wanted.sub_types, precision=wanted.precisions)
    if of_kind:
        found.append(columns[KIND].in_(sa.select(kinds.c.kind_id).where(*of_kind)))
    of_spot = _among(spots, place_key=wanted.places) + ([in_bbox(wanted.bbox)] if wanted.bbox else [])
    if of_spot:
        found.append(columns[SPOT].in_(sa.select(spots.c.spot_id).where(*of_spot)))
    if of_claimant := _among(claimants, claimant=wanted.claimants):
        found.append(columns[CLAIMANT].in_(sa.select(claimants.c.claimant_id).where(*of_claimant)))
    if of_side := _among(side_actors, actor=wanted.actors):
        found.append(columns[SIDE].in_(sa.select(side_actors.c.side_id).where(*of_side)))
    terms = wanted.terms()
    if terms and tuple(terms) != known.holds:
        found.append(columns[ROW].in_(holding(terms, known)))
    return found


def holding(terms: Sequence[str], known: Known) -> sa.Select[tuple[int]]:
    """The row ids of the events that hold all terms."""
    # A folded term holds letters and digits, none of LIKE's own signs; ClickHouse knows no ESCAPE.
    if not known.pieces:
        return sa.select(events.c.row_id).where(*(events.c.search.contains(term) for term in terms))
    first, *others = (sa.select(searched.c.row_id).where(searched.c.search.contains(term)) for term in terms)
    return first.where(*(searched.c.row_id.in_(other) for other in others))


def _among(table: sa.Table, **parts: tuple[str, ...]) -> list[Condition]:
    return [table.c[name].in_(values) for name, values in parts.items() if values]


def in_bbox(bbox: BBox) -> Condition:
    """Spots within a bbox, its edges included."""
    west, south, east, north = bbox
    lon, lat = spots.c.longitude, spots.c.latitude
    across = sa.or_(lon >= west, lon <= east) if west > east else lon.between(west, east)
    return sa.and_(lon.is_not(None), across, lat.between(south, north))


def in_cell(of: sa.Table, cell: CellKey) -> list[Condition]:
    """The facts of one mark of the map."""
    column, row = column_and_row(cell.grid)
    there = sa.select(spots.c.spot_id).where(spots.c.x.is_not(None), column == cell.column, row == cell.row)
    exact = kinds.c.precision == "1"
    alike = sa.select(kinds.c.kind_id).where(~exact if cell.area else exact)
    return [of.c.spot_id.in_(there), of.c.kind_id.in_(alike)]


def column_and_row(grid: Grid) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The cell of a grid in which a spot lies."""
    x, y = (sa.cast(sa.func.floor(metres / grid.size), sa.Integer) for metres in (spots.c.x, spots.c.y))
    return x, y


# ── the questions ───────────────────────────────────────────────────────────────────────────────────────────


def kinds_of(wanted: EventFilter) -> Question:
    """How many of each kind: `a` is its id."""

    def lines(hit: Hit) -> sa.Select[Any]:
        kind = hit.rows.c[KIND]
        return _lines("kinds", hit.n, a=kind).group_by(kind)

    return Question("kinds", wanted, frozenset({KIND}), lines)


def places_of(wanted: EventFilter) -> Question:
    """How many at each place, largest first: `low` is its key."""

    def lines(hit: Hit) -> sa.Select[Any]:
        return _largest("places", hit.at_spots, spots, SPOT, spots.c.place_key)

    return Question("places", wanted, _WHERE, lines)


def claimants_of(wanted: EventFilter) -> Question:
    """How many by each claimant, largest first: `low` is its name."""

    def lines(hit: Hit) -> sa.Select[Any]:
        by = hit.by(hit.rows.c[CLAIMANT]).subquery()
        return _largest("claimants", by, claimants, CLAIMANT, claimants.c.claimant)

    return Question("claimants", wanted, frozenset({CLAIMANT}), lines)


def actors_of(wanted: EventFilter) -> Question:
    """How many with each actor on either side, largest first: `low` is its name."""

    def lines(hit: Hit) -> sa.Select[Any]:
        by = hit.by(hit.rows.c[SIDE]).subquery()
        return _largest("actors", by, side_actors, SIDE, side_actors.c.actor)

    return Question("actors", wanted, frozenset({SIDE}), lines)


def days_of(wanted: EventFilter, unit: str) -> Question:
    """How many of each type began in each unit of time: `a` is it as in `UNITS`, `low` the type."""

    def lines(hit: Hit) -> sa.Select[Any]:
        rows, kind = hit.rows.c, kinds.c.event_type
        when = UNITS[unit](rows.get(DAY), rows.get(MONTH)).label("unit")
        by = hit.by(when, rows[KIND]).subquery()
        found = _lines("days", sa.func.sum(by.c.n), a=by.c.unit, low=kind)
        return found.join_from(by, kinds, kinds.c.kind_id == by.c[KIND]).group_by(by.c.unit, kind)

    return Question("days", wanted, frozenset({KIND, DAY if unit in {"day", "week"} else MONTH}), lines, unit)


def totals_of(wanted: EventFilter, area: BBox | None) -> Question:
    """How many lie in an area: `a` is UNPLACED, INSIDE or OUTSIDE.

    `b` and `c` are their least, `east` and `north` their greatest Mercator centimetres.
    """

    def lines(hit: Hit) -> sa.Select[Any]:
        by = hit.at_spots
        inside = in_bbox(area) if area else sa.true()
        where = sa.case((spots.c.x.is_(None), UNPLACED), (inside, INSIDE), else_=OUTSIDE)
        least, greatest = ([end(c) for c in (spots.c.east, spots.c.north)] for end in (sa.func.min, sa.func.max))
        found = _lines(
            "totals", sa.func.sum(by.c.n), a=where, b=least[0], c=least[1], east=greatest[0], north=greatest[1]
        )
        return found.join_from(by, spots, spots.c.spot_id == by.c[SPOT]).group_by(where)

    return Question("totals", wanted, _WHERE, lines, area)


def count_of(wanted: EventFilter) -> Question:
    """How many there are, in one line."""

    def lines(hit: Hit) -> sa.Select[Any]:
        return _lines("count", sa.func.coalesce(hit.n, 0)).select_from(hit.rows)

    return Question("count", wanted, frozenset(), lines)


def cells_of(wanted: EventFilter, view: BBox | None, grid: Grid) -> Question:
    """How many of each mark are in each cell: `a` its column, `b` its row, `c` the mark, `d` one of its spots.

    `low` and `high` are the first and last key of its places, `name` the first name of one; `east` and `north` sums of
    Mercator centimetres.
    """

    def lines(hit: Hit) -> sa.Select[Any]:
        by = hit.at_spots
        column, row = column_and_row(grid)
        found = _lines(
            "cells", sa.func.sum(by.c.n), a=column, b=row, c=by.c.mark_id, d=sa.func.min(by.c[SPOT]),
            low=sa.func.min(spots.c.place_key), high=sa.func.max(spots.c.place_key), name=sa.func.min(spots.c.place),
            east=sa.func.sum(by.c.n * spots.c.east), north=sa.func.sum(by.c.n * spots.c.north),
        )  # fmt: skip
        found = found.join_from(by, spots, spots.c.spot_id == by.c[SPOT]).where(spots.c.x.is_not(None))
        found = found.where(in_bbox(view)) if view else found
        return _first(found.group_by(column, row, by.c.mark_id), MOST_PARTS)

    return Question("cells", wanted, _WHERE, lines, (view, grid))


_WHERE = frozenset({SPOT, KIND})


def _largest(name: str, by: Any, names: sa.Table, column: str, value: sa.Column[str]) -> sa.Select[Any]:
    n = sa.func.sum(by.c.n)
    found = _lines(name, n, low=value).join_from(by, names, names.c[column] == by.c[column]).where(value != "")
    return _first(found.group_by(value).order_by(n.desc(), value), MOST_FACET_VALUES)


def _first(found: sa.Select[Any], most: int) -> sa.Select[Any]:
    few = found.limit(most).subquery()  # one statement of several takes a limit in brackets alone
    return sa.select(*few.columns)


def _lines(question: str, n: ColumnElement[Any], **given: Any) -> sa.Select[Any]:
    """What stands in a line; numbers and texts that the question does not speak of are 0 and empty."""
    zero, empty = sa.literal_column("0", sa.BigInteger), sa.literal_column("''", sa.String)
    # Sums of sums are decimal numbers on some engines.
    sums = {name: sa.cast(value, sa.BigInteger) for name, value in (given | {"n": n}).items() if name in _SUMS}
    values: list[Any] = [sa.literal_column(f"'{question}'", sa.String)]
    values += [given.get(name, zero) for name in _NUMBERS]
    values += [given.get(name, empty) for name in _TEXTS]
    values += [sums.get(name, zero) for name in _SUMS]
    return sa.select(*(value.label(name) for name, value in zip(Line._fields, values, strict=True)))


# ── answers of other shapes ─────────────────────────────────────────────────────────────────────────────────


def bounds_of(wanted: EventFilter, known: Known) -> sa.Select[Any]:
    """The least and greatest longitude and latitude: west, south, east, north."""
    table = plan.choose({SPOT}, wanted, known)
    hit = Hit(matching(wanted, {SPOT}, known, table), single=table == plan.FACTS)
    by = hit.by(hit.rows.c[SPOT]).subquery()
    lon, lat = spots.c.longitude, spots.c.latitude
    ends = (sa.func.min(lon), sa.func.min(lat), sa.func.max(lon), sa.func.max(lat))
    return sa.select(*ends).join_from(by, spots, spots.c.spot_id == by.c[SPOT])


def events_of_marks(
    connection: sa.Connection, wanted: EventFilter, known: Known, alone: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], str]:
    """The ids of the only matching events that (spot, mark) stand for."""
    pairs = set(alone)
    if not pairs:
        return {}
    of = facts_of(known)
    at = of.c.spot_id.in_(sorted({spot for spot, _ in pairs}))
    query = sa.select(of.c.spot_id, kinds.c.mark_id, of.c.event_id).join(kinds, kinds.c.kind_id == of.c.kind_id)
    query = query.where(*on_days(of, wanted), *conditions(of.c, wanted, known), at)
    found = connection.execute(query).all()
    return {(spot, mark): event_id for spot, mark, event_id in found if (spot, mark) in pairs}
