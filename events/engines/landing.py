"""What all engines share of writing: rows are staged, and then joined with the store's."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from events import cubes
from events.tables import Prepared, event_actors, events


class Merged(NamedTuple):
    """What writing did: events new to the store, replaced by a newer version, and there already."""

    added: int
    replaced: int
    same: int


class Landing(Protocol):
    """Where prepared rows are laid down before they join the store's. Their row ids count from 0."""

    def stage(self, pieces: Sequence[Prepared]) -> None:
        """Take in rows whose event ids did not come before."""

    def merge(self) -> Merged:
        """Make everything ready to join what is there; nobody sees it yet."""


class SqlLanding:
    """A landing within one transaction. Each engine has its own way to insert in bulk."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        # The first rows of a store need no comparing: they go where they stay.
        self._straight = self._is_empty()
        self._events, self._actors = (events, event_actors) if self._straight else _staging(connection)
        self._staged = 0

    def _is_empty(self) -> bool:
        return not self._connection.execute(sa.select(events.c.row_id).limit(1)).all()

    def stage(self, pieces: Sequence[Prepared]) -> None:
        """Take in rows whose event ids did not come before."""
        self._staged += sum(len(piece.events) for piece in pieces)
        self._insert(self._events, [piece.events for piece in pieces])
        self._insert(self._actors, [piece.actors for piece in pieces])

    def _insert(self, table: sa.Table, frames: Sequence[pd.DataFrame]) -> None:
        raise NotImplementedError

    def _before_merge(self) -> None:
        """What an engine needs before what is staged is compared with what is there."""

    def _rows_in(self) -> None:
        """What an engine needs when the events are in their place, before it is counted what follows from them."""

    def _after_merge(self) -> None:
        """What an engine needs when all is in its place."""

    def merge(self) -> Merged:
        """Join what was staged with what is there, within the transaction."""
        first, merged = (0, Merged(self._staged, 0, 0)) if self._straight else self._join()
        self._rows_in()
        cubes.take_in(self._connection, first)
        self._after_merge()
        return merged

    def _join(self) -> tuple[int, Merged]:
        """Gives the first row id of what is new, too."""
        self._before_merge()
        run = self._connection.execute
        new = self._events
        newer = sa.or_(
            new.c.stamp > events.c.stamp,
            sa.and_(new.c.stamp == events.c.stamp, new.c.digest != events.c.digest),
        )
        known = sa.select(events.c.event_id).where(events.c.event_id == new.c.event_id).exists()
        outdated = sa.select(events.c.row_id).join(new, sa.and_(new.c.event_id == events.c.event_id, newer))
        # Read to the end: DuckDB takes no other work on a connection while a result is unfinished.
        first = (run(sa.select(sa.func.max(events.c.row_id))).all()[0][0] or 0) + 1
        added = run(sa.select(sa.func.count()).select_from(new).where(~known)).all()[0][0]
        old = [row_id for (row_id,) in run(outdated).all()]
        cubes.forget(self._connection, old)
        for part in _slices(old):
            run(sa.delete(event_actors).where(event_actors.c.row_id.in_(part)))
            run(sa.delete(events).where(events.c.row_id.in_(part)))
        # What is outdated is gone now: whatever is not known any more is to be written.
        fresh = sa.select(new.c.row_id).where(~known)
        actors = sa.select(*numbered(self._actors, first)).where(self._actors.c.row_id.in_(fresh))
        run(event_actors.insert().from_select(names_of(event_actors), actors))
        run(events.insert().from_select(names_of(events), sa.select(*numbered(new, first)).where(~known)))
        for table in (self._events, self._actors):
            table.drop(self._connection)
        return first, Merged(added, len(old), self._staged - added - len(old))


def numbered(table: sa.Table, first: int) -> list[sa.ColumnElement[Any]]:
    """The columns of a staging table, its row ids counted from `first`."""
    return [(column + first).label("row_id") if column.name == "row_id" else column for column in table.columns]


def names_of(table: sa.Table) -> list[str]:
    """The names of a table's columns, in order."""
    return [column.name for column in table.columns]


def as_arrow(table: sa.Table, frames: Sequence[pd.DataFrame]) -> pa.Table:
    """Frames with the columns of a table as one Arrow table, days as days."""
    days = {column.name for column in table.columns if isinstance(column.type, sa.Date)}
    pieces = [pa.Table.from_pandas(frame[names_of(table)], preserve_index=False) for frame in frames]
    whole = pa.concat_tables(pieces)
    kept = [pa.field(f.name, pa.date32()) if f.name in days else f.remove_metadata() for f in whole.schema]
    return whole.cast(pa.schema(kept))


def _staging(connection: sa.Connection) -> tuple[sa.Table, sa.Table]:
    """Two tables like the store's, for this connection alone."""
    own = sa.MetaData()
    made = tuple(
        sa.Table(
            f"incoming_{table.name}",
            own,
            *(sa.Column(c.name, c.type) for c in table.columns),
            prefixes=["TEMPORARY"],
        )
        for table in (events, event_actors)
    )
    own.create_all(connection)
    return made[0], made[1]


def _slices(values: list[int], size: int = 10_000) -> Iterator[list[int]]:
    for at in range(0, len(values), size):
        yield values[at : at + size]
