"""From reports to events: who, where, when, whose word; what is no event; and the evidence."""

from datetime import UTC, date, datetime

import pytest

from events.schema import NAMES
from tests.events.coder.making import DAY, coded, coder, feed, report, values

ARMENIANS = "Military Forces of Armenia"
AZERBAIJANIS = "Military Forces of Azerbaijan"
SHELLED = "Azerbaijani forces shelled Stepanakert on Saturday, the Armenian Defence Ministry said, killing two people."


# --- who


@pytest.mark.parametrize(
    ("text", "actor", "claimant"),
    [
        ("Armenian forces shelled Ganja.", ARMENIANS, "Example News"),
        ("Ganja was shelled by Armenian forces.", ARMENIANS, "Example News"),
        ("Azerbaijan said Armenian forces shelled Ganja.", ARMENIANS, "Government of Azerbaijan"),
        ("According to Baku, Ganja was shelled by Armenian forces.", ARMENIANS, "Government of Azerbaijan"),
        ("Armenian forces shelled Ganja, an Example News correspondent reported.", ARMENIANS, "Example News"),
        ("Russia said Armenia says Azerbaijani forces shelled Shushi.", AZERBAIJANIS, "Government of Russia"),
    ],
)
def test_voice_and_quotation_tell_who_did_it_and_who_says_so(text: str, actor: str, claimant: str) -> None:
    assert values(coded(text), "actor1", "claimant") == [(actor, claimant)]


def test_a_denial_within_anothers_words_keeps_both() -> None:
    [event] = coded("Yerevan says Baku denies shelling Stepanakert.")
    assert values([event], "sub_event_type", "actor1", "claimant") == [
        ("Denial", "Government of Azerbaijan", "Government of Armenia")
    ]


def test_the_other_side_is_inferred_and_the_doubt_is_said() -> None:
    [proposal] = coder().code(report("Stepanakert came under artillery fire."))
    assert proposal.event["actor1"] == "Military Forces of Azerbaijan"
    assert any("inferred" in doubt for doubt in proposal.doubts)
    assert proposal.event["notes"].endswith("actor inferred.")


def test_a_subject_carries_to_the_next_sentence() -> None:
    text = "Azerbaijani troops entered Hadrut, the Defence Ministry in Baku said. They also shelled Martuni."
    assert (AZERBAIJANIS, "martuni-karabakh") in values(coded(text), "actor1", "place_id")


# --- where


def test_every_place_of_a_list_is_an_event() -> None:
    events = coded("Armenian forces shelled Tartar, Aghdam and Goranboy.")
    assert values(events, "place_id") == [("tartar",), ("aghdam",), ("goranboy",)]


def test_a_distance_from_a_second_town_is_no_second_place() -> None:
    assert values(coded("Azerbaijani troops took Talish, 5 km north of Mataghis."), "place_id") == [("talish",)]


def test_talks_are_where_they_are_held_and_words_at_their_speakers_seat() -> None:
    talks = coded("The foreign ministers of Armenia and Russia met in Geneva on Saturday.")
    words = coded("France called on Armenia and Azerbaijan to stop the fighting.")
    assert values(talks, "sub_event_type", "place_id") == [("Talks or visit", "geneva")]
    assert values(words, "sub_event_type", "place_id") == [("Appeal or statement", "paris")]


def test_near_a_town_is_less_exact_than_in_it() -> None:
    [near] = coded("Clashes took place near Hadrut.")
    [inside] = coded("Armenian forces shelled Ganja.")
    assert (near["geo_precision"], inside["geo_precision"]) == (2, 1)


# --- when


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("yesterday", "2020-10-10"),
        ("on Tuesday", "2020-10-06"),
        ("overnight", "2020-10-11"),
        ("on 27 September", "2020-09-27"),
        ("on September 27th", "2020-09-27"),
        ("on 07.10.2020", "2020-10-07"),
        ("two days ago", "2020-10-09"),
        ("", "2020-10-11"),
    ],
)
def test_the_day_is_read_from_the_text(told: str, day: str) -> None:
    [event] = coded(f"Armenian forces shelled Ganja {told}.".replace(" .", "."))
    assert (event["event_date"], event["event_end"], event["time_precision"]) == (day, day, 1)


def test_a_report_of_no_day_gives_events_of_none() -> None:
    [proposal] = coder().code(report("Armenian forces shelled Ganja.", published=None, day=None))
    assert proposal.event["event_date"] is None
    assert any("day" in doubt for doubt in proposal.doubts)


# --- how many


@pytest.mark.parametrize(
    ("text", "killed", "hurt"),
    [
        ("Shells hit Stepanakert, killing two people and injuring thirty-five.", 2, 35),
        ("A civilian was killed when shells hit Stepanakert.", 1, None),
        ("More than 3,000 people have been killed since the start of the war, Karabakh officials said.", 3000, None),
        ("Twelve soldiers died near Talish, Karabakh officials said, bringing the total losses to 1,302.", 1302, None),
    ],
)
def test_numbers_of_people(text: str, killed: int, hurt: int | None) -> None:
    assert values(coded(text), "fatalities", "injured") == [(killed, hurt)]


