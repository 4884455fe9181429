"""A live feed or an article, as text or as a saved page, taken apart into dated reports.

Pure: what is not in the source is not assumed. A report whose day nobody can tell has none.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from events.feed.days import date_parts
from events.feed.layout import lay_out
from events.feed.pages import read_page
from events.feed.publishers import publisher_of
from events.feed.repeats import drop_repeats

__all__ = ["Feed", "LeftOut", "Report", "read_feed"]


@dataclass(frozen=True, slots=True)
class Report:
    """One report of a feed, or one paragraph of an article.

    `text` is cleaned, its paragraphs parted by one line break each; spans of evidence point into it. `label` is how the
    page names the report ("03:26 GMT 03.10.2020", "paragraph 4"). `published` is when, in UTC; None where only the
    day or nothing is known. `day` is its day in local time (UTC+4); None where nobody can tell.
    """

    number: int
    text: str
    label: str
    published: datetime | None
    day: date | None
    publisher: str
    title: str = ""


class LeftOut(NamedTuple):
    """Text of the source that is no report, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A source taken apart: its reports in their order, and everything that is none."""

    publisher: str
    title: str
    reports: tuple[Report, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def undated(self) -> int:
        """How many reports have no day that anybody could tell; `published` would give them one."""
        return sum(report.day is None for report in self.reports)


def read_feed(source: str | bytes, *, published: date | None = None, publisher: str = "") -> Feed:
    """Take a source apart into reports.

    `published` is the day of an article, or of most reports of a feed, for a source that does not say its own day; what
    it says goes before, what could only be concluded behind. `publisher` goes before what the page says of itself. Any
    text is taken, in time in proportion to its length; a line of it stands in a report (as its text or label) or in
    `left_out`.
    """
    page = read_page(source)
    owner = publisher_of(page, publisher)
    layout = lay_out(page)
    drop_repeats(layout)
    dated = date_parts(layout, page, owner.clock, published)
    reports: list[Report] = []
    labels: Counter[str] = Counter()
    for part, (moment, day) in zip(layout.parts, dated, strict=True):
        labels[part.label] += 1
        often = labels[part.label]
        label = f"{part.label} ({often})" if often > 1 else part.label
        text = "\n".join(part.lines)
        reports.append(Report(len(reports), text, label, moment, day, owner.name, part.title))
    left = [LeftOut(text, reason) for text, reason in layout.left]
    return Feed(owner.name, layout.title or page.title, tuple(reports), tuple(left))
