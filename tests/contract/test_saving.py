"""What /code saves, on every engine: served at once by whichever worker is asked, all or nothing."""

import json

import pytest

from dashboard.app import create_app
from events.sources import open_source
from tests.contract.brute import TABLES
from tests.contract.engines import KINDS
from tests.events.samples import checked

OWN = {"X-Contact-Line": "code", "Sec-Fetch-Site": "same-origin"}
NEW = {
    "event_id": "new-1", "event_date": "1999-12-31", "event_type": "Battles", "claimant": "Nobody Before",
    "place": "Hadrut", "latitude": 39.5167, "longitude": 47.0333, "geo_precision": 1,
}  # fmt: skip


@pytest.fixture
def workers(databases, kind):
    """Two workers over one database; of a DuckDB file, which one process writes, one."""
    address = databases.address()
    store = databases.opened(address)
    store.write(checked(TABLES[5]))
    if kind == "duckdb":
        store.engine.dispose()
    opened = [open_source(address, write=True) for _ in range(1 if kind == "duckdb" else 2)]
    assert [o.read_only for o in opened] == [""] * len(opened)
    clients = [
        create_app(o.store, source_name=o.name, read_only=o.read_only, local=True).server.test_client() for o in opened
    ]
    yield clients[0], clients[-1], opened[-1].store
    for one in opened:
        one.store.engine.dispose()


def save(client, *rows, person="A. Analyst"):
    return client.post("/api/events", json={"events": list(rows), "person": person}, headers=OWN)


def row(replaces=False, ties=(), **fields):
    return {"event": NEW | fields, "rule": "clash", "changed": ["place"], "replaces": replaces, "ties": list(ties)}


def test_what_one_worker_saves_another_serves_at_once(workers):
    one, other, store = workers
    assert other.get("/api/summary", query_string={"claimant": "Nobody Before"}).status_code == 400  # not known yet
    assert save(one, row()).json == {"added": 1, "replaced": 0, "same": 0, "ids": ["new-1"]}
    told = other.get("/api/summary", query_string={"claimant": "Nobody Before"}).json
    assert (told["matched"], told["total"]) == (1, len(TABLES[5]) + 1)
    kept = json.loads(store.event("new-1")["extra"])
    assert (kept["coded_by"], kept["rule"], kept["changed"]) == ("A. Analyst", "clash", "place")


def test_replacing_and_tying_are_of_one_piece(workers):
    one, other, store = workers
    assert save(one, row()).json["added"] == 1
    assert save(other, row(notes="later"), row(event_id="new-2")).status_code == 409
    assert store.held(["new-2"]) == {}
    alone = next(r["event_id"] for r in TABLES[5] if not r["incident_id"])
    done = save(other, row(notes="later", replaces=True, incident_id="i", ties=[alone]), row(event_id="new-2")).json
    assert (done["added"], done["replaced"], done["same"]) == (1, 1, 0)
    assert (store.event("new-1")["notes"], store.event(alone)["incident_id"]) == ("later", "i")
    assert store.total() == len(TABLES[5]) + 2
    assert save(one, row(event_id="new-2")).json["same"] == 1


@pytest.mark.parametrize("kind", KINDS[1:], indirect=True, scope="session")
def test_a_page_that_was_not_opened_for_writing_writes_nothing(databases):
    address = databases.address()
    databases.opened(address).write(checked([]))
    opened = open_source(address)
    client = create_app(opened.store, read_only=opened.read_only, local=True).server.test_client()
    assert save(client, row()).status_code == 403
    assert opened.store.total() == 0
    opened.store.engine.dispose()
