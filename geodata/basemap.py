"""The map style: bundled layers drawn by MapLibre with no other host, no map token, no fonts to fetch.

`map_style` gives a whole style (version 8) for `layout.map.style` of a plotly figure. Its sources are the GeoJSON
assets of `geodata.build_basemap`, by URL, so a figure carries about 10 kB of style and the browser fetches and
caches the shapes once. With no `glyphs` key MapLibre draws labels with the fonts of the reader's machine.

An absolute path such as '/assets/geo' is enough for `base_url`: MapLibre resolves it against the page's address
before its worker fetches it (seen with plotly.js 4.1). An app served below a prefix passes its own, for example
`app.get_asset_url("geo")`.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

__all__ = [
    "ATTRIBUTION",
    "BELOW_LABELS",
    "BELOW_LINES",
    "Language",
    "Theme",
    "control_colours",
    "map_style",
]

Theme = Literal["light", "dark"]
"""Palettes."""

Language = Literal["en", "hy", "az", "ru"]
"""Languages of the labels."""

ATTRIBUTION: Final = "Natural Earth"
"""Whom the shapes are from. Public domain: naming them is a courtesy, not a duty."""

BELOW_LINES: Final = "district-lines"
"""Layer id for a trace's `below`: above land and lakes, under every line. For areas such as control."""

BELOW_LABELS: Final = "label-lake"
"""Layer id for a trace's `below`: above every line, under the labels."""


@dataclass(frozen=True, slots=True)
class _Palette:
    sea: str
    lake: str
    far: str
    land: str
    home: str
    coast: str
    border: str
    district: str
    oblast: str
    ceasefire: str
    text: str
    quiet: str
    water_text: str
    halo: str


_PALETTES: Final[dict[str, _Palette]] = {
    "light": _Palette(
        sea="#d3e0e8",
        lake="#c9dae4",
        far="#efede6",
        land="#f3f1ea",
        home="#faf9f5",
        coast="#a9bfcc",
        border="#9a948a",
        district="#dfdbd0",
        oblast="#8b7f9c",
        ceasefire="#a8705f",
        text="#3d3f45",
        quiet="#8a867d",
        water_text="#6d8ba0",
        halo="#faf9f5",
    ),
    "dark": _Palette(
        sea="#12191f",
        lake="#16202a",
        far="#1d2126",
        land="#20252b",
        home="#262c33",
        coast="#33424e",
        border="#66686b",
        district="#343b44",
        oblast="#9d8fb5",
        ceasefire="#c08673",
        text="#d5d7da",
        quiet="#83888e",
        water_text="#6e8ca3",
        halo="#1b2025",
    ),
}

# Colour-blind safe against each other (violet, green, ochre, grey), told apart by lightness too, and pale enough
# to stay behind the events. Named for what they show, not for any flag.
_CONTROL: Final[dict[str, dict[str, str]]] = {
    "light": {"armenian": "#9c86c0", "azerbaijan": "#5fa59a", "peacekeepers": "#d9b25a", "contested": "#8f9499"},
    "dark": {"armenian": "#8b76b3", "azerbaijan": "#3f857b", "peacekeepers": "#b8923f", "contested": "#6f757b"},
}

# Rank → first zoom at which the label may show.
_FIRST_ZOOM: Final = {1: 4.5, 2: 6.2, 3: 7.4, 4: 8.6, 5: 9.8}

# MapLibre takes weight and slant from the first name of the list; it names no font, so the next one is used.
_PLAIN: Final = ["Regular", "Inter", "system-ui", "Noto Sans", "Noto Sans Armenian", "DejaVu Sans"]
_STRONG: Final = ["Medium", *_PLAIN[1:]]
_SLANTED: Final = ["Italic", *_PLAIN[1:]]


def control_colours(theme: Theme = "light") -> dict[str, str]:
    """Return party (as in `geodata.control`) → '#rrggbb', meant to be drawn at about a third of full opacity.

    Raises ValueError for a theme that does not exist.
    """
    return dict(_CONTROL[_checked("theme", theme, get_args(Theme))])


