"""The day of each report, from all that its source tells: stamps, headings, order, and days that the texts name (pure).

What follows from the page alone is taken; what would have to be assumed is left open.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from events.feed.entries import Layout, Part
from events.feed.evidence import SAID, Evidence, best_day, full_day, gather, plus
from events.feed.hints import hints
from events.feed.lines import Page
from events.feed.roundups import round_up_days
from events.feed.stamps import LOCAL, Stamp, Zone, offset, read_stamp
from events.feed.weekdays import settle_weekdays
from events.feed.years import with_years

__all__ = ["Dated", "date_parts"]


class Dated(NamedTuple):
    """When a report was published (UTC), where its time is known, and its day in local time, where that is."""

    moment: datetime | None
    day: date | None


def date_parts(layout: Layout, page: Page, clock: Zone | None, published: date | None) -> list[Dated]:
    """Date the parts of a layout, in their order.

    `clock` is the publisher's, for times without a zone; `published` is what a person says of the source as a whole: an
    article's day, or the day of most reports of a feed that tells none.
    """
    stamps = [s for part in layout.parts for s in (part.stamp, part.under, part.dateline) if s]
    _settle_slashes(stamps + layout.page_days, layout)
    zone = _zone(layout, clock)
    _settle_weekdays(layout, page, published)
    reports = [part for part in layout.parts if part.kind == "report"]
    if reports:
        days = _feed_days(layout, page, reports, published)
        dated = iter([_local(part.stamp, day, zone) for part, day in zip(reports, days, strict=True)])
        lead = _lead_day(layout, days)
        return [next(dated) if part.kind == "report" else Dated(None, lead) for part in layout.parts]
    return _article_days(layout, page, zone, published)


# ── clocks ──────────────────────────────────────────────────────────────────────────────────────────────────


def _zone(layout: Layout, clock: Zone | None) -> Zone:
    """The clock of times that name none: the page's others, its publisher's, else the region's own.

    Then the day that the page prints is the day that is kept.
    """
    named = Counter(part.stamp.zone for part in layout.parts if part.stamp and part.stamp.zone is not None)
    if named:
        return named.most_common(1)[0][0]
    for stamp in (layout.seen_at, *layout.page_days):
        if stamp is not None and stamp.zone is not None:
            return stamp.zone
    return LOCAL if clock is None else clock


def _local(stamp: Stamp | None, day: date | None, zone: Zone) -> Dated:
    if day is None or stamp is None or stamp.minutes is None:
        return Dated(None, day)
    try:
        ahead = offset(zone if stamp.zone is None else stamp.zone, day, stamp.minutes)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=stamp.minutes - ahead)
        return Dated(moment, (moment + timedelta(minutes=LOCAL)).date())
    except OverflowError:
        return Dated(None, day)


# ── days like 10/02 ─────────────────────────────────────────────────────────────────────────────────────────


def _settle_slashes(stamps: list[Stamp], layout: Layout) -> None:
    """Tell which of two numbers is the month, for a whole source at once, where anything in it tells."""
    open_ = [stamp for stamp in stamps if stamp.order]
    if not open_:
        return
    american = _american(stamps, open_, layout)
    for stamp in open_:
        first, second = stamp.order or (0, 0)
        if american is not None:
            stamp.day, stamp.month = (second, first) if american else (first, second)
        stamp.order = None


MOST_READ: Final = 400


def _american(stamps: list[Stamp], open_: list[Stamp], layout: Layout) -> bool | None:
    forms = Counter(word for stamp in stamps for word in stamp.form.split() if word in {"american", "european"})
    if len(forms) == 1:
        return "american" in forms
    months: Counter[int] = Counter(stamp.month for stamp in stamps if stamp.month)
    for text in _texts(layout)[:MOST_READ]:
        months.update(hint.month for hint in hints(text) if hint.month)
    firsts = sum(months[stamp.order[0]] for stamp in open_ if stamp.order)
    seconds = sum(months[stamp.order[1]] for stamp in open_ if stamp.order)
    if firsts != seconds:
        return firsts > seconds
    # The days of one feed lie close together: of the two numbers, the month is the one that stays.
    spread = [len({stamp.order[k] for stamp in open_ if stamp.order}) for k in (0, 1)]
    if spread[0] != spread[1] and max(spread) > 2:
        return spread[0] < spread[1]
    return None


def _texts(layout: Layout) -> list[str]:
    return [line for part in layout.parts for line in part.lines] + layout.beside


def _settle_weekdays(layout: Layout, page: Page, published: date | None) -> None:
    told = [
        (stamp.role, day)
        for stamp in _page_stamps(layout, page)
        if stamp is not layout.seen_at and (day := full_day(stamp))
    ]
    own = [day for role, day in told if role != "updated"]
    changed = [day for role, day in told if role == "updated"]
    settle_weekdays(layout.parts, [*own, published] if published else own, changed)


# ── feeds ───────────────────────────────────────────────────────────────────────────────────────────────────


def _own_day(part: Part) -> Stamp | None:
    """The stamp that tells the day of a part: its own, else its dateline's, else that of the day it stands under."""
    return next((s for s in (part.stamp, part.dateline, part.under) if s and s.day is not None), None)


