"""The scale of the date slider: slots of a day, a week, a month, a year or a decade; long quiet is one slot (pure).

A war's events cluster: on a plain scale the 44 days of 2020 would be a hair's breadth beside the quiet until 2023.
A run of empty slots is drawn as one slot that says how long it is, so that nothing is hidden and every day with
events has room. Slots follow each other without gap or overlap; both their ends are included.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from events.filters import EventFilter
from events.store import EventStore

MOST_SLOTS = 260
# A unit, and how many empty ones in a row are drawn as one slot.
_QUIET = {"day": 21, "week": 9, "month": 7, "year": 5, "decade": 3}


class Slot(NamedTuple):
    """Days from `first` to `last`, both included; `quiet` where a long run without events is drawn as one."""

    first: dt.date
    last: dt.date
    quiet: bool


class TimeScale(NamedTuple):
    """The slots in order, and the unit they count in."""

    unit: str
    slots: tuple[Slot, ...]

    def slot_of(self, day: dt.date) -> int:
        """The index of the slot that holds a day; days outside belong to the first or last."""
        return max(0, bisect_right(self.slots, day, key=lambda s: s.first) - 1)


def make_scale(days: Iterable[dt.date]) -> TimeScale:
    """The finest scale of at most MOST_SLOTS slots on which every day with events has its place."""
    present = sorted(set(days))
    if not present:
        return TimeScale("day", ())
    scale = TimeScale("day", ())
    for unit in _QUIET:
        scale = TimeScale(unit, tuple(_slots(present, unit)))
        if len(scale.slots) <= MOST_SLOTS:
            break
    return scale


def scale_of(store: EventStore) -> TimeScale:
    """The scale for everything a store holds."""
    return make_scale(dt.date.fromisoformat(count.day) for count in store.timeline(EventFilter()))


def _slots(present: list[dt.date], unit: str) -> Iterable[Slot]:
    starts = sorted({_start(day, unit) for day in present})
    for here, following in zip(starts, [*starts[1:], None], strict=True):
        end = _next(here, unit)
        yield Slot(here, end - dt.timedelta(1), quiet=False)
        if following is None or following == end:
            continue
        empty = []
        while end < following:
            after = _next(end, unit)
            empty.append(Slot(end, after - dt.timedelta(1), quiet=False))
            end = after
        if len(empty) > _QUIET[unit]:
            yield Slot(empty[0].first, empty[-1].last, quiet=True)
        else:
            yield from empty


def _start(day: dt.date, unit: str) -> dt.date:
    if unit == "week":
        return day - dt.timedelta(day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "decade":
        return day.replace(year=day.year - day.year % 10, month=1, day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _next(start: dt.date, unit: str) -> dt.date:
    if unit == "day":
        return start + dt.timedelta(1)
    if unit == "week":
        return start + dt.timedelta(7)
    if unit == "month":
        return (start + dt.timedelta(32)).replace(day=1)
    return start.replace(year=start.year + (10 if unit == "decade" else 1))
