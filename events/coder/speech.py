"""Whose words a sentence is: who says, who is cited, and which words are theirs."""

from typing import Final

from events.coder.grammar import Frame, Parsed
from events.coder.mentions import Mention
from events.coder.rules import Phrases
from events.coder.verbs import Verb

__all__ = ["frames"]

_QUOTES: Final = frozenset(("“", "”", '"', "„", "«", "»"))
_TITLED: Final = 8
_TAIL: Final = 30
_DASHES: Final = frozenset(("-", "–", "—"))


def frames(parsed: Parsed, report_verbs: frozenset[str], cite: Phrases[str], own: frozenset[str]) -> list[Frame]:
    """Return the frames of a sentence, the outermost first."""
    found = [frame for verb in parsed.verbs if verb.lemma in report_verbs if (frame := _of_verb(parsed, verb, own))]
    found += _cited(parsed, cite, own)
    if not found:
        headed = _headline(parsed)
        if headed is not None:
            found.append(headed)
    _bound(parsed, found)
    return sorted(found, key=lambda frame: (not frame.whole, frame.verb))


def _of_verb(parsed: Parsed, verb: Verb, own: frozenset[str]) -> Frame | None:
    if _mute(parsed, verb):
        return None
    behind = _speaker_behind(parsed, verb)  # '…", Hovhannisyan said' and '…", said Hovhannisyan'
    if behind is not None:
        return Frame(verb.at, behind, 0, len(parsed.sentence), True, verb.lemma)
    return _of_passive(parsed, verb) if verb.passive else _of_active(parsed, verb, own)


def _mute(parsed: Parsed, verb: Verb) -> bool:
    """Whether a reporting verb reports nothing here: 'to claim', 'did not say', a word in a quotation."""
    words = parsed.sentence.words
    lists = parsed.rules.words
    ready = verb.at > 1 and words[verb.at - 2] in lists["ready"]
    if verb.adjective or (verb.infinitive and verb.lemma != "say" and not ready):
        return True
    if parsed.sentence.quoted[verb.at] and verb.lemma not in lists["told_in_quotes"]:
        return True
    # 'did not say', 'will respond'
    return not lists["unsaid"].isdisjoint(words[max(0, verb.at - 3) : verb.at])


def _of_passive(parsed: Parsed, verb: Verb) -> Frame | None:
    """'It was reported by X', 'X was quoted as saying'."""
    size = len(parsed.sentence)
    if verb.lemma == "quote":
        subject = parsed.subject(verb.at)
        return Frame(verb.at, subject, 0, size, True, "say") if subject is not None else None
    agent = parsed.by_agent(verb.at) if verb.lemma in parsed.rules.words["told_by"] else None
    return Frame(verb.at, agent, 0, size, True, verb.lemma) if agent is not None and agent.speaks else None


def _of_active(parsed: Parsed, verb: Verb, own: frozenset[str]) -> Frame | None:
    words = parsed.sentence.words
    subject = parsed.subject(verb.at)
    is_own = _own(parsed, verb.at, own)
    if subject is not None and subject.kind in ("adjective", "civilians") and not is_own:
        return None
    if subject is not None and is_own and (subject.kind in ("adjective", "civilians") or not subject.actors):
        subject = None
    if subject is None and not is_own:
        return None
    start = subject.start if subject is not None else verb.at - 1
    if subject is not None and subject.kind == "pronoun" and start > 0 and words[start - 1] in ("what", "which", "as"):
        return None
    cites = verb.lemma not in parsed.rules.words["no_closers"]
    whole = cites and ((_closes(parsed, verb) and start > 2) or _trails(parsed, verb, start))
    low = 0 if whole else verb.at + 1
    return Frame(verb.at, subject, low, len(words), whole, verb.lemma, own=is_own and subject is None)


def _trails(parsed: Parsed, verb: Verb, start: int) -> bool:
    """'Troops advanced on the town, X said in an address, adding …': a clause and a comma stand before the speaker."""
    words = parsed.sentence.words
    while start > 4 and words[start - 1] in parsed.rules.words["before_names"]:
        start -= 1
    if start < 4 or words[start - 1] not in (",", "”", '"') or words[verb.at + 1 : verb.at + 2] == ["that"]:
        return False
    if words[0] in parsed.rules.words["leads_in"]:
        return False
    return any(one.at < start - 1 and one.form in "dbsn" and not one.adjective for one in parsed.verbs)


def _own(parsed: Parsed, at: int, own: frozenset[str]) -> bool:
    words = parsed.sentence.words
    return any(words[probe] in own for probe in range(max(0, at - 6), at)) and not any(
        words[probe] in ("told", "asked") for probe in range(max(0, at - 6), at)
    )


def _speaker_behind(parsed: Parsed, verb: Verb) -> Mention | None:
    """'said X' at the end of a quotation or a sentence."""
    words = parsed.sentence.words
    at = verb.at
    if verb.form == "g" or at == 0 or at + 1 >= len(words):
        return None
    mention = _next_mention(parsed, at + 1)
    if mention is None or mention.before not in ("", "of") or mention.kind in ("adjective", "pronoun"):
        return None
    left = words[at - 1]
    closed = left in _QUOTES or (left == "," and at >= 2 and words[at - 2] in _QUOTES)
    told = verb.lemma in ("inform", "tell")
    ends = left == "," and mention.end >= len(words) - 1 and not told  # '…, reports the ministry.'
    return mention if closed or ends or (left in (",", "’", "'") and parsed.subject(at) is None) else None


