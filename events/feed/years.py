"""The years of days that are written without: by other days of the page, and by those that its texts name (pure)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from events.feed.evidence import LONGEST_KEPT_UP, Evidence, full_day
from events.feed.stamps import Stamp, day_of

__all__ = ["with_years"]


def with_years(stamps: Sequence[Stamp | None], evidence: Evidence) -> list[date | None]:
    """Return the days of stamps, those without a year by the nearest day whose year is known."""
    found = [full_day(stamp) for stamp in stamps]
    for walk in (range(len(stamps)), range(len(stamps) - 1, -1, -1)):
        near: date | None = None
        for k in walk:
            stamp = stamps[k]
            if found[k] is None and near and stamp and stamp.day and stamp.month and stamp.year is None:
                found[k] = _nearest(stamp, near)
            near = found[k] or near
    if any(found) or not any(stamps):
        return found
    for stamp in [stamp for stamp in stamps if stamp and stamp.year is None][:MOST_TRIED]:
        anchor = _year_from_page(stamp, evidence)
        if anchor:
            dated = [_replaced(one, anchor.year) if one is stamp else one for one in stamps]
            return with_years(dated, evidence)
    return found


MOST_TRIED: Final = 10


def _replaced(stamp: Stamp, year: int) -> Stamp:
    return Stamp(minutes=stamp.minutes, zone=stamp.zone, day=stamp.day, month=stamp.month, year=year)


def _nearest(stamp: Stamp, near: date) -> date | None:
    days = [day_of(near.year + k, stamp.month or 0, stamp.day or 0) for k in (-1, 0, 1)]
    return min((day for day in days if day), key=lambda day: abs(day - near), default=None)


def _year_from_page(stamp: Stamp, evidence: Evidence) -> date | None:
    """Give a day its year from other days of the page: the latest year in which it is not after what is known."""
    if stamp.day is None or stamp.month is None:
        return None
    for end in sorted(day for day, _, _ in evidence.stated):
        day = _nearest(stamp, end)
        if day and abs((day - end).days) <= LONGEST_KEPT_UP:
            return day
    if evidence.given:
        return _nearest(stamp, evidence.given)
    if evidence.latest:
        days = [day_of(evidence.latest.year - k, stamp.month, stamp.day) for k in (0, 1)]
        day = next((day for day in days if day and day <= evidence.latest + timedelta(days=1)), None)
        if day and (evidence.latest - day).days <= LONGEST_KEPT_UP:
            return day
    return _year_from_texts(stamp, evidence)


def _year_from_texts(stamp: Stamp, evidence: Evidence) -> date | None:
    weekdays: dict[int, float] = {}
    for (_, hint), count in evidence.named.items():
        if hint.weekday is not None:
            weekdays[hint.weekday] = weekdays.get(hint.weekday, 0.0) + count
    if stamp.weekday is not None:
        weekdays[stamp.weekday] = weekdays.get(stamp.weekday, 0.0) + 10
    best: tuple[float, date] | None = None
    for year in evidence.years:
        day = day_of(year, stamp.month or 0, stamp.day or 0)
        if day is None or (evidence.latest and day > evidence.latest + timedelta(days=1)):
            continue
        if stamp.weekday not in {None, day.weekday()} or not evidence.may_be_in(year, day):
            continue
        score = 0.01 * (year - 2000) + sum(
            n for w, n in weekdays.items() if w in {day.weekday(), (day.weekday() - 1) % 7}
        )
        if best is None or score > best[0]:
            best = score, day
    return best[1] if best else None
