"""Who is named in a sentence: offices, forces, states, organisations and people put together into mentions.

'the Defence Ministry of the self-proclaimed Nagorno-Karabakh Republic' is one mention of the Government of Artsakh;
'Armenian and Azerbaijani forces' is one of two actors; 'the ministry', 'our troops' and 'the enemy' are mentions whose
owner only the discourse can tell.
"""

from typing import Final

from events.coder.lexicon import Lexicon, Name
from events.coder.mentions import Mention, actor_of
from events.coder.owners import owns, take_owner
from events.coder.rules import Rules
from events.coder.surroundings import Surroundings
from events.coder.text import Sentence

__all__ = ["Finder"]

_OF: Final = frozenset(("of", "for", "in", "from", "at", "to"))
_AND: Final = frozenset((",", "and", "or", "&", "-", "/", "–"))
_GENITIVES: Final = frozenset(("'s", "’", "'"))
_PRONOUNS: Final = frozenset(("he", "she", "they", "we", "it", "us"))
_SIDES: Final = frozenset(("other", "both", "two", "sides", "parties", "belligerents"))
_RANKS: Final = frozenset(("deputy", "chief", "official", "senior", "main", "press", "first"))
_QUALIFIERS: Final = frozenset(("military", "armed", "police"))
_ENVOYS: Final = frozenset(("mission", "ambassador", "envoy", "representative", "delegate"))
_NAMABLE: Final = frozenset(("government", "organisation", "opposition", "force", "journalists"))
_CHAIN: Final = 4
_NEAR: Final = 5
_DEPTH: Final = 3


class Finder:
    """Finds mentions; built once from lexicon and rules."""

    def __init__(self, lexicon: Lexicon, rules: Rules):
        self.lexicon = lexicon
        self.rules = rules
        self.surroundings = Surroundings(lexicon, rules)
        self.begins = lexicon.begins | _PRONOUNS | _SIDES | rules.words["enemies"]
        self.passed = lexicon.fillers - rules.words["articles"] - {"of"}

    def find(self, sentence: Sentence, known: dict[str, str]) -> list[Mention]:
        """Return the mentions of a sentence in order. `known` maps surnames to actors and learns new ones."""
        return _Search(self, sentence, known).run(self.begins)


