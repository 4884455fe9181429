"""Several parties' words on one happening share an incident; a denial is tied to what it denies."""

from tests.events.coder.making import coder, feed


def incidents(*texts: str) -> list[tuple[str, str | None]]:
    events = [proposal.event for proposal in coder().code_feed(feed(*texts))]
    return [(event["sub_event_type"], event["incident_id"]) for event in events]


def test_a_denial_is_tied_to_the_blow_it_denies_in_another_report() -> None:
    told = "Azerbaijani forces shelled Stepanakert, the Artsakh Defence Army said."
    denied = "Azerbaijan denied shelling Stepanakert."
    wanted = "2020-10-11-stepanakert-azerbaijan"
    shelled, denial = ("Shelling/artillery/missile attack", wanted), ("Denial", wanted)
    assert incidents(told, denied) == [shelled, denial]
    assert incidents(denied, told) == [denial, shelled]  # live pages stand newest first


def test_a_denial_in_the_next_sentence_is_of_what_was_just_told() -> None:
    ids = [
        incident
        for _, incident in incidents("Two villagers were wounded in Tartar by shells, Baku said. Yerevan denied it.")
    ]
    assert ids == ["2020-10-11-tartar-armenia"] * 2


def test_two_claimants_make_an_incident_and_one_does_not() -> None:
    first = "Fighting went on near Hadrut, the Defence Ministry of Azerbaijan said."
    second = "Fighting went on near Hadrut, the Defence Ministry of Armenia said."
    assert {incident for _, incident in incidents(first, second)} == {"2020-10-11-hadrut"}
    assert {incident for _, incident in incidents(first)} == {None}


def test_a_denial_of_something_else_stays_alone() -> None:
    told = "Armenian forces shelled Ganja, Baku said."
    denied = "Azerbaijan denied shelling Stepanakert."
    assert dict(incidents(told, denied))["Denial"] is None
