"""Days that a sentence names, as days of the calendar: 'on Tuesday', 'overnight', '27 September', '07.10.2020'."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from events.coder.rules import Phrases

__all__ = ["FIRST_YEAR", "LAST_YEAR", "Days", "Named"]

_NUMERIC: Final = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DAY: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_CLOCK: Final = re.compile(r"(\d{1,2})[:.]\d{2}")
FIRST_YEAR: Final = 1800
LAST_YEAR: Final = 2200
"""Years that a report can be of, or can name; far from the calendar's ends."""

_LAST_HOUR: Final = 20
_FAR: Final = 200


@dataclass(slots=True)
class Named:
    """Words `start` to `end` that name a day. `precision` 1 the day, 2 the week, 3 the month.

    `kind`: day, since (the beginning of a stretch), year (a year alone), stretch.
    """

    start: int
    end: int
    day: date
    precision: int = 1
    kind: str = "day"
    weekday: bool = False
    overnight: bool = False


class Days:
    """Finds days; built once from words.toml."""

    def __init__(self, lists: Mapping[str, Any]):
        self._months: dict[str, int] = lists["months"]
        self._weekdays: dict[str, int] = lists["weekdays"]
        self._near = Phrases(lists["days"].items())
        self._stretches = Phrases(lists["stretches"].items())
        self._just_past = Phrases(lists["just_past"].items())
        phrases = self._near.firsts | self._stretches.firsts | self._just_past.firsts
        self._opens = phrases | self._months.keys() | self._weekdays.keys()

    def find(self, words: list[str], raw: list[str], today: date, *, morning: bool = False) -> list[Named]:
        """Return the days that the words name, read on the day `today`, in order and not overlapping.

        In the morning 'the past day' is the day before.
        """
        found: list[Named] = []
        size = len(words)
        end = 0
        opens = self._opens
        # Few words can begin a day, so those are picked out first, and only they are looked at closely.
        for at in [at for at, word in enumerate(words) if word in opens or word[0].isdigit()]:
            if at < end:
                continue
            named = self._at(words, raw, at, today) or self._past_day(words, at, today, morning=morning)
            if named is None:
                continue
            if named.start > 0:
                before = words[named.start - 1]
                if before in ("since", "from") or (
                    before == "the" and named.start > 1 and words[named.start - 2] == "since"
                ):
                    named.kind = (
                        "since" if before != "from" or "to" not in words[named.end : named.end + 2] else named.kind
                    )
                elif before == "on" and self._gmt_night(words, named.start):
                    named.day += timedelta(days=1)
                elif before == "last" and named.weekday and named.day == today:
                    named.day -= timedelta(days=7)
                elif before == "next" and named.weekday and named.day <= today:
                    named.day += timedelta(days=7)
            if not (named.kind == "stretch" and named.end < size and words[named.end] == "'s"):
                found.append(named)
            end = named.end
        return found

    def _past_day(self, words: list[str], at: int, today: date, *, morning: bool) -> Named | None:
        past = self._just_past.at(words, at) if words[at] in self._just_past else None
        return None if past is None else Named(at, past[0], today + timedelta(days=past[1] if morning else 0))

    def _gmt_night(self, words: list[str], at: int) -> bool:
        """'21:00 GMT on Friday' is the next day in local time (UTC+4)."""
        clock = _CLOCK.fullmatch(words[at - 3]) if at >= 3 and words[at - 2] == "gmt" else None
        return clock is not None and int(clock[1]) >= _LAST_HOUR

    def _at(self, words: list[str], raw: list[str], at: int, today: date) -> Named | None:
        word = words[at]
        if word in self._near:
            near = self._near.at(words, at)
            if near is not None:
                return Named(at, near[0], today + timedelta(days=near[1]), overnight=word == "overnight")
        if word in self._stretches:
            stretch = self._stretches.at(words, at)
            if stretch is not None:
                back = 7 if word == "last" and "week" in words[at : at + 2] else 0
                ahead = 7 if word == "next" else 0
                day = today - timedelta(days=back) + timedelta(days=ahead)
                if stretch[1] == 2 and (word in ("earlier", "next") or back):
                    day -= timedelta(days=day.weekday())
                return Named(at, stretch[0], day, stretch[1], "stretch")
        if word in self._weekdays and (raw[at][:1].isupper()):
            # The latest such day, today included; the reader of the verb may turn it to the next.
            back = (today.weekday() - self._weekdays[word]) % 7
            return Named(at, at + 1, today - timedelta(days=back), weekday=True)
        if word in self._months and raw[at][:1].isupper():
            return self._month(words, at, today)
        if word[0].isdigit():
            return self._digits(words, raw, at, today)
        return None

    def _digits(self, words: list[str], raw: list[str], at: int, today: date) -> Named | None:
        word = words[at]
        numeric = _NUMERIC.fullmatch(word)
        if numeric:
            return _named(at, at + 1, int(numeric[3]), int(numeric[2]), int(numeric[1]))
        day = _DAY.fullmatch(word)
        if not day:
            return None
        # '27 September', '27 and 28 September', '27th of September'
        probe = at + 1
        if probe < len(words) and words[probe] == "of":
            probe += 1
        if probe < len(words) and words[probe] in self._months and raw[probe][:1].isupper():
            end = probe + 1
            if (
                end < len(words)
                and words[end] == "."
                and words[probe] in ("sept", "oct", "nov", "sep", "aug", "dec", "jan", "feb")
            ):
                end += 1
            return self._dated(words, at, end, self._months[words[probe]], int(day[1]), today)
        return None

    def _month(self, words: list[str], at: int, today: date) -> Named | None:
        month = self._months[words[at]]
        end = at + 1
        if end + 1 < len(words) and words[end] == ".":
            end += 1
        if end < len(words):
            day = _DAY.fullmatch(words[end])
            if day and 1 <= int(day[1]) <= 31 and not _YEAR.fullmatch(words[end]):
                # 'October 4 to 5', 'October 4-5': the later day.
                last, number = end + 1, int(day[1])
                ranges = last + 1 < len(words) and words[last] in ("-", "–", "to")
                more = _DAY.fullmatch(words[last + 1]) if ranges else None
                if more and number < int(more[1]) <= 31:
                    last, number = last + 2, int(more[1])
                return self._dated(words, at, last, month, number, today)
        if words[at] in ("may", "march") and not (
            at > 0 and words[at - 1] in ("in", "since", "until", "early", "late", "last", "mid", "of", "this")
        ):
            return None
        end = at + 1
        year = today.year if month <= today.month else today.year - 1
        if end < len(words) and _YEAR.fullmatch(words[end]):
            year, end = int(words[end]), end + 1
        return Named(at, end, date(year, month, 15), 3, "stretch")

    def _dated(self, words: list[str], start: int, end: int, month: int, day: int, today: date) -> Named | None:
        year = 0
        probe = end + (end < len(words) and words[end] == ",")
        if probe < len(words) and _YEAR.fullmatch(words[probe]):
            year, end = int(words[probe]), probe + 1
        if year:
            return _named(start, end, year, month, day)
        named = _named(start, end, today.year, month, day)
        if named is not None and (named.day - today).days > _FAR:
            return _named(start, end, today.year - 1, month, day)
        return named


def _named(start: int, end: int, year: int, month: int, day: int) -> Named | None:
    try:
        return Named(start, end, date(year, month, day)) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None
