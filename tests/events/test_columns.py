import json
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.formats.columns import ALIASES, OWN, day_first, guess, parse_map, shown, to_table
from events.schema import NAMES, check


def raw(**columns):
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in columns.items()})


def mapped(mapping, **columns):
    return to_table(raw(**columns), mapping)


def days(*values, **options):
    return to_table(raw(d=list(values)), {"event_date": "d"}, **options).frame["event_date"].tolist()


# ── which column is which ───────────────────────────────────────────────────────────────────────────────────


def test_our_own_names_are_ours():
    assert guess(OWN) == {name: name for name in OWN}
    assert guess(["EVENT_DATE", "Event Type", "geoPrecision"]) == {
        "event_date": "EVENT_DATE",
        "event_type": "Event Type",
        "geo_precision": "geoPrecision",
    }


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            ["Date", "Type", "Lat", "Lng", "Town", "Description", "Link", "Killed", "Actor"],
            "event_date event_type latitude longitude place notes source_url fatalities actor1",
        ),
        (
            ["Datum", "Typ", "Breite", "Länge", "Ort", "Beschreibung", "Quelle", "Tote"],
            "event_date event_type latitude longitude place notes source fatalities",
        ),
        (
            ["Дата", "Тип события", "Широта", "Долгота", "Населённый пункт", "Описание", "Источник", "Погибшие"],
            "event_date event_type latitude longitude place notes source fatalities",
        ),
        (
            ["Tarix", "Növ", "Enlik", "Uzunluq", "Yer", "Təsvir", "Mənbə", "Yaralılar"],
            "event_date event_type latitude longitude place notes source injured",
        ),
        (
            ["Ամսաթիվ", "Տեսակ", "Լայնություն", "Երկայնություն", "Վայր", "Նկարագրություն", "Աղբյուր", "Զոհեր"],
            "event_date event_type latitude longitude place notes source fatalities",
        ),
        (["day", "x", "y"], "event_date longitude latitude"),
    ],
)
def test_well_known_names_in_five_languages(header, expected):
    assert guess(header) == dict(sorted(zip(expected.split(), header, strict=True), key=lambda p: OWN.index(p[0])))


def test_our_own_name_and_the_better_alias_win():
    assert guess(["datum", "event_date"]) == {"event_date": "event_date"}
    assert guess(["title", "description"])["notes"] == "description"
    assert guess(["x", "lon", "lat"]) == {"latitude": "lat", "longitude": "lon"}


def test_a_lone_x_is_no_coordinate():
    assert guess(["date", "x"]) == {"event_date": "date"}
    assert guess(["y"]) == {}


def test_strange_headers_tell_nothing():
    assert guess([]) == {}
    assert guess(["", "???", "\x00", "colour"]) == {}


def test_aliases_are_of_our_columns():
    assert set(ALIASES) <= set(OWN)


# ── --map ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_map_as_a_user_writes_it():
    assert parse_map("date=Datum, lat = Lat,lon=Long,notes=Was war") == {
        "event_date": "Datum",
        "latitude": "Lat",
        "longitude": "Long",
        "notes": "Was war",
    }
    assert parse_map("event_type='Battles',date=d") == {"event_type": "'Battles'", "event_date": "d"}
    assert parse_map('type="Explosions, all",date=a=b') == {"event_type": '"Explosions, all"', "event_date": "a=b"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("date", "'date' is not of the form column=Name"),
        ("date=Datum,lat", "'lat' is not of the form"),
        ("colour=Farbe", "'colour' is not a column of the table"),
        ("=x", "'' is not a column"),
        ("date=", "nothing stands behind 'date'="),
        ("type=''", "nothing stands behind 'type'="),
        ("type='Battles", "is not closed"),
        ("date=a,event_date=b", "'event_date' is given twice"),
    ],
)
def test_a_wrong_map_is_told(text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        parse_map(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="date=,'\" xlonÄ\n", max_size=30))
def test_any_map_is_read_or_told(text):
    try:
        found = parse_map(text)
    except ValueError:
        return
    assert found


def test_a_column_that_is_not_there_is_told():
    with pytest.raises(ValueError, match="no column 'Datum'; the file has: date"):
        mapped({"event_date": "Datum"}, date=["2020-10-02"])


