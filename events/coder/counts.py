"""Numbers of people killed and injured, in figures and in words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["Count", "Numbers"]

_FIGURE: Final = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_MOST: Final = 99_999_999


@dataclass(slots=True)
class Count:
    """A number that words `start` to `end` give."""

    start: int
    end: int
    value: int


class Numbers:
    """Finds numbers; built once from words.toml."""

    def __init__(self, lists: Mapping[str, Any]):
        self._words: Mapping[str, int] = lists["numbers"]

    def find(self, words: Sequence[str]) -> list[Count]:
        """Return the whole numbers of a sentence in order, '1,302', 'thirty-five' and 'two hundred' among them."""
        found: list[Count] = []
        end = 0
        known = self._words
        # Few words can begin a number, so those are picked out first, and only they are looked at closely.
        for at in [at for at, word in enumerate(words) if word in known or word[0].isdigit() or "-" in word]:
            count = self._at(words, at) if at >= end else None
            if count is not None:
                found.append(count)
                end = count.end
        return found

    def _at(self, words: Sequence[str], at: int) -> Count | None:
        word = words[at]
        figure = _FIGURE.fullmatch(word)
        if figure:
            known = int(word.replace(",", "")) if len(word) < 12 else _MOST + 1
            end = at + 1
            if end < len(words) and words[end] in ("thousand", "million", "hundred"):
                known *= self._words[words[end]]
                end += 1
            return Count(at, end, known) if known <= _MOST else None
        if self._value(word) is None:
            return None
        total, current, end = 0, 0, at
        while end < len(words):
            value = self._value(words[end])
            if value is None:
                if (
                    words[end] == "and"
                    and end + 1 < len(words)
                    and current >= 100
                    and self._value(words[end + 1]) is not None
                ):
                    end += 1
                    continue
                break
            if value >= 1000:
                total += max(current, 1) * value
                current = 0
            elif value == 100 and words[end] == "hundred":
                current = max(current, 1) * 100
            elif words[end] == "dozen":
                current = max(current, 1) * 12
            elif current and value >= current:
                break
            else:
                current += value
            end += 1
            if total + current > _MOST:
                return None
        return Count(at, end, total + current)

    def _value(self, word: str) -> int | None:
        value = self._words.get(word)
        if value is None and "-" in word:
            first, _, second = word.partition("-")
            tens, ones = self._words.get(first), self._words.get(second)
            if tens is not None and ones is not None and 20 <= tens <= 90 and ones < 10:
                return tens + ones
        return value
