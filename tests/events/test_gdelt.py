import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.codebook import load_codebook
from events.errors import SourceError
from events.formats.gdelt import COLUMNS_1, COLUMNS_2, LAYOUTS, cameo, entry, from_table, recognise, to_table
from events.schema import NAMES, check

SAMPLE = {
    "GlobalEventID": "900000001",
    "Day": "20201002",
    "MonthYear": "202010",
    "Year": "2020",
    "FractionDate": "2020.7507",
    "Actor1Code": "AZE",
    "Actor1Name": "AZERBAIJAN",
    "Actor1CountryCode": "AZE",
    "Actor2Code": "ARMREB",
    "Actor2Name": "HILL PEOPLE FRONT",
    "IsRootEvent": "1",
    "EventCode": "194",
    "EventBaseCode": "194",
    "EventRootCode": "19",
    "QuadClass": "4",
    "GoldsteinScale": "-10.0",
    "NumMentions": "8",
    "NumSources": "2",
    "NumArticles": "8",
    "AvgTone": "-7.14285714285714",
    "ActionGeo_Type": "4",
    "ActionGeo_FullName": "Sampletown, Some District, Azerbaijan",
    "ActionGeo_CountryCode": "AJ",
    "ActionGeo_ADM1Code": "AJ00",
    "ActionGeo_ADM2Code": "12345",
    "ActionGeo_Lat": "39.5",
    "ActionGeo_Long": "47.0320",
    "ActionGeo_FeatureID": "-1234567",
    "DATEADDED": "20201002123000",
    "SOURCEURL": "https://www.news.example/a/1?x=1",
}


def raw(*changes, names=COLUMNS_2):
    rows = [{**SAMPLE, "GlobalEventID": str(900000001 + n), **change} for n, change in enumerate(changes)]
    cells = [[row.get(name, "") for name in names] for row in rows]
    return pd.DataFrame(cells, columns=range(len(names)), dtype="str")


def one(*, names=COLUMNS_2, **change):
    return to_table(raw(change, names=names)).frame.iloc[0]


def reasons(frame):
    return dict(zip(check(frame, "t").rejected["field"], check(frame, "t").rejected["reason"], strict=True))


# ── what it is ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_layouts_have_the_columns_that_gdelt_tells():
    assert {n: len(names) for n, names in LAYOUTS.items()} == {57: 57, 58: 58, 61: 61}
    assert len(set(COLUMNS_2)) == 61
    assert COLUMNS_1[-2:] == ("DATEADDED", "SOURCEURL")
    assert LAYOUTS[57][-1] == "DATEADDED"
    assert not any("ADM2" in name for name in COLUMNS_1)


@pytest.mark.parametrize("count", [57, 58, 61])
def test_each_generation_is_recognised_from_its_first_rows(count):
    rows = raw({}, {}, {}, names=LAYOUTS[count]).to_numpy().tolist()
    assert recognise(rows)
    assert recognise([*rows, rows[0][:20]])  # the head of a file ends where it ends
    assert recognise([[""], *rows])
    assert not recognise([row[:-1] for row in rows if count != 58])


@pytest.mark.parametrize(
    "change", [{"GlobalEventID": "id"}, {"Day": "20201302"}, {"Day": "2020-10-02"}, {"MonthYear": "1"}, {"Year": ""}]
)
def test_other_tables_of_61_columns_are_not_gdelt(change):
    assert not recognise(raw(change).to_numpy().tolist())
    assert not recognise([])
    assert not recognise([[], [""]])


# ── field by field ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_of_2_0():
    row = one()
    extra = json.loads(row["extra"])
    assert dict(row.drop("extra")) == {
        "event_id": "gdelt-900000001",
        "event_date": "2020-10-02",
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Shelling/artillery/missile attack",
        "actor1": "Azerbaijan",  # as the codebook spells it
        "actor2": "HILL PEOPLE FRONT",  # unknown to it
        "country": "Azerbaijan",
        "admin1": "Some District",
        "place": "Sampletown",
        "latitude": "39.5",
        "longitude": "47.0320",
        "geo_precision": "1",
        "source": "news.example",
        "source_url": "https://www.news.example/a/1?x=1",
        "source_time": "2020-10-02T12:30:00Z",
    }
    assert extra["format"] == "gdelt"
    assert extra["Actor1Name"] == "AZERBAIJAN"
    assert extra["ActionGeo_Long"] == "47.0320"  # a typed table would say 47.032
    assert extra["EventCode"] == "194"
    assert not {"Day", "ActionGeo_Lat", "SOURCEURL", "DATEADDED", "GlobalEventID", "Actor2Name"} & extra.keys()
    assert not {name for name, value in extra.items() if value == ""}


