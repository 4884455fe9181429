"""The database engines: how each is opened, and how rows land in it. Queries are the store's, the same on all."""

from contextlib import AbstractContextManager
from typing import Protocol

import sqlalchemy as sa

from events.engines.landing import Landing
from events.errors import SourceError


class _Module(Protocol):
    """What a module of this package offers."""

    def open_engine(self, url: sa.URL, *, read_only: bool) -> sa.Engine: ...

    def why_read_only(self, connection: sa.Connection) -> str: ...

    def landing(self, engine: sa.Engine) -> AbstractContextManager[Landing]: ...


def open_engine(url: sa.URL, *, read_only: bool) -> sa.Engine:
    """An engine on a database. Connections read; what writes is a landing. `read_only` opens a DuckDB file so.

    postgres:// and postgresql:// are one, and so are clickhouse:// and clickhousedb://. Raises SourceError for an
    engine that events are not kept in, or whose driver is not installed.
    """
    return _module(url.drivername.partition("+")[0]).open_engine(url, read_only=read_only)


def why_read_only(connection: sa.Connection) -> str:
    """Why nothing can be written to an open database, in words that follow 'because'; empty when it can."""
    return _module(connection.dialect.name).why_read_only(connection)


def landing_on(engine: sa.Engine) -> AbstractContextManager[Landing]:
    """Where rows can be laid down unseen; they join the store's when the block ends, all or none.

    The store's tables are made or upgraded first. Several may be open at once, in several processes: they join one
    after the other. (A DuckDB file is open to one process that writes.)
    """
    return _module(engine.dialect.name).landing(engine)


def _module(name: str) -> _Module:
    # Imported here: a process needs the one engine that it uses, and perhaps has no other.
    if name == "duckdb":
        from events.engines import duckdb  # noqa: PLC0415

        return duckdb
    if name in {"postgres", "postgresql"}:
        from events.engines import postgresql  # noqa: PLC0415

        return postgresql
    if name in {"clickhouse", "clickhousedb", "chdb"}:
        try:
            from events.engines import clickhouse  # noqa: PLC0415
        except ImportError:
            lacking = "ClickHouse's driver is not installed"
            raise SourceError(lacking, f"{name}://", "Install it: pip install 'contact-line[clickhouse]'.") from None
        return clickhouse
    raise SourceError(
        "it cannot be opened: events are kept in DuckDB, PostgreSQL or ClickHouse",
        f"{name}://",
        "An address is like postgresql://user:password@host/database.",
    )
