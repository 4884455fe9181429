"""Whether a draft stands, now that its actors, place and day are known."""

from datetime import date, timedelta
from typing import Final

from events.coder.draft import VIOLENT, Draft, Scene
from events.coder.placing import WIDE
from events.coder.sides import Sides

__all__ = ["credible"]

_LONG: Final = timedelta(days=2)
# What was handed over under the statement of 9 November 2020, and when.
_GIVEN_UP: Final = frozenset(f"{name}{part}" for name in ("aghdam", "kalbajar", "lachin") for part in ("", "-district"))
_HANDED_OVER: Final = (date(2020, 11, 11), date(2020, 12, 31))


def credible(scene: Scene, draft: Draft, sides: Sides) -> bool:
    """Whether a draft is an event; a town or district taken is filed by who took it, and by when."""
    if draft.sub_type == "Government regains territory" and not _taken(draft, sides):
        return False
    if draft.kind in ("Protests", "Riots"):
        return draft.where is not None
    near = draft.told and draft.where is not None and draft.where.place.kind not in WIDE
    if draft.kind in VIOLENT and not near and _all_along(scene):
        return False
    if draft.rule in ("battle.fighting", "conflict") and not near and not draft.day_told:
        # That there is a war is no event, unless somebody tells it of a place or a day.
        return bool(scene.reading.paper) or (bool(scene.read.parsed.frames) and draft.claimant != scene.publisher)
    return True


def _all_along(scene: Scene) -> bool:
    """'has been shelling the region since September 27': the war, and nothing of today's."""
    today = scene.reading.today
    return any(named.kind == "since" and today - named.day >= _LONG for named in scene.read.days)


def _taken(draft: Draft, sides: Sides) -> bool:
    state = sides.state_of(draft.actor1[0]) if draft.actor1 else ""
    given_up = draft.where is not None and draft.where.place.place_id in _GIVEN_UP
    if state == "Artsakh":
        draft.sub_type = "Non-state actor overtakes territory"
    elif given_up and draft.day is not None and _HANDED_OVER[0] <= draft.day <= _HANDED_OVER[1]:
        draft.sub_type, draft.kind = "Non-violent transfer of territory", "Strategic developments"
    return state in ("Artsakh", "Azerbaijan", "Armenia", "")
