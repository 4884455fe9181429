"""The same answers on every engine, cubes or no cubes: `python -m tests.bench.equal --rows 10000 --filters 10000`."""

import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from rich.progress import track

from events.filters import BBox, EventFilter
from events.importing import import_file
from events.plan import FACTS
from events.store import EventStore
from tests.bench.filters import Drawn
from tests.bench.made import make_events
from tests.contract.engines import KINDS, new


def twin(store: EventStore, *, cubes: bool) -> EventStore:
    """The same store, asking its cubes wherever they can answer, or never."""
    made = EventStore(store.engine, store.codebook, store.gazetteer)
    contents = made._contents()
    known = contents.known
    # Cubes that seem empty are always the cheapest; those that are not named are not there.
    sizes = {name: size if name == FACTS else {} for name, size in known.sizes.items() if cubes or name == FACTS}
    made._read = contents._replace(known=known._replace(sizes=sizes))
    return made


def twins(store: EventStore, name: str) -> dict[str, EventStore]:
    """Both of them by what they are called; one where the engine keeps no cubes."""
    if set(store._contents().known.sizes) == {FACTS}:
        return {name: store}
    return {f"{name}, cubes": twin(store, cubes=True), f"{name}, no cubes": twin(store, cubes=False)}


def answers(store: EventStore, wanted: EventFilter, view: BBox, zoom: float, unit: str) -> tuple[Any, ...]:
    """All that a page and the API would ask."""
    look = store.look(wanted, view, zoom, unit)
    rows = [event["event_id"] for event in store.rows(wanted, limit=10)]
    return (*look, rows, store.count(wanted), store.bounds(wanted), store.extent(wanted, view))


def differing(stores: Mapping[str, EventStore], filters: Iterable[int], seed: int) -> str | None:
    """The first filter for which the answers differ, and where; None where none does."""
    drawn = Drawn(next(iter(stores.values())), seed)
    for _ in filters:
        wanted, (view, zoom) = drawn.filter(), drawn.view()
        unit = drawn.rng.choice(("day", "week", "month", "year", "decade"))
        given = {}
        for name, store in stores.items():
            store._answers.forget()
            given[name] = answers(store, wanted, view, zoom, unit)
        first = next(iter(given))
        for name, answer in given.items():
            if answer != given[first]:
                return f"{name} differs from {first}: {wanted}, the map at {view}, {zoom}, by the {unit}"
    return None


def main() -> None:
    """Compare, and say so; status 1 where an answer differs."""
    parser = ArgumentParser("python -m tests.bench.equal", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--filters", type=int, default=10_000)
    parser.add_argument("--engines", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(folder) / "events.parquet"
        make_events(path, given.rows, given.seed)
        stores: dict[str, EventStore] = {}
        for name in given.engines:
            engine = new(name, Path(folder))
            store = stack.enter_context(closing(engine)).opened(engine.address())
            import_file(store, path)
            stores |= twins(store, name)
        found = differing(stores, track(range(given.filters)), given.seed)
    if found:
        sys.exit(found)
    print(  # noqa: T201
        f"{given.filters} filters, seed {given.seed}, {given.rows} events: the same answers by {'; '.join(stores)}"
    )


if __name__ == "__main__":
    main()
