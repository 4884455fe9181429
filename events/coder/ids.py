"""Stable ids: publisher and time of the report, so that the same report gives the same ids wherever it stands."""

import hashlib

from events.feed import Report
from geodata.names import fold

__all__ = ["report_key"]


def report_key(report: Report) -> str:
    """Return what the ids of a report's events begin with: 'sputnik-20201002T1723'.

    Without a time the day and a short hash of the folded text stand there; without a day the hash alone.
    """
    publisher = fold(report.publisher).replace(" ", "") or "report"
    if report.published is not None:
        minute = report.published.isoformat(timespec="minutes")[:16]
        return f"{publisher}-{minute.replace('-', '').replace(':', '')}"
    digest = hashlib.sha256(fold(report.text).encode("utf-8", "replace")).hexdigest()[:8]
    return (
        f"{publisher}-{report.day.isoformat().replace('-', '')}-{digest}"
        if report.day is not None
        else f"{publisher}-{digest}"
    )
