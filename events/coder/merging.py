"""Drafts that tell one thing twice made one: headline and body, narration and quotation."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from events.coder.draft import VIOLENT, Draft
from events.coder.placing import Where
from events.coder.reading import Reading
from events.feed import Report

__all__ = ["Article", "Told", "is_lead", "merged", "told_apart"]

_FAR: Final = 4
_LONG: Final = 2
_NEXT: Final = 2
_WINDOW: Final = 100
"""Drafts of a report that one is compared with, so that no report takes longer than it is long."""


def merged(drafts: Iterable[Draft]) -> list[Draft]:
    """Return the drafts of one report without repeats, in the order in which they were first told."""
    out: list[Draft] = []
    for draft in drafts:
        known = next((one for one in out[-_WINDOW:] if _same(one, draft)), None)
        if known is None:
            out.append(draft)
        else:
            _join(known, draft)
    return _pruned(out)


def _pruned(drafts: list[Draft]) -> list[Draft]:
    """Without words that say no more than the events they belong to."""
    said: dict[tuple[str, ...], Where] = {}
    for draft in drafts:
        if draft.kind == "Diplomacy" and draft.sub_type != "Talks or visit" and draft.where and draft.told:
            said.setdefault(draft.actor1, draft.where)
    for draft in drafts:
        if draft.kind == "Diplomacy" and draft.where is not None and not draft.told:
            draft.where = said.get(draft.actor1, draft.where)
    _intervened(drafts)
    return [draft for at, draft in enumerate(drafts) if not _idle(draft, _around(drafts, at))]


def _intervened(drafts: list[Draft]) -> None:
    """Detentions that a report of a protest adds, of nobody named, are the police's answer to it."""
    calm = next((draft for draft in drafts if draft.sub_type == "Peaceful protest"), None)
    for draft in drafts:
        crowd = not draft.actor2 or draft.actor2[0].startswith("Protesters")
        there = calm is not None and (not draft.told or (_same_place(calm, draft) and calm.day == draft.day))
        if calm is not None and there and draft.sub_type == "Arrests" and crowd and draft.sentence >= calm.sentence:
            state = calm.actor1[0].rpartition("(")[2].rstrip(")") if calm.actor1 else "Armenia"
            calm.sub_type, calm.actor2 = "Protest with intervention", (f"Police Forces of {state}",)
            drafts.remove(draft)
            return


def _around(drafts: list[Draft], at: int) -> list[Draft]:
    return drafts[max(0, at - _WINDOW) : at] + drafts[at + 1 : at + _WINDOW]


def _idle(draft: Draft, others: list[Draft]) -> bool:
    """Whether a draft says nothing that the others do not say."""
    if draft.headline and any(_headed(draft, one) for one in others):
        return True
    check = _IDLE.get(draft.sub_type)
    if check is not None:
        return check(draft, others)
    if draft.rule.startswith("territory.") and draft.sub_type == "Armed clash" and not draft.told:
        # Settlements that are not named, in a report that names those taken.
        return any(one.rule.startswith("territory.") and one.sub_type != draft.sub_type for one in others)
    if draft.kind == "Explosions/Remote violence":
        if draft.rule == "shelling.goes_on" and not draft.told:  # 'The strike left the building in ruins'
            raids = (one for one in others if one.sub_type == "Air/drone strike" and one.sentence < draft.sentence)
            if any(_same_place(one, draft) for one in raids):
                return True
        attacks = [one for one in others if one.sub_type == "Attack"]
        beside = draft.rule == "shelling.under_fire" and not draft.told
        return any(beside or (draft.headline and _same_place(one, draft)) for one in attacks)
    return False


def _headed(head: Draft, one: Draft) -> bool:
    """Whether the body tells what a headline says in short: the same kind of thing, of the same side or place."""
    if one.headline or one.kind != head.kind:
        return False
    if head.kind == "Diplomacy":  # 'Borrell urges restraint' over a call in which he did
        plain = head.sub_type == "Appeal or statement" and one.sub_type != head.sub_type
        visit = head.sub_type == one.sub_type == "Talks or visit"  # 'Sarkissian to visit NATO', over his talks there
        return (plain or visit) and one.actor1 == head.actor1
    return one.sub_type == head.sub_type or _same_place(head, one)


def _idle_damage(draft: Draft, others: list[Draft]) -> bool:
    """Houses and guns that a report says were destroyed, at no place of their own: by the blow it just told."""
    return not draft.told and any(
        one.kind in VIOLENT and 0 <= draft.sentence - one.sentence <= _NEXT and not one.headline for one in others
    )


