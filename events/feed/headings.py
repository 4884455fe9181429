"""Which lines are the headings of days, and above or below which reports they stand (pure).

A heading may name its day beside a title ("October 17: Battles in the south") or by a number alone ("Day 3"), may have
text of its own between it and its first report, and may stand below its reports.
"""

import re
from bisect import bisect
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final

from events.feed.entries import Entry, is_day
from events.feed.furniture import is_prose
from events.feed.hints import only_day
from events.feed.stamps import Stamp, day_of

__all__ = ["days_above", "days_first", "head_day", "read_headings"]

LONGEST_HEADING: Final = 140
LEAST_WITH_DAY: Final = 0.6
"""Where so many of the titles directly above reports name a day, those titles are the headings of days."""


def read_headings(entries: list[Entry], starts: Sequence[int]) -> None:
    """Find the headings of days that are more than a day: those with a title, and those with a number."""
    _read_titled(entries, starts)
    _read_numbered(entries)


def _read_titled(entries: list[Entry], starts: Sequence[int]) -> None:
    if 2 * sum(_has_day(entries[k]) for k in starts) > len(starts):
        return
    above: dict[int, Stamp | None] = {}
    last = -1
    for k in starts:
        at = next((j for j in range(k - 1, last, -1) if not entries[j].left), None)
        last = k
        if at is not None and _may_be_title(entries[at]):
            above[at] = only_day(entries[at].text)
    found = {at: stamp for at, stamp in above.items() if stamp}
    if len({(s.year, s.month, s.day) for s in found.values()}) > 1 and len(found) >= LEAST_WITH_DAY * len(above):
        for at, stamp in found.items():
            entries[at].stamp, entries[at].place = stamp, "day"


def _has_day(entry: Entry) -> bool:
    return entry.stamp is not None and (entry.stamp.dated or entry.stamp.relative is not None)


def _may_be_title(entry: Entry) -> bool:
    stamp = entry.stamp
    return (
        len(entry.text) <= LONGEST_HEADING
        and not is_prose(entry.text)
        and not is_day(entry)
        and not (stamp and (stamp.timed or stamp.role))
    )


_NUMBER: Final = re.compile(r"(?:the )?(?:war )?day (?:no\.? ?)?#?(\d{1,3})\b", re.IGNORECASE)


def _read_numbered(entries: list[Entry]) -> None:
    """Give "Day 3" its day, where headings of its kind that tell theirs agree on the first."""
    numbered: list[tuple[Entry, int]] = []
    for entry in entries:
        found = _NUMBER.match(entry.text) if len(entry.text) <= LONGEST_HEADING and not entry.left else None
        if found and not is_prose(entry.text) and (not entry.stamp or is_day(entry)):
            numbered.append((entry, int(found[1])))
    firsts = {_shifted(_written(stamp), 1 - number) for entry, number in numbered if (stamp := entry.stamp)}
    first = firsts.pop() if len(firsts) == 1 else None
    for entry, number in numbered:
        day = _shifted(first, number - 1) if first and not entry.stamp else None
        if day:
            entry.stamp, entry.place = Stamp(year=day[0], month=day[1], day=day[2]), "day"


_Day = tuple[int | None, int, int]
"""A year, where it is known, a month and a day."""
COMMON_YEAR: Final = 2001


def _written(stamp: Stamp) -> _Day:
    return (stamp.year, stamp.month or 0, stamp.day or 0)


def _shifted(written: _Day, days: int) -> _Day | None:
    day = day_of(written[0] or COMMON_YEAR, *written[1:])
    if day is None:
        return None
    day += timedelta(days=days)
    return (written[0] and day.year, day.month, day.day)


# ── where they stand ────────────────────────────────────────────────────────────────────────────────────────


def head_day(entries: list[Entry], first: int, days: Sequence[int]) -> int | None:
    """Return the heading that the first report stands under, with text between them or none.

    The page's own day may stand there, too: with text between, it is a heading where it is written as the other `days`.
    """
    above = next((k for k in range(first - 1, -1, -1) if not entries[k].left), None)
    if above is None or is_day(entries[above]):
        return above
    at = next((k for k in range(above - 1, -1, -1) if is_day(entries[k])), None)
    written = {_form(entries[k]) for k in days}
    return at if at is not None and _form(entries[at]) in written else None


def _form(entry: Entry) -> tuple[bool, bool]:
    """How a heading writes its day: whether with the name of the month, and whether with the year."""
    stamp = entry.stamp or Stamp()
    return not {"dmy", "mdy"}.isdisjoint(stamp.form.split()), stamp.year is None


def days_first(entries: list[Entry], starts: list[int], begin: int) -> tuple[list[Entry], list[int]]:
    """Put the headings of days above their reports where all stand below; the first report begins at `begin`."""
    days = [k for k, entry in enumerate(entries) if is_day(entry) and k > begin]
    if len(days) < 2 or days[-1] < starts[-1] or head_day(entries, begin, days) is not None:
        return entries, starts
    groups: list[list[int]] = [[] for _ in days]
    for k in starts:
        groups[bisect(days, k)].append(k)
    if not all(groups) or not _go_with(days, groups, entries):
        return entries, starts
    turned, places = entries[:begin], []
    for lower, day, group in zip([begin, *(day + 1 for day in days)], days, groups, strict=False):
        places += [k + 1 for k in group]  # the heading that now stands above them stood below
        turned += [entries[day], *entries[lower:day]]
    return turned + entries[days[-1] + 1 :], places


FEWEST_BELOW: Final = 3


def days_above(entries: list[Entry]) -> list[Entry]:
    """Put the day of each article of a page above its paragraphs, where the days of all stand below."""
    days = [k for k, entry in enumerate(entries) if is_day(entry)]
    told = [k for k, entry in enumerate(entries) if entry.paragraph]
    if len(days) < FEWEST_BELOW or not told or told[0] > days[0] or told[-1] > days[-1]:
        return entries
    if len({bisect(days, k) for k in told}) < len(days) or len({_form(entries[k]) for k in days}) > 1:
        return entries
    turned = entries[: told[0]]
    for lower, day in zip([told[0], *(day + 1 for day in days)], days, strict=False):
        turned += [entries[day], *entries[lower:day]]
    return turned + entries[days[-1] + 1 :]


def _go_with(days: list[int], groups: list[list[int]], entries: list[Entry]) -> bool:
    """Whether the days go on as the times of the reports above them do: up or down."""
    told = [_written(stamp) for k in days if (stamp := entries[k].stamp)]
    order = {(one[0] or 0, *one[1:]) < (two[0] or 0, *two[1:]) for one, two in pairwise(told)}
    times = [[s.minutes for k in group if (s := entries[k].stamp) and s.minutes is not None] for group in groups]
    steps = [two - one for group in times for one, two in pairwise(group)]
    up = sum((step > 0) - (step < 0) for step in steps)
    return len(order) == 1 and (up > 0) == order.pop() and up != 0
