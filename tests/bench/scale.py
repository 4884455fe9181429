"""The same page from ten thousand events to ten million: Parquet files, served where they lie by their index.

A change is one that a user makes (`Drawn.changes`); each is asked once. As in use, what a change leaves as it was is
not asked of the tables anew: the timeline stays while the dates move. Changes that ask for new words, for which the
texts of all events are looked through, are told apart. The server's part is measured twice: what the store takes for
cells, timeline, facets, totals and the first rows of the list; and the whole answer to the page's request. Beside it,
in the same run, the plain way (plain.py) at the sizes that it survives: for the first moves of the slider, while nearly
all events match, and for changes of every kind.
"""

import datetime as dt
import gzip
import itertools
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import psutil
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from dashboard.app import create_app, settle
from dashboard.callbacks.refresh import PAGE_OF_LIST
from dashboard.layout import parts
from events.filters import BBox, EventFilter
from events.importing import import_file
from events.sources import open_source
from events.store import EventStore
from tests.bench import plain
from tests.bench.asking import DEPENDENCIES, JSON, RECEIVER, Asking, Callback
from tests.bench.filters import Drawn
from tests.bench.made import make_events
from tests.bench.measures import changes_in
from tests.browser.serving import ROOT, serving
from tests.contract.engines import Databases

CHANGES = 300
WARMING = 20
PLAIN_CHANGES = 10
PLAIN_MOVES = 3
MOST_PLAIN = 1_000_000  # rows; at ten million the plain way takes more memory than most machines have
MADE = ROOT / ".tools" / "bench"
SEED = 1

Change = tuple[EventFilter, BBox, float]


class Spans(NamedTuple):
    """Milliseconds of each change: without words, with words that were asked for before, and with new words."""

    without: list[float]
    with_words: list[float]
    new_words: list[float]

    @property
    def usual(self) -> list[float]:
        """All but those with new words."""
        return self.without + self.with_words


@dataclass(frozen=True)
class Answers:
    """Of some changes: milliseconds of the whole answer, and bytes as sent, compressed."""

    spans: Sequence[float]
    sent: Sequence[int]


@dataclass(frozen=True)
class Scale:
    """What was measured with so many rows: milliseconds; seconds from the command to an answer with events, to all
    events at the first start and at the next, megabytes of memory.

    `moved` are the first moves of the slider, `mixed` changes of every kind; the plain way's are None where it would
    not survive.
    """

    rows: int
    store: Spans
    browser: Sequence[float]
    answered: float
    first_start: float
    start: float
    memory: float
    moved: Answers
    mixed: Answers
    plain_moved: Answers | None
    plain_mixed: Answers | None


def made(rows: int) -> Path:
    """A file of so many made-up events; it is kept for the next time."""
    path = MADE / f"events-{rows}-{SEED}.parquet"
    if not path.exists():
        MADE.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        make_events(half, rows, SEED)
        half.replace(path)
    return path


def measure(browser: Browser, rows: int) -> Scale:
    """All figures of one size."""
    path = made(rows)
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        try:
            answered, first_start, _, _ = _served(path)
            _, start, memory, spans = _served(path, browser)
            store = open_source(str(path)).store
            mixed = list(itertools.islice(Drawn(store, SEED).changes(), CHANGES))
            moved = _moved(store, mixed[0])
            asked = _store(store, mixed)
            ours = _server(store, [*mixed[:WARMING], *moved]), _server(store, mixed)
            store.engine.dispose()
        finally:
            del os.environ["XDG_CACHE_HOME"]
    theirs = _plain(path, moved, mixed) if rows <= MOST_PLAIN else (None, None)
    return Scale(rows, asked, spans, answered, first_start, start, memory, *ours, *theirs)


def of_engine(databases: Databases, rows: int) -> tuple[float, Spans]:
    """Seconds to import so many events into a new database, and what its store takes."""
    begun = time.perf_counter()
    address = databases.address()
    writing = databases.opened(address)
    import_file(writing, made(rows))
    took = time.perf_counter() - begun
    writing.engine.dispose()  # a DuckDB file is either written or read
    store = databases.reading(address)
    return took, _store(store, list(itertools.islice(Drawn(store, SEED).changes(), CHANGES)))


