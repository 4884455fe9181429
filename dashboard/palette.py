"""One accent, and a colour and a sign for each event type.

The colours are told apart with each of the three kinds of colour-blindness (tests/dashboard/test_palette.py measures
it); the signs, of a set that every system's fonts hold, tell the types apart without colour.
"""

from typing import NamedTuple


class Mark(NamedTuple):
    """How a type is drawn: colour (white letters can be read on it), sign, and bar pattern."""

    colour: str
    sign: str
    pattern: str


TYPES = {
    "Battles": Mark("#872054", "×", ""),
    "Explosions/Remote violence": Mark("#cb5d44", "☼", "/"),
    "Violence against civilians": Mark("#9c409f", "▼", "x"),
    "Protests": Mark("#318c7e", "○", "."),
    "Riots": Mark("#004600", "♦", "+"),
    "Strategic developments": Mark("#1d4baf", "■", "\\"),
    "Diplomacy": Mark("#56677e", "≡", "-"),
    "Humanitarian": Mark("#8f7d0b", "+", "|"),
}
OTHER = Mark("#555555", "•", "")


def mark(event_type: str) -> Mark:
    """The mark of a type."""
    return TYPES.get(event_type, OTHER)


class Theme(NamedTuple):
    """Colours of the figures in one theme; the rest of the page has its own in page.css."""

    ink: str
    quiet: str
    surface: str
    line: str
    accent: str


THEMES = {
    "light": Theme("#1f2a33", "#66737d", "#ffffff", "#d5dade", "#0b5cad"),
    "dark": Theme("#e6ebef", "#9aa7b1", "#171d22", "#38424a", "#6cb2f5"),
}