DISORDER: Final = 180
"""Minutes by which neighbours of one day may stand in the wrong order; more, and midnight lies between them."""


def _feed_days(layout: Layout, page: Page, reports: list[Part], published: date | None) -> list[date | None]:
    """Return the day of each report on its own clock."""
    if seen := _seen(layout) or published:
        _settle_relative(reports, seen)
    own = [_own_day(part) for part in reports]
    full = [full_day(stamp) for stamp in own]
    if all(full) and (
        layout.strict_days or not any(stamp is part.under for stamp, part in zip(own, reports, strict=True))
    ):
        return full
    newest_first = _newest_first(reports)
    offsets = _offsets(reports, newest_first=newest_first)
    usual = Counter(offsets).most_common(1)[0][0]
    evidence = gather(layout, page, published, offsets, usual)
    if not layout.strict_days:  # one day above all reports is the page's; reports may run past midnight
        own = [None if stamp is part.under else stamp for stamp, part in zip(own, reports, strict=True)]
        under = reports[0].under
        if under and under.day is not None:
            first = with_years([under], evidence)[0]
            evidence.stated += [(first, SAID, None)] if first else []
    days = with_years(own, evidence)
    if days[0] and _may_be_the_pages(days, reports, layout):
        evidence.stated.append((days[0], SAID, 0))
        days[0] = None
    if any(days):
        return _carried(days, reports, offsets, newest_first=newest_first)
    if published and any(part.stamp and part.stamp.ago is not None for part in reports):
        return [_ago(part.stamp, published) for part in reports]
    if any(part.stamp and part.stamp.minutes is None for part in reports):
        offsets = [0] * len(reports)
    anchor = best_day(evidence, offsets, usual)
    days = [plus(anchor, off) for off in offsets]
    told = [stamp or (part.under if layout.strict_days else None) for stamp, part in zip(own, reports, strict=True)]
    return days if published or all(map(_may_be, told, days)) else [None] * len(days)


def _may_be(stamp: Stamp | None, day: date | None) -> bool:
    """Whether a day is the one that a report's stamp or heading tells in part: its weekday, or all but the year."""
    if stamp is None or day is None:
        return True
    if stamp.day is None or stamp.month is None:
        return stamp.weekday in {None, day.weekday()}
    return (stamp.month, stamp.day) == (day.month, day.day)


def _seen(layout: Layout) -> date | None:
    """The day on which a page stood as it is: when it was saved or last changed, else published."""
    told = [layout.seen_at] if layout.seen_at else sorted(layout.page_days, key=lambda stamp: stamp.role, reverse=True)
    return next(
        (day for stamp in told if stamp.role or stamp is layout.seen_at for day in [full_day(stamp)] if day), None
    )


def _settle_relative(reports: list[Part], seen: date) -> None:
    """Give "today" and "yesterday" their days."""
    for part in reports:
        for stamp in (part.stamp, part.under):
            day = plus(seen, stamp.relative) if stamp and stamp.relative is not None and stamp.day is None else None
            if stamp and day:
                stamp.day, stamp.month, stamp.year = day.day, day.month, day.year


def _may_be_the_pages(days: list[date | None], reports: list[Part], layout: Layout) -> bool:
    """Whether only the first report has a day, written as no other: it may be the page's own, not seen as such."""
    one, two = reports[0].stamp, reports[1].stamp if len(reports) > 3 else None
    return bool(one and two and one.form != two.form and not any(days[1:]) and not layout.strict_days)


