"""The words around a name: how far and which way ('5 km north of'), by it or in it ('near', 'the outskirts of'),
and what becomes of it ('… district', '… direction').

Every look goes a bounded number of words to the left or right, so the time stays in proportion to the text.
"""

import math
import re
from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Final

from geodata.wording import BEARINGS, Tokens, Wording

__all__ = ["After", "Before", "Grammar", "middle", "moved"]

_EARTH_KM: Final = 6371.0
_LONGEST: Final = 5
_ADJECTIVES: Final = 3
_ARTICLES: Final = frozenset({"the", "a", "an", "its", "their", "this", "that"})
_AWAY: Final = frozenset(
    {"away", "to", "the", "towards", "toward", "further", "farther", "in", "direction", "k", "due"}
)
_GENITIVES: Final = frozenset({"'s ", "’s "})
_NUMBER: Final = r"(\d{1,4}(?:[.,]\d{1,2})?)"
_FIGURE: Final = re.compile(rf"(?:{_NUMBER}\s?(?:-|–|—|to|or|and|до)\s?)?{_NUMBER}[\s\u00a0-]{{0,2}}\Z")
_STUCK: Final = re.compile(r"(\d{1,4})(km|kms|mi|m|км|կմ)\Z")


@dataclass(frozen=True, slots=True)
class Before:
    """What stands before a name: the phrase begins with word `first`.

    `relation` says in words how the happening lies to the place ('' in it), `km` and `bearing` how far and which way;
    `sort` is 'of' behind 'the town of', 'district' or 'capital' where those words stand there; `located`: a word
    stands there that goes before places rather than persons; `country` is the id of the country whose adjective
    stands there ('the Armenian town of').
    """

    first: int
    relation: str = ""
    km: float = 0.0
    bearing: str = ""
    sort: str = ""
    located: bool = False
    country: str = ""


@dataclass(frozen=True, slots=True)
class After:
    """What stands behind a name: the phrase ends before word `last`; `kind` is '', 'district', 'near' or 'same'."""

    last: int
    kind: str = ""
    word: str = ""


def moved(latitude: float, longitude: float, km: float, bearing: str) -> tuple[float, float]:
    """Return the point `km` kilometres off in the direction of a compass point, on the sphere.

    Latitude, longitude: WGS84 decimal degrees, in and out; the longitude comes back within -180 to 180.

    >>> moved(40.0, 46.0, 111.195, "N")
    (41.0, 46.0)
    """
    angle, away = math.radians(BEARINGS[bearing]), km / _EARTH_KM
    lat, lon = math.radians(latitude), math.radians(longitude)
    north = math.asin(math.sin(lat) * math.cos(away) + math.cos(lat) * math.sin(away) * math.cos(angle))
    east = math.atan2(
        math.sin(angle) * math.sin(away) * math.cos(lat), math.cos(away) - math.sin(lat) * math.sin(north)
    )
    return round(math.degrees(north), 4), round((math.degrees(lon + east) + 540.0) % 360.0 - 180.0, 4)


