"""Whom words are aimed at where no name stands behind the verb: the other side of the war, or both."""

from typing import Final

from events.coder.draft import PARTIES, Draft, Scene
from events.coder.mentions import actor_of
from events.coder.placing import SETTLED
from events.coder.rules import Rules
from events.coder.sides import Sides

__all__ = ["Aims"]

_BOTH: Final = ("Government of Armenia", "Government of Azerbaijan")
_ALLY: Final = "Turkey"  # takes a side, so that its words on the war are not aimed at both


class Aims:
    """Completes the second actor of words and agreements; built once."""

    def __init__(self, rules: Rules, sides: Sides):
        self._sides = sides
        self._claims = rules.classes["denyword"]
        self._civil = rules.words["civil_words"]
        self._war = rules.words["war_words"]

    def fill(self, scene: Scene, draft: Draft) -> None:
        """Give a draft the party it is aimed at; left empty where the report tells nothing of it."""
        if draft.actor2 or not draft.actor1:
            return
        state = self._sides.state_of(draft.actor1[0])
        if draft.sub_type == "Denial":
            self._denied(scene, draft, state)
        elif draft.sub_type == "Attack" or draft.kind == "Explosions/Remote violence":
            self._people(scene, draft)
        elif draft.sub_type == "Agreement" and state in PARTIES:
            self._enemy(scene, draft, state)
        elif draft.sub_type == "Aid or relief":
            self._brought(scene, draft)
        elif draft.sub_type == "Appeal or statement":
            self._addressed(scene, draft, state)

    def _brought(self, scene: Scene, draft: Draft) -> None:
        """A power's help that goes to Karabakh goes to those who live there."""
        powers = draft.actor1[0].startswith(("Government", "Russian Peacekeeping"))
        place = draft.where.place if draft.where is not None else None
        if powers and place is not None and self._sides.holder(place, scene.reading.today) == "Artsakh":
            draft.actor2 = ("Civilians (Artsakh)",)

    def _addressed(self, scene: Scene, draft: Draft, state: str) -> None:
        """An outsider's words on the war are meant for the party that they name, else for both."""
        named = {
            found
            for mention in scene.read.parsed.mentions
            if mention.kind in ("state", "government", "force", "adjective")
            for found in mention.states
            if found in ("Armenia", "Azerbaijan") and found != state
        }
        if len(named) == 1:
            draft.actor2 = (actor_of("government", named.pop()),)
        elif state in (*PARTIES, _ALLY) or not (draft.actor1[0].startswith("Government") or not state):
            return
        elif named or self._war & set(scene.read.parsed.sentence.words):
            draft.actor2 = _BOTH

    def _people(self, scene: Scene, draft: Draft) -> None:
        """Those who live in a town that is attacked, or whose homes are hit."""
        if draft.where is None or not draft.told or draft.where.place.kind not in SETTLED | {"district"}:
            return
        held = self._sides.holder(draft.where.place, draft.day or scene.reading.today)
        civil = draft.sub_type == "Attack" or bool(self._civil & set(scene.read.parsed.sentence.words))
        if civil and held in PARTIES and draft.actor1[0] != actor_of("force", held):
            draft.actor2 = (actor_of("civilians", held),)

    def _denied(self, scene: Scene, draft: Draft, state: str) -> None:
        """'rejected Azerbaijani claims': theirs; else what a party denies was said by its enemy."""
        parsed = scene.read.parsed
        words = parsed.sentence.words
        claimed = (frame.resolved[:1] for frame in parsed.frames if frame.resolved)
        other = next((actors for actors in claimed if actors != draft.actor1[:1]), ())
        if other:
            draft.actor2 = other
            return
        for mention in parsed.mentions:
            at = mention.end + (words[mention.end : mention.end + 1] == ["'s"])
            whose = (mention.kind == "adjective" or mention.genitive) and mention.states[:1] not in ((), (state,))
            if whose and any(word in self._claims for word in words[at : at + 2]):
                draft.actor2 = (actor_of("government", mention.states[0]),)
                return
        if state in PARTIES:
            self._enemy(scene, draft, state)

    def _enemy(self, scene: Scene, draft: Draft, state: str) -> None:
        """The other side: Karabakh's own government where the sentence or the place is of Karabakh."""
        other = self._sides.enemy(state)
        if state == "Azerbaijan":
            named = any("Artsakh" in mention.states for mention in scene.read.parsed.mentions)
            about = any(self._sides.holder(p.place, scene.reading.today) == "Artsakh" for p in scene.read.places)
            other = "Artsakh" if named or about else other
        if other:
            draft.actor2 = (actor_of("government", other),)
