"""Writing: all or nothing, by stable ids, whatever the values hold, by several at once."""

import contextlib
import itertools
import json
import math
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.filters import EventFilter
from events.schema import EXTRA, LAST_DAY, NAMES
from events.store import EventStore
from events.writing import Merged
from tests.contract.conftest import ONE
from tests.contract.engines import KINDS, environment, several
from tests.events.samples import checked, random_rows

ROOT = Path(__file__).parents[2]
EVERYTHING = EventFilter()


def held(store):
    return store.frame(EVERYTHING, extra=True)


def stamped(rows, stamp):
    """Rows with the time at which their source last changed them, as ACLED gives it."""
    return checked(rows).assign(**{EXTRA: json.dumps({"timestamp": str(stamp)})})


def sorted_by_day(frame):
    ordered = sorted(range(len(frame)), key=lambda n: (frame["event_date"].iloc[n], frame["event_id"].iloc[n]))
    return frame.iloc[ordered].reset_index(drop=True)


# ── what is written is what is read ─────────────────────────────────────────────────────────────────────────


def test_a_frame_comes_back_as_it_was_written(store):
    frame = checked(random_rows(71, 300))
    assert store.write(frame) == Merged(300, 0, 0)
    pd.testing.assert_frame_equal(store.frame(EVERYTHING), sorted_by_day(frame))
    loaded = store.load()
    assert loaded.crs.to_epsg() == 4326
    assert loaded.geometry.isna().sum() == frame["latitude"].isna().sum()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("1800-01-01", "1800-01-02"),
        ("1899-12-31", "1900-01-01"),
        ("1969-12-31", "1970-01-01"),
        ("2000-02-29", "2000-02-29"),
        ("2038-01-19", "2099-12-31"),
        ("2100-12-31", "2100-12-31"),
    ],
)
def test_days_long_ago_and_far_ahead_stay_what_they_are(one_event, first, last):
    store = one_event(event_date=first, event_end=last)
    found = store.event("the one")
    assert (found["event_date"], found["event_end"]) == (first, last)
    assert store.span() == (first, last)
    assert [t.day for t in store.timeline(EVERYTHING)] == [first]
    frame = store.frame(EVERYTHING)
    assert frame["event_date"].dt.strftime("%Y-%m-%d").tolist() == [first]
    begins = frame["event_date"].iloc[0].date()
    assert store.count(EventFilter(date_from=begins, date_to=begins)) == 1
    day_before = (frame["event_date"].iloc[0] - pd.Timedelta(1, "D")).date()
    assert store.count(EventFilter(date_to=day_before)) == 0
    assert store.count(EventFilter(date_from=LAST_DAY.date())) == (last == "2100-12-31")


NUMBERS = ("time_precision", "geo_precision", "fatalities", "fatalities_low", "fatalities_high", "injured")


def test_no_number_is_no_zero_and_no_text_is_no_null(one_event):
    empty = one_event().event("the one")
    assert [empty[name] for name in NUMBERS] == [None] * len(NUMBERS)
    texts = [name for name in NAMES if name not in {*NUMBERS, "latitude", "longitude"}]
    assert all(isinstance(empty[name], str) for name in texts)
    assert one_event(fatalities="0", injured="99999999").event("the one")["fatalities"] == 0
    assert one_event(fatalities="0", injured="99999999").event("the one")["injured"] == 99_999_999
    nowhere = one_event(latitude="", longitude="")
    assert nowhere.event("the one")["latitude"] is None
    assert nowhere.bounds() is None
    assert nowhere.totals(EVERYTHING, (0, 0, 1, 1)).unplaced == 1


@pytest.mark.parametrize("value", ["0.1", "-0.0", "89.99999999999999", "1e-300", "45.123456789012345", "-5e-324"])
def test_degrees_keep_every_bit(one_event, value):
    found = one_event(latitude=value, longitude=value).event("the one")
    assert math.copysign(1, found["latitude"]) == math.copysign(1, float(value))
    assert (found["latitude"], found["longitude"]) == (float(value), float(value))


HOSTILE = [
    "a,b", 'say "x"', '""', '"', "\\", "\\N", "\\.", "\\\\n", "NULL", "null", "NaN", "two\nlines", "a\r\nb",
    "tab\there", "'; DROP TABLE events; --", "%s %(x)s {x} ${x} ?", ":name", "100%", "_%_", "🕊", "ﬁ ①", "عربي", "漢字",
    "\x01\x7f", "e\u0301 é", "\u200b\ufeff", "x" * 20_000, "=1+1", "NULL\\N\"',",
]  # fmt: skip


