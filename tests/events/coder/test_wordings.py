"""The varied ways in which news words the same thing: voice, lists, appositions, days, and what is no event."""

from datetime import date
from typing import Any

import pytest

from tests.events.coder.making import coded, values

ARMENIANS = "Military Forces of Armenia"
AZERBAIJANIS = "Military Forces of Azerbaijan"


# --- where


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Shushi was shelled by rockets and the town of Martuni by artillery.", ["shushi", "martuni-karabakh"]),
        ("A resident of Martakert was shot dead by an Azerbaijani soldier near Shushi.", ["shushi"]),
        ("Rockets hit the Vardenis community of Gegharkunik province.", ["vardenis"]),
        ("Artillery duels were reported around the village of Talish in the north.", ["talish"]),
        ("Azerbaijani forces struck Stepanakert with Smerch rockets.", ["stepanakert"]),
        ("Stepanakert has been under rocket attack for three days.", ["stepanakert"]),
        ("A Turkish jet shot down an Armenian warplane over Armenian airspace.", ["armenia"]),
        (
            "The peacekeepers crossed the border of Armenia and entered the Lachin corridor.",
            ["armenia-azerbaijan-border", "lachin-corridor"],
        ),
        ("Armenia declared general mobilisation amid hostilities in Karabakh.", ["armenia"]),
    ],
)
def test_the_place_is_where_it_happened(text: str, places: list[str]) -> None:
    assert [event["place_id"] for event in coded(text) if event["sub_event_type"] != "Armed clash"] == places


def test_each_place_of_a_list_has_its_own_day() -> None:
    text = "Armenia will return Kalbajar by 15 November, Aghdam by 20 November and Lachin by 1 December."
    assert values(coded(text), "place_id", "event_date") == [
        ("kalbajar", "2020-11-15"),
        ("aghdam", "2020-11-20"),
        ("lachin", "2020-12-01"),
    ]


def test_a_bulletin_of_a_day_and_its_night_is_of_the_day() -> None:
    text = "On October 9 and at night on October 10, combat operations continued in the Fuzuli sector of the front."
    assert values(coded(text), "place_id", "event_date") == [("fuzuli", "2020-10-09")]


def test_armenias_own_losses_after_the_war_are_at_the_border() -> None:
    text = "Azerbaijani troops seized two positions, the Armenian Defence Ministry said."
    [event] = coded(text, day=date(2021, 11, 16))
    assert event["place_id"] == "armenia-azerbaijan-border"


# --- what was taken


@pytest.mark.parametrize(
    ("text", "sub_type"),
    [
        ("Azerbaijani forces captured 62 Armenian soldiers near Khtsaberd.", "Arrests"),
        ("Azerbaijani forces captured Khtsaberd.", "Government regains territory"),
        ("Azerbaijani forces captured 13 more settlements.", "Armed clash"),
        ("Azerbaijani forces captured several heights near Talish.", "Armed clash"),
        ("Azerbaijani troops entered Aghdam under the terms of the truce.", "Non-violent transfer of territory"),
    ],
)
def test_people_ground_and_ceded_land_are_no_town_taken(text: str, sub_type: str) -> None:
    assert [event["sub_event_type"] for event in coded(text)] == [sub_type]


def test_the_town_named_before_is_the_one_that_is_taken() -> None:
    events = coded("Rockets hit Hadrut at dawn. The town is now in Azerbaijani hands, officials said.")
    assert ("hadrut", "Government regains territory") in values(events, "place_id", "sub_event_type")


# --- who


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("The Azerbaijani flag has been hoisted in Jabrayil.", AZERBAIJANIS),
        ("Armenian rocket artillery is bombarding the city of Barda.", ARMENIANS),
        ("Three Armenian soldiers died in shelling near Goris, Yerevan said.", AZERBAIJANIS),
        ("Mingachevir was targeted with missiles but the attack was foiled by air defences.", ARMENIANS),
        ("Drones are being launched at Martuni, Karabakh's foreign ministry said.", AZERBAIJANIS),
    ],
)
def test_who_did_it_is_read_past_weapons_and_sufferers(text: str, actor: str) -> None:
    assert [event["actor1"] for event in coded(text)] == [actor]


# --- how many


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Seven soldiers, four of them Armenian, were killed in a border clash near Tegh.", (7, None)),
        ("Armenian forces shelled Barda. A civilian, Mehman Aliyev, 53, was killed.", (1, None)),
        ("A soldier was fatally wounded when Azerbaijani forces shelled Goris.", (1, None)),
        ("Nine people died and 34 people were injured in the missile attack on Ganja.", (9, 34)),
    ],
)
def test_people_are_counted_and_nothing_else(text: str, counts: tuple[Any, Any]) -> None:
    assert values(coded(text), "fatalities", "injured") == [counts]


def test_positions_that_are_lost_are_nobodys_death() -> None:
    assert all(event["fatalities"] is None for event in coded("Two combat positions near Sotk were lost."))


# --- what is no event


@pytest.mark.parametrize(
    "text",
    [
        "A man walks past a house damaged by shelling in Stepanakert.",
        "Imagine that Armenian missiles destroyed the dam at Mingachevir.",
        "Were Ganja to be hit by rockets again, talks would end.",
        "By destroying tanks from the air, drones have changed the war.",
        "Both armies have missiles able to hit Baku.",
        "Stay away from windows during shelling.",
        "The Defence Ministry of Azerbaijan disseminated a video of the villages of the Jabrayil district liberated.",
        "The minister met families whose houses were destroyed in Ganja.",
        "The ministers agreed to take the steps needed to ease the tension.",
        "The intensity of the shelling of Vardenis has weakened, the Defence Ministry in Yerevan said.",
    ],
)
def test_captions_suppositions_advice_and_sufferers_give_nothing(text: str) -> None:
    assert coded(text) == []