def map_style(theme: Theme = "light", lang: Language = "en", base_url: str = "/assets/geo") -> dict[str, Any]:
    """Return a MapLibre style (version 8) of sea, land, lakes, borders, districts, lines and place labels.

    `base_url` is the address of the folder of assets without a slash at its end: an absolute path on the page's
    own host, or a whole URL. Layers lie, from below: sea, land, lakes, [`BELOW_LINES`], district lines, borders
    (the border of Armenia and Azerbaijan broken, because it is not demarcated), former oblast (dashed), ceasefire
    line of 1994 (dotted), [`BELOW_LABELS`], labels. Traces without `below` lie above the labels.

    The dict is new at each call and can be changed freely. Raises ValueError for an unknown theme or language.
    """
    colours = _PALETTES[_checked("theme", theme, get_args(Theme))]
    name = f"name_{_checked('lang', lang, get_args(Language))}"
    base = base_url.rstrip("/")
    # All shapes are of one source: a browser marks out the tiles of each anew wherever two of them alternate.
    return {
        "version": 8,
        "name": f"Contact Line {theme} {lang}",
        "sources": {
            file: {"type": "geojson", "data": f"{base}/{file}.geojson", "buffer": 32} for file in ("shapes", "places")
        },
        "layers": [*_areas(colours), *_lines(colours), *_labels(colours, name)],
    }


