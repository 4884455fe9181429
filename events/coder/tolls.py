"""Harm to people: given to the blow that did it, or a casualty count of its own."""

from dataclasses import replace
from typing import Final

from events.coder.casualties import Casualties, Harm
from events.coder.claims import set_claimant
from events.coder.draft import PARTIES, VIOLENT, Draft, Scene, forced, governed
from events.coder.mentions import Mention, actor_of
from events.coder.placing import SETTLED, WIDE, Placing, Where
from events.coder.rules import Rules
from events.coder.sides import Sides
from events.coder.when import set_day

__all__ = ["Tolls"]

_HARMFUL: Final = VIOLENT | {"Protests", "Riots"}
_BACK: Final = 2
_FEW: Final = 100
_TELLERS: Final = frozenset(("government", "force", "organisation"))
_NO_TOLL: Final = frozenset(("Exchange of prisoners or bodies", "Aid or relief"))


class Tolls:
    """Gives harm to drafts and makes counts; built once."""

    def __init__(self, rules: Rules, sides: Sides, placing: Placing):
        self._casualties = Casualties(rules)
        self._sides = sides
        self._placing = placing
        self._tells = frozenset(rules.lists["harm"]["tells"])

    def of_sentence(self, scene: Scene, mine: list[Draft], earlier: list[Draft]) -> list[Draft]:
        """Return the counts of a sentence; harm of one blow goes to its draft, in `mine` or `earlier`, instead."""
        harms = self._casualties.find(scene.read) or self._carried(scene)
        before = min((scene.span(harm.word, harm.word + 1)[0] for harm in harms), default=0)
        denied = any(draft.rule == "deny" and draft.action[0] < before for draft in mine)
        hosts = [draft for draft in mine if draft.kind in _HARMFUL or draft.rule == "other.accident"]
        helps = not hosts and any(draft.sub_type in _NO_TOLL for draft in mine)
        if not harms or denied or helps:
            return []
        one_blow = self._casualties.of_one(scene.read)
        total = self._casualties.total(scene.read) and not one_blow
        fights = all(draft.kind == "Battles" for draft in hosts)
        if total and not any(draft.told and draft.where and draft.where.place.kind not in WIDE for draft in hosts):
            for draft in hosts:  # 'killed in the shelling since September 27': no blow of its own
                mine.remove(draft)
            return self._count(scene, harms, earlier)
        if hosts and not (total and fights):
            if not total or any(harm.value < _FEW for harm in harms):
                self._give(scene, hosts[0], harms)
            return []
        if not hosts and not total:
            return self._of_earlier(scene, harms, earlier, one_blow=one_blow)
        return self._count(scene, harms, earlier)

    def _carried(self, scene: Scene) -> list[Harm]:
        """'… 44 more names of killed servicemen. The total number has grown to 1,221.'"""
        if not scene.number:
            return []
        return self._casualties.carried(scene.read, scene.reading.sentences[scene.number - 1])

    def _of_earlier(self, scene: Scene, harms: list[Harm], earlier: list[Draft], *, one_blow: bool) -> list[Draft]:
        """Harm that a sentence tells without the blow: of the blow just told, by the same or by another word."""
        blows = [draft for draft in earlier if draft.kind in VIOLENT]
        near = [draft for draft in blows if draft.where is not None and scene.number - draft.sentence <= _BACK]
        if one_blow and blows:
            self._give(scene, blows[-1], harms, more=True)
            return []
        told = self._other_word(scene, harms, near)
        if told is not None:
            return [told]
        if near:
            self._give(scene, near[-1], harms)
            return []
        return self._count(scene, harms, earlier)

    def _other_word(self, scene: Scene, harms: list[Harm], near: list[Draft]) -> Draft | None:
        """Another party's word on the harm of a blow just told is a word on that blow."""
        frame = next((f for f in scene.read.chain(harms[0].word) if f.resolved), None)
        host = next((d for d in reversed(near) if d.kind == "Explosions/Remote violence"), None)
        if frame is None or host is None or host.claimant == frame.resolved[:1] or "claimant" not in host.spans:
            return None
        told = replace(host.copy(), claimant=frame.resolved[:1], fatalities=None, injured=None)
        del told.spans["claimant"]
        scene.mark(told, "claimant", frame.speaker)
        self._give(scene, told, harms)
        return told

    def _give(self, scene: Scene, host: Draft, harms: list[Harm], *, more: bool = False) -> None:
        victims = self._casualties.victims(scene.read, harms[0])
        open_to = not host.actor2 and host.kind == "Explosions/Remote violence" and any(harm.value for harm in harms)
        if open_to and victims is not None and victims.kind == "civilians" and host.where is not None:
            host.actor2 = self._lost(victims, self._sides.holder(host.where.place, scene.reading.today))
            scene.mark(host, "actor2", victims)
        for harm in harms:
            known = getattr(host, harm.field)
            if known is None or (more and harm.value > known):
                setattr(host, harm.field, harm.value)
                host.spans[harm.field] = scene.span(harm.start, harm.end)

    def _count(self, scene: Scene, harms: list[Harm], earlier: list[Draft]) -> list[Draft]:
        if all(harm.value == 0 for harm in harms):
            return []
        first = harms[0]
        draft = scene.blank(first.start, first.end, "Casualty count", "Humanitarian", "casualties.total")
        self._give(scene, draft, harms)
        set_claimant(scene, draft, first.start)
        self._teller(scene, draft, first)
        last = earlier[-1] if earlier else None
        goes_on = last is not None and last.sub_type == draft.sub_type and scene.number - last.sentence == 1
        if goes_on and last is not None and self._casualties.victims(scene.read, first) is None:
            draft.actor1 = last.actor1  # 'Another 218 are reported injured'
        else:
            self._whose(scene, draft, first)
        set_day(scene, draft, first.word, first.word, first.word + 1)
        return [self._placed(scene, one, first) for one in self._apart(scene, draft, first)]

    def _teller(self, scene: Scene, draft: Draft, harm: Harm) -> None:
        """'The ombudsman has counted 21 dead', 'puts the number of those killed at 63': whose count it is."""
        parsed = scene.read.parsed
        if draft.claimant != scene.publisher:
            return
        for verb in parsed.verbs:
            if verb.lemma not in self._tells or verb.passive or verb.at > harm.word:
                continue
            teller = parsed.subject(verb.at)
            if teller is not None and teller.kind in _TELLERS and teller.actors:
                draft.claimant = (governed(teller.actors[0]),)
                scene.mark(draft, "claimant", teller)
                return

    def _placed(self, scene: Scene, draft: Draft, harm: Harm) -> Draft:
        draft.where = self._town(scene, harm) or self._placing.named(self._land(draft))
        return draft

    def _apart(self, scene: Scene, draft: Draft, harm: Harm) -> list[Draft]:
        """'the death of 208 soldiers and 23 civilians': a count of each."""
        groups = self._casualties.groups(scene.read)
        state = self._sides.state_of(draft.actor1[0]) if draft.actor1 else ""
        if not groups or state not in PARTIES:
            return [draft]
        out = []
        for kind, count in groups:
            one = draft.copy()
            one.actor1 = (actor_of(kind, state),)
            setattr(one, harm.field, count.value)
            one.spans[harm.field] = scene.span(count.start, count.end)
            out.append(one)
        return out

    @staticmethod
    def _land(draft: Draft) -> str:
        """Where those counted died, when it is not told: in Karabakh; Azerbaijan's civilians behind its lines."""
        return "azerbaijan" if draft.actor1 == ("Civilians (Azerbaijan)",) else "nagorno-karabakh"

    def _whose(self, scene: Scene, draft: Draft, harm: Harm) -> None:
        """Whose people were lost: those named, else the speaker's own."""
        owner = self._owner(scene, draft)
        victims = self._loser(scene, harm) or self._casualties.victims(scene.read, harm)
        if victims is not None and victims.kind == "civilians" and not victims.states:
            owner = self._country(scene) or owner
        if victims is not None:
            scene.mark(draft, "actor1", victims)
            draft.actor1 = self._lost(victims, owner)
        army = any(one.startswith("Military Forces of ") for one in draft.claimant)
        if owner in PARTIES and not army and self._of_all(scene, victims, owner):
            draft.actor1 = (actor_of("force", owner), actor_of("civilians", owner))
        if not draft.actor1 and owner in PARTIES:
            civil = {"civilian", "civilians", "children", "women"} & set(scene.read.parsed.sentence.words)
            draft.actor1 = (actor_of("civilians" if civil else "force", owner),)
            draft.doubts.append("whose losses they are is inferred from the speaker")

    def _owner(self, scene: Scene, draft: Draft) -> str:
        """Whose 'our fallen' are: the speaker's; where nobody speaks, theirs at whose home it is told."""
        speaker = next(iter(draft.claimant), "")
        if draft.claimant == scene.publisher:
            speaker = next(iter(scene.reading.home), speaker)
        return self._sides.state_of(speaker) if speaker else ""

    def _loser(self, scene: Scene, harm: Harm) -> Mention | None:
        """'Azerbaijan has lost 6,259 soldiers': who lost them, whoever says so."""
        parsed = scene.read.parsed
        verb = parsed.verb(harm.word)
        if verb is None or verb.lemma != "lose" or verb.passive:
            return None
        subject = parsed.subject(verb.at)
        return subject if subject is not None and subject.states else None

    def _country(self, scene: Scene) -> str:
        """'19 civilians have died in Nagorno-Karabakh': whose people those in it are."""
        words = scene.read.parsed.sentence.words
        for place in scene.read.places:
            before = words[max(0, place.start - 2) : place.start]
            if place.place.kind in WIDE and before[-1:] in (["in"], ["the"]) and "in" in before:
                state = self._sides.holder(place.place, scene.reading.today)
                return state if state in PARTIES else ""
        return ""

    def _of_all(self, scene: Scene, victims: Mention | None, owner: str) -> bool:
        """Whether a toll is of soldiers and civilians together: 'people, 10 of them civilians'."""
        words = scene.read.parsed.sentence.words
        plain = victims is None or (victims.kind == "civilians" and victims.noun in ("people", "persons"))
        troops = {"soldiers", "servicemen", "troops", "fighters"} & set(words)
        if not plain or troops:
            return False
        among = {"including", "among", "of"} & set(words) and {"civilians", "civilian"} & set(words)
        return bool(among) or (owner == "Artsakh" and not {"civilians", "civilian", "residents"} & set(words))

    def _lost(self, victims: Mention, owner: str) -> tuple[str, ...]:
        if victims.kind == "adjective":
            return tuple(actor_of("force", state) for state in victims.states)
        if victims.kind == "force" and owner == "Artsakh" and victims.states == ("Armenia",):
            return (actor_of("force", owner),)  # 'Armenian servicemen', as Karabakh calls its own
        if victims.kind in ("civilians", "force"):
            return victims.actors or ((actor_of(victims.kind, owner),) if owner in PARTIES else ())
        return tuple(forced(actor) for actor in victims.actors)

    def _town(self, scene: Scene, harm: Harm) -> Where | None:
        """The town that harm is told of; a total is of the whole region, unless it is of those 'killed in' a town."""
        total = self._casualties.total(scene.read)
        words = scene.read.parsed.sentence.words
        for place in scene.read.places:
            found = place.place
            if found.kind not in SETTLED | {"district"} or (total and place.start != harm.word + _BACK):
                continue
            around = set(words[max(0, place.start - 1) : place.start + 1])
            if {"in", "near", "of", "at"} & around and self._placing.is_place(scene.read, place, None):
                return self._placing.where(place)
        return None