# ── days ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "2020-10-02",
        "2020/10/2",
        "20201002",
        "02.10.2020",
        "2. 10. 2020",
        "2 October 2020",
        "02-Oct-2020",
        "2nd Oct 2020",
        "October 2, 2020",
        "Oct 2 2020",
        "2. Oktober 2020",
        "2 октября 2020 г.",
        "2 oktyabr 2020",
        "2 հոկտեմբերի 2020",
        "2020-10-02 00:00:00",
        "2020-10-02T00:00:00Z",
        "2020-10-02 14:30",
        "2020-10-02T14:30:00+04:00",
        "02.10.2020 14:30",
        " 2020-10-02 ",
    ],
)
def test_days_that_can_be_read_in_one_way(text):
    assert days(text) == ["2020-10-02"]


@pytest.mark.parametrize(
    "text",
    [
        "10/02/2020",
        "02-10-2020",
        "2020-10-02T22:30:00Z",  # another day in the Caucasus
        "2020-13-02",
        "31.02.2020",
        "10.25.2020",
        "2 Foo 2020",
        "9-May-20",
        "October 2020",
        "2020",
        "44106",
        "yesterday",
        "1" * 5000,
        "٢٠٢٠-١٠-٠٢",
    ],
)
def test_other_days_stay_as_they_are_and_are_refused(text):
    assert days(text) == [text]
    result = mapped({"event_date": "d", "event_type": "'Battles'"}, d=[text])
    assert "event_date" in set(check(result.frame, "t").rejected["field"])


def test_the_column_tells_the_order_of_day_and_month():
    assert days("02/10/2020", "25/10/2020") == ["2020-10-02", "2020-10-25"]
    assert days("10/02/2020", "10/25/2020 0:00") == ["2020-10-02", "2020-10-25"]
    assert days("25/10/2020", "10/25/2020", "01/02/2020") == ["25/10/2020", "10/25/2020", "01/02/2020"]
    assert (day_first(["25/10/2020"]), day_first(["10/25/2020"]), day_first(["01/02/2020", "x"])) == (True, False, None)


def test_a_piece_of_a_table_is_read_as_the_whole():
    assert days("02/10/2020", slashes=True) == ["2020-10-02"]
    assert days("10/02/2020", slashes=False) == ["2020-10-02"]


def test_one_column_of_days_tells_for_the_other():
    result = mapped({"event_date": "a", "event_end": "b"}, a=["02/10/2020"], b=["25/10/2020"])
    assert result.frame["event_date"].tolist() == ["2020-10-02"]


def test_ambiguous_days_are_told():
    notes = mapped({"event_date": "d"}, d=["10/02/2020", "10/03/2020", "2020-10-04"]).notes
    assert any("does not tell the day from the month" in note and note.endswith(": 2 rows") for note in notes)


# ── numbers, types, constants ───────────────────────────────────────────────────────────────────────────────


def test_coordinates_with_a_decimal_comma():
    frame = mapped({"latitude": "Lat", "longitude": "Lon"}, Lat=["39,52", "1,2,3"], Lon=["-47,0320", "abc"]).frame
    assert frame["latitude"].tolist() == ["39.52", "1,2,3"]
    assert frame["longitude"].tolist() == ["-47.0320", "abc"]
    assert frame["extra"].tolist() == ['{"format": "columns", "Lat": "39,52", "Lon": "-47,0320"}', ""]


def test_words_for_nothing_are_empty_in_numbers_alone():
    frame = mapped({"fatalities": "k", "notes": "n"}, k=["NA", "-", "3", "null"], n=["NA", "-", "", "none"]).frame
    assert frame["fatalities"].tolist() == ["", "", "3", ""]
    assert frame["notes"].tolist() == ["NA", "-", "", "none"]


def test_types_in_any_case():
    frame = mapped({"event_type": "t", "sub_event_type": "s"}, t=["BATTLES", "other"], s=["armed CLASH", "x"]).frame
    assert frame[["event_type", "sub_event_type"]].to_numpy().tolist() == [["Battles", "Armed clash"], ["other", "x"]]
    assert json.loads(frame.loc[0, "extra"]) == {"format": "columns", "t": "BATTLES", "s": "armed CLASH"}


def test_a_missing_type_is_filled_only_where_the_user_says_so():
    assert "event_type" not in mapped({"event_date": "d"}, d=["2020-10-02"]).frame
    result = mapped({"event_date": "d", "event_type": "'Battles'"}, d=["2020-10-02", "2020-10-03"])
    assert result.frame["event_type"].tolist() == ["Battles", "Battles"]
    assert "event_type ← 'Battles' for every row: 2 rows" in result.notes
    assert check(result.frame, "t").rejected.empty


def test_a_column_whose_name_has_quotes_is_a_column():
    assert mapped({"notes": "'odd'"}, **{"'odd'": ["x"]}).frame["notes"].tolist() == ["x"]