def test_any_text_comes_back_as_it_was(store):
    rows = [ONE | {"event_id": f"id {n} {text[:50]}", "notes": text} for n, text in enumerate(HOSTILE)]
    frame = checked(
        [
            row | {"place": text, "actor1": text[:99], "claimant": text[:99]}
            for row, text in zip(rows, HOSTILE, strict=True)
        ]
    )
    store.write(frame.assign(**{EXTRA: json.dumps(HOSTILE[:-3], ensure_ascii=False)}))
    read = held(store)
    pd.testing.assert_frame_equal(read[list(NAMES)], sorted_by_day(frame))
    assert {json.dumps(HOSTILE[:-3], ensure_ascii=False)} == set(read[EXTRA])
    for text in frame["claimant"].unique():
        assert store.count(EventFilter(claimants=(text,))) == (frame["claimant"] == text).sum(), text
        assert store.count(EventFilter(places=(text,))) >= 0
    for event_id in frame["event_id"]:
        assert store.event(event_id)["event_id"] == event_id


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
SERIAL = itertools.count()


@several
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5))
def test_texts_made_up_at_random_come_back(scratch, texts):
    first = next(SERIAL)
    rows = [ONE | {"event_id": f"{first}/{n}", "notes": a, "claimant": b} for n, (a, b) in enumerate(texts)]
    frame = checked(rows)
    scratch.write(frame)
    found = scratch.held(frame["event_id"].tolist())
    for row in frame.itertuples():
        assert (found[row.event_id]["notes"], found[row.event_id]["claimant"]) == (row.notes, row.claimant)
        assert scratch.count(EventFilter(claimants=(row.claimant,))) >= 1


def test_texts_stand_in_the_order_of_their_code_points(store):
    names = [
        "a",
        "B",
        "b",
        "A",
        "é",
        "e",
        "É",
        "z",
        "Z",
        "ə",
        "я",
        "Я",
        "Ա",
        "ա",
        "漢",
        "🕊",
        "~",
        "_",
        "-",
        " x",
        "1",
        "10",
        "2",
    ]
    store.write(
        checked([ONE | {"event_id": name, "claimant": name, "actor1": name} for name in names if name.strip() == name])
    )
    right = sorted(name for name in names if name.strip() == name)
    assert [row["event_id"] for row in store.rows(EVERYTHING)] == right
    assert store.frame(EVERYTHING)["event_id"].tolist() == right
    assert [value for value, _ in store.facets(EVERYTHING)["claimants"]] == right
    assert [value for value, _ in store.facets(EVERYTHING)["actors"]] == right
    assert [store.rank(EVERYTHING, row) for row in store.rows(EVERYTHING)] == list(range(len(right)))


# ── by stable ids ───────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_there_already_stays_and_what_is_newer_replaces_it(store):
    rows = random_rows(72, 60)
    assert store.write(stamped(rows[:50], 100)) == Merged(50, 0, 0)
    before = held(store)
    assert store.write(stamped(rows[:50], 100)) == Merged(0, 0, 50)
    assert store.write(stamped([row | {"notes": "older"} for row in rows[:50]], 99)) == Merged(0, 0, 50)
    pd.testing.assert_frame_equal(held(store), before)
    changed = [row | {"notes": "newer", "actor1": "Somebody new", "actor2": ""} for row in rows[40:]]
    assert store.write(stamped(changed, 101)) == Merged(10, 10, 0)
    pd.testing.assert_frame_equal(
        held(store)[list(NAMES)], sorted_by_day(checked([*rows[:40], *changed])), check_dtype=True
    )
    assert store.count(EventFilter(actors=("Somebody new",))) == 20
    assert dict(store.facets(EVERYTHING)["actors"])["Somebody new"] == 20
    assert store.count(EventFilter(words="newer")) == 20
    # The same stamp and another content: the later word counts.
    assert store.write(stamped([rows[0] | {"notes": "said again"}], 100)) == Merged(0, 1, 0)
    assert store.event(rows[0]["event_id"])["notes"] == "said again"


def test_replaced_events_leave_no_actors_behind(store):
    rows = [ONE | {"event_id": f"{n}", "actor1": "Before", "actor2": "Other"} for n in range(20)]
    store.write(checked(rows))
    store.write(checked([row | {"actor1": "After"} for row in rows]))
    assert store.facets(EVERYTHING)["actors"] == [("After", 20), ("Other", 20)]
    assert store.vocabulary().actors == {"After", "Other"}


# ── all or nothing ──────────────────────────────────────────────────────────────────────────────────────────


class StoppedError(Exception):
    """What stops a writer."""


