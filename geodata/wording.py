"""Text as words with their places in it, and the words that stand around the name of a place.

The words are tables that an analyst can read and extend: `data/wording.toml` (how reports say where) and
`data/traps.toml` (what bears the name of a place and is none). Pure; linear in the text's length.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from geodata.names import fold

__all__ = ["BEARINGS", "Tokens", "Traps", "Wording", "load_traps", "load_wording"]

_POINTS: Final = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")

BEARINGS: Final[dict[str, float]] = {point: 22.5 * step for step, point in enumerate(_POINTS)}
"""Points of the compass in degrees clockwise from north."""

# Apostrophes, Armenian marks of emphasis, soft hyphens, joiners and marks of direction stand within a word.
_INNER: Final = "'`´ʹʻʼʽʾʿ‘’‛′՚՛՜՝՞՟＇\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_GENITIVE: Final = r"['’ʼ‘´`＇][sS](?![^\W_])"
_WORD: Final = re.compile(
    rf"([^\W_]+(?:[\u0300-\u036f]+[^\W_]*|(?!{_GENITIVE})[{_INNER}]{{1,3}}[^\W_]+)*)(?:{_GENITIVE})?"
)
_UNSEEN: Final = dict.fromkeys(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, *range(0x55B, 0x55F)]
)
_JOINED: Final = frozenset({" ", "-", "‐", "‑", "–", "—", "\u00a0", "\u2009", "\u202f", "\t", "  "})
_WRAPPED: Final = frozenset({"\n", " \n", "\n ", "\r\n", "-\n", "-\r\n"})
_CACHED: Final = 50_000


class Tokens:
    """The words of a text: word i is text[starts[i]:ends[i]], and keys[i] is it folded.

    An English genitive ('s) is left outside the word.
    """

    __slots__ = ("_joins", "ends", "keys", "starts", "text")

    def __init__(self, text: str):
        self.text = text
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.keys: list[str] = []
        known: dict[str, str] = {}
        for match in _WORD.finditer(text):
            word = match[1]
            key = known.get(word)
            if key is None:
                key = fold(word if word.isascii() else word.translate(_UNSEEN))
                if len(known) < _CACHED:
                    known[word] = key
            start = match.start()
            self.starts.append(start)
            self.ends.append(start + len(word))
            self.keys.append(key)
        self._joins: dict[int, bool] = {}

    def __len__(self) -> int:
        return len(self.keys)

    def raw(self, i: int) -> str:
        """Return word i as it stands in the text."""
        return self.text[self.starts[i] : self.ends[i]]

    def gap(self, i: int) -> str:
        """Return what stands between words i and i + 1, cut to ten characters."""
        end = self.ends[i]
        start = self.starts[i + 1]
        return self.text[end : start if start - end < 10 else end + 10]

    def capital(self, i: int) -> bool:
        """Tell whether word i begins with a capital, or with a letter of a script that has none."""
        first = self.text[self.starts[i]]
        return not first.islower()

    def joined(self, i: int) -> bool:
        """Tell whether words i and i + 1 may belong to one name."""
        known = self._joins.get(i)
        if known is None:
            known = self._joins[i] = self._joined(i)
        return known

    def _joined(self, i: int) -> bool:
        gap = self.gap(i)
        if gap in _JOINED:
            return True
        gap = gap.translate(_UNSEEN)
        if gap in _JOINED:
            return True
        if gap in _WRAPPED:
            return self.text[self.starts[i + 1]].islower()
        return gap in {".", ". "} and len(self.keys[i]) <= 2

    def spaced(self, i: int) -> bool:
        """Tell whether nothing but a space stands between words i and i + 1."""
        return self.gap(i) in {" ", "\u00a0", "  "}

    def begins(self, i: int) -> bool:
        """Tell whether a sentence or a line begins with word i."""
        if i == 0:
            return True
        gap = self.gap(i - 1)
        return any(mark in gap for mark in '.!?\n:;•…"“«') and not (gap in {".", ". "} and len(self.keys[i - 1]) <= 2)


@dataclass(frozen=True)
class Wording:
    """The tables of `wording.toml`, with every word folded."""

    units: Mapping[str, float]
    numbers: Mapping[str, float]
    bearings: Mapping[str, str]
    before: Mapping[str, str]
    parts: frozenset[str]
    part_of: frozenset[str]
    class_of: Mapping[str, str]
    class_bare: frozenset[str]
    after: Mapping[str, str]
    plural: frozenset[str]
    buildings: frozenset[str]
    sides: Mapping[str, str]
    aliases: frozenset[str]
    locative: frozenset[str]
    adjectives: frozenset[str]
    demonyms: Mapping[str, str]
    capitals: Mapping[str, str]
    borders: Mapping[str, str]
    border_words: frozenset[str]
    border_between: frozenset[str]
    border_sort: frozenset[str]
    soil: frozenset[str]
    flanks: frozenset[str]
    areas: Mapping[str, str]


@dataclass(frozen=True)
class Traps:
    """The tables of `traps.toml`, with every word folded."""

    phrases: frozenset[str]
    organisations: frozenset[str]
    joined_after: frozenset[str]
    joined_before: frozenset[str]
    persons: frozenset[str]
    given: frozenset[str]
    roles: frozenset[str]
    states: frozenset[str]
    words: frozenset[str]


def _turned(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {fold(word): key for key, words in table.items() for word in words}


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("geodata") / "data" / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def load_wording() -> Wording:
    """Return the shipped wording, read once for the process."""
    raw = _read("wording.toml")
    return Wording(
        units={word: float(km) for word, km in _turned(raw["units"]).items()},
        numbers={fold(word): float(number) for word, number in raw["numbers"].items()},
        bearings=_turned(raw["bearings"]),
        before=_turned(raw["before"]),
        parts=_folded(raw["parts"]["words"]),
        part_of=_folded(raw["parts"]["of"]),
        class_of=_turned({kind: words for kind, words in raw["class"].items() if kind != "bare"}),
        class_bare=_folded(raw["class"]["bare"]),
        after=_turned({kind: words for kind, words in raw["after"].items() if kind != "plural"}),
        plural=_folded(raw["after"]["plural"]),
        buildings=_folded(raw["buildings"]["words"]),
        sides=raw["sides"],
        aliases=_folded(raw["aliases"]["words"]),
        locative=_folded(raw["locative"]["words"]),
        adjectives=_folded(raw["locative"]["adjectives"]),
        demonyms=_turned(raw["demonyms"]),
        capitals=raw["capitals"],
        borders=raw["borders"]["lines"],
        border_words=_folded(raw["borders"]["words"]),
        border_between=_folded(raw["borders"]["between"]),
        border_sort=_folded(raw["borders"]["sort"]),
        soil=_folded(raw["soil"]["words"]),
        flanks=_folded(raw["flanks"]["words"]),
        areas=_turned(raw["areas"]),
    )


@lru_cache(maxsize=1)
def load_traps() -> Traps:
    """Return the shipped traps, read once for the process."""
    raw = _read("traps.toml")
    return Traps(**{name: _folded(words) for name, words in raw.items()})
