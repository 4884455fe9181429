"""Places told in a row: 'Martuni, Sos and Taghavard', 'two in Jabrayil, three in Zangilan district'."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from events.coder.localities import SETTLED, WIDE
from events.coder.reading import PlaceAt, Read
from events.coder.rules import Rules

__all__ = ["Listing"]

_AT_ONCE: Final = 3
_NEAR_IT: Final = 2
_LONG: Final = 9
_LONGER: Final = 14
_TIME: Final = 2
_HOURS: Final = frozenset(("dawn", "daybreak", "dusk", "midnight", "night", "noon"))
_DISTRICT: Final = frozenset(("district", "region", "province"))
_SEVERAL: Final = frozenset(("communities", "settlements", "towns", "villages"))
_NATURE: Final = frozenset(("lake", "mountain", "river"))


def _bracketed(read: Read, low: int, high: int) -> set[int]:
    """The words between `low` and `high` that stand in brackets: another name, or a note."""
    words = read.parsed.sentence.words
    found: set[int] = set()
    opened = -1
    for at in range(low, high):
        opened = at if words[at] == "(" and opened < 0 else opened
        if words[at] == ")" and opened >= 0:
            found.update(range(opened, at + 1))
            opened = -1
    return found


def _narrow(place: PlaceAt) -> bool:
    return place.place.kind not in WIDE


def _settlement(place: PlaceAt, group: list[PlaceAt]) -> PlaceAt:
    """Among villages a bare name that a river shares with a village is the village's."""
    if place.place.kind not in _NATURE or place.spot.text.casefold().split()[-1] in _NATURE:
        return place
    if not any(other.place.kind in SETTLED for other in group):
        return place
    named = next((match.place for match in place.spot.others if match.place.kind in SETTLED), None)
    if named is None:
        return place
    spot = replace(place.spot, place=named, latitude=named.latitude, longitude=named.longitude, geo_precision=1)
    return replace(place, spot=spot, place=named)


class Listing:
    """Finds what is listed beside a place; built once."""

    def __init__(self, rules: Rules):
        self._rules = rules
        raw = rules.lists["places"]
        self._list_words = frozenset(raw["list"])
        self._list_only = frozenset(raw["list_with_and"])
        self._numbers = frozenset(rules.lists["numbers"])

    def group(self, read: Read, some: Sequence[PlaceAt], usable: list[PlaceAt]) -> list[PlaceAt]:
        """The first place with those listed beside it; a region only where 'and' sets it beside the others."""
        if not some:
            return []
        low = high = usable.index(some[0])
        while high + 1 < len(usable) and self._listed(read, usable[high], usable[high + 1], usable):
            high += 1
        while low > 0 and self._listed(read, usable[low - 1], usable[low], usable):
            low -= 1
        group = [_settlement(place, usable[low : high + 1]) for place in usable[low : high + 1]]
        narrow = [p for p in group if _narrow(p)]
        if not narrow:
            return group
        words = read.parsed.sentence.words
        return [p for p in group if _narrow(p) or (p.place.kind == "region" and "and" in words[p.end : p.end + 2])]

    def _listed(self, read: Read, one: PlaceAt, other: PlaceAt, usable: list[PlaceAt]) -> bool:
        at_words, outer = self._between(read, one, other, usable)
        at_words = self._untimed(read, at_words)
        words = [read.parsed.sentence.words[at] for at in at_words]
        if not words or (outer and words[-1] in _DISTRICT and words[:2] == [",", "in"]):
            return True
        if self._announced(words):
            return True
        if sum(word not in self._rules.words["determiners"] for word in words) > _LONG:
            return False
        district = other.place.kind == "district" and words in ([",", "in"], [";", "in"], [",", "in", "the"])
        heads = any(0 <= place.start - other.end <= _AT_ONCE for place in usable if place is not other)
        lacking = (
            other.spot.geo_precision == _NEAR_IT and [",", "in"] in (words[:2], words[1:3]) and words[-1] in _DISTRICT
        )
        if lacking or (district and heads):
            return True  # 'Talish village in Tartar district, in Fuzuli district the villages of …'
        counted = words[0] == "," and (words[1] in self._numbers or words[1].isdigit()) if len(words) > 1 else False
        # 'two in Jabrayil, three in Zangilan', 'the town together with the villages of'
        joined = (
            counted or bool({"and", "or", "&", "well", "together"} & set(words)) or ("along", "with") in pairwise(words)
        )
        if not joined and not ({",", "-", "–", "/"} & set(words)):
            return False
        fine = self._list_words | self._list_only if joined else self._list_words
        dated = {at for day in read.days for at in range(day.start - 1, day.end)}  # 'Aghdam by 20 November and Lachin'
        return all(
            word in fine
            or (outer and word in ("in", "of"))
            or word in self._rules.words["determiners"]
            or word.isdigit()
            or at in dated
            or (joined and self._unknown(read, at))
            for at, word in zip(at_words, words, strict=True)
        )

    @staticmethod
    def _untimed(read: Read, at_words: list[int]) -> list[int]:
        """Without the time right behind a place: 'Stepanakert at 10:30, Martuni at noon'."""
        words = read.parsed.sentence.words
        if len(at_words) <= _TIME or words[at_words[0]] not in ("at", "around", "about"):
            return at_words
        hour = words[at_words[1]]
        timed = hour in _HOURS or (":" in hour and hour[0].isdigit())
        return at_words[_TIME:] if timed else at_words

    @staticmethod
    def _announced(words: list[str]) -> bool:
        """'Martuni and three villages to the west of it: Sos …': places that a colon announces go on with the list."""
        opens = words[0] in ("and", ",", "as") and words[-1] == ":" and len(words) <= _LONGER
        return opens and not _SEVERAL.isdisjoint(words)

    @staticmethod
    def _unknown(read: Read, at: int) -> bool:
        """Whether a word in a list of places is a village that the tables lack: a name, and nobody's."""
        sentence = read.parsed.sentence
        name = sentence.raw[at][:1].isupper() and sentence.raw[at].isalpha() and read.parsed.mention(at) is None
        return name and read.parsed.verb(at) is None

    @staticmethod
    def _between(read: Read, one: PlaceAt, other: PlaceAt, usable: list[PlaceAt]) -> tuple[list[int], bool]:
        """The words between two places, and whether a district in which one of them lies was taken out of them."""
        gap = (place for place in read.places if one.end <= place.start and place.end <= other.start)
        outer = [place for place in gap if all(place is not kept for kept in usable)]
        inside = {at for place in outer for at in range(place.start, place.end)}
        inside |= _bracketed(read, one.end, other.start)
        return [at for at in range(one.end, other.start) if at not in inside], bool(outer)
