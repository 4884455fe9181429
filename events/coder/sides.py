"""Who is against whom, who held a place on a day, and where each party has its seat."""

import json
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from events.coder.rules import Rules
from geodata.control import control_on
from geodata.gazetteer import Gazetteer, Place

__all__ = ["Sides"]

_ENEMIES: Final = {"Azerbaijan": "Armenia", "Armenia": "Azerbaijan", "Artsakh": "Azerbaijan"}
_MOST_HELD: Final = 50_000  # answers that a coder remembers: of places on days
_ARMENIAN: Final = frozenset(("armenian", "peacekeepers"))


class Sides:
    """Built once from the rules' table of states and the gazetteer."""

    def __init__(self, rules: Rules, gazetteer: Gazetteer):
        self._states: dict[str, Any] = rules.actors["states"]
        self._seats: dict[str, str] = rules.actors["seats"]
        self._gazetteer = gazetteer
        self._held: dict[tuple[str, date], str] = {}

    def state_of(self, actor: str) -> str:
        """The state an actor belongs to ('Government of Armenia' → Armenia), '' for an organisation."""
        for begin in ("Government of ", "Military Forces of ", "Police Forces of "):
            if actor.startswith(begin):
                return actor.removeprefix(begin)
        if actor.endswith(")") and "(" in actor:
            return actor[actor.rindex("(") + 1 : -1]
        if actor == "Russian Peacekeeping Forces":
            return "Russia"
        return ""

    def enemy(self, state: str) -> str:
        """The other side of the war, '' for who is not in it."""
        return _ENEMIES.get(state, "")

    def seat(self, actor: str) -> Place | None:
        """Where an actor's words are placed when the report does not say where they were said."""
        own = self._seats.get(actor)
        if own is None:
            state = self._states.get(self.state_of(actor))
            own = state["seat"] if state is not None else None
        return self._place(own) if own else None

    def _place(self, place_id: str) -> Place | None:
        found = self._gazetteer.get(place_id)
        if found is not None:
            return found
        named = self._gazetteer.resolve(place_id.replace("-", " "))
        return named[0] if named else None

    def holder(self, place: Place, day: date) -> str:
        """The state whose side held a place on a day: Artsakh, Armenia, Azerbaijan, or the country it lies in."""
        key = (place.place_id, day)
        held = self._held.get(key)
        if held is None:
            if len(self._held) >= _MOST_HELD:
                self._held.clear()
            held = self._held[key] = self._find_holder(place, day)
        return held

    def _find_holder(self, place: Place, day: date) -> str:
        if place.place_id in _ALWAYS_ARTSAKH:
            return "Artsakh"
        if place.country != "Azerbaijan":
            return place.country
        area = _area_of(place.longitude, place.latitude)
        if area is None:
            return "Azerbaijan"
        states = {state.area_id: state for state in control_on(day)}
        state = states.get(area)
        if state is None:
            return "Azerbaijan"
        if state.party == "contested":
            # Who held it before the fight is who is fought there.
            return "Artsakh"
        return "Artsakh" if state.party in _ARMENIAN else "Azerbaijan"


_ALWAYS_ARTSAKH: Final = frozenset(("nagorno-karabakh", "lachin-corridor"))


@lru_cache(maxsize=1)
def _areas() -> list[tuple[str, list[list[tuple[float, float]]]]]:
    text = (resources.files("geodata.data") / "control_areas.geojson").read_text(encoding="utf-8")
    found = []
    for feature in json.loads(text)["features"]:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        found.append((feature["properties"]["area_id"], [[(x, y) for x, y, *_ in polygon[0]] for polygon in polygons]))
    return found


@lru_cache(maxsize=4096)
def _area_of(longitude: float, latitude: float) -> str | None:
    """The area of the control table around a point (WGS84 degrees), None outside all."""
    for area_id, rings in _areas():
        if any(_inside(longitude, latitude, ring) for ring in rings):
            return area_id
    return None


def _inside(x: float, y: float, ring: list[tuple[float, float]]) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
