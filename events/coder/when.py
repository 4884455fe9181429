"""On which day: the day told for what a rule saw, else that of the words, else that of the report."""

from bisect import bisect_right
from datetime import timedelta
from itertools import pairwise
from typing import Final

from events.coder.days import Named
from events.coder.draft import Draft, Scene
from events.coder.reading import Read, beside
from events.coder.verbs import Verb

__all__ = ["OLDEST", "day_by_day", "set_day", "set_day_beside"]

_NIGHT: Final = frozenset(("and", "at", "by", "early", "in", "morning", "night", "of", "on", "overnight", "the", ","))
_RELEASED: Final = frozenset(("released", "issued", "published", "dated", "made"))
_TIED: Final = frozenset(("after", "as", "before", "if", "since", "until", "when", "where", "while", ";"))
_LATELY: Final = 14
OLDEST: Final = 1200
"""Days back from the report beyond which a day is history."""


def set_day(scene: Scene, draft: Draft, at: int, low: int, high: int) -> None:
    """Give a draft its day: `at` is the word it stands around, `low` to `high` what made the rule fire."""
    read, today = scene.read, scene.reading.today
    best: Named | None = None
    for named in read.days:
        if named.kind == "since" or (today - named.day).days > OLDEST or _vague(named, draft):
            continue
        if _deadline(read, named) and draft.rule in ("change.ends", "change.leaders"):
            continue
        if _belongs(scene, named, low, high) and (best is None or abs(named.start - at) < abs(best.start - at)):
            best = named
    inside = best is not None and low <= best.start < high
    if read.telegraph and not inside:
        best = telegraphed(read, at)
    told = best or _of_speech(scene, at, high)
    if told is None:
        draft.day, draft.day_precision = scene.reading.default_day(read)
        return
    _take(scene, draft, _first_of_two(read, told), ahead=draft.future and told is best)


def _of_speech(scene: Scene, at: int, high: int) -> Named | None:
    """The day of what is said at word `at`, with other verbs between: one told in what is said, else of the saying.

    'said on Friday that troops had fired the rockets that killed ten in Barda on Oct. 28', 'said on Friday that troops
    had entered'.
    """
    read, today = scene.read, scene.reading.today
    frame = next(iter(read.parsed.frames), None)
    if frame is None or not read.days or any(named.kind != "day" or named.precision > 1 for named in read.days):
        return None
    words = read.parsed.sentence.words
    said = [named for named in read.days if "that" in words[named.end : named.end + 2] and beside(read, frame, named)]
    told = [named for named in read.days if named not in said]
    if told:
        plain = len(told) == 1 and not told[0].weekday and told[0].day <= today
        behind = plain and frame.low <= at < frame.high and high <= told[0].start < frame.high
        return told[0] if behind and _TIED.isdisjoint(words[high : told[0].start]) else None
    return said[0] if said and 0 <= (today - said[0].day).days <= _LATELY else None


def _deadline(read: Read, named: Named) -> bool:
    """'signed a decree dissolving them by January 1'."""
    return named.start > 0 and read.parsed.sentence.words[named.start - 1] in ("by", "until")


def _first_of_two(read: Read, named: Named) -> Named:
    """'on October 22 and at night on October 23': a bulletin of the first day, and of the night behind it."""
    words = read.parsed.sentence.words
    for earlier in read.days:
        between = words[earlier.end : named.start]
        around = {*between, *words[max(0, earlier.start - 3) : earlier.start]}
        night = {"and", "night"} <= around and _NIGHT.issuperset(between)
        if night and named.day - earlier.day == timedelta(days=1):
            return earlier
    return named


def telegraphed(read: Read, at: int) -> Named:
    """The day set between subject and verb that holds at word `at`; before the first of them, the first."""
    after = bisect_right(read.telegraph, at, key=lambda held: held[0])
    return read.telegraph[max(0, after - 1)][1]


def set_day_beside(scene: Scene, draft: Draft, after: int) -> None:
    """'in Geneva on Thursday and in Moscow on Monday': the day nearest to character `after` of the text."""
    sentence = scene.read.parsed.sentence
    if scene.read.telegraph:
        at = next((n for n in range(len(sentence)) if sentence.starts[n] >= after), len(sentence)) - 1
        _take(scene, draft, telegraphed(scene.read, at), ahead=draft.future)
        return
    near = [n for n in scene.read.days if n.kind == "day" and -_LEFT < sentence.starts[n.start] - after < _RIGHT]
    if near:
        starts = sentence.starts
        nearest = min(near, key=lambda n: (starts[n.start] < after, abs(starts[n.start] - after)))
        _take(scene, draft, nearest, ahead=draft.future)


