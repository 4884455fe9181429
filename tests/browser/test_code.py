"""The page /code, the whole way: a text in, events on the map; by mouse, by keyboard, on a phone."""

import csv
import io
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dashboard import ids
from tests.browser.desk import FEED, Desk
from tests.browser.serving import Served, serving
from tests.browser.visit import DESKTOP, PATIENCE, PHONE

Opener = Callable[..., Desk]
PASSWORD = "crossing-the-araz"


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A local run that saves to a DuckDB file of its own."""
    path = tmp_path_factory.mktemp("code") / "events.duckdb"
    with serving("--save-to", str(path)) as served:
        yield served


@pytest.fixture
def desks(browser: Browser, writable: Served) -> Iterator[Opener]:
    """Make visits to /code; after the test each gives its verdict: no console error, no other host."""
    made: list[Desk] = []

    def desk(size: tuple[int, int] = DESKTOP, base: str = "") -> Desk:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            has_touch=size == PHONE,
            color_scheme="light",
            locale="en-GB",
            accept_downloads=True,
        )
        made.append(Desk(context, base or writable.url))
        return made[-1].open()

    yield desk
    try:
        for one in made:
            one.visit.verdict()
    finally:
        for one in made:
            one.page.context.close()


@pytest.fixture
def desk(desks: Opener) -> Desk:
    """The page /code on a desktop screen."""
    return desks()


def test_from_a_text_to_the_map(desk: Desk, writable: Served) -> None:
    desk.paste()
    assert desk.counted()[1] == 0
    # Choose an event, and its evidence lights up; choose a mark, and its event is chosen.
    desk.choose("Shelling", "Tartar")
    assert [words for words in desk.evidence("place") if "Tartar" in words]
    desk.page.locator("#reports .mark", has_text="Hadrut").first.click()
    expect(desk.page.locator("#table tr.chosen")).to_contain_text("Hadrut")
    assert [words for words in desk.evidence("place") if "Hadrut" in words]
    labels = desk.visit.js("[...document.querySelectorAll('#reports .mark[data-label]')].map((m) => m.dataset.label)")
    assert {"where", "what"} <= {word for label in labels for word in label.split(", ")}
    desk.page.locator(".left-out summary").click()
    expect(desk.page.locator(".left-out li")).to_contain_text("Made-up live feed")
    desk.click_on_map("Martuni")
    expect(desk.page.locator("#table tr.chosen")).to_contain_text("Martuni")
    desk.choose("Shelling", "Hadrut")
    # What a text says is text.
    expect(desk.page.locator("#reports")).to_contain_text("<img src=x onerror=\"document.title='broken'\">")
    expect(desk.page.locator("#reports")).to_contain_text("<b>𝔸 bold claim</b>")
    assert desk.page.title() == "Code a feed · Contact Line"
    # The place by any of its names fills what it is known by; the type offers its own sub-types.
    desk.field("place").fill("Шуша")
    desk.page.locator("#f-place-list li").first.click()
    expect(desk.field("place_id")).to_have_value("shushi")
    expect(desk.field("geo_precision")).to_have_value("1")
    assert 39.7 < float(desk.field("latitude").input_value()) < 39.8
    expect(desk.field("notes")).to_have_value(re.compile("at Shushi|shelled Shushi"))  # the codes' own sentence follows
    desk.field("event_type").select_option("Battles")
    expect(desk.field("sub_event_type")).to_have_value("")
    assert "Armed clash" in desk.field("sub_event_type").inner_text()
    desk.field("sub_event_type").select_option("Armed clash")
    desk.field("claimant").fill("baku")
    desk.field("claimant").press("Enter")
    expect(desk.field("claimant")).to_have_value("Government of Azerbaijan")
    desk.field("event_date").fill("soon")
    desk.field("event_date").blur()
    expect(desk.page.locator("#n-event_date")).to_have_text("is not a day like 2020-10-02")
    desk.page.get_by_role("button", name="Accept", exact=True).click()
    desk.said("A field of it cannot be used as it stands.")
    desk.field("event_date").fill("2020-10-04")
    desk.field("notes").fill("A made-up clash at Shusha, told as Baku's word.")
    desk.field("notes").blur()
    expect(desk.page.locator("#table tr.chosen")).to_contain_text("4 Oct")
    # Accept, save, and see it on the map with who had the last word.
    before = writable.summary()["total"]
    desk.page.get_by_role("button", name="Accept", exact=True).click()
    assert desk.counted()[1] == 1
    desk.save()
    desk.said("Saved: 1 added.")
    assert writable.summary()["total"] == before + 1
    desk.page.locator("#said a").click()
    # The first map of this browser: on a busy machine it takes its time.
    expect(desk.visit.at(ids.DETAIL)).to_contain_text("A made-up clash at Shusha", timeout=PATIENCE * 3000)
    expect(desk.visit.at(ids.DETAIL)).to_contain_text("A. Analyst")
    expect(desk.visit.at(ids.DETAIL)).to_contain_text("changed: ")
    expect(desk.visit.at(ids.COUNTS)).to_contain_text(f"of {before + 1}")


def test_split_merge_and_undo_by_keyboard_alone(desk: Desk) -> None:
    press = desk.page.keyboard.press
    expect(desk.page.locator("#source")).to_be_focused()
    desk.page.keyboard.insert_text(FEED)
    press("Control+Enter")
    desk.rows.first.wait_for(timeout=PATIENCE * 1000)
    n = desk.counted()[0]
    expect(desk.rows.first).to_be_focused()
    press("j")
    press("ArrowDown")
    press("k")
    expect(desk.rows.nth(1)).to_be_focused()
    # Split: a copy, ready to be given its own place.
    press("s")
    expect(desk.field("place")).to_be_focused()
    assert desk.counted()[0] == n + 1
    desk.page.keyboard.type("Aghdam")
    desk.page.locator("#f-place-list li").first.wait_for()
    press("Enter")
    expect(desk.field("place_id")).to_have_value("aghdam")
    press("Escape")
    expect(desk.rows.nth(2)).to_be_focused()
    ids_told = desk.visit.js(
        "JSON.stringify([...document.querySelectorAll('#table tbody tr')].map((r) => r.dataset.key))"
    )
    assert len(set(json.loads(ids_told))) == n + 1
    # Two words of one claimant on one kind of happening: merging makes them one, the first one's.
    press("k")
    press("m")
    press("j")
    press("m")
    desk.said("One event of two. The first one's values stay; let go: place “Aghdam”")
    assert desk.counted()[0] == n
    # Two claimants' words: both stay, as one incident.
    desk.choose("Shelling", "Tartar")
    press("x")
    desk.choose("Shelling", "Martuni")
    press("x")
    press("m")
    desk.said("Two claimants' words: both stay, as one incident.")
    assert desk.page.get_by_label("One incident with 1 more.").count() == 2
    # Undo takes each step back, redo does it again.
    for _ in range(4):
        press("u")
    assert desk.counted() == (n, 0, n)
    assert desk.page.get_by_label("One incident with 1 more.").count() == 0
    desk.said("Undone: split")
    press("y")
    assert desk.counted()[0] == n + 1
    press("u")
    # Accept goes on to the next that is to be decided; again on a decided one takes the decision back.
    desk.rows.first.focus()
    press("Home")
    desk.choose("Denial")
    press("a")
    press("r")
    assert desk.counted() == (n, 1, n - 2)
    desk.choose("Denial")
    press("a")
    assert desk.counted() == (n, 0, n - 1)
    press("?")
    expect(desk.page.locator("#dialog")).to_contain_text("the next event")
    press("Escape")
    expect(desk.page.locator("#dialog")).to_be_hidden()
    press("e")
    expect(desk.field("event_type")).to_be_focused()
    press("Escape")
    press("n")
    assert desk.counted()[0] == n + 1
    expect(desk.field("event_type")).to_be_focused()
    press("Escape")
    press("a")
    desk.said("It cannot be accepted yet: it needs a type.")


def test_the_keyboard_is_never_trapped(desk: Desk) -> None:
    desk.paste()
    seen = set()
    desk.page.locator("body").press("Tab")
    for _ in range(150):
        desk.page.keyboard.press("Tab")
        at = desk.visit.js(
            "((e) => (e === document.body ? '' : e.id || e.className || e.tagName))(document.activeElement)"
        )
        seen.add(at)
        if at == "" and len(seen) > 20:
            break
    assert {"theme-button", "save", "f-place", "f-notes"} <= seen


def test_a_draft_survives_a_reload_until_it_is_cleared(desk: Desk) -> None:
    desk.paste()
    n = desk.counted()[0]
    desk.choose("Tartar")
    desk.field("fatalities").fill("3")
    desk.field("fatalities").blur()
    desk.page.keyboard.press("a")
    desk.visit.until("the draft is kept", lambda: (desk.stored() or {}).get("proposals"))
    desk.open()
    assert desk.counted() == (n, 1, n - 1)
    desk.choose("Tartar")
    expect(desk.field("fatalities")).to_have_value("3")
    expect(desk.page.locator("#n-fatalities")).to_contain_text("was: ")
    desk.page.locator("#clear").click()
    desk.page.get_by_role("button", name="Clear", exact=True).last.click()
    expect(desk.page.locator("#source")).to_be_visible()
    assert desk.stored() is None
    desk.open()
    expect(desk.page.locator("#proposed")).to_be_hidden()


def test_what_is_held_is_shown_beside_and_never_overwritten_unasked(desks: Opener, writable: Served) -> None:
    one = desks().paste()
    one.choose("Martuni")
    one.page.keyboard.press("a")
    one.save("First")
    one.said("Saved: 1 added.")
    held = one.visit.js("document.querySelector('#said a').getAttribute('href')").split("event=")[1]
    # Somebody else pastes the same text.
    other = desks().paste()
    other.choose("Martuni")
    expect(other.page.locator("#chosen")).to_contain_text("the same event, held already")
    other.page.keyboard.press("a")
    other.save("Second")
    other.said("Saved: 1 there already.")
    other.choose("Martuni")
    other.field("notes").fill("Told anew.")
    other.field("notes").blur()
    expect(other.page.locator("#save")).to_have_text("Save 1 accepted")
    third = desks().paste()
    third.choose("Martuni")
    third.field("notes").fill("Another happening.")
    third.field("notes").blur()
    third.page.keyboard.press("a")
    third.save("Third")
    expect(third.page.locator("#dialog")).to_contain_text("held under these ids")
    before = writable.summary()["total"]
    third.page.get_by_role("button", name="Keep both").click()
    third.said("Saved: 1 added.")
    assert writable.summary()["total"] == before + 1
    rows = {r["event_id"]: r for r in csv.DictReader(io.StringIO(writable.get("/api/events.csv").decode("utf-8-sig")))}
    assert rows[held]["notes"] != "Another happening."
    assert json.loads(rows[held]["extra"])["coded_by"] == "First"


def test_files_are_taken_and_reports_without_a_day_are_asked_about(desk: Desk, tmp_path: Path) -> None:
    feed, empty = tmp_path / "feed.txt", tmp_path / "empty.txt"
    feed.write_text(FEED, "utf-8")
    empty.write_text(" ")
    desk.visit.forgiven.append("400")  # the browser tells every refusal
    desk.page.locator("#files").set_input_files([feed, empty])
    expect(desk.page.locator("#asks")).to_contain_text("empty.txt: is empty")
    n = desk.counted()[0]
    desk.page.locator("#intake summary").click()
    desk.paste("Azerbaijani forces shelled Hadrut, the Armenian Defence Ministry said. Two civilians were killed.")
    asks = desk.page.locator("#asks")
    assert desk.counted()[0] > n
    expect(asks).to_contain_text("On which day was it published?")
    assert "?" in desk.chosen
    asks.locator("input").fill("2020-10-02")
    asks.locator("input").press("Enter")
    expect(desk.page.locator("#table tr.chosen")).to_contain_text("2 Oct")
    expect(asks).to_be_empty()


def test_without_the_right_to_write_nothing_is_saved_but_a_file_leaves(
    desks: Opener, server: Served, tmp_path: Path
) -> None:
    desk = desks(base=server.url).paste()
    before = server.summary()["total"]
    expect(desk.page.locator("#saving")).to_contain_text("Reading only: the events are held in memory")
    desk.choose("Hadrut")
    desk.page.keyboard.press("a")
    expect(desk.page.locator("#save")).to_have_text("Save")
    expect(desk.page.locator("#save")).not_to_have_class(re.compile(r"\bgo\b"))
    expect(desk.page.locator("#download summary")).to_have_class("go")
    desk.page.locator("#save").click()
    expect(desk.page.locator("#dialog")).to_contain_text("contact-line serve --save-to")
    desk.page.keyboard.press("Escape")
    tried = desk.visit.js(
        """async () => (await fetch('/api/events', {method: 'POST', headers: {'Content-Type': 'application/json',
           'X-Contact-Line': 'code'}, body: JSON.stringify({events: [{event: {}}], person: 'x'})})).status"""
    )
    assert tried == 403
    desk.visit.forgiven.append("403")
    assert server.summary()["total"] == before
    desk.page.locator("#download summary").click()
    expect(desk.page.locator("#unsourced")).to_contain_text("1 event names no source.")
    with desk.page.expect_download() as download:
        desk.page.locator("#download [data-format=csv]").click()
    path = tmp_path / "out.csv"
    download.value.save_as(path)
    (event,) = csv.DictReader(path.read_text("utf-8-sig").splitlines())
    assert event["place"] == "Hadrut"
    assert json.loads(event["extra"])["verdict"] == "accepted"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_draft_is_shown_on_a_map_of_its_own(desks: Opener, server: Served, size: tuple[int, int]) -> None:
    desk = desks(size, base=server.url).paste()
    n = desk.counted()[0]
    before = server.summary()["total"]
    desk.page.keyboard.press("r")
    # None is accepted yet: all that are not rejected; then what is accepted alone.
    desk.page.keyboard.press("v")
    dialog = desk.page.locator("#dialog")
    expect(dialog).to_contain_text(f"Show {n - 1} events on the map?")
    expect(dialog).to_contain_text("None is accepted yet: all that are not rejected are shown.")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("a")
    desk.page.locator("#on-map").click()
    expect(dialog).to_contain_text("What is accepted is shown.")
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url("**/?data=*")
    assert server.summary(desk.visit.search)["total"] == 1
    assert server.summary()["total"] == before
    assert desk.open().counted() == (n, 1, n - 2)


def test_what_cannot_be_shown_on_the_map_is_told(desks: Opener, server: Served) -> None:
    desk = desks(base=server.url).paste()
    desk.choose("Martuni")
    desk.field("event_date").fill("1066-10-14")
    desk.field("event_date").blur()
    desk.page.keyboard.press("v")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#dialog")).to_contain_text("Not shown on the map")
    expect(desk.page.locator("#dialog")).to_contain_text(
        re.compile(r"Event \d: event date “1066-10-14.*” lies outside")
    )
    desk.visit.forgiven.append("400")  # the browser tells every refusal


def test_on_a_deployment_the_password_opens(desks: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTACT_LINE_PASSWORD", PASSWORD)
    with serving("--save-to", str(tmp_path / "events.duckdb")) as served:
        desk = desks(base=served.url).paste()
        desk.visit.forgiven.append("403")  # the browser tells every refusal
        desk.choose("Hadrut")
        desk.page.keyboard.press("a")
        desk.save(password="wrong")
        expect(desk.page.locator("#dialog [role=alert]")).to_contain_text("is not the password")
        desk.page.locator("#dialog input[name=password]").fill(PASSWORD)
        desk.page.get_by_role("button", name="Save", exact=True).last.click()
        desk.said("Saved: 1 added.")
        desk.page.get_by_role("button", name="Sign out").click()
        desk.said("Signed out.")


def test_on_a_phone_the_parts_are_tabs(desks: Opener) -> None:
    desk = desks(PHONE).paste()
    expect(desk.page.locator("#tab-table")).to_have_attribute("aria-selected", "true")
    desk.row("Tartar").tap()
    expect(desk.page.locator("#tab-event")).to_have_attribute("aria-selected", "true")
    expect(desk.page.locator(".excerpt")).to_contain_text("shelled the town of Tartar")
    desk.page.locator("#tab-text").tap()
    expect(desk.page.locator("#reports .mark.on.m-action")).to_be_in_viewport()
    desk.page.get_by_role("button", name="Accept", exact=True).tap()
    assert desk.counted()[1] == 1
    assert desk.visit.js("document.documentElement.scrollWidth") <= PHONE[0]


def test_on_a_phone_every_event_begins_at_its_heading(desks: Opener) -> None:
    desk = desks(PHONE).paste()
    heading, pane = desk.page.locator("#event-title"), desk.page.locator("#event")
    desk.row("Tartar").tap()
    expect(heading).to_be_focused()
    for act in ("Accept", "Reject", "Undo", "The event before"):
        before = heading.inner_text()
        desk.field("notes").tap()
        assert pane.evaluate("(pane) => pane.scrollTop") > 0
        desk.page.get_by_role("button", name=act, exact=True).tap()
        expect(heading).not_to_have_text(before)
        expect(heading).to_be_focused()
        expect(heading).to_be_in_viewport()
        assert pane.evaluate("(pane) => pane.scrollTop") == 0
    # What is drawn anew below it, when the store has answered, leaves the focus where it is.
    expect(desk.page.locator("#chosen .held, #chosen .quiet").first).to_be_visible()
    desk.page.wait_for_timeout(500)
    expect(heading).to_be_focused()
    # An event that was chosen on another tab begins at its heading, too; the same one stays as it was left.
    desk.field("notes").tap()
    desk.page.locator("#tab-table").tap()
    desk.page.locator("#tab-event").tap()
    assert pane.evaluate("(pane) => pane.scrollTop") > 0
    desk.page.locator("#tab-table").tap()
    desk.page.keyboard.press("j")
    desk.page.locator("#tab-event").tap()
    expect(heading).to_be_focused()
    assert pane.evaluate("(pane) => pane.scrollTop") == 0
    # Typing stays typing.
    desk.field("fatalities").tap()
    desk.page.keyboard.type("7")
    desk.page.keyboard.press("Tab")
    expect(desk.field("injured")).to_be_focused()


def test_on_a_phone_the_choices_of_a_field_are_all_in_sight(desks: Opener) -> None:
    desk = desks(PHONE).paste()
    desk.row("Tartar").tap()
    place, choices = desk.field("place"), desk.page.locator("#f-place-list")
    place.evaluate("(field) => field.scrollIntoView({ block: 'end' })")  # just above the buttons
    place.tap()
    desk.page.keyboard.type("sh")
    choices.locator("li").first.wait_for()
    expect(choices).to_be_in_viewport(ratio=1)
    expect(place).to_be_in_viewport(ratio=1)
    listed, buttons = choices.bounding_box(), desk.page.locator(".control").bounding_box()
    assert listed
    assert buttons
    assert listed["y"] + listed["height"] <= buttons["y"]


def test_who_wrote_the_summary_is_told(desk: Desk) -> None:
    desk.paste()
    desk.choose("Tartar")
    hint = desk.page.locator("#n-notes")
    expect(hint).to_have_text("made from the codes, until you write your own")
    desk.page.get_by_label("Summary").fill("My own words.")
    desk.field("notes").blur()
    expect(hint).to_contain_text("was: ")


# ── the draft's own rules, in the browser in which they run ─────────────────────────────────────────────────

_RULES = """async (given) => {
  const D = await import('/assets/code/draft.js');
  const told = {publisher: 'T', title: '', undated: 0, left_out: [], reports: [
    {number: 0, text: 'a', label: '1', published: '2020-10-02T12:36:00+00:00', day: '2020-10-02', publisher: 'T'}],
    proposals: given.events.map((event, n) => (
      {event, report: 0, marks: [['action', n, n + 1]], rule: 'r', doubts: []}))};
  let { draft } = D.addSource(D.empty(), told, '');
  const [a, b] = draft.proposals.map((p) => p.key);
  const history = new D.History(draft);
  const merged = D.merge(draft, a, b);
  history.step(merged.draft, 'merged');
  history.step(D.judge(history.now, [a], 'accepted'), 'accepted');
  const after = JSON.stringify(history.now);
  history.undo();
  history.undo();
  const back = JSON.stringify(history.now) === JSON.stringify(draft);
  history.redo();
  history.redo();
  return {one: merged.one, left: merged.left, events: merged.draft.proposals.map((p) => p.event),
    marks: merged.draft.proposals.map((p) => p.marks.length), back: back, again: JSON.stringify(history.now) === after,
    twice: D.addSource(draft, told, '').twice,
    apart: [0, 1].reduce((d) => D.apartFrom(d, a), draft).proposals[0].event.event_id,
    free: D.freeId(draft, 't-20201002T1236-1'),
    added: D.add(draft, draft.proposals[0].report, null).proposals.at(-1).event.event_id};
}"""


def event(n: int, **fields: object) -> dict[str, object]:
    return {
        "event_id": f"t-20201002T1236-{n}",
        "event_type": "Battles",
        "claimant": "A",
        "place": "X",
        "latitude": 1,
    } | fields


# What the second of two events has otherwise → whether they become one, what the first one then has, what is let go.
MERGED: list[tuple[dict[str, object], bool, dict[str, object], list[object]]] = [
    ({"fatalities": 3}, True, {"fatalities": 3, "place": "X"}, []),
    (
        {"place": "Y", "latitude": 2, "longitude": 5},
        True,
        {"place": "X", "latitude": 1, "longitude": None},
        [["place", "Y"]],
    ),
    ({"claimant": "B"}, False, {"incident_id": "incident-t-20201002T1236-1"}, []),
    ({"event_type": "Humanitarian"}, False, {"incident_id": "incident-t-20201002T1236-1"}, []),
    ({"claimant": "B", "incident_id": "held"}, False, {"incident_id": "held"}, []),
]


def test_merging_follows_the_codebook_and_every_step_can_be_undone(desk: Desk) -> None:
    for second, one, first_after, left in MERGED:
        told = desk.visit.js(_RULES, {"events": [event(1), event(2, **second)]})
        assert (told["one"], told["left"]) == (one, left), second
        assert {name: told["events"][0].get(name) for name in first_after} == first_after
        assert told["marks"] == ([2] if one else [1, 1])
        assert len(told["events"]) == (1 if one else 2)
        assert told["back"]
        assert told["again"]
        assert (told["twice"], told["free"], told["added"]) == (2, "t-20201002T1236-3", "t-20201002T1236-3")
        assert told["apart"] == "t-20201002T1236-1c"


def test_segments_cover_the_text_and_hold_every_mark(desk: Desk) -> None:
    rng = random.Random(4)
    for _ in range(5):
        length = rng.randrange(1, 60)
        starts = [rng.randrange(-2, length) for _ in range(12)]
        marks = [
            {"key": f"e{n}", "field": "place", "start": start, "end": start + rng.randrange(9)}
            for n, start in enumerate(starts)
        ]
        told = desk.visit.js(
            "async ([n, marks]) => (await import('/assets/code/draft.js')).segments(n, marks)", [length, marks]
        )
        assert [s["start"] for s in told] == [0, *[s["end"] for s in told[:-1]]]
        assert told[-1]["end"] == length
        for at in range(length):
            over = {m["key"] for m in marks if 0 <= m["start"] <= at < m["end"] <= length}
            segment = next(s for s in told if s["start"] <= at < s["end"])
            assert {m["key"] for m in segment["on"]} == over
