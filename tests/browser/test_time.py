"""Days: the slider, its histogram, typed dates, steps and play."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from dashboard import ids
from dashboard.timescale import TimeScale, scale_of
from events.store import EventStore
from tests.browser.serving import Served
from tests.browser.visit import Visit, same_everywhere


@pytest.fixture(scope="module")
def scale(shipped: EventStore) -> TimeScale:
    """The slots of the slider."""
    return scale_of(shipped)


def test_the_slider_moved_by_arrow_keys(any_size: Visit, server: Served, shipped: EventStore, scale: TimeScale) -> None:
    before = any_size.circles
    any_size.press_slider(0, "ArrowRight", times=3)
    any_size.press_slider(1, "ArrowLeft", times=2)
    days = {"from": scale.slots[3].first.isoformat(), "to": scale.slots[-3].last.isoformat()}
    assert dict(any_size.query) == days
    assert any_size.at(ids.DATE_FROM).input_value() == days["from"]
    assert any_size.at(ids.DATE_TO).input_value() == days["to"]
    same_everywhere(any_size, server, shipped)
    assert any_size.counts[0] < any_size.counts[1]
    assert any_size.circles != before


def test_quick_presses_all_count(visit: Visit, scale: TimeScale) -> None:
    handle = visit.page.get_by_role("slider").first
    for _ in range(8):
        handle.press("ArrowRight")
    visit.until("the address follows", lambda: "from" in dict(visit.query))
    visit.settled()
    assert dict(visit.query) == {"from": scale.slots[8].first.isoformat()}
    assert visit.slider[0] == 8


def test_typed_days_include_both_ends(any_size: Visit, server: Served, shipped: EventStore) -> None:
    any_size.type_day(ids.DATE_FROM, "2020-10-02")
    any_size.until("the first day is in the address", lambda: ("from", "2020-10-02") in any_size.query)
    any_size.type_day(ids.DATE_TO, "2020-10-02")
    any_size.until("the last day is in the address", lambda: ("to", "2020-10-02") in any_size.query)
    any_size.settled()
    same_everywhere(any_size, server, shipped)
    assert any_size.counts[0] > 0
    assert any_size.slider[1] - any_size.slider[0] == 1


def test_a_wrong_day_is_named_and_changes_nothing(visit: Visit) -> None:
    visit.type_day(ids.DATE_FROM, "2020-02-30")
    expect(visit.at(ids.DAYS_TEXT)).to_contain_text("2020-02-30")
    assert visit.counts[0] == visit.counts[1]
    assert not {"from", "to"} & dict(visit.query).keys()


def test_steps_and_all_days(visit: Visit, server: Served, shipped: EventStore, scale: TimeScale) -> None:
    visit.at(ids.STEP_ON).click()
    visit.until("one slot is chosen", lambda: visit.slider == [0, 1])
    visit.at(ids.STEP_ON).click()
    visit.until("the next slot is chosen", lambda: visit.slider == [1, 2])
    visit.settled()
    assert dict(visit.query) == {"from": scale.slots[1].first.isoformat(), "to": scale.slots[1].last.isoformat()}
    same_everywhere(visit, server, shipped)
    visit.at(ids.STEP_BACK).click()
    visit.until("the slot before is chosen", lambda: visit.slider == [0, 1])
    visit.at(ids.ALL_DAYS).click()
    visit.until("all days are chosen", lambda: visit.counts[0] == visit.counts[1])
    visit.settled()
    assert not {"from", "to"} & dict(visit.query).keys()


@pytest.mark.parametrize("mode", ["window", "cumulative"])
def test_play_moves_and_stops(visit: Visit, server: Served, shipped: EventStore, mode: str) -> None:
    visit.page.locator(f"#{ids.PLAY_MODE} label").filter(has_text=mode).click()
    visit.at(ids.PLAY).click()
    visit.until("the days have moved on twice", lambda: visit.slider[1] >= 3 and visit.slider[1] < 20)
    visit.at(ids.PLAY).click()
    visit.settled()
    first, last = stopped = visit.slider
    assert last - first == (1 if mode == "window" else last)
    same_everywhere(visit, server, shipped)
    visit.page.wait_for_timeout(1500)  # longer than one step of play
    assert visit.slider == stopped


def test_days_brushed_on_the_histogram(visit: Visit, server: Served, shipped: EventStore, scale: TimeScale) -> None:
    y, x_of = visit.js(
        f"""(() => {{
          const gd = document.querySelector('#{ids.TIMELINE} .js-plotly-plot');
          const box = gd.getBoundingClientRect(), plot = gd._fullLayout;
          const at = (n) => box.left + plot.xaxis._offset + plot.xaxis.d2p(n);
          return [box.top + plot.yaxis._offset + plot.yaxis._length / 2, [at(3.6), at(7.4)]];
        }})()"""
    )
    visit.page.mouse.move(x_of[0], y)
    visit.page.mouse.down()
    visit.page.mouse.move(sum(x_of) / 2, y, steps=4)
    visit.page.mouse.move(x_of[1], y, steps=4)
    visit.page.mouse.up()
    visit.until("days are in the address", lambda: "from" in dict(visit.query))
    visit.settled()
    first, last = (dt.date.fromisoformat(dict(visit.query)[key]) for key in ("from", "to"))
    assert (first, last) == (scale.slots[4].first, scale.slots[7].last)
    same_everywhere(visit, server, shipped)
