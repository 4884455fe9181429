"""Filters as users set them, drawn with a seed from what a store holds."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from typing import Any

from events.filters import BBox, EventFilter
from events.store import EventStore

SPANS = (3, 7, 30, 90, 365, 3 * 365, 6 * 365)  # days that a slider is set to
WORDS = ("shelling", "drones", "convoys", "ministry said", "delegations", "residents", "gor", "fired on")


class Drawn:
    """Draws parts of filters; what is common in the store is common here."""

    def __init__(self, store: EventStore, seed: int) -> None:
        self.rng = random.Random(seed)
        self._facets = store.facets(EventFilter())
        self._first, self._last = (dt.date.fromisoformat(day) for day in store.span() or ("2020-01-01", "2020-01-01"))
        self._bounds = store.bounds() or (-180.0, -85.0, 180.0, 85.0)
        self.parts: dict[str, Callable[[], dict[str, Any]]] = {
            "dates": self._dates,
            **{name: lambda name=name: self._chosen(name) for name in self._facets},  # type: ignore[misc]
            "bbox": lambda: {"bbox": self.view()[0]},
            "words": lambda: {"words": self.rng.choice(WORDS)},
        }

    def _dates(self) -> dict[str, Any]:
        length = self.rng.choice(SPANS)
        start = self._first + dt.timedelta(self.rng.randrange(-2, max(1, (self._last - self._first).days)))
        ends = {"date_from": start, "date_to": start + dt.timedelta(length)}
        return ends if self.rng.random() < 0.8 else dict([self.rng.choice(list(ends.items()))])

    def _chosen(self, name: str) -> dict[str, Any]:
        """One to three values of a facet by a heavy tail."""
        values = [value for value, _ in self._facets[name]]
        if not values:
            return {}
        places = [int(self.rng.paretovariate(0.7)) - 1 for _ in range(self.rng.choice((1, 1, 2, 3)))]
        return {name: tuple(dict.fromkeys(values[min(place, len(values) - 1)] for place in places))}

    def view(self) -> tuple[BBox, float]:
        """Where a map of 1000 × 500 pixels may look, and its zoom: mostly at the whole, sometimes at a town."""
        zoom = self.rng.choice((3.0, 3.5, 4.0, 5.0, 6.5, 8.0, 10.0))
        wide = 360 / 512 * 1000 / 2**zoom
        west, south, east, north = self._bounds
        lon, lat = self.rng.uniform(west, east), self.rng.uniform(south, north)
        low, high = max(-85.0, lat - wide / 4), min(85.0, lat + wide / 4)
        return (max(-180.0, lon - wide / 2), low, min(180.0, lon + wide / 2), high), zoom

    def filter(self, most: int = 3) -> EventFilter:
        """A filter of up to so many parts."""
        names = self.rng.sample(list(self.parts), self.rng.randint(0, most))
        return EventFilter(**{k: v for name in names for k, v in self.parts[name]().items()})

    def changes(self) -> Iterator[tuple[EventFilter, BBox, float]]:
        """What one user asks for, change by change: mostly dates, the map's view or a choice, now and then words."""
        parts: dict[str, Any] = {}
        view, zoom = self.view()
        choices = [name for name in self.parts if name not in {"dates", "bbox", "words"}]
        while True:
            match self.rng.choices(("dates", "view", "choice", "words", "all"), (50, 18, 20, 4, 8))[0]:
                case "dates":
                    parts = {k: v for k, v in parts.items() if k not in {"date_from", "date_to"}} | self._dates()
                case "view":
                    view, zoom = self.view()
                case "choice":
                    parts |= self._chosen(self.rng.choice(choices))
                case "words":
                    parts["words"] = self.rng.choice(WORDS)
                case _:
                    parts = {}
            yield EventFilter(**parts), view, zoom
