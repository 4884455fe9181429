"""The versions of the tables: made, upgraded, told plainly when they are another program's."""

import pandas as pd
import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from events import migrations
from events.cubes import CUBES
from events.engines import clickhouse
from events.errors import SourceError
from events.filters import EventFilter
from events.sources import open_source, open_target
from events.store import EventStore
from events.tables import event_actors, events, keeping, metadata, prepare
from tests.contract.brute import TABLES
from tests.events.samples import checked

KIND_OF = {
    "duckdb": {"BIGINT": "big", "VARCHAR": "text", "DATE": "day", "INTEGER": "whole", "DOUBLE": "decimal"},
    "postgresql": {
        "bigint": "big", "text": "text", "date": "day", "integer": "whole", "double precision": "decimal",
    },
    "clickhousedb": {"Int64": "big", "String": "text", "Date32": "day", "Int32": "whole", "Float64": "decimal"},
}  # fmt: skip
SQL_KINDS = {sa.BigInteger: "big", sa.Integer: "whole", sa.String: "text", sa.Date: "day", sa.Double: "decimal"}
NUMBERS = {"kind_id", "mark_id", "spot_id", "claimant_id", "side_id"}
NEVER = "9999"


def run(store, statement):
    """A statement as another program would run it."""
    engine = sa.create_engine(store.engine.url) if store.engine.dialect.name == "postgresql" else store.engine
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    if engine is not store.engine:
        engine.dispose()


def columns(connection, table):
    """The columns of a table in the database, by name, with the kind of each."""
    engine = connection.engine.dialect.name
    schema = {"duckdb": "'main'", "postgresql": "'public'", "clickhousedb": "currentDatabase()"}[engine]
    query = (
        "SELECT column_name, data_type FROM information_schema.columns"
        f" WHERE table_schema = {schema} AND table_name = '{table}'"
    )
    found = connection.exec_driver_sql(query).all()
    plain = {name: kind.replace("Nullable(", "").replace("LowCardinality(", "").rstrip(")") for name, kind in found}
    return {name: KIND_OF[engine].get(kind, kind) for name, kind in plain.items()}


def declared(table):
    return {c.name: next(kind for of, kind in SQL_KINDS.items() if isinstance(c.type, of)) for c in table.columns}


def by_migrations(databases, kind):
    """A database whose tables were all made by the versions."""
    store = databases.opened(databases.address())
    if kind == "duckdb":  # a new file is made at once from tables.py: begin at the first version
        with store.engine.begin() as connection:
            migrations._run(connection, stamp=None)
    else:
        store.write(checked([]))
    return store


def test_the_versions_make_the_tables_that_the_queries_name(databases, kind):
    store = by_migrations(databases, kind)
    extra = {"actors": "Array(String"} if kind == "clickhouse" else {}
    with store.engine.connect() as connection:
        assert migrations.version_of(connection) == migrations.HEAD
        for table in metadata.sorted_tables:
            if kind == "clickhouse" and table in {*CUBES, keeping}:
                continue  # it counts by the events themselves
            found = columns(connection, table.name)
            if kind == "clickhouse" and table is not events:  # where numbers are hashes
                found = {name: "whole" if name in NUMBERS else of for name, of in found.items()}
            assert found == declared(table) | (extra if table is events else {}), table.name
    assert store.write(checked(TABLES[5])).added == len(TABLES[5])


def test_texts_of_a_postgresql_are_ordered_by_code_point(databases, kind):
    store = by_migrations(databases, kind)
    if kind == "postgresql":
        query = (
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'"
            f" AND table_name <> '{migrations.VERSION_TABLE}'"
        )
        with store.engine.connect() as connection:
            assert connection.exec_driver_sql(query).all() == []


def test_the_versions_follow_each_other_by_number():
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())
    assert [s.revision for s in reversed(scripts)] == list(migrations.REVISIONS)
    assert [s.down_revision for s in reversed(scripts)] == [None, *migrations.REVISIONS[:-1]]


def test_a_database_without_tables_is_told_so_with_what_fills_it(databases, kind):
    address = databases.address()
    if kind == "duckdb":
        open_target(address).engine.dispose()
    with pytest.raises(SourceError, match=r"it holds no table of events\. Fill it: contact-line import FILE --to "):
        open_source(address)


def test_tables_of_a_newer_program_are_neither_read_nor_written(databases):
    address = databases.address()
    store = databases.opened(address)
    store.write(checked(TABLES[4]))
    run(store, f"DELETE FROM {migrations.VERSION_TABLE} WHERE version_num = '{migrations.HEAD}'")
    run(store, f"INSERT INTO {migrations.VERSION_TABLE} VALUES ('{NEVER}')")
    release(store)
    with pytest.raises(SourceError, match=rf"newer version \({NEVER}; this program knows {migrations.HEAD}"):
        open_source(address)
    with pytest.raises(SourceError, match="newer version"):
        databases.opened(address).write(checked(TABLES[4]))


def release(store):
    """A DuckDB file is open either for writing or for reading."""
    if store.engine.dialect.name == "duckdb":
        store.engine.dispose()


def fill_as_first(connection, store, rows):
    """Write events as the first version held them."""
    ready = prepare(checked(rows), store.codebook, store.gazetteer)
    if connection.dialect.name == "clickhousedb":
        landed = clickhouse._Landing(connection, "first")
        landed.stage([ready])
        landed.merge()
        landed.commit()
        connection.exec_driver_sql("DROP TABLE incoming_first")
        return
    for table, frame in ((events, ready.events), (event_actors, ready.actors)):
        plain = frame[[c.name for c in table.columns]].astype(object)
        connection.execute(table.insert(), plain.where(plain.notna(), None).to_dict("records"))


@pytest.mark.parametrize("version", migrations.REVISIONS[:-1])
def test_tables_of_an_older_program_are_told_so_and_upgraded_by_whoever_writes(databases, version):
    address = databases.address()
    store, rows = databases.opened(address), TABLES[9]
    with store.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(postgresql_readonly=False)
        with connection.begin():
            migrations._run(connection, stamp=None, to=version)
            fill_as_first(connection, store, rows)
    release(store)
    with pytest.raises(SourceError, match=rf"older version \({version}; .*contact-line upgrade"):
        open_source(address)
    assert databases.opened(address).write(checked([])) == (0, 0, 0)
    release(databases.last)
    found = databases.reading(address)
    same = EventStore.in_memory(checked(rows))
    for wanted in (EventFilter(), EventFilter(words="shell"), EventFilter(types=("Battles",), precisions=("1", "2"))):
        pd.testing.assert_frame_equal(found.frame(wanted), same.frame(wanted))
        assert found.facets(wanted) == same.facets(wanted)
        assert found.totals(wanted, (40, 30, 50, 50)) == same.totals(wanted, (40, 30, 50, 50))
        assert found.cells(wanted, None, 6) == same.cells(wanted, None, 6)
