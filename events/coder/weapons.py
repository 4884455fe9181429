"""Whose the weapon is that does something, and whose the flag that is raised."""

from typing import Final

from events.coder.grammar import Parsed
from events.coder.matching import Hit
from events.coder.mentions import Mention
from events.coder.verbs import Verb

__all__ = ["armed", "flag"]

_CLASSES: Final = ("artillery", "aircraft")
_FAR: Final = 6


def armed(parsed: Parsed, verb: Verb) -> Mention | None:
    """'Armenian rocket artillery is bombarding': whose the weapon is that does it."""
    words = parsed.sentence.words
    mention = next((m for m in reversed(parsed.mentions) if m.end <= verb.at), None)
    if mention is None or not (mention.kind == "adjective" or mention.genitive) or mention.before:
        return None
    gap = words[mention.end : verb.at]
    weapon = any(word in parsed.rules.classes[name] for name in _CLASSES for word in gap)
    return mention if weapon and len(gap) <= _FAR else None


def flag(parsed: Parsed, hit: Hit) -> Mention | None:
    """Whose flag a flag is: 'the Azerbaijani flag has been hoisted in Jabrayil'."""
    words = parsed.sentence.words
    at = next((n for n in range(hit.start, hit.end) if words[n] == "flag"), -1)
    if at < 1:
        return None
    before = parsed.mention(at - (2 if words[at - 1] == "'s" else 1))
    behind = parsed.after(at, limit=3) if words[at + 1 : at + 2] == ["of"] else None
    return before if before is not None and before.states else behind
