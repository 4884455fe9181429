"""The rules files: what stands in them is used, and a mistake in them is named."""

from importlib import resources
from typing import Any

import pytest

from events.codebook import load_codebook
from events.coder import Coder, RulesError, load_rules
from events.coder.patterns import read_patterns
from events.coder.rules import read_rules
from geodata.gazetteer import Gazetteer
from tests.events.coder.making import coded, report, values

FILES = ("words", "verbs", "actors", "rules", "notes")


def files(**changed: str) -> dict[str, str]:
    folder = resources.files("events.coder.data")
    return {name: (folder / f"{name}.toml").read_text("utf-8") for name in FILES} | changed


def with_rule(**fields: Any) -> dict[str, str]:
    lines = [f"{name} = {value!r}".replace("'", '"') for name, value in fields.items()]
    return files(rules=files()["rules"] + "\n[[rule]]\n" + "\n".join(lines) + "\n")


def test_every_rule_proposes_a_sub_type_of_the_codebook() -> None:
    known = load_codebook().type_of
    assert [rule.id for rule in load_rules().rules if rule.sub_type not in known] == []


def test_every_sub_type_of_a_rule_has_a_sentence_for_its_notes() -> None:
    notes = load_rules().notes["notes"]
    assert {rule.sub_type for rule in load_rules().rules} - set(notes) == set()


def test_every_actor_that_the_dictionaries_name_is_in_the_codebook() -> None:
    actors = load_rules().actors
    named = {name.split("|")[0] for name in (*actors["named"], *actors["members"], *actors["seats"])}
    named |= {f"Government of {state}" for state in actors["states"]}
    assert named - set(load_codebook().aliases) == set()


def test_every_seat_is_a_place_of_the_gazetteer() -> None:
    actors, gazetteer = load_rules().actors, Gazetteer.load()
    seats = {*actors["seats"].values(), *(state["seat"] for state in actors["states"].values())}
    assert [seat for seat in seats if not (gazetteer.get(seat) or gazetteer.resolve(seat.replace("-", " ")))] == []


def test_an_analysts_rule_is_used() -> None:
    added = with_rule(id="own", sub_type="Other", actor1="agent", place="there", patterns=["~yodel! in @place"])
    text = files()["verbs"].replace("regular = [", 'regular = [\n  "yodel",', 1)
    coder = Coder(load_codebook(), Gazetteer.load(), read_rules(added | {"verbs": text}))
    [proposal] = coder.code(report("Armenian soldiers yodelled in Goris."))
    assert (proposal.rule, proposal.event["place_id"]) == ("own", "goris")
    assert proposal.event["actor1"] in ("Military Forces of Armenia", "Government of Armenia")


def test_a_pattern_may_be_of_classes_alone_that_any_word_may_begin() -> None:
    rules = with_rule(id="own", sub_type="Other", patterns=["@force .. @place"])
    coder = Coder(load_codebook(), Gazetteer.load(), read_rules(rules))
    assert [p.rule for p in coder.code(report("Armenian soldiers sang loudly in Goris."))] == ["own"]


def test_what_may_not_come_next_is_no_match() -> None:
    rules = with_rule(id="own", sub_type="Other", patterns=["~yodel! ^(badly|softly) in @place"])
    text = files()["verbs"].replace("regular = [", 'regular = [\n  "yodel",', 1)
    coder = Coder(load_codebook(), Gazetteer.load(), read_rules(rules | {"verbs": text}))
    assert coder.code(report("Armenian soldiers yodelled softly in Goris.")) == []
    assert [p.rule for p in coder.code(report("Armenian soldiers yodelled in Goris."))] == ["own"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (files(words="[numbers"), "words.toml cannot be read"),
        (with_rule(id="own", sub_type="Other", colour="red", patterns=["~shell!"]), "no such field: colour"),
        (with_rule(id="own", sub_type="Other", place="here", patterns=["~shell!"]), "place is 'here'"),
        (with_rule(id="own", sub_type="Other", patterns=["(a|b)? .."]), "nothing that must stand there"),
        (with_rule(id="shelling.verb", sub_type="Other", patterns=["~shell!"]), "'shelling.verb' stands twice"),
    ],
)
def test_a_mistake_in_the_files_is_named(changed: dict[str, str], told: str) -> None:
    with pytest.raises(RulesError, match=told.replace("(", r"\(")):
        read_rules(changed)


def test_every_verb_of_a_pattern_is_known_to_the_verbs() -> None:
    rules = load_rules()
    known = {lemma for lemma, _ in rules.forms.values()}
    named = {
        (rule.id, lemma)
        for rule in rules.rules
        for pattern in rule.patterns
        for piece in pattern.pieces
        for lemma in piece.lemmas
    }
    assert {one for one in named if one[1] not in known} == set()


def test_a_choice_may_be_of_several_words() -> None:
    texts = [one.text for one in read_patterns("@fighting! .. (underway|under way|~take place)", "here")]
    assert texts == ["@fighting! .. (underway)", "@fighting! .. under way", "@fighting! .. ~take place"]
    assert next(read_patterns("(~be|~come) under", "here")).text == "(~be|~come) under"


def test_what_be_helps_is_passive() -> None:
    assert next(read_patterns("@place .. ~be .. ~shell!", "here")).passive
    assert not next(read_patterns("@place .. ~shell!", "here")).passive
    shelled = coded("The Azerbaijani army is shelling Martuni.")
    assert values(shelled, "place_id", "actor1") == [("martuni-karabakh", "Military Forces of Azerbaijan")]
