"""The events of a PostgreSQL that hold words, copied beside the page: the same answers, within bounds."""

import datetime as dt
import gc
from collections import Counter

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from events import narrowing
from events.copying import Copying
from events.drag import Bins
from events.engines import postgresql
from events.filters import EventFilter
from events.grid import CellKey
from events.store import EventStore
from tests.contract.brute import NUMBERS, TABLES, WANTED, ids, matching
from tests.contract.engines import PostgreSQL, several
from tests.events.samples import FIRST, NOTES, WORDS, checked

BOTH = [" ".join((a, b)) for a in WORDS[:4] for b in WORDS[:4]]
WITH_WORDS = st.builds(
    lambda wanted, words: EventFilter(**{**wanted.__dict__, "words": words}),
    WANTED,
    st.sampled_from([*WORDS, *NOTES, *BOTH]),
)
NASTY = "a \"quoted\", ev\ney\\\\N \r\n'one'"


@pytest.fixture(scope="module")
def own():
    """A server of this module's own, whose events are copied however few they are."""
    few = pytest.MonkeyPatch()
    few.setattr(Copying, "fewest_events", 0)
    made = PostgreSQL()
    yield made
    made.close()
    few.undo()


@pytest.fixture(scope="module")
def pairs(own):
    """Of each of TABLES: a store on the server, and one in memory."""
    return [(own.store(rows), EventStore.in_memory(checked(rows))) for rows in TABLES]


@pytest.fixture
def store(own):
    made = own.store(TABLES[9])
    assert made.total() == len(TABLES[9])
    return made


@pytest.fixture
def searches(store):
    """How often the server looked through its texts: for a question, or to copy what it found."""
    found = Counter(texts=0, copied=0)

    @sa.event.listens_for(store.engine, "before_cursor_execute")
    def count(_, __, statement, *___):
        found["texts"] += "search" in statement

    copy_out = postgresql.copy_out
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            postgresql,
            "copy_out",
            lambda server, query, path: (found.update(copied="search" in str(query)), copy_out(server, query, path)),
        )
        yield found


@several
@given(NUMBERS, WITH_WORDS)
def test_copied_events_answer_as_those_in_memory(pairs, number, wanted):
    theirs, ours = pairs[number]
    right = matching(TABLES[number], wanted)
    rows = theirs.rows(wanted, limit=1000)
    assert rows == ours.rows(wanted, limit=1000)
    assert sorted(ids(rows)) == sorted(ids(right))
    assert theirs.count(wanted) == len(right)
    assert theirs.look(wanted, (30, 20, 60, 50), 6, "week") == ours.look(wanted, (30, 20, 60, 50), 6, "week")
    assert theirs.extent(wanted) == ours.extent(wanted)
    assert theirs.bounds(wanted) == ours.bounds(wanted)
    assert ids(theirs.frame(wanted).to_dict("records")) == ids(ours.frame(wanted).to_dict("records"))
    for place in {0, len(rows) // 2, len(rows) - 1} & set(range(len(rows))):
        assert theirs.rank(wanted, rows[place]) == place
    for cell in theirs.cells(wanted, None, 4)[:3]:
        key = CellKey.parse(cell.key)
        assert theirs.count(wanted, key) == cell.n == len(theirs.rows(wanted, limit=1000, cell=key))
    if days := sorted({dt.date.fromisoformat(row["event_date"]) for row in TABLES[number]}):
        bins = Bins(days, "day")
        assert theirs.drag(wanted, None, 6, bins) == ours.drag(wanted, None, 6, bins)


def test_texts_are_looked_through_once_and_not_for_other_questions(store, searches):
    for days in range(5):
        store.look(EventFilter(words="shell", date_from=FIRST + dt.timedelta(days)), None, 6)
    store.rows(EventFilter(words="SHELL"))
    assert searches == {"copied": 1, "texts": 0}
    store.frame(EventFilter(words="shell"))  # whoever wants all of the events has to ask the server
    assert searches == {"copied": 1, "texts": 1}


def test_what_another_process_writes_is_found_when_it_is_known_and_its_names_with_it(own, store):
    wanted = EventFilter(words="shell")
    before = store.facets(wanted)
    # So many that all names are numbered anew.
    more = [
        row | {"event_id": f"new {n}", "place": f"A{n}", "place_id": "", "notes": "a shell"}
        for n, row in enumerate(TABLES[11])
    ]
    own.opened(store.engine.url.render_as_string(hide_password=False)).write(checked(more))
    same = EventStore.in_memory(checked(TABLES[9] + more))
    assert store.facets(wanted) == before
    other = EventFilter(words="a shell")  # copied at another moment than what was kept
    assert sorted(ids(store.rows(other, limit=1000))) == sorted(ids(same.rows(other, limit=1000)))
    store.forget()
    assert store.facets(wanted) == same.facets(wanted)
    assert store.cells(wanted, None, 6) == same.cells(wanted, None, 6)


def test_any_text_comes_over_as_it_is(own):
    rows = [row | {"event_id": f"{NASTY} {n}", "place": NASTY, "notes": "odd"} for n, row in enumerate(TABLES[5])]
    store, same = own.store(rows), EventStore.in_memory(checked(rows))
    wanted = EventFilter(words="odd")
    assert store.rows(wanted) == same.rows(wanted) != []
    assert store.look(wanted, None, 20) == same.look(wanted, None, 20)


@pytest.mark.parametrize("why", ["too many", "no folder", "a full disk"])
def test_what_cannot_be_copied_is_asked_of_the_server(store, searches, monkeypatch, tmp_path, why):
    if why == "too many":
        monkeypatch.setattr(Copying, "most_rows", 1)
    elif why == "a full disk":  # half a line

        def half(server, query, path):
            path.write_text("12,")

        monkeypatch.setattr(postgresql, "copy_out", half)
    else:
        monkeypatch.setattr(narrowing.tempfile, "tempdir", str(tmp_path / "not there"))
    wanted = EventFilter(words="shell")
    right = matching(TABLES[9], wanted)
    assert sorted(ids(store.rows(wanted, limit=1000))) == sorted(ids(right))
    assert store.count(wanted) == len(right)
    assert searches["texts"] == 2
    assert searches["copied"] == (1 if why == "too many" else 0)


def test_few_events_are_looked_through_where_they_are(store, searches, monkeypatch):
    monkeypatch.setattr(Copying, "fewest_events", len(TABLES[9]) + 1)
    assert store.count(EventFilter(words="shell")) == len(matching(TABLES[9], EventFilter(words="shell")))
    assert searches == {"copied": 0, "texts": 1}


def test_the_copies_go_with_the_store(own, monkeypatch, tmp_path):
    monkeypatch.setattr(narrowing.tempfile, "tempdir", str(tmp_path))
    store = EventStore(own.store(TABLES[5]).engine)
    store.count(EventFilter(words="shell"))
    assert [path.name.startswith("contact-line-words-") for path in tmp_path.iterdir()] == [True]
    del store
    gc.collect()
    assert list(tmp_path.iterdir()) == []
