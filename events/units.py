"""Units of time that days are counted by: days, weeks, months, years, decades."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement

EPOCH = dt.date(1970, 1, 1)
"""The day that the tables count days from."""

UNITS: dict[str, Callable[[Any, Any], ColumnElement[int]]] = {
    "day": lambda day, _: day,
    "week": lambda day, _: day - (day + 21_000_003) % 7,  # 1970-01-01 was a Thursday; weeks begin on Mondays
    "month": lambda _, month: month,
    "year": lambda _, month: month - month % 100,
    "decade": lambda _, month: month - month % 1000,
}
"""Unit of time → the number of the one that holds a day (since 1970) of a month (like 202010)."""


def first_day(code: int, unit: str) -> dt.date:
    """The first day of a unit by its number (UNITS)."""
    if unit in {"day", "week"}:
        return EPOCH + dt.timedelta(code)
    year, month = divmod(code, 100)
    return dt.date(year, month or 1, 1)
