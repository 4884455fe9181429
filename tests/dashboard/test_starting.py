"""A server whose events are not there yet says so, and then is the server it was to be."""

import threading
import time

import pandas as pd
import pytest
from werkzeug.test import Client

from dashboard import app, starting
from dashboard.app import create_app, create_server
from dashboard.settings import Settings
from dashboard.starting import Starting
from events import indexed
from events.errors import SourceError
from events.formats import WRITTEN
from events.store import EventStore
from tests.bench.made import make_events
from tests.events.samples import checked, random_rows


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(starting, "PATIENCE", 0.01)


def test_it_says_what_is_being_done_until_it_is_done():
    stand_in = Starting(10_000_000)
    client = Client(stand_in)
    page = client.get("/")
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "2"
    assert "An index of 10,000,000 events is being made" in page.text
    assert 'http-equiv="refresh"' in page.text
    health = client.get("/healthz")
    assert (health.status_code, health.json["status"]) == (503, "starting")
    store = EventStore.in_memory(checked(random_rows(7, 5)))
    stand_in.become(lambda: create_app(store).server)
    assert client.get("/").status_code == 200
    assert client.get("/healthz").json == {"status": "ok", "events": 5}


def test_what_is_there_in_a_moment_is_waited_for(monkeypatch):
    monkeypatch.setattr(starting, "PATIENCE", 60)
    server = create_app(EventStore.in_memory(checked(random_rows(7, 5)))).server
    stand_in = Starting(0)
    later = threading.Timer(0.2, stand_in.become, [lambda: server])
    later.start()
    assert Client(stand_in).get("/healthz").status_code == 200
    later.join()


def test_what_goes_wrong_is_raised_and_told_as_text():
    stand_in = Starting(3)

    def make():
        raise SourceError("<b>torn</b>", "the file", "Mend it.")

    with pytest.raises(SourceError):
        stand_in.become(make)
    page = Client(stand_in).get("/")
    assert page.status_code == 500
    assert "<b>" not in page.text
    assert "&lt;b&gt;torn" in page.text
    assert Client(stand_in).get("/api/summary").json["status"] == "failed"


def test_a_part_is_shown_until_all_is_there():
    few, all_of_them = (EventStore.in_memory(checked(random_rows(7, n))) for n in (3, 9))
    stand_in, let_go = Starting(9), threading.Event()
    stand_in.show(create_app(few, part_of=9).server, let_go.set)
    client = Client(stand_in)
    assert client.get("/").status_code == 200
    assert client.get("/healthz").json == {"status": "starting", "events": 3, "of": 9}
    summary = client.get("/api/summary").json
    assert (summary["total"], summary["part_of"]) == (3, 9)
    assert not let_go.is_set()
    stand_in.become(lambda: create_app(all_of_them).server)
    assert let_go.is_set()
    assert client.get("/healthz").json == {"status": "ok", "events": 9}
    assert "part_of" not in client.get("/api/summary").json


def test_what_would_be_taken_for_all_waits_until_all_is_there():
    client = create_app(EventStore.in_memory(checked(random_rows(7, 3))), part_of=9).server.test_client()
    asked = [client.get(f"/api/events.{name}") for name in WRITTEN]
    asked += [client.get(path) for path in ("/api/citation", "/api/events.csv?cite=1&type=Battles", "/api/code")]
    asked += [client.post(path) for path in ("/api/events", "/api/code", "/api/duplicates", "/api/draft.csv")]
    for answer in asked:
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert set(answer.json["error"]) == {"field", "value", "reason"}
        assert "3 of 9" in answer.json["error"]["reason"]
    page = client.get("/code")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "2")
    assert "Coding needs all of the events" in page.text
    assert client.get("/api/events.csv?type=Nonsense").status_code == 400


