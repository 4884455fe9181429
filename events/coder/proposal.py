"""What the coder proposes: an event, the words that made it so, and what it could not decide (leaf)."""

from dataclasses import dataclass
from typing import Any, NamedTuple

MARKED = ("action", "place", "actor1", "actor2", "claimant", "day", "fatalities", "injured")
"""What a mark may be of: the action that the rule saw, or a field of the event."""


class Mark(NamedTuple):
    """Characters `start` to `end` (excluded) of the report's text, and the field that was read from them."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """One event read from one report, with its evidence.

    `event` holds every name of `events.schema.NAMES`: text (never the source's words), whole numbers, decimal degrees
    (WGS84), days as ISO 8601, or None for what is empty. `report` is the report's number, `rule` the id of the rule
    that fired, as it stands in the rules file. `doubts` say in words what was inferred or left empty.
    """

    event: dict[str, Any]
    report: int
    marks: tuple[Mark, ...]
    rule: str
    doubts: tuple[str, ...] = ()
