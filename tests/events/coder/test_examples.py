"""Every rule does what its own examples say; and ways of telling that many outlets share are read alike."""

from importlib import resources
from tomllib import loads
from typing import Any

import pytest

from tests.events.coder.making import coded

RULES: list[dict[str, Any]] = loads((resources.files("events.coder.data") / "rules.toml").read_text("utf-8"))["rule"]
EXAMPLES = [(rule, example) for rule in RULES for example in rule["examples"]]


def test_every_rule_has_an_example() -> None:
    assert [rule["id"] for rule in RULES if not rule["examples"]] == []


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[f"{r['id']}: {e['text'][:40]}" for r, e in EXAMPLES])
def test_an_example_gives_what_its_rule_says(rule: dict[str, Any], example: dict[str, Any]) -> None:
    wanted = {"place_id" if name == "place" else name: value for name, value in example.items() if name != "text"}
    wanted["sub_event_type"] = rule["sub_type"]
    events = coded(example["text"])
    assert any(all(event[name] == value for name, value in wanted.items()) for event in events), events


def test_a_day_between_subject_and_verb_holds_for_its_clause() -> None:
    text = "Armenian troops 4 Oct shelled Ganja, and Azerbaijani forces 6 Oct shelled Stepanakert."
    days = {event["place_id"]: event["event_date"] for event in coded(text)}
    assert days == {"ganja": "2020-10-04", "stepanakert": "2020-10-06"}


def test_the_same_day_goes_back_to_the_day_named_last() -> None:
    text = "Azerbaijani forces 6 Oct shelled Stepanakert. Armenian forces same day shelled Ganja."
    assert {event["event_date"] for event in coded(text)} == {"2020-10-06"}


def test_an_allegation_with_its_denial_is_both() -> None:
    events = coded("Yerevan refuted Azerbaijani allegations that Armenian troops had shelled Beylagan.")
    told = {(event["sub_event_type"], event["claimant"]) for event in events}
    assert told == {
        ("Denial", "Government of Armenia"),
        ("Shelling/artillery/missile attack", "Government of Azerbaijan"),
    }


def test_what_is_hoped_for_is_not_told() -> None:
    text = "Putin expressed hope that Armenia and Azerbaijan will sign an agreement."
    assert "Agreement" not in {event["sub_event_type"] for event in coded(text)}


def test_an_agreement_still_worked_on_is_no_denial() -> None:
    text = "The adviser to the president of Artsakh said that no final agreement had been reached."
    assert {event["sub_event_type"] for event in coded(text)} == {"Appeal or statement"}


def test_what_follows_the_speaker_is_no_part_of_what_is_said() -> None:
    [event] = coded("The town of Zangilan was liberated, the Defence Ministry in Baku said.")
    assert event["place_id"] == "zangilan"