def test_a_row_of_the_backfile_has_a_day_of_adding_and_no_source():
    row = one(names=LAYOUTS[57], DATEADDED="20130301")
    assert row["source_time"] == "2013-03-01"
    assert "source" not in row.index
    assert one(names=LAYOUTS[58], DATEADDED="20130401")["source"] == "news.example"


def test_sound_rows_are_accepted():
    checked = check(to_table(raw({}, {"EventCode": "010", "EventBaseCode": "010", "EventRootCode": "01"})).frame, "t")
    assert checked.rejected.empty
    assert set(checked.unknown_columns) <= {"extra"}


@pytest.mark.parametrize(
    ("kind", "whole", "precision", "place", "admin1", "country"),
    [
        ("1", "Azerbaijan", "3", "Azerbaijan", "", "Azerbaijan"),
        ("2", "Texas, United States", "3", "Texas", "Texas", "United States"),
        ("5", "Sample Rayon, Azerbaijan", "3", "Sample Rayon", "Sample Rayon", "Azerbaijan"),
        ("3", "Dallas, Texas, United States", "1", "Dallas", "Texas", "United States"),
        ("4", "Hill, By The Lake, Region, Land", "1", "Hill, By The Lake", "Region", "Land"),
        ("4", "Sampletown, Azerbaijan (general), Azerbaijan", "1", "Sampletown", "", "Azerbaijan"),
        ("4", "Nagorno-Karabakh, Azerbaijan (general), Azerbaijan", "3", "Nagorno-Karabakh", "", "Azerbaijan"),
        ("4", "Sampletown, Land", "1", "Sampletown", "", "Land"),
        ("4", "Sampletown", "1", "Sampletown", "", ""),
        ("0", "", "", "", "", ""),
        ("", "", "", "", "", ""),
        ("9", "Somewhere", "", "Somewhere", "", ""),
    ],
)
def test_the_kind_of_place_tells_the_precision(kind, whole, precision, place, admin1, country):
    row = one(ActionGeo_Type=kind, ActionGeo_FullName=whole)
    assert tuple(row[["geo_precision", "place", "admin1", "country"]]) == (precision, place, admin1, country)


