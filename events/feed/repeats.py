"""What a source says twice, told once (pure)."""

from collections import Counter
from typing import Final

from events.feed.entries import Layout, Part
from events.feed.furniture import folded

__all__ = ["drop_repeats"]

BACKGROUND: Final = 120
"""A paragraph of a report at least so long that stood in an earlier one is background that a publisher repeats."""
SHORTEST: Final = 40
"""A paragraph of an article at least so long that stood there before is the same text again."""
RUN: Final = 4
BEFORE = "it stood there before"


def drop_repeats(layout: Layout) -> None:
    """Leave out what the page says twice, and reports without a word."""
    reports = [part for part in layout.parts if part.kind == "report"]
    _drop_overviews(reports, layout)
    standing = _standing(reports)
    seen: set[tuple[str, str]] = set()
    told: set[str] = set()
    for part in layout.parts:
        keys = [folded(line) for line in part.lines]
        whys = [_why(part, line, key, standing, seen, told) for line, key in zip(part.lines, keys, strict=True)]
        if "" not in whys:  # its only words are its report, however often they stand there
            whys = [why if why == BEFORE else "" for why in whys]
        layout.left += [(line, why) for line, why in zip(part.lines, whys, strict=True) if why]
        part.lines = [line for line, why in zip(part.lines, whys, strict=True) if not why]
        seen.update((part.label, key) for key in keys)
        told.update(keys)
    _drop_leads(layout)
    layout.left += [(part.label, "a time without a report") for part in reports if not part.lines]
    layout.parts = [part for part in layout.parts if part.lines]


def _why(part: Part, line: str, key: str, standing: set[str], seen: set[tuple[str, str]], told: set[str]) -> str:
    long_enough = BACKGROUND if part.kind == "report" else SHORTEST
    if (part.label, key) in seen or (key in told and len(line) >= long_enough):
        return BEFORE
    return "it stands in report after report" if key in standing else ""


def _drop_overviews(reports: list[Part], layout: Layout) -> None:
    """Of two reports of one time and headline, leave out the one that says no more than the other.

    Pages list times and headlines above the reports themselves; read as reports, they would turn back the clock.
    """
    first: dict[tuple[int | None, str], tuple[Part, frozenset[str]]] = {}
    for part in reports:
        if not part.lines or part.stamp is None:
            continue
        key, lines = (part.stamp.minutes, folded(part.lines[0])), frozenset(part.lines)
        other, others = first.get(key, (None, frozenset()))
        if other is not None and lines <= others:
            _empty(part, layout)
        else:
            if other is not None and others <= lines:
                _empty(other, layout)
            first[key] = part, lines


def _empty(part: Part, layout: Layout) -> None:
    layout.left += [(line, "the report stands there twice") for line in part.lines]
    part.lines = []


def _standing(reports: list[Part]) -> set[str]:
    """Return the lines that stand in most reports: a publisher's name, an invitation."""
    often = Counter(key for part in reports for key in {folded(line) for line in part.lines if len(line) < BACKGROUND})
    return {key for key, count in often.items() if count >= max(3, 0.3 * len(reports))}


def _drop_leads(layout: Layout) -> None:
    """Leave out what stands before the reports and only says again what one of them says."""
    leads = [part for part in layout.parts if part.kind == "lead"]
    if not leads:
        return
    told = {run for part in layout.parts if part.kind == "report" for line in part.lines for run in _runs(line)}
    for part in leads:
        runs = _runs(part.lines[0]) if part.lines else []
        if runs and sum(run in told for run in runs) >= 0.7 * len(runs):
            layout.left.append((part.lines[0], "a report says it, too"))
            part.lines = []


def _runs(line: str) -> list[int]:
    words = line.casefold().split()
    return [hash(tuple(words[k : k + RUN])) for k in range(max(1, len(words) - RUN + 1))]
