"""The map and the list: circle → what is in it, row → detail and mark, and the user's own view."""

import pytest
from playwright.sync_api import expect

from dashboard import ids
from dashboard.figures import map as map_figure
from events.filters import EventFilter
from events.store import EventStore, Row
from tests.browser.serving import Served
from tests.browser.visit import Visit


def placed_event_with_other_claims(store: EventStore) -> Row:
    """A shipped event in a named town, on which another party has a word, too."""
    rows = store.rows(EventFilter(precisions=("1",)), limit=store.total())
    return next(row for row in rows if store.claims(row))


@pytest.mark.parametrize("area", [False, True], ids=["places", "areas"])
def test_a_circle_tells_what_is_in_it(visit: Visit, area: bool) -> None:
    circle = visit.free_circle(many=True, area=area)
    trace = map_figure.AREAS if area else map_figure.PLACES
    visit.until("MapLibre has drawn it", lambda: visit.drawn_at(trace, circle["lon"], circle["lat"]))
    visit.click_circle(circle)
    visit.until("the circle is in the address", lambda: ("cell", circle["key"]) in visit.query)
    visit.settled()
    expect(visit.at(ids.LIST)).to_contain_text(f"{circle['n']} events in this circle")
    assert len(visit.listed) == circle["n"]
    visit.page.locator(f"#{ids.LIST} .back").click()
    visit.until("all events are listed again", lambda: len(visit.listed) > circle["n"])
    visit.settled()


def test_a_circle_of_one_event_opens_it(visit: Visit) -> None:
    circle = visit.free_circle(many=False)
    visit.click_circle(circle)
    visit.until("the event is in the address", lambda: ("event", circle["event"]) in visit.query)
    visit.settled()
    expect(visit.at(ids.DETAIL)).to_contain_text(circle["event"])


def test_a_circle_on_a_phone_opens_the_list(phone: Visit) -> None:
    circle = phone.free_circle(many=True)
    phone.click_circle(circle)
    phone.until("the circle is in the address", lambda: ("cell", circle["key"]) in phone.query)
    phone.settled()
    expect(phone.at("events")).to_be_in_viewport()
    assert len(phone.listed) == circle["n"]


def test_a_row_opens_its_event_on_the_page_and_on_the_map(visit: Visit, shipped: EventStore) -> None:
    event_id = visit.listed[1]
    event = shipped.event(event_id)
    assert event
    visit.page.locator(f"#{ids.LIST} .item").nth(1).click()
    visit.until("the event is in the address", lambda: ("event", event_id) in visit.query)
    visit.settled()
    detail = visit.at(ids.DETAIL)
    for field in ("notes", "claimant", "source", "evidence", "event_id"):
        expect(detail).to_contain_text(event[field])
    [(lon, lat)] = visit.selected
    assert (lon, lat) in [(circle["lon"], circle["lat"]) for circle in visit.circles]
    visit.until("MapLibre has drawn it", lambda: visit.drawn_at(map_figure.SELECTED, lon, lat))
    visit.page.locator(f"#{ids.DETAIL} .close").click()
    visit.until("the event is closed", lambda: "event" not in dict(visit.query))
    visit.settled()
    assert visit.selected == []
    assert detail.inner_text().strip() == ""


def test_an_event_is_copied_as_a_citation(visit: Visit, server: Served) -> None:
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.page.locator(f"#{ids.LIST} .item").nth(1).click()
    visit.settled()
    event_id = dict(visit.query)["event"]
    visit.page.get_by_role("button", name="Copy as a citation").click()
    expect(visit.page.get_by_role("button", name="Copied")).to_be_visible()
    copied = visit.js("navigator.clipboard.readText()")
    assert f" {event_id}. Contact Line, {server.url}/?event={event_id}, seen " in copied


def open_first(visit: Visit, place: str) -> None:
    """Open the first event of the list that has this place."""
    visit.page.locator(f"#{ids.LIST} .item").filter(has=visit.page.locator("b", has_text=place)).first.click()
    visit.until("its event is told", lambda: place in visit.at(ids.DETAIL).inner_text())
    visit.settled()


def test_a_far_event_is_seen_with_the_land_around_it(visit: Visit) -> None:
    visit.open("/?lat=39.82&lon=46.75&zoom=9.00")
    open_first(visit, "Martakert")
    assert visit.view["zoom"] == 9
    open_first(visit, "Ankara")
    assert visit.view["zoom"] == 6


def test_all_of_where_an_event_may_lie_is_in_sight(visit: Visit) -> None:
    visit.open("/?lat=39.82&lon=46.75&zoom=11.00")
    open_first(visit, "Nagorno-Karabakh")
    ring = visit.js(f"((t) => [[...t.lon], [...t.lat]])({visit.traces}[{map_figure.SELECTED_AREA}])")
    box = visit.js(f"document.getElementById('{ids.MAP}').getBoundingClientRect().toJSON()")
    shown = [visit.pixel(lon, lat) for lon, lat in zip(*ring, strict=True)]
    assert shown
    assert all(box["left"] < x < box["right"] and box["top"] < y < box["bottom"] for x, y in shown)


def test_other_claims_on_the_same_happening(visit: Visit, shipped: EventStore) -> None:
    event = placed_event_with_other_claims(shipped)
    other = shipped.claims(event)[0]
    visit.open(f"/?event={event['event_id']}")
    claim = visit.page.locator(f"#{ids.DETAIL} .claims a").filter(has_text=other["notes"])
    expect(claim).to_contain_text(other["claimant"])
    claim.first.click()
    visit.until("the other word is opened", lambda: ("event", other["event_id"]) in visit.query)
    visit.settled()
    expect(visit.at(ids.DETAIL)).to_contain_text(event["notes"])


def test_zoom_and_pan_survive_a_filter_and_the_days(visit: Visit) -> None:
    x, y = visit.pixel(47.35, 39.6)
    before = visit.view
    visit.page.mouse.move(x, y)
    visit.page.mouse.wheel(0, -300)
    visit.until("the map is nearer", lambda: visit.view["zoom"] > before["zoom"] + 0.3)
    visit.settled()
    visit.page.mouse.down()
    visit.page.mouse.move(x - 90, y + 60, steps=6)
    visit.page.mouse.up()
    visit.until("the map is elsewhere", lambda: abs(visit.view["lng"] - before["lng"]) > 0.1)
    visit.until("the address tells where", lambda: f"zoom={visit.view['zoom']:.2f}" in visit.search)
    visit.settled()
    mine = visit.view
    visit.choose(ids.TYPES, "Diplomacy")
    assert visit.view == pytest.approx(mine, abs=1e-2)
    visit.press_slider(0, "ArrowRight")
    assert visit.view == pytest.approx(mine, abs=1e-2)
    visit.page.locator(f"#{ids.NAMES} label").filter(has_text="RU").click()
    visit.until("the names are in the address", lambda: ("names", "ru") in visit.query)
    visit.settled()
    assert visit.view == pytest.approx(mine, abs=1e-2)


def test_what_lies_outside_the_view_is_a_link_to_it(visit: Visit, shipped: EventStore) -> None:
    outside, unplaced = visit.elsewhere, shipped.totals(EventFilter()).unplaced
    assert outside > unplaced
    visit.page.locator(f"#{ids.REST} a").filter(has_text="outside").click()
    visit.until("everything is in view", lambda: visit.elsewhere < outside)
    visit.settled()
    assert visit.elsewhere == unplaced
    assert sum(circle["n"] for circle in visit.circles) == visit.counts[0] - unplaced
