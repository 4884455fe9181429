"""From an address to the controls: the one place where an address is opened."""

from dataclasses import asdict
from typing import Any

from dash import Dash, Input, Output, State, no_update

from dashboard import ids
from dashboard.layout import parts
from dashboard.places import home_views, selected
from dashboard.shelf import Shelf
from dashboard.state import ViewState, parse_query
from events.filters import KEYS
from events.store import EventStore


def register(app: Dash, shelf: Shelf) -> None:
    """Open an address: controls take its values, what cannot be used is named."""

    @app.callback(
        output={
            "opened": Output(ids.OPENED, "data"),
            "notice": Output(ids.NOTICE, "children"),
            "chosen": Output(ids.CHOSEN, "data"),
            "words": Output(ids.WORDS, "value"),
            "only_view": Output(ids.ONLY_VIEW, "value"),
            "names": Output(ids.NAMES, "value"),
            "search": Output(ids.SEARCH, "value"),
            "scale": Output(ids.SCALE, "data"),
            "slots": Output(ids.SLIDER, "max"),
            "no_slots": Output(ids.SLIDER, "disabled"),
            "source": Output(ids.SOURCE, "children"),
        },
        inputs={"asked": Input(ids.ASKED, "data")},
        state={"typed": State(ids.SEARCH, "value")},
        prevent_initial_call=True,
    )
    def open_address(asked: dict[str, Any], typed: str | None) -> dict[str, Any]:
        looked, state, problems = shelf.view(parse_query(str(asked.get("search") or "")))
        slots = [[slot.first.isoformat(), slot.last.isoformat()] for slot in looked.scale.slots]
        return {
            **controls(state, looked.store),
            "search": "" if typed else no_update,  # nothing to find: nothing to ask
            "notice": parts.notice(problems),
            "scale": slots,
            "slots": max(len(slots), 1),
            "no_slots": not slots,
            "source": parts.source(looked.name, state),
        }


def controls(state: ViewState, store: EventStore) -> dict[str, Any]:
    """The value of each control for a view."""
    wanted = state.filter
    event = store.event(state.event) if state.event else None
    chosen = selected(event, store.vocabulary())
    view = state.view
    return {
        "opened": {
            "view": None if view is None else asdict(view),
            "home": [asdict(one) for one in home_views(store)],
            "point": None if chosen is None else [chosen.lon, chosen.lat],
            "radius": 0.0 if chosen is None else chosen.radius_km,
            "bbox": wanted.bbox,
            "dates": [day.isoformat() if day else None for day in (wanted.date_from, wanted.date_to)],
            "cell": str(state.cell) if state.cell else "",
            "event": state.event,
            "page": state.page,
            "data": state.data,
        },
        "chosen": {key: list(value) for key, name in KEYS.items() if isinstance(value := getattr(wanted, name), tuple)},
        "words": wanted.words,
        "only_view": ["on"] if wanted.bbox else [],
        "names": state.names,
    }
