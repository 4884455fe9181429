"""Opening a file in the page: its report, then its map under a link of its own."""

from pathlib import Path

from playwright.sync_api import expect

from dashboard import ids
from tests.browser.visit import Visit

TABLE = (
    "event_date,event_type,place,latitude,longitude,notes\n"
    "2020-10-02,Battles,Hadrut,39.52,47.03,<img src=x onerror=alert(1)>\n"
    "2020-10-05,Riots,Nowhere,999,47,bad\n"
)


def test_a_file_is_reported_then_shown_under_its_own_link(visit: Visit, tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(TABLE)
    with visit.page.expect_file_chooser() as chooser:
        visit.at(ids.FILE).click()
    chooser.value.set_files(table)
    report = visit.at(ids.FILE_REPORT)
    expect(report).to_contain_text("2: 1 load, 1 set aside")
    report.get_by_text("Show its map").click()
    expect(visit.at(ids.COUNTS)).to_have_text("1 of 1 event", timeout=20_000)
    expect(visit.at(ids.LIST)).to_contain_text("<img src=x onerror=alert(1)>")
    assert "data=" in visit.page.url
    visit.page.get_by_text("close the file").click()
    expect(visit.at(ids.COUNTS)).not_to_have_text("1 of 1 event", timeout=20_000)
