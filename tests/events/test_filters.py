import datetime as dt
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.codebook import load_codebook
from events.filters import KEYS, LONGEST_VALUE, MOST_VALUES, PRECISIONS, EventFilter, parse_filter
from events.store import EventStore
from geodata.names import fold
from tests.events.samples import checked, random_rows

BOOK = load_codebook()
MADE_UP = EventStore.in_memory(checked(random_rows(7, 300)))
KNOWN = MADE_UP.vocabulary()

several = settings(max_examples=150, deadline=None)


def query_of(pairs):
    query = {}
    for key, value in pairs:
        query.setdefault(key, []).append(value)
    return query


def some(values):
    return st.lists(st.sampled_from(sorted(values)), max_size=3, unique=True).map(tuple)


def degrees(most):
    return st.integers(-most * 10**4, most * 10**4).map(lambda n: n / 10**4)


DAYS = st.one_of(st.none(), st.dates(dt.date(1000, 1, 1)))
BOXES = st.tuples(degrees(180), degrees(90), degrees(180), degrees(90)).map(
    lambda b: (b[0], min(b[1], b[3]), b[2], max(b[1], b[3]))
)
WORDS = st.text(max_size=LONGEST_VALUE).map(str.strip).filter(lambda t: "\x00" not in t)
FILTERS = st.builds(
    EventFilter,
    date_from=DAYS,
    date_to=DAYS,
    types=some(BOOK.type_names),
    sub_types=some(BOOK.sub_type_names),
    actors=some(KNOWN.actors | set(BOOK.aliases)),
    claimants=some(KNOWN.claimants),
    places=some(KNOWN.places),
    precisions=some(PRECISIONS),
    words=WORDS,
    bbox=st.one_of(st.none(), BOXES),
).filter(lambda f: not (f.date_from and f.date_to and f.date_from > f.date_to))


# ── there and back ──────────────────────────────────────────────────────────────────────────────────────────


@several
@given(FILTERS)
def test_a_filter_comes_back_from_its_address(wanted):
    assert parse_filter(query_of(wanted.to_query()), KNOWN) == (wanted, [])


@several
@given(FILTERS, st.randoms())
def test_the_order_of_keys_and_values_does_not_matter(wanted, rng):
    pairs = wanted.to_query()
    rng.shuffle(pairs)
    shuffled, problems = parse_filter(query_of(pairs), KNOWN)
    assert problems == []
    assert MADE_UP.count(shuffled) == MADE_UP.count(wanted)


def test_an_open_filter_has_an_empty_address():
    assert EventFilter().to_query() == []
    assert parse_filter({}, KNOWN) == (EventFilter(), [])


def test_values_repeated_count_once():
    wanted, problems = parse_filter({"type": ["Battles", "battles", "BATTLES"]}, KNOWN)
    assert (wanted.types, problems) == (("Battles",), [])


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("values", [[], [""], ["  ", "\t"]])
def test_a_key_without_a_value_asks_for_nothing(key, values):
    assert parse_filter({key: values}, KNOWN) == (EventFilter(), [])


def test_keys_of_the_view_are_left_to_the_caller():
    assert parse_filter({"lat": ["x"], "zoom": ["y"], "nonsense": ["z"]}, KNOWN) == (EventFilter(), [])


# ── every name finds its thing ──────────────────────────────────────────────────────────────────────────────


def places_of(store):
    gazetteer = store.gazetteer
    return [place for key in store.vocabulary().places if (place := gazetteer.get(key))]


def test_any_name_of_a_place_in_any_script_finds_its_events(shipped):
    assert len(places_of(shipped)) > 30
    for place in places_of(shipped):
        own = set(shipped.frame(EventFilter(places=(place.place_id,)))["event_id"])
        for name in place.all_names():
            wanted, problems = parse_filter({"place": [name]}, shipped.vocabulary())
            assert problems == [], name
            assert own <= set(shipped.frame(wanted)["event_id"]), name


@pytest.mark.parametrize("name", ["Stepanakert", "Xankəndi", "xankendi", "Ստեփանակերտ", "Степанакерт", "STEP'ANAKERT"])
def test_four_scripts_give_one_count(shipped, name):
    wanted, _ = parse_filter({"place": [name]}, shipped.vocabulary())
    assert shipped.count(wanted) == shipped.count(EventFilter(places=("stepanakert",))) > 0


def test_a_name_finds_its_namesakes_and_places_unknown_to_the_gazetteer():
    wanted, _ = parse_filter({"place": ["MARTUNI"]}, KNOWN)
    assert {"martuni-karabakh", "martuni-gegharkunik", "Martuni"} <= set(wanted.places)


