import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.formats import acled, ged
from events.schema import check
from tests.events.samples import checked, first, random_rows, raw, typed

# Every row is made up; no row of UCDP's is among them.
ROW = dict.fromkeys(ged.HEADER, "") | {
    "id": "900001",
    "relid": "XXX-2020-1-1-1",
    "year": "2020",
    "active_year": "1",
    "code_status": "Clear",
    "type_of_violence": "1",
    "conflict_new_id": "1",
    "conflict_name": "Northland: East",
    "dyad_name": "Government of Northland - Eastern Band",
    "side_a": "Government of Northland",
    "side_b": "Eastern Band",
    "number_of_sources": "2",
    "source_article": '"A Gazette,2020-09-28,Shots near ""Milltown"""',
    "source_office": "A Gazette;Another",
    "source_date": "2020-09-28",
    "source_headline": "Shots near Milltown",
    "source_original": "defence ministry of Northland",
    "where_prec": "1",
    "where_coordinates": "Milltown town",
    "where_description": "The town of Milltown",
    "adm_1": "First Province",
    "adm_2": "Second District",
    "latitude": "39.817000",
    "longitude": "46.75",
    "geom_wkt": "POINT (46.75 39.817)",
    "priogrid_gid": "186854",
    "country": "Azerbaijan",
    "country_id": "373",
    "region": "Europe",
    "event_clarity": "1",
    "date_prec": "1",
    "date_start": "2020-09-27 00:00:00.000",
    "date_end": "2020-09-28 00:00:00.000",
    **dict.fromkeys(("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"), "1"),
    "best": "4",
    "high": "9",
    "low": "2",
    "gwnoa": "373",
}
OLDER = {name: ROW[name] for name in ged.HEADER_42}


def test_the_generations_have_49_and_42_columns():
    assert (len(ged.HEADER), len(ged.HEADER_42)) == (49, 42)


@pytest.mark.parametrize("row", [ROW, OLDER, {k.upper(): v for k, v in ROW.items()}], ids=["49", "42", "upper"])
def test_every_generation_is_recognised_read_and_given_back(row):
    assert ged.recognise(list(row), [])
    assert not acled.recognise(list(row), [])
    assert ged.names_for(list(row)) is None
    frame = typed(ged.to_table(raw(row)))
    assert frame.loc[0, ["event_id", "event_type", "sub_event_type"]].tolist() == [
        "ged-900001",
        "Battles",
        "Armed clash",
    ]
    assert [str(d.date()) for d in frame.loc[0, ["event_date", "event_end"]]] == ["2020-09-27", "2020-09-28"]
    assert frame.loc[0, ["fatalities_low", "fatalities", "fatalities_high"]].tolist() == [2, 4, 9]
    assert frame.loc[0, ["actor1", "actor2"]].tolist() == ["Government of Northland", "Eastern Band"]
    assert frame.loc[0, ["claimant", "source"]].tolist() == ["defence ministry of Northland", "A Gazette;Another"]
    assert frame.loc[0, ["source_time", "place"]].tolist() == ["2020-09-28", "Milltown town"]
    back = ged.from_table(frame)
    assert tuple(back.columns) == ged.HEADER
    for name, value in row.items():
        assert back.loc[0, name.lower()] == value, name


@pytest.mark.parametrize("row", [ROW, OLDER], ids=["49", "42"])
def test_a_file_without_a_header_is_told_by_what_stands_where(row):
    cells = list(row.values())
    assert ged.recognise(cells, [])
    assert ged.names_for(cells) == tuple(row)
    assert not ged.recognise(cells[:-1], [])
    assert not ged.recognise([*cells[1:], ""], [])
    assert not ged.recognise(["1"] * len(cells), [])


@pytest.mark.parametrize(
    ("violence", "kind", "sub"),
    [
        ("1", "Battles", "Armed clash"),
        ("2", "Battles", "Armed clash"),
        ("3", "Violence against civilians", "Attack"),
    ],
)
def test_types_of_violence(violence, kind, sub):
    mapped = ged.to_table(raw(ROW | {"type_of_violence": violence}))
    assert typed(mapped).loc[0, ["event_type", "sub_event_type"]].tolist() == [kind, sub]
    assert f"type_of_violence {violence!r} → {f'{kind}/{sub}'!r}: 1 row" in mapped.notes
    assert ged.from_table(typed(mapped)).loc[0, "type_of_violence"] == violence


@pytest.mark.parametrize(
    ("field", "column", "scale"),
    [
        ("where_prec", "geo_precision", {1: 1, 2: 2, 3: 2, 4: 3, 5: 3, 6: 3, 7: 3}),
        ("date_prec", "time_precision", {1: 1, 2: 2, 3: 2, 4: 3, 5: 3}),
    ],
)
def test_precisions(field, column, scale):
    given = raw(*[ROW | {"id": str(code), field: str(code)} for code in scale])
    mapped = ged.to_table(given)
    assert typed(mapped)[column].tolist() == list(scale.values())
    assert ged.from_table(typed(mapped))[field].tolist() == given[field].tolist()


