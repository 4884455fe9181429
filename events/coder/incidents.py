"""Several parties' words on one happening: which events of a feed are of one incident."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from events.coder.draft import VIOLENT, Draft
from events.coder.sides import Sides
from geodata.names import fold

__all__ = ["incidents"]

_ANSWERED: Final = 3
"""Days within which a denial answers what was said."""
_MET: Final = frozenset(("Talks or visit", "Agreement"))


def incidents(reports: Sequence[Sequence[Draft]], sides: Sides) -> dict[int, str]:
    """Return the incident's id for the drafts (by `id()`) that are one of several words on one happening.

    `reports` holds the drafts of each report. Blows are one happening where day, place and author agree, fighting where
    day and place do, talks and agreements where day and parties do. Two claimants make it an incident, or a denial by
    those it is laid to. An id tells day and place or parties, so that it stays when the feed grows.
    """
    happenings: dict[str, list[Draft]] = defaultdict(list)
    for drafts in reports:
        for draft in drafts:
            key = _key(draft, sides)
            if key:
                happenings[key].append(draft)
    found: dict[int, str] = {}
    for key, some in happenings.items():
        if len({draft.claimant for draft in some}) > 1:
            found.update((id(draft), key) for draft in some)
    for drafts in reports:
        for at, draft in enumerate(drafts):
            if draft.sub_type != "Denial" or not draft.actor1:
                continue
            before = drafts[max(0, at - _BACK) : at]
            beside = next((d for d in before if d.sub_type == "Denial" and d.sentence == draft.sentence), None)
            key, some = _denied(draft, before, happenings, sides)
            if not key and beside is not None:
                key = found.get(id(beside), "")  # 'Ankara and Baku deny it'
            if key:
                key = found.setdefault(id(draft), next((found[id(one)] for one in some if id(one) in found), key))
                for one in some:
                    found.setdefault(id(one), key)
    return found


_BACK: Final = 20


def _key(draft: Draft, sides: Sides) -> str:
    """What makes a happening one: its day with its place or its parties; '' for what only words or stretches tell."""
    if draft.day is None or draft.day_precision > 1 or draft.where is None:
        return ""
    day = draft.day.isoformat()
    if draft.sub_type in _MET and draft.actor2:
        return "-".join([day, *sorted({_named(actor) for actor in (*draft.actor1, *draft.actor2)})])
    if draft.kind not in VIOLENT or not draft.told:
        return ""
    place = draft.where.place.place_id
    if draft.kind == "Battles":
        return f"{day}-{place}" if draft.sub_type == "Armed clash" else f"{day}-{place}-taken"
    author = _side(sides.state_of(draft.actor1[0])) if draft.actor1 else ""
    return f"{day}-{place}-{fold(author)}" if author else ""


def _named(actor: str) -> str:
    return fold(actor.rpartition(" of ")[2]).replace(" ", "-")


def _side(state: str) -> str:
    """Armenia for the two that fought together."""
    return "Armenia" if state == "Artsakh" else state


def _denied(
    denial: Draft, before: Sequence[Draft], happenings: dict[str, list[Draft]], sides: Sides
) -> tuple[str, list[Draft]]:
    """What a denial denies, with its key: what is told of its place and laid to its author, else what was just told."""
    side = _side(sides.state_of(denial.actor1[0]))
    if denial.day is None or not side:
        return "", []

    def of_side(actors: tuple[str, ...]) -> bool:
        return any(_side(sides.state_of(actor)) == side for actor in actors)

    for away in range(_ANSWERED + 1):
        day = (denial.day - timedelta(days=away)).isoformat()
        for place in denial.about:
            for key in (f"{day}-{place}-{fold(side)}", f"{day}-{place}", f"{day}-{place}-taken"):
                some = [one for one in happenings.get(key, ()) if not of_side(one.claimant)]
                if some:
                    return key, some
    told = next((one for one in reversed(before) if _deniable(one) and not of_side(one.claimant)), None)
    if told is None or not of_side((*told.actor1, *told.actor2)):
        return "", []
    place = told.where.place.place_id if told.where is not None else ""
    elsewhere = denial.about and told.kind in VIOLENT and place not in denial.about
    key = _key(told, sides) or f"{(told.day or denial.day).isoformat()}-{place}"
    return ("", []) if elsewhere else (key, [told])


def _deniable(draft: Draft) -> bool:
    return draft.kind in VIOLENT or draft.sub_type in ("Accusation", "Casualty count", "Change to group/activity")