def _idle_statement(draft: Draft, others: list[Draft]) -> bool:
    if draft.weight > 1:
        return False
    if draft.weight == 1:
        return any(
            one.claimant == draft.claimant and one.sub_type != draft.sub_type and one.sentence <= draft.sentence
            for one in others
        )
    mine = [one for one in others if draft.actor1[:1] in (one.claimant[:1], one.actor1[:1])]
    only_words = all(one.kind == "Diplomacy" and one.sub_type != draft.sub_type for one in mine)
    return bool(mine) and not (only_words and draft.loose >= _LONG)


def _idle_denial(draft: Draft, others: list[Draft]) -> bool:
    denials = (one for one in others if one.sub_type == "Denial" and one.actor1 == draft.actor1)
    return draft.weight < 2 and any(one.weight > draft.weight for one in denials)


def _idle_protest(draft: Draft, others: list[Draft]) -> bool:
    unrest = (one for one in others if one.kind in ("Protests", "Riots") and one.sub_type != draft.sub_type)
    return any(_same_place(one, draft) for one in unrest)


def _idle_count(draft: Draft, others: list[Draft]) -> bool:
    return draft.headline and any(one.kind in VIOLENT and not one.headline for one in others)


def _idle_charge(draft: Draft, others: list[Draft]) -> bool:
    return any(_same_charge(draft, one) for one in others)


_IDLE: Final = {
    "Appeal or statement": _idle_statement,
    "Denial": _idle_denial,
    "Peaceful protest": _idle_protest,
    "Casualty count": _idle_count,
    "Accusation": _idle_charge,
    "Looting/property destruction": _idle_damage,
}


def _same_charge(charge: Draft, act: Draft) -> bool:
    """Whether an accusation only says who did what the report tells already: then it names the act's author."""
    if act.kind not in VIOLENT or act.claimant[:1] != charge.actor1[:1] or not charge.actor2:
        return False
    blamed = charge.actor2[0].rpartition(" of ")[2]
    if act.inferred or not act.actor1:
        act.actor1, act.inferred = (
            (f"Military Forces of {blamed}",)
            if charge.actor2[0].startswith(("Government", "Military"))
            else charge.actor2[:1],
            False,
        )
        return True
    return act.actor1[0].rpartition(" of ")[2] == blamed


class Article:
    """The paragraphs of an article, which are reports of one text: what one says the next need not say again."""

    def __init__(self) -> None:
        self.reading: Reading | None = None
        self._said: dict[tuple[str, ...], int] = {}
        self._at = 0

    def goes_on(self, report: Report) -> bool:
        """Whether a report is the next paragraph of the article that the last one belongs to."""
        last = self.reading.report if self.reading is not None else None
        return (
            last is not None
            and "paragraph" in report.label
            and "paragraph" in last.label
            and report.published == last.published
            and (report.day == last.day or report.label.startswith("paragraph"))  # of an article that tells many days
        )

    def without_repeats(self, report: Report, drafts: list[Draft]) -> list[Draft]:
        """The drafts without a plain statement of whom the last paragraphs already quoted."""
        if not self.goes_on(report):
            self._said.clear()
        self._at += 1
        out = []
        for draft in drafts:
            if draft.kind == "Diplomacy" and draft.sub_type != "Talks or visit":
                last = self._said.get(draft.actor1)
                self._said[draft.actor1] = self._at
                if last is not None and draft.weight < 2 and self._at - last <= _FAR:
                    continue
            out.append(draft)
        return out


def told_apart(report: Report, told: set[str]) -> bool:
    """Whether no earlier report of the feed has the same text; `told` learns it."""
    folded = "report: " + " ".join(report.text.casefold().split())  # no sentence of its own reads like that
    if folded in told:
        return False
    told.add(folded)
    return True


def is_lead(report: Report) -> bool:
    """Whether a report is a paragraph of the introduction above a feed's own reports."""
    return report.label.startswith("lead")


class Told:
    """What the reports of a feed tell, against which its lead is held."""

    def __init__(self, body: Iterable[Draft]):
        self._words: set[tuple[str, ...]] = set()
        self._said: set[tuple[str, tuple[str, ...], date]] = set()
        self._done: set[tuple[str, tuple[str, ...]]] = set()
        self._places: set[tuple[str, str]] = set()
        for one in body:
            if one.kind == "Diplomacy":
                self._words.add(one.actor1[:1])
            if one.day is None:
                continue
            if one.kind == "Diplomacy":
                self._said.add((one.sub_type, one.actor1[:1], one.day))
                continue
            self._done.add((one.sub_type, one.actor1[:1]))
            if one.where is not None:
                self._places.add((one.sub_type, one.where.place.place_id))

    def again(self, draft: Draft) -> bool:
        """Whether the feed's reports tell a lead's event: the same kind, by the same or at the same place."""
        if draft.weight == 0:
            return draft.actor1[:1] in self._words
        if draft.day is None:
            return False
        if draft.kind == "Diplomacy":
            days = (draft.day + timedelta(days=away) for away in (-1, 0, 1))
            return any((draft.sub_type, draft.actor1[:1], day) in self._said for day in days)
        here = draft.where is not None and (draft.sub_type, draft.where.place.place_id) in self._places
        return here or (draft.sub_type, draft.actor1[:1]) in self._done