def test_names_that_a_part_lacks_may_still_come():
    store = EventStore.in_memory(checked(random_rows(7, 3)))
    query = {"actor": "Nobody known", "claimant": "Somebody", "place": "Nowhere"}
    answer = create_app(store, part_of=9).server.test_client().get("/api/summary", query_string=query)
    assert (answer.status_code, answer.json["matched"]) == (200, 0)
    assert create_app(store).server.test_client().get("/api/summary", query_string=query).status_code == 400


def test_a_part_is_kept_for_who_is_still_asking_it():
    asked, answer, let_go = (threading.Event() for _ in range(3))

    def slow(_, start_response):
        asked.set()
        assert answer.wait(60)
        start_response("200 OK", [])
        return [b"of the part, open" if not let_go.is_set() else b"too late"]

    def whole(_, start_response):
        start_response("200 OK", [])
        return [b"of all"]

    stand_in, told = Starting(9), []
    stand_in.show(slow, let_go.set)
    asking = threading.Thread(target=lambda: told.append(Client(stand_in).get("/").text))
    asking.start()
    assert asked.wait(60)
    becoming = threading.Thread(target=stand_in.become, args=[lambda: whole])
    becoming.start()
    becoming.join(0.2)
    assert becoming.is_alive()
    assert Client(stand_in).get("/").text == "of all"
    answer.set()
    for thread in (asking, becoming):
        thread.join(60)
    assert told == ["of the part, open"]
    assert let_go.is_set()


def _held_back(monkeypatch):
    """The index of a whole file is made once this is set."""
    go_on = threading.Event()
    make = indexed._make
    monkeypatch.setattr(indexed, "_make", lambda *given: go_on.wait(60) and make(*given))
    return go_on


@pytest.mark.parametrize("columns", [{}, {"evidence": " of another kind"}])
def test_a_deployment_shows_the_last_rows_where_it_can(monkeypatch, tmp_path, columns):
    monkeypatch.setattr(indexed, "LARGE", 100)
    monkeypatch.setattr(indexed, "MOST_AT_ONCE", 100)
    monkeypatch.setattr(indexed, "PART", 200)
    monkeypatch.setattr(starting, "PATIENCE", 20)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made = tmp_path / "events.parquet"
    make_events(made, 500)
    pd.read_parquet(made).assign(**columns).to_parquet(made, index=False)
    monkeypatch.setenv("CONTACT_LINE_SOURCE", str(made))
    go_on = _held_back(monkeypatch)
    client = create_server().test_client()
    if columns:  # nothing of the file is in order
        monkeypatch.setattr(starting, "PATIENCE", 1)
        assert client.get("/healthz").status_code == 503
    else:
        assert client.get("/healthz").json == {"status": "starting", "events": 200, "of": 500}
        days = [day["date"] for day in client.get("/api/summary").json["timeline"]]
        assert days[-1] == pd.read_parquet(made)["event_date"].max().isoformat()
    monkeypatch.setattr(starting, "PATIENCE", 60)
    go_on.set()
    deadline = time.monotonic() + 60
    while client.get("/healthz").json["status"] != "ok" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert client.get("/healthz").json == {"status": "ok", "events": 500}


def test_a_fault_in_showing_a_part_holds_nothing_up(monkeypatch, caplog):
    def fail(_):
        raise ZeroDivisionError

    monkeypatch.setattr(app, "open_part", fail)
    assert app.show_part(Starting(9), 9, "events.parquet", Settings()) == 0
    assert "No part of events.parquet can be shown" in caplog.text


def test_a_deployment_answers_while_the_index_is_made(monkeypatch, tmp_path):
    monkeypatch.setattr(indexed, "LARGE", 100)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made = tmp_path / "events.parquet"
    make_events(made, 500)
    monkeypatch.setenv("CONTACT_LINE_SOURCE", str(made))
    go_on = _held_back(monkeypatch)
    client = create_server().test_client()
    assert client.get("/healthz").status_code == 503
    go_on.set()
    monkeypatch.setattr(starting, "PATIENCE", 60)
    assert client.get("/healthz").json == {"status": "ok", "events": 500}
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(indexed, "LARGE", 100)
    assert indexed.rows_to_index(made) == 0
