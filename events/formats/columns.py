"""Tables of events with this project's columns, or with columns that a user names.

`guess` tells by their names which columns of a file are ours; `parse_map` reads what a user says instead
(`--map date=Datum,latitude=Lat,event_type='Battles'`). `to_table` then renames, and reads days and coordinates
of other styles where they can be read in one way only:

* days: 2020-10-02, 2020/10/2, 20201002, 02.10.2020 (day first, as everywhere dots are used), 2 October 2020 and
  October 2, 2020 (English, German, Russian, Azerbaijani and Armenian months). 10/02/2020 and 10-02-2020 only when the
  whole column tells the order (some day is above 12, no month is); see `day_first`;
* a day with a clock time is that day as written, unless the time is marked as UTC and is not midnight: the local
  day is then not known;
* coordinates with a decimal comma (40,12);
* NA, n/a, null, none, nan and a dash are empty cells in columns of days and numbers.

What cannot be read stays as it is, for `events.schema.check` to refuse with its reason. What the table's columns do not
hold letter for letter stands in `extra`, a JSON object under the file's own names of columns.
"""

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from events.codebook import load_codebook
from events.formats.fields import FORMAT, OWN, SLASHED, TIME, counted, day_first, pack, slashed
from events.formats.mapping import Mapped
from events.schema import COLUMNS
from events.texts import each
from geodata.names import fold

NAME = "columns"
_KIND = {c.name: c.kind for c in COLUMNS}

# A row's number in the reader's pieces and its fault are no field of the file.
NOT_OF_THE_FILE = ("_fault",)

# Other names of the columns, folded when compared, best first: English, German, Russian, Azerbaijani, Armenian.
ALIASES: dict[str, str] = {
    "event_id": "event id, id, event id cnty, kennung, номер, ид",
    "incident_id": "incident id, incident number",
    "event_date": "date, event date, day, date of event, incident date, date start, start date, start, datum, "
    "ereignisdatum, tag, дата, день, дата события, tarix, gün, hadisə tarixi, ամսաթիվ, օր",
    "event_end": "end date, date end, end, bis, enddatum, дата окончания, конец, bitmə tarixi, son, ավարտ",
    "time_precision": "date precision, time precision",
    "event_type": "type, event type, category, kind, incident type, typ, art, kategorie, ereignistyp, тип, категория, "
    "тип события, вид, növ, tip, kateqoriya, hadisə növü, տեսակ, տիպ",
    "sub_event_type": "sub type, subtype, sub event type, subcategory, untertyp, unterart, подтип, alt növ, ենթատեսակ",
    "actor1": "actor, actor 1, side a, perpetrator, attacker, akteur, akteur 1, täter, сторона, актор, актор 1, "
    "сторона 1, tərəf, tərəf 1, կողմ, կողմ 1",
    "actor2": "actor 2, side b, target, victim, akteur 2, ziel, opfer, сторона 2, актор 2, tərəf 2, hədəf, կողմ 2",
    "claimant": "claimed by, who says, according to, laut, по данным, заявитель, iddia edən, հայտարարող",
    "country": "country, land, staat, страна, государство, ölkə, երկիր",
    "admin1": "adm 1, province, region, district, provinz, bezirk, область, район, регион, rayon, bölgə, մարզ, շրջան",
    "place": "location, place, town, city, village, settlement, place name, location name, locality, site, ort, stadt, "
    "dorf, ortschaft, место, город, село, населённый пункт, локация, yer, məkan, şəhər, kənd, məntəqə, վայր, տեղ, "
    "քաղաք, գյուղ, բնակավայր",
    "latitude": "lat, latitude, y, lat dd, gps lat, breite, breitengrad, geografische breite, широта, enlik, "
    "en dairəsi, լայնություն",
    "longitude": "lon, lng, long, longitude, x, lon dd, gps lon, länge, längengrad, geografische länge, долгота, "
    "uzunluq, երկայնություն",
    "geo_precision": "geo precision, location precision, where prec",
    "fatalities": "fatalities, deaths, killed, dead, best, tote, todesopfer, getötete, погибшие, погибло, убито, "
    "жертвы, ölənlər, həlak olanlar, ölü sayı, զոհեր, զոհված",
    "fatalities_low": "low, fatalities low, deaths low, fatalities min, deaths min",
    "fatalities_high": "high, fatalities high, deaths high, fatalities max, deaths max",
    "injured": "injured, wounded, injuries, verletzte, verwundete, раненые, ранено, yaralılar, yaralı, վիրավորներ",
    "notes": "notes, description, desc, title, headline, summary, text, comment, comments, details, beschreibung, "
    "notizen, bemerkung, titel, описание, заметки, примечание, заголовок, комментарий, təsvir, qeyd, qeydlər, başlıq, "
    "նկարագրություն, նշումներ, վերնագիր",
    "source": "source, sources, publisher, outlet, quelle, quellen, источник, источники, mənbə, աղբյուր",
    "source_url": "source url, url, link, source link, href, web, ссылка, адрес, keçid, հղում",
    "source_time": "source date, source time, published, date published, veröffentlicht, опубликовано, dərc tarixi",
}
_MAP_NAMES = {"date": "event_date", "lat": "latitude", "lon": "longitude", "lng": "longitude", "long": "longitude"}
_MAP_NAMES |= {
    "end": "event_end",
    "type": "event_type",
    "subtype": "sub_event_type",
    "actor": "actor1",
    "url": "source_url",
}