@pytest.mark.parametrize(
    ("url", "address", "source"),
    [
        ("http://news.example:8080/x", "http://news.example:8080/x", "news.example"),
        ("HTTPS://user@WWW.News.Example", "HTTPS://user@WWW.News.Example", "news.example"),
        ("https://[::1]/x", "https://[::1]/x", "[::1]"),
        ("Sample Monitoring", "", "Sample Monitoring"),
        ("javascript:alert(1)//https://x", "", "javascript:alert(1)//https://x"),
        ("", "", ""),
        ("https://", "", "https://"),
    ],
)
def test_an_address_or_a_citation(url, address, source):
    row = one(SOURCEURL=url)
    assert (row["source_url"], row["source"]) == (address, source)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"Day": "20201399"}, "event_date"),
        ({"Day": "last Friday"}, "event_date"),
        ({"Day": ""}, "event_date"),
        ({"ActionGeo_Lat": "39#.5"}, "latitude"),
        ({"ActionGeo_Lat": "nan"}, "latitude"),
        ({"ActionGeo_Long": "inf"}, "longitude"),
        ({"ActionGeo_Lat": ""}, "latitude"),
        ({"DATEADDED": "20201002996000"}, "source_time"),
        ({"EventCode": "---", "EventBaseCode": "---", "EventRootCode": "--"}, "event_type"),
        ({"EventCode": "21", "EventBaseCode": "21", "EventRootCode": "21"}, "event_type"),
        ({"EventCode": "", "EventBaseCode": "", "EventRootCode": ""}, "event_type"),
        ({"EventCode": "190000", "EventBaseCode": "190", "EventRootCode": "19"}, "event_type"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(change, field):
    frame = to_table(raw(change)).frame
    assert len(frame) == 1
    assert field in reasons(frame)


def test_an_event_without_a_place_is_sound_and_counted():
    mapped = to_table(raw({"ActionGeo_Type": "0", "ActionGeo_FullName": "", "ActionGeo_Lat": "", "ActionGeo_Long": ""}))
    assert check(mapped.frame, "t").rejected.empty
    assert "without coordinates: 1 row" in mapped.notes


# ── CAMEO ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_of_codes_speaks_the_codebook():
    codebook = load_codebook()
    for code, (kind, sub, name) in cameo().items():
        assert code.isdigit(), code
        assert 2 <= len(code) <= 4, code
        assert codebook.type_of[sub] == kind, code
        assert name
    assert {f"{n:02}" for n in range(1, 21)} <= cameo().keys()


@pytest.mark.parametrize(
    ("code", "sub"),
    [
        ("010", "Appeal or statement"),
        ("016", "Denial"),
        ("042", "Talks or visit"),
        ("057", "Agreement"),
        ("0331", "Appeal or statement"),
        ("073", "Aid or relief"),
        ("072", "Other"),
        ("0871", "Agreement"),
        ("0874", "Change to group/activity"),
        ("111", "Accusation"),
        ("1123", "Accusation"),
        ("120", "Appeal or statement"),
        ("138", "Appeal or statement"),
        ("1411", "Peaceful protest"),
        ("1453", "Violent demonstration"),
        ("154", "Change to group/activity"),
        ("173", "Arrests"),
        ("1712", "Looting/property destruction"),
        ("180", "Attack"),
        ("181", "Abduction/forced disappearance"),
        ("1831", "Suicide bomb"),
        ("1833", "Remote explosive/landmine/IED"),
        ("190", "Armed clash"),
        ("191", "Other"),
        ("194", "Shelling/artillery/missile attack"),
        ("1952", "Air/drone strike"),
        ("196", "Armed clash"),
        ("202", "Attack"),
        ("2041", "Chemical weapon"),
    ],
)
def test_codes_become_types(code, sub):
    row = one(EventCode=code, EventBaseCode=code[:3], EventRootCode=code[:2])
    assert row["sub_event_type"] == sub
    assert row["event_type"] == load_codebook().type_of[sub]


def test_a_leading_zero_lost_in_a_spreadsheet_is_put_back():
    assert one(EventCode="43", EventBaseCode="43", EventRootCode="4")["sub_event_type"] == "Talks or visit"
    assert one(EventCode="16", EventBaseCode="16", EventRootCode="1")["sub_event_type"] == "Denial"
    assert one(EventCode="17", EventBaseCode="17", EventRootCode="17")["sub_event_type"] == "Other"
    assert entry("1") is None


def test_notes_tell_what_became_what_with_counts():
    notes = to_table(raw({}, {}, {"EventCode": "99", "EventRootCode": "99"}, {"ActionGeo_Type": "1"})).notes
    assert notes[0] == "GDELT 2.0, 61 columns: 4 rows"
    told = "CAMEO 194 (Fight with artillery and tanks) → Explosions/Remote violence / Shelling/artillery/missile attack"
    assert f"{told}: 3 rows" in notes
    assert "CAMEO 99 → no type, refused: 1 row" in notes
    assert "placed at the middle of a country, geo_precision 3: 1 row" in notes
    assert "actor1 spelled as in the codebook: 4 rows" in notes


# ── there and back ──────────────────────────────────────────────────────────────────────────────────────────


def back_to_2_0(frame, names):
    return pd.DataFrame({n: frame.iloc[:, names.index(n)] if n in names else "" for n in COLUMNS_2}, dtype="str")


CELL = st.text(max_size=12) | st.sampled_from(["", " ", "40", "40.50", "-0", "1e2", "nan", " x ", 'a"\\\n', "20201002"])


def mutated(values):
    changed = st.dictionaries(st.sampled_from(COLUMNS_2), values, max_size=6)
    return st.lists(changed, min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(mutated(CELL), st.sampled_from([57, 58, 61]))
def test_any_cell_comes_back_letter_for_letter(changes, count):
    names = LAYOUTS[count]
    given_rows = raw(*changes, names=names)
    mapped = to_table(given_rows)
    assert len(mapped.frame) == len(changes)
    pd.testing.assert_frame_equal(from_table(mapped.frame), back_to_2_0(given_rows, names))
    check(mapped.frame, "t")


SOUND = {
    "ActionGeo_Lat": st.floats(-90, 90).map(str) | st.integers(-90, 90).map(str) | st.just("39.50"),
    "ActionGeo_Long": st.floats(-180, 180).map("{:.4f}".format),
    "Day": st.dates(pd.Timestamp("1979-01-01").date(), pd.Timestamp("2030-01-01").date()).map("{:%Y%m%d}".format),
    "Actor1Name": st.sampled_from(["ARMENIA", "", "VILLAGER", "Armenia", " ARMENIA"]),
    "ActionGeo_FullName": st.sampled_from(["A, B, C", "A", "", "A, C", "A, C (general), C"]),
    "SOURCEURL": st.sampled_from(["http://a.example/1", "Sample Monitoring", ""]),
    "AvgTone": st.floats(-20, 20).map(str),
}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries(SOUND), min_size=1, max_size=5), st.sampled_from([57, 58, 61]))
def test_sound_rows_come_back_from_the_typed_table(changes, count):
    names = LAYOUTS[count]
    given_rows = raw(*changes, names=names)
    frame = to_table(given_rows).frame
    checked = check(frame, "t")
    assert checked.rejected.empty, checked.rejected
    typed = checked.accepted.assign(extra=frame["extra"])
    pd.testing.assert_frame_equal(from_table(typed), back_to_2_0(given_rows, names))


