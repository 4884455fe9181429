"""The patterns of the rules, from their text to pieces (leaf)."""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["Pattern", "Piece", "RulesError", "read_patterns"]

# Words in nearly every sentence: a pattern is not looked for where they stand, if it has another piece.
_COMMON: Final = frozenset(
    ("at", "by", "during", "for", "from", "in", "n't", "no", "not", "of", "on", "the", "to", "with")
)
# Verbs that mostly help another, and are no verbs of the sentence then.
_HELPERS: Final = frozenset(("be", "do", "get", "have"))
_GAPS: Final = {"..": 3, "...": 8, "....": 16}


class RulesError(ValueError):
    """A rules file that cannot be used: which entry, and why."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One place of a pattern: what may stand there.

    `words` as written, `lemmas` in any form of the verb, `classes` of words.toml or of mentions. A gap lets up to
    `gap` words of any kind pass. `barred` takes no word itself: none of these may come next.
    """

    words: frozenset[str] = frozenset()
    lemmas: frozenset[str] = frozenset()
    classes: tuple[str, ...] = ()
    optional: bool = False
    gap: int = 0
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row of pieces; `head` is the piece with the verb or noun that the actors stand around.

    `passive` tells that 'be' helps the head: 'was shelled', never 'is shelling'.
    """

    text: str
    pieces: tuple[Piece, ...]
    anchor: int
    head: int
    verb: bool
    passive: bool
    others: tuple[Piece, ...] = ()
    """The pieces besides the anchor that must stand somewhere."""


def read_patterns(text: str, where: str, kin: Mapping[str, frozenset[str]] = MappingProxyType({})) -> Iterator[Pattern]:
    """Yield the patterns of one text: itself, and one for each choice of several words, '(under way|~take place)'.

    `kin` gives the verbs that stand for a verb. Raises RulesError, with `where` it stands.
    """
    choice = _CHOICE.search(text)
    some = choice[1].split("|") if choice else []
    long = [one for one in some if " " in one]
    if not choice or not long:
        return (yield _pattern(text, where, kin))
    before, after, mark = text[: choice.start()], text[choice.end() :], choice[2]
    short = [one for one in some if " " not in one]
    if short:
        yield from read_patterns(f"{before}({'|'.join(short)}){mark}{after}", where, kin)
    for one in long:
        first, _, rest = one.partition(" ")
        yield from read_patterns(f"{before}{first}{mark} {rest}{after}", where, kin)


_CHOICE: Final = re.compile(r"\((?=[^()]* )([^()]*\|[^()]*)\)(!?)(?!\?)")


def _pattern(text: str, where: str, kin: Mapping[str, frozenset[str]]) -> Pattern:
    pieces: list[Piece] = []
    head = -1
    for part in re.findall(r"\([^)]*\)\??!?|\S+", text):
        marked = part.endswith("!")
        bare = part.rstrip("!")
        if bare in _GAPS:
            pieces.append(Piece(gap=_GAPS[bare], optional=True))
            continue
        if bare[0] == "^":
            pieces.append(Piece(barred=frozenset(bare[1:].strip("()").split("|")), optional=True))
            continue
        optional = bare.endswith("?")
        some = bare.rstrip("?").strip("()").split("|")
        pieces.append(
            _piece(
                frozenset(one for one in some if one[0] not in "~@"),
                frozenset(verb for one in some if one[0] == "~" for verb in kin.get(one[1:], (one[1:],))),
                tuple(one[1:] for one in some if one[0] == "@"),
                optional=optional,
            )
        )
        if marked:
            head = len(pieces) - 1
    firm = [at for at, piece in enumerate(pieces) if not piece.optional]
    if not firm:
        message = f"{where}: the pattern {text!r} has nothing that must stand there"
        raise RulesError(message)
    if head < 0:
        head = next((at for at in firm if pieces[at].lemmas), firm[0])

    def cost(at: int) -> tuple[int, int]:
        piece = pieces[at]
        if piece.words & _COMMON or piece.lemmas & _HELPERS:
            return 3, at
        return (2 if piece.classes else 1 if piece.lemmas & {"come", "take", "make"} else 0), at

    verb = bool(pieces[head].lemmas)
    helper = next((piece for piece in reversed(pieces[:head]) if not piece.gap), None)
    passive = verb and helper is not None and helper.lemmas == {"be"}
    anchor = min(firm, key=cost)
    others = tuple(dict.fromkeys(pieces[at] for at in firm if at != anchor))
    return Pattern(text, tuple(pieces), anchor, head, verb, passive, others)


@functools.cache
def _piece(words: frozenset[str], lemmas: frozenset[str], classes: tuple[str, ...], *, optional: bool) -> Piece:
    """One piece for all patterns that ask for the same, so that a sentence is asked for it once."""
    return Piece(words, lemmas, classes, optional)
