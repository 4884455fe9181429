"""ClickHouse's engine (chdb) behind a small HTTP server, so that an address clickhousedb://… can be tried without a
server of its own. It speaks as much of ClickHouse's HTTP interface as its driver uses here."""

import base64
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import chdb
import lz4.frame

USER, PASSWORD = "me", "secret"
# What the transport itself uses; all else are settings of the query.
TRANSPORT = re.compile(
    r"database|query|compress|session_.*|query_id|client_protocol_version|wait_end_of_query|cancel_.*|http_.*|send_progress.*"
)


class Server(ThreadingHTTPServer):
    """Answers on a free port of this machine; `asked` are the settings and the first word of each query."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[dict[str, str], str]] = []

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"clickhousedb://{USER}:{PASSWORD}@127.0.0.1:{self.server_port}/{database}"


class Handler(BaseHTTPRequestHandler):
    """One request: a query, or rows for an INSERT."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(200, b"Ok.\n")

    def do_POST(self) -> None:
        body = self._body()
        known = f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"
        if self.headers.get("Authorization") != known:
            self._answer(403, b"Code: 516. DB::Exception: me: Authentication failed. (AUTHENTICATION_FAILED)")
            return
        params = dict(parse_qsl(urlsplit(self.path).query))
        settings = {k: v for k, v in params.items() if not TRANSPORT.fullmatch(k)}
        statement = params.get("query") or body.decode()
        self.server.asked.append((settings, statement.split()[0].upper()))
        try:
            found, form = run(
                params.get("database", "default"), settings, statement, body if "query" in params else b""
            )
        except Exception as fault:  # noqa: BLE001
            self._answer(500, str(fault).encode())
            return
        self._answer(200, found, form)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            body = b"".join(parts)
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return lz4.frame.decompress(body) if self.headers.get("Content-Encoding") == "lz4" else body

    def _answer(self, status: int, body: bytes, form: str = "TabSeparated") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-ClickHouse-Format", form)
        self.send_header("X-ClickHouse-Timezone", "UTC")
        self.send_header("Connection", "close")
        if status >= 400:
            self.send_header("X-ClickHouse-Exception-Code", "1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def run(database: str, settings: dict[str, str], statement: str, data: bytes) -> tuple[bytes, str]:
    """A statement on a connection of its own; what it gives, and in which format."""
    connection = chdb.connect(":memory:")
    try:
        connection.query(f"USE {database}")
        form = found[1] if (found := re.search(r"FORMAT\s+(\w+)\s*$", statement)) else "TabSeparated"
        if data:
            with tempfile.NamedTemporaryFile() as file:
                file.write(data)
                file.flush()
                into = statement[: found.start()] if found else statement
                connection.query(f"{into} FROM INFILE '{file.name}' FORMAT {form}")
            return b"", form
        for name, value in settings.items():
            connection.query(f"SET {name} = '{value}'")
        return connection.query(statement[: found.start()] if found else statement, form).bytes(), form
    finally:
        connection.close()


@contextmanager
def serving() -> Iterator[Server]:
    """A server that ends with the block."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(timeout=10)
