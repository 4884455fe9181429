"""Filters: what the page counts is what the API answers and what the command line writes."""

import csv
import io
import random
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from dashboard import ids
from events.filters import EventFilter
from events.store import EventStore, Row
from tests.browser.serving import ROOT, Served
from tests.browser.visit import Visit, same_everywhere

LISTS = {
    "type": ids.TYPES,
    "subtype": ids.SUB_TYPES,
    "actor": ids.ACTORS,
    "claimant": ids.CLAIMANTS,
    "place": ids.PLACES,
    "precision": ids.PRECISIONS,
}


def exported(query: list[tuple[str, str]]) -> int:
    """How many events `contact-line export` writes for an address's keys and values."""
    options = [part for key, value in query for part in (f"--{key}", value)]
    command = [sys.executable, "-m", "dashboard", "export", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    return len(list(csv.DictReader(io.StringIO(done.stdout.removeprefix("\ufeff")))))


def test_each_list_of_choices(visit: Visit, server: Served, shipped: EventStore) -> None:
    facets = server.summary()["facets"]
    for key, component in LISTS.items():
        value, told = facets[key][-1]["value"], facets[key][-1]["n"]
        assert visit.told_beside(component, value) == told
        visit.choose(component, value)
        assert visit.query == [(key, value)]
        assert visit.counts[0] == told, "the count beside the choice is what it shows"
        same_everywhere(visit, server, shipped)
        visit.choose(component, value)
        assert visit.query == []
        assert visit.counts[0] == visit.counts[1]


def test_filters_at_phone_size(phone: Visit, server: Served, shipped: EventStore) -> None:
    phone.drawer(ids.FILTERS_BUTTON, "choices", opened=True)
    phone.choose(ids.TYPES, "Explosions/Remote violence")
    phone.choose(ids.PLACES, "stepanakert")
    same_everywhere(phone, server, shipped)
    assert 0 < phone.counts[0] < phone.counts[1]


@pytest.mark.parametrize("seed", range(3))
def test_random_filters_in_any_order(visit: Visit, server: Served, shipped: EventStore, seed: int) -> None:
    chance = random.Random(seed)
    event = chance.choice(shipped.rows(EventFilter(), limit=shipped.total()))
    wanted = chance.sample(choices_that_match(event), k=3)
    seen = []
    for turn in (wanted, wanted[::-1]):
        for key, value in turn:
            visit.choose(LISTS[key], value)
        same_everywhere(visit, server, shipped)
        assert exported(visit.query) == visit.counts[0] > 0
        seen.append((visit.query, visit.counts, visit.listed))
        visit.clear()
    assert seen[0] == seen[1]


def choices_that_match(event: Row) -> list[tuple[str, str]]:
    """One choice of each list that this event matches, so that together they show it at least."""
    precision = str(event["geo_precision"] or "unknown") if event["latitude"] is not None else "none"
    pairs = [
        ("type", event["event_type"]),
        ("subtype", event["sub_event_type"]),
        ("actor", event["actor1"]),
        ("claimant", event["claimant"]),
        ("place", event["place_id"]),
        ("precision", precision),
    ]
    return [(key, value) for key, value in pairs if value]


def test_counts_stand_beside_every_choice_under_the_other_filters(visit: Visit, server: Served) -> None:
    visit.choose(ids.CLAIMANTS, "Government of Armenia")
    facets = server.summary(visit.search)["facets"]
    for key, component in LISTS.items():
        choices = visit.at(component).locator("label").count()
        counted = {entry["n"] for entry in facets[key]}
        told = {
            int("".join(c for c in n if c.isdigit())) for n in visit.at(component).locator(".n").all_text_contents()
        }
        assert counted <= told
        assert choices == visit.at(component).locator(".n").count()
    for entry in facets["type"]:
        assert visit.told_beside(ids.TYPES, entry["value"]) == entry["n"]


def test_two_values_of_one_list_are_either_of_them(visit: Visit, server: Served, shipped: EventStore) -> None:
    visit.choose(ids.TYPES, "Battles")
    one = visit.counts[0]
    other = visit.told_beside(ids.TYPES, "Protests")
    visit.choose(ids.TYPES, "Protests")
    assert visit.counts[0] == one + other
    same_everywhere(visit, server, shipped)


def test_a_chip_takes_its_choice_away(visit: Visit) -> None:
    visit.choose(ids.TYPES, "Battles")
    visit.page.locator(f"#{ids.CHIPS} a").filter(has_text="Battles").click()
    visit.until("the choice is gone", lambda: visit.counts[0] == visit.counts[1])
    visit.settled()
    assert visit.query == []


SEARCHES = [
    ("Xankəndi", "Stepanakert", ("place", "stepanakert")),
    ("Степанакерт", "Stepanakert", ("place", "stepanakert")),
    ("Ստեփանակերտ", "Stepanakert", ("place", "stepanakert")),
    ("Turkey", "Government of Turkey", ("actor", "Government of Turkey")),
    ("shelling", "“shelling”", ("q", "shelling")),
]


def test_search_finds_places_in_any_script_actors_and_words(visit: Visit, server: Served, shipped: EventStore) -> None:
    for text, hit, pair in SEARCHES:
        visit.at(ids.SEARCH).fill(text)
        found = visit.page.locator(f"#{ids.FOUND} .hit").filter(has_text=hit).first
        expect(found).to_be_visible()
        found.click()
        visit.until(f"{text} is in the address", lambda wanted=pair: visit.query == [wanted])
        visit.settled()
        assert 0 < visit.counts[0] < visit.counts[1]
        same_everywhere(visit, server, shipped)
        visit.clear()


def test_a_search_without_a_hit_says_so(visit: Visit) -> None:
    visit.at(ids.SEARCH).fill("qqqqzzzz")
    expect(visit.at(ids.FOUND)).to_contain_text(re.compile("nothing|no ", re.IGNORECASE))


def test_only_what_the_map_shows(visit: Visit, server: Served, shipped: EventStore) -> None:
    drawn = sum(circle["n"] for circle in visit.circles)
    visit.at(ids.ONLY_VIEW).locator("label").click()
    visit.until("the area is in the address", lambda: "bbox" in dict(visit.query))
    visit.settled()
    assert visit.counts[0] == drawn
    same_everywhere(visit, server, shipped)
