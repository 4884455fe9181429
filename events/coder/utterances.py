"""What parties say: appeals, accusations, denials, and statements that no rule names."""

from typing import Final

from events.coder.draft import SPEAKERS, Draft, Scene
from events.coder.grammar import Frame
from events.coder.matching import Hit
from events.coder.mentions import Mention, actor_of
from events.coder.placing import WIDE, Placing
from events.coder.reading import Reading
from events.coder.reality import main_verb
from events.coder.rules import Rules
from events.coder.when import set_day
from events.coder.who import Who, names_of

__all__ = ["Utterances"]

_SPEAKING: Final = ("state", "government", "organisation")
_DUMB: Final = ("Civilians", "Local media", "Journalists", "Syrian", "Protesters", "Police")
_MOST: Final = 6
_JOINED: Final = 2
_BE: Final = frozenset(["is", "are", "was", "were", "been", "being", "be", "has", "have", "had", "'s"])
_DO: Final = _BE | {"do", "does", "did"}
_REACH: Final = 8


class Utterances:
    """Makes drafts of words; built once."""

    def __init__(self, rules: Rules, placing: Placing, who: Who):
        self._words = rules.words
        self._noes = rules.words["contracted_not"] | {"no", "not"}
        self._deniable = rules.classes["deniable"]
        self._offices: list[str] = rules.lists["technical"]["offices"]
        self._people = frozenset(rules.lists["technical"]["people"])
        self._placing = placing
        self._who = who

    # --- what a rule names

    def of_hit(self, scene: Scene, hit: Hit) -> list[Draft]:
        """Return the drafts of an appeal, an accusation or a denial: one for each who speaks for itself."""
        if hit.rule.actor1 == "utterer":
            return self._uttered(scene, hit)
        parsed = scene.read.parsed
        words = parsed.sentence.words
        asked = parsed.verb(hit.head)
        if asked is not None and asked.passive and not set(words[max(0, asked.at - 2) : asked.at]) & _BE:
            return []  # 'a session requested by France'
        mention, actors = self._speaker(scene, hit)
        if mention is not None and mention.kind in _SPEAKING:
            joined = (one for one in parsed.coordinated(mention) if one.kind in _SPEAKING)
            actors = tuple(dict.fromkeys(a for one in joined for a in one.actors))
        if hit.rule.sub_type == "Accusation" and "each" in words:
            actors = tuple(dict.fromkeys(self._together(scene, mention, actors)))
        actors = tuple(a for a in actors if not a.startswith(_DUMB))
        outer = next((f for f in scene.read.chain(hit.head) if f.resolved and f.speaker is not mention), None)
        mild = hit.rule.weight < 2 and mention is not None and outer is not None and outer.resolved != actors
        if not actors or mild:
            return []
        addressed, names = self._addressed(scene, hit, mention, actors)
        charge = hit.rule.sub_type == "Accusation"
        told = asked is not None and asked.form in "bsd" and not asked.infinitive
        if charge and len(actors) > 1 and not (told and self.mutual(scene, hit)):
            return []  # 'with both sides accusing each other': no news of its own
        out = []
        foes = {"Armenia", "Azerbaijan"} <= {actor.rpartition(" of ")[2] for actor in actors}
        joint = (foes and not charge) or bool({"joint", "jointly", "together"} & set(words))
        for group in [actors] if joint else [(actor,) for actor in actors[:_MOST]]:
            draft = scene.blank(hit.start, hit.end, hit.rule.sub_type, "Diplomacy", hit.rule.id)
            draft.weight = hit.rule.weight
            draft.actor1, draft.actor2 = group[:1], group[1:] + names
            if charge and len(actors) > 1 and not names:
                draft.actor2 = tuple(a for a in actors if a not in group)
            draft.claimant = outer.resolved[:1] if outer is not None and outer.speaker is not None else draft.actor1
            scene.mark(draft, "actor1", mention)
            if names:
                scene.mark(draft, "actor2", addressed)
            draft.where = self._placing.said_at(scene.read, group[0], mention, hit.head)
            draft.about = self._about(scene)
            set_day(scene, draft, hit.head, hit.start, hit.end)
            out.append(draft)
        return out

    def _together(self, scene: Scene, mention: Mention | None, actors: tuple[str, ...]) -> tuple[str, ...]:
        """Who speaks, with who stands joined before it: 'Baku and Yerevan blamed each other'."""
        words = scene.read.parsed.sentence.words
        if mention is None or mention.start < _JOINED or words[mention.start - 1] != "and":
            return actors
        before = scene.read.parsed.mention(mention.start - _JOINED)
        return (*before.actors, *actors) if before is not None and before.kind == mention.kind else actors

    def mutual(self, scene: Scene, hit: Hit) -> bool:
        """Whether the two sides blame each other."""
        if hit.rule.sub_type != "Accusation":
            return False
        words = scene.read.parsed.sentence.words
        actors = self._together(scene, *self._speaker(scene, hit))
        sides = {actor.rpartition(" of ")[2] for actor in actors}
        each = bool({"each", "another", "mutual", "trade", "traded", "trading"} & set(words[max(0, hit.start - 4) :]))
        return each and len(sides) > 1

    def _speaker(self, scene: Scene, hit: Hit) -> tuple[Mention | None, tuple[str, ...]]:
        """Who utters: the subject of the verb if it can speak, else whose words they are."""
        parsed = scene.read.parsed
        verb = main_verb(parsed, hit)
        quoted = parsed.sentence.quoted[hit.head]
        chain = scene.read.chain(hit.head)
        subject = None
        if verb is not None:
            subject = parsed.by_agent(verb.at) if verb.passive else parsed.subject(verb.at)
            if subject is None and not verb.passive:
                subject = next((f.speaker for f in parsed.frames if f.verb == verb.at), None)
        if subject is not None and subject.kind == "adjective":
            return None, tuple(actor_of("government", state) for state in subject.states[:1])
        if subject is not None and subject.kind not in SPEAKERS:
            return None, ()
        if subject is not None and subject.actors:
            outer = next((f.resolved for f in chain if f.resolved), scene.read.inherited)
            # What somebody quoted says of a third party's words is no word of that party.
            return (None, ()) if quoted and subject.actors != outer else (subject, subject.actors)
        for frame in reversed(chain):
            if frame.own:
                return None, ()
            if frame.resolved:
                return frame.speaker, frame.resolved
        return None, scene.read.inherited if quoted else self._published(scene, hit)

    def _addressed(
        self, scene: Scene, hit: Hit, speaker: Mention | None, actors: tuple[str, ...]
    ) -> tuple[Mention | None, tuple[str, ...]]:
        parsed = scene.read.parsed
        verb = parsed.verb(hit.head)
        patient = parsed.subject(hit.head) if verb is not None and verb.passive else parsed.after(hit.head)
        if parsed.sentence.words[hit.head + 1 : hit.head + 2] in (["on"], ["upon"]):
            behind = (parsed.mention(at) for at in range(hit.head + 2, min(hit.head + 6, len(parsed.sentence))))
            patient = next((m for m in behind if m is not None and m.kind != "adjective"), patient)
        if patient is None and parsed.sentence.words[hit.end : hit.end + 1] == ["what"]:
            behind = (parsed.mention(at) for at in range(hit.end, min(hit.end + _REACH, len(parsed.sentence))))
            patient = next((m for m in behind if m is not None and m.kind != "pronoun"), None)
        if patient is None or patient is speaker:
            return None, ()
        if hit.rule.sub_type == "Denial" and patient.noun == "capital" and not patient.genitive:
            return None, ()  # 'denied shelling Stepanakert': the town
        names = (n for one in parsed.coordinated(patient) for n in names_of(one, forces=False))
        names = (n.replace("Military Forces of", "Government of") for n in names)
        return patient, tuple(dict.fromkeys(n for n in names if n not in actors))

    def _uttered(self, scene: Scene, hit: Hit) -> list[Draft]:
        """What somebody says another does: an accusation of the one whose verb it is."""
        frame, actors = self._within(scene, hit)
        agent, patient = self._who.around(scene, hit)
        blamed = names_of(agent, forces=False) or names_of(patient, forces=False)
        nameless = any(f.speaker is not None and not f.resolved for f in scene.read.chain(hit.head))
        if not actors and nameless and blamed and (enemy := self._who.enemy(blamed[0])):
            actors = (enemy,)  # 'Armenia is trying to annex, the ministry said': its enemy's
        if not actors or actors[0].startswith(("Military", "Local media", "Civilians")):
            return []
        if hit.rule.sub_type == "Accusation" and (not blamed or blamed[0] == actors[0]):
            return []
        if frame is not None and frame.speaker is agent:
            return []
        draft = self._said(scene, hit, hit.rule.sub_type, actors[0], frame)
        draft.weight = hit.rule.weight
        draft.actor2 = tuple(actor.replace("Military Forces of", "Government of") for actor in blamed[:1])
        return [draft]

    def denial(self, scene: Scene, hit: Hit) -> list[Draft]:
        """'X says that no shells were fired': the speaker denies. Nothing where nobody speaks."""
        frame, actors = self._within(scene, hit)
        if not actors or not actors[0].startswith(("Government", "Military", "Opposition", "Russian Peace")):
            return []
        actor = actors[0]
        if actor.startswith("Military Forces of "):
            actor = "Government of " + actor.removeprefix("Military Forces of ")
        draft = self._said(scene, hit, "Denial", actor, frame)
        draft.weight = 1
        return [draft]

    def _within(self, scene: Scene, hit: Hit) -> tuple[Frame | None, tuple[str, ...]]:
        """Whose words a hit stands in."""
        frame = next((f for f in reversed(scene.read.chain(hit.head)) if f.resolved), None)
        if frame is not None:
            return frame, frame.resolved
        return None, scene.read.inherited if any(scene.read.parsed.sentence.quoted) else self._published(scene, hit)

    @staticmethod
    def _published(scene: Scene, hit: Hit) -> tuple[str, ...]:
        """Whose words an unquoted denial or accusation is: of the office that publishes it."""
        return scene.reading.paper if hit.rule.sub_type != "Appeal or statement" else ()

    def _said(self, scene: Scene, hit: Hit, sub_type: str, actor: str, frame: Frame | None) -> Draft:
        draft = scene.blank(hit.start, hit.end, sub_type, "Diplomacy", hit.rule.id)
        draft.actor1 = draft.claimant = (actor,)
        speaker = frame.speaker if frame is not None else None
        scene.mark(draft, "actor1", speaker)
        scene.mark(draft, "claimant", speaker)
        draft.where = self._placing.said_at(scene.read, actor, speaker, frame.verb if frame is not None else hit.head)
        draft.about = self._about(scene)
        set_day(scene, draft, hit.head, hit.start, hit.end)
        return draft

    def _about(self, scene: Scene) -> tuple[str, ...]:
        """The places that a sentence of words is about."""
        read = scene.read
        named = [p for p in read.places if p.place.kind not in WIDE and self._placing.is_place(read, p, None)]
        return tuple(dict.fromkeys(self._placing.where(spot).place.place_id for spot in named))

    # --- what no rule names

    def plain(self, reading: Reading, numbers: list[int], found: list[Draft]) -> list[Draft]:
        """Return one statement for each party that speaks in sentences `numbers`, kept if it says all there is."""
        spoken: set[tuple[str, ...]] = set()
        out: list[Draft] = []
        taken = {draft.sentence for draft in found}
        for number in numbers:
            scene = Scene(reading, number, reading.sentences[number])
            for frame in scene.read.parsed.frames:
                who = frame.resolved[:1]
                if who in spoken or frame.lemma in self._words["no_closers"] or not self._own_word(scene, frame):
                    continue
                denies = self._negated(scene, frame)
                if denies or not self._technical(frame.speaker):
                    spoken.add(who)
                    draft = self._statement(scene, frame, denies=denies)
                    draft.loose = sum(self._speaks(reading, n, who) for n in numbers if n not in taken)
                    out.append(draft)
        return out

    def _speaks(self, reading: Reading, number: int, who: tuple[str, ...]) -> bool:
        parsed = reading.sentences[number].parsed
        return not parsed.sentence.headline and any(frame.resolved[:1] == who for frame in parsed.frames)

    def _own_word(self, scene: Scene, frame: Frame) -> bool:
        """Whether a frame is a party's own word, not one within another's."""
        if not frame.resolved or frame.speaker is None or frame.resolved[0].startswith("Local media"):
            return False
        if frame.speaker.noun == "sides" and len(frame.resolved) > 1:
            return False  # 'both sides have reported casualties'
        if frame.speaker.kind not in ("government", "organisation", "opposition", "state", "pronoun"):
            return False
        outer = (f for f in scene.read.chain(frame.verb) if f is not frame and f.resolved)
        return (
            not any(f.resolved != frame.resolved for f in outer) and not scene.read.parsed.sentence.quoted[frame.verb]
        )

    def _negated(self, scene: Scene, frame: Frame) -> bool:
        """Whether the words of a frame say that something of the war is not so."""
        words = scene.read.parsed.sentence.words
        low, high = frame.low, min(frame.high, len(words))
        if not frame.resolved[0].startswith(("Government", "Military", "Opposition")):
            return False
        if self._noes.isdisjoint(words) or not self._words["not_yet"].isdisjoint(words[low:high]):
            return False
        for at in range(low, high):
            before = words[at - 1] if at else ""
            no = words[at] == "no" and before in _BE and not set(words[at + 1 : at + 3]) & self._words["no_denial"]
            not_ = words[at] == "not" and (before in _DO or at == low)
            if no or not_ or words[at] in self._words["contracted_not"]:
                near = range(max(low, at - _REACH), min(high, at + _REACH + 1))
                if any(words[p] in self._deniable and self._deniable.at(words, p) is not None for p in near):
                    return True
        return False

    def _technical(self, speaker: Mention | None) -> bool:
        """Whether a speaker reports for an office that tells what happened, and states no policy."""
        if speaker is None:
            return False
        return any(word in speaker.noun for word in self._offices) or bool({speaker.name, speaker.noun} & self._people)

    def _statement(self, scene: Scene, frame: Frame, *, denies: bool) -> Draft:
        sub_type, rule = ("Denial", "statement.denial") if denies else ("Appeal or statement", "statement")
        draft = scene.blank(frame.verb, frame.verb + 1, sub_type, "Diplomacy", rule)
        draft.weight = int(denies)
        draft.actor1 = draft.claimant = frame.resolved[:1]
        scene.mark(draft, "actor1", frame.speaker)
        scene.mark(draft, "claimant", frame.speaker)
        draft.where = self._placing.said_at(scene.read, frame.resolved[0], frame.speaker, frame.verb)
        draft.about = self._about(scene)
        set_day(scene, draft, frame.verb, frame.verb, frame.verb + 1)
        return draft
