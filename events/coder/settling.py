"""Which drafts of one sentence only say again what another of them says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from events.coder.draft import VIOLENT, Draft

__all__ = ["settled"]

# What is told without its weapon is the air strike that the same sentence tells.
_BY_WEAPON: Final = frozenset(("shelling.strike_with", "shelling.under_fire"))
# 'An Azerbaijani drone strike hit a truck': the strike is the drone's, where both stand on the same words.
_BY_NOUN: Final = frozenset(("shelling.goes_on", "shelling.weapon_hits"))


@dataclass(slots=True)
class _Others:
    """The drafts of a sentence, by what they are."""

    found: list[Draft]
    blows: list[Draft]
    strikes: list[Draft]
    attacks: list[Draft]
    fights: list[Draft]
    counted: list[Draft]


def settled(found: list[Draft]) -> list[Draft]:
    """In a sentence an accusation of an act with a place is that act; an attack on people is no shelling besides."""
    shot = [draft for draft in found if draft.rule == "battle.soldier_killed"]
    if shot:  # 'a soldier was shot dead': no attack on people besides
        found = [d for d in found if d.sub_type != "Attack" or not any(_overlap(d, one) for one in shot)]
    blows = [draft for draft in found if draft.kind == "Explosions/Remote violence"]
    others = _Others(
        found,
        blows,
        [draft for draft in blows if draft.sub_type == "Air/drone strike"],
        [draft for draft in found if draft.sub_type in ("Attack", "Disrupted weapons use")],
        [draft for draft in found if draft.kind == "Battles"],
        [draft for draft in found if draft.rule == "property.civil" and draft.day_precision > 1],
    )
    return [draft for draft in found if not _idle(draft, others)]


def _idle(draft: Draft, others: _Others) -> bool:
    check = _BY_RULE.get(draft.rule) or _BY_TYPE.get(draft.sub_type)
    if check is not None and check(draft, others):
        return True
    if draft.kind in VIOLENT and any(_of_himself(draft, one) for one in others.found):
        return True
    if draft.kind == "Explosions/Remote violence" and draft.day_precision > 1 and any(others.counted):
        return True
    if draft.rule in _BY_WEAPON and any(_near(draft, one) for one in others.strikes):
        return True
    if draft.rule in _BY_NOUN and any(_near(draft, one) and _overlap(draft, one) for one in others.strikes):
        return True
    return draft.kind in VIOLENT and draft.sub_type != "Attack" and any(_near(draft, one) for one in others.attacks)


def _of_himself(act: Draft, denial: Draft) -> bool:
    """'The claim that our forces shelled the town is a lie': nobody says of himself what he denies."""
    if denial.sub_type != "Denial" or not denial.actor1 or act.claimant[:1] != denial.actor1[:1]:
        return False
    return _state(act.actor1) == _state(denial.actor1)


def _state(actors: tuple[str, ...]) -> str:
    return actors[0].rpartition(" of ")[2] if actors else ""


def _idle_fire(_: Draft, others: _Others) -> bool:
    return any(one.rule != "shelling.under_fire" for one in others.blows)


def _idle_under_fire(_: Draft, others: _Others) -> bool:
    return any(one.rule == "battle.under_fire" for one in others.fights)


def _idle_entry(draft: Draft, others: _Others) -> bool:
    return any(one.rule == "transfer" and _near(draft, one) for one in others.found)


def _idle_clash(draft: Draft, others: _Others) -> bool:
    """'attacked in the south, but was repelled': one clash, where it is told; a missile attack launched or
    foiled is none."""
    strikes = (one for one in others.strikes if _overlap(draft, one))
    if any(strikes) or any(one.action[0] == draft.action[0] for one in others.blows + others.attacks):
        return True
    same = (one for one in others.fights if one.sub_type == draft.sub_type and one.claimant == draft.claimant)
    return not draft.told and any(one.told for one in same)


def _idle_damage(draft: Draft, others: _Others) -> bool:
    if draft.day_precision > 1:
        return False  # 'ten houses destroyed in shelling over the past days': counted, and no blow
    battles = [one for one in others.fights if one.claimant == draft.claimant]
    return any(_near(draft, one) for one in others.blows + battles)


def _idle_appeal(draft: Draft, others: _Others) -> bool:
    calls = (one for one in others.found if one.rule == "talks.call")
    crowd = bool(draft.actor1) and draft.actor1[0].startswith(("Opposition", "Protesters"))
    if crowd and any(one.kind == "Protests" for one in others.found):
        return True  # 'held a rally, calling for his resignation'
    if any(one.sub_type == "Denial" and one.actor1 == draft.actor1 for one in others.found):
        return True  # 'insists that it has no such weapons'
    return any(one.action[0] == draft.action[0] or one.actor1 == draft.actor1 for one in calls)


def _idle_arrest(_: Draft, others: _Others) -> bool:
    return any(one.sub_type == "Protest with intervention" for one in others.found)


def _idle_visit(draft: Draft, others: _Others) -> bool:
    met = (one for one in others.found if one.rule == "talks.meet" and one.actor1 == draft.actor1)
    return draft.rule == "talks.visit" and any(_near(draft, one) for one in met)


def _idle_charge(draft: Draft, others: _Others) -> bool:
    breach = draft.rule == "accuse.of_breach"
    acts = (one for one in others.found if one.kind in VIOLENT and one.told and one.claimant == draft.actor1)
    return any(one.charged for one in others.found) or (breach and any(acts))


def _idle_loss(draft: Draft, others: _Others) -> bool:
    """'opened mortar fire, one serviceman was martyred': of that fire."""
    return any(_near(draft, one) for one in others.blows)


def _idle_move(draft: Draft, others: _Others) -> bool:
    """'The peacekeepers have set up a post': they have not moved besides."""
    posts = (one for one in others.found if one.sub_type == "Headquarters or base established")
    if draft.rule != "change.deploy":
        return False
    fights = any(one.actor1 == draft.actor1 and one.claimant == draft.claimant for one in others.fights)
    return fights or any(_near(draft, one) for one in posts)  # 'have crossed the river and are advancing'


_Check = Callable[[Draft, _Others], bool]
_BY_RULE: Final[Mapping[str, _Check]] = {
    "battle.fire": _idle_fire,
    "battle.soldier_killed": _idle_loss,
    "battle.under_fire": _idle_fire,
    "shelling.under_fire": _idle_under_fire,
    "transfer.entered": _idle_entry,
}
_BY_TYPE: Final[Mapping[str, _Check]] = {
    "Armed clash": _idle_clash,
    "Looting/property destruction": _idle_damage,
    "Accusation": _idle_charge,
    # A call, a meeting or an end of a protest that the sentence tells says these already.
    "Appeal or statement": _idle_appeal,
    "Arrests": _idle_arrest,
    "Change to group/activity": _idle_move,
    "Talks or visit": _idle_visit,
}


def _overlap(one: Draft, other: Draft) -> bool:
    return one.action[0] < other.action[1] and other.action[0] < one.action[1]


def _near(one: Draft, other: Draft) -> bool:
    return one.where is None or other.where is None or one.where.place.place_id == other.where.place.place_id
