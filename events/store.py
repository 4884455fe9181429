"""EventStore: the questions that the page, the API, the command line and notebooks ask, on any engine.

Both ends of a filter's dates are included. Counts are of rows of the table: one claimant's word each. How they are
asked stands in `questions`, of which table in `plan`.
"""

import datetime as dt
import threading
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pandas as pd
import sqlalchemy as sa

from events.answers import MISSING, Answers
from events.codebook import Codebook, load_codebook
from events.contents import Contents, read_contents
from events.copying import narrowing_of
from events.counts import OF_KIND, READERS, TOO_MANY, Cell, DayCount, Facets, Look, Totals, by_part
from events.drag import Bins, Drag, read_drag
from events.engines import open_engine
from events.filters import BBox, EventFilter, Vocabulary
from events.frames import as_geodataframe, typed_frame
from events.grid import CellKey, Grid, to_degrees
from events.plan import Known, within
from events.questions import (
    INSIDE,
    OUTSIDE,
    UNPLACED,
    Condition,
    Question,
    actors_of,
    ask,
    bounds_of,
    cells_of,
    claimants_of,
    conditions,
    count_of,
    days_of,
    facts_of,
    in_cell,
    kinds_of,
    number,
    on_days,
    places_of,
    totals_of,
)
from events.schema import EXTRA, NAMES
from events.tables import events
from events.writing import Merged, Writer, writing
from geodata.gazetteer import Gazetteer

if TYPE_CHECKING:
    import geopandas as gpd

FACETS = ("types", "sub_types", "actors", "claimants", "places", "precisions")
FEW = 100_000  # events that are looked through at once
_LONG_FACETS = {"actors": actors_of, "claimants": claimants_of, "places": places_of}


Row = dict[str, Any]
"""One event as plain values: str, int, float or None; days as ISO text."""


