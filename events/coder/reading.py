"""A report read: its sentences with mentions, places, days, numbers, and whose words each stretch is (leaf)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from events.coder.counts import Count
from events.coder.days import FIRST_YEAR, LAST_YEAR, Named
from events.coder.grammar import Frame, Parsed
from events.coder.mentions import Mention
from events.feed import Report
from geodata.gazetteer import Place
from geodata.geocoder import Mention as Spot

__all__ = ["NOON", "NOWHERE", "Memory", "PlaceAt", "Read", "Reading", "Spoken", "beside", "day_of", "local_hour"]

NOWHERE: Final = date(2020, 1, 1)
"""Stands in while a report without a day is read; never leaves the coder."""

_LOCAL_HOURS: Final = 4
_DAWN: Final = 7
_CLOSE: Final = 12
NOON: Final = 12


def day_of(report: Report) -> date | None:
    """The report's day in local time (UTC+4); None where nobody can tell, or for one that no report can have."""
    known = report.day is not None and FIRST_YEAR <= report.day.year <= LAST_YEAR
    return report.day if known else None


def local_hour(report: Report) -> int | None:
    """The hour of the report in local time (UTC+4), None where only its day is known."""
    return None if report.published is None else (report.published.hour + _LOCAL_HOURS) % 24


@dataclass(slots=True)
class PlaceAt:
    """A place of the geocoder at words `start` to `end` (excluded) of a sentence."""

    start: int
    end: int
    spot: Spot
    place: Place


@dataclass(slots=True)
class Read:
    """One sentence with everything found in it."""

    parsed: Parsed
    places: list[PlaceAt]
    days: list[Named]
    numbers: list[Count]
    telegraph: list[tuple[int, Named]] = field(default_factory=list)
    """Days set between subject and verb ('troops 19 Sept shelled'), each with the word from which it holds."""
    inherited: tuple[str, ...] = ()
    """Whose quotation it goes on with, when it names no speaker itself."""
    inherited_own: bool = False
    """Whether that is the publisher's own correspondent."""
    narrative: tuple[date, int] | None = None
    """The day, with its precision, that the sentence or one before it is set in: 'On Tuesday, …', and what follows."""

    def chain(self, at: int) -> list[Frame]:
        """The frames over a word, outermost first."""
        return [frame for frame in self.parsed.frames if frame.low <= at < frame.high and frame.verb != at]


@dataclass(slots=True)
class Memory:
    """What sentences leave behind for those that follow, also of the next paragraph of an article."""

    speaker: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    pair: tuple[str, ...] = ()
    """The two governments whose people a sentence named together: who 'the two leaders' and 'the parties' are."""
    voices: set[tuple[str, ...]] = field(default_factory=set)
    """Everybody who has been quoted or cited."""
    voice: Frame | None = None
    """The last of their frames: whose word a paragraph without a speaker is, where there is only one."""
    noun: str = ""
    """The office, or else the name, of the last speaker."""
    nouns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Whose each office was when it was last named."""
    spoken: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Whose each office was when it last spoke."""
    doers: Mention | None = None
    """The troops that the last sentence told of: who 'they' are."""
    names: dict[str, str] = field(default_factory=dict)
    """Surnames that have been explained."""
    day: tuple[date, int] | None = None
    """The day, with its precision, that the text is set in."""
    last: date | None = None
    """The day that was named last: what 'the same day' goes back to."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The day on which the report says that its words were said, by whom, and in which paragraph."""

    day: date
    weekday: bool
    by: tuple[str, ...]
    paragraph: int


@dataclass(slots=True)
class Reading:
    """A report with its sentences read."""

    report: Report
    today: date
    dateline: Spot | None
    memory: Memory
    sentences: list[Read] = field(default_factory=list)
    spoken: dict[int, Spoken] = field(default_factory=dict)
    """By paragraph, the first of the report first."""
    paper: tuple[str, ...] = ()
    """The government whose office publishes it: what nobody is quoted for is that government's word."""
    home: tuple[str, ...] = ()
    """Whose offices are meant where the heading names one state: 'Information from Baku'."""

    def default_day(self, read: Read) -> tuple[date, int]:
        """The day of what a sentence tells without naming one, and its precision."""
        if read.narrative is not None:
            return read.narrative
        spoken = self.spoken.get(read.parsed.sentence.paragraph) or next(iter(self.spoken.values()), None)
        if spoken is not None and self._goes_on(read, spoken):
            return spoken.day, 1
        return self.today, 1

    def _goes_on(self, read: Read, spoken: Spoken) -> bool:
        """Whether a sentence is of what was said on the spoken day: beside those words, or in a report of the night."""
        if spoken.paragraph == read.parsed.sentence.paragraph:
            return True
        hour = local_hour(self.report)
        after_midnight = hour is None or hour < (NOON if spoken.weekday else _DAWN)
        return after_midnight and all(frame.resolved in ((), spoken.by) for frame in read.parsed.frames)


def beside(read: Read, frame: Frame, named: Named) -> bool:
    """Whether a day is told beside a reporting verb: 'said on Friday'."""
    low, high = sorted((frame.verb, named.start))
    if frame.whole and named.end <= frame.verb and "," in read.parsed.sentence.words[named.end : frame.verb]:
        return False  # 'were handed over on Saturday, it said': the day of what is told
    return high - low <= _CLOSE and not any(low < v.at < high for v in read.parsed.verbs if not v.adjective)
