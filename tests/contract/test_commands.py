"""The command line on every engine: import, export, upgrade; what is wrong is one line without a password."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from events import migrations
from events.filters import EventFilter
from events.schema import NAMES
from tests.events.samples import as_text, checked, random_rows

ROWS = random_rows(81, 300)


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})


def said(*words):
    """What a command that goes well says on standard error."""
    done = run(*words)
    assert done.exit_code == 0, done.output
    return done.stderr.splitlines()


def refused(*words):
    done = run(*words)
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.output
    return done.stderr.strip().removeprefix("contact-line: ")


def put(folder, rows, name="table.csv"):
    path = folder / name
    as_text(rows).to_csv(path, index=False)
    return path


def test_a_table_goes_in_and_comes_out_as_it_was(databases, tmp_path):
    table, target = put(tmp_path, ROWS), databases.address()
    assert said("import", table, "--to", target) == ["table.csv (CSV): 300 added"]
    assert said("import", table, "--to", target) == ["table.csv (CSV): 0 added, 300 there already"]
    out = tmp_path / "out.csv"
    said("export", target, "-o", out, "--type", "Battles")
    right = checked([row for row in ROWS if row["event_type"] == "Battles"])
    assert sorted(pd.read_csv(out)["event_id"]) == sorted(right["event_id"])
    exported = run("export", target).stdout
    assert exported == run("export", table).stdout
    assert len(exported.splitlines()) > 300


def test_a_refused_file_leaves_the_store_as_it_was(databases, tmp_path):
    target = databases.address()
    said("import", put(tmp_path, ROWS[:50]), "--to", target)
    bad = put(tmp_path, [*ROWS, ROWS[0] | {"event_id": "x", "event_type": "War"}], "bad.csv")
    assert "row 301: event_type 'War' is not a type" in refused("import", bad, "--to", target, "--strict")
    assert databases.reading(target).count(EventFilter()) == 50


def test_what_the_engine_refuses_is_one_line_and_nothing_is_there(databases, tmp_path, monkeypatch):
    target = databases.address()
    said("import", put(tmp_path, ROWS[:50]), "--to", target)
    real = "events.engines.landing.names_of"
    monkeypatch.setattr(real.replace("landing", "postgresql"), lambda _: ["no_such_column"])
    monkeypatch.setattr("events.engines.clickhouse.INCOMING", "no such table, ")
    monkeypatch.setattr("events.engines.duckdb.pq.write_table", lambda *_, **__: None)
    line = refused("import", put(tmp_path, ROWS), "--to", target)
    assert "table.csv cannot be written to it" in line
    assert line.endswith("Nothing of it is there.")
    assert databases.reading(target).count(EventFilter()) == 50


def test_an_upgrade_makes_the_tables_and_leaves_what_is_there(databases, tmp_path):
    target = databases.address()
    assert said("upgrade", target) == [f"The tables are of version {migrations.HEAD}."]
    said("import", put(tmp_path, ROWS[:50]), "--to", target)
    assert said("upgrade", target) == [f"The tables are of version {migrations.HEAD}."]
    assert databases.reading(target).frame(EventFilter()).columns.tolist() == list(NAMES)


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("postgres://me:secret@127.0.0.1:1/none", "it cannot be opened (connection failed"),
        ("postgresql+psycopg://me:secret@127.0.0.1:1/none", "it cannot be opened (connection failed"),
        ("clickhousedb://me:secret@127.0.0.1:1/none", "it cannot be opened ("),
        ("clickhouse://me:secret@127.0.0.1:1/none", "it cannot be opened ("),
        ("mysql://me:secret@127.0.0.1:1/none", "events are kept in DuckDB, PostgreSQL or ClickHouse"),
        ("postgresql://me:secret@127.0.0.1:port/none", "it cannot be opened ("),
    ],
)
def test_a_database_that_cannot_be_reached_is_one_line_without_its_password(tmp_path, address, what):
    for words in (("export", address), ("upgrade", address), ("import", put(tmp_path, ROWS[:9]), "--to", address)):
        line = refused(*words)
        assert what in line
        assert "secret" not in line
