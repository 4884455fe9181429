import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.errors import SourceError
from events.schema import COLUMNS, LONGEST, NAMES, REJECTED, check
from tests.events.samples import as_text, random_rows

GOOD = dict.fromkeys(NAMES, "") | {
    "event_id": "good",
    "event_date": "2020-10-02",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "latitude": "39.52",
    "longitude": "47.032",
    "geo_precision": "1",
    "fatalities": "3",
}
several = settings(max_examples=80, deadline=None)


def of(*rows):
    return check(as_text([GOOD | row for row in rows]), "mine.csv")


def reasons(found):
    return [(r.field, r.value, r.reason) for r in found.rejected.itertuples()]


# ── each rule ───────────────────────────────────────────────────────────────────────────────────────────────

NO_DAY = "is not a day like 2020-10-02"
NO_NUMBER = "is not a whole number"
NO_DEGREES = "is not a finite number of decimal degrees"
NO_MOMENT = "is not an ISO 8601 day or moment, like 2020-10-02 or 2020-10-02T12:36Z"
LONG = "x" * (LONGEST + 1)

BROKEN = [
    ("event_date", "", "is empty: an event needs a day"),
    ("event_date", "02.10.2020", NO_DAY),
    ("event_date", "2020-02-30", NO_DAY),
    ("event_date", "2020-10-02T12:00", NO_DAY),
    ("event_date", "2020-10", NO_DAY),
    ("event_date", "2020-W40-5", NO_DAY),
    ("event_date", "1799-12-31", "lies outside 1800 to 2100"),
    ("event_date", "2101-01-01", "lies outside 1800 to 2100"),
    ("event_date", "9999-12-31", "lies outside 1800 to 2100"),
    ("event_end", "tomorrow", NO_DAY),
    ("event_end", "2020-10-01", "is before event_date"),
    ("event_end", "2101-01-01", "lies outside 1800 to 2100"),
    ("time_precision", "0", "is not 1, 2 or 3"),
    ("time_precision", "4", "is not 1, 2 or 3"),
    ("time_precision", "exact", NO_NUMBER),
    ("event_type", "", "is not a type of the codebook"),
    ("event_type", "War", "is not a type of the codebook"),
    ("sub_event_type", "Denial", "is not a sub-type of its event type"),
    ("sub_event_type", "Skirmish", "is not a sub-type of its event type"),
    ("latitude", "90.01", "lies outside -90 to 90"),
    ("latitude", "-139.7", "lies outside -90 to 90"),  # Tokyo, swapped
    ("longitude", "180.01", "lies outside -180 to 180"),
    ("longitude", "-200", "lies outside -180 to 180"),
    ("latitude", "", "is empty while longitude is given"),
    ("longitude", "", "is empty while latitude is given"),
    ("latitude", "39,52", NO_DEGREES),
    ("latitude", "nan", NO_DEGREES),
    ("latitude", "NaN", NO_DEGREES),
    ("latitude", "inf", NO_DEGREES),
    ("longitude", "-Infinity", NO_DEGREES),
    ("longitude", "1e309", NO_DEGREES),
    ("longitude", "47°02'", NO_DEGREES),
    ("latitude", "0" * 50, NO_DEGREES),
    ("geo_precision", "5", "is not 1, 2 or 3"),
    ("geo_precision", "1.5", NO_NUMBER),
    ("fatalities", "-1", "is below zero"),
    ("fatalities", "2.5", NO_NUMBER),
    ("fatalities", "many", NO_NUMBER),
    ("fatalities", "1e12", NO_NUMBER),
    ("fatalities", "inf", NO_NUMBER),
    ("fatalities", "9" * 100, NO_NUMBER),
    ("fatalities_low", "-3", "is below zero"),
    ("fatalities_high", "-3", "is below zero"),
    ("injured", "-3", "is below zero"),
    ("injured", "nan", NO_NUMBER),
    ("source_time", "noon", NO_MOMENT),
    ("source_time", "2020-10-02T25:00Z", NO_MOMENT),
    ("notes", "a\x00b", "holds a NUL character"),
    ("event_id", "\x00", "holds a NUL character"),
    ("notes", LONG, "is longer than 20,000 characters"),
    ("evidence", LONG, "is longer than 20,000 characters"),
]


@pytest.mark.parametrize(("field", "value", "reason"), BROKEN)
def test_a_row_that_breaks_a_rule_is_set_aside_with_its_reason(field, value, reason):
    found = of({"event_id": "a"}, {"event_id": "b", field: value}, {"event_id": "c"})
    assert found.accepted["event_id"].tolist() == ["a", "c"]
    assert (field, value[:80], reason) in reasons(found)
    assert set(found.rejected["row"]) == {2}
    assert set(found.rejected["event_id"]) == {value if field == "event_id" else "b"}
    assert tuple(found.rejected.columns) == REJECTED


