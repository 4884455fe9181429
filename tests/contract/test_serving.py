"""The page over every engine: it answers the same, and sees what others import."""

import pytest

from tests.contract.brute import TABLES
from tests.contract.engines import KINDS
from tests.events.samples import checked


def test_the_page_answers_the_same_on_every_engine(databases, kind, client_of, tmp_path):
    address = databases.address()
    store = databases.opened(address)
    store.write(checked(TABLES[11]))
    if kind == "duckdb":
        store.engine.dispose()
    client = client_of(address)
    assert client.get("/healthz").json == {"status": "ok", "events": len(TABLES[11])}
    table = tmp_path / "table.csv"
    table.write_text(client.get("/api/events.csv").text, "utf-8")
    plain = client_of(str(table))
    for query in (
        "",
        "type=Battles",
        "q=shell&precision=1",
        "bbox=40,35,50,45&zoom=9",
        "from=2020-10-02&to=2020-10-09",
    ):
        assert client.get(f"/api/summary?{query}").json == plain.get(f"/api/summary?{query}").json


@pytest.mark.parametrize("kind", KINDS[1:], indirect=True, scope="session")  # a DuckDB file is one program's to write
def test_a_page_over_a_new_database_begins_without_events_and_sees_the_first(databases, client_of):
    address = databases.address()
    client = client_of(address, fresh=True)
    assert client.get("/healthz").json["events"] == 0
    databases.opened(address).write(checked(TABLES[5]))
    summary = client.get("/api/summary").json
    assert (summary["total"], summary["matched"]) == (len(TABLES[5]),) * 2
    known = next(row["actor1"] for row in TABLES[5] if row["actor1"])
    assert client.get("/api/summary", query_string={"actor": known}).status_code == 200
