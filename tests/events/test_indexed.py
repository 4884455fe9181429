"""A large Parquet file that is served where it lies answers as one that is read whole."""

import random

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from events import indexed, indexing
from events.filters import EventFilter
from events.schema import check
from events.sources import check_file, open_source
from events.store import EventStore
from tests.bench.equal import answers
from tests.bench.filters import Drawn
from tests.bench.made import make_events
from tests.contract.brute import TABLES, WORDS
from tests.events.samples import as_text

ROWS = 3000


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Indexes go to a folder of the test; the smallest file is large."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(indexed, "LARGE", 1)
    return tmp_path / "cache" / "contact-line"


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Life-like events, all in order."""
    path = tmp_path_factory.mktemp("plain") / "events.parquet"
    make_events(path, ROWS, seed=9)
    return path


def ordinary(path):
    """The same file read whole."""
    found = check_file(path).checked
    return EventStore.in_memory(found.accepted), found


def same_answers(one, other, filters=15):
    drawn = Drawn(other, seed=3)
    for n in range(filters):
        wanted, (view, zoom) = drawn.filter(), drawn.view()
        if n % 5 == 0:
            wanted = EventFilter(words=drawn.rng.choice(WORDS))
        assert answers(one, wanted, view, zoom, "month") == answers(other, wanted, view, zoom, "month"), wanted
        assert one.rows(wanted, limit=20) == other.rows(wanted, limit=20), wanted


def test_a_file_in_order_answers_as_if_it_were_read_whole(plain):
    opened, (right, _) = open_source(str(plain)), ordinary(plain)
    assert opened.checked.rejected.empty
    assert opened.read_only
    same_answers(opened.store, right)
    pd.testing.assert_frame_equal(opened.store.frame(EventFilter()), right.frame(EventFilter()))


def test_the_index_is_made_once(plain, cache):
    open_source(str(plain)).store.engine.dispose()
    (index,) = cache.glob("*.duckdb")
    made = index.stat().st_mtime_ns
    open_source(str(plain)).store.engine.dispose()
    assert [p.stat().st_mtime_ns for p in cache.glob("*")] == [made]


def test_a_changed_file_is_indexed_anew(plain, tmp_path, cache):
    path = tmp_path / "events.parquet"
    for rows in (100, 120):
        make_events(path, rows, seed=rows)
        opened = open_source(str(path))
        assert opened.store.total() == rows
        opened.store.engine.dispose()
    assert len(list(cache.glob("*.duckdb"))) == 2


def test_old_indexes_go(tmp_path, cache, monkeypatch):
    monkeypatch.setattr(indexed, "MOST_KEPT", 2)
    for rows in (10, 11, 12, 13):
        make_events(tmp_path / "events.parquet", rows, seed=1)
        open_source(str(tmp_path / "events.parquet")).store.engine.dispose()
    assert len(list(cache.glob("*.duckdb"))) == 2


def written(tmp_path, frame, **arguments):
    path = tmp_path / "events.parquet"
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path, row_group_size=50, **arguments)
    return path


def typed(rows):
    """Rows as a program that knows the table would write them."""
    return check(as_text(rows), "a table made up at random").accepted


def spoiled(seed):
    """A typed table with faults of every kind, and with rows that are read in another way than they are written."""
    rng = random.Random(seed)
    frame = pd.concat([typed(TABLES[11]), typed(TABLES[9])], ignore_index=True)
    frame["event_id"] = [f"{n} {value}" for n, value in enumerate(frame["event_id"])]
    frame = frame.astype(dict.fromkeys(("geo_precision", "fatalities", "injured"), "float64"))
    faults = {
        "event_date": [pd.NaT, pd.Timestamp("1700-01-01"), pd.Timestamp("2150-01-01")],
        "event_end": [pd.Timestamp("2019-01-01"), pd.NaT],
        "event_type": ["Quarrels", "BATTLES", "", " Battles"],
        "sub_event_type": ["Peaceful protest", "armed clash"],
        "latitude": [91.0, np.nan, np.inf, -0.0],
        "longitude": [-180.5, np.nan],
        "geo_precision": [4.0],
        "fatalities": [-1.0, 1e9],
        "injured": [0.5, 2.5],
        "notes": ["  led by spaces", "held\x00back", "x" * 20_001, "\u2003wide\u00a0", "'=1+1", "🕊 Şuşa ①"],
        "event_id": [" spaced ", "again", "again", "again\u00a0"],
        "incident_id": ["\tone"],
        "place": ["Hadrut ", "n/a", "Ստեփանակերտ"],
        "actor1": [" BAKU", "Türkiye;;Armenian forces"],
        "source_time": ["2020-10-02T12:36Z", "yesterday", "2020-13-01", "2020-02-30", "n/a"],
        "claimant": ["\nBaku"],
    }
    for name, values in faults.items():
        for value in values:
            for row in rng.sample(range(len(frame)), 2):
                frame.loc[row, name] = value
    return frame


def told(rejected):
    """What is said of rows set aside. A number is 4 or 4.0 by what else stands in its column where it is read."""
    return [
        (row.row, row.event_id, row.field, row.value.removesuffix(".0"), row.reason) for row in rejected.itertuples()
    ]


@pytest.mark.parametrize("seed", range(2))
def test_a_file_with_faults_answers_as_if_it_were_read_whole(tmp_path, seed):
    path = written(tmp_path, spoiled(seed))
    found = indexed.open_indexed(path)
    right, checked = ordinary(path)
    assert len(checked.rejected) > 20
    assert told(found.checked.rejected) == told(checked.rejected)
    same_answers(found.store, right, filters=20)
    pd.testing.assert_frame_equal(found.store.frame(EventFilter()), right.frame(EventFilter()))


@pytest.mark.parametrize(
    "kept", [["event_date", "event_type"], ["event_id", "event_date", "event_type", "notes", "place"]]
)
def test_columns_may_be_missing(tmp_path, kept):
    path = written(tmp_path, typed(TABLES[10])[kept])
    found, (right, _) = indexed.open_indexed(path), ordinary(path)
    assert found is not None
    same_answers(found.store, right, filters=10)


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.assign(more="a column of its own"),
        lambda f: f.assign(event_date=f["event_date"].dt.strftime("%Y-%m-%d")),
        lambda f: f.assign(latitude=f["latitude"].astype("float32")),
        lambda f: f.rename(columns={"event_date": "date"}),
        lambda f: f.assign(event_date=f["event_date"].dt.tz_localize("UTC")),
    ],
)
def test_columns_of_another_kind_are_read_as_ever(tmp_path, change):
    path = written(tmp_path, change(typed(TABLES[10])))
    assert indexed.open_indexed(path) is None
    assert open_source(str(path)).store.total() == len(TABLES[10])


def test_an_export_of_this_project_is_indexed(plain, tmp_path):
    out = tmp_path / "export.parquet"
    right, _ = ordinary(plain)
    with out.open("wb") as file:
        from events.formats import write  # noqa: PLC0415

        write("parquet", right.frame(EventFilter()), file)
    found = indexed.open_indexed(out)
    same_answers(found.store, right, filters=10)


def test_a_file_that_is_no_parquet_is_left_to_who_reads_it(tmp_path):
    path = tmp_path / "events.parquet"
    path.write_text("event_date,event_type\n2020-10-02,Battles\n", "utf-8")
    assert indexed.open_indexed(path) is None


@pytest.fixture
def hasty(monkeypatch):
    """The last rows of a file may be asked for, however small it is."""
    monkeypatch.setattr(indexed, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(indexed, "PART", 150)


@pytest.mark.usefixtures("hasty")
def test_the_last_rows_answer_as_a_file_of_them_alone(plain, tmp_path, cache):
    found = indexed.open_last_rows(plain)
    path = written(tmp_path, pd.read_parquet(plain).tail(150))
    right, _ = ordinary(path)
    same_answers(found, right)
    pd.testing.assert_frame_equal(found.frame(EventFilter()), right.frame(EventFilter()))
    assert not list(cache.glob("*"))


@pytest.mark.usefixtures("hasty")
def test_faults_in_the_last_rows_are_set_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(indexing, "DOUBTFUL_SHARE", 1)
    frame = spoiled(1)
    found = indexed.open_last_rows(written(tmp_path, frame))
    right, checked = ordinary(written(tmp_path, frame.tail(150)))
    assert len(checked.rejected) > 5
    same_answers(found, right, filters=10)


@pytest.mark.usefixtures("hasty")
def test_there_are_no_last_rows_where_they_would_take_long(plain, tmp_path, monkeypatch):
    assert indexed.open_last_rows(written(tmp_path, spoiled(1))) is None
    assert indexed.open_last_rows(written(tmp_path, typed(TABLES[10]).assign(more="a column"))) is None
    monkeypatch.setattr(indexed, "MOST_AT_ONCE", ROWS)
    assert indexed.open_last_rows(plain) is None
