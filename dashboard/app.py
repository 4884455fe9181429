"""create_app: everything is wired here."""

import contextlib
import ctypes
import gc
import logging
import sys
import threading
from importlib import resources
from pathlib import Path

from dash import Dash
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard import security, sending
from dashboard.api import make_api
from dashboard.callbacks import browser, navigate, refresh, search
from dashboard.coding.desk import Desk
from dashboard.coding.rights import Rights
from dashboard.coding.routes import make_routes
from dashboard.layout.page import page
from dashboard.settings import Settings, read_settings
from dashboard.shelf import Shelf
from dashboard.starting import Starting
from events.sources import is_duckdb, open_part, open_source, rows_to_read_first
from events.store import EventStore

INDEX = """<!DOCTYPE html>
<html lang="en">
  <head>
    {%metas%}
    <title>{%title%}</title>
    <link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
    {%css%}
    <link rel="preload" href="/_dash-component-suites/plotly/package_data/plotly.min.js" as="script">
  </head>
  <body>
    {%app_entry%}
    <noscript>
      <p>The map needs JavaScript. Without it, the events are here as a table: <a href="/api/events.csv">CSV</a>.</p>
    </noscript>
    <footer>{%config%}{%scripts%}{%renderer%}</footer>
  </body>
</html>"""

_METAS = [
    {"name": "viewport", "content": "width=device-width, initial-scale=1"},
    {"name": "description", "content": "Armed-conflict events on a map: when, where, who, what kind, and who says so."},
]


_TRIM_THRESHOLD = -1  # M_TRIM_THRESHOLD of malloc.h


def create_app(
    store: EventStore,
    settings: Settings | None = None,
    source_name: str = "",
    *,
    read_only: str = "it was not opened for writing",
    local: bool = False,
    part_of: int = 0,
) -> Dash:
    """The Dash app over a store. Its Flask server is `app.server`.

    `read_only` is why nothing can be saved to the store, as `Opened` tells it (empty: it can); `local` is a run of
    one's own, on which whoever sits at the machine may save; `part_of` is how many events there will be where the store
    holds a part of them for the time being.
    """
    settings = settings or Settings()
    server = Flask("dashboard")
    app = Dash(
        "dashboard",
        server=server,  # type: ignore[arg-type] # a Flask server is documented, only the type says otherwise
        title="Contact Line",
        update_title="",
        assets_folder=str(resources.files("dashboard").joinpath("assets")),
        index_string=INDEX,
        meta_tags=_METAS,
        serve_locally=True,
        compress=False,  # see sending
        include_pages_meta=False,
        assets_path_ignore=["^code$"],  # what /code needs; the map does not load it
    )
    # A DuckDB file that is opened for reading is held as it is by all; a database server's may change at any time.
    changes = not read_only or store.engine.dialect.name != "duckdb"
    shelf = Shelf(store, source_name, settings, changes=changes, part_of=part_of)
    app.layout = lambda: page(refresh.first(shelf), takes_files=shelf.takes_files, codes_feeds=bool(settings.code_kb))
    for part in (navigate, search, refresh):
        part.register(app, shelf)
    browser.register(app)
    server.register_blueprint(make_api(shelf, settings))
    if settings.code_kb:
        rights = Rights(read_only=read_only, local=local, password=settings.password, secure=settings.https)
        server.register_blueprint(make_routes(shelf, settings, rights, Desk(store.codebook, store.gazetteer)))
    security.protect(app, settings)
    sending.compress(server)
    if settings.proxies:
        n = settings.proxies
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    return app


def create_server() -> Flask:
    """The WSGI application of a deployment, set up from the environment. See Starting."""
    be_frugal()
    settings = read_settings()
    if rows := rows_to_read_first(settings.events):
        starting = Starting(rows)
        server = Flask("dashboard")
        server.wsgi_app = starting  # type: ignore[method-assign]
        threading.Thread(target=_start, args=(starting, rows, settings), daemon=True).start()
        return server
    return _make_server(settings)


def _start(starting: Starting, rows: int, settings: Settings) -> None:
    show_part(starting, rows, settings.events, settings)
    starting.become(lambda: _make_server(settings))


def show_part(starting: Starting, rows: int, source: str | None, settings: Settings) -> int:
    """Show the last of the `rows` of a source until all of them are there; how many, 0 where it cannot be done."""
    try:
        return _show_part(starting, rows, source, settings)
    except Exception:
        # All of the events must not be missing because a part of them is.
        logging.getLogger(__name__).exception("No part of %s can be shown.", source)
        return 0


def _show_part(starting: Starting, rows: int, source: str | None, settings: Settings) -> int:
    opened = open_part(source)
    if opened is None:
        return 0
    engine = opened.store.engine

    def let_go() -> None:
        engine.dispose()
        tidy()

    app = create_app(opened.store, settings, opened.name, read_only=opened.read_only, part_of=rows)
    starting.show(app.server, let_go)
    return opened.store.total()


def _make_server(settings: Settings) -> Flask:
    source = settings.events or ""
    is_file = source.startswith("duckdb:") or is_duckdb(Path(source))
    alone = settings.workers == 1
    opened = open_source(settings.events, write=bool(settings.password) and (alone or not is_file), fresh=True)
    read_only = opened.read_only
    if is_file and settings.password and not alone:
        read_only = f"{opened.name} cannot be written by {settings.workers} workers at once, as PostgreSQL can"
    server: Flask = create_app(opened.store, settings, opened.name, read_only=read_only).server
    store = opened.store
    del opened  # the rows that were read
    settle(store)
    sending.get_ready(server)
    return server


def be_frugal() -> None:
    """To be called before anything is read: what is no longer needed goes back to the machine at once."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL("libc.so.6").mallopt(_TRIM_THRESHOLD, 65_536)


def settle(store: EventStore) -> None:
    """To be called when all is set up.

    To read a table takes memory that serving it does not need; the allocators keep it unless they are asked. What is
    there by then stays, and little that a request makes refers to itself: to look through all of it for garbage as
    often as Python does by default lets a request wait for up to 160 ms.
    """
    store.total()  # what a store knows of itself is read once
    tidy()


def tidy() -> None:
    """Give back what is no longer needed, and look through the rest for garbage no more. See `settle`."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL("libc.so.6").malloc_trim(0)
