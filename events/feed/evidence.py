"""The day that fits best what a source tells: its page's own days, and those that its texts name (pure).

A weekday or a day of a month in a report of today is today or shortly before; one day that fits far more of them than
any other is the day. Where no day does, nobody can tell.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from events.feed.entries import Layout, Part
from events.feed.furniture import is_prose
from events.feed.hints import Hint, day_of_title, days_meant, hints, years
from events.feed.lines import Page
from events.feed.stamps import Stamp, day_of, read_stamp

__all__ = ["LONGEST_KEPT_UP", "SAID", "Evidence", "best_day", "full_day", "gather", "plus"]

SAID, STOOD = 4.0, 3.0
"""What a day counts that a page says is its own, and one that only stands above its text; a weekday counts 1."""
NEAR: Final = 35
"""Days from a report within which a day is named with its year because it is news; others are of the past."""
NOT_NOW: Final = 0.25
"""What a day counts that a report names as to come or long past; news names the year of such a day only."""
MOST_OPENING: Final = 3
"""In so many paragraphs at the head of a text its own day is looked for."""
MOST_TITLES: Final = 4
"""In so many lines at the head of a page its title is looked for; the first may be the site's."""
LONGEST_KEPT_UP: Final = 100
"""So many days may lie between a page's own day and one of its reports; a page that is changed later tells nothing."""
MOST_TEXTS: Final = 400
"""So many lines are read for the days that they name; more tell nothing new."""


@dataclass(slots=True)
class Evidence:
    """Days that the source as a whole tells.

    `stated` are days said to be the page's own, with how much each is worth, and of which report they are (by its days
    from the first; None: of any). `named` is how often texts name a day, by the days that their report lies from the
    first. `years` are those that stand anywhere, `own_years` those in titles and notices, without a day; nothing is
    later than `latest`.
    """

    given: date | None = None
    stated: list[tuple[date, float, int | None]] = field(default_factory=list)
    named: dict[tuple[int, Hint], float] = field(default_factory=dict)
    years: set[int] = field(default_factory=set)
    own_years: set[int] = field(default_factory=set)
    latest: date | None = None

    def name(self, off: int, hint: Hint, worth: float = 1.0) -> None:
        """Count a day that a text names."""
        self.named[off, hint] = self.named.get((off, hint), 0.0) + worth

    def may_be_in(self, year: int, day: date) -> bool:
        """Whether a year in which a report may be stands by itself, or in a day that is named and near."""
        if year in self.own_years:
            return True
        named = (day_of(hint.year, hint.month, hint.day) for _, hint in self.named if hint.year == year)
        return any(abs((day - told).days) <= NEAR for told in named if told)

    def most_named(self) -> list[tuple[tuple[int, Hint], float]]:
        """Return the days that are named most often."""
        return sorted(self.named.items(), key=lambda item: -item[1])[:MOST_NAMED]


def gather(layout: Layout, page: Page, published: date | None, offsets: Sequence[int], usual: int) -> Evidence:
    """Gather what a source tells of its days; `offsets` are its reports' days from the first, `usual` that of most."""
    told = Evidence(given=published)
    machine = read_stamp(page.published) if page.published else None
    told.stated += [(day, SAID, None) for day in (full_day(machine),) if day]
    for stamp in layout.page_days:
        if day := full_day(stamp):
            told.stated.append((day, SAID if stamp.role == "published" else STOOD, None))
        elif stamp.day and stamp.month:
            told.name(usual, Hint(None, stamp.day, stamp.month), STOOD / 2)
    _believe_title(told, layout)
    told.latest = full_day(layout.seen_at)
    reports = [part for part in layout.parts if part.kind == "report"] or layout.parts
    for part, off in zip(reports[:MOST_TEXTS], offsets[:MOST_TEXTS], strict=True):
        _name_days(part, off, told)
    leads = {line for part in layout.parts if part.kind == "lead" for line in part.lines}
    beside = list(dict.fromkeys([*layout.beside[:MOST_TEXTS], layout.title]))
    for line in beside:
        for hint in hints(line):
            # What leads to reports tells how it came to this; a caption or a title is of its own day.
            told.name(usual, hint._replace(aside=False), 0.5 if line in leads else 1.0)
    _add_years(told, [*beside, *(line for line, _ in layout.left[-MOST_TEXTS:])])
    return told


def _believe_title(told: Evidence, layout: Layout) -> None:
    """Take the day that a title is of for the page's own, against one months away: when it was saved or told again.

    The text must name that day too, without a year, as news does; a title alone may look back.
    """
    titles = [stamp for line in (layout.title, *layout.beside[:MOST_TITLES]) if (stamp := day_of_title(line))]
    if not titles:
        return
    lines = [line for part in layout.parts[:MOST_OPENING] for line in part.lines[:1]]
    stamps = [stamp for part in layout.parts for stamp in (part.dateline, part.stamp) if stamp]
    news = {(stamp.month, stamp.day) for stamp in stamps if stamp.year is None}
    news |= {(one.month, one.day) for line in lines for one in hints(line) if not (one.aside or one.year)}
    day = next((day for title in titles if (day := full_day(title)) and (day.month, day.day) in news), None)
    if day is not None:
        told.stated = [stated for stated in told.stated if abs(stated[0] - day).days <= LONGEST_KEPT_UP]
        told.stated.append((day, SAID, None))


def _name_days(part: Part, off: int, told: Evidence) -> None:
    """Count the days that a report names, `off` days from the first."""
    if part.stamp and part.stamp.weekday is not None:
        told.name(off, Hint(part.stamp.weekday), SAID)
    if part.dateline and part.dateline.day and part.dateline.month:
        told.name(off, Hint(None, part.dateline.day, part.dateline.month, part.dateline.year), SAID)
    for line in part.lines:
        for hint in hints(line):
            told.name(off, hint._replace(aside=False), NOT_NOW if hint.year or hint.aside else 1.0)


