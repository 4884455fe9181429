"""Make the map's assets: `python -m geodata.build_basemap` writes dashboard/assets/geo from geodata/data.

Shapes are simplified with shared edges kept shared (shapely's coverage_simplify), so neighbours never gape or
overlap. The same input gives the same bytes. Coordinates: WGS84, longitude then latitude, 3 decimals (about
100 m) near the theatre, 2 far away.

Also writes geodata/data/control_areas.geojson, the areas of `geodata.control`: the area held from 1994 to 2020,
cut by the edge of the former oblast, the district lines, the Lachin corridor and two lines drawn by hand
(control_cuts.geojson: where Azerbaijan stood in the former oblast from 10 November 2020).
"""

import csv
import gzip
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, polygonize

from geodata import boundaries

__all__ = ["ASSETS", "MAX_BYTES", "MAX_GZIP_BYTES", "assets", "build", "control_areas"]

ASSETS: Final = Path(__file__).resolve().parent.parent / "dashboard" / "assets" / "geo"
"""Where the assets go."""

MAX_BYTES: Final = 500_000
"""All assets together, as they are."""

MAX_GZIP_BYTES: Final = 150_000
"""All assets together, each one compressed."""

_DATA: Final = Path(__file__).resolve().parent / "data"
_THEATRE: Final = shapely.box(40, 36, 53, 44)
_CORRIDOR_ZONES: Final = ("old", "new")
# Square degrees, about 11 km²: smaller faces come from the lines of two sources running side by side.
_SLIVER: Final = 0.0012

_KIND_RANKS: Final = {"city": 2, "town": 4, "village": 5}

# Area → names. In English and Russian both sides' forms of the town's name stand side by side.
_AREAS: Final[dict[str, tuple[str, str, str, str]]] = {
    "martakert": ("Martakert / Aghdere", "Մարտակերտ", "Ağdərə", "Мартакерт / Агдере"),
    "talish-madagiz": (
        "Talish and Madagiz / Sugovushan",
        "Թալիշ և Մատաղիս",
        "Talış və Suqovuşan",
        "Талиш и Матагис / Суговушан",
    ),
    "stepanakert-askeran": (
        "Stepanakert / Khankendi and Askeran",
        "Ստեփանակերտ և Ասկերան",
        "Xankəndi və Əsgəran",
        "Степанакерт / Ханкенди и Аскеран",
    ),
    "martuni": ("Martuni / Khojavend", "Մարտունի", "Xocavənd", "Мартуни / Ходжавенд"),
    "shushi": ("Shushi / Shusha", "Շուշի", "Şuşa", "Шуши / Шуша"),
    "hadrut": ("Hadrut", "Հադրութ", "Hadrut", "Гадрут"),
    "lachin-corridor-east": (
        "Lachin corridor, section by Shushi / Shusha",
        "Լաչինի միջանցք՝ Շուշիի հատված",
        "Laçın dəhlizi, Şuşa hissəsi",
        "Лачинский коридор, участок у Шуши / Шуши",
    ),
    "lachin-corridor-west": (
        "Lachin corridor, old road by Lachin town",
        "Լաչինի միջանցք՝ հին ճանապարհ",
        "Laçın dəhlizi, köhnə yol",
        "Лачинский коридор, старая дорога",
    ),
    "lachin-corridor-new": (
        "Lachin corridor, new road of 2022",
        "Լաչինի միջանցք՝ նոր ճանապարհ",
        "Laçın dəhlizi, yeni yol",
        "Лачинский коридор, новая дорога",
    ),
    "lachin": ("Lachin (outside the corridor)", "Լաչին", "Laçın", "Лачин (вне коридора)"),
    "kalbajar": ("Kalbajar / Karvachar", "Քարվաճառ", "Kəlbəcər", "Кельбаджар / Карвачар"),
    "aghdam": ("Aghdam (part held until 2020)", "Աղդամ", "Ağdam", "Агдам (часть)"),
    "fuzuli": ("Fuzuli (part held until 2020)", "Ֆիզուլի", "Füzuli", "Физули (часть)"),
    "jabrayil": ("Jabrayil", "Ջաբրայիլ", "Cəbrayıl", "Джебраил"),
    "zangilan": ("Zangilan", "Զանգելան", "Zəngilan", "Зангелан"),
    "qubadli": ("Qubadli", "Կուբաթլու", "Qubadlı", "Губадлы"),
}

