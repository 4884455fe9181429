"""Reads a report: its sentences in order, with mentions, places, days, numbers, and whose words each stretch is."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from events.coder.counts import Numbers
from events.coder.days import Days, Named
from events.coder.discourse import Discourse
from events.coder.finder import Finder
from events.coder.grammar import Frame, Parsed
from events.coder.mentions import actor_of
from events.coder.reading import NOON, NOWHERE, Memory, PlaceAt, Read, Reading, Spoken, beside, day_of, local_hour
from events.coder.rules import Phrases, Rules
from events.coder.sides import Sides
from events.coder.speech import frames
from events.coder.text import Sentence, sentences
from events.feed import Report
from geodata.geocoder import DATELINE, Geocoder
from geodata.geocoder import Mention as Spot

__all__ = ["Reader"]

_OPENING: Final = 3
_BESIDE: Final = 12
_LONG_AGO: Final = 30
_PAST: Final = 3
_PAPERS: Final = 1000
"""Publishers remembered; the rest are looked at anew."""
_WAYS: Final = frozenset(("highway", "motorway", "pipeline", "railroad", "railway", "road", "route"))
_PARTS: Final = frozenset((",", ";", ":", "and", "but", "while", "when"))


class Reader:
    """Reads reports; built once."""

    def __init__(self, rules: Rules, finder: Finder, geocoder: Geocoder, sides: Sides):
        self._rules = rules
        self._finder = finder
        self._geocoder = geocoder
        self._sides = sides
        self._publishers = {name: state for state, some in rules.actors["publishers"].items() for name in some}
        self._papers: dict[str, tuple[str, ...]] = {}
        self._discourse = Discourse(rules, sides)
        self._days = Days(rules.lists)
        self._numbers = Numbers(rules.lists)
        report = rules.lists["report"]
        self._reports = frozenset(report["verbs"])
        self._cite: Phrases[str] = Phrases((phrase, phrase) for phrase in report["cite"])
        self._own = frozenset(report["own"])
        self._ahead: dict[str, int] = rules.lists["relative_days"]
        self._later: Phrases[int] = Phrases(rules.lists["days_later"].items())
        self._soon: Phrases[int] = Phrases(rules.lists["hours_later"].items())
        self._counted = frozenset((*self._ahead, *self._later.firsts, *self._soon.firsts))
        self._goes_on: tuple[str, ...] = tuple(rules.lists["go_on"]["phrases"])

    def read(self, report: Report, before: Reading | None = None) -> Reading:
        """Read a report. `before` is the paragraph of an article before it, whose memory goes on."""
        memory = before.memory if before is not None else Memory()
        spots = self._geocoder.find(report.text)
        dateline = next((spot for spot in spots if spot.reason.startswith(DATELINE)), None)
        reading = Reading(report, day_of(report) or NOWHERE, dateline, memory)
        reading.paper = self._paper(report.publisher)
        reading.home = reading.paper or self._home(report, dateline, memory)
        placed = _Spots([spot for spot in spots if not spot.reason.startswith(DATELINE)])
        for sentence in sentences(report.text):
            read = self._sentence(sentence, placed, reading)
            self._discourse.resolve(read, reading)
            reading.sentences.append(read)
        _inherit(reading.sentences, memory)
        self._narrate(reading)
        reading.spoken = _spoken(reading)
        return reading

    def _sentence(self, sentence: Sentence, spots: "_Spots", reading: Reading) -> Read:
        parsed = Parsed(sentence, self._finder.find(sentence, reading.memory.names), self._rules)
        parsed.frames = frames(parsed, self._reports, self._cite, self._own)
        hour = local_hour(reading.report)
        morning = hour is not None and hour < NOON
        days = self._days.find(sentence.words, sentence.raw, reading.today, morning=morning)
        fresh = bool(reading.sentences and reading.sentences[-1].days)
        days = self._relative(sentence.words, days, reading.memory, fresh=fresh)
        read = Read(parsed, list(spots.within(sentence)), days, self._numbers.find(sentence.words))
        read.telegraph = self._telegraphic(parsed, days)
        return read

    def _relative(self, words: list[str], days: list[Named], memory: Memory, *, fresh: bool) -> list[Named]:
        """With 'the same day', 'next day' and 'a day later', which count from the day named last.

        'Hours later' does only where that is `fresh`, named in the sentence before.
        """
        if not days and self._counted.isdisjoint(words):
            return days
        named: list[Named] = []
        begins = {day.start: day for day in days}
        taken = {at for day in days for at in range(day.start, day.end)}
        for at in [at for at, word in enumerate(words) if at in begins or word in self._counted]:
            day = begins.get(at)
            if day is None and at not in taken and memory.last is not None:
                ahead = self._ahead_at(words, at, fresh=fresh or bool(named))
                day = Named(at, ahead[0], memory.last + timedelta(days=ahead[1])) if ahead else None
            if day is not None:
                named.append(day)
                memory.last = day.day if day.kind == "day" and day.precision == 1 else memory.last
        return named

    def _ahead_at(self, words: list[str], at: int, *, fresh: bool) -> tuple[int, int] | None:
        """Where words that count from a day end, and by how many days; None where no such stand at a word."""
        if words[at] in self._ahead:
            return (at + 2, self._ahead[words[at]]) if words[at + 1 : at + 2] == ["day"] else None
        return self._later.at(words, at) or (self._soon.at(words, at) if fresh else None)

    def _telegraphic(self, parsed: Parsed, days: list[Named]) -> list[tuple[int, Named]]:
        """The days set between subject and verb, as chronologies have them; each holds from its clause on."""
        words = parsed.sentence.words
        found: list[tuple[int, Named]] = []
        for day in days:
            if day.kind != "day" or day.precision != 1 or not day.start > 0 or day.end >= len(words):
                continue
            left, right = words[day.start - 1], words[day.end]
            if found and left in ("and", ","):
                if right in self._rules.words["prepositions"]:
                    found.append((day.start, day))
                continue
            if self._between(parsed, day, left):
                low = day.start
                while low > 0 and day.start - low < _BESIDE and words[low - 1] not in _PARTS:
                    low -= 1
                found.append((low, day))
        return found

    def _between(self, parsed: Parsed, day: Named, left: str) -> bool:
        lists = self._rules.words
        ends = not left[0].isalnum() or left in lists["prepositions"] or left in lists["determiners"]
        if ends or left in lists["breaks"] or left in ("and", "or") or parsed.verb(day.start - 1) is not None:
            return False
        words = parsed.sentence.words
        spelt = words[day.start][0].isdigit() or words[day.start] in self._rules.lists["months"]
        relative = words[day.end - 1] == "day"
        if not (spelt or relative or (day.weekday and parsed.mention(day.start - 1) is not None)):
            return False
        probe = day.end
        while probe < len(words) and (words[probe] in lists["adverbs"] or words[probe] in lists["auxiliaries"]):
            if words[probe] in lists["auxiliaries"]:
                return True
            probe += 1
        verb = parsed.verb(probe)
        return verb is not None and verb.form != "g" and not verb.adjective

    def _paper(self, publisher: str) -> tuple[str, ...]:
        """The government whose office a publisher is ('Ministry of Defence of Armenia'); of no news agency."""
        known = self._papers.get(publisher)
        if known is None:
            line = next(iter(sentences(publisher)), None)
            found = self._finder.find(line, {}) if line is not None else []
            whole = len(found) == 1 and line is not None and found[0].end - found[0].start >= len(line) - 1
            known = found[0].actors if whole and found[0].kind == "government" else ()
            if len(self._papers) < _PAPERS:
                self._papers[publisher] = known
        return known

    def _home(self, report: Report, dateline: Spot | None, memory: Memory) -> tuple[str, ...]:
        """Whose 'the ministry' is before anybody is named: the heading's state, the dateline's, the publisher's."""
        lines = sentences(report.title)
        states = {state for line in lines for m in self._finder.find(line, memory.names) for state in m.states}
        if len(states) == 1:
            return (actor_of("government", states.pop()),)
        if dateline is not None and dateline.place is not None:
            return (actor_of("government", self._sides.holder(dateline.place, day_of(report) or NOWHERE)),)
        home = self._publishers.get(report.publisher.casefold())
        return (actor_of("government", home),) if home else ()

    # --- the day that the text is set in

    def _narrate(self, reading: Reading) -> None:
        """'On Tuesday, …' at the head of a sentence sets what follows in that day, until another day is named.

        A weekday named further on ('voiced concern on Friday') goes for the next sentences of its paragraph.
        """
        current = reading.memory.day
        beside: tuple[date, int] | None = None
        paragraph = -1
        for read in reading.sentences:
            words = read.parsed.sentence.words
            opening = next((n for n in read.days if 0 < n.start <= _OPENING and n.kind in ("day", "stretch")), None)
            named = any(day.kind == "day" and day.precision == 1 for day in read.days)
            stale = current is not None and (reading.today - current[0]).days > _LONG_AGO
            if opening is not None and words[0] in self._rules.words["day_openers"]:
                current = (opening.day, opening.precision)
            elif (named or stale) and not " ".join(words[:6]).startswith(self._goes_on):
                current = None
            if read.days or read.parsed.sentence.paragraph != paragraph:
                beside = None
            read.narrative = current or beside
            paragraph = read.parsed.sentence.paragraph
            if read.days:
                beside = _one_weekday(read, reading.today)
        reading.memory.day = current


