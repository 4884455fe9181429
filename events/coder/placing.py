"""Where: the places of a sentence that belong to what a rule saw, and the seats of those who speak."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from events.coder.grammar import Frame
from events.coder.listing import Listing
from events.coder.localities import AREAS, SETTLED, WIDE, Localities
from events.coder.matching import Hit
from events.coder.mentions import Mention
from events.coder.reading import PlaceAt, Read
from events.coder.rules import Rules
from events.coder.sides import Sides
from geodata.gazetteer import Gazetteer, Place
from geodata.names import fold

__all__ = ["AREAS", "SETTLED", "WIDE", "PlaceAt", "Placing", "Where", "attribution"]

_CLOSE: Final = 6
_AT_ONCE: Final = 3
_GETS: Final = frozenset(("be", "come", "get"))
_FROM: Final = 6
_POINTED: Final = frozenset(("aimed", "directed", "pointed", "trained"))
_ASKED: Final = 9
_CALLED: Final = frozenset(
    ("appealed", "appeals", "asked", "asks", "call", "called", "calling", "calls", "urged", "urges")
)
_SITS: Final = frozenset(("assembly", "committee", "council", "speech", "unga"))
_OF_LAND: Final = frozenset(
    ("the", "of", "territory", "direction", "area", "region", "city", "town", "village", "regions")
)


@dataclass(slots=True)
class Where:
    """A place of an event (WGS84 degrees); `told` is False when it is the seat or a stand-in.

    `listed` is False for a village that the gazetteer knows by name alone; its district's point stands in.
    """

    place: Place
    latitude: float
    longitude: float
    precision: int
    told: bool
    span: tuple[int, int] | None = None
    listed: bool = True


def _village(district: Place, name: str, span: tuple[int, int]) -> Where:
    """A village without a point of its own, told by its own name: several of one district are several places."""
    place_id = f"{district.place_id}-{fold(name).replace(' ', '-')}"
    place = replace(district, place_id=place_id, name_en=name, kind="village")
    return Where(place, *district.point, 2, True, span, listed=False)


def _narrow(place: PlaceAt) -> bool:
    return place.place.kind not in WIDE


def _comes_from(words: Sequence[str], start: int) -> bool:
    """Whether something comes from the place at word `start`: 'from the territory of Armenia's Vardenis district'."""
    at = start - 1
    while at >= max(0, start - _FROM):
        if words[at] == "from":
            return True
        if words[at] != "'s" and words[at] not in _OF_LAND:
            return False
        at -= 2 if words[at] == "'s" else 1
    return False


def _aimed_at(words: Sequence[str], start: int) -> bool:
    """Whether something only points at the place at word `start`: 'launchers aimed at Ganja were destroyed near'."""
    at = start - 1
    while at > 0 and words[at] in _OF_LAND:
        at -= 1
    return at > 0 and words[at] == "at" and words[at - 1] in _POINTED


def _without(
    words: Sequence[str], some: Sequence[PlaceAt], parted: Callable[[Sequence[str], int], bool]
) -> list[PlaceAt]:
    """The places without those that `parted` is true of, and the rest of their lists: 'from Syria and Libya'."""
    kept: list[PlaceAt] = []
    last = -1
    for place in some:
        listed = last >= 0 and set(words[last : place.start]) <= {",", "and"}
        if listed or parted(words, place.start):
            last = place.end
        else:
            kept.append(place)
    return kept


