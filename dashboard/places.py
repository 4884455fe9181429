"""Places as the page needs them: names in the chosen language, where to look at first (pure over the store)."""

import math
from dataclasses import replace

from dashboard.figures.map import Selected, selected_of
from dashboard.layout.parts import PlaceName
from dashboard.state import View
from events.filters import BBox, EventFilter, Vocabulary
from events.grid import HALF, pixel_size, to_degrees, to_mercator
from events.store import EventStore, Row
from geodata.gazetteer import Match

# The theatre of the war, from Yerevan to the Kura: where the page looks unless the data lie elsewhere.
THEATRE: BBox = (44.3, 38.4, 48.2, 41.3)
THEATRE_VIEW = View(39.85, 46.55, 7.6)
WORLD = View(25.0, 20.0, 1.2)
NARROWER = 0.8  # on a phone as much lower a zoom shows as much of the land


def namer(vocabulary: Vocabulary, language: str) -> PlaceName:
    """How a place is named in a language: by the gazetteer, else as the data name it."""

    def name(key: str, as_given: str) -> str:
        place = vocabulary.gazetteer.get(key)
        if place is None:
            return vocabulary.places.get(key, as_given) or as_given
        return place.name(language)

    return name


def remark(match: Match, *more: str) -> str:
    """What tells a found place from its namesakes: why it was found, where it lies, and whatever else is said of it."""
    return " · ".join(part for part in (match.reason, match.place.where, *more) if part)


def home_views(store: EventStore) -> tuple[View, View]:
    """Where the page looks first, on a wide screen and on a phone.

    It is the theatre when a third of the placed events lie there, else all of them.
    """
    bounds = store.bounds()
    if bounds is None or 3 * store.count(EventFilter(bbox=THEATRE)) >= store.count_placed():
        wide = THEATRE_VIEW
    else:
        wide = fit(bounds)
    return wide, replace(wide, zoom=round(max(0.0, wide.zoom - NARROWER), 2))


def selected(event: Row | None, vocabulary: Vocabulary) -> Selected | None:
    """What the map draws of the selected event; None when it has no place."""
    place = vocabulary.gazetteer.get(event["place_id"]) if event else None
    return selected_of(event, place.radius_km if place else 0.0)


def seen(view: View, width: float, height: float) -> BBox:
    """What a map of so many pixels shows of a view without a turn, in degrees (WGS84); at most the whole world."""
    x, y = to_mercator(view.lon, view.lat)
    pixel = pixel_size(view.zoom)
    across, high = width / 2 * pixel, height / 2 * pixel
    if across >= HALF:
        return -180.0, to_degrees(0, y - high)[1], 180.0, to_degrees(0, y + high)[1]
    (west, south), (east, north) = to_degrees(x - across, y - high), to_degrees(x + across, y + high)
    return (west + 180) % 360 - 180, south, (east + 180) % 360 - 180, north


def fit(bounds: BBox, width: float = 700, height: float = 500) -> View:
    """The view that shows `bounds` (degrees, WGS84) on a map of about `width` × `height` pixels."""
    west, south, east, north = bounds
    lon = (west + east) / 2 if west <= east else ((west + east + 360) / 2 + 180) % 360 - 180
    span = max((east - west) % 360 if (west, east) != (-180, 180) else 360.0, 0.05)
    tall = max(north - south, 0.05)
    zoom = min(math.log2(width * 360 / 512 / span), math.log2(height * 180 / 512 / tall)) - 0.3
    return View(round((south + north) / 2, 4), round(lon, 4), round(max(0.5, min(10.0, zoom)), 2))
