"""The way in which a Dash user would write it first: a frame in memory, filtered, and every match sent to the map."""

from pathlib import Path

import pandas as pd
import plotly.express as px
from dash import Dash, Input, Output, dcc, html
from plotly.graph_objects import Figure

from events.filters import EventFilter

MAP, DAYS, TYPES, ACTORS, MONTHS, COUNT = "map", "days", "types", "actors", "months", "count"
_READ = ["event_date", "event_type", "actor1", "actor2", "place", "latitude", "longitude", "notes"]


def plain_app(path: Path) -> Dash:
    """The events of a Parquet file on a map and in a histogram, with a slider of days and two lists of choices."""
    frame = pd.read_parquet(path, columns=_READ)
    frame["event_date"] = pd.to_datetime(frame["event_date"])
    first = frame["event_date"].min()
    last = (frame["event_date"].max() - first).days
    app = Dash("plain")
    app.layout = html.Div(
        [
            html.Div(id=COUNT),
            dcc.Graph(id=MAP),
            dcc.Graph(id=MONTHS),
            dcc.RangeSlider(id=DAYS, min=0, max=last, value=[0, last]),
            dcc.Dropdown(sorted(frame["event_type"].unique()), id=TYPES, multi=True),
            dcc.Dropdown(sorted(frame["actor1"].unique()), id=ACTORS, multi=True),
        ]
    )

    @app.callback(
        Output(MAP, "figure"),
        Output(MONTHS, "figure"),
        Output(COUNT, "children"),
        Input(DAYS, "value"),
        Input(TYPES, "value"),
        Input(ACTORS, "value"),
    )
    def update(days: list[int], types: list[str] | None, actors: list[str] | None) -> tuple[Figure, Figure, str]:
        shown = frame[
            frame["event_date"].between(first + pd.Timedelta(days[0], "D"), first + pd.Timedelta(days[1], "D"))
        ]
        if types:
            shown = shown[shown["event_type"].isin(types)]
        if actors:
            shown = shown[shown["actor1"].isin(actors) | shown["actor2"].isin(actors)]
        on_map = px.scatter_map(
            shown, lat="latitude", lon="longitude", color="event_type", hover_name="place",
            hover_data=["event_date", "actor1", "actor2", "notes"], zoom=3,
        )  # fmt: skip
        months = shown["event_date"].dt.to_period("M").dt.start_time.rename("month")
        counts = shown.groupby([months, "event_type"]).size().rename("n").reset_index()
        return on_map, px.bar(counts, x="month", y="n", color="event_type"), f"{len(shown)} of {len(frame)}"

    return app


def values(wanted: EventFilter, first: pd.Timestamp, last: int) -> dict[str, object]:
    """The page's values for the parts of a filter that it knows."""
    day = lambda date, other: other if date is None else (pd.Timestamp(date) - first).days  # noqa: E731
    return {
        DAYS: [day(wanted.date_from, 0), day(wanted.date_to, last)],
        TYPES: list(wanted.types),
        ACTORS: list(wanted.actors),
    }
