"""Text to places: sentences of our own, what they say of where, and what they do not say."""

import csv
import time
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.gazetteer import Gazetteer, distance_km
from geodata.geocoder import DATELINE, Geocoder, Mention
from geodata.phrases import moved
from geodata.wording import BEARINGS, Tokens, load_traps, load_wording
from tests.growth import grows_in_proportion

GAZETTEER = Gazetteer.load()
GEOCODER = Geocoder(GAZETTEER)
THEATRE = [place for place in GAZETTEER if place.country in {"Armenia", "Azerbaijan"}]


def find(text: str) -> list[Mention]:
    return GEOCODER.find(text)


def ids(text: str) -> list[str | None]:
    return [mention.place.place_id if mention.place else None for mention in find(text)]


def told(text: str) -> list[tuple[str, str | None, int]]:
    return [(m.text, m.place.place_id if m.place else None, m.geo_precision) for m in find(text)]


# Names


@pytest.mark.parametrize("place", THEATRE, ids=lambda place: place.place_id)
def test_every_place_of_the_theatre_is_found_by_its_first_name(place):
    found = find(f"Shells were heard in {place.name_en} overnight.")
    bearers = {m.place.place_id for m in found if m.place} | {o.place.place_id for m in found for o in m.others}
    assert place.place_id in bearers


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Füzuli", "fuzuli"),
        ("Fuzuli", "fuzuli"),
        ("FIZULI", "fuzuli"),
        ("Jebrail", "jabrayil"),
        ("Cəbrayıl", "jabrayil"),
        ("Jebrayyil", "jabrayil"),
        ("Mardakert", "martakert"),
        ("Agdere", "martakert"),
        ("Xocavənd", "martuni-karabakh"),
        ("Khojavend", "martuni-karabakh"),
        ("Terter", "tartar"),
        ("Agdam", "aghdam"),
        ("Gandja", "ganja"),
        ("Gyandzha", "ganja"),
        ("Kelbadjar", "kalbajar"),
        ("Zengelan", "zangilan"),
        ("Step’anakert", "stepanakert"),
        ("Step\u00adana\u200bkert", "stepanakert"),
        ("Fu\u0308zuli", "fuzuli"),
        ("#Stepanakert", "stepanakert"),
        ("Shusha's", "shushi"),
        ("Степанакерт", "stepanakert"),
        ("Ստեփանակերտ", "stepanakert"),
        ("Karmir-Shuka", "karmir-shuka"),
        ("the Karmir\nshuka", "karmir-shuka"),
    ],
)
def test_a_name_is_found_in_any_spelling(name, place_id):
    assert ids(f"Fighting goes on near {name} today.") == [place_id]


@pytest.mark.parametrize(
    ("name", "place_id"),
    [
        ("Stepanokert", "stepanakert"),
        ("Stepankert", "stepanakert"),
        ("Martakret", "martakert"),
        ("Zangilaan", "zangilan"),
        ("Ghazanchetsotz", "ghazanchetsots"),
    ],
)
def test_a_slip_in_a_longer_name_is_forgiven(name, place_id):
    (mention,) = find(f"Smoke rose over {name} at dawn; people fled from {name}.")[:1]
    assert mention.place is not None
    assert mention.place.place_id == place_id
    assert "letter" in mention.reason or "spelling" in mention.reason


@pytest.mark.parametrize("word", ["Sosh", "Bard", "Gores", "Turs", "Sushi", "Charter", "Children", "Seven", "Minivan"])
def test_a_short_name_or_a_word_is_never_forgiven_a_slip(word):
    assert ids(f"They came with {word} on Monday.") == []


