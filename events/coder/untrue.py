"""What is told only to be called untrue: 'rumours that the town has fallen are false', 'falsely claims that …'."""

from collections.abc import Sequence
from typing import Final

from events.coder.grammar import Parsed

__all__ = ["called_untrue"]

_OPENS: Final = frozenset(("about", "as", "of", "that"))
_BACK: Final = 24
_BEHIND: Final = 30
_VERDICT: Final = 6
_OWNER: Final = 10
_STOPS: Final = frozenset((";", "but", "while", "whereas"))


def called_untrue(parsed: Parsed, at: int) -> str:
    """Return 'denied' for what stands at word `at` in a claim that the sentence calls untrue, 'thought' for what
    somebody is said to claim falsely, whose denial is the sentence itself; '' for all else."""
    words = parsed.sentence.words
    lists = parsed.rules.words
    if lists["falsely"].isdisjoint(words) and lists["untrue"].isdisjoint(words):
        return ""
    false = [frame for frame in parsed.frames if frame.low <= at < frame.high and frame.verb < at]
    if any(lists["falsely"] & set(words[max(0, frame.verb - 1) : frame.verb + 2]) for frame in false):
        return "thought"
    return "denied" if _claimed(parsed, at) and _verdict(parsed, at) else ""


def _claimed(parsed: Parsed, at: int) -> bool:
    """Whether a claim opens before word `at` and holds it: 'the statement of the ministry that', 'rumours of'."""
    words = parsed.sentence.words
    claims = parsed.rules.classes["denyword"]
    for probe in range(at - 1, max(0, at - _BACK), -1):
        if words[probe] in _STOPS:
            return False
        if words[probe] in _OPENS and any(word in claims for word in words[max(0, probe - _OWNER) : probe]):
            return True
    return False


def _verdict(parsed: Parsed, at: int) -> bool:
    """Whether 'are untrue', 'is another lie' or the like follows word `at` in the same statement."""
    words = parsed.sentence.words
    lists = parsed.rules.words
    for probe in range(at + 1, min(len(words), at + _BEHIND)):
        if words[probe] in _STOPS:
            return False
        if words[probe] in lists["be"] and _untrue(words[probe + 1 : probe + _VERDICT], lists["untrue"]):
            return True
    return False


def _untrue(words: Sequence[str], untrue: frozenset[str]) -> bool:
    """Whether words, right behind 'is', call something untrue: 'not true', 'an absolute lie'."""
    for at, word in enumerate(words):
        if not word.isalnum() and word != "n't":
            return False
        if word in untrue:
            return True
        if word == "true":
            return "not" in words[:at] or "n't" in words[:at]
    return False
