"""What sentences of one report leave to each other: headlines, damage, totals, 'they', days, lists over districts."""

import pytest

from tests.events.coder.making import coded, values

AZERBAIJANIS = "Military Forces of Azerbaijan"


def test_a_headline_says_in_short_what_the_body_tells() -> None:
    text = "Drones attack Syunik\nAzerbaijani drones hit posts near Kapan and near Goris, the ministry in Yerevan said."
    assert values(coded(text), "sub_event_type", "place_id") == [
        ("Air/drone strike", "kapan"),
        ("Air/drone strike", "goris"),
    ]


def test_houses_destroyed_at_no_place_of_their_own_belong_to_the_blow_before() -> None:
    text = "Rockets hit Martuni at dawn, the ombudsman of Artsakh said. Two houses and a school were damaged."
    assert values(coded(text), "sub_event_type") == [("Shelling/artillery/missile attack",)]


def test_damage_of_past_days_is_counted_and_is_no_blow() -> None:
    text = "Ten houses have been destroyed in Stepanakert in shelling over the past few days, the mayor said."
    assert values(coded(text), "sub_event_type") == [("Looting/property destruction",)]


def test_a_shelled_settlement_is_shelled_whoever_was_hurt_in_it() -> None:
    text = "A farmer and a journalist were wounded in the shelling of Barda, the prosecutor's office in Baku said."
    assert values(coded(text), "sub_event_type", "place_id") == [("Shelling/artillery/missile attack", "barda")]


def test_they_are_the_troops_of_the_sentence_before() -> None:
    text = (
        "Azerbaijani troops tried to advance near Avetaranots, the defence ministry of Artsakh said.\n"
        "At the same time they shelled Martuni."
    )
    told = [event for event in coded(text) if event["place_id"] == "martuni-karabakh"]
    assert values(told, "actor1", "claimant") == [(AZERBAIJANIS, "Government of Artsakh")]


def test_soldiers_and_civilians_are_counted_apart() -> None:
    text = "The Karabakh authorities report the death of 310 soldiers and 25 civilians."
    assert values(coded(text), "sub_event_type", "actor1", "fatalities") == [
        ("Casualty count", "Military Forces of Artsakh", 310),
        ("Casualty count", "Civilians (Artsakh)", 25),
    ]


def test_a_total_without_a_word_of_harm_goes_on_with_the_count_before() -> None:
    text = "Artsakh's Defense Ministry published 40 more names of killed servicemen. The total number has grown to 900."
    assert values(coded(text), "sub_event_type", "fatalities") == [("Casualty count", 900)]


def test_civilians_are_lost_where_they_live_and_soldiers_by_who_lost_them() -> None:
    lost = coded("Azerbaijan has lost 4,200 soldiers since the war began, the defence ministry in Yerevan said.")
    assert values(lost, "actor1", "place_id") == [(AZERBAIJANIS, "nagorno-karabakh")]
    died = coded("60 civilians have been killed since the war began, the prosecutor general of Azerbaijan said.")
    assert values(died, "actor1", "place_id") == [("Civilians (Azerbaijan)", "azerbaijan")]


@pytest.mark.parametrize(
    ("text", "events"),
    [
        (
            "Fighting erupted on 27 September when both sides accused each other of breaking the truce.",
            [("Armed clash", "2020-09-27")],
        ),
        (
            "Baku and Yerevan blamed each other for the failure of the talks.",
            [("Accusation", "2020-10-11"), ("Accusation", "2020-10-11")],
        ),
    ],
)
def test_blame_on_both_sides_is_one_clash_where_it_has_a_day(text: str, events: list[tuple[str, str]]) -> None:
    assert values(coded(text), "sub_event_type", "event_date") == events


def test_the_districts_that_villages_lie_in_do_not_end_their_list() -> None:
    text = (
        "The army has liberated the village of Talish in the Tartar district, Khtsaberd and Nowhereli in the Khojavend "
        "district, and the city of Zangilan, the president of Azerbaijan said."
    )
    assert [event["place_id"] for event in coded(text)] == ["talish", "khtsaberd", "martuni-karabakh", "zangilan"]


def test_what_is_counted_by_district_is_of_each() -> None:
    text = (
        "Baku said it had taken two villages in the Jabrayil district, two in the Zangilan district and one in Gubadli."
    )
    assert [event["place_id"] for event in coded(text)] == ["jabrayil", "zangilan", "qubadli"]


