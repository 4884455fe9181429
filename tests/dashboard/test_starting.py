"""A server whose events are not there yet says so, and then is the server it was to be."""

import threading

import pytest
from werkzeug.test import Client

from dashboard import starting
from dashboard.app import create_app, create_server
from dashboard.starting import Starting
from events import indexed
from events.errors import SourceError
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


def test_a_deployment_answers_while_the_index_is_made(monkeypatch, tmp_path):
    monkeypatch.setattr(indexed, "LARGE", 100)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    made = tmp_path / "events.parquet"
    make_events(made, 500)
    monkeypatch.setenv("CONTACT_LINE_SOURCE", str(made))
    go_on = threading.Event()
    make = indexed._make
    monkeypatch.setattr(indexed, "_make", lambda *given: go_on.wait(60) and make(*given))
    client = create_server().test_client()
    assert client.get("/healthz").status_code == 503
    go_on.set()
    monkeypatch.setattr(starting, "PATIENCE", 60)
    assert client.get("/healthz").json == {"status": "ok", "events": 500}
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(indexed, "LARGE", 100)
    assert indexed.rows_to_index(made) == 0
