"""How well the coder codes: its proposals against hand codings, by field and by document.

    python -m tools.score                     the five documents of the shipped events, in ../shared/seeds
    python -m tools.score --folder DIR        other documents: NAME.txt or NAME.html beside NAME.csv
    python -m tools.score --shipped DIR       not the coder but the shipped events, against codings 000.csv … 004.csv
    python -m tools.score --misses            also what was missed and what was too much

A document's proposals are matched one to one with its rows. Two counts: type, place and day the same; and the sub-type
and the first actor, too. Precision is the share of proposals that match, recall the share of rows, F1 their mean.
"""

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from events.codebook import load_codebook
from events.coder import Coder, Proposal
from events.feed import read_feed
from events.sources import shipped_path
from geodata.gazetteer import Gazetteer

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
# Beginning of the file's name → publisher, first and last day of publication (events/data/SOURCES.md).
DOCUMENTS = {
    "000": ("Sputnik", "2020-11-13", "2020-11-14"),
    "001": ("Sputnik", "2020-10-07", "2020-10-08"),
    "002": ("Press TV", "2020-11-10", "2020-11-10"),
    "003": ("Sputnik", "2020-10-02", "2020-10-03"),
    "004": ("Ruptly", "2023-09-20", "2023-09-20"),
}
BROAD = ("event_type", "place_id", "event_date")
NARROW = (*BROAD, "sub_event_type", "actor1")
FIELDS = ("sub_event_type", "actor1", "actor2", "claimant", "geo_precision", "time_precision", "fatalities", "injured")
Row = Mapping[str, Any]