@pytest.mark.parametrize(
    ("text", "printed"),
    [("39.520", "39.52"), ("39.0", "39"), ("-0", "0"), ("x", "x"), ("nan", "nan"), ("1e400", "1e400"), ("", "")],
)
def test_numbers_as_the_table_prints_them(text, printed):
    assert shown(text) == printed


# ── nothing is lost ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_users_table():
    result = mapped(
        guess(["Datum", "Typ", "Lat", "Lng", "Ort", "Farbe"]),
        Datum=["02.10.2020", "03.10.2020"],
        Typ=["Battles", "Protests"],
        Lat=["39,5", "40.1"],
        Lng=["47.0", "46.75"],
        Ort=["Sampletown", ""],
        Farbe=["red", ""],
    )
    checked = check(result.frame, "t")
    assert checked.rejected.empty
    assert checked.accepted["latitude"].tolist() == [39.5, 40.1]
    assert [json.loads(e) for e in result.frame["extra"]] == [
        {"format": "columns", "Datum": "02.10.2020", "Lat": "39,5", "Lng": "47.0", "Farbe": "red"},
        {"format": "columns", "Datum": "03.10.2020"},
    ]
    assert "event_date ← Datum: 2 rows" in result.notes
    assert "latitude ← Lat, in another style: 1 row" in result.notes
    assert "kept in extra: Farbe" in result.notes


def test_our_own_table_has_nothing_extra_and_nothing_to_tell():
    result = mapped(guess(["event_date", "event_type"]), event_date=["2020-10-02"], event_type=["Battles"])
    assert list(result.frame.columns) == ["event_date", "event_type"]
    assert result.notes == ()


def test_extra_of_our_own_export_is_carried_on():
    ours = '{"format": "acled", "iso": "31"}'
    columns = {"event_date": ["2020-10-02"] * 4, "extra": [ours, "", "{broken", ours], "colour": ["", "red", "", "red"]}
    extra = mapped({"event_date": "event_date"}, **columns).frame["extra"].tolist()
    assert extra[0] == ours
    assert json.loads(extra[1]) == {"format": "columns", "colour": "red"}
    assert json.loads(extra[2]) == {"format": "columns", "extra": "{broken"}
    assert json.loads(extra[3]) == {"format": "acled", "iso": "31", "colour": "red"}


def test_the_rows_keep_order_and_number_and_the_readers_mark_is_no_field():
    table = raw(d=["2020-10-02", "x"], _fault=["", "has 3 cells"]).set_axis([9, 4])
    frame = to_table(table, {"event_date": "d"}).frame
    assert frame.index.tolist() == [9, 4]
    assert list(frame.columns) == ["event_date"]


def test_names_that_stand_there_twice_are_told_apart():
    table = pd.DataFrame([["2020-10-02", "a", "b", "c"]], columns=["d", "n", "n", "format"], dtype="str")
    frame = to_table(table, {"event_date": "d", "notes": "n"}).frame
    assert json.loads(frame.loc[0, "extra"]) == {"format": "columns", "n (2)": "b", "format (2)": "c"}


CELL = st.text(max_size=10) | st.sampled_from(
    ["", " ", "NA", "2020-10-02", "02.10.2020", "10/02/2020", "39,5", "39.50", "7", "07", "BATTLES", " x ", '"\\\n\x00']
)
HEADER = st.lists(
    st.text(max_size=6) | st.sampled_from(OWN) | st.sampled_from(["date", "lat", "x"]), unique=True, max_size=6
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_cell_is_in_the_table_or_in_extra_letter_for_letter(data):
    header = data.draw(HEADER)
    rows = data.draw(st.lists(st.lists(CELL, min_size=len(header), max_size=len(header)), max_size=4))
    table = pd.DataFrame(rows, columns=header, dtype="str")
    mapping = guess(header)
    frame = to_table(table, mapping).frame
    assert len(frame) == len(rows)
    assert set(frame.columns) <= {*NAMES, "extra"}
    if {"event_date", "event_type"} <= set(frame.columns):
        check(frame, "t")
    held = {name: own for own, name in mapping.items()}
    for n, row in enumerate(rows):
        extra = json.loads(frame["extra"].iloc[n] or "{}") if "extra" in frame else {}
        for name, cell in zip(header, row, strict=True):
            key = "format (2)" if name == "format" else name
            back = extra.get(key, frame[held[name]].iloc[n] if name in held else "")
            assert back == cell
