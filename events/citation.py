"""What a selection is and where it is from, for whoever cites it or has to state how it was made."""

import datetime as dt
import hashlib
import io
from typing import Any

import pandas as pd
import pyarrow.compute as pc

from events.filters import EventFilter
from events.formats import ATTRIBUTIONS, table
from events.schema import EXTRA
from events.tables import stamps
from events.texts import arrow

MOST_PUBLISHERS = 200
LAST_STAMP = 2**32  # seconds since 1970: beyond 2106 stands no moment

CAVEATS = (
    "A row is one claimant's word on one happening; it does not say that the thing happened.",
    "Several sides' words on one happening are several rows: rows or killed must not be added up across them.",
    "geo_precision 2 and 3: the coordinates are those of a district or region, not of the event.",
)


def cite(frame: pd.DataFrame, wanted: EventFilter, source: str, at: dt.datetime) -> dict[str, Any]:
    """The citation of a selection: source, filters, rows, days, time of access (UTC), hash of the data, caveats.

    The hash is SHA-256 of the selection as this project's CSV: the same events give the same hash. Rows that came from
    a dataset that asks to be named (told by EXTRA, where the frame has it) are named with what its terms ask for.
    """
    out = io.BytesIO()
    table.write(frame, out)
    days = [frame["event_date"].min().date(), frame["event_end"].max().date()] if len(frame) else []
    return {
        "title": "Contact Line: armed-conflict events",
        "source": source,
        "publishers": _publishers(frame["source"]),
        "filters": [list(pair) for pair in wanted.to_query()],
        "rows": len(frame),
        "days": [day.isoformat() for day in days],
        "accessed": at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sha256": hashlib.sha256(out.getvalue()).hexdigest(),
        "datasets": _datasets(frame),
        "caveats": list(CAVEATS),
    }


def _publishers(source: pd.Series) -> list[str]:
    """Those named most often, in the order of the alphabet."""
    often = source[source != ""].value_counts().head(MOST_PUBLISHERS)
    return sorted(map(str, often.index))


def _datasets(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The datasets that rows came from and that ask to be named, with what their terms ask for."""
    if EXTRA not in frame:
        return []
    found = pc.extract_regex(arrow(frame[EXTRA]), r'^\{"format": "(?P<name>[a-z]+)"')
    names = pc.struct_field(found, "name").to_pandas()
    return [_dataset(name, frame[EXTRA][(names == name).to_numpy()]) for name in ATTRIBUTIONS if (names == name).any()]


def _dataset(name: str, rows: pd.Series) -> dict[str, Any]:
    asked = ATTRIBUTIONS[name]
    newest = int(stamps(rows).max())
    revised = dt.datetime.fromtimestamp(newest, dt.UTC).date().isoformat() if 0 < newest < LAST_STAMP else ""
    told = {"dataset": asked.dataset, "rows": len(rows), "cite": asked.cite, "changed": asked.changed}
    return told | ({"newest_revision": revised} if revised else {}) | {"terms": asked.terms}
