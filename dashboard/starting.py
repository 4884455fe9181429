"""While the index of a large file is made, the server answers already, with a part of the events, and says so."""

import html
import json
import threading
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wrappers import Response

PATIENCE = 3.0  # seconds that a request waits: what is ready by then is never said to be on its way
AGAIN = 2  # seconds after which the page asks again
LONGEST_REQUEST = 60.0  # seconds for which a part is kept for those who are still asking it
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


def wait_page(text: str, status: int = 503) -> Response:
    """A page that says what is waited for, and asks again by itself."""
    headers = {"Cache-Control": "no-store"} | ({} if status == 500 else {"Retry-After": str(AGAIN)})
    page = _PAGE.format(again=AGAIN, text=html.escape(text))
    return Response(page, status, headers, content_type="text/html; charset=utf-8")


class Starting:
    """A WSGI application that stands in for another one until that is there, and then passes everything on to it.

    Until then it passes on to a third one, over a part of the events, where there is one.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._app: WSGIApplication | None = None
        self._part: WSGIApplication | None = None
        self._let_go: Callable[[], None] = _nothing
        self._fault = ""
        self._answers = threading.Event()  # there is something to pass on to, or to tell
        self._turn = threading.Condition()
        self._asking = 0  # requests that the part is answering

    def show(self, part: WSGIApplication, let_go: Callable[[], None]) -> None:
        """Pass everything on to an application over a part of the events; `let_go` is called when that is over."""
        self._part, self._let_go = part, let_go
        self._answers.set()

    def become(self, make: Callable[[], WSGIApplication]) -> None:
        """Make the other one. What goes wrong is raised, and told to whoever asks."""
        try:
            self._app = make()
        except Exception as fault:
            self._fault = str(fault)
            raise
        finally:
            self._answers.set()
            self._end_part()

    def _end_part(self) -> None:
        with self._turn:
            self._part = None
            self._turn.wait_for(lambda: not self._asking, LONGEST_REQUEST)
        self._let_go()
        self._let_go = _nothing

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        self._answers.wait(PATIENCE)
        with self._turn:
            part = self._part if self._app is None else None
            self._asking += part is not None
        if part is not None:
            try:
                return part(environ, start_response)
            finally:
                with self._turn:
                    self._asking -= 1
                    self._turn.notify_all()
        answer = self._app or self._say(str(environ.get("PATH_INFO", "/")))
        return answer(environ, start_response)

    def _say(self, path: str) -> Response:
        status = 500 if self._fault else 503
        if path == "/":
            return wait_page(self._reason, status)
        headers = {"Cache-Control": "no-store"} | ({} if self._fault else {"Retry-After": str(AGAIN)})
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


def _nothing() -> None:
    """Where there is no part, nothing is let go of."""
