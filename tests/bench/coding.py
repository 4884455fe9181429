"""The coder: reports a second on one core and on two, and how soon a pasted feed's events stand on the page /code.

The reports are put together from the sentences of our own making that stand beside the rules.
"""

import itertools
import random
import tempfile
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from tomllib import loads

from playwright.sync_api import Browser

from events.coding import code_files, cores
from tests.bench.measures import Figure
from tests.browser.desk import Desk
from tests.browser.serving import serving
from tests.browser.visit import DESKTOP

REPORTS = 40_000
FILES = 40
PASTED = 20_000  # characters
PASTES = 5


def posts(seed: int) -> Iterator[str]:
    """Reports of one to four sentences with their times, newest first, without an end."""
    rules = loads((resources.files("events.coder.data") / "rules.toml").read_text("utf-8"))["rule"]
    sentences = [example["text"] for rule in rules for example in rule["examples"]]
    rng = random.Random(seed)
    for minute in itertools.count():
        told = " ".join(rng.sample(sentences, rng.randint(1, 4)))
        yield f"{23 - minute // 60 % 24:02}:{59 - minute % 60:02} GMT {28 - minute // 1440 % 28:02}.10.2020\n{told}\n"


def feed(seed: int, characters: int) -> str:
    """A feed of about so many characters."""
    taken, size = [], 0
    for post in posts(seed):
        taken.append(post)
        size += len(post)
        if size > characters:
            return "\n".join(taken)
    raise AssertionError


def speed() -> list[Figure]:
    """Seconds for a thousand reports by one process; what two processes take of that."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for n in range(FILES):
            path = Path(folder) / f"{n:03}.txt"
            path.write_text("\n".join(itertools.islice(posts(n), REPORTS // FILES)), "utf-8")
            names.append(str(path))
        spans = []
        for jobs in (1, 2):
            begun = time.perf_counter()
            reports = sum(coded.reports for coded in code_files(names, jobs=jobs))
            spans.append(time.perf_counter() - begun)
        figures = [Figure(f"a thousand of {reports:,} reports coded, one process", [spans[0] / reports * 1000], "s", 2)]
        if cores() > 1:
            figures.append(Figure("two processes, as a part of that", [spans[1] / spans[0]], "", 1 / 1.8))
        return figures


def pasted(browser: Browser) -> Figure:
    """Seconds from the button to the proposals, of another feed each time."""
    spans = []
    with serving() as served:
        for n in range(PASTES):
            context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
            desk = Desk(context, served.url).open()
            text = feed(1000 + n, PASTED)
            begun = time.perf_counter()
            desk.paste(text)
            spans.append(time.perf_counter() - begun)
            context.close()
    return Figure("20 kB pasted → proposals on the page", spans, "s", 1.5)
