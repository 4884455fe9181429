"""The parts that change with the view: list, detail, chips, choices, notes on what is not on the map (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard import palette, words
from dashboard.coding.drafts import history
from dashboard.layout.aria import aria, attributes
from dashboard.layout.legend import sign
from dashboard.state import View, ViewState
from events.counts import Cell, Totals
from events.errors import Problem
from events.filters import PRECISIONS, EventFilter
from events.formats import FORMATS, WRITTEN
from events.store import Row
from geodata.gazetteer import Place

PlaceName = Callable[[str, str], str]
"""(place key, name in the data) → the name to show, in the chosen language."""


def notice(problems: Sequence[Problem]) -> Component | None:
    """What of the address could not be used; each with field, value and reason."""
    if not problems:
        return None
    return html.Details(
        [
            html.Summary("Part of this address could not be used; the rest holds."),
            html.Ul([html.Li([html.Code(f"{p.field}={p.value}"), f" {p.reason}"]) for p in problems]),
        ],
        className="notice",
        open=True,
    )


def source(name: str, state: ViewState) -> list[Any]:
    """Whose events these are; beside an opened file, the way back to those that are served."""
    return [name, " · ", html.A("close the file", href="?")] if state.data else [name]


def part(n: int, of: int) -> str | None:
    """Said while only the last `n` events of so many are there; None when all are (`of` is 0)."""
    if not of:
        return None
    shown = f"The last {words.number(n)} of {words.events(of)} are shown"
    return f"{shown}; all of them come by themselves in some seconds."


def counts(totals: Totals) -> list[Any]:
    """'n of m events'."""
    return [html.Strong(words.number(totals.matched)), f" of {words.events(totals.total)}"]


def rest(totals: Totals, state: ViewState, everything: View | None) -> list[Any]:
    """What matches and is not on the map, each a link to those events."""
    parts: list[Any] = []
    if totals.unplaced:
        only = state.narrowed(precisions=("none",), bbox=None)
        parts.append(html.A(f"{words.number(totals.unplaced)} without a place", href=only))
    if totals.outside:
        text = f"{words.number(totals.outside)} outside this view"
        wide = state.link(view=everything, filter=replace(state.filter, bbox=None))
        parts.append(html.A(text, href=wide) if everything else text)
    if not parts:
        return ["All of them are on the map."] if totals.matched else []
    return ["Not on the map: ", *_joined(parts)]


def _joined(parts: Sequence[Any]) -> list[Any]:
    out: list[Any] = []
    for part in parts:
        out += [" · ", part] if out else [part]
    return out


def chips(state: ViewState, place_name: PlaceName) -> list[Component]:
    """Each chosen value as a chip that takes it away again, and one that clears all."""
    wanted = state.filter
    found = []
    for name in ("types", "sub_types", "actors", "claimants", "places", "precisions"):
        values = getattr(wanted, name)
        for value in values:
            left = tuple(v for v in values if v != value)
            text = place_name(value, value) if name == "places" else value
            text = PRECISIONS[value] if name == "precisions" else text
            found.append(_chip(text, state.narrowed(**{name: left})))
    if wanted.words:
        found.append(_chip(f"“{wanted.words}”", state.narrowed(words="")))
    if found:
        cleared = state.narrowed(**{n: getattr(EventFilter(), n) for n in _CLEARED})
        found.append(html.A("Clear all", href=cleared, className="clear"))
    return found


_CLEARED = ("types", "sub_types", "actors", "claimants", "places", "precisions", "words")


def _chip(text: str, href: str) -> Component:
    return html.A(
        [text, html.Span("×", **aria(hidden="true"))],
        href=href,
        className="chip",
        title=f"Take away: {text}",
        **aria(label=f"Take away: {text}"),
    )


def choices(
    facet: Sequence[tuple[str, int]],
    chosen: Sequence[str],
    label: Callable[[str], str] = str,
    order: Sequence[str] = (),
) -> list[list[Any]]:
    """The lines of a list of choices, each [value, label, count], for assets/parts.js.

    They stand in `order`, or else as they come, largest first. What is chosen stays, though its count be 0.
    """
    n_of = dict(facet)
    values = [v for v in order if v in n_of or v in chosen] if order else [*n_of]
    values += [v for v in chosen if v not in values]
    return [[v, label(v), n_of.get(v, 0)] for v in values]


# What a line of the list tells.
LISTED = (
    "event_id", "incident_id", "event_date", "event_end", "time_precision", "event_type", "sub_event_type", "claimant",
    "place", "place_id", "notes",
)  # fmt: skip


def event_list(
    rows: Sequence[Row], state: ViewState, n: int, place_name: PlaceName, *, page: int, last: int
) -> dict[str, Any]:
    """One page of the events, newest first, as the values of which assets/parts.js draws the list.

    The rows have the columns LISTED.
    """
    newer = state.link(page=page - 1) if page > 1 else None
    older = state.link(page=page + 1) if page < last else None
    return {
        "title": words.events(n) + (" in this circle" if state.cell else ""),
        "back": state.link(cell=None) if state.cell else None,
        "base": state.link(event=""),
        "chosen": state.event,
        "pages": [newer, f"page {page} of {last}", older] if last > 1 else None,
        "rows": [_line(row, place_name) for row in rows],
    }


def _line(row: Row, place_name: PlaceName) -> dict[str, Any]:
    mark = palette.mark(row["event_type"])
    return {
        "id": row["event_id"],
        "days": words.when(row),
        "place": _place(row, place_name),
        "kind": row["sub_event_type"] or row["event_type"],
        "colour": mark.colour,
        "sign": mark.sign,
        "said": f"{row['claimant']} says" if row["claimant"] else "",
        "shared": bool(row["incident_id"]),
        "notes": row["notes"],
    }


def _item(row: Row, state: ViewState, place_name: PlaceName) -> Component:
    return html.A(
        [
            html.Span([words.when(row), " · ", html.B(_place(row, place_name))]),
            html.Span([sign(row["event_type"]), row["sub_event_type"] or row["event_type"]], className="kind"),
            html.Span(f"{row['claimant']} says" if row["claimant"] else "", className="said"),
            html.Span(row["notes"], className="notes"),
        ],
        href=state.link(event=row["event_id"]),
        className="item",
    )


def _place(row: Row, place_name: PlaceName) -> str:
    if not row["place"]:
        return "no known place"
    return place_name(row["place_id"] or row["place"], row["place"])


def detail(
    event: Row | None, claims: Sequence[Row], place: Place | None, state: ViewState, place_name: PlaceName
) -> list[Component]:
    """One event whole: its words, its source, its doubt, and the other parties' words on it."""
    if not state.event:
        return []
    cross = [html.Span("×", **aria(hidden="true")), html.Span("Close", className="hidden")]
    close = html.A(cross, href=state.link(event=""), className="close", title="Close")
    if event is None:
        return [close, html.H2("No such event"), html.P(f"No event here has the id {state.event}.")]
    return [
        close,
        html.H2([sign(event["event_type"]), event["sub_event_type"] or event["event_type"]]),
        html.P([words.when(event), " · ", html.B(_place(event, place_name))]),
        html.P(event["notes"], className="notes"),
        *_other_claims(claims, state, place_name),
        _facts(event, place),
        html.Button("Copy as a citation", className="cite", **attributes("data", cite=words.citation(event))),
    ]


