"""Writing to a store: frames of accepted rows, laid down and then joined with what is there, all or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import sqlalchemy as sa

from events.codebook import Codebook
from events.engines import landing_on
from events.engines.landing import Landing, Merged
from events.tables import Prepared, prepare
from geodata.gazetteer import Gazetteer

__all__ = ["Merged", "Writer", "writing"]

ROW_GROUP = 122_880  # rows that DuckDB writes to its file as one; what is smaller it keeps in memory until the end


class Writer:
    """Takes frames of accepted rows (schema.check); `merge` joins them with the store's."""

    def __init__(self, landed: Landing, codebook: Codebook, gazetteer: Gazetteer) -> None:
        self.merged = Merged(0, 0, 0)
        self._landing = landed
        self._codebook = codebook
        self._gazetteer = gazetteer
        self._next_row = 0
        self._waiting: list[Prepared] = []

    def add(self, frame: pd.DataFrame) -> None:
        """Take in a frame; its ids must not stand in an earlier one."""
        self._waiting.append(prepare(frame, self._codebook, self._gazetteer, self._next_row))
        self._next_row += len(frame)
        if sum(len(w.events) for w in self._waiting) > ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._landing.stage(waiting)

    def merge(self) -> None:
        """Join what was added with what is there."""
        self._flush()
        self.merged = self._landing.merge()


@contextmanager
def writing(engine: sa.Engine, codebook: Codebook, gazetteer: Gazetteer) -> Iterator[Writer]:
    """Write many frames, all or nothing: what was added is there when the block ends, and not before."""
    with landing_on(engine) as landed:
        writer = Writer(landed, codebook, gazetteer)
        yield writer
        writer.merge()