_SHUSHA: Final = {"AZE-1737", "AZE-5565"}
_OUTSIDE_OBLAST: Final = {
    "AZE-1682": "kalbajar",
    "AZE-1735": "lachin",
    "AZE-1737": "lachin",  # the source's lines run 2 km too far west here: Lachin town itself falls into this strip
    "AZE-1736": "qubadli",
    "AZE-1740": "zangilan",
    "AZE-1699": "jabrayil",
    "AZE-1702": "fuzuli",
    "AZE-1691": "aghdam",
    "AZE-1722": "aghdam",
    "AZE-1738": "aghdam",
    "AZE-1681": "aghdam",
}
_IN_OBLAST: Final = {
    "AZE-1682": "martakert",
    "AZE-1681": "martakert",
    "AZE-1738": "martakert",
    "AZE-1739": "stepanakert-askeran",
    "AZE-4838": "stepanakert-askeran",
    "AZE-1722": "martuni",
    "AZE-1699": "hadrut",
    "AZE-1702": "hadrut",
}


def _lines_of(name: str, key: str) -> dict[str, BaseGeometry]:
    features = json.loads((_DATA / name).read_text(encoding="utf-8"))["features"]
    return {feature["properties"][key]: shape(feature["geometry"]) for feature in features}


def _side(point: BaseGeometry, line: BaseGeometry) -> float:
    """Return how far a point lies north of a line drawn from west to east, in degrees (negative: south)."""
    coordinates = np.asarray(line.coords)
    return float(point.y - np.interp(point.x, coordinates[:, 0], coordinates[:, 1]))


def control_areas() -> dict[str, BaseGeometry]:
    """Return the polygons of the control areas by area_id: together the held area, without gap or overlap.

    Coordinates (longitude, latitude; EPSG:4326) at the full detail of the source.
    """
    held = boundaries.held_area_1994_2020().geometry.iloc[0]
    oblast = boundaries.former_oblast().geometry.iloc[0]
    units = boundaries.districts().set_index("adm1_code").geometry
    units = units[units.intersects(held)]
    corridor = boundaries.lachin_corridor().set_index("road").geometry
    cuts = _lines_of("control_cuts.geojson", "cut")
    lines = shapely.union_all(
        [held.boundary, oblast.boundary, *units.boundary, *corridor.boundary, *cuts.values()], grid_size=1e-6
    )

    faces = [face for face in polygonize(lines) if held.contains(face.representative_point())]
    owners: list[str | None] = []
    for face in faces:
        point = face.representative_point()
        unit = next((code for code, outline in units.items() if outline.contains(point)), "")
        zone = next((road for road in _CORRIDOR_ZONES if corridor[road].contains(point)), "")
        if face.area < _SLIVER:
            owners.append(None)
        elif oblast.contains(point):
            owners.append(_area_in_oblast(point, unit, zone, cuts))
        else:
            owners.append(_area_outside_oblast(point, unit, zone))
    _give_away_the_rest(faces, owners)
    united = {}
    for area in _AREAS:
        mine = [face for face, owner in zip(faces, owners, strict=True) if owner == area]
        united[area] = shapely.union_all(mine)
    return united


