"""What goes wrong is said in words: no server, no events, no places, hostile text."""

import csv
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import expect

from dashboard import ids
from events.filters import EventFilter
from events.schema import NAMES
from events.store import EventStore
from tests.browser.conftest import Opener
from tests.browser.serving import serving

HOSTILE = '<img src="/no-such-picture" onerror="window.harmed = 1"><script>window.harmed = 1</script>'


def table(path: Path, *events: dict[str, str]) -> str:
    """A file of events."""
    plain = {"event_date": "2020-10-02", "event_type": "Battles", "time_precision": "1"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, NAMES)
        writer.writeheader()
        writer.writerows({**plain, "event_id": f"e{n}", **event} for n, event in enumerate(events))
    return str(path)


def test_a_server_that_is_gone_is_said_so_and_the_page_stays(visits: Opener) -> None:
    with serving() as mine:
        visit = visits(base=mine.url).open()
        listed = visit.listed
        mine.stop()
        visit.forgiven += ["ERR_CONNECTION_REFUSED", "Callback failed: the server did not respond"]
        visit.choice(ids.TYPES, "Battles").click()
        expect(visit.page.get_by_text("The server cannot be reached")).to_be_visible()
        assert visit.listed == listed
        assert visit.circles


def test_markup_in_a_file_is_text(visits: Opener, tmp_path: Path) -> None:
    hostile = dict.fromkeys(
        ("actor1", "actor2", "claimant", "place", "admin1", "country", "notes", "evidence"), HOSTILE
    )
    where = {"latitude": "39.9", "longitude": "46.8", "geo_precision": "1"}
    link = {"source": HOSTILE, "source_url": "javascript:window.harmed=1"}
    source = table(tmp_path / "hostile.csv", {**hostile, **where, **link}, {**hostile, **link, "incident_id": "i"})
    with serving(source) as mine:
        visit = visits(base=mine.url).open("/?event=e0")
        expect(visit.at(ids.DETAIL)).to_contain_text(HOSTILE)
        expect(visit.at(ids.LIST)).to_contain_text(HOSTILE)
        visit.choose(ids.ACTORS, HOSTILE)
        expect(visit.at(ids.CHIPS)).to_contain_text(HOSTILE)
        visit.at(ids.SEARCH).fill("img src")
        expect(visit.page.locator(f"#{ids.FOUND} .hit").first).to_be_visible()
        visit.page.keyboard.press("Escape")
        circle = visit.circles[0]
        visit.page.mouse.move(*visit.pixel(circle["lon"] + 0.5, circle["lat"]))
        visit.page.mouse.move(*visit.pixel(circle["lon"], circle["lat"]), steps=4)
        expect(visit.page.locator(f"#{ids.MAP} .hoverlayer")).to_contain_text("onerror")
        visit.open(
            "/?q=" + "%3Cscript%3Ewindow.harmed%3D1%3C%2Fscript%3E&type=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"
        )
        expect(visit.at(ids.NOTICE)).to_contain_text("<img src=x onerror=alert(1)>")
        assert visit.js("window.harmed === undefined")
        assert visit.page.locator("img").count() == 0
        assert visit.page.locator("a[href^='javascript']").count() == 0


def test_an_empty_table_is_said_so(visits: Opener, shipped: EventStore, tmp_path: Path) -> None:
    address = f"duckdb:///{tmp_path / 'empty.duckdb'}"
    engine = sa.create_engine(address)
    EventStore(engine).write(shipped.frame(EventFilter()).head(0))
    engine.dispose()
    with serving(address) as mine:
        visit = visits(base=mine.url).open()
        assert visit.counts == (0, 0)
        expect(visit.at(ids.LIST)).to_contain_text("No event")
        assert visit.circles == []
        visit.at(ids.PLAY).click()
        visit.at(ids.STEP_ON).click()
        visit.settled()
        assert visit.counts == (0, 0)


def test_events_without_a_place_are_counted_and_linked(visits: Opener, tmp_path: Path) -> None:
    with serving(table(tmp_path / "nowhere.csv", {"notes": "one"}, {"notes": "two"})) as mine:
        visit = visits(base=mine.url).open()
        assert visit.counts == (2, 2)
        assert visit.circles == []
        link = visit.page.locator(f"#{ids.REST} a")
        expect(link).to_have_text("2 without a place")
        link.click()
        visit.until("they are asked for", lambda: visit.query == [("precision", "none")])
        visit.settled()
        assert len(visit.listed) == 2
