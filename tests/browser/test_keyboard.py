"""Everything by keyboard."""

from playwright.sync_api import expect

from dashboard import ids
from events.store import EventStore
from tests.browser.serving import Served
from tests.browser.visit import Visit, same_everywhere

MOST_TABS = 150


def tab_to(visit: Visit, selector: str) -> None:
    """Press Tab until the focus is in what the selector names."""
    for _ in range(MOST_TABS):
        visit.page.keyboard.press("Tab")
        if visit.js("(s) => !!document.activeElement.closest(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def focus_is_seen(visit: Visit) -> bool:
    """Whether what has the focus, or what holds it, has an outline, a ring or a frame."""
    return bool(
        visit.js(
            """[document.activeElement, document.activeElement.closest('label')].some((e) => {
              const style = e && getComputedStyle(e);
              return style && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
            })"""
        )
    )


def test_filter_slide_and_read_without_a_mouse(visit: Visit, server: Served, shipped: EventStore) -> None:
    press = visit.page.keyboard.press
    tab_to(visit, f"#{ids.TYPES} input")
    assert focus_is_seen(visit)
    press("Space")
    visit.until("a type is in the address", lambda: "type" in dict(visit.query))
    visit.settled()
    tab_to(visit, f"#{ids.LIST} .item")
    assert focus_is_seen(visit)
    press("Enter")
    visit.until("an event is in the address", lambda: "event" in dict(visit.query))
    visit.settled()
    expect(visit.at(ids.DETAIL)).to_contain_text("Who says so")
    tab_to(visit, "[role=slider]")
    press("ArrowRight")
    visit.until("a day is in the address", lambda: "from" in dict(visit.query))
    visit.settled()
    same_everywhere(visit, server, shipped)
    press("Escape")
    visit.until("the event is closed", lambda: "event" not in dict(visit.query))
    visit.settled()


def test_a_slash_goes_to_the_search_and_arrows_through_what_it_found(visit: Visit) -> None:
    press = visit.page.keyboard.press
    tab_to(visit, f"#{ids.TYPES} input")
    press("/")
    expect(visit.at(ids.SEARCH)).to_be_focused()
    visit.page.keyboard.type("Hadrut", delay=60)
    expect(visit.page.locator(f"#{ids.FOUND} .hit").first).to_be_visible()
    press("ArrowDown")
    expect(visit.page.locator(f"#{ids.FOUND} .hit").first).to_be_focused()
    press("Enter")
    visit.until("the place is in the address", lambda: "place" in dict(visit.query))
    visit.settled()
    press("/")
    visit.page.keyboard.type("Shusha", delay=60)
    expect(visit.page.locator(f"#{ids.FOUND} .hit").first).to_be_visible()
    press("Escape")
    expect(visit.page.locator(f"#{ids.FOUND} .hit")).to_have_count(0)


def test_what_is_typed_on_a_slow_machine_stays_in_order(visit: Visit) -> None:
    visit.context.new_cdp_session(visit.page).send("Emulation.setCPUThrottlingRate", {"rate": 8})
    visit.at(ids.SEARCH).click()
    visit.page.keyboard.type("Stepanakert", delay=25)
    expect(visit.page.locator(f"#{ids.FOUND} .hit").first).to_be_visible()
    expect(visit.at(ids.SEARCH)).to_have_value("Stepanakert")


def test_every_control_has_a_name(visit: Visit) -> None:
    nameless = visit.js(
        """[...document.querySelectorAll('button, input:not([type=hidden]), [role=slider], summary, a[href]')]
          .filter((e) => !(e.getAttribute('aria-label') || e.title || e.textContent.trim() ||
                           [...(e.labels || [])].some((l) => l.textContent.trim())))
          .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert nameless == []
    assert [s.get_attribute("aria-valuetext") for s in visit.page.get_by_role("slider").all()] == [
        "27 Sep 2020",
        "20 Sep 2023",
    ]
