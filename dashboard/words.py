"""Plain words for what the page shows: days, counts, precision (pure)."""

import datetime as dt
from collections.abc import Mapping

from events.store import Row

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

GEO_PRECISION = {
    1: "The report names this place.",
    2: "Known only to lie near this place or in its district; the mark is not where it happened.",
    3: "Known only to lie in this region; the mark is not where it happened.",
    None: "How exact the place is was not told.",
}
TIME_PRECISION = {
    1: "The day is known.",
    2: "Known only to the week.",
    3: "Known only to the month.",
    None: "How exact the day is was not told.",
}


def day(value: str | dt.date) -> str:
    """'2020-10-02' as '2 Oct 2020'."""
    date = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def days(first: str | dt.date, last: str | dt.date) -> str:
    """A day, or two days with a dash."""
    one, other = day(first), day(last)
    return one if one == other else f"{one} – {other}"


def when(event: Row) -> str:
    """The days of an event, no more exact than they are known: 'about 9 Nov 2020' of a week, 'Nov 2020' of a month."""
    first, last = (dt.date.fromisoformat(event[name]) for name in ("event_date", "event_end"))
    if event["time_precision"] == 3:
        months = [f"{MONTHS[d.month - 1]} {d.year}" for d in (first, last)]
        return " – ".join(dict.fromkeys(months))
    return ("about " if event["time_precision"] == 2 else "") + days(first, last)


def number(n: int) -> str:
    """Thousands apart by a thin space, as an atlas sets them."""
    return f"{n:,}".replace(",", "\u202f")


def events(n: int) -> str:
    """'1 event', '243 events'."""
    return f"{number(n)} event{'' if n == 1 else 's'}"


def duration(first: dt.date, last: dt.date) -> str:
    """How long a run of days is, in words; both ends included."""
    n = (last - first).days + 1
    if n < 60:
        return f"{n} day{'' if n == 1 else 's'}"
    months = round(n / 30.44)
    if months < 24:
        return f"{months} months"
    years, rest = divmod(months, 12)
    return f"{years} years" + (f" {rest} months" if rest else "")


def losses(event: Row) -> str:
    """What an event's report says of killed and injured; empty when it says nothing."""
    parts = []
    if event["fatalities"] is not None:
        parts.append(f"{number(event['fatalities'])} killed")
    low, high = event["fatalities_low"], event["fatalities_high"]
    if low is not None or high is not None:
        shown = [number(v) if v is not None else "?" for v in (low, high)]
        parts.append(f"(from {shown[0]} to {shown[1]})")
    if event["injured"] is not None:
        parts.append(f"{number(event['injured'])} injured")
    return ", ".join(parts).replace(", (", " (")


def source(event: Row) -> str:
    """Who published it, and when: 'TASS, 2 Oct 2020, 15:20 GMT'."""
    return ", ".join(part for part in (event["source"], moment(event["source_time"] or "")) if part)


def citation(event: Row) -> str:
    """One event in a line, as a report would cite it: who says what, of where and when, how surely, and its source."""
    kind = event["sub_event_type"] or event["event_type"]
    where = f"{event['place']}{_NEAR.get(event['geo_precision'], '')}" if event["place"] else "no known place"
    said = f"{event['claimant']} says: " if event["claimant"] else ""
    stands = ", ".join(part for part in (source(event), event["evidence"]) if part)
    parts = [f"{said}{kind}, {where}, {when(event)}", event["notes"], stands, event["event_id"]]
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


_NEAR = {2: " (near it or in its district)", 3: " (in this region)"}


def coded(history: Mapping[str, str]) -> str:
    """Who had the last word on an event and when, which rule proposed it, what a person changed; or nothing."""
    if not history:
        return ""
    said = " · ".join(part for part in (history.get("coded_by", ""), moment(history.get("coded_at", ""))) if part)
    rule, changed = history.get("rule", ""), history.get("changed", "")
    if rule == "by hand":
        return f"{said}; added by hand"
    proposed = f"; proposed by the rule {rule}" if rule else ""
    return f"{said}{proposed}; {f'changed: {changed}' if changed else 'unchanged'}"


def moment(text: str) -> str:
    """A day or a moment (ISO 8601, GMT) in words; any other text as it is."""
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return day(read.date()) + (f", {read:%H:%M} GMT" if len(text) > len("2020-10-02") else "")
