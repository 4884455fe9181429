"""The page, as a house with five rooms: head, choices, map, events, time."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.layout import legend
from dashboard.layout.aria import aria
from dashboard.state import LANGUAGES

MAP_CONFIG: Any = {"displayModeBar": False, "scrollZoom": True, "doubleClick": False, "responsive": True}
TIMELINE_CONFIG: Any = {"displayModeBar": False, "responsive": True, "doubleClick": False}
EMPTY_FIGURE = {"data": [], "layout": {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)",
                                       "xaxis": {"visible": False}, "yaxis": {"visible": False}}}  # fmt: skip

FACETS = (
    (ids.TYPES, "Event type", True),
    (ids.SUB_TYPES, "Sub-type", False),
    (ids.ACTORS, "Actor", True),
    (ids.CLAIMANTS, "Who says", False),
    (ids.PLACES, "Place", False),
    (ids.PRECISIONS, "Precision", False),
)


_ROOMS = (("the filters", "choices"), ("the map", "map-room"), ("the events", ids.LIST), ("the days", "time"))


def page(first: dict[str, Any], *, takes_files: bool, codes_feeds: bool = True) -> Component:
    """The whole page, before anything was asked; `first` is the map until then."""
    return html.Div(
        [
            *(html.A(f"Skip to {what}", href=f"#{where}", className="skip") for what, where in _ROOMS),
            *_memory(first),
            _head(takes_files=takes_files, codes_feeds=codes_feeds),
            html.Div(
                [_choices(), _map(), _events()],
                className="rooms",
            ),
            _time(),
            html.P(id="printed", className="printed", **aria(hidden="true")),
        ],
        className="page",
        id="page",
    )


def _memory(first: dict[str, Any]) -> Sequence[Component]:
    return [
        dcc.Location(id=ids.LOCATION, refresh=False),
        dcc.Store(id=ids.ASKED),
        dcc.Store(id=ids.OPENED),
        dcc.Store(id=ids.QUERY),
        dcc.Store(id=ids.VIEWPORT),
        dcc.Store(id=ids.DATES),
        dcc.Store(id=ids.CHOSEN),
        dcc.Store(id=ids.FACETS),
        dcc.Store(id=ids.LISTED),
        dcc.Store(id=ids.FIRST, data=first),
        dcc.Store(id=ids.DRAWN),
        dcc.Store(id=ids.SCALE, data=[]),
        dcc.Store(id=ids.SOUGHT),
        dcc.Store(id=ids.THEME),
        dcc.Store(id=ids.DRAWERS),
        dcc.Interval(id=ids.CLOCK, interval=900, disabled=True),
    ]


def _head(*, takes_files: bool, codes_feeds: bool) -> Component:
    return html.Header(
        [
            html.Div(
                [html.H1("Contact Line"), html.Span(id=ids.SOURCE, className="source-name")],
                className="brand",
            ),
            html.P(id=ids.COUNTS, className="counts", role="status", **aria(live="polite")),
            html.Div(
                [
                    html.Button("Filters", id=ids.FILTERS_BUTTON, className="phone-only", **aria(expanded="false")),
                    html.Button("Events", id=ids.EVENTS_BUTTON, className="phone-only", **aria(expanded="false")),
                    html.Fieldset(
                        [
                            html.Legend("Names of places in", className="hidden"),
                            html.Span("Names", className="names-label", **aria(hidden="true")),
                            dcc.RadioItems(
                                id=ids.NAMES,
                                options=[
                                    {"label": html.Abbr(k.upper(), title=v), "value": k} for k, v in LANGUAGES.items()
                                ],
                                value="en",
                                inline=True,
                                className="segments",
                            ),
                        ]
                    ),
                    *(_code() if codes_feeds else ()),
                    *(_open_file() if takes_files else ()),
                    html.Button("Share", id=ids.SHARE, title="Copy the address of exactly this view"),
                    html.Details(
                        [html.Summary("Download"), html.Div(id=ids.DOWNLOADS, className="menu")],
                        className="menu-holder",
                    ),
                    html.Button("◐", id=ids.THEME_BUTTON, title="Light or dark", **aria(label="Light or dark theme")),
                ],
                className="tools",
            ),
        ],
        className="head",
    )


def _code() -> Sequence[Component]:
    """The way to the page where a live feed becomes events."""
    told = "Paste a live feed or an article, get its events, correct and keep them"
    return (html.A("Code a feed", href="/code", className="button", title=told),)


def _open_file() -> Sequence[Component]:
    """A button that opens a file (assets/files.js), and the dialog that says what the file is."""
    return (
        html.Button("Open a file", id=ids.FILE, title="A table of events: CSV, XLSX, ACLED, GED, GDELT, GeoJSON…"),
        html.Dialog(id=ids.FILE_REPORT, **aria(label="What the file is")),
    )


def _choices() -> Component:
    return html.Aside(
        [
            html.Div(
                [
                    html.Label("Find a place, actor or word", htmlFor=ids.SEARCH, className="hidden"),
                    dcc.Input(
                        id=ids.SEARCH,
                        type="search",
                        placeholder="Find a place, actor, word…",
                        autoComplete="off",
                        maxLength=100,
                        value="",
                    ),
                    html.Div(id=ids.FOUND, className="found", role="region", **aria(label="Found")),
                ],
                className="search-box",
            ),
            dcc.Input(id=ids.WORDS, type="hidden", value=""),
            html.Div(id=ids.CHIPS, className="chips"),
            *(_facet(*facet) for facet in FACETS),
        ],
        className="choices drawer",
        id="choices",
        tabIndex="-1",
        **aria(label="Filters"),
    )


def _facet(component_id: str, title: str, is_open: bool) -> Component:
    return html.Details(
        [
            html.Summary(title),
            html.Div(id=component_id, className="facet", role="group", **aria(label=title)),
        ],
        open=is_open,
        className="facet-holder",
    )


def _map() -> Component:
    return html.Main(
        [
            html.Div(id=ids.NOTICE, role="alert"),
            html.Div("The map is loading…", id=ids.STATUS, role="status", className="status"),
            dcc.Graph(id=ids.MAP, figure=EMPTY_FIGURE, config=MAP_CONFIG, responsive=True, className="map"),
            html.P(id=ids.MAP_TEXT, className="hidden", **aria(live="polite")),
            html.Div(
                [
                    html.P(id=ids.PART, role="status", className="part"),
                    dcc.Checklist(
                        id=ids.ONLY_VIEW,
                        options=[{"label": "Count only what the map shows", "value": "on"}],
                        value=[],
                    ),
                    html.P(id=ids.REST, className="rest"),
                    legend.key(),
                ],
                className="map-bar",
            ),
            legend.legend(),
        ],
        className="map-room",
        id="map-room",
        tabIndex="-1",
        **aria(label="Map of the events"),
    )


def _events() -> Component:
    return html.Aside(
        [
            html.Div(id=ids.DETAIL, className="detail", **aria(live="polite")),
            html.Div(id=ids.LIST, className="list", tabIndex="-1"),
        ],
        className="events drawer",
        id="events",
        **aria(label="Events"),
    )


def _time() -> Component:
    return html.Footer(
        [
            html.Div(
                [
                    html.Button("▶ Play", id=ids.PLAY, **aria(pressed="false")),
                    html.Label(
                        [
                            html.Span("Play mode", className="hidden"),
                            dcc.RadioItems(
                                id=ids.PLAY_MODE,
                                options=[
                                    {"label": "window", "value": "window"},
                                    {"label": "cumulative", "value": "cumulative"},
                                ],
                                value="window",
                                inline=True,
                                className="segments",
                            ),
                        ]
                    ),
                    html.Button("‹ Step", id=ids.STEP_BACK, title="To the step before"),
                    html.Button("Step ›", id=ids.STEP_ON, title="To the next step"),
                    html.Span(className="push"),
                    html.Label(["From ", _day_input(ids.DATE_FROM)]),
                    html.Label(["to ", _day_input(ids.DATE_TO)]),
                    html.Button("All days", id=ids.ALL_DAYS),
                    html.Span(id=ids.DAYS_TEXT, className="days-text", role="status"),
                ],
                className="time-bar",
            ),
            html.Div(
                dcc.Graph(id=ids.TIMELINE, figure=EMPTY_FIGURE, config=TIMELINE_CONFIG, responsive=True),
                className="timeline",
            ),
            html.Div(
                dcc.RangeSlider(
                    id=ids.SLIDER,
                    min=0,
                    max=1,
                    step=1,
                    value=[0, 1],
                    marks=None,
                    pushable=1,
                    allow_direct_input=False,
                    updatemode="mouseup",
                    disabled=True,
                ),
                className="slider",
            ),
        ],
        className="time",
        id="time",
        tabIndex="-1",
        **aria(label="Time"),
    )


def _day_input(component_id: str) -> Component:
    return dcc.Input(
        id=component_id,
        type="text",
        placeholder="2020-10-02",
        maxLength=20,
        size="10",
        debounce=True,
        autoComplete="off",
        value="",
    )