def middle(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Return the point halfway between two points not far apart (latitude, longitude; WGS84 decimal degrees)."""
    return round((one[0] + other[0]) / 2, 4), round((one[1] + other[1]) / 2, 4)


class Grammar:
    """Reads the words around a name by the tables of `wording.toml`."""

    def __init__(self, wording: Wording):
        self._wording = wording

    def before(self, tokens: Tokens, first: int) -> Before:
        """Return what stands before the name that begins with word `first`."""
        p, sort = self._class(tokens, first)
        country = self._wording.demonyms.get(tokens.keys[p - 1], "") if p and tokens.spaced(p - 1) else ""
        at = p
        for step in range(_ADJECTIVES + 1):
            found = self._relation(tokens, at, bare=step == 0 and not sort)
            if found is not None:
                return replace(found, sort=sort, located=True, country=country)
            size = self._adjective(tokens, at)
            if not size:
                break
            at -= size
        located = bool(sort) or bool(self._longest(tokens, at, self._wording.locative, 2))
        return Before(p, sort=sort, located=located, country=country)

    def after(self, tokens: Tokens, last: int) -> After:
        """Return what stands behind the name that ends before word `last`."""
        if last >= len(tokens):
            return After(last)
        key = tokens.keys[last]
        kind = self._wording.after.get(key, "")
        owned = kind == "near" and tokens.gap(last - 1) in _GENITIVES
        if kind in {"", "road"} or not (owned or tokens.joined(last - 1)):
            return After(last)
        return After(last + 1, kind, key)

    def building(self, tokens: Tokens, last: int) -> bool:
        """Tell whether a building stands behind the name that ends before word `last`."""
        ahead = tokens.keys[last : last + 2]
        return any(key in self._wording.buildings and tokens.joined(last + k - 1) for k, key in enumerate(ahead))

    def road(self, tokens: Tokens, last: int) -> bool:
        """Tell whether a word for a way stands behind the name that ends before word `last`."""
        return last < len(tokens) and tokens.joined(last - 1) and self._wording.after.get(tokens.keys[last]) == "road"

    def _class(self, tokens: Tokens, first: int) -> tuple[int, str]:
        """Step back over 'town of the unrecognised'; return where it begins, and the sort."""
        p = first
        for _ in range(_ADJECTIVES + 1):
            phrase = self._longest(tokens, p, self._wording.class_of, _LONGEST)
            if phrase:
                return p - phrase, self._wording.class_of[" ".join(tokens.keys[p - phrase : p])]
            size = self._adjective(tokens, p)
            if not size:
                break
            p -= size
        if first and tokens.spaced(first - 1) and tokens.keys[first - 1] in self._wording.class_bare:
            return first - 1, "of"
        return first, ""

    def _adjective(self, tokens: Tokens, p: int) -> int:
        """Return how many words an article or adjective right before word p takes; 0 for none."""
        if p == 0 or not tokens.joined(p - 1):
            return 0
        if tokens.keys[p - 1] in _ARTICLES or tokens.keys[p - 1] in self._wording.demonyms:
            return 1
        return self._longest(tokens, p, self._wording.adjectives, 2)

    def _relation(self, tokens: Tokens, p: int, *, bare: bool) -> Before | None:
        """Read a distance, a compass point, or a word like 'near' that ends right before word p."""
        if p == 0 or not tokens.joined(p - 1):
            return None
        if tokens.keys[p - 1] in self._wording.part_of:
            found = self._measured(tokens, p - 1)
            if found is not None:
                return found
        phrase = self._longest(tokens, p, self._wording.before, _LONGEST)
        if phrase:
            key = " ".join(tokens.keys[p - phrase : p])
            return Before(p - phrase, self._wording.before[key])
        size, bearing = self._bearing(tokens, p) if bare else (0, "")
        return Before(p - size, "a part of it", bearing=bearing) if size else None

    def _measured(self, tokens: Tokens, p: int) -> Before | None:
        """Read '5 km north', 'to the north', '30 miles', 'the southern part', before the 'of' or 'from' at word p."""
        if p == 0 or not tokens.joined(p - 1):
            return None
        q = p
        if tokens.keys[q - 1] in self._wording.parts:
            size, bearing = self._bearing(tokens, q - 1)
            return Before(q - 1 - size, "a part of it", bearing=bearing) if size else None
        size, bearing = self._bearing(tokens, q)
        q -= size
        r = q
        for _ in range(4):
            if r and tokens.keys[r - 1] in _AWAY and tokens.joined(r - 1):
                r -= 1
        start, km = self._distance(tokens, r)
        if km is not None:
            return Before(start, "by distance", km, bearing)
        if size:
            return Before(q, "by it", bearing=bearing)
        return None

    def _bearing(self, tokens: Tokens, p: int) -> tuple[int, str]:
        """Return the words that a compass point ending before word p takes, and the point; (0, '') for none."""
        for size in (3, 2, 1):
            if p >= size and all(tokens.joined(k) for k in range(p - size, p - 1)):
                point = self._wording.bearings.get(" ".join(tokens.keys[p - size : p]))
                if point:
                    return size, point
        return 0, ""

    def _distance(self, tokens: Tokens, p: int) -> tuple[int, float | None]:
        """Return where a distance ending before word p begins, and its kilometres; None for none."""
        if p == 0:
            return p, None
        stuck = _STUCK.match(tokens.keys[p - 1])
        if stuck:
            return self._other_unit(tokens, p - 1, float(stuck[1]) * self._wording.units.get(stuck[2], 1.0))
        unit = self._wording.units.get(tokens.keys[p - 1])
        if unit is None or p < 2:
            return p, None
        start, number = self._number(tokens, p - 1)
        if number is None:
            return p, None
        return self._other_unit(tokens, start, number * unit)

    def _other_unit(self, tokens: Tokens, start: int, km: float) -> tuple[int, float]:
        """Step over '30 km (' before '18 miles'; the first figure is the report's own."""
        if start > 1 and "(" in tokens.gap(start - 1):
            first, other = self._distance_once(tokens, start)
            if other is not None:
                return first, other
        return start, round(km, 3)

    def _distance_once(self, tokens: Tokens, p: int) -> tuple[int, float | None]:
        unit = self._wording.units.get(tokens.keys[p - 1])
        start, number = self._number(tokens, p - 1) if unit is not None else (p, None)
        return start, None if number is None or unit is None else round(number * unit, 3)

    def _number(self, tokens: Tokens, p: int) -> tuple[int, float | None]:
        """Return where a number ending before word p begins, and the number; of a range the middle."""
        end = tokens.starts[p]
        match = _FIGURE.search(tokens.text, max(0, end - 24), end)
        if match and tokens.keys[p - 1][-1:].isdigit():
            low, high = match[1], match[2].replace(",", ".")
            value = float(high) if low is None else (float(low.replace(",", ".")) + float(high)) / 2
            start = p
            while start > 0 and tokens.starts[start - 1] >= match.start():
                start -= 1
            return start, value
        return self._worded(tokens, p)

    def _worded(self, tokens: Tokens, p: int) -> tuple[int, float | None]:
        """Read 'twenty', 'twenty-five', 'a dozen', 'one hundred and fifty', 'half a'."""
        words: list[float] = []
        q = p
        while q > 0 and len(words) < 4 and tokens.joined(q - 1):
            key = tokens.keys[q - 1]
            if key in {"and", "of"} and words:
                q -= 1
                continue
            if key not in self._wording.numbers:
                break
            words.append(self._wording.numbers[key])
            q -= 1
        while q < p and tokens.keys[q] in {"and", "of"}:
            q += 1
        if not words:
            return p, None
        total = 0.0
        for word in reversed(words):
            total = total * word if (word in {12.0, 100.0, 1.0} and 0 < total < word) or total == 0.5 else total + word
        return q, total or None

    def _longest(self, tokens: Tokens, p: int, table: Container[str], most: int) -> int:
        """Return how many words before word p make the longest phrase of a table; 0 for none."""
        reach = 0
        while reach < most and p - reach > 0 and tokens.joined(p - reach - 1):
            reach += 1
        for size in range(reach, 0, -1):
            if " ".join(tokens.keys[p - size : p]) in table:
                return size
        return 0