def _ago(stamp: Stamp | None, seen: date) -> date | None:
    if stamp is None:
        return None
    return plus(seen, -((stamp.ago or 0) // 1440))


def _newest_first(reports: list[Part]) -> bool:
    """Whether a feed's newest report stands first, by its days and times; where nothing tells, the shorter time."""
    way = 0
    for one, two in pairwise(reports):
        first, second = _when(one), _when(two)
        if first is None or second is None:
            continue
        apart = second - first
        if apart and abs(apart) < 720:
            way += 1 if apart < 0 else -1
    if not way:
        told = [1440 * (31 * (day.month or 0) + (day.day or 0)) for part in reports if (day := _own_day(part))]
        way = sum((two < one) - (two > one) for one, two in pairwise(told))
    if way:
        return way > 0
    spans = [abs(_offsets(reports, newest_first=first)[-1]) for first in (True, False)]
    return spans[0] <= spans[1]


def _when(part: Part) -> int | None:
    stamp = part.stamp
    if stamp is None or stamp.minutes is None:
        return None
    own = _own_day(part)
    return stamp.minutes + (1440 * (31 * (own.month or 0) + (own.day or 0)) if own else 0)


def _offsets(reports: list[Part], *, newest_first: bool) -> list[int]:
    """Return by how many days each report lies from the first, by clock times that roll over midnight."""
    offsets, last, off = [], None, 0
    for part in reports:
        minutes = part.stamp.minutes if part.stamp and not part.pinned else None
        if minutes is not None and last is not None:
            if newest_first and minutes - last > DISORDER:
                off -= 1
            elif not newest_first and last - minutes > DISORDER:
                off += 1
        last = last if minutes is None else minutes
        offsets.append(off)
    return offsets


def _carried(
    days: list[date | None], reports: list[Part], offsets: list[int], *, newest_first: bool
) -> list[date | None]:
    """Carry known days on to reports without one: down the page, and up from the first that is known."""
    first = next(k for k, day in enumerate(days) if day)
    done = list(days)
    for k in range(first + 1, len(days)):
        before = done[k - 1]
        if done[k] is None and before:
            done[k] = plus(before, offsets[k] - offsets[k - 1])
    for k in range(first - 1, -1, -1):
        after = done[k + 1]
        if after:
            done[k] = plus(after, offsets[k] - offsets[k + 1])
            if (
                k == first - 1
                and offsets[k] == offsets[first]
                and reports[first].under is not None
                and not reports[k].under
            ):
                done[k] = plus(after, 1 if newest_first else -1)  # it stands before that day's heading
    return done


# ── articles and leads ──────────────────────────────────────────────────────────────────────────────────────


def _article_days(layout: Layout, page: Page, zone: Zone, published: date | None) -> list[Dated]:
    parts = layout.parts
    evidence = gather(layout, page, published, [0] * len(parts), 0)
    own = [_own_day(part) for part in parts]
    days = with_years(own, evidence) if any(own) else [None] * len(parts)
    if layout.strict_days:  # what stands before its first day is of the page's
        return [
            Dated(None, day or (None if part.under else _said(evidence))) for part, day in zip(parts, days, strict=True)
        ]
    shared = (day for part, day in zip(parts, days, strict=True) if day and not part.stamp)
    one = next(shared, None) or _said(evidence) or best_day(evidence, [0], 0, alone=True)
    stamp = next((s for s in _page_stamps(layout, page) if s.minutes is not None and full_day(s) == one), None)
    whole = _local(stamp, one, zone)
    # A day at the head of a paragraph ("March 5: …") is that paragraph's.
    entered = [day if part.stamp else None for part, day in zip(parts, days, strict=True)]
    if one is not None and one == published and not any(day for day, _, _ in evidence.stated):
        entered = round_up_days(parts, entered, one) or entered
    return [Dated(None, day) if day else whole for day in entered]


def _page_stamps(layout: Layout, page: Page) -> list[Stamp]:
    machine = read_stamp(page.published) if page.published else None
    if machine:
        machine.role = "published"
    stamps = [s for s in (machine, *layout.page_days, layout.seen_at) if s]
    return sorted(stamps, key=lambda stamp: stamp.role != "published")


def _said(evidence: Evidence) -> date | None:
    """The day that the page says is its own, else the one that a person gives."""
    return next((day for day, worth, _ in evidence.stated if worth >= SAID), evidence.given)


def _lead_day(layout: Layout, days: list[date | None]) -> date | None:
    """The day of what stands before a feed's reports: the page's, if one of theirs; else that of most of them.

    What stands before a feed over many days is kept up with it, and has the newest.
    """
    known = [day for day in days if day]
    if not known:
        return None
    own = [day for day in map(full_day, layout.page_days) if day in known]
    if own or max(known) - min(known) > timedelta(days=2):
        return max(day for day in own or known if day)
    return Counter(known).most_common(1)[0][0]