def _moved(store: EventStore, change: Change) -> list[Change]:
    """The slider's left handle moved by a day, and by another."""
    first = dt.date.fromisoformat((store.span() or ("2020-01-01", ""))[0])
    return [(EventFilter(date_from=first + dt.timedelta(days)), *change[1:]) for days in range(1, 1 + PLAIN_MOVES)]


def _served(path: Path, browser: Browser | None = None) -> tuple[float, float, float, list[float]]:
    """Seconds from the command to its first answer with events and to that with all, MB after changes, ms of each
    change."""
    begun = time.perf_counter()
    with serving(str(path)) as served:
        while "total" not in served.summary():  # it says that it is starting
            time.sleep(0.1)
        answered = time.perf_counter() - begun
        while json.loads(served.get("/healthz"))["status"] != "ok":
            time.sleep(0.1)
        served.summary()
        ready = time.perf_counter() - begun
        spans = changes_in(browser, served.url)[0] if browser else []
        return answered, ready, psutil.Process(served.process.pid).memory_info().rss / 1e6, spans


def _store(store: EventStore, changes: Sequence[Change]) -> Spans:
    def ask(change: Change) -> None:
        wanted, view, zoom = change
        store.look(wanted, view, zoom, "month")
        store.rows(wanted, limit=PAGE_OF_LIST, columns=parts.LISTED)

    return _spans(store, ask, changes)


def _server(store: EventStore, changes: Sequence[Change]) -> Answers:
    client = create_app(store).server.test_client()
    page = Asking(lambda address: client.get(address).data)
    sent: list[int] = []

    def ask(change: Change) -> None:
        body = page.body(*change)
        sent.append(_post(client, body))

    page.take(client.post(RECEIVER, data=page.body(*changes[0]), content_type=JSON).data)  # as it is drawn first
    return Answers(_spans(store, ask, changes).usual, sent[WARMING:])


def _post(client: FlaskClient, body: bytes, packed: str = "br") -> int:
    answer = client.post(RECEIVER, data=body, content_type=JSON, headers={"Accept-Encoding": packed})
    assert answer.status_code == 200, answer.status
    return len(answer.data)


def _spans(store: EventStore, ask: Callable[[Change], None], changes: Sequence[Change]) -> Spans:
    """Measure; the first few changes pay for what is made once, and are left out."""
    store.forget()
    settle(store)
    spans = Spans([], [], [])
    asked = {""}
    for nth, change in enumerate(changes):
        begun = time.perf_counter()
        ask(change)
        span = (time.perf_counter() - begun) * 1000
        words = change[0].words
        if words not in asked:
            spans.new_words.append(span)
        elif nth >= WARMING:
            (spans.with_words if words else spans.without).append(span)
        asked.add(words)
    return spans


def _plain(path: Path, *of: Sequence[Change]) -> tuple[Answers, ...]:
    client = plain.plain_app(path).server.test_client()
    page = Callback(client.get(DEPENDENCIES).data, f"{plain.MAP}.figure", plain.DAYS)
    days = pd.to_datetime(pd.read_parquet(path, columns=["event_date"])["event_date"])
    first, last = days.min(), (days.max() - days.min()).days

    def answers(changes: Sequence[Change]) -> Answers:
        spans, sent = [], []
        for wanted, _, _ in changes[:: max(1, len(changes) // PLAIN_CHANGES)]:
            body = page.body(plain.values(wanted, first, last))
            begun = time.perf_counter()
            answer = client.post(RECEIVER, data=body, content_type=JSON)
            spans.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, answer.status
            sent.append(len(gzip.compress(answer.data, 6)))
        return Answers(spans, sent)

    return tuple(answers(changes) for changes in of)


def p95(values: Sequence[float]) -> float:
    """The value that 95 in 100 do not pass."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]