def test_russian_armenian_azerbaijani_endings():
    assert ids("В Степанакерте тихо, под Гадрутом идут бои, в Мартунинском районе тоже.") == [
        "stepanakert",
        "hadrut",
        "martuni-district",
    ]
    assert ids("Обстрел Нагорного Карабаха и Лачинского коридора") == ["nagorno-karabakh", "lachin-corridor"]
    assert ids("Ստեփանակերտում պայթյուններ են, Շուշիից լուր չկա։") == ["stepanakert", "shushi"]
    assert ids("Xankəndidə və Füzulinin kəndlərində, Ağdam rayonunda, Cəbrayıl istiqamətində döyüşlər gedir.") == [
        "stepanakert",
        "fuzuli",
        "aghdam-district",
        "jabrayil",
    ]
    assert ids("Şuşa'da ve Laçın'ın") == ["shushi", "lachin"]


def test_the_longest_name_is_the_one():
    assert ids("They left by the Lachin corridor.") == ["lachin-corridor"]
    assert ids("peacekeepers at Stepanakert airport") == ["stepanakert-airport"]
    assert ids("in the Nagorno-Karabakh conflict zone") == ["zone-of-the-conflict"]


def test_two_names_of_one_place_are_one_mention():
    assert told("Shusha (Shushi) fell.") == [("Shusha (Shushi)", "shushi", 1)]
    assert told("Sugovushan/Madagiz was hit.") == [("Sugovushan/Madagiz", "mataghis", 1)]
    assert told("in Stepanakert (called Khankendi by Baku)")[0][:2] == ("Stepanakert (called Khankendi", "stepanakert")
    assert told("the district of Karvachar (Kalbajar)") == [
        ("district of Karvachar (Kalbajar)", "kalbajar-district", 2)
    ]
    assert ids("Hadrut, Hadrut and Hadrut") == ["hadrut"] * 3


def test_a_name_with_a_genitive_leaves_it_out():
    (mention,) = find("Hadrut's people left.")
    assert mention.text == "Hadrut"


# Offsets and directions


@pytest.mark.parametrize(
    ("text", "phrase", "place_id", "km", "bearing"),
    [
        ("Shells fell 5 km north of Hadrut.", "5 km north of Hadrut", "hadrut", 5.0, "N"),
        ("some 10km south-west of Lachin", "10km south-west of Lachin", "lachin", 10.0, "SW"),
        ("12.5 kilometres to the west of Goris", "12.5 kilometres to the west of Goris", "goris", 12.5, "W"),
        ("twenty kilometres south-east of Fuzuli", "twenty kilometres south-east of Fuzuli", "fuzuli", 20.0, "SE"),
        ("twenty-five kilometres east of Goris", "twenty-five kilometres east of Goris", "goris", 25.0, "E"),
        ("30 miles northeast of Kapan", "30 miles northeast of Kapan", "kapan", 48.28, "NE"),
        ("10-15 km north-west of Lachin", "10-15 km north-west of Lachin", "lachin", 12.5, "NW"),
        ("a dozen kilometers north of Shushi", "a dozen kilometers north of Shushi", "shushi", 12.0, "N"),
        ("half a mile south of Talish", "half a mile south of Talish", "talish", 0.805, "S"),
        ("one hundred and fifty km east of Goris", "one hundred and fifty km east of Goris", "goris", 150.0, "E"),
        ("500 metres east of the town of Berd", "500 metres east of the town of Berd", "berd", 0.5, "E"),
        ("30 km (18 miles) south of Vardenis", "30 km (18 miles) south of Vardenis", "vardenis", 30.0, "S"),
        ("8 км к северу от Гадрута", "8 км к северу от Гадрута", "hadrut", 8.0, "N"),
        ("7 km south of the Armenian village of Tegh", "7 km south of the Armenian village of Tegh", "tegh", 7.0, "S"),
    ],
)
def test_a_distance_and_a_direction_move_the_point(text, phrase, place_id, km, bearing):
    (mention,) = find(text)
    assert (mention.text, mention.bearing) == (phrase, bearing)
    assert mention.offset_km == pytest.approx(km, abs=0.01)
    place = GAZETTEER.get(place_id)
    assert place is mention.place
    assert mention.latitude is not None
    assert mention.longitude is not None
    assert distance_km((mention.latitude, mention.longitude), place.point) == pytest.approx(km, abs=0.02)
    assert mention.geo_precision == (2 if km <= 100 else 3)


