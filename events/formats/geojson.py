"""GeoJSON (RFC 7946): points as they are; a line or an area keeps a representative point."""

import json
import re
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from events.errors import SourceError, said
from events.formats.reading import Unpacked, names_of
from events.schema import NAMES, outgoing

LARGEST = 1 * 2**30  # bytes: a document is read whole, and takes several times its size


def document(source: Unpacked) -> Any:
    """The JSON document of a file. Raises SourceError when it is none."""
    if source.path.stat().st_size > LARGEST:
        raise SourceError("the document is larger than 1 GB", source.name, "Save it as CSV or GeoParquet.")
    try:
        return json.loads(source.path.read_text("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise SourceError(f"byte {fault.start + 1} is not UTF-8", source.name, "Save it in UTF-8.") from None
    except (ValueError, RecursionError) as fault:
        raise SourceError(f"it is not whole JSON ({said(fault)})", source.name, "Export the file again.") from None


def read(source: Unpacked) -> pd.DataFrame:
    """Read a FeatureCollection as text; coordinates come from the geometry (longitude, latitude; WGS84)."""
    found = document(source)
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise SourceError(
            "it holds no list of features", source.name, "A GeoJSON file of events is a FeatureCollection."
        )
    if not features:
        return pd.DataFrame({n: pd.Series(dtype="str") for n in NAMES})
    frame = pd.DataFrame([_row(feature) for feature in features], dtype="str").fillna("")
    return frame.set_axis(names_of(frame.columns), axis=1)


def _row(feature: Any) -> dict[str, str]:
    if not isinstance(feature, dict):
        return {}
    properties = feature.get("properties")
    row = {_text(k): _text(v) for k, v in properties.items()} if isinstance(properties, dict) else {}
    point = _point(feature.get("geometry"))
    if point is not None:
        row["longitude"], row["latitude"] = (_text(v) for v in point)
    return row


_UNREADABLE = ("not", "readable")  # the row is then set aside by the rules of the table, with this value


def _point(geometry: Any) -> tuple[Any, Any] | None:
    if not isinstance(geometry, dict):
        return None
    if geometry.get("type") == "Point":
        position = geometry.get("coordinates")
        if position == []:
            return None
        return (position[0], position[1]) if isinstance(position, list) and len(position) >= 2 else _UNREADABLE
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415
    from shapely.errors import ShapelyError  # noqa: PLC0415
    from shapely.geometry import shape  # noqa: PLC0415

    try:
        with np.errstate(all="ignore"):
            whole = shape(geometry)
            inside = whole.representative_point()
    except (ShapelyError, ArithmeticError, ValueError, TypeError, LookupError, AttributeError):
        return _UNREADABLE
    if not np.isfinite(shapely.get_coordinates(whole)).all():
        return _UNREADABLE
    return None if inside.is_empty else (inside.x, inside.y)


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # JSON may hold half a character ("\ud800"), which is none.
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_CITED = re.compile(r'"citation":\s*(?=\{)')


def cited(source: Unpacked) -> object:
    """The member `citation` where the file begins with it, as ours do."""
    head = source.head.decode("utf-8-sig", "replace")
    found = _CITED.search(head.partition('"features"')[0])
    try:
        return json.JSONDecoder().raw_decode(head, found.end())[0] if found else None
    except (ValueError, RecursionError):
        return None


def write(frame: pd.DataFrame, out: BinaryIO, citation: Mapping[str, Any] | None = None) -> None:
    """Write events as a FeatureCollection; an event without a place has a null geometry.

    The citation is a member of the document, as RFC 7946 (6.1) allows.
    """
    out.write(b'{"type": "FeatureCollection", ')
    if citation is not None:
        out.write(b'"citation": ' + json.dumps(citation, ensure_ascii=False).encode() + b",\n")
    out.write(b'"features": [')
    names = outgoing(frame)
    for n, values in enumerate(frame[names].itertuples(index=False, name=None)):
        out.write(b",\n" if n else b"\n")
        feature = _feature(dict(zip(names, values, strict=True)))
        out.write(json.dumps(feature, ensure_ascii=False).encode())
    out.write(b"\n]}\n")


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    plain = {k: _value(v) for k, v in row.items()}
    lon, lat = plain["longitude"], plain["latitude"]
    geometry = None if lon is None else {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": plain["event_id"], "geometry": geometry, "properties": plain}


def _value(value: Any) -> Any:
    if value is None or bool(pd.isna(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if isinstance(value, np.generic) else value  # numpy's numbers are not JSON's
