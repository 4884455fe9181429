"""Who does what a verb says where something is set between: commas around it, or a noun of whose it is (leaf)."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from events.coder.mentions import Mention
from events.coder.rules import Rules
from events.coder.text import Sentence
from events.coder.verbs import Verb

__all__ = ["of_noun", "over_insertion"]

_STOPS: Final = frozenset((";", ":", "—", "–", "“", "”", '"', "…"))
_INSERTED: Final = 25
_APPOSED: Final = 9


class _Parsed(Protocol):
    """What is asked of a parsed sentence (events.coder.grammar.Parsed)."""

    sentence: Sentence
    verbs: list[Verb]
    rules: Rules

    def verb(self, at: int) -> Verb | None: ...
    def mention(self, at: int) -> Mention | None: ...
    def heads(self, mention: Mention) -> bool: ...


def over_insertion(parsed: _Parsed, comma: int) -> Mention | None:
    """'Pelosi, visiting Yerevan, condemned': who stands before what is set between commas right before a verb."""
    words = parsed.sentence.words
    if words[comma] != ",":
        return None
    for probe in range(comma - 2, max(0, comma - _INSERTED), -1):
        if words[probe] in _STOPS:
            return None
        mention = parsed.mention(probe - 1) if words[probe] == "," else None
        if mention is None or mention.end != probe or not parsed.heads(mention) or mention.kind == "adjective":
            continue
        if _inserted(parsed, words, probe + 1, comma):
            return mention
    return None


def _inserted(parsed: _Parsed, words: Sequence[str], low: int, high: int) -> bool:
    """Whether words `low` to `high` (excluded) only qualify: a relative clause, or words without a finite verb."""
    lists: Mapping[str, frozenset[str]] = parsed.rules.words
    first = words[low]
    within = [verb for verb in parsed.verbs if low <= verb.at < high and not verb.adjective]
    if first in lists["relative"]:
        return bool(within)
    verb, mention = parsed.verb(low), parsed.mention(low)
    whose = mention is not None and (mention.genitive or mention.kind == "adjective")
    apposed = (whose or first in ("a", "an", "the", "its")) and high - low < _APPOSED  # 'Azerbaijan's ally'
    opens = apposed or first in lists["prepositions"] or first in ("currently", "speaking")
    return (opens or (verb is not None and verb.form in "gn")) and not any(v.form in "bsd" for v in within)


def of_noun(parsed: _Parsed, mention: Mention) -> bool:
    """'Employees of the ministry delivered', 'a convoy of the Red Cross reached': theirs, where a clause begins."""
    words, lists = parsed.sentence.words, parsed.rules.words
    back = mention.start - 1
    while back >= 0 and (words[back] in lists["articles"] or words[back] == "of"):
        back -= 1
    named = mention.before == "of" and back >= 0 and parsed.mention(back) is None and words[back].isalpha()
    return named and all(word in lists["determiners"] or word in lists["light"] for word in words[:back])
