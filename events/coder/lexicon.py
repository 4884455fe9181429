"""The words that name somebody: states, offices and forces, organisations and people, from codebook and actors.toml."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from events.codebook import Codebook
from events.coder.rules import Phrases, Rules, split
from events.coder.text import Sentence

__all__ = ["Lexicon", "Name", "State"]

_SHORT: Final = 4
_TINY: Final = 3
_ROLES: Final = (("adjective", "adjectives"), ("name", "names"), ("capital", "capitals"), ("people", "people"))
_COMMON: Final = frozenset((("reporters",), ("protesters",), ("journalists",)))
_BEGINNINGS: Final = ("Government of ", "Military Forces of ", "Police Forces of ")
_KINDS: Final = {
    "Government of ": "government",
    "Military Forces of ": "force",
    "Russian Peacekeeping Forces": "peacekeepers",
    "Syrian Fighters": "fighters",
    "Opposition": "opposition",
    "Protesters": "protesters",
    "Police": "police",
}


@dataclass(frozen=True, slots=True)
class Name:
    """What words that name somebody outright stand for."""

    actor: str
    state: str = ""
    kind: str = "organisation"
    person: bool = False
    seat: str = ""
    short: bool = False
    """Whether it counts in capitals only: 'UN', 'WHO', 'EU'."""


@dataclass(frozen=True, slots=True)
class State:
    """A state, and as what a word names it: adjective, name, capital or people."""

    name: str
    role: str


class Lexicon:
    """Looks words of a sentence up; built once."""

    def __init__(self, codebook: Codebook, rules: Rules):
        actors = rules.actors
        self.fillers = frozenset(actors["fillers"]["words"])
        self._states = Phrases(
            (phrase, State(state, role))
            for state, names in actors["states"].items()
            for role, key in _ROLES
            for phrase in names[key]
        )
        self._nouns = Phrases((phrase, kind) for kind, phrases in actors["nouns"].items() for phrase in phrases)
        self._named: Phrases[Name] = Phrases()
        seen: set[tuple[str, ...]] = set()
        for phrase, name in _all_names(actors, codebook):
            key = tuple(split(phrase))
            if key and key not in seen:
                seen.add(key)
                self._named.add(phrase, name)

        self.begins = frozenset(self._states.firsts | self._nouns.firsts | self._named.firsts)
        """The words with which something that is looked up here begins."""

    def state_at(self, sentence: Sentence, at: int) -> tuple[int, State] | None:
        """The end and the state named from word `at`, None without one. Short names count in capitals only ('US')."""
        words = sentence.words
        found = self._states.at(words, at) if at < len(words) else None
        if found is None:
            return None
        short = len(words[at]) <= _TINY and not sentence.raw[at].isupper() and "." not in words[at]
        return None if short and found[0] == at + 1 else found

    def noun_at(self, sentence: Sentence, at: int) -> tuple[int, str] | None:
        """The end and the kind of the office or force named from word `at`, None without one."""
        words = sentence.words
        return self._nouns.at(words, at) if at < len(words) else None

    def named_at(self, sentence: Sentence, at: int) -> tuple[int, Name] | None:
        """The end and the bearer of the name that begins at word `at`, None without one."""
        words = sentence.words
        found = self._named.at(words, at) if at < len(words) else None
        if found is None:
            return None
        end, name = found
        small = not sentence.raw[at].isupper() if name.short and end == at + 1 else False
        plain = name.person and not sentence.raw[at][:1].isupper()
        council = words[at] == "security"  # a country's own Security Council
        own = council and ((at > 0 and words[at - 1] == "'s") or {"secretary", "office"} & set(words[end : end + 2]))
        return None if small or plain or bool(own) else found

    def is_state(self, word: str) -> bool:
        """Whether some state's name begins with a word."""
        return word in self._states


def _all_names(actors: Mapping[str, Any], codebook: Codebook) -> Iterator[tuple[str, Name]]:
    """Every phrase that names somebody outright; of equal ones the first counts."""
    for state, people in actors["people"].items():
        for person in people:
            yield person, Name(f"Government of {state}", state, "government", person=True)
    for key, people in actors["members"].items():
        actor, _, seat = key.partition("|")
        for person in people:
            yield person, Name(actor, person=True, seat=seat)
    for key, phrases in actors["named"].items():
        actor, _, seat = key.partition("|")
        for phrase in phrases:
            yield phrase, _name(actor, phrase, seat)
    bare = {tuple(split(p)) for some in actors["states"].values() for key in ("names", "capitals") for p in some[key]}
    for actor in codebook.aliases:
        for phrase in codebook.actor_names(actor):
            # Bare states are put together with what stands around them.
            if tuple(split(phrase)) not in bare | _COMMON and "(" not in phrase:
                yield phrase.casefold(), _name(actor, phrase)


def _name(actor: str, phrase: str, seat: str = "") -> Name:
    state = next((actor.removeprefix(begin) for begin in _BEGINNINGS if actor.startswith(begin)), "")
    kind = next((kind for begin, kind in _KINDS.items() if actor.startswith(begin)), "organisation")
    return Name(actor, state, kind, seat=seat, short=len(phrase) <= _SHORT)
