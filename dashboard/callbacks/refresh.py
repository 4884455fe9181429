"""From the controls to what is shown: one round of queries for one change."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args

import sqlalchemy as sa
from dash import Dash, Input, Output, Patch, State, no_update

from dashboard import ids, palette
from dashboard.figures import map as map_figure
from dashboard.figures import timeline as timeline_figure
from dashboard.layout import parts
from dashboard.places import WORLD, fit, home_views, namer, seen, selected
from dashboard.shelf import Looked, Shelf
from dashboard.state import View, ViewState
from events.counts import Cell, Facets
from events.filters import PRECISIONS, BBox, EventFilter, parse_bbox
from events.store import Row
from geodata.basemap import Theme
from geodata.control import control_on

PAGE_OF_LIST = 60
_LOOKED_AT = "lat", "lon", "zoom"
_ON_THE_BARS = *_LOOKED_AT, "from", "to", "event", "cell", "page"
"""Keys of an address that change where the map looks; and those that leave the histogram as it is."""
FIRST_SIZES = (1400, 900), (600, 900)  # pixels of a map whose marks are there at once: on a wide screen, on a phone

_FACETS = (
    ("types", "type", ids.TYPES),
    ("sub_types", "subtype", ids.SUB_TYPES),
    ("actors", "actor", ids.ACTORS),
    ("claimants", "claimant", ids.CLAIMANTS),
    ("places", "place", ids.PLACES),
    ("precisions", "precision", ids.PRECISIONS),
)
"""Part of the filter, its key in the address, and the list of choices that holds its values."""

_ALWAYS = {
    "map": Output(ids.MAP, "figure"),
    "drawn": Output(ids.DRAWN, "data"),
    "query": Output(ids.QUERY, "data"),
    "counts": Output(ids.COUNTS, "children"),
    "rest": Output(ids.REST, "children"),
    "map_text": Output(ids.MAP_TEXT, "children"),
    "part": Output(ids.PART, "children"),
    "timeline": Output(ids.TIMELINE, "figure"),
}
_WHEN_ASKED_ANEW = {
    "listed": Output(ids.LISTED, "data"),
    "facets": Output(ids.FACETS, "data"),
    "detail": Output(ids.DETAIL, "children"),
    "chips": Output(ids.CHIPS, "children"),
    "downloads": Output(ids.DOWNLOADS, "children"),
}


def register(app: Dash, shelf: Shelf) -> None:
    """Ask the store anew whenever a control or the map's view changes."""

    @app.callback(
        output={**_ALWAYS, **_WHEN_ASKED_ANEW},
        inputs={
            "chosen": Input(ids.CHOSEN, "data"),
            "words": Input(ids.WORDS, "value"),
            "names": Input(ids.NAMES, "value"),
            "only_view": Input(ids.ONLY_VIEW, "value"),
            "dates": Input(ids.DATES, "data"),
            "opened": Input(ids.OPENED, "data"),
            "viewport": Input(ids.VIEWPORT, "data"),
            "theme": Input(ids.THEME, "data"),
            "before": State(ids.QUERY, "data"),
            "drawn": State(ids.DRAWN, "data"),
        },
        running=[(Output(ids.STATUS, "children"), "Loading…", "")],
        prevent_initial_call=True,
    )
    def refresh(*, before: str | None, drawn: dict[str, Any] | None, theme: str | None, **given: Any) -> dict[str, Any]:
        if not given["viewport"]:
            return dict.fromkeys({**_ALWAYS, **_WHEN_ASKED_ANEW}, no_update)
        looked, state, _ = shelf.view(_as_query(given))
        picture = Picture(looked, state, given["viewport"], theme or "light")
        # Only what depends on where the map looks is made anew when it alone has moved, and no bar for other days.
        drawn = drawn or {}
        moved_only = (
            before is not None  # the first answer is all of it
            and drawn.get("look") == picture.look
            and _less(before, _LOOKED_AT) == _less(state.to_query(), _LOOKED_AT)
        )
        rest = dict.fromkeys(_WHEN_ASKED_ANEW, no_update) if moved_only else picture.panels()
        return {**picture.map_parts(drawn), **rest}