def test_what_was_corrected_since_goes_out_corrected():
    frame = to_table(raw({}, {})).frame
    frame.loc[0, ["longitude", "actor1", "place"]] = ["46.75", "Government of Azerbaijan", "Othertown"]
    back = from_table(frame)
    assert back.loc[0, ["ActionGeo_Long", "Actor1Name", "ActionGeo_FullName"]].tolist() == [
        "46.75",
        "Government of Azerbaijan",
        "Othertown",
    ]
    assert back.loc[1, "ActionGeo_Long"] == "47.0320"


def test_rows_of_another_origin_give_what_the_table_tells():
    other = pd.DataFrame(
        {"event_id": ["x-1"], "event_date": ["2020-10-02"], "extra": ['{"format": "acled", "a": "b"}']}
    )
    back = from_table(other)
    assert list(back.columns) == list(COLUMNS_2)
    assert back.loc[0, "Day"] == "20201002"
    assert back.loc[0, "GlobalEventID"] == ""
    assert from_table(other.assign(extra="{[")).loc[0, "Day"] == "20201002"


# ── as it comes ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_rows_keep_their_order_and_number_and_the_readers_mark_is_no_field():
    given_rows = raw({}, {"Day": "x"}, {}).set_axis([7, 9, 8])
    frame = to_table(given_rows.assign(_fault="has 3 cells")).frame
    assert frame.index.tolist() == [7, 9, 8]
    assert frame["event_id"].tolist() == ["gdelt-900000001", "gdelt-900000002", "gdelt-900000003"]
    assert "_fault" not in frame
    assert set(frame.columns) <= {*NAMES, "extra"}


def test_gaps_and_other_types_are_text():
    given_rows = raw({}, {}).astype("object")
    given_rows.iloc[0, 6] = None
    given_rows.iloc[0, 0] = 900000001
    given_rows.iloc[1, 6] = "half \ud83d"
    frame = to_table(given_rows).frame
    assert frame["actor1"].tolist() == ["", "half \ufffd"]
    assert frame["event_id"].tolist()[0] == "gdelt-900000001"


def test_another_number_of_columns_is_no_gdelt():
    with pytest.raises(SourceError, match="60 columns"):
        to_table(raw({}).iloc[:, :60])


def test_an_empty_table_stays_one():
    frame = to_table(raw({}).iloc[:0]).frame
    assert len(frame) == 0
    assert check(frame, "t").accepted.empty
    assert list(from_table(frame).columns) == list(COLUMNS_2)
