"""`python -m tests.bench`: measure, and print tables against the targets.

What is measured: the real page in a real Chromium without a GPU, from a server process on this machine; the server's
part as the time the WSGI application takes for the callbacks of one change, in this process.

    python -m tests.bench                                  the page, files, and events by the ten thousand to a million
    python -m tests.bench --rows 100000 10000000           these numbers of events alone
    python -m tests.bench --engine postgresql              a million events in PostgreSQL (or duckdb, clickhouse)
    python -m tests.bench --users 50 --minutes 3           many users at once, of a million events
"""

import itertools
import platform
import statistics
import sys
import tempfile
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.table import Table

from events.sources import open_source
from tests.bench import coding, dragging, imports, scale, users
from tests.bench.filters import Drawn
from tests.bench.measures import Figure, memory, page_figures, server_part
from tests.contract.engines import KINDS, new
from tools.chromium import FLAGS, LACKING, find

ROWS = (10_000, 100_000, 1_000_000)


def main() -> None:
    """Print the tables; the figures depend on the machine, so none of them fails."""
    parser = ArgumentParser("python -m tests.bench", description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", metavar="N", help="numbers of events, and nothing else")
    parser.add_argument("--engine", choices=KINDS, help="what an engine takes, and nothing else")
    parser.add_argument("--users", type=int, metavar="N", help="so many users at once, and nothing else")
    parser.add_argument("--minutes", type=float, default=3)
    given = parser.parse_args()
    if given.engine:
        for rows in given.rows or ROWS[-1:]:
            _tell_engine(given.engine, rows)
        return
    if given.users:
        _tell_users(given.users, given.minutes)
        return
    path = find()
    if path is None:
        sys.exit(LACKING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        machine = f"{_processor()}, {psutil.cpu_count()} cores, no GPU, Chromium {browser.version}"
        if not given.rows:
            _tell(_page(browser), machine)
        _tell_scales([scale.measure(browser, rows) for rows in given.rows or ROWS], machine)
        browser.close()
    load = psutil.getloadavg()[0]
    Console().print(f"Load of the machine at the end: {load:.1f}. Figures of a busy machine are too high.")


def _page(browser: Browser) -> list[Figure]:
    figures, asked = page_figures(browser)
    figures += dragging.figures(browser)
    return [*figures, server_part(asked), memory(asked), *imports.figures(), coding.pasted(browser), *coding.speed()]


def _tell(figures: Sequence[Figure], machine: str) -> None:
    table = Table("what", "figure", "spread", "target", "", title=f"{datetime.now(UTC):%Y-%m-%d} · {machine}")
    for figure in figures:
        table.add_row(figure.what, figure.shown, figure.spread, figure.wanted, "met" if figure.met else "not met")
    _wide().print(table)


def _tell_scales(found: Sequence[scale.Scale], machine: str) -> None:
    """One column for each number of events."""
    title = f"{datetime.now(UTC):%Y-%m-%d} · {machine}"
    table = Table("events", *(f"{each.rows:,}" for each in found), title=title)
    lines: list[tuple[str, Callable[[scale.Scale], str]]] = [
        ("store: p50, p95 of a change (ms)", lambda s: _two(s.store.usual)),
        ("store: new words, p50, most (ms)", lambda s: f"{_p50(s.store.new_words)}, {max(s.store.new_words):.0f}"),
        ("whole answer: p50, p95 (ms)", lambda s: _two(s.mixed.spans)),
        (
            "update, compressed: p50, largest (kB)",
            lambda s: f"{statistics.median(s.mixed.sent) / 1e3:.1f}, {max(s.mixed.sent) / 1e3:.1f}",
        ),
        ("browser: change → redrawn, p50 (ms)", lambda s: _p50(s.browser)),
        ("first start: an answer with events, all of them (s)", lambda s: f"{s.answered:.1f}, {s.first_start:.1f}"),
        ("next start: the events (s)", lambda s: f"{s.start:.1f}"),
        ("memory of the server (MB)", lambda s: f"{s.memory:.0f}"),
        ("slider moved, all else open: whole answer (ms, kB)", lambda s: _means(s.moved)),
        ("… the plain Dash way", lambda s: _means(s.plain_moved)),
        ("… plain ÷ ours", lambda s: _ratio(s.plain_moved, s.moved)),
        ("changes of every kind, mean (ms, kB)", lambda s: _means(s.mixed)),
        ("… the plain Dash way", lambda s: _means(s.plain_mixed)),
        ("… plain ÷ ours", lambda s: _ratio(s.plain_mixed, s.mixed)),
    ]
    for what, shown in lines:
        table.add_row(what, *(shown(each) for each in found))
    _wide().print(table)


def _two(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.1f}, {scale.p95(values):.1f}"


def _p50(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.0f}"


def _means(of: scale.Answers | None) -> str:
    return "–" if of is None else f"{statistics.mean(of.spans):,.0f}, {statistics.mean(of.sent) / 1e3:,.0f}"


def _ratio(plain: scale.Answers | None, ours: scale.Answers) -> str:
    if plain is None:
        return "–"
    time, sent = (
        statistics.mean(a) / statistics.mean(b) for a, b in ((plain.spans, ours.spans), (plain.sent, ours.sent))
    )
    return f"{time:,.0f} ×, {sent:,.0f} ×"


def _tell_engine(name: str, rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(new(name, Path(folder))) as databases:
        took, spans = scale.of_engine(databases, rows)
    Console().print(
        f"{name}, {rows:,} events: imported in {took:.0f} s ({rows / took:,.0f} a second); "
        f"store, p50, p95 of a change: {_two(spans.without)} ms, while words are asked for "
        f"{_two(spans.with_words)} ms; p50 of new words: {_p50(spans.new_words)} ms"
    )


def _tell_users(number: int, minutes: float) -> None:
    path = scale.made(1_000_000)
    drawn = list(itertools.islice(Drawn(open_source(str(path)).store, scale.SEED).changes(), 50 * number))
    tally = users.use(path, drawn, number, minutes * 60)
    Console().print(
        f"{number} users for {minutes:g} minutes, 1,000,000 events, 2 workers: {len(tally.spans):,} changes, "
        f"{len(tally.errors)} errors, p50 {statistics.median(tally.spans):.0f} ms, p95 {scale.p95(tally.spans):.0f} ms"
    )
    for error in tally.errors[:5]:
        Console().print(error)


def _wide() -> Console:
    return Console(width=max(120, Console().width))


def _processor() -> str:
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
