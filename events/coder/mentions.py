"""A mention of somebody in a sentence, and how its actor is called (leaf)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

__all__ = ["TEMPLATES", "Mention", "actor_of"]

TEMPLATES: Final = {
    "government": "Government of {}",
    "force": "Military Forces of {}",
    "civilians": "Civilians ({})",
    "opposition": "Opposition ({})",
    "protesters": "Protesters ({})",
    "police": "Police Forces of {}",
    "media": "Local media ({})",
}
"""Kind of actor → the codebook's name for that of a state."""


@lru_cache(maxsize=1024)  # kinds of actors times states
def actor_of(kind: str, state: str) -> str:
    """Return the codebook's name for a kind of actor of a state ('force', 'Armenia')."""
    if kind == "peacekeepers":
        return "Russian Peacekeeping Forces" if state == "Russia" else f"{state} Peacekeeping Forces"
    if kind == "journalists":
        return "Journalists"
    if kind == "fighters" and state in ("Syria", "Libya", ""):
        return "Syrian Fighters"
    return TEMPLATES["force" if kind == "fighters" else kind].format(state)


@dataclass(slots=True)
class Mention:
    """Words `start` to `end` (excluded) of a sentence that name somebody.

    `actors` are the codebook's names, empty where only the discourse can tell. `kind`: government, force, civilians,
    …, organisation, state (a bare country or capital), adjective ('Armenian' before a noun that names nobody), pronoun.
    `owner` is ours, enemy, sides or ''. `noun` is the office or force as written (of a bare state: name or capital),
    `before` the preposition in front.
    """

    start: int
    end: int
    kind: str
    actors: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    noun: str = ""
    owner: str = ""
    before: str = ""
    person: bool = False
    genitive: bool = False
    name: str = ""
    """The surname, where a person is named."""
    inherited: bool = False
    """Whether `before` is the preposition of the mention that it is listed with."""
    seat: str = ""
    """The place_id where this office sits, if it is not its actor's own seat."""

    @property
    def speaks(self) -> bool:
        """Whether it can be whose word something is."""
        return self.kind not in ("adjective", "civilians")