def _next_mention(parsed: Parsed, at: int) -> Mention | None:
    """The mention at word `at` or a little behind it, over titles and names."""
    words = parsed.sentence.words
    for probe in range(at, min(len(words), at + _TITLED)):
        mention = parsed.mention(probe)
        if mention is not None:
            return mention
        if words[probe] not in parsed.rules.words["before_names"] and not parsed.sentence.raw[probe][:1].isupper():
            return None
    return None


def _closes(parsed: Parsed, verb: Verb) -> bool:
    """Whether nothing said stands behind the verb: only when, where or to whom."""
    words = parsed.sentence.words
    at = verb.at + 1
    if at >= len(words) or words[at] in (".", "!", "?", "…") or (words[at] in _QUOTES and at + 1 >= len(words)):
        return True
    if words[at] in parsed.rules.words["opens_words"] or words[at] in _QUOTES or words[at] == ",":
        return words[at] == "," and verb.at > 3  # '…, X said, adding' goes on; 'X said, "…"' opens
    if not _only_beside(parsed, at):
        return False
    first = words[at]
    lists = parsed.rules.lists
    if first in parsed.rules.words["beside_words"] or first in lists["weekdays"] or first in lists["months"]:
        return verb.at > 4
    if parsed.mention(at) is not None and verb.lemma in ("tell", "inform", "say"):
        return verb.at > 8 or bool(_QUOTES & set(words[: verb.at]))
    return verb.lemma in ("tell", "inform") and parsed.sentence.raw[at][:1].isupper() and verb.at > 8


def _only_beside(parsed: Parsed, at: int) -> bool:
    """Whether no clause follows from word `at` to the sentence's end."""
    words = parsed.sentence.words
    for probe in range(at, min(len(words), at + _TAIL)):
        if words[probe] in (".", "!", "?"):
            return True
        verb = parsed.verb(probe)
        if words[probe] in ("that", ":") or (verb is not None and _finite(parsed, verb)):
            return False
    return True


def _finite(parsed: Parsed, verb: Verb) -> bool:
    """Whether a verb makes a clause: 'fired', 'had fired', and not 'a statement published on'."""
    helped = verb.at > 0 and parsed.sentence.words[verb.at - 1] in parsed.rules.words["auxiliaries"]
    return not verb.adjective and (verb.form in "dbs" or (verb.form == "n" and helped))


def _cited(parsed: Parsed, cite: Phrases[str], own: frozenset[str]) -> list[Frame]:
    words = parsed.sentence.words
    found: list[Frame] = []
    firsts = cite.firsts
    for at in [at for at, word in enumerate(words) if word in firsts]:
        phrase = cite.at(words, at)
        if phrase is None or words[phrase[0] : phrase[0] + 1] in (["which"], ["whom"]):
            continue
        end = phrase[0]
        mention = None
        mine = False
        for probe in range(end, min(len(words), end + 9)):
            if words[probe] in own:
                mine = True
                break
            if parsed.mention_at[probe] >= 0:
                mention = parsed.mentions[parsed.mention_at[probe]]
                if mention.kind == "journalists":
                    mine = True
                break
            if words[probe] in (",", "."):
                break
        if mine:
            found.append(Frame(at, None, 0, len(words), True, "say", own=True))
        elif mention is not None and mention.speaks:
            found.append(Frame(at, mention, 0, len(words), True, "say"))
    return found


def _headline(parsed: Parsed) -> Frame | None:
    """'Shelling goes on – Defence Ministry', 'Putin: centre to be set up'."""
    words = parsed.sentence.words
    if not parsed.mentions or len(words) > 45:
        return None
    first, last = parsed.mentions[0], parsed.mentions[-1]
    if (
        first.start <= 2
        and first.end < len(words)
        and words[first.end] == ":"
        and first.speaks
        and first.kind != "pronoun"
    ):
        return Frame(first.end, first, first.end + 1, len(words), False, "say")
    if last.end >= len(words) - 1 and last.speaks and last.actors:
        back = last.start - 1
        while back > 0 and words[back] not in _DASHES and last.start - back < 6:
            back -= 1
        if back > 2 and words[back] in _DASHES:
            return Frame(back, last, 0, back, True, "say")
    return None


def _bound(parsed: Parsed, found: list[Frame]) -> None:
    """A frame's words end where the next speaker of the same rank begins ('…, while Moscow said …')."""
    words = parsed.sentence.words
    for frame in found:
        if frame.whole and ";" in words[frame.verb :]:
            frame.high = words.index(";", frame.verb)  # 'troops gave up, the army has stated; Baku calls it a fake'
    forward = [frame for frame in found if not frame.whole]
    for one in forward:
        for at in range(one.verb + 1, one.high - 1):
            if words[at] in ("while", "whereas") and words[at - 1] == ",":
                one.high = at
                break
    for one in forward:
        for other in forward:
            if other.verb <= one.verb or other.speaker is None or one.speaker is None:
                continue
            if other.speaker is one.speaker:
                one.high = min(one.high, other.verb)
                break
            back = other.speaker.start - 1
            while back > one.verb and words[back] in ("the", ",", "its", "in", "turn", "for", "part", "his", "a"):
                back -= 1
            claim = other.lemma in parsed.rules.words["no_closers"] and words[back] in parsed.rules.classes["denyword"]
            if claim or words[back] in ("while", "whereas", "but", ";", "and", "with"):
                one.high = min(one.high, back)  # also 'accused it of shelling, a charge Baku rejects'
                break