def _one_weekday(read: Read, today: date) -> tuple[date, int] | None:
    """The day of a sentence that names a weekday of the past days, and no other day."""
    day = read.days[0]
    return (day.day, 1) if len(read.days) == 1 and day.weekday and day.kind == "day" and day.day < today else None


class _Spots:
    """The places of a report, handed out sentence by sentence; words that name no place of the gazetteer are left."""

    def __init__(self, spots: list[Spot]):
        self._spots = spots
        self._at = 0

    def within(self, sentence: Sentence) -> Iterator[PlaceAt]:
        low = 0
        while self._at < len(self._spots) and self._spots[self._at].start < sentence.ends[-1]:
            spot = self._spots[self._at]
            self._at += 1
            low = bisect_right(sentence.ends, spot.start, low)
            high = bisect_left(sentence.starts, spot.end, low)
            if high > low and _of_road(sentence, low, high, spot):
                continue
            if high > low and spot.place is not None:
                yield PlaceAt(low, high, spot, spot.place)


def _of_road(sentence: Sentence, low: int, high: int, spot: Spot) -> bool:
    """'the Baku-Tbilisi-Ceyhan pipeline', 'the Sisian-Goris road': a town that names a way is no place."""
    part = sentence.starts[low] < spot.start or spot.end < sentence.ends[high - 1]
    return part and "-" in sentence.words[low] and bool(_WAYS & set(sentence.words[high : high + _PAST]))


