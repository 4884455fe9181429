"""What can be looked at: the events that are served, and files opened in a browser under links nobody can guess.

What is served may change while it is: whoever has the right saves events (dashboard.coding), others import them.

A file that was opened is kept as a DuckDB file in one folder, so that every worker of the machine finds it; it is never
mixed with the served events, and is deleted when its time is over.
"""

import json
import re
import secrets
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, NamedTuple

import sqlalchemy as sa

from dashboard.settings import Settings
from dashboard.state import ViewState, parse_view
from dashboard.timescale import TimeScale, scale_of
from events.errors import Problem, SourceError
from events.filters import Vocabulary
from events.sources import FileReport, check_file
from events.store import EventStore

MOST_OPEN = 8  # opened files that a worker keeps at hand
MOST_REJECTS_TOLD = 50
_TOKEN = re.compile(r"[A-Za-z0-9_-]{24}")


class Looked(NamedTuple):
    """A store, the scale of its date slider, and its name for people.

    `part_of` is how many events there will be where the store holds a part of them for the time being; else 0.
    `version` is another number once what is served was written to.
    """

    store: EventStore
    scale: TimeScale
    name: str
    part_of: int = 0
    version: int = 0


@dataclass(frozen=True)
class TooLarge(Exception):  # noqa: N818 - what it says, not what went wrong
    """A file that is larger than the setting allows."""

    most_mb: int


class Shelf:
    """The served events, and the opened files by their tokens. Threads may share it."""

    def __init__(
        self, store: EventStore, name: str, settings: Settings, *, changes: bool = False, part_of: int = 0
    ) -> None:
        self._changes = changes
        version = store.version() if changes else 0
        self._served = Looked(store, scale_of(store), name, part_of, version)
        self._settings = settings
        self._folder = Path(settings.upload_folder or Path(tempfile.gettempdir()) / "contact-line-opened")
        self._at_hand: OrderedDict[str, Looked] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def served(self) -> Looked:
        """What is served; read anew once this worker, another one or an import has written to it."""
        if self._changes and (version := self._served.store.version()) != self._served.version:
            with self._lock:
                store = self._served.store
                store.forget()
                self._served = Looked(store, scale_of(store), self._served.name, version=version)
        return self._served

    @property
    def takes_files(self) -> bool:
        """Whether files may be opened in the browser."""
        return self._settings.uploads

    def view(self, query: Mapping[str, Sequence[str]]) -> tuple[Looked, ViewState, list[Problem]]:
        """What an address asks for: whose events, the view of them, and what of it could not be used."""
        token = (query.get("data") or [""])[0].strip()
        looked = self._find(token) if token else self.served
        state, problems = parse_view(query, _vocabulary(looked or self.served))
        if looked is None:
            problems.insert(0, Problem("data", token[:40], "is no opened file, or its time is over"))
            return self.served, replace(state, data=""), problems
        return looked, state, problems

    def _find(self, token: str) -> Looked | None:
        if not self.takes_files or not _TOKEN.fullmatch(token):
            return None
        path = self._folder / f"{token}.duckdb"
        if not self._is_fresh(path):
            with self._lock:
                self._at_hand.pop(token, None)
            return None
        with self._lock:
            if token not in self._at_hand:
                engine = sa.create_engine(f"duckdb:///{path}", connect_args={"read_only": True})
                store = EventStore(engine)
                self._at_hand[token] = Looked(store, scale_of(store), _told_name(path))
            self._at_hand.move_to_end(token)
            while len(self._at_hand) > MOST_OPEN:
                self._at_hand.popitem(last=False)[1].store.engine.dispose()
            return self._at_hand[token]

    def _is_fresh(self, path: Path) -> bool:
        try:
            return time.time() - path.stat().st_mtime < self._settings.upload_hours * 3600
        except OSError:
            return False

    def take(self, stream: IO[bytes], filename: str) -> tuple[str, dict[str, Any]]:
        """Take in a file: its token and the report of `check`. Raises SourceError, TooLarge.

        The token is empty where no row of the file can be used.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._clear()
        name = Path(filename.replace("\\", "/")).name[:120] or "a file"
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            # The name a user gave is never a path; errors name it all the same.
            raw = Path(folder) / "file"
            _save(stream, raw, self._settings.upload_mb)
            try:
                report = check_file(raw)
            except SourceError as fault:
                raise SourceError(fault.what, name, fault.mend) from None
            told = _tell(report, name)
            if report.checked.accepted.empty:
                return "", told
            token = secrets.token_urlsafe(18)
            made = Path(folder) / "events.duckdb"
            store = EventStore(sa.create_engine(f"duckdb:///{made}"))
            store.write(report.checked.accepted)
            store.engine.dispose()
            (self._folder / f"{token}.json").write_text(json.dumps({"name": name}), "utf-8")
            shutil.move(made, self._folder / f"{token}.duckdb")
        return token, told

    def _clear(self) -> None:
        """Delete what has had its time."""
        for path in self._folder.iterdir():
            if not self._is_fresh(path):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def _vocabulary(looked: Looked) -> Vocabulary:
    return replace(looked.store.vocabulary(), complete=not looked.part_of)


def _told_name(path: Path) -> str:
    try:
        return str(json.loads(path.with_suffix(".json").read_text("utf-8"))["name"])
    except (OSError, ValueError, KeyError):
        return "an opened file"


def _save(stream: IO[bytes], path: Path, most_mb: int) -> None:
    left = most_mb * 2**20
    with path.open("wb") as out:
        while piece := stream.read(2**20):
            left -= len(piece)
            if left < 0:
                raise TooLarge(most_mb)
            out.write(piece)


def _tell(report: FileReport, name: str) -> dict[str, Any]:
    """The report of `check` as plain values."""
    good = report.checked.accepted
    placed = int(good["latitude"].notna().sum())
    days = [good["event_date"].min().date(), good["event_end"].max().date()] if len(good) else []
    return {
        "name": name,
        "format": report.format.title,
        "rows": len(good) + report.checked.rows_rejected,
        "accepted": len(good),
        "rejected": report.checked.rows_rejected,
        "days": [day.isoformat() for day in days],
        "unplaced": len(good) - placed,
        "notes": list(report.notes),
        "reasons": report.checked.rejected.head(MOST_REJECTS_TOLD).astype("str").to_dict("records"),
    }