def _as_query(given: Mapping[str, Any]) -> dict[str, list[str]]:
    """The controls' values as the keys and values of an address: they are judged by the same parser."""
    chosen = given["chosen"] or {}
    query = {key: [str(v) for v in chosen.get(key) or []] for _, key, _ in _FACETS}
    first, last = given["dates"] or (None, None)
    opened, viewport = given["opened"] or {}, given["viewport"]
    query |= {
        "from": [first or ""],
        "to": [last or ""],
        "q": [given["words"] or ""],
        "names": [given["names"] or "en"],
        "cell": [opened.get("cell") or ""],
        "event": [opened.get("event") or ""],
        "page": [str(opened.get("page") or "")],
        "data": [str(opened.get("data") or "")],
        **{key: [str(viewport.get(key, ""))] for key in ("lat", "lon", "zoom")},
    }
    if given["only_view"]:
        asked_for = opened.get("bbox") if not viewport.get("moved") else None
        query["bbox"] = [",".join(str(v) for v in asked_for or viewport["bbox"])]
    return {key: values for key, values in query.items() if any(values)}


def _view_bbox(viewport: Mapping[str, Any]) -> BBox:
    try:
        return parse_bbox(",".join(str(v) for v in viewport["bbox"]))
    except (ValueError, KeyError, TypeError):
        return (-180.0, -90.0, 180.0, 90.0)


def _page_width(viewport: Mapping[str, Any]) -> int:
    width = viewport.get("width")
    return int(width) if isinstance(width, int | float) and 200 <= width <= 10_000 else 1200


def _less(query: str, keys: Sequence[str]) -> list[str]:
    return [part for part in query.split("&") if part and part.partition("=")[0] not in keys]


def first(shelf: Shelf) -> dict[str, Any]:
    """By theme: the map at home before the first answer is there, and what `drawn` says of it.

    The browser draws it while it waits, with the marks of the view it begins with where nothing is filtered, unless
    the address asks to look elsewhere. Nothing where the database does not answer: the page comes all the same, and
    says so.
    """
    try:
        return _first(shelf.served)
    except sa.exc.SQLAlchemyError:
        return {}


def _first(looked: Looked) -> dict[str, Any]:
    views = home_views(looked.store)
    control = control_on(_last_day(looked, EventFilter()))
    names = namer(looked.store.vocabulary(), "en")
    found: list[tuple[View, list[Cell]]] = [
        # None of a part of the events: that it is one is told with the answer.
        (view, [] if looked.part_of else looked.store.cells(EventFilter(), seen(view, *size), view.zoom))
        for view, size in zip(views, FIRST_SIZES, strict=True)
    ]
    return {
        theme: {
            "figure": map_figure.figure(
                map_figure.traces([], control, None, theme, names, views[0].zoom), views[0], theme, "en", 0
            ),
            "marked": [
                {"view": asdict(view), "data": map_figure.traces(cells, control, None, theme, names, view.zoom)}
                for view, cells in found
            ],
            "drawn": {"look": _look(theme, "en"), "jump": 0},
        }
        for theme in get_args(Theme)
    }


def _look(theme: Theme, names: str) -> str:
    return f"{theme} {names}"


def _last_day(looked: Looked, wanted: EventFilter) -> dt.date:
    """The day on which the ground is shown: the last that is chosen."""
    if wanted.date_to:
        return wanted.date_to
    return looked.scale.slots[-1].last if looked.scale.slots else dt.date(2020, 9, 26)


