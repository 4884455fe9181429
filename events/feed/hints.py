"""Days that running text names: weekdays, days of a month, years (pure)."""

import re
from datetime import date
from typing import Final, NamedTuple

from events.feed.stamps import DAY, MONTH, WEEKDAYS, YEAR, Stamp, day_of, month_of, read_stamp

__all__ = ["Hint", "day_of_title", "days_meant", "hints", "only_day", "read_heading", "years"]


class Hint(NamedTuple):
    """A day that running text names: by its weekday (0 Monday), or by day and month with or without the year.

    `aside` is whether the words before it speak of what is to come or has been for long.
    """

    weekday: int | None
    day: int = 0
    month: int = 0
    year: int | None = None
    aside: bool = False


_ASIDE: Final = re.compile(
    r"\b(?:will|would|shall|to (?:meet|hold|visit|take|continue|start|begin|arrive)|set for|scheduled|plans?|planned"
    r"|expect|expects|expected|until|till|next|upcoming|tomorrow|ahead of|between now)\b[^.!?]*$"
    r"|\b(?:by|before|since|from|after|starting|dated)\s(?:the\s)?$",
    re.IGNORECASE,
)
CONTEXT: Final = 60
_NAMED: Final = re.compile(
    rf"""\b(?:
    (?P<w>(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b
    | (?P<d1>{DAY})(?:st|nd|rd|th)?(?:\ of)?\ ?(?P<m1>{MONTH})\b\.?(?:,?\ (?P<y1>{YEAR})\b)?
    | (?P<m2>{MONTH})\.?\ ?(?P<d2>{DAY})(?:st|nd|rd|th)?\b(?![:.]\d)(?:,?\ (?P<y2>{YEAR})\b)?
    | (?P<y3>{YEAR})-(?P<m3>0[1-9]|1[0-2])-(?P<d3>0[1-9]|[12]\d|3[01])\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_WEEKDAY: Final = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)


def hints(text: str, most: int = 60) -> list[Hint]:
    """Return the days that a text names, in its order, `most` at most."""
    found: list[Hint] = []
    for match in _NAMED.finditer(text):
        aside = bool(_ASIDE.search(text, max(0, match.start() - CONTEXT), match.start()))
        if match["w"]:
            found.append(Hint(WEEKDAYS.index(match["w"][:3].lower()), aside=aside))
        elif match["y3"]:
            found.append(Hint(None, int(match["d3"]), int(match["m3"]), int(match["y3"])))
        elif (month := match["m1"] or match["m2"])[0].isupper():  # "may 5" is no day
            year = match["y1"] or match["y2"]
            day = int(match["d1"] or match["d2"])
            found.append(Hint(None, day, month_of(month), int(year) if year else None, aside))
        if len(found) == most:
            break
    return found


_YEARS: Final = re.compile(rf"(?<![\d.,]){YEAR}(?![\d,%])")


def days_meant(hint: Hint, seen: date) -> list[date]:
    """The days that a hint may mean, seen from a day: where it names no year, that day's and the one before."""
    among = (hint.year,) if hint.year else (seen.year, seen.year - 1)
    return [day for year in among if (day := day_of(year, hint.month, hint.day))]


def years(text: str) -> set[int]:
    """Return the years that stand in a text, such as that of a copyright line."""
    return {int(found) for found in _YEARS.findall(text, 0, 1000)}


_ABOUT: Final = re.compile(
    r"\b(?:day|no|war|live|updates?|latest|news|watch|blog|events?|developments?|main|of|on|for|the|as|it|happened|from"
    r"|edit|and|evening|morning|afternoon|night|\d{1,3}(?:st|nd|rd|th)?)\b|[^\w]+",
    re.IGNORECASE,
)


def read_heading(line: str) -> Stamp | None:
    """Read the day that a short heading names beside small words ("Day 21 – October 17, live updates"), or None."""
    if len(line) > 60:
        return None
    days = _days_in(line)
    if len(days) != 1 or _ABOUT.sub("", line[: days[0].start()] + " " + _WEEKDAY.sub("", line[days[0].end() :])):
        return None
    return read_stamp(days[0][0])


def _days_in(line: str) -> list[re.Match[str]]:
    return [match for match in _NAMED.finditer(line) if not match["w"]]


def only_day(line: str) -> Stamp | None:
    """Return the day that a line names, if it names just one."""
    days = _days_in(line)
    return read_stamp(days[0][0]) if len(days) == 1 else None


def day_of_title(title: str) -> Stamp | None:
    """Return the one full day that a title is of, set off by a mark or behind 'for' ("The war: 4 October 2020")."""
    days = _days_in(title)
    if len(days) != 1:
        return None
    before, behind = title[: days[0].start()].rstrip(), title[days[0].end() :].strip()
    apart = bool(_SET_OFF.search(before)) and not behind.strip(_CLOSING)
    heads = not before and behind[:1] in _MARKS
    return read_stamp(days[0][0]) if apart or heads else None


_MARKS: Final = tuple(":|,–—-")
_CLOSING: Final = " .)]"
_SET_OFF: Final = re.compile(r"[:|,;.(\[–—-]$|\b(?:for|of the day)$", re.IGNORECASE)
