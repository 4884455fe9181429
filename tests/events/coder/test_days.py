"""On which day: days told beside words, behind what is said, in sentences before, and two days at once."""

import pytest

from tests.events.coder.making import coded, coder, feed

# Reports are of Sunday, 11 October 2020 (tests.events.coder.making).


def days(text: str, *sub_types: str) -> list[str]:
    return [event["event_date"] for event in coded(text) if not sub_types or event["sub_event_type"] in sub_types]


def test_a_day_beside_words_is_that_of_what_they_tell() -> None:
    text = "Armenia's Defence Ministry said on Thursday that Azerbaijani drones had struck a convoy near Vardenis."
    assert days(text) == ["2020-10-08"]


def test_what_a_sentence_adds_to_such_words_is_of_their_day() -> None:
    text = (
        "Azerbaijan's Foreign Ministry said on Friday that Armenian forces had shelled Tovuz, "
        "and called on Yerevan to stop the attacks."
    )
    assert set(days(text)) == {"2020-10-09"}


def test_a_date_behind_what_is_said_goes_before_the_day_of_the_words() -> None:
    text = (
        "Amnesty International said on Friday that Azerbaijani forces had fired the rockets "
        "which hit homes in Hadrut on Oct. 4."
    )
    assert days(text, "Shelling/artillery/missile attack") == ["2020-10-04"]


def test_a_date_that_only_says_since_when_is_not_the_day() -> None:
    text = "The ministry said on Friday that Armenian forces had shelled Ganja after the fighting began on Sept. 27."
    assert "2020-09-27" not in days(text, "Shelling/artillery/missile attack")


def test_a_day_behind_what_is_set_between_commas() -> None:
    text = "Azerbaijani forces attacked Talish, later called the key to the north, on October 3, 2020."
    assert days(text) == ["2020-10-03"]


@pytest.mark.parametrize(
    ("goes_on", "day"),
    [
        ("Hours later, rockets hit Martuni.", "2020-10-07"),
        ("A day later, rockets hit Martuni.", "2020-10-08"),
        ("Two days later Azerbaijani rockets hit Martuni.", "2020-10-09"),
        ("The next day rockets hit Martuni.", "2020-10-08"),
        ("Rockets hit Martuni, too.", "2020-10-07"),
        ("Rockets hit Martuni on Friday.", "2020-10-09"),
    ],
)
def test_how_a_sentence_goes_on_from_the_day_before_it(goes_on: str, day: str) -> None:
    events = coded(f"Azerbaijani artillery shelled Stepanakert on Wednesday. {goes_on}")
    assert {event["place_id"]: event["event_date"] for event in events} == {
        "stepanakert": "2020-10-07",
        "martuni-karabakh": day,
    }


def test_a_weekday_goes_no_further_than_its_paragraph() -> None:
    text = "Azerbaijani artillery shelled Stepanakert on Wednesday.\nRockets hit Martuni."
    assert days(text) == ["2020-10-07", "2020-10-11"]


def test_hours_later_needs_a_day_right_before_it() -> None:
    told = feed(
        "On Wednesday, Armenian forces shelled Ganja.", "The mayor of Barda spoke. Hours later rockets hit Goranboy."
    )
    found = {p.event["place_id"]: p.event["event_date"] for p in coder().code_feed(told)}
    assert (found["ganja"], found["goranboy"]) == ("2020-10-07", "2020-10-11")


def test_what_happened_on_two_days_is_two_events() -> None:
    assert days("Armenian forces shelled Ganja on Thursday and Friday.") == ["2020-10-08", "2020-10-09"]
    assert days("Macron spoke by phone with Pashinyan on October 8 and on October 10.") == ["2020-10-08", "2020-10-10"]
    assert len(days("Armenian forces shelled Ganja on the night of October 8 and 9.")) == 1
