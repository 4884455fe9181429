"""The versions of the store's tables, and how a store is brought to the newest.

A version is a file of `versions/`, named by its number; Alembic runs them. To change the tables: change `tables.py`,
and add the next number. A table of a new DuckDB file is made from `tables.py` at once.
"""

from pathlib import Path

import sqlalchemy as sa

from events import cubes
from events.errors import SourceError
from events.tables import events, metadata

FOLDER = Path(__file__).parent
REVISIONS = tuple(sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py")))
HEAD = REVISIONS[-1]
VERSION_TABLE = "contact_line_version"  # a name of its own: a database may hold other programs' tables
_UPGRADING = 0x636F6E74  # PostgreSQL's locks for programs have numbers; this one says 'cont'

_version = sa.table(VERSION_TABLE, sa.column("version_num", sa.String))


def version_of(connection: sa.Connection) -> str | None:
    """The version of the store's tables; None where there are none."""
    known = sa.inspect(connection)
    if known.has_table(VERSION_TABLE):
        return connection.execute(sa.select(_version.c.version_num)).scalars().first()
    # DuckDB files of before versions were kept hold the first.
    return REVISIONS[0] if known.has_table(events.name) else None


def check_version(connection: sa.Connection, where: str) -> None:
    """Raise SourceError unless the store's tables are what this program reads."""
    found = version_of(connection)
    if found is None:
        raise SourceError("it holds no table of events", where, f"Fill it: contact-line import FILE --to {where}")
    if found != HEAD:
        raise _other_version(found, where)


def _other_version(found: str, where: str) -> SourceError:
    if found in REVISIONS:
        what = f"its tables are of an older version ({found}; this program reads {HEAD})"
        return SourceError(what, where, f"Upgrade them, nothing is lost: contact-line upgrade {where}")
    what = f"its tables are of a newer version ({found}; this program knows {HEAD} and older)"
    return SourceError(what, where, "Install the newest version of Contact Line.")


def upgrade(connection: sa.Connection) -> None:
    """Make the store's tables, or bring them to the newest version. Raises SourceError when they are newer."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADING)))
    found = version_of(connection)
    if found == HEAD:
        return
    if found is not None and found not in REVISIONS:
        raise _other_version(found, connection.engine.url.render_as_string(hide_password=True))
    if found is None and connection.dialect.name == "duckdb":
        # A store in memory is made for every opened file: without Alembic it takes a tenth of the time.
        metadata.create_all(connection)
        connection.exec_driver_sql(f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR NOT NULL)")
        connection.execute(_version.insert().values(version_num=HEAD))
        return
    _run(connection, stamp=REVISIONS[0] if found else None)
    if found and connection.dialect.name != "clickhousedb":
        cubes.make_anew(connection)  # all of it follows from the events


def _run(connection: sa.Connection, stamp: str | None, to: str = "head") -> None:
    # Imported here: a worker that only serves the page never needs it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    if stamp and not sa.inspect(connection).has_table(VERSION_TABLE):
        command.stamp(config, stamp)
    command.upgrade(config, to)
