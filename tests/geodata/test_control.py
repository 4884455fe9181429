"""Who held what on the days that matter, and how the table is kept honest."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, shape

from geodata import control
from geodata.build_basemap import ASSETS

HEADING = "area_id,from,to,party,certainty,source,note"
OBLAST_REST = {"martakert", "stepanakert-askeran", "martuni"}


def on(day: str) -> dict[str, control.ControlState]:
    return {state.area_id: state for state in control.control_on(dt.date.fromisoformat(day))}


def parties(day: str) -> dict[str, str]:
    return {area: state.party for area, state in on(day).items()}


def test_eve_of_the_second_war() -> None:
    states = on("2020-09-26")
    assert set(states) == set(control.area_ids())
    assert {state.party for state in states.values()} == {"armenian"}
    assert states["kalbajar"].since == dt.date(1994, 5, 12)


def test_claims_of_the_war_stay_contested() -> None:
    states = on("2020-10-20")
    contested = {area for area, state in states.items() if state.party == "contested"}
    assert contested == {"hadrut", "jabrayil", "fuzuli", "zangilan", "talish-madagiz"}
    assert all(states[area].certainty == "contested" for area in contested)
    assert "Azerbaijan said on 20 October 2020" in states["zangilan"].note
    assert "heavy battles in Kovsakan" in states["zangilan"].note
    assert {states[area].certainty for area in OBLAST_REST} == {"approximate"}


@pytest.mark.parametrize(
    ("area", "claimed"),
    [
        ("jabrayil", "2020-10-04"),
        ("hadrut", "2020-10-09"),
        ("fuzuli", "2020-10-17"),
        ("zangilan", "2020-10-20"),
        ("shushi", "2020-11-08"),
    ],
)
def test_a_capture_is_settled_by_the_statement_not_by_the_claim(area: str, claimed: str) -> None:
    assert on(claimed)[area].party == "contested"
    assert on("2020-11-09")[area].party == "contested"
    settled = on("2020-11-10")[area]
    assert (settled.party, settled.certainty) == ("azerbaijan", "approximate" if area == "hadrut" else "high")
    assert settled.since == dt.date(2020, 11, 10)


def test_qubadli_is_settled_when_both_sides_say_so() -> None:
    assert on("2020-10-25")["qubadli"].party == "contested"
    admitted = on("2020-10-26")["qubadli"]
    assert (admitted.party, admitted.certainty) == ("azerbaijan", "approximate")
    assert "Both sides said" in admitted.note
    assert on("2020-11-10")["qubadli"].since == dt.date(2020, 10, 26)


def test_places_disputed_after_the_statement_are_told_in_the_note() -> None:
    assert "Khtsaberd" in on("2020-12-12")["hadrut"].note
    assert on("2020-12-17")["hadrut"].certainty == "high"
    farrukh = on("2022-03-24")["stepanakert-askeran"]
    assert farrukh.certainty == "approximate"
    assert "Azerbaijan denied" in farrukh.note


@pytest.mark.parametrize(
    ("area", "day"), [("aghdam", "2020-11-20"), ("kalbajar", "2020-11-25"), ("lachin", "2020-12-01")]
)
def test_handovers_of_2020(area: str, day: str) -> None:
    first = dt.date.fromisoformat(day)
    assert on(str(first - dt.timedelta(days=1)))[area].party == "armenian"
    assert on(day)[area].party == "azerbaijan"
    assert on(day)[area].since == first


def test_day_before_the_handover_of_lachin() -> None:
    held = parties("2020-11-30")
    assert held["lachin"] == "armenian"
    assert held["kalbajar"] == held["aghdam"] == held["shushi"] == "azerbaijan"
    assert held["lachin-corridor-west"] == "peacekeepers"


def test_between_the_wars() -> None:
    held = parties("2021-06-01")
    corridor = {"lachin-corridor-west", "lachin-corridor-east"}
    assert {area for area, party in held.items() if party == "peacekeepers"} == OBLAST_REST | corridor
    assert {party for area, party in held.items() if area not in OBLAST_REST | corridor} == {"azerbaijan"}


def test_the_corridor_moves_when_traffic_does() -> None:
    assert parties("2022-08-29")["lachin-corridor-new"] == "azerbaijan"
    assert parties("2022-08-30")["lachin-corridor-new"] == "peacekeepers"


def test_eve_of_september_2023() -> None:
    states = on("2023-09-18")
    corridor = {"lachin-corridor-new", "lachin-corridor-east"}
    assert {area for area, state in states.items() if state.party == "peacekeepers"} == OBLAST_REST | corridor
    assert states["lachin-corridor-west"].since == dt.date(2022, 8, 26)
    assert {on("2023-09-19")[area].party for area in OBLAST_REST} == {"contested"}
    assert {on("2023-09-21")[area].certainty for area in OBLAST_REST} == {"approximate"}
    assert parties("2023-09-23")["stepanakert-askeran"] == "peacekeepers"
    assert parties("2023-10-02")["stepanakert-askeran"] == "azerbaijan"


def test_after_the_dissolution() -> None:
    states = on("2024-02-01")
    assert {(state.party, state.certainty) for state in states.values()} == {("azerbaijan", "high")}
    assert states["martuni"].since == dt.date(2023, 9, 21)


def test_before_the_table_nothing_is_said() -> None:
    assert control.control_on(control.FIRST_DAY - dt.timedelta(days=1)) == []
    assert len(control.control_on(control.FIRST_DAY)) == len(control.area_ids())


@given(st.dates(min_value=control.FIRST_DAY, max_value=dt.date(2100, 1, 1)))
def test_every_area_has_one_state_on_every_day(day: dt.date) -> None:
    states = control.control_on(day)
    assert [state.area_id for state in states] == control.area_ids()
    for state in states:
        assert state.since <= state.start <= day
        assert state.end is None or day <= state.end
        assert state.source
        assert (state.party == "contested") == (state.certainty == "contested")


def test_change_days_are_the_days_of_change() -> None:
    days = control.change_days()
    assert days == sorted(set(days))
    assert days[0] == control.FIRST_DAY

    def seen(day: dt.date) -> list[tuple[str, str]]:
        return [(state.party, state.certainty) for state in control.control_on(day)]

    assert all(seen(day) != seen(day - dt.timedelta(days=1)) for day in days)


def test_history_and_names() -> None:
    history = control.control_history("kalbajar", "hy")
    assert [state.party for state in history] == ["armenian", "armenian", "armenian", "azerbaijan"]
    assert history[0].name == "Քարվաճառ"
    assert control.party_name("peacekeepers") == "Russian peacekeepers present"
    assert all(set(names) == {"en", "hy", "az", "ru"} for names in control.PARTIES.values())
    with pytest.raises(KeyError):
        control.control_history("atlantis")
    with pytest.raises(ValueError, match="lang is 'fr'"):
        control.control_on(control.FIRST_DAY, "fr")
    with pytest.raises(TypeError, match="pass a date"):
        control.control_on(dt.datetime(2020, 10, 1, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (["a,2020-01-01,2020-01-31,armenian,high,s,", "a,2020-02-02,,azerbaijan,high,s,"], "line 3: starts on"),
        (["a,2020-01-01,2020-01-31,armenian,high,s,", "a,2020-01-31,,azerbaijan,high,s,"], "line 3: starts on"),
        (["a,2020-01-01,,armenian,high,s,", "a,2020-02-01,,azerbaijan,high,s,"], "ends on None"),
        (["a,2020-01-02,2020-01-01,armenian,high,s,"], "before it starts"),
        (["a,2020-01-01,,martian,high,s,"], "party 'martian'"),
        (["a,2020-01-01,,armenian,high,,"], "empty source"),
        (["a,2020-01-01,,azerbaijan,contested,s,"], "contested day"),
        (["a,2020-01-01,,contested,high,s,"], "contested day"),
        (["a,1 May,,armenian,high,s,"], "line 2: Invalid isoformat"),
    ],
)
def test_a_wrong_table_is_refused(rows: list[str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        control.parse_table([HEADING, *rows])


def test_a_wrong_heading_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1"):
        control.parse_table(["area,from,to", "a,2020-01-01,"])


def test_the_asset_has_the_same_areas_and_no_overlap() -> None:
    features = json.loads((ASSETS / "control.geojson").read_text(encoding="utf-8"))["features"]
    assert sorted(feature["id"] for feature in features) == control.area_ids()
    shapes = [shape(feature["geometry"]) for feature in features]
    assert all(one.is_valid for one in shapes)
    for index, one in enumerate(shapes):
        assert all(one.intersection(other).area < 1e-6 for other in shapes[index + 1 :])
    assert (ASSETS / "control.geojson").stat().st_size <= 60_000


@pytest.mark.parametrize(
    ("town", "longitude", "latitude", "area"),
    [
        ("Stepanakert", 46.7519, 39.8177, "stepanakert-askeran"),
        ("Shusha", 46.7461, 39.7601, "shushi"),
        ("Hadrut", 47.0317, 39.5192, "hadrut"),
        ("Togh", 46.9836, 39.5878, "hadrut"),
        ("Karmir Shuka", 46.9500, 39.6800, "martuni"),
        ("Martuni", 47.1100, 39.7950, "martuni"),
        ("Martakert", 46.8161, 40.2120, "martakert"),
        ("Talish", 46.7628, 40.3747, "talish-madagiz"),
        ("Madagiz", 46.7900, 40.3300, "talish-madagiz"),
        ("Askeran", 46.8308, 39.9375, "stepanakert-askeran"),
        ("Aghdam", 46.9297, 39.9911, "aghdam"),
        ("Fuzuli", 47.1453, 39.6003, "fuzuli"),
        ("Jabrayil", 47.0283, 39.3992, "jabrayil"),
        ("Zangilan", 46.6525, 39.0858, "zangilan"),
        ("Qubadli", 46.5797, 39.3439, "qubadli"),
        ("Kalbajar", 46.0364, 40.1067, "kalbajar"),
        ("Lachin", 46.5461, 39.6408, "lachin-corridor-west"),
    ],
)
def test_towns_fall_into_their_areas(town: str, longitude: float, latitude: float, area: str) -> None:
    features = json.loads((ASSETS / "control.geojson").read_text(encoding="utf-8"))["features"]
    found = [one["id"] for one in features if shape(one["geometry"]).contains(Point(longitude, latitude))]
    assert found == [area], town
