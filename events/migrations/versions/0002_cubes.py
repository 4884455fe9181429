"""What is kept beside the events, so that no question has to read their texts. See cubes.py, which fills it."""

from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = "INTEGER NOT NULL"
TABLES = {
    "kinds": {
        "kind_id": NUMBER, "event_type": "text", "sub_event_type": "text", "precision": "text", "mark_id": NUMBER,
    },
    "spots": {
        "spot_id": NUMBER, "place_key": "text", "place": "text", "longitude": "decimal", "latitude": "decimal",
        "x": "decimal", "y": "decimal", "east": "BIGINT NOT NULL", "north": "BIGINT NOT NULL",
    },
    "claimants": {"claimant_id": NUMBER, "claimant": "text"},
    "sides": {"side_id": NUMBER, "actor1": "text", "actor2": "text"},
    "side_actors": {"side_id": NUMBER, "actor": "text"},
    "facts": {
        "row_id": "BIGINT NOT NULL", "event_id": "text", "day": NUMBER, "last_day": NUMBER, "month": NUMBER,
        "last_month": NUMBER, "kind_id": NUMBER, "spot_id": NUMBER, "claimant_id": NUMBER, "side_id": NUMBER,
    },
    "by_spot": {"period": NUMBER, "kind_id": NUMBER, "spot_id": NUMBER, "n": NUMBER},
    "by_side": {"period": NUMBER, "kind_id": NUMBER, "side_id": NUMBER, "n": NUMBER},
    "by_claimant": {"period": NUMBER, "kind_id": NUMBER, "claimant_id": NUMBER, "n": NUMBER},
    "by_day": {"day": NUMBER, "month": NUMBER, "kind_id": NUMBER, "n": NUMBER},
    "keeping": {"loose": "BIGINT NOT NULL"},
}  # fmt: skip

TYPES = {
    "duckdb": {"text": "VARCHAR NOT NULL", "decimal": "DOUBLE"},
    "postgresql": {"text": 'TEXT COLLATE "C" NOT NULL', "decimal": "DOUBLE PRECISION"},
}

# An index for each number that a filter may name; months and days come in order.
INDEXES = {
    "spots": ("spot_id", "place_key, place"),
    "claimants": ("claimant_id", "claimant"),
    "sides": ("side_id", "actor1, actor2"),
    "side_actors": ("side_id", "actor"),
    "facts": ("row_id", "day DESC, event_id", "last_day", "spot_id", "claimant_id", "side_id"),
    "by_spot": ("period, spot_id",),
    "by_side": ("period, side_id",),
    "by_claimant": ("period, claimant_id",),
    "by_day": ("day",),
}

# In ClickHouse all of it is read from the events, so that one exchange of their table changes it, too. Numbers are
# hashes of what they stand for; there are no cubes.
_HASH = "toInt64(bitShiftRight(cityHash64({}), 1))"
_PLACED = "coalesce(longitude, 999.), coalesce(latitude, 999.)"
KIND = _HASH.format("event_type, sub_event_type, precision")
MARK = _HASH.format("event_type, precision = '1'")
SPOT = _HASH.format(f"place_key, place, {_PLACED}")
SIDE = _HASH.format("actor1, actor2")
CLAIMANT = _HASH.format("claimant")
VIEWS = {
    "kinds": f"DISTINCT {KIND} AS kind_id, event_type, sub_event_type, precision, {MARK} AS mark_id FROM events",
    "spots": f"{SPOT} AS spot_id, place_key, place, longitude, latitude, min(events.x) AS x, min(events.y) AS y,"
    " toInt64(round(ifNull(min(events.x), 0) * 100)) AS east, toInt64(round(ifNull(min(events.y), 0) * 100)) AS north"
    " FROM events GROUP BY spot_id, place_key, place, longitude, latitude",
    "claimants": f"DISTINCT {CLAIMANT} AS claimant_id, claimant FROM events",
    "sides": f"DISTINCT {SIDE} AS side_id, actor1, actor2 FROM events",
    "side_actors": f"DISTINCT {SIDE} AS side_id, CAST(arrayJoin(actors) AS String) AS actor FROM events",
    "facts": "row_id, event_id, toInt32(event_date) AS day, toInt32(event_end) AS last_day,"
    " toInt32(toYear(event_date) * 100 + toMonth(event_date)) AS month,"
    " toInt32(toYear(event_end) * 100 + toMonth(event_end)) AS last_month,"
    f" {KIND} AS kind_id, {SPOT} AS spot_id, {CLAIMANT} AS claimant_id, {SIDE} AS side_id FROM events",
}


def upgrade() -> None:
    """Make the tables, or the views."""
    engine = op.get_bind().dialect.name
    if engine == "clickhousedb":
        for name, query in VIEWS.items():
            op.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT {query}")
        return
    types = TYPES[engine]
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({', '.join(f'{c} {types.get(t, t)}' for c, t in columns.items())})")
    if engine == "postgresql":
        for name, indexes in INDEXES.items():
            for number, indexed in enumerate(indexes, 1):
                op.execute(f"CREATE INDEX {name}_{number} ON {name} ({indexed})")