class EventStore:
    """A store of events behind a SQLAlchemy engine. Threads may share it."""

    def __init__(self, engine: sa.Engine, codebook: Codebook | None = None, gazetteer: Gazetteer | None = None) -> None:
        self.engine = engine
        self.codebook = codebook or load_codebook()
        self.gazetteer = gazetteer or Gazetteer.load()
        self._read: Contents | None = None
        self._answers = Answers()
        self._narrowing = narrowing_of(engine)
        self._lock = threading.Lock()

    @classmethod
    def in_memory(cls, frame: pd.DataFrame, gazetteer: Gazetteer | None = None) -> "EventStore":
        """A store of the accepted rows of `schema.check`, on DuckDB in this process."""
        # An in-memory database without a name is another one for each connection of the pool.
        url = sa.make_url(f"duckdb:///:memory:{uuid.uuid4().hex}")
        store = cls(open_engine(url, read_only=False), gazetteer=gazetteer)
        store.write(frame)
        return store

    def write(self, frame: pd.DataFrame) -> Merged:
        """Write the rows of one frame, all or nothing. See `writing`."""
        with self.writing() as writer:
            writer.add(frame)
        return writer.merged

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Write many frames, all or nothing: what was added is there when the block ends, and not before.

        An event whose id is there already is replaced when its source has changed it since, and left otherwise.
        """
        with writing(self.engine, self.codebook, self.gazetteer) as writer:
            yield writer
        self.forget()

    def forget(self) -> None:
        """Let go of what was read before: another process has written to the store."""
        with self._lock:
            self._read = None
            self._answers.forget()
            if self._narrowing:
                self._narrowing.forget()

    def version(self) -> int:
        """A number that grows with every event that is added or replaced, by whichever process; -1 when empty."""
        with self.engine.connect() as connection:
            last = connection.scalar(sa.select(sa.func.max(events.c.row_id)))
        return -1 if last is None else int(last)

    # ── what the store knows ────────────────────────────────────────────────────────────────────────────

    def _contents(self) -> Contents:
        with self._lock:
            if self._read is None:
                with self.engine.connect() as connection:
                    self._read = read_contents(connection, self.codebook, self.gazetteer)
            return self._read

    def vocabulary(self) -> Vocabulary:
        """Every actor, claimant and place that stands in the store."""
        return self._contents().vocabulary

    def span(self) -> tuple[str, str] | None:
        """First and last day of any event (ISO 8601, both included); None when the store is empty."""
        contents = self._contents()
        return (contents.known.first.isoformat(), contents.last.isoformat()) if contents.known.total else None

    def total(self) -> int:
        """How many events the store holds."""
        return self._contents().known.total

    def bounds(self, wanted: EventFilter | None = None) -> BBox | None:
        """West, south, east, north of every placed event that matches (degrees, WGS84); None when none is placed."""
        wanted = self._within(wanted or EventFilter())
        with self.engine.connect() as connection:
            west, south, east, north = connection.execute(bounds_of(wanted, self._contents().known)).all()[0]
        return None if west is None else (west, south, east, north)

    def count_placed(self) -> int:
        """How many events have a place on the map."""
        return self.total() - self.totals(EventFilter()).unplaced

    def _within(self, wanted: EventFilter) -> EventFilter:
        return within(wanted, self._contents().known)

    def _known(self, wanted: EventFilter, *, apart: bool = True) -> Known:
        """What is known of the store; where words are asked for, with the events that hold them. See `_connect`.

        They may be kept in a database `apart` from the store's.
        """
        known, keeping = self._contents().known, self._narrowing
        return known if keeping is None or (keeping.apart and not apart) else keeping.narrowed(known, wanted.terms())

    def _connect(self, known: Known) -> sa.Connection:
        """A connection to where the facts are that are known."""
        return self.engine.connect() if self._narrowing is None or not known.holds else self._narrowing.connect()

    # ── what is counted ─────────────────────────────────────────────────────────────────────────────────

    def look(self, wanted: EventFilter, view: BBox | None, zoom: float, unit: str = "day") -> Look:
        """All that a page shows of a filter, asked in one round. See cells, totals, timeline, facets.

        The timeline has the filter's dates left open: they are chosen on it.
        """
        wanted = self._within(wanted)
        ever = wanted.without("date_from", "date_to")
        cells, totals = cells_of(wanted, view, Grid.at(zoom)), _totals_of(wanted, view)
        self._ask(cells, totals, days_of(ever, unit), *_facets_of(wanted))
        # Each finds its answer among those that were given.
        return Look(
            self.cells(wanted, view, zoom), self.totals(wanted, view), self.timeline(ever, unit), self.facets(wanted)
        )

    def _ask(self, *questions: Question) -> dict[str, Any]:
        """The answers by the questions' names. What was asked before is not asked again."""
        since, contents = self._answers.now, self._contents()
        found = {question.name: self._answers.find(question.key) for question in questions}
        if left := [question for question in questions if found[question.name] is MISSING]:
            known = self._known(left[0].wanted)  # questions that are asked together ask for the same words
            with self._connect(known) as connection:
                given = ask(connection, known, left)
                for question in left:
                    lines = given[question.name]
                    answer = READERS[question.name](question, lines, contents, known, connection)
                    self._answers.keep(question.key, answer, len(lines), since)
                    found[question.name] = answer
        return found

    def count(self, wanted: EventFilter, cell: CellKey | None = None) -> int:
        """How many events match; `cell` counts those of one mark of the map."""
        wanted = self._within(wanted)
        if cell is None:
            return int(self._ask(count_of(wanted))["count"][0].n)
        known = self._known(wanted)
        return self._count(wanted, known, *in_cell(facts_of(known), cell))

    def _count(self, wanted: EventFilter, known: Known, *more: Condition) -> int:
        with self._connect(known) as connection:
            return int(
                connection.execute(_facts(wanted, known).with_only_columns(sa.func.count()).where(*more)).scalar_one()
            )

    def totals(self, wanted: EventFilter, view: BBox | None = None) -> Totals:
        """Count what matches, and what the map cannot show of it. See Totals."""
        lines = self._ask(_totals_of(self._within(wanted), view))["totals"]
        n = Counter({line.a: line.n for line in lines})
        return Totals(self.total(), n[INSIDE] if wanted.bbox else n.total(), n[UNPLACED], n[OUTSIDE])

    def extent(self, wanted: EventFilter, view: BBox | None = None) -> BBox | None:
        """West, south, east, north of what matches but for its bbox (degrees, WGS84, to a centimetre); None when none
        is placed. It is asked with `totals`."""
        lines = self._ask(_totals_of(self._within(wanted), view))["totals"]
        placed = [line for line in lines if line.a != UNPLACED]
        if not placed:
            return None
        west, south = to_degrees(min(line.b for line in placed) / 100, min(line.c for line in placed) / 100)
        east, north = to_degrees(max(line.east for line in placed) / 100, max(line.north for line in placed) / 100)
        return west, south, east, north

    def cells(self, wanted: EventFilter, view: BBox | None, zoom: float) -> list[Cell]:
        """Group what lies in `view` by the grid of `zoom`, largest first; a coarser grid where there are too many."""
        wanted, grid = self._within(wanted), Grid.at(zoom)
        while (cells := self._ask(cells_of(wanted, view, grid))["cells"]) is TOO_MANY:
            grid = grid.coarser()
        return list(cells)

    def timeline(self, wanted: EventFilter, unit: str = "day") -> list[DayCount]:
        """Events by the day they began and by type, days without events left out, in order of days.

        `unit` counts by week, month, year or decade instead, each told by its first day.
        """
        return list(self._ask(days_of(self._within(wanted), unit))["days"])

    def facets(self, wanted: EventFilter) -> Facets:
        """Each choice with the events it would show under the *other* filters, largest first, then by name."""
        wanted = self._within(wanted)
        answers = self._ask(*_facets_of(wanted))
        kinds = [(self._contents().kinds[line.a], line.n) for line in answers["kinds"]]
        return {
            name: by_part(kinds, name, wanted) if name in OF_KIND else [(line.low, line.n) for line in answers[name]]
            for name in FACETS
        }

    def drag(self, wanted: EventFilter, view: BBox | None, zoom: float, bins: Bins) -> Drag:
        """All that is needed to follow a change of the filter's dates from bin to bin: see drag.py."""
        contents = self._contents()
        marks = {mark: (kind.types, kind.precisions != "1") for mark, kind in contents.marks.items()}
        known = self._known(wanted)
        with self._connect(known) as connection:
            return read_drag(connection, known, marks, wanted, view, zoom, bins)

    # ── events themselves ───────────────────────────────────────────────────────────────────────────────

    def rows(
        self,
        wanted: EventFilter,
        *,
        offset: int = 0,
        limit: int = 50,
        cell: CellKey | None = None,
        columns: Sequence[str] = NAMES,
    ) -> list[Row]:
        """Events that match, newest first, then by id; `cell` narrows them to one mark of the map.

        Of `columns` alone, and of what they are in order of: where a file is served where it lies, each is read apart.
        """
        wanted = self._within(wanted)
        known = self._known(wanted)
        of = facts_of(known)
        query = _facts(wanted, known).where(*(in_cell(of, cell) if cell else ()))
        query = query.order_by(of.c.day.desc(), of.c.event_id)
        with self._connect(known) as connection:
            for since in self._back_from(wanted.date_to):
                later = query.where(of.c.day >= number(since)) if since else query
                found = connection.execute(later.offset(offset).limit(limit)).scalars().all()
                if len(found) == limit:
                    break
        read = sa.select(*(events.c[name] for name in dict.fromkeys(("event_id", "event_date", *columns))))
        with self.engine.connect() as connection:
            rows = connection.execute(read.where(events.c.row_id.in_(found))).mappings().all()
        newest = sorted(rows, key=lambda row: row["event_id"])
        return [_plain(row) for row in sorted(newest, key=lambda row: row["event_date"], reverse=True)]

    def _back_from(self, last: dt.date | None) -> Iterator[dt.date | None]:
        """Days from which to look for the newest events: mostly the last weeks hold enough, the rest is not read."""
        known = self._contents().known
        last = min(last or known.newest, known.newest)
        if known.total > FEW:
            yield from (last - (last - known.first) / part for part in (64, 8) if last > known.first)
        yield None

    def event(self, event_id: str) -> Row | None:
        """One event by its id, with `extra` (schema.EXTRA) beside the table's columns."""
        return self.held([event_id]).get(event_id)

    def held(self, event_ids: Sequence[str]) -> dict[str, Row]:
        """Those of these events that are there, by id, each with `extra` beside the table's columns."""
        query = sa.select(*(events.c[name] for name in (*NAMES, EXTRA))).where(events.c.event_id.in_(event_ids))
        with self.engine.connect() as connection:
            return {row["event_id"]: _plain(row) for row in connection.execute(query).mappings()}

    def rank(self, wanted: EventFilter, event: Row, cell: CellKey | None = None) -> int:
        """How many matching events stand before this one in the order of `rows`."""
        day = number(dt.date.fromisoformat(event["event_date"]))
        known = self._known(wanted)
        of = facts_of(known)
        same_day = sa.and_(of.c.day == day, of.c.event_id < event["event_id"])
        more = in_cell(of, cell) if cell else []
        return sum(self._count(wanted, known, before, *more) for before in (of.c.day > day, same_day))

    def claims(self, event: Row) -> list[Row]:
        """The other parties' words on the same happening, by claimant."""
        if not event["incident_id"]:
            return []
        query = sa.select(*(events.c[name] for name in NAMES)).where(
            events.c.incident_id == event["incident_id"], events.c.event_id != event["event_id"]
        )
        with self.engine.connect() as connection:
            rows = connection.execute(query.order_by(events.c.claimant, events.c.event_id)).mappings()
            return [_plain(row) for row in rows]

    def frame(self, wanted: EventFilter, *, extra: bool = False) -> pd.DataFrame:
        """Every matching event as a frame with the columns of the table, oldest first, then by id.

        `extra` adds the column of that name (schema.EXTRA).
        """
        wanted = self._within(wanted)
        columns = [events.c[name] for name in (*NAMES, EXTRA)[: None if extra else -1]]
        query = sa.select(*columns).order_by(events.c.event_date, events.c.event_id)
        if wanted != EventFilter():
            query = query.where(events.c.row_id.in_(_facts(wanted, self._known(wanted, apart=False))))
        with self.engine.connect() as connection:
            return typed_frame(connection.execute(query).all(), [c.name for c in columns])

    def load(self, wanted: EventFilter | None = None) -> "gpd.GeoDataFrame":
        """Matching events as a GeoDataFrame (EPSG:4326); events without a place have no geometry."""
        return as_geodataframe(self.frame(wanted or EventFilter()))


# ── parts of questions and answers ──────────────────────────────────────────────────────────────────────────


def _facts(wanted: EventFilter, known: Known) -> sa.Select[Any]:
    """The row ids of the events that match."""
    of = facts_of(known)
    return sa.select(of.c.row_id).where(*on_days(of, wanted), *conditions(of.c, wanted, known))


def _totals_of(wanted: EventFilter, view: BBox | None) -> Question:
    return totals_of(wanted.without("bbox"), wanted.bbox or view)


def _facets_of(wanted: EventFilter) -> list[Question]:
    """Each under the other filters; the parts of the kinds are told apart afterwards (counts.by_part)."""
    long = [of(wanted.without(name)) for name, of in _LONG_FACETS.items()]
    return [kinds_of(wanted.without(*OF_KIND)), *long]


def _plain(row: sa.RowMapping) -> Row:
    return {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}
