"""The rules and dictionaries that the coder reads: TOML files in `data/`, checked when they are loaded.

An analyst extends the files; this module only turns them into look-ups. Raises RulesError, with file and entry, for
whatever it cannot read.
"""

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, KeysView, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Final, Generic, TypeVar

from events.coder.patterns import Pattern, RulesError, read_patterns

__all__ = ["Phrases", "Rule", "Rules", "RulesError", "load_rules"]

Value = TypeVar("Value")


class Phrases(Generic[Value]):
    """Phrases of one or more words, each with a value; of two that begin alike the longer is found.

    One without a value is never found, nor is a shorter one where it stands.
    """

    def __init__(self, entries: Iterable[tuple[str, Value | None]] = ()):
        self._by_first: dict[str, list[tuple[list[str], Value | None]]] = {}
        for phrase, value in entries:
            self.add(phrase, value)

    def add(self, phrase: str, value: Value | None) -> None:
        """Add a phrase; its words are parted by white space, genitives stand apart."""
        first, *rest = split(phrase)
        known = self._by_first.setdefault(first, [])
        known.append((rest, value))
        known.sort(key=lambda entry: -len(entry[0]))

    def __contains__(self, word: str) -> bool:
        return word in self._by_first

    @property
    def firsts(self) -> KeysView[str]:
        """The words with which phrases begin."""
        return self._by_first.keys()

    def at(self, words: list[str], start: int) -> tuple[int, Value] | None:
        """Return the end (excluded) and the value of the longest phrase that begins at word `start`."""
        some = self._by_first.get(words[start])
        if some is None:
            return None
        for rest, value in some:
            end = start + 1 + len(rest)
            if not rest or words[start + 1 : end] == rest:
                return None if value is None else (end, value)
        return None


