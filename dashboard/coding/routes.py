"""The page /code and what it asks of the server.

Everything that is drawn on the page stands in the browser; each answer here follows from its request alone. Errors are
of the API's one shape, `{"error": {"field", "value", "reason"}}`.
"""

import datetime as dt
import io
from collections.abc import Callable, Mapping
from typing import Any, get_args

from flask import Blueprint, Response, jsonify, render_template, request, send_file
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from dashboard import palette
from dashboard.api import not_all_there, refuse
from dashboard.coding import drafts, saving
from dashboard.coding.desk import BusyError, Desk
from dashboard.coding.rights import LOCKED, SIGNED_IN, Right, Rights, is_own
from dashboard.places import remark
from dashboard.settings import Settings
from dashboard.shelf import Shelf
from dashboard.starting import wait_page
from events import duplicates
from events.codebook import Codebook
from events.errors import Problem, SourceError
from events.filters import PRECISIONS, parse_day
from events.formats import FORMATS, WRITTEN, write
from events.store import Row
from geodata.basemap import Theme, map_style
from geodata.gazetteer import Match, Place

MOST_PLACES = 8
MOST_LOOKED_UP = 100  # events for which the store is asked in one request; each takes some 3 ms
LARGEST_DRAFT = 4_000_000  # bytes; an event takes some 1,000
AWAITED = "Coding needs all of the events, and not all are there yet. This page comes by itself."
_SETTLED = frozenset({"city", "town", "village", "facility"})
_TOLD = (
    "event_id", "incident_id", "event_date", "event_end", "event_type", "sub_event_type", "actor1", "actor2",
    "claimant", "place", "fatalities", "injured", "notes", "source", "source_time", "evidence",
)  # fmt: skip


def make_routes(shelf: Shelf, settings: Settings, rights: Rights, desk: Desk) -> Blueprint:
    """The page and its endpoints."""
    code = Blueprint("code", __name__)

    @code.before_request
    def wait_for_all() -> BaseResponse | None:
        """Coding looks for what is held already, which is not to be told from a part of the events."""
        served = shelf.served
        if not served.part_of:
            return None
        return wait_page(AWAITED) if request.path == "/code" else not_all_there(served)

    _coding(code, shelf, settings, rights, desk)
    _help(code, shelf, desk)
    _saving(code, shelf, rights)
    return code


def _coding(code: Blueprint, shelf: Shelf, settings: Settings, rights: Rights, desk: Desk) -> None:
    """The page, what it needs, and a text coded."""

    @code.get("/code")
    def page() -> str:
        desk.warm()
        formats = [FORMATS[name] for name in WRITTEN]
        return render_template("code.html", formats=formats, most_kb=settings.code_kb, takes_files=shelf.takes_files)

    @code.get("/api/code")
    def needed() -> Response:
        vocabulary = shelf.served.store.vocabulary()
        right = rights.of(request)
        return jsonify(
            {
                "codebook": book(vocabulary.codebook),
                "precisions": {key: text for key, text in PRECISIONS.items() if key.isdecimal()},
                "styles": {theme: map_style(theme) for theme in get_args(Theme)},
                "most_kb": settings.code_kb,
                "most_events": drafts.MOST_EVENTS,
                "saving": _saving_told(right, shelf.served.name),
            }
        )

    @code.post("/api/code")
    def code_text() -> Response:
        request.max_content_length = settings.code_kb * 1000
        asked = request.args
        try:
            published = parse_day(asked["published"]) if asked.get("published") else None
        except ValueError as fault:
            return refuse(Problem("published", asked["published"][:80], str(fault)))
        try:
            body = request.get_data(cache=False)
        except RequestEntityTooLarge:
            return refuse(Problem("text", "", f"is larger than {settings.code_kb} kB; take it in parts"), 413)
        source = body if asked.get("kind") == "file" else body.decode("utf-8", "replace")
        if not source.strip():
            return refuse(Problem("text", "", "is empty: paste a live feed or an article"))
        publisher = " ".join(asked.get("publisher", "").split())[:80]
        try:
            return jsonify(desk.code(source, published, publisher))
        except BusyError:
            return refuse(Problem("text", "", "has to wait: another long text is being coded. Try again"), 503)
        except SourceError as fault:
            return refuse(Problem("text", fault.where[:80], f"{fault.what}. {fault.mend}"))


def _help(code: Blueprint, shelf: Shelf, desk: Desk) -> None:
    """What the gazetteer, the store and the coder know, and the draft as a file."""

    @code.get("/api/places")
    def places() -> Response:
        text = request.args.get("q", "")[:100]
        found = shelf.served.store.vocabulary().gazetteer.find(text, limit=MOST_PLACES)
        return jsonify({"places": [place_told(match) for match in found]})

    @code.post("/api/duplicates")
    def held_alike() -> Response:
        drafted, problem = _sent(MOST_LOOKED_UP)
        if problem:
            return refuse(problem)
        store = shelf.served.store
        rows = [_typed(d.event) for d in drafted]
        found = duplicates.find(store, rows, store.codebook)
        return jsonify(
            {"duplicates": [[_alike(a, row) for a in alike] for row, alike in zip(rows, found, strict=True)]}
        )

    @code.post("/api/note")
    def note() -> Response:
        drafted, problem = _sent(MOST_LOOKED_UP)
        if problem:
            return refuse(problem)
        inferred = request.args.get("inferred") == "yes"
        return jsonify({"notes": [desk.note(d.event, inferred=inferred) for d in drafted]})

    @code.post("/api/draft.<name>")
    def take_out(name: str) -> Response:
        if name not in WRITTEN:
            return refuse(Problem("format", name[:80], f"is none of {', '.join(WRITTEN)}"), 404)
        drafted, problem = _sent()
        if problem:
            return refuse(problem)
        try:
            person = drafts.read_person(request.get_json(silent=True))
            frame = drafts.to_frame(drafted, person, _now(), verdicts=True)
        except ValueError as fault:
            return refuse(fault.args[0])
        out = io.BytesIO()
        write(name, frame, out)
        out.seek(0)
        chosen = FORMATS[name]
        return send_file(
            out, mimetype=chosen.media_type, download_name=f"coded-events{chosen.suffix}", as_attachment=True
        )


