"""Where reports begin: the stamps that come again and again in the same place of their lines (pure).

Nothing here knows an outlet; the page's own clock, notes of changes and lists of other news show by contrast.
"""

from collections import Counter
from itertools import pairwise
from statistics import median_low
from typing import Final

from events.feed.entries import ALONE, WITH_TEXT, Entry
from events.feed.furniture import ends_report, is_prose, is_title

__all__ = ["find_starts", "find_titles", "is_behind", "is_beside", "is_calendar_within", "stamps_first"]

_TIMED: Final = ("alone", "head", "tail", "run")
_DAYS: Final = {"dateline": 2, "head of a day": 3, "tail of a day": 3}
"""Where reports without times begin, and how many of them make it so."""
FEWEST_RUNS: Final = 3


def find_starts(entries: list[Entry]) -> list[int]:
    """Return where reports begin: the stamps of the place in the line in which most of them stand."""
    timed: dict[tuple[str, str], list[int]] = {}
    days: dict[str, list[int]] = {}
    for k, entry in enumerate(entries):
        if entry.stamp and entry.place in _TIMED:
            timed.setdefault((entry.place, entry.stamp.role), []).append(k)
        elif entry.stamp and entry.place in _DAYS:
            days.setdefault(entry.place, []).append(k)
    if runs := timed.pop(
        ("run", ""), None
    ):  # the text of a post stands on the line of its time, with a mark or without
        heads = timed.get(("head", ""), [])
        if len(runs) + len(heads) >= FEWEST_RUNS:
            timed["head", ""] = sorted(heads + runs)
    if len(timed) > 1:  # notes of when something was changed are no reports where reports have stamps
        timed = {name: found for name, found in timed.items() if name[1] != "updated"}
    most = max((len(found) for found in timed.values()), default=0)
    if most > 1:
        kept = [k for found in timed.values() if len(found) >= max(2, 0.25 * most) for k in found]
        if len({(entries[k].text, _moment(entries[k])) for k in kept}) == 1 and _is_dated([entries[kept[0]]]):
            return []  # one article that stands there several times
        return _without_strangers(entries, sorted(kept))
    if most == 1 and (lone := _lone(entries, timed)) is not None:
        return [lone]
    return next((days[place] for place, fewest in _DAYS.items() if len(days.get(place, ())) >= fewest), [])


def _lone(entries: list[Entry], timed: dict[tuple[str, str], list[int]]) -> int | None:
    """The only stamp of a source begins a report where it has no day, or text on its line; else it dates an article."""
    (k,) = next(found for found in timed.values() if len(found) == 1)
    entry = entries[k]
    if entry.stamp is None or entry.stamp.role or (entry.place == "alone" and entry.stamp.dated):
        return None
    return k if entry.place in {"alone", "head"} else None


def _without_strangers(entries: list[Entry], starts: list[int]) -> list[int]:
    """Drop the page's own clock before the reports, and lists of other news behind them, written in another form."""
    forms = Counter(_form(entries[k]) for k in starts)
    if len(starts) > 1 and forms[_form(entries[starts[0]])] == 1 and _is_header(entries, starts):
        starts = starts[1:]
    usual, often = forms.most_common(1)[0]
    if often < 3:
        return starts
    for n in range(len(starts) - 1, 0, -1):
        form = _form(entries[starts[n]])
        if form == usual:
            break
        if any(ends_report(entries[k].text) for k in range(starts[n - 1] + 1, starts[n]) if not entries[k].stamp):
            starts = starts[:n]
    return starts


def _moment(entry: Entry) -> tuple[int | None, ...]:
    """What a page may tell machines, behind a text that is the same for all ("1 day ago")."""
    stamp = entry.stamp
    return (stamp.year, stamp.month, stamp.day, stamp.minutes) if stamp else ()


def _form(entry: Entry) -> str:
    return f"{entry.place} {entry.stamp.form}" if entry.stamp else ""


def _clock_form(entry: Entry) -> set[str]:
    return set(entry.stamp.form.split()) & {"clock", "half", "army", "zone", "iso", "time"} if entry.stamp else set()


def _is_header(entries: list[Entry], starts: list[int]) -> bool:
    """Whether a first stamp in a form of its own is the page's and not a report's.

    Such a one has a day and another clock than the reports', or nothing stands under it, or buttons do, or more than
    under the others.
    """
    one, two = entries[starts[0]], entries[starts[1]]
    if one.stamp and two.stamp and one.stamp.dated and not two.stamp.dated and _clock_form(one) != _clock_form(two):
        return True
    under = entries[starts[0] + 1 : starts[1]]
    if one.place in WITH_TEXT:
        return False
    if not under or under[0].left or not any(_is_text(entry) for entry in under):
        return True
    bodies = [sum(_is_body(entries[k]) for k in range(first + 1, after)) for first, after in pairwise(starts)]
    return bodies[0] >= 3 and bodies[0] > 2 * median_low(bodies[1:] or [0])


