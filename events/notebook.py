"""One call for a notebook."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from events.filters import parse_filter
from events.sources import open_source

if TYPE_CHECKING:
    import geopandas as gpd

_KEYS = {"date_from": "from", "date_to": "to", "words": "q"}
_KNOWN = (
    "date_from",
    "date_to",
    "type",
    "subtype",
    "actor",
    "claimant",
    "place",
    "precision",
    "words",
    "bbox",
)


def load(
    source: str | Path | None = None, **wanted: str | dt.date | Iterable[str] | Iterable[float]
) -> "gpd.GeoDataFrame":
    """Events as a GeoDataFrame: one row a claimant's word, point geometry (EPSG:4326), None without a place.

    `source` is nothing (the shipped events), a file or a database URL. Filters, each a value or several:
    `date_from`, `date_to` (both included), `type`, `subtype`, `actor` (either side, any of its names),
    `claimant`, `place` (any name, any script), `precision`, `words`, `bbox` (west, south, east, north; degrees).

    Raises SourceError when the source cannot be used, TypeError for a filter of another name and ValueError,
    naming each, for values that cannot be used.
    """
    if unknown := sorted(set(wanted) - set(_KNOWN)):
        raise TypeError(f"no filter is named {', '.join(unknown)}; filters are {', '.join(_KNOWN)}")
    store = open_source(str(source) if source is not None else None).store
    query = {_KEYS.get(name, name): _texts(name, value) for name, value in wanted.items()}
    parsed, problems = parse_filter(query, store.vocabulary())
    if problems:
        raise ValueError("; ".join(str(p) for p in problems))
    return store.load(parsed)


def _texts(name: str, value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dt.date):
        return [value.isoformat()[:10]]
    if not isinstance(value, Iterable):
        raise TypeError(f"{name} takes text or several texts, not {type(value).__name__}")
    parts = [str(v) for v in value]
    return [",".join(parts)] if name == "bbox" else parts