def split(phrase: str) -> list[str]:
    """Split a phrase of a data file as the text is split: genitives and marks are words of their own."""
    return re.findall(
        r"(?:[a-z]\.){2,}|'s\b|[^\W_]+(?:[-'’](?!s\b)[^\W_]+)*|[^\w\s]", phrase.casefold().replace("’", "'")
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of rules.toml; see the head of that file for what each field means."""

    id: str
    sub_type: str
    patterns: tuple[Pattern, ...]
    actor1: str = "agent"
    actor2: str = "patient"
    place: str = "there"
    future: str = "no"
    negated: str = "denial"
    missing: str = "enemy"
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    each_place: bool = True
    weight: int = 2
    examples: tuple[Mapping[str, Any], ...] = ()


Tries = tuple[tuple[Rule, Pattern], ...]
"""Patterns that are tried where their anchor stands."""


@dataclass(frozen=True)
class Rules:
    """Everything the coder knows of words."""

    rules: tuple[Rule, ...]
    classes: Mapping[str, Phrases[str]]
    forms: Mapping[str, tuple[str, str]]
    nouny: frozenset[str]
    transitive: frozenset[str]
    mostly_nouns: frozenset[str]
    words: Mapping[str, frozenset[str]]
    lists: Mapping[str, Any]
    actors: Mapping[str, Any]
    notes: Mapping[str, Any]
    by_word: Mapping[str, Tries] = field(repr=False, default_factory=dict)
    by_lemma: Mapping[str, Tries] = field(repr=False, default_factory=dict)
    by_class: Mapping[str, Tries] = field(repr=False, default_factory=dict)
    unopened: tuple[str, ...] = ()
    """The classes of `by_class` that are no lists of phrases: any word may begin them."""
    openings: Mapping[str, tuple[str, ...]] = field(repr=False, default_factory=dict)
    """Of each word with which a class of `by_class` may begin: those classes, and the unopened."""
    anchors: frozenset[str] = frozenset()
    """The words at which a pattern is tried, whether they are a verb's form or not."""


_FILES: Final = ("words", "verbs", "actors", "rules", "notes")


def load_rules() -> Rules:
    """Return the shipped rules, read once for the process. Raises RulesError."""
    return _load()


@functools.lru_cache(maxsize=1)
def _load() -> Rules:
    folder = resources.files("events.coder.data")
    return read_rules({name: folder.joinpath(f"{name}.toml").read_text("utf-8") for name in _FILES})


def read_rules(files: Mapping[str, str]) -> Rules:
    """Read the five files (words, verbs, actors, rules, notes) given as text. Raises RulesError."""
    raw = {}
    for name in _FILES:
        try:
            raw[name] = tomllib.loads(files[name])
        except tomllib.TOMLDecodeError as error:
            message = f"{name}.toml cannot be read: {error}"
            raise RulesError(message) from error
    classes: dict[str, Phrases[str]] = {}
    for name, phrases in raw["rules"].get("classes", {}).items():
        classes[name] = Phrases((one.lstrip("!"), None if one[0] == "!" else name) for one in phrases)
    kin = {verb: frozenset(group) for group in raw["verbs"]["kin"] for verb in group}
    rules = tuple(_rule(entry, kin) for entry in raw["rules"]["rule"])
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            message = f"rules.toml: the id {rule.id!r} stands twice"
            raise RulesError(message)
        seen.add(rule.id)
    index = _index(rules)
    openings = _openings(index["class"], classes)
    words = raw["words"]
    return Rules(
        rules=rules,
        classes=classes,
        forms=_forms(raw["verbs"]),
        nouny=frozenset(raw["verbs"]["nouny"]),
        transitive=frozenset(raw["verbs"]["transitive"]),
        mostly_nouns=frozenset(raw["verbs"]["mostly_nouns"]),
        words=_sets(words),
        lists=words,
        actors=raw["actors"],
        notes=raw["notes"],
        by_word=index["word"],
        by_lemma=index["lemma"],
        by_class=index["class"],
        unopened=tuple(name for name in index["class"] if name not in classes),
        openings=openings,
        anchors=frozenset(index["word"].keys() | openings.keys()),
    )


def _openings(names: Iterable[str], classes: Mapping[str, Phrases[str]]) -> dict[str, tuple[str, ...]]:
    """The words with which classes may begin, and of each word these, in order, with those that any word may begin."""
    firsts = {word for name in names if name in classes for word in classes[name].firsts}
    return {word: tuple(name for name in names if name not in classes or word in classes[name]) for word in firsts}


def _index(rules: Iterable[Rule]) -> dict[str, dict[str, Tries]]:
    """The patterns by what their anchor may be: a word, a lemma, a class; in the order of the rules."""
    index: dict[str, dict[str, list[tuple[Rule, Pattern]]]] = {"word": {}, "lemma": {}, "class": {}}
    for rule in rules:
        for pattern in rule.patterns:
            piece = pattern.pieces[pattern.anchor]
            for kind, keys in (("word", piece.words), ("lemma", piece.lemmas), ("class", piece.classes)):
                for key in keys:
                    index[kind].setdefault(key, []).append((rule, pattern))
    return {kind: {key: tuple(some) for key, some in keys.items()} for kind, keys in index.items()}


def _sets(words: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """The sets of words, with those put together from others once, since every sentence asks for them."""
    sets = {name: frozenset(some) for name, some in (words["words"] | words["unreal"] | words["sets"]).items()}
    sets["light_or_determiners"] = sets["light"] | sets["determiners"]
    sets["slight"] = sets["light_or_determiners"] | sets["adverbs"]
    sets["helpers_between"] = sets["adverbs"] | {"not", "been", "being", "be"}
    sets["unsaid"] = sets["contracted_not"] | sets["will"] | {"not", "n't", "never"}
    sets["before_no_noun"] = sets["prepositions"] | sets["determiners"] | sets["breaks"] | sets["verb_particles"]
    return sets


_CHOICES: Final = {
    "actor1": {"agent", "patient", "speaker", "utterer", "victims", "none", "by", "weapon", "moved"},
    "actor2": {"agent", "patient", "speaker", "none", "with", "to"},
    "place": {"there", "seat", "city", "target"},
    "future": {"no", "yes", "any"},
    "negated": {"no", "denial", "yes"},
    "missing": {"enemy", "own", "none"},
}


def _rule(entry: Mapping[str, Any], kin: Mapping[str, frozenset[str]]) -> Rule:
    name = entry.get("id", "?")
    where = f"rules.toml, rule {name!r}"
    unknown = set(entry) - set(Rule.__dataclass_fields__)
    if unknown:
        message = f"{where}: no such field: {', '.join(sorted(unknown))}"
        raise RulesError(message)
    for key, allowed in _CHOICES.items():
        if entry.get(key) is not None and entry[key] not in allowed and not entry[key][:1].isupper():
            message = f"{where}: {key} is {entry[key]!r}, not one of {', '.join(sorted(allowed))}"
            raise RulesError(message)
    fields = dict(entry)
    fields["patterns"] = tuple(one for text in entry["patterns"] for one in read_patterns(text, where, kin))
    for key in ("needs", "unless", "examples"):
        fields[key] = tuple(entry.get(key, ()))
    return Rule(**fields)


def _forms(raw: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Every form of every verb: its lemma and what it can be (b base, s third person, d past, n participle, g -ing)."""
    doubling = frozenset(raw["doubling"])
    found: dict[str, tuple[str, str]] = {}

    def put(form: str, lemma: str, tags: str) -> None:
        known = found.get(form)
        if known is None:
            found[form] = (lemma, tags)
        elif known[0] == lemma:
            found[form] = (lemma, "".join(dict.fromkeys(known[1] + tags)))

    for lemma, (past, participle) in raw["irregular"].items():
        for form, tags in _regular(lemma, doubling):
            if tags != "dn":
                put(form, lemma, tags)
        put(past, lemma, "d")
        put(participle, lemma, "n")
    for form in ("is", "are", "am"):
        put(form, "be", "s")
    put("were", "be", "d")
    put("has", "have", "s")
    for lemma in raw["regular"]:
        if lemma not in raw["irregular"]:
            for form, tags in _regular(lemma, doubling):
                put(form, lemma, tags)
    return found


def _regular(lemma: str, doubling: frozenset[str]) -> Iterator[tuple[str, str]]:
    yield lemma, "b"
    stem = lemma + lemma[-1] if lemma in doubling else lemma
    soft = lemma[-1] == "y" and lemma[-2] not in "aeiou"
    yield (
        (
            lemma[:-1] + "ies"
            if soft
            else lemma + "es"
            if lemma.endswith(("s", "sh", "ch", "x", "z", "o"))
            else lemma + "s"
        ),
        "s",
    )
    if lemma.endswith("e"):
        yield lemma + "d", "dn"
        yield (
            (
                lemma[:-2] + "ying"
                if lemma.endswith("ie")
                else lemma + "ing"
                if lemma.endswith("ee")
                else lemma[:-1] + "ing"
            ),
            "g",
        )
    else:
        yield (lemma[:-1] + "ied" if soft else stem + "ed"), "dn"
        yield stem + "ing", "g"
        if lemma[-1] == "l" and lemma not in doubling:
            yield lemma + "led", "dn"
            yield lemma + "ling", "g"
