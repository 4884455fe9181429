import json
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.codebook import load_codebook
from events.formats.timemap import KEYS, VALUES, from_table, recognise, to_table
from events.schema import NAMES, check
from geodata.names import fold


def event(**changes):
    return {
        "id": "SMP0001",
        "date": "02/24/2022",
        "latitude": "49.5",
        "longitude": "36.2500",
        "location": "Sampletown, Some Region",
        "description": "A roof is burning.",
        "sources": [{"id": "1", "path": "https://www.video.example/w/1", "description": ""}],
        "filters": [{"key": "Type of area affected", "value": "Residential"}],
    } | changes


TIMEMAP = {
    "events": [
        {
            "id": "7",
            "desc": "A demonstration.",
            "date": "10/02/2020",
            "time": "12:30:00",
            "location": "Sampletown",
            "lat": "39.5",
            "long": "47.0",
            "sources": ["src1", "nowhere"],
            "associations": ["a1", "a2"],
        }
    ],
    "sources": {"src1": {"id": "src1", "title": "A clip", "paths": ["media/1.mp4", "https://video.example/1"]}},
    "associations": [
        {"id": "a1", "title": "Demonstration", "desc": "", "mode": "CATEGORY"},
        {"id": "a2", "title": "Night", "desc": "", "mode": "FILTER", "filter_paths": ["Light", "Night"]},
    ],
}


def one(**changes):
    return to_table([event(**changes)]).frame.iloc[0]


def refused(frame):
    return set(check(frame, "t").rejected["field"])


# ── what it is ──────────────────────────────────────────────────────────────────────────────────────────────


def test_both_shapes_are_recognised():
    assert recognise([event(), event()])
    assert recognise([event(), None, event()])
    assert recognise(TIMEMAP)
    assert recognise({"events": [], "sources": {}, "associations": []})


@pytest.mark.parametrize(
    "document",
    [
        None,
        5,
        "text",
        [],
        [1, 2],
        [{}],
        [{"date": "x"}],
        {},
        {"events": 3},
        {"events": []},
        {"events": [{"name": "a concert", "date": "2020-10-02"}]},
        {"type": "FeatureCollection", "features": []},
    ],
)
def test_other_json_is_not(document):
    assert not recognise(document)


# ── field by field ──────────────────────────────────────────────────────────────────────────────────────────


def test_an_event_of_bellingcats_list():
    row = one()
    assert dict(row.drop("extra")) == {
        "event_id": "timemap-SMP0001",
        "event_date": "2022-02-24",
        "latitude": "49.5",
        "longitude": "36.2500",
        "place": "Sampletown, Some Region",
        "notes": "A roof is burning.",
        "event_type": "Strategic developments",
        "sub_event_type": "Other",
        "source": "video.example",
        "source_url": "https://www.video.example/w/1",
    }
    assert json.loads(row["extra"]) == {
        "format": "timemap",
        "longitude": "36.2500",
        "sources": event()["sources"],
        "filters": event()["filters"],
    }


def test_an_event_of_timemaps_document():
    mapped = to_table(TIMEMAP)
    row = mapped.frame.iloc[0]
    assert tuple(row[["event_id", "event_date", "latitude", "longitude", "notes"]]) == (
        "timemap-7",
        "2020-10-02",
        "39.5",
        "47.0",
        "A demonstration.",
    )
    assert (row["event_type"], row["sub_event_type"]) == ("Protests", "Peaceful protest")
    assert (row["source"], row["source_url"]) == ("video.example", "https://video.example/1")
    extra = json.loads(row["extra"])
    assert extra["time"] == "12:30:00"
    assert extra["sources"] == ["src1", "nowhere"]
    assert extra["source_records"] == [TIMEMAP["sources"]["src1"]]
    assert [a["title"] for a in extra["association_records"]] == ["Demonstration", "Night"]
    assert check(mapped.frame, "t").rejected.empty


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("02/24/2022", "2022-02-24"),
        ("2/4/2022", "2022-02-04"),  # month first, always
        ("2022-02-24", "2022-02-24"),
        ("2022-02-24T00:00:00.000Z", "2022-02-24"),
        ("24/02/2022", "24/02/2022"),
        ("02/30/2022", "02/30/2022"),
        ("2022-13-01", "2022-13-01"),
        ("24 February", "24 February"),
    ],
)
def test_dates_are_month_day_year_or_iso(date, day):
    assert one(date=date)["event_date"] == day
    assert ("event_date" in refused(to_table([event(date=date)]).frame)) == (date == day and date != "2022-02-24")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"date": ""}, "event_date"),
        ({"date": None}, "event_date"),
        ({"latitude": "n/a"}, "latitude"),
        ({"latitude": "36.25", "longitude": "490.5"}, "longitude"),
        ({"latitude": ""}, "latitude"),
        ({"longitude": math.nan}, "longitude"),
        ({"longitude": math.inf}, "longitude"),
        ({"longitude": [1]}, "longitude"),
    ],
)
def test_what_cannot_be_read_is_refused(changes, field):
    assert field in refused(to_table([event(**changes)]).frame)


