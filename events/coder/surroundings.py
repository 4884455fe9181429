"""What stands around a mention: names and titles that belong to it, its preposition, a genitive, names it explains."""

from collections.abc import Sequence
from typing import Final

from events.coder.lexicon import Lexicon
from events.coder.mentions import Mention
from events.coder.rules import Rules
from events.coder.text import Sentence

__all__ = ["Surroundings"]

_AND: Final = frozenset((",", "and", "or", "&", "-", "/", "–"))
_EXPLAINING: Final = frozenset(("government", "organisation", "opposition", "force"))
_NAME_WORDS: Final = 5
_BACK: Final = 5
_SHORT_GAP: Final = 4


class Surroundings:
    """Completes mentions; built once."""

    def __init__(self, lexicon: Lexicon, rules: Rules):
        self._lexicon = lexicon
        self._rules = rules
        self._lists = rules.words
        articles = rules.words["articles"] | rules.words["determiners"]
        self._passed = lexicon.fillers | articles | rules.lists["numbers"].keys()

    def complete(self, sentence: Sentence, mention: Mention, found: Sequence[Mention], known: dict[str, str]) -> None:
        """Fill in what stands before and behind a mention; `found` are those before it; `known` learns surnames."""
        if mention.person:
            self._take_first_names(sentence, mention, found[-1].end if found else 0)
        back = self._over_qualifiers(sentence, mention)
        self._govern(sentence, mention, found[-1] if found else None, back)
        mention.genitive = self._genitive(sentence, mention.end)
        if len(mention.actors) == 1:
            if mention.name:
                known.setdefault(mention.name, mention.actors[0])
            if mention.kind in _EXPLAINING:
                self._explain(sentence, mention, known)

    def name_end(self, sentence: Sentence, at: int) -> int:
        """The end of a person's name that begins at word `at`; `at` itself when none does."""
        words, raw = sentence.words, sentence.raw
        probe = at
        taken = 0
        while probe < len(words) and taken < _NAME_WORDS:
            word = words[probe]
            titled = word in self._lists["titles"] or (
                word == "." and probe > at and words[probe - 1] in self._lists["titles"]
            )
            particle = (
                taken
                and word in self._lists["particles"]
                and raw[probe + 1 : probe + 2]
                and raw[probe + 1][:1].isupper()
            )
            if not titled and not particle:
                if not self._of_name(sentence, probe, taken):
                    break
                taken += 1
            probe += 1
        return probe if taken else at

    def _of_name(self, sentence: Sentence, at: int, taken: int) -> bool:
        """Whether a capitalised word goes on with a name."""
        word, raw = sentence.words[at], sentence.raw[at]
        if not (raw[:1].isupper() and raw[:1].isalpha() and len(word) > 1):
            return False
        if self._lexicon.state_at(sentence, at) is not None:
            return False
        if not taken and self._lexicon.noun_at(sentence, at) is not None:
            return False
        lists = self._rules.lists
        if (
            word in self._lists["prepositions"]
            or word in self._lists["auxiliaries"]
            or word in lists["weekdays"]
            or word in lists["months"]
        ):
            return False
        if not sentence.headline:
            return True
        # In a headline every word may be capitalised.
        return word not in self._rules.forms and (taken < 2 or self._lexicon.named_at(sentence, at) is not None)

    def _take_first_names(self, sentence: Sentence, mention: Mention, low: int) -> None:
        """A first name and a title belong to a person's mention."""
        words = sentence.words
        while mention.start > low:
            before = mention.start - 1
            titles = self._lists["titles"]
            titled = words[before] in titles or (words[before] == "." and before > 0 and words[before - 1] in titles)
            if not titled and not self._first_name(sentence, mention, before):
                return
            mention.start = before

    def _first_name(self, sentence: Sentence, mention: Mention, before: int) -> bool:
        word, raw = sentence.words[before], sentence.raw[before]
        if mention.noun or mention.end - mention.start >= _NAME_WORDS - 1:
            return False
        if not (raw[:1].isupper() and raw[:1].isalpha()) or (before == 0 and word in self._rules.forms):
            return False
        return not any(word in self._lists[name] for name in ("prepositions", "breaks", "determiners"))

    def _over_qualifiers(self, sentence: Sentence, mention: Mention) -> int:
        """The word before a mention, over articles, numbers and what only qualifies it; -1 at the beginning."""
        words = sentence.words
        back = mention.start - 1
        steps = 0
        while back >= 0 and steps < _BACK and words[back] not in ("of", "for"):
            if words[back] not in self._passed and not words[back].isdigit():
                break
            back -= 1
            steps += 1
        if back >= 1 and words[back] == "of" and words[back - 1] in ("both", "all", "some"):
            back -= 2
        return back

    def _govern(self, sentence: Sentence, mention: Mention, last: Mention | None, back: int) -> None:
        """The preposition in front; in 'by Yerevan, Baku and Moscow' what governs the first governs all."""
        words = sentence.words
        if back < 0:
            return
        if words[back] in self._lists["prepositions"]:
            mention.before = words[back]
        elif last is not None and last.before and words[back] in (",", "and", "or"):
            gap = words[last.end : mention.start]
            follows = words[mention.end] if mention.end < len(words) else ""
            office = bool(mention.noun) and last.kind == "state"  # 'from Artsakh, a spokesperson said'
            apart = "the" in gap or office or (mention.person and not last.person)  # 'of Baku, David Babayan told'
            alone = words[back] == "," and apart and follows not in ("and", "or")
            plain = not alone and all(
                w in _AND or w in self._lists["articles"] or w in self._lexicon.fillers for w in gap
            )
            if plain and len(gap) <= _SHORT_GAP and follows not in self._rules.forms:
                mention.before, mention.inherited = last.before, True

    def _genitive(self, sentence: Sentence, at: int) -> bool:
        words = sentence.words
        if at >= len(words):
            return False
        if words[at] == "'s":
            return words[at + 1 : at + 2] not in (["been"], ["a"], ["not"])
        close = sentence.starts[at] == sentence.ends[at - 1]
        return words[at] in ("’", "'") and close and words[at - 1].endswith("s")

    def _explain(self, sentence: Sentence, mention: Mention, known: dict[str, str]) -> None:
        """'Artak Beglaryan, the ombudsman of …' and 'the ministry's spokesman, Artsrun Hovhannisyan,'."""
        words, raw = sentence.words, sentence.raw
        actor = mention.actors[0]
        comma = mention.start - 1
        if comma > 0 and words[comma] in ("the", "a", "an"):
            comma -= 1
        if comma > 0 and words[comma] == ",":
            name = raw[comma - 1]
            if name[:1].isupper() and name.isalpha() and not self._lexicon.is_state(words[comma - 1]):
                known.setdefault(words[comma - 1], actor)
        end = mention.end
        if words[end : end + 1] == [","] and not mention.person:
            stop = self.name_end(sentence, end + 1)
            if stop > end + 1 and words[stop : stop + 1] in ([","], ["said"], ["told"]):
                known.setdefault(words[stop - 1], actor)
