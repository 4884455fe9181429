"""The API: /healthz, /api/events.<format>, /api/citation, /api/summary, /api/drag.

The query's keys are the page's own, read by one parser.
Wrong values: status 400 with `{"error": {"field", "value", "reason"}}`, the same shape everywhere.
"""

import contextlib
import datetime as dt
import io
import zipfile
from typing import Any

import pandas as pd
import sqlalchemy as sa
from flask import Blueprint, Response, current_app, jsonify, request, send_file
from werkzeug.exceptions import HTTPException

from dashboard.dragging import bins_of, packed
from dashboard.settings import Settings
from dashboard.shelf import Looked, Shelf, TooLarge
from dashboard.starting import AGAIN
from dashboard.state import LONGEST_ADDRESS, ViewState
from events.citation import cite
from events.errors import Problem, SourceError
from events.filters import parse_bbox
from events.formats import FORMATS, WRITTEN, Citation, citation_text, write
from events.formats.reading import BESIDE
from events.store import EventStore


def make_api(shelf: Shelf, settings: Settings) -> Blueprint:
    """The API's routes."""
    api = Blueprint("api", __name__)

    @api.get("/healthz")
    def healthz() -> Response:
        served = shelf.served
        told = {"status": "starting" if served.part_of else "ok", "events": served.store.total()}
        return jsonify(told | ({"of": served.part_of} if served.part_of else {}))

    @api.get("/api/events.<name>")
    def events(name: str) -> Response:
        if name not in WRITTEN:
            known = ", ".join(WRITTEN)
            return refuse(Problem("format", name[:80], f"is none of {known}"), 404)
        looked, state, problems = _asked(shelf, "cite")
        cited = request.args.get("cite", "0")
        if cited not in {"0", "1"}:
            problems.append(Problem("cite", cited[:80], "is not 0 or 1"))
        if problems:
            return refuse(problems[0])
        if looked.part_of:
            return not_all_there(looked)
        frame = looked.store.frame(state.filter, extra=True)
        citation = cite(frame, state.filter, looked.name, dt.datetime.now(dt.UTC)) if cited == "1" else None
        out, media_type, download = _file(name, frame, citation)
        return send_file(out, mimetype=media_type, download_name=download, as_attachment=True)

    @api.get("/api/citation")
    def citation() -> Response:
        looked, state, problems = _asked(shelf)
        if problems:
            return refuse(problems[0])
        if looked.part_of:
            return not_all_there(looked)
        now = dt.datetime.now(dt.UTC)
        return jsonify(cite(looked.store.frame(state.filter, extra=True), state.filter, looked.name, now))

    @api.get("/api/summary")
    def summary() -> Response:
        looked, state, problems = _asked(shelf)
        if problems:
            return refuse(problems[0])
        told = summarise(looked.store, state, request.args.get("zoom", type=float))
        return jsonify(told | ({"part_of": looked.part_of} if looked.part_of else {}))

    @api.get("/api/drag")
    def drag() -> Response:
        # `view` is where the map looks; `bbox`, as everywhere, is a part of the filter.
        looked, state, problems = _asked(shelf, "view")
        given = request.args.get("view", "")
        try:
            view = parse_bbox(given)
        except ValueError as fault:
            problems.append(Problem("view", given[:80], str(fault)))
        if problems:
            return refuse(problems[0])
        zoom = request.args.get("zoom", 7.0, type=float)
        found = looked.store.drag(state.filter, view, zoom, bins_of(looked.scale))
        return jsonify(packed(found, looked.scale, looked.store.total()))

    @api.post("/api/open")
    def open_file() -> Response:
        if not shelf.takes_files:
            return refuse(Problem("file", "", "files cannot be opened here; the setting is off"), 404)
        request.max_content_length = settings.upload_mb * 2**20 + 100_000
        given = request.files.get("file")
        if given is None or not given.filename:
            return refuse(Problem("file", "", "is missing: send it as the form field 'file'"))
        try:
            with contextlib.closing(given):
                token, report = shelf.take(given.stream, given.filename)
        except SourceError as fault:
            return refuse(Problem("file", fault.where, f"{fault.what}. {fault.mend}"))
        except TooLarge as fault:
            return refuse(Problem("file", given.filename[:120], f"is larger than {fault.most_mb} MB"), 413)
        return jsonify({"address": f"/?data={token}" if token else "", "report": report})

    _refusals(api)
    return api