@pytest.mark.parametrize("bearing", BEARINGS)
def test_moving_goes_the_right_way(bearing):
    latitude, longitude = moved(40.0, 46.0, 10.0, bearing)
    assert distance_km((40.0, 46.0), (latitude, longitude)) == pytest.approx(10.0, abs=0.02)
    assert (latitude > 40.001) == ("N" in bearing)
    assert (latitude < 39.999) == ("S" in bearing)
    assert (longitude > 46.01) == ("E" in bearing)
    assert (longitude < 45.99) == ("W" in bearing)


def test_moving_stays_on_the_globe():
    assert moved(0.0, 179.99, 10.0, "E")[1] < -179
    assert moved(89.99, 0.0, 100.0, "N")[0] <= 90


@pytest.mark.parametrize(
    ("text", "phrase", "place_id"),
    [
        ("Fighting near Hadrut", "near Hadrut", "hadrut"),
        ("a blast outside Stepanakert", "outside Stepanakert", "stepanakert"),
        ("heights near Talish fell", "heights near Talish", "talish"),
        ("on the outskirts of Stepanakert", "on the outskirts of Stepanakert", "stepanakert"),
        ("in the vicinity of the village of Tegh", "in the vicinity of the village of Tegh", "tegh"),
        ("around the strategic southern city of Shushi", "around the strategic southern city of Shushi", "shushi"),
        ("to the north of Goris", "north of Goris", "goris"),
        ("in the Jabrayil direction", "Jabrayil direction", "jabrayil"),
        ("in the Aghdara area", "Aghdara area", "martakert"),
        ("2-3 km from Hadrut", "2-3 km from Hadrut", "hadrut"),
        ("on the road to Shushi", "on the road to Shushi", "shushi"),
    ],
)
def test_by_a_place_is_less_precise_and_moves_nothing(text, phrase, place_id):
    (mention,) = find(text)
    assert mention.text == phrase
    assert mention.geo_precision == 2
    assert mention.place is not None
    assert mention.place.place_id == place_id
    assert (mention.latitude, mention.longitude) == mention.place.point


def test_far_from_a_place_in_no_direction_is_a_region():
    (mention,) = find("It fell 30 miles from Stepanakert.")
    assert mention.geo_precision == 3


def test_a_building_is_in_its_town():
    assert told("Protest outside the Yerevan parliament building")[0][1:] == ("yerevan", 1)


def test_between_two_towns_is_halfway():
    (mention,) = find("Clashes between Hadrut and Fuzuli went on.")
    assert mention.text == "between Hadrut and Fuzuli"
    hadrut, fuzuli = GAZETTEER.get("hadrut"), GAZETTEER.get("fuzuli")
    assert hadrut is not None
    assert fuzuli is not None
    point = (mention.latitude, mention.longitude)
    assert distance_km(point, hadrut.point) == pytest.approx(distance_km(point, fuzuli.point), abs=0.1)
    assert [other.place for other in mention.others] == [fuzuli]
    assert mention.geo_precision == 2


def test_between_parties_is_no_place():
    assert ids("talks between Baku and Yerevan") == ["baku", "yerevan"]
    assert ids("a truce between Armenia and Azerbaijan") == ["armenia", "azerbaijan"]


def test_a_road_lies_by_both_its_ends():
    found = told("Traffic on the Goris-Kapan road has resumed.")
    assert found == [("Goris", "goris", 2), ("Kapan", "kapan", 2)]


def test_the_road_through_the_corridor_is_the_corridor():
    found = told("Traffic on the Stepanakert-Goris highway has resumed.")
    assert found == [("Stepanakert-Goris highway", "lachin-corridor", 3)]