@pytest.mark.parametrize("actor", BOOK.aliases)
def test_any_alias_finds_the_actor(actor):
    for alias in [actor, *BOOK.aliases[actor]]:
        for written in (alias, alias.upper(), f" {alias} (2003-)", f"{alias} (1990-2020)"):
            wanted, problems = parse_filter({"actor": [written]}, KNOWN)
            assert (wanted.actors, problems) == ((actor,), []), written


def test_an_alias_counts_as_the_actor_does(shipped):
    known = shipped.vocabulary()
    for actor, aliases in BOOK.aliases.items():
        for alias in aliases:
            wanted, _ = parse_filter({"actor": [alias]}, known)
            assert shipped.count(wanted) == shipped.count(EventFilter(actors=(actor,)))


@pytest.mark.parametrize("part", ["actor", "claimant", "place"])
def test_each_name_that_stands_in_the_data_finds_itself(part):
    names = {"actor": KNOWN.actors, "claimant": KNOWN.claimants, "place": KNOWN.places}[part]
    for name in names:
        wanted, problems = parse_filter({part: [name]}, KNOWN)
        assert (getattr(wanted, f"{part}s"), problems) == ((name,), [])


def test_a_publisher_is_found_as_a_claimant_whatever_its_case():
    wanted, _ = parse_filter({"claimant": ["SPUTNIK", "агентство «север»"]}, KNOWN)
    assert wanted.claimants == ("Sputnik", "Агентство «Север»")


@pytest.mark.parametrize("kind", [t.upper() for t in BOOK.type_names] + [f" {t.lower()} " for t in BOOK.type_names])
def test_case_and_blanks_of_a_type_do_not_matter(kind):
    wanted, problems = parse_filter({"type": [kind]}, KNOWN)
    assert (wanted.types[0].lower(), problems) == (kind.strip().lower(), [])


# ── what cannot be used is named ────────────────────────────────────────────────────────────────────────────

WRONG = [
    ("from", "yesterday", "is not a day like 2020-10-02"),
    ("from", "2020-13-01", "is not a day like 2020-10-02"),
    ("from", "2021-02-29", "is not a day like 2020-10-02"),
    ("from", "20201002", "is not a day like 2020-10-02"),
    ("from", "2020-W40-5", "is not a day like 2020-10-02"),
    ("to", "2020-10-02T12:00", "is not a day like 2020-10-02"),
    ("to", "0000-01-01", "is not a day like 2020-10-02"),
    ("type", "War", "is no event type of the codebook"),
    ("subtype", "Battles", "is no sub-type of the codebook"),
    ("actor", "Nobody", "no actor goes by this name here"),
    ("actor", "...", "no actor goes by this name here"),
    ("claimant", "Nobody", "no claimant goes by this name here"),
    ("place", "Atlantis-upon-Sea", "no place goes by this name here"),
    ("precision", "4", "is no precision; it is one of 1, 2, 3, unknown, none"),
    ("precision", "01", "is no precision; it is one of 1, 2, 3, unknown, none"),
    ("bbox", "1,2,3", "is not four numbers: west,south,east,north"),
    ("bbox", "1,2,3,4,5", "is not four numbers: west,south,east,north"),
    ("bbox", "a,b,c,d", "is not four numbers: west,south,east,north"),
    ("bbox", ",,,", "is not four numbers: west,south,east,north"),
    ("bbox", "nan,0,1,1", "holds a number that is not finite"),
    ("bbox", "0,0,inf,1", "holds a number that is not finite"),
    ("bbox", "0,5,1,4", "needs -90 ≤ south ≤ north ≤ 90"),
    ("bbox", "0,-91,1,4", "needs -90 ≤ south ≤ north ≤ 90"),
    ("bbox", "0,0,1,90.5", "needs -90 ≤ south ≤ north ≤ 90"),
    ("bbox", "-181,0,1,4", "needs west and east within -180 to 180"),
    ("bbox", "0,0,180.1,4", "needs west and east within -180 to 180"),
]


@pytest.mark.parametrize(("key", "value", "reason"), WRONG)
def test_a_problem_names_field_value_and_reason(key, value, reason):
    wanted, problems = parse_filter({key: [value], "precision": ["1"]} if key != "precision" else {key: [value]}, KNOWN)
    assert [(p.field, p.value, p.reason) for p in problems] == [(key, value, reason)]
    assert str(problems[0]) == f"{key} = {value!r}: {reason}"
    assert wanted == EventFilter(precisions=() if key == "precision" else ("1",))


