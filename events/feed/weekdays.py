"""Days that are told by their weekday alone, as headings and stamps of a page that tells one day in full (pure)."""

from collections.abc import Sequence
from datetime import date
from itertools import accumulate, pairwise
from typing import Final

from events.feed.entries import Part
from events.feed.evidence import full_day, plus
from events.feed.stamps import Stamp

__all__ = ["settle_weekdays"]

WEEK: Final = 7
MOST_BEHIND: Final = 2
"""So many days before the last change of a page may its newest report be."""


def settle_weekdays(parts: Sequence[Part], own: Sequence[date], changed: Sequence[date]) -> None:
    """Give weekdays their days: one of them is a day that the page says is its `own`, or was shortly `changed`.

    Further ones follow from heading to heading, up or down the week. Where no day fits, nobody can tell.
    """
    stamps = _weekdays(parts)
    if not any(_is_bare(stamp) for stamp in stamps):
        return
    offsets = _offsets(stamps)
    first = _first(stamps, offsets, own, changed)
    for stamp, off in zip(stamps, offsets, strict=True):
        day = plus(first, off)
        if day and _is_bare(stamp):
            stamp.year, stamp.month, stamp.day = day.year, day.month, day.day


def _is_bare(stamp: Stamp) -> bool:
    return stamp.weekday is not None and not stamp.dated and stamp.relative is None


def _weekdays(parts: Sequence[Part]) -> list[Stamp]:
    """Return the stamps that tell weekdays, each once; none where others tell their days without."""
    found: list[Stamp] = []
    for part in parts:
        stamp = part.stamp if part.stamp and (part.stamp.weekday is not None or part.stamp.dated) else part.under
        if stamp is None or (found and stamp is found[-1]):
            continue
        if stamp.weekday is None:
            return []
        found.append(stamp)
    return found


def _offsets(stamps: list[Stamp]) -> list[int]:
    """Return by how many days each weekday lies from the first: all go up, or all go down, by less than a week."""
    steps = [((two.weekday or 0) - (one.weekday or 0)) % WEEK for one, two in pairwise(stamps)]
    up = sum((0 < step < 4) - (step > 3) for step in steps) > 0
    return list(accumulate((step if up or not step else step - WEEK for step in steps), initial=0))


def _first(stamps: list[Stamp], offsets: list[int], own: Sequence[date], changed: Sequence[date]) -> date | None:
    for stamp, off in zip(stamps, offsets, strict=True):
        if day := full_day(stamp):
            return plus(day, -off)
    for day in (*own, *changed):
        found = {off for stamp, off in zip(stamps, offsets, strict=True) if stamp.weekday == day.weekday()}
        if len(found) == 1:
            return plus(day, -found.pop())
        if found:  # a weekday of one week or another
            return None
    newest = max(range(len(stamps)), key=lambda k: offsets[k])
    for day in changed:
        behind = (day.weekday() - (stamps[newest].weekday or 0)) % WEEK
        if behind <= MOST_BEHIND:
            return plus(day, -behind - offsets[newest])
    return None