# Districts, regions, lines


def test_districts():
    assert told("people of the Hadrut region") == [("Hadrut region", "hadrut-district", 2)]
    assert ids("from the Mardakert, Martuni and Askeran districts") == [
        "martakert-district",
        "martuni-district",
        "askeran-district",
    ]
    assert ids("the Terter and Aghdam regions") == ["tartar-district", "aghdam-district"]
    assert ids("Terter and the Aghdam region") == ["tartar", "aghdam-district"]
    assert ids("the villages of the Terter, Aghdam and Aghjabadi districts") == [
        "tartar-district",
        "aghdam-district",
        "aghjabadi-district",
    ]
    assert ids("the Syunik province and Tavush") == ["syunik", "tavush"]


def test_flanks_of_the_front():
    assert told("in the southwestern, southeastern and northern directions") == [
        ("southwestern", "southern-line-of-contact", 3),
        ("southeastern", "southern-line-of-contact", 3),
        ("northern directions", "northern-line-of-contact", 3),
    ]
    assert ids("in the eastern sector of the front") == ["line-of-contact"]


def test_the_armenian_army_writes_q_for_k():
    assert ids("fighting in the Sotq area and in Qarin Tak") == ["sotk", "karintak"]


def test_directions_of_a_list():
    found = find("in the Aghdara–Aghdam and Fuzuli–Hadrut–Jabrayil directions")
    assert [m.place.place_id for m in found if m.place] == ["martakert", "aghdam", "fuzuli", "hadrut", "jabrayil"]
    assert {m.geo_precision for m in found} == {2}
    assert [m.geo_precision for m in find("near Talish, Mataghis and Hadrut")] == [2, 2, 2]
    assert [m.geo_precision for m in find("near Hadrut, Stepanakert was hit")] == [2, 1]
    assert ids("the Gubadli direction of the front") == ["qubadli"]


@pytest.mark.parametrize(
    ("text", "place_id"),
    [
        ("all along the line of contact", "line-of-contact"),
        ("along the entire contact line", "line-of-contact"),
        ("leaves for the front", "line-of-contact"),
        ("on the front line", "line-of-contact"),
        ("fire in the southern direction", "southern-line-of-contact"),
        ("in the southern part of the front", "southern-line-of-contact"),
        ("the northern sector", "northern-line-of-contact"),
        ("northern Karabakh", "northern-line-of-contact"),
        ("the southern part of the line of contact", "southern-line-of-contact"),
        ("the border between Armenia and Azerbaijan", "armenia-azerbaijan-border"),
        ("along the Armenian-Azerbaijani border", "armenia-azerbaijan-border"),
        ("Armenia's border with Azerbaijan", "armenia-azerbaijan-border"),
        ("near the Armenian border", "armenia-azerbaijan-border"),
        ("on the border with Iran", "azerbaijan-iran-border"),
        ("the Turkish-Armenian border", "armenia-turkey-border"),
        ("on the border", "armenia-azerbaijan-border"),
        ("over the breakaway region", "nagorno-karabakh"),
        ("Armenian territory", "armenia"),
        ("in the unrecognized Nagorno-Karabakh Republic (NKR)", "nagorno-karabakh"),
        ("southern Armenia", "armenia"),
    ],
)
def test_areas_are_regions(text, place_id):
    (mention,) = find(text)
    assert mention.place is not None
    assert mention.place.place_id == place_id
    assert mention.geo_precision == 3
    assert (mention.latitude, mention.longitude) == mention.place.point, "a region has no position to move"


@pytest.mark.parametrize("text", ["in the neutral zone", "at the Turkish-Syrian border"])
def test_an_area_that_the_gazetteer_has_not_has_no_point(text):
    (mention,) = find(text)
    assert (mention.place, mention.latitude, mention.longitude, mention.geo_precision) == (None, None, None, 3)


