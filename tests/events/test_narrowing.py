"""Words: the events that hold them are looked for once, and kept within bounds."""

import gc
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from events import narrowing
from events.filters import EventFilter
from events.schema import NAMES
from events.store import EventStore
from tests.events.samples import checked

NOTES = ("Shelling of a bridge", "A bridge was closed", "Talks on the road", "Shelling of the road", "A quiet day")
EVENTS = [
    dict.fromkeys(NAMES, "")
    | {"event_id": f"e{n}", "event_date": f"2020-10-0{n + 1}", "event_type": "Battles", "notes": notes}
    for n, notes in enumerate(NOTES)
]


@pytest.fixture
def store() -> EventStore:
    return EventStore.in_memory(checked(EVENTS))


@pytest.fixture
def searches(store: EventStore) -> Counter[str]:
    """How often the texts were looked through."""
    found: Counter[str] = Counter()

    @sa.event.listens_for(store.engine, "before_cursor_execute")
    def count(_: object, __: object, statement: str, *___: object) -> None:
        found["texts"] += "search" in statement
        found["dropped"] += "DROP TABLE" in statement

    return found


def ids(store: EventStore, words: str) -> list[str]:
    return sorted(row["event_id"] for row in store.rows(EventFilter(words=words)))


def test_the_texts_are_looked_through_once(store: EventStore, searches: Counter[str]) -> None:
    assert ids(store, "bridge") == ["e0", "e1"]
    assert store.count(EventFilter(words="bridge", types=("Battles",))) == 2
    assert store.totals(EventFilter(words="bridge")).matched == 2
    assert ids(store, "  BRIDGE ") == ["e0", "e1"]
    assert searches["texts"] == 1
    assert ids(store, "shelling road") == ["e3"]
    assert searches["texts"] == 2


def test_what_is_written_is_found(store: EventStore, searches: Counter[str]) -> None:
    assert ids(store, "bridge") == ["e0", "e1"]
    store.write(checked([EVENTS[4] | {"event_id": "e9", "notes": "The bridge again"}]))
    assert ids(store, "bridge") == ["e0", "e1", "e9"]
    assert searches["texts"] >= 2


def test_more_than_can_be_kept_is_found_all_the_same(
    store: EventStore, searches: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "MOST_ROWS", 1)
    assert ids(store, "shelling") == ["e0", "e3"]
    assert searches["texts"] == 2  # to keep them, in vain, and to answer
    assert ids(store, "quiet") == ["e4"]


def test_the_least_lately_used_goes(store: EventStore, searches: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing, "MOST_ROWS", 4)
    monkeypatch.setattr(narrowing, "GRACE", 0.0)
    for words in ("bridge", "shelling", "bridge", "road", "bridge"):
        ids(store, words)
    assert searches == {"texts": 3, "dropped": 1}
    assert ids(store, "shelling") == ["e0", "e3"]
    assert searches["texts"] == 4


def test_its_file_goes_with_the_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(narrowing.tempfile, "tempdir", str(tmp_path))
    own = EventStore.in_memory(checked(EVENTS))
    ids(own, "bridge")
    assert [path.name.startswith("contact-line-words-") for path in tmp_path.iterdir()] == [True]
    own.engine.dispose()
    del own
    gc.collect()
    assert list(tmp_path.iterdir()) == []
