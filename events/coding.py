"""Files of reports into events: found, read, taken apart, coded, by several processes where there is much to do.

`code_file` is one file's whole way and stands for itself: its arguments and its result can be sent to another process,
and it shares nothing but a coder that each process makes once. Whoever runs it, and where, is another matter.
"""

import atexit
import gc
import gzip
import io
import os
import sys
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import pandas as pd

from events.codebook import load_codebook
from events.coder import Coder, Proposal
from events.errors import SourceError
from events.feed import Feed, read_feed
from events.schema import NAMES, Checked, check
from geodata.gazetteer import Gazetteer

__all__ = [
    "Coded", "Gathered", "Whole", "code_content", "code_file", "code_files", "code_text", "cores", "find_files",
    "read_source",
]  # fmt: skip

STDIN: Final = "-"
SUFFIXES: Final = (".txt", ".html", ".htm", ".md")
"""Endings of the files that are taken from a folder, also with .gz behind."""
LARGEST: Final = 200_000_000
"""Bytes of one file, unpacked."""


class CodesFeeds(Protocol):
    """What codes the reports of a feed."""

    def code_feed(self, feed: Feed) -> list[Proposal]:
        """Return the events that a feed's reports tell of."""


@dataclass(frozen=True, slots=True)
class Coded:
    """What one file told: its events (as Proposal.event) and how many of what; `fault` says why it told nothing.

    `digests` are of the text of each event's report, to know it again. `undated` are reports without a day; `doubts`
    what the coder could not decide.
    """

    name: str
    events: tuple[Mapping[str, Any], ...] = ()
    digests: tuple[int, ...] = ()
    reports: int = 0
    left_out: int = 0
    undated: int = 0
    doubts: int = 0
    fault: str = ""


# ── one file ────────────────────────────────────────────────────────────────────────────────────────────────


def code_file(name: str, published: date | None = None, publisher: str = "") -> Coded:
    """Read and code one file, or standard input for "-". Never raises for what is in a file: see Coded.fault."""
    try:
        content = read_source(name)
    except SourceError as fault:
        return Coded(name, fault=str(fault))
    return code_content(name, content, published, publisher)


def code_content(name: str, content: str | bytes, published: date | None = None, publisher: str = "") -> Coded:
    """Code what a file holds, with this process's coder."""
    return code_text(name, content, _coder(), published, publisher)


def code_text(
    name: str, content: str | bytes, coder: CodesFeeds, published: date | None = None, publisher: str = ""
) -> Coded:
    """Code a text or a saved page (pure)."""
    feed = read_feed(content, published=published, publisher=publisher)
    proposals = coder.code_feed(feed)
    digests = {report.number: zlib.crc32(report.text.encode("utf-8", "replace")) for report in feed.reports}
    return Coded(
        name,
        tuple(proposal.event for proposal in proposals),
        tuple(digests[proposal.report] for proposal in proposals),
        len(feed.reports),
        len(feed.left_out),
        feed.undated,
        sum(len(proposal.doubts) for proposal in proposals),
    )


@cache
def _coder() -> Coder:
    """The coder of this process; making it takes about a second."""
    coder = Coder(load_codebook(), Gazetteer.load())
    # What it knows, hundreds of thousands of objects, stays as long as the process: the collector need not go through
    # all of it again and again while reports come and go.
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # or libraries complain, at the end, of what was never collected
    return coder


def read_source(name: str) -> bytes:
    """Read a file, unpacked if it is a gzip, or standard input for "-". Raises SourceError."""
    where = "standard input" if name == STDIN else name
    try:
        content = sys.stdin.buffer.read(LARGEST + 1) if name == STDIN else _read(Path(name))
        if content.startswith(b"\x1f\x8b"):
            content = _unpacked(content)
    except (OSError, EOFError, zlib.error) as fault:
        said = getattr(fault, "strerror", None) or fault
        raise SourceError(f"it cannot be read ({said})", where, "Check the path, and that the file is whole.") from None
    if len(content) > LARGEST:
        raise SourceError(f"it is larger than {LARGEST // 1_000_000} MB", where, "Take it apart into several files.")
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError("it is neither text nor a saved page", where, "Save the page as text or HTML.")
    return content


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _unpacked(content: bytes) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
        return packed.read(LARGEST + 1)  # no further, however much more is packed in it


# ── many files ──────────────────────────────────────────────────────────────────────────────────────────────

LITTLE: Final = 2_000_000
"""Bytes of text that one process codes before another has started."""


