"""One coder for the tests of this folder, and reports for it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from events.codebook import load_codebook
from events.coder import Coder
from events.feed import Feed, Report
from geodata.gazetteer import Gazetteer

DAY = date(2020, 10, 11)  # a Sunday
NOON = datetime(2020, 10, 11, 8, tzinfo=UTC)


@lru_cache(maxsize=1)
def coder() -> Coder:
    return Coder(load_codebook(), Gazetteer.load())


def report(text: str, number: int = 0, **fields: Any) -> Report:
    told = {"label": "a report", "published": NOON, "day": DAY, "publisher": "Example News"} | fields
    return Report(number, text, **told)


def feed(*texts: str) -> Feed:
    return Feed("Example News", "Live", tuple(report(text, number) for number, text in enumerate(texts)), ())


def coded(text: str, **fields: Any) -> list[dict[str, Any]]:
    return [proposal.event for proposal in coder().code(report(text, **fields))]


def values(events: Sequence[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(event[name] for name in names) for event in events]