def _area_outside_oblast(point: BaseGeometry, unit: str, zone: str) -> str | None:
    if zone:
        return "lachin-corridor-west" if zone == "old" else "lachin-corridor-new"
    if unit == "AZE-1734":  # Khojavend beyond the oblast: Jabrayil town falls into it, see SOURCES.md
        return "jabrayil" if point.x < 47 or point.y < 39.47 else "fuzuli"
    if unit in {"AZE-1682", "AZE-1739"} and point.x > 46.6:  # corners of Kalbajar and Khojaly east of the oblast
        return "aghdam"
    if unit == "AZE-1739":  # a strip along the west edge of the oblast
        return "kalbajar" if point.y > 39.93 else "lachin"
    return _OUTSIDE_OBLAST.get(unit)


def _area_in_oblast(point: BaseGeometry, unit: str, zone: str, cuts: dict[str, BaseGeometry]) -> str | None:
    if unit in _SHUSHA:
        return "lachin-corridor-east" if zone else "shushi"
    if unit in {"AZE-1738", "AZE-1681"} and _side(point, cuts["talish"]) > 0:
        return "talish-madagiz"
    if unit == "AZE-1734":
        return "hadrut" if _side(point, cuts["hadrut"]) < 0 else "martuni"
    if unit == "AZE-1691":  # strips between the oblast's edge and Aghdam's
        return "martakert" if point.y > 40.05 else "stepanakert-askeran" if point.y > 39.87 else "martuni"
    return _IN_OBLAST.get(unit)


def _give_away_the_rest(faces: Sequence[BaseGeometry], owners: list[str | None]) -> None:
    """Give each face without an owner to the neighbour with which it shares the longest edge."""
    tree = shapely.STRtree(faces)
    while None in owners:
        best: tuple[float, int, str] | None = None
        for index, owner in enumerate(owners):
            if owner is not None:
                continue
            shared: dict[str, float] = {}
            for other in sorted(tree.query(faces[index]).tolist()):
                neighbour = owners[other]
                if neighbour is not None:
                    length = faces[index].boundary.intersection(faces[other].boundary).length
                    shared[neighbour] = shared.get(neighbour, 0.0) + length
            for name, length in shared.items():
                if length > 0 and (best is None or (length, -index, name) > best):
                    best = (length, -index, name)
        if best is None:
            message = "a piece of the held area touches no control area"
            raise ValueError(message)
        owners[-best[1]] = best[2]


def _round(value: Any, digits: int) -> Any:
    return [_round(one, digits) for one in value] if isinstance(value, list | tuple) else round(value, digits)


def _tidy(coordinates: list[Any]) -> list[Any]:
    """Drop points that rounding made equal to the one before."""
    if coordinates and isinstance(coordinates[0][0], float | int):
        return [one for index, one in enumerate(coordinates) if index == 0 or one != coordinates[index - 1]]
    return [_tidy(one) for one in coordinates]


def _feature(
    geometry: BaseGeometry, properties: dict[str, Any], digits: int = 3, key: str | None = None
) -> dict[str, Any]:
    drawn = mapping(geometry)
    coordinates = _round(drawn["coordinates"], digits)
    if drawn["type"] != "Point":
        coordinates = _tidy(coordinates)
    if drawn["type"] == "Polygon":
        coordinates = [ring for ring in coordinates if len(ring) > 3]
    if drawn["type"] == "MultiPolygon":
        coordinates = [[ring for ring in polygon if len(ring) > 3] for polygon in coordinates]
        coordinates = [polygon for polygon in coordinates if polygon]
    made: dict[str, Any] = {"type": "Feature"}
    if key is not None:
        made["id"] = key
    return made | {"properties": properties, "geometry": {"type": drawn["type"], "coordinates": coordinates}}


def _collection(features: Iterable[dict[str, Any]]) -> str:
    rows = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
    return '{"type":"FeatureCollection","features":[\n' + rows + "\n]}\n"


