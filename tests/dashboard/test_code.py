"""The page /code as the server sees it: what it answers, what it refuses, who may save, and what is kept."""

import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import cli, words
from dashboard.app import create_app, create_server
from dashboard.coding import desk
from dashboard.coding.desk import Desk
from dashboard.coding.drafts import MOST_EVENTS, Drafted, history, kept_of, read_draft, to_frame, to_utf16
from dashboard.coding.rights import COOKIE, Tries, _signer, is_loopback
from dashboard.settings import Settings
from events import feed as feeds
from events import sources
from events.coder import Mark, Proposal
from events.errors import SourceError
from events.feed import Feed, LeftOut, Report
from events.filters import EventFilter
from events.formats import FORMATS, WRITTEN
from events.formats import read as read_file
from events.schema import NAMES, check
from events.sources import open_source
from events.store import EventStore
from tests.dashboard.test_palette import contrast

OWN = {"X-Contact-Line": "code", "Sec-Fetch-Site": "same-origin"}
CSS = Path(__file__).parents[2] / "dashboard" / "assets"

EVENT = dict.fromkeys(NAMES) | {
    "event_id": "test-20201002T1200-1", "event_date": "2020-10-02", "event_end": "2020-10-02", "time_precision": 1,
    "event_type": "Explosions/Remote violence", "sub_event_type": "Shelling/artillery/missile attack",
    "actor1": "Military Forces of Azerbaijan", "claimant": "Government of Armenia", "place": "Stepanakert",
    "place_id": "stepanakert", "latitude": 39.8177, "longitude": 46.7528, "geo_precision": 1, "country": "Azerbaijan",
    "fatalities": 2, "notes": "Artillery fire on the town.", "source": "Test", "source_time": "2020-10-02T12:00Z",
    "evidence": "12:00 GMT, sentence 1",
}  # fmt: skip


def row(rule: str = "shelling.town", changed: list[str] | None = None, **more: Any) -> dict[str, Any]:
    own = {key: more.pop(key) for key in ("replaces", "ties", "verdict") if key in more}
    return {"event": EVENT | more, "rule": rule, "changed": changed or [], **own}


# ── a server with a coder that says one thing ───────────────────────────────────────────────────────────────

TEXT = "12:00\nShells hit 𝔸 Stepanakert today."


class OneWord:
    """In the coder's place: proposes one event of each report that names Stepanakert."""

    def __init__(self, *_: object) -> None:
        pass

    def code_feed(self, feed: Feed) -> list[Proposal]:
        found = []
        for report in feed.reports:
            at = report.text.find("Stepanakert")
            if at >= 0:
                marks = (Mark("action", 0, 6), Mark("place", at, at + 11))
                event = EVENT | {"event_date": report.day.isoformat() if report.day else None}
                found.append(Proposal(event, report.number, marks, "shelling.town", ("Nobody is named.",)))
        return found


def one_report(source: str | bytes, *, published: dt.date | None = None, publisher: str = "") -> Feed:
    text = source.decode() if isinstance(source, bytes) else source
    return Feed(
        publisher, "", (Report(0, text, "12:00", None, published, publisher),), (LeftOut("Menu", "navigation"),)
    )


@pytest.fixture(autouse=True)
def one_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_the_coder", OneWord)
    monkeypatch.setattr(feeds, "read_feed", one_report)


@pytest.fixture
def store(shipped: EventStore, tmp_path: Path) -> Iterator[EventStore]:
    """The shipped events in a DuckDB file of the test's own."""
    made = EventStore(sa.create_engine(f"duckdb:///{tmp_path / 'events.duckdb'}"))
    made.write(shipped.frame(EventFilter(), extra=True))
    yield made
    made.engine.dispose()


def server_of(store: EventStore, *, read_only: str = "", local: bool = True, **chosen: Any) -> Flask:
    server: Flask = create_app(store, Settings(**chosen), "events.duckdb", read_only=read_only, local=local).server
    return server


@pytest.fixture
def client(store: EventStore) -> FlaskClient:
    return server_of(store).test_client()


def send(client: FlaskClient, path: str, value: Any, **headers: str) -> Any:
    return client.post(path, json=value, headers=OWN | headers)


def save(client: FlaskClient, *rows: dict[str, Any], person: str = "A. Analyst", **headers: str) -> Any:
    return send(client, "/api/events", {"events": list(rows), "person": person}, **headers)


def error_of(answer: Any, status: int = 400) -> dict[str, str]:
    assert answer.status_code == status, answer.data
    assert list(answer.json) == ["error"]
    assert sorted(answer.json["error"]) == ["field", "reason", "value"]
    assert all(isinstance(text, str) for text in answer.json["error"].values())
    error: dict[str, str] = answer.json["error"]
    return error


# ── the page and what it needs ──────────────────────────────────────────────────────────────────────────────


