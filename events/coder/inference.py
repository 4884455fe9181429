"""Who it must have been when nobody is named: the other side of the war, and the doubt is said."""

from datetime import date
from typing import Final

from events.coder.draft import PARTIES, VIOLENT, Draft
from events.coder.localities import SETTLED
from events.coder.mentions import actor_of
from events.coder.rules import Rules
from events.coder.sides import Sides

__all__ = ["Inference"]

_DAMAGE: Final = frozenset(("Disrupted weapons use", "Looting/property destruction"))
_AGREED: Final = frozenset(("Agreement", "Exchange of prisoners or bodies"))
# Soldiers taken prisoner: by the other side, and by no police.
_CAPTURED: Final = "arrest.captured"
# In both wars that the codebook is of, Azerbaijan attacked: where fighting is told without parties, it stands first.
_FIGHTING: Final = frozenset(("battle.fighting", "conflict"))
_BLOWS: Final = "Explosions/Remote violence"
# What is brought down, or lay in the ground, was no blow at the town.
_OVERHEAD: Final = ("air.downed", "air.lost", "mine.")
_LEFT_KARABAKH: Final = date(2020, 11, 10)
"""Until the truce Baku reports of Armenia's forces in Karabakh; after it none were there."""


class Inference:
    """Infers actors by the codebook's rule; built once."""

    def __init__(self, rules: Rules, sides: Sides):
        self._missing = {rule.id: rule.missing for rule in rules.rules}
        self._sides = sides

    def complete(self, draft: Draft, today: date) -> None:
        """Give a draft the actors that its place, its claimant or its other side tell."""
        if not draft.actor1:
            if draft.rule == _CAPTURED:
                self._other_side(draft, today)
            elif draft.sub_type == "Arrests" and draft.where is not None:
                self._arrested(draft, today)
            elif draft.sub_type in _AGREED:
                self._two_sides(draft)
            elif draft.sub_type == "Non-violent transfer of territory":
                draft.actor1 = ("Government of Armenia",)
                draft.doubts.append("actor1 is inferred: who held the territory")
            elif draft.rule == "other.closed" and draft.claimant and draft.claimant[0].startswith("Government of "):
                draft.actor1 = draft.claimant[:1]
                draft.doubts.append("actor1 is inferred: who announces it")
            elif draft.kind in VIOLENT or draft.sub_type in _DAMAGE:
                self._other_side(draft, today)
        if draft.actor1 and not draft.actor2 and draft.kind == "Battles":
            enemy = self._enemy(draft.actor1, draft, draft.day or today)
            if enemy:
                draft.actor2 = (actor_of("force", enemy),)
                draft.doubts.append("actor2 is inferred: the other side of the war")
        if draft.kind == _BLOWS and self._own_town(draft, draft.day or today):
            draft.doubts.append("actor1 hits a town of its own side: see who did it")

    def _own_town(self, draft: Draft, day: date) -> bool:
        """Whether who is read to strike a town is of the side that held it."""
        where = draft.where
        if where is None or not draft.told or draft.rule.startswith(_OVERHEAD) or where.place.kind not in SETTLED:
            return False
        state = self._sides.state_of(draft.actor1[0]) if draft.actor1 else ""
        return bool(state) and self._sides.enemy(state) == self._sides.enemy(self._sides.holder(where.place, day)) != ""

    def _arrested(self, draft: Draft, today: date) -> None:
        """Who arrests: the side that tells it of its enemy's people, else the police of who holds the place."""
        claim = self._sides.state_of(draft.claimant[0]) if draft.claimant else ""
        held = self._sides.holder(draft.where.place, today) if draft.where is not None else ""
        state = claim if claim in PARTIES and draft.actor2 and self._sides.enemy(claim) else held
        draft.actor1 = (actor_of("police" if state == "Armenia" else "government", state),)
        draft.doubts.append("actor1 is inferred: the police of the place, or of who tells it")

    def _two_sides(self, draft: Draft) -> None:
        state = self._sides.state_of(draft.claimant[0]) if draft.claimant else ""
        to = self._sides.state_of(draft.actor2[0]) if draft.actor2 else ""
        first = self._sides.enemy(to) if to in PARTIES else state if state in PARTIES else "Azerbaijan"
        draft.actor1 = (actor_of("government", first),)
        draft.actor2 = draft.actor2 or (actor_of("government", self._sides.enemy(first)),)
        draft.doubts.append("the parties are inferred: the two sides of the war")

    def _other_side(self, draft: Draft, today: date) -> None:
        if self._missing.get(draft.rule) == "none" or any(a.startswith("Government of ") for a in draft.actor2):
            return
        enemy = "Azerbaijan" if draft.rule in _FIGHTING else self._author(draft, today)
        if enemy:
            draft.actor1 = (actor_of("force", enemy),)
            draft.inferred = draft.rule not in _FIGHTING
            draft.doubts.append("actor1 is inferred: the side opposed to who held the place or was hit")

    def _author(self, draft: Draft, today: date) -> str:
        """The state whose forces did what nobody is named for: by who was hit, who tells it, where it was."""
        day = draft.day or today
        enemy = self._enemy(draft.actor2, draft, day) if draft.actor2 else ""
        if enemy:
            return enemy
        claim = self._sides.state_of(draft.claimant[0]) if draft.claimant else ""
        own = self._missing.get(draft.rule) == "own"
        taken = draft.sub_type == "Government regains territory"
        # Districts lie on both sides of the line: who tells it of one was hit there.
        where = draft.where
        vague = where is None or not where.told or where.place.kind == "district" or where.precision > 1
        if not (taken and not own) and claim in PARTIES and (draft.kind == "Battles" or vague or own):
            return claim if own else self._sides.enemy(claim)
        if draft.kind == _BLOWS and where is not None and where.told and where.place.country not in PARTIES:
            return ""  # rockets that come down in Iran: whose they are, nobody knows unless it is said
        if taken:
            return "Azerbaijan"
        keepers = draft.actor2 == ("Russian Peacekeeping Forces",)
        if not keepers and any(self._sides.state_of(actor) not in (*PARTIES, "") for actor in draft.actor2):
            return ""  # a third party's loss tells nothing of who caused it
        return self._against(draft, day)

    def _against(self, draft: Draft, day: date) -> str:
        """The enemy of who held a draft's place; Azerbaijan, which attacked, where the place does not tell."""
        battle = draft.kind == "Battles"
        if draft.where is None or draft.where.place.kind == "line":
            return "Azerbaijan" if draft.where is not None or battle else ""
        held = self._sides.holder(draft.where.place, day)
        return self._sides.enemy(held) or ("Azerbaijan" if battle else "")

    def _enemy(self, actors: tuple[str, ...], draft: Draft, day: date) -> str:
        """The other side of a party; of Azerbaijan's two opponents the claimant or the place decides."""
        states = (self._sides.state_of(actor) for actor in actors)
        state = next((s for s in states if s in PARTIES), "")
        if state != "Azerbaijan":
            return self._sides.enemy(state)
        claim = self._sides.state_of(draft.claimant[0]) if draft.claimant else ""
        if claim in ("Armenia", "Artsakh"):
            return claim
        where = draft.where
        if claim == "Azerbaijan" and day < _LEFT_KARABAKH:
            return "Armenia"
        if where is not None and (where.told or claim != "Azerbaijan"):
            return "Artsakh" if self._sides.holder(where.place, day) == "Artsakh" else "Armenia"
        return "Armenia"
