import datetime as dt
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

import events
from events.errors import SourceError
from events.filters import EventFilter
from events.schema import NAMES
from tests.events.samples import as_text, random_rows

HADRUT = {"place": "Hadrut"}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("tables") / "mine.csv"
    as_text(random_rows(5, 80)).to_csv(path, index=False)
    return path


def test_nothing_said_is_every_shipped_event(shipped):
    frame = events.load()
    assert isinstance(frame, gpd.GeoDataFrame)
    assert frame.crs == "EPSG:4326"
    assert list(frame.columns) == [*NAMES, "geometry"]
    assert len(frame) == shipped.total() > 200


def test_geometry_is_longitude_then_latitude(table):
    frame = events.load(table)
    placed = frame[frame["latitude"].notna()]
    assert 0 < len(placed) < len(frame)
    assert (placed.geometry.x == placed["longitude"]).all()
    assert (placed.geometry.y == placed["latitude"]).all()
    assert frame.geometry[frame["latitude"].isna()].isna().all()


def test_columns_are_typed(table):
    frame = events.load(table)
    assert frame["event_date"].dtype.kind == frame["event_end"].dtype.kind == "M"
    assert str(frame["fatalities"].dtype) == str(frame["geo_precision"].dtype) == "Int64"
    assert frame["fatalities"].isna().any()


@pytest.mark.parametrize(
    ("wanted", "same"),
    [
        ({"date_from": "2020-10-03"}, {"date_from": dt.date(2020, 10, 3)}),
        ({"date_to": dt.date(2020, 10, 2)}, {"date_to": dt.date(2020, 10, 2)}),
        ({"date_from": pd.Timestamp("2020-10-03 12:00")}, {"date_from": dt.date(2020, 10, 3)}),
        ({"date_from": dt.datetime(2020, 10, 3, 23, 59)}, {"date_from": dt.date(2020, 10, 3)}),  # noqa: DTZ001
        ({"type": "battles"}, {"types": ("Battles",)}),
        ({"type": ["Battles", "Diplomacy"]}, {"types": ("Battles", "Diplomacy")}),
        ({"subtype": {"Denial"}}, {"sub_types": ("Denial",)}),
        ({"actor": "Baku"}, {"actors": ("Government of Azerbaijan",)}),
        ({"claimant": ("Sputnik",)}, {"claimants": ("Sputnik",)}),
        ({"place": "Ստեփանակերտ"}, {"places": ("stepanakert",)}),
        ({"precision": ["2", "3"]}, {"precisions": ("2", "3")}),
        ({"precision": [2, 3]}, {"precisions": ("2", "3")}),
        ({"words": "stepanakert shell"}, {"words": "stepanakert shell"}),
        ({"bbox": (46.0, 39.0, 47.0, 40.0)}, {"bbox": (46.0, 39.0, 47.0, 40.0)}),
        ({"bbox": "46,39,47,40"}, {"bbox": (46.0, 39.0, 47.0, 40.0)}),
        ({"type": "Battles", "words": "hadrut"}, {"types": ("Battles",), "words": "hadrut"}),
        ({"type": []}, {}),
    ],
)
def test_a_filter_is_the_stores(shipped, wanted, same):
    found = events.load(**wanted)["event_id"].tolist()
    assert found == shipped.frame(EventFilter(**same))["event_id"].tolist()
    assert found


def test_a_file_may_be_named_as_text_or_as_a_path(table):
    assert events.load(str(table), **HADRUT).equals(events.load(table, **HADRUT))


@pytest.mark.parametrize("name", ["date", "types", "event_type", "q", "from_", "zoom"])
def test_a_filter_of_another_name_is_refused_with_the_names_there_are(name):
    with pytest.raises(TypeError, match=rf"no filter is named {name}; filters are date_from, .*bbox"):
        events.load(**{name: "x"})


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"date_from": "soon"}, "from = 'soon': is not a day"),
        ({"date_from": "2020-W40-5"}, "is not a day"),
        ({"type": "War"}, "type = 'War': is no event type"),
        ({"place": ["Hadrut", "Atlantis-upon-Sea"]}, "place = 'Atlantis-upon-Sea': no place"),
        ({"bbox": (1, 2, 3)}, "bbox = '1,2,3': is not four numbers"),
        ({"bbox": (0, 5, 1, 4)}, "needs -90 ≤ south ≤ north"),
        ({"date_from": "2020-10-03", "date_to": "2020-10-02"}, "is before 'from'"),
        ({"type": "War", "actor": "Nobody"}, "type = 'War'.*; actor = 'Nobody'"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(wanted, said):
    with pytest.raises(ValueError, match=said):
        events.load(**wanted)


@pytest.mark.parametrize("value", [1.5, None, object()])
def test_a_value_of_another_kind_is_refused(value):
    with pytest.raises(TypeError, match="type takes text or several texts, not"):
        events.load(type=value)


def test_a_missing_file_is_said_in_one_line():
    with pytest.raises(SourceError, match=r"nowhere\.csv: there is no such file\. Check the path\.$"):
        events.load(Path("nowhere.csv"))
