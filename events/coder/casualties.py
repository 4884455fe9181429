"""Killed and injured in a sentence: how many, who, and whether it is a total or one happening's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from events.coder.counts import Count
from events.coder.mentions import Mention
from events.coder.reading import Read
from events.coder.rules import Rules

__all__ = ["Casualties", "Harm"]

_JOINS: Final = frozenset((",", "and", "between", "from", "to"))
_BREAKS: Final = frozenset((";", ":", "“", "”", '"', "while"))
_CLAUSE: Final = frozenset((",", "in", "by", "after", "during"))
_OF_WHOM: Final = frozenset(("them", "whom", "which", "those", "the"))
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_LEFT, _RIGHT, _DIRECT, _ONE, _VICTIMS = 11, 7, 4, 6, 9
_AGED: Final = 8
_APPOSED: Final = 15
_ADDED: Final = frozenset(("them", "whom", "including", "among", "mostly", "most"))
_RANK: Final = {"civilians": 0, "force": 0, "adjective": 2, "state": 6, "government": 8}


@dataclass(slots=True)
class Harm:
    """`value` people killed (field fatalities) or hurt (injured), told by words `start` to `end`; `word` says so."""

    field: str
    value: int
    start: int
    end: int
    word: int


class Casualties:
    """Finds harm to people; built once."""

    def __init__(self, rules: Rules):
        raw: Mapping[str, Sequence[str]] = rules.lists["harm"]
        self._fields = dict.fromkeys(raw["killed"], "fatalities") | dict.fromkeys(raw["injured"], "injured")
        self._totals = [tuple(phrase.split()) for phrase in raw["total"]]
        self._one_happening = tuple(raw["one_happening"])
        self._sets = {name: frozenset(some) for name, some in raw.items()}
        self._groups = {word: kind for kind in ("force", "civilians") for word in raw[f"{kind}_words"]}
        self._months = frozenset(rules.lists["months"])

    def find(self, read: Read) -> list[Harm]:
        """Return what the sentence states, one for killed and one for injured at most."""
        words = read.parsed.sentence.words
        if self._fields.keys().isdisjoint(words):
            return []
        found: dict[str, Harm] = {}
        used: set[int] = set()
        for at, word in enumerate(words):
            field = self._fields.get(word)
            if field is None:
                continue
            verb = read.parsed.verb(at)
            if field == "injured" and at and words[at - 1] in self._sets["to_death"]:
                field = "fatalities"
            known = field in found and not self._raises(words, at)
            if known or (verb is not None and verb.infinitive):
                continue
            count = self._number(read, at, used)
            if count is not None:
                used.add(count.start)
                found[field] = Harm(field, count.value, min(count.start, at), max(count.end, at + 1), at)
            elif word != "lost" and self._sets["none"] & set(words[max(0, at - _DIRECT) : at]):
                found[field] = Harm(field, 0, max(0, at - 1), at + 1, at)
        return list(found.values())

    def carried(self, read: Read, last: Read) -> list[Harm]:
        """'The total number has grown to 1,221': of what the sentence before, `last`, counts."""
        words = read.parsed.sentence.words
        at = next((n for n, word in enumerate(words[:_ONE]) if word in ("number", "total", "toll", "figure")), -1)
        if at < 0 or any(word in self._fields for word in words):
            return []
        before = self.find(last)
        if not before:
            return []
        count = next((one for one in read.numbers if one.start > at and self._of_people(words, one)), None)
        if count is None or words[count.start - 1] not in self._sets["amounts"]:
            return []
        return [Harm(before[0].field, count.value, at, count.end, at)]

    def groups(self, read: Read) -> list[tuple[str, Count]]:
        """'208 soldiers and 23 civilians': soldiers and civilians apart, each with its number."""
        words = read.parsed.sentence.words
        found: list[tuple[str, Count]] = []
        for one, other in pairwise(read.numbers):
            gap = words[one.end : other.start]
            kinds = [self._groups.get(words[n.end] if n.end < len(words) else "", "") for n in (one, other)]
            if len(gap) <= _DIRECT and gap[-1:] in (["and"], [","]) and sorted(kinds) == ["civilians", "force"]:
                found = [(kinds[0], one), (kinds[1], other)]
        return found

    def _raises(self, words: Sequence[str], at: int) -> bool:
        """'…, bringing the total losses to 1,302': the total stands for what was told before it."""
        return bool(self._sets["raises"] & set(words[max(0, at - _ONE) : at]))

    # --- the number

    def _number(self, read: Read, at: int, used: set[int]) -> Count | None:
        """The number of a word of harm: behind it if it acts ('killed 10'), else before ('10 people were killed')."""
        word = read.parsed.sentence.words[at]
        verb = read.parsed.verb(at)
        left, right = self._before(read, at, used), self._behind(read, at, used)
        if right is not None:
            passive = verb is not None and verb.passive
            direct = verb is not None and not passive and verb.form in "dgsb" and right.start - at <= _DIRECT
            if (direct or word in self._sets["number_behind_first"]) and (left is None or not passive):
                return right
        reached = self._reached(read, at, used) if left is None and right is None else None
        return left or right or reached or self._one(read, at)

    def _reached(self, read: Read, at: int, used: set[int]) -> Count | None:
        """'The number of civilians killed as a result of the strikes has reached 32'."""
        words = read.parsed.sentence.words
        low = max(0, at - _APPOSED)
        if "number" not in words[low:at] or "of" not in words[low:at]:
            return None
        behind = (count for count in read.numbers if at < count.start and count.start not in used)
        count = next((one for one in behind if words[one.start - 1] in self._sets["amounts"]), None)
        return count if count is not None and self._of_people(words, count) else None

    def _behind(self, read: Read, at: int, used: set[int]) -> Count | None:
        words = read.parsed.sentence.words
        noun = words[at] in self._sets["nouns"]
        if not noun and words[at] not in self._sets["with_number_behind"]:
            return None
        stops = _BREAKS if noun else _BREAKS | {",", "and"}
        for count in read.numbers:
            if at < count.start <= at + _RIGHT and count.start not in used and self._of_people(words, count):
                return None if stops & set(words[at : count.start]) else count
        return None

    def _before(self, read: Read, at: int, used: set[int]) -> Count | None:
        words = read.parsed.sentence.words
        at = self._over_apposition(words, at)
        for count in reversed(read.numbers):
            near = count.end <= at <= count.end + _LEFT
            if near and self._of_things(words, count, at):
                return None
            if near and count.start not in used and self._of_people(words, count):
                between = words[count.end : at]
                other = any(word in _BREAKS or word in self._fields for word in between)
                return None if other else self._added(read, count)
        return None

    def _over_apposition(self, words: Sequence[str], at: int) -> int:
        """'Seven soldiers, four of them Armenian, were killed': the word before what is only added; else `at`."""
        back = at - 1
        while back >= 0 and words[back] in ("were", "was", "have", "has", "been", "had"):
            back -= 1
        if back < 1 or words[back] != ",":
            return at
        for probe in range(back - 1, max(-1, back - _APPOSED), -1):
            if words[probe] == "," and _ADDED & set(words[probe + 1 : probe + 4]):
                return probe
        return at

    def _of_things(self, words: Sequence[str], count: Count, at: int) -> bool:
        """'two positions were lost': what stands between the number and the word of harm is no people."""
        between = words[count.end : at]
        return bool(self._sets["no_people"] & set(between[:2])) and not {",", "and"} & set(between)

    def _added(self, read: Read, count: Count) -> Count:
        """'84 servicemen and 11 civilians', 'four police officers and two road workers have been killed': both."""
        words = read.parsed.sentence.words
        crowds = self._sets["crowds"]
        if crowds.isdisjoint(words[count.end : count.end + 2]):
            return count
        for other in read.numbers:
            gap = words[other.end : count.start]
            plain = not any(word in self._fields for word in gap)
            if 0 < len(gap) <= _DIRECT and gap[-1] == "and" and crowds & set(gap[:2]) and plain:
                return Count(other.start, count.end, other.value + count.value)
        return count

    @staticmethod
    def _ages(words: Sequence[str], at: int) -> bool:
        """Whether the number at word `at` goes on with ages: 'three boys aged 9, 11 and 14'."""
        at -= 1
        while at > 0 and (words[at] in _JOINS or words[at].isdigit()):
            at -= 1
        return at >= 0 and words[at] in ("age", "aged", "ages")

    def _of_people(self, words: Sequence[str], count: Count) -> bool:
        """Whether a number counts people, and is no year, no age, no part of another number."""
        before = words[count.start - 1] if count.start else ""
        after = words[count.end] if count.end < len(words) else ""
        behind = words[count.end + 1] if count.end + 1 < len(words) else ""
        if before in self._sets["no_count_before"] or before in self._months or after in self._months:
            return False
        year = _FIRST_YEAR <= count.value <= _LAST_YEAR and "," not in words[count.start]
        if year and before in self._sets["year_before"]:
            return False
        if after in ("-", "–", "-year-old") or (after == "of" and behind in _OF_WHOM and count.start > _ONE):
            return False
        if (before == "," and after == ",") or self._ages(words, count.start):  # 'a teacher, 53, was killed'
            return False
        no_people = self._sets["no_people"]
        return after not in no_people and not (behind in no_people and after not in ("people", "and", ","))

    def _one(self, read: Read, at: int) -> Count | None:
        """'A civilian was killed', 'killing a farmer', 'a boy, X, was killed': one."""
        words = read.parsed.sentence.words
        people = self._sets["people"]
        if words[at - 1] == "was" or words[at - 2 : at] == ["has", "been"] or words[at - 2 : at - 1] == ["was"]:
            for probe in range(at - 2, max(-1, at - _APPOSED), -1):
                verb = read.parsed.verb(probe)
                if words[probe] in _BREAKS or words[probe] == "and" or (verb is not None and not verb.adjective):
                    break
                if words[probe] in ("a", "an", "another", "one") and people & set(words[probe + 1 : probe + 4]):
                    return Count(probe, probe + 1, 1)
        for probe in range(at - 1, max(-1, at - _ONE - 1), -1):
            if words[probe] in _BREAKS or words[probe] in _CLAUSE:
                break
            if words[probe] in ("a", "an", "another") and people & set(words[probe + 1 : at]):
                return Count(probe, probe + 1, 1)
        for probe in range(at + 1, min(len(words) - 1, at + 3)):
            if words[probe] in ("a", "an", "another", "one") and people & set(words[probe + 1 : probe + _AGED]):
                return Count(probe, probe + 1, 1)
        return None

    # --- of what

    def total(self, read: Read) -> bool:
        """Whether the numbers are for a stretch of time and not for one happening."""
        words = read.parsed.sentence.words
        if any(named.kind == "since" for named in read.days) or "since" in words:
            return True
        return any(
            word == phrase[0] and tuple(words[at : at + len(phrase)]) == phrase
            for phrase in self._totals
            for at, word in enumerate(words)
        )

    def of_one(self, read: Read) -> bool:
        """Whether the numbers are of the happening that the report tells of."""
        text = " ".join(read.parsed.sentence.words)
        return any(phrase in text for phrase in self._one_happening)

    def victims(self, read: Read, harm: Harm) -> Mention | None:
        """Who was killed or hurt: the people named nearest to the number."""
        speakers = [frame.speaker for frame in read.parsed.frames]

        def rank(mention: Mention) -> int:
            return min(abs(mention.start - harm.word), abs(mention.start - harm.start))

        named = [
            mention
            for mention in read.parsed.mentions
            if mention.kind in _RANK
            and not (mention.kind == "government" and mention.person)
            and mention.before not in ("by", "from")
            and not any(mention is speaker for speaker in speakers)
            and rank(mention) <= _VICTIMS
        ]
        return min(named, key=lambda mention: rank(mention) + _RANK[mention.kind], default=None)
