"""The coder's desk: one for each process, set up when somebody first opens /code.

A worker that only serves the map never loads the coder, and pays none of its memory.
"""

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from dashboard.coding.drafts import to_utf16
from events.codebook import Codebook
from events.schema import NAMES
from geodata.gazetteer import Gazetteer

if TYPE_CHECKING:
    from events.coder import Proposal
    from events.feed import Feed

LONGEST_WAIT = 20.0  # seconds that a text waits for another one to be coded
MOST_WAITING = 2  # texts that wait; each holds a thread of the worker


class CodesFeeds(Protocol):
    """What the desk needs of a coder."""

    def code_feed(self, feed: "Feed") -> "list[Proposal]":
        """The events that a feed's reports tell of."""

    def note(self, event: Mapping[str, Any], *, inferred: bool = False) -> str:
        """The sentence that an event's codes make."""


class BusyError(Exception):
    """Other texts are being coded, and take long."""


class Desk:
    """Codes one text at a time, so that the map stays quick for everyone else. Threads may share it."""

    def __init__(
        self, codebook: Codebook, gazetteer: Gazetteer, make: Callable[[Codebook, Gazetteer], CodesFeeds] | None = None
    ) -> None:
        self._make = make or _the_coder
        self._of = (codebook, gazetteer)
        self._coder: CodesFeeds | None = None
        self._making = threading.Lock()
        self._at_work = threading.Lock()
        self._places = threading.BoundedSemaphore(1 + MOST_WAITING)
        self._warmed = False

    def warm(self) -> None:
        """Set the coder up in a thread of its own, so that the first text need not wait for it."""
        if not self._warmed:
            self._warmed = True
            threading.Thread(target=self._ready, name="coder", daemon=True).start()

    def _ready(self) -> CodesFeeds:
        with self._making:
            if self._coder is None:
                self._coder = self._make(*self._of)
            return self._coder

    def code(self, source: str | bytes, published: dt.date | None, publisher: str) -> dict[str, Any]:
        """A text or a saved page as reports and proposals, as plain values. Raises BusyError, SourceError."""
        from events.feed import read_feed  # noqa: PLC0415

        if not self._places.acquire(blocking=False):
            raise BusyError
        try:
            coder = self._ready()
            if not self._at_work.acquire(timeout=LONGEST_WAIT):
                raise BusyError
            try:
                feed = read_feed(source, published=published, publisher=publisher)
                return told(feed, coder.code_feed(feed))
            finally:
                self._at_work.release()
        finally:
            self._places.release()

    def note(self, event: Mapping[str, Any], *, inferred: bool) -> str:
        """The sentence that an event's codes make, once a person has changed them."""
        return self._ready().note(dict.fromkeys(NAMES) | dict(event), inferred=inferred)


def _the_coder(codebook: Codebook, gazetteer: Gazetteer) -> CodesFeeds:
    from events.coder import Coder  # noqa: PLC0415

    return Coder(codebook, gazetteer)


def told(feed: "Feed", proposals: "list[Proposal]") -> dict[str, Any]:
    """A feed and what was proposed of it, as plain values; marks count characters as a browser does (UTF-16)."""
    texts = {report.number: report.text for report in feed.reports}
    return {
        "publisher": feed.publisher,
        "title": feed.title,
        "undated": feed.undated,
        "reports": [
            {
                "number": report.number,
                "text": report.text,
                "label": report.label,
                "title": report.title,
                "publisher": report.publisher,
                "published": report.published.isoformat() if report.published else None,
                "day": report.day.isoformat() if report.day else None,
            }
            for report in feed.reports
        ],
        "left_out": [{"text": left.text, "reason": left.reason} for left in feed.left_out],
        "proposals": [
            {
                "event": proposal.event,
                "report": proposal.report,
                "marks": to_utf16(texts[proposal.report], proposal.marks),
                "rule": proposal.rule,
                "doubts": list(proposal.doubts),
            }
            for proposal in proposals
        ],
    }
