"""The coder: reports in, proposals out. Pure; everything it knows is passed in or read from data files once."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from events.codebook import Codebook
from events.coder.draft import Draft
from events.coder.drafts import Drafter
from events.coder.finder import Finder
from events.coder.ids import report_key
from events.coder.incidents import incidents
from events.coder.lexicon import Lexicon
from events.coder.merging import Article, Told, is_lead, merged, told_apart
from events.coder.placing import Placing
from events.coder.proposal import Mark, Proposal
from events.coder.reader import Reader
from events.coder.reading import day_of
from events.coder.rules import Rules, load_rules
from events.coder.sides import Sides
from events.coder.standins import REGION
from events.feed import Feed, Report
from events.schema import NAMES
from geodata.gazetteer import Gazetteer
from geodata.geocoder import Geocoder

__all__ = ["Coder"]

SEATED: Final = "place inferred: the seat of the speaker"
"""The doubt of words that nobody said where they were spoken."""


class Coder:
    """Codes reports by the codebook. Building it takes a moment; it holds no state of the reports."""

    def __init__(self, codebook: Codebook, gazetteer: Gazetteer, rules: Rules | None = None):
        self._rules = rules or load_rules()
        self._codebook = codebook
        self._seats = gazetteer.seats()
        self._sides = sides = Sides(self._rules, gazetteer)
        self._reader = Reader(
            self._rules, Finder(Lexicon(codebook, self._rules), self._rules), Geocoder(gazetteer), sides
        )
        self._drafter = Drafter(codebook, self._rules, sides, Placing(self._rules, sides, gazetteer))

    def code(self, report: Report) -> list[Proposal]:
        """Return what one report tells, in the order of its text; nothing for a teaser or a caption."""
        drafts = merged(self._drafter.drafts(self._reader.read(report)))
        return self._proposals(report, drafts, report_key(report), incidents([drafts], self._sides))

    def code_feed(self, feed: Feed) -> list[Proposal]:
        """Return what the reports of a feed tell, in the feed's order; a report told twice counts once.

        A lead that says again what the feed's own reports tell gives nothing of its own.
        """
        told: set[str] = set()
        keys: dict[str, int] = {}
        article = Article()
        coded: list[tuple[Report, list[Draft], str]] = []
        for report in feed.reports:
            if not told_apart(report, told):
                continue
            before = article.reading if article.goes_on(report) else None
            reading = self._reader.read(report, before)
            drafts = article.without_repeats(report, merged(self._drafter.drafts(reading, told)))
            article.reading = reading
            key = report_key(report)
            nth = keys[key] = keys.get(key, 0) + 1
            coded.append((report, drafts, key if nth == 1 else f"{key}{chr(96 + min(nth, 26))}"))
        body = Told(draft for report, drafts, _ in coded if not is_lead(report) for draft in drafts)
        kept = [[d for d in drafts if not (is_lead(report) and body.again(d))] for report, drafts, _ in coded]
        shared = incidents(kept, self._sides)
        out: list[Proposal] = []
        for (report, _, key), drafts in zip(coded, kept, strict=True):
            out += self._proposals(report, drafts, key, shared)
        return out

    def _proposals(
        self, report: Report, drafts: Iterable[Draft], key: str, shared: Mapping[int, str]
    ) -> list[Proposal]:
        return [
            self._proposal(report, draft, f"{key}-{nth}", shared.get(id(draft))) for nth, draft in enumerate(drafts, 1)
        ]

    def _proposal(self, report: Report, draft: Draft, event_id: str, incident: str | None) -> Proposal:
        event: dict[str, Any] = dict.fromkeys(NAMES)
        doubts = self._doubts(draft)
        day = draft.day
        if day_of(report) is None:
            day = None
            doubts.append("nobody can tell the report's day: the event has none")
        event.update(
            event_id=event_id,
            incident_id=incident,
            event_date=None if day is None else day.isoformat(),
            event_end=None if day is None else day.isoformat(),
            time_precision=draft.day_precision,
            event_type=draft.kind,
            sub_event_type=draft.sub_type,
            actor1="; ".join(draft.actor1),
            actor2="; ".join(draft.actor2),
            claimant="; ".join(draft.claimant),
            fatalities=draft.fatalities,
            injured=draft.injured,
            source=report.publisher,
            source_time=_moment(report),
            evidence=f"{report.label}, sentence {draft.sentence + 1}",
        )
        marks = [Mark("action", *draft.action)]
        if draft.where is not None:
            place, point = draft.where.place, (draft.where.latitude, draft.where.longitude)
            if seat := self._seats.get(place.place_id):
                # The codebook's way: what is known to a district alone is its town's, with precision 2.
                place, point = seat, (seat.latitude, seat.longitude)
            event.update(
                country=place.country,
                admin1=place.admin1,
                place=place.name_en,
                place_id=place.place_id if draft.where.listed else "",
                latitude=point[0],
                longitude=point[1],
                geo_precision=draft.where.precision,
            )
            if draft.where.span is not None:
                marks.append(Mark("place", *draft.where.span))
        else:
            doubts.append("no place could be told")
        if not draft.actor1:
            doubts.append("nobody is named who did it")
        event["notes"] = self.note(event, inferred=draft.inferred)
        marks += [Mark(name, *span) for name, span in draft.spans.items()]
        return Proposal(event, report.number, tuple(marks), draft.rule, tuple(dict.fromkeys(doubts)))

    def _doubts(self, draft: Draft) -> list[str]:
        """The doubts of a draft that still hold, with the one about its place."""
        where = draft.where
        if where is None or not where.told:
            seats = [self._sides.seat(actor) for actor in (*draft.actor1[:1], *draft.claimant[:1])]
            seat = draft.kind == "Diplomacy" and where is not None and where.place in seats
            return [*draft.doubts, SEATED] if seat else list(draft.doubts)
        return [doubt for doubt in draft.doubts if doubt != REGION]  # another sentence has told the place

    def note(self, event: Mapping[str, Any], *, inferred: bool = False) -> str:
        """Return the sentence that an event's codes make (names of events.schema.NAMES); empty without a sub-type."""
        forms = self._rules.notes["notes"].get(event["sub_event_type"] or "")
        if forms is None:
            return ""
        with_two, with_one = forms
        a, b = event["actor1"] or "Somebody not named", event["actor2"]
        told = (with_two if b else with_one).format(a=a, b=b, p=event["place"] or "a place not told")
        if event["claimant"] and event["claimant"] not in (a, event["source"]):
            told = f"{event['claimant']} says: {told}"
        return f"{told[:-1]}; actor inferred." if inferred else told


def _moment(report: Report) -> str | None:
    if report.published is not None:
        return f"{report.published.isoformat(timespec='minutes')[:16]}Z"
    return None if report.day is None else report.day.isoformat()