def _facts(event: Row, place: Place | None) -> Component:
    actors = event["actor1"] + (f" → {event['actor2']}" if event["actor2"] else "")
    doubt = f"{words.TIME_PRECISION[event['time_precision']]} "
    doubt += words.GEO_PRECISION[event["geo_precision"]] if event["place"] else "The report tells no place."
    names = " · ".join(n for n in dict.fromkeys(place.name(k) for k in ("en", "hy", "az", "ru"))) if place else ""
    where = ", ".join(p for p in (event["admin1"], event["country"]) if p and p != event["place"])
    facts = [
        ("Who says so", event["claimant"]),
        ("Actors", actors),
        ("Losses stated", words.losses(event)),
        ("Lies in", where),
        ("Its names", names),
        ("How sure", doubt),
        ("Source", _source(event)),
        ("Where in it", event["evidence"]),
        ("Coded", words.coded(history(event.get("extra")))),
        ("Id", html.Code(event["event_id"])),
    ]
    return html.Dl([part for term, text in facts if text for part in (html.Dt(term), html.Dd(text))])


def _source(event: Row) -> Any:
    text = words.source(event)
    url = event["source_url"] or ""
    # Only an address of the web becomes a link: a file may hold any text.
    if url.startswith(("https://", "http://")):
        return html.A(text or url, href=url, rel="noopener noreferrer nofollow", target="_blank")
    return text


def _other_claims(claims: Sequence[Row], state: ViewState, place_name: PlaceName) -> list[Component]:
    if not claims:
        return []
    return [
        html.H3("Other words on the same happening"),
        html.Ul([html.Li(_item(row, state, place_name)) for row in claims], className="claims"),
    ]


def found(suggestions: Mapping[str, Sequence[tuple[str, str, str]]]) -> list[Component]:
    """What a search found: group → (text, remark, address)."""
    groups = [(group, entries) for group, entries in suggestions.items() if entries]
    if not groups:
        return [html.P("No place, actor or word goes by this.", className="none")]
    return [part for group, entries in groups for part in (html.H3(group), html.Ul([_hit(*e) for e in entries]))]


def _hit(text: str, remark: str, href: str) -> Component:
    return html.Li(html.A([html.B(text), html.Span(remark)], href=href, className="hit"))


def downloads(state: ViewState) -> list[Component]:
    """The present selection in each format, bare and with its citation."""
    query = ViewState(filter=state.filter, data=state.data).to_query()
    cited = f"cite=1&{query}" if query else "cite=1"
    lines = [
        html.Div([_download(path, title, query), _download(path, "with citation", cited, f"{title} with its citation")])
        for path, title in ((f"/api/events.{name}", FORMATS[name].title) for name in WRITTEN)
    ]
    return [*lines, _download("/api/citation", "Citation (JSON)", query)]


def _download(path: str, text: str, query: str, title: str | None = None) -> Component:
    return html.A(text, href=path + (f"?{query}" if query else ""), download="", title=title)


def map_text(cells: Sequence[Cell], place_name: PlaceName) -> str:
    """What the map shows, for who does not see it: the places with most events, ranked."""
    if not cells:
        return "The map shows no events."
    named = [
        f"{place_name(c.place_key, c.place)}{' and around' if c.area else ''} {c.n}" for c in cells if c.place_key
    ][:8]
    return f"The map shows {words.number(len(cells))} circles. Most events: {', '.join(named)}."
