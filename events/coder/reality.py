"""Whether what a rule saw is told as having happened: real, future, denied, or merely thought of."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from events.coder.grammar import Frame, Parsed
from events.coder.matching import Hit
from events.coder.reading import Read
from events.coder.rules import Rules
from events.coder.untrue import called_untrue
from events.coder.verbs import Verb

__all__ = ["accused", "carries_on", "finite", "goes_on", "main_verb", "state_of"]

_WORDS: Final = frozenset(("Denial", "Accusation", "Appeal or statement"))
_STOPS: Final = frozenset((";", ":", "“", "”", '"', "but"))


def main_verb(parsed: Parsed, hit: Hit) -> Verb | None:
    """The verb that carries a hit: its head, or the first verb of the pattern."""
    verb = parsed.verb(hit.head)
    if verb is not None and not verb.adjective:
        return verb
    if hit.pattern.verb or _subject_noun(hit):
        for at in range(hit.start, hit.end):
            verb = parsed.verb(at)
            if verb is not None and not verb.adjective:
                return verb
    return None


def accused(parsed: Parsed, at: int) -> Verb | None:
    """The 'accuse' or 'blame' under which word `at` stands, if any."""
    return next(
        (v for v in reversed(parsed.verbs) if v.lemma in parsed.rules.words["accuse"] and 0 < at - v.at < 20), None
    )


def goes_on(parsed: Parsed, verb: Verb) -> bool:
    """'accused it of continuing to shell': an infinitive under an -ing form that only says that it goes on."""
    earlier = next((v for v in reversed(parsed.verbs) if v.at < verb.at), None)
    begins = earlier is not None and earlier.form == "g" and earlier.lemma in parsed.rules.words["begins"]
    return verb.infinitive and begins and earlier is not None and verb.at - earlier.at == 2


def finite(parsed: Parsed, at: int) -> bool:
    """Whether the word is a verb in a form that makes a sentence."""
    verb = parsed.verb(at)
    return verb is not None and verb.form in "bsd"


def carries_on(hit: Hit, others: Sequence[Hit], read: Read) -> bool:
    """'condemned the attack, calling on both to stop': an appeal that only goes on with what was said."""
    verb = read.parsed.verb(hit.head)
    if hit.rule.sub_type != "Appeal or statement" or verb is None or verb.form != "g" or not verb.at:
        return False
    if read.parsed.sentence.words[verb.at - 1] != ",":
        return False
    says = read.parsed.rules.words["says"]
    spoken = (o.head for o in others if o.head < verb.at and o.rule.sub_type in _WORDS and finite(read.parsed, o.head))
    return any((v := read.parsed.verb(at)) is not None and v.lemma in says for at in spoken)


def state_of(read: Read, hit: Hit, rules: Rules) -> str:
    """Return 'real', 'future', 'denied' or 'thought'."""
    parsed = read.parsed
    words = parsed.sentence.words
    verb = main_verb(parsed, hit)
    at = verb.at if verb is not None else hit.head
    first = min(hit.start, at)
    low = _clause(words, first, 7, rules)
    if _unreal(parsed, hit, verb, first, rules):
        return "thought"
    if hit.rule.sub_type not in _WORDS and (told := called_untrue(parsed, min(first, hit.head))):
        return told
    window = words[low:first] + words[first : max(at, hit.head)]
    negations = rules.words["negations"]
    if "Nor" in parsed.sentence.raw[1:]:
        negations -= {"nor"}  # 'the village of Nor Getashen'
    denied = not negations.isdisjoint(window) or _denies(parsed, at)
    told = "denied" if denied else "real"
    helped = _helped(parsed, hit, verb, set(words[max(low, at - 4) : at]), told)
    if helped:
        return helped
    if hit.rule.future == "yes" and rules.words["to_come"] & set(words[hit.start : hit.end]):
        return "future"
    placed = "place" in hit.pattern.pieces[0].classes  # 'the bridge over X passed under the control of'
    topic = not hit.pattern.verb and not denied and not placed and _topic(words, first, hit, rules)
    gerund = hit.pattern.verb and verb is not None and verb.form == "g" and _gerund_thought(words, verb, parsed, hit)
    return "thought" if topic or gerund else told


def _unreal(parsed: Parsed, hit: Hit, verb: Verb | None, first: int, rules: Rules) -> bool:
    """Whether the form alone says that nothing is told: an adjective, a condition, an order, a demand."""
    words = parsed.sentence.words
    head = parsed.verb(hit.head)
    if head is not None and head.adjective and hit.pattern.verb:
        return True
    at = verb.at if verb is not None else hit.head
    clause = _clause(words, first, 14, rules)
    if (
        _conditional(hit, words[clause : max(first, at)], rules)
        or words[clause] == "were"
        or words[0] in rules.words["supposes"]
    ):
        return True  # 'if …', 'Were the town to be hit again'
    if _hoped(parsed, at):
        return True
    if verb is None or verb.form != "b" or verb.infinitive:
        return False
    order = not any(word.isalnum() for word in words[:at])  # 'Lay down your arms'
    return order or _asked(parsed, at)


def _conditional(hit: Hit, before: list[str], rules: Rules) -> bool:
    """Whether a clause begins with 'if'; 'the report, as if troops fired, is a lie' is a verdict all along."""
    conditions = rules.words["conditions"].intersection(before)
    verdict = hit.rule.sub_type == "Denial" and ("as", "if") in pairwise(before)
    return bool(conditions - {"if"} if verdict else conditions)


def _helped(parsed: Parsed, hit: Hit, verb: Verb | None, near: set[str], told: str) -> str:
    """What the words that help a verb make of it: 'could shell', 'began to shell', 'will shell'; '' without any."""
    lists = parsed.rules.words
    if verb is not None and verb.lemma in ("hear", "see") and near & {"can", "could"}:
        return told
    if near & lists["modals"]:
        return "future" if "would" in near and hit.rule.future == "yes" else "thought"
    if verb is not None and verb.infinitive:
        return _infinitive(parsed, verb, told)
    if near & lists["will"]:
        return "denied" if told == "denied" else "future"
    return ""


def _clause(words: list[str], first: int, reach: int, rules: Rules) -> int:
    """Where the clause begins that ends at word `first`, at most `reach` words back."""
    low = max(0, first - reach)
    for probe in range(first - 1, low - 1, -1):
        if words[probe] in _STOPS or (
            words[probe] in rules.words["clauses"]
            and (probe < first - 1 or words[probe] == "when")  # 'nobody was hurt when rockets fell'
            and words[probe] not in ("since", "as")
        ):
            return probe + 1
    return low


def _hoped(parsed: Parsed, at: int) -> bool:
    """'expressed hope that the sides will agree': what is hoped for is not told."""
    words = parsed.sentence.words
    hopes = parsed.rules.words["hopes"]
    if hopes.isdisjoint(words):
        return False
    near = (n for n in range(max(0, at - 20), at) if words[n] in hopes)
    return any("that" in words[n + 1 : n + 3] for n in near)


def _asked(parsed: Parsed, at: int) -> bool:
    """'demanded that Armenia withdraw': what is asked for has not happened."""
    asks = (v for v in parsed.verbs if v.lemma in parsed.rules.words["asks"] and 0 < at - v.at < 20)
    return any("that" in parsed.sentence.words[verb.at + 1 : at] for verb in asks)


def _denies(parsed: Parsed, at: int) -> bool:
    """Under 'denied' and its like: 'denied shelling', 'denied that troops had shelled', 'rejected the claim that …'."""
    words = parsed.sentence.words
    for verb in parsed.verbs:
        if verb.lemma in parsed.rules.words["deny"] and verb.at < at and not verb.passive and at - verb.at < 25:
            between = words[verb.at + 1 : at]
            if any(verb.at < f.verb < at and _turns(words, f) for f in parsed.frames):
                continue  # 'denied it, and officials in Baku said that …'
            parted = (",", "with") in pairwise(between)  # 'denied it, with an official saying …'
            if (
                not parted
                and not any(w in (";", "but", "while", "“", "”", '"') for w in between)
                and not ("and" in between and "that" not in between)
            ):
                return True
    return False


def _turns(words: list[str], frame: Frame) -> bool:
    """Whether a frame begins a clause of its own, behind 'and' or 'but'."""
    return frame.speaker is not None and words[frame.speaker.start - 1] in ("and", "but", "while")


def _infinitive(parsed: Parsed, verb: Verb, told: str) -> str:
    """'began to shell' is told; 'agreed to withdraw' and, in a headline, 'troops to withdraw' are to come."""
    words = parsed.sentence.words
    lists = parsed.rules.words
    probe = verb.at - 1
    while probe > 0 and words[probe] != "to":
        probe -= 1
    before = probe - 1
    while before >= 0 and words[before] in lists["adverbs"]:
        before -= 1
    if before < 0:
        return "thought"
    if words[before] == "able" and words[before - 1] not in ("was", "were", "been"):
        return "thought"
    if words[before] in lists["ready"]:
        return told
    governor = parsed.verb(before)
    if governor is not None:
        if governor.lemma in lists["begins"] and not governor.infinitive:
            return told
        planned = governor.lemma in lists["plans"]
        return ("denied" if told == "denied" else "future") if planned else "thought"
    mention = parsed.mention(before)
    alone = not any(v.at < probe for v in parsed.verbs)
    bare = alone and mention is not None and not mention.before
    announced = words[before] in lists["announces"] or bare or (alone and parsed.sentence.headline)
    return "future" if announced else "thought"


def _gerund_thought(words: list[str], verb: Verb, parsed: Parsed, hit: Hit) -> bool:
    """'before shelling', 'from shelling': no act of its own."""
    onward = words[max(0, verb.at - 2) : verb.at]
    if onward in (["go", "on"], ["goes", "on"], ["went", "on"], ["kept", "on"]):
        return False  # 'went on shelling the town'
    lists = parsed.rules.words
    back = verb.at - 1
    while back > 0 and words[back] in lists["adverbs"] and words[back - 1] in lists["before_gerunds"]:
        back -= 1  # 'for allegedly spreading'
    before = words[back] if verb.at else ""
    begun = parsed.verb(back)
    if begun is not None and begun.lemma in lists["begins"] and not begun.infinitive:
        return False  # 'have begun blocking'
    free = before == "," or before in lists["auxiliaries"] or before in lists["adverbs"]
    opens = verb.at == 1 and before == "by"  # 'By destroying tanks, drones have changed the war'
    if opens or before in lists["before_gerunds"] or (hit.start < verb.at and not free):
        return True
    return before == "of" and accused(parsed, verb.at) is None


def _topic(words: list[str], first: int, hit: Hit, rules: Rules) -> bool:
    """Whether a noun is only talked of: 'amid the shelling', 'an end to fighting', 'killed in hostilities'."""
    lists = rules.words
    light = lists["light_or_determiners"]
    probe = first - 1
    steps = 0
    while probe >= 0 and steps < 5 and (words[probe] in light or words[probe] in ("of", "to", "'s")):
        if words[probe] == "to" and probe and words[probe - 1] in lists["ends_to"]:
            return True
        if words[probe] == "of":
            caused = words[probe - 1] in ("result", "consequence") and hit.rule.sub_type != "Armed clash"
            return not caused and _subject_noun(hit)
        probe -= 1
        steps += 1
    if probe < 0:
        return False
    word = words[probe]
    relative = bool({"which", "that"} & set(words[hit.head : hit.end]))
    told = relative and word in lists["condemns"]  # 'condemned the strike that killed two'
    if word in lists["topics"] or not _subject_noun(hit):
        return word in lists["topics"] and not told
    if relative:
        return False  # 'appalled by the strike which killed two'
    ago = next((at for at in range(max(0, first - 8), first) if words[at] == "since"), -1)
    since = hit.rule.sub_type == "Armed clash" and ago >= 0 and words[ago + 1] not in lists["since_today"]
    governed = word in lists["prepositions"] and word not in ("like", "including")
    return since or governed or word in ("as", "while")


def _subject_noun(hit: Hit) -> bool:
    """Whether the pattern is of a noun that its own verb follows: 'fighting continues'."""
    return hit.pattern.head == 0 and any(piece.lemmas for piece in hit.pattern.pieces[1:])
