"""The days of a round-up's paragraphs: an article that looks back on weeks tells its days in its text (pure)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from events.feed.entries import Part
from events.feed.hints import Hint, days_meant, hints

__all__ = ["round_up_days"]

FEWEST_DAYS: Final = 4
SHORTEST_SPAN: Final = 7
LEAST_DATED: Final = 0.5
LONGEST_BACK: Final = 300
"""Days that a date without a year may lie back."""
MOST_READ: Final = 400


def round_up_days(parts: Sequence[Part], entered: Sequence[date | None], latest: date) -> list[date | None] | None:
    """Return the day that each paragraph of a round-up tells, or None where the article is none.

    `entered` are the days that stand at the head of paragraphs, `latest` is the article's own. A round-up names days
    by month in half of its paragraphs and runs over more than a week; what names none is of the day told before it
    under the same heading.
    """
    told = [day or _told(part, latest) for part, day in zip(parts[:MOST_READ], entered, strict=False)]
    days = {day for day in told if day}
    if len(days) < FEWEST_DAYS or max(days) - min(days) < timedelta(days=SHORTEST_SPAN):
        return None
    if sum(day is not None for day in told) < LEAST_DATED * len(parts):
        return None
    found: list[date | None] = []
    for k, part in enumerate(parts):
        day = told[k] if k < len(told) else None
        goes_on = k > 0 and parts[k - 1].title == part.title and entered[k - 1] is None
        found.append(day or (found[-1] if goes_on else None))
    return found


def _told(part: Part, latest: date) -> date | None:
    """The first day that a paragraph names by its month, as what has been."""
    named = (_day(hint, latest) for line in part.lines for hint in hints(line, 4) if hint.day and not hint.aside)
    return next((day for day in named if day is not None), None)


def _day(hint: Hint, latest: date) -> date | None:
    days = days_meant(hint, latest)
    return next((day for day in days if hint.year or 0 <= (latest - day).days <= LONGEST_BACK), None)