def _same(one: Draft, other: Draft) -> bool:
    """Whether two drafts of a report are of one event."""
    if one.sub_type != other.sub_type:
        return False
    if one.kind == "Diplomacy":
        return _same_words(one, other)
    both_told = "claimant" in one.spans and "claimant" in other.spans
    if both_told and one.claimant != other.claimant:
        return False
    if one.sub_type == "Casualty count":
        return _same_counts(one, other)
    return _same_fight(one, other) or _same_blow(one, other)


def _same_words(one: Draft, other: Draft) -> bool:
    if one.sub_type != "Talks or visit":
        return one.actor1 == other.actor1
    here, there = {*one.actor1, *one.actor2}, {*other.actor1, *other.actor2}
    return one.day == other.day and (here <= there or there <= here)


def _same_fight(one: Draft, other: Draft) -> bool:
    """Clashes that a paragraph tells by one word of one place: however the sides are named."""
    if one.sub_type != "Armed clash" or one.paragraph != other.paragraph or one.claimant != other.claimant:
        return False
    here = one.where is not None and other.where is not None and one.where.place == other.where.place
    return here and one.day == other.day


def _same_blow(one: Draft, other: Draft) -> bool:
    if not (_fits(one.actor1, other.actor1) or one.inferred or other.inferred):
        return False
    apart = one.day_told and other.day_told and one.day != other.day
    return not apart and _same_place(one, other)


def _same_counts(one: Draft, other: Draft) -> bool:
    """Two totals that share a number, or of which one knows only what the other leaves open."""
    if _fits(one.actor1, other.actor1) or one.headline:
        return True
    pairs = ((one.fatalities, other.fatalities), (one.injured, other.injured))
    return any(a is not None and a == b for a, b in pairs)


def _fits(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not one or not other or bool(set(one) & set(other))


def _same_place(one: Draft, other: Draft) -> bool:
    if one.where is None or other.where is None:
        return True
    if one.where.place.place_id == other.where.place.place_id:
        return True
    return (
        not one.where.told or not other.where.told or (one.headline and one.where.place.place_id == "nagorno-karabakh")
    )


def _join(one: Draft, other: Draft) -> None:
    """Give the first draft what only the other knows."""
    if other.where is not None and (
        one.where is None or (other.where.told and not one.where.told) or one.where.place.place_id == "nagorno-karabakh"
    ):
        one.where = other.where
    if (
        (not one.actor1 or one.inferred or (one.headline and one.sub_type == "Casualty count"))
        and other.actor1
        and not other.inferred
    ):
        one.actor1, one.inferred = other.actor1, False
        one.doubts = [d for d in one.doubts if not d.startswith("actor1")]
        if "actor1" in other.spans:
            one.spans["actor1"] = other.spans["actor1"]
    one.actor2 = tuple(a for a in one.actor2 if a not in one.actor1)
    if not one.actor2 and other.actor2:
        one.actor2 = tuple(a for a in other.actor2 if a not in one.actor1)
        if "actor2" in other.spans:
            one.spans["actor2"] = other.spans["actor2"]
    if not one.day_told and other.day_told and (one.kind != "Diplomacy" or one.headline):
        one.day, one.day_told, one.day_precision = other.day, True, other.day_precision
        if "day" in other.spans:
            one.spans["day"] = other.spans["day"]
    for name in ("fatalities", "injured"):
        had, has = getattr(one, name), getattr(other, name)
        if has is not None and (had is None or (one.sub_type == "Casualty count" and has > had)):
            setattr(one, name, has)
            if name in other.spans:
                one.spans[name] = other.spans[name]
    if one.headline and "claimant" not in one.spans and "claimant" in other.spans:
        one.claimant = other.claimant
        one.spans["claimant"] = other.spans["claimant"]
    one.headline = one.headline and other.headline
    if other.weight > max(2, one.weight):
        one.actor1, one.actor2, one.where = other.actor1, other.actor2, other.where
    one.weight = max(one.weight, other.weight)