def tables(store):
    here = {"duckdb": "'main'", "postgresql": "'public'", "clickhousedb": "currentDatabase()"}[
        store.engine.dialect.name
    ]
    with store.engine.connect() as connection:
        query = f"SELECT table_name FROM information_schema.tables WHERE table_schema = {here}"
        return set(connection.exec_driver_sql(query).scalars())


@pytest.mark.parametrize("before", [0, 50])
def test_a_writer_that_is_stopped_leaves_the_store_as_it_was(store, monkeypatch, before):
    monkeypatch.setattr("events.writing.ROW_GROUP", 10)
    rows = random_rows(73, 120)
    if before:
        store.write(checked(rows[:before]))
    was, were = held(store), tables(store)
    with contextlib.suppress(StoppedError), store.writing() as writer:
        writer.add(checked(rows[30:60]))
        writer.add(checked(rows[60:]))
        assert len(held(store)) == before
        writer.merge()
        raise StoppedError
    pd.testing.assert_frame_equal(held(store), was)
    assert tables(store) == were
    assert store.write(checked(rows)) == Merged(120 - before, 0, before)
    assert len(held(store)) == 120
    assert tables(store) == were


STEPS = """
import os, signal, sys
sys.path.insert(0, "")
import events.writing
from events.filters import EventFilter
from events.sources import open_target
from tests.events.samples import checked, random_rows

address, step, expected = sys.argv[1], sys.argv[2], int(sys.argv[3])
events.writing.ROW_GROUP = 40
if address.startswith("chdb"):
    import events.engines.clickhouse
    events.engines.clickhouse.DEAD_AFTER = 1
rows = checked(random_rows(74, 200))
store = open_target(address)
if step == "begin":
    store.write(rows.iloc[:50])
found = store.frame(EventFilter())
assert len(found) == expected, len(found)
assert store.facets(EventFilter())["actors"]
with store.writing() as writer:
    for n in range(0, 200, 25):
        writer.add(rows.iloc[n : n + 25])
        if step == "begin" and n == 0 or step == "laid down" and n == 100:
            os.kill(os.getpid(), signal.SIGKILL)
    if step == "merged":
        writer.merge()
        os.kill(os.getpid(), signal.SIGKILL)
print(*writer.merged, len(store.frame(EventFilter())))
"""


@pytest.mark.parametrize("kind", KINDS[1:], indirect=True, scope="session")  # DuckDB: tests/events/test_importing.py
def test_a_process_killed_in_the_middle_leaves_the_store_as_it_was(kind, databases, tmp_path):
    address = f"chdb://{tmp_path}/engine" if kind == "clickhouse" else databases.address()
    # What waits in memory; what was laid down; all that was joined, but not made visible.
    for step, killed in (("begin", True), ("laid down", True), ("merged", True), ("end", False)):
        done = subprocess.run(
            [sys.executable, "-c", STEPS, address, step, "50"],
            cwd=ROOT, env=environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == (-signal.SIGKILL if killed else 0), done.stderr[-3000:]
    assert done.stdout.split() == ["150", "0", "50", "200"]


# ── several at once ─────────────────────────────────────────────────────────────────────────────────────────


def test_importers_at_the_same_time_join_one_after_the_other(store):
    rows = random_rows(75, 400)
    parts = [rows[:160], rows[80:240], rows[160:320], rows[240:]]
    merged, faults = [], []
    ready = threading.Barrier(len(parts))

    def run(part):
        try:
            frame = checked(part)
            with EventStore(store.engine).writing() as writer:
                writer.add(frame[: len(frame) // 2])
                if store.engine.dialect.name == "postgresql":
                    ready.wait(timeout=30)  # all of them have laid down rows
                writer.add(frame[len(frame) // 2 :])
            merged.append(writer.merged)
        except Exception as fault:  # noqa: BLE001
            faults.append(fault)

    store.write(checked(rows[:1]))
    threads = [threading.Thread(target=run, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []
    assert sum(m.added for m in merged) == 399
    assert sum(m.same for m in merged) == sum(map(len, parts)) - 399
    pd.testing.assert_frame_equal(store.frame(EVERYTHING), sorted_by_day(checked(rows)))
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(DISTINCT row_id) FROM events").scalar_one() == 400


def test_readers_see_the_old_until_all_of_the_new_is_there(store):
    rows = random_rows(76, 200)
    store.write(checked(rows[:100]))
    seen, done = set(), threading.Event()

    def read():
        while not done.is_set():
            seen.add(store.total())

    reader = threading.Thread(target=read)
    reader.start()
    with store.writing() as writer:
        for n in range(100, 200, 10):
            writer.add(checked(rows[n : n + 10]))
    done.set()
    reader.join(timeout=30)
    assert seen <= {100, 200}
    assert store.total() == 200
