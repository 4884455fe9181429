"""Which words of a sentence are verbs, in which form, and whether they are passive.

No model: the forms of verbs.toml, and closed lists of the words around them. Many verbs of war are as often nouns
('shell', 'fire', 'attack'); they count as verbs only where the words around say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from events.coder.mentions import Mention
from events.coder.rules import Rules
from events.coder.text import Sentence

__all__ = ["Verb", "tag"]


@dataclass(slots=True)
class Verb:
    """A verb at word `at`: its lemma and its form (b base, s third person, d past, n participle, g -ing)."""

    at: int
    lemma: str
    form: str
    passive: bool = False
    infinitive: bool = False
    adjective: bool = False
    """A participle that only tells of what kind a noun is: 'the wounded soldiers'."""


_HELPERS: Final = frozenset(("be", "have", "do", "get"))
_QUALIFIED: Final = 3
_DOES: Final = frozenset(("do", "does", "did", "didn't", "don't", "doesn't"))
_CLOSING: Final = frozenset(("’", "”", '"', "'"))
_HAVE: Final = frozenset(("have", "has", "had", "having", "'ve", "hasn't", "haven't", "hadn't"))
_DOERS: Final = frozenset(
    ("government", "force", "protesters", "police", "civilians", "organisation", "peacekeepers", "opposition")
)
_SUFFERERS: Final = frozenset(("state", "civilians", "adjective", "journalists"))
_SUBJECTS: Final = frozenset(("who", "which", "that", "they", "we", "he", "she", "it", "i", "you"))
_TELLING: Final = frozenset(("report", "claim", "call", "say"))
_MEANT: Final = frozenset(("warn", "meet", "brief", "understand", "build"))
_INTO: Final = frozenset(("into", "on", "up", "down", "over"))


def tag(sentence: Sentence, mentions: Sequence[Mention], mention_at: Sequence[int], rules: Rules) -> list[Verb]:
    """Return the verbs of a sentence in order. `mention_at` gives the number of the mention over each word, or -1."""
    return _Tagger(sentence, mentions, mention_at, rules).verbs()


class _Tagger:
    def __init__(self, sentence: Sentence, mentions: Sequence[Mention], mention_at: Sequence[int], rules: Rules):
        self.sentence = sentence
        self.words = sentence.words
        self.mentions = mentions
        self.mention_at = mention_at
        self.rules = rules
        self.lists = rules.words
        self.found: list[Verb] = []

    def verbs(self) -> list[Verb]:
        forms, covered = self.rules.forms, self.mention_at
        for at in [at for at, word in enumerate(self.words) if word in forms and covered[at] < 0]:
            lemma, tags = forms[self.words[at]]
            if lemma in _HELPERS and self._helps(at):
                continue
            verb = self._verb(at, lemma, tags)
            if verb is not None:
                verb.infinitive = verb.infinitive or self._joined_infinitive(verb)
                self.found.append(verb)
        return self.found

    # --- the words around

    def _word(self, at: int) -> str:
        return self.words[at] if 0 <= at < len(self.words) else ""

    def _mention(self, at: int) -> Mention | None:
        number = self.mention_at[at] if at >= 0 else -1
        return None if number < 0 else self.mentions[number]

    def _before(self, at: int) -> int:
        """The word before, over adverbs; -1 at the beginning."""
        at -= 1
        while at >= 0 and self.words[at] in self.lists["adverbs"]:
            at -= 1
        return at

    def _noun_like(self, before: int) -> bool:
        """Whether the word before makes a noun of what follows: an article, a genitive, 'Armenian', a number."""
        if before < 0:
            return False
        word = self.words[before]
        mention = self._mention(before)
        of_noun = mention is not None and (mention.kind == "adjective" or mention.genitive)
        counts = word[0].isdigit() or word in self.rules.lists["numbers"]
        return of_noun or counts or word == "'s" or word in self.lists["determiners"]

    def _helps(self, at: int) -> bool:
        """Whether a form of be, have, do or get only helps the verb behind it."""
        probe = at + 1
        passed = self.lists["helpers_between"]
        while probe < min(len(self.words), at + 5) and self.words[probe] in passed:
            probe += 1
        known = self.rules.forms.get(self._word(probe))
        if known is None or self.mention_at[probe] >= 0:
            return False
        return any(tag in known[1] for tag in "ng") or self.words[at] in _DOES

    def _joined_infinitive(self, verb: Verb) -> bool:
        """'agreed to sign and withdraw': the second is an infinitive, too."""
        earlier = next((one for one in reversed(self.found) if not one.adjective and one.form != "g"), None)
        if verb.form != "b" or earlier is None or not earlier.infinitive:
            return False
        back = verb.at - 1
        while back >= 0 and (self.words[back] in self.lists["adverbs"] or self.words[back] in ("as", "well")):
            back -= 1
        return self._word(back) in ("and", "or", ",", "then") or "well" in self.words[back + 1 : verb.at]

    # --- forms

    def _verb(self, at: int, lemma: str, tags: str) -> Verb | None:
        """The verb that a known form is here, or None where the words around it make it a noun."""
        before = self._before(at)
        helped = self._word(before) in self.lists["auxiliaries"]
        right = self._word(at + 1)
        if tags[0] in "bs" and not ("n" in tags and (helped or right == "by")):
            if lemma in self.rules.nouny and not self._leads(before):
                return self._nouny(at, lemma, tags, before)
            return self._present(at, lemma, tags, before)
        if tags == "g":
            return self._gerund(at, lemma, before, helped=helped)
        return self._past(at, lemma, tags, before)

    def _leads(self, before: int) -> bool:
        return self._word(before) == "to" or self._word(before) in self.lists["leads"]

    def _present(self, at: int, lemma: str, tags: str, before: int) -> Verb:
        if self._leads(before):
            return Verb(at, lemma, tags[0], infinitive=self._word(before) == "to")
        return Verb(at, lemma, "d" if "d" in tags else tags[0])

    def _nouny(self, at: int, lemma: str, tags: str, before: int) -> Verb | None:
        """'attack', 'shells', 'hit': a verb, or the noun that it is as often."""
        left = self._word(before)
        verb = Verb(at, lemma, "d" if "d" in tags else tags[0])
        marks = {left, self._word(before - 1)}
        if tags == "s" and "," in marks and not _CLOSING.isdisjoint(marks) and self._mention(at + 1) is not None:
            return verb  # '"…," replies the minister'
        if self._noun_like(before) or left in self.lists["prepositions"]:
            return None
        mention = self._mention(before)
        if mention is not None:
            right = self._word(at + 1)
            if mention.noun == "artillery" and (right in self.lists["prepositions"] or not right.isalnum()):
                return None  # 'by artillery fire', 'delivered artillery strikes at'
            says = lemma == "state" and mention.kind == "government" and not self._word(at + 1).isalnum()
            if tags == "s" and lemma in self.rules.mostly_nouns and not (says or self._word(at + 1) == "that"):
                return None
            if tags == "b" and self._word(mention.start - 1) in ("a", "an"):
                return None  # 'a drone strike'
            sure = lemma in _TELLING or "s" in tags or "d" in tags or mention.kind in _DOERS
        elif left in ("and", ","):
            sure = self._shares(at, tags)
        else:
            sure = left in _SUBJECTS or "d" in tags or self._opens(at, tags, before)
        return verb if sure else None

    def _shares(self, at: int, tags: str) -> bool:
        """Behind 'and': whether it goes on with the verb before."""
        earlier = self.found[-1] if self.found else None
        if earlier is None or not (earlier.form in "bs" or "d" in tags):
            return False
        right = self._word(at + 1)
        opens = right in self.lists["determiners"] or right in ("up", "out", "down", "off")
        return opens or (earlier.form == "n" and "n" in tags)

    def _opens(self, at: int, tags: str, before: int) -> bool:
        """Behind a plain noun: whether an object follows."""
        right = self._word(at + 1)
        if before < 0 or right in ("", ".", ",", "not") or right in self.lists["auxiliaries"]:
            return False
        if self.sentence.headline and "s" in tags:
            return right not in self.lists["prepositions"]
        follows = (
            right in self.lists["determiners"]
            or right in self.lists["verb_particles"]
            or self.sentence.raw[at + 1][:1].isupper()
        )
        return follows and "b" in tags and self.words[before].endswith("s")

    def _gerund(self, at: int, lemma: str, before: int, *, helped: bool) -> Verb | None:
        left, right = self._word(before), self._word(at + 1)
        if right in _CLOSING:
            right = self._word(at + 2)  # 'the ‘indiscriminate shelling’ of towns'
        if not helped:
            heads = before < 0 and right in self.lists["auxiliaries"]  # 'Shelling has resumed'
            if right == "of" or lemma == "fight" or heads:
                return None
        if self._noun_like(before) and left != "of" and left not in self.lists["prepositions"]:
            return None
        if self._suffered(before):
            return None
        if lemma in _MEANT and left.isalpha() and self._word(self._before(before)) in self.lists["determiners"]:
            return None  # 'a serious warning'
        return Verb(at, lemma, "g")

    def _suffered(self, before: int) -> bool:
        """'under heavy shelling': what somebody is under, and does not do."""
        low = before - _QUALIFIED
        while before > low and self._word(before) in self.lists["light"]:
            before -= 1
        return self._word(before) == "under"

    def _past(self, at: int, lemma: str, tags: str, before: int) -> Verb:
        left = self._word(before)
        form = "n" if "n" in tags else "d"
        if left == "having":
            return Verb(at, lemma, "g")  # 'accused them of having shelled the town'
        if left in _HAVE:
            return Verb(at, lemma, form)
        if left in self.lists["auxiliaries"]:
            return Verb(at, lemma, form, passive=form == "n" and self._with_be(before))
        placed = lemma in self.lists["placed"] and self._word(at + 1) in self.lists["prepositions"]
        if form == "n" and (placed or self._attribute(at, before)):
            return Verb(at, lemma, "n", adjective=True)
        if form == "n" and (self._word(at + 1) == "by" or self._headline_passive(at, lemma, before)):
            return Verb(at, lemma, "n", passive=True)
        return Verb(at, lemma, "d" if "d" in tags else "n", passive="d" not in tags)

    def _with_be(self, probe: int) -> bool:
        while probe >= 0 and (
            self.words[probe] in self.lists["auxiliaries"] or self.words[probe] in self.lists["adverbs"]
        ):
            if self.words[probe] in self.lists["be"]:
                return True
            probe -= 1
        return False

    def _attribute(self, at: int, before: int) -> bool:
        """Whether a participle belongs to the noun behind it, or stands for one: 'the displaced,'."""
        left, right = self._word(before), self._word(at + 1)
        if left in self.lists["determiners"] and right and not right.isalnum():
            return True
        if self.words[at] == "displaced" and right in ("by", "from", "in"):
            return True  # 'families displaced by the war'
        governed = left in self.lists["prepositions"] and left != "than"
        noun = right.isalpha() and right not in self.lists["before_no_noun"]
        return noun and (governed or self._noun_like(before))

    def _headline_passive(self, at: int, lemma: str, before: int) -> bool:
        """'Stepanakert shelled again': a verb that needs an object and has none."""
        if lemma not in self.rules.transitive or not self._objectless(at):
            return False
        mention = self._mention(before)
        return mention is None or mention.kind in _SUFFERERS or lemma in self.lists["suffered"]

    def _objectless(self, at: int) -> bool:
        probe = at + 1
        while self._word(probe) in self.lists["adverbs"]:
            probe += 1
        word = self._word(probe)
        if word in ("that", "“", '"', "how"):
            return False
        return not word.isalnum() or (word in self.lists["prepositions"] and word not in _INTO)