@dataclass
class Score:
    """Counts of one document, or of several together."""

    name: str
    proposed: int = 0
    rows: int = 0
    broad: int = 0
    narrow: int = 0
    claimed: int = 0
    agreed: Counter[str] = field(default_factory=Counter)
    by_type: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    missed: list[Row] = field(default_factory=list)
    extra: list[tuple[Row, Proposal]] = field(default_factory=list)
    differs: list[tuple[Row, Proposal]] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        """Count another document in."""
        for name in ("proposed", "rows", "broad", "narrow", "claimed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.agreed += other.agreed
        for kind, counts in other.by_type.items():
            self.by_type[kind] += counts
        self.missed += other.missed
        self.extra += other.extra
        self.differs += other.differs


def f1(matched: int, proposed: int, rows: int) -> tuple[float, float, float]:
    """Precision, recall and F1; 0 where nothing was proposed or coded."""
    precision = matched / proposed if proposed else 0.0
    recall = matched / rows if rows else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if matched else 0.0


def key(row: Row, names: Sequence[str]) -> tuple[str, ...]:
    """A row's values of some columns, as text."""
    return tuple(str(row.get(name) or "") for name in names)


def pairs(rows: Sequence[Row], proposals: Sequence[Row]) -> list[tuple[int, int]]:
    """Pair equal (type, place, day) one to one, those first that agree in most other fields.

    Equality parts both sides into groups, so as many pairs as the smaller side of each group are a maximum matching.
    """
    groups: dict[tuple[str, ...], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, some in enumerate((rows, proposals)):
        for at, row in enumerate(some):
            groups[key(row, BROAD)][side].append(at)
    found = []
    for left, right in groups.values():
        alike = sorted(
            ((-_alike(rows[one], proposals[other]), one, other) for one in left for other in right),
        )
        used: set[tuple[int, int]] = set()
        for _, one, other in alike:
            if (0, one) not in used and (1, other) not in used:
                used |= {(0, one), (1, other)}
                found.append((one, other))
    return found


def _alike(row: Row, proposal: Row) -> int:
    weights = {"sub_event_type": 8, "actor1": 8, "claimant": 4, "actor2": 2}
    return sum(weight for name, weight in weights.items() if key(row, (name,)) == key(proposal, (name,)))


def score(name: str, rows: Sequence[Row], proposals: Sequence[Proposal]) -> Score:
    """Compare one document's hand coding with what was proposed."""
    events = [proposal.event for proposal in proposals]
    found = pairs(rows, events)
    out = Score(name, len(events), len(rows), len(found))
    narrow = Counter(key(row, NARROW) for row in rows) & Counter(key(event, NARROW) for event in events)
    out.narrow = narrow.total()
    claims = (*NARROW, "claimant")
    out.claimed = (Counter(key(row, claims) for row in rows) & Counter(key(event, claims) for event in events)).total()
    for one, other in found:
        out.agreed.update(n for n in FIELDS if key(rows[one], (n,)) == key(events[other], (n,)))
        out.by_type[str(rows[one]["event_type"])]["matched"] += 1
    for row in rows:
        out.by_type[str(row["event_type"])]["rows"] += 1
    for event in events:
        out.by_type[str(event["event_type"])]["proposed"] += 1
    left, right = {one for one, _ in found}, {other for _, other in found}
    out.missed = [row for at, row in enumerate(rows) if at not in left]
    out.differs = [
        (rows[one], proposals[other]) for one, other in found if key(rows[one], NARROW) != key(events[other], NARROW)
    ]
    out.extra = [(event, proposals[at]) for at, event in enumerate(events) if at not in right]
    return out


def seeds() -> Iterator[tuple[Path, list[Row]]]:
    """The five documents with their rows of the shipped events."""
    with shipped_path().open(encoding="utf-8", newline="") as lines:
        shipped = list(csv.DictReader(lines))
    for path in sorted(SEEDS.glob("*.txt")):
        known = DOCUMENTS.get(path.name[:3])
        if known is not None:
            source, first, last = known
            rows: list[Row] = [r for r in shipped if r["source"] == source and first <= r["source_time"][:10] <= last]
            yield path, rows


def folder(where: Path) -> Iterator[tuple[Path, list[Row]]]:
    """The documents of a folder with their hand codings."""
    for path in sorted(where.glob("*")):
        coding = path.with_suffix(".csv")
        if path.suffix in (".txt", ".html", ".htm") and coding.exists():
            with coding.open(encoding="utf-8", newline="") as lines:
                yield path, by_one_name(csv.DictReader(lines))


def by_one_name(rows: Iterable[Row]) -> list[Row]:
    """Rows of another's coding with the gazetteer's place_id, where they give none, and each first actor's one name."""
    gazetteer, codebook = Gazetteer.load(), load_codebook()

    def place_id(row: Row) -> Any:
        found = [] if row.get("place_id") else gazetteer.find(str(row.get("place") or ""), limit=1)
        return found[0].place.place_id if found else row.get("place_id") or row.get("place")

    def actor(row: Row) -> str:
        return codebook.actor(str(row["actor1"])) if row.get("actor1") else ""

    return [{**row, "place_id": place_id(row), "actor1": actor(row)} for row in rows]


def shipped_against(where: Path) -> Iterator[tuple[str, list[Row], list[Proposal]]]:
    """The five documents' codings in a folder, and their shipped events."""
    for path, rows in seeds():
        coding = where / f"{path.name[:3]}.csv"
        if coding.exists():
            with coding.open(encoding="utf-8", newline="") as lines:
                others = by_one_name(csv.DictReader(lines))
            yield path.stem, others, [Proposal({**row}, 0, (), "shipped") for row in rows]


def propose(coder: Coder, path: Path, rows: Sequence[Row]) -> list[Proposal]:
    """Read and code a document; where it tells no day, the hand coding's day of publication is given."""
    source = path.read_bytes() if path.suffix != ".txt" else path.read_text("utf-8")
    feed = read_feed(source)
    if feed.undated and rows and (told := str(rows[0].get("source_time") or "")):
        feed = read_feed(source, published=date.fromisoformat(told[:10]))
    return coder.code_feed(feed)


def coded(where: Path | None) -> Iterator[tuple[str, list[Row], list[Proposal]]]:
    """The documents of a folder, or the five, with their hand codings and what the coder proposes."""
    coder = Coder(load_codebook(), Gazetteer.load())
    for path, rows in folder(where) if where else seeds():
        yield path.stem, rows, propose(coder, path, rows)


def report(total: Score, several: Iterable[Score]) -> Iterator[str]:
    """The lines of the report."""
    yield f"{'document':34} {'rows':>5} {'prop.':>5}   type+place+day        + sub-type, actor1    + claimant"
    for one in (*several, total):
        broad, narrow, claimed = (f1(n, one.proposed, one.rows) for n in (one.broad, one.narrow, one.claimed))
        figures = "   ".join(f"P {p:.2f} R {r:.2f} F {f:.2f}" for p, r, f in (broad, narrow))
        yield f"{one.name[:34]:34} {one.rows:5} {one.proposed:5}   {figures}   F {claimed[2]:.2f}"
    yield ""
    yield "of the rows matched on type, place and day, these agree:"
    for name in FIELDS:
        yield f"  {name:16} {total.agreed[name] / total.broad if total.broad else 0:.2f}"
    yield ""
    yield f"{'type':30} {'rows':>5} {'prop.':>5} {'match':>5}    P    R    F"
    for kind, counts in sorted(total.by_type.items()):
        p, r, f = f1(counts["matched"], counts["proposed"], counts["rows"])
        yield f"{kind:30} {counts['rows']:5} {counts['proposed']:5} {counts['matched']:5} {p:.2f} {r:.2f} {f:.2f}"


def misses(one: Score) -> Iterator[str]:
    """What was missed and what was too much, a line each."""
    yield f"\n== {one.name}: missed"
    for row in one.missed:
        yield "  - " + " | ".join(str(row.get(n) or "") for n in (*NARROW, "claimant", "evidence"))
    yield f"== {one.name}: another sub-type or actor"
    for row, proposal in one.differs:
        wanted, got = key(row, ("sub_event_type", "actor1")), key(proposal.event, ("sub_event_type", "actor1"))
        yield f"  ~ {' | '.join(key(row, BROAD))} | {wanted} <- {got} | {row.get('evidence')} | {proposal.rule}"
    yield f"== {one.name}: too much"
    for event, proposal in one.extra:
        yield "  + " + " | ".join(
            [*(str(event.get(n) or "") for n in (*NARROW, "claimant", "evidence")), proposal.rule]
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="a folder of documents with hand codings beside them")
    parser.add_argument("--shipped", type=Path, help="a folder of other codings of the five documents")
    parser.add_argument("--misses", action="store_true", help="also list what was missed and what was too much")
    chosen = parser.parse_args(arguments)
    several = [score(*one) for one in (shipped_against(chosen.shipped) if chosen.shipped else coded(chosen.folder))]
    if not several:
        where = chosen.shipped or chosen.folder or SEEDS
        print(f"No documents with hand codings in {where}.", file=sys.stderr)  # noqa: T201
        return 2
    total = Score("all")
    for one in several:
        total.add(one)
    lines = list(report(total, several))
    if chosen.misses:
        lines += [line for one in several for line in misses(one)]
    print("\n".join(lines))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
