import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.formats import acled, fields
from events.schema import check
from tests.events.samples import checked, first, random_rows, raw, typed
from tests.growth import grows_in_proportion

# Every row is made up; no row of ACLED's is among them.
TODAY = {
    "event_id_cnty": "XXA1",
    "event_date": "2022-06-01",
    "year": "2022",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": "Military Forces of Northland (2003-)",
    "assoc_actor_1": "Border Guard of Northland",
    "inter1": "State forces",
    "actor2": "Eastern Band",
    "assoc_actor_2": "",
    "inter2": "Rebel group",
    "interaction": "State forces-Rebel group",
    "civilian_targeting": "",
    "iso": "31",
    "region": "Caucasus and Central Asia",
    "country": "Azerbaijan",
    "admin1": "First Province",
    "admin2": "Second District",
    "admin3": "",
    "location": "Milltown",
    "latitude": "39.8170",
    "longitude": "46.75",
    "geo_precision": "2",
    "source": "A Gazette; Another",
    "source_scale": "National-International",
    "notes": 'On 1 June 2022, shots were heard near "Milltown",\nas told.',
    "fatalities": "3",
    "tags": "",
    "timestamp": "1654560000",
}
MIDDLE_HEADER = fields.words(
    "data_id iso event_id_cnty event_id_no_cnty event_date year time_precision event_type sub_event_type actor1 "
    "assoc_actor_1 inter1 actor2 assoc_actor_2 inter2 interaction region country admin1 admin2 admin3 location "
    "latitude longitude geo_precision source source_scale notes fatalities timestamp iso3"
)
MIDDLE = {name: TODAY.get(name, "") for name in MIDDLE_HEADER} | {
    "data_id": "77001",
    "event_id_no_cnty": "1",
    "event_date": "28 December 2022",
    "inter1": "1",
    "inter2": "2",
    "interaction": "12",
    "iso3": "AZE",
    "admin3": "NA",
}
OLD_HEADER = fields.words(
    "GWNO EVENT_ID_CNTY EVENT_ID_NO_CNTY EVENT_DATE YEAR TIME_PRECISION EVENT_TYPE ACTOR1 ALLY_ACTOR_1 INTER1 ACTOR2 "
    "ALLY_ACTOR_2 INTER2 INTERACTION COUNTRY ADMIN1 ADMIN2 ADMIN3 LOCATION LATITUDE LONGITUDE GEO_PRECISION SOURCE "
    "NOTES FATALITIES"
)
OLD = {name: MIDDLE.get(name.lower(), "") for name in OLD_HEADER} | {
    "GWNO": "373",
    "EVENT_DATE": "01-January-2015",
    "EVENT_TYPE": "Battle-No change of territory",
    "ALLY_ACTOR_1": "Border Guard of Northland",
}
DUMP = {"": "0", **{name: MIDDLE[name] for name in sorted(MIDDLE)}}


def again(given):
    """The file's own columns, in and out again."""
    back = acled.from_table(typed(acled.to_table(given)))
    return back, [fields.canonical_names([n], acled._ALIASES)[0] for n in given.columns if n]


# ── which file it is ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("row", [TODAY, MIDDLE, OLD, DUMP], ids=["2023", "2017", "before", "dump"])
def test_every_generation_is_recognised_and_nothing_sound_is_refused(row):
    assert acled.recognise(list(row), [list(row.values())])
    frame = typed(acled.to_table(raw(row)))
    assert frame.loc[0, "event_type"] == "Battles"
    assert frame.loc[0, "sub_event_type"] == "Armed clash"
    assert frame.loc[0, ["event_id", "place", "country"]].tolist() == ["XXA1", "Milltown", "Azerbaijan"]
    assert frame.loc[0, ["claimant", "source_time", "evidence"]].tolist() == ["", "", ""]
    assert (frame.loc[0, "latitude"], frame.loc[0, "longitude"]) == (39.817, 46.75)
    assert frame.loc[0, ["fatalities", "geo_precision", "time_precision"]].tolist() == [3, 2, 1]


