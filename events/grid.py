"""The grid by which events are grouped for a map: Web-Mercator metres, a cell that follows the zoom (pure).

Axis order is x (east), y (north); EPSG:3857.
"""

import math
from dataclasses import dataclass

RADIUS = 6378137.0
HALF = math.pi * RADIUS
STEEPEST = 85.051129  # latitude at which the Web-Mercator square ends
TILE = 512  # pixels of the world's width at zoom 0 in MapLibre
CELL_PIXELS = 44  # a circle with a three-digit count and a little air
MOST_MARKS = 2000  # a screen of 1400 × 850 pixels holds some 1,200: one for places, one for areas in each cell


def to_mercator(lon: float, lat: float) -> tuple[float, float]:
    """Degrees (WGS84) to metres; latitudes beyond the square's edge are put on it."""
    lat = max(-STEEPEST, min(STEEPEST, lat))
    return math.radians(lon) * RADIUS, math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) * RADIUS


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Metres to (longitude, latitude) in degrees, WGS84."""
    return math.degrees(x / RADIUS), math.degrees(2 * math.atan(math.exp(y / RADIUS)) - math.pi / 2)


def pixel_size(zoom: float) -> float:
    """The side of a pixel of the map in Mercator metres."""
    return 2 * HALF / (TILE * 2**zoom)


@dataclass(frozen=True)
class Grid:
    """A grid of square cells; `level` is twice the map's zoom, in whole steps."""

    level: int

    @property
    def size(self) -> float:
        """The side of a cell in Mercator metres."""
        return pixel_size(self.level / 2) * CELL_PIXELS

    @classmethod
    def at(cls, zoom: float) -> "Grid":
        """The grid of a map's zoom."""
        return cls(max(0, min(44, math.floor(zoom * 2))))

    def coarser(self) -> "Grid":
        """The grid with cells of twice the side."""
        return Grid(max(0, self.level - 2))


@dataclass(frozen=True)
class CellKey:
    """Names one cell of one grid; `area` tells the marks of areas from those of exact places."""

    grid: Grid
    column: int
    row: int
    area: bool

    def __str__(self) -> str:
        return f"{self.grid.level}/{self.column}/{self.row}/{'area' if self.area else 'place'}"

    @classmethod
    def parse(cls, text: str) -> "CellKey":
        """Read what `str` wrote; ValueError when it is something else."""
        parts = text.split("/")
        if len(parts) != 4 or parts[3] not in {"area", "place"} or any(len(p) > 9 for p in parts):
            raise ValueError("names no cell of the map")
        level, column, row = (int(p) for p in parts[:3])
        if not 0 <= level <= 44:
            raise ValueError("names no cell of the map")
        return cls(Grid(level), column, row, parts[3] == "area")
