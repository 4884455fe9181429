"""Tables of events made up at random, as the text a file holds; the same seed gives the same table."""

import datetime as dt
import random

import pandas as pd

from events.formats.mapping import Mapped
from events.schema import NAMES, check

FIRST = dt.date(2020, 9, 25)

KINDS = [
    ("Battles", "Armed clash"),
    ("Battles", "Government regains territory"),
    ("Battles", ""),
    ("Explosions/Remote violence", "Shelling/artillery/missile attack"),
    ("Explosions/Remote violence", "Air/drone strike"),
    ("Protests", "Peaceful protest"),
    ("Strategic developments", "Other"),
    ("Diplomacy", "Denial"),
    ("Humanitarian", "Casualty count"),
]

# As a file writes an actor → the one name it goes by.
ACTORS = {
    "Government of Azerbaijan": "Government of Azerbaijan",
    "BAKU": "Government of Azerbaijan",
    "Military Forces of Azerbaijan (2003-)": "Military Forces of Azerbaijan",
    "Azerbaijani army": "Military Forces of Azerbaijan",
    "Military Forces of Armenia": "Military Forces of Armenia",
    "armenian forces": "Military Forces of Armenia",
    "Türkiye": "Government of Turkey",
    "Government of Turkey (2016-)": "Government of Turkey",
    "Journalists": "Journalists",
    "Le 100% Front_Libre": "Le 100% Front_Libre",
    'O\'Brien \\ "Sons"': 'O\'Brien \\ "Sons"',
    "Ղարաբաղի ուժեր": "Ղարաբաղի ուժեր",
}
CLAIMANTS = ["", "Government of Azerbaijan", "Government of Armenia", "Sputnik", "Агентство «Север»", "100%", "Baku"]

# place, place_id, latitude, longitude: of the gazetteer, namesakes, unknown to it, on the edges of the world.
PLACES = [
    ("Hadrut", "hadrut", "39.52", "47.032"),
    ("Stepanakert", "stepanakert", "39.8177", "46.7528"),
    ("Martuni", "martuni-karabakh", "39.8", "47.1"),
    ("Martuni", "martuni-gegharkunik", "40.14", "45.3"),
    ("Martuni", "", "39.79", "47.12"),
    ("Nagorno-Karabakh", "nagorno-karabakh", "39.8", "46.8"),
    ("Hadrut", "", "", ""),
    ("Nowhere at all", "", "", ""),
    ("", "", "", ""),
    ("", "", "39.5", "46.5"),
    ("Ağ_dam 50%", "", "40.0", "47.0"),
    ("Taveuni", "", "-16.8", "179.99"),
    ("Labasa", "", "-16.4", "-179.98"),
    ("The line itself", "", "-16.5", "180"),
    ("The line, from the east", "", "-16.5", "-180"),
    ("South Pole", "", "-90", "0"),
    ("North Pole", "", "90", "-30.5"),
    ("Null Island", "", "0", "0"),
]

NOTES = [
    "",
    "Shells fell on the town; 5 wounded.",
    "A 100% loss, it was said_so.",
    "back\\slash and 'quotes' and \"more\"",
    "Ստեփանակերտ was shelled",
    "Ходжалы под огнём",
    "Şuşa, Xocavənd, naïve façade",
    "emoji 🕊 and ﬁne ligatures ①",
    "two\nlines, a comma; a tab\there",
    "漢字 and ع رب ي",
    "=SUM(A1:A9)",
]

WORDS = [
    "", "shell", "SHELLS fell", "100%", "%", "_", "\\", "loss said", "d_so", "back\\slash", "stepanakert", "Xankəndi",
    "ходжалы", "Xocalı", "susa", "naive", "fine 1", "🕊", "漢字", "ع", "sum(a1", "baku", "azerbaijani army",
    "hadrut battles", "martuni gegharkunik", "e", "x y z", "front libre", "o'brien", "no such word", "id-0",
]  # fmt: skip


def random_rows(seed: int, n: int) -> list[dict[str, str]]:
    rng = random.Random(seed)
    return [_row(rng, number) for number in range(n)]


def _row(rng: random.Random, number: int) -> dict[str, str]:
    kind, sub = rng.choice(KINDS)
    first = FIRST + dt.timedelta(rng.randrange(25))
    last = first + dt.timedelta(rng.choice([0, 0, 0, 1, 2, 9]))
    place, place_id, lat, lon = rng.choice(PLACES)
    made = {
        "event_id": f"id-{rng.randrange(10**6)}-{number}{rng.choice(['', ' x', '%', 'ə'])}",
        "incident_id": rng.choice(["", "", "one", "two"]),
        "event_date": first.isoformat(),
        "event_end": rng.choice([last.isoformat(), ""]) if last == first else last.isoformat(),
        "time_precision": rng.choice(["", "1", "2", "3"]),
        "event_type": kind,
        "sub_event_type": sub,
        "actor1": rng.choice(["", *ACTORS]),
        "actor2": "; ".join(rng.choices(list(ACTORS), k=rng.choice([0, 0, 1, 2, 3]))),
        "claimant": rng.choice(CLAIMANTS),
        "country": rng.choice(["", "Azerbaijan", "Fiji"]),
        "admin1": rng.choice(["", "Khojavend"]),
        "place": place,
        "place_id": place_id,
        "latitude": lat,
        "longitude": lon,
        "geo_precision": rng.choice(["", "1", "1", "2", "3"]),
        "fatalities": rng.choice(["", "0", "3", "3000"]),
        "injured": rng.choice(["", "12"]),
        "notes": rng.choice(NOTES),
        "source": rng.choice(["", "Sputnik", "Press TV"]),
        "source_time": rng.choice(["", "2020-10-02", "2020-10-02T12:36Z"]),
        "evidence": rng.choice(["", "03:26 GMT 03.10.2020, sentence 2"]),
    }
    return {name: made.get(name, "") for name in NAMES}


def as_text(rows: list[dict[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(NAMES), dtype="str")


def checked(rows: list[dict[str, str]]) -> pd.DataFrame:
    found = check(as_text(rows), "a table made up at random")
    assert found.rejected.empty, found.rejected
    return found.accepted


# ── what a mapping of a format gives ────────────────────────────────────────────────────────────────────────


def raw(*rows: dict[str, str]) -> pd.DataFrame:
    """A piece of a file as text."""
    return pd.DataFrame(list(rows), dtype="str")


def typed(mapped: Mapped) -> pd.DataFrame:
    """The typed rows of a mapping, `extra` beside them; none may be refused."""
    found = check(mapped.frame, "a made-up file")
    assert found.rejected.empty, found.rejected
    return found.accepted.assign(extra=mapped.frame["extra"].to_numpy())


def first(mapped: Mapped) -> dict[str, str]:
    """The first row of a mapping, by the table's columns."""
    return {str(name): value for name, value in mapped.frame.iloc[0].items()}
