import random

import pytest
import sqlalchemy as sa

from events.cubes import CUBES
from events.filters import EventFilter
from events.formats import read
from events.schema import check
from events.store import EventStore
from events.tables import facts
from tests.bench.equal import answers, differing, twins
from tests.bench.filters import Drawn
from tests.bench.made import make_events
from tests.events.samples import checked, random_rows

ROWS = 6000


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Life-like events, typed."""
    path = tmp_path_factory.mktemp("made") / "events.parquet"
    make_events(path, ROWS, seed=7)
    found = check(read(path)[1], "made up")
    assert found.rejected.empty
    return found.accepted


@pytest.fixture(scope="module")
def whole(made):
    """They in one writing."""
    return EventStore.in_memory(made)


def test_the_same_seed_makes_the_same_events(tmp_path):
    paths = [tmp_path / name for name in ("one.parquet", "other.parquet")]
    for path in paths:
        make_events(path, 500, seed=3)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_the_answers_are_the_same_with_cubes_and_without(whole):
    # Ten thousand filters: python -m tests.bench.equal.
    assert differing(twins(whole, "DuckDB"), range(60), seed=11) is None


def test_a_difference_would_be_found(made):
    store = EventStore.in_memory(made)
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE by_spot SET n = n + 1 WHERE period = 0"))
    assert differing(twins(store, "DuckDB"), range(60), seed=11) is not None


@pytest.mark.parametrize("pieces", [2, 9])
def test_events_that_come_in_pieces_are_counted_as_in_one(made, whole, pieces):
    store = EventStore.in_memory(made.iloc[:0])
    order = made.sample(frac=1, random_state=pieces)
    size = len(made) // pieces + 1
    for at in range(0, len(made), size):
        store.write(order.iloc[at : at + size].reset_index(drop=True))
    assert same(store, whole)
    assert differing(twins(store, "DuckDB"), range(20), seed=pieces) is None


def same(one, other, filters=25):
    drawn = Drawn(other, seed=5)
    for _ in range(filters):
        wanted, (view, zoom) = drawn.filter(), drawn.view()
        if answers(one, wanted, view, zoom, "month") != answers(other, wanted, view, zoom, "month"):
            return False
    return True


def test_a_replaced_event_is_counted_as_it_is_now(made, whole):
    rng = random.Random(4)
    late = made.sample(n=200, random_state=4).reset_index(drop=True)
    before = late.assign(
        event_type="Riots",
        sub_event_type="Mob violence",
        place="Elsewhere",
        place_id="",
        latitude=rng.uniform(-60, 60),
        longitude=rng.uniform(-170, 170),
        actor1="Nobody at all",
        claimant="Nobody at all",
    )
    held = made[~made["event_id"].isin(late["event_id"])].reset_index(drop=True)
    store = EventStore.in_memory(held)
    assert store.write(before).added == 200
    assert store.count(EventFilter(actors=("Nobody at all",))) == 200
    assert store.write(late).replaced == 200
    assert same(store, whole)
    assert differing(twins(store, "DuckDB"), range(20), seed=2) is None
    known = store.vocabulary()
    assert "Nobody at all" not in known.actors | known.claimants
    assert "Elsewhere" not in known.places


def test_what_is_counted_adds_up_to_the_events(whole):
    with whole.engine.connect() as connection:
        for cube in CUBES[:3]:
            for period in (
                cube.c.period == 0,
                (cube.c.period % 100 == 0) & (cube.c.period > 0),
                cube.c.period % 100 > 0,
            ):
                assert connection.execute(sa.select(sa.func.sum(cube.c.n)).where(period)).scalar_one() == ROWS
        assert connection.execute(sa.select(sa.func.sum(CUBES[3].c.n))).scalar_one() == ROWS


def test_facts_are_in_order_of_days_after_a_large_writing():
    store = EventStore.in_memory(checked(random_rows(3, 50)))
    store.write(checked(random_rows(4, 400)))
    with store.engine.connect() as connection:
        found = connection.execute(sa.select(facts.c.day, facts.c.event_id)).all()
    assert found == sorted(found)