def test_each_handover_announced_has_its_own_day() -> None:
    text = "Under the statement, Kalbajar is to be transferred on November 25 and the Lachin district by December 1."
    assert values(coded(text), "place_id", "event_date") == [("kalbajar", "2020-11-25"), ("lachin", "2020-12-01")]


def test_the_day_of_what_is_told_is_not_that_of_the_words_of_others() -> None:
    text = (
        "The peacekeepers opened a post near Martuni, the Russian Defence Ministry said.\n"
        "The bodies of 30 soldiers were handed over near Shushi on Saturday, it said."
    )
    assert values(coded(text), "sub_event_type", "event_date") == [
        ("Headquarters or base established", "2020-10-11"),
        ("Exchange of prisoners or bodies", "2020-10-10"),
    ]


def test_that_day_is_the_day_named_last() -> None:
    text = (
        "Armenian forces fired rockets at Barda on October 9, the prosecutors in Baku said.\n"
        "On that day three people were hurt in the shelling of Tartar."
    )
    assert values(coded(text), "place_id", "event_date") == [("barda", "2020-10-09"), ("tartar", "2020-10-09")]


def test_where_fire_comes_from_and_how_far_a_town_lies_off_are_no_places() -> None:
    fired = coded("Baku accused Armenian forces of firing from Berd at villages of the Tovuz district.")
    assert [event["place_id"] for event in fired] == ["tovuz"]
    downed = coded("A drone was shot down over Kotayk province, 20 kilometers from Yerevan, the ministry said.")
    assert [event["place_id"] for event in downed] == ["kotayk"]


def places(text: str) -> list[str]:
    """The place_id of each event of a report."""
    return [event["place_id"] for event in coded(text)]


def test_villages_that_go_by_their_districts_end_no_list() -> None:
    text = (
        "Our army has taken five settlements: Rabend in Zangilan district, Sofulu and Chalabilar in Jabrayil district,"
        " Khanlig in Gubadli and Talish, Aliyev said."
    )
    assert places(text) == ["zangilan", "sofulu", "", "khanlig", "talish"]  # Chalabilar has no point of its own
    text = "Aliyev said the army had taken Hadrut together with the villages of 'Mughanli, Zarnali and Hakari'."
    assert places(text) == ["hadrut", "mughanli", "", "hakari"]


def test_villages_that_a_colon_announces_are_shelled_too() -> None:
    text = (
        "Azerbaijani artillery fired at Martuni and at two villages to the west of it: Sos and Taghavard, Artsakh said."
    )
    assert places(text) == ["martuni-karabakh", "sos", "taghavard"]


def test_what_and_where_a_town_is_takes_no_place_of_its_own() -> None:
    text = (
        "One person was killed in Horadiz, a town in the Fuzuli district, and another in the village of Jojug Marjanli"
        " as Armenian forces shelled them, the prosecutor's office in Baku said."
    )
    assert places(text) == ["horadiz", "jojug-marjanli"]
    text = "Residents of Mingachevir, an industrial town about 80km from the front, heard explosions."
    assert places(text) == ["mingachevir"]


def test_fire_that_is_reported_falls_on_all_the_villages_told() -> None:
    text = "The emergency service in Karabakh reports artillery fire on the town of Martuni and on the village of Nngi."
    assert places(text) == ["martuni-karabakh", "nngi"]


def test_villages_in_several_districts_are_taken_in_each() -> None:
    text = "The army has liberated 18 villages in the districts of Fuzuli, Jabrayil and Khojavend, Aliyev said."
    assert places(text) == ["fuzuli", "jabrayil", "martuni-karabakh"]


def test_where_a_missile_came_from_was_not_hit() -> None:
    text = "A missile destroyed a building in Ganja, Baku said. It was launched from the area of Vardenis, it said."
    assert set(places(text)) == {"ganja"}


def test_what_somebody_calls_a_lie_he_does_not_tell() -> None:
    text = 'The claim that Armenian forces shelled Ganja is "an absolute lie", the Armenian Defence Ministry said.'
    assert values(coded(text), "sub_event_type", "actor1") == [("Denial", "Government of Armenia")]


def test_who_calls_on_the_security_council_does_not_speak_there() -> None:
    assert places("Armenia's prime minister called on Russia and the UN Security Council to act.") == ["yerevan"]
    assert places("Aliyev and Erdogan met in Azerbaijan's exclave of Nakhchivan on Monday.") == ["nakhchivan"]
