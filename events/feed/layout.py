"""How the lines of a source are laid out: its reports, the days they stand under, what is none (pure)."""

from typing import Final

from events.feed.articles import lay_out_article
from events.feed.entries import ALONE, WITH_TEXT, Entry, Layout, Part, is_day, read_entries
from events.feed.furniture import ends_report, folded, is_prose, is_title
from events.feed.headings import days_first, head_day, read_headings
from events.feed.heads import SHORTEST_PARAGRAPH, lay_out_head
from events.feed.lines import Page
from events.feed.starts import find_starts, find_titles, is_behind, is_beside, is_calendar_within, stamps_first

__all__ = ["lay_out"]


def lay_out(page: Page) -> Layout:
    """Lay a page out. Every line comes to stand in a part, in its label, or among what is left out."""
    entries = read_entries(page)
    starts = find_starts(entries)
    if starts and (is_beside(entries, starts) or is_behind(entries, starts)):
        for entry in entries[starts[0] :]:
            entry.left, entry.stamp, entry.place = entry.left or "a list of other news", None, ""
        starts = []
    elif starts and is_calendar_within(entries, starts):
        starts = []
    return _feed(*stamps_first(entries, starts)) if starts else lay_out_article(entries)


def _feed(entries: list[Entry], starts: list[int]) -> Layout:
    layout = Layout()
    read_headings(entries, starts)
    entries, starts = days_first(entries, starts, find_titles(entries, starts).get(starts[0], starts[0]))
    titles = find_titles(entries, starts)
    begins = {titles.get(k, k): k for k in starts}
    first = min(begins)
    for entry in entries[starts[-1] :]:
        if is_day(entry) and entry.stamp:  # nothing stands under it: it is the page's
            entry.stamp.role = "published"
    days = [k for k, entry in enumerate(entries) if is_day(entry) and k > first]
    above = head_day(entries, first, days)
    if above is not None:
        days.insert(0, above)
        first = above
    layout.strict_days = len(days) > 1 or (bool(days) and days[0] > first)
    lay_out_head(entries[:first], layout)
    _sections(entries, first, begins, layout)
    return layout


def _sections(entries: list[Entry], first: int, begins: dict[int, int], layout: Layout) -> None:
    """Make a part of each report, from its stamp or its headline to the next."""
    under: Entry | None = None
    section: list[Entry] = []
    start: Entry | None = None
    headlines, pinned = 0, False
    stamps = set(begins.values())

    def finish(*, last: bool = False) -> None:
        if start is not None:
            part = Part("report", _label(start), start.stamp, under.stamp if under else None, pinned=pinned)
            _fill(part, start, section, layout, headlines=headlines, last=last)
            layout.parts.append(part)
        elif under is not None:
            _fill_day(under, section, layout)
        else:
            layout.left += [(entry.text, entry.left or "it stands under no time") for entry in section]

    for k in range(first, len(entries)):
        entry = entries[k]
        if k in begins:
            finish()
            start, section = entries[begins[k]], [entry] if begins[k] != k else []
            headlines, pinned = len(section), k > 0 and entries[k - 1].text.casefold() in _PINNED
        elif is_day(entry):
            _take_title(section, start, layout)
            finish()
            start, section, under = None, [], entry
            layout.left.append((entry.text, "the heading of a day"))
        elif k not in stamps:
            section.append(entry)
    finish(last=True)


def _fill_day(under: Entry, section: list[Entry], layout: Layout) -> None:
    """Make a report of each paragraph that stands under the heading of a day before the first time."""
    number = 0
    for entry in section:
        if entry.left or not is_prose(entry.text) or len(entry.text) < SHORTEST_PARAGRAPH:
            layout.left.append((entry.text, entry.left or "a heading"))
        else:
            number += 1
            label = f"{under.text}, paragraph {number}"
            layout.parts.append(Part("report", label, under=under.stamp, lines=[entry.text]))


def _take_title(section: list[Entry], start: Entry | None, layout: Layout) -> None:
    """Take what entitles the day that follows from the end of the last report before it."""
    if len(section) < 2 and (start is None or start.place not in WITH_TEXT):
        return
    if section and not section[-1].left and not section[-1].stamp and is_title(section[-1].text):
        layout.left.append((section.pop().text, "a heading"))


_PINNED: Final = frozenset(("pinned", "pinned post", "pinned update"))


def _label(start: Entry) -> str:
    stamp = start.stamp
    if stamp is None or start.place in {"alone", "tail", "tail of a day"}:
        return start.text
    return start.text[: stamp.end].rstrip(",;|:- ")


_WORDY: Final = frozenset(("a notice", "a caption", "a link to more"))
SHORTEST_WORDS: Final = 15


def _fill(part: Part, start: Entry, section: list[Entry], layout: Layout, *, headlines: int, last: bool) -> None:
    """Fill a report with its lines, and leave out what is none of it.

    So many of the lines as `headlines` says stand before its stamp.
    """
    body: list[Entry] = []
    left: list[tuple[Entry, str]] = []
    stamp = start.stamp
    behind = start.text[stamp.rest :] if stamp is not None and start.place in WITH_TEXT else ""
    rest = [Entry(behind)] if behind else []
    section = [*section[:headlines], *rest, *section[headlines:]]
    part.dateline = stamp if start.place == "dateline" else None
    over = False
    for k, entry in enumerate(section):
        following = section[k + 1].text if k + 1 < len(section) else ""
        over = over or (not entry.stamp and ends_report(entry.text))
        why = "it stands behind the report" if over else _why_not(entry, following, body)
        if entry.place == "dateline" and entry.stamp and not over:
            part.dateline = part.dateline or entry.stamp
            why = "" if is_prose(entry.text[entry.stamp.rest :]) else "a dateline"
        if why:
            left.append((entry, why))
        else:
            body.append(entry)
    if not body:  # a post that only says goodbye is a report still; it tells of nothing
        said = [why in _WORDY and len(entry.text) >= SHORTEST_WORDS for entry, why in left]
        body = [entry for (entry, _), kept in zip(left, said, strict=True) if kept]
        left = [pair for pair, kept in zip(left, said, strict=True) if not kept]
    while last and len(body) > 1 and not is_prose(body[-1].text):
        left.append((body.pop(), "the foot of the page"))
    part.lines = [entry.text for entry in body]
    layout.left += [(entry.text, why) for entry, why in left]
    layout.page_days += [e.stamp for e, _ in left if e.stamp and e.stamp.dated and e.stamp.role == "published"]
    layout.beside += [entry.text for entry, why in left if why == "a caption"]


def _why_not(entry: Entry, following: str, body: list[Entry]) -> str:
    """Return why a line within a report is no part of it, or ""."""
    why = entry.left
    if not why and entry.stamp and entry.place in {*ALONE, "tail"}:
        why = "when it was changed" if entry.stamp.role else "a time beside the report"
    if why or is_prose(entry.text):
        return why
    if following.startswith("©"):
        return "a caption"
    if body and folded(entry.text) == folded(body[0].text):
        return "its headline again"
    if body and entry.text.count(" ") < 2 and not entry.text.endswith((";", ",")):
        return "a button or a tag"
    return ""