class _Search:
    """One sentence being searched."""

    def __init__(self, finder: Finder, sentence: Sentence, known: dict[str, str]):
        self.lexicon = finder.lexicon
        self.lists = finder.rules.words
        self.forms = finder.rules.forms
        self.surroundings = finder.surroundings
        self.passed = finder.passed
        self.sentence = sentence
        self.words = sentence.words
        self.known = known

    def run(self, begins: frozenset[str]) -> list[Mention]:
        """The mentions in order; `begins` are the words with which one can begin, besides the names known."""
        found: list[Mention] = []
        words, known = self.words, self.known
        at, size = 0, len(words)
        while at < size:
            if words[at] not in begins and words[at] not in known:
                at += 1
                continue
            mention = self._at(at)
            if mention is None:
                at += 1
                continue
            self.surroundings.complete(self.sentence, mention, found, self.known)
            found.append(mention)
            at = mention.end
        return found

    def _word(self, at: int) -> str:
        return self.words[at] if 0 <= at < len(self.words) else ""

    # --- one mention

    def _at(self, at: int) -> Mention | None:
        state = self.lexicon.state_at(self.sentence, at)
        named = self.lexicon.named_at(self.sentence, at)
        if named is not None and (state is None or named[0] >= state[0]):
            of_state = self._from_state(at) if state is not None else None
            longer = of_state is not None and of_state.end > named[0]
            return of_state if longer else self._grow(self._from_name(at, *named))
        if state is not None:
            return self._from_state(at)
        noun = self.lexicon.noun_at(self.sentence, at)
        if noun is not None:
            return self._from_noun(at, *noun)
        word = self.words[at]
        if word in self.known and self.sentence.raw[at][:1].isupper():
            return Mention(at, at + 1, "government", (self.known[word],), person=True, name=word)
        return self._from_plain(at)

    def _from_name(self, at: int, end: int, name: Name) -> Mention:
        surname = self.words[at]
        if name.person and end == at + 1 and surname in self.known:
            # The report has said which bearer of the name it means.
            return Mention(at, end, "government", (self.known[surname],), person=True, name=surname)
        states = (name.state,) if name.state else ()
        return Mention(at, end, name.kind, (name.actor,), states, person=name.person, seat=name.seat)

    def _from_plain(self, at: int) -> Mention | None:
        """Pronouns, the two sides, the enemy."""
        word = self.words[at]
        if word in _PRONOUNS and self.sentence.raw[at] != "US":
            return Mention(at, at + 1, "pronoun", owner="ours" if word in self.lists["ours"] else "", noun=word)
        if word == "other" and self._word(at + 1) == "side" and self._word(at - 1) == "the":
            return Mention(at, at + 2, "force", owner="enemy", noun="side")
        both = word in ("both", "two") and self._word(at + 1) in self.lists["sides"]
        if both or word in ("sides", "parties", "belligerents"):
            return Mention(at, at + 1 + both, "government", owner="sides", noun="sides")
        return self._enemy(at) if word in self.lists["enemies"] else None

    def _enemy(self, at: int) -> Mention:
        end = at + 1
        while self._word(end) in ("'s", "armed", "manpower"):
            end += 1
        noun = self.lexicon.noun_at(self.sentence, end)
        stop = noun[0] if noun is not None and noun[1] == "force" else at + 1
        return Mention(at, stop, "force", owner="enemy", noun="enemy")

    # --- beginning with a state

    def _from_state(self, at: int) -> Mention | None:
        """A mention that begins with a state: 'Armenian', 'Armenia and Azerbaijan's', 'Baku'."""
        first = self.lexicon.state_at(self.sentence, at)
        if first is None:
            return None
        end, state = first
        if state.role == "people":
            return Mention(at, end, "civilians", (actor_of("civilians", state.name),), (state.name,))
        states, probe = self._listed(end, state.name, state.role)
        for some, upto in ((states, probe), (states[:1], end)):
            noun = self._noun_after(upto)
            if noun is not None:
                return self._of_states(at, some, *noun)
        return self._own_person(at, end, state.name) or self._bare_state(at, end, probe, states, state.role)

    def _own_person(self, at: int, end: int, state: str) -> Mention | None:
        """'France's Emmanuel Macron': a person known, named with the state."""
        stop = self.surroundings.name_end(self.sentence, end + 1) if self._word(end) == "'s" else end
        named = self.lexicon.named_at(self.sentence, stop - 1) if stop > end + 1 else None
        if named is None or not named[1].person or named[1].state != state:
            return None
        return Mention(at, stop, "government", (named[1].actor,), (state,), person=True, name=self.words[stop - 1])

    def _listed(self, end: int, first: str, role: str) -> tuple[list[str], int]:
        """'Armenian and Azerbaijani foreign ministers': the states listed, and where the list ends."""
        states, probe = [first], end
        joined = self.sentence.headline
        while self._word(probe) in _AND:
            step = probe + 1
            step += self._word(step) in ("and", "&")
            if self._word(step) == "the" and self._word(step - 1) == ",":
                break
            step += self._word(step) == "the"
            more = self.lexicon.state_at(self.sentence, step)
            if more is None or more[1].role != role:
                break
            joined = joined or self._word(step - 1) != ","
            probe = more[0]
            states.append(more[1].name)
        return (states, probe) if joined else ([first], end)

    def _of_states(self, at: int, states: list[str], end: int, kind: str, noun: str) -> Mention:
        some = tuple(dict.fromkeys(states))
        if kind == "other":
            return Mention(at, end, "other", (), some, noun=noun)
        if kind == "civilians" and self._word(end + (self._word(end) in ("living", "residing"))) in (
            "of",
            "in",
            "from",
        ):
            home = self.lexicon.state_at(self.sentence, self._over(end + 1, _CHAIN))
            some = ("Artsakh",) if home is not None and home[1].name == "Artsakh" else some
        actors = tuple(dict.fromkeys(actor_of(kind, state) for state in some))
        return self._grow(Mention(at, end, kind, actors, some, noun=noun))

    def _bare_state(self, at: int, end: int, probe: int, states: list[str], role: str) -> Mention:
        if role == "adjective" and states == ["Artsakh"] and self.sentence.raw[at][:1].isupper():
            role = "name"  # 'Karabakh' is both
        if role == "adjective":
            kind = "other" if self._word(end) in self.lists["origins"] else "adjective"  # 'rockets of Israeli make'
            return Mention(at, end if len(states) == 1 else probe, kind, (), tuple(dict.fromkeys(states)))
        return Mention(at, end, "state", (actor_of("government", states[0]),), (states[0],), noun=role)

    def _noun_after(self, at: int) -> tuple[int, str, str] | None:
        """The noun that a state is followed by, over genitive and fillers: its end, kind and words."""
        genitive = self._word(at) in _GENITIVES
        probe = at + genitive
        for _ in range(_NEAR):
            noun = self.lexicon.noun_at(self.sentence, probe)
            if noun is not None and (noun[1] != "media" or probe == at + genitive):
                return self._chain(probe, noun)
            word = self._word(probe)
            if word not in self.lexicon.fillers or (word in ("of", "the") and not genitive):
                return None
            probe += 1
        return None

    def _chain(self, start: int, noun: tuple[int, str]) -> tuple[int, str, str]:
        """Nouns in a row make one: 'Defence Ministry' 'spokeswoman'; an army's commander stays army."""
        end, kind = noun
        phrase = " ".join(self.words[start:end])
        for _ in range(_CHAIN):
            probe = end + (self._word(end) in _GENITIVES)
            while probe < end + _CHAIN - 1 and self._word(probe) in _RANKS:
                if self.lexicon.noun_at(self.sentence, probe) is not None:
                    break
                probe += 1
            more = self.lexicon.noun_at(self.sentence, probe)
            if more is None or more[1] in ("civilians", "other"):
                break
            end = more[0]
            phrase = " ".join(self.words[probe:end])
            if (kind == "civilians" and more[1] != "media") or (
                kind == "government" and more[1] in ("opposition", "journalists")
            ):
                kind = more[1]
        return end, kind, phrase

    # --- beginning with a noun

    def _from_noun(self, at: int, end: int, kind: str, depth: int = 0) -> Mention | None:
        """A mention that begins with its noun: 'spokesman for the Armenian Defence Ministry', 'our troops'."""
        end, kind, phrase = self._chain(at, (end, kind))
        if kind == "other" or (phrase in _QUALIFIERS and self._qualifies(end)):
            return None
        mention = Mention(at, end, kind, noun=phrase, owner=self._owner_before(at))
        end = self._over_brackets(end)
        both = end + 1 + (self._word(end + 1) == "the")
        if (
            self._word(end) == "of"
            and self._word(both) in ("both", "two")
            and self._word(both + 1) in self.lists["sides"]
        ):
            mention.end, mention.owner = both + 2, "sides"  # 'ministers of the two countries'
        elif self._word(end) in _OF and depth < _DEPTH:
            inner = self._owner_at(self._over(end + 1, 6), depth)
            if inner is not None and inner.actors and owns(inner, self.words[end], phrase, kind, self.lists["voices"]):
                take_owner(mention, inner)
        return self._grow(mention)

    def _over_brackets(self, end: int) -> int:
        """'the Ministry of Defence (MoD) of Azerbaijan': the word behind what is shortened in brackets."""
        short = self._word(end) == "(" and self._word(end + 2) == ")" and self._word(end + 3) in _OF
        return end + 3 if short else end

    def _qualifies(self, end: int) -> bool:
        """Whether a noun only tells the kind of the next one: 'military actions'."""
        follows = self._word(end)
        lists = self.lists
        free = follows in ("and", "or", "have", "had") or any(
            follows in lists[name] for name in ("auxiliaries", "prepositions", "breaks", "adverbs")
        )
        return follows[:1].isalpha() and not free and follows not in self.forms

    def _owner_before(self, at: int) -> str:
        """'our troops', 'enemy units': whose, relative to who speaks."""
        back = at - 1
        owner = ""
        while back >= max(0, at - 3) and self.words[back] in self.passed:
            owner = "enemy" if self.words[back] == "enemy" else owner
            back -= 1
        return "ours" if back >= 0 and self.words[back] in self.lists["ours"] else owner

    def _over(self, at: int, limit: int) -> int:
        """The next word that is no article and no filler, unless a state begins there."""
        probe = at
        while probe < at + limit and (
            self._word(probe) in self.lists["articles"] or self._word(probe) in self.lexicon.fillers
        ):
            if self.lexicon.state_at(self.sentence, probe) is not None:
                break
            probe += 1
        return probe

    def _owner_at(self, at: int, depth: int) -> Mention | None:
        """Whose an office is: the state, organisation or office named from word `at`."""
        named = self.lexicon.named_at(self.sentence, at)
        if self.lexicon.state_at(self.sentence, at) is not None:
            inner = self._states_of(self._from_state(at), at)
            if inner is not None and inner.kind == "adjective":
                return None
            if named is None or inner is None or inner.end >= named[0]:
                return inner
        if named is not None:
            end, name = named
            states = (name.state,) if name.state else ()
            return Mention(at, end, name.kind, (name.actor,), states, person=name.person)
        noun = self.lexicon.noun_at(self.sentence, at)
        if noun is not None and noun[1] in ("government", "force"):
            return self._from_noun(at, *noun, depth=depth + 1)
        return None

    def _states_of(self, inner: Mention | None, at: int) -> Mention | None:
        """'leaders of Russia, Armenia and Azerbaijan': all of them."""
        if inner is None or inner.kind != "state":
            return inner
        states, probe = list(inner.states), inner.end
        while self._word(probe) in _AND:
            step = probe + 1
            while self._word(step) in ("and", "the"):
                step += 1
            more = self.lexicon.state_at(self.sentence, step)
            if more is None or more[1].role not in ("name", "capital") or self._noun_after(more[0]) is not None:
                break
            states.append(more[1].name)
            probe = more[0]
        if len(states) == 1:
            return inner
        return Mention(at, probe, "state", tuple(actor_of("government", state) for state in states), tuple(states))

    # --- what belongs to a mention

    def _grow(self, mention: Mention) -> Mention:
        """Take in the office behind an organisation, to whom an envoy is sent, and the person's name."""
        if mention.kind == "organisation" or (mention.kind == "government" and not mention.noun and not mention.person):
            self._take_office(mention)
        if mention.kind == "opposition":
            self._take_party(mention)
        if mention.noun.rpartition(" ")[2] in _ENVOYS and self._word(mention.end) == "to":
            to = self._owner_at(mention.end + 1 + (self._word(mention.end + 1) == "the"), _DEPTH)
            mention.end = to.end if to is not None else mention.end
        if mention.person:
            self._take_staff(mention)
        elif mention.kind in _NAMABLE:
            self._take_person(mention)
            self._take_kin(mention)
        return mention

    def _take_office(self, mention: Mention) -> None:
        """'UN Secretary-General', 'EU foreign policy chief'."""
        end = mention.end
        probe = end + (self._word(end) == "'s")
        while probe < end + _CHAIN and self._word(probe) in self.passed:
            probe += 1
        noun = self.lexicon.noun_at(self.sentence, probe)
        if noun is not None and noun[1] in ("government", "media", "force"):
            mention.end, _, mention.noun = self._chain(probe, noun)
            more = self.lexicon.noun_at(self.sentence, mention.end + 1) if self._word(mention.end) == "of" else None
            if more is not None and more[1] == "government":  # 'head of mission in Nagorno-Karabakh'
                mention.end = more[0]
            state = self.lexicon.state_at(self.sentence, mention.end + 1)
            if state is not None and self._word(mention.end) in ("in", "to"):
                mention.end = state[0]

    def _take_party(self, mention: Mention) -> None:
        """'the opposition Bright Armenia party': the party's name belongs to it."""
        for probe in range(mention.end, min(mention.end + _CHAIN, len(self.words))):
            if self.words[probe] in self.lists["factions"]:
                mention.end = probe + 1
                return
            if not self.sentence.raw[probe][:1].isupper():
                return

    def _take_kin(self, mention: Mention) -> None:
        """'Chancellor Angela Merkel's spokesman', 'commissioner Dunja Mijatovic of the Council of Europe'."""
        if mention.name and self._word(mention.end) in _GENITIVES:
            self._take_staff(mention)
        elif mention.name and not mention.actors and self._word(mention.end) == "of":
            inner = self._owner_at(self._over(mention.end + 1, 3), _DEPTH)
            if inner is not None and inner.actors:
                take_owner(mention, inner)

    def _take_staff(self, mention: Mention) -> None:
        """'Pashinyan's office': no person any more."""
        mention.name = self.words[mention.end - 1]
        noun = self.lexicon.noun_at(self.sentence, mention.end + 1)
        if self._word(mention.end) in ("'s", "’") and noun is not None and noun[1] == "government":
            mention.end, _, mention.noun = self._chain(mention.end + 1, noun)
            mention.person, mention.name = False, ""

    def _take_person(self, mention: Mention) -> None:
        """'Prime Minister' 'Nikol Pashinyan'."""
        end = mention.end
        stop = self.surroundings.name_end(self.sentence, end)
        if stop <= end:
            return
        mention.name = self.words[stop - 1]
        mention.end, mention.person = stop, True
        if mention.actors and mention.kind != "organisation":
            return
        whole = self.lexicon.named_at(self.sentence, end)
        surname = self.lexicon.named_at(self.sentence, stop - 1)
        named = whole if whole is not None and whole[0] == stop else surname or whole
        if named is not None and named[1].person and (named[1].state or not mention.actors):
            mention.kind = "government" if named[1].state else mention.kind  # 'Security Council secretary Grigoryan'
            mention.actors = (named[1].actor,)
            mention.states = (named[1].state,) if named[1].state else ()
        elif mention.name in self.known and not mention.actors:
            mention.actors = (self.known[mention.name],)
