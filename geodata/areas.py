"""Places told by a country and a word: 'the border between Armenia and Azerbaijan', 'the Armenian capital'.

Every look goes a few words to the left and right of the word, so the time stays in proportion to the text.
"""

from typing import Final

from geodata.gazetteer import Gazetteer, Place
from geodata.toponyms import AREA, Entry, Hit, Index
from geodata.wording import Tokens, Wording

__all__ = ["Areas"]

_REACH: Final = 6


class Areas:
    """Finds borders, capitals and territories by the countries named beside them."""

    def __init__(self, gazetteer: Gazetteer, index: Index, wording: Wording):
        self._gazetteer = gazetteer
        self._index = index
        self._wording = wording

    def scan(self, tokens: Tokens) -> list[Hit]:
        """Return the areas in the text, in order, none over another."""
        hits: list[Hit] = []
        for i, key in enumerate(tokens.keys):
            if key in self._wording.border_words:
                hit = self._border(tokens, i)
            elif key == "capital":
                hit = self._capital(tokens, i)
            elif key in self._wording.soil:
                hit = self._soil(tokens, i)
            elif key in self._wording.flanks:
                hits.extend(hit for hit in self._flanks(tokens, i) if not hits or hit.first >= hits[-1].last)
                continue
            else:
                continue
            if hit is not None and (not hits or hit.first >= hits[-1].last):
                hits.append(hit)
        return hits

    def country(self, key: str) -> str:
        """Return the id of the country that a word names or is the adjective of, or ''."""
        adjective = self._wording.demonyms.get(key)
        if adjective is not None:
            return adjective
        for entry in self._index.named(key):
            if entry.place is not None and (
                entry.place.kind == "country" or entry.place.place_id in self._wording.capitals
            ):
                return entry.place.place_id
        return ""

    def _border(self, tokens: Tokens, i: int) -> Hit | None:
        first, last = i, i + 1
        sides: list[str] = []
        while first > 0 and i - first < _REACH and _near(tokens, first - 1):
            key = tokens.keys[first - 1]
            country = self.country(key)
            if country and tokens.capital(first - 1):
                sides.append(country)
            elif key not in self._wording.border_sort:
                break
            first -= 1
        if last < len(tokens) and tokens.keys[last] in self._wording.border_between and tokens.spaced(last - 1):
            k = last
            while k < len(tokens) and k - i < _REACH and tokens.joined(k - 1):
                country = self.country(tokens.keys[k])
                if country and tokens.capital(k):
                    sides.append(country)
                    last = k + 1
                elif tokens.keys[k] not in self._wording.border_between:
                    break
                k += 1
        if not sides:
            return None
        place = self._gazetteer.get(self._line(sides))
        return Hit(
            first, last, (Entry(place, place.name_en if place else "", AREA, "any"),), "a border by its countries"
        )

    def _line(self, sides: list[str]) -> str:
        return self._wording.borders.get(" ".join(sorted(set(sides))), "")

    def _owner(self, tokens: Tokens, i: int) -> str:
        """Return the id of the country that stands right before word i, or ''."""
        if i == 0 or not _near(tokens, i - 1) or not tokens.capital(i - 1):
            return ""
        return self.country(tokens.keys[i - 1])

    def _capital(self, tokens: Tokens, i: int) -> Hit | None:
        country = self._owner(tokens, i)
        place = self._gazetteer.get(self._wording.capitals.get(country, ""))
        if place is None or self._named_beside(tokens, i, place):
            return None
        whole = self._gazetteer.get(country)
        return _told(i - 1, i + 1, place, f"the capital of {whole.name_en if whole else country}")

    def _soil(self, tokens: Tokens, i: int) -> Hit | None:
        place = self._gazetteer.get(self._owner(tokens, i))
        return None if place is None else _told(i - 1, i + 1, place, "its territory")

    def _flanks(self, tokens: Tokens, i: int) -> list[Hit]:
        """Read 'the southern and northern directions', each by itself: parts of the line of contact."""
        if i + 2 < len(tokens) and tokens.keys[i + 1] == "of" and tokens.keys[i + 2] not in {"the", "contact"}:
            return []
        hits: list[Hit] = []
        p = i
        while p > 0 and i - p < _REACH and (tokens.joined(p - 1) or (hits and tokens.gap(p - 1) == ", ")):
            size, point = self._bearing(tokens, p)
            if size:
                place = self._gazetteer.get(self._wording.sides.get(f"line-of-contact {point}", "line-of-contact"))
                end = p if hits else i + 1
                hits.append(_told(p - size, end, place, f"the {point} of the line of contact"))
                p -= size
            elif hits and tokens.keys[p - 1] in {"and", "or"}:
                p -= 1
            else:
                break
        return hits[::-1]

    def _bearing(self, tokens: Tokens, p: int) -> tuple[int, str]:
        """Return the words that a compass point ending before word p takes, and the point; (0, '') for none."""
        for size in (2, 1):
            point = self._wording.bearings.get(" ".join(tokens.keys[max(0, p - size) : p]), "")
            if point and p >= size:
                return size, point
        return 0, ""

    def _named_beside(self, tokens: Tokens, i: int, place: Place) -> bool:
        """Tell whether the capital's own name stands within a few words."""
        around = range(max(0, i - _REACH), min(len(tokens), i + _REACH))
        return any(entry.place == place for k in around for entry in self._index.named(tokens.keys[k]))


def _told(first: int, last: int, place: Place | None, how: str) -> Hit:
    return Hit(first, last, (Entry(place, place.name_en if place else "", AREA, "any"),), how)


def _near(tokens: Tokens, i: int) -> bool:
    """Tell whether words i and i + 1 are joined, be it by a genitive ("Armenia's border")."""
    return tokens.joined(i) or tokens.gap(i) in {"'s ", "’s ", "s' ", "' "}
