"""Talks, calls and visits: who with whom, in which town, on which day."""

from typing import Final

from events.coder.draft import SPEAKERS, Draft, Scene
from events.coder.grammar import Parsed
from events.coder.matching import Hit
from events.coder.mentions import Mention
from events.coder.placing import Placing, Where
from events.coder.rules import Rules
from events.coder.when import set_day, set_day_beside
from events.coder.who import Pair

__all__ = ["Meetings"]

_FAR: Final = 24
_JOINED: Final = 5
_MEET: Final = frozenset(("meet", "meeting", "met"))
_MOST: Final = 3
_IN: Final = frozenset(("in", "during", "by"))


class Meetings:
    """Makes drafts of talks; built once."""

    def __init__(self, rules: Rules, placing: Placing):
        self._words = rules.words
        self._placing = placing

    def of_hit(self, scene: Scene, hit: Hit, draft: Draft, pair: Pair) -> list[Draft]:
        """Return the talks that a hit tells, one for each town; none where only one party is known."""
        parsed = scene.read.parsed
        agent, patient = self._parties(parsed, hit, pair)
        some = self._callers(scene, hit, agent)
        if some is None:
            return []
        others = [a for a in self._partners(parsed, hit, agent, patient) if a not in some]
        everybody = [*some, *others]
        if not everybody or everybody[0].startswith(("Local media", "Civilians")):
            return []
        caller = self._initiator(parsed)
        if caller in everybody and not (agent is not None and agent.kind == "organisation"):
            everybody = [caller, *(a for a in everybody if a != caller)]
            draft.weight = 3
        wheres = self._placing.cities(scene.read, hit)
        if len(everybody) < 2 and not (wheres and hit.rule.id == "talks.visit") and not self._sits(parsed, hit):
            return []
        draft.actor1, draft.actor2 = (everybody[0],), tuple(dict.fromkeys(everybody[1:]))
        scene.mark(draft, "actor1", agent)
        out = []
        towns: list[Where | None] = [*wheres[:_MOST]]
        for where in towns or [self._placing.seat(everybody[0])]:
            one = draft.copy()
            one.where = where
            set_day(scene, one, hit.head, hit.start, hit.end)
            if len(wheres) > 1 and where is not None and where.span is not None:
                set_day_beside(scene, one, where.span[1])
            out.append(one)
        return out

    def _parties(self, parsed: Parsed, hit: Hit, pair: Pair) -> Pair:
        """Agent and patient; 'in a phone call with Y, X said' has its agent in the speaker."""
        agent, patient = pair
        in_passing = not hit.pattern.verb and parsed.sentence.words[hit.start] in _IN
        if in_passing or (agent is None and (parsed.verb(hit.head) is None or not hit.pattern.verb)):
            spoke = self._who_spoke(parsed, hit)
            if spoke is not None:
                return spoke
            frame = next((f for f in parsed.frames if f.speaker is not None and f.speaker.kind in SPEAKERS), None)
            if frame is None and hit.rule.id == "talks.visit":
                near = (parsed.mention(at) for at in range(hit.end, min(hit.end + _FAR, len(parsed.sentence))))
                agent = next((m for m in near if m is not None and m.kind in SPEAKERS and not m.before), None)
            if frame is not None:
                return frame.speaker, patient or parsed.after(frame.verb, direct=True, limit=4)
        return agent, patient

    def _who_spoke(self, parsed: Parsed, hit: Hit) -> Pair | None:
        """'Macron and Putin called for … in a phone call', 'thanked Putin in a phone call': who spoke with whom."""
        words = parsed.sentence.words
        before = [verb for verb in parsed.verbs if verb.at < hit.start and verb.form in "bsd" and not verb.adjective]
        if not before or words[hit.start] not in _IN:
            return None
        subject = parsed.subject(before[-1].at)
        if subject is None or subject.kind not in SPEAKERS:
            return None
        other = parsed.after(before[-1].at, direct=True, limit=3)
        if words[hit.end : hit.end + 1] == ["with"]:
            other = parsed.after(hit.end - 1, limit=4)
        joined = {actor for one in parsed.coordinated(subject) for actor in one.actors}
        return (subject, other) if len(joined) > 1 or (other is not None and other.kind in SPEAKERS) else None

    def _callers(self, scene: Scene, hit: Hit, agent: Mention | None) -> list[str] | None:
        """Who meets, the first first; None where a verb has a subject that is nobody."""
        parsed = scene.read.parsed
        if agent is not None:
            joined = (a for one in self._together(parsed, agent) for a in _party(one))
            some = list(dict.fromkeys(joined))
            if some:
                return some
        verb = parsed.verb(hit.head)
        if hit.pattern.verb and verb is not None and not verb.passive and not {"we", "i"} & set(parsed.sentence.words):
            return None
        frame = next((f for f in reversed(scene.read.chain(hit.head)) if f.resolved), None)
        return list(frame.resolved[:1]) if frame is not None else list(scene.read.inherited[:1])

    def _together(self, parsed: Parsed, agent: Mention) -> list[Mention]:
        """Those joined to who meets, also over 'and of the', 'and from'."""
        found = parsed.coordinated(agent)
        end = found[-1].end
        near = (parsed.mention(at) for at in range(end, min(end + _JOINED, len(parsed.sentence))))
        follow = next((one for one in near if one is not None), None)
        gap = parsed.sentence.words[found[-1].end : follow.start] if follow is not None else []
        if follow is not None and gap[:1] == ["and"] and set(gap[1:]) <= {"of", "from", "the", "those"}:
            found.append(follow)
        return found

    def _sits(self, parsed: Parsed, hit: Hit) -> bool:
        """Whether a sitting is news without a partner: 'held an emergency session'."""
        verb = parsed.verb(hit.head)
        held = (
            verb is not None
            and verb.lemma in self._words["holds"]
            and self._words["sittings"] & set(parsed.sentence.words[hit.start : hit.end])
        )
        agent = parsed.subject(hit.head) if verb is not None else None
        assembly = agent is not None and agent.kind == "organisation" and hit.rule.id == "talks.meet"
        return hit.rule.id == "talks.held" or bool(held) or assembly

    def _initiator(self, parsed: Parsed) -> str:
        """Who called or asked: 'at the Armenian side's initiative', 'initiated by Baku'; '' if it is not told."""
        words = parsed.sentence.words
        for at, word in enumerate(words):
            if word in ("initiative", "initiated", "request"):
                for mention in parsed.mentions:
                    whose = mention.genitive and at - 2 <= mention.end <= at
                    by = mention.before in ("of", "by") and at < mention.start <= at + 3
                    if mention.actors and (whose or by):
                        return mention.actors[0]
        return ""

    def _receives(self, parsed: Parsed, hit: Hit, mention: Mention) -> bool:
        """'arrived in Baku and was received by Aliyev', 'flew to Yerevan, where Pashinyan received them'."""
        words = parsed.sentence.words
        hosts = [v for v in parsed.verbs if v.lemma in self._words["receives"] and v.at > hit.head]
        if mention.before == "by":
            return any(verb.passive and parsed.by_agent(verb.at) is mention for verb in hosts)
        them = (v for v in hosts if not v.passive and words[v.at + 1 : v.at + 2] in (["him"], ["her"], ["them"]))
        return any(parsed.subject(verb.at) is mention for verb in them)

    def _partners(self, parsed: Parsed, hit: Hit, agent: Mention | None, patient: Mention | None) -> list[str]:
        """Those with whom: behind 'with' or 'between', or the object itself, and who is listed beside them."""
        found: list[str] = []
        words = parsed.sentence.words
        topic = next((m for m in parsed.mentions if m.start == hit.head + 1 and m.states == ("Artsakh",)), None)
        if topic is not None and topic.kind != "state":
            topic = None  # 'discussed Nagorno-Karabakh with'
        with_words = ("with", "between", "to") if hit.rule.id == "talks.call" else ("with", "between")
        for mention in parsed.mentions:
            met = mention.start > 0 and words[mention.start - 1 - (words[mention.start - 1] == "the")] in _MEET
            near = mention is patient or met or hit.start <= mention.start <= hit.head + _FAR
            if mention is agent or mention is topic or not near or mention.kind == "pronoun":
                continue
            if any(frame.speaker is mention for frame in parsed.frames):
                continue
            if {"while", ";", "“", '"', "that"} & set(words[hit.end : mention.start]):
                break
            if self._receives(parsed, hit, mention):
                found += [a for a in mention.actors if a not in found]
                continue
            if mention.before in with_words or ((mention is patient or met) and not mention.before):
                for one in parsed.coordinated(mention):
                    if one.before in ("", "with", "between", "to") and one is not agent and one is not topic:
                        found += [a for a in _party(one) if a not in found]
        return found


def _party(mention: Mention) -> tuple[str, ...]:
    return mention.actors if mention.kind in SPEAKERS else ()