MOST_BESIDE: Final = 60
SHORTEST_PARAGRAPH: Final = 40


def is_beside(entries: list[Entry], starts: list[int]) -> bool:
    """Whether the stamps are those of a list of other news, headlines alone, under an article longer than it."""
    if len(starts) > MOST_BESIDE or starts[0] == 0:
        return False
    before = [
        len(entry.text) for entry in entries[: starts[0]] if _is_body(entry) and len(entry.text) >= SHORTEST_PARAGRAPH
    ]
    listed = [entry for entry in entries[starts[0] :] if not entry.left]
    if any(is_prose(entry.text[entry.stamp.rest :] if entry.stamp else entry.text) for entry in listed):
        return False
    return (
        len(before) >= 3 and sum(before) > sum(len(entry.text) for entry in listed) and _is_dated(entries[: starts[0]])
    )


def is_behind(entries: list[Entry], starts: list[int]) -> bool:
    """Whether the stamps are those of comments or other news behind a dated article, parted by a line of its own."""
    end = next((k for k in range(starts[0]) if not entries[k].stamp and ends_report(entries[k].text)), None)
    if end is None or any(_is_body(entry) for entry in entries[end : starts[0]]):
        return False
    before = [entry for entry in entries[:end] if _is_body(entry) and len(entry.text) >= SHORTEST_PARAGRAPH]
    whole = sum(len(entry.text) for entry in before)
    behind = sum(len(entry.text) for entry in entries[end:] if not entry.left)
    return len(before) > 1 and whole > behind and _is_dated(entries[:end])


def is_calendar_within(entries: list[Entry], starts: list[int]) -> bool:
    """Whether the stamps are those of a calendar ("March 5: …") set in an article that tells more than it."""
    if any(entries[k].place != "head of a day" for k in starts):
        return False
    listed = set(starts)
    others = [
        len(entry.text)
        for k, entry in enumerate(entries)
        if k not in listed and _is_body(entry) and len(entry.text) >= SHORTEST_PARAGRAPH
    ]
    before = sum(_is_body(entry) for entry in entries[: starts[0]])
    return before >= 3 and sum(others) > sum(len(entries[k].text) for k in starts)


def _is_dated(entries: list[Entry]) -> bool:
    return any(entry.stamp and entry.stamp.dated and entry.place in {*ALONE, "tail", "dateline"} for entry in entries)


def _is_text(entry: Entry) -> bool:
    return not entry.left and not entry.stamp


def _is_body(entry: Entry) -> bool:
    return not entry.left and entry.place not in ALONE and is_prose(entry.text)


def stamps_first(entries: list[Entry], starts: list[int]) -> tuple[list[Entry], list[int]]:
    """Put each stamp before its report where all stand behind theirs, as in what messengers export."""
    if len(starts) < 3 or starts[-1] != len(entries) - 1 or not all(_is_line_of_its_own(entries[k]) for k in starts):
        return entries, starts
    if any(after - before < 2 for before, after in pairwise(starts)):  # a stamp that stands alone has no report
        return entries, starts
    head = starts[0]
    while head > 0 and _is_body(entries[head - 1]):
        head -= 1
    if starts[0] - head not in {1, 2} or any(_is_day(entry) for entry in entries[head:]):
        return entries, starts
    turned, places = entries[:head], []
    for before, after in pairwise([head - 1, *starts]):
        places.append(len(turned))
        turned += [entries[after], *entries[before + 1 : after]]
    return turned, places


LONGEST_SECTION: Final = 24


def _is_line_of_its_own(entry: Entry) -> bool:
    """Whether a stamp stands alone, or with only the section of its report ("18:20 | 17.10.2020 | Politics")."""
    short = entry.stamp is not None and len(entry.text) - entry.stamp.rest <= LONGEST_SECTION
    return entry.place == "alone" or (entry.place == "head" and short)


def _is_day(entry: Entry) -> bool:
    return entry.place == "day"


def find_titles(entries: list[Entry], starts: list[int]) -> dict[int, int]:
    """Return the line of the headline of each report whose headline stands before its stamp; else nothing."""
    before = {}
    after = 0
    first = -1
    for k in starts:
        above = next((j for j in range(k - 1, first, -1) if not entries[j].left and entries[j].place != "day"), None)
        if above is not None and not entries[above].stamp and is_title(entries[above].text):
            before[k] = above
        if entries[k].place in {"alone", "tail", "tail of a day"}:
            below = next((e for e in entries[k + 1 : k + 8] if not e.left), None)
            after += below is not None and not below.stamp and is_title(below.text)
        first = k
    if len(before) < 0.6 * len(starts) or starts[0] not in before:
        return {}
    ends_with_stamp = not any(not e.left for e in entries[starts[-1] + 1 :])
    return before if after < 0.4 * len(starts) or ends_with_stamp else {}