def _shared_edges(shapes: Sequence[BaseGeometry]) -> list[tuple[int, int, BaseGeometry]]:
    """Return (index, index, line) for every two polygons of a coverage that share an edge."""
    tree = shapely.STRtree(shapes)
    edges = []
    for first, second in sorted(map(tuple, tree.query(shapes).T.tolist())):
        if first < second:
            common = shapely.intersection(shapes[first], shapes[second])
            parts = [part for part in shapely.get_parts(common) if part.geom_type == "LineString"]
            if parts:
                edges.append((first, second, _merged(shapely.union_all(parts))))
    return edges


def _merged(lines: BaseGeometry) -> BaseGeometry:
    return linemerge(lines) if lines.geom_type == "MultiLineString" else lines


def _country_features() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    frame = boundaries.countries()
    raw = frame.geometry.to_numpy()
    # Common edges were made equal to the source's in countries.geojson; snapping takes up what rounding left.
    outlines = shapely.coverage_simplify(shapely.set_precision(raw, 1e-4), 0.006)
    polygons, lines = [], []
    for row, outline in zip(frame.itertuples(), outlines, strict=True):
        drawn = _drop_islets(outline)
        polygons.append(_feature(drawn, {"kind": "country", "iso_a2": row.iso_a2}))
    codes = frame["iso_a2"].tolist()
    for first, second, line in _shared_edges(outlines):
        pair = {codes[first], codes[second]}
        kind = "border_disputed" if pair == {"AM", "AZ"} else "border"
        lines.append(_feature(line, {"kind": kind}))
    # Towards the rest of the world the two sources do not share edges: a border is what has land close behind it.
    beyond = next(iter(_lines_of("world.geojson", "kind").values()))
    near = shapely.clip_by_rect(beyond, 15, 20, 85, 60).buffer(0.04)
    outer = shapely.clip_by_rect(shapely.union_all(outlines), -180, 20, 180, 80).boundary.intersection(near)
    outer = shapely.union_all([part for part in shapely.get_parts(_merged(outer)) if part.length > 0.2])
    lines.append(_feature(_merged(outer), {"kind": "border"}, 2))
    return polygons, lines