@pytest.mark.parametrize(("field", "value", "reason"), BROKEN)
def test_one_fault_gives_one_reason(field, value, reason):
    assert reasons(of({field: value})) == [(field, value[:80], reason)]


def test_a_row_with_several_faults_names_each():
    found = of({"event_date": "", "event_type": "War", "fatalities": "-1", "latitude": "99"})
    assert sorted(found.rejected["field"]) == ["event_date", "event_type", "fatalities", "latitude"]
    assert found.rows_rejected == 1


def test_the_second_row_of_an_id_is_set_aside():
    found = of({}, {"notes": "another"}, {"event_id": "x"})
    assert reasons(found) == [("event_id", "good", "stands in an earlier row, too")]
    assert found.rejected["row"].tolist() == [2]
    assert found.accepted["notes"].tolist() == ["", ""]


def test_a_row_that_is_set_aside_takes_no_other_rows_id():
    found = of({"event_type": "War"}, {}, {})
    assert found.rejected[["row", "field"]].to_numpy().tolist() == [[1, "event_type"], [3, "event_id"]]
    assert len(found.accepted) == 1


# ── what is good loads ──────────────────────────────────────────────────────────────────────────────────────

FINE = [
    {"event_date": "1800-01-01"},
    {"event_date": "2100-12-31"},
    {"event_date": "2020-02-29"},
    {"event_end": "2020-10-05"},
    {"event_end": "2020-10-02"},
    {"sub_event_type": ""},
    {"event_type": "BATTLES", "sub_event_type": "armed CLASH"},
    {"latitude": "", "longitude": ""},
    {"latitude": "90", "longitude": "-180"},
    {"latitude": "-90", "longitude": "180"},
    {"latitude": "0", "longitude": "0"},
    {"latitude": "3.952e1"},
    {"latitude": " 39.52 "},
    {"geo_precision": "", "time_precision": "", "fatalities": ""},
    {"fatalities": "0"},
    {"fatalities": "3.0"},
    {"fatalities_low": "9", "fatalities_high": "1"},
    {"source_time": "2020-10-02"},
    {"source_time": "2020-10-02T12:36Z"},
    {"source_time": "2020-10-02 12:36:00+04:00"},
    {"notes": "x" * LONGEST},
    {"place": "Ստեփանակերտ, Şuşa 🕊 =1+1"},
    {"actor1": "Somebody the codebook lacks"},
]


@pytest.mark.parametrize("row", FINE)
def test_a_good_row_loads(row):
    found = of(row)
    assert found.rejected.empty
    assert len(found.accepted) == 1


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ({}, "event_end", pd.Timestamp("2020-10-02")),
        ({"event_type": "bATTLES"}, "event_type", "Battles"),
        ({"sub_event_type": "armed clash"}, "sub_event_type", "Armed clash"),
        ({"fatalities": "3000"}, "fatalities", 3000),
        ({"latitude": "-0.5"}, "latitude", -0.5),
        ({"place": "  Hadrut "}, "place", "Hadrut"),
        ({"notes": "NA"}, "notes", "NA"),
        ({"notes": "null"}, "notes", "null"),
    ],
)
def test_a_value_is_read_as_it_is_meant(row, column, value):
    assert of(row).accepted[column].tolist() == [value]


def test_empty_numbers_stay_unknown():
    accepted = of({"fatalities": "", "latitude": "", "longitude": ""}).accepted
    assert accepted[["fatalities", "injured", "latitude", "longitude"]].isna().all(axis=None)


def test_columns_may_come_in_any_order_and_be_few():
    found = check(pd.DataFrame({"event_type": ["Riots"], "Colour": ["red"], "event_date": ["2020-10-02"]}), "x")
    assert list(found.accepted.columns) == list(NAMES)
    assert found.unknown_columns == ("Colour",)
    assert found.accepted["event_id"].str.startswith("row-").all()


@pytest.mark.parametrize("missing", [c.name for c in COLUMNS if c.required])
def test_a_missing_required_column_is_an_error_of_the_file(missing):
    frame = as_text([GOOD]).drop(columns=missing)
    with pytest.raises(SourceError) as caught:
        check(frame, "mine.csv")
    assert str(caught.value) == (
        f"mine.csv: the column {missing} is missing. A table of events needs at least: event_date, event_type."
    )


