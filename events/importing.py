"""Files into a store: all or nothing for each file, by stable ids, piece by piece."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd
import sqlalchemy as sa

from events import beside, formats
from events.errors import SourceError
from events.formats.fields import merge_notes
from events.schema import REJECTED
from events.sources import TABLE_SUFFIXES, open_target
from events.store import EventStore
from events.writing import Merged

MOST_REJECTS_KEPT = 100_000


class Imported(NamedTuple):
    """What importing a file did. `rejected` is as in schema.Checked, its first MOST_REJECTS_KEPT reasons."""

    path: Path
    format: formats.Format
    merged: Merged
    rows_rejected: int
    rejected: pd.DataFrame
    notes: tuple[str, ...]


UNFINISHED = ".unfinished"


@contextmanager
def target(to: str) -> Iterator[EventStore]:
    """A store to import a file into: a database URL, or a DuckDB file, which is made when there is none.

    A new file is made under another name and takes its own when events are in it: one that ends in the middle, or finds
    no event, leaves nothing by that name. Raises SourceError when it cannot be opened.
    """
    path = Path(to)
    if "://" in to or path.exists() or path.suffix.lower() in TABLE_SUFFIXES:
        store = open_target(to)
        try:
            yield store
        finally:
            store.engine.dispose()
        return
    making = path.with_name(path.name + UNFINISHED)
    if making.exists():
        open_target(str(making)).engine.dispose()  # refused while another process makes it
    _delete(making)
    store = open_target(str(making))
    try:
        yield store
        found_any = _holds_events(store)
        store.engine.dispose()
        if found_any and not path.exists():
            making.rename(path)
        elif found_any:
            raise SourceError("another process has made it meanwhile", to, "Import the file again.")
    finally:
        store.engine.dispose()
        _delete(making)


def _holds_events(store: EventStore) -> bool:
    try:
        return store.total() > 0
    except sa.exc.SQLAlchemyError:  # not even the tables are there
        return False


def _delete(database: Path) -> None:
    for path in (database, database.with_name(database.name + ".wal")):
        path.unlink(missing_ok=True)


def import_file(
    store: EventStore,
    path: Path,
    format_name: str = "auto",
    *,
    mapping: Mapping[str, str] | None = None,
    strict: bool = False,
    on_rows: Callable[[int], None] = lambda _: None,
) -> Imported:
    """Import a file; `on_rows` is told of each piece how many rows it had.

    Nothing of the file is in the store until all of it is. Raises SourceError when the file cannot be read, or when
    `strict` and a row is set aside, or the store cannot be written; the store is then as it was.
    """
    try:
        return _import(store, path, format_name, mapping, strict, on_rows)
    except (sa.exc.SQLAlchemyError, duckdb.Error) as fault:
        said = str(getattr(fault, "orig", None) or fault).strip().splitlines()[0]
        where = store.engine.url.render_as_string(hide_password=True)
        raise SourceError(f"{path.name} cannot be written to it ({said})", where, "Nothing of it is there.") from None


def _import(
    store: EventStore,
    path: Path,
    format_name: str,
    mapping: Mapping[str, str] | None,
    strict: bool,
    on_rows: Callable[[int], None],
) -> Imported:
    rejected: list[pd.DataFrame] = []
    notes: list[str] = []
    refused = 0
    with beside.opened(path, format_name, mapping) as (format_, pieces), store.writing() as writer:
        for checked, said in pieces:
            refused += checked.rows_rejected
            if strict and refused:
                first = checked.rejected.iloc[0]
                raise SourceError(
                    f"row {first['row']}: {first['field']} {first['value']!r} {first['reason']}",
                    str(path),
                    "Mend it, or import without --strict to set such rows aside.",
                )
            if sum(map(len, rejected)) < MOST_REJECTS_KEPT:
                rejected.append(checked.rejected)
            notes += said
            writer.add(checked.accepted)
            on_rows(len(checked.accepted) + checked.rows_rejected)
    kept = pd.concat(rejected, ignore_index=True) if rejected else pd.DataFrame(columns=list(REJECTED))
    return Imported(path, format_, writer.merged, refused, kept, merge_notes(notes))
