"""The lines of a source with the stamps they bear; the parts that reports are made of (pure)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from events.feed.furniture import why_left_out
from events.feed.hints import read_heading
from events.feed.lines import Line, Page
from events.feed.stamps import Stamp, read_dateline, read_stamp, read_tail, stands_alone

__all__ = ["ALONE", "LONGEST_LABEL", "WITH_TEXT", "Entry", "Layout", "Part", "is_day", "read_entries"]

ALONE: Final = frozenset(("alone", "day"))
"""Places of a stamp that has its line to itself: a time, and a day."""
WITH_TEXT: Final = frozenset(("head", "run", "dateline", "head of a day"))
"""Places of a stamp that has the text of its report behind it on its line."""


@dataclass(slots=True, eq=False)
class Entry:
    """A line with the stamp it bears, where in it that stands, and why it is no part of a report."""

    text: str
    stamp: Stamp | None = None
    place: str = ""
    left: str = ""
    heading: bool = False
    bullet: bool = False
    paragraph: bool = False


@dataclass(slots=True)
class Part:
    """A report to be: its stamp and the day it stands under, its lines, and what dates it besides.

    `kind` is "report" (it has a stamp of its own), "lead" (it stands before them), "paragraph" (of an article or under
    the heading of a day). One that is `pinned` stands above the others whatever its time.
    """

    kind: str
    label: str = ""
    stamp: Stamp | None = None
    under: Stamp | None = None
    dateline: Stamp | None = None
    title: str = ""
    pinned: bool = False
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """A source laid out. `page_days` are the stamps of the page itself, `clock` first where it is its own clock's."""

    title: str = ""
    parts: list[Part] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    page_days: list[Stamp] = field(default_factory=list)
    seen_at: Stamp | None = None
    beside: list[str] = field(default_factory=list)
    strict_days: bool = False


def read_entries(page: Page) -> list[Entry]:
    """Read the stamps of a page's lines; what two lines tell of one time stands in the later one."""
    entries = [_entry(line) for line in page.lines]
    _read_numeric_days(entries)
    _join_roles(entries)
    _join_stamps(entries)
    return [entry for entry in entries if entry.place != "absorbed"]


LONGEST_LABEL: Final = 60


def _entry(line: Line) -> Entry:
    entry = Entry(line.text, left=line.left, heading=line.heading, bullet=line.bullet)
    if line.left:
        return entry
    stamp = read_stamp(line.text)
    if line.moment and len(line.text) <= LONGEST_LABEL and (told := read_stamp(line.moment)):
        # What the page tells machines is exact, what it shows may be "2 hours ago".
        told.end = told.rest = stamp.rest if stamp else len(line.text)
        told.parted, told.form = True, stamp.form if stamp else "time"
        told.role = stamp.role if stamp else ""
        stamp = told
    entry.place = _place(stamp, line.text) if stamp else ""
    if entry.place == "head of a day" and (day := read_heading(line.text)):
        stamp, entry.place = day, "day"
    elif not entry.place:
        stamp, entry.place = _elsewhere(line.text, stamp)
    entry.stamp = stamp
    if not entry.place or entry.place == "tail of a day":
        entry.left = why_left_out(line.text)
        entry.place = "" if entry.left else entry.place
    return entry


def _elsewhere(text: str, begins: Stamp | None) -> tuple[Stamp | None, str]:
    """Return the stamp of a line that stands not at its beginning, or not in a way that tells, and its place."""
    tail = None if begins else read_tail(text)
    if tail and tail.timed:
        return tail, "tail"
    if not (begins and begins.timed) and (day := read_heading(text)):
        return day, "day"
    if begins:
        return None, ""
    if day := read_dateline(text):
        return day, "dateline"
    return (tail, "tail of a day") if tail else (None, "")


def _place(stamp: Stamp, text: str) -> str:
    """Tell where in its line a stamp stands: "alone", "day" (a day alone), "head", "run" (without a mark), or ""."""
    if stands_alone(stamp, text):
        return "alone" if stamp.timed else "day"
    if not stamp.timed:
        return "head of a day" if stamp.dated and (stamp.parted or _closed(stamp, text)) else ""
    begins = text[stamp.rest : stamp.rest + 1]
    if stamp.parted or ((stamp.dated or stamp.zone is not None) and not begins.islower()):
        return "head"
    return "" if stamp.loose or begins.islower() or stamp.minutes is None else "run"


