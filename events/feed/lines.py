"""A source as lines: what a line is, and text by its line structure (pure)."""

import codecs
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

__all__ = ["BULLET", "Line", "Page", "clean_line", "decoded", "text_page"]


class Line(NamedTuple):
    """One line of text, or one block of a page, cleaned.

    `left` is why it is no report, where the markup says so. `heading` is whether the page marks it as one; `moment`
    is the time that the page gives to machines for it (the `datetime` of a `time`); `bullet` whether it is a point of
    a list; `gap` whether a blank line or the end of a block stands before it.
    """

    text: str
    left: str = ""
    heading: bool = False
    moment: str = ""
    bullet: bool = False
    gap: bool = False


@dataclass(slots=True)
class Page:
    """The lines of a source, and what a saved page says of itself to machines."""

    lines: list[Line]
    title: str = ""
    site: str = ""
    address: str = ""
    published: str = ""
    marked_up: bool = False


_CRAWLED: Final = re.compile(r"\ufeff?\s{0,20}date:? ((?:19|20)\d\d-[01]\d-[0-3]\d)(?=\s)", re.IGNORECASE)


# ── letters ─────────────────────────────────────────────────────────────────────────────────────────────────

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s{0,3}=\s{0,3}[\"']?\s{0,3}([\w.:-]{2,40})", re.IGNORECASE)


def decoded(source: bytes) -> str:
    """Read bytes as text: by their mark of byte order, as UTF-8, as the page says, else as Western letters."""
    for mark, name in _MARKS:
        if source.startswith(mark):
            return source[len(mark) :].decode(name, "replace")
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError:
        pass
    told = _CHARSET.search(source, 0, 4096)
    names = [told[1].decode("ascii", "replace")] if told else []
    for name in (*names, "cp1252"):
        try:
            return source.decode(name, "strict" if name == "cp1252" else "replace")
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return source.decode("utf-8", "replace")


# Marks of direction, joiners and other signs without a shape: they hide words from whoever looks for them.
_UNSEEN: Final = dict.fromkeys(
    [
        *range(9),
        *range(14, 28),
        0x7F,
        *range(0x80, 0x85),
        *range(0x86, 0xA0),
        0xAD,
        0x61C,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFE0E,
        0xFE0F,
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
        *range(0xE0000, 0xE0080),
    ]
)  # fmt: skip
_ODD: Final = re.compile(r"[^\x1c-\x7e\u00a1-\u00ac\u00ae-\u024f\u2010-\u201f]")


def clean_line(line: str) -> str:
    """Return a line without signs that have no shape, its spaces made one each."""
    if not (line.isascii() and line.isprintable()) and _ODD.search(line):
        line = line.translate(_UNSEEN)
    return " ".join(line.split())


# ── text ────────────────────────────────────────────────────────────────────────────────────────────────────

BULLET: Final = re.compile(r"(?:[•∙▪●◦○►■□◆‣⁃][\s•]*|[*-]\s+|#{1,6}\s+|>\s+)(?=\S)")


def text_page(text: str) -> Page:
    """Take text apart by its lines; those broken to fit a width are joined again."""
    dated = _CRAWLED.match(text, 0, 200)  # crawlers put the day of a page before its text
    if dated is None:
        return Page(_lines(text))
    own = Line(clean_line(dated[0]), left="the page's own date")
    return Page([own, *_lines(text[dated.end() :])], published=dated[1])


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    gap = False
    for raw in text.splitlines():
        line = clean_line(raw)
        if not line:
            gap = True
            continue
        bullet = BULLET.match(line)
        heading = bool(bullet) and line.startswith("#")
        if bullet:
            line = line[bullet.end() :]
        if line.startswith("**"):  # Markdown's strong type, as it stands around times
            line = line.replace("**", "").strip()
        if line:
            lines.append(Line(line, heading=heading, bullet=bool(bullet) and not heading, gap=gap or bool(bullet)))
            gap = False
    return _unwrapped(lines)


_WRAP_FROM, _WRAP_TO = 40, 100


def _unwrapped(lines: list[Line]) -> list[Line]:
    """Join what was broken to fit a width: only where many lines go on in small letters in the next."""
    broken = [_goes_on(one, two) for one, two in pairwise(lines)]
    if sum(broken) < 3 or sum(broken) < 0.2 * len(lines):
        return lines
    joined: list[Line] = []
    part: list[str] = []
    for k, line in enumerate(lines):
        if k and (broken[k - 1] or (part and _may_go_on(lines[k - 1], line))):
            part.append(line.text)
            continue
        if part:
            joined[-1] = joined[-1]._replace(text=" ".join(part))
        joined.append(line)
        part = [line.text]
    if part:
        joined[-1] = joined[-1]._replace(text=" ".join(part))
    return joined


def _goes_on(line: Line, following: Line) -> bool:
    return (
        not following.gap and _WRAP_FROM <= len(line.text) <= _WRAP_TO and following.text[0].islower()
    )  # the text of a line is never empty


def _may_go_on(line: Line, following: Line) -> bool:
    return (
        not following.gap
        and _WRAP_FROM <= len(line.text) <= _WRAP_TO
        and line.text[-1] not in ".!?:"
        and not following.text[0].isdigit()
    )
