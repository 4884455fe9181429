"""From a report read to drafts of events: which rules fired, and what of it is told as having happened."""

from bisect import bisect_right
from typing import Final

from events.codebook import Codebook
from events.coder.aims import Aims
from events.coder.claims import set_claimant
from events.coder.credible import credible
from events.coder.draft import PARTIES, VIOLENT, Draft, Scene
from events.coder.inference import Inference
from events.coder.matching import Hit, hits
from events.coder.meetings import Meetings
from events.coder.mentions import actor_of
from events.coder.placing import AREAS, SETTLED, PlaceAt, Placing, Where, attribution
from events.coder.reading import Read, Reading
from events.coder.reality import accused, carries_on, finite, goes_on, state_of
from events.coder.rules import Rules
from events.coder.settling import settled
from events.coder.sides import Sides
from events.coder.standins import StandIns
from events.coder.taking import Taking
from events.coder.tolls import Tolls
from events.coder.utterances import Utterances
from events.coder.when import OLDEST, day_by_day, set_day, set_day_beside
from events.coder.who import Pair, Who

__all__ = ["Drafter"]

_WORDS: Final = ("Denial", "Accusation", "Appeal or statement")
_DENIABLE: Final = VIOLENT | {"Strategic developments", "Humanitarian"}
_BESIDE: Final = 4
_WEAPONS_ACT: Final = frozenset(("shelling.weapon_hits", "shelling.fired_on", "air.launch"))
_SHORT: Final = 12
_REPORTED: Final = 25
_MOST: Final = 60
"""Drafts of a sentence, about: no sentence tells as much, whatever it lists."""


