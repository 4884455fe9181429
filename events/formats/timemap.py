"""Bellingcat's event lists and TimeMap's own JSON.

Facts:

* Bellingcat's 'Civilian Harm in Ukraine' (github.com/bellingcat/ukraine-timemap, a fork of TimeMap) is one list of
  `{id, date, latitude, longitude, location, description, sources: [{id, path, description}], filters: [{key, value}]}`;
  every value is text, the coordinates too, and the date is MM/DD/YYYY.
* TimeMap (github.com/forensic-architecture/timemap, src/reducers/validate/*.js) has `{events, sources, associations}`:
  an event names its sources and associations by id; a source has `paths` and `url`; an association has a `title` and a
  `mode` (CATEGORY, FILTER, NARRATIVE). Older files write `desc`, `lat`, `long`.
* Neither has a field for the kind of event. It is told only where a filter of a telling key (`KEYS`: a weapon, a
  type of attack) or a category has a plain value (`VALUES`), or is a type of the codebook. Every other event becomes
  'Strategic developments' / 'Other', since an event needs a type; the notes say how many. 'Type of area affected' tells
  what was hit, and no type.

A date is read as MM/DD/YYYY or ISO 8601 and in no other way: 24/02/2022 stays as it is, to be refused. `extra` keeps
what the table does not hold letter for letter, sources and filters as they stand; for TimeMap's own files also the
records that an event refers to (`source_records`, `association_records`).
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from events.codebook import load_codebook
from events.formats.columns import shown, sound
from events.formats.fields import FORMAT, counted, plain
from events.formats.mapping import Mapped
from geodata.names import fold

_NAMES = {
    "event_id": ("id",),
    "event_date": ("date",),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "long", "lng", "lon"),
    "place": ("location",),
    "notes": ("description", "desc"),
}
_PREFIX = "timemap-"
NAME = "timemap"
LACKS = (
    *("incident_id", "event_end", "time_precision", "sub_event_type", "actor1", "actor2", "claimant", "country"),
    *("admin1", "place_id", "geo_precision", "fatalities", "fatalities_low", "fatalities_high", "injured"),
    *("source_time", "evidence"),
)
"""Columns of the table for which neither has a place."""
_OURS = (FORMAT, "source_records", "association_records")  # keys of `extra` that are no field of the event
_OTHER = ("Strategic developments", "Other")
_SHELLING = ("Explosions/Remote violence", "Shelling/artillery/missile attack")
_STRIKE = ("Explosions/Remote violence", "Air/drone strike")
_MINE = ("Explosions/Remote violence", "Remote explosive/landmine/IED")
_ATTACK = ("Violence against civilians", "Attack")
_CLASH = ("Battles", "Armed clash")

KEYS = frozenset(
    (
        *("type", "event type", "type of event", "incident type", "type of incident", "attack type", "type of attack"),
        *("category", "weapon", "weapon type", "type of weapon", "weapon system", "munition", "type of munition"),
    )
)
"""Keys of filters, folded, whose values may tell the kind of event."""
VALUES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("shelling", "artillery", "mortar", "rocket", "rockets", "missile", "missiles"), _SHELLING),
    **dict.fromkeys(("missile strike", "rocket attack", "multiple rocket launcher"), _SHELLING),
    **dict.fromkeys(("cluster munition", "cluster munitions", "cluster bomb"), _SHELLING),
    **dict.fromkeys(("airstrike", "air strike", "airstrikes", "aerial bomb", "aerial bombing"), _STRIKE),
    **dict.fromkeys(("drone", "drone strike", "uav", "loitering munition"), _STRIKE),
    **dict.fromkeys(("mine", "landmine", "land mine", "ied", "unexploded ordnance", "uxo"), _MINE),
    **dict.fromkeys(("clash", "clashes", "firefight", "battle", "fighting", "combat"), _CLASH),
    **dict.fromkeys(("execution", "killing of civilians", "attack on civilians"), _ATTACK),
    **dict.fromkeys(
        ("abduction", "kidnapping", "enforced disappearance"), (_ATTACK[0], "Abduction/forced disappearance")
    ),
    **dict.fromkeys(("sexual violence", "rape"), (_ATTACK[0], "Sexual violence")),
    **dict.fromkeys(("protest", "demonstration", "rally"), ("Protests", "Peaceful protest")),
    "riot": ("Riots", "Violent demonstration"),
    **dict.fromkeys(("arrest", "arrests", "detention"), ("Strategic developments", "Arrests")),
    **dict.fromkeys(("ceasefire", "truce", "agreement"), ("Strategic developments", "Agreement")),
    **dict.fromkeys(("looting", "property destruction"), ("Strategic developments", "Looting/property destruction")),
    **dict.fromkeys(("evacuation", "displacement"), ("Humanitarian", "Evacuation or displacement")),
}
"""Values, folded, and the type and sub-type each plainly is."""
HARM = frozenset(("civilian casualties", "civilian casualty", "civilian harm", "civilians killed", "civilians injured"))
"""As a key (unless its value denies it) or a value of `KEYS`: Violence against civilians, where no weapon is told."""
_NO = frozenset(("", "no", "none", "0", "false", "unknown", "undefined", "n a", "not known"))

_ADDRESS = re.compile(r"https?://(?:[^\s/?#@]*@)?(\[[^\s\]]*\]|[^\s/?#:@]+)[^\s]*", re.IGNORECASE)
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ISO = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9:.]{4,18} ?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?")


def recognise(document: object) -> bool:
    """Whether parsed JSON is Bellingcat's list or TimeMap's document."""
    if isinstance(document, dict):
        events = document.get("events")
        if events == []:
            return isinstance(document.get("sources"), list | dict) or isinstance(document.get("associations"), list)
        return isinstance(events, list) and _mostly(events)
    return isinstance(document, list) and _mostly(document)


def _mostly(events: list[Any]) -> bool:
    first = events[:20]
    return sum(isinstance(e, dict) and _looks(e) for e in first) * 2 > len(first)


def _looks(event: dict[Any, Any]) -> bool:
    told = any(name in event for own in ("latitude", "place") for name in _NAMES[own])
    return "date" in event and told and any(n in event for n in ("description", "desc", "sources", "filters"))


# ── field by field ──────────────────────────────────────────────────────────────────────────────────────────


def _day(value: str) -> str:
    text = value.strip()
    try:
        if m := _AMERICAN.fullmatch(text):
            return dt.date(int(m[3]), int(m[1]), int(m[2])).isoformat()
        if m := _ISO.fullmatch(text):
            return dt.date.fromisoformat(m[1]).isoformat()
    except ValueError:  # no such day
        return value
    return value


def _american(value: str) -> str:
    m = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", value)
    return f"{m[2]}/{m[3]}/{m[1]}" if m else value


def _same(value: str) -> str:
    return value


def _id(value: str) -> str:
    return _PREFIX + value.strip() if value.strip() else ""


# Our column: how it is read, how it is written back.
_HELD: dict[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
    "event_id": (_id, lambda v: v.removeprefix(_PREFIX)),
    "event_date": (_day, _american),
    "latitude": (_same, shown),
    "longitude": (_same, shown),
    "place": (_same, _same),
    "notes": (_same, _same),
}


def _text(value: Any) -> str:
    """A JSON value as text: text as it stands, nothing for null, anything else as JSON."""
    if value is None or isinstance(value, str):
        return sound(value)
    try:
        return sound(json.dumps(value, ensure_ascii=False))
    except (ValueError, TypeError, RecursionError):
        return "(not readable)"


def _json(fields: dict[str, Any]) -> str:
    """Fields as strict JSON: NaN and infinities, which JSON lacks, become their names in quotes."""
    fields = {FORMAT: NAME, **fields}
    try:
        try:
            return sound(json.dumps(fields, ensure_ascii=False, allow_nan=False))
        except ValueError:
            named = json.loads(json.dumps(fields), parse_constant=str)
            return sound(json.dumps(named, ensure_ascii=False, allow_nan=False))
    except (ValueError, TypeError, RecursionError):
        return json.dumps({FORMAT: NAME, "unreadable": sorted(sound(name) for name in fields)}, ensure_ascii=False)


# ── sources, filters, types ─────────────────────────────────────────────────────────────────────────────────


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def _records(table: Any) -> dict[str, Any]:
    """TimeMap's sources or associations by id."""
    if isinstance(table, dict):
        return {str(key): record for key, record in table.items()}
    return {_text(r.get("id")): r for r in _list(table) if isinstance(r, dict)}