def _saving(code: Blueprint, shelf: Shelf, rights: Rights) -> None:
    """Signing in, and saving."""

    @code.post("/api/events")
    def save() -> Response:
        if refused := _may_not(rights):
            return refused
        drafted, problem = _sent()
        if problem:
            return refuse(problem)
        person = drafts.read_person(request.get_json(silent=True))
        if not person:
            return refuse(Problem("person", "", "is missing: your name or initials are kept with each event"))
        try:
            merged = saving.save(shelf.served.store, drafted, person, _now())
        except saving.RefusedError as fault:
            return refuse(fault.problem, fault.status)
        ids = [d.event["event_id"] for d in drafted]
        return jsonify({"added": merged.added, "replaced": merged.replaced, "same": merged.same, "ids": ids})

    @code.post("/api/sign-in")
    def sign_in() -> Response:
        if not is_own(request):
            return _foreign()
        given = request.get_json(silent=True)
        password = given.get("password") if isinstance(given, dict) else None
        if rights.of(request).state == "none":
            return refuse(Problem("password", "", f"cannot be used: {rights.of(request).why}"), 403)
        if wrong := rights.try_password(request, password if isinstance(password, str) else ""):
            return refuse(Problem("password", "", wrong), 429 if "often" in wrong else 403)
        answer = jsonify({"saving": _saving_told(SIGNED_IN, shelf.served.name)})
        rights.sign_in(answer, request)
        return answer

    @code.post("/api/sign-out")
    def sign_out() -> Response:
        if not is_own(request):
            return _foreign()
        answer = jsonify({"saving": _saving_told(LOCKED, shelf.served.name)})
        rights.sign_out(answer)
        return answer


def _saving_told(right: Right, to: str) -> dict[str, Any]:
    return {"state": right.state, "why": right.why, "to": to, "signed_in": right == SIGNED_IN}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _sent(most: int = drafts.MOST_EVENTS) -> tuple[list[drafts.Drafted], Problem | None]:
    request.max_content_length = LARGEST_DRAFT
    return drafts.read_draft(request.get_json(silent=True), most)


def _may_not(rights: Rights) -> Response | None:
    if not is_own(request):
        return _foreign()
    right = rights.of(request)
    if right.state == "open":
        return None
    return refuse(Problem("right", right.state, f"to save is missing: {right.why}"), 403)


def _foreign() -> Response:
    return refuse(Problem("request", request.headers.get("Origin", "")[:80], "does not come from this page"), 403)


# ── as plain values ─────────────────────────────────────────────────────────────────────────────────────────


def book(codebook: Codebook) -> dict[str, Any]:
    """The codebook's choices: types with sign, colour and sub-types, and actors with their other names."""
    return {
        "types": [
            {
                "name": kind.name,
                "about": kind.about,
                "sign": palette.mark(kind.name).sign,
                "colour": palette.mark(kind.name).colour,
                "sub_types": [{"name": name, "about": about} for name, about in kind.sub_types.items()],
            }
            for kind in codebook.types
        ],
        "actors": [{"name": name, "aliases": list(aliases)} for name, aliases in codebook.aliases.items()],
    }


def place_told(match: Match) -> dict[str, Any]:
    """A place as the fields of an event that it fills, and a remark on why it was found."""
    place = match.place
    matched = "" if match.matched_name in (place.name_en, place.place_id) else match.matched_name
    return {
        "place": place.name_en,
        "place_id": place.place_id,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "country": "" if place.kind == "country" and place.country != place.name_en else place.country,
        "admin1": place.admin1,
        "geo_precision": precision_of(place),
        "remark": remark(match, matched, place.kind),
    }


def precision_of(place: Place) -> int:
    """How exact an event is of which only this place is known (codebook): 1 a settlement, 2 a district, 3 a region."""
    return 1 if place.kind in _SETTLED else 2 if place.kind == "district" else 3


def _alike(alike: duplicates.Likeness, row: Row) -> dict[str, Any]:
    ended = row | {"event_end": row.get("event_end") or row.get("event_date")}
    return {
        "event": {name: alike.event[name] for name in _TOLD},
        "same_id": alike.same_id,
        "same_word": alike.same_word,
        "same_content": drafts.same_content(ended, alike.event),
        "days": alike.days,
        "km": alike.km,
        "reasons": list(alike.reasons),
    }


def _typed(event: Mapping[str, str]) -> Row:
    """A row of text with its numbers as numbers; what is none stays text, and is like nothing."""
    kinds: dict[str, Callable[[str], Any]] = dict.fromkeys(_NUMBERS, _number)
    return {name: kinds.get(name, str)(value) if value else None for name, value in event.items()}


_NUMBERS = (
    "time_precision", "latitude", "longitude", "geo_precision", "fatalities", "fatalities_low", "fatalities_high",
    "injured",
)  # fmt: skip


def _number(text: str) -> Any:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
