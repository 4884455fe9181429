"""Who did it to whom: the mentions around what a rule saw, as actors of the codebook."""

from typing import Final

from events.coder.draft import PARTIES, VIOLENT, Draft, Scene, forced
from events.coder.grammar import Parsed
from events.coder.matching import Hit
from events.coder.mentions import Mention, actor_of
from events.coder.placing import SETTLED, Placing
from events.coder.reality import accused, goes_on
from events.coder.rules import Rules
from events.coder.sides import Sides
from events.coder.verbs import Verb
from events.coder.weapons import armed, flag

__all__ = ["Who", "names_of"]

_NEAR: Final = 14
_CLOSE: Final = 6
_OF_FORCES: Final = frozenset(("property.equipment", "losses.equipment", "arrest.captured"))
_PEOPLE_NEAR: Final = 18
_OWNERS: Final = frozenset(("adjective", "state", "force", "organisation", "peacekeepers"))

_BOTH: Final = ("Military Forces of Azerbaijan", "Military Forces of Armenia")

Pair = tuple[Mention | None, Mention | None]


def names_of(mention: Mention | None, *, forces: bool) -> tuple[str, ...]:
    """The actors of a mention, as armed forces where force is used."""
    if mention is None:
        return ()
    if mention.kind == "adjective":
        return tuple(actor_of("force" if forces else "government", state) for state in mention.states)
    return tuple(dict.fromkeys(forced(actor) for actor in mention.actors)) if forces else mention.actors


