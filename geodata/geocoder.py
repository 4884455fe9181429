"""Text to places: every phrase of a report that says where, with its coordinates and how precise they are.

>>> from geodata.gazetteer import Gazetteer
>>> mention = Geocoder(Gazetteer.load()).find("Shells fell 5 km north of Hadrut.")[0]
>>> mention.text, mention.place.place_id, mention.offset_km, mention.bearing, mention.geo_precision
('5 km north of Hadrut', 'hadrut', 5.0, 'N', 2)

Precision is the codebook's: 1 the named town or village, 2 near it or its district, 3 a region. Coordinates are WGS84
decimal degrees. They are the place's own unless the report gives a distance and a direction: 'near' or 'the north of'
moves nothing, since nobody said how far. A region, a line or a country keeps the point that the gazetteer gives it,
which is no position (precision 3). Countries are mentions like any other: whether one stands for its government is for
the reader of the sentence to tell. An adjective ('Armenian') is no mention by itself.

The steps: words (`wording`), names among them (`toponyms`) and areas told by countries (`areas`), the words around
each (`phrases`), whether it is a place at all (`evidence`), and here which of its namesakes, and where exactly.

Time and memory grow in proportion to the text. No text raises.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from geodata.areas import Areas
from geodata.datelines import LOOKED_AT, is_dateline
from geodata.evidence import Evidence
from geodata.gazetteer import Gazetteer, Match, Place, distance_km
from geodata.names import fold
from geodata.namesakes import Context, ranked
from geodata.phrases import After, Before, Grammar, middle, moved
from geodata.toponyms import AREA, VILLAGE, Entry, Hit, Index, merged
from geodata.wording import Tokens, load_traps, load_wording

__all__ = ["DATELINE", "Geocoder", "Mention"]

DATELINE: Final = "dateline"
"""A mention whose reason begins with this word is where the report was sent from, not where a thing happened."""

_FAR_KM: Final = 100.0
_FAR_UNDIRECTED_KM: Final = 25.0
_WIDE_KM: Final = 10.0
_BETWEEN_KM: Final = 40.0
_NEIGHBOURS: Final = 4  # to each side
_LARGE_KM: Final = 70.0
_APART: Final = 8
_SENT_FROM: Final = 3
_SPOTS: Final = frozenset({"city", "town", "village", "mountain", "facility", "lake"})
_WHOLES: Final = frozenset({"country", "province", "district", "region"})
_COMMA: Final = frozenset({","})
_FINAL: Final = frozenset({"and", ", and", "or", ", or", "&", "as well as", "и", "və", "եւ", "և"})
_DASH: Final = frozenset({"-", "–", "—", "/", "‑", "‐"})
_AND: Final = frozenset({"and", "i", "ve", "yev"})
_BETWEEN: Final = frozenset({"between", "mezhdu"})
_CLOSING: Final = {")": "(", "]": "["}


@dataclass(frozen=True, slots=True)
class Mention:
    """One phrase that says where: characters start to end of the text, end excluded ('5 km north of Hadrut').

    `place` is the gazetteer's, None for an area in words that it has no entry for. `latitude` and `longitude` are
    WGS84 decimal degrees with the offset applied, both None without a place. `geo_precision`: 1 the named town or
    village, 2 near it or its district, 3 a region. `offset_km` and `bearing` (a compass point: 'N', 'SSW') are what
    the report says, 0.0 and '' where it does not. `reason` says why this place and no namesake; `others` are those
    not taken.
    """

    start: int
    end: int
    text: str
    place: Place | None
    latitude: float | None
    longitude: float | None
    geo_precision: int
    offset_km: float
    bearing: str
    reason: str
    others: tuple[Match, ...]
    village: str = ""


@dataclass(slots=True)
class _Phrase:
    """A name with the words around it, and what is made of it."""

    hit: Hit
    before: Before
    after: After
    entries: tuple[Entry, ...]
    place: Place | None = None
    others: tuple[Match, ...] = ()
    why: str = ""
    dateline: bool = False
    last: int = 0
    halfway: Place | None = None
    village: str = ""


class Geocoder:
    """Finds the places of a text. Built once from a gazetteer; of the texts it keeps only how some words were read."""

    def __init__(self, gazetteer: Gazetteer):
        self._gazetteer = gazetteer
        self._wording = load_wording()
        traps = load_traps()
        self._index = Index(gazetteer, self._wording, traps)
        self._areas = Areas(gazetteer, self._index, self._wording)
        self._grammar = Grammar(self._wording)
        self._evidence = Evidence(self._wording, traps)
        self._districts = self._stems()
        self._seats = frozenset(self._wording.capitals.values())

    def find(self, text: str, *, near: tuple[float, float] | None = None) -> list[Mention]:
        """Return the mentions of a text, in its order and none over another.

        `near` is (latitude, longitude), WGS84: of namesakes that the text does not tell apart the nearer is taken.
        """
        tokens = Tokens(text)
        phrases = self._phrases(tokens)
        self._share(tokens, phrases)
        for phrase in phrases:
            phrase.entries = self._meant(phrase)
        self._choose(tokens, phrases, near)
        phrases = self._joined(tokens, phrases)
        self._datelines(tokens, phrases)
        mentions: list[Mention] = []
        end = 0
        for phrase in phrases:
            mention = self._mention(tokens, phrase, end)
            mentions.append(mention)
            end = mention.end
        return mentions

    def _phrases(self, tokens: Tokens) -> list[_Phrase]:
        hits = merged(self._areas.scan(tokens), self._index.scan(tokens))
        phrases = []
        for n, hit in enumerate(hits):
            before, after = self._grammar.before(tokens, hit.first), self._grammar.after(tokens, hit.last)
            if before.relation and hit.settled and self._grammar.building(tokens, hit.last):
                before = replace(before, relation="", bearing="") if not before.km else before
            if self._evidence.stands(tokens, hits, n, before, after):
                phrases.append(_Phrase(hit, before, after, hit.entries, last=after.last))
        return phrases

    def _stems(self) -> dict[str, list[Place]]:
        """Return the districts and provinces by the name that stands before 'district'."""
        stems: dict[str, list[Place]] = {}
        for folded, place, _, _ in self._gazetteer.spellings():
            if place.kind not in {"district", "province"}:
                continue
            stem, _, head = folded.rpartition(" ")
            name = stem if self._wording.after.get(head) == "district" else folded
            if name and place not in stems.setdefault(name, []):
                stems[name].append(place)
        return stems

    # Lists: 'the Martuni and Askeran districts', 'near Talish, Mataghis and Hadrut'

    def _share(self, tokens: Tokens, phrases: list[_Phrase]) -> None:
        for chain in _chains(tokens, phrases):
            head = chain[-1].after
            if head.kind and (head.word in self._wording.plural or _dashed(tokens, chain)):
                for phrase in chain[:-1]:
                    if phrase.hit.settled and not phrase.after.kind:
                        phrase.after = replace(phrase.after, kind=head.kind, word=head.word)
            lead = chain[0].before
            if lead.relation and not lead.km and not lead.bearing:
                for phrase in chain[1:]:
                    if phrase.hit.settled and not phrase.before.relation:
                        phrase.before = replace(phrase.before, relation=lead.relation)
            if self._grammar.road(tokens, chain[-1].hit.last) and _dashed(tokens, chain):
                for phrase in chain:
                    if phrase.hit.settled:
                        phrase.before = replace(phrase.before, relation="on a road by it")

    def _meant(self, phrase: _Phrase) -> tuple[Entry, ...]:
        """Return the district or the capital that the words make of a name, or who bears the name itself."""
        entries = phrase.hit.entries
        if phrase.before.bearing and entries[0].place is not None:
            side = self._gazetteer.get(
                self._wording.sides.get(f"{entries[0].place.place_id} {phrase.before.bearing}", "")
            )
            if side is not None:
                return (Entry(side, side.name_en, AREA, "any"),)
        if phrase.before.sort == "capital":
            seats = [self._gazetteer.get(self._wording.capitals.get(e.place.place_id, "")) for e in entries if e.place]
            found = [Entry(seat, seat.name_en, "en", "any") for seat in seats if seat is not None]
            return tuple(found) or entries
        if not phrase.hit.settled or "district" not in {phrase.after.kind, phrase.before.sort}:
            return entries
        names = [entry.name for entry in entries]
        names += [name for entry in entries if entry.place is not None for name in entry.place.all_names()]
        for name in names:
            found_districts = self._districts.get(fold(name))
            if found_districts:
                return tuple(Entry(place, place.name_en, "en", "any") for place in found_districts)
        return entries

    # Namesakes

    def _choose(self, tokens: Tokens, phrases: list[_Phrase], near: tuple[float, float] | None) -> None:
        countries = frozenset(
            entry.place.country
            for phrase in phrases
            for entry in phrase.entries[:1]
            if entry.place is not None and entry.place.kind == "country"
        )
        certain = [self._certain(phrase) for phrase in phrases]
        for n, phrase in enumerate(phrases):
            taken, why = phrase.entries[0], ""
            if len(phrase.entries) > 1:
                beside = _beside(certain, n)
                within = _within(tokens, phrases, n)
                context = Context(beside, within, phrase.before.country, countries, near)
                taken, why, phrase.others = ranked(self._gazetteer, phrase.entries, context)
            phrase.place = taken.place
            phrase.village = taken.name if taken.language == VILLAGE else ""
            how = _how(phrase.hit, taken)
            phrase.why = f"{how}; {why}" if why else how

    def _certain(self, phrase: _Phrase) -> Place | None:
        """Return the place of a phrase that leaves no choice and tells where; a seat of government mostly speaks."""
        place = phrase.entries[0].place
        if len(phrase.entries) > 1 or place is None or place.kind in {"country", "line"}:
            return None
        speaks = place.place_id in self._seats and place.place_id != self._wording.capitals["nagorno-karabakh"]
        return None if speaks or place.radius_km > _LARGE_KM else place

    # What two names say together

    def _joined(self, tokens: Tokens, phrases: list[_Phrase]) -> list[_Phrase]:
        """Make one of two names of one place ('Shusha (Shushi)'), of 'between X and Y', of a capital told twice."""
        kept: list[_Phrase] = []
        for phrase in phrases:
            last = kept[-1] if kept else None
            if last is None or phrase.hit.first - last.last > _APART:
                kept.append(phrase)
            elif self._alias(tokens, last, phrase) or _of_the_front(tokens, last, phrase):
                last.last = max(last.last, phrase.last)
            elif phrase.before.sort == "capital" and last.place == phrase.place:
                continue
            elif self._between(tokens, last, phrase):
                last.halfway, last.last = phrase.place, phrase.last
                if phrase.place is not None:
                    last.others = (Match(phrase.place, phrase.place.name_en, "en", 1.0, "the other end"), *last.others)
            else:
                kept.append(phrase)
        return kept

    def _alias(self, tokens: Tokens, one: _Phrase, other: _Phrase) -> bool:
        """Tell whether the second is the first by another name, or the seat of the district that the first is."""
        if one.place is None or other.place is None:
            return False
        if any(key not in self._wording.aliases for key in tokens.keys[one.last : other.hit.first]):
            return False
        gap = tokens.text[tokens.ends[one.last - 1] : tokens.starts[other.hit.first]]
        bracket = gap.lstrip()[:1] in {"(", "/", "["}
        if one.place == other.place:
            return bracket or gap in {" or ", ", or "}
        return bracket and one.place.kind == "district" and other.place.district == one.place.place_id

    def _between(self, tokens: Tokens, one: _Phrase, other: _Phrase) -> bool:
        first = one.hit.first
        if other.hit.first - one.hit.last != 1 or tokens.keys[one.hit.last] not in _AND or one.before.sort:
            return False
        if not first or tokens.keys[first - 1] not in _BETWEEN or not tokens.spaced(first - 1):
            return False
        spots = all(p.place is not None and p.place.kind in _SPOTS for p in (one, other))
        ids = {p.place.place_id for p in (one, other) if p.place is not None}
        return spots and len(ids) == 2 and not ids <= self._seats

    def _datelines(self, tokens: Tokens, phrases: list[_Phrase]) -> None:
        """Mark where a report was sent from: 'BAKU, Azerbaijan, Oct. 4 (Reuters) -', 'YEREVAN, October 17. /TASS/.'."""
        for n, phrase in enumerate(phrases):
            first = phrase.hit.first
            starts = not first or "\n" in tokens.text[tokens.ends[first - 1] : tokens.starts[first]][-40:]
            if not starts or not phrase.hit.settled:
                continue
            run = [phrase]
            while n + len(run) < len(phrases) and len(run) < _SENT_FROM:
                other = phrases[n + len(run)]
                gap = tokens.text[tokens.ends[run[-1].last - 1] : tokens.starts[other.hit.first]]
                if gap not in {", ", "/", " / ", "; ", " and "}:
                    break
                run.append(other)
            end = tokens.ends[run[-1].last - 1]
            shouted = tokens.text[tokens.starts[first] : tokens.ends[phrase.hit.last - 1]].isupper()
            if is_dateline(tokens.text[end : end + LOOKED_AT], shouted=shouted):
                for sent in run:
                    sent.dateline = True

    def _mention(self, tokens: Tokens, phrase: _Phrase, end: int) -> Mention:
        before, place = phrase.before, phrase.place
        first = before.first if tokens.starts[before.first] >= end else phrase.hit.first
        if phrase.halfway is not None and first:
            first -= 1
        start, stop = tokens.starts[first], tokens.ends[phrase.last - 1]
        if tokens.text[stop : stop + 1] in _CLOSING and tokens.text.find(_CLOSING[tokens.text[stop]], start, stop) > 0:
            stop += 1
        where = _position(phrase)
        why = [word for word in (DATELINE if phrase.dateline else "", phrase.why, where.word) if word]
        return Mention(
            start,
            stop,
            tokens.text[start:stop],
            place,
            where.latitude,
            where.longitude,
            where.precision,
            before.km,
            before.bearing,
            "; ".join(why),
            phrase.others,
            phrase.village,
        )


def _how(hit: Hit, taken: Entry) -> str:
    """Return in words how a name was read."""
    if taken.language == AREA:
        return hit.how or "in words"
    how = f"{hit.how}: {taken.name}" if hit.how else f"exact name ({taken.name})"
    if taken.language == VILLAGE and taken.place is not None:
        return f"{how}; a village without a point of its own, so {taken.place.name_en}"
    return how


class _Position(NamedTuple):
    latitude: float | None
    longitude: float | None
    precision: int
    word: str


def _position(phrase: _Phrase) -> _Position:
    """Return where a phrase points, how precisely, and what the words around the name made of it."""
    before, place = phrase.before, phrase.place
    if place is None:
        return _Position(None, None, 3, "the gazetteer has no such place")
    precision, word = _precision(place), before.relation
    latitude, longitude = place.point
    if phrase.village:
        word = ""
    elif phrase.halfway is not None:
        latitude, longitude = middle(place.point, phrase.halfway.point)
        precision = 2 if distance_km(place.point, phrase.halfway.point) <= _BETWEEN_KM else 3
        word = "halfway between the two"
    elif precision < 3 and before.km and before.bearing:
        latitude, longitude = moved(latitude, longitude, before.km, before.bearing)
        precision = 2 if before.km <= _FAR_KM else 3
        word = f"{before.km:g} km {before.bearing} of it"
    elif precision < 3 and before.km:
        precision = 2 if before.km <= _FAR_UNDIRECTED_KM else 3
        word = f"{before.km:g} km from it, no direction told"
    elif precision < 3 and (before.relation or phrase.after.kind == "near"):
        precision = 2
        word = before.relation or "near it"
    return _Position(latitude, longitude, precision, word)


def _precision(place: Place) -> int:
    if place.kind in {"region", "line", "river", "corridor", "country", "province"}:
        return 3
    if place.kind in {"lake", "mountain"}:
        return 2 if place.radius_km <= _WIDE_KM else 3
    return 2 if place.kind == "district" else 1


def _of_the_front(tokens: Tokens, one: _Phrase, other: _Phrase) -> bool:
    """Tell whether the second only says of what the first is a part: 'the Gubadli direction of the front'."""
    if one.place is None or other.place is None or other.place.kind != "line":
        return False
    return (one.after.kind == "near" or one.place.kind == "line") and _gap(tokens, one.last, other.hit.first) == "of"


def _chains(tokens: Tokens, phrases: list[_Phrase]) -> Iterator[list[_Phrase]]:
    """Yield the lists of names that end with 'and', 'or' or are joined by dashes, each of two names or more."""
    chain: list[_Phrase] = phrases[:1]
    gaps: list[str] = []
    for phrase in phrases[1:]:
        gap = _gap(tokens, chain[-1].hit.last, phrase.hit.first)
        if gap in _COMMA or gap in _FINAL or gap in _DASH:
            chain.append(phrase)
            gaps.append(gap)
            continue
        if gaps and gaps[-1] not in _COMMA:
            yield chain
        chain, gaps = [phrase], []
    if gaps and gaps[-1] not in _COMMA:
        yield chain


def _gap(tokens: Tokens, last: int, first: int) -> str:
    gap = tokens.text[tokens.ends[last - 1] : min(tokens.starts[first], tokens.ends[last - 1] + 12)]
    return gap.removesuffix("the ").strip() if len(gap) < 12 else "…"


def _dashed(tokens: Tokens, chain: list[_Phrase]) -> bool:
    return _gap(tokens, chain[-2].hit.last, chain[-1].hit.first) in _DASH


def _beside(certain: list[Place | None], n: int) -> list[Place]:
    """Return the places named right before and after the nth name, the nearest first."""
    found: list[Place] = []
    for step in range(1, _NEIGHBOURS + 1):
        for k in (n - step, n + step):
            place = certain[k] if 0 <= k < len(certain) else None
            if place is not None:
                found.append(place)
    return found


def _within(tokens: Tokens, phrases: list[_Phrase], n: int) -> Place | None:
    """Return what the text says the nth name lies in: 'Martuni, Gegharkunik', 'Goris in Armenia', 'Syunik's Goris'."""
    one = phrases[n]
    if n + 1 < len(phrases):
        gap = _gap(tokens, one.last, phrases[n + 1].before.first)
        place = phrases[n + 1].entries[0].place
        if place is not None and place.kind in _WHOLES and gap in {",", "(", "in", "of", ", in", "/"}:
            return place
    if n:
        gap = _gap(tokens, phrases[n - 1].last, one.before.first)
        place = phrases[n - 1].entries[0].place
        if place is not None and place.kind in _WHOLES and gap in {"'s", "’s"}:
            return place
    return None