def _refusals(api: Blueprint) -> None:
    """What is not served here, or cannot be answered, in the API's one shape."""

    @api.route("/api", defaults={"_rest": ""})
    @api.route("/api/<path:_rest>")
    def unknown(_rest: str) -> Response:
        return refuse(Problem("path", request.path[:200], "is not served here"), 404)

    @api.app_errorhandler(HTTPException)
    def refused(fault: HTTPException) -> Response:
        answer = refuse(Problem("path", request.path[:200], fault.description or fault.name), fault.code or 500)
        for name, value in fault.get_headers():
            if name == "Allow":
                answer.headers[name] = value
        return answer

    @api.app_errorhandler(sa.exc.OperationalError)
    @api.app_errorhandler(sa.exc.InterfaceError)
    @api.app_errorhandler(sa.exc.TimeoutError)
    def unanswered(fault: sa.exc.SQLAlchemyError) -> Response:
        current_app.logger.error("The database: %s", getattr(fault, "orig", None) or fault)
        return refuse(Problem("database", "", "does not answer, or not in time; try again in a moment"), 503)


def summarise(store: EventStore, state: ViewState, zoom: float | None) -> dict[str, Any]:
    """What the page shows of a filter, as plain values; `cells` are [lon, lat, n, leading type, area]."""
    wanted = state.filter
    totals = store.totals(wanted)
    cells = store.cells(wanted, wanted.bbox, 7.0 if zoom is None else zoom)
    return {
        "total": totals.total,
        "matched": totals.matched,
        "unplaced": totals.unplaced,
        "outside": totals.outside,
        "cells": [[c.lon, c.lat, c.n, c.types[0][0], c.area] for c in cells],
        "timeline": [{"date": t.day, "event_type": t.event_type, "n": t.n} for t in store.timeline(wanted)],
        "facets": {
            key: [{"value": value, "n": n} for value, n in values]
            for key, values in zip(_FACET_KEYS, store.facets(wanted).values(), strict=True)
        },
    }


_FACET_KEYS = ("type", "subtype", "actor", "claimant", "place", "precision")


def _file(name: str, frame: pd.DataFrame, citation: Citation | None) -> tuple[io.BytesIO, str, str]:
    """A file of events, its media type and its name. A citation that has no place in it goes with it in one archive."""
    out, chosen = io.BytesIO(), FORMATS[name]
    download = f"contact-line-events{chosen.suffix}"
    within = citation is None or chosen.write_cited is not None
    write(name, frame, out, citation if within else None)
    if citation is not None and not within:
        content, out = out.getvalue(), io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(download, content)
            archive.writestr(download + BESIDE, citation_text(citation))
        out.seek(0)
        return out, "application/zip", f"{download}.zip"
    out.seek(0)
    return out, chosen.media_type, download


def _asked(shelf: Shelf, *others: str) -> tuple[Looked, ViewState, list[Problem]]:
    """What the address asks for; `others` are keys that are no part of a view."""
    if len(request.query_string) > LONGEST_ADDRESS:
        problem = Problem("query", "…", f"is longer than {LONGEST_ADDRESS} characters")
        return shelf.served, ViewState(), [problem]
    query = request.args.to_dict(flat=False)
    return shelf.view({key: values for key, values in query.items() if key not in others})


def not_all_there(looked: Looked) -> Response:
    """What would be taken for all events is not given while only a part of them is there."""
    what = f"are not all there yet: {looked.store.total():,} of {looked.part_of:,}; try again in some seconds"
    answer = refuse(Problem("events", "", what), 503)
    answer.headers["Retry-After"] = str(AGAIN)
    return answer


def refuse(problem: Problem, status: int = 400) -> Response:
    """An error in the API's one shape."""
    error = {"field": problem.field, "value": problem.value, "reason": problem.reason}
    answer = jsonify({"error": error})
    answer.status_code = status
    return answer