@pytest.mark.parametrize(
    "text", ["in front of the house", "on that front nothing moved", "the Popular Front", "Armenian people"]
)
def test_no_area_where_none_is_meant(text):
    assert ids(text) == []


def test_capitals():
    assert told("a rally in the Armenian capital") == [("Armenian capital", "yerevan", 1)]
    assert ids("a rally in the Armenian capital of Yerevan") == ["yerevan"]
    assert ids("the capital of Nagorno-Karabakh was shelled") == ["stepanakert"]
    assert ids("Stepanakert, the capital of the unrecognized Nagorno-Karabakh Republic") == ["stepanakert"]
    assert ids("Armenia's capital") == ["yerevan"]


def test_countries_are_mentions_without_a_position():
    assert told("Russia, the US and France") == [
        ("Russia", "russia", 3),
        ("US", "united-states", 3),
        ("France", "france", 3),
    ]


def test_villages_without_a_point_stand_for_their_district():
    found = find("Doshulu, Mahmudlu, Isagly, Horovlu and Dejal villages of Jabrayil region")
    assert [m.place.place_id for m in found if m.place] == [
        "jabrayil-district",
        "jabrayil-district",
        "jabrayil-district",
        "horovlu",
        "jabrayil-district",
        "jabrayil-district",
    ]
    assert [m.geo_precision for m in found] == [2, 2, 2, 1, 2, 2]
    assert [m.village for m in found] == ["Doshulu", "Mahmudlu", "Isagli", "", "Dejal", ""]
    assert "without a point of its own" in found[0].reason
    (mention,) = find("5 km north of Doshulu")
    assert mention.place is not None
    assert (mention.latitude, mention.longitude) == mention.place.point


# Namesakes


@pytest.mark.parametrize(
    ("text", "place_id"),
    [
        ("Martuni was shelled.", "martuni-karabakh"),
        ("Askeran and Martuni were shelled.", "martuni-karabakh"),
        ("Drones were seen over Vardenis, Sotk and Martuni.", "martuni-gegharkunik"),
        ("Martuni in Gegharkunik", "martuni-gegharkunik"),
        ("Gegharkunik's Martuni", "martuni-gegharkunik"),
        ("Martuni, Armenia", "martuni-gegharkunik"),
        ("Martuni, Nagorno-Karabakh", "martuni-karabakh"),
        ("the village of Movses in Tavush", "tavush"),
        ("YEREVAN (Sputnik) - Martuni in Nagorno-Karabakh was hit", "martuni-karabakh"),
        ("Shurnukh and Vorotan", "vorotan-goris"),
        ("the Dashkasan and Kalbajar directions", "dashkasan"),
    ],
)
def test_the_namesake_that_the_text_means(text, place_id):
    assert place_id in ids(text)


def test_the_reason_names_the_namesake_and_says_why():
    mention = find("Martuni in Gegharkunik")[0]
    assert mention.reason.startswith("exact name (Martuni); the text says that it lies in Gegharkunik; not Martuni in")
    assert {other.place.place_id for other in mention.others} == {"martuni-karabakh", "martuni-village-gegharkunik"}
    assert all(0.0 <= other.score <= 1.0 for other in mention.others)
    assert "named beside it" in find("Vardenis, Sotk and Martuni")[2].reason


def test_the_nearer_namesake_where_the_reader_looks():
    (mention,) = GEOCODER.find("Martuni", near=(40.15, 45.30))
    assert mention.place is not None
    assert mention.place.place_id == "martuni-gegharkunik"


@pytest.mark.parametrize(
    "text",
    ["He lives in Paris, Texas.", "He lives in Moscow, Idaho.", "the Georgia Senate runoff", "the state of Washington"],
)
def test_no_namesake_on_the_wrong_side_of_the_map(text):
    assert ids(text) == []


