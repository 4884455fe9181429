"""Districts are mended, outlines are sound, the corridor is what the statement says."""

import datetime as dt
import json
import subprocess
import sys
from importlib import resources

import geopandas as gpd
import pytest
from shapely.geometry import Point, shape

from geodata import boundaries

METRIC = "EPSG:32638"


def named(iso: str) -> dict[str, str]:
    frame = boundaries.districts()
    rows = frame[frame["iso_3166_2"] == iso]
    assert len(rows) == 1
    return {str(key): value for key, value in rows.iloc[0].drop("geometry").items()}


def test_countries() -> None:
    frame = boundaries.countries()
    assert frame["iso_a2"].tolist() == ["AM", "AZ", "GE", "IR", "RU", "TR"]
    assert frame.crs.to_epsg() == 4326
    assert frame.is_valid.all()
    area = dict(zip(frame["iso_a2"], frame.to_crs("ESRI:54034").area / 1e6, strict=True))
    assert area["AM"] == pytest.approx(29_743, rel=0.02)
    assert area["AZ"] == pytest.approx(86_600, rel=0.02)


def test_countries_do_not_overlap() -> None:
    shapes = boundaries.countries().to_crs("ESRI:54034").geometry.tolist()
    for index, one in enumerate(shapes):
        for other in shapes[index + 1 :]:
            assert one.intersection(other).area < 5e6


def test_districts_are_complete_and_unique() -> None:
    frame = boundaries.districts()
    assert frame["country"].value_counts().to_dict() == {"AZ": 78, "AM": 11}
    assert frame["adm1_code"].is_unique
    codes = frame.loc[frame["iso_3166_2"] != "", "iso_3166_2"]
    assert codes.is_unique
    assert frame["name_en"].is_unique
    assert frame.is_valid.all()
    assert not frame.is_empty.any()
    assert set(frame["kind"]) == {"district", "city", "province"}


@pytest.mark.parametrize(
    ("iso", "english", "local", "mended"),
    [
        ("AZ-LAC", "Lachin", "Laçın", True),
        ("AZ-LAN", "Lankaran District", "Lənkəran rayonu", True),
        ("AZ-GYG", "Goygol", "Göygöl", True),
        ("AZ-SBN", "Shabran", "Şabran", True),
        ("AZ-XCI", "Khojaly", "Xocalı", True),
        ("AZ-XA", "Stepanakert / Khankendi (city)", "Xankəndi", True),
        ("AZ-SUS", "Shusha", "Şuşa", True),
        ("AZ-KAL", "Kalbajar", "Kəlbəcər", False),
        ("AM-ER", "Yerevan", "Երևան", True),
    ],
)
def test_names_are_mended(iso: str, english: str, local: str, mended: bool) -> None:
    row = named(iso)
    assert (row["name_en"], row["name_local"], bool(row["mended"])) == (english, local, mended)


def test_lachin_lies_between_armenia_and_the_oblast() -> None:
    frame = boundaries.districts().set_index("iso_3166_2").to_crs(METRIC)
    centre = frame.geometry["AZ-LAC"].centroid
    assert centre.distance(frame.geometry["AM-SU"]) < 30_000
    assert centre.distance(boundaries.former_oblast().to_crs(METRIC).geometry.iloc[0]) < 30_000


def test_areas_of_the_oblast_and_the_held_area() -> None:
    oblast = boundaries.former_oblast().to_crs("ESRI:54034").area.iloc[0] / 1e6
    held = boundaries.held_area_1994_2020().to_crs("ESRI:54034").area.iloc[0] / 1e6
    assert oblast == pytest.approx(4_293, rel=0.01)
    assert held == pytest.approx(11_931, rel=0.01)


def test_ceasefire_line_runs_from_the_north_west_to_the_araxes() -> None:
    west, south, east, north = boundaries.ceasefire_line_1994().total_bounds
    assert (west, south) == pytest.approx((45.98, 39.41), abs=0.02)
    assert (east, north) == pytest.approx((47.32, 40.41), abs=0.02)


def test_corridor_is_five_km_wide_and_spares_shusha() -> None:
    frame = boundaries.lachin_corridor()
    assert frame["road"].tolist() == ["old", "new"]
    assert frame["name_en"].str.contains("approximate").all()
    assert frame["until"].dt.date.tolist() == [dt.date(2022, 8, 25), dt.date(2023, 9, 20)]
    text = (resources.files("geodata.data") / "lachin_roads.geojson").read_text(encoding="utf-8")
    roads = gpd.GeoSeries([shape(one["geometry"]) for one in json.loads(text)["features"]], crs=4326).to_crs(METRIC)
    for road, zone in zip(roads, frame.to_crs(METRIC).geometry, strict=True):
        assert zone.buffer(-5).within(road.buffer(boundaries.CORRIDOR_WIDTH_KM * 500))
        assert not zone.buffer(-2_200).is_empty
    city = boundaries.districts().set_index("adm1_code").geometry["AZE-5565"]
    assert not any(zone.intersection(city).area > 1e-9 for zone in frame.geometry)
    assert not any(zone.contains(Point(46.7461, 39.7601)) for zone in frame.geometry)


def test_lakes() -> None:
    assert set(boundaries.lakes()["name_en"]) == {"Lake Sevan", "Lake Urmia", "Lake Van"}


def test_control_and_the_style_load_no_geopandas() -> None:
    code = (
        "import sys, datetime\n"
        "import geodata.basemap as b, geodata.control as c\n"
        "b.map_style(); c.control_on(datetime.date(2021, 6, 1))\n"
        "sys.exit(any(name in sys.modules for name in ('geopandas', 'shapely', 'pandas', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