class Who:
    """Finds the actors of happenings; built once."""

    def __init__(self, rules: Rules, sides: Sides, placing: Placing):
        self._words = rules.words
        self._light = rules.words["light"]
        self._sides = sides
        self._placing = placing

    def enemy(self, actor: str) -> str:
        """The government of the other side of the war; '' for who is in neither."""
        state = self._sides.enemy(self._sides.state_of(actor))
        return actor_of("government", state) if state else ""

    # --- the words around

    def around(self, scene: Scene, hit: Hit) -> Pair:
        """Agent and patient around the head of a hit."""
        parsed = scene.read.parsed
        verb = parsed.verb(hit.head)
        owner = flag(parsed, hit)
        if owner is not None:
            return owner, None
        first = hit.pattern.pieces[0].classes
        if hit.rule.id == "air.launch" and first and first[0] in ("drone", "aircraft"):
            return self._weapon(parsed, hit) or parsed.subject(hit.head), parsed.after(hit.head)
        if hit.rule.actor1 in ("by", "weapon"):
            return self._of_weapon(parsed, hit, verb)
        if verb is not None and hit.pattern.verb:
            return self._of_verb(parsed, verb, hosts=hit.rule.sub_type == "Talks or visit")
        if hit.rule.id.startswith("territory.passive"):  # 'in Azerbaijani hands', 'under the control of the army'
            held = (m for m in parsed.mentions if hit.head < m.start < hit.end and m.states)
            return next(held, None) or parsed.after(hit.end - 1, limit=6), None
        noun = hit.start if parsed.verb(hit.start) is None else hit.head  # 'soldiers died in the shelling'
        return self._genitive(parsed, noun) or parsed.by_agent(hit.head, 10), parsed.after(hit.head)

    def _of_verb(self, parsed: Parsed, verb: Verb, *, hosts: bool) -> Pair:
        """Who does what a verb says, and to whom, in the active, in the passive, and under an accusation."""
        if verb.passive:
            return parsed.by_agent(verb.at), parsed.subject(verb.at)
        subject = parsed.subject(verb.at)
        if verb.lemma in self._words["suffering"] and not hosts:  # 'received fire', and not 'received the envoy'
            return parsed.by_agent(verb.at), subject
        charged = verb.form == "g" or (verb.infinitive and goes_on(parsed, verb))
        accuser = accused(parsed, verb.at) if charged else None
        if accuser is not None:
            blamed = parsed.subject(accuser.at) if accuser.passive else parsed.after(accuser.at, direct=True)
            subject = blamed or subject
        agent = parsed.by_agent(verb.at, 8) if subject is None and verb.form in ("n", "d") else None
        subject = subject or armed(parsed, verb)
        return (agent, None) if agent is not None else (subject, parsed.after(verb.at))

    def _of_weapon(self, parsed: Parsed, hit: Hit, verb: Verb | None) -> Pair:
        """Whose weapon it is, and whom it hits; 'the adversary has been hitting it with artillery' tells whose."""
        whose = self._weapon(parsed, hit)
        if hit.rule.actor1 == "by":
            return whose, parsed.subject(hit.head)
        strikes = verb is not None and not verb.passive and hit.pattern.verb and hit.pattern.head == 0
        return (parsed.subject(hit.head) if strikes and whose is None else whose), parsed.after(hit.head)

    def _weapon(self, parsed: Parsed, hit: Hit) -> Mention | None:
        """Whose the fire or the weapon is: 'Azerbaijani rockets hit', 'came under fire from Armenian positions'."""
        words = parsed.sentence.words
        for mention in parsed.mentions:
            gap = words[mention.end : hit.start]
            before = mention.end <= hit.start and all(w in self._light or w == "'s" for w in gap)
            inside = hit.start <= mention.start and mention.end <= hit.end
            armed = mention.kind == "force" and mention.noun not in self._words["bare_weapons"]
            if inside and hit.head < mention.start and "with" in words[mention.end : hit.end]:
                continue  # 'striking Armenian positions with missiles': whom they hit
            whose = armed or mention.kind == "adjective" or (before and mention.genitive)
            if whose and (inside or (before and hit.rule.actor1 != "by")):
                return mention
        agent = parsed.by_agent(hit.end - 1, 8) or parsed.by_agent(hit.head, 8)
        if agent is not None:
            return agent
        behind = parsed.after(hit.end - 1, limit=5)
        if behind is None or behind.before not in ("from", "of") or behind.kind not in ("force", "adjective", "state"):
            return None
        return None if behind.before == "of" and behind.noun == "capital" else behind  # 'the centre of Stepanakert'

    def _genitive(self, parsed: Parsed, at: int) -> Mention | None:
        """'Azerbaijani shelling', 'Armenia's attack': who stands right before a noun."""
        words = parsed.sentence.words
        for probe in range(at - 1, max(-1, at - 5), -1):
            mention = parsed.mention(probe)
            if mention is not None:
                return mention if mention.kind in _OWNERS or mention.genitive else None
            if words[probe] != "'s" and words[probe] not in self._light:
                return None
        return None

    # --- the actors of a happening

    def fill(self, scene: Scene, hit: Hit, draft: Draft, pair: Pair) -> None:
        """Give a draft the actors that the words around a hit name."""
        rule = hit.rule
        if rule.actor1 == "Protesters":
            self._protest(scene, draft, rule.actor2)
        elif rule.actor1 == "moved":
            self._moved(scene, hit, draft, pair)
        elif rule.actor1 == "victims":
            self._victims(scene, hit, draft)
        else:
            self._by_role(scene, hit, draft, pair)

    def _by_role(self, scene: Scene, hit: Hit, draft: Draft, pair: Pair) -> None:
        agent, patient = pair
        rule = hit.rule
        if draft.sub_type == "Attack" and patient is None:
            patient = scene.read.parsed.mention(hit.start)  # 'a member of the parliament was beaten'
        chosen = {"agent": agent, "patient": patient, "with": patient, "to": patient, "by": agent, "weapon": agent}
        uses_force = draft.kind in VIOLENT or draft.sub_type == "Disrupted weapons use" or rule.id in _OF_FORCES
        for name, role in (("actor1", rule.actor1), ("actor2", rule.actor2)):
            mention = chosen.get(role)
            if mention is None or (name == "actor2" and mention is chosen.get(rule.actor1)):
                continue
            names = self._named(scene, hit, mention, role, first=name == "actor1", forces=uses_force)
            if name == "actor2":
                place = uses_force or (mention.noun == "capital" and draft.kind == "Humanitarian")
                if mention.kind == "state" and place and draft.told:
                    names = ()  # 'shelled Stepanakert': the place, not its government
                names = tuple(n for n in names if n not in draft.actor1)
            if names:
                setattr(draft, name, names)
                scene.mark(draft, name, mention)
        in_office = patient is not None and patient.kind in ("government", "opposition") and bool(patient.states)
        if draft.sub_type == "Attack" and in_office and patient is not None:
            self._beaten(scene, draft, agent, patient)
            return
        if rule.id == "change.leaders" and not draft.actor1 and patient is not None and patient.states:
            draft.actor1 = (actor_of("government", patient.states[0]),)  # 'Armenia's army chief has been dismissed'
        if draft.kind in VIOLENT:
            self._civil(scene, hit, draft)
        if draft.sub_type == "Aid or relief":
            self._helped(scene, hit, draft)
        if draft.sub_type == "Arrests" and agent is not None and draft.actor1:
            draft.actor1 = (self._arrests(agent, draft.actor1[0]),)
        self._first_of(draft)

    @staticmethod
    def _first_of(draft: Draft) -> None:
        """One does it, the others stand behind; 'by both sides' puts the attacker first."""
        if set(draft.actor1) == set(_BOTH) and draft.kind in VIOLENT:
            draft.actor1 = _BOTH
        if len(draft.actor1) > 1:
            draft.actor2 = tuple(dict.fromkeys((*draft.actor1[1:], *draft.actor2)))
            draft.actor1 = draft.actor1[:1]

    def _helped(self, scene: Scene, hit: Hit, draft: Draft) -> None:
        """'A French plane with aid', 'a truck of the peacekeepers reached': whose it is brings the help."""
        parsed = scene.read.parsed
        near = (parsed.mention(at) for at in range(hit.start, min(hit.start + _CLOSE, hit.head)))
        owner = next((m for m in near if m is not None and m.before in ("of", "from")), None)
        nation = self._genitive(parsed, hit.start)
        owns = nation is not None and nation.kind in ("adjective", "organisation", "peacekeepers")
        whose = nation if owns else owner
        if not draft.actor1 and whose is not None:
            draft.actor1 = names_of(whose, forces=False)[:1]
            scene.mark(draft, "actor1", whose)

    def _arrests(self, agent: Mention, actor: str) -> str:
        """Border guards and security services that arrest are agencies of their government, in Armenia its police."""
        state = self._sides.state_of(actor)
        agency = any(word in self._words["agencies"] for word in agent.noun.split())
        if not state or not agency:
            return actor
        return actor_of("police" if state == "Armenia" else "government", state)

    def _named(
        self, scene: Scene, hit: Hit, mention: Mention, role: str, *, first: bool, forces: bool
    ) -> tuple[str, ...]:
        parsed = scene.read.parsed
        if role != "agent" and any(frame.speaker is mention for frame in parsed.frames):
            return ()
        if mention.kind == "adjective":
            after = parsed.sentence.words[mention.end : mention.end + 2]
            if not forces or any(word in self._words["sites"] for word in after):
                return ()  # 'the Azerbaijani city of Ganja': the adjective is of the place
        joined = [one for one in parsed.coordinated(mention) if one.kind == mention.kind]
        names: tuple[str, ...] = ()
        for one in joined if role in ("agent", "with") else [mention]:
            names += tuple(n for n in names_of(one, forces=forces) if n not in names)
        if not names and first and mention.kind in ("force", "government", "pronoun"):
            return self._owner(scene, mention, hit.head, forces=forces)
        return names

    def _owner(self, scene: Scene, mention: Mention, at: int, *, forces: bool) -> tuple[str, ...]:
        """Whose 'the troops' or 'units' are: the speaker's own. Bare drones and planes may be anybody's."""
        if mention.noun in self._words["bare_weapons"]:
            return ()
        for frame in reversed(scene.read.chain(at)):
            state = self._sides.state_of(frame.resolved[0]) if frame.resolved else ""
            if state:
                return (actor_of("force" if forces or mention.kind == "force" else "government", state),)
        state = self._sides.state_of(scene.read.inherited[0]) if scene.read.inherited else ""
        return (actor_of("force", state),) if state and mention.kind == "force" else ()

    def _moved(self, scene: Scene, hit: Hit, draft: Draft, pair: Pair) -> None:
        """The force that is sent, arrives or withdraws; else who declares or sends."""
        parsed = scene.read.parsed
        agent, patient = pair
        inside = [m for m in parsed.mentions if m.start < hit.end and m.end > hit.start]
        some = [*inside, *(m for m in (patient, agent) if m is not None)]
        aboard = (m for m in inside if m.kind in ("peacekeepers", "fighters") and m.before in ("with", "carrying"))
        sent = (m for m in some if m.kind in ("force", "peacekeepers", "fighters"))
        mention = next(aboard, None) or next(sent, agent or patient)
        if mention is None:
            return
        names = names_of(mention, forces=mention.kind in ("force", "adjective"))
        if not names and mention.kind == "force":
            owner = names_of(agent, forces=True) if agent is not mention else ()
            names = owner or self._owner(scene, mention, hit.head, forces=True)
        if names:
            draft.actor1 = names[:1]
            scene.mark(draft, "actor1", mention)
            if mention.kind == "state":
                joined = parsed.coordinated(mention)
                if mention.start > 1 and parsed.sentence.words[mention.start - 1] == "and":
                    before = parsed.mention(mention.start - 2)  # 'with Armenia and Artsakh declaring martial law'
                    joined += [before] if before is not None and before.kind == "state" else []
                draft.others = tuple(a for one in joined for a in one.actors if a not in names)

    def _beaten(self, scene: Scene, draft: Draft, agent: Mention | None, patient: Mention) -> None:
        """Somebody in office is beaten: at home, and by no army unless it says so."""
        state = patient.states[0]
        draft.actor2 = (actor_of("government", state),)
        crowd = agent is not None and agent.kind == "protesters"
        if crowd or "protest" in scene.reading.report.title.casefold():
            draft.actor1 = (actor_of("protesters", state),)
        if not draft.told:
            draft.where = self._placing.seat(actor_of("government", state))

    # --- people

    def _civil(self, scene: Scene, hit: Hit, draft: Draft) -> None:
        """Journalists and civilians who are hit are actor2."""
        parsed = scene.read.parsed
        for mention in parsed.mentions:
            if abs(mention.start - hit.head) > _NEAR or self._does(parsed, mention):
                continue
            if mention.kind == "journalists" and draft.sub_type == "Attack":
                draft.actor2 = ("Journalists",)
                scene.mark(draft, "actor2", mention)
            elif mention.kind == "civilians" and not draft.actor2 and draft.kind != "Battles":
                state = mention.states[0] if mention.states else self._side_at(scene, draft)
                if state:
                    draft.actor2 = (actor_of("civilians", state),)
                    scene.mark(draft, "actor2", mention)

    def _does(self, parsed: Parsed, mention: Mention) -> bool:
        """Whether a mention does something of its own: speaks, or has an active verb."""
        if any(frame.speaker is mention for frame in parsed.frames):
            return True
        if mention.before:
            return False
        verb = parsed.verb(mention.end)
        active = verb is not None and not verb.passive and not verb.adjective and verb.form in "bsd"
        return active and verb is not None and verb.lemma not in ("die", "suffer")

    def _side_at(self, scene: Scene, draft: Draft) -> str:
        """Whose people those at a draft's place are, or at the first place of the sentence."""
        today = scene.reading.today
        if draft.where is not None:
            return self._sides.holder(draft.where.place, today)
        places = scene.read.places
        return self._sides.holder(places[0].place, today) if places else ""

    def _victims(self, scene: Scene, hit: Hit, draft: Draft) -> None:
        """Those who flee or shelter; peacekeepers who bring them out do it, and they are actor2."""
        parsed = scene.read.parsed
        verb = parsed.verb(hit.head)
        agent = None
        if verb is not None:
            agent = parsed.by_agent(hit.head) if verb.passive else parsed.subject(hit.head)
        if agent is not None and agent.kind in ("peacekeepers", "organisation") and agent.actors:
            draft.actor1 = agent.actors
            draft.actor2 = ("Civilians (Artsakh)",) if agent.kind == "peacekeepers" else ()
            scene.mark(draft, "actor1", agent)
            return
        near = (m for m in parsed.mentions if abs(m.start - hit.head) < _PEOPLE_NEAR)
        people = [m for m in near if m.kind in ("civilians", "journalists")]
        who = min(people, key=lambda m: (m.kind == "journalists", not m.states, abs(m.start - hit.head)), default=None)
        scene.mark(draft, "actor1", who)
        if who is not None and who.kind == "journalists":
            draft.actor1 = ("Journalists",)
            return
        here = self._side_at(scene, draft)
        if here == "Armenia" and (who is None or not who.states) and self._fled(scene, hit):
            here = "Artsakh"
        state = who.states[0] if who is not None and who.states else here
        if state == "Armenia" and here == "Artsakh":
            state = here  # 'Armenian refugees returned to Stepanakert'
        if state in PARTIES:
            draft.actor1 = (actor_of("civilians", state),)

    def _fled(self, scene: Scene, hit: Hit) -> bool:
        """'Thousands have fled to Armenia', 'have entered Armenia': from Karabakh, unless it says from where else."""
        parsed = scene.read.parsed
        words = parsed.sentence.words
        verb = parsed.verb(hit.head)
        if verb is None or verb.lemma not in ("arrive", "cross", "enter", "evacuate", "flee", "leave", "move"):
            return False
        leads = ("to", "into", "in") if verb.lemma == "arrive" else ("to", "into")
        in_armenia = [p for p in scene.read.places if self._sides.holder(p.place, scene.reading.today) == "Armenia"]
        if any(place.end <= hit.start for place in in_armenia):
            return False  # 'residents of Vardenis were evacuated to Yerevan'
        to = (place for place in in_armenia if place.start >= max(hit.start, 1))
        return any(
            words[place.start - 1] in leads or (verb.lemma == "enter" and place.start - 1 == verb.at) for place in to
        )

    def _protest(self, scene: Scene, draft: Draft, other: str) -> None:
        """Demonstrators of the country they stand in; the police or the government against them."""
        state = ""
        for place in scene.read.places:
            found = place.place
            if found.kind in SETTLED | {"country"}:
                state = found.country
                if found.kind in SETTLED:
                    draft.where = self._placing.where(place)
                break
        if not state:
            state = next((m.states[0] for m in scene.read.parsed.mentions if m.states), "")
        dateline = scene.reading.dateline
        if not state and dateline is not None and dateline.place is not None:
            state = dateline.place.country
        if draft.where is not None and self._sides.holder(draft.where.place, scene.reading.today) == "Artsakh":
            state = "Artsakh"
        home = scene.reading.home
        if not state and home and "capital" in scene.read.parsed.sentence.words:
            state, draft.where = self._sides.state_of(home[0]), self._placing.seat(home[0])
        state = state or "Armenia"
        draft.actor1 = (actor_of("protesters", state),)
        voices = [frame.speaker for frame in scene.read.parsed.frames]
        police = any(
            m.kind == "police" and m.before in ("", "with", "at", "on") and all(m is not voice for voice in voices)
            for m in scene.read.parsed.mentions
        )
        if other == "Government" and police:
            other = "Police"
        if other in ("Police", "Government"):
            draft.actor2 = (actor_of(other.casefold(), state),)