def find_files(paths: Iterable[str]) -> list[str]:
    """Return the files to code, in the order given; folders with all within them, by name. Raises SourceError."""
    found: dict[str, None] = {}
    for path in paths:
        if path != STDIN and Path(path).is_dir():
            within = list(_within(path))
            if not within:
                raise SourceError(
                    f"there is no {', '.join(SUFFIXES)} in it", path, "Name the files, or another folder."
                )
            found.update(dict.fromkeys(within))
        elif path == STDIN or Path(path).exists():
            found[path] = None
        else:
            raise SourceError("there is no such file", path, "Check the path.")
    return list(found)


def _within(folder: str) -> Iterator[str]:
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.lower().removesuffix(".gz").endswith(SUFFIXES) and not name.startswith("."):
                yield str(Path(at) / name)


def code_files(
    names: Sequence[str], published: date | None = None, publisher: str = "", jobs: int | None = None
) -> Generator[Coded]:
    """Code files one after the other, or by `jobs` processes at once (default: one a core) where it is worth it.

    The results come in the order of the names, whoever is first. Raises SourceError when a process dies.
    """
    code = partial(code_file, published=published, publisher=publisher)
    most = min(jobs or cores(), len(names))
    if most < 2 or (jobs is None and sum(map(_size, names)) < LITTLE):
        yield from map(code, names)
        return
    # Spawned, not forked: a copy of a process with threads may hang.
    pool = ProcessPoolExecutor(most, mp_context=get_context("spawn"))
    try:
        stdin = [name for name in names if name == STDIN]  # no other process could read it
        rest = [name for name in names if name != STDIN]
        done = pool.map(code, rest, chunksize=max(1, min(8, len(rest) // (8 * most))))
        for name in names:
            yield code(name) if name in stdin else next(done)
    except BrokenProcessPool:
        raise SourceError(
            "a process that coded them died", f"{len(names)} files", "There may be too little memory: --jobs 1."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _size(name: str) -> int:
    try:
        return 0 if name == STDIN else Path(name).stat().st_size * (8 if name.endswith(".gz") else 1)
    except OSError:
        return 0


# ── one table ───────────────────────────────────────────────────────────────────────────────────────────────

SAME: Final = ("event_date", "sub_event_type", "actor1", "actor2", "claimant", "place_id", "fatalities", "injured")
"""Two events of one id are one event told twice where these are the same, or the text of their report is."""
PIECE: Final = 20_000


class Gathered:
    """The events of several files as one table: what two files tell alike stands in it once."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int]] = {}
        self._open: list[Mapping[str, Any]] = []
        self._pieces: list[Checked] = []
        self.told_before = 0

    def add(self, coded: Coded) -> None:
        """Take the events of one file."""
        for event, digest in zip(coded.events, coded.digests, strict=True):
            told = hash(tuple(event[name] for name in SAME)), digest
            before = self._seen.get(event["event_id"])
            if before is None:
                self._take(event, told)
            elif before[0] == told[0] or before[1] == told[1]:
                self.told_before += 1
            else:  # another report of the same publisher and minute, in another file
                own = f"{event['event_id']}-{digest:08x}"
                if own in self._seen:
                    self.told_before += 1
                else:
                    self._take({**event, "event_id": own}, told)

    def _take(self, event: Mapping[str, Any], told: tuple[int, int]) -> None:
        self._seen[event["event_id"]] = told
        self._open.append(event)
        if len(self._open) >= PIECE:
            self._close_piece()

    def _close_piece(self) -> None:
        if self._open:
            frame = pd.DataFrame({name: [_as_text(event[name]) for event in self._open] for name in NAMES}, dtype="str")
            self._pieces.append(check(frame, "the coded events", load_codebook()))
            self._open = []

    def table(self) -> "Whole":
        """Return all events together."""
        self._close_piece()
        empty = check(pd.DataFrame(columns=list(NAMES), dtype="str"), "the coded events")
        pieces = self._pieces or [empty]
        return Whole(
            pd.concat([piece.accepted for piece in pieces], ignore_index=True),
            sum(piece.rows_rejected for piece in pieces),
            tuple(
                dict.fromkeys(f"{row.field} {row.reason}" for piece in pieces for row in piece.rejected.itertuples())
            ),
        )


class Whole(NamedTuple):
    """A table of events as `schema.check` accepts them, how many it set aside (such as without a day), and why."""

    accepted: pd.DataFrame
    set_aside: int
    reasons: tuple[str, ...]


def _as_text(value: object) -> str:
    return "" if value is None else str(value)