def _addresses(sources: list[Any]) -> Iterator[str]:
    for source in sources:
        found = source if isinstance(source, dict) else {"path": source}
        for value in (found.get("path"), *_list(found.get("paths")), found.get("url")):
            if isinstance(value, str) and _ADDRESS.fullmatch(value.strip()):
                yield value.strip()


def _pairs(event: Mapping[Any, Any], associations: list[Any]) -> Iterator[tuple[str, str]]:
    """Keys and values that may tell the type."""
    for found in _list(event.get("filters")):
        if isinstance(found, dict):
            yield _text(found.get("key")), _text(found.get("value"))
    for found in associations:
        if isinstance(found, dict) and _text(found.get("mode")).upper() in ("CATEGORY", "FILTER"):
            paths = [_text(p) for p in _list(found.get("filter_paths"))]
            category = found.get("mode") == "CATEGORY"
            yield ("category" if category else paths[0] if len(paths) > 1 else ""), _text(found.get("title"))
    for name in ("type", "category"):
        if name in event:
            yield name, _text(event[name])


def _kind(pairs: list[tuple[str, str]]) -> tuple[tuple[str, str], str] | None:
    """Type and sub-type, and the filter that tells it; None where none does."""
    codebook = load_codebook()
    harm: tuple[tuple[str, str], str] | None = None
    for key, value in pairs:
        folded_key, folded = fold(key), fold(value)
        if folded_key in HARM and folded not in _NO:
            harm = harm or (_ATTACK, key)
        if folded_key not in KEYS:
            continue
        if folded in HARM:
            harm = harm or (_ATTACK, f"{key}: {value}")
        elif folded in VALUES:
            return VALUES[folded], f"{key}: {value}"
        elif sub := codebook.find_sub_type(value):
            return (codebook.type_of[sub], sub), f"{key}: {value}"
        elif kind := codebook.find_type(value):
            return (kind, ""), f"{key}: {value}"
    return harm


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────


