"""Where the rules' patterns stand in a sentence.

Every pattern is tried only where its anchor word stands, and looks a bounded number of words to either side: the work
grows with the sentence, whatever it holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from events.coder.counts import Count
from events.coder.grammar import Parsed
from events.coder.patterns import Pattern, Piece
from events.coder.rules import Rule, Rules

__all__ = ["Hit", "hits"]

_LIGHT: Final = 3
_QUOTES: Final = frozenset(("“", "”", '"'))
# Forms that only help another verb are no verbs of the sentence, but patterns may name them.
_HELPERS: Final = {
    form: lemma
    for lemma, forms in {
        "be": "be is are was were been being am 's 're isn't aren't wasn't weren't",
        "have": "have has had having 've hasn't haven't hadn't",
        "do": "do does did",
        "get": "get gets got getting",
    }.items()
    for form in forms.split()
}


@dataclass(slots=True)
class Hit:
    """A pattern found: words `start` to `end` (excluded), and its head."""

    rule: Rule
    pattern: Pattern
    start: int
    end: int
    head: int


class _Matcher:
    def __init__(
        self, parsed: Parsed, rules: Rules, places: Mapping[int, int], numbers: Sequence[Count], days: Mapping[int, int]
    ):
        self.parsed = parsed
        self.words = parsed.sentence.words
        self.rules = rules
        self.places = places
        self.numbers = {count.start: count.end for count in numbers}
        self.days = days
        self.light = rules.words["slight"]
        self.classes: dict[tuple[str, int], int | None] = {}
        self.known = frozenset(self.words)
        self.lemmas = {verb.lemma for verb in parsed.verbs} | {_HELPERS[w] for w in self.known & _HELPERS.keys()}
        self.kinds = {mention.kind for mention in parsed.mentions}
        self.there: dict[int, bool] = {}

    def may_stand(self, piece: Piece) -> bool:
        """Whether anything in the sentence could be this piece; noted in `there`, by the piece's id."""
        found = not (self.known.isdisjoint(piece.words) and self.lemmas.isdisjoint(piece.lemmas))
        for name in piece.classes:
            found = found or self._has_class(name)
        self.there[id(piece)] = found
        return found

    def _has_class(self, name: str) -> bool:
        phrases = self.rules.classes.get(name)
        if phrases is not None:
            return not self.known.isdisjoint(phrases.firsts)
        own = {"place": self.places, "number": self.numbers, "day": self.days, "actor": self.kinds}.get(name)
        return bool(own) if own is not None else name in self.kinds

    def piece(self, piece: Piece, at: int) -> int | None:
        """Where the piece ends if it stands at word `at`, else None."""
        if not 0 <= at < len(self.words):
            return None
        if self.words[at] in piece.words:
            return at + 1
        if piece.lemmas:
            verb = self.parsed.verb(at)
            if verb is not None and verb.lemma in piece.lemmas:
                return at + 1
            helper = _HELPERS.get(self.words[at])
            if verb is None and helper in piece.lemmas:
                return at + 1
        for name in piece.classes:
            end = self.of_class(name, at)
            if end is not None:
                return end
        return None

    def of_class(self, name: str, at: int) -> int | None:
        key = (name, at)
        if key in self.classes:
            return self.classes[key]
        end: int | None = None
        phrases = self.rules.classes.get(name)
        if phrases is not None:
            if self.words[at] in phrases:
                found = phrases.at(self.words, at)
                end = found[0] if found else None
        elif name == "place":
            end = self.places.get(at)
        elif name == "number":
            end = self.numbers.get(at)
        elif name == "day":
            end = self.days.get(at)
        else:
            mention = self.parsed.mention(at)
            if mention is not None and (
                (name == "actor" and mention.kind not in ("adjective", "pronoun")) or mention.kind == name
            ):
                end = mention.end
        self.classes[key] = end
        return end

    def backwards(self, piece: Piece, at: int) -> int | None:
        """Where the piece begins if it ends right before word `at`."""
        for start in range(at - 1, max(-1, at - 7), -1):
            end = self.piece(piece, start)
            if end == at:
                return start
        return None

    def forward(self, pieces: Sequence[Piece], number: int, at: int) -> int | None:
        """Where pieces `number` onward end when they may begin at word `at`."""
        if number == len(pieces):
            return at
        piece = pieces[number]
        if piece.barred:
            return None if self._barred(piece, at) else self.forward(pieces, number + 1, at)
        for skip in range((piece.gap or _LIGHT) + 1):
            over = at + skip - 1
            if skip and not (self._passes(over, piece.gap) if piece.gap else self._skips(over)):
                break
            end = at + skip if piece.gap else self.piece(piece, at + skip)
            rest = None if end is None else self.forward(pieces, number + 1, end)
            if rest is not None:
                return rest
        return self.forward(pieces, number + 1, at) if piece.optional and not piece.gap else None

    def backward(self, pieces: Sequence[Piece], number: int, at: int) -> int | None:
        """Where pieces up to `number` begin when they must end at word `at` (excluded)."""
        if number < 0:
            return at
        piece = pieces[number]
        if piece.barred:
            return None if self._barred(piece, at) else self.backward(pieces, number - 1, at)
        for skip in range((piece.gap or _LIGHT) + 1):
            over = at - skip
            if skip and not (self._passes(over, piece.gap) if piece.gap else self._skips(over)):
                break
            start = over if piece.gap else self.backwards(piece, over)
            rest = None if start is None else self.backward(pieces, number - 1, start)
            if rest is not None:
                return rest
        return self.backward(pieces, number - 1, at) if piece.optional and not piece.gap else None

    def _barred(self, piece: Piece, at: int) -> bool:
        return at < len(self.words) and self.words[at] in piece.barred

    def _skips(self, at: int) -> bool:
        if not 0 <= at < len(self.words) - 1:
            return False
        quoted = self.parsed.sentence.quoted  # 'had been "in constant contact"', 'is "concerned" by'
        marks = self.words[at] in _QUOTES and (quoted[at + 1] or (at > 0 and quoted[at - 1]))
        return marks or self.words[at] in self.light

    def _passes(self, at: int, gap: int) -> bool:
        if not 0 <= at < len(self.words):
            return False
        word = self.words[at]
        if word in (";", ":", ".") or (word in (",", "“", "”", '"') and gap < 8):
            return False
        return not (
            gap < 8
            and at in self.parsed.verb_at
            and not self.parsed.verbs[self.parsed.verb_at[at]].adjective
            and word not in self.light
        )