_INSERTED: Final = 12
_SPANS: Final = frozenset(("between", "from", "night", "overnight"))
_LEFT: Final = 40
_RIGHT: Final = 12
_OPENING: Final = 4


def _take(scene: Scene, draft: Draft, named: Named, *, ahead: bool) -> None:
    draft.day = named.day
    if named.weekday and ahead and named.day < scene.reading.today:
        draft.day += timedelta(days=7)
    draft.day_precision = named.precision
    draft.day_told = True
    draft.spans["day"] = scene.span(named.start, named.end)


def _vague(named: Named, draft: Draft) -> bool:
    """'this week' tells nothing of when words were said."""
    words = draft.kind == "Diplomacy" and draft.sub_type != "Talks or visit"
    return words and named.kind == "stretch" and named.precision == 2


def _before_insertion(words: list[str], low: int, start: int) -> int:
    """Where what is set between commas begins, if the day at word `start` follows on it: 'fired, as …, on Friday'."""
    closing = start - 2 if words[start - 1] in ("on", "in") else start - 1
    if closing <= low or words[closing] != ",":
        return start
    return next((at for at in range(closing - 1, max(low, closing - _INSERTED) - 1, -1) if words[at] == ","), start)


def _issued(words: list[str], named: Named) -> bool:
    """'condemned it in a statement that was released on 4 October': the day of the words before it."""
    before = words[max(0, named.start - _OPENING) : named.start]
    return bool(_RELEASED & set(before)) and "statement" in words[max(0, named.start - 2 * _OPENING) : named.start]


def _belongs(scene: Scene, named: Named, low: int, high: int) -> bool:
    """Whether a day is that of words `low` to `high`: no other verb stands between, or it opens the sentence."""
    parsed = scene.read.parsed
    words = parsed.sentence.words
    if low <= named.start < high:
        return True
    behind = named.start >= high
    if behind and _issued(words, named):
        return True
    if not behind and "that" in words[named.end : named.end + 2]:
        return False  # 'said on Friday that': the day of the words
    first, last = (high, _before_insertion(words, high, named.start)) if behind else (named.end, low)
    between = [v for v in parsed.verbs if first <= v.at < last and not v.adjective and v.form != "g"]
    if behind:
        between = _without_relative(words, between)
        return not between and not {"while", ";"} & set(words[first:last])
    if not between:
        return True
    opening = named.start <= _OPENING and not any(verb.at < named.start for verb in parsed.verbs)
    framed = any(frame.verb == between[0].at for frame in parsed.frames)
    return opening or (framed and len(between) == 1 and named.start < _OPENING - 1)


def _without_relative(words: list[str], between: list[Verb]) -> list[Verb]:
    """The verbs between an act and its day but one that tells of what: 'downed drones that flew in on Friday'."""
    if len(between) != 1 or between[0].at < 2 or between[0].form not in "dn":
        return between
    at = between[0].at
    return [] if words[at - 1] in ("that", "which", "who") and words[at - 2] != "," else between


def day_by_day(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """The drafts, with one more of each that happened on two days: 'spoke by phone on Thursday and Friday'."""
    pairs = _pairs(scene.read) if len(scene.read.days) > 1 else {}
    more: list[Draft] = []
    for draft in drafts:
        counted = draft.kind == "Humanitarian" or "day" not in draft.spans
        pair = None if counted else pairs.get(draft.spans["day"])
        if pair is not None:
            twin = draft.copy()
            _take(scene, twin, pair, ahead=draft.future)
            more.append(twin)
    return [*drafts, *more]


def _pairs(read: Read) -> dict[tuple[int, int], Named]:
    """Of each of two days joined by 'and' the other, by the first one's characters in the text."""
    sentence = read.parsed.sentence
    found: dict[tuple[int, int], Named] = {}
    for one, two in pairwise(read.days):
        exact = one.kind == two.kind == "day" and one.precision == two.precision == 1 and one.day != two.day
        joined = sentence.words[one.end : two.start] in (["and"], ["and", "on"])
        if exact and joined and _SPANS.isdisjoint(sentence.words[max(0, one.start - 4) : one.start]):
            for day, other in ((one, two), (two, one)):
                found[sentence.starts[day.start], sentence.ends[day.end - 1]] = other
    return found