def to_table(raw: object) -> Mapped:
    """Bellingcat's list or TimeMap's document as a table; what is no event in it is a row that will be refused."""
    document: Mapping[Any, Any] = raw if isinstance(raw, dict) else {"events": raw}
    sources, associations = _records(document.get("sources")), _records(document.get("associations"))
    counts: Counter[str] = Counter()
    rows = [_row(event, sources, associations, document, counts) for event in _list(document.get("events"))]
    names = [*_HELD, "event_type", "sub_event_type", "source", "source_url", "extra"]
    frame = pd.DataFrame({n: pd.Series([r[n] for r in rows], dtype="str") for n in names})
    shape = "TimeMap's document" if isinstance(raw, dict) else "Bellingcat's list"
    notes = [counted(shape, len(frame))]
    untold = counts.pop("", 0)
    notes += [counted(told, n) for told, n in counts.most_common(30)]
    if untold:
        notes.append(counted(f"type not told by the file, so {' / '.join(_OTHER)}; filters kept in extra", untold))
    return Mapped(frame, tuple(notes))


def _row(
    event: Any, sources: dict[str, Any], associations: dict[str, Any], document: Mapping[Any, Any], counts: Counter[str]
) -> dict[str, str]:
    if not isinstance(event, dict):
        event = {"value": event}
    extra = {_own_key(sound(name)): value for name, value in event.items() if value not in ("", []) or name == "id"}
    row: dict[str, str] = {}
    for own, names in _NAMES.items():
        name = next((n for n in names if n in event), names[0])
        row[own] = _field(own, name, event.get(name, ""), extra)
    cited, grouped = _list(event.get("sources")), _list(event.get("associations"))
    found = {"source_records": _found(cited, sources), "association_records": _found(grouped, associations)}
    extra |= {name: records for name, records in found.items() if records}
    told = _kind(list(_pairs(event, [*found["association_records"], *grouped])))
    row["event_type"], row["sub_event_type"] = told[0] if told else _OTHER
    counts[f"{told[1][:80]} → {' / '.join(filter(None, told[0]))}" if told else ""] += 1
    row["source_url"] = next(_addresses([*cited, *found["source_records"]]), "")
    row["source"] = _publisher(event, document, row["source_url"])
    return row | {"extra": _json(extra)}


