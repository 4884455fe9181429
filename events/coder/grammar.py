"""A sentence taken apart as far as rules need it: who stands before and behind its verbs, and who is joined to whom.

No model: closed lists of words, and the mentions of actors. Where the words alone do not tell, nothing is said.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from events.coder.insertions import of_noun, over_insertion
from events.coder.mentions import Mention
from events.coder.rules import Rules
from events.coder.text import Sentence
from events.coder.verbs import Verb, tag

__all__ = ["Frame", "Parsed"]

_STOPS: Final = frozenset((";", ":", "—", "–", "“", "”", '"', "…"))
_QUOTES: Final = frozenset(("“", "”", '"', "„", "«", "»"))
_NO_BREAK: Final = frozenset(("as", "since", "following"))
_SHARING: Final = frozenset(("begin", "start", "continue", "stop", "try", "keep", "resume"))
_BEHIND: Final = frozenset(
    ("by", "from", "of", "in", "after", "while", "before", "without", "for", ",", "and", "to", "with")
)
_OWN: Final = frozenset(("the", "a", "an", "its", "their", "his", "her", "our"))
_JOINS: Final = frozenset((",", "and", "the", "as", "well", "with", "both", "its", "'s", "his", "her"))
_TWO: Final = 2
_REACH: Final = 45
_DEPTH: Final = 4
_GAP: Final = 6
_BODIES: Final = frozenset(("government", "organisation", "peacekeepers", "force"))
_BRACKETS: Final = 25


@dataclass(slots=True)
class Frame:
    """Whose words a stretch of the sentence is: words `low` to `high` (excluded); `whole` for '…, X said'."""

    verb: int
    speaker: Mention | None
    low: int
    high: int
    whole: bool
    lemma: str
    resolved: tuple[str, ...] = ()
    own: bool = False
    """The publisher's own correspondent."""