@pytest.mark.parametrize(
    "header",
    [["event_id", "event_date", "event_type", "actor1", "place"], ["id", "date_start", "side_a"], [], ["a", "b"]],
)
def test_other_tables_are_not_taken_for_acled(header):
    assert not acled.recognise(header, [])


def test_today_has_31_columns_and_the_order_of_the_file_does_not_matter():
    assert list(TODAY) == list(acled.HEADER)
    turned = {name.upper(): TODAY[name] for name in sorted(TODAY, reverse=True)}
    pd.testing.assert_frame_equal(acled.to_table(raw(turned)).frame, acled.to_table(raw(TODAY)).frame, check_like=True)
    assert json.loads(first(acled.to_table(raw(turned)))["extra"])["timestamp"] == "1654560000"


# ── letter for letter ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("row", [TODAY, MIDDLE, OLD, DUMP], ids=["2023", "2017", "before", "dump"])
def test_what_came_in_goes_out_letter_for_letter(row):
    given = raw(row)
    back, names = again(given)
    for own, name in zip([n for n in given.columns if n], names, strict=True):
        assert back.loc[0, name] == given.loc[0, own].replace("NA", ""), own
    assert back.columns[:31].tolist() == list(acled.HEADER)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(
    lambda s: "\x00" not in s and s != "NA" and "contact-line:" not in s
)
LOOSE = ("actor1", "actor2", "country", "admin1", "location", "source", "notes", "assoc_actor_1", "inter1", "iso")
LOOSE += (
    "interaction",
    "region",
    "admin2",
    "tags",
    "timestamp",
    "source_scale",
    "year",
    "disorder_type",
    "civilian_targeting",
)
NUMBERS = st.sampled_from(
    ["39.8170", "39", "-0.5", "0.00001", "41.12345678901234", "+7.5", "1e1", "", "NA", "-0", "007"]
)
ROW = st.fixed_dictionaries(
    {
        **dict.fromkeys(LOOSE, TEXT),
        "event_date": st.sampled_from(["2022-06-01", "28 December 2022", "01-January-2015", "9-May-20", "9-Sept-2020"]),
        "kind": st.sampled_from(
            [
                *(("Battles", "Armed clash"), ("battles", "armed clash "), ("Battle-No change of territory", "")),
                *(("Riots/Protests", ""), ("Riots/Protests", "Peaceful protest"), ("Remote violence", "")),
                *(("Strategic developments", "Other"), ("Protests", "Excessive force against protesters")),
            ]
        ),
        "place": st.tuples(
            NUMBERS.filter(lambda n: n not in ("", "NA")), NUMBERS.filter(lambda n: n not in ("", "NA"))
        ),
        "fatalities": st.sampled_from(["0", "3", "3.0", "03", "", "NA", " 5"]),
        "geo_precision": st.sampled_from(["1", "2", "3", "", "NA"]),
    }
)


