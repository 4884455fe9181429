"""What is taken: a settlement that changes hands, or only ground, arms or people."""

from typing import Final

from events.coder.draft import Draft
from events.coder.matching import Hit
from events.coder.placing import AREAS, SETTLED, PlaceAt, Placing
from events.coder.reading import Read
from events.coder.rules import Rules

__all__ = ["Taking"]

_TAKEN: Final = SETTLED | {"district", "province"}
_PLAIN_GROUND: Final = frozenset(("territory", "territories", "ground", "roads", "road", "areas", "points"))
_TAKEN_KINDS: Final = frozenset(("force", "civilians", "journalists", "peacekeepers", "fighters"))
_BESIDE: Final = 4


class Taking:
    """Finds what is taken; built once."""

    def __init__(self, rules: Rules, placing: Placing):
        self._rules = rules
        self._placing = placing

    def targets(self, read: Read, hit: Hit, draft: Draft, spots: list[PlaceAt]) -> list[PlaceAt] | None:
        """The settlements that change hands, of the places of a hit; None where none does.

        A bridge or a corridor that is taken is a clash, and so are settlements of which none is named; the draft says
        so then. Empty for a town that was named before.
        """
        settled = self._settled(read, hit, draft, spots)
        if settled or self._the_town(read, hit):
            return settled
        if not self._unnamed(read, hit):
            return None
        draft.sub_type = "Armed clash"
        return []

    def _settled(self, read: Read, hit: Hit, draft: Draft, spots: list[PlaceAt]) -> list[PlaceAt]:
        if not spots or self._only_positions(read, hit) or self._people(read, hit):
            return []
        within = [place for place in read.places if hit.start <= place.start < hit.end]
        if within and not any(self._placing.is_place(read, place, None) for place in within):
            return []  # 'under the control of the Azerbaijani army'
        kinds = [(spot, spot.place.kind) for spot in spots]
        settled = [spot for spot, kind in kinds if kind in _TAKEN]
        if settled:
            return settled
        draft.sub_type = "Armed clash"
        return spots if any(kind in AREAS for _, kind in kinds) else []

    def _the_town(self, read: Read, hit: Hit) -> bool:
        """'The town is now in their hands': the one that was named before."""
        words = read.parsed.sentence.words
        settlement = self._rules.classes["settlement"]
        named = any(hit.start <= place.start < hit.end for place in read.places)
        return not named and any(
            words[at] in settlement and words[at - 1] == "the" for at in range(max(1, hit.start), hit.end)
        )

    def _unnamed(self, read: Read, hit: Hit) -> bool:
        """'seized 13 more settlements': settlements of which none is named."""
        words = read.parsed.sentence.words
        several = ("settlements", "villages", "towns")
        named = any(hit.start <= place.start < hit.end + _BESIDE for place in read.places)
        return not named and any(words[at] in several for at in range(hit.head, hit.end))

    def _only_positions(self, read: Read, hit: Hit) -> bool:
        """'took heights near Talish', 'took the Talish heights': what was taken is no settlement."""
        words = read.parsed.sentence.words
        phrases = self._rules.classes["position"]
        behind = [place for place in read.places if place.start > hit.head]
        last, after = (behind[0].end - 1, behind[0].end) if behind else (hit.end, hit.end)
        if {"road", "highway"} & set(words[after : after + _BESIDE]):
            return True
        looked = [*range(hit.head + 1, min(last, len(words))), *range(max(0, after - 1), min(after + 1, len(words)))]
        return any(
            words[at] in phrases and words[at] not in _PLAIN_GROUND and phrases.at(words, at) is not None
            for at in looked
        )

    def _people(self, read: Read, hit: Hit) -> bool:
        """'captured 62 soldiers near Khtsaberd', 'tanks were seized in Hadrut': what was taken is no settlement."""
        parsed = read.parsed
        verb = parsed.verb(hit.head)
        if verb is None or verb.lemma not in self._rules.words["takes_people"]:
            return False
        taken = parsed.subject(hit.head) if verb.passive else parsed.after(hit.head, direct=True)
        words = parsed.sentence.words
        if "of" in words[hit.head : hit.head + _BESIDE] and not verb.passive:  # 'captured dozens of soldiers'
            near = (parsed.mention(at) for at in range(hit.head + 1, min(hit.head + _BESIDE + 1, len(words))))
            taken = next((one for one in near if one is not None), taken)
        if taken is not None and taken.kind in _TAKEN_KINDS:
            return True
        first = next((place.start for place in read.places if place.start > hit.head), hit.head)
        return any(
            words[at] in phrases and phrases.at(words, at) is not None
            for phrases in (self._rules.classes["weapons"], self._rules.classes["captives"])
            for at in range(hit.head + 1, first)
        )