def test_georgia_is_the_country():
    assert ids("In Tbilisi, Georgia, and across Georgia") == ["tbilisi", "georgia", "georgia"]
    assert "georgia" not in ids("They met in Atlanta, Georgia.")


# Traps


@pytest.mark.parametrize(
    "text",
    [
        "The New York Times said",
        "the OSCE Minsk Group co-chairs",
        "under the Geneva Conventions",
        "the Treaty of Kars",
        "The Moscow Times",
        "the Jerusalem Post",
        "told Le Monde and RT Russia",
        "Baku-based analysts",
        "Turkey-backed fighters",
        "pro-Moscow politicians",
        "the Washington-mediated truce",
        "Speaker Ararat Mirzoyan was beaten",
        "spokesman Vahan Hunanyan denied it",
        "spokeswoman Shushan Stepanyan wrote",
        "the writer Khachatur Abovyan was read",
        "Vladimir Putin spoke",
        "President Washington and George Washington",
        "minister Lachin Mammadov resigned",
        "it told us that most of them came, reading the news",
        "Nice weather. Most came. Reading helps. Van drivers met.",
        "Hasanli said nothing",
        "seven children, a charter, a caravan and a minivan",
        "two people killed in Surprise Attack on Village Near River",
        "",
        "\x00\n\t —",
    ],
)
def test_what_is_no_place(text):
    assert ids(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("talks in Minsk, Geneva and Kars", ["minsk", "geneva", "kars"]),
        ("shells hit the village of Sus", ["sus"]),
        ("He flew to Nice.", ["gn-2990440"]),
        ("protests in Beirut and Lyon", ["gn-276781", "gn-2996944"]),
        ("the French city of Lyon", ["gn-2996944"]),
        ("Lyon, France", ["gn-2996944", "france"]),
        ("Goris Mayor said so", ["goris"]),
        ("in hadrut and stepanakert, shushi fell", ["hadrut", "stepanakert", "shushi"]),
        ("U.S. officials in the UK", ["united-states", "united-kingdom"]),
        ("Azerbaijan's Ganja", ["azerbaijan", "ganja"]),
    ],
)
def test_what_is_one(text, found):
    assert ids(text) == found


@pytest.mark.parametrize(
    ("text", "sent_from"),
    [
        ("BAKU, Azerbaijan, Oct. 4 (Reuters) - Ganja was shelled.", ["baku", "azerbaijan"]),
        ("YEREVAN, October 17. /TASS/. Hadrut is held.", ["yerevan"]),
        ("STEPANAKERT (Sputnik) - Blasts in Stepanakert.", ["stepanakert"]),
        ("MOSCOW/BAKU (AP) — Shelling of Terter.", ["moscow", "baku"]),
        ("YEREVAN, NOVEMBER 15, ARMENPRESS. Residents of Goris", ["yerevan"]),
        ("Yerevan, 15 November (Armenpress). Stepanakert was hit.", ["yerevan"]),
        ("Line one.\nTBILISI, Oct 3 - Georgia said", ["tbilisi"]),
        ("Yerevan says that Baku lied.", []),
        ("Shelling of Goris, 15 October 2020", []),
        ("Stepanakert was shelled (photo)", []),
    ],
)
def test_datelines(text, sent_from):
    marked = [m.place.place_id for m in find(text) if m.place and m.reason.startswith(DATELINE)]
    assert marked == sent_from


# Against a person's coding


def test_the_places_of_the_shipped_events_are_found_by_name():
    away = []
    for name, latitude, longitude in _shipped_places():
        mention = find(name)[0]
        assert mention.latitude is not None, name
        away.append(distance_km((mention.latitude, mention.longitude), (latitude, longitude)))
    assert len(away) > 200
    assert max(away) <= 1.0


