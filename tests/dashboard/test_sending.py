"""What is sent is compressed; the page's libraries once, and the largest of them with the mark to read it in one go."""

import gzip
import importlib.resources
import re

import brotli
import pytest
from flask.testing import FlaskClient
from flask_compress import flask_compress

from dashboard.app import create_app
from dashboard.sending import PLOTLY, POLYFILL, Kept, drawn_alone, get_ready
from dashboard.settings import Settings
from events.store import EventStore

READ = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}


@pytest.fixture
def client(shipped: EventStore) -> FlaskClient:
    return create_app(shipped).server.test_client()


@pytest.fixture
def compressed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of all that is compressed from now on."""
    lengths: list[int] = []
    plain = flask_compress._compress_data

    def counted(app: object, data: bytes, algorithm: str) -> bytes:
        lengths.append(len(data))
        return plain(app, data, algorithm)  # type: ignore[arg-type]

    monkeypatch.setattr(flask_compress, "_compress_data", counted)
    return lengths


def body(client: FlaskClient, path: str, encoding: str = "br") -> bytes:
    answer = client.get(path, headers={"Accept-Encoding": encoding})
    assert answer.headers.get("Content-Encoding", "identity") == encoding
    return READ[encoding](answer.data)


@pytest.mark.parametrize("encoding", READ)
def test_the_library_is_the_same_however_it_is_sent(client: FlaskClient, encoding: str) -> None:
    first, again = (body(client, PLOTLY, encoding) for _ in range(2))
    assert first == again
    assert first.startswith(b"//# allFunctionsCalledOnLoad\n/**\n* plotly.js v")
    assert first.count(b"allFunctionsCalledOnLoad") == 1


def test_a_library_is_compressed_once_and_an_answer_each_time(client: FlaskClient, compressed: list[int]) -> None:
    for _ in range(3):
        body(client, PLOTLY)
    assert len(compressed) == 1
    for _ in range(3):
        body(client, "/api/summary")
    assert len(compressed) == 4


def test_whoever_has_it_already_is_told_so(client: FlaskClient) -> None:
    tag = client.get(PLOTLY, headers={"Accept-Encoding": "br"}).headers["ETag"]
    again = client.get(PLOTLY, headers={"Accept-Encoding": "br", "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("https", [False, True])
def test_it_is_ready_before_anybody_asks(shipped: EventStore, compressed: list[int], *, https: bool) -> None:
    server = create_app(shipped, Settings(https=https)).server
    get_ready(server).join()
    assert len(compressed) == 1
    with server.test_client().get(PLOTLY, base_url="https://localhost", headers={"Accept-Encoding": "br"}) as answer:
        assert answer.headers["Content-Encoding"] == "br"
    assert len(compressed) == 1


def test_it_is_there_to_be_read_alone(client: FlaskClient) -> None:
    assert client.post(PLOTLY).status_code == 405
    assert client.head(PLOTLY).status_code == 200


def test_whoever_comes_first_finds_the_server_set_up(client: FlaskClient, shipped: EventStore) -> None:
    scripts = re.findall(r'<script src="(/_dash-component-suites/[^"]+)"', client.get("/").text)
    assert len(scripts) > 5
    server = create_app(shipped).server
    get_ready(server)
    for script in scripts:  # before the page itself was asked for
        with server.test_client().get(script) as answer:
            assert answer.status_code == 200, script


def test_what_is_kept_is_bounded() -> None:
    kept = Kept()
    for n in range(1000):
        kept.set(f"br;/_dash-component-suites/{n}", b"x")
    assert kept.get("br;/_dash-component-suites/0") is None
    assert kept.get("br;/_dash-component-suites/999") == b"x"
    kept.set("br;/api/summary", b"x")
    assert kept.get("br;/api/summary") is None


def test_the_charts_that_the_page_draws_are_sent_in_place_of_all() -> None:
    whole = importlib.resources.files("plotly").joinpath("package_data/plotly.min.js").read_bytes()
    part = drawn_alone(whole)
    assert len(part) < 0.7 * len(whole), "made from another version of plotly.js than the installed: make plotly"


def test_of_the_polyfill_goes_the_part_that_is_called(client: FlaskClient) -> None:
    """When this fails Dash loads another one, or none: see whether the page still runs without."""
    asked = [src for src in re.findall(r'<script src="([^"]+)"', client.get("/").text) if src.startswith(POLYFILL)]
    assert len(asked) == 1
    sent = body(client, asked[0])
    assert b"regeneratorRuntime" in sent
    assert len(sent) < 10_000


def test_another_version_of_the_library_is_sent_whole() -> None:
    whole = b"/**\n* plotly.js v99.0.0\n*/ var Plotly"
    assert drawn_alone(whole) == whole
    assert drawn_alone(b"var Plotly") == b"var Plotly"
