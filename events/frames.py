"""Events as a frame of pandas, and as a GeoDataFrame."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from events.schema import COLUMNS, EXTRA

if TYPE_CHECKING:
    import geopandas as gpd


def typed_frame(rows: Sequence[Sequence[Any]], names: Sequence[str]) -> pd.DataFrame:
    """A frame of rows whose columns are named, each of the type that its column of the table has."""
    frame = pd.DataFrame(rows, columns=list(names))
    dtypes = {
        "text": "str",
        "moment": "str",
        "integer": "Int64",
        "decimal": "float64",
        "day": "datetime64[s]",
    }
    kinds = {EXTRA: "text", **{c.name: c.kind for c in COLUMNS}}
    return frame.astype({name: dtypes[kinds[name]] for name in names})


def as_geodataframe(frame: pd.DataFrame) -> "gpd.GeoDataFrame":
    """A frame of events with point geometry (x = longitude, y = latitude, EPSG:4326)."""
    # Imported here: a worker that only serves the page stays some 60 MB smaller.
    import geopandas as gpd  # noqa: PLC0415

    points = gpd.points_from_xy(frame["longitude"], frame["latitude"], crs="EPSG:4326")
    geometry = gpd.GeoSeries(points, index=frame.index, crs="EPSG:4326").where(frame["latitude"].notna(), None)
    return gpd.GeoDataFrame(frame, geometry=geometry, crs="EPSG:4326")