_MONTH_WORDS = (
    "january jan januar jänner январь января янв yanvar yan հունվար հունվարի",
    "february feb februar февраль февраля фев fevral fev փետրվար փետրվարի",
    "march mar märz март марта мар mart մարտ մարտի",
    "april apr апрель апреля апр aprel ապրիլ ապրիլի",
    "may mai май мая մայիս մայիսի",
    "june jun juni июнь июня июн iyun հունիս հունիսի",
    "july jul juli июль июля июл iyul հուլիս հուլիսի",
    "august aug август августа авг avqust avq օգոստոս օգոստոսի",
    "september sep sept сентябрь сентября сен сент sentyabr sen սեպտեմբեր սեպտեմբերի",
    "october oct oktober okt октябрь октября окт oktyabr հոկտեմբեր հոկտեմբերի",
    "november nov ноябрь ноября ноя нояб noyabr noy նոյեմբեր նոյեմբերի",
    "december dec dezember dez декабрь декабря дек dekabr dek դեկտեմբեր դեկտեմբերի",
)
_MONTHS = {fold(word): n for n, words in enumerate(_MONTH_WORDS, start=1) for word in words.split()}

_MIDNIGHT = re.compile(r"[0:.]+")
_UTC = re.compile(r"Z|UTC|GMT|[+-]00:?00")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DOTTED = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")
_WORDED = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|\.)?[ /-]{1,2}([^\W\d_]{3,12})\.?,?[ /-]([0-9]{4})(?: ?(?:г\.?|года|թ\.?))?"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,12})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_COMMA = re.compile(r"([+-]?[0-9]{1,3}),([0-9]+)")
_EMPTY = frozenset({"na", "n/a", "nan", "null", "none", "-", "–", "—"})


# ── text in columns: used by the other mappings, too ────────────────────────────────────────────────────────


def sound(value: object) -> str:
    """Text that can be stored: nothing for None; half a character (a lone surrogate) is U+FFFD."""
    text = "" if value is None else value if isinstance(value, str) else str(value)
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def as_text(column: pd.Series) -> pd.Series:
    """A column as text without gaps."""
    if isinstance(column.dtype, pd.StringDtype):
        return column.astype("str").fillna("")
    filled = column.astype("object").where(column.notna(), "")
    return filled.map(sound).astype("str")


# ── which column is which ───────────────────────────────────────────────────────────────────────────────────


def _key(name: str) -> str:
    return fold(name).replace(" ", "")


def guess(header: Sequence[str]) -> dict[str, str]:
    """Our columns ← the file's, as far as their names tell: our own names, else well-known others.

    No column of the file stands for two of ours. A lone x or y is no coordinate.
    """
    by_key: dict[str, str] = {}
    for name in header:
        by_key.setdefault(_key(name), name)
    found = {own: own for own in OWN if own in header}
    for own in OWN:
        keys = (_key(own), *(_key(alias) for alias in ALIASES.get(own, "").split(",") if alias))
        taken = set(found.values())
        match = next((by_key[k] for k in keys if k in by_key and by_key[k] not in taken), None)
        if own not in found and match is not None:
            found[own] = match
    if ("latitude" in found) != ("longitude" in found):
        found = {own: name for own, name in found.items() if _key(name) not in ("x", "y")}
    return {own: found[own] for own in OWN if own in found}