def test_good_values_hold_beside_a_wrong_one():
    wanted, problems = parse_filter({"type": ["Battles", "War", "Riots"]}, KNOWN)
    assert wanted.types == ("Battles", "Riots")
    assert [p.value for p in problems] == ["War"]


def test_an_end_before_the_beginning_is_left_out():
    wanted, problems = parse_filter({"from": ["2020-10-03"], "to": ["2020-10-02"]}, KNOWN)
    assert wanted == EventFilter(date_from=dt.date(2020, 10, 3))
    assert [(p.field, p.value, p.reason) for p in problems] == [("to", "2020-10-02", "is before 'from' (2020-10-03)")]


@pytest.mark.parametrize(
    ("key", "value"), [("from", "2020-10-01"), ("to", "2020-10-01"), ("q", "a"), ("bbox", "0,0,1,1")]
)
def test_a_part_of_one_value_takes_the_first_and_says_so(key, value):
    second = {"q": "b", "bbox": "5,5,6,6"}.get(key, "2020-10-09")
    wanted, problems = parse_filter({key: [value, second]}, KNOWN)
    assert wanted == parse_filter({key: [value]}, KNOWN)[0]
    assert [(p.field, p.value, p.reason) for p in problems] == [(key, second, "takes one value; the first is used")]


# ── limits, and what nobody should send ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("length", "wrong"), [(LONGEST_VALUE, 0), (LONGEST_VALUE + 1, 1)])
def test_the_length_of_a_value_is_bounded(length, wrong):
    _, problems = parse_filter({"q": ["x" * length]}, KNOWN)
    assert len(problems) == wrong


@pytest.mark.parametrize(("n", "wrong"), [(MOST_VALUES, 0), (MOST_VALUES + 1, 1)])
def test_the_number_of_values_is_bounded(n, wrong):
    _, problems = parse_filter({"type": ["Battles"] * n}, KNOWN)
    assert [p.reason for p in problems] == ["takes at most 100 values"] * wrong


@pytest.mark.parametrize("key", KEYS)
def test_a_value_with_a_nul_is_refused(key):
    wanted, problems = parse_filter({key: ["Battles\x00"]}, KNOWN)
    assert wanted == EventFilter()
    assert [p.field for p in problems] == [key]


HOSTILE = st.one_of(
    st.text(),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Nd", "Zs", "Mn"])),
    st.text("0123456789,.-+e_infa ", max_size=40),
    st.sampled_from(
        ["", "' or 1=1 --", "%00", "../../etc/passwd", "<script>", "1e999,0,0,0", "٢٠٢٠-١٠-٠٢", "9" * 5000]
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.one_of(st.sampled_from(sorted(KEYS)), st.text(max_size=5)), st.lists(HOSTILE, max_size=4)))
def test_no_value_raises_and_each_is_used_or_named(query):
    wanted, problems = parse_filter(query, KNOWN)
    for key, part in KEYS.items():
        given_any = any(v.strip() for v in query.get(key, []))
        used = getattr(wanted, part) not in (None, (), "")
        assert given_any == (used or any(p.field == key for p in problems))
    assert all(len(p.value) <= LONGEST_VALUE and p.reason for p in problems)
    assert MADE_UP.count(wanted) <= MADE_UP.total()


@settings(max_examples=300, deadline=None)
@given(st.text("0123456789,.-+enaif ", max_size=60))
def test_a_bbox_is_finite_and_within_the_world(text):
    wanted, _ = parse_filter({"bbox": [text]}, KNOWN)
    if wanted.bbox:
        west, south, east, north = wanted.bbox
        assert all(map(math.isfinite, wanted.bbox))
        assert -90 <= south <= north <= 90
        assert max(abs(west), abs(east)) <= 180


@pytest.mark.parametrize("text", ["٢٠٢٠-١٠-٠٢", "２０２０-１０-０２", "2020-1-002", "+020-10-02", "2020-10-2 "])
def test_a_day_is_written_in_one_way_only(text):
    assert parse_filter({"from": [text]}, KNOWN)[0].date_from is None


def test_terms_are_the_folded_words():
    rng = random.Random(1)
    words = ["Şuşa", "Shelling", "Ստեփանակերտ", "%", "ABC-def"]
    for _ in range(20):
        rng.shuffle(words)
        assert EventFilter(words=" ".join(words)).terms() == fold(" ".join(words)).split()


@several
@given(FILTERS, st.sets(st.sampled_from(sorted(KEYS.values()))))
def test_without_opens_the_named_parts_and_no_other(wanted, parts):
    opened = wanted.without(*parts)
    for part in KEYS.values():
        assert getattr(opened, part) == getattr(EventFilter() if part in parts else wanted, part)
