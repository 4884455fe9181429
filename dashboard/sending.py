"""How answers are sent: compressed, and what never changes while a server runs is compressed once.

The map's library alone is 4.8 MB: to compress it takes a third of a second of the machine's time, which a page that is
being opened needs for itself. A browser reads it in one go, where by default it would look through each function first
and read it again when it is called: that took a tenth of all that an opening costs.
"""

import threading
from collections import OrderedDict

from flask import Flask, Request, Response, request
from flask_compress import Compress

PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js"

# Chromium's explicit compile hint, a comment at the head of a file; to other browsers it is a comment.
# https://v8.dev/blog/explicit-compile-hints
_READ_AT_ONCE = b"//# allFunctionsCalledOnLoad\n"
_LIBRARIES = "/_dash-component-suites/"  # files of installed packages
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
    server.after_request(_mark)  # what is registered last comes first


def _mark(response: Response) -> Response:
    if request.path == PLOTLY and response.status_code == 200:
        response.set_data(_READ_AT_ONCE + response.get_data())
    return response


def get_ready(server: Flask) -> threading.Thread:
    """Compress the map's library now, beside whatever goes on, so that the first who opens the page need not wait."""
    ask = server.test_client().get
    asking = threading.Thread(target=ask, args=(PLOTLY,), kwargs={"headers": {"Accept-Encoding": "br"}}, daemon=True)
    asking.start()
    return asking