_ITEM = re.compile(r"""\s*([^=,]*?)\s*=\s*('[^']*'|"[^"]*"|[^,]*?)\s*(?:,|$)""")


def parse_map(text: str) -> dict[str, str]:
    """Read `date=Datum,latitude=Lat,event_type='Battles'`: our column = the file's; in quotes, one value for every row.

    Raises ValueError that says what is wrong.
    """
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        item = _ITEM.match(text, at)
        if item is None:
            raise ValueError(f"{text[at:].partition(',')[0].strip()!r} is not of the form column=Name")
        own, value = _MAP_NAMES.get(item[1].lower(), item[1].lower()), item[2]
        if own not in OWN:
            raise ValueError(f"{item[1]!r} is not a column of the table; these are: date, lat, lon, {', '.join(OWN)}")
        if not value or value in ("''", '""'):
            raise ValueError(f"nothing stands behind {item[1]!r}=")
        if value[0] in "'\"" and _constant(value) is None:
            raise ValueError(f"the quote in {value} is not closed")
        if own in found:
            raise ValueError(f"{own!r} is given twice")
        found[own] = value
        at = item.end()
    if not found:
        raise ValueError("it is empty; give it as date=Datum,latitude=Lat")
    return found


def _constant(value: str) -> str | None:
    quoted = len(value) >= 2 and value[0] in "'\"" and value[-1] == value[0]
    return value[1:-1] if quoted else None


# ── days and numbers ────────────────────────────────────────────────────────────────────────────────────────


def _day(value: str, slashes: bool | None) -> str:
    """A day in ISO 8601, or the value as it stands."""
    text = value.strip()
    if len(text) > 60:
        return value
    time = TIME.search(text)
    if time:
        if _UTC.fullmatch(time[2] or "") and not _MIDNIGHT.fullmatch(time[1]):
            return value
        text = text[: time.start()].strip()
    parts = _parts(text, slashes)
    try:
        return dt.date(*parts).isoformat() if parts else value
    except ValueError:  # no such day
        return value


def _parts(text: str, slashes: bool | None) -> tuple[int, int, int] | None:
    if m := _YEAR_FIRST.fullmatch(text) or _DIGITS.fullmatch(text):
        return int(m[1]), int(m[2]), int(m[3])
    if m := _DOTTED.fullmatch(text):
        return int(m[3]), int(m[2]), int(m[1])
    if m := _WORDED.fullmatch(text):
        return int(m[3]), _MONTHS.get(fold(m[2]), 0), int(m[1])
    if m := _MONTH_FIRST.fullmatch(text):
        return int(m[3]), _MONTHS.get(fold(m[1]), 0), int(m[2])
    if slashes is not None and (m := SLASHED.fullmatch(text)):
        return int(m[3]), *((int(m[2]), int(m[1])) if slashes else (int(m[1]), int(m[2])))
    return None


def _reader(own: str, slashes: bool | None) -> Callable[[str], str]:
    kind, codebook = _KIND[own], load_codebook()
    if own == "event_type":
        return lambda v: codebook.find_type(v) or v
    if own == "sub_event_type":
        return lambda v: codebook.find_sub_type(v) or v
    if kind == "text":
        return lambda v: v
    if kind == "day":
        return lambda v: "" if v.strip().lower() in _EMPTY else _day(v, slashes)
    if kind == "moment":
        return lambda v: "" if v.strip().lower() in _EMPTY else v if v.strip()[4:5] == "-" else _day(v, slashes)
    return _number


def _number(value: str) -> str:
    text = value.strip()
    if text.lower() in _EMPTY:
        return ""
    return _COMMA.sub(r"\1.\2", text) if _COMMA.fullmatch(text) else value


def shown(value: str) -> str:
    """A number as the typed table prints it, 39.52 or 39; anything else as it stands."""
    try:
        number = float(value) if len(value) < 40 else math.nan
    except ValueError:
        return value
    if not abs(number) < 1e15:
        return value
    return str(int(number)) if number == int(number) else repr(number)


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────