class Placing:
    """Finds the places of hits; built once."""

    def __init__(self, rules: Rules, sides: Sides, gazetteer: Gazetteer):
        self._rules = rules
        self._sides = sides
        self._gazetteer = gazetteer
        self._localities = Localities(rules, frozenset(seat.place_id for seat in gazetteer.seats().values()))
        self._lists = Listing(rules)
        raw = rules.lists["places"]
        self._vague: dict[str, str] = raw["vague"]

    # --- from the text

    def is_place(self, read: Read, place: PlaceAt, agent: Mention | None) -> bool:
        """Whether a name of a place is where something is, and not who does it."""
        return self._localities.is_place(read, place, agent)

    def spots(self, read: Read, hit: Hit, agent: Mention | None) -> list[PlaceAt]:
        """The places of a sentence that belong to a hit: those in it, else behind it, else before it."""
        usable = self._localities.usable(read, agent)
        if not usable:
            return []
        words = read.parsed.sentence.words
        if hit.rule.id.startswith("transfer"):  # 'to give up territories to Azerbaijan'
            usable = [place for place in usable if place.place.kind != "country"]
        returns = hit.rule.actor1 == "victims" and self._rules.words["returns"] & set(words)
        shot = hit.rule.id.startswith("shelling.")  # 'fired at Tovuz from Berd'
        if returns or shot or hit.rule.sub_type in ("Aid or relief", "Change to group/activity", "Other"):
            usable = _without(words, usable, _comes_from) or ([] if shot else usable)
        if not _POINTED.isdisjoint(words):
            usable = _without(words, usable, _aimed_at) or usable
        inside = self._reached(read, hit, usable) or [p for p in usable if hit.start <= p.start < hit.end]
        parting = self._partings(read)
        after = [p for p in usable if p.start >= hit.end and not _parted(parting, hit.end, p.start)]
        before = [p for p in usable if p.end <= hit.start and not _parted(parting, p.end, hit.start)][::-1]
        wide: list[PlaceAt] = []
        verb = read.parsed.verb(hit.head)
        under = hit.rule.id == "shelling.under_fire" and verb is not None and verb.lemma in _GETS
        suffers = under or (verb is not None and verb.passive and hit.pattern.verb)
        subject = before[:1] if suffers and before and self._is_subject(read, before[0], hit.head) else []
        if inside and after and hit.rule.id == "transfer" and self._goes_on(read, hit.end, after[0].start):
            return [*self._lists.group(read, inside, usable), *self._lists.group(read, after, usable)]
        if subject and not inside:  # 'Shushi was shelled, and Martuni'
            more = after[:1] if after and self._shares(read, hit.end, after[0]) else []
            return [*self._lists.group(read, subject, usable), *(self._lists.group(read, more, usable) if more else [])]
        for some in (inside, after, before):
            group = self._lists.group(read, some, usable)
            if any(_narrow(p) for p in group):
                return group
            # 'in Karabakh, near Hadrut': the narrower of two that follow each other.
            last = None
            for place in some:
                gap = abs(place.start - last.end) if last is not None else 0
                if _narrow(place) and gap <= _CLOSE:
                    return self._lists.group(read, [place], usable)
                last = place
            wide = wide or group[:1]
        return wide

    def _goes_on(self, read: Read, low: int, high: int) -> bool:
        """'… is to be transferred on 25 November and Lachin by 1 December': the next, with a day of its own."""
        words = read.parsed.sentence.words
        dated = {at for day in read.days for at in range(day.start - 1, day.end)}
        return "and" in words[low:high] and all(
            words[at] in ("and", "the", ",") or at in dated for at in range(low, high)
        )

    def _shares(self, read: Read, low: int, place: PlaceAt) -> bool:
        """Whether 'and' sets a place behind what is told of another; not '… and Hadrut was evacuated'."""
        words = read.parsed.sentence.words
        own = words[place.end : place.end + 1]
        return "and" in words[low : place.start] and self._rules.words["auxiliaries"].isdisjoint(own)

    def _is_subject(self, read: Read, place: PlaceAt, head: int) -> bool:
        """Whether a town is what suffers: it opens the clause, and only what helps the verb stands between."""
        words = read.parsed.sentence.words
        lists = self._rules.words
        between = all(w in lists["auxiliaries"] or w in lists["adverbs"] for w in words[place.end : head])
        opens = place.start == 0 or words[place.start - 1] not in lists["prepositions"]
        return between and opens and (place.place.kind in SETTLED or place.place.kind == "district")

    def _reached(self, read: Read, hit: Hit, usable: list[PlaceAt]) -> list[PlaceAt]:
        """'crossed the border and entered the corridor': the place right behind the verb, when others are before it."""
        verb = read.parsed.verb(hit.head)
        if verb is None or verb.passive or not hit.pattern.verb:
            return []
        near = next((p for p in usable if hit.head < p.start <= hit.end + _AT_ONCE), None)
        if near is None or any(hit.head < v.at < near.start for v in read.parsed.verbs):
            return []
        return [near] if any(hit.start <= p.start < hit.head for p in usable) else []

    def _partings(self, read: Read) -> tuple[list[int], list[int], list[int]]:
        """Words that part one statement from another: at once, one word on, and two words on."""
        parsed = read.parsed
        words = parsed.sentence.words
        beside = {place.end + more for place in read.places for more in (0, 1)}  # 'in Goris, where they register'
        behind = {attribution(frame) for frame in parsed.frames if not _announces(read, frame)}
        verbs = sorted(f.verb for f in parsed.frames if f.speaker is not None and not f.whole)
        firm = [at for at, word in enumerate(words) if word == ";" or at in behind]
        parts = self._rules.words["parts"]
        return (
            firm,
            [at for at, word in enumerate(words) if word in parts and not (word == "where" and at in beside)],
            verbs,
        )

    def where(self, spot: PlaceAt) -> Where:
        """The place of a mention, with the offset applied."""
        found, place = spot.spot, spot.place
        if found.village:
            return _village(place, found.village, (found.start, found.end))
        instead = self._gazetteer.get(self._vague.get(place.place_id, ""))
        if instead is not None:
            return Where(instead, instead.latitude, instead.longitude, 3, True, (found.start, found.end))
        return Where(
            place,
            place.latitude if found.latitude is None else found.latitude,
            place.longitude if found.longitude is None else found.longitude,
            found.geo_precision,
            True,
            (found.start, found.end),
        )

    # --- by rule

    def seat(self, actor: str) -> Where | None:
        """The seat of who speaks, None where the tables have none."""
        place = self._sides.seat(actor)
        return None if place is None else Where(place, place.latitude, place.longitude, 1, False)

    def _capital(self, country: Place) -> Where | None:
        return self.seat(f"Government of {country.name_en}") or self.seat(f"Government of the {country.name_en}")

    def named(self, place_id: str, precision: int = 3) -> Where | None:
        """A stand-in by its id."""
        place = self._gazetteer.get(place_id)
        return None if place is None else Where(place, place.latitude, place.longitude, precision, False)

    def cities(self, read: Read, hit: Hit) -> list[Where]:
        """Towns that the sentence says a meeting or visit is in."""
        words = read.parsed.sentence.words
        found: list[Where] = []
        skip = self._rules.words["light"] | {"the", "city", "town", "of", "capital", "central", "exclave", "'s"}
        for place in read.places:
            here = place.place
            if here.kind not in SETTLED | {"country"} or abs(place.start - hit.head) > 24:
                continue
            mention = read.parsed.mention(place.end - 1)
            if mention is not None and mention.kind != "state":
                continue
            probe = place.start - 1
            while probe >= 0 and (words[probe] in skip or _owner_at(read, probe)):
                probe -= 1
            verb = read.parsed.verb(probe) if probe >= 0 else None
            leaves = probe > 0 and words[probe] == "for" and read.parsed.verb(probe - 1) is not None
            if probe >= 0 and (
                words[probe] in ("in", "at", "to") or leaves or (verb is not None and verb.lemma == "visit")
            ):
                if here.kind == "country":
                    seat = self._capital(here)
                    found += (
                        [replace(seat, told=True, span=(place.spot.start, place.spot.end))] if seat is not None else []
                    )
                else:
                    found.append(self.where(place))
        return found

    def said_at(self, read: Read, actor: str, speaker: Mention | None = None, verb: int = -1) -> Where | None:
        """The speaker's seat, or the city where the sentence says that the words were said, with the verb at `verb`."""
        if speaker is not None and speaker.seat:
            return self.named(speaker.seat, 1)
        words = read.parsed.sentence.words
        for place in read.places:
            found = place.place
            if place.start == 0:
                continue
            posted = [w for w in words[max(0, place.start - 3) : place.start] if w != "the"][-2:]
            envoy = speaker is not None and speaker.noun.split()[-1:] in (["ambassador"], ["envoy"], ["embassy"])
            here = speaker is not None and place.start <= speaker.end + 2 and posted[-1:] == ["in"]
            titled = len(posted) == 2 and posted[0] in ("ambassador", "embassy", "envoy") and posted[1] in ("in", "to")
            if envoy and (here or titled):
                seat = self.where(place) if found.kind == "city" else self._capital(found)
                return seat and replace(seat, told=True)
            if found.kind != "city":
                continue
            before = words[max(0, place.start - 12) : place.start]
            said_in = place.start == verb + 2  # 'pledged in Geneva'
            said_in = said_in or bool(self._rules.words["said_before"].intersection(before[-2:-1]))
            if before[-1] in ("in", "at") and (said_in or any(w in self._rules.words["occasions"] for w in before)):
                return self.where(place)
            if before[-1] == "visiting" or (before[-1] in ("to", "in") and {"visit", "trip"} & set(before[-4:])):
                return self.where(place)  # 'on a visit to Ankara'
        if self._at_united_nations(words):
            seat = self.seat("United Nations") if self._sides.state_of(actor) else self.seat(actor)
            return seat if seat is None else replace(seat, told=True)
        return self.seat(actor)

    @staticmethod
    def _at_united_nations(words: list[str]) -> bool:
        """'told the General Assembly', 'at the UN Security Council'; a meeting of it that is asked for is none."""
        if _SITS.isdisjoint(words):
            return False
        for at, word in enumerate(words):
            if word not in _SITS:
                continue
            general = word == "unga" or (word == "assembly" and words[at - 1] == "general")
            named = word != "unga" and bool({"un", "united"} & set(words))
            called = not _CALLED.isdisjoint(words[max(0, at - _ASKED) : at])  # 'called on the UN Security Council'
            if general or (named and not called and "of" not in words[max(0, at - 4) : at]):
                return True
        return False


def _owner_at(read: Read, at: int) -> bool:
    """'in Azerbaijan's exclave of Nakhchivan', 'in the Georgian capital': whose a town is stands before it."""
    mention = read.parsed.mention(at)
    return mention is not None and (mention.kind == "adjective" or mention.genitive)


def _parted(partings: tuple[list[int], list[int], list[int]], low: int, high: int) -> bool:
    """Whether words `low` to `high` (excluded) hold one that parts."""
    for on, some in enumerate(partings):
        first = bisect_left(some, low + on)
        if first < len(some) and some[first] < high:
            return True
    return False


def _announces(read: Read, frame: Frame) -> bool:
    """'took three villages, Aliyev said: Sos, …': the places behind the colon belong to what stands before."""
    words = read.parsed.sentence.words
    colon = frame.verb + 1
    return words[colon : colon + 1] == [":"] and any(place.start == colon + 1 for place in read.places)


def attribution(frame: Frame) -> int:
    """Where '…, X said in Baku' begins; -1 for a frame that stands in front."""
    if not frame.whole or frame.low == frame.verb:
        return -1
    return min(frame.verb, frame.speaker.start) if frame.speaker is not None else frame.verb
