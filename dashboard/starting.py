"""While the index of a large file is made, the server answers already, and says so."""

import html
import json
import threading
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wrappers import Response

PATIENCE = 3.0  # seconds that a request waits: what is ready by then is never said to be on its way
AGAIN = 2  # seconds after which the page asks again
_PAGE = """<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="refresh" content="{again}">
    <title>Contact Line is starting</title>
    <style>body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 36em; margin: 20vh auto; padding: 0 1em }}</style>
  </head>
  <body>
    <main role="status">
      <h1>Contact Line is starting</h1>
      <p>{text}</p>
    </main>
  </body>
</html>
"""


class Starting:
    """A WSGI application that stands in for another one until that is there, and then passes everything on to it."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._app: WSGIApplication | None = None
        self._fault = ""
        self._over = threading.Event()

    def become(self, make: Callable[[], WSGIApplication]) -> None:
        """Make the other one. What goes wrong is raised, and told to whoever asks."""
        try:
            self._app = make()
        except Exception as fault:
            self._fault = str(fault)
            raise
        finally:
            self._over.set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        self._over.wait(PATIENCE)
        if self._app is not None:
            return self._app(environ, start_response)
        return self._say(str(environ.get("PATH_INFO", "/")))(environ, start_response)

    def _say(self, path: str) -> Response:
        status = 500 if self._fault else 503
        headers = {"Cache-Control": "no-store"} | ({} if self._fault else {"Retry-After": str(AGAIN)})
        if path == "/":
            page = _PAGE.format(again=AGAIN, text=html.escape(self._reason))
            return Response(page, status, headers, content_type="text/html; charset=utf-8")
        told = {"status": "failed" if self._fault else "starting", "reason": self._reason}
        return Response(json.dumps(told), status, headers, content_type="application/json")

    @property
    def _reason(self) -> str:
        if self._fault:
            return f"The events cannot be shown: {self._fault}"
        what = "The events are being read."
        if self._rows:
            what = f"An index of {self._rows:,} events is being made: once, for some seconds a million."
        return f"{what} The map comes by itself."