@given(st.lists(ROW, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_any_text_in_any_field_comes_back(rows):
    for n, row in enumerate(rows):
        row["event_type"], row["sub_event_type"] = row.pop("kind")
        row["latitude"], row["longitude"] = row.pop("place")
        row["event_id_cnty"] = f"XXA{n}"
    given = raw(*[TODAY | row for row in rows])
    frame = typed(acled.to_table(given))
    back = acled.from_table(frame)
    expected = given.replace("NA", "")
    for name in acled.HEADER:
        if name == "sub_event_type":  # an old type without one goes out with today's
            same = (back[name] == expected[name]) | (expected[name] == "")
            assert same.all()
        else:
            assert back[name].tolist() == expected[name].tolist(), name
    pd.testing.assert_frame_equal(typed(acled.to_table(back)), frame)


def test_empty_fields_stay_empty_and_are_not_filled_with_what_could_be_derived():
    bare = TODAY | dict.fromkeys(("year", "disorder_type", "iso", "region", "inter1", "interaction"), "")
    assert acled.from_table(typed(acled.to_table(raw(bare)))).iloc[0].to_dict() == bare


def test_columns_of_nobody_are_kept_and_named():
    mapped = acled.to_table(raw(TODAY | {"My Remark": "seen twice", "format": "x"}))
    assert "column 'My Remark' is not one of the format's; it is kept" in mapped.notes
    back = acled.from_table(typed(mapped))
    assert back.loc[0, ["my remark", "format_2"]].tolist() == ["seen twice", "x"]
    exactly = acled.from_table(typed(mapped), acled.HEADER)
    assert tuple(exactly.columns) == acled.HEADER


def test_the_index_and_the_order_of_the_rows_stay():
    given = raw(TODAY, TODAY | {"event_id_cnty": "XXA2"}).set_axis([70, 9])
    assert acled.to_table(given).frame.index.tolist() == [70, 9]
    assert acled.to_table(given.iloc[:0]).frame.empty


# ── traps ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "day"),
    [
        *(("2022-06-01", "2022-06-01"), ("28 December 2022", "2022-12-28"), ("01-January-2015", "2015-01-01")),
        *(("9-May-20", "2020-05-09"), ("9-May-97", "1997-05-09"), ("3 Sept 2019", "2019-09-03")),
        *(("2022-06-01 00:00:00", "2022-06-01"), ("1-jan-2015", "2015-01-01"), ("29 February 2020", "2020-02-29")),
        # What cannot be read for certain stays, and is refused by its name.
        *(("30 February 2020", None), ("5/6/2020", None), ("2022-06-01 13:00:00", None), ("43831", None)),
        *(("9-Mayo-20", None), ("May 2020", None)),
    ],
)
def test_days_of_every_style(written, day):
    mapped = acled.to_table(raw(TODAY | {"event_date": written}))
    if day is None:
        assert first(mapped)["event_date"] == written
        refused = check(mapped.frame, "x").rejected
        assert refused[["field", "value"]].to_numpy().tolist() == [["event_date", written]]
    else:
        assert typed(mapped).loc[0, "event_date"] == pd.Timestamp(day)
        assert any("event_date in another style" in note for note in mapped.notes) == (written != day)


@pytest.mark.parametrize(
    ("old", "actor", "inter", "kind", "sub"),
    [
        ("Battle-No change of territory", "A", "1", "Battles", "Armed clash"),
        ("Battle-Government regains territory", "A", "1", "Battles", "Government regains territory"),
        ("Battle-non-state actor overtakes territory", "A", "2", "Battles", "Non-state actor overtakes territory"),
        ("Battle - No Change of territory ", "A", "1", "Battles", "Armed clash"),
        ("Remote violence", "A", "1", "Explosions/Remote violence", ""),
        ("Violence against civilians", "A", "1", "Violence against civilians", ""),
        ("VIOLENCE AGAINST CIVILIANS", "A", "1", "Violence against civilians", ""),
        ("Strategic development", "A", "1", "Strategic developments", ""),
        ("Headquarters or base established", "A", "1", "Strategic developments", "Headquarters or base established"),
        ("Non-violent transfer of territory", "A", "1", "Strategic developments", "Non-violent transfer of territory"),
        ("Riots/Protests", "Rioters (Northland)", "", "Riots", ""),
        ("Riots/Protests", "Protesters (Northland)", "", "Protests", ""),
        ("Riots/Protests", "Students", "5", "Riots", ""),
        ("Riots/Protests", "Students", "6", "Protests", ""),
        ("Riots/Protests", "Students", "3", "Protests", ""),
    ],
)
def test_types_of_before_2019(old, actor, inter, kind, sub):
    row = OLD | {"EVENT_TYPE": old, "ACTOR1": actor, "INTER1": inter, "ACTOR2": "", "INTER2": "", "INTERACTION": ""}
    mapped = acled.to_table(raw(row, row | {"EVENT_ID_CNTY": "XXA2"}))
    assert typed(mapped)[["event_type", "sub_event_type"]].to_numpy().tolist() == [[kind, sub]] * 2
    if old != kind:
        note = f"event_type {old.strip()!r} → {kind!r}: 2 rows"
        assert note in mapped.notes
    doubt = "'Riots/Protests' that names neither rioters nor protesters → Protests: 2 rows"
    assert (doubt in mapped.notes) == (inter == "3")
    assert acled.from_table(typed(mapped)).loc[0, "event_type"] == old


def test_riots_and_protests_are_told_by_the_sub_type_where_there_is_one():
    row = TODAY | {"event_type": "Riots/Protests", "sub_event_type": "Mob violence", "actor1": "Protesters (X)"}
    assert first(acled.to_table(raw(row)))["event_type"] == "Riots"


def test_an_unknown_type_is_refused_by_its_name_and_not_mended():
    refused = check(acled.to_table(raw(TODAY | {"event_type": "Skirmish"})).frame, "x").rejected
    assert refused[["field", "value"]].to_numpy().tolist()[0] == ["event_type", "Skirmish"]


def test_the_id_is_data_id_only_where_the_other_is_missing():
    mapped = acled.to_table(raw(MIDDLE, MIDDLE | {"event_id_cnty": "NA", "data_id": "77002"}))
    assert mapped.frame["event_id"].tolist() == ["XXA1", "acled-77002"]
    assert "event_id_cnty is empty, data_id is the id: 1 row" in mapped.notes
    assert acled.from_table(typed(mapped))["event_id_cnty"].tolist() == ["XXA1", ""]
    lone = {name: value for name, value in MIDDLE.items() if name != "event_id_cnty"}
    assert first(acled.to_table(raw(lone)))["event_id"] == "acled-77001"


def test_a_column_of_row_numbers_is_left_out_and_other_nameless_ones_are_not():
    numbered = acled.to_table(raw({"_unnamed_0": "12"} | TODAY))
    assert numbered.notes == ("a column of row numbers without a name is left out",)
    assert first(numbered) == first(acled.to_table(raw(TODAY)))
    said = acled.to_table(raw({"_unnamed_0": "see below"} | TODAY))
    assert json.loads(first(said)["extra"])["unnamed_1"] == "see below"


def test_na_is_empty_everywhere():
    row = TODAY | {"admin3": "NA", "assoc_actor_2": "NA", "fatalities": "NA", "latitude": "NA", "longitude": "NA"}
    frame = typed(acled.to_table(raw(row)))
    assert frame[["fatalities", "latitude", "longitude"]].isna().all(axis=None)
    assert "NA" not in json.loads(frame.loc[0, "extra"]).values()


def test_a_row_without_a_type_or_day_is_refused_and_hurts_no_other():
    found = check(acled.to_table(raw(TODAY | {"event_date": "", "event_id_cnty": "XXA2"}, TODAY)).frame, "x")
    assert (len(found.accepted), found.rejected["row"].tolist()) == (1, [1])


# ── out ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_corrected_row_goes_out_corrected_and_keeps_its_other_fields():
    frame = typed(acled.to_table(raw(MIDDLE | {"event_type": "Remote violence", "sub_event_type": ""})))
    frame.loc[0, "latitude"] = 40.5
    frame.loc[0, "event_date"] = pd.Timestamp("2023-01-02")
    frame.loc[0, "event_type"], frame.loc[0, "sub_event_type"] = "Diplomacy", "Denial"
    back = acled.from_table(frame).iloc[0].to_dict()
    assert (back["latitude"], back["event_date"], back["year"]) == ("40.5", "2023-01-02", "2023")
    assert (back["event_type"], back["sub_event_type"]) == ("Strategic developments", "Other")
    assert (back["tags"], back["timestamp"]) == ("contact-line:Diplomacy/Denial", "1654560000")


def test_rows_of_other_origin_get_what_follows_and_nothing_else():
    rows = random_rows(3, 1)[0] | {
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Air/drone strike",
        "actor1": "Military Forces of Armenia (2018-)",
        "actor2": "Civilians (Azerbaijan)",
        "country": "Azerbaijan",
    }
    others = [
        rows | {"actor1": "Military Forces of Azerbaijan", "actor2": "", "event_id": "b"},
        rows | {"actor1": "Somebody", "event_id": "c", "country": "Northland"},
    ]
    back = acled.from_table(checked([rows, *others]))
    told = ["disorder_type", "iso", "region", "inter1", "inter2", "interaction", "civilian_targeting", "timestamp"]
    away = "External/Other forces"
    assert tuple(back.columns) == acled.HEADER
    assert back[told].to_numpy().tolist() == [
        *[["Political violence", "31", acled.REGION, away, "Civilians", f"{away}-Civilians", "Civilian targeting", ""]],
        *[["Political violence", "31", acled.REGION, "State forces", "", "State forces only", "", ""]],
        *[["Political violence", "", "", "", "Civilians", "", "Civilian targeting", ""]],
    ]


@pytest.mark.parametrize(
    ("kind", "sub", "disorder"),
    [
        ("Protests", "Excessive force against protesters", "Political violence; Demonstrations"),
        ("Protests", "Peaceful protest", "Demonstrations"),
        ("Riots", "Mob violence", "Political violence"),
        ("Riots", "Violent demonstration", "Demonstrations"),
        ("Riots", "", ""),
        ("Strategic developments", "Agreement", "Strategic developments"),
        ("Diplomacy", "Talks or visit", "Strategic developments"),
    ],
)
def test_disorder_types(kind, sub, disorder):
    rows = [random_rows(3, 1)[0] | {"event_type": kind, "sub_event_type": sub}]
    assert acled.from_table(checked(rows)).loc[0, "disorder_type"] == disorder


def test_types_that_acled_lacks_come_back():
    rows = checked(random_rows(5, 60))
    back = acled.from_table(rows)
    assert set(back["event_type"]) <= set(acled._DISORDER) | {"Riots"}
    lacking = rows["event_type"].isin(["Diplomacy", "Humanitarian"])
    own = "contact-line:" + rows["event_type"] + "/" + rows["sub_event_type"]
    assert back["tags"].tolist() == own.where(lacking, "").tolist()
    again = typed(acled.to_table(back))
    kept = [c for c in rows if c in acled._SAME]
    pd.testing.assert_frame_equal(again[kept], rows[kept])
    pd.testing.assert_frame_equal(acled.from_table(again, acled.HEADER), back)


def test_a_type_in_tags_stands_beside_other_tags_and_only_when_it_is_sound():
    row = TODAY | {"event_type": "Strategic developments", "sub_event_type": "Other"}
    for tags, kind in [
        ("crowd size=5; contact-line:Humanitarian/Aid or relief", "Humanitarian"),
        ("contact-line:Humanitarian/Denial", "Strategic developments"),
        ("contact-line:Battles/Armed clash", "Strategic developments"),
        ("contact-line:", "Strategic developments"),
    ]:
        frame = typed(acled.to_table(raw(row | {"tags": tags})))
        assert frame.loc[0, "event_type"] == kind
        assert acled.from_table(frame).loc[0, "tags"] == tags
        frame.loc[0, "event_type"], frame.loc[0, "sub_event_type"] = "Battles", "Armed clash"
        expected = "crowd size=5" if kind == "Humanitarian" else tags
        assert acled.from_table(frame).loc[0, "tags"] == expected


@pytest.mark.parametrize("extra", ["", "{", "[1]", "null", '{"format": "ged", "tags": "x"}', '{"format": "acled"', "é"])
def test_a_broken_or_foreign_extra_does_no_harm(extra):
    frame = checked(random_rows(3, 1)).assign(extra=extra)
    assert acled.from_table(frame).loc[0, "source_scale"] == ""
    assert tuple(acled.header_for(frame)) == acled.HEADER


def test_notes_of_pieces_are_added_up():
    one = acled.to_table(raw(OLD)).notes
    assert "event_type 'Battle-No change of territory' → 'Battles': 2 rows" in fields.merge_notes((*one, *one))
    assert len(fields.merge_notes((*one, *one))) == len(one)


def test_time_grows_with_the_rows_and_no_faster():
    def work(size):
        rows = raw(TODAY, TODAY | {"event_date": "28 December 2022"}).iloc[[0, 1] * (size // 2)].reset_index(drop=True)
        rows["event_id_cnty"] = "XXA" + rows.index.astype("str")
        rows["notes"] = rows["notes"] + rows["event_id_cnty"]
        return acled.to_table(rows)

    assert grows_in_proportion(work, 10_000)
