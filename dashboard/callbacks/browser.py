"""What the browser does by itself (assets/contact_line.js): address, viewport, days, play, theme, drawers."""

from dash import ClientsideFunction, Dash, Input, Output, State

from dashboard import ids


def _js(name: str) -> ClientsideFunction:
    return ClientsideFunction("contactLine", name)


def register(app: Dash) -> None:
    """Wire the browser's own functions; each is told in contact_line.js, parts.js or part.js."""
    app.clientside_callback(
        ClientsideFunction("contactParts", "choices"),
        Output(ids.FACETS, "storage_type"),
        Input(ids.FACETS, "data"),
        Input(ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("contactParts", "list"),
        Output(ids.LISTED, "storage_type"),
        Input(ids.LISTED, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("contactPart", "follow"),
        Output(ids.PART, "className"),
        Input(ids.PART, "children"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        _js("early"),
        Output(ids.MAP, "figure", allow_duplicate=True),
        Output(ids.DRAWN, "data", allow_duplicate=True),
        Input(ids.FIRST, "data"),
        prevent_initial_call="initial_duplicate",
    )
    app.clientside_callback(
        _js("sought"),
        Output(ids.SOUGHT, "data"),
        Input(ids.SEARCH, "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        _js("ask"),
        Output(ids.ASKED, "data"),
        Input(ids.LOCATION, "search"),
        State(ids.QUERY, "data"),
    )
    app.clientside_callback(
        _js("follow"),
        Output(ids.LOCATION, "search"),
        Input(ids.QUERY, "data"),
        Input(ids.MAP, "clickData"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        _js("look"),
        Output(ids.VIEWPORT, "data"),
        Input(ids.OPENED, "data"),
        Input(ids.MAP, "relayoutData"),
        State(ids.VIEWPORT, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        _js("days"),
        Output(ids.DATES, "data"),
        Output(ids.SLIDER, "value"),
        Output(ids.DATE_FROM, "value"),
        Output(ids.DATE_TO, "value"),
        Output(ids.DAYS_TEXT, "children"),
        Input(ids.OPENED, "data"),
        Input(ids.SLIDER, "value"),
        Input(ids.DATE_FROM, "value"),
        Input(ids.DATE_TO, "value"),
        Input(ids.TIMELINE, "selectedData"),
        Input(ids.STEP_BACK, "n_clicks"),
        Input(ids.STEP_ON, "n_clicks"),
        Input(ids.ALL_DAYS, "n_clicks"),
        Input(ids.CLOCK, "n_intervals"),
        State(ids.DATES, "data"),
        State(ids.SCALE, "data"),
        State(ids.PLAY_MODE, "value"),
        State(ids.QUERY, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        _js("play"),
        Output(ids.CLOCK, "disabled"),
        Output(ids.PLAY, "children"),
        Input(ids.PLAY, "n_clicks"),
        Input(ids.SLIDER, "value"),
        State(ids.CLOCK, "disabled"),
        State(ids.SCALE, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        _js("theme"),
        Output(ids.THEME, "data"),
        Input(ids.OPENED, "data"),
        Input(ids.THEME_BUTTON, "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        _js("share"),
        Output(ids.SHARE, "children"),
        Input(ids.SHARE, "n_clicks"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        _js("drawers"),
        Output(ids.DRAWERS, "data"),
        Input(ids.FILTERS_BUTTON, "n_clicks"),
        Input(ids.EVENTS_BUTTON, "n_clicks"),
        Input(ids.QUERY, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        _js("preview"),
        Output(ids.SLIDER, "className"),
        Input(ids.SLIDER, "drag_value"),
        State(ids.SCALE, "data"),
        prevent_initial_call=True,
    )