def _own_key(name: str) -> str:
    return f"event.{name}" if name in _OURS else name


def _field(own: str, name: str, value: Any, extra: dict[str, Any]) -> str:
    """The field read; taken out of extra where the table gives it back letter for letter."""
    read, back = _HELD[own]
    text = _text(value)
    made = read(text)
    whole = isinstance(value, str) and text == value and text == text.strip() and back(made) == text
    if whole and (own != "event_id" or text):
        extra.pop(name, None)
    return made


def _found(ids: list[Any], table: dict[str, Any]) -> list[Any]:
    return [table[key] for key in (_text(i) for i in ids if isinstance(i, str | int)) if key in table]


def _publisher(event: Mapping[Any, Any], document: Mapping[Any, Any], address: str) -> str:
    """Who the file says published it, else the host of the address."""
    for told in (event.get("source"), event.get("publisher"), document.get("publisher"), document.get("source")):
        if isinstance(told, str) and told.strip() and not _ADDRESS.fullmatch(told.strip()):
            return sound(told.strip())
    found = _ADDRESS.fullmatch(address)
    return sound(found[1].lower().removeprefix("www.")) if found else ""


def from_table(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Bellingcat's list from a table, typed or text.

    A field of `extra` stands unless the table's own value was changed since. Rows of other origin get their address as
    the one source, and their type as the one filter.
    """
    now = plain(frame)
    names = (*_HELD, "event_type", "source", "source_url")
    columns = [now[n].tolist() if n in now else [""] * len(now) for n in names]
    extras = frame["extra"].tolist() if "extra" in frame else [""] * len(now)
    rows = (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
    return [_event(row, _unpacked(extra)) for row, extra in zip(rows, extras, strict=True)]


def _unpacked(extra: object) -> dict[str, Any] | None:
    """The fields of one row's `extra`; None where the row did not come by this format."""
    try:
        found = json.loads(extra) if isinstance(extra, str) and extra.startswith("{") else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.pop(FORMAT, None) == NAME else None


def _event(row: dict[str, str], extra: dict[str, Any] | None) -> dict[str, Any]:
    if extra is None:
        event: dict[str, Any] = {_NAMES[own][0]: back(row[own]) for own, (_, back) in _HELD.items()}
        event["sources"] = [{"id": "1", "path": row["source_url"], "description": row["source"]}]
        return event | {"filters": [{"key": "Event type", "value": row["event_type"]}]}
    event = {}
    for own, (read, back) in _HELD.items():
        names = _NAMES[own]
        key = next((n for n in names if n in extra), None)
        kept = extra.pop(key) if key else None
        changed = own != "event_id" and back(read(_text(kept))).strip() != back(row[own]).strip()
        event[names[0]] = back(row[own]) if key is None or changed else kept
    sources = extra.pop("source_records", extra.pop("sources", None))
    event["sources"] = [_source(n, s) for n, s in enumerate(_list(sources), start=1)]
    groups = extra.pop("association_records", None)
    event["filters"] = extra.pop("filters", [_filter(g) for g in _list(groups)])
    return event | {name.removeprefix("event."): value for name, value in extra.items() if name not in event}


def _source(number: int, source: Any) -> Any:
    """A source in Bellingcat's shape; one that has it already stays as it is."""
    if isinstance(source, dict) and ("path" in source or not {"paths", "url"} & source.keys()) and "id" in source:
        return source
    found = source if isinstance(source, dict) else {"path": _text(source)}
    title = _text(found.get("description")) or _text(found.get("title"))
    path = _text(found.get("path")) or next(_addresses([found]), "")
    return {"id": _text(found.get("id")) or str(number), "path": path, "description": title}


def _filter(group: Any) -> dict[str, str]:
    found = group if isinstance(group, dict) else {"title": group}
    return {"key": _text(found.get("mode")), "value": _text(found.get("title"))}