def to_table(raw: pd.DataFrame, mapping: Mapping[str, str], *, slashes: bool | None = None) -> Mapped:
    """Rename and read a table's columns: `mapping` is our column ← the file's, or a value in quotes for every row.

    Where a table comes in pieces, `slashes` is what `day_first` says of the whole column; else this piece tells.
    Raises ValueError when the file has no such column.
    """
    columns = _unlike(raw)
    chosen = {own: _source(name, columns) for own, name in mapping.items() if own in OWN}
    days = [columns[n] for own, n in chosen.items() if n is not None and _KIND[own] in ("day", "moment")]
    if slashes is None:
        slashes = day_first(v for column in days for v in column.unique())
    out: dict[str, pd.Series] = {}
    rest = {name: column for name, column in columns.items() if name not in NOT_OF_THE_FILE}
    notes: list[str] = []
    for own in (name for name in OWN if name in chosen):
        name = chosen[own]
        if name is None:
            out[own] = pd.Series(_constant(mapping[own]), index=raw.index, dtype="str")
            notes.append(counted(f"{own} ← {mapping[own]} for every row", len(raw)))
            continue
        read = _reader(own, slashes)
        out[own] = each(columns[name], read)
        rest[name] = each(rest[name], _not_held(own, name, read))
        notes += _said(own, name, columns[name], out[own])
    notes += _left(days, slashes)
    unused = [n for n in rest if n not in chosen.values() and n != "extra"]
    if unused:
        notes.append(f"kept in extra: {', '.join(unused[:20])}{' …' if len(unused) > 20 else ''}")
    extra = _extra(rest, raw.index, carried="extra" in rest and "extra" not in chosen.values())
    if (extra != "").any():
        out["extra"] = extra
    return Mapped(pd.DataFrame(out, index=raw.index), tuple(notes))


def _unlike(raw: pd.DataFrame) -> dict[str, pd.Series]:
    """The columns by name; a name that stands there again gets a number."""
    columns: dict[str, pd.Series] = {}
    for n, label in enumerate(raw.columns):
        name, again = sound(label), 1
        while name in columns or name == FORMAT:  # that name is the mark of `extra`
            again += 1
            name = f"{sound(label)} ({again})"
        columns[name] = as_text(raw.iloc[:, n])
    return columns


def _source(name: str, columns: Mapping[str, pd.Series]) -> str | None:
    """The file's column so named, whatever its case; None for a value in quotes."""
    wanted = name.strip().casefold()
    found = name if name in columns else next((c for c in columns if c.strip().casefold() == wanted), None)
    if found is None and _constant(name) is None:
        raise ValueError(f"there is no column {name!r}; the file has: {', '.join(list(columns)[:50])}")
    return found


def _not_held(own: str, name: str, read: Callable[[str], str]) -> Callable[[str], str]:
    # A number under the table's own name is the number, 39.0 as 39: our own files would else never read as written.
    number = _KIND[own] in ("integer", "decimal")
    return lambda v: "" if read(v) == v == v.strip() and (not number or name == own or shown(v) == v) else v


def _said(own: str, name: str, before: pd.Series, after: pd.Series) -> list[str]:
    filled, changed = int((before != "").sum()), int((before != after).sum())
    if name == own and not changed:
        return []
    notes = [counted(f"{own} ← {name}", filled)]
    return [*notes, counted(f"{own} ← {name}, in another style", changed)] if changed else notes


def _left(days: Sequence[pd.Series], slashes: bool | None) -> list[str]:
    """Days that can be read in two ways."""
    if slashes is not None:
        return []
    count = sum(int((each(d, lambda v: "1" if slashed(v) else "") != "").sum()) for d in days)
    if not count:
        return []
    return [counted("left as they are, since the column does not tell the day from the month, as in 10/02/2020", count)]


def _extra(rest: Mapping[str, pd.Series], index: pd.Index, *, carried: bool) -> pd.Series:
    """What the table does not hold; a column `extra` of ours is carried on, the new fields added to it."""
    mark = json.dumps({FORMAT: NAME})
    fields = dict(rest)
    before = pd.Series("", index=index, dtype="str")
    if carried:
        before = each(rest["extra"], lambda v: v.strip() if _is_object(v.strip()) else "")
        fields["extra"] = rest["extra"].where(before == "", "")
    fresh = pack(pd.DataFrame(fields, index=index), pd.DataFrame(index=index), NAME)
    fresh = fresh.where(fresh != mark, "")
    both = before.str.slice(stop=-1) + fresh.str.slice(len(mark) - 1)
    return both.where((before != "") & (fresh != ""), before + fresh)


def _is_object(text: str) -> bool:
    try:
        return text[:1] == "{" and bool(json.loads(text))
    except (ValueError, RecursionError):
        return False