def _drop_islets(geometry: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(geometry)
    kept = [part for part in parts if part.area > (2e-4 if part.intersects(_THEATRE) else 0.05)]
    return shapely.MultiPolygon(kept)


def _line_features() -> list[dict[str, Any]]:
    frame = boundaries.districts()
    outlines = shapely.coverage_simplify(frame.geometry.to_numpy(), 0.004)
    country = frame["country"].tolist()
    inner = [line for first, second, line in _shared_edges(outlines) if country[first] == country[second]]
    tolerance = 0.002
    oblast = boundaries.former_oblast().geometry.iloc[0].boundary.simplify(tolerance)
    ceasefire = boundaries.ceasefire_line_1994().geometry.iloc[0].simplify(tolerance)
    return [
        _feature(_merged(shapely.union_all(inner)), {"kind": "district"}),
        _feature(oblast, {"kind": "former_oblast"}),
        _feature(ceasefire, {"kind": "ceasefire_1994"}),
    ]


def _control_features(digits: int, tolerance: float) -> list[dict[str, Any]]:
    areas = control_areas()
    outlines = shapely.coverage_simplify(np.array(list(areas.values())), tolerance)
    return [
        _feature(_without_spikes(outline), {"area_id": area, **_area_names(area)}, digits, area)
        for area, outline in zip(areas, outlines, strict=True)
    ]


def _without_spikes(geometry: BaseGeometry) -> BaseGeometry:
    """Drop corners sharper than 10°, where two sources' lines meet at the rim: MapLibre fills them as long wedges."""
    polygons = []
    for polygon in shapely.get_parts(geometry):
        ring = np.asarray(polygon.exterior.coords)[:-1]
        back, ahead = np.roll(ring, 1, axis=0) - ring, np.roll(ring, -1, axis=0) - ring
        cosine = (back * ahead).sum(axis=1) / np.linalg.norm(back, axis=1) / np.linalg.norm(ahead, axis=1)
        polygons.append(shapely.Polygon(ring[cosine < np.cos(np.radians(10))], polygon.interiors))
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _area_names(area: str) -> dict[str, str]:
    return dict(zip(("name_en", "name_hy", "name_az", "name_ru"), _AREAS[area], strict=True))


def _label_features() -> list[dict[str, Any]]:
    """Return labels: countries, seas and lakes of labels.csv, and the towns and villages of places.csv.

    A place's rank (1 to 5: the zoom at which its label may show) is by label_ranks.csv, or else by its kind.
    """
    features = []
    for row in _rows("labels.csv"):
        point = shapely.Point(float(row["longitude"]), float(row["latitude"]))
        names = _names_of(row)
        if row["kind"] in {"country", "region"}:
            names = {key: _capitals(name, key) for key, name in names.items()}
        features.append(_feature(point, {"kind": row["kind"], "rank": int(row["rank"]), **names}))
    ranks = {row["place_id"]: int(row["rank"]) for row in _rows("label_ranks.csv")}
    found = []
    for row in _rows("places.csv"):
        rank = ranks.get(row["place_id"], _KIND_RANKS.get(row["kind"], 0))
        if rank:
            point = shapely.Point(float(row["longitude"]), float(row["latitude"]))
            properties = {"kind": "place", "rank": rank, "place_id": row["place_id"], **_names_of(row)}
            found.append((rank, row["place_id"], _feature(point, properties)))
    return features + [feature for _, _, feature in sorted(found, key=lambda one: one[:2])]


def _capitals(name: str, key: str) -> str:
    """Return a name in capitals. Azerbaijani has a dotted one for i, which MapLibre's own 'upcase' does not know."""
    return (name.replace("i", "İ") if key == "name_az" else name).upper()


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _names_of(row: dict[str, str]) -> dict[str, str]:
    return {name: row[name] or row["name_en"] for name in ("name_en", "name_hy", "name_az", "name_ru")}


def _copied(name: str, digits: int, kinds: dict[str | None, str]) -> list[dict[str, Any]]:
    """Return the shapes of a file, each of the kind that is drawn of its own kind."""
    features = json.loads((_DATA / name).read_text(encoding="utf-8"))["features"]
    return [
        _feature(shape(feature["geometry"]), {"kind": kinds[feature["properties"].get("kind")]}, digits)
        for feature in features
    ]


def assets() -> dict[str, str]:
    """Return file name → text of every asset. Reads only geodata/data; the same input gives the same text."""
    polygons, borders = _country_features()
    return {
        "shapes.geojson": _collection(
            [
                *_copied("world.geojson", 2, {"land": "world", "border": "world_border"}),
                *polygons,
                *_copied("lakes.geojson", 3, {None: "lake"}),
                *borders,
                *_line_features(),
            ]
        ),
        "control.geojson": _collection(_control_features(4, 0.003)),
        "places.geojson": _collection(_label_features()),
    }


def build(folder: Path = ASSETS) -> dict[str, int]:
    """Write every asset into `folder` (made if missing) and return file name → bytes.

    Raises ValueError, and writes nothing, when the assets are larger than `MAX_BYTES` or `MAX_GZIP_BYTES`.
    """
    made = {name: text.encode() for name, text in assets().items()}
    raw = sum(map(len, made.values()))
    packed = sum(len(gzip.compress(data, mtime=0)) for data in made.values())
    if raw > MAX_BYTES or packed > MAX_GZIP_BYTES:
        message = f"assets are too large: {raw} bytes (limit {MAX_BYTES}), {packed} compressed ({MAX_GZIP_BYTES})"
        raise ValueError(message)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return {name: len(data) for name, data in made.items()}


def main() -> None:
    """Write geodata/data/control_areas.geojson and the assets, and say how large they are."""
    text = _collection(_control_features(5, 0.0))
    (_DATA / "control_areas.geojson").write_text(text, encoding="utf-8")
    for name, size in build().items():
        sys.stdout.write(f"{name:20}{size:>9,} bytes\n")


if __name__ == "__main__":
    main()
