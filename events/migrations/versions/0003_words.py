"""PostgreSQL finds words by their letters, three at a time, where its extension pg_trgm is to be had."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the index. Without it every search reads all texts, and gives the same answers."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            connection.exec_driver_sql("CREATE INDEX events_words ON events USING gin (search gin_trgm_ops)")
    except sa.exc.DBAPIError:  # the server lacks it, or its user may not add it or sees it not
        return
