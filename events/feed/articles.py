"""An article, and reports that stand under days alone: their paragraphs (pure)."""

from typing import Final

from events.feed.entries import ALONE, Entry, Layout, Part, is_day
from events.feed.furniture import ends_report, is_prose, is_title
from events.feed.headings import days_above
from events.feed.heads import take_page_day, title_of

__all__ = ["lay_out_article"]


def lay_out_article(entries: list[Entry]) -> Layout:
    """Lay out the paragraphs of an article, or of a chronicle that has them under days."""
    layout = Layout()
    _mark_paragraphs(entries)
    entries = days_above(entries)
    days = [k for k, entry in enumerate(entries) if is_day(entry)]
    layout.strict_days = _days_with_text(days, entries) > 1
    first = next((k for k, entry in enumerate(entries) if entry.paragraph), len(entries))
    title = title_of(entries[:first])
    end = _end_of_article(entries)
    under: Entry | None = None
    heading = ""
    number = 0
    for k, entry in enumerate(entries):
        if entry.stamp and (entry.place == "tail of a day" or entry.left == "a byline") and not entry.paragraph:
            take_page_day(entry, layout)
        why = entry.left or ("it stands behind the article" if k >= end else "")
        if is_day(entry) and layout.strict_days and not why:
            under, number, heading = entry, 0, ""
            why = "the heading of a day"
        elif entry.stamp and entry.place in {*ALONE, "tail"} and k < end:
            if layout.title and not number and not entry.stamp.role:  # what stands above its title is the site's
                entry.stamp.role = "published"
            buttons = k + 1 < len(entries) and bool(entries[k + 1].left)
            take_page_day(entry, layout, first=not layout.title and number == 0 and buttons)
            why = "the page's own date"
        elif entry is title:
            layout.title, why = entry.text, "the title of the page"
        elif not why and not entry.paragraph:
            why = "a caption" if _before_credit(entries, k) else "a heading"
            heading = entry.text if is_title(entry.text) and why == "a heading" else heading
        if why:
            layout.left.append((entry.text, why))
            layout.beside.append(entry.text)
            continue
        number += 1
        label = f"{under.text}, paragraph {number}" if under else f"paragraph {number}"
        layout.parts.append(_paragraph(entry, label, heading, under, layout))
    return layout


FEWEST_WORDS: Final = 5


def _mark_paragraphs(entries: list[Entry]) -> None:
    """Mark the paragraphs of an article: its sentences and listed points; of one without a sentence, its lines."""
    fit = [entry for entry in entries if not entry.left and entry.place not in {*ALONE, "tail"}]
    for entry in fit:
        text = entry.text
        point = entry.bullet and text.count(" ") >= FEWEST_WORDS - 1
        entry.paragraph = (
            point or is_prose(text) or len(text) > 250 or entry.place in {"dateline", "head", "head of a day"}
        )
    if not any(entry.paragraph for entry in fit):
        for entry in fit:
            entry.paragraph = entry.text.count(" ") >= FEWEST_WORDS - 1


def _days_with_text(days: list[int], entries: list[Entry]) -> int:
    """Count the days that have a paragraph before the next day."""
    found, open_, left = 0, False, set(days)
    for k, entry in enumerate(entries):
        if k in left:
            open_ = True
        elif open_ and entry.paragraph:
            found, open_ = found + 1, False
    return found


def _before_credit(entries: list[Entry], k: int) -> bool:
    return k + 1 < len(entries) and entries[k + 1].text.startswith("©")


def _end_of_article(entries: list[Entry]) -> int:
    """Return where comments and lists of links begin: behind more text than follows."""
    whole = sum(len(entry.text) for entry in entries if entry.paragraph)
    told = 0
    for k, entry in enumerate(entries):
        if told * 2 > whole and not entry.stamp and ends_report(entry.text):
            return k
        told += len(entry.text) if entry.paragraph else 0
    return len(entries)


def _paragraph(entry: Entry, label: str, heading: str, under: Entry | None, layout: Layout) -> Part:
    part = Part("paragraph", label, under=under.stamp if under else None, title=heading, lines=[entry.text])
    if entry.place in {"dateline", "head of a day"} and entry.stamp:
        if entry.place == "dateline":
            part.dateline = entry.stamp
        else:
            part.stamp = entry.stamp
        if rest := entry.text[entry.stamp.rest :]:
            part.lines = [rest]
            layout.left.append((entry.text[: entry.stamp.rest].strip(), "a dateline"))
    return part
