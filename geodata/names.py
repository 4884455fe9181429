"""Toponyms made comparable across scripts, diacritics and habits of transliteration.

Pure functions on text, without any table of places:

* `fold` is the strict key: two spellings that fold alike are one name written in two ways (`fold_each` for many);
* `skeleton` is the loose key: it also merges what transliterations disagree on
  (kh/x, gh/g/q, dzh/j/c, a/e, y/i, doubled letters), so it may merge two different names;
* `similarity` is a number from 0 to 1, for ranking what matched neither key.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

__all__ = ["MAX_COMPARED", "fold", "fold_each", "similarity", "skeleton"]

MAX_COMPARED: Final = 256
"""`similarity` looks at this many folded characters at most: no toponym is longer, and the
edit distance behind it costs the product of both lengths."""

# Apostrophes mark aspiration (Step'anakert) or softness (Kel'badzhar) and vanish;
# every other mark separates words.
_APOSTROPHES: Final = "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u2018\u2019\u201b\u2032\u055a\u055b\u055f\uff07"

_LATIN: Final = {
    "ə": "e",
    "ǝ": "e",
    "ı": "i",
    "ğ": "gh",
    "ǧ": "gh",
    "ş": "sh",
    "ș": "sh",
    "š": "sh",
    "ç": "ch",
    "č": "ch",
    "ž": "zh",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
}

_ARMENIAN: Final = {
    **dict(zip("աբգդեզէըթիլկհմյնոպռսվտրւփքօֆ", "abgdezeytilkhmynoprsvtrvpkof", strict=True)),
    "ժ": "zh",
    "խ": "kh",
    "ծ": "ts",
    "ձ": "dz",
    "ղ": "gh",
    "ճ": "ch",
    "շ": "sh",
    "չ": "ch",
    "ջ": "j",
    "ց": "ts",
}

_CYRILLIC: Final = {
    **dict(zip("абвгдезийклмнопрстуфыэіјәҝһҹөү", "abvgdeziyklmnoprstufyeiyeghjou", strict=True)),
    "ё": "e",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
    "є": "ye",
    "ї": "yi",
    "ґ": "g",
    "ғ": "gh",
    "ҷ": "j",
    "қ": "q",
    "ӣ": "i",
    "ӯ": "u",
}

_GEORGIAN: Final = {
    **dict(zip("აბგდევზთიკლმნოპრსტუფქყჯჰ", "abgdevztiklmnoprstupkqjh", strict=True)),
    "ჟ": "zh",
    "ღ": "gh",
    "შ": "sh",
    "ჩ": "ch",
    "ც": "ts",
    "ძ": "dz",
    "წ": "ts",
    "ჭ": "ch",
    "ხ": "kh",
}

_LETTERS: Final = str.maketrans({**_LATIN, **_ARMENIAN, **_CYRILLIC, **_GEORGIAN, **dict.fromkeys(_APOSTROPHES, "")})

# What a letter sounds like depends on its neighbours in these cases only.
_ARMENIAN_U: Final = re.compile("ու")
_WORD_START: Final = re.compile(r"(?<!\w)(?:(ո)(?!վ)|([եеє]))")

_LOOSE: Final = re.compile(r"dzh|dj|kh|gh|sh|ch|zh|ts|ye|yu|ya|iy|[qxcjywe]")
_LOOSE_TO: Final = {
    "dzh": "j",
    "dj": "j",
    "c": "j",
    "ch": "j",
    "j": "j",
    "kh": "h",
    "x": "h",
    "gh": "g",
    "q": "g",
    "sh": "s",
    "zh": "z",
    "ts": "s",
    "ye": "a",
    "ya": "a",
    "yu": "u",
    "iy": "i",
    "y": "i",
    "w": "v",
    "e": "a",
}
_DOUBLED: Final = re.compile(r"(.)\1+")


def _word_start(match: re.Match[str]) -> str:
    return "vo" if match.group(1) else "ye"


# Most text is plain ASCII, and millions of notes are folded for the search: one table does it all.
_ASCII: Final = str.maketrans(
    {
        char: char.lower() if char.isalnum() else None if char in _APOSTROPHES else " "
        for char in map(chr, range(128))
        if not (char.islower() or char.isdigit())
    }
)


def _fold_once(text: str) -> str:
    if not text.isascii():
        try:
            text = _NOT_ASCII.sub(_fold_alone, text)
        except KeyError:
            return " ".join(_fold_letters(text).split())
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    return " ".join(_fold_letters(text).split())


def _fold_letters(text: str) -> str:
    text = unicodedata.normalize("NFC", text.casefold())
    text = _WORD_START.sub(_word_start, _ARMENIAN_U.sub("u", text))
    text = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    # A combining mark leaves without a trace; anything else that is not a letter or digit parts words.
    return "".join([c if c.isalnum() else " " for c in text if not unicodedata.combining(c)])


# Latin letters and punctuation fold alike whatever stands beside them, so a text that has no others is folded letter by
# letter, several times as fast; a letter that is not here may depend on its neighbours.
_ALONE: Final = {c: _fold_letters(c) for c in map(chr, (*range(0x80, 0x2B0), *range(0x2010, 0x203B)))}
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")


def _fold_alone(match: re.Match[str]) -> str:
    return _ALONE[match[0]]


def fold(text: str) -> str:
    """Return the key under which spellings of one name meet, whatever their script.

    Case, diacritics and apostrophes go; hyphens, punctuation and runs of white space become one
    space; Armenian, Cyrillic (Russian, Ukrainian, Azerbaijani) and Georgian letters become plain
    Latin ones. Letters of other scripts stay as they are. Idempotent, and linear in the text's
    length.

    >>> fold("Step'anakert") == fold("Ստեփանակերտ") == fold("Степанакерт")
    True
    >>> fold("Xankəndi"), fold("Şuşa"), fold("Nagorno-Karabakh")
    ('xankendi', 'shusha', 'nagorno karabakh')
    """
    return _fold_short(text) if len(text) <= _SHORT else _fold_fully(text)


_SHORT: Final = 32
_KEPT: Final = 8_192


@lru_cache(maxsize=_KEPT)
def _fold_short(text: str) -> str:
    # The words of reports come again and again; what is kept of them takes some two megabytes.
    return _fold_fully(text)


def _fold_fully(text: str) -> str:
    folded = _fold_once(text)
    if folded.isascii():
        return folded
    # Rare letters fold to letters that fold again; three rounds reach rest for all of Unicode.
    for _ in range(4):
        again = _fold_once(folded)
        if again == folded:
            break
        folded = again
    return folded


_TOGETHER: Final = 200
_PARTED: Final = {**_ASCII, 0x1F: "\x1f"}


def fold_each(texts: Sequence[str]) -> list[str]:
    """Return `fold` of each text. Latin texts are folded many at once, which takes half the time."""
    return [folded for at in range(0, len(texts), _TOGETHER) for folded in _fold_together(texts[at : at + _TOGETHER])]


def _fold_together(texts: Sequence[str]) -> list[str]:
    try:
        whole = _NOT_ASCII.sub(_fold_alone, "\x1f".join(texts))
    except KeyError:
        return [fold(text) for text in texts]
    parts = whole.translate(_PARTED).split("\x1f") if whole.isascii() else []
    return [" ".join(part.split()) for part in parts] if len(parts) == len(texts) else [fold(text) for text in texts]


def skeleton(text: str) -> str:
    """Return the loose key: `fold`, with what transliterations disagree on merged.

    Two names with one skeleton are probably one name (Xocalı, Khojaly, Khodzhaly); they need not
    be, so it ranks below `fold` wherever both are used. Linear in the text's length.

    >>> skeleton("Xocalı") == skeleton("Khojaly") == skeleton("Ходжалы")
    True
    """
    loose = _LOOSE.sub(lambda m: _LOOSE_TO[m.group()], fold(text))
    return _DOUBLED.sub(r"\1", loose.replace(" ", ""))


def similarity(a: str, b: str) -> float:
    """Return how alike two names read, from 0.0 (nothing shared) to 1.0 (they fold alike).

    Symmetric. A name without a letter or digit is like nothing, 0.0. Only the first
    `MAX_COMPARED` folded characters count, so hostile input costs no more than its length.
    """
    left, right = fold(a)[:MAX_COMPARED], fold(b)[:MAX_COMPARED]
    if not left or not right:
        return 0.0
    if left > right:
        left, right = right, left
    return float(fuzz.ratio(left, right)) / 100.0