def _checked(field: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        message = f"{field} is {value!r}, not one of {', '.join(known)}"
        raise ValueError(message)
    return value


def _areas(colours: _Palette) -> list[dict[str, Any]]:
    home = ["match", ["get", "iso_a2"], ["AM", "AZ"], colours.home, colours.land]
    coast = {"line-color": colours.coast, "line-width": _by_zoom(3, 0.4, 9, 1.0)}
    return [
        {"id": "sea", "type": "background", "paint": {"background-color": colours.sea}},
        _layer(
            "world-land",
            "fill",
            "shapes",
            {"fill-color": _by_feature(colours.far), "fill-antialias": False},
            only="world",
        ),
        _layer(
            "world-borders", "line", "shapes", {"line-color": colours.district, "line-width": 0.7}, only="world_border"
        ),
        _layer("countries-coast", "line", "shapes", coast, only="country"),
        _layer("countries-land", "fill", "shapes", {"fill-color": home, "fill-antialias": False}, only="country"),
        _layer(
            "lakes",
            "fill",
            "shapes",
            {"fill-color": _by_feature(colours.lake), "fill-outline-color": _by_feature(colours.coast)},
            only="lake",
        ),
    ]


def _lines(colours: _Palette) -> list[dict[str, Any]]:
    border = {"line-color": colours.border, "line-width": _by_zoom(4, 0.7, 9, 1.6)}
    district = {
        "line-color": colours.district,
        "line-width": _by_zoom(6, 0.5, 10, 1.2),
        "line-opacity": _by_zoom(5.5, 0, 6.5, 1),
    }
    oblast = {
        "line-color": colours.oblast,
        "line-width": _by_zoom(5, 0.9, 9, 1.8),
        "line-dasharray": [3, 2],
        "line-opacity": 0.85,
    }
    ceasefire = {
        "line-color": colours.ceasefire,
        "line-width": _by_zoom(5, 1.0, 9, 2.0),
        "line-dasharray": [0.2, 2.2],
        "line-opacity": 0.9,
    }
    return [
        _layer(BELOW_LINES, "line", "shapes", district, only="district"),
        _layer("borders", "line", "shapes", border, only="border"),
        _layer("borders-disputed", "line", "shapes", border | {"line-dasharray": [4, 1.5]}, only="border_disputed"),
        _layer("former-oblast", "line", "shapes", oblast, only="former_oblast"),
        _layer("ceasefire-1994", "line", "shapes", ceasefire, only="ceasefire_1994", layout={"line-cap": "round"}),
    ]


def _labels(colours: _Palette, name: str) -> list[dict[str, Any]]:
    halo = {"text-halo-color": colours.halo, "text-halo-width": 1.4, "text-halo-blur": 0.4}
    on_water = {"text-color": colours.water_text, "text-halo-color": colours.sea, "text-halo-width": 0.8}
    water = {
        "text-field": ["get", name],
        "text-font": _SLANTED,
        "text-size": _by_zoom(4, 11, 9, 14),
        "text-letter-spacing": 0.06,
        "text-max-width": 6,
    }
    country = {
        "text-field": ["get", name],
        "text-font": _PLAIN,
        "text-size": _by_zoom(4, 10, 8, 15),
        "text-letter-spacing": 0.18,
        "text-max-width": 8,
    }
    region = country | {"text-size": _by_zoom(5, 9, 8, 12), "text-letter-spacing": 0.12}
    made = [
        _layer(BELOW_LABELS, "symbol", "places", on_water, only="lake", layout=water) | {"minzoom": 6},
        _layer("label-sea", "symbol", "places", on_water, only="sea", layout=water) | {"minzoom": 3.5},
        _layer("label-region", "symbol", "places", halo | {"text-color": colours.quiet}, only="region", layout=region)
        | {"minzoom": 6.2, "maxzoom": 9},
        _layer(
            "label-country", "symbol", "places", halo | {"text-color": colours.quiet}, only="country", layout=country
        )
        | {"minzoom": 3.5, "maxzoom": 8.5},
    ]
    # Lower ranks come first: MapLibre gives room to the last layer first, and draws it on top.
    for rank in sorted(_FIRST_ZOOM, reverse=True):
        start = _FIRST_ZOOM[rank]
        place = {
            "text-field": ["get", name],
            "text-font": _STRONG if rank <= 2 else _PLAIN,
            "text-size": _by_zoom(start, 13.5 - rank * 0.8, start + 4, 16 - rank * 0.7),
            "text-variable-anchor": ["top", "bottom", "left", "right"],
            "text-radial-offset": 1.05,  # clear of a circle of some twenty events
            "text-justify": "auto",
            "text-max-width": 9,
            "text-padding": 3,
        }
        dot = {
            "circle-radius": _by_feature(2.0 if rank > 2 else 2.3),
            "circle-color": _by_feature(colours.halo),
            "circle-stroke-color": colours.text,
            "circle-stroke-width": 0.9,
            "circle-opacity": 0.9,
            "circle-stroke-opacity": 0.75,
        }
        ranked = ["all", ["==", ["get", "kind"], "place"], ["==", ["get", "rank"], rank]]
        paint = halo | {"text-color": colours.text}
        made.append(_layer(f"dot-{rank}", "circle", "places", dot) | {"filter": ranked, "minzoom": start})
        made.append(
            _layer(f"label-place-{rank}", "symbol", "places", paint, layout=place)
            | {"filter": ranked, "minzoom": start}
        )
    return made


def _by_feature(value: str | float) -> list[Any]:
    """The same for every feature, but written as if it were not.

    A browser draws with one program for what all features share and another for what each has of its own, as plotly's
    traces have. To make a program takes a browser without a GPU a tenth of a second; so all use one.
    """
    return ["match", ["get", "kind"], "", value, value]


def _by_zoom(first: float, low: float, last: float, high: float) -> list[Any]:
    return ["interpolate", ["linear"], ["zoom"], first, low, last, high]


def _layer(
    key: str, kind: str, source: str, paint: dict[str, Any], only: str = "", layout: dict[str, Any] | None = None
) -> dict[str, Any]:
    made: dict[str, Any] = {"id": key, "type": kind, "source": source, "paint": paint}
    if layout:
        made["layout"] = layout
    if only:
        made["filter"] = ["==", ["get", "kind"], only]
    return made