_STOP: Final = re.compile(r"\.\s+(?=[^\W\d_a-z]|[“\"«])")


def _closed(stamp: Stamp, text: str) -> bool:
    """Whether a day is a sentence of its own before the text it dates: "December 12, 2022. Tents stand on the road"."""
    return stamp.relative is None and _STOP.match(text, stamp.end) is not None


_NUMERIC_DAY: Final = re.compile(r"(\d{1,2})([./])(\d{1,2})\.?")


LAST_HOUR: Final = 23


def _read_numeric_days(entries: list[Entry]) -> None:
    """Read lines like "17.10" as days and not as times, on a page that writes its times otherwise."""
    found: list[tuple[Entry, Stamp]] = []
    times = 0
    for entry in entries:
        numbers = _NUMERIC_DAY.fullmatch(entry.text) if len(entry.text) < 7 else None
        if numbers is None:
            times += bool(entry.stamp and entry.stamp.timed and not entry.stamp.loose)
            continue
        first, second = int(numbers[1]), int(numbers[3])
        if not (1 <= first <= 31 and 1 <= second <= (12 if numbers[2] == "." else 31) and min(first, second) <= 12):
            return
        stamp = Stamp(order=(first, second))
        if first > 12 or numbers[2] == ".":  # dots are never American
            stamp.day, stamp.month, stamp.order = first, second, None
        elif second > 12:
            stamp.day, stamp.month, stamp.order = second, first, None
        found.append((entry, stamp))
    no_times = any((stamp.day or 0) > LAST_HOUR for _, stamp in found)
    if len({entry.text for entry, _ in found}) > 1 and (no_times or times >= len(found)):
        for entry, stamp in found:
            stamp.end = stamp.rest = len(entry.text)
            entry.stamp, entry.place, entry.left = stamp, "day", ""


_ROLE: Final = re.compile(
    r"(?:(?:last|first) )?(?:(updated?|modified|edited)|published|posted)(?: (?:at|on))?:?", re.IGNORECASE
)


def _join_roles(entries: list[Entry]) -> None:
    """Give a stamp the word "Updated" or "Published" that stands in a line of its own above it."""
    for one, two in pairwise(entries):
        role = _ROLE.fullmatch(one.text) if two.stamp and not one.stamp else None
        if role and two.stamp:
            two.stamp.role = "updated" if role[1] else "published"


def _join_stamps(entries: list[Entry]) -> None:
    """Join a time and a day that stand in two lines, one under the other, for most of the times of a page."""
    pairs = [(one, two) for one, two in _neighbours(entries) if one.place in ALONE and two.place in ALONE]
    times = sum(e.place == "alone" and not e.stamp.dated for e in entries if e.stamp)
    below = [(one, two) for one, two in pairs if _lacks_day(one) and two.place == "day"]
    if below and len(below) >= 0.5 * times:
        for one, two in below:
            _absorb(one, two)
    for one, two in pairs:
        if one.place != "alone" or two.place != "alone" or one.stamp is None or two.stamp is None:
            continue
        same = one.stamp.minutes == two.stamp.minutes and not (one.stamp.dated and two.stamp.dated)
        if one.stamp.minutes is None or two.stamp.minutes is None or same:
            _absorb(one, two)


def _lacks_day(entry: Entry) -> bool:
    return entry.place == "alone" and entry.stamp is not None and not entry.stamp.dated


def is_day(entry: Entry) -> bool:
    """Whether a line is the heading of a day; a note of when something was changed is none."""
    return entry.place == "day" and entry.stamp is not None and not entry.stamp.role and not entry.left


def _neighbours(entries: list[Entry]) -> Iterator[tuple[Entry, Entry]]:
    last = None
    for entry in entries:
        if entry.left:
            continue
        if last is not None:
            yield last, entry
        last = entry


def _absorb(one: Entry, two: Entry) -> None:
    """Make the stamps of two lines one, which stands in the later line."""
    first, second = one.stamp, two.stamp
    if first is None or second is None or len(one.text) > LONGEST_LABEL:
        return
    for name in ("minutes", "zone", "day", "month", "year", "weekday", "order", "ago", "relative"):
        if getattr(second, name) is None:
            setattr(second, name, getattr(first, name))
    second.form = first.form + second.form
    two.text = f"{one.text}, {two.text}"
    second.end = second.rest = len(two.text)
    two.place = "alone"
    one.stamp, one.place = None, "absorbed"
