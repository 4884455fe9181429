"""Where a thing happened that its own sentence does not say: what was told before, the seat, or the region."""

from dataclasses import replace
from typing import Final

from events.coder.draft import PARTIES, VIOLENT, Draft, Scene
from events.coder.mentions import actor_of
from events.coder.placing import AREAS, SETTLED, Placing, Where
from events.coder.reading import Read
from events.coder.sides import Sides

__all__ = ["REGION", "StandIns"]

REGION: Final = "no place is named: the region stands in"
"""The doubt of what happened nobody says where."""

_HOME_RULES: Final = frozenset(("change.ends", "change.leaders", "arrest", "other.banned"))
_HOME_TYPES: Final = frozenset(("Protests", "Riots"))
_HOME_WORDS: Final = ("mobilis", "mobiliz", "martial", "curfew")
# A call-up and martial law are of the whole land.
_LANDS: Final = {"Armenia": "armenia", "Azerbaijan": "azerbaijan", "Artsakh": "nagorno-karabakh"}
_NOWHERE: Final = "nagorno-karabakh"
# Where Armenia's own army fought after the war that it lost in 2020.
_BORDER: Final = "armenia-azerbaijan-border"
_LINE: Final = "line-of-contact"
_WAR: Final = 2020
_LAST_WEEK: Final = 6
# An aircraft that is brought down is no part of the blow told before it.
_APART: Final = frozenset(("air.downed", "air.downed_by", "air.lost"))


class StandIns:
    """Finds places for drafts without one; built once."""

    def __init__(self, sides: Sides, placing: Placing):
        self._sides = sides
        self._placing = placing

    def fill(self, scene: Scene, draft: Draft, focus: Where | None) -> None:
        """Give a draft a place if it has none. `focus` is where the report's last blow fell."""
        if draft.where is not None and self._called(scene, draft):
            self._calls(scene, draft)
        if self._on_border(scene, draft):
            draft.where = self._placing.named(_BORDER)
        if draft.where is not None and not (self._called(scene, draft) and self._home(scene, draft) is not None):
            return
        if self._at_home(scene, draft):
            draft.where = self._home(scene, draft)
            if draft.where is not None or draft.kind in _HOME_TYPES:
                return
        past = any((scene.reading.today - day.day).days > _LAST_WEEK for day in scene.read.days)
        apart = past or draft.rule in _APART  # 'Clashes erupted on September 27': not where today's blow fell
        draft.where = self._earlier(scene, draft, focus, apart=apart)
        draft.where = draft.where or (None if apart else self._of_correspondent(scene, draft))
        if draft.where is None:
            claim = self._sides.state_of(draft.claimant[0]) if draft.claimant else ""
            fought = draft.kind in VIOLENT or draft.rule == "arrest.captured"
            later = scene.reading.today.year > _WAR and claim == "Armenia" and fought
            draft.where = self._placing.named(_BORDER if later else _NOWHERE)
            draft.doubts.append(REGION)

    def _on_border(self, scene: Scene, draft: Draft) -> bool:
        """'the eastern sector of the border': after the war of 2020 no line of contact is meant."""
        line = draft.where is not None and draft.where.place.place_id.endswith(_LINE)
        return line and scene.reading.today.year > _WAR and "border" in scene.read.parsed.sentence.words

    def _at_home(self, scene: Scene, draft: Draft) -> bool:
        owner = self._sides.state_of(draft.actor1[0]) if draft.actor1 else ""
        abroad = draft.rule == "other.closed" and owner not in (*PARTIES, "")  # 'Tbilisi has suspended transit permits'
        return abroad or self._called(scene, draft) or draft.rule in _HOME_RULES or draft.kind in _HOME_TYPES

    def _calls(self, scene: Scene, draft: Draft) -> None:
        """'Mobilisation has been announced in Armenia': by its government."""
        if draft.where is not None and (not draft.actor1 or draft.where.place.kind == "country"):
            state = self._sides.holder(draft.where.place, scene.reading.today)
            draft.actor1 = (actor_of("government", state),) if state in PARTIES else draft.actor1

    def _called(self, scene: Scene, draft: Draft) -> bool:
        """A call-up or martial law is of its own land, whatever it is over."""
        low, high = draft.action
        sentence = scene.read.parsed.sentence
        return draft.rule == "change.deploy" and any(
            word.startswith(_HOME_WORDS)
            for word, start in zip(sentence.words, sentence.starts, strict=True)
            if low <= start < high
        )

    def _home(self, scene: Scene, draft: Draft) -> Where | None:
        owner = draft.actor1 or draft.actor2
        state = self._sides.state_of(owner[0]) if owner else ""
        if state in _LANDS and self._called(scene, draft):
            return self._placing.named(_LANDS[state])
        return self._placing.seat(actor_of("government", state)) if state else None

    def _earlier(self, scene: Scene, draft: Draft, focus: Where | None, *, apart: bool) -> Where | None:
        read = scene.read
        ends = read.parsed.sentence.ends
        if draft.kind in VIOLENT | {"Strategic developments"}:
            for place in reversed(read.places):
                found = place.place
                before = ends[place.end - 1] <= draft.action[0]
                if found.kind in SETTLED and before and self._placing.is_place(read, place, None):
                    return replace(self._placing.where(place), told=False)
        if draft.kind in VIOLENT | {"Humanitarian"} and not apart:
            if focus is not None:
                return replace(focus, told=False, span=None)
            near = self._last(scene, draft) if scene.number else None
            if near is not None:
                return near
        return self._of_headline(scene)

    def _last(self, scene: Scene, draft: Draft) -> Where | None:
        """The last town or district of the sentence before, if it is in the same paragraph."""
        earlier = scene.reading.sentences[scene.number - 1]
        if earlier.parsed.sentence.paragraph != scene.read.parsed.sentence.paragraph:
            return None
        zone = scene.reading.today
        inward = sorted(earlier.places, key=lambda p: self._sides.holder(p.place, zone) == "Artsakh")
        for place in reversed(inward if draft.sub_type == "Aid or relief" else earlier.places):
            found = place.place
            line = found.kind == "line" and draft.kind == "Humanitarian"  # those brought out of danger were not on it
            if found.kind in SETTLED | AREAS and not line and self._placing.is_place(earlier, place, None):
                return replace(self._placing.where(place), told=False, span=None)
        return None

    def _of_headline(self, scene: Scene) -> Where | None:
        first = scene.reading.sentences[0]
        return self._first(first) if scene.number and first.parsed.sentence.headline else None

    def _first(self, read: Read) -> Where | None:
        for place in read.places:
            found = place.place
            if found.kind != "country" and self._placing.is_place(read, place, None):
                return replace(self._placing.where(place), told=False)
        return None

    def _of_correspondent(self, scene: Scene, draft: Draft) -> Where | None:
        """Where the publisher's own correspondent writes from, if it is in the zone of the war."""
        spot = scene.reading.dateline
        if spot is None or spot.place is None or draft.claimant != scene.publisher:
            return None
        if self._sides.holder(spot.place, scene.reading.today) != "Artsakh":
            return None
        return Where(spot.place, spot.place.latitude, spot.place.longitude, 1, False)
