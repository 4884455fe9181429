"""The head of a page: its title, its own days, and what leads to its reports (pure)."""

import re
from typing import Final

from events.feed.entries import ALONE, LONGEST_LABEL, Entry, Layout, Part
from events.feed.furniture import is_prose, is_title

__all__ = ["SHORTEST_PARAGRAPH", "lay_out_head", "take_page_day", "title_of"]

SHORTEST_PARAGRAPH: Final = 40
TITLES: Final = frozenset(("", "tail of a day"))
"""Places of a stamp in a line that may be a title."""


def lay_out_head(entries: list[Entry], layout: Layout) -> None:
    """Tell the page's title and days, and the paragraphs that lead to its reports."""
    title = title_of(entries)
    above_title = True
    for entry in entries:
        # A line that is a day of the page counts as one already.
        if not (entry.stamp and ((entry.place in ALONE and entry.stamp.dated) or _tells_when_seen(entry))):
            layout.beside.append(entry.text)
        if entry.stamp and (entry.place == "tail of a day" or entry.left == "a byline"):
            take_page_day(entry, layout)
        if entry.stamp and entry.place in {*ALONE, "tail"}:
            take_page_day(entry, layout, first=above_title and not layout.parts)
            layout.left.append((entry.text, "the page's own date"))
        elif entry is title:
            layout.title, above_title = entry.text, False
            layout.left.append((entry.text, "the title of the page"))
        elif entry.left or not is_prose(entry.text) or len(entry.text) < SHORTEST_PARAGRAPH:
            layout.left.append((entry.text, entry.left or "the head of the page"))
        else:
            number = len(layout.parts) + 1
            layout.parts.append(Part("lead", f"lead, paragraph {number}", lines=[entry.text]))


def title_of(entries: list[Entry]) -> Entry | None:
    """Return the line that is the title: what the markup says, else the first headline of more than three words."""
    fit = [
        e
        for e in entries
        if not e.left and e.place in TITLES and is_title(e.text) and (e.heading or e.text.count(" ") > 2)
    ]
    return next((e for e in fit if e.heading), fit[0] if fit else None)


_SEEN: Final = re.compile(r"\b(?:saved|archived|retrieved|accessed|captured|printed|downloaded)\b", re.IGNORECASE)


def _tells_when_seen(entry: Entry) -> bool:
    """Whether a line says when the page was saved, which is no day of its reports."""
    return entry.stamp is not None and bool(_SEEN.search(entry.text[:LONGEST_LABEL]))


def take_page_day(entry: Entry, layout: Layout, *, first: bool = False) -> None:
    """Take a day that is the page's own; `first` is whether it stands above all else."""
    stamp = entry.stamp
    if stamp is None:
        return
    if _tells_when_seen(entry):
        layout.seen_at = layout.seen_at or stamp
        return
    # A clock that shows time and day above everything else is the page's own: it tells when the page was saved.
    if first and stamp.timed and stamp.dated and not stamp.role and layout.seen_at is None and not layout.page_days:
        layout.seen_at = stamp
    else:
        layout.page_days.append(stamp)
