"""Villages that the gazetteer knows by name alone: each is a place of its own, at its district's point."""

import pytest

from geodata.gazetteer import Gazetteer
from tests.events.coder.making import coded, values

TAKEN = ("place", "place_id", "geo_precision", "latitude", "longitude")


def point(place_id: str) -> tuple[float, float]:
    place = Gazetteer.load().get(place_id)
    assert place is not None
    return place.point


def test_villages_of_one_district_are_as_many_events() -> None:
    events = coded("Azerbaijan's army has taken the villages of Isagli, Dejal and Horovlu in the Jabrayil district.")
    around = point("jabrayil-district")
    assert values(events, *TAKEN) == [
        ("Isagli", "", 2, *around),
        ("Dejal", "", 2, *around),
        ("Horovlu", "horovlu", 1, *point("horovlu")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Aliyev said that the army had liberated Edisha, Salakatin and Akhullu villages of Khojavend region.",
        "The villages of Edisha, Salakatin and Akhullu of the Khojavend district were taken, Azerbaijan's army said.",
    ],
)
def test_the_district_that_a_list_ends_with_is_no_place_besides(text: str) -> None:
    around = point("khojavend-district")
    assert values(coded(text), *TAKEN) == [(name, "", 2, *around) for name in ("Edisha", "Salakatin", "Akhullu")]


def test_pointed_villages_end_with_their_district_alike() -> None:
    text = "Azerbaijan's army has liberated Talish and Mataghis villages of Tartar region, Aliyev said."
    assert values(coded(text), "place_id") == [("talish",), ("mataghis",)]


def test_a_village_told_twice_is_one_event() -> None:
    text = (
        "Shells hit the village of Gashalti. In Gashalti shells destroyed houses, Azerbaijan's Defence Ministry said."
    )
    shelled = [event for event in coded(text) if event["event_type"] == "Explosions/Remote violence"]
    assert values(shelled, "place") == [("Gashalti",)]
