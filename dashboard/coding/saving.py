"""Accepted events into the store, all or nothing."""

import datetime as dt
import json
import threading
from collections.abc import Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from dashboard.coding.drafts import Drafted, kept_of, moment, same_content, to_frame
from events.errors import Problem, SourceError
from events.schema import EXTRA, NAMES, check
from events.store import EventStore, Row
from events.writing import Merged

_one_at_a_time = threading.Lock()


class RefusedError(Exception):
    """A draft that cannot be saved as it is; `status` is the HTTP status that says so."""

    def __init__(self, problem: Problem, status: int) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.status = status


def save(store: EventStore, drafted: Sequence[Drafted], person: str, at: dt.datetime) -> Merged:
    """Write a draft's events. What is held already with the same content stays as it is, and is counted so.

    Raises RefusedError where a row breaks the rules of the table, where another event is held under an id that the row
    does not mean to replace, and where the store cannot be written; nothing is written then.
    """
    try:
        frame = to_frame(drafted, person, at)
    except ValueError as fault:
        raise RefusedError(fault.args[0], 400) from None
    try:
        with _one_at_a_time:
            return _save(store, drafted, frame, person, at)
    except (sa.exc.SQLAlchemyError, SourceError) as fault:
        said = str(getattr(fault, "orig", None) or fault).strip().splitlines()[0][:200]
        problem = Problem("events", f"{len(drafted)} events", f"could not be written ({said}); none of them is there")
        raise RefusedError(problem, 503) from None


def _save(store: EventStore, drafted: Sequence[Drafted], frame: pd.DataFrame, person: str, at: dt.datetime) -> Merged:
    held = store.held([*frame["event_id"], *(tie for d in drafted for tie in d.ties)])
    rows = _rows(frame)
    extras = frame[EXTRA].tolist()
    fresh = []
    for n, (one, row) in enumerate(zip(drafted, rows, strict=True)):
        there = held.get(row["event_id"])
        if there is not None and same_content(row, there):
            continue
        if there is not None:
            if not one.replaces:
                reason = "is the id of another event that is held already: replace that one, or give this one an id"
                raise RefusedError(Problem(f"events[{n}].event_id", row["event_id"], reason), 409)
            # What its own format told of the held event stays with it.
            extras[n] = _joined(there[EXTRA], extras[n])
        fresh.append(n)
    parts = [frame.assign(**{EXTRA: extras}).loc[fresh]]
    if tied := _tied(drafted, rows, held, person, at):
        parts.append(check(pd.DataFrame(tied, dtype="str"), "the store").accepted)
    merged = store.write(pd.concat(parts, ignore_index=True)) if fresh or tied else Merged(0, 0, 0)
    return Merged(merged.added, merged.replaced - len(tied), len(rows) - len(fresh))


def _rows(frame: pd.DataFrame) -> list[Row]:
    """Typed rows as the store gives them: days as ISO 8601, None for what is empty."""
    plain = frame[list(NAMES)].astype(object)
    for name in ("event_date", "event_end"):
        plain[name] = frame[name].dt.strftime("%Y-%m-%d")
    records: list[Any] = plain.where(frame[list(NAMES)].notna(), None).to_dict("records")
    return records


def _joined(before: str | None, after: str) -> str:
    return json.dumps({**kept_of(before), **kept_of(after)}, ensure_ascii=False)


def _tied(
    drafted: Sequence[Drafted], rows: Sequence[Row], held: dict[str, Row], person: str, at: dt.datetime
) -> list[dict[str, str]]:
    """Held events, as text, that come into the incident of a new one; those that have one of their own stay in it."""
    own = {row["event_id"] for row in rows}
    of_incident: dict[str, str] = {}
    for one, row in zip(drafted, rows, strict=True):
        for tie in one.ties:
            if tie in held and tie not in own and not held[tie]["incident_id"] and row["incident_id"]:
                of_incident[tie] = row["incident_id"]
    said = json.dumps({"tied_by": person, "tied_at": moment(at)})
    return [
        {name: "" if held[event_id][name] is None else str(held[event_id][name]) for name in NAMES}
        | {"incident_id": incident, EXTRA: _joined(held[event_id][EXTRA], said)}
        for event_id, incident in of_incident.items()
    ]