def test_the_page_keeps_to_its_own_host_and_runs_no_script_of_its_own_text(client: FlaskClient) -> None:
    answer = client.get("/code")
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "http://" not in answer.text
    assert "https://" not in answer.text
    assert re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=|<style", answer.text) == []


def test_everything_that_the_page_names_is_there(client: FlaskClient) -> None:
    named = re.findall(r'(?:src|href)="(/(?:assets|_dash)[^"]+)"', client.get("/code").text)
    modules = [f"/assets/code/{path.name}" for path in (CSS / "code").glob("*.js")]
    plotly = re.search(r'"(/_dash[^"]+plotly[^"]+)"', (CSS / "code" / "map.js").read_text("utf-8"))
    assert plotly
    assert len(modules) > 5
    for path in [*named, *modules, plotly[1]]:
        with client.get(path) as answer:
            assert answer.status_code == 200, path


def test_the_draft_goes_to_the_map_only_where_files_may_be_opened(store: EventStore) -> None:
    pages = {on: server_of(store, uploads=on).test_client().get("/code").text for on in (True, False)}
    assert {on: 'id="on-map"' in page for on, page in pages.items()} == {True: True, False: False}


def test_plotly_is_there_for_who_opens_this_page_first(store: EventStore) -> None:
    fresh = server_of(store).test_client()
    assert fresh.get("/_dash-component-suites/plotly/package_data/plotly.min.js").status_code == 200


def test_the_map_loads_nothing_of_this_page(client: FlaskClient) -> None:
    assert "/assets/code/" not in client.get("/").text
    assert "Code a feed" in client.get("/_dash-layout").text


def test_what_the_page_needs_is_the_codebook_with_every_choice(client: FlaskClient, store: EventStore) -> None:
    needed = client.get("/api/code").json
    book = store.codebook
    assert [t["name"] for t in needed["codebook"]["types"]] == list(book.type_names)
    assert {s["name"] for t in needed["codebook"]["types"] for s in t["sub_types"]} == set(book.sub_type_names)
    assert {a["name"]: tuple(a["aliases"]) for a in needed["codebook"]["actors"]} == book.aliases
    assert set(needed["styles"]) == {"light", "dark"}
    assert set(needed["precisions"]) == {"1", "2", "3"}


def test_zero_kb_is_no_page(store: EventStore) -> None:
    client = server_of(store, code_kb=0).test_client()
    assert client.get("/api/code").status_code == 404
    assert "Code a feed" not in client.get("/_dash-layout").text


