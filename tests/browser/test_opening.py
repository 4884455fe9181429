"""The page opens, whole, at both sizes."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from dashboard import ids
from dashboard.figures import map as map_figure
from events.store import EventStore
from tests.browser.conftest import Opener
from tests.browser.serving import Served
from tests.browser.visit import DESKTOP, PHONE, Visit


def test_opens_with_every_event_counted_and_the_map_drawn(any_size: Visit, shipped: EventStore) -> None:
    total = shipped.total()
    assert any_size.counts_text.strip() == f"{total} of {total} events"
    assert any_size.at(ids.STATUS).inner_text().strip() == ""
    assert len(any_size.listed) > 10
    drawn = sum(circle["n"] for circle in any_size.circles)
    assert drawn > 0
    assert drawn + any_size.elsewhere == total, "what is not drawn is told"
    assert any_size.on_map(46.75, 39.82), "the map looks at Stepanakert"
    assert any_size.js("document.documentElement.scrollWidth <= window.innerWidth"), "nothing is wider than the screen"


def test_the_page_has_every_chart_that_it_draws(visit: Visit) -> None:
    """Plotly takes a kind of trace that was not built in for a scatter of points, without a word."""
    kinds = "[...document.querySelectorAll('.js-plotly-plot')].map((graph) => graph.{}.map((trace) => trace.type))"
    named, drawn = visit.js(kinds.format("data")), visit.js(kinds.format("_fullData"))
    assert named == drawn
    assert {kind for graph in named for kind in graph} == {"bar", "choroplethmap", "scattermap"}
    assert visit.js("Plotly.PlotSchema.get().traces.pie") is None, "what is sent is what the page draws"


@pytest.mark.parametrize(
    ("scheme", "size", "address"),
    [
        ("light", DESKTOP, "/"),
        ("dark", PHONE, "/"),
        ("dark", DESKTOP, "/?lat=39.75&lon=46.4&zoom=9.50&from=2020-10-01"),
    ],
)
def test_the_map_is_there_before_the_first_answer(
    browser: Browser, server: Served, scheme: Literal["light", "dark"], size: tuple[int, int], address: str
) -> None:
    """Where it will be, in its colours, with its marks at the start page; what is filtered comes with the answer."""
    where = f"(({{center, zoom}}) => [center.lat, center.lon, zoom])({Visit.layout}.map)"
    style = f"{Visit.layout}.map.style.name"
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    visit = Visit(context, server.url)
    visit.page.route("**/_dash-update-component*", lambda _: None)
    visit.page.goto(server.url + address)
    visit.until("the map is drawn", lambda: visit.js(f"{visit.map}?.loaded()"))
    early = [visit.js(where), visit.js(style)]
    marks = {circle["key"]: circle["n"] for circle in visit.circles}
    assert visit.counts_text.strip() == ""
    assert visit.js(f"Object.assign({visit.map}, {{marked: true}}).marked")
    visit.page.unroute("**/_dash-update-component*")  # what was held back goes on
    visit.until("the counts are told", lambda: " of " in visit.counts_text)
    visit.settled()
    assert [visit.js(where), visit.js(style)] == early == [early[0], f"Contact Line {scheme} en"]
    assert visit.js(f"{visit.map}.marked"), "it is the same map"
    answered = {circle["key"]: circle["n"] for circle in visit.circles}
    assert answered
    assert not marks if "from" in address else answered.items() <= marks.items(), "marks stand beyond the screen's edge"
    assert visit.above_all()
    visit.verdict()
    context.close()


def test_what_comes_after_nothing_is_above_the_map(visits: Opener) -> None:
    visit = visits().open("/?type=Riots&to=2020-09-28")
    assert not visit.circles
    visit.at(ids.CHIPS).get_by_role("link", name="Riots").click()
    visit.until("there is something", lambda: visit.circles)
    visit.settled()
    assert visit.above_all()


def test_marks_the_legend_and_the_ground(visit: Visit) -> None:
    assert {circle["area"] for circle in visit.circles} == {True, False}
    visit.page.get_by_text("Legend", exact=True).click()
    expect(visit.page.get_by_text("events known only to a district or region")).to_be_visible()
    assert visit.js(f"{visit.traces}[{map_figure.CONTROL}].locations.length") > 0, "who held the ground is drawn"
    expect(visit.at(ids.MAP_TEXT)).to_have_text(re.compile(r"Most events: .*Stepanakert \d+"))


def test_a_phone_has_drawers_and_the_slider_in_view(phone: Visit) -> None:
    for handle in phone.page.get_by_role("slider").all():
        expect(handle).to_be_in_viewport()
    phone.drawer(ids.FILTERS_BUTTON, "choices", opened=True)
    phone.choose(ids.TYPES, "Battles")
    phone.drawer(ids.FILTERS_BUTTON, "choices", opened=False)
    phone.drawer(ids.EVENTS_BUTTON, "events", opened=True)
    phone.page.locator(f"#{ids.LIST} .item").first.click()
    expect(phone.at(ids.DETAIL)).to_contain_text("Who says so")
    phone.settled()
    phone.page.keyboard.press("Escape")
    phone.drawer(ids.EVENTS_BUTTON, "events", opened=False)


def test_light_and_dark(visit: Visit) -> None:
    def theme() -> list[str]:
        colour = "getComputedStyle(document.body).backgroundColor"
        return list(visit.js(f"[document.documentElement.dataset.theme, {colour}]"))

    light = theme()
    visit.at(ids.THEME_BUTTON).click()
    visit.until("the page is dark", lambda: theme()[0] == "dark")
    visit.settled()
    dark = theme()
    assert dark[1] != light[1]
    visit.open()
    assert theme() == dark, "the choice is kept"
    visit.at(ids.THEME_BUTTON).click()
    visit.until("the page is light again", lambda: theme() == light)
    visit.settled()


def test_names_of_places_in_four_languages(visit: Visit) -> None:
    labels = set()
    for language, name in {"hy": "Ստեփանակերտ", "az": "Xankəndi", "ru": "Степанакерт", "en": "Stepanakert"}.items():
        visit.page.locator(f"#{ids.NAMES} label").filter(has_text=language.upper()).click()
        visit.until(f"names are {language}", lambda n=name: n in (visit.at(ids.PLACES).text_content() or ""))
        visit.settled()
        assert dict(visit.query).get("names", "en") == language
        labels.add(visit.js(f"JSON.stringify({visit.map}.getStyle().layers.map((l) => l.layout?.['text-field']))"))
    assert len(labels) == 4, "the map's labels follow"
