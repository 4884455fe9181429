"""The codebook: event types, sub-types, and actors with every name they go by (leaf).

Read from ``data/codebook.toml``; see there for what each type is used for.
"""

import functools
import re
import tomllib
from dataclasses import dataclass, field
from importlib import resources

from geodata.names import fold

# ACLED and UCDP write the years of a government behind an actor: 'Military Forces of Azerbaijan (2003-)'.
_YEARS = re.compile(r"\s*\(\d{4}\s*[-–]\s*(\d{4})?\)\s*$")


@dataclass(frozen=True)
class EventType:
    """One event type: what it is about, and its sub-types with what each is used for."""

    name: str
    about: str
    sub_types: dict[str, str]


@dataclass(frozen=True)
class Codebook:
    """Types and actors, with look-ups that forgive case, script and diacritics."""

    types: tuple[EventType, ...]
    aliases: dict[str, tuple[str, ...]]
    _by_name: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def type_names(self) -> tuple[str, ...]:
        """The event types, in the codebook's order."""
        return tuple(t.name for t in self.types)

    @property
    def sub_type_names(self) -> tuple[str, ...]:
        """Every sub-type, in the order of the types."""
        return tuple(sub for t in self.types for sub in t.sub_types)

    @property
    def type_of(self) -> dict[str, str]:
        """The type of each sub-type."""
        return {sub: t.name for t in self.types for sub in t.sub_types}

    def find_type(self, text: str) -> str | None:
        """Return the event type so named, whatever its case; None when there is none."""
        return _same(text, self.type_names)

    def find_sub_type(self, text: str) -> str | None:
        """Return the sub-type so named, whatever its case; None when there is none."""
        return _same(text, self.sub_type_names)

    def actor(self, text: str) -> str:
        """Return the actor's one name for any of its names; an unknown actor keeps the name it came with."""
        bare = _YEARS.sub("", text.strip())
        return self._by_name.get(fold(bare), bare)

    def actor_names(self, name: str) -> tuple[str, ...]:
        """Every name of an actor, its one name first."""
        return (name, *self.aliases.get(name, ()))


def split_actors(text: str) -> list[str]:
    """Several actors stand in one field, joined with ';'."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _same(text: str, names: tuple[str, ...]) -> str | None:
    wanted = text.strip().casefold()
    return next((name for name in names if name.casefold() == wanted), None)


@functools.lru_cache(maxsize=1)
def load_codebook() -> Codebook:
    """The shipped codebook."""
    raw = tomllib.loads(resources.files("events.data").joinpath("codebook.toml").read_text("utf-8"))
    types = tuple(EventType(t["name"], t["about"], dict(t["sub_types"])) for t in raw["type"])
    aliases = {name: tuple(others) for name, others in raw["actors"].items()}
    by_name = {fold(n): name for name, others in aliases.items() for n in (*others, name)}
    return Codebook(types, aliases, by_name)
