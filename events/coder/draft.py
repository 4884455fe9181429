"""An event being made, and the sentence it is made from (leaf of the drafting modules)."""

from dataclasses import dataclass, field, fields
from datetime import date
from operator import attrgetter
from typing import Final

from events.coder.mentions import Mention
from events.coder.placing import Where
from events.coder.reading import Read, Reading

__all__ = ["PARTIES", "SPEAKERS", "VIOLENT", "Draft", "Scene", "forced", "governed"]

VIOLENT: Final = frozenset(("Battles", "Explosions/Remote violence", "Violence against civilians"))
"""Event types in which force is used."""

PARTIES: Final = ("Armenia", "Azerbaijan", "Artsakh")
"""The parties to the war, of whom one can be inferred from the other."""

SPEAKERS: Final = frozenset(("government", "organisation", "state", "opposition", "pronoun", "peacekeepers", "force"))
"""Kinds of mentions that speak, meet and call."""

Span = tuple[int, int]


@dataclass(slots=True)
class Draft:
    """An event being made. Spans are characters of the report's text, ends excluded."""

    sub_type: str
    kind: str
    rule: str
    sentence: int
    paragraph: int
    headline: bool
    action: Span
    actor1: tuple[str, ...] = ()
    actor2: tuple[str, ...] = ()
    claimant: tuple[str, ...] = ()
    where: Where | None = None
    day: date | None = None
    day_precision: int = 1
    day_told: bool = False
    fatalities: int | None = None
    injured: int | None = None
    inferred: bool = False
    weight: int = 2
    """How much a rule's word counts: 0 says no more than that somebody spoke, 3 knows who called whom."""
    future: bool = False
    charged: bool = False
    """Whether it is what somebody is accused of."""
    loose: int = 0
    """How many sentences of the speaker gave nothing else."""
    about: tuple[str, ...] = ()
    """Of a denial: the places (place_id) it is about."""
    others: tuple[str, ...] = ()
    """Who else did the same, each for itself."""
    spans: dict[str, Span] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def copy(self) -> "Draft":
        """The same again, to go on with apart."""
        twin = Draft(*_EVERYTHING(self))  # four times as fast as dataclasses.replace
        twin.spans, twin.doubts = dict(self.spans), list(self.doubts)
        return twin

    @property
    def told(self) -> bool:
        """Whether the text names its place."""
        return self.where is not None and self.where.told


_EVERYTHING: Final = attrgetter(*(one.name for one in fields(Draft)))


@dataclass(slots=True)
class Scene:
    """One sentence of a report, with the report around it."""

    reading: Reading
    number: int
    read: Read

    def span(self, low: int, high: int) -> Span:
        """The characters of words `low` to `high` (excluded)."""
        sentence = self.read.parsed.sentence
        return sentence.starts[low], sentence.ends[min(high, len(sentence)) - 1]

    def mark(self, draft: Draft, name: str, mention: Mention | None) -> None:
        """Note from which words a field of a draft was read."""
        if mention is not None:
            draft.spans[name] = self.span(mention.start, mention.end)

    def blank(self, low: int, high: int, sub_type: str, kind: str, rule: str) -> Draft:
        """A draft of which only words `low` to `high`, that made the rule fire, are known."""
        sentence = self.read.parsed.sentence
        return Draft(sub_type, kind, rule, self.number, sentence.paragraph, sentence.headline, self.span(low, high))

    @property
    def publisher(self) -> tuple[str, ...]:
        """The publisher as an actor, or nobody; an office that publishes is its government."""
        if self.reading.paper:
            return self.reading.paper
        name = self.reading.report.publisher
        return (name,) if name else ()


def forced(actor: str) -> str:
    """The armed forces of a government; other actors as they are."""
    return "Military Forces of " + actor.removeprefix("Government of ") if actor.startswith("Government of ") else actor


def governed(actor: str) -> str:
    """Whose word an army's is: its government's. Artsakh's army speaks for itself."""
    if actor.startswith("Military Forces of ") and actor != "Military Forces of Artsakh":
        return "Government of " + actor.removeprefix("Military Forces of ")
    return actor
