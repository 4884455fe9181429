"""The whole command line: `serve` beside the commands over files and stores."""

import contextlib
import os
import socket
import threading
from pathlib import Path
from typing import Annotated

import typer
import waitress
from flask import Flask

from dashboard.app import be_frugal, create_app, settle, show_part
from dashboard.coding.rights import is_loopback
from dashboard.sending import get_ready
from dashboard.settings import Settings, read_settings
from dashboard.starting import Starting
from events.cli import Source, app, plain_errors, refuse
from events.errors import SourceError
from events.importing import import_file
from events.sources import Opened, is_duckdb, open_source, open_target, rows_to_read_first, shipped_path

MOST_REASONS = 5


@app.command()
def serve(
    source: Source = None,
    host: Annotated[str, typer.Option(help="Where to listen; 0.0.0.0 for every network.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="The port; else $PORT, else 8050.", min=0, max=65535)] = None,
    save_to: Annotated[
        Path | None,
        typer.Option(help="A DuckDB file to save to on /code: served if it is there, else made with SOURCE's events."),
    ] = None,
) -> None:
    """Show the events on a map in the browser."""
    be_frugal()
    with plain_errors():
        listening = _listen(host, port if port is not None else _port())
        try:
            settings = read_settings()
        except ValueError as fault:
            refuse(str(fault))
        shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::"} else host  # noqa: S104
        address = f"http://{shown}:{listening.getsockname()[1]}/"
        named = source or settings.events
        rows = 0 if save_to else rows_to_read_first(named)  # what is saved to is no Parquet file
        if rows:
            typer.echo(f"Of {rows:,} rows an index is made, once; {address} answers already.", err=True)
        starting = Starting(rows)
        waiting = {"sockets": [listening], "threads": 8, "ident": "contact-line", "_quiet": True}
        server = threading.Thread(target=waitress.serve, args=(starting,), kwargs=waiting, daemon=True)
        server.start()
        local = is_loopback(listening.getsockname()[0])

        def make() -> Flask:
            opened = _open(named, save_to, write=local or bool(settings.password))
            return _server_of(opened, settings, address, local=local)

        if rows and (last := show_part(starting, rows, named, settings)):
            typer.echo(f"Until then the last {last:,} of them are shown.", err=True)
        starting.become(make)
        with contextlib.suppress(KeyboardInterrupt):
            server.join()


def _server_of(opened: Opened, settings: Settings, address: str, *, local: bool) -> Flask:
    """The server over what was opened; on the terminal, what is served and what was set aside."""
    _tell_set_aside(opened)
    made: Flask = create_app(opened.store, settings, opened.name, read_only=opened.read_only, local=local).server
    settle(opened.store)
    get_ready(made)
    typer.echo(f"{opened.store.total()} events · {address}  (stop with Ctrl+C)")
    return made


def _tell_set_aside(opened: Opened) -> None:
    if opened.checked is None or not len(opened.checked.rejected):
        return
    typer.echo(f"{opened.checked.rows_rejected} rows were set aside, such as:", err=True)
    for row in opened.checked.rejected.head(MOST_REASONS).itertuples():
        typer.echo(f"  row {row.row}: {row.field} {row.value!r} {row.reason}", err=True)


def _open(source: str | None, save_to: Path | None, *, write: bool) -> Opened:
    """What is served. A file to save to is the source from its second start on; a table of events stays as it is."""
    if save_to is None:
        return open_source(source, write=write, fresh=True)
    if source and ("://" in source or is_duckdb(Path(source))):
        raise SourceError("it is a database, which is saved to itself", source, "Leave --save-to out.")
    if save_to.exists():
        told = source or "the shipped events"
        typer.echo(f"{save_to} is there and is what is served; {told} will not be read again.", err=True)
    else:
        _copy(Path(source) if source else shipped_path(), save_to)
    return open_source(str(save_to), write=write)


def _copy(table: Path, made: Path) -> None:
    """A table of events as a DuckDB file; none is left where the table cannot be read."""
    store = open_target(str(made))
    try:
        done = import_file(store, table)
    except SourceError:
        store.engine.dispose()
        made.unlink(missing_ok=True)
        raise
    store.engine.dispose()
    typer.echo(f"{done.merged.added:,} events → {made}", err=True)


def _port() -> int:
    text = os.environ.get("PORT", "8050")
    if not text.isdecimal() or int(text) > 65535:
        refuse(f"PORT = {text!r}: takes a whole number from 0 to 65535")
    return int(text)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()  # before the address is told: whoever reads it may connect at once
    except OSError as fault:
        what = "the port is in use" if fault.errno == 98 else f"it cannot be listened on ({fault.strerror or fault})"
        raise SourceError(
            what, f"{host}:{port}", f"Choose another: --port {port + 1 if port < 65535 else 8050}"
        ) from None
    return listening


def main() -> None:
    """The command `contact-line`."""
    app()
