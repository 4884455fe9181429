"""What the browser needs to follow a handle of the date slider while it is dragged, as plain values (pure).

The shape, with bins, types and marks by their place in these lists:

    {
      "bins": [["2020-09-27", "2020-09-27"], …],    the slots of the slider: first and last day, both included
      "types": [["Battles", "#872054", "×"], …],    name, colour and sign
      "total": 12345,                               events in the store
      "matched": [[type, begun, carried], …],       all that matches the filter, its dates left open
      "cells": [[key, lon, lat, area, [[type, begun, carried], …]], …]
    }

`begun` is [gap, n, gap, n, …]: n events began in the bin that is `gap` after the one before (the first: after -1).
`carried` is [since, until, n, …]: n events began in the bin `since` and lasted into the later bin `until`.
`cells` are the marks of the view: `area` is 1 for areas and 0 for exact places; lon and lat, in degrees (WGS84), are
the mean position of all its events, whatever the day.

What matches the bins from i to j, both included, is the sum of n over `begun` with i ≤ bin ≤ j, and over `carried` with
since < i ≤ until. It is exactly what the server counts for the days from the first of bin i to the last of bin j.
"""

from collections.abc import Mapping
from typing import Any

from dashboard import palette
from dashboard.timescale import TimeScale
from events.drag import Bins, Counts, Drag


def bins_of(scale: TimeScale) -> Bins:
    """The slots of a slider, as the store asks for them."""
    return Bins([slot.first for slot in scale.slots], scale.unit)


def packed(drag: Drag, scale: TimeScale, total: int) -> dict[str, Any]:
    """The answer in the shape above."""
    types = sorted({*drag.matched, *(kind for cell in drag.cells for kind in cell.types)})
    number = {kind: n for n, kind in enumerate(types)}
    return {
        "bins": [[slot.first.isoformat(), slot.last.isoformat()] for slot in scale.slots],
        "types": [[name, *palette.mark(name)[:2]] for name in types],
        "total": total,
        "matched": _by_type(drag.matched, number),
        "cells": [[c.key, c.lon, c.lat, int(c.area), _by_type(c.types, number)] for c in drag.cells],
    }


def _by_type(types: Mapping[str, Counts], number: Mapping[str, int]) -> list[list[Any]]:
    return [[number[kind], _gaps(types[kind].begun), _flat(types[kind].carried)] for kind in sorted(types)]


def _gaps(begun: Mapping[int, int]) -> list[int]:
    flat: list[int] = []
    before = -1
    for at in sorted(begun):
        flat += (at - before, begun[at])
        before = at
    return flat


def _flat(carried: Mapping[tuple[int, int], int]) -> list[int]:
    return [value for ends in sorted(carried) for value in (*ends, carried[ends])]