def test_what_is_told_twice_in_a_sentence_counts_once() -> None:
    text = "Azerbaijani forces attacked in the southern direction, but were repelled, the ministry in Stepanakert said."
    assert len(coded(text)) == 1
    assert [e["sub_event_type"] for e in coded("A hospital in Stepanakert was hit in an airstrike.")] == [
        "Air/drone strike"
    ]


def test_the_strike_that_is_spoken_of_again_is_the_one_just_told() -> None:
    text = "Azerbaijani forces carried out an airstrike on Shushi. The strike left a building in ruins."
    assert values(coded(text), "place_id", "sub_event_type") == [("shushi", "Air/drone strike")]


def test_an_agency_for_mines_is_no_mine() -> None:
    text = "Azerbaijan's Mine Action Agency said two of its employees were killed in a car accident in Fuzuli."
    assert "Remote explosive/landmine/IED" not in {event["sub_event_type"] for event in coded(text)}
    [event] = coded("Two men were killed by a mine near Fuzuli, Azerbaijan's Mine Action Agency said.")
    assert event["sub_event_type"] == "Remote explosive/landmine/IED"


def test_people_taken_out_of_a_town_have_not_taken_it() -> None:
    events = coded("Overnight, mortars were fired at Askeran, and elderly people were taken out of the town to Goris.")
    assert "Government regains territory" not in {event["sub_event_type"] for event in events}


# --- whose count it is


@pytest.mark.parametrize(
    ("text", "actor1", "claimant"),
    [
        (
            "The ombudsman of Karabakh has counted 14 civilians killed since the war began.",
            "Civilians (Artsakh)",
            "Government of Artsakh",
        ),
        (
            "Azerbaijan's General Prosecutor's Office puts the number of civilians killed so far at 41.",
            "Civilians (Azerbaijan)",
            "Government of Azerbaijan",
        ),
        (
            "The Karabakh army lists 17 more fallen soldiers.",
            "Military Forces of Artsakh",
            "Military Forces of Artsakh",
        ),
    ],
)
def test_who_keeps_a_count_is_its_claimant(text: str, actor1: str, claimant: str) -> None:
    assert values(coded(text), "actor1", "claimant") == [(actor1, claimant)]


def test_the_fallen_whom_nobody_is_quoted_for_are_those_of_the_papers_home() -> None:
    text = "The names of 25 more fallen servicemen have been made public."
    assert values(coded(text, publisher="Artsakhpress"), "actor1") == [("Military Forces of Artsakh",)]


# --- what only tells of what


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The air defence of Armenia downed drones that flew in over Kotayk late on Tuesday.", "2020-10-06"),
        ("The air defence of Armenia downed drones, which had circled over Kotayk on Tuesday.", "2020-10-09"),
    ],
)
def test_a_day_behind_what_tells_of_the_object_is_that_of_the_act(text: str, day: str) -> None:
    assert values(coded(text, day=date(2020, 10, 9)), "event_date") == [(day,)]


# --- where words are said, and whose a weapon is


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The European Parliament adopted a resolution in Strasbourg urging Baku to open the road.", "strasbourg"),
        ("Armenia must leave these lands first, Mevlut Cavusoglu declared in Baku.", "baku"),
        ("Armenia must leave these lands first, Mevlut Cavusoglu declared.", "ankara"),
    ],
)
def test_words_are_where_the_report_says_that_they_were_said(text: str, place: str) -> None:
    assert values(coded(text), "place_id") == [(place,)]


def test_a_weapon_is_not_fired_by_those_who_made_it() -> None:
    [event] = coded("Homes in Stepanakert were hit with rockets of Israeli make.")
    assert event["actor1"] == AZERBAIJANIS


# --- lists with a time or a joiner, a town with news of its own, those who are flown home, ages, captions


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Shelling was heard in Martakert, along with Talish.", ["martakert", "talish"]),
        ("Mortar shells fell around Askeran, along with the village of Talish.", ["askeran", "talish"]),
        ("Rockets struck Shushi at 6:45, Martakert at 7:15 and Askeran at dawn.", ["shushi", "martakert", "askeran"]),
    ],
)
def test_places_go_on_behind_a_time_and_behind_along_with(text: str, places: list[str]) -> None:
    assert [event["place_id"] for event in coded(text)] == places


def test_what_befell_one_town_is_not_told_of_the_next_that_has_a_verb_of_its_own() -> None:
    events = coded("Askeran was shelled at dawn and Hadrut was evacuated.")
    assert values(events, "sub_event_type", "place_id") == [
        ("Shelling/artillery/missile attack", "askeran"),
        ("Evacuation or displacement", "hadrut"),
    ]


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("Nine Armenian prisoners of war were flown home to Yerevan.", "Government of Azerbaijan"),
        ("A Russian aircraft has brought nine captives to Yerevan.", "Government of Azerbaijan"),
        ("Azerbaijan handed over nine captured Armenian servicemen.", "Government of Azerbaijan"),
    ],
)
def test_captives_come_from_who_held_them_and_not_from_who_carries_them(text: str, actor: str) -> None:
    assert values(coded(text), "sub_event_type", "actor1") == [("Exchange of prisoners or bodies", actor)]


def test_ages_in_a_row_are_no_count() -> None:
    [event] = coded("Three brothers, aged 17, 22 and 40, were killed by a missile in Ganja.")
    assert event["fatalities"] in (3, None)


@pytest.mark.parametrize("opener", ["Watch:", "Video:", "In pictures:", "Photo |"])
def test_what_only_points_to_a_film_or_a_picture_tells_nothing(opener: str) -> None:
    assert coded(f"{opener} Rockets hit the town of Martakert.") == []
