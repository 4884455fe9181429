"""Which names of places in a sentence tell where something is: not who does it, nor only where a town lies."""

from itertools import pairwise
from typing import Final

from events.coder.grammar import Parsed
from events.coder.mentions import Mention
from events.coder.reading import PlaceAt, Read
from events.coder.rules import Rules

__all__ = ["AREAS", "SETTLED", "WIDE", "Localities"]

SETTLED: Final = frozenset(("city", "town", "village"))
_FINER: Final = SETTLED | {"province"}
_DIRECTIONS: Final = frozenset(("direction", "directions", "section", "sections"))
_PARTS: Final = frozenset(("centre", "center", "outskirts", "suburbs", "streets", "residents", "residential"))
_UNDERGOES: Final = frozenset(("be", "burn", "come", "endure", "remain", "stay", "suffer", "wake"))
_LISTED: Final = 6
_UNITS: Final = frozenset(("km", "kilometer", "kilometers", "kilometre", "kilometres", "mile", "miles"))
WIDE: Final = frozenset(("country", "region"))
AREAS: Final = frozenset(("district", "province", "corridor", "line", "river", "mountain", "lake", "facility"))
_SETTLEMENTS: Final = frozenset(("community", "settlement", "municipality", "village", "town", "city"))
_SEVERAL: Final = frozenset(("communities", "settlements", "towns", "villages"))
_SECTORS: Final = frozenset(("direction", "directions", "of", "section", "sector", "sectors", "the"))
_LIES: Final = ([","], ["("], ["in"], ["of"], ["in", "the"], ["of", "the"], [",", "in"], [",", "in", "the"], ["'s"])


_APPOSED: Final = 8
_PLURALS: Final = frozenset(("districts", "provinces", "regions"))


def _measured(place: PlaceAt) -> bool:
    """'about 100km from the front', behind a town: the front only tells how far off that town is."""
    return place.place.kind == "line" and bool(place.spot.offset_km)


def _apposed(between: list[str]) -> bool:
    """Whether words tell what and where a place is: 'Horadiz, a town in the Fuzuli district'."""
    opens = between[:2] in ([",", "a"], [",", "an"], [",", "the"]) and len(between) <= _APPOSED
    closes = [word for word in between[-2:] if word != "the"][-1:] in (["in"], ["of"])
    return opens and closes and not _SETTLEMENTS.isdisjoint(between) and between.count(",") == 1