def _speaks(read: Read) -> Frame | None:
    return next((frame for frame in read.parsed.frames if frame.resolved or frame.own), None)


def _inherit(reads: list[Read], memory: Memory) -> None:
    """Quotations over several sentences are their speaker's throughout.

    A quotation without a speaker looks ahead in its paragraph, then back; other sentences look back in their paragraph,
    and beyond it only where a single party speaks in the whole report or article; the first of a paragraph looks ahead
    to who closes what it begins ('Rockets hit the town. Two people were killed, the mayor's office said.').
    """
    memory.voices |= {frame.resolved for read in reads for frame in read.parsed.frames if frame.resolved}
    single = len(memory.voices) <= 1
    ahead: Frame | None = None
    following: list[Frame | None] = [None] * len(reads)
    for number in range(len(reads) - 1, -1, -1):
        read = reads[number]
        if number + 1 < len(reads) and reads[number + 1].parsed.sentence.paragraph != read.parsed.sentence.paragraph:
            ahead = None
        following[number] = ahead
        speaks = _speaks(read)
        if any(read.parsed.sentence.quoted) or (speaks is not None and _office_closes(speaks)):
            ahead = speaks or ahead
    behind: tuple[Frame, int] | None = None if memory.voice is None else (memory.voice, -1)
    for read, next_frame in zip(reads, following, strict=True):
        own = _speaks(read)
        if own is not None:
            behind = (own, read.parsed.sentence.paragraph)
            continue
        quoted = any(read.parsed.sentence.quoted)
        frame = next_frame if quoted else None
        if frame is None and behind is not None:
            same = behind[1] == read.parsed.sentence.paragraph
            frame = behind[0] if same or quoted or single else None
        if frame is None and single and not _charges(read):
            frame = next_frame
        if frame is not None:
            read.inherited, read.inherited_own = frame.resolved, frame.own
    memory.voice = behind[0] if behind is not None and _office_closes(behind[0]) else None


def _charges(read: Read) -> bool:
    """Whether a sentence tells somebody's own words without 'said': 'Baku accused Yerevan of provocations'."""
    lists = read.parsed.rules.words
    return any(verb.lemma in lists["accuse"] or verb.lemma in lists["deny"] for verb in read.parsed.verbs)


def _office_closes(frame: Frame) -> bool:
    """'…, the prosecutor's office said': an office, and no person, closes a sentence."""
    return frame.whole and frame.speaker is not None and frame.speaker.kind == "government" and not frame.speaker.person


def _spoken(reading: Reading) -> dict[int, Spoken]:
    """Days told beside a reporting verb: when a paragraph's words were said, if that is today or the day before."""
    found: dict[int, Spoken] = {}
    for read in reading.sentences:
        for frame in read.parsed.frames:
            for named in read.days:
                told = named.precision == 1 and named.kind == "day" and beside(read, frame, named)
                if told and 0 <= (reading.today - named.day).days <= 1:
                    paragraph = read.parsed.sentence.paragraph
                    found.setdefault(paragraph, Spoken(named.day, named.weekday, frame.resolved, paragraph))
    return found