def test_numbers_are_read_as_text_is():
    row = one(id=12, latitude=49.5, longitude=36)
    assert (row["event_id"], row["latitude"], row["longitude"]) == ("timemap-12", "49.5", "36")


@pytest.mark.parametrize(
    ("key", "value", "sub"),
    [
        ("Weapon System", "Cluster munition", "Shelling/artillery/missile attack"),
        ("Type of attack", "Airstrike", "Air/drone strike"),
        ("Type", "LANDMINE", "Remote explosive/landmine/IED"),
        ("Event type", "Armed clash", "Armed clash"),
        ("Event type", "battles", ""),
        ("Civilian casualties", "Yes", "Attack"),
        ("category", "Civilian casualties", "Attack"),
        ("Civilian casualties", "No", "Other"),
        ("Civilian casualties", "Unknown", "Other"),
        ("Type of area affected", "Mine", "Other"),
        ("Footage", "Drone", "Other"),  # how it was filmed
        ("Weapon System", "Undefined", "Other"),
    ],
)
def test_the_type_comes_from_plain_filters_alone(key, value, sub):
    row = one(filters=[{"key": "Type of area affected", "value": "Military"}, {"key": key, "value": value}])
    assert row["sub_event_type"] == sub
    assert row["event_type"] in load_codebook().type_names


def test_a_weapon_says_more_than_harm():
    filters = [{"key": "Civilian casualties", "value": "Yes"}, {"key": "Weapon", "value": "Artillery"}]
    assert one(filters=filters)["event_type"] == "Explosions/Remote violence"


def test_the_table_of_filters_speaks_the_codebook():
    assert all(load_codebook().type_of[sub] == kind for kind, sub in VALUES.values())
    assert all(fold(word) == word for word in (*KEYS, *VALUES))


def test_notes_say_that_the_type_was_not_told():
    notes = to_table([event(), event(), event(filters=[{"key": "Weapon", "value": "Drone"}])]).notes
    assert notes[0] == "Bellingcat's list: 3 rows"
    assert "Weapon: Drone → Explosions/Remote violence / Air/drone strike: 1 row" in notes
    assert "type not told by the file, so Strategic developments / Other; filters kept in extra: 2 rows" in notes


def test_the_publisher_is_whom_the_file_names():
    assert one(source="Bellingcat")["source"] == "Bellingcat"
    assert one(source="https://other.example")["source"] == "video.example"
    assert to_table({"publisher": "Bellingcat", "events": [event()]}).frame.loc[0, "source"] == "Bellingcat"
    assert one(sources=[])["source"] == ""


@pytest.mark.parametrize("path", ["javascript:alert(1)", "media/1.mp4", "", None, 5, {"a": 1}])
def test_only_web_addresses_become_links(path):
    row = one(sources=[{"id": "1", "path": path, "description": "x"}])
    assert (row["source"], row["source_url"]) == ("", "")
    second = [{"id": "1", "path": path}, {"id": "2", "path": "http://b.example/2"}]
    assert one(sources=second)["source_url"] == "http://b.example/2"


# ── there and back ──────────────────────────────────────────────────────────────────────────────────────────

TEXT = st.text(max_size=12)
SOURCES = st.lists(
    st.fixed_dictionaries({"id": TEXT, "path": TEXT | st.just("http://a.example/1"), "description": TEXT})
)
FILTERS = st.lists(
    st.fixed_dictionaries({"key": TEXT | st.just("Weapon"), "value": TEXT | st.just("Drone")}), max_size=3
)
EVENT = st.fixed_dictionaries(
    {
        "id": TEXT,
        "date": TEXT | st.dates().map("{:%m/%d/%Y}".format) | st.dates().map(str) | st.just("2/4/2022"),
        "latitude": TEXT | st.floats().map(str) | st.sampled_from(["39.50", " 39", "-0", "39"]),
        "longitude": TEXT | st.floats(-180, 180).map(str),
        "location": TEXT,
        "description": TEXT,
        "sources": SOURCES,
        "filters": FILTERS,
    }
)


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENT, max_size=4))
def test_any_event_comes_back_letter_for_letter(events):
    frame = to_table(events).frame
    assert len(frame) == len(events)
    assert from_table(frame) == events


