"""The histogram over the date slider: what matches, by slot of the scale, stacked by type (pure)."""

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from dashboard import palette, words
from dashboard.timescale import Slot, TimeScale
from events.codebook import load_codebook
from events.store import DayCount

TICK_WIDTH = 92  # pixels that a tick's words take with some air
BAR_MARGINS = 60
_PATTERN = {"fillmode": "overlay", "fgcolor": "#ffffff", "fgopacity": 0.3, "size": 6, "solidity": 0.25}


def figure(
    scale: TimeScale,
    counts: Sequence[DayCount],
    chosen: tuple[dt.date | None, dt.date | None],
    theme: str,
    width: int = 1200,
) -> dict[str, Any]:
    """Bars stacked by type; slots outside the chosen days are pale. The x axis counts slots, not days.

    `width` is the figure's width in pixels: as many ticks as have room.
    """
    colours = palette.THEMES[theme]
    table = count_by_slot(scale, counts)
    inside = [_inside(slot, *chosen) for slot in scale.slots]
    hover = [_slot_text(slot, scale.unit) for slot in scale.slots]
    data = [
        {
            "type": "bar",
            "name": kind,
            "x": [n for n, count in enumerate(table[kind]) if count],
            "y": [count for count in table[kind] if count],
            "customdata": [hover[n] for n, count in enumerate(table[kind]) if count],
            "hovertemplate": "%{customdata}<br>%{y} " + kind + "<extra></extra>",
            "marker": {
                "color": palette.mark(kind).colour,
                "opacity": [1.0 if inside[n] else 0.25 for n, count in enumerate(table[kind]) if count],
                "pattern": _PATTERN | {"shape": palette.mark(kind).pattern},
                "line": {"width": 0},
            },
        }
        for kind in table
    ]
    return {"data": data, "layout": _layout(scale, colours, width)}


def count_by_slot(scale: TimeScale, counts: Sequence[DayCount]) -> dict[str, list[int]]:
    """Type → count in each slot, types in the codebook's order; types without events are left out."""
    table: dict[str, list[int]] = {}
    for count in counts:
        slots = table.setdefault(count.event_type, [0] * len(scale.slots))
        if slots:
            slots[scale.slot_of(dt.date.fromisoformat(count.day))] += count.n
    order = load_codebook().type_names
    return {kind: table[kind] for kind in order if kind in table}


def _inside(slot: Slot, first: dt.date | None, last: dt.date | None) -> bool:
    return (last is None or slot.first <= last) and (first is None or slot.last >= first)


def _slot_text(slot: Slot, unit: str) -> str:
    return words.day(slot.first) if unit == "day" else words.days(slot.first, slot.last)


def _layout(scale: TimeScale, colours: palette.Theme, width: int) -> dict[str, Any]:
    ticks = _ticks(scale, max(2, (width - BAR_MARGINS) // TICK_WIDTH))
    quiet = [(n, s) for n, s in enumerate(scale.slots) if s.quiet]
    return {
        "barmode": "stack",
        "bargap": 0.12,
        "margin": {"l": 34, "r": 10, "t": 6, "b": 20},
        "showlegend": False,
        "dragmode": "select",
        "selectdirection": "h",
        "newselection": {"line": {"color": colours.accent, "width": 1, "dash": "solid"}},
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": colours.surface, "bordercolor": colours.line, "font": {"color": colours.ink}},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": colours.quiet, "size": 11},
        "xaxis": {
            "range": [-0.5, max(len(scale.slots) - 0.5, 0.5)],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "tickvals": [n for n, _ in ticks],
            "ticktext": [text for _, text in ticks],
            "ticks": "outside",
            "ticklen": 3,
            "tickcolor": colours.line,
            "tickangle": 0,
        },
        "yaxis": {
            "fixedrange": True,
            "gridcolor": colours.line,
            "zeroline": False,
            "nticks": 4,
            "rangemode": "tozero",
            "tickformat": "d",
        },
        "shapes": [
            {
                "type": "rect",
                "xref": "x",
                "yref": "paper",
                "x0": n - 0.5,
                "x1": n + 0.5,
                "y0": 0,
                "y1": 1,
                "line": {"width": 0},
                "fillcolor": colours.line,
                "opacity": 0.6,
                "layer": "below",
            }
            for n, _ in quiet
        ],
        "annotations": [
            {
                "x": n,
                "y": 0.5,
                "xref": "x",
                "yref": "paper",
                "showarrow": False,
                "textangle": -90,
                "text": words.duration(s.first, s.last),
                "hovertext": f"No events from {words.days(s.first, s.last)}",
                "font": {"size": 9, "color": colours.quiet},
            }
            for n, s in quiet
        ],
    }


def _ticks(scale: TimeScale, most: int) -> list[tuple[int, str]]:
    """A tick at the first slot, at each after a quiet one, and evenly between; never two on top of each other."""
    wanted: list[tuple[int, str]] = []
    step = max(1, math.ceil(len(scale.slots) / most))
    last = -step
    for n, slot in enumerate(scale.slots):
        fresh = n == 0 or scale.slots[n - 1].quiet
        if slot.quiet or not (n - last >= step or (fresh and n - last >= 0.75 * step)):
            continue
        year = not wanted or scale.slots[wanted[-1][0]].first.year != slot.first.year
        wanted.append((n, _tick_text(slot.first, scale.unit, year=year)))
        last = n
    return wanted


def _tick_text(day: dt.date, unit: str, *, year: bool) -> str:
    month = words.MONTHS[day.month - 1]
    if unit == "year":
        return str(day.year)
    short = month if unit == "month" else f"{day.day} {month}"
    return f"{short} {day.year}" if year else short
