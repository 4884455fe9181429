"""Events, and the actors of each."""

from alembic import op

revision = "0001"
down_revision = None

# `name` is text with few different values.
COLUMNS = {
    "row_id": "key", "event_id": "text", "incident_id": "text", "event_date": "day", "event_end": "day",
    "time_precision": "integer", "event_type": "name", "sub_event_type": "name", "actor1": "name", "actor2": "name",
    "claimant": "name", "country": "name", "admin1": "name", "place": "name", "place_id": "name",
    "latitude": "decimal", "longitude": "decimal", "geo_precision": "integer", "fatalities": "integer",
    "fatalities_low": "integer", "fatalities_high": "integer", "injured": "integer", "notes": "text",
    "source": "name", "source_url": "text", "source_time": "text", "evidence": "text", "place_key": "name",
    "precision": "name", "x": "decimal", "y": "decimal", "search": "text", "extra": "text", "stamp": "big",
    "digest": "big",
}  # fmt: skip

TYPES = {
    "duckdb": {
        "key": "BIGINT PRIMARY KEY", "text": "VARCHAR", "name": "VARCHAR", "day": "DATE", "integer": "INTEGER",
        "decimal": "DOUBLE", "big": "BIGINT",
    },
    # Ordered by code point as everywhere else, whatever the database's own collation.
    "postgresql": {
        "key": "BIGINT PRIMARY KEY", "text": 'TEXT COLLATE "C"', "name": 'TEXT COLLATE "C"', "day": "DATE",
        "integer": "INTEGER", "decimal": "DOUBLE PRECISION", "big": "BIGINT",
    },
    "clickhousedb": {
        "key": "Int64", "text": "String", "name": "LowCardinality(String)", "day": "Date32",
        "integer": "Nullable(Int32)", "decimal": "Nullable(Float64)", "big": "Int64",
    },
}  # fmt: skip


def upgrade() -> None:
    """Make the tables."""
    engine = op.get_bind().dialect.name
    types = TYPES[engine]
    columns = ", ".join(f"{name} {types[kind]}" for name, kind in COLUMNS.items())
    if engine == "clickhousedb":
        _on_clickhouse(columns)
        return
    op.execute(f"CREATE TABLE events ({columns})")
    op.execute(f"CREATE TABLE event_actors (row_id BIGINT NOT NULL, actor {types['name']} NOT NULL)")
    if engine == "postgresql":
        _indexes()


def _on_clickhouse(columns: str) -> None:
    """One table, so that one exchange of it makes an import visible; the actors of an event stand in its row."""
    op.execute(
        f"""CREATE TABLE IF NOT EXISTS events (
            {columns}, actors Array(LowCardinality(String)),
            INDEX by_id event_id TYPE bloom_filter GRANULARITY 1,
            INDEX by_incident incident_id TYPE bloom_filter GRANULARITY 1
        ) ENGINE = MergeTree ORDER BY (event_date, event_id)"""
    )
    op.execute(
        "CREATE VIEW IF NOT EXISTS event_actors AS"
        " SELECT row_id, CAST(arrayJoin(actors) AS String) AS actor FROM events"
    )


def _indexes() -> None:
    op.execute("CREATE UNIQUE INDEX events_event_id ON events (event_id)")
    op.execute("CREATE INDEX events_newest ON events (event_date DESC, event_id)")
    op.execute("CREATE INDEX events_end ON events (event_end)")
    op.execute("CREATE INDEX events_place ON events (place_key)")
    op.execute("CREATE INDEX events_incident ON events (incident_id) WHERE incident_id <> ''")
    op.execute("CREATE INDEX event_actors_actor ON event_actors (actor, row_id)")
    op.execute("CREATE INDEX event_actors_row ON event_actors (row_id)")
