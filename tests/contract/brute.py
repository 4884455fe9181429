"""What a store is compared with: the same questions put to the rows' text, one row at a time; and random filters."""

import datetime as dt

from hypothesis import strategies as st

from events.filters import EventFilter
from geodata.gazetteer import Gazetteer
from geodata.names import fold
from tests.events.samples import ACTORS, CLAIMANTS, FIRST, KINDS, NOTES, PLACES, WORDS, random_rows

TABLES = [random_rows(seed, n) for seed, n in enumerate([0, 1, 2, 7, 15, 30, 60, 60, 120, 120, 200, 400])]
GAZETTEER = Gazetteer.load()
WORLD = (-180.0, -90.0, 180.0, 90.0)


def canonical(cell):
    return {ACTORS.get(part.strip(), part.strip()) for part in cell.split(";") if part.strip()}


def place_key(row):
    return row["place_id"] or row["place"]


def point(row):
    return (float(row["longitude"]), float(row["latitude"])) if row["latitude"] else None


def precision(row):
    return "none" if point(row) is None else row["geo_precision"] or "unknown"


def actors(row):
    return canonical(row["actor1"]) | canonical(row["actor2"])


def last_day(row):
    return row["event_end"] or row["event_date"]


def inside(row, bbox):
    west, south, east, north = bbox
    if point(row) is None:
        return False
    lon, lat = point(row)
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    return south <= lat <= north and any(a <= lon <= b for a, b in spans)


def texts(row):
    known = GAZETTEER.get(row["place_id"])
    names = list(known.all_names()) if known else []
    said = {"Baku": "Government of Azerbaijan"}.get(row["claimant"], "")
    written = ("place", "admin1", "country", "actor1", "actor2", "claimant")
    others = ("event_type", "sub_event_type", "notes", "source", "event_id")
    return [fold(t) for t in [*names, said, *actors(row), *(row[name] for name in written + others)]]


def matches(row, wanted):
    of_row = {
        "types": {row["event_type"]},
        "sub_types": {row["sub_event_type"]},
        "actors": actors(row),
        "claimants": {row["claimant"]},
        "places": {place_key(row)},
        "precisions": {precision(row)},
    }
    return (
        all(not getattr(wanted, part) or has & set(getattr(wanted, part)) for part, has in of_row.items())
        and (wanted.date_from is None or last_day(row) >= wanted.date_from.isoformat())
        and (wanted.date_to is None or row["event_date"] <= wanted.date_to.isoformat())
        and (wanted.bbox is None or inside(row, wanted.bbox))
        and all(any(term in text for text in texts(row)) for term in fold(wanted.words).split())
    )


def matching(rows, wanted):
    return [row for row in rows if matches(row, wanted)]


def ids(rows):
    return [row["event_id"] for row in rows]


# ── filters ─────────────────────────────────────────────────────────────────────────────────────────────────


def some(values):
    return st.one_of(st.just(()), st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True).map(tuple))


DAYS = st.one_of(st.none(), st.integers(-3, 40).map(lambda n: FIRST + dt.timedelta(n)))
LONGITUDES = sorted({float(p[3]) for p in PLACES if p[3]} | {-170.0, 46.6, 170.0})
LATITUDES = sorted({float(p[2]) for p in PLACES if p[2]} | {39.65, 60.0})
BOXES = st.builds(
    lambda west, east, lats: (west, min(lats), east, max(lats)),
    st.sampled_from(LONGITUDES),
    st.sampled_from(LONGITUDES),
    st.tuples(st.sampled_from(LATITUDES), st.sampled_from(LATITUDES)),
)
FILTERS = st.builds(
    EventFilter,
    date_from=DAYS,
    date_to=DAYS,
    types=some([k for k, _ in KINDS] + ["Riots"]),
    sub_types=some([s for _, s in KINDS if s]),
    actors=some([*ACTORS.values(), "Nobody"]),
    claimants=some([c for c in CLAIMANTS if c]),
    places=some([p[1] or p[0] for p in PLACES if p[0]]),
    precisions=some(["1", "2", "3", "unknown", "none"]),
    words=st.one_of(st.just(""), st.sampled_from(WORDS), st.sampled_from(NOTES)),
    bbox=st.one_of(st.none(), BOXES),
)
# Most random filters match nothing: half of the examples leave all but two parts open.
PARTS = list(EventFilter.__dataclass_fields__)
LOOSE = st.builds(
    lambda f, kept: f.without(*(p for p in PARTS if p not in kept)),
    FILTERS,
    st.lists(st.sampled_from(PARTS), max_size=2),
)
WANTED = st.one_of(LOOSE, FILTERS)
NUMBERS = st.integers(0, len(TABLES) - 1)