def _shipped_places() -> list[tuple[str, float, float]]:
    text = (resources.files("events.data") / "karabakh.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return [(row["place"], float(row["latitude"]), float(row["longitude"])) for row in rows if row["place"]]


# Spans, and hostile text

PIECES = st.sampled_from(
    "Hadrut|Martuni|Stepanakert|Nagorno-Karabakh|Shusha (Shushi)|5 km north of |near |between | and |, |the |"  # noqa: SIM905
    "town of | district| districts| direction| border| with |Armenian |Azerbaijan| capital|-|–|/| |\n|'s |.|(|)|Paris|"
    "US|, Texas|BAKU, Oct. 4 (AP) - |twenty-five |miles |от |Гадрута|Հադրութից|Xankəndidə|\u200f|\x00|\u0301|’|"
    "the front|line of contact| of |10-15|km|southern part of |Doshulu|Jafarabad village".split("|")
)


def whole(text: str) -> None:
    end = 0
    for mention in GEOCODER.find(text):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        assert mention.geo_precision in {1, 2, 3}
        assert (mention.place is None) == (mention.latitude is None) == (mention.longitude is None)
        assert mention.reason
        assert mention.bearing in {"", *BEARINGS}
        end = mention.end


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_spans_of_pieces(text):
    whole(text)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_spans_of_any_text(text):
    whole(text)


UNITS = [
    "Hadrut ",
    "Martuni and ",
    "Hadrut-",
    "Shusha (",
    "BAKU, Azerbaijan, ",
    "between Hadrut and ",
    "5 km north of ",
    "border with Armenia and ",
    "the capital of the ",
    "Nagorno ",
    "a'",
    "a\u0301",
    "\u202e\u200f",
    "\x00",
    "1 -",
    "(",
    "Xagonolpter",
    "ա",
    "Степан",
]


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length(unit):
    assert grows_in_proportion(lambda size: GEOCODER.find(unit * (size // len(unit))), 20_000)


def test_a_hundred_thousand_places_on_one_line():
    text = "Hadrut, Martuni, " * 50_000
    start = time.process_time()
    assert len(GEOCODER.find(text)) == 100_000
    assert time.process_time() - start < 60


# The tables


def test_every_place_of_the_tables_is_in_the_gazetteer():
    wording = load_wording()
    wanted = {*wording.demonyms.values(), *wording.capitals, *wording.capitals.values(), *wording.borders.values()}
    wanted |= {place_id for place_id in wording.areas.values() if place_id} | set(wording.sides.values())
    wanted |= {key.rpartition(" ")[0] for key in wording.sides} | {
        side for key in wording.borders for side in key.split()
    }
    assert not {place_id for place_id in wanted if GAZETTEER.get(place_id) is None}


def test_every_bearing_of_the_wording_is_a_compass_point():
    assert set(load_wording().bearings.values()) == set(BEARINGS)


def test_traps_are_read():
    assert "new york times" in load_traps().phrases
    assert all(load_traps().words)


def test_villages_lie_in_districts_and_are_no_places_of_the_table():
    text = (resources.files("geodata") / "data" / "villages.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) > 200
    for row in rows:
        district = GAZETTEER.get(row["district"])
        assert district is not None, row
        assert district.kind == "district", row
        assert row["source"], row
        near = [place for place in GAZETTEER.resolve(row["name"]) if place.district == district.place_id]
        assert not near, f"{row['name']} has a point: {near}"


def test_words_have_their_places_in_the_text():
    tokens = Tokens("Step’anakert’s U.S. O'Brien")
    assert [tokens.raw(i) for i in range(len(tokens))] == ["Step’anakert", "U", "S", "O'Brien"]
    assert tokens.keys == ["stepanakert", "u", "s", "obrien"]


def test_a_gazetteer_of_a_few_places_is_enough():
    small = Geocoder(Gazetteer([place for place in GAZETTEER if place.place_id == "hadrut"], world=False))
    found = small.find("near Hadrut and Lyon, 5 km from the Armenian capital; in Doshulu; the front")
    assert [(m.text, m.place is None) for m in found] == [("near Hadrut", False), ("the front", True)]