def test_both_required_columns_missing_are_named_together():
    with pytest.raises(SourceError, match="the columns event_date, event_type are missing"):
        check(pd.DataFrame({"a": ["b"]}), "x")


def test_a_table_without_rows_is_good():
    found = check(as_text([]), "x")
    assert (len(found.accepted), len(found.rejected), found.rows_rejected) == (0, 0, 0)


def test_what_reaches_check_with_other_row_labels_keeps_its_row_numbers():
    frame = as_text([GOOD | {"event_id": str(n), "event_type": "War" if n == 1 else "Riots"} for n in range(3)])
    frame["sub_event_type"] = ""
    frame.index = pd.Index([7, 7, 9])
    found = check(frame, "x")
    assert (found.rejected["row"].tolist(), found.accepted["event_id"].tolist()) == ([2], ["0", "2"])


# ── nothing is lost ─────────────────────────────────────────────────────────────────────────────────────────

CELLS = st.one_of(
    st.sampled_from(
        sorted({value for _, value, _ in BROKEN if len(value) < 200} | set(GOOD.values()) | {"2020-10-03"})
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
PATCHES = st.dictionaries(st.sampled_from(NAMES), CELLS, max_size=4)


@several
@given(st.lists(PATCHES, max_size=12))
def test_each_row_is_accepted_or_set_aside_and_never_both(patches):
    rows = [GOOD | {"event_id": "", "notes": f"row {n}"} | patch for n, patch in enumerate(patches)]
    found = check(as_text(rows), "x")
    assert len(found.accepted) + found.rows_rejected == len(rows)
    kept = [n for n in range(len(rows)) if n + 1 not in set(found.rejected["row"])]
    assert found.accepted["notes"].tolist() == [rows[n]["notes"].strip() for n in kept]
    assert found.accepted["event_id"].is_unique
    assert (found.accepted["event_id"] != "").all()
    assert found.rejected["row"].is_monotonic_increasing


@several
@given(st.lists(PATCHES, max_size=6))
def test_what_was_accepted_keeps_to_the_rules(patches):
    frame = check(as_text([GOOD | {"event_id": ""} | patch for patch in patches]), "x").accepted
    assert frame["event_date"].between("1800-01-01", "2100-12-31").all()
    assert (frame["event_end"] >= frame["event_date"]).all()
    assert (frame["latitude"].isna() == frame["longitude"].isna()).all()
    assert frame["latitude"].dropna().between(-90, 90).all()
    assert frame["longitude"].dropna().between(-180, 180).all()
    assert frame["geo_precision"].dropna().isin([1, 2, 3]).all()
    assert (frame["fatalities"].dropna() >= 0).all()


# ── ids ─────────────────────────────────────────────────────────────────────────────────────────────────────


def nameless(rows):
    return [row | {"event_id": ""} for row in rows]


def ids_of(rows):
    return check(as_text(rows), "x").accepted["event_id"].tolist()


def test_ids_come_from_content_whatever_stands_around():
    rows = nameless(random_rows(3, 30))
    own = dict(zip(ids_of(rows), map(tuple, (r.items() for r in rows)), strict=True))
    shuffled = rows[:]
    random.Random(1).shuffle(shuffled)
    assert len(own) == 30
    assert dict(zip(ids_of(shuffled), map(tuple, (r.items() for r in shuffled)), strict=True)) == own
    assert ids_of(rows[10:11]) == ids_of(rows)[10:11]


def test_equal_rows_are_counted_apart():
    row, other = nameless(random_rows(3, 2))
    one, two, three = ids_of([row, row, row])
    assert (two, three) == (f"{one}-2", f"{one}-3")
    assert ids_of([other, row, row])[1:] == [one, two]


OTHER = {"text": "z", "moment": "2021-01-01", "day": "2020-10-04", "integer": "2", "decimal": "1"}
OTHERS = {c.name: OTHER[c.kind] for c in COLUMNS} | {
    "event_date": "2020-10-01",
    "event_type": "Riots",
    "sub_event_type": "Government regains territory",
}


@pytest.mark.parametrize("column", [n for n in NAMES if n != "event_id"])
def test_any_column_that_differs_makes_another_id(column):
    row = GOOD | {"event_id": "", "sub_event_type": "" if column == "event_type" else GOOD["sub_event_type"]}
    one, other = ids_of([row, row | {column: OTHERS[column]}])
    assert other not in {one, f"{one}-2"}


def test_given_ids_stay():
    assert ids_of([GOOD, GOOD | {"event_id": ""}])[0] == "good"