class Drafter:
    """Makes drafts of a report; built once."""

    def __init__(self, codebook: Codebook, rules: Rules, sides: Sides, placing: Placing):
        self._type_of = codebook.type_of
        self._rules = rules
        self._history_words = [f" {mark} " for mark in rules.lists["history"]["words"]]
        self._history_firsts = frozenset(mark.split()[0] for mark in self._history_words)
        self._caption_marks: list[str] = rules.lists["caption"]["marks"]
        openers: list[str] = rules.lists["caption"]["openers"]
        self._caption_openers = tuple(f"{opener} {mark} " for opener in openers for mark in ":|")
        self._sides = sides
        self._placing = placing
        self._who = Who(rules, sides, placing)
        self._inference = Inference(rules, sides)
        self._standins = StandIns(sides, placing)
        self._taking = Taking(rules, placing)
        self._meetings = Meetings(rules, placing)
        self._utterances = Utterances(rules, placing, self._who)
        self._aims = Aims(rules, sides)
        self._tolls = Tolls(rules, sides, placing)

    def drafts(self, reading: Reading, told: set[str] | None = None) -> list[Draft]:
        """Return the drafts of a report, in the order of its text, not yet merged.

        `told` holds the sentences of other reports of the feed: what is repeated word for word is passed over, and the
        report's own are added.
        """
        found: list[Draft] = []
        numbers: list[int] = []
        focus: Where | None = None
        for number, read in enumerate(reading.sentences):
            if self._caption(read):
                continue
            past = self._history(read, reading)
            if past and not any(frame.resolved and finite(read.parsed, frame.verb) for frame in read.parsed.frames):
                continue
            if not past:
                numbers.append(number)
            if _repeated(read, told):
                continue
            scene = Scene(reading, number, read)
            mine = self._of_sentence(scene, focus)
            if past:  # what is said now of times long past
                found += [draft for draft in mine if draft.sub_type in _WORDS and draft.weight > 1]
                continue
            mine += self._tolls.of_sentence(scene, mine, found[-_MOST:])
            for draft in mine:
                if draft.told and draft.where is not None and draft.kind in VIOLENT:
                    focus = draft.where if draft.where.place.kind in SETTLED | AREAS else focus
            found += mine
        found += self._utterances.plain(reading, numbers, found)
        for draft in found:
            self._aims.fill(Scene(reading, draft.sentence, reading.sentences[draft.sentence]), draft)
        return found

    # --- one sentence

    def _history(self, read: Read, reading: Reading) -> bool:
        """A sentence of times long past, without a day of the present."""
        ages = [(reading.today - named.day).days for named in read.days if named.precision == 1] if read.days else []
        if ages and any(0 <= age <= OLDEST for age in ages):
            return False
        if ages and all(age > OLDEST for age in ages):
            return True
        words = read.parsed.sentence.words
        if self._history_firsts.isdisjoint(words) or any(read.parsed.sentence.quoted):
            return False
        text = f" {' '.join(words)} "
        return any(mark in text for mark in self._history_words)

    def _caption(self, read: Read) -> bool:
        """The line under a picture: 'A man walks past a house damaged by shelling'."""
        parsed = read.parsed
        words = parsed.sentence.words
        text = " ".join(words)
        if any(map(text.__contains__, self._caption_marks)) or text.startswith(self._caption_openers):
            return True
        first = next((verb for verb in parsed.verbs if not verb.adjective), None)
        shown = first is not None and first.form in "bs" and first.lemma in self._rules.lists["caption"]["verbs"]
        return shown and not parsed.frames and first is not None and first.at < _SHORT

    def _of_sentence(self, scene: Scene, focus: Where | None) -> list[Draft]:
        read = scene.read
        places = {place.start: place.end for place in read.places}
        days = {named.start: named.end for named in read.days}
        found: list[Draft] = []
        some = hits(read.parsed, self._rules, places, read.numbers, days)
        some = [hit for hit in some if not carries_on(hit, some, read)]
        ends = sorted(at for frame in read.parsed.frames if (at := attribution(frame)) > 0)
        text = f" {' '.join(read.parsed.sentence.words)} "
        for alike in _alike([hit for hit in some if not _crosses(hit, ends) and self._allowed(hit, read, text)]):
            for hit in alike:
                drafts = self._of_hit(scene, hit, focus)
                found += drafts
                if drafts:
                    break
            if len(found) > _MOST:
                break
        return settled(day_by_day(scene, found))

    def _allowed(self, hit: Hit, read: Read, text: str) -> bool:
        needs, unless = hit.rule.needs, hit.rule.unless
        if hit.rule.id in _WEAPONS_ACT and self._weapon_suffers(hit, read):
            return False
        return (not needs or any(self._has(one, read, text) for one in needs)) and not any(
            self._has(one, read, text) for one in unless
        )

    def _weapon_suffers(self, hit: Hit, read: Read) -> bool:
        """'Artillery positions were razed', 'a car was fired on': what stands before is hit, and hits nothing."""
        verb = read.parsed.verb(hit.head)
        if verb is None or not verb.passive:
            return False
        first = bool(hit.pattern.pieces[0].classes) and verb.lemma not in self._rules.words["lets_fly"]
        return first or hit.rule.id == "shelling.fired_on"

    def _has(self, one: str, read: Read, text: str) -> bool:
        """Whether a sentence, whose words are `text`, has a class or words."""
        words = read.parsed.sentence.words
        if one[0] == "@":
            phrases = self._rules.classes[one[1:]]
            if phrases.firsts.isdisjoint(words):
                return False
            return any(phrases.at(words, at) is not None for at in range(len(words)))
        return f" {one} " in text

    # --- one hit

    def _of_hit(self, scene: Scene, hit: Hit, focus: Where | None) -> list[Draft]:
        rule = hit.rule
        kind = self._type_of[rule.sub_type]
        state = "real" if rule.future == "any" else state_of(scene.read, hit, self._rules)
        if state == "thought" or (state == "future" and rule.future != "yes"):
            return []
        if state == "denied" and rule.negated != "yes":
            if rule.negated != "denial" or kind not in _DENIABLE:
                return []
            return self._alleged(scene, hit, kind) + self._utterances.denial(scene, hit)
        if kind == "Diplomacy" and rule.sub_type != "Talks or visit":
            both = bool(scene.read.days) and self._utterances.mutual(scene, hit)
            return self._both_say(scene, hit, focus) if both else self._utterances.of_hit(scene, hit)
        draft = scene.blank(hit.start, hit.end, rule.sub_type, kind, rule.id)
        draft.weight, draft.future = rule.weight, state == "future"
        pair = self._who.around(scene, hit)
        set_claimant(scene, draft, hit.head)
        if rule.sub_type == "Talks or visit":
            return self._meetings.of_hit(scene, hit, draft, pair)
        return self._happening(scene, hit, draft, pair, focus)

    def _both_say(self, scene: Scene, hit: Hit, focus: Where | None) -> list[Draft]:
        """'Hostilities erupted on 27 September when both accused each other of …': one clash, whoever began it."""
        draft = scene.blank(hit.start, hit.end, "Armed clash", "Battles", "battle.fighting")
        draft.charged = True
        set_claimant(scene, draft, hit.start)
        if any(draft.claimant[:1] == (actor_of("government", party),) for party in PARTIES):
            draft.claimant = scene.publisher  # of both, and neither's word alone
        return self._happening(scene, hit, draft, (None, None), focus)

    def _alleged(self, scene: Scene, hit: Hit, kind: str) -> list[Draft]:
        """'denied Azerbaijani claims that its troops shelled the town': the act, in the words of who claims it."""
        parsed = scene.read.parsed
        words = parsed.sentence.words
        claims = self._rules.classes["denyword"]
        if kind not in VIOLENT:
            return []
        for probe in range(max(0, hit.start - _REPORTED), hit.start):
            mention = parsed.mention(probe)
            if mention is None or mention.start != probe:
                continue
            whose = mention.kind == "adjective" or mention.genitive
            at = mention.end + (words[mention.end : mention.end + 1] == ["'s"])
            if not whose or not mention.states or at >= hit.start or words[at] not in claims:
                continue
            draft = scene.blank(hit.start, hit.end, hit.rule.sub_type, kind, hit.rule.id)
            draft.weight = hit.rule.weight
            draft.claimant = (actor_of("government", mention.states[0]),)
            scene.mark(draft, "claimant", mention)
            found = self._happening(scene, hit, draft, self._who.around(scene, hit), None)
            return [one for one in found if one.told and one.where is not None]
        return []

    def _happening(self, scene: Scene, hit: Hit, draft: Draft, pair: Pair, focus: Where | None) -> list[Draft]:
        """The drafts of what happened: one for each place, and for each who did the same."""
        spots = self._spots(scene, hit, draft, pair)
        if spots is None:
            return []
        if not self._charge_stands(scene, hit, draft, spots):
            return []
        out = []
        wheres: list[Where | None] = [self._placing.where(spot) for spot in spots]
        if draft.sub_type == "Agreement" and not wheres and _enters(scene, hit):
            wheres = [self._placing.named("nagorno-karabakh")]
        for where in wheres or [None]:
            one = draft.copy()
            one.where = where
            late = hit.rule.actor1 == "victims"  # whose people they are hangs on the place
            if not late:
                self._who.fill(scene, hit, one, pair)
            self._standins.fill(scene, one, focus)
            if late:
                self._who.fill(scene, hit, one, pair)
            set_day(scene, one, hit.head, hit.start, hit.end)
            if where is not None and where.span is not None and len(wheres) > 1 and len(scene.read.days) > 1:
                set_day_beside(scene, one, where.span[1])
            self._inference.complete(one, scene.reading.today)
            if credible(scene, one, self._sides):
                out.append(one)
            for other in one.others:
                also = one.copy()
                also.actor1, also.others, also.where = (other,), (), where
                self._standins.fill(scene, also, focus)
                out.append(also)
        return out

    def _spots(self, scene: Scene, hit: Hit, draft: Draft, pair: Pair) -> list[PlaceAt] | None:
        """The places of a hit that count for its rule; None where nothing of what it needs is there."""
        if hit.rule.place == "seat" and draft.rule == hit.rule.id:
            return []  # 'banned imports from Turkey'
        spots = self._placing.spots(scene.read, hit, pair[0])
        if draft.sub_type == "Agreement" and _enters(scene, hit):  # 'shelled Terter after the truce took effect'
            return [spot for spot in spots if hit.start <= spot.start <= hit.end + _BESIDE]
        return self._taking.targets(scene.read, hit, draft, spots) if hit.rule.place == "target" else spots

    def _charge_stands(self, scene: Scene, hit: Hit, draft: Draft, spots: list[PlaceAt]) -> bool:
        """What somebody is accused of is an act only where a party to the war names its place."""
        parsed = scene.read.parsed
        verb = parsed.verb(hit.head)
        if verb is not None and hit.pattern.verb and verb.form != "g" and not goes_on(parsed, verb):
            return True
        accuser = accused(parsed, hit.head)
        if accuser is None:
            return True
        if parsed.sentence.words[accuser.at + 1 : accuser.at + 2] == ["each"]:
            return False  # each of the other: one clash, and no side's act
        state = self._sides.state_of(draft.claimant[0]) if draft.claimant else ""
        draft.charged = draft.kind in VIOLENT and bool(spots) and state in PARTIES
        return draft.charged


