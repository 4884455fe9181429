"""A report's text as sentences of words, each word with its characters in the text (leaf).

Linear in the text's length: two regular expressions that never step back over what they have read.
"""

import re
from dataclasses import dataclass, field
from typing import Final

__all__ = ["LONGEST", "Sentence", "sentences"]

LONGEST: Final = 400
"""Words of a sentence, at most: a longer run of text is cut, so that no rule ever looks further."""

_WORD: Final = re.compile(
    r"[A-Za-z]++(?=[ ,])"  # most words; what follows would find them, too, but three times as slowly
    r"|(?:[A-Za-z]\.){2,}"  # U.S., a.m.
    r"|\d+(?:[.,:/]\d+)*(?:st|nd|rd|th)?\b"  # 1,302  16:00  07.10.2020  27th
    r"|[^\W\d_]+(?:['’\-‑][^\W_]+)*|\w+(?:[\-‑]\w+)*"
    r"|[^\w\s]"
)
_GENITIVES: Final = frozenset(("'s", "’s"))
_QUOTES: Final = frozenset('“”"„«»')
_MARKS: Final = _QUOTES | frozenset(".!?…’')]")
"""Marks that open or close a quotation or a sentence."""
_ABBREVIATION: Final = re.compile(
    r"mrs?|ms|dr|gen|maj|col|lt|capt|sgt|st|nos?|[js]r|prof|rep|sen|gov|pres|vs|etc|approx|dept|univ|jan|feb|mar|apr"
    r"|jun|jul|aug|sept?|oct|nov|dec|brig|cmdr|lieut|hon|rev|inc|ltd|co|corp",
    re.IGNORECASE,
)
_DATELINE: Final = re.compile(
    r"\s*(?:[^\W\d_a-z][^\n()]{0,60}?\([A-Za-z. ]{2,30}\)\s*[-–—]+\s*"  # STEPANAKERT (Agency) -
    r"|[^\W\d_a-z]{3,}[^\n/.]{0,40}\.\s*/[A-Za-z]{2,20}/\.?\s*[-–—]?\s*"  # YEREVAN, October 17. /Agency/.
    r"|[^\W\d_a-z]{3,}(?: [^\W\d_a-z]{2,})*,\s*[A-Za-z]{3,9}\.?\s+\d{1,2},?(?:\s*\d{4})?,?\s*[^\W\d_a-z]{4,20}\.\s*"
    r"|[^\W\d_a-z]{2,},\s*[A-Z][a-z]{2,12},?\s+[A-Z][a-z]+\s+\d{1,2}\s*[-–—]+\s*)"
)


@dataclass(slots=True)
class Sentence:
    """One sentence: parallel lists, one entry for each word or mark.

    `words` are small, `raw` as written; word i is `text[starts[i]:ends[i]]`. A genitive is a word of its own ("'s").
    `quoted[i]` tells whether the word stands between double quotation marks.
    """

    number: int
    paragraph: int
    headline: bool
    words: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    quoted: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.words)


def dateline(paragraph: str) -> int:
    """How many characters of a paragraph are its dateline ('YEREVAN (Agency) - '); 0 without one."""
    found = _DATELINE.match(paragraph[:160])
    return found.end() if found else 0


def sentences(text: str) -> list[Sentence]:
    """Take a text apart. Paragraphs are parted by line breaks; a first line without an end mark is a headline."""
    out: list[Sentence] = []
    offset = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.strip():
            skip = dateline(line)
            bare = line.rstrip(" ”\"'’)")
            headline = number == 0 and skip == 0 and bare[-1:] not in ".!?…:;," and len(line) < 220
            _take_apart(line, skip, offset, number, headline, out)
        offset += len(line) + 1
    return out


def _take_apart(line: str, skip: int, offset: int, paragraph: int, headline: bool, out: list[Sentence]) -> None:
    raw, starts, ends, quoted, closings = _read(line, skip, offset)
    words = list(map(str.lower, raw))
    if "’" in line:
        words = [word.replace("’", "'") if len(word) > 1 else word for word in words]
    low = 0
    for closing in (*closings, len(words)):
        while low < closing:
            high = min(closing, low + LONGEST)
            here = slice(low, high)
            out.append(
                Sentence(len(out), paragraph, headline, words[here], raw[here], starts[here], ends[here], quoted[here])
            )
            low = high


def _read(line: str, skip: int, offset: int) -> tuple[list[str], list[int], list[int], list[bool], list[int]]:
    """The words of a line with their beginnings and ends in the text, whether quoted, and where sentences close."""
    raw: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    quoted: list[bool] = []
    closings: list[int] = []
    inside = pending = False
    found = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(line, skip)]
    for at, (word, start, end) in enumerate(found):
        closes = False
        if word in _MARKS:
            if word in _QUOTES:
                inside = not inside if word == '"' else word in "“„«"
            if word in ".!?…":
                pending = _ends(found, at) if word == "." else True
            closes = pending and word not in "“„«" and _opens(found, at)
            pending = pending and not closes and word not in "“„«"
        elif word[-2:] in _GENITIVES and len(word) > 2:
            raw += (word[:-2], "'s")
            starts += (offset + start, offset + end - 2)
            ends += (offset + end - 2, offset + end)
            quoted += (inside, inside)
            continue
        else:
            pending = False
        raw.append(word)
        starts.append(offset + start)
        ends.append(offset + end)
        quoted.append(inside)
        if closes:
            closings.append(len(raw))
    return raw, starts, ends, quoted, closings


def _ends(found: list[tuple[str, int, int]], at: int) -> bool:
    if at == 0:
        return False
    before = found[at - 1][0]
    return not (_ABBREVIATION.fullmatch(before) or (len(before) == 1 and before.isalpha()))


def _opens(found: list[tuple[str, int, int]], at: int) -> bool:
    """Whether a new sentence begins after word `at`: white space, then a capital, a digit or an opening mark."""
    if at == len(found) - 1:
        return True
    word, start, _ = found[at + 1]
    if word in "\"”’')]»" and start == found[at][2]:
        return False
    if start == found[at][2]:
        return False
    if word in "“\"‘'([„«":
        return True
    return not word[:1].islower() and word not in ",;:-–—"