SOUND = {
    "id": st.integers(1, 10**9).map("E{}".format),
    "date": st.dates(pd.Timestamp("1900-01-01").date(), pd.Timestamp("2050-01-01").date()).map("{:%m/%d/%Y}".format),
    "latitude": st.floats(-90, 90).map(str) | st.just("39.50"),
    "longitude": st.floats(-180, 180).map(str) | st.just("47"),
    "location": TEXT.filter(lambda v: "\x00" not in v),
    "description": TEXT.filter(lambda v: "\x00" not in v),
    "sources": SOURCES,
    "filters": FILTERS,
    "time": TEXT,
    "format": TEXT,
}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries(SOUND), min_size=1, max_size=4, unique_by=lambda e: e["id"]))
def test_sound_events_come_back_from_the_typed_table(events):
    frame = to_table(events).frame
    checked = check(frame, "t")
    assert checked.rejected.empty, checked.rejected
    back = from_table(checked.accepted.assign(extra=frame["extra"]))
    assert [{k: v for k, v in e.items() if v != ""} for e in back] == [
        {k: v for k, v in e.items() if v != ""} for e in events
    ]


def test_timemaps_document_goes_out_in_bellingcats_shape():
    (back,) = from_table(to_table(TIMEMAP).frame)
    assert back["sources"] == [{"id": "src1", "path": "https://video.example/1", "description": "A clip"}]
    assert back["filters"] == [{"key": "CATEGORY", "value": "Demonstration"}, {"key": "FILTER", "value": "Night"}]
    assert (back["description"], back["latitude"], back["time"]) == ("A demonstration.", "39.5", "12:30:00")


def test_what_was_corrected_since_goes_out_corrected():
    frame = to_table([event(), event(id="2")]).frame
    frame.loc[0, "longitude"] = "36.5"
    frame.loc[0, "event_date"] = "2022-02-25"
    first, second = from_table(frame)
    assert (first["longitude"], first["date"]) == ("36.5", "02/25/2022")
    assert second["longitude"] == "36.2500"


def test_rows_of_another_origin_go_out_with_their_type_and_address():
    (back,) = from_table(
        pd.DataFrame(
            {
                "event_id": ["x-1"],
                "event_type": ["Battles"],
                "source_url": ["http://a.example"],
                "source": ["A"],
                "extra": ['{"format": "acled", "iso": "31"}'],
            }
        )
    )
    assert back["filters"] == [{"key": "Event type", "value": "Battles"}]
    assert back["sources"] == [{"id": "1", "path": "http://a.example", "description": "A"}]
    assert back["id"] == "x-1"
    assert "iso" not in back


# ── as it comes ─────────────────────────────────────────────────────────────────────────────────────────────

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\ud800"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.just("format"), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = ["id", "date", "latitude", "lat", "location", "desc", "sources", "filters", "associations", "type", "source"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(JSON | st.dictionaries(st.sampled_from(FIELDS), JSON)),
    st.dictionaries(st.sampled_from(["sources", "publisher"]), JSON),
)
def test_hostile_documents_never_raise(events, rest):
    recognise(events)
    recognise({"events": events, **rest})
    for document in (events, {"events": events, **rest}):
        mapped = to_table(document)
        assert len(mapped.frame) == len(events)
        assert set(mapped.frame.columns) <= {*NAMES, "extra"}
        check(mapped.frame, "t")
        from_table(mapped.frame)
        for text in mapped.frame["extra"]:
            json.loads(text, parse_constant=pytest.fail)


def test_what_is_no_event_is_a_row_that_is_refused():
    frame = to_table([event(), None, 5, "x", [1]]).frame
    assert len(frame) == 5
    assert sorted(set(check(frame, "t").rejected["row"])) == [2, 3, 4, 5]


def test_nesting_beyond_reason_is_told_not_raised():
    deep = json.loads("[" * 900 + "]" * 900)
    frame = to_table([event(comments=deep), event(id=deep), event(sources=deep)]).frame
    assert len(frame) == 3
    from_table(frame)


def test_an_empty_list_is_an_empty_table():
    frame = to_table([]).frame
    assert len(frame) == 0
    assert check(frame, "t").accepted.empty
    assert from_table(frame) == []
