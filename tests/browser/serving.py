"""Real servers for the browser tests, each a process of its own on a free port."""

import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
LONGEST_START = 60.0  # seconds


class Served:
    """A running server: its address, and what its API answers."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url

    def stop(self) -> None:
        """End this server, and only this."""
        self.process.terminate()
        self.process.wait(timeout=20)

    def get(self, path: str) -> bytes:
        """The body of the answer, whatever its status."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=20) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as refused:
            return bytes(refused.read())

    def summary(self, query: str | list[tuple[str, str]] = "") -> Any:
        """/api/summary for an address's query."""
        text = query if isinstance(query, str) else urlencode(query)
        return json.loads(self.get("/api/summary?" + text.removeprefix("?")))


@contextmanager
def serving(*arguments: str) -> Iterator[Served]:
    """Run `contact-line serve` with these arguments on a free port, and end it after use."""
    command = [sys.executable, "-m", "dashboard", "serve", *arguments, "--port", "0"]
    plain = {k: v for k, v in os.environ.items() if k not in {"PORT", "DATABASE_URL", "CONTACT_LINE_SOURCE"}}
    process = subprocess.Popen(
        command, cwd=ROOT, env=plain | {"PYTHONUNBUFFERED": "1"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Served(process, _address(process))
    finally:
        process.terminate()
        process.wait(timeout=20)
        if process.stdout:
            process.stdout.close()


def _address(process: subprocess.Popen[str]) -> str:
    """Where it serves, read from what it prints; what it prints later is read and let go."""
    assert process.stdout
    late = threading.Timer(LONGEST_START, process.kill)
    late.start()
    told = ""
    for line in process.stdout:
        told += line
        if found := re.search(r"http://localhost:\d+", line):
            late.cancel()
            threading.Thread(target=_drain, args=(process,), daemon=True).start()
            return found[0]
    late.cancel()
    raise AssertionError(f"the server did not start:\n{told}")


def _drain(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    try:
        for _ in process.stdout:
            pass
    except ValueError:
        return  # closed at the end
