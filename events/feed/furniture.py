"""What stands on a page and is no report: links, buttons, notices, captions, bylines (furniture.toml says which)."""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Final

__all__ = ["ends_report", "folded", "is_prose", "is_title", "why_left_out"]

LONGEST_LOOKED_AT: Final = 420
MARKS: Final = r"[\s.:!»›>…]*"

_CREDITED: Final = ("reuters", "afp", "/ap", "ap photo", "epa", "getty", "anadolu", "tass", "photolure", "sputnik")
_PICTURED: Final = (
    "photo", "image", "picture", "pictured", "handout", "screenshot", "screengrab", "screen grab", "video", "courtesy",
    "still", "illustration", "©", "credit", "caption", "sputnik international", "file:", *_CREDITED,
)  # fmt: skip
_CAPTION: Final = re.compile(
    r"""^©
    | ^\(?(?:photos?|images?|file\ photo|archive\ photo|screenshot)(?:\ credits?)?\ ?[:/©]
    | ^\(?(?:photos?|images?|pictures?|video|illustration|graphic|map)(?:\ credits?)?\ (?:by|via|courtesy)\b
    | ^(?:an?\ |the\ |this\ |in\ this\ )?
      (?:still\ (?:image|from|frame)|screen\ ?shot|screen\ ?grab|file\ photo|handout|video\ grab)\b
    | [.!?”"')\]]\ ?\(?(?:photos?|images?|pictures?|video)(?:\ ?:|\ by\b|\ courtesy|\ via\b).{2,80}$
    | \b(?:getty\ images|afp\ photo|ap\ photo|epa-efe|photolure)\b.{0,40}$
    | \b(?:handout|via|courtesy)\ (?:via\ |of\ |by\ |from\ )?(?:reuters|afp|ap|getty|epa)\b.{0,20}$
    | [(\[][^()\[\]]{0,80}\b(?:handout|photos?|pictures?|images?|courtesy|screengrab|file)\b[^()\[\]]{0,80}[)\]]\.?$
    | [(\[][^()\[\]]{0,60}/\ ?(?:reuters|afp|ap|epa|getty|anadolu|tass|sputnik)[^()\[\]]{0,30}[)\]]\.?$
    | -\ sputnik\ international$
    | \bin\ this\ (?:handout|file|undated|screen\ ?grab|still)\ (?:photo|picture|image|video|from)
    | \b(?:pictured|seen)\ in\ (?:a|an|this)\ (?:still|screengrab|file)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_IN_CAPTIONS: Final = (
    "/", "courtesy", "epa-efe", "file", "getty", "graphic", "handout", "illustration", "image", "in this", "map",
    "photo", "picture", "screen", "seen in", "sputnik", "still", "via", "video",
)  # fmt: skip
"""What plain Latin text holds where _CAPTION finds anything: one of these for each of its alternatives."""
_ENDS_WITH_DAY: Final = re.compile(r"\b(?:[A-Z][a-z]{2,8} \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}),? (?:19|20)\d\d$")
SHORTEST_CAPTION: Final = 80
_CRUMBS: Final = re.compile(r"[^/|>›»·•]{1,30}(?:[/|>›»·•][^/|>›»·•]{1,30}){2,12}")
_COOKIES: Final = re.compile(
    r"\bcookies?\b.{0,300}\b(?:consent|settings|preferences|browsing|accept|policy|agree)\b", re.IGNORECASE
)


@cache
def _patterns(section: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    table = tomllib.loads(resources.files("events.feed").joinpath("furniture.toml").read_text("utf-8"))[section]
    return tuple((re.compile(rf"(?:{'|'.join(lines)}){MARKS}", re.IGNORECASE), why) for why, lines in table.items())


def why_left_out(text: str) -> str:
    """Return why a line is no part of a report, or ""."""
    if len(text) > LONGEST_LOOKED_AT:
        return "a notice" if _is_of_cookies(text[:LONGEST_LOOKED_AT]) else ""
    prose = is_prose(text)
    for section in ("sentences",) if prose else ("lines", "sentences"):
        for pattern, why in _patterns(section):
            if pattern.fullmatch(text):
                return why
    if _is_caption(text):
        return "a caption"
    if _is_of_cookies(text):
        return "a notice"
    if not prose and len(text) < 160 and _CRUMBS.fullmatch(text):
        return "navigation"
    return ""


def _is_of_cookies(text: str) -> bool:
    # Few lines hold the letters at all, and to look for those takes a tenth of the time.
    return "coo" in text.casefold() and bool(_COOKIES.search(text))


def _is_caption(text: str) -> bool:
    holds = text.casefold().__contains__
    # "epa" stands in Stepanakert, and the pattern is slow: what it cannot do without is looked for first.
    if any(map(holds, _PICTURED)) and (any(map(holds, _IN_CAPTIONS)) or not text.isascii()) and _CAPTION.search(text):
        return True
    # Agencies end the description of a picture with its day, without a full stop.
    return len(text) >= SHORTEST_CAPTION and text[-1:].isdigit() and bool(_ENDS_WITH_DAY.search(text))


def ends_report(text: str) -> bool:
    """Whether nothing after this line belongs to the report that it stands in: comments and lists of links begin."""
    return len(text) <= 80 and any(pattern.fullmatch(text) for pattern, _ in _patterns("ends"))


_STOPS: Final = frozenset(".!?…")
_SENTENCE: Final = re.compile(r"[a-z]{3}[.!?][\"'”’)]* ")
_CLOSING: Final = " \t\"'”’»)]*"


def is_prose(text: str) -> bool:
    """Whether a line reads as a sentence or more: it ends like one and is longer than a shout."""
    return len(text) >= 25 and (
        text.rstrip(_CLOSING)[-1:] in _STOPS or (len(text) > 40 and bool(_SENTENCE.search(text)))
    )


def is_title(text: str) -> bool:
    """Whether a line may be a headline: a few words that do not end like a sentence."""
    return len(text) <= 250 and text[-1:] not in frozenset(".:;,") and 1 <= text.count(" ") <= 34 and not is_prose(text)


def folded(text: str) -> str:
    """Return a line without regard to capitals and spaces, to see whether it stands there twice."""
    return "".join(text.casefold().split())
