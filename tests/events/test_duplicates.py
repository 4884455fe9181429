"""Which held events a new one may repeat; what the store is asked for never hides one."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events import duplicates
from events.duplicates import MOST_TOLD, NEAR_KM, around, find, likely
from events.filters import EventFilter
from events.schema import NAMES
from events.store import EventStore
from tests.events.samples import checked, random_rows

STORE = EventStore.in_memory(checked(random_rows(5, 300)))
HELD = STORE.rows(EventFilter(), limit=1000)

SHELLING = dict.fromkeys(NAMES) | {
    "event_id": "new-1", "event_date": "2020-10-02", "event_end": "2020-10-02",
    "event_type": "Explosions/Remote violence", "sub_event_type": "Shelling/artillery/missile attack",
    "actor1": "Military Forces of Azerbaijan", "claimant": "Government of Armenia", "place": "Stepanakert",
    "latitude": 39.8177, "longitude": 46.7528, "geo_precision": 1,
    "source": "Sputnik", "source_time": "2020-10-02T12:36Z",
}  # fmt: skip
SPEECH = SHELLING | {
    "event_type": "Diplomacy", "sub_event_type": "Appeal or statement", "actor1": "Government of Azerbaijan",
    "claimant": "Government of Azerbaijan", "place": "Baku", "latitude": 40.3777, "longitude": 49.892,
}  # fmt: skip


def held(row=None, **changes):
    return (row or SHELLING) | {"event_id": "held-1"} | changes


def alike(row, *others):
    return likely(row, others)


def test_the_same_words_from_the_same_report_are_a_repeat():
    (found,) = alike(SHELLING, held())
    assert (found.same_id, found.same_word, found.days, found.km) == (False, True, 0, 0.0)
    assert found.reasons == ("same day", "same sub-type", "same place", "same actor", "same report")


def test_another_party_s_word_is_told_from_a_repeat_and_comes_behind_it():
    denial = held(event_id="held-2", claimant="Government of Azerbaijan")
    found = alike(SHELLING, denial, held(claimant="Yerevan"))
    assert [(a.event["event_id"], a.same_word) for a in found] == [("held-1", True), ("held-2", False)]


@pytest.mark.parametrize(
    ("changes", "is_alike"),
    [
        ({"event_date": "2020-10-03", "event_end": "2020-10-03"}, True),
        ({"event_date": "2020-10-04", "event_end": "2020-10-04"}, False),
        ({"event_date": "2020-09-20", "event_end": "2020-10-01"}, True),  # its last day is the one that counts
        ({"event_date": "2020-09-20", "event_end": "2020-09-30"}, False),
        ({"sub_event_type": "Air/drone strike"}, True),
        ({"event_type": "Battles", "sub_event_type": "Armed clash"}, False),
        ({"actor1": "Military Forces of Armenia"}, True),
        ({"latitude": 39.8177 + 4.5 / 111.2}, True),
        ({"latitude": 39.8177 + 5.5 / 111.2}, False),
        ({"latitude": 39.8177 + 19 / 111.2, "geo_precision": 2}, True),
        ({"latitude": 39.8177 + 21 / 111.2, "geo_precision": 2}, False),
        ({"latitude": 39.8177 + 39 / 111.2, "geo_precision": 3}, True),
        ({"latitude": 39.8177 + 41 / 111.2, "geo_precision": 3}, False),
        ({"latitude": None, "longitude": None}, False),
    ],
)
def test_how_near_is_near(changes, is_alike):
    assert bool(alike(SHELLING, held(**changes))) is is_alike
    assert bool(alike(held(**changes), SHELLING)) is is_alike  # it does not matter which of the two is held


def test_at_a_seat_of_government_kind_actor_and_day_must_agree():
    assert alike(SPEECH, held(SPEECH))
    for changes in ({"sub_event_type": "Denial"}, {"actor1": "Government of Russia"}, {"event_date": "2020-10-03"}):
        assert not alike(SPEECH, held(SPEECH, **changes, event_end=None))


def test_two_events_without_a_place_are_alike_by_its_name():
    nowhere = SHELLING | {"latitude": None, "longitude": None, "place": "Tap Qaraqoyunlu"}
    assert alike(nowhere, held(nowhere, place="tap qaraqoyunlu"))
    assert not alike(nowhere, held(nowhere, place="Elsewhere"))


@pytest.mark.parametrize("field", ["event_date", "event_type"])
@pytest.mark.parametrize("value", [None, "", "soon"])
def test_a_row_without_its_day_or_type_is_like_nothing(field, value):
    row = SHELLING | {field: value}
    assert likely(row, [held()]) == []
    assert find(EventStore.in_memory(checked([])), [row]) == [[]]


def test_an_event_under_the_same_id_is_told_first_and_once():
    store = EventStore.in_memory(checked([_text(held()), _text(held(event_id="new-1", notes="as coded by hand"))]))
    ((first, second),) = find(store, [SHELLING])
    assert (first.same_id, first.same_word, first.event["notes"]) == (True, True, "as coded by hand")
    assert (second.same_id, second.event["event_id"]) == (False, "held-1")


def test_another_happening_under_the_same_id_is_told_as_such():
    store = EventStore.in_memory(checked([_text(held(SPEECH, event_id="new-1"))]))
    ((found,),) = find(store, [SHELLING])
    assert (found.same_id, found.same_word, found.reasons) == (True, False, ("same id",))


def _text(row):
    return {name: "" if value is None else str(value) for name, value in row.items()}


def test_the_cost_is_bounded(monkeypatch):
    rows = [_text(held(event_id=f"held-{n}")) for n in range(40)]
    store = EventStore.in_memory(checked(rows))
    asked = []
    monkeypatch.setattr(store, "rows", lambda *a, **k: asked.append(k) or EventStore.rows(store, *a, **k))
    found = find(store, [SHELLING] * 3)
    assert [len(f) for f in found] == [MOST_TOLD] * 3
    assert asked == [{"limit": duplicates.MOST_LOOKED_AT}] * 3


DAYS = st.dates(dt.date(2020, 9, 20), dt.date(2020, 11, 1)) | st.sampled_from([dt.date.min, dt.date.max])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(HELD), DAYS, st.sampled_from([1, 2, 3, None]), st.booleans(), st.floats(-0.6, 0.6))
def test_what_is_asked_of_the_store_hides_no_likeness(row, day, precision, keep_day, off):
    new = row | {"event_id": "new", "geo_precision": precision}
    if not keep_day:
        new |= {"event_date": day.isoformat(), "event_end": None}
    if new["latitude"] is not None:
        new["latitude"] = max(-90.0, min(90.0, new["latitude"] + off))
        new["longitude"] = (new["longitude"] + off + 180) % 360 - 180
    asked = STORE.rows(around(new), limit=1000)
    assert likely(new, asked) == likely(new, HELD)


def test_a_coarser_precision_never_looks_closer():
    assert NEAR_KM[1] < NEAR_KM[2] < NEAR_KM[3]
