"""How answers are sent: compressed, and what never changes while a server runs is compressed once.

plotly.js as the package brings it is 4.8 MB, a third of it for charts that the page does not draw: in its place goes
`dashboard/vendor/plotly.min.js`, made from the same version of the same sources (`make plotly`). Where another version
is installed, that is sent whole. A browser reads it in one go, where by default it would look through each function
first and read it again when it is called: that took a tenth of all that an opening costs.

Dash also loads @babel/polyfill, which gives old browsers what all living ones have; to run it took 0.2 s. In its place
goes the one part that Dash calls by name, regenerator-runtime.
"""

import re
import threading
from collections import OrderedDict
from functools import cache
from importlib import resources

from flask import Flask, Request, Response, request
from flask_compress import Compress
from werkzeug.http import generate_etag

PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js"
POLYFILL = "/_dash-component-suites/dash/deps/polyfill@"

# Chromium's explicit compile hint, a comment at the head of a file; to other browsers it is a comment.
# https://v8.dev/blog/explicit-compile-hints
_READ_AT_ONCE = b"//# allFunctionsCalledOnLoad\n"
_LIBRARIES = "/_dash-component-suites/"  # files of installed packages
_VERSION = re.compile(rb"plotly\.js v([\w.-]+)")
_MOST_KEPT = 64  # a page loads 15 of them; one of them may be asked for under many names


class Kept:
    """The compressed libraries that were asked for last. Threads may share it."""

    def __init__(self) -> None:
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """The compressed body, or None."""
        return self._bodies.get(key)

    def set(self, key: str, body: bytes) -> None:
        """Keep it, if it is a library's."""
        if _LIBRARIES not in key:
            return
        with self._lock:
            self._bodies[key] = body
            self._bodies.move_to_end(key)
            while len(self._bodies) > _MOST_KEPT:
                self._bodies.popitem(last=False)


def _named(request: Request) -> str:
    return request.path if request.path.startswith(_LIBRARIES) and request.method == "GET" else ""


def compress(server: Flask) -> None:
    """Compress what `server` sends."""
    server.config |= {
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_ALGORITHM_STREAMING": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
        "COMPRESS_MIMETYPES": [
            "application/javascript", "application/json", "application/geo+json", "text/css", "text/csv",
            "text/html", "text/javascript", "image/svg+xml",
        ],
        "COMPRESS_MIN_SIZE": 500,
        "COMPRESS_CACHE_BACKEND": Kept,
        "COMPRESS_CACHE_KEY": _named,
    }  # fmt: skip
    Compress(server)
    server.before_request(_send_in_place)


def _version(script: bytes) -> bytes | None:
    found = _VERSION.search(script[:500])
    return found[1] if found else None


def drawn_alone(whole: bytes) -> bytes:
    """What of plotly.js the page draws with, where that was made from the version of `whole`; else `whole`."""
    part = resources.files("dashboard").joinpath("vendor/plotly.min.js").read_bytes()
    return part if _version(part) == _version(whole) else whole


def _plotly() -> bytes:
    return _READ_AT_ONCE + drawn_alone(resources.files("plotly").joinpath("package_data/plotly.min.js").read_bytes())


def _polyfill() -> bytes:
    return resources.files("dashboard").joinpath("vendor/regenerator.min.js").read_bytes()


# The beginning of a library's address → what is sent in its place.
_IN_PLACE = {PLOTLY: _plotly, POLYFILL: _polyfill}


@cache
def _made(beginning: str) -> tuple[bytes, str]:
    """What is sent in place of a library, and its entity tag."""
    body = _IN_PLACE[beginning]()
    return body, generate_etag(body)


def _send_in_place() -> Response | None:
    """Dash would read the file and hash all of it each time."""
    beginning = next((known for known in _IN_PLACE if request.path.startswith(known)), None)
    if beginning is None or request.method not in {"GET", "HEAD"}:
        return None
    body, tag = _made(beginning)
    response = Response(body, mimetype="application/javascript")
    response.set_etag(tag)
    response.make_conditional(request)
    return response


def get_ready(server: Flask) -> threading.Thread:
    """Let Dash set itself up, then compress the map's library beside whatever goes on, so that nobody need wait.

    Dash sets itself up at the first request, and one that comes meanwhile would find it half done and fail.
    """
    with server.test_request_context():
        server.preprocess_request()
    client = server.test_client()
    kind = {"base_url": "https://localhost", "headers": {"Accept-Encoding": "br"}}  # where https is forced, too
    asking = threading.Thread(target=client.get, args=(PLOTLY,), kwargs=kind, daemon=True)
    asking.start()
    return asking