@pytest.mark.parametrize(
    ("field", "value", "column"),
    [
        ("type_of_violence", "4", "event_type"),
        ("where_prec", "8", "geo_precision"),
        ("date_prec", "9", "time_precision"),
        ("date_start", "2020-09-27 13:00:00.000", "event_date"),
        ("date_end", "2020-09-26 00:00:00.000", "event_end"),
        ("best", "some", "fatalities"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(field, value, column):
    refused = check(ged.to_table(raw(ROW | {field: value})).frame, "x").rejected
    assert refused["field"].tolist() == [column]


@pytest.mark.parametrize(("low", "best", "high"), [("5", "4", "9"), ("2", "4", "3"), ("9", "", "3")])
def test_counts_out_of_order_are_kept_and_told(low, best, high):
    mapped = ged.to_table(raw(ROW | {"low": low, "best": best, "high": high}))
    assert "low ≤ best ≤ high does not hold (kept as it is): 1 row" in mapped.notes
    back = ged.from_table(typed(mapped)).iloc[0]
    assert (back["low"], back["best"], back["high"]) == (low, best, high)
    assert not any("does not hold" in note for note in ged.to_table(raw(ROW)).notes)


@pytest.mark.parametrize("when", ["2020-09-28;2020-09-29", "2020-02-31", "September 2020", ""])
def test_several_days_of_publication_are_no_time_and_are_kept(when):
    mapped = ged.to_table(raw(ROW | {"source_date": when}))
    assert typed(mapped).loc[0, "source_time"] == ""
    assert any("source_date is not one day" in note for note in mapped.notes) == bool(when)
    assert ged.from_table(typed(mapped)).loc[0, "source_date"] == when


def test_the_article_is_the_source_where_no_office_is_named():
    mapped = ged.to_table(
        raw(ROW | {"source_office": ""}, ROW | {"id": "2", "source_office": "", "source_article": "x" * 30_000})
    )
    assert typed(mapped)["source"].tolist() == [ROW["source_article"], ""]
    back = ged.from_table(typed(mapped))
    assert back["source_office"].tolist() == ["", ""]
    assert back.loc[1, "source_article"] == "x" * 30_000


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(lambda s: "\x00" not in s and s != "NA")
READ_AS_CODES = ("id", "type_of_violence", "where_prec", "date_prec", "date_start", "date_end", "latitude", "longitude")
READ_AS_CODES += ("best", "low", "high")
DECIMALS = st.sampled_from(["39.817000", "-0.5", "46", "46.123456789012", "0"])
FIELDS = st.fixed_dictionaries(
    {
        **{name: TEXT for name in ged.HEADER if name not in READ_AS_CODES},
        "type_of_violence": st.sampled_from(["1", "2", "3"]),
        "where_prec": st.sampled_from(["1", "2", "3", "4", "5", "6", "7", ""]),
        "date_prec": st.sampled_from(["1", "2", "3", "4", "5", "NA"]),
        "date_start": st.sampled_from(["2020-09-27 00:00:00.000", "2020-09-27", "2020-09-26 00:00:00"]),
        "latitude": DECIMALS,
        "longitude": DECIMALS,
        **dict.fromkeys(("best", "low", "high"), st.sampled_from(["0", "12", "1.0", "", "NA"])),
    }
)


@given(st.lists(FIELDS, min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
def test_any_text_in_any_field_comes_back(rows):
    given = raw(*[ROW | row | {"id": str(n)} for n, row in enumerate(rows)])
    frame = typed(ged.to_table(given))
    back = ged.from_table(frame)
    pd.testing.assert_frame_equal(back, given.replace("NA", "")[list(ged.HEADER)])
    pd.testing.assert_frame_equal(typed(ged.to_table(back)), frame)


def test_a_corrected_row_goes_out_corrected():
    frame = typed(ged.to_table(raw(ROW)))
    frame.loc[0, "event_date"] = pd.Timestamp("2020-09-25")
    frame.loc[0, "latitude"], frame.loc[0, "geo_precision"] = 40.25, 3
    frame.loc[0, "event_type"], frame.loc[0, "sub_event_type"] = "Violence against civilians", "Attack"
    back = ged.from_table(frame).iloc[0]
    assert back[["date_start", "latitude", "where_prec", "type_of_violence"]].tolist() == [
        "2020-09-25",
        "40.25",
        "4",
        "3",
    ]
    assert back[["date_end", "region"]].tolist() == ["2020-09-28 00:00:00.000", "Europe"]


def test_a_row_of_ged_leaves_as_acled_without_taking_its_fields_for_acleds():
    back = acled.from_table(typed(ged.to_table(raw(ROW)))).iloc[0]
    assert tuple(back.index) == acled.HEADER
    assert back[["region", "year", "location", "event_type"]].tolist() == [
        acled.REGION,
        "2020",
        "Milltown town",
        "Battles",
    ]


def test_rows_of_other_origin_tell_no_type_of_violence_they_do_not_know():
    back = ged.from_table(checked(random_rows(4, 40)))
    assert set(back["type_of_violence"]) == {""}
    assert tuple(back.columns) == (*ged.HEADER, *ged.OURS)


def test_extra_holds_what_the_table_does_not():
    held = json.loads(first(ged.to_table(raw(ROW)))["extra"])
    assert held["format"] == "ged"
    assert (held["type_of_violence"], held["latitude"], held["geom_wkt"]) == ("1", "39.817000", "POINT (46.75 39.817)")
    assert "longitude" not in held
