"""Many users at once: each slides, filters and moves the map of a page of its own, with a pause after each answer."""

import http.client
import itertools
import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from events.filters import BBox, EventFilter
from tests.bench.asking import JSON, RECEIVER, Asking
from tests.bench.serving import deployed

PAUSE = (1.0, 4.0)  # seconds from an answer to the next change: one looks at the map


@dataclass
class Tally:
    """Milliseconds of each answer, and what went wrong."""

    spans: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def use(path: Path, changes: Sequence[tuple[EventFilter, BBox, float]], users: int, seconds: float) -> Tally:
    """So many users of two workers that serve these events, for so long. Each begins elsewhere among the changes."""
    tally = Tally()
    with deployed(2, path) as (_, url):
        end = time.monotonic() + seconds
        threads = [
            threading.Thread(target=_one, args=(url, changes, n * len(changes) // users, end, tally))
            for n in range(users)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return tally


def _one(url: str, changes: Sequence[tuple[EventFilter, BBox, float]], at: int, end: float, tally: Tally) -> None:
    rng = random.Random(at)
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)

    def get(address: str) -> bytes:
        connection.request("GET", address)
        return connection.getresponse().read()

    try:
        page = Asking(get)
        for wanted, view, zoom in itertools.islice(itertools.cycle(changes), at, None):
            time.sleep(rng.uniform(*PAUSE))
            if time.monotonic() > end:
                return
            body = page.body(wanted, view, zoom)
            begun = time.perf_counter()
            connection.request("POST", RECEIVER, body, {"Content-Type": JSON})
            answer = connection.getresponse()
            text = answer.read()
            tally.spans.append((time.perf_counter() - begun) * 1000)
            if answer.status != 200:
                tally.errors.append(f"status {answer.status}: {wanted}")
            else:
                page.take(text)
    except (OSError, http.client.HTTPException, json.JSONDecodeError) as fault:
        tally.errors.append(repr(fault))
    finally:
        connection.close()