def _enters(scene: Scene, hit: Hit) -> bool:
    """Whether an agreement only takes effect, wherever it was made."""
    verb = scene.read.parsed.verb(hit.head)
    return verb is not None and verb.lemma in ("begin", "come", "enter", "go", "start", "take")


def _crosses(hit: Hit, ends: list[int]) -> bool:
    """Whether a hit reaches over 'X said' behind what is said; `ends` is sorted."""
    after = bisect_right(ends, hit.head)
    return after < len(ends) and ends[after] < hit.end


def _repeated(read: Read, told: set[str] | None) -> bool:
    words = read.parsed.sentence.words
    if told is None or len(words) < _SHORT:
        return False
    text = " ".join(words)
    if text in told:
        return True
    told.add(text)
    return False


def _alike(found: list[Hit]) -> list[list[Hit]]:
    """The hits with one head and one sub-type together, one of each rule; of words alone, a denial before an appeal.

    That which covers most comes first: the others count where it gives nothing.
    """

    def rank(hit: Hit) -> tuple[int, int]:
        words = hit.rule.sub_type in _WORDS
        return (_WORDS.index(hit.rule.sub_type) if words else 0), hit.start - hit.end

    groups: dict[tuple[int, str], dict[str, Hit]] = {}
    for hit in sorted(found, key=rank):
        key = (hit.head, "words" if hit.rule.sub_type in _WORDS else hit.rule.sub_type)
        groups.setdefault(key, {}).setdefault(hit.rule.id, hit)
    several = [list(rules.values()) for rules in groups.values()]
    return sorted(several, key=lambda hits: (hits[0].head, hits[0].start - hits[0].end))
