"""The style asks no other host for anything, and the assets are what the build makes."""

import gzip
import itertools
import json
import re
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from geodata import basemap, boundaries, build_basemap

BOTH = list(itertools.product(get_args(basemap.Theme), get_args(basemap.Language)))
COLOUR = re.compile(r"#[0-9a-f]{6}")


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return build_basemap.assets()


def land() -> list[BaseGeometry]:
    kinds = {"world", "country"}
    return [shape(one["geometry"]) for one in features("shapes.geojson") if one["properties"]["kind"] in kinds]  # type: ignore[index]


def features(name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((build_basemap.ASSETS / name).read_text(encoding="utf-8"))["features"]
    return found


@pytest.mark.parametrize(("theme", "lang"), BOTH)
def test_style_is_whole_and_asks_no_other_host(theme: basemap.Theme, lang: basemap.Language) -> None:
    style = basemap.map_style(theme, lang)
    text = json.dumps(style)
    assert style["version"] == 8
    assert not {"glyphs", "sprite"} & set(style)
    assert "//" not in text
    assert f"name_{lang}" in text
    for source in style["sources"].values():
        assert source["type"] == "geojson"
        path = Path(source["data"])
        assert str(path.parent) == "/assets/geo"
        assert (build_basemap.ASSETS / path.name).exists()


@pytest.mark.parametrize(("theme", "lang"), BOTH)
def test_layers_name_their_source_once(theme: basemap.Theme, lang: basemap.Language) -> None:
    style = basemap.map_style(theme, lang)
    keys = [layer["id"] for layer in style["layers"]]
    assert len(keys) == len(set(keys))
    assert keys.index(basemap.BELOW_LINES) < keys.index("borders") < keys.index(basemap.BELOW_LABELS)
    assert all(layer["source"] in style["sources"] for layer in style["layers"] if layer["type"] != "background")
    symbols = [layer["id"] for layer in style["layers"] if layer["type"] == "symbol"]
    assert all(keys.index(key) >= keys.index(basemap.BELOW_LABELS) for key in symbols)
    assert len(json.dumps(style)) < 20_000


def test_base_url_is_kept() -> None:
    style = basemap.map_style(base_url="https://example.org/x/geo/")
    assert style["sources"]["shapes"]["data"] == "https://example.org/x/geo/shapes.geojson"


def test_each_style_is_new() -> None:
    basemap.map_style()["layers"].clear()
    assert basemap.map_style()["layers"]


def test_wrong_values_are_refused() -> None:
    with pytest.raises(ValueError, match="theme is 'sepia', not one of light, dark"):
        basemap.map_style("sepia")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="lang is 'fr'"):
        basemap.map_style("light", "fr")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="theme"):
        basemap.control_colours("sepia")  # type: ignore[arg-type]


@pytest.mark.parametrize("theme", get_args(basemap.Theme))
def test_every_party_has_a_colour(theme: basemap.Theme) -> None:
    colours = basemap.control_colours(theme)
    assert set(colours) == {"armenian", "azerbaijan", "peacekeepers", "contested"}
    assert all(COLOUR.fullmatch(colour) for colour in colours.values())
    assert len(set(colours.values())) == 4


def test_assets_are_what_the_build_makes(made: dict[str, str]) -> None:
    """When this fails: python -m geodata.build_basemap, and commit what it wrote."""
    assert {path.name for path in build_basemap.ASSETS.glob("*.geojson")} == set(made)
    for name, text in made.items():
        assert (build_basemap.ASSETS / name).read_text(encoding="utf-8") == text, name


def test_assets_stay_small(made: dict[str, str]) -> None:
    data = [text.encode() for text in made.values()]
    assert sum(map(len, data)) <= build_basemap.MAX_BYTES
    assert sum(len(gzip.compress(one, mtime=0)) for one in data) <= build_basemap.MAX_GZIP_BYTES


def test_too_large_assets_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made: dict[str, str]) -> None:
    monkeypatch.setattr(build_basemap, "assets", lambda: made)
    monkeypatch.setattr(build_basemap, "MAX_BYTES", 1000)
    with pytest.raises(ValueError, match="too large"):
        build_basemap.build(tmp_path / "geo")
    assert not (tmp_path / "geo").exists()


def test_build_writes_the_same_bytes_anywhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, made: dict[str, str]
) -> None:
    monkeypatch.setattr(build_basemap, "assets", lambda: made)
    sizes = build_basemap.build(tmp_path / "geo")
    assert sizes == {path.name: path.stat().st_size for path in build_basemap.ASSETS.glob("*.geojson")}


def test_control_areas_fill_the_held_area() -> None:
    areas = build_basemap.control_areas()
    held = boundaries.held_area_1994_2020().geometry.iloc[0]
    united = shapely.union_all(list(areas.values()))
    assert united.symmetric_difference(held).area < 1e-4  # about 1 km²
    assert all(not area.is_empty for area in areas.values())
    drawn = [shape(one["geometry"]) for one in features("control.geojson")]
    assert shapely.coverage_is_valid(np.array(drawn))


@pytest.mark.parametrize(
    ("town", "longitude", "latitude"),
    [
        ("Moscow", 37.62, 55.75),
        ("Paris", 2.35, 48.86),
        ("New York", -74.3, 40.9),
        ("Geneva", 6.14, 46.2),
        ("Tbilisi", 44.8, 41.72),
        ("Simferopol", 34.1, 44.95),
    ],
)
def test_there_is_land_under_the_towns_of_reports(town: str, longitude: float, latitude: float) -> None:
    point = Point(longitude, latitude)
    assert any(one.contains(point) for one in land()), town


@pytest.mark.parametrize(("longitude", "latitude"), [(51.0, 41.0), (-30.0, 40.0), (-30.0, -17.0), (0.0, 66.0)])
def test_there_is_sea_where_the_sea_is(longitude: float, latitude: float) -> None:
    point = Point(longitude, latitude)
    assert not any(one.contains(point) for one in land())


def test_labels_have_every_language() -> None:
    for one in features("places.geojson"):
        properties = one["properties"]
        assert isinstance(properties, dict)
        assert all(properties[f"name_{lang}"] for lang in get_args(basemap.Language))
        assert properties["kind"] in {"country", "region", "sea", "lake", "place"}
        assert 0 <= properties["rank"] <= 5


def test_names_in_capitals_keep_the_azerbaijani_dot() -> None:
    names = {one["properties"]["name_az"] for one in features("places.geojson")}  # type: ignore[index]
    assert "RUSİYA" in names
    assert "ERMƏNİSTAN" in names


def test_each_layer_draws_a_kind_of_shape_and_each_kind_is_drawn() -> None:
    kinds = {one["properties"]["kind"] for one in features("shapes.geojson")}  # type: ignore[index]
    assert kinds > {"border", "border_disputed", "district", "former_oblast", "ceasefire_1994"}
    drawn = {layer["filter"][2] for layer in basemap.map_style()["layers"] if layer.get("source") == "shapes"}
    assert drawn == kinds
