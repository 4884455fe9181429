"""The histogram over the date slider: what matches, by slot of the scale, stacked by type (pure)."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import palette, words
from dashboard.timescale import Slot, TimeScale
from events.codebook import load_codebook
from events.counts import DayCount

COLUMNS = "columns"  # the name of the trace that is pointed at
TICK_WIDTH = 92  # pixels that a tick's words take with some air
BAR_MARGINS = 60
BAR_WIDTH = 0.88  # of a slot; told to plotly, which else takes it from how far the bars are apart
MOST_STEPS = 3  # on the axis of counts
WIDE = 800  # pixels from which a label has room for two types on a line
_PATTERN = {"fillmode": "overlay", "fgcolor": "#ffffff", "fgopacity": 0.3, "size": 6, "solidity": 0.25}


def figure(scale: TimeScale, counts: Sequence[DayCount], theme: str, width: int = 1200) -> dict[str, Any]:
    """Bars stacked by type. The x axis counts slots, not days.

    Those outside the chosen days the browser makes pale, so that no figure is made for other days.
    `width` is the figure's width in pixels: as many ticks as have room.
    """
    colours = palette.THEMES[theme]
    table = count_by_slot(scale, counts)
    most = max((sum(column) for column in zip(*table.values(), strict=True)), default=0)
    data = [
        {
            "type": "bar",
            "name": kind,
            "x": [n for n, count in enumerate(table[kind]) if count],
            "y": [count for count in table[kind] if count],
            "width": BAR_WIDTH,
            "hoverinfo": "skip",
            "marker": {
                "color": palette.mark(kind).colour,
                "pattern": _PATTERN | {"shape": palette.mark(kind).pattern},
                "line": {"width": 0},
            },
        }
        for kind in table
    ]
    top = 1.05 * max(most, 1)
    layout = _layout(scale, colours, width)
    layout["yaxis"] |= {"range": [0, top], "dtick": whole_step(most)}
    return {"data": [*data, _columns(scale, table, top, width)] if table else [], "layout": layout}


def _columns(scale: TimeScale, table: Mapping[str, Sequence[int]], top: float, width: int) -> dict[str, Any]:
    """What is pointed at and clicked: a column over each slot with events, as high as the figure and not seen.

    A bar of one event is too low to be hit, and tells of one type only. A base of its own keeps a column off the stack.
    The page's browser finds the slots with events here, too (assets/histogram.js).
    """
    held = [n for n, column in enumerate(zip(*table.values(), strict=True)) if any(column)]
    return {
        "type": "bar",
        "name": COLUMNS,
        "x": held,
        "y": [top] * len(held),
        "base": 0,
        "width": 1,
        "marker": {"color": "rgba(0,0,0,0)", "line": {"width": 0}},
        "hovertext": [_label(scale, n, {kind: table[kind][n] for kind in table}, width) for n in held],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _label(scale: TimeScale, n: int, counts: Mapping[str, int], width: int) -> str:
    """A slot's days and total, then each type; in few lines, as the figure is low."""
    types = [f"{words.number(count)} {kind}" for kind, count in counts.items() if count]
    each = 2 if width >= WIDE else 1
    lines = [" · ".join(types[k : k + each]) for k in range(0, len(types), each)]
    head = f"<b>{_slot_text(scale.slots[n], scale.unit)}: {words.events(sum(counts.values()))}</b>"
    return "<br>".join([head, *lines])


def whole_step(most: int) -> int:
    """The least of 1, 2, 5, 10, 20, 50, … that comes to `most` in few steps: counts are whole numbers."""
    tens = 1
    while True:
        for step in (tens, 2 * tens, 5 * tens):
            if most <= MOST_STEPS * step:
                return step
        tens *= 10


def count_by_slot(scale: TimeScale, counts: Sequence[DayCount]) -> dict[str, list[int]]:
    """Type → count in each slot, types in the codebook's order; types without events are left out."""
    table: dict[str, list[int]] = {}
    for count in counts:
        slots = table.setdefault(count.event_type, [0] * len(scale.slots))
        if slots:
            slots[scale.slot_of(dt.date.fromisoformat(count.day))] += count.n
    order = load_codebook().type_names
    return {kind: table[kind] for kind in order if kind in table}


def _slot_text(slot: Slot, unit: str) -> str:
    return words.day(slot.first) if unit == "day" else words.days(slot.first, slot.last)


def _layout(scale: TimeScale, colours: palette.Theme, width: int) -> dict[str, Any]:
    ticks = _ticks(scale, max(2, (width - BAR_MARGINS) // TICK_WIDTH))
    quiet = [(n, s) for n, s in enumerate(scale.slots) if s.quiet]
    return {
        "barmode": "stack",
        "margin": {"l": 34, "r": 10, "t": 6, "b": 20},
        "showlegend": False,
        "dragmode": "select",
        "selectdirection": "h",
        "newselection": {"line": {"color": colours.accent, "width": 1, "dash": "solid"}},
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": colours.surface,
            "bordercolor": colours.line,
            "font": {"color": colours.ink, "size": 11},
            "align": "left",
        },
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
