"""The map: circles with counts for exact places, rings for areas, the selected event, who held the ground.

Scattermap draws only circles without fetching from a CDN, so a ring is a coloured circle under a plain one.
Positions are longitude and latitude in degrees (WGS84).
"""

import math
from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from dashboard import palette, words
from dashboard.state import View
from events.counts import Cell
from events.grid import TILE, CellKey, to_mercator
from events.store import Row
from geodata.basemap import BELOW_LINES, Language, Theme, control_colours, map_style
from geodata.control import ControlState

CONTROL_ASSET = "/assets/geo/control.geojson"
SMALLEST, LARGEST = 17.0, 46.0  # diameters in pixels: a sign, and a large count, are readable
_HALO = 16.0
ABOVE_ALL = ""  # what plotly.js takes for 'over every layer', labels too

# The places of the traces in the figure; a Patch writes to them by number. Plotly puts a trace that is empty below what
# the one before it is below, and leaves it there: so the ground, which is below the map's lines, comes last.
SELECTED, UNDER, AREAS, PLACES, SELECTED_AREA, CONTROL = range(6)


@dataclass(frozen=True)
class Selected:
    """The selected event's place, and the radius in kilometres within which it is known to lie (0: exact).

    `mark` is the diameter in pixels of the mark that stands for it.
    """

    lon: float
    lat: float
    radius_km: float
    mark: float = LARGEST

    @property
    def area(self) -> bool:
        """Whether a ring stands for it, and not a filled circle."""
        return self.radius_km > 0


def traces(
    cells: Sequence[Cell],
    control: Sequence[ControlState],
    selected: Selected | None,
    theme: Theme,
    place_name: Callable[[str, str], str],
    zoom: float,
) -> list[dict[str, Any]]:
    """The six traces, in the order of the constants above."""
    colours = palette.THEMES[theme]
    places = [c for c in cells if not c.area]
    areas = set_apart([c for c in cells if c.area], places, zoom)
    return [
        _selected(_on_its_mark(selected, [*places, *areas]), colours),
        _under(areas, places, colours),
        _circles(areas, place_name, fill=colours.surface, ink=colours.ink, shrink=7),
        _circles(places, place_name, fill=None, ink="#ffffff", shrink=0),
        _selected_area(selected, colours),
        _control(control, theme),
    ]


def figure(data: list[dict[str, Any]], view: View, theme: Theme, names: Language, jump: int) -> dict[str, Any]:
    """The whole figure. Where the user moves the map it stays until another `jump` is named (uirevision)."""
    colours = palette.THEMES[theme]
    return {
        "data": data,
        "layout": {
            "map": {
                "style": map_style(theme, names),
                "center": {"lat": view.lat, "lon": view.lon},
                "zoom": view.zoom,
            },
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "showlegend": False,
            "uirevision": jump,
            "dragmode": "pan",
            "hovermode": "closest",
            "hoverlabel": {
                "align": "left",
                "bgcolor": colours.surface,
                "bordercolor": colours.line,
                "font": {"size": 13, "color": colours.ink},
            },
            "paper_bgcolor": "rgba(0,0,0,0)",
        },
    }


def diameter(n: int) -> float:
    """Area follows the count, between a readable least and a most."""
    return min(LARGEST, SMALLEST + 3.1 * math.sqrt(n - 1))


def set_apart(areas: Sequence[Cell], places: Sequence[Cell], zoom: float) -> list[Cell]:
    """Move the rings of areas sideways where a place's circle or an earlier ring would hide them; places stay.

    A ring is not where its events happened, only that they did somewhere in the area; to be readable is its use.
    """
    per_pixel = 360 / (TILE * 2**zoom)  # degrees of longitude
    taken = sorted((place.lon, place.lat, diameter(place.n)) for place in places)
    moved = []
    for area in areas:
        lon, own = area.lon, diameter(area.n)
        widest = (own + LARGEST) / 2 * per_pixel
        flat = math.cos(math.radians(area.lat))
        for there, lat, size in taken[bisect_left(taken, (lon - widest,)) :]:
            if there - lon >= widest:
                break  # this mark and all behind it are too far off to hide the ring
            apart = (own + size) / 2 * per_pixel
            high = abs(lat - area.lat) / flat
            if high < apart and abs(there - lon) < (need := math.sqrt(apart**2 - high**2)):
                lon = there + need
        insort(taken, (lon, area.lat, own))
        moved.append(area._replace(lon=round(lon, 6)))
    return moved


def _on_its_mark(selected: Selected | None, cells: Sequence[Cell]) -> Selected | None:
    """The selected event where its own mark is drawn: a circle is at a mean position, and a ring may be set apart."""
    if selected is None or not cells:
        return selected
    grid = CellKey.parse(cells[0].key).grid
    column, row = (math.floor(metres / grid.size) for metres in to_mercator(selected.lon, selected.lat))
    key = str(CellKey(grid, column, row, selected.area))
    mark = next((cell for cell in cells if cell.key == key), None)
    return selected if mark is None else replace(selected, lon=mark.lon, lat=mark.lat, mark=diameter(mark.n))


