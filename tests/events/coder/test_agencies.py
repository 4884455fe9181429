"""The items of news agencies: who closes them, what their lists name, what they only recall."""

from datetime import date

import pytest

from events.feed import Feed
from tests.events.coder.making import coded, coder, report, values

AZ, AM = "Government of Azerbaijan", "Government of Armenia"


# --- who speaks


def test_an_office_that_closes_an_item_speaks_for_its_beginning() -> None:
    text = "Rockets hit Ganja. As a result, two civilians were killed, the prosecutor's office in Baku told Trend."
    assert {event["claimant"] for event in coded(text)} == {AZ}


def test_an_office_that_closes_a_paragraph_speaks_for_the_next() -> None:
    texts = ("Stepanakert is being shelled, the ombudsman of Artsakh informs.", "The town of Martuni was also hit.")
    paragraphs = tuple(report(text, number, label=f"paragraph {number}") for number, text in enumerate(texts))
    events = [proposal.event for proposal in coder().code_feed(Feed("Example News", "", paragraphs, ()))]
    assert values(events, "place_id", "claimant") == [
        ("stepanakert", "Government of Artsakh"),
        ("martuni-karabakh", "Government of Artsakh"),
    ]


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("A house in Martuni was shelled, the press service of the republic's defense ministry said.", AZ),
        ("The Russian Foreign Ministry is silent. Envoys met in Geneva, the ministry's website says.", "Russia"),
    ],
)
def test_offices_at_home(text: str, claimant: str) -> None:
    events = coded(text, publisher="Azertac")
    assert events[0]["claimant"].endswith(claimant)


def test_the_ministry_of_a_national_agency_is_its_countrys() -> None:
    text = "Ten detainees were handed over to Armenia at the Georgian border, the Ministry of Foreign Affairs said."
    assert {event["claimant"] for event in coded(text, publisher="Azertac")} == {AZ}


def test_who_is_cited_by_reference_speaks() -> None:
    text = "Units entered Kalbajar district under the deal, Trend reports referring to Azerbaijan's Defence Ministry."
    assert {event["claimant"] for event in coded(text, publisher="Trend")} == {AZ}


def test_who_announces_a_ceasefire_says_so() -> None:
    [event] = coded("The Azerbaijani Defence Ministry announced the end of hostilities.")
    assert (event["sub_event_type"], event["claimant"]) == ("Agreement", AZ)


def test_the_enemy_is_that_of_who_speaks_at_the_end() -> None:
    [event] = coded("The enemy shelled the city of Tartar, the Azerbaijani Defence Ministry said.")
    assert event["actor1"] == "Military Forces of Armenia"


# --- who is meant


def test_a_secretary_of_a_security_council_is_of_his_state() -> None:
    [event] = coded("Security Council Secretary Armen Grigoryan asked Russia to protect Armenia.")
    assert (event["actor1"], event["place_id"]) == (AM, "yerevan")


def test_an_ambassador_is_received() -> None:
    [event] = coded("Foreign Minister Jeyhun Bayramov received the newly appointed Swiss ambassador.")
    assert (event["sub_event_type"], event["actor2"]) == ("Talks or visit", "Government of Switzerland")


def test_what_is_discussed_takes_no_part() -> None:
    [event] = coded("Sergey Lavrov discussed Nagorno-Karabakh with the Armenian foreign minister by phone.")
    assert event["actor2"] == AM


def test_civilians_who_died_are_who_was_hit() -> None:
    [event] = coded("Armenian forces fired rockets at Barda. 19 civilians died.")
    assert (event["actor2"], event["fatalities"]) == ("Civilians (Azerbaijan)", 19)


# --- places


def test_districts_that_head_their_villages_are_listed() -> None:
    text = (
        "In Zangilan district the village of Havali and the city of Zangilan, in Fuzuli district Dordchinar and "
        "Gochahmadli villages have been liberated, the president of Azerbaijan said."
    )
    assert {event["place_id"] for event in coded(text)} >= {"zangilan", "dordchinar", "gochahmadli"}


def test_a_town_in_the_name_of_a_pipeline_is_no_place() -> None:
    [event] = coded("Armenian forces shelled the Baku-Tbilisi-Ceyhan oil pipeline in the Yevlakh district.")
    assert event["place_id"] == "yevlakh"


def test_what_is_sent_is_where_it_goes() -> None:
    [event] = coded("Two fuel tankers have been sent from Barda to Stepanakert.")
    assert event["place_id"] == "stepanakert"


def test_the_directions_of_a_border_are_the_places() -> None:
    text = "A battle is under way on the Armenian-Azerbaijani border in the Kalbajar and Lachin directions."
    assert [event["place_id"] for event in coded(text, day=date(2021, 11, 16))] == ["kalbajar", "lachin"]


# --- what is told


def test_a_missile_attack_launched_is_no_clash() -> None:
    [event] = coded("Azerbaijan launched a missile attack on the town of Kapan on Sunday, Yerevan said.")
    assert event["event_type"] == "Explosions/Remote violence"


def test_the_number_of_the_killed_that_was_reached() -> None:
    [event] = coded("The number of civilians killed as a result of the provocation has reached 32.")
    assert (event["sub_event_type"], event["fatalities"]) == ("Casualty count", 32)


def test_a_district_after_the_war_was_handed_over() -> None:
    text = "Lachin district has come under Azerbaijan's control."
    [event] = coded(text, day=date(2020, 12, 1))
    assert event["sub_event_type"] == "Non-violent transfer of territory"


def test_what_has_gone_on_all_along_is_no_event_of_today() -> None:
    assert coded("The Azerbaijani army has been shelling settlements in Artsakh since September 27.") == []