@dataclass(slots=True)
class Parsed:
    """A sentence with its mentions, its verbs and, once they are found, whose words it is."""

    sentence: Sentence
    mentions: list[Mention]
    rules: Rules
    verbs: list[Verb] = field(default_factory=list)
    mention_at: list[int] = field(default_factory=list)
    verb_at: dict[int, int] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.mention_at = [-1] * len(self.sentence)
        for number, mention in enumerate(self.mentions):
            for at in range(mention.start, min(mention.end, len(self.sentence))):
                self.mention_at[at] = number
        self.verbs = tag(self.sentence, self.mentions, self.mention_at, self.rules)
        self.verb_at = {verb.at: number for number, verb in enumerate(self.verbs)}
        self._free()

    def verb(self, at: int) -> Verb | None:
        """The verb at a word, or None."""
        number = self.verb_at.get(at)
        return None if number is None else self.verbs[number]

    def mention(self, at: int) -> Mention | None:
        """The mention over a word, or None."""
        number = self.mention_at[at]
        return None if number < 0 else self.mentions[number]

    def _free(self) -> None:
        """'In Karabakh, Russia, Armenia and Azerbaijan signed': a list that a verb follows is its subject."""
        words = self.sentence.words
        chain: list[Mention] = []
        for mention in self.mentions:
            chain = [*chain, mention] if mention.inherited else []
            if len(chain) < _TWO:
                continue
            at = mention.end
            while at < len(words) and words[at] in self.rules.words["adverbs"]:
                at += 1
            if at < len(words):
                verb = self.verb(at)
                active = verb is not None and verb.form in "bsd"
                if active or words[at] in self.rules.words["auxiliaries"]:
                    for one in chain:
                        one.before, one.inherited = "", False

    # --- before a verb

    def subject(self, at: int, depth: int = 0) -> Mention | None:
        """Who stands before the verb or noun at word `at` and does it (or, in the passive, suffers it)."""
        words = self.sentence.words
        lists = self.rules.words
        probe = at - 1
        being = False
        while probe >= 0 and (
            words[probe] in lists["auxiliaries"]
            or words[probe] in lists["adverbs"]
            or (words[probe] in _QUOTES and probe and words[probe - 1] in lists["auxiliaries"])  # 'were "violating"'
        ):
            being = being or words[probe] in ("being", "having")
            probe -= 1
        if probe < 0 or depth > _DEPTH:
            return None
        sharer = self._sharer(at, probe, being=being)
        if sharer is not None:
            return self.subject(sharer.at, depth + 1)
        return over_insertion(self, probe) or self._leftward(at, probe, depth)

    def _sharer(self, at: int, probe: int, *, being: bool) -> Verb | None:
        """The earlier verb that shares its subject: 'tried to seize', 'shelled it, killing two', 'and withdrew'."""
        word = self.sentence.words[probe]
        verb = self.verb(at)
        if verb is not None and verb.form == "g" and word == "," and verb.lemma in self.rules.words["says"]:
            # '…, describing them as a lie' goes on with what was said, not with a verb within it.
            spoken = (v for v in reversed(self.verbs) if v.at < probe and v.lemma in self.rules.words["says"])
            told = next((v for v in spoken if not v.adjective and v.form in "bsd"), None)
            if told is not None:
                return told
        bound = verb is not None and (verb.form == "g" or being) and word != "that"
        if word == "and" and verb is not None and verb.form == "g" and not being:
            alike = (v for v in reversed(self.verbs) if v.at < probe and v.form == "g" and not v.adjective)
            gerund = next(alike, None)
            if gerund is not None and gerund.lemma in self.rules.words["says"]:
                return gerund  # 'saying that …, and appealing'
        joined = word in ("and", "but") and verb is not None and verb.form in "bsd"
        if joined and verb is not None and verb.lemma in self.rules.words["says"]:
            said = (v for v in reversed(self.verbs) if v.at < probe and v.lemma in self.rules.words["says"])
            finite = next((v for v in said if v.form in "bsd" and not v.adjective and not v.infinitive), None)
            if finite is not None:
                return finite  # 'said militants were being sent and called on'
        if word == "to" or bound:
            earlier = self._verb_before(probe + 1)
            near = earlier is not None and probe - earlier.at < _REACH // 3
            paper = word in self.rules.words["papers"]  # 'issued a statement condemning'
            if near and earlier is not None and (paper or word in _BEHIND or earlier.lemma in _SHARING):
                return earlier
        return self._verb_before(probe) if word in ("and", "or", "but", "then") else None

    def _leftward(self, at: int, probe: int, depth: int) -> Mention | None:
        words = self.sentence.words
        stop = max(-1, at - _REACH)
        commas = False
        while probe > stop:
            mention = self.mention(probe)
            if mention is not None and self.heads(mention):
                return mention
            near = mention is not None and not commas and at - mention.end <= 1 and mention.kind in _BODIES
            if mention is not None and near and of_noun(self, mention):
                return mention
            if mention is not None:
                probe = mention.start - 1
                continue
            word = words[probe]
            if word in ("(", ")"):
                probe = self._over_brackets(probe)
                continue
            if word in self.rules.words["relative"]:
                return self._antecedent(probe, at, commas=commas)
            verb = self.verb(probe)
            if self._closes(word) or (verb is not None and not self._passed(verb, commas=commas)):
                goes_on = verb is not None and words[verb.at + 1 : verb.at + 2] in (["to"], ["and"])
                return self.subject(probe, depth + 1) if goes_on else None
            commas = commas or word == ","
            probe -= 1
        return None

    def _closes(self, word: str) -> bool:
        return word in _STOPS or (word in self.rules.words["breaks"] and word not in _NO_BREAK and word != "so")

    def _antecedent(self, probe: int, at: int, *, commas: bool) -> Mention | None:
        """'forces, which shelled': the word before the relative does it; 'that' counts only right before the verb."""
        words = self.sentence.words
        before = probe - 1
        while before >= 0 and words[before] in (",", "in", "of", "on", "for", "by", "during", "at"):
            before -= 1
        near = self.mention(before) if before >= 0 else None
        return near if words[probe] != "that" or (not commas and probe == at - 1) else None

    def _passed(self, verb: Verb, *, commas: bool) -> bool:
        """Whether a verb on the way to the subject only qualifies a noun."""
        if verb.adjective or (verb.form == "n" and not verb.passive):
            return True
        before = self.sentence.words[verb.at - 1] if verb.at else ""
        return verb.form == "g" and (commas or before in self.rules.words["prepositions"])

    def _over_brackets(self, probe: int) -> int:
        words = self.sentence.words
        if words[probe] == "(":
            return -1
        back = probe - 1
        while back >= 0 and words[back] != "(" and probe - back < _BRACKETS:
            back -= 1
        return back - 1 if back >= 0 and words[back] == "(" else probe - 1

    def heads(self, mention: Mention) -> bool:
        """Whether a mention can be a subject: no preposition governs it, and it is no other noun's genitive."""
        if mention.genitive or (mention.before and not self._authors(mention)):
            return False
        words = self.sentence.words
        back = mention.start - 1
        while back >= 0 and (words[back] in _OWN or words[back] in self.rules.words["adverbs"]):
            back -= 1
        if back < 0:
            return True
        verb = self.verb(back)
        if verb is not None and not verb.adjective and verb.form != "g" and verb.lemma != "be":
            # It is the object of a verb before it, unless that verb reports.
            return verb.lemma in self.rules.words["plain_reports"]
        near = self.mention(back - 1) if back and words[back] == "and" else None
        return near is None or not near.before

    def _authors(self, mention: Mention) -> bool:
        """'A joint statement by the presidents': who issues it speaks."""
        before = self.sentence.words[max(0, mention.start - 4) : mention.start]
        return mention.before in ("by", "from", "of") and any(word in self.rules.words["papers"] for word in before)

    def _verb_before(self, at: int) -> Verb | None:
        return next((verb for verb in reversed(self.verbs) if verb.at < at and not verb.adjective), None)

    # --- behind a verb

    def after(self, at: int, *, direct: bool = False, limit: int = 14) -> Mention | None:
        """The first mention behind word `at` that it can act on; with `direct` no preposition may govern it."""
        words = self.sentence.words
        probe = at + 1
        while probe < min(len(words), at + 1 + limit):
            mention = self.mention(probe)
            if mention is not None:
                place = mention.kind == "state" and mention.before in self.rules.words["locative"]
                if not place and (not direct or not mention.before):
                    return mention
                probe = mention.end
                continue
            verb = self.verb(probe)
            ends = words[probe] in _STOPS or (
                words[probe] in self.rules.words["breaks"] and words[probe] not in _NO_BREAK
            )
            if ends or (verb is not None and not verb.adjective and verb.form != "g"):
                return None
            probe += 1
        return None

    def by_agent(self, at: int, limit: int = 16) -> Mention | None:
        """Who stands behind 'by' after word `at`."""
        words = self.sentence.words
        for probe in range(at + 1, min(len(words) - 1, at + 1 + limit)):
            if words[probe] in (";", ":", "but", "while", "whereas") or words[probe] in _QUOTES:
                return None
            if words[probe] == "by":
                return self._behind_by(probe)
        return None

    def _behind_by(self, at: int) -> Mention | None:
        words = self.sentence.words
        for near in range(at + 1, min(len(words), at + 1 + _GAP)):
            mention = self.mention(near)
            if mention is not None:
                return mention
            verb = self.verb(near)
            if words[near] in (",", ".") or (verb is not None and verb.form == "g"):
                return None
        return None

    # --- beside each other

    def coordinated(self, mention: Mention) -> list[Mention]:
        """A mention with those joined to it by commas and 'and', in order."""
        number = self.mention_at[mention.start] if mention.start < len(self.mention_at) else -1
        if number < 0 or self.mentions[number] is not mention:
            return [mention]
        return [*reversed(list(self._joined(number, -1))), mention, *self._joined(number, 1)]

    def _joined(self, number: int, step: int) -> Iterator[Mention]:
        while 0 <= number + step < len(self.mentions):
            here, near = self.mentions[number], self.mentions[number + step]
            first, second = (here, near) if step > 0 else (near, here)
            gap = self.sentence.words[first.end : second.start]
            if not self._joins(gap) or near.kind in ("adjective", "pronoun"):
                return
            if bool(near.before) != bool(here.before) and "with" not in gap:
                return
            yield near
            number += step

    def _joins(self, gap: list[str]) -> bool:
        if not gap or len(gap) > _GAP or not {"and", ",", "with"} & set(gap) or ("as" in gap and "well" not in gap):
            return False
        return all(word in _JOINS or word in self.rules.words["determiners"] for word in gap)
