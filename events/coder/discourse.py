"""Who 'the ministry', 'he', 'our troops' and 'the enemy' are: by what was said before."""

from collections.abc import Container
from typing import Final

from events.coder.mentions import Mention, actor_of
from events.coder.reading import Memory, Read, Reading
from events.coder.rules import Rules
from events.coder.sides import Sides

__all__ = ["Discourse"]

_BOTH: Final = ("Government of Armenia", "Government of Azerbaijan")
_OFFICES: Final = frozenset(("government", "opposition", "organisation"))
_OF_STATES: Final = frozenset(("government", "force", "police", "opposition"))
_REMEMBERED: Final = frozenset(("government", "organisation", "force", "opposition", "state"))
_MINISTERS: Final = frozenset(("ministers", "premiers", "chiefs"))
_TROOPS: Final = frozenset(("force", "peacekeepers", "fighters"))
_OWNED: Final = frozenset(("force", "government", "civilians", "police"))


class Discourse:
    """Resolves the mentions of sentences in their order; built once, the memory is the reading's."""

    def __init__(self, rules: Rules, sides: Sides):
        self._words = rules.words
        self._sides = sides

    def resolve(self, read: Read, reading: Reading) -> None:
        """Give a sentence's mentions and frames their actors, and remember them."""
        memory = reading.memory
        mentions = list(enumerate(read.parsed.mentions))
        in_order = [one for one in mentions if not one[1].owner] + [one for one in mentions if one[1].owner]
        for number, mention in in_order:  # 'the enemy shelled it, the ministry said': who speaks comes first
            if not mention.actors and mention.kind not in ("adjective", "other"):
                beside = read.parsed.mentions[number - 1] if number else None
                named = self._beside(read, mention, beside) or self._apposed(read, mention, number)
                mention.actors = named or self._who(mention, read, reading)
            if mention.actors and mention.kind in _REMEMBERED:
                if mention.noun and mention.kind != "state":
                    memory.nouns[_last(mention)] = mention.actors
                if mention.person:
                    memory.person = mention.actors
        for frame in read.parsed.frames:
            speaker = frame.speaker
            if speaker is None:
                continue
            frame.resolved = speaker.actors
            if speaker.kind == "journalists" and (not speaker.states or "correspondent" in speaker.noun):
                frame.own, frame.resolved = True, ()
            elif frame.resolved and speaker.noun and speaker.kind != "state":
                memory.spoken[_last(speaker)] = frame.resolved
        self._remember(read, memory)
        speakers = [frame.speaker for frame in read.parsed.frames]
        troops = (m for m in read.parsed.mentions if m.kind in _TROOPS and m.actors and not m.before)
        memory.doers = next((m for m in troops if all(m is not voice for voice in speakers)), None)
        persons = (m.actors[0] for m in read.parsed.mentions if m.person and m.kind == "government" and m.actors)
        pair = tuple(dict.fromkeys(persons))
        if pair:
            memory.pair = pair if len(pair) == _TWO else ()

    def _remember(self, read: Read, memory: Memory) -> None:
        frames = [frame for frame in read.parsed.frames if frame.resolved]
        if not frames:
            first = next(iter(read.parsed.mentions), None)
            heads = first is not None and first.start <= _HEAD and not first.before and not first.genitive
            if first is not None and heads and first.kind in _OFFICES and first.actors:
                memory.speaker, memory.noun = first.actors, first.noun
            return
        memory.speaker = frames[0].resolved
        mine = [f.speaker for f in frames if f.resolved == memory.speaker and f.speaker is not None]
        if mine and mine[0].kind != "pronoun":
            memory.noun = mine[0].noun or mine[0].name
        if any(speaker.kind in _OFFICES for speaker in mine):
            memory.person = memory.speaker

    def _beside(self, read: Read, mention: Mention, beside: Mention | None) -> tuple[str, ...]:
        """'Armenia's Defence Ministry and General Staff': of the same state."""
        if beside is None or not beside.states or mention.kind not in _OF_STATES:
            return ()
        if read.parsed.sentence.words[beside.end : mention.start] != ["and"]:
            return ()
        mention.states = beside.states
        return tuple(actor_of(mention.kind, state) for state in beside.states)

    def _apposed(self, read: Read, mention: Mention, number: int) -> tuple[str, ...]:
        """'the head of the press service, Colonel Dargahli,': whose the person named with the office is."""
        near = read.parsed.mentions[number + 1 : number + 3]
        words = read.parsed.sentence.words
        person = next((m for m in near if m.person and m.actors), None)
        fits = mention.kind in _OFFICES and not mention.owner and person is not None
        if person is None or not fits or words[person.start - 1] != "," or person.start - mention.end > _NEAR:
            return ()
        mention.states = person.states
        return person.actors

    def _who(self, mention: Mention, read: Read, reading: Reading) -> tuple[str, ...]:
        """Who a mention without a name is; empty where nobody can tell."""
        if mention.owner:
            if mention.owner == "sides" and not mention.before and reading.memory.pair:
                return reading.memory.pair  # 'the parties discussed': those who just spoke with each other
            return self._of_speaker(mention, self._speaker(mention, read) or reading.memory.speaker or reading.home)
        if mention.kind == "pronoun":
            return self._doers(mention, read, reading.memory) or self._pronoun(mention, read, reading.memory)
        return self._own(mention, read) or self._office(mention, read, reading)

    def _of_speaker(self, mention: Mention, speaker: tuple[str, ...]) -> tuple[str, ...]:
        """The two sides; the speaker's own; the speaker's enemy."""
        if mention.owner == "sides":
            return _BOTH
        state = self._sides.state_of(speaker[0]) if speaker else ""
        if mention.owner == "enemy":
            enemy = self._sides.enemy(state)
            return (actor_of("force", enemy),) if enemy else ()
        return (actor_of(mention.kind, state),) if state and mention.kind in _OWNED else speaker

    def _pronoun(self, mention: Mention, read: Read, memory: Memory) -> tuple[str, ...]:
        """'he' within somebody's words is the speaker, else the last person; 'it' and 'they' are the last speaker.

        'it' within a state's words is that state: 'Paris announced that it was recalling its ambassador'.
        """
        person = mention.noun in ("he", "she")
        kinds = None if person or mention.noun == "they" else ("state", "organisation")
        inside = self._speaker(mention, read, kinds)
        mention.noun = memory.noun
        return inside or (memory.person if person else memory.speaker)

    def _doers(self, mention: Mention, read: Read, memory: Memory) -> tuple[str, ...]:
        """'In parallel they shelled': the troops that did what the last sentence told, and not who told it."""
        doers = memory.doers
        if mention.noun != "they" or doers is None or any(frame.speaker is mention for frame in read.parsed.frames):
            return ()
        mention.kind, mention.states, mention.noun = doers.kind, doers.states, doers.noun
        return doers.actors

    def _speaker(self, mention: Mention, read: Read, kinds: Container[str] | None = None) -> tuple[str, ...]:
        """Whose words a mention stands in; () for nobody's, and for those of a speaker of no such kind."""
        for frame in reversed(read.chain(mention.start)):
            speaker = frame.speaker
            if speaker is not None and speaker is not mention and speaker.actors:
                return speaker.actors if kinds is None or speaker.kind in kinds else ()
        return ()

    def _own(self, mention: Mention, read: Read) -> tuple[str, ...]:
        """'Karabakh's people …, its ombudsman said', 'the republic's army said': the state named before."""
        words = read.parsed.sentence.words
        back = words[max(0, mention.start - 2) : mention.start]
        owned = back[-1:] == ["its"] or back in (["country", "'s"], ["republic", "'s"])
        if mention.kind not in ("government", "force") or not owned:
            return ()
        before = [m for m in read.parsed.mentions if m.end <= mention.start and m.states]
        heads = [m for m in before if not m.before and not m.genitive] or before
        return (actor_of(mention.kind, heads[0].states[0]),) if before else ()

    def _office(self, mention: Mention, read: Read, reading: Reading) -> tuple[str, ...]:
        """'the ministry': whose it was when it last spoke, or was last named; else the last speaker's, or at home."""
        memory = reading.memory
        last = _last(mention)
        remembered = self._remembered(mention, read, memory)
        if remembered:
            return remembered
        if mention.kind in ("opposition", "police"):
            state = self._local(mention, read, reading) or self._sides.state_of("".join(reading.home[:1])) or "Armenia"
            return (actor_of(mention.kind, "Armenia" if state == "Artsakh" else state),)
        two = read.parsed.sentence.words[mention.start - 1] in ("two", "both") if mention.start else False
        if (
            last in self._words["peers"]
            or (two and last in _MINISTERS)
            or (last in self._words["heads_of_state"] and (mention.before or two))
        ):
            return (two and memory.pair) or _BOTH
        return self._spoken_for(mention, read, reading) if mention.kind == "government" else ()

    def _spoken_for(self, mention: Mention, read: Read, reading: Reading) -> tuple[str, ...]:
        """Whose an office not named before is: of the place, of who spoke last, or of whom it is told at home."""
        nouns = set(mention.noun.split())
        here = not {"press", "presidential"} & nouns and self._words["local_offices"] & nouns
        local = self._local(mention, read, reading) if here else ""
        if local:
            return (actor_of("government", local),)
        if _last(mention) not in self._words["offices"]:
            return ()
        before, heading = reading.memory.speaker, self._heading(mention, read)
        party = bool(reading.home) and self._sides.enemy(self._sides.state_of(reading.home[0])) != ""
        if party and not reading.memory.spoken:  # nobody's office has said anything, and it is told at home
            return heading or reading.home
        return before or heading or reading.home

    def _remembered(self, mention: Mention, read: Read, memory: Memory) -> tuple[str, ...]:
        """Whose an office, or what it belongs to ('the army's press service'), was when it was last named."""
        known = memory.spoken.get(_last(mention)) or memory.nouns.get(_last(mention))
        if mention.kind in _OFFICES and known:
            return known
        within = read.parsed.sentence.words[mention.start : mention.end - 1]
        return memory.nouns.get(within[within.index("'s") - 1], ()) if "'s" in within else ()

    def _heading(self, mention: Mention, read: Read) -> tuple[str, ...]:
        """'Armenia's premier met …, the press service reports': the government that the sentence begins with."""
        first = read.parsed.mentions[0]
        titled = read.parsed.sentence.words[first.end : first.end + 1] == [":"]
        named = titled or first.kind in ("government", "peacekeepers")
        heads = first.end <= mention.start and named and not first.before and not first.genitive
        if not heads or first.start > _HEAD or not first.actors:
            return ()
        state = self._sides.state_of(first.actors[0])
        return (actor_of("government", state),) if first.kind == "peacekeepers" and state else first.actors[:1]

    def _local(self, mention: Mention, read: Read, reading: Reading) -> str:
        """Who holds the place that 'local authorities' are named with: in the sentence, the dateline, or before."""
        first = min(read.places, key=lambda place: abs(place.start - mention.start), default=None)
        if first is not None:
            return self._sides.holder(first.place, reading.today)
        if reading.dateline is not None and reading.dateline.place is not None:
            return self._sides.holder(reading.dateline.place, reading.today)
        earlier = next((one for one in reversed(reading.sentences[-_BACK:]) if one.places), None)
        return "" if earlier is None else self._sides.holder(earlier.places[0].place, reading.today)


_BACK: Final = 40
_HEAD: Final = 2
_TWO: Final = 2
_NEAR: Final = 7


def _last(mention: Mention) -> str:
    """The office itself: 'ministry' of 'defence ministry' and of 'ministry of defence'."""
    return mention.noun.partition(" of ")[0].rpartition(" ")[2]