def test_a_total_is_a_count_and_a_blows_dead_belong_to_the_blow() -> None:
    total = coded("More than 3,000 people have been killed since the start of the war, Karabakh officials said.")
    blow = coded("Shells hit Stepanakert, killing two people.")
    assert values(total, "sub_event_type") == [("Casualty count",)]
    assert values(blow, "sub_event_type") == [("Shelling/artillery/missile attack",)]


# --- what is no event


@pytest.mark.parametrize(
    "text",
    [
        "In 1994, Armenian forces captured Lachin.",
        "If Azerbaijani forces shell Stepanakert, Armenia will respond.",
        "Azerbaijani forces could shell Stepanakert.",
        "Will Armenian forces shell Ganja?",
        "The truce may be extended next week.",
        "The weather in Baku was warm.",
        "Read more: what we know so far",
    ],
)
def test_history_conditions_and_teasers_give_nothing(text: str) -> None:
    assert coded(text) == []


def test_what_is_denied_is_a_denial_and_nothing_else() -> None:
    assert values(coded("Armenia denied that its army had shelled Ganja."), "sub_event_type") == [("Denial",)]


def test_a_headline_and_its_body_are_one_event() -> None:
    events = coded("Stepanakert shelled again\nStepanakert was shelled by Azerbaijani forces. Two people were killed.")
    assert values(events, "place_id", "fatalities") == [("stepanakert", 2)]


# --- the evidence


def test_an_event_has_every_name_of_the_table_and_marks_lie_in_the_text() -> None:
    [proposal] = coder().code(report(SHELLED))
    assert list(proposal.event) == list(NAMES)
    text = {mark.field: SHELLED[mark.start : mark.end] for mark in proposal.marks}
    assert text["place"] == "Stepanakert"
    assert text["actor1"] == "Azerbaijani forces"
    assert text["day"] == "Saturday"
    assert "shelled" in text["action"]
    assert "Ministry" in text["claimant"]
    assert "two" in text["fatalities"]
    assert proposal.event["evidence"] == "a report, sentence 1"


def test_a_note_is_made_from_the_codes() -> None:
    [event] = coded(SHELLED)
    told = "Military Forces of Azerbaijan shelled Stepanakert, hitting Civilians (Artsakh)."
    assert event["notes"] == f"Government of Armenia says: {told}"


# --- a feed


def test_ids_tell_publisher_time_and_number_and_stay_when_the_feed_grows() -> None:
    texts = ["Armenian forces shelled Ganja and Tartar.", "Azerbaijani forces shelled Hadrut."]
    short, grown = (coder().code_feed(feed(*some)) for some in (texts[:1], texts))
    assert [p.event["event_id"] for p in short] == ["examplenews-20201011T0800-1", "examplenews-20201011T0800-2"]
    assert [p.event["event_id"] for p in grown][:2] == [p.event["event_id"] for p in short]
    assert len({p.event["event_id"] for p in grown}) == 3


def test_an_id_without_a_time_is_the_texts_own() -> None:
    first, second = (coded(text, published=None)[0]["event_id"] for text in ("Ganja shelled.", "Tartar shelled."))
    assert first.startswith("examplenews-20201011-")
    assert first != second
    assert first == coded("Ganja  shelled.", published=None)[0]["event_id"]


def test_a_report_told_twice_counts_once() -> None:
    again = coder().code_feed(feed("Armenian forces shelled Ganja.", "Armenian forces  shelled Ganja."))
    assert [proposal.report for proposal in again] == [0]


def test_the_times_of_reports_are_utc() -> None:
    event = coded(SHELLED, published=datetime(2020, 10, 10, 21, 30, tzinfo=UTC), day=date(2020, 10, 11))[0]
    assert event["source_time"] == "2020-10-10T21:30Z"
    assert DAY.isoformat() > event["event_date"]


def test_a_doubt_says_where_words_were_placed_and_who_hits_his_own() -> None:
    def doubts(text: str) -> tuple[str, ...]:
        return coder().code(report(text))[0].doubts

    assert "place inferred: the seat of the speaker" in doubts("Armenia's prime minister urged Russia to act.")
    assert doubts("Armenia's prime minister told a briefing in Geneva that Russia must act.") == ()
    assert any("its own side" in doubt for doubt in doubts("Armenian forces shelled Stepanakert."))
    assert doubts("Azerbaijani forces shelled Stepanakert.") == ()


def test_no_region_stands_in_for_a_place_that_another_sentence_tells() -> None:
    text = "Azerbaijani troops opened artillery fire, the ministry in Yerevan said.\nShells hit Martuni, it added."
    for proposal in coder().code(report(text)):
        named = proposal.event["place_id"] != "nagorno-karabakh"
        assert not (named and any("the region stands in" in doubt for doubt in proposal.doubts))
