"""What is told only to be called untrue is a denial by who says so, and no act."""

import pytest

from tests.events.coder.making import coded, values

ARMENIA, ARTSAKH, AZERBAIJAN = (f"Government of {state}" for state in ("Armenia", "Artsakh", "Azerbaijan"))


@pytest.mark.parametrize(
    ("text", "denier"),
    [
        ("President of Artsakh Arayik Harutyunyan: reports that Martuni has been captured are false.", ARTSAKH),
        (
            "The Armenian Defence Ministry said the rumours that Azerbaijani troops had taken Togh were not true.",
            ARMENIA,
        ),
        (
            "The report spread by the Defence Ministry of Armenia, as if Azerbaijani units shelled Goris, "
            "is yet another disinformation, Baku said.",
            AZERBAIJAN,
        ),
        (
            "Armenia is falsely claiming that Azerbaijani forces shelled Vardenis, the Azerbaijani ministry said.",
            AZERBAIJAN,
        ),
    ],
)
def test_what_is_called_untrue_is_only_denied(text: str, denier: str) -> None:
    assert values(coded(text), "sub_event_type", "actor1", "claimant") == [("Denial", denier, denier)]


def test_what_a_spokesman_confirms_and_denies_is_both_his() -> None:
    text = (
        "A spokesman for the Azerbaijani army confirmed that Armenia had shelled Barda, but denied that it retreated."
    )
    told = values(coded(text), "sub_event_type", "place_id", "claimant")
    assert ("Denial", "baku", AZERBAIJAN) in told


def test_two_who_deny_in_one_report_are_two_denials() -> None:
    text = 'Armenian MoD denies that Beylagan was shelled. Artsakh MoD: "a blatant lie, our army keeps the ceasefire".'
    assert values(coded(text), "sub_event_type", "place_id") == [("Denial", "yerevan"), ("Denial", "stepanakert")]


def test_what_an_office_publishes_is_its_governments_word() -> None:
    text = "The claims of the Ministry of Defence of Armenia that Azerbaijani troops shelled Martuni are a blatant lie."
    events = coded(text, publisher="Ministry of Defence of Azerbaijan")
    assert values(events, "sub_event_type", "actor1", "claimant") == [("Denial", AZERBAIJAN, AZERBAIJAN)]
    [event] = coded("The enemy shelled Tartar.", publisher="Ministry of Defence of Azerbaijan")
    assert (event["actor1"], event["claimant"]) == ("Military Forces of Armenia", AZERBAIJAN)


def test_a_breach_of_the_truce_that_the_accused_says_was_none_is_denied() -> None:
    [event] = coded("Azerbaijan never breached the ceasefire, its Defence Ministry insisted.")
    assert (event["sub_event_type"], event["actor1"], event["place_id"]) == (
        "Denial",
        "Government of Azerbaijan",
        "baku",
    )


def test_nobody_hurt_when_shells_fell_does_not_deny_the_shells() -> None:
    events = coded("Nobody was injured when rockets landed in Martakert.")
    assert values(events, "sub_event_type", "place_id") == [("Shelling/artillery/missile attack", "martakert")]
