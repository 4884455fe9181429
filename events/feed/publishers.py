"""Who published a source, told from its page (pure; the table of publishers stands in publishers.toml)."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from events.feed.lines import Line, Page
from events.feed.stamps import LOCAL, Zone

__all__ = ["Publisher", "publisher_of"]

EDGE: Final = 25
MIDDLE: Final = 500
"""The header and the foot of a page are looked at in so many lines each; what lies between, only for datelines."""


class Publisher(NamedTuple):
    """A publisher's name and the clock on which it prints times where it names none; None: nobody knows."""

    name: str
    clock: Zone | None


class _Known(NamedTuple):
    by_mark: dict[str, Publisher]
    by_name: dict[str, Publisher]
    pattern: re.Pattern[str]


@cache
def _known() -> _Known:
    table = tomllib.loads(resources.files("events.feed").joinpath("publishers.toml").read_text("utf-8"))["publisher"]
    by_mark, by_name = {}, {}
    for row in table:
        found = Publisher(row["name"], LOCAL if row["clock"] == "local" else row["clock"])
        by_name[row["name"].casefold()] = found
        for mark in row["marks"]:
            by_mark[mark] = found
    # The longest first; a mark is no part of a longer word ("RT" in "ART", "rt.com" in "sport.com").
    marks = "|".join(re.escape(mark) for mark in sorted(by_mark, key=len, reverse=True))
    return _Known(by_mark, by_name, re.compile(rf"(?:(?<!\w)|(?=\W))(?:{marks})"))


def publisher_of(page: Page, given: str = "") -> Publisher:
    """Tell whose page it is: what the caller says, what the page says to machines, or the marks that it bears.

    An unknown publisher has the name that the page gives itself, or "", and no clock.
    """
    known = _known()
    if given:
        return known.by_name.get(given.casefold(), Publisher(given, None))
    for told in (page.address, page.site):
        if told and (match := known.pattern.search(told)):
            return known.by_mark[match[0]]
    if page.site:
        return known.by_name.get(page.site.casefold(), Publisher(page.site, None))
    return _by_marks(page, known)


def _by_marks(page: Page, known: _Known) -> Publisher:
    count = len(page.lines)
    votes: Counter[Publisher] = Counter()
    for match in known.pattern.finditer(page.title):
        votes[known.by_mark[match[0]]] += 4
    for k, line in _looked_at(page.lines):
        at_edge = k < EDGE or k >= count - EDGE
        # Running text names other publishers; a page's own name stands in short lines, and datelines begin with one.
        seen = line.text[:200] if at_edge and len(line.text) < 200 else line.text[:60]
        for match in known.pattern.finditer(seen):
            dateline = match[0][0] in "(/" or match[0].isupper()
            votes[known.by_mark[match[0]]] += 3 if at_edge and not dateline else 2 if dateline else 0
    if not votes:
        return Publisher("", None)
    return votes.most_common(1)[0][0]


def _looked_at(lines: list[Line]) -> Iterator[tuple[int, Line]]:
    tail = max(MIDDLE, len(lines) - EDGE)
    yield from enumerate(lines[:MIDDLE])
    yield from enumerate(lines[tail:], tail)