class Picture:
    """Everything the page shows of one view."""

    def __init__(self, looked: Looked, state: ViewState, viewport: Mapping[str, Any], theme: str) -> None:
        self.store = looked.store
        self.scale = looked.scale
        self.part_of = looked.part_of
        self.vocabulary = looked.store.vocabulary()
        self.state = state
        self.bbox = _view_bbox(viewport)
        self.width = _page_width(viewport)
        self.jump = viewport.get("jump") or 0
        self.theme: Theme = "dark" if theme == "dark" else "light"
        self.look = _look(self.theme, state.names)
        # What the histogram depends on.
        self.bars = [self.theme, self.width, looked.version, *_less(state.to_query(), _ON_THE_BARS)]
        self.last_day = _last_day(looked, state.filter)
        self.place_name = namer(self.vocabulary, state.names)
        self.event: Row | None = self.store.event(state.event) if state.event else None

    def map_parts(self, drawn: Mapping[str, Any]) -> dict[str, Any]:
        """The map and what is said of it, and the histogram where it is another."""
        state = self.state
        view = state.view or WORLD
        cells = self.store.cells(state.filter, self.bbox, view.zoom)
        totals = self.store.totals(state.filter, self.bbox)
        chosen = selected(self.event, self.vocabulary)
        ground = control_on(self.last_day)
        data = map_figure.traces(cells, ground, chosen, self.theme, self.place_name, view.zoom)
        return {
            "map": self._figure_or_patch(data, view, drawn),
            "drawn": {"look": self.look, "jump": self.jump, "bars": self.bars},
            "query": state.to_query(),
            "counts": parts.counts(totals),
            "rest": parts.rest(totals, state, self._everything() if totals.outside else None),
            "map_text": parts.map_text(cells, self.place_name),
            "part": parts.part(self.store.total(), self.part_of),
            "timeline": no_update if drawn.get("bars") == self.bars else self._histogram(),
        }

    def panels(self) -> dict[str, Any]:
        """All that does not depend on where the map looks."""
        state, wanted = self.state, self.state.filter
        view = state.view or WORLD
        # All at once: what the map asks for finds its answer afterwards.
        looked = self.store.look(wanted, self.bbox, view.zoom, self.scale.unit)
        return {
            "listed": self._list(),
            "detail": self._detail(),
            "chips": parts.chips(state, self.place_name),
            "downloads": parts.downloads(state),
            "facets": self._facets(wanted, looked.facets),
        }

    def _histogram(self) -> dict[str, Any]:
        """The bars of all days: which of them are chosen, the browser shows (assets/histogram.js)."""
        counts = self.store.timeline(self.state.filter.without("date_from", "date_to"), self.scale.unit)
        return timeline_figure.figure(self.scale, counts, self.theme, self.width)

    def _list(self) -> dict[str, Any]:
        wanted, cell, page = self.state.filter, self.state.cell, self.state.page
        matched = self.store.count(wanted, cell) if cell else self.store.totals(wanted, self.bbox).matched
        if not page and self.event:
            page = self.store.rank(wanted, self.event, cell) // PAGE_OF_LIST + 1
        last = max(1, -(-matched // PAGE_OF_LIST))
        page = min(max(1, page), last)
        rows = self.store.rows(
            wanted, offset=(page - 1) * PAGE_OF_LIST, limit=PAGE_OF_LIST, cell=cell, columns=parts.LISTED
        )
        return parts.event_list(rows, self.state, matched, self.place_name, page=page, last=last)

    def _facets(self, wanted: EventFilter, counted: Facets) -> list[dict[str, Any]]:
        labels: dict[str, Callable[[str], str]] = {
            "places": lambda key: self.place_name(key, key),
            "precisions": lambda key: PRECISIONS[key],
        }
        book = self.vocabulary.codebook
        # What comes from the codebook keeps its order, so that nothing jumps while one chooses.
        fixed = {"types": book.type_names, "sub_types": book.sub_type_names, "precisions": tuple(PRECISIONS)}
        found = []
        for name, key, component in _FACETS:
            lines = parts.choices(counted[name], getattr(wanted, name), labels.get(name, str), fixed.get(name, ()))
            if name == "types":
                lines = [[*line, *palette.mark(line[0])[:2]] for line in lines]
            found.append({"id": component, "key": key, "options": lines})
        return found

    def _detail(self) -> list[Any]:
        claims = self.store.claims(self.event) if self.event else []
        place = self.vocabulary.gazetteer.get(self.event["place_id"]) if self.event else None
        return parts.detail(self.event, claims, place, self.state, self.place_name)

    def _everything(self) -> View | None:
        extent = self.store.extent(self.state.filter, self.bbox)
        return fit(extent) if extent else None

    def _figure_or_patch(self, data: list[dict[str, Any]], view: View, drawn: Mapping[str, Any]) -> Any:
        """The whole figure for a new look; else only the marks, and a jump where the address asks for one."""
        if drawn.get("look") != self.look:
            return map_figure.figure(data, view, self.theme, self.state.names, self.jump)
        patch = Patch()
        for n, trace in enumerate(data):
            patch["data"][n] = trace
        if drawn.get("jump") != self.jump:
            patch["layout"]["map"]["center"] = {"lat": view.lat, "lon": view.lon}
            patch["layout"]["map"]["zoom"] = view.zoom
            patch["layout"]["uirevision"] = self.jump
        return patch