def _add_years(told: Evidence, lines: Iterable[str]) -> None:
    for line in lines:
        told.years.update(found := years(line))
        if found and (not is_prose(line) or "©" in line or "opyright" in line):
            told.own_years.update(found - {hint.year for hint in hints(line)})
    told.years.update(hint.year for _, hint in told.named if hint.year)
    told.years.update(day.year for day, _, _ in told.stated)
    told.years.update(day.year for day in (told.given, told.latest) if day)
    if told.latest and told.latest.month < 3:
        told.years.add(told.latest.year - 1)


def full_day(stamp: Stamp | None) -> date | None:
    """Return the day of a stamp that tells day, month and year; None otherwise."""
    if stamp is None or stamp.day is None or stamp.month is None or stamp.year is None:
        return None
    return day_of(stamp.year, stamp.month, stamp.day)


def plus(day: date | None, days: int) -> date | None:
    """Return the day so many days later, or None where the calendar ends."""
    try:
        return day + timedelta(days=days) if day else None
    except OverflowError:  # a hostile feed may run over thousands of years
        return None


LEAST_SCORE: Final = 2.5
MARGIN: Final = 1.03
LONGEST_FEED: Final = 20_000
MOST_CANDIDATES: Final = 800
MOST_NAMED: Final = 400


def best_day(evidence: Evidence, offsets: Sequence[int], usual: int, *, alone: bool = False) -> date | None:
    """Return the first report's day: the one that fits the days that the page and its texts name, if one fits best.

    What stands `alone`, an article, may tell of days long past: the page's own day or a weekday must agree.
    """
    if max(map(abs, offsets)) > LONGEST_FEED:
        return None
    span = sorted(set(offsets))[:20]
    if evidence.given:
        given = {plus(evidence.given, -off): 1.0 * (off == usual) for off in span}
        fits = {day: worth for day, worth in given.items() if day}
    else:
        fits = dict.fromkeys(_candidates(evidence, span), 0.0)
    named = evidence.most_named()
    for first in fits:
        for (off, hint), count in named:
            fits[first] += count * _fit(hint, plus(first, off) or first)
        if not evidence.given:
            fits[first] += sum(_fit_stated(stated, first, span, usual) for stated in evidence.stated)
    ranked = sorted(fits.items(), key=lambda fit: (-fit[1], fit[0]))
    if not ranked:
        return None
    if evidence.given:
        return ranked[0][0]
    best, score = ranked[0]
    runner_up = ranked[1][1] if len(ranked) > 1 else 0.0
    sure = score >= LEAST_SCORE and score > MARGIN * runner_up
    return best if sure and _agrees(evidence, best, span, alone=alone) else None


def _agrees(evidence: Evidence, first: date, span: Sequence[int], *, alone: bool) -> bool:
    """Whether the page's own day or a weekday that a report names is that day: dates alone may all be of the past."""
    weekdays = [(off, hint.weekday) for off, hint in evidence.named if hint.weekday is not None]
    if not weekdays and not alone:
        return True
    days = {off: plus(first, off) or first for off in span}
    own = any(day == stated for day in days.values() for stated, _, _ in evidence.stated)
    if alone and not own and _tells_later(evidence, first):
        return False
    return own or any(days[off].weekday() == weekday for off, weekday in weekdays if off in days)


LATER: Final = 90
MOST_LATER: Final = 1


def _tells_later(evidence: Evidence, day: date) -> bool:
    """Whether a text names more than one day after a day, as what has been: then it was written later than that."""
    told = {day_of(hint.year or day.year, hint.month, hint.day) for (_, hint), n in evidence.named.items() if n >= 1}
    return sum(one is not None and 0 < (one - day).days <= LATER for one in told) > MOST_LATER


def _fit_stated(stated: tuple[date, float, int | None], first: date, span: Sequence[int], usual: int) -> float:
    day, worth, only = stated
    offs = span if only is None else (only,)
    return max(worth * (1.0 if off in (usual, only) else 0.9) * (plus(first, off) == day) for off in offs)


def _candidates(evidence: Evidence, span: Iterable[int]) -> list[date]:
    found: dict[date, None] = {}
    offs = list(span)
    for stated, _, _ in evidence.stated:
        found.update(dict.fromkeys(stated - timedelta(days=off) for off in offs))
    for (off, hint), worth in evidence.most_named():
        if worth < 1:  # nothing but days long past or to come, near which any weekday could be found
            continue
        for year in (hint.year,) if hint.year else sorted(evidence.years):
            day = day_of(year, hint.month, hint.day) if hint.day else None
            if day:
                found.update(dict.fromkeys(day + timedelta(days=k - off) for k in range(-2, 9)))
        if len(found) > MOST_CANDIDATES:
            break
    latest = evidence.latest
    return [day for day in found if latest is None or day + timedelta(days=max(offs)) <= latest + timedelta(days=1)]


def _fit(hint: Hint, day: date) -> float:
    """How well a day that a report names fits the report's own day: news tells of its own day first."""
    if hint.weekday is not None:
        return 1.0 if hint.weekday == day.weekday() else 0.3 if hint.weekday == (day.weekday() - 1) % 7 else 0.0
    ages = [(day - told).days for told in days_meant(hint, day)]
    age = min(ages, key=abs, default=999)
    if age < 0:  # a meeting that is announced; what lies further ahead is no news
        return 0.3 if age >= -7 else -1.0
    return next((worth for most, worth in ((0, 2.0), (1, 0.8), (3, 0.6), (7, 0.5), (30, 0.15)) if age <= most), 0.0)
