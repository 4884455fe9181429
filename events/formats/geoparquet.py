"""GeoParquet 1.1 (and plain Parquet with this project's columns)."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import pandas as pd

from events.errors import SourceError, said
from events.formats.reading import Unpacked, names_of
from events.frames import as_geodataframe
from events.schema import outgoing

MEDIA_TYPE = "application/vnd.apache.parquet"
ROWS = 100_000  # read at once


def chunks(source: Unpacked) -> Iterator[pd.DataFrame]:
    """The columns as text; a geometry column stands for latitude and longitude only where these are missing."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        file = pq.ParquetFile(source.path)
        geometry = geometry_of(file, source)
        at = 0
        for batch in (
            file.iter_batches(batch_size=ROWS) if file.metadata.num_rows else [file.schema_arrow.empty_table()]
        ):
            yield as_frame(batch, geometry, at)
            at += batch.num_rows
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError, NotImplementedError) as fault:
        if isinstance(fault, SourceError):
            raise
        raise SourceError(f"it is not whole Parquet ({said(fault)})", source.name, "Export it again.") from None


def geometry_of(file: Any, source: Unpacked) -> str:
    """The name of the column of geometry. Raises SourceError where it is not in degrees, WGS84."""
    try:
        meta = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
        name = str(meta.get("primary_column", "geometry"))
        system = meta.get("columns", {}).get(name, {}).get("crs") or {}
        known = system.get("id", {"code": 4326})
        code = f"{known.get('authority', 'EPSG')}:{known.get('code')}"
    except (ValueError, AttributeError, RecursionError):
        return "geometry"
    if code not in ("EPSG:4326", "OGC:CRS84"):
        raise SourceError(f"its geometry is in {code[:40]!r}", source.name, "Export it in WGS84 (EPSG:4326).")
    return name


def as_frame(batch: Any, geometry: str, at: int) -> pd.DataFrame:
    """A piece of a file as text; its rows are numbered from `at`."""
    names = names_of(batch.schema.names)
    frame: pd.DataFrame = batch.rename_columns(names).to_pandas(ignore_metadata=True)
    frame.index = pd.RangeIndex(at, at + len(frame))
    if geometry in frame and "latitude" not in frame:
        frame = frame.join(_coordinates(frame[geometry]))
    return pd.DataFrame({str(n): _text(frame[n]) for n in frame.columns if n != geometry}, index=frame.index)


def _coordinates(geometry: pd.Series) -> pd.DataFrame:
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    wkb = [value if isinstance(value, bytes | str) else None if value is None else b"" for value in geometry]
    with np.errstate(all="ignore"):
        shapes = shapely.from_wkb(wkb, on_invalid="ignore")
        shapes = np.where(shapely.is_empty(shapes) | np.isfinite(shapely.bounds(shapes)).all(axis=1), shapes, None)
        points = _inside(shapes)
    unreadable = geometry.notna().to_numpy() & shapely.is_missing(shapes)
    found = pd.DataFrame({"longitude": shapely.get_x(points), "latitude": shapely.get_y(points)}, index=geometry.index)
    found = found.astype("object")
    # What is no geometry is set aside by the rules of the table, with this value.
    found.loc[unreadable] = "not readable"
    return found


def _inside(shapes: Any) -> Any:
    """A point of each shape; none where GEOS finds none."""
    import shapely  # noqa: PLC0415
    from shapely.errors import ShapelyError  # noqa: PLC0415

    try:
        return shapely.point_on_surface(shapes)
    except ShapelyError:
        for n, shape in enumerate(shapes):
            try:
                shapely.point_on_surface(shape)
            except ShapelyError:
                shapes[n] = None  # set aside as unreadable
        return shapely.point_on_surface(shapes)


def _text(column: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(column):
        days: pd.Series = column.dt.strftime("%Y-%m-%d")
        moments = column.dt.strftime("%Y-%m-%dT%H:%M:%S%z")
        return days.where(column == column.dt.normalize(), moments).fillna("").astype("str")
    if pd.api.types.is_float_dtype(column):
        # A column of whole numbers with gaps is decimal in many files: 3.0 is 3.
        whole = column.dropna()
        if len(whole) and (whole == whole.round()).all() and (whole.abs() < 2**53).all():
            column = column.astype("Int64")
    column = column.astype("object").where(column.notna(), "")
    return column.map(lambda v: v.decode("utf-8", "replace") if isinstance(v, bytes) else v).astype("str")


CITATION = b"citation"  # in the file's metadata


def cited(source: Unpacked) -> object:
    """The citation in the file's metadata."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        return json.loads((pq.read_schema(source.path).metadata or {}).get(CITATION, b"null"))
    except (pa.ArrowException, OSError, ValueError, RecursionError):
        return None


def write(frame: pd.DataFrame, out: BinaryIO, citation: Mapping[str, Any] | None = None) -> None:
    """Write events as GeoParquet 1.1, points in EPSG:4326; an event without a place has no geometry."""
    whole = as_geodataframe(frame[outgoing(frame)])
    options: dict[str, Any] = {"index": False, "schema_version": "1.1.0", "compression": "zstd"}
    if citation is None:
        whole.to_parquet(out, **options)
        return
    import pyarrow.parquet as pq  # noqa: PLC0415

    made = io.BytesIO()
    whole.to_parquet(made, **options)
    table = pq.read_table(made)
    told = {**(table.schema.metadata or {}), CITATION: json.dumps(citation, ensure_ascii=False).encode()}
    pq.write_table(table.replace_schema_metadata(told), out, compression="zstd")
