"""The legend: every mark that the map may draw, in words."""

from dash import html
from dash.development.base_component import Component

from dashboard import palette
from dashboard.layout.aria import aria
from geodata.basemap import control_colours
from geodata.control import PARTIES, party_name

_KEYS = (
    ("/", "find"),
    ("↑ ↓", "through the list"),
    ("← →", "on a handle: a day"),
    ("Esc", "close"),
)


def sign(event_type: str) -> Component:
    """The coloured sign of an event type; its name stands beside it, so it is hidden from screen readers."""
    mark = palette.mark(event_type)
    return html.Span(mark.sign, className="sign", style={"backgroundColor": mark.colour}, **aria(hidden="true"))


def legend() -> Component:
    """What the marks of the map mean."""
    return html.Details(
        [
            html.Summary("Legend"),
            html.Ul(
                [
                    html.Li([html.Span("3", className="mark-place"), "events in a named town or village"]),
                    html.Li([html.Span("3", className="mark-area"), "events known only to a district or region"]),
                    html.Li([html.Span(className="mark-selected"), "the selected event, and how far it may lie off"]),
                    *(html.Li([sign(kind), kind]) for kind in palette.TYPES),
                    *(html.Li([_ground(control_colours()[party]), party_name(party)]) for party in PARTIES),
                    html.Li("Circles take the colour of the leading type. Ground: last chosen day, approximate."),
                ]
            ),
            html.P([html.Span([html.Kbd(keys), f" {does}"]) for keys, does in _KEYS], className="keys"),
        ],
        className="legend",
        open=False,
    )


def key() -> Component:
    """The two marks that must not be taken for each other, always in sight."""
    return html.P(
        [
            html.Span(className="mark-place small"),
            "in a named place ",
            html.Span(className="mark-area small"),
            "known only to a district or region",
        ],
        className="key",
    )


def _ground(colour: str) -> Component:
    return html.Span(className="mark-ground", style={"backgroundColor": colour})
