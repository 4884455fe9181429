"""The address is the view: copied, gone back to, wrong in parts, and each browser's own."""

from playwright.sync_api import expect

from dashboard import ids
from events.store import EventStore
from tests.browser.conftest import Opener
from tests.browser.serving import Served
from tests.browser.visit import PHONE, Visit, same_everywhere


def test_the_address_copied_into_another_browser_shows_the_same(
    visit: Visit, visits: Opener, server: Served, shipped: EventStore
) -> None:
    visit.choose(ids.CLAIMANTS, "Government of Armenia")
    visit.press_slider(0, "ArrowRight", times=2)
    visit.page.locator(f"#{ids.LIST} .item").nth(2).click()
    visit.until("an event is in the address", lambda: "event" in dict(visit.query))
    visit.settled()
    other = visits().open(visit.address)
    assert other.query == visit.query
    assert other.counts == visit.counts
    assert other.listed == visit.listed
    assert other.selected == visit.selected
    assert other.view == visit.view
    assert other.slider == visit.slider
    expect(other.at(ids.DETAIL)).to_have_text(visit.at(ids.DETAIL).inner_text(), use_inner_text=True)
    same_everywhere(other, server, shipped)


def test_an_address_opened_on_a_phone(visits: Opener, server: Served, shipped: EventStore) -> None:
    phone = visits(PHONE).open("/?type=Battles&from=2020-09-27&to=2020-11-10&names=az")
    assert dict(phone.query) == {"type": "Battles", "from": "2020-09-27", "to": "2020-11-10", "names": "az"}
    same_everywhere(phone, server, shipped)


def test_back_and_forward(visit: Visit) -> None:
    seen = [(visit.query, visit.counts)]
    visit.choose(ids.TYPES, "Diplomacy")
    seen.append((visit.query, visit.counts))
    visit.press_slider(1, "ArrowLeft")
    seen.append((visit.query, visit.counts))
    for step, wanted in (("back", seen[1]), ("back", seen[0]), ("forward", seen[1])):
        visit.js(f"history.{step}()")
        visit.until(f"{step} goes to {wanted}", lambda w=wanted: (visit.query, visit.counts) == w)
        visit.settled()
        assert (visit.query, visit.counts) == wanted
    assert visit.at(ids.TYPES).locator("input:checked").count() == 1


def test_two_browsers_at_once_never_touch_each_other(visits: Opener, server: Served, shipped: EventStore) -> None:
    one, other = visits().open(), visits(PHONE).open()
    other.drawer(ids.FILTERS_BUTTON, "choices", opened=True)
    one.choice(ids.TYPES, "Battles").click()
    other.choice(ids.TYPES, "Protests").click()
    one.until("one shows its choice", lambda: one.query == [("type", "Battles")])
    other.until("the other shows its choice", lambda: other.query == [("type", "Protests")])
    one.press_slider(0, "ArrowRight")
    other.settled()
    one.settled()
    assert other.query == [("type", "Protests")]
    same_everywhere(one, server, shipped)
    same_everywhere(other, server, shipped)


def test_wrong_values_are_named_and_the_rest_holds(visits: Opener, server: Served, shipped: EventStore) -> None:
    wrong = {"from": "2020-13-45", "subtype": "Riotz", "zoom": "999", "names": "xx", "nonsense": "1"}
    query = "&".join(f"{key}={value}" for key, value in wrong.items())
    visit = visits().open(f"/?{query}&type=Battles&place=Stepanakert&place=Hadrut")
    for key, value in wrong.items():
        expect(visit.at(ids.NOTICE)).to_contain_text(f"{key}={value}")
    expect(visit.page.get_by_text("Part of this address could not be used")).to_be_visible()
    told = server.summary("type=Battles&place=Stepanakert&place=Hadrut")
    assert visit.counts == (told["matched"], told["total"])
    assert visit.at(ids.TYPES).locator("input:checked").count() == 1
    assert "error" in server.summary(query)
    visit.choose(ids.TYPES, "Battles")
    same_everywhere(visit, server, shipped)


def test_an_event_that_is_not_here_is_said_so(visits: Opener) -> None:
    visit = visits().open("/?event=no-such-event")
    expect(visit.at(ids.DETAIL)).to_contain_text("No such event")
    assert visit.counts[0] == visit.counts[1]


def test_the_downloads_are_of_what_is_shown(visit: Visit, server: Served) -> None:
    visit.choose(ids.TYPES, "Battles")
    link = visit.page.locator(f"#{ids.DOWNLOADS} a").filter(has_text="CSV").get_attribute("href")
    assert link
    assert len(server.get(link).decode().strip().splitlines()) - 1 == visit.counts[0]
