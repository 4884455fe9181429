"""How Alembic runs the versions: on the connection that `upgrade` gives it."""

from alembic import context
from alembic.ddl.impl import DefaultImpl

from events.migrations import VERSION_TABLE


class DuckDBImpl(DefaultImpl):
    """DuckDB to Alembic: nothing special."""

    __dialect__ = "duckdb"


connection = context.config.attributes["connection"]
if connection.dialect.name == "clickhousedb":
    import clickhouse_connect.cc_sqlalchemy.alembic  # noqa: F401  # ClickHouse to Alembic

context.configure(connection=connection, version_table=VERSION_TABLE)
with context.begin_transaction():
    context.run_migrations()
