"""New, empty databases on each engine, for the tests alone."""

import itertools
import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from clickhouse_connect.dbapi.connection import Connection
from hypothesis import settings

from events.sources import open_source, open_target
from events.store import EventStore
from tests.events.samples import checked
from tools import postgres

KINDS = ("duckdb", "postgresql", "clickhouse")
several = settings(max_examples=15, deadline=None)


class Databases:
    """Makes databases on one engine, and closes what was opened on them."""

    _numbers = itertools.count(1)  # of this process: ClickHouse's engine in it is one for all

    def __init__(self) -> None:
        self._open: list[EventStore] = []

    def address(self) -> str:
        """The address of a new database without tables."""
        raise NotImplementedError

    def store(self, rows: list[dict[str, str]]) -> EventStore:
        """A new store of rows."""
        store = self.opened(self.address())
        store.write(checked(rows))
        return store

    def opened(self, address: str) -> EventStore:
        """A store to write to, closed at the end."""
        store = open_target(address)
        self._open.append(store)
        return store

    def reading(self, address: str) -> EventStore:
        """A store to read, as a page opens it; closed at the end."""
        store = open_source(address).store
        self._open.append(store)
        return store

    @property
    def last(self) -> EventStore:
        """The store that was opened last."""
        return self._open[-1]

    def close(self) -> None:
        """Let go of all that was opened."""
        for store in self._open:
            store.engine.dispose()


class DuckDB(Databases):
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def address(self) -> str:
        return str(self._folder / f"{next(self._numbers)}.duckdb")


class PostgreSQL(Databases):
    """Databases of a server that is started for the tests and ends with them."""

    def __init__(self) -> None:
        super().__init__()
        programs = postgres.find()
        assert programs, postgres.LACKING
        self.server = postgres.Server(programs, in_memory=True)
        self.server.start()
        address = self.server.url(scheme="postgresql+psycopg")
        self._admin = sa.create_engine(address, isolation_level="AUTOCOMMIT", pool_pre_ping=True)

    def address(self) -> str:
        name = f"contact_{next(self._numbers)}"
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        return self.server.url(name, scheme=("postgres", "postgresql", "postgresql+psycopg")[next(self._numbers) % 3])

    def close(self) -> None:
        super().close()
        self._admin.dispose()
        self.server.remove()


class ClickHouse(Databases):
    """Databases of ClickHouse's engine in this process, in memory."""

    def __init__(self) -> None:
        super().__init__()
        # What is in memory lives as long as one connection to it.
        self._anchor = chdb("chdb://memory").connect()

    def address(self) -> str:
        name = f"contact_{next(self._numbers)}"
        self._anchor.exec_driver_sql(f"CREATE DATABASE {name}")
        return f"chdb://memory/{name}"

    def close(self) -> None:
        super().close()
        self._anchor.close()


def new(kind: str, folder: Path) -> Databases:
    """New databases on one of KINDS; DuckDB's lie in the folder."""
    match kind:
        case "duckdb":
            return DuckDB(folder)
        case "postgresql":
            return PostgreSQL()
        case _:
            return ClickHouse()


def chdb(address: str) -> sa.Engine:
    """A plain engine on chdb."""
    return sa.create_engine("clickhousedb://local", creator=lambda: Connection(dsn=address))


def environment(**more: Any) -> dict[str, str]:
    """The environment of a program under test."""
    own = {"DATABASE_URL", "CONTACT_LINE_SOURCE"}
    return {k: v for k, v in os.environ.items() if k not in own} | {"PYTHONWARNINGS": "ignore"} | more
