"""Days: the slider, its histogram, typed dates, steps and play."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dashboard import ids
from dashboard.timescale import TimeScale, scale_of
from dashboard.words import day, days
from events.filters import EventFilter
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


def test_days_and_months_as_people_write_them(visit: Visit) -> None:
    for first, last, meant in (
        ("1 Oct 2020", "31/10/2020", ("2020-10-01", "2020-10-31")),
        ("02.10.2020", "1 November 2020", ("2020-10-02", "2020-11-01")),
        ("Oct 2020", "2020-10", ("2020-10-01", "2020-10-31")),
    ):
        visit.type_day(ids.DATE_FROM, first)
        visit.type_day(ids.DATE_TO, last)
        visit.until("the days are in the address", lambda m=meant: tuple(dict(visit.query).values()) == m)
        assert (visit.at(ids.DATE_FROM).input_value(), visit.at(ids.DATE_TO).input_value()) == meant
        visit.settled()


def test_the_chosen_days_are_told_also_where_they_lie_inside_a_slot(visit: Visit, scale: TimeScale) -> None:
    quiet = next(n for n, slot in enumerate(scale.slots) if slot.quiet)
    inside = scale.slots[quiet].first + dt.timedelta(3)
    assert inside < scale.slots[quiet].last
    visit.type_day(ids.DATE_TO, inside.isoformat())
    visit.until("the last day is in the address", lambda: ("to", inside.isoformat()) in visit.query)
    visit.settled()
    assert visit.slider == [0, quiet + 1]
    expect(visit.at(ids.DAYS_TEXT)).to_have_text(days(scale.slots[0].first, inside))
    expect(visit.page.get_by_role("slider").nth(1)).to_have_attribute("aria-valuetext", day(inside))
    visit.press_slider(0, "ArrowRight")
    assert dict(visit.query) == {"from": scale.slots[1].first.isoformat(), "to": inside.isoformat()}
    expect(visit.at(ids.DAYS_TEXT)).to_have_text(days(scale.slots[1].first, inside))


def test_a_first_day_after_the_last_waits_for_the_other_end(visit: Visit) -> None:
    visit.type_day(ids.DATE_TO, "2020-10-05")
    visit.until("the last day is in the address", lambda: ("to", "2020-10-05") in visit.query)
    visit.settled()
    visit.type_day(ids.DATE_FROM, "20 Oct 2020")
    expect(visit.at(ids.DAYS_TEXT)).to_contain_text("From, 20 Oct 2020, is after to, 5 Oct 2020")
    assert visit.at(ids.DATE_FROM).input_value() == "20 Oct 2020"
    assert dict(visit.query) == {"to": "2020-10-05"}
    visit.type_day(ids.DATE_TO, "25 Oct 2020")
    visit.until("both are in the address", lambda: dict(visit.query) == {"from": "2020-10-20", "to": "2020-10-25"})
    visit.settled()
    expect(visit.at(ids.DAYS_TEXT)).to_have_text("20 Oct 2020 – 25 Oct 2020")


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


def with_events(shipped: EventStore, scale: TimeScale, words: str) -> list[int]:
    """The slots in which something matches."""
    return sorted({scale.slot_of(dt.date.fromisoformat(c.day)) for c in shipped.timeline(EventFilter(words=words))})


@pytest.mark.parametrize("mode", ["window", "cumulative"])
def test_play_steps_over_slots_without_events_and_ends_with_the_last(
    visits: Callable[..., Visit], shipped: EventStore, scale: TimeScale, mode: str
) -> None:
    full = with_events(shipped, scale, "Hadrut")
    assert len(full) == 2
    assert full[1] > full[0] + 1
    at = scale.slots[full[0] - 1].first.isoformat()
    visit = visits().open(f"/?q=Hadrut&from={at}&to={at}")
    visit.page.locator(f"#{ids.PLAY_MODE} label").filter(has_text=mode).click()
    visit.at(ids.PLAY).click()
    for slot in full:  # what adds up begins at the first of all days, wherever the window was
        shown = [slot, slot + 1] if mode == "window" else [0, slot + 1]
        visit.until(f"slot {slot} is reached", lambda shown=shown: visit.slider == shown)
    expect(visit.at(ids.PLAY)).to_contain_text("Play")
    visit.settled()


def middle_of(visit: Visit, slot: int, height: float) -> tuple[float, float]:
    """A slot of the histogram, in pixels of the page."""
    x, y = visit.js(
        f"""(() => {{
          const gd = document.querySelector('#{ids.TIMELINE} .js-plotly-plot');
          const box = gd.getBoundingClientRect(), plot = gd._fullLayout;
          return [box.left + plot.xaxis._offset + plot.xaxis.d2p({slot}),
                  box.top + plot.yaxis._offset + plot.yaxis._length * {1 - height}];
        }})()"""
    )
    return x, y


def bright(visit: Visit) -> list[int]:
    """The slots whose bars are drawn as chosen; the others are pale."""
    assert set(visit.bars.values()) <= {0.25, 1.0}
    return [slot for slot, strength in sorted(visit.bars.items()) if strength == 1]


def test_bars_outside_the_chosen_days_are_pale_however_these_were_chosen(
    visits: Callable[..., Visit], shipped: EventStore, scale: TimeScale
) -> None:
    full = with_events(shipped, scale, "")
    day_of = [slot.first.isoformat() for slot in scale.slots]
    visit = visits().open(f"/?from={day_of[3]}&to={day_of[5]}")  # both ends are chosen
    assert bright(visit) == [n for n in full if 3 <= n <= 5] != []
    visit.at(ids.STEP_ON).click()
    visit.until("the bars follow", lambda: bright(visit) == [n for n in full if 4 <= n <= 6])
    visit.settled()
    visit.page.set_viewport_size({"width": 920, "height": 800})  # plotly draws them anew
    ticks = visit.js(_TICKS)
    visit.until("there are fewer ticks", lambda: visit.js(_TICKS) < ticks)
    assert bright(visit) == [n for n in full if 4 <= n <= 6]
    visit.at(ids.ALL_DAYS).click()
    visit.until("all bars are chosen", lambda: bright(visit) == full)
    visit.settled()
    visit.open("/?from=2099-01-01")
    assert (visit.counts[0], bright(visit)) == (0, [])


_TICKS = f"document.querySelectorAll('#{ids.TIMELINE} .xtick').length"


def test_a_bar_tells_its_day_and_a_click_chooses_it(
    visit: Visit, server: Served, shipped: EventStore, scale: TimeScale
) -> None:
    counts = [c for c in shipped.timeline(EventFilter()) if c.day == scale.slots[4].first.isoformat()]
    label = visit.at(ids.TIMELINE).locator(".hovertext")
    for height in (0.02, 0.9):  # on the bar, and far above it
        visit.page.mouse.move(0, 0)
        expect(label).to_have_count(0)
        x, y = middle_of(visit, 4, height)
        visit.page.mouse.move(x, y)
        expect(label).to_contain_text(f"{day(scale.slots[4].first)}: {sum(c.n for c in counts)} events")
        for count in counts:
            expect(label).to_contain_text(f"{count.n} {count.event_type}")
    visit.page.mouse.click(x, y)
    visit.until("its day is chosen", lambda: visit.slider == [4, 5])
    visit.settled()
    assert dict(visit.query) == dict.fromkeys(("from", "to"), scale.slots[4].first.isoformat())
    same_everywhere(visit, server, shipped)


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
    # The brush leaves nothing behind: neither its outline, nor bars that plotly made pale.
    full = with_events(shipped, scale, "")
    assert bright(visit) == [n for n in full if 4 <= n <= 7]
    assert visit.page.locator(f"#{ids.TIMELINE} .selectionlayer path").count() == 0
    visit.at(ids.ALL_DAYS).click()
    visit.until("all bars are chosen", lambda: bright(visit) == full)
    visit.settled()