def hits(
    parsed: Parsed, rules: Rules, places: Mapping[int, int], numbers: Sequence[Count], days: Mapping[int, int]
) -> list[Hit]:
    """Return every place where a pattern stands, in the order of the words; `places` and `days` map begin to end."""
    matcher = _Matcher(parsed, rules, places, numbers, days)
    found: list[Hit] = []
    anchors, verb_at = rules.anchors, parsed.verb_at
    some = [at for at, word in enumerate(matcher.words) if word in anchors or at in verb_at]
    for at in range(len(matcher.words)) if rules.unopened else some:
        word = matcher.words[at]
        tries = rules.by_word.get(word, ())
        verb = parsed.verb(at)
        if verb is not None:
            tries += rules.by_lemma.get(verb.lemma, ())
        for name in rules.openings.get(word, rules.unopened):
            if matcher.of_class(name, at) is not None:
                tries += rules.by_class[name]
        for rule, pattern in tries:
            hit = _try(matcher, rule, pattern, at)
            if hit is not None:
                found.append(hit)
    return found


def _try(matcher: _Matcher, rule: Rule, pattern: Pattern, at: int) -> Hit | None:
    there = matcher.there
    for piece in pattern.others:  # most patterns end here, so what is known of a piece is looked up without a call
        stands = there.get(id(piece))
        if not (matcher.may_stand(piece) if stands is None else stands):
            return None
    pieces = pattern.pieces
    own_end = matcher.piece(pieces[pattern.anchor], at)
    if own_end is None:
        return None
    end = matcher.forward(pieces, pattern.anchor + 1, own_end)
    if end is None:
        return None
    start = matcher.backward(pieces, pattern.anchor - 1, at)
    if start is None:
        return None
    head = at if pattern.head == pattern.anchor else _head(matcher, pattern, start, end, at)
    verb = matcher.parsed.verb(head) if pattern.passive else None
    if verb is not None and verb.form == "g":
        return None
    return Hit(rule, pattern, start, end, head)


def _head(matcher: _Matcher, pattern: Pattern, start: int, end: int, at: int) -> int:
    """The word of the head piece, between the anchor and the side it lies on."""
    span = range(start, at) if pattern.head < pattern.anchor else range(at + 1, end)
    for probe in span:
        if matcher.piece(pattern.pieces[pattern.head], probe) is not None:
            return probe
    return at
