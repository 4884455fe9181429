"""What a person sends of a draft, judged by the rules of the table, and what is kept with an event of it (pure)."""

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from events.errors import Problem
from events.schema import EXTRA, NAMES, check

MOST_EVENTS = 2000
LONGEST_NAME = 80  # of a person
VERDICTS = ("accepted", "rejected", "open")

# What is kept with an event in the column of extras (events.schema.EXTRA).
CODED_BY, CODED_AT, RULE, CHANGED, VERDICT = "coded_by", "coded_at", "rule", "changed", "verdict"
BY_HAND = "by hand"  # in the place of a rule: a person added the event


@dataclass(frozen=True)
class Drafted:
    """One event of a draft, as it was sent.

    `event` is text by the names of the table. `rule` proposed it (BY_HAND: nobody did); `changed` are the fields that a
    person changed. `replaces`: it takes the place of a held event of its id. `ties` are the ids of held events that
    belong to its incident.
    """

    event: dict[str, str]
    rule: str
    changed: tuple[str, ...]
    verdict: str
    replaces: bool
    ties: tuple[str, ...]


def read_draft(sent: Any, most: int = MOST_EVENTS) -> tuple[list[Drafted], Problem | None]:
    """Take what was sent apart, at most `most` events; the first thing that cannot be used is named."""
    rows = sent.get("events") if isinstance(sent, dict) else None
    if not isinstance(rows, list) or not rows:
        return [], Problem("events", "", "is missing: send a list of events")
    if len(rows) > most:
        return [], Problem("events", f"{len(rows)} events", f"takes at most {most} at once")
    found = []
    for n, row in enumerate(rows):
        drafted = _drafted(row, f"events[{n}]")
        if isinstance(drafted, Problem):
            return [], drafted
        found.append(drafted)
    return found, None


def _drafted(row: Any, where: str) -> Drafted | Problem:
    event = row.get("event") if isinstance(row, dict) else None
    if not isinstance(event, dict):
        return Problem(where, "", "holds no event")
    text = {}
    for name, value in event.items():
        if name not in NAMES:
            return Problem(f"{where}.{str(name)[:80]}", "", "is no column of the table")
        cell = _cell(value)
        if cell is None:
            return Problem(f"{where}.{name}", str(value)[:80], "is neither text nor a number")
        text[name] = cell
    verdict = row.get("verdict", "accepted")
    return Drafted(
        text,
        _words(row.get("rule"))[:200] or BY_HAND,
        tuple(name for name in _texts(row.get("changed")) if name in NAMES),
        verdict if verdict in VERDICTS else "accepted",
        row.get("replaces") is True,
        tuple(_texts(row.get("ties"))[:20]),
    )


def _cell(value: Any) -> str | None:
    """A value of JSON as a cell of text; None where it is no plain value."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, float):
        return None if not math.isfinite(value) else repr(int(value)) if value == int(value) else repr(value)
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else str(value)


def _words(value: Any) -> str:
    return " ".join(value.encode("utf-8", "ignore").decode().split()) if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def read_person(sent: Any) -> str:
    """The name of whoever has the last word; empty when none was given."""
    return _words(sent.get("person"))[:LONGEST_NAME] if isinstance(sent, dict) else ""


def to_frame(drafted: Sequence[Drafted], person: str, at: dt.datetime, *, verdicts: bool = False) -> pd.DataFrame:
    """The accepted rows of a draft, typed, with what is kept of each. Raises ValueError(Problem) for the first fault.

    `at` is the moment of the last word (aware); `verdicts` also keeps what the person thought of each.
    """
    text = pd.DataFrame([{name: d.event.get(name, "") for name in NAMES} for d in drafted], dtype="str")
    text[EXTRA] = [_kept(d, person, at, verdict=verdicts) for d in drafted]
    checked = check(text, "the draft")
    if len(checked.rejected):
        first = checked.rejected.iloc[0]
        field = f"events[{int(first['row']) - 1}].{first['field']}"
        raise ValueError(Problem(field, str(first["value"]), str(first["reason"])))
    return checked.accepted


def moment(at: dt.datetime) -> str:
    """A moment (aware) as it is kept: UTC, ISO 8601, to the second."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _kept(drafted: Drafted, person: str, at: dt.datetime, *, verdict: bool) -> str:
    kept = {
        CODED_BY: person,
        CODED_AT: moment(at),
        RULE: drafted.rule,
        CHANGED: ", ".join(drafted.changed),
        VERDICT: drafted.verdict if verdict else "",
    }
    return json.dumps({key: text for key, text in kept.items() if text}, ensure_ascii=False)


def kept_of(extra: str | None) -> dict[str, Any]:
    """What a cell of extras holds; nothing where it is no JSON object."""
    try:
        found = json.loads(extra or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def history(extra: str | None) -> dict[str, str]:
    """Who had the last word on an event, when, which rule proposed it and what was changed; empty for others."""
    kept = kept_of(extra)
    if not (kept.get(CODED_BY) or kept.get(CODED_AT)):
        return {}
    return {key: str(kept[key])[:500] for key in (CODED_BY, CODED_AT, RULE, CHANGED) if kept.get(key)}


def same_content(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two rows say the same in every column of the table."""
    return all(_plain(one.get(name)) == _plain(other.get(name)) for name in NAMES)


def _plain(value: Any) -> Any:
    if value is None or value == "":
        return None
    return value if not isinstance(value, float) else round(value, 9)


def to_utf16(text: str, spans: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Spans of characters as a browser counts them: a character beyond the first 65,536 counts twice there."""
    if text.isascii() or max(text, default="") <= "\uffff":
        return list(spans)
    wide = [n for n, char in enumerate(text) if char > "\uffff"]
    return [(field, start + _before(wide, start), end + _before(wide, end)) for field, start, end in spans]


def _before(wide: Sequence[int], at: int) -> int:
    return sum(n < at for n in wide)