class Localities:
    """Tells places from actors; built once."""

    def __init__(self, rules: Rules, seats: frozenset[str]):
        """`seats` holds the place_ids of the towns that districts are named after."""
        self._rules = rules
        self._seats = seats

    def usable(self, read: Read, agent: Mention | None) -> list[PlaceAt]:
        """The places of a sentence that tell where something is, in their order."""
        found = self._innermost(read, [place for place in read.places if self.is_place(read, place, agent)])
        found = self._near_it(read, found)
        origins = [p for p in found if self._origin(read, p)]
        if origins and any(
            pair[0] == "the" and pair[1] in _SETTLEMENTS for pair in pairwise(read.parsed.sentence.words)
        ):
            # 'A resident of Mets Masrik, wounded when the village was shelled': there, after all.
            origins = [p for p in origins if p.place.kind not in SETTLED]
        return [p for p in found if all(p is not one for one in origins)] or found

    def _near_it(self, read: Read, found: list[PlaceAt]) -> list[PlaceAt]:
        """Without the town that only tells how far off it is: 'over Kotayk province, 20 kilometers from Yerevan'."""
        words = read.parsed.sentence.words
        return [
            place
            for number, place in enumerate(found)
            if not (
                number
                and "," in words[found[number - 1].end : place.start]
                and place.start - found[number - 1].end <= _LISTED
                and any(word in _UNITS for word in words[found[number - 1].end : place.end])
            )
            and not (number and _measured(place))
        ]

    def _origin(self, read: Read, place: PlaceAt) -> bool:
        words = read.parsed.sentence.words
        before = [word for word in words[max(0, place.start - 5) : place.start] if word != "the"]
        before = before[:-2] if before[-1:] == ["'s"] else before  # 'the governor of Armenia's Gegharkunik region'
        return before[-1:] == ["of"] and before[-2:-1] != [] and before[-2] in self._rules.words["natives"]

    def _innermost(self, read: Read, usable: list[PlaceAt]) -> list[PlaceAt]:
        """Without the places that only say where a town lies ('Talish in the Tartar district')."""
        words = read.parsed.sentence.words
        kept: list[PlaceAt] = []
        for number, place in enumerate(usable):
            if self._heads(words, place, usable[number + 1 : number + 2]):
                continue
            inner = usable[number - 1] if number else None
            if inner is not None:
                between = words[inner.end : place.start]
                near = "near" in (*between, words[place.start]) and len(between) <= 2
                ahead = words[place.end : place.end + _LISTED]
                near = near or (between in (["in", "the"], ["in"]) and bool(_DIRECTIONS & set(ahead)))
                near = near or (between in (["in", "the"], ["in"]) and place.place.kind == "province")
                if near and kept and inner.place.kind in ("line", "river") and place.place.kind in _FINER:
                    kept.pop()  # 'on the border near Sotk', 'on the border in the Kalbajar and Lachin directions'
                standin = inner.place.kind == place.place.kind == "district" and inner.place != place.place
                if standin and kept and inner.spot.geo_precision == 2 and self._lies(words, between, place):
                    named = words[inner.start : inner.end]
                    if {"village", "settlement", "town"} & {*named, *between}:
                        kept.pop()  # a village that the tables lack: the district it is said to lie in
                if self._tells_where(words, inner, between, place):
                    continue
            kept.append(place)
        return kept

    def _tells_where(self, words: list[str], inner: PlaceAt, between: list[str], place: PlaceAt) -> bool:
        """Whether a place only says where the one before it lies, also where that one's district stands in for it."""
        lacking = bool(inner.spot.village)
        if place.spot.village or not (lacking or inner.place.kind in SETTLED | {"facility"}):
            return False
        village = lacking or inner.place.kind == "village"
        if village and between == ["in"] and place.place.place_id in self._seats:
            return True  # 'Khanlig in Gubadli': the district goes by its town's name
        return self._lies(words, between, place) or (place.place.kind in AREAS and _apposed(between))

    @staticmethod
    def _heads(words: list[str], place: PlaceAt, following: list[PlaceAt]) -> bool:
        """'two villages of the Martuni region, Karmir Shuka and Taghavard': the region only says where they lie."""
        if place.place.kind not in ("district", "province", "region") or not following:
            return False
        if not _PLURALS.isdisjoint(words[max(0, place.start - 2) : place.end]):
            return False  # 'villages in the districts of Fuzuli, Jabrayil and Khojavend'
        before = [word for word in words[max(0, place.start - 4) : place.start] if word != "the"]
        villages = before[-1:] in (["of"], ["in"]) and before[-2:-1] in (["villages"], ["settlements"], ["towns"])
        close = words[place.end : following[0].start] in ([","], [":"], [",", "the"])
        return villages and close and following[0].place.kind in SETTLED

    def _lies(self, words: list[str], between: list[str], place: PlaceAt) -> bool:
        """Whether a place says where the settlement before it lies: ', 5 km north of Hadrut', 'in the district'."""
        if place.spot.offset_km and between == [","]:
            return True
        listed = between == [","] and words[place.end : place.end + 1] == ["and"]
        plain = [word for word in between if word not in _SETTLEMENTS]
        if place.place.kind == "line":  # 'Talish in the north', 'the Fuzuli sector of the front'
            return words[place.start] in {"in", *_SECTORS} if not between else _SECTORS.issuperset(between)
        if not between and words[place.start] in _SETTLEMENTS | _SEVERAL:  # 'Talish and Chayli villages of Tartar'
            return True
        return place.place.kind in ("district", "province", "country", "region") and plain in _LIES and not listed

    def is_place(self, read: Read, place: PlaceAt, agent: Mention | None) -> bool:
        """Whether a name of a place is where something is, and not who does it."""
        parsed = read.parsed
        words = parsed.sentence.words
        mention = parsed.mention(place.end - 1) or parsed.mention(place.start)
        if mention is None or words[place.start] in self._rules.words["settled"]:
            before = words[place.start - 1] if place.start else ""
            return not (before in ("by", "with") and place.place.kind == "country")
        if mention.kind == "adjective" and mention.end < place.end:  # 'over Armenian airspace'
            located = mention.before in self._rules.words["in_words"] and mention.before != "from"
            return located or place.place.kind == "line"
        if mention.kind not in ("state", "civilians") or any(frame.speaker is mention for frame in parsed.frames):
            return False
        return mention.kind != "state" or self._state_is_place(parsed, mention, place, agent)

    def _state_is_place(self, parsed: Parsed, mention: Mention, place: PlaceAt, agent: Mention | None) -> bool:
        """Whether a state's name, or its capital's, is where something is."""
        if mention.noun == "capital" and mention.genitive and self._owns(parsed, mention):
            return True
        if not mention.before and (mention is agent or mention.genitive):
            return False
        leaves = parsed.verb(place.start - 2) if mention.before == "for" and place.start > 1 else None
        bound = leaves is not None and leaves.lemma in ("depart", "head", "leave")  # 'departed for Stepanakert'
        located = bound or mention.before in self._rules.words["in_words"]
        if place.place.kind == "country":
            entered = parsed.verb(mention.start - 1) if mention.start and not mention.before else None
            return located or (entered is not None and entered.lemma in ("enter", "reach"))
        settled = parsed.sentence.words[max(0, place.start - 1)] in self._rules.words["settled"]
        if mention.noun != "capital" or located or (settled and place.start) or mention.before == "of":
            return True
        return not mention.before and not self._acts(parsed, mention)

    def _owns(self, parsed: Parsed, mention: Mention) -> bool:
        """'Stepanakert's maternity hospital': what belongs to the town, and to no government."""
        words = parsed.sentence.words
        behind = range(mention.end + 1, min(mention.end + 4, len(words)))
        phrases = self._rules.classes["property"]
        return any(words[at] in _PARTS or phrases.at(words, at) is not None for at in behind)

    def _acts(self, parsed: Parsed, mention: Mention) -> bool:
        """Whether a capital stands for its government: a verb in the active is told of it, or it is met and heard."""
        if parsed.sentence.words[mention.end : mention.end + 1] == ["under"]:
            return False  # 'Stepanakert under heavy shelling'
        verbs = [v for v in parsed.verbs if v.at >= mention.end and not v.adjective][:2]
        helped = len(verbs) > 1 and verbs[0].lemma == "have" and verbs[1].at == verbs[0].at + 1  # 'has been under fire'
        verb = verbs[-1] if helped else next(iter(verbs), None)
        if verb is not None and verb.at - mention.end < 4 and parsed.subject(verb.at) is mention:
            return not verb.passive and verb.lemma not in _UNDERGOES
        governor = parsed.verb(mention.start - 1) if mention.start else None
        if governor is None:
            return True
        return governor.lemma not in self._rules.transitive and governor.lemma not in self._rules.words["upon_places"]