def _under(areas: Sequence[Cell], places: Sequence[Cell], colours: palette.Theme) -> dict[str, Any]:
    """A pale rim around the circles of places; the coloured body of the rings."""
    cells = [*places, *areas]
    rim = [colours.surface] * len(places) + [palette.mark(c.types[0][0]).colour for c in areas]
    return {
        "type": "scattermap",
        "mode": "markers",
        "lon": [c.lon for c in cells],
        "lat": [c.lat for c in cells],
        "marker": {
            "size": [diameter(c.n) + (0 if c.area else 3) for c in cells],
            "color": rim,
            "opacity": 1,
            "allowoverlap": True,
        },
        "below": ABOVE_ALL,
        "hoverinfo": "skip",
    }


def _circles(
    cells: Sequence[Cell], place_name: Callable[[str, str], str], *, fill: str | None, ink: str, shrink: float
) -> dict[str, Any]:
    return {
        "type": "scattermap",
        "mode": "markers+text",
        "lon": [c.lon for c in cells],
        "lat": [c.lat for c in cells],
        "marker": {
            "size": [diameter(c.n) - shrink for c in cells],
            # One each, though they may be alike: see geodata.basemap on what a list saves.
            "color": [fill or palette.mark(c.types[0][0]).colour for c in cells],
            "opacity": 1,
            "allowoverlap": True,
        },
        "text": [_label(c) for c in cells],
        "textfont": {"color": ink, "size": 11, "weight": 600},
        "textposition": "middle center",
        "customdata": [[c.key, c.n, c.event_id] for c in cells],
        "hovertext": [_hover(c, place_name) for c in cells],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "below": ABOVE_ALL,
    }


def _label(cell: Cell) -> str:
    return palette.mark(cell.types[0][0]).sign if cell.n == 1 else str(cell.n)


def _hover(cell: Cell, place_name: Callable[[str, str], str]) -> str:
    # Plotly reads <b> and the like in a label: whatever a file says is escaped.
    if cell.place_key:
        title = escape(place_name(cell.place_key, cell.place))
    else:
        title = "Several areas" if cell.area else "Several places"
    lines = [f"<b>{title}</b> · {words.events(cell.n)}"]
    if cell.area:
        lines.append("known only to a district or region")
    lines += [f"{palette.mark(kind).sign} {escape(kind)}: {n}" for kind, n in cell.types]
    return "<br>".join(lines)


def _control(states: Sequence[ControlState], theme: Theme) -> dict[str, Any]:
    """Who held each area on the day; drawn pale, below every line and label."""
    colours = list(control_colours(theme).items())
    number = {party: n for n, (party, _) in enumerate(colours)}
    edges = [n / len(colours) for n in range(len(colours) + 1)]
    scale = [[edge, colour] for n, (_, colour) in enumerate(colours) for edge in (edges[n], edges[n + 1])]
    return {
        "type": "choroplethmap",
        "geojson": CONTROL_ASSET,
        "featureidkey": "id",
        "locations": [s.area_id for s in states],
        "z": [number[s.party] for s in states],
        "zmin": -0.5,
        "zmax": len(colours) - 0.5,
        "colorscale": scale,
        "showscale": False,
        "marker": {"opacity": 0.3, "line": {"width": 0}},
        "below": BELOW_LINES,
        "hoverinfo": "skip",
    }


def _selected(selected: Selected | None, colours: palette.Theme) -> dict[str, Any]:
    """A disc behind the circles, a little larger than the one that it is of."""
    return {
        "type": "scattermap",
        "mode": "markers",
        "lon": [selected.lon] if selected else [],
        "lat": [selected.lat] if selected else [],
        "marker": {
            "size": (selected.mark if selected else LARGEST) + _HALO,
            "color": colours.accent,
            "opacity": 0.4,
            "allowoverlap": True,
        },
        "below": ABOVE_ALL,
        "hoverinfo": "skip",
    }


def _selected_area(selected: Selected | None, colours: palette.Theme) -> dict[str, Any]:
    """A circle on the ground around the selected event, within which it is known to lie; none for an exact place."""
    lon: list[float] = []
    lat: list[float] = []
    if selected and selected.radius_km:
        km = selected.radius_km
        for step in range(49):
            turn = math.tau * step / 48
            lat.append(round(selected.lat + km / 111.32 * math.sin(turn), 5))
            lon.append(round(selected.lon + km / (111.32 * math.cos(math.radians(selected.lat))) * math.cos(turn), 5))
    return {
        "type": "scattermap",
        "mode": "lines",
        "lon": lon,
        "lat": lat,
        "line": {"color": colours.accent, "width": 2.5},
        "below": ABOVE_ALL,
        "hoverinfo": "skip",
    }


def selected_of(event: Row | None, radius_km: float) -> Selected | None:
    """What the map draws of the selected event; None when it has no place."""
    if event is None or event["latitude"] is None:
        return None
    exact = event["geo_precision"] == 1
    return Selected(event["longitude"], event["latitude"], 0.0 if exact else max(radius_km, 5.0))