def test_the_map_alone_does_not_load_the_coder(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr(desk, "_the_coder", lambda *_: made.append(1) or OneWord())
    client = server_of(store).test_client()
    client.get("/")
    client.get("/api/summary")
    client.get("/api/code")
    assert made == []
    client.get("/code")
    client.get("/code")
    until(lambda: made == [1])


ONLY_THE_MAP = """
import sys
from dashboard.app import create_server
client = create_server().test_client()
for path in ("/", "/_dash-layout", "/api/summary"):
    assert client.get(path).status_code == 200
heavy = [name for name in sys.modules if name.startswith(("events.coder", "events.feed", "geodata.geocoder", "lxml"))]
print(heavy)
"""


def test_a_worker_that_serves_the_map_alone_has_no_module_of_the_coder(tmp_path: Path) -> None:
    plain = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "CONTACT_LINE_SOURCE"}}
    command = [sys.executable, "-W", "ignore", "-c", ONLY_THE_MAP]
    done = subprocess.run(command, capture_output=True, text=True, env=plain, check=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "[]"


def until(met: Any, seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        time.sleep(0.01)


# ── a text coded ────────────────────────────────────────────────────────────────────────────────────────────


def code(client: FlaskClient, text: str | bytes, query: str = "") -> Any:
    return client.post(f"/api/code?{query}", data=text, content_type="text/plain; charset=utf-8")


def test_a_text_comes_back_as_reports_and_proposals(client: FlaskClient) -> None:
    told = code(client, TEXT, "publisher=Test&published=2020-10-02").json
    (report,), (proposal,) = told["reports"], told["proposals"]
    assert (report["text"], report["day"], report["publisher"]) == (TEXT, "2020-10-02", "Test")
    assert (told["undated"], told["left_out"]) == (0, [{"text": "Menu", "reason": "navigation"}])
    assert proposal["event"]["event_date"] == "2020-10-02"
    assert (proposal["rule"], proposal["doubts"], proposal["report"]) == ("shelling.town", ["Nobody is named."], 0)


def test_marks_count_characters_as_a_browser_does(client: FlaskClient) -> None:
    (proposal,) = code(client, TEXT).json["proposals"]
    wide = TEXT.encode("utf-16-le")
    field, start, end = proposal["marks"][1]
    assert field == "place"
    assert wide[start * 2 : end * 2].decode("utf-16-le") == "Stepanakert"


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.data())
def test_a_span_holds_the_same_words_in_both_counts(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    ((_, a, b),) = to_utf16(text, [("place", start, end)])
    assert text.encode("utf-16-le")[a * 2 : b * 2].decode("utf-16-le") == text[start:end]


def test_a_report_without_a_day_is_counted_and_given_none(client: FlaskClient) -> None:
    told = code(client, TEXT).json
    assert told["undated"] == 1
    assert told["reports"][0]["day"] is None
    assert told["proposals"][0]["event"]["event_date"] is None


def test_a_file_is_handed_on_as_it_is(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(feeds, "read_feed", lambda source, **_: seen.append(source) or one_report(b""))
    raw = "Шуша".encode("cp1251")
    assert code(client, raw, "kind=file").status_code == 200
    assert code(client, raw, "kind=text").status_code == 200
    assert seen == [raw, "\ufffd" * 4]


@pytest.mark.parametrize(
    ("text", "query", "field"),
    [
        ("", "", "text"),
        ("  \n", "", "text"),
        (TEXT, "published=soon", "published"),
        (TEXT, "published=2020-02-30", "published"),
    ],
)
def test_what_cannot_be_coded_is_refused_in_the_one_shape(
    client: FlaskClient, text: str, query: str, field: str
) -> None:
    assert error_of(code(client, text, query))["field"] == field


def test_a_text_over_the_limit_is_refused(store: EventStore) -> None:
    client = server_of(store, code_kb=3).test_client()
    assert code(client, "x" * 3000).status_code == 200
    error = error_of(code(client, "x" * 3001), 413)
    assert (error["field"], "3 kB" in error["reason"]) == ("text", True)


def test_one_text_at_a_time(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    one = Desk(store.codebook, store.gazetteer)
    one.code(TEXT, None, "")
    monkeypatch.setattr(desk, "LONGEST_WAIT", 0.05)
    with one._at_work, pytest.raises(desk.BusyError):
        one.code(TEXT, None, "")
    assert one.code(TEXT, None, "")["proposals"]


def test_few_texts_wait_so_that_the_map_keeps_its_threads(store: EventStore) -> None:
    one = Desk(store.codebook, store.gazetteer)
    with one._at_work, ThreadPoolExecutor() as pool:
        waiting = [pool.submit(one.code, TEXT, None, "") for _ in range(1 + desk.MOST_WAITING)]
        until(lambda: one._places._value == 0)  # type: ignore[attr-defined]
        with pytest.raises(desk.BusyError):
            one.code(TEXT, None, "")
        one._at_work.release()
        assert all(w.result()["proposals"] for w in waiting)
        one._at_work.acquire()
    assert one.code(TEXT, None, "")["proposals"]


def test_the_notes_follow_the_codes(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    client = server_of(store).test_client()  # with the coder itself
    event = {"sub_event_type": "Armed clash", "actor1": "A", "actor2": "B", "place": "Hadrut", "claimant": "C"}
    told = send(client, "/api/note", {"events": [{"event": event}, {"event": {"notes": "x"}}]}).json["notes"]
    assert told == ["C says: A and B fought at Hadrut.", ""]
    assert send(client, "/api/note?inferred=yes", {"events": [{"event": event}]}).json["notes"][0].endswith("inferred.")
    assert error_of(send(client, "/api/note", {}))["field"] == "events"


# ── places, and what is held ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["Stepanakert", "Xankəndi", "Ստեփանակերտ", "Степанакерт"])
def test_a_place_is_found_by_any_name_and_fills_its_fields(client: FlaskClient, name: str) -> None:
    first = client.get("/api/places", query_string={"q": name}).json["places"][0]
    wanted = {name: EVENT[name] for name in ("place", "place_id", "latitude", "longitude", "geo_precision", "country")}
    assert {key: first[key] for key in wanted} == wanted
    assert first["remark"]


@pytest.mark.parametrize(("place", "precision"), [("Hadrut", 1), ("Tartar district", 2), ("Nagorno-Karabakh", 3)])
def test_how_exact_a_place_is_follows_its_kind(client: FlaskClient, place: str, precision: int) -> None:
    assert client.get("/api/places", query_string={"q": place}).json["places"][0]["geo_precision"] == precision


@pytest.mark.parametrize("text", ["", "   ", "%00", "\x00" * 50, "zzzzqqq", "x" * 5000])
def test_no_search_brings_the_server_down(client: FlaskClient, text: str) -> None:
    assert client.get("/api/places", query_string={"q": text}).json["places"] == []


def test_a_held_event_is_like_itself_and_says_so(client: FlaskClient, store: EventStore) -> None:
    held = next(r for r in store.rows(EventFilter(), limit=300) if r["event_type"] == "Battles")
    told = send(client, "/api/duplicates", {"events": [{"event": held}, row()]}).json["duplicates"]
    assert len(told) == 2
    first = told[0][0]
    assert (first["same_id"], first["same_content"], first["event"]["event_id"]) == (True, True, held["event_id"])
    other = send(client, "/api/duplicates", {"events": [{"event": held | {"notes": "x"}}]}).json["duplicates"][0][0]
    assert (other["same_id"], other["same_content"]) == (True, False)


@pytest.mark.parametrize("sent", [None, [], {}, {"events": []}, {"events": [1]}, {"events": [{"event": {"colour": 1}}]},
                                  {"events": [{"event": {"notes": ["a"]}}]}, {"events": [{"event": {"notes": True}}]},
                                  {"events": [row()] * (MOST_EVENTS + 1)}])  # fmt: skip
@pytest.mark.parametrize("path", ["/api/duplicates", "/api/events", "/api/draft.csv"])
def test_what_is_no_draft_is_refused_by_every_path(client: FlaskClient, path: str, sent: Any) -> None:
    assert error_of(send(client, path, sent))["field"].startswith("events")


KEYS = st.sampled_from([*NAMES, "event", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(JSON, st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6))
def test_no_draft_brings_the_reader_down(anything: Any, event: dict[str, Any]) -> None:
    row_of_it = {"event": event, "changed": anything, "ties": anything}
    for sent in (anything, {"events": anything}, {"events": [anything]}, {"events": [row_of_it]}):
        found, problem = read_draft(sent)
        assert bool(found) != bool(problem)
        if found:
            try:
                to_frame(found, "x", dt.datetime.now(dt.UTC))
            except ValueError as fault:
                assert fault.args[0].field.startswith("events[")  # noqa: PT017


# ── saving ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_saved_is_served_at_once_with_who_and_when(client: FlaskClient, store: EventStore) -> None:
    before = store.total()
    new = row(changed=["place", "notes"], event_date="1999-12-31", event_end="1999-12-31", claimant="Nobody Before")
    assert save(client, new).json == {"added": 1, "replaced": 0, "same": 0, "ids": [EVENT["event_id"]]}
    assert client.get("/healthz").json["events"] == before + 1
    summary = client.get("/api/summary", query_string={"claimant": "Nobody Before"}).json
    assert summary["matched"] == 1
    assert summary["timeline"][0]["date"] == "1999-12-31"
    kept = kept_of(store.event(EVENT["event_id"])["extra"])  # type: ignore[index]
    assert kept["coded_by"] == "A. Analyst"
    assert abs(dt.datetime.fromisoformat(kept["coded_at"]) - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    assert (kept["rule"], kept["changed"]) == ("shelling.town", "place, notes")


def test_the_slider_of_a_worker_that_did_not_save_knows_the_new_day(store: EventStore) -> None:
    one, other = (server_of(store).test_client() for _ in range(2))
    assert save(one, row(event_date="1999-12-31", event_end="1999-12-31", claimant="Nobody Before")).status_code == 200
    summary = other.get("/api/summary", query_string={"claimant": "Nobody Before"})
    assert summary.json["matched"] == 1
    assert "1999-12-31" in slots_of(other)


def slots_of(client: FlaskClient) -> str:
    """What the date slider is given when an address is opened."""
    dependencies = client.get("/_dash-dependencies").json
    one = next(
        d for d in dependencies if "asked.data" in d["output"] or d["inputs"] == [{"id": "asked", "property": "data"}]
    )
    outputs = [
        dict(zip(("id", "property"), part.rsplit(".", 1), strict=True))
        for part in one["output"].strip(".").split("...")
    ]
    asked = {
        "output": one["output"],
        "outputs": outputs,
        "inputs": [{"id": "asked", "property": "data", "value": {"search": "", "n": 1}}],
        "state": [{"id": "search", "property": "value", "value": ""}],
        "changedPropIds": ["asked.data"],
    }
    answer = client.post("/_dash-update-component", json=asked)
    assert answer.status_code == 200, answer.data
    return json.dumps(answer.json["response"]["scale"])


def test_saving_the_same_again_changes_nothing(client: FlaskClient, store: EventStore) -> None:
    save(client, row())
    first = store.event(EVENT["event_id"])
    assert save(client, row(), person="Another").json["same"] == 1
    assert store.event(EVENT["event_id"]) == first


def test_another_event_under_the_same_id_is_never_overwritten_unasked(client: FlaskClient, store: EventStore) -> None:
    held = store.rows(EventFilter(), limit=1)[0]
    clash = row(event_id=held["event_id"])
    fine = row(event_id="test-fine-1")
    error = error_of(save(client, fine, clash), 409)
    assert (error["field"], error["value"]) == ("events[1].event_id", held["event_id"])
    assert store.held([held["event_id"], "test-fine-1"]).keys() == {held["event_id"]}  # all or nothing
    assert store.event(held["event_id"])["notes"] == held["notes"]  # type: ignore[index]
    assert save(client, fine, clash | {"replaces": True}).json["replaced"] == 1
    assert store.event(held["event_id"])["notes"] == EVENT["notes"]  # type: ignore[index]


def test_what_replaces_an_event_keeps_what_its_format_told_of_it(client: FlaskClient, store: EventStore) -> None:
    told = {"format": "acled", "timestamp": "1700000000", "data_id": "7"}
    one = {name: "" if value is None else str(value) for name, value in EVENT.items()} | {"extra": json.dumps(told)}
    store.write(check(pd.DataFrame([one], dtype="str"), "test").accepted)
    assert save(client, row(notes="Better.", replaces=True)).json["replaced"] == 1
    event = store.event(EVENT["event_id"])
    assert event["notes"] == "Better."  # type: ignore[index]
    assert told.items() <= kept_of(event["extra"]).items()  # type: ignore[index]


def test_a_tied_event_comes_into_the_incident_and_one_that_has_its_own_does_not(
    client: FlaskClient, store: EventStore
) -> None:
    rows = store.rows(EventFilter(), limit=300)
    alone = next(r for r in rows if not r["incident_id"])
    tied = next(r for r in rows if r["incident_id"])
    new = row(incident_id="incident-1", ties=[alone["event_id"], tied["event_id"], "not there"])
    assert save(client, new).json == {"added": 1, "replaced": 0, "same": 0, "ids": [EVENT["event_id"]]}
    assert store.event(alone["event_id"])["incident_id"] == "incident-1"  # type: ignore[index]
    assert store.event(tied["event_id"])["incident_id"] == tied["incident_id"]  # type: ignore[index]
    assert [c["event_id"] for c in store.claims(store.event(EVENT["event_id"]))] == [alone["event_id"]]  # type: ignore[arg-type]
    assert kept_of(store.event(alone["event_id"])["extra"])["tied_by"] == "A. Analyst"  # type: ignore[index]


@pytest.mark.parametrize(
    ("field", "value"),
    [("event_date", ""), ("event_date", "soon"), ("event_type", "War"), ("sub_event_type", "Armed clash"),
     ("latitude", 99), ("longitude", None), ("fatalities", -1), ("fatalities", 1.5), ("notes", "x" * 20_001)],
)  # fmt: skip
def test_a_row_that_breaks_the_rules_is_named_and_nothing_is_written(
    client: FlaskClient, store: EventStore, field: str, value: Any
) -> None:
    before = store.version()
    error = error_of(save(client, row(), row(event_id="test-2", **{field: value})))
    assert error["field"] == f"events[1].{field}"
    assert store.version() == before


def test_a_name_is_needed(client: FlaskClient, store: EventStore) -> None:
    assert error_of(save(client, row(), person="  "))["field"] == "person"


def test_a_store_that_cannot_be_written_says_so_and_nothing_is_there(
    client: FlaskClient, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise sa.exc.OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(store, "write", broken)
    error = error_of(save(client, row()), 503)
    assert "disk full" in error["reason"]
    assert store.event(EVENT["event_id"]) is None


def test_markup_stays_text_on_its_way_in_and_out(client: FlaskClient, store: EventStore) -> None:
    notes, person = "<img src=x onerror=alert(1)>", '"timestamp": 99999999999 <b>'
    save(client, row(notes=notes), person=person)
    event = store.event(EVENT["event_id"])
    assert event["notes"] == notes  # type: ignore[index]
    assert history(event["extra"])["coded_by"] == person  # type: ignore[index]


# ── who may save ────────────────────────────────────────────────────────────────────────────────────────────

PASSWORD = "crossing-the-araz-1993"


@pytest.fixture
def deployed(store: EventStore) -> FlaskClient:
    return server_of(store, local=False, password=PASSWORD).test_client()


def sign_in(client: FlaskClient, password: str = PASSWORD, **headers: str) -> Any:
    return send(client, "/api/sign-in", {"password": password}, **headers)


def state_of(client: FlaskClient, **headers: str) -> str:
    return str(client.get("/api/code", headers=headers).json["saving"]["state"])


def test_a_local_run_may_save(client: FlaskClient) -> None:
    assert state_of(client) == "open"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "192.168.1.5:8050"},
        {"X-Forwarded-For": "10.0.0.1"},
        {"Forwarded": "for=10.0.0.1"},
        {"Via": "1.1 proxy"},
    ],
)
def test_a_request_by_another_name_or_by_way_of_a_proxy_is_not_local(
    client: FlaskClient, store: EventStore, headers: dict[str, str]
) -> None:
    assert state_of(client, **headers) == "none"
    assert error_of(save(client, row(), **headers), 403)["field"] == "right"
    assert store.event(EVENT["event_id"]) is None


def test_a_request_from_another_address_is_not_local(client: FlaskClient) -> None:
    sent, elsewhere = {"events": [row()], "person": "x"}, {"REMOTE_ADDR": "10.0.0.9"}
    answer = client.post("/api/events", json=sent, headers=OWN, environ_base=elsewhere)
    assert error_of(answer, 403)["field"] == "right"


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_a_store_that_is_read_only_is_so_for_everybody(store: EventStore, password: str) -> None:
    client = server_of(store, read_only="it is held in memory", local=not password, password=password).test_client()
    saving = client.get("/api/code").json["saving"]
    assert (saving["state"], saving["why"], saving["signed_in"]) == ("none", "it is held in memory", False)
    assert error_of(save(client, row()), 403)["field"] == "right"
    assert error_of(sign_in(client, password or "x"), 403)["field"] == "password"


def test_a_deployment_without_a_password_is_for_reading(store: EventStore) -> None:
    client = server_of(store, local=False).test_client()
    assert state_of(client) == "none"
    assert error_of(save(client, row()), 403)["field"] == "right"
    assert error_of(sign_in(client, ""), 403)["field"] == "password"


def test_the_password_opens_and_signing_out_closes(deployed: FlaskClient, store: EventStore) -> None:
    assert state_of(deployed) == "password"
    assert error_of(save(deployed, row()), 403)["field"] == "right"
    assert error_of(sign_in(deployed, "wrong"), 403)["field"] == "password"
    assert state_of(deployed) == "password"
    answer = sign_in(deployed)
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in (COOKIE, "HttpOnly", "SameSite=Strict", "Max-Age=43200"))
    assert "Secure" not in cookie
    assert state_of(deployed) == "open"
    assert save(deployed, row()).json["added"] == 1
    send(deployed, "/api/sign-out", {})
    assert state_of(deployed) == "password"
    assert error_of(save(deployed, row(notes="later")), 403)["field"] == "right"


def test_a_password_on_a_local_run_is_asked_for_too(store: EventStore) -> None:
    client = server_of(store, local=True, password=PASSWORD).test_client()
    assert state_of(client) == "password"


def test_the_cookie_goes_by_https_alone_where_the_page_does(store: EventStore) -> None:
    client = server_of(store, local=False, password=PASSWORD, https=True).test_client()
    answer = client.post("/api/sign-in", json={"password": PASSWORD}, headers=OWN, base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_another_worker_takes_the_cookie_and_another_password_does_not(store: EventStore) -> None:
    given_by = sign_in(server_of(store, local=False, password=PASSWORD).test_client())
    value = re.search(rf"{COOKIE}=([^;]+)", given_by.headers["Set-Cookie"])
    assert value
    for password, state in ((PASSWORD, "open"), ("changed since", "password")):
        client = server_of(store, local=False, password=password).test_client()
        client.set_cookie(COOKIE, value[1])
        assert state_of(client) == state


@pytest.mark.parametrize("forged", ["writer", "writer.x.y", "", "a" * 4000])
def test_a_forged_or_old_cookie_opens_nothing(
    deployed: FlaskClient, forged: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed.set_cookie(COOKIE, forged)
    assert state_of(deployed) == "password"
    signer = _signer(PASSWORD)
    monkeypatch.setattr(signer, "get_timestamp", lambda: int(time.time()) - 13 * 3600)
    old = signer.sign(b"writer").decode()
    monkeypatch.undo()
    deployed.set_cookie(COOKIE, old)
    assert state_of(deployed) == "password"


@pytest.mark.parametrize(
    "headers",
    [{"X-Contact-Line": ""}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
     {"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, {"Sec-Fetch-Site": "", "Origin": "null"}],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/api/events", "/api/sign-in", "/api/sign-out"])
def test_what_another_page_sends_changes_nothing(
    client: FlaskClient, store: EventStore, path: str, headers: dict[str, str]
) -> None:
    value = {"events": [row()], "person": "x", "password": PASSWORD}
    assert error_of(send(client, path, value, **headers), 403)["field"] == "request"
    assert store.event(EVENT["event_id"]) is None


def test_a_browser_that_tells_its_origin_alone_may_save(client: FlaskClient) -> None:
    assert save(client, row(), **{"Sec-Fetch-Site": "", "Origin": "http://localhost"}).json["added"] == 1


def test_wrong_passwords_make_an_address_wait(deployed: FlaskClient) -> None:
    for _ in range(Tries.MOST):
        error_of(sign_in(deployed, "wrong"), 403)
    assert "minutes" in error_of(sign_in(deployed), 429)["reason"]


def test_tries_are_counted_by_address_and_together_and_forgotten() -> None:
    now = [0.0]
    tries = Tries(lambda: now[0])
    for _ in range(Tries.MOST):
        assert tries.wait("a") == 0
        tries.wrong("a")
    assert tries.wait("a") == Tries.SECONDS
    assert tries.wait("b") == 0
    now[0] = Tries.SECONDS
    assert tries.wait("a") == 0
    for n in range(Tries.MOST_TOGETHER):
        tries.wrong(f"host {n}")
    assert tries.wait("somebody new") > 0
    for n in range(Tries.MOST_ADDRESSES * 2):
        tries.wrong(f"host {n}")
    assert len(tries._wrong) == Tries.MOST_ADDRESSES


OWN_HOSTS = ("localhost", "127.0.0.1", "::1", "127.8.8.8")
OTHER_HOSTS = ("0.0.0.0", "10.0.0.1", "localhost.evil.example", "")


@pytest.mark.parametrize("host", [*OWN_HOSTS, *OTHER_HOSTS])
def test_which_hosts_are_this_machine(host: str) -> None:
    assert is_loopback(host) is (host in OWN_HOSTS)


# ── what can be written ─────────────────────────────────────────────────────────────────────────────────────


def test_a_file_to_save_to_is_made_of_the_source_once_and_served_from_then_on(
    shipped: EventStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "mine.duckdb"
    first = cli._open(None, made, write=True)
    assert (first.store.total(), first.read_only, first.name) == (shipped.total(), "", "mine.duckdb")
    assert save(server_of(first.store).test_client(), row()).json["added"] == 1
    first.store.engine.dispose()
    again = cli._open(None, made, write=True)
    assert again.store.total() == shipped.total() + 1
    assert "will not be read again" in capsys.readouterr().err
    again.store.engine.dispose()


def test_a_table_that_cannot_be_read_leaves_no_file_behind(tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text("a,b\n1,2\n")
    with pytest.raises(SourceError):
        cli._open(str(broken), tmp_path / "mine.duckdb", write=True)
    assert not (tmp_path / "mine.duckdb").exists()


@pytest.mark.parametrize("target", ["mine.csv", "no/such/folder/mine.duckdb"])
def test_what_cannot_be_saved_to_is_refused(tmp_path: Path, target: str) -> None:
    with pytest.raises(SourceError):
        cli._open(None, tmp_path / target, write=True)


def test_a_database_is_saved_to_itself(tmp_path: Path, store: EventStore) -> None:
    for source in ("postgresql://localhost/x", str(tmp_path / "events.duckdb")):
        with pytest.raises(SourceError, match="saved to itself"):
            cli._open(source, tmp_path / "mine.duckdb", write=True)


HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


def test_a_file_that_another_program_holds_is_told_as_such(tmp_path: Path, store: EventStore) -> None:
    """DuckDB lets one program write, or several read: whoever comes second is told, and nothing breaks."""
    store.engine.dispose()
    path = tmp_path / "events.duckdb"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(SourceError, match=r"events\.duckdb"):
            open_source(str(path), write=True)
        other.communicate("")
    reader = open_source(str(path))
    assert reader.read_only
    reader.store.engine.dispose()
    writer = open_source(str(path), write=True)
    assert (writer.read_only, writer.store.total() > 0) == ("", True)
    writer.store.engine.dispose()


def test_a_file_that_may_not_be_written_is_served_for_reading(
    tmp_path: Path, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.engine.dispose()
    real = sources._open_database

    def reading(url: str, *, read_only: bool = False, writes: bool = False) -> EventStore:
        if not read_only:
            raise SourceError("it cannot be opened (permission denied)", url, "Check the address.")
        return real(url, read_only=True)

    monkeypatch.setattr(sources, "_open_database", reading)
    opened = open_source(str(tmp_path / "events.duckdb"), write=True)
    assert "may not be written" in opened.read_only
    assert opened.store.total() > 0
    opened.store.engine.dispose()


@pytest.mark.parametrize(
    ("workers", "password", "state"), [("1", PASSWORD, "password"), ("2", PASSWORD, "none"), ("1", "", "none")]
)
def test_a_deployment_writes_a_duckdb_file_by_one_worker_alone(
    tmp_path: Path, store: EventStore, monkeypatch: pytest.MonkeyPatch, workers: str, password: str, state: str
) -> None:
    store.engine.dispose()
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("CONTACT_LINE_SOURCE", str(tmp_path / "events.duckdb"))
    monkeypatch.setenv("CONTACT_LINE_PASSWORD", password)
    monkeypatch.setenv("WEB_CONCURRENCY", workers)
    client = create_server().test_client()
    saving = client.get("/api/code").json["saving"]
    assert saving["state"] == state
    assert ("2 workers" in saving["why"]) == (workers == "2")


# ── a draft as a file ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", WRITTEN)
def test_a_draft_is_taken_out_in_every_format_without_any_right(store: EventStore, tmp_path: Path, name: str) -> None:
    client = server_of(store, read_only="it is held in memory", local=False).test_client()
    answer = send(
        client, f"/api/draft.{name}", {"events": [row(verdict="rejected", changed=["place"])], "person": "Me"}
    )
    assert answer.status_code == 200
    assert answer.mimetype == FORMATS[name].media_type
    path = tmp_path / f"out{FORMATS[name].suffix}"
    path.write_bytes(answer.data)
    (event,) = read_file(path)[1].to_dict("records")
    assert event["event_date"] == "2020-10-02"
    assert event["place"] == "Stepanakert"
    if name in {"csv", "xlsx", "geojson", "parquet"}:  # the formats with a column for what is kept besides
        kept = kept_of(event["extra"])
        assert (kept["coded_by"], kept["rule"], kept["changed"], kept["verdict"]) == (
            "Me",
            "shelling.town",
            "place",
            "rejected",
        )


def test_who_and_when_are_kept_through_an_export_and_an_import(
    client: FlaskClient, tmp_path: Path, store: EventStore
) -> None:
    save(client, row())
    path = tmp_path / "all.csv"
    path.write_bytes(client.get("/api/events.csv").data)
    again = open_source(str(path)).store
    assert history(again.event(EVENT["event_id"])["extra"]) == history(store.event(EVENT["event_id"])["extra"])  # type: ignore[index]


def test_a_draft_can_be_opened_as_a_file_of_its_own(store: EventStore, tmp_path: Path) -> None:
    client = server_of(store, read_only="it is held in memory", upload_folder=str(tmp_path / "opened")).test_client()
    before = store.total()
    drafted = send(client, "/api/draft.csv", {"events": [row(verdict="open")], "person": ""}).data
    told = client.post("/api/open", data={"file": (io.BytesIO(drafted), "coded-events.csv")}).json
    assert (told["report"]["accepted"], told["report"]["rejected"]) == (1, 0)
    assert client.get("/api/summary" + told["address"].removeprefix("/")).json["total"] == 1
    assert store.total() == before


def test_a_format_that_there_is_not(client: FlaskClient) -> None:
    assert error_of(send(client, "/api/draft.doc", {"events": [row()]}), 404)["field"] == "format"


def test_an_event_tells_who_had_the_last_word() -> None:
    kept = {"coded_by": "A. Analyst", "coded_at": "2026-11-21T06:05:00Z", "rule": "shelling.town", "changed": "place"}
    assert words.coded(history(json.dumps(kept))) == (
        "A. Analyst · 21 Nov 2026, 06:05 GMT; proposed by the rule shelling.town; changed: place"
    )
    assert words.coded(history(json.dumps(kept | {"rule": "by hand"}))).endswith("; added by hand")
    assert words.coded(history(json.dumps({"format": "acled", "timestamp": "1"}))) == ""
    for broken in ("", None, "[1]", "{", json.dumps({"coded_at": "2026-99-99T99:99Z", "coded_by": 7})):
        assert isinstance(words.coded(history(broken)), str)


def test_the_frame_of_a_draft_is_typed() -> None:
    event = {name: str(value) for name, value in EVENT.items() if value is not None}
    frame = to_frame([Drafted(event, "r", (), "accepted", False, ())], "x", dt.datetime.now(dt.UTC))
    assert (frame["fatalities"][0], frame["latitude"][0]) == (2, 39.8177)
    assert io.StringIO(frame["extra"][0]).read().startswith("{")


# ── colours ─────────────────────────────────────────────────────────────────────────────────────────────────


def colours_of(theme: str) -> dict[str, str]:
    """The variables of a theme, by page.css and code.css."""
    found: dict[str, str] = {}
    for path in (CSS / "page.css", CSS / "code" / "code.css"):
        for selector, rules in re.findall(r"(:root[^{]*)\{([^}]*)\}", path.read_text("utf-8")):
            if "dark" not in selector or theme == "dark":
                found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", rules))
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_on_every_mark_and_each_line_seen(theme: str) -> None:
    colours = colours_of(theme)
    marks = {name: colour for name, colour in colours.items() if name.startswith("m-")}
    assert len(marks) == 6
    for name, colour in marks.items():
        assert contrast(colours["ink"], colour) >= 7, name
        assert contrast(colours["l-" + name[2:]], colours["surface"]) >= 4.5, name
    assert contrast(colours["bad"], colours["surface"]) >= 4.5
    assert contrast(colours["warn"], colours["warn-soft"]) >= 4.5


def test_every_field_of_evidence_has_a_line_of_its_own_style() -> None:
    css = (CSS / "code" / "code.css").read_text("utf-8")
    styles = re.findall(r"\.m-(\w+) \{[^}]*border-bottom: ([^;]+?) var", css)
    assert len({style for _, style in styles}) == len(styles) - 1  # numbers and actors share one, their labels differ
