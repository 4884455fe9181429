"""How pages write times and days: one small grammar, read from left to right (pure).

A stamp is a run of times, days, zones and the marks and small words between them, at the beginning of a line:
"03:26 GMT 03.10.2020", "15 Oct 2020, 18:43", "Saturday, October 17", "10:41 p.m.:", "Updated at 18.43 BST",
"[2020-10-17T10:15:00+04:00]". Each piece is looked for only where the one before it ended, so that reading a line takes
time in proportion to the stamp and not to the line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

__all__ = [
    "DAY",
    "LOCAL",
    "MONTH",
    "WEEKDAYS",
    "YEAR",
    "Stamp",
    "Zone",
    "day_of",
    "month_of",
    "offset",
    "read_dateline",
    "read_stamp",
    "read_tail",
    "stands_alone",
]

Zone = int | str
"""Minutes east of UTC, or the IANA name of a clock that changes with the season."""

LOCAL: Final = 240
"""The clock of the region, UTC+4 all year, in minutes; an event's day is a day of this clock."""

LONGEST_STAMP: Final = 120
MOST_PIECES: Final = 16

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
YEAR: Final = r"(?:19[89]|20[0-4])\d"
DAY: Final = r"(?:[12]\d|3[01]|0?[1-9])"
_MARKS: Final = r",;|•·∙▪●◦○►»«–—()\[\]/@*_\#>:.‐‑-"

_ABBREVIATED: Final[dict[str, Zone]] = {
    "GMT": 0, "UTC": 0, "BST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180, "EST": -300, "EDT": -240,
    "ET": "America/New_York", "PST": -480, "PDT": -420, "PT": "America/Los_Angeles", "MSK": 180, "TRT": 180,
    "AMT": LOCAL, "AZT": LOCAL, "GST": LOCAL, "IRST": 210, "EAT": 180, "PKT": 300, "AEST": 600, "AEDT": 660,
}  # fmt: skip
_SPELLED: Final[dict[str, Zone]] = {
    "greenwich mean time": 0, "british summer time": 60, "central european time": 60,
    "central european summer time": 120, "eastern time": "America/New_York",
    "moscow time": 180, "turkish time": 180, "istanbul time": 180, "ankara time": 180, "yerevan time": LOCAL,
    "armenian time": LOCAL, "armenia time": LOCAL, "stepanakert time": LOCAL, "baku time": LOCAL,
    "azerbaijani time": LOCAL, "azerbaijan time": LOCAL, "tbilisi time": LOCAL, "local time": LOCAL,
    "tehran time": "Asia/Tehran", "london time": "Europe/London", "paris time": "Europe/Paris",
    "berlin time": "Europe/Berlin", "prague time": "Europe/Prague", "kyiv time": "Europe/Kyiv",
    "kiev time": "Europe/Kyiv",
}  # fmt: skip
ZONES: Final = {name.lower(): zone for name, zone in (_ABBREVIATED | _SPELLED).items()}
_ABBREVIATIONS: Final = "|".join(sorted(_ABBREVIATED, key=len, reverse=True))
_SPELT: Final = "|".join(name.replace(" ", r"\ ") for name in sorted(_SPELLED, key=len, reverse=True))

