"""Files opened in the browser: kept apart, by links nobody can guess, bounded in size and time."""

import os
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.app import create_app
from dashboard.settings import Settings
from events.store import EventStore

TABLE = (
    "event_date,event_type,place,latitude,longitude,notes\n"
    "2020-10-02,Battles,Hadrut,39.5,47.0,=1+1\n"
    "2020-10-05,Riots,Nowhere,999,47,bad\n"
)


def client_of(store: EventStore, folder: Path, **settings: object) -> FlaskClient:
    chosen = Settings(upload_folder=str(folder), **settings)  # type: ignore[arg-type]
    return create_app(store, chosen, "the shipped events").server.test_client()


def send(client: FlaskClient, content: bytes | str, name: str = "mine.csv"):  # type: ignore[no-untyped-def]
    data = content.encode() if isinstance(content, str) else content
    # Built by hand: werkzeug's test client leaves the temporary file of a large form open.
    head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    return client.post(
        "/api/open", data=head + data + b"\r\n--edge--\r\n", content_type="multipart/form-data; boundary=edge"
    )


@pytest.fixture
def client(shipped: EventStore, tmp_path: Path) -> FlaskClient:
    return client_of(shipped, tmp_path)


def test_the_report_comes_with_a_link_of_its_own(client: FlaskClient) -> None:
    told = send(client, TABLE).json
    report = told["report"]
    assert (report["name"], report["rows"], report["accepted"], report["rejected"]) == ("mine.csv", 2, 1, 1)
    assert report["reasons"][0]["row"] == "2"
    assert told["address"].startswith("/?data=")
    assert told["address"] != send(client, TABLE).json["address"]


def test_an_opened_file_is_never_mixed_with_the_served_events(client: FlaskClient, shipped: EventStore) -> None:
    query = send(client, TABLE).json["address"].removeprefix("/")
    assert client.get(f"/api/summary{query}").json["total"] == 1
    assert client.get("/api/summary").json["total"] == shipped.total()


def test_another_worker_finds_the_file(shipped: EventStore, tmp_path: Path) -> None:
    query = send(client_of(shipped, tmp_path), TABLE).json["address"].removeprefix("/")
    assert client_of(shipped, tmp_path).get(f"/api/summary{query}").json["total"] == 1


def test_what_has_had_its_time_is_gone(shipped: EventStore, tmp_path: Path) -> None:
    client = client_of(shipped, tmp_path, upload_hours=1)
    query = send(client, TABLE).json["address"].removeprefix("/")
    kept = next(tmp_path.glob("*.duckdb"))
    os.utime(kept, (time.time() - 3700,) * 2)
    answer = client.get(f"/api/summary{query}")
    assert (answer.status_code, answer.json["error"]["field"]) == (400, "data")
    send(client, TABLE)
    assert not kept.exists()


@pytest.mark.parametrize("token", ["A" * 24, "../../etc/passwd", "a", "%00"])
def test_a_link_that_was_never_given_is_refused(client: FlaskClient, token: str) -> None:
    answer = client.get(f"/api/events.csv?data={token}")
    assert (answer.status_code, answer.json["error"]["field"]) == (400, "data")


def test_a_file_that_is_no_table_says_why_in_the_one_shape(client: FlaskClient, tmp_path: Path) -> None:
    answer = send(client, b"\x89PNG\r\n\x1a\n\x00\x00", "../../picture.csv")
    assert answer.status_code == 400
    assert set(answer.json["error"]) == {"field", "value", "reason"}
    assert answer.json["error"]["value"] == "picture.csv"
    assert not list(tmp_path.iterdir())


def test_a_file_over_the_limit_is_refused(shipped: EventStore, tmp_path: Path) -> None:
    client = client_of(shipped, tmp_path, upload_mb=1)
    answer = send(client, TABLE + "x" * 2**20)
    assert answer.status_code == 413
    assert set(answer.json["error"]) == {"field", "value", "reason"}


def test_no_usable_row_gives_no_link(client: FlaskClient) -> None:
    told = send(client, "event_date,event_type\nlater,Riots\n").json
    assert (told["address"], told["report"]["rejected"]) == ("", 1)


def test_off_by_a_setting(shipped: EventStore, tmp_path: Path) -> None:
    client = client_of(shipped, tmp_path, uploads=False)
    assert send(client, TABLE).status_code == 404
    assert b"Open a file" not in client.get("/_dash-layout").data
