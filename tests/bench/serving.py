"""The server as the Procfile starts it, and what is got of it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.asking import JSON
from tests.browser.serving import ROOT


def get(url: str, body: str | None = None, *, packed: bool = True) -> bytes:
    """The body of an answer, as it came; `body` is posted."""
    headers = {"Content-Type": JSON} | ({"Accept-Encoding": "br, gzip"} if packed else {})
    wanted = urllib.request.Request(url, data=None if body is None else body.encode(), headers=headers)
    with urllib.request.urlopen(wanted, timeout=30) as answer:
        return bytes(answer.read())


@contextmanager
def deployed(workers: int, source: Path | None = None) -> Iterator[tuple[int, str]]:
    """The Procfile's command on a free port, with so many workers: its process id and address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = (ROOT / "Procfile").read_text(encoding="utf-8").removeprefix("web: ").strip()
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])  # noqa: PTH120
    settings = {**os.environ, "PATH": path, "PORT": str(port), "WEB_CONCURRENCY": str(workers)}
    settings |= {} if source is None else {"CONTACT_LINE_SOURCE": str(source)}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(["/bin/sh", "-c", f"exec {line}"], cwd=ROOT, env=settings, stdout=quiet, stderr=quiet)
    try:
        url = f"http://127.0.0.1:{port}"
        _await(url + "/healthz")
        yield process.pid, url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _await(url: str) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            get(url)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return