_PIECE: Final = re.compile(
    rf"""
    (?P<iso>(?P<iy>{YEAR})-(?P<im>0[1-9]|1[0-2])-(?P<id>0[1-9]|[12]\d|3[01])
        (?:[t ]\ ?(?P<ih>[01]\d|2[0-3]):(?P<in>[0-5]\d)(?::[0-5]\d(?:[.,]\d{{1,9}})?)?
        (?:\ ?(?P<iz>z\b|[+-](?:0\d|1[0-4]):?[0-5]\d))?)?(?!\d))
    | (?P<ymd>(?P<yy>{YEAR})(?P<s1>[./])(?P<ym>0?[1-9]|1[0-2])(?P=s1)(?P<yd>{DAY})(?!\d))
    | (?P<num>(?P<n1>{DAY})(?P<s2>[./-])(?P<n2>{DAY})(?P=s2)(?P<ny>{YEAR}|[12]\d(?!\d)))
    | (?P<dotted>(?P<dd>{DAY})\.(?P<dm>0[1-9]|1[0-2])\.(?!\d))
    | (?P<ago>(?P<many>\d{{1,3}}|an?|one|two|three)\ ?
        (?P<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?|years?)\ ago\b)
    | (?P<relative>today|yesterday)\b
    | (?P<half>(?P<ah>1[0-2]|0?[1-9])(?:[:.](?P<an>[0-5]\d)(?::[0-5]\d)?)?\ {{0,2}}(?P<ap>[ap])\.?\ ?m(?![a-z])\.?)
    | (?P<clock>(?P<ch>[01]\d|2[0-3]|\d)(?P<mark>[:.h])(?P<cn>[0-5]\d)(?::[0-5]\d(?:\.\d{{1,6}})?)?(?!\d|[.:]\d))
    | (?P<army>(?P<gh>[01]\d|2[0-3])(?P<gn>[0-5]\d)(?=\ ?(?:gmt|utc|hrs|hours)\b))
    | (?P<dmy>(?P<d1>{DAY})(?:st|nd|rd|th)?(?:\ of)?[ -]{{0,2}}(?P<m1>{MONTH})(?![a-z])\.?
        (?:,?[ -]{{0,2}}(?P<y1>{YEAR})(?!:\d))?)
    | (?P<mdy>(?P<m2>{MONTH})(?![a-z])\.?\ {{0,2}}(?P<d2>{DAY})(?:st|nd|rd|th)?(?![\d:]|[.]\d\d)
        (?:[,.]?\ {{0,2}}(?P<y2>{YEAR})(?!:\d))?)
    | (?P<year>{YEAR}(?!:?\d))
    | (?P<weekday>(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?(?![a-z])\.?)
    | (?P<zone>(?P<zn>(?-i:{_ABBREVIATIONS})|gmt|utc|{_SPELT})(?![a-z])(?:\ ?(?P<zo>[+-]\d{{1,2}}(?::?[0-5]\d)?))?)
    | (?P<role>(?:first\ |last\ )?(?P<which>published|posted|publication|created|added|updated?|upd|modified|edited)\b)
    | (?P<word>(?:at|on|of|the|date|time|day|hrs|hours)\b)
    | (?P<sep>[\s{_MARKS}]+)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BEGINS: Final = re.compile(
    rf"[\s{_MARKS}]{{0,20}}(?:\d|(?:{MONTH}|mon|tue|wed|thu|fri|sat|sun|first|last|publi|posted|created|added|upd|modified"
    r"|edited|today|yesterday|an?\b|one\b|two\b|three\b|at\b|on\b|day|date|time))",
    re.IGNORECASE,
)
_SEPARATOR: Final = re.compile(rf"[\s{_MARKS}]+")
_SMALL: Final = re.compile(r"\b(?:hrs|hours|local|time|date|by|share|live)\b", re.IGNORECASE)
_EDGES: Final = " \t,;|•·∙▪●◦○►»«–—()[]/@*_#>:.‐‑-"
_PARTS: Final = re.compile(r"[:|–—•·∙▪●]|-(?=\s)|\s-")
"""A mark that parts a stamp from the text of its report."""


@dataclass(slots=True)
class Stamp:
    """What a line begins with: a time, a day, or both, as far as it is written.

    `minutes` of the day are on the clock `zone`. `order` holds the two numbers of a day like 10/02 of which nobody
    knows yet which is the month. `ago` is minutes before the page was seen, `relative` days (0 today, -1 yesterday).
    `role` is "published", "updated" or "". The stamp ends at `end`; `rest` is where the text behind it and its mark
    begins, which are `parted` by a mark or not. `loose` is a time with a dot, which may be a number. `form` tells how
    it is written.
    """

    minutes: int | None = None
    zone: Zone | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    order: tuple[int, int] | None = None
    ago: int | None = None
    relative: int | None = None
    role: str = ""
    end: int = 0
    rest: int = 0
    parted: bool = False
    loose: bool = False
    form: str = ""

    @property
    def timed(self) -> bool:
        """Whether it tells a time of day, or how long ago."""
        return self.minutes is not None or self.ago is not None

    @property
    def dated(self) -> bool:
        """Whether it tells a day and a month, in whatever order."""
        return self.day is not None or self.order is not None


def read_stamp(line: str, start: int = 0) -> Stamp | None:
    """Read the stamp that a line has at `start`, or None. Its cost is bounded, however long the line."""
    if not _BEGINS.match(line, start):
        return None
    stamp = taken = Stamp(end=start, rest=start)
    at, latest = start, min(len(line), start + LONGEST_STAMP)
    for _ in range(MOST_PIECES):
        piece = _PIECE.match(line, at, latest)
        if piece is None:
            break
        kind = piece.lastgroup or ""
        if kind not in _IDLE:
            if kind == "role" and stamp.dated and stamp.timed and taken is stamp:
                taken = Stamp()  # when it was changed, behind when it was published: read, and left
            if not _TAKERS[kind](taken, piece):
                break
            stamp.end = piece.end()
            stamp.form += kind + " " if taken is stamp else ""
        at = piece.end()
    if not (stamp.timed or stamp.dated or stamp.weekday is not None or stamp.relative is not None):
        return None
    between = _SEPARATOR.match(line, stamp.end, stamp.end + 20)
    stamp.rest = between.end() if between else stamp.end
    stamp.parted = bool(between and _PARTS.search(between[0]))
    return stamp


def stands_alone(stamp: Stamp, line: str) -> bool:
    """Whether nothing but marks and small words ("10:15 hrs") follow the stamp in its line."""
    return len(line) - stamp.end <= 30 and not _SMALL.sub("", line[stamp.end :]).strip(_EDGES)


_TAIL: Final = re.compile(rf"(?<![\w.])(?:{DAY}[ ./-]|{MONTH}\b|{YEAR}[-/.]|\d{{1,2}}:\d\d)", re.IGNORECASE)
LONGEST_WITH_TAIL: Final = 90


def read_tail(line: str) -> Stamp | None:
    """Read a stamp that ends a short line: a day with its time or year ("Politics 28 October 2020 13:41"), or None."""
    if len(line) > LONGEST_WITH_TAIL or not (line[-1:].isalnum() or line[-1:] in ")]."):
        return None
    for found in _TAIL.finditer(line):
        stamp = read_stamp(line, found.start())
        if stamp and stamp.dated and (stamp.timed or stamp.year) and stands_alone(stamp, line):
            return stamp
    return None


def _set_day(stamp: Stamp, day: str, month: int, year: str | None) -> bool:
    if stamp.dated:  # some pages print it twice, for two kinds of readers
        return (stamp.day, stamp.month) == (int(day), month)
    stamp.day, stamp.month = int(day), month
    if year:
        stamp.year = int(year)
    return True


def _set_time(stamp: Stamp, hours: int, minutes: int) -> bool:
    # A page may print a time twice, on two clocks or for readers and for machines: the first one counts.
    if stamp.minutes is None:
        stamp.minutes = hours * 60 + minutes
    return True


def _take_iso(stamp: Stamp, piece: re.Match[str]) -> bool:
    if not _set_day(stamp, piece["id"], int(piece["im"]), piece["iy"]):
        return False
    if piece["ih"]:
        if piece["iz"]:
            stamp.zone = 0 if piece["iz"] in "zZ" else _shift(piece["iz"])
        _set_time(stamp, int(piece["ih"]), int(piece["in"]))
    return True


def _shift(text: str) -> int:
    digits = re.sub(r"\D", "", text)
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return (hours * 60 + minutes) * (-1 if text.startswith("-") else 1)


def _take_num(stamp: Stamp, piece: re.Match[str]) -> bool:
    first, second, year = int(piece["n1"]), int(piece["n2"]), int(piece["ny"])
    if stamp.dated or (first > 12 and second > 12):
        return False
    stamp.year = year if year > 99 else 2000 + year
    if first > 12 or first == second or (piece["s2"] == "." and second <= 12):  # dots are never American
        stamp.day, stamp.month = first, second
        stamp.form += "european " if first > 12 else ""
    elif second > 12:
        stamp.day, stamp.month = second, first
        stamp.form += "american "
    else:
        stamp.order = (first, second)
    return True


_UNITS: Final = {"s": 0, "m": 1, "h": 60, "d": 1440}
_COUNTS: Final = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}


def _take_ago(stamp: Stamp, piece: re.Match[str]) -> bool:
    if piece["unit"][:2].lower() in {"we", "mo", "ye"}:  # too long ago to tell a day
        return stamp.dated or bool(stamp.role)
    many = piece["many"].lower()
    stamp.ago = (_COUNTS.get(many) or int(many)) * _UNITS[piece["unit"][0].lower()]
    return True


def _take_relative(stamp: Stamp, piece: re.Match[str]) -> bool:
    stamp.relative = -1 if piece["relative"].lower() == "yesterday" else 0
    return True


def _take_clock(stamp: Stamp, piece: re.Match[str]) -> bool:
    if stamp.minutes is None:
        stamp.loose = piece["mark"] != ":"
    return _set_time(stamp, int(piece["ch"]), int(piece["cn"]))


def _take_year(stamp: Stamp, piece: re.Match[str]) -> bool:
    if stamp.year is not None or not stamp.dated:
        return False
    stamp.year = int(piece["year"])
    return True


def _take_weekday(stamp: Stamp, piece: re.Match[str]) -> bool:
    if stamp.weekday is not None:
        return False
    stamp.weekday = WEEKDAYS.index(piece["weekday"][:3].lower())
    return True


def _take_zone(stamp: Stamp, piece: re.Match[str]) -> bool:
    if stamp.minutes is None:
        return False
    if stamp.zone is None:
        zone = ZONES[piece["zn"].lower()]
        stamp.zone = zone + _shift(piece["zo"]) if piece["zo"] and isinstance(zone, int) else zone
    return True


def _take_role(stamp: Stamp, piece: re.Match[str]) -> bool:
    role = piece["role"].lower()
    if role == "update" and (stamp.timed or stamp.dated):  # "10:15 Update", "November 5 update": what follows is one
        return stamp.timed
    stamp.role = "published" if piece["which"].lower()[:3] not in {"upd", "mod", "edi"} else "updated"
    return True


def month_of(text: str) -> int:
    """Return the number of a month by its name, in full or short."""
    return MONTHS.index(text[:3].lower()) + 1


_IDLE: Final = frozenset(("word", "sep"))
_TAKERS: Final[dict[str, Callable[[Stamp, re.Match[str]], bool]]] = {
    "iso": _take_iso,
    "ymd": lambda stamp, piece: _set_day(stamp, piece["yd"], int(piece["ym"]), piece["yy"]),
    "num": _take_num,
    "dotted": lambda stamp, piece: _set_day(stamp, piece["dd"], int(piece["dm"]), None),
    "ago": _take_ago,
    "relative": _take_relative,
    "half": lambda stamp, piece: _set_time(
        stamp, int(piece["ah"]) % 12 + 12 * (piece["ap"] in "pP"), int(piece["an"] or 0)
    ),
    "clock": _take_clock,
    "army": lambda stamp, piece: _set_time(stamp, int(piece["gh"]), int(piece["gn"])),
    "dmy": lambda stamp, piece: _set_day(stamp, piece["d1"], month_of(piece["m1"]), piece["y1"]),
    "mdy": lambda stamp, piece: _set_day(stamp, piece["d2"], month_of(piece["m2"]), piece["y2"]),
    "year": _take_year,
    "weekday": _take_weekday,
    "zone": _take_zone,
    "role": _take_role,
}

# ── datelines ───────────────────────────────────────────────────────────────────────────────────────────────

_DATELINE: Final = re.compile(
    rf"""
    (?P<city>[A-Z][\w.'’/ -]{{1,40}}(?:,\s?[A-Z][\w.'’ -]{{1,30}})?)
    \s?(?:[,.]|[-–—/(]{{1,2}})\s?
    (?P<day>(?i:(?:{DAY}\s{{1,2}}{MONTH}|{MONTH}\.?\s{{0,2}}{DAY})(?:,?\s{{1,2}}{YEAR})?
        |{DAY}\.(?:0[1-9]|1[0-2])\.(?:20)?[12]\d)(?![\w:]))
    [\s.,:)]{{0,3}}
    (?P<agency>/[\w .-]{{2,30}}/|/[\w.-]{{2,20}}:|\([A-Z][\w .-]{{1,30}}\)|[A-Z][A-Z.-]{{2,20}}\b
        |[A-Z][\w-]{{2,20}}\.(?=\s[A-Z])|(?=[-–—]))?
    [\s.:,–—-]{{0,6}}
    """,
    re.VERBOSE,
)


def read_dateline(line: str) -> Stamp | None:
    """Read a dateline like "YEREVAN, October 17. /TASS/. " at the beginning of a line, or None."""
    found = _DATELINE.match(line, 0, LONGEST_STAMP) if line[:1].isupper() else None
    if found is None or not (found["agency"] is not None or found["city"].split(",")[0].isupper()):
        return None
    stamp = read_stamp(found["day"])
    if stamp is None:
        return None
    stamp.end = stamp.rest = found.end()
    stamp.parted = True
    return stamp


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the day, or None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def offset(zone: Zone, day: date, minutes: int) -> int:
    """Return how many minutes a clock is ahead of UTC at a time that it shows."""
    if isinstance(zone, int):
        return zone
    shown = datetime.combine(day, time(minutes // 60, minutes % 60), ZoneInfo(zone))
    ahead = shown.utcoffset() or timedelta()
    return round(ahead.total_seconds() / 60)
