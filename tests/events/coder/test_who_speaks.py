"""Who speaks, who spoke with whom, and whom words are meant for, as agencies put it."""

import pytest

from events.coder import load_rules
from tests.events.coder.making import coded, coder, feed, values

AM, AZ, RU, FR = (f"Government of {state}" for state in ("Armenia", "Azerbaijan", "Russia", "France"))


def test_every_verb_of_a_pattern_is_known() -> None:
    rules = load_rules()
    known = {lemma for lemma, _ in rules.forms.values()}
    pieces = [(r.id, p) for r in rules.rules for pattern in r.patterns for p in pattern.pieces]
    assert [(rule, lemma) for rule, piece in pieces for lemma in piece.lemmas if lemma not in known] == []


def test_a_report_of_one_sentence_does_not_repeat_itself() -> None:
    headline = "Armenian Defence Ministry denies its forces shelled the city of Ganja on Sunday night or before"
    [proposal] = coder().code_feed(feed(headline))
    assert proposal.event["sub_event_type"] == "Denial"


@pytest.mark.parametrize(
    "text",
    [
        "Pelosi, visiting Yerevan, condemned the attacks.",
        "Pelosi, who was in Yerevan on Sunday, condemned the attacks.",
        "Pelosi, the speaker of the House, condemned the attacks.",
    ],
)
def test_who_stands_before_an_insertion_speaks(text: str) -> None:
    assert "Government of the United States" in {event["actor1"] for event in coded(text)}


def test_words_are_said_where_the_visit_is() -> None:
    events = coded("Stoltenberg, on a visit to Ankara, urged Turkey to calm tensions.")
    assert ("Appeal or statement", "ankara") in values(events, "sub_event_type", "place_id")


@pytest.mark.parametrize(
    ("publisher", "text", "claimant"),
    [
        ("Trend", "A woman was killed by shrapnel in Tartar, the Prosecutor General's Office informs.", AZ),
        ("Armenpress", "A woman was killed by shrapnel in Goris, the ministry's press service informs.", AM),
        ("Reuters", "A woman was killed by shrapnel in Tartar, the Prosecutor General's Office said.", "Reuters"),
        ("Reuters", "BAKU. Oct 17 - A woman was killed by shrapnel in Tartar, the prosecutor's office said.", AZ),
    ],
)
def test_the_ministry_is_the_one_at_home(publisher: str, text: str, claimant: str) -> None:
    assert {event["claimant"] for event in coded(text, publisher=publisher)} == {claimant}


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("Macron and Putin called for a truce in a phone call, the Kremlin said.", FR, RU),
        ("Pashinyan congratulated Putin on his birthday in a phone call.", AM, RU),
        ("The ministers of the two countries met in Moscow.", AM, AZ),
        ("France's Emmanuel Macron met Putin in Moscow.", FR, RU),
        ("Lavrov flew to Yerevan, where Nikol Pashinyan received him.", RU, AM),
    ],
)
def test_who_spoke_with_whom(text: str, first: str, second: str) -> None:
    talks = [event for event in coded(text) if event["sub_event_type"] == "Talks or visit"]
    assert values(talks, "actor1", "actor2") == [(first, second)]


def test_the_two_leaders_are_those_just_named() -> None:
    text = "Pashinyan and Macron spoke by phone on Sunday. The two leaders discussed the ceasefire."
    assert set(values(coded(text), "actor1", "actor2")) == {(AM, FR)}


def test_a_rejected_charge_is_a_denial_of_its_own() -> None:
    events = coded("Armenia accused Azerbaijan of ethnic cleansing, a charge Baku rejects.")
    assert values(events, "sub_event_type", "claimant") == [("Accusation", AM), ("Denial", AZ)]


def test_what_follows_a_denial_is_anothers_word() -> None:
    text = (
        "The Armenian defence ministry denied that its forces had shelled Ganja, and officials in Nagorno-Karabakh "
        "said Azerbaijani troops had shelled Askeran."
    )
    told = values(coded(text), "sub_event_type", "place_id", "claimant")
    assert ("Denial", "yerevan", AM) in told
    assert ("Shelling/artillery/missile attack", "askeran", "Government of Artsakh") in told


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("Armenia's Defence Ministry denied shelling Ganja.", AZ),
        ("Turkey rejected Armenian claims about a downed jet.", AM),
        ("Guterres voiced concern over the fighting.", f"{AM}; {AZ}"),
        ("France condemned the use of force by Azerbaijan.", AZ),
    ],
)
def test_whom_words_are_meant_for(text: str, second: str) -> None:
    assert [event["actor2"] for event in coded(text) if event["event_type"] == "Diplomacy"] == [second]


def test_shells_on_homes_hit_those_who_live_there() -> None:
    [event] = coded("Azerbaijani forces shelled residential districts of Stepanakert.")
    assert event["actor2"] == "Civilians (Artsakh)"


def test_a_quote_within_the_words_is_read_on() -> None:
    [event] = coded('Azerbaijan said Armenian forces were "blatantly violating the ceasefire".')
    assert (event["sub_event_type"], event["actor2"]) == ("Accusation", AM)


def test_de_facto_authorities_are_karabakhs() -> None:
    [event] = coded("Residents were evacuated from Martuni, the de facto authorities reported.")
    assert event["claimant"] == "Government of Artsakh"


def test_a_charge_of_going_on_with_an_act_is_that_act() -> None:
    [event] = coded("Armenia accused Azerbaijan of continuing to bombard Stepanakert.")
    assert (event["actor1"], event["claimant"]) == ("Military Forces of Azerbaijan", AM)
