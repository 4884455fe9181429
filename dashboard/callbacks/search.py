"""The search box: places in any script, actors by any name, words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output, State

from dashboard import ids, words
from dashboard.layout import parts
from dashboard.places import fit, namer, remark
from dashboard.shelf import Shelf
from dashboard.state import View, ViewState, parse_query
from events.filters import EventFilter, Vocabulary
from events.store import EventStore
from geodata.gazetteer import Place
from geodata.names import fold

MOST_OF_A_KIND = 6
_AIR = 0.1  # degrees around several places
_ZOOM = {"country": 5.5, "province": 7.5, "region": 7.5, "district": 8.5, "line": 7.5, "corridor": 9.0, "city": 9.5}


def register(app: Dash, shelf: Shelf) -> None:
    """Answer what is typed with links that narrow the view."""

    @app.callback(
        Output(ids.FOUND, "children"),
        Input(ids.SOUGHT, "data"),
        State(ids.QUERY, "data"),
        prevent_initial_call=True,
    )
    def search(text: str | None, query: str | None) -> list[Any]:
        text = (text or "").strip()[:100]
        if not fold(text):
            return []
        looked, state, _ = shelf.view(parse_query(query or ""))
        return parts.found(suggest(text, state, looked.store, looked.store.vocabulary()))


def suggest(
    text: str, state: ViewState, store: EventStore, vocabulary: Vocabulary
) -> dict[str, list[tuple[str, str, str]]]:
    """What a text may mean: group → (text, remark, address of the view narrowed to it)."""
    wanted = state.filter
    holding = store.count(EventFilter(words=text))
    counted = store.facets(EventFilter())
    return {
        "Places": _places(text, state, dict(counted["places"]), vocabulary),
        "Actors": [
            (actor, words.events(n), state.narrowed(actors=_with(wanted.actors, actor)))
            for actor, n in _actors(text, counted["actors"], vocabulary)
        ],
        "Words": [(f"“{text}”", words.events(holding), state.narrowed(words=text))] if holding else [],
    }


def _places(
    text: str, state: ViewState, counts: Mapping[str, int], vocabulary: Vocabulary
) -> list[tuple[str, str, str]]:
    name = namer(vocabulary, state.names)
    chosen = [key for key in state.filter.places if counts.get(key)]
    found = []
    for match in vocabulary.gazetteer.find(text, limit=MOST_OF_A_KIND):
        place = match.place
        n = counts.get(place.place_id, 0)
        told = remark(match, words.events(n) if n else "no events")
        href = state.link(
            view=_look_at([place, *(p for key in chosen if (p := vocabulary.gazetteer.get(key)))] if n else [place]),
            cell=None,
            event="",
            filter=state.filter if not n else replace(state.filter, places=_with(state.filter.places, place.place_id)),
        )
        found.append((name(place.place_id, place.name_en), told, href))
    return found


def _look_at(places: Sequence[Place]) -> View:
    """The first place, and the others that are chosen beside it."""
    if all(place == places[0] for place in places):
        return View(places[0].latitude, places[0].longitude, _ZOOM.get(places[0].kind, 10.5))
    lats, lons = [p.latitude for p in places], [p.longitude for p in places]
    return fit((min(lons) - _AIR, min(lats) - _AIR, max(lons) + _AIR, max(lats) + _AIR))


def _actors(text: str, counted: Sequence[tuple[str, int]], vocabulary: Vocabulary) -> list[tuple[str, int]]:
    wanted = f" {fold(text)}"  # a word's beginning: 'nk' is no part of Ankara
    return [
        (actor, n)
        for actor, n in counted
        if any(wanted in f" {fold(name)}" for name in vocabulary.codebook.actor_names(actor))
    ][:MOST_OF_A_KIND]


def _with(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return (*values, value) if value not in values else values
