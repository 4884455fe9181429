import csv
import io
import json
import os
import re
import zipfile
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from events.errors import SourceError
from events.formats import FORMATS, WRITTEN, read, reading, write
from events.frames import as_geodataframe
from events.schema import EXTRA, NAMES, check
from events.sources import check_file, open_source
from tests.events import test_acled, test_ged
from tests.events.samples import as_text, checked, random_rows

FORMAT_NAMES = ["csv", "geojson", "parquet", "xlsx"]  # with every column of the table
OTHERS = sorted(set(WRITTEN) - set(FORMAT_NAMES))
WHOLE = [*FORMAT_NAMES, "hxl"]
RANDOM = checked(random_rows(11, 60))


def written(frame, name):
    out = io.BytesIO()
    write(name, frame, out)
    return out.getvalue()


def put(folder, content, name="file"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read_back(folder, frame, name):
    found, again, _ = check_file(put(folder, written(frame, name)))
    assert found.name == name
    assert again.rejected.empty, again.rejected
    assert again.unknown_columns == ()
    if EXTRA not in frame and EXTRA in again.accepted and (again.accepted[EXTRA] == "").all():
        return again.accepted.drop(columns=EXTRA)
    return again.accepted


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("formats")


# ── out and in again ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_written_reads_as_the_same_table(folder, name):
    pd.testing.assert_frame_equal(read_back(folder, RANDOM, name), RANDOM)


@pytest.mark.parametrize("name", WHOLE)
def test_the_shipped_table_survives_each_format(folder, shipped, name):
    frame = shipped.load().drop(columns="geometry")
    pd.testing.assert_frame_equal(read_back(folder, pd.DataFrame(frame), name), pd.DataFrame(frame))


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_a_table_without_rows_survives_each_format(folder, name):
    assert len(read_back(folder, RANDOM.head(0), name)) == 0
    opened = open_source(str(put(folder, written(RANDOM.head(0), name))))
    assert (opened.store.total(), opened.store.vocabulary().actors) == (0, frozenset())


@pytest.mark.parametrize("name", OTHERS)
def test_what_another_format_has_room_for_comes_in_again(folder, name):
    again = check_file(put(folder, written(RANDOM, name))).checked
    assert again.rejected.empty, again.rejected
    if name != "timemap":
        assert again.accepted["event_id"].tolist() == RANDOM["event_id"].tolist()
    kept = ["event_date", "place", "latitude", "longitude"]
    kept += [] if name == "timemap" else ["event_type", "sub_event_type", "actor1", "actor2", "fatalities", "notes"]
    pd.testing.assert_frame_equal(again.accepted[kept], RANDOM[kept])


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_fields_beside_the_table_survive_each_format(folder, name):
    frame = RANDOM.head(3).assign(
        extra=['{"format": "acled", "timestamp": "1"}', "", '{"format": "columns", "=a": "=b"}']
    )
    pd.testing.assert_frame_equal(read_back(folder, frame, name), frame)


def test_a_format_that_is_only_read_is_not_written():
    with pytest.raises(SourceError, match="gdelt is a format that is only read"):
        write("gdelt", RANDOM, io.BytesIO())
    assert FORMATS["gdelt"].read is not None


UNSHRUNK = [Phase.explicit, Phase.reuse, Phase.generate]  # shrinking takes minutes, and says little more here
ODD = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30),
    st.text("\"',;\n\r\t =+-@|\\%{}[]\ufeff\u2028é🕊ա", max_size=20),
    st.sampled_from(
        [
            '=HYPERLINK("http://x")',
            "+1",
            "-1",
            "@x",
            "NA",
            "null",
            "None",
            "nan",
            "007",
            "1e5",
            "true",
            '"',
            '""',
            "a,b",
            "é",
            "é",
        ]
    ),
).map(str.strip)
PLACED = st.one_of(st.none(), st.tuples(st.floats(-90, 90), st.floats(-180, 180)))


def odd_frame(rows):
    frame = check(as_text([RANDOM_ROW | {"event_id": str(n)} for n in range(len(rows))]), "x").accepted
    for n, (notes, place, url, point) in enumerate(rows):
        frame.loc[n, ["notes", "place", "source_url"]] = [notes, place, url]
        frame.loc[n, ["latitude", "longitude"]] = point or (float("nan"), float("nan"))
    return frame


RANDOM_ROW = random_rows(11, 1)[0]


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=25, deadline=None, phases=UNSHRUNK)
@given(st.lists(st.tuples(ODD, ODD, ODD, PLACED), min_size=1, max_size=4))
def test_any_text_and_any_point_survive_each_format(folder, name, rows):
    if name == "xlsx":  # a number of a workbook has 15 digits
        rows = [(*texts, point and tuple(float(f"{v:.15G}") for v in point)) for *texts, point in rows]
    frame = odd_frame(rows)
    again = read_back(folder, frame, name)
    for column in NAMES:
        assert again[column].astype("object").where(again[column].notna(), None).tolist() == (
            frame[column].astype("object").where(frame[column].notna(), None).tolist()
        ), column


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize(
    "text", ["a\rb", "a\r\nb", "a\nb", 'a"b', "a,b", "=1+1", "'=1+1", "''-1", "'", "NA", "\ufeffa", "\\"]
)
def test_signs_that_part_rows_and_cells_survive_each_format(folder, name, text):
    frame = odd_frame([(text, text, text, None), ("next", "", "", (39.5, 47.0))])
    pd.testing.assert_frame_equal(read_back(folder, frame, name), frame)


def test_csv_is_utf8_with_lf_and_days_and_empty_cells():
    lines = written(RANDOM, "csv").decode().split("\n")
    assert lines[0] == ",".join(NAMES)
    assert "\r" not in "".join(lines)
    assert lines[-1] == ""
    first = pd.read_csv(io.BytesIO(written(RANDOM, "csv")), dtype="str", keep_default_na=False).iloc[0]
    assert first["event_date"] == RANDOM["event_date"].iloc[0].date().isoformat()
    assert not {"nan", "<NA>", "NaT", "None"} & set(first)


def test_geojson_keeps_to_rfc_7946():
    document = json.loads(written(RANDOM, "geojson"), parse_constant=pytest.fail)
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    for feature, row in zip(document["features"], RANDOM.itertuples(), strict=True):
        point = None if pd.isna(row.latitude) else {"type": "Point", "coordinates": [row.longitude, row.latitude]}
        assert feature["type"] == "Feature"
        assert (feature["id"], feature["geometry"]) == (row.event_id, point)
        assert list(feature["properties"]) == list(NAMES)


def test_geoparquet_opens_with_geopandas(folder):
    frame = gpd.read_parquet(put(folder, written(RANDOM, "parquet")))
    assert frame.crs.to_epsg() == 4326
    unplaced = RANDOM["latitude"].isna()
    assert unplaced.any()
    assert frame.geometry[unplaced].isna().all()
    assert frame.geometry[~unplaced].x.tolist() == RANDOM["longitude"][~unplaced].tolist()
    assert frame.geometry[~unplaced].y.tolist() == RANDOM["latitude"][~unplaced].tolist()


def test_geoparquet_says_its_version_and_encoding(folder):
    meta = json.loads(pq.read_schema(put(folder, written(RANDOM, "parquet"))).metadata[b"geo"])
    assert (meta["version"], meta["columns"]["geometry"]["encoding"]) == ("1.1.0", "WKB")


# ── what a file is, is told from what it holds ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", sorted(WRITTEN))
@pytest.mark.parametrize("suffix", ["", ".csv", ".geojson", ".parquet", ".txt", ".xlsx"])
def test_the_format_is_told_from_content_not_from_the_name(folder, name, suffix):
    found, frame = read(put(folder, written(RANDOM, name), f"table{suffix}"))
    assert (found.name, len(frame)) == (name, len(RANDOM))


@pytest.mark.parametrize("lead", [b"\xef\xbb\xbf", b"\n\n  ", b"\xef\xbb\xbf\r\n"])
def test_a_bom_and_blanks_may_lead_geojson(folder, lead):
    found, frame = read(put(folder, lead + written(RANDOM, "geojson")))
    assert (found.name, len(frame)) == ("geojson", len(RANDOM))


def test_a_spreadsheets_csv_reads_the_same(folder):
    as_saved = b"\xef\xbb\xbf" + written(checked(random_rows(3, 20)), "csv").replace(b"\n", b"\r\n")
    assert len(check_file(put(folder, as_saved)).checked.accepted) == 20


def test_a_named_format_is_believed(folder):
    with pytest.raises(SourceError, match="not whole JSON"):
        read(put(folder, written(RANDOM, "csv")), "geojson")
    with pytest.raises(SourceError, match="not whole Parquet"):
        read(put(folder, written(RANDOM, "csv")), "parquet")


# ── other people's files ────────────────────────────────────────────────────────────────────────────────────

HEAD = "event_date,event_type,notes\n"
ROW = "2020-10-02,Battles,x\n"


def feature(geometry, **properties):
    given_ = {"event_date": "2020-10-02", "event_type": "Battles"} | properties
    return {"type": "Feature", "geometry": geometry, "properties": given_}


def check_features(folder, *features):
    text = json.dumps({"type": "FeatureCollection", "features": list(features)})
    return check_file(put(folder, text)).checked


@pytest.mark.parametrize(
    ("geometry", "lon", "lat"),
    [
        ({"type": "Point", "coordinates": [47.0, 39.5]}, 47.0, 39.5),
        ({"type": "Point", "coordinates": [47, 39, 1200.5]}, 47.0, 39.0),
        ({"type": "MultiPoint", "coordinates": [[47, 39]]}, 47.0, 39.0),
        ({"type": "LineString", "coordinates": [[46, 39], [47, 39], [48, 39]]}, 47.0, 39.0),
        ({"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [47, 39]}]}, 47.0, 39.0),
    ],
)
def test_geometry_becomes_one_point(folder, geometry, lon, lat):
    accepted = check_features(folder, feature(geometry)).accepted
    assert (accepted["longitude"].tolist(), accepted["latitude"].tolist()) == ([lon], [lat])


def test_an_areas_point_lies_within_it(folder):
    hook = [[0, 0], [10, 0], [10, 10], [9, 10], [9, 1], [0, 1], [0, 0]]
    point = check_features(folder, feature({"type": "Polygon", "coordinates": [hook]})).accepted.iloc[0]
    assert 0 < point["latitude"] < 1 or 9 < point["longitude"] < 10


@pytest.mark.parametrize(
    "geometry", [None, {"type": "Point", "coordinates": []}, {"type": "Polygon", "coordinates": []}]
)
def test_no_geometry_is_no_place(folder, geometry):
    assert check_features(folder, feature(geometry)).accepted["latitude"].isna().tolist() == [True]


NUMBER = "9" * 400
BAD_GEOMETRIES = [
    {},
    {"type": "Circle"},
    {"type": "Point", "coordinates": "12"},
    {"type": "Point", "coordinates": [1]},
    {"type": "Point", "coordinates": [{"a": 1}, 2]},
    {"type": "Point", "coordinates": [float("nan"), 2]},
    {"type": "Polygon", "coordinates": [[[0, 0]]]},
    {"type": "Polygon", "coordinates": [[[0, 0], [float("nan"), 1], [1, 1], [0, 0]]]},
    {"type": "Polygon", "coordinates": [[[0, 0], [float("inf"), 1], [1, 1], [0, 0]]]},
    {"type": "LineString", "coordinates": [["a", "b"], [1, 2]]},
    {"type": "LineString", "coordinates": [[0, 0], [int(NUMBER), 1]]},
    {"type": "GeometryCollection", "geometries": 5},
]


@pytest.mark.parametrize("geometry", BAD_GEOMETRIES, ids=range(len(BAD_GEOMETRIES)))
def test_a_geometry_that_cannot_be_read_sets_its_row_aside(folder, geometry):
    found = check_features(folder, feature(geometry, event_id="a"), feature(None, event_id="b"))
    assert found.accepted["event_id"].tolist() == ["b"]
    assert set(found.rejected["field"]) <= {"latitude", "longitude"}


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KINDS = st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "MultiPoint", "GeometryCollection"])
GEOMETRIES = st.fixed_dictionaries({"type": KINDS, "coordinates": JSON}) | JSON


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(feature, GEOMETRIES, notes=JSON, fatalities=JSON) | JSON, max_size=4))
def test_no_json_is_lost_or_brings_the_reader_down(folder, features):
    text = json.dumps({"features": [feature(None), *features]})
    found = check_file(put(folder, text)).checked
    assert len(found.accepted) + found.rows_rejected == 1 + len(features)


def test_parquet_moments_keep_their_clock(folder):
    noon, midnight = pd.Timestamp("2020-10-02T12:36"), pd.Timestamp("2020-10-02")
    frame = pd.DataFrame({"event_date": [midnight, noon], "event_type": "Riots", "source_time": [noon, noon]})
    frame.to_parquet(folder / "moments")
    found = check_file(folder / "moments").checked
    assert found.accepted["source_time"].tolist() == ["2020-10-02T12:36:00"] * 2
    # A clock time on the day is the day as written; it stands in `extra`, letter for letter.
    assert found.accepted["event_date"].tolist() == [midnight] * 2
    kept = [json.loads(text) if text else {} for text in found.accepted[EXTRA]]
    assert kept == [{}, {"format": "columns", "event_date": "2020-10-02T12:36:00"}]


def test_parquet_takes_its_place_from_geometry_when_there_are_no_columns_for_it(folder):
    frame = gpd.read_parquet(put(folder, written(RANDOM, "parquet"))).drop(columns=["latitude", "longitude"])
    frame.to_parquet(folder / "geometry")
    again = check_file(folder / "geometry").checked.accepted
    pd.testing.assert_frame_equal(again, RANDOM)


@pytest.mark.parametrize("geometry", [b"no WKB", b"", "no hex"])
def test_parquet_geometry_that_cannot_be_read_sets_its_row_aside(folder, geometry):
    table = {"event_date": ["2020-10-02"], "event_type": ["Riots"], "geometry": [geometry]}
    pq.write_table(pa.table(table), folder / "bad")
    found = check_file(folder / "bad").checked
    assert (len(found.accepted), found.rejected["value"].tolist()) == (0, ["not readable", "not readable"])


def test_whole_numbers_with_gaps_are_whole(folder):
    frame = pd.DataFrame({"event_date": ["2020-10-02"] * 2, "event_type": "Riots", "fatalities": [3.0, None]})
    frame.to_parquet(folder / "gaps")
    assert check_file(folder / "gaps").checked.accepted["fatalities"].tolist() == [3, pd.NA]


def check_text(folder, text):
    found = check_file(put(folder, text)).checked
    reasons = [(row, reason) for row, reason in found.rejected[["row", "reason"]].itertuples(index=False, name=None)]
    return found.accepted["notes"].tolist() if "notes" in found.accepted else None, reasons


@pytest.mark.parametrize(
    ("rows", "notes", "reasons"),
    [
        (ROW + "2020-10-02,Riots,x,y\n" + ROW, ["x", "x"], [(2, "has 4 cells where the header has 3")]),
        ("2020-10-02,Riots\n" + ROW, ["x"], [(1, "has 2 cells where the header has 3")]),
        ("\n\n" + ROW + "\r\n\n2020-10-02\n", ["x"], [(2, "has 1 cells where the header has 3")]),
        (
            '2020-10-02,Riots,"two\nlines"\n2020-10-02,Riots,"a\nb",c\n',
            ["two\nlines"],
            [(2, "has 4 cells where the header has 3")],
        ),
        ("2020-10-02,Riots,a\x00b\n" + ROW, ["x"], [(1, "holds a NUL character")]),
        (f"2020-10-02,Riots,{'y' * 10**7}\n" + ROW, ["x"], [(1, "is longer than 20,000 characters")]),
        ("2020-10-02,Riots,'=1+1\n", ["=1+1"], []),
        ("2020-10-02,Riots,'tis", [*["'tis"]], []),
        ("", [], []),
    ],
    ids=["too many", "too few", "blank lines", "in quotes", "NUL", "10 MB", "guarded", "apostrophe", "no row"],
)
@pytest.mark.parametrize("lead", ["", "\ufeff", "\n\r\n"])
def test_a_row_is_taken_or_set_aside_by_its_number(folder, lead, rows, notes, reasons):
    assert check_text(folder, lead + HEAD + rows) == (notes, reasons)


def test_rows_of_a_long_file_keep_their_numbers(folder, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK", 500)
    lines = [f"2020-10-02,{'War' if n % 7 == 0 else 'Riots'},é{n}" + ",y" * (n % 5 == 0) for n in range(1, 300)]
    found = check_file(put(folder, HEAD + "\n".join(lines))).checked
    wrong = [n for n in range(1, 300) if n % 5 == 0 or n % 7 == 0]
    assert sorted(found.rejected["row"].tolist()) == wrong
    assert found.rows_rejected == len(wrong)
    assert found.accepted["notes"].tolist() == [f"é{n}" for n in range(1, 300) if n not in wrong]
    assert (found.row_numbers + 1).tolist() == [n for n in range(1, 300) if n not in wrong]


def test_a_row_set_aside_while_the_block_before_it_is_numbered_keeps_its_number(monkeypatch):
    """Arrow's thread takes the next block apart when it pleases; here while the first one's guards are taken off."""
    faults = reading._Faults(reading.Unpacked(Path("x.csv"), "x.csv", b""), skipped=0)

    def set_aside(number):
        faults.keep(SimpleNamespace(actual_columns=2, expected_columns=1, number=number + 1))

    def without_guards(batch):
        if batch.column(0)[0].as_py() == "row 0":
            set_aside(4)
        return batch

    monkeypatch.setattr(reading, "_without_guards", without_guards)
    set_aside(2)
    blocks = [["row 0", "row 1"], ["row 3", "row 5", reading._END]]
    reader = [pa.RecordBatch.from_arrays([pa.array(block)], names=["notes"]) for block in blocks]
    found = pd.concat(reading._numbered(reader, ["notes"], faults))
    good = found[found[reading.FAULT].isna()]
    assert good["notes"].tolist() == [f"row {n}" for n in good.index]
    assert found.index.tolist() == [0, 1, 2, 3, 5, 4]


def test_equal_rows_without_an_id_are_all_taken_wherever_they_stand(folder, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK", 500)
    found = check_file(put(folder, HEAD + ROW * 200)).checked
    assert (found.accepted["event_id"].nunique(), found.rows_rejected) == (200, 0)


def test_a_file_of_nothing_but_broken_rows_is_refused(folder, monkeypatch):
    monkeypatch.setattr(reading, "MOST_FAULTS", 10)
    with pytest.raises(SourceError, match="more than 10 rows have more or fewer cells than the header"):
        check_file(put(folder, HEAD + "x\n" * 11))
    assert check_file(put(folder, HEAD + "x\n" * 10)).checked.rows_rejected == 10


def test_a_cell_longer_than_a_block_is_refused(folder, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK", 2**20)
    with pytest.raises(SourceError, match="a row is longer than 1 MB, or a quote is never closed"):
        check_file(put(folder, HEAD + f"2020-10-02,Riots,{'y' * 3 * 2**20}\n" + ROW))


def test_columns_named_twice_or_not_at_all_are_kept(folder):
    text = "event_date,event_type,notes,notes,,_fault,,event_date\n2020-10-02,Riots,a,b,c,d,e,f\n"
    found = check_file(put(folder, text))
    assert (found.checked.accepted["notes"].tolist(), found.checked.rows_rejected) == (["a"], 0)
    kept = {"notes (2)": "b", "_unnamed_4": "c", "_fault (2)": "d", "_unnamed_6": "e", "event_date (2)": "f"}
    assert json.loads(found.checked.accepted[EXTRA].iloc[0]) == {"format": "columns"} | kept
    assert any(note.startswith("kept in extra: notes (2)") for note in found.notes)


@pytest.mark.parametrize("sep", [";", "\t", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_other_separators_and_ends_of_lines(folder, sep, end):
    text = (HEAD + ROW).replace(",", sep).replace("\n", end)
    assert check_text(folder, text) == (["x"], [])


def test_a_workbook_with_a_header_alone_or_odd_names(folder):
    def book(*rows):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
            sheet = made.add_worksheet()
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
        return check_file(put(folder, out.getvalue())).checked

    head = ["event_date", "event_type", "notes", "notes", "", "_fault"]
    assert len(book(head).accepted) == 0
    found = book(head, ["2020-10-02", "Riots", "a", "b", "c", "d"])
    assert (found.accepted["notes"].tolist(), found.rows_rejected) == (["a"], 0)


def test_a_workbook_larger_than_it_seems_is_refused(folder):
    good = written(RANDOM, "xlsx")

    def changed(part, change):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, change(old.read(name)) if name == part else old.read(name))
        return put(folder, out.getvalue())

    sheet = "xl/worksheets/sheet1.xml"
    far = changed(
        sheet,
        lambda text: text.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        ),
    )
    with pytest.raises(SourceError, match="a sheet spans more than 60,000,000 cells"):
        check_file(far)
    with pytest.raises(SourceError, match="it unpacks to"):
        check_file(changed(sheet, lambda text: text + b" " * 80 * 2**20))


# ── files of datasets as they are passed on ─────────────────────────────────────────────────────────────────


def table_of(row, how, folder):
    """A dataset's file of one row, as it has been seen."""
    frame = pd.DataFrame([row])
    path = folder / how
    if how == "xlsx":
        with pd.ExcelWriter(path, engine="xlsxwriter") as out:
            frame.to_excel(out, index=False)
    elif how == "parquet":
        frame.to_parquet(path)
    elif how == "geojson":
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature(None) | {"properties": row}]}))
    elif how == "tagged":
        pd.concat([pd.DataFrame([dict.fromkeys(row, "#meta+x")]), frame]).to_csv(path, index=False)
    else:
        frame.to_csv(path, index=False, sep=";")
    return path


@pytest.mark.parametrize("how", ["xlsx", "parquet", "geojson", "tagged", "semicolons"])
@pytest.mark.parametrize("name", ["acled", "ged"])
def test_a_datasets_file_is_told_by_its_columns_whatever_it_comes_in(folder, name, how):
    row = {"acled": test_acled.OLD, "ged": test_ged.ROW}[name]
    found = check_file(table_of(row, how, folder))
    assert (len(found.checked.accepted), found.checked.rows_rejected) == (1, 0), found.checked.rejected
    frame = found.checked.accepted
    assert json.loads(frame["extra"].iloc[0])["format"] == name
    assert frame["sub_event_type"].tolist() == ["Armed clash"]
    if how not in ("xlsx", "parquet", "geojson"):
        assert found.format.name == name
        again = check_file(put(folder, written(frame, name))).checked.accepted
        pd.testing.assert_frame_equal(again, frame)


@pytest.mark.parametrize(("name", "field"), [("acled", "EVENT_DATE"), ("ged", "date_start")])
def test_the_whole_file_tells_the_order_of_day_and_month(folder, monkeypatch, name, field):
    monkeypatch.setattr(reading, "BLOCK", 2000)
    row = {"acled": test_acled.OLD, "ged": test_ged.ROW | {"date_end": "2021-01-01"}}[name]
    key = "EVENT_ID_CNTY" if name == "acled" else "id"
    days = [f"{n % 12 + 1:02}/04/2020" for n in range(60)] + ["18/04/2020"]
    pd.DataFrame([row | {field: day, key: str(n)} for n, day in enumerate(days)]).to_csv(folder / "days", index=False)
    found = check_file(folder / "days").checked
    assert found.rejected.empty
    assert set(found.accepted["event_date"].dt.month) == {4}
    unsure = check_file(table_of(row | {field: "05/04/2020"}, "semicolons", folder)).checked
    assert unsure.rejected["value"].tolist() == ["05/04/2020"]


def test_the_whole_file_tells_it_for_tables_of_ones_own_too(folder, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK", 500)
    rows = "".join(f"{n % 12 + 1}/10/2020,Riots,{n}\n" for n in range(100))
    found = check_file(put(folder, HEAD + rows + "25/10/2020,Riots,last\n")).checked
    assert (len(found.accepted), set(found.accepted["event_date"].dt.month)) == (101, {10})


def test_the_older_names_of_ged_are_read(folder):
    older = {f"{k}_est" if k in ("best", "low", "high") else k: v for k, v in test_ged.ROW.items()}
    frame = check_file(table_of(older, "semicolons", folder)).checked.accepted
    assert frame[["fatalities_low", "fatalities", "fatalities_high"]].to_numpy().tolist() == [[2, 4, 9]]


# ── formulas ────────────────────────────────────────────────────────────────────────────────────────────────

SIGNS = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''+x", "'-", "＝1+1", "-", "=cmd|' /C calc'!A0"]
FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")


@pytest.mark.parametrize("name", ["csv", "hxl", "acled", "ged"])
def test_no_text_of_a_csv_is_a_formula(folder, name):
    frame = odd_frame([(text, text, text, (-39.5, -47.0)) for text in SIGNS])
    frame["source"] = frame["actor1"] = frame["country"] = SIGNS
    rows = list(csv.reader(io.StringIO(written(frame, name).decode(), newline="")))
    for row in rows[1:]:
        assert {cell for cell in row if FORMULA.match(cell)} <= {"-39.5", "-47", "-47.0", "+1", "-1"}
    if name in ("csv", "hxl"):
        assert not {"+1", "-1"} & {cell for row in rows for cell in row}
        pd.testing.assert_frame_equal(read_back(folder, frame, name), frame)
    else:
        kept = ["country", "place", "latitude", "notes", "actor1", "source"]
        pd.testing.assert_frame_equal(read_back(folder, frame, name)[kept], frame[kept])


def test_a_name_of_a_column_is_no_formula(folder):
    text = "event_id_cnty,event_date,event_type,assoc_actor_1,=cmd\nx,2020-10-02,Riots,=a,=b\n"
    frame = check_file(put(folder, text)).checked.accepted
    header, row = csv.reader(io.StringIO(written(frame, "acled").decode(), newline=""))
    assert header[-1] == "'=cmd"
    assert (row[-1], row[header.index("assoc_actor_1")]) == ("'=b", "'=a")
    again = check_file(put(folder, written(frame, "acled"))).checked.accepted
    pd.testing.assert_frame_equal(again, frame)


def test_no_cell_of_a_workbook_is_a_formula(folder):
    frame = odd_frame([(text, text, text, None) for text in SIGNS])
    with zipfile.ZipFile(io.BytesIO(written(frame, "xlsx"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<f " not in sheet
    pd.testing.assert_frame_equal(read_back(folder, frame, "xlsx"), frame)


@pytest.mark.parametrize("name", ["csv", "hxl", "xlsx"])
@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("'=+-@１a ＝\t", max_size=6).map(str.strip), min_size=1, max_size=5))
def test_guards_are_taken_away_letter_for_letter(folder, name, texts):
    frame = odd_frame([(text, text, text, None) for text in texts])
    pd.testing.assert_frame_equal(read_back(folder, frame, name), frame)


# ── files that cannot be used ───────────────────────────────────────────────────────────────────────────────

PARQUET = written(RANDOM, "parquet")
GEOJSON = written(RANDOM, "geojson")


def geoparquet(frame):
    out = io.BytesIO()
    frame.to_parquet(out)
    return out.getvalue()


GEOMETRY_ALONE = geoparquet(as_geodataframe(RANDOM)[["geometry"]])
METRES = geoparquet(as_geodataframe(RANDOM).to_crs(3857))
UNUSABLE = {
    "empty": (b"", "the file is empty"),
    "only blanks": (b" \n\t\n", "the file is empty"),
    "utf-16": ((HEAD + ROW).encode("utf-16"), "it is UTF-16, not UTF-8"),
    "utf-16 without a mark": ((HEAD + ROW).encode("utf-16-le"), "this is no table, GeoJSON or Parquet file"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "this is no table, GeoJSON or Parquet file"),
    "an archive": (b"PK\x03\x04\x14\x00\x00\x00", "the archive is broken"),
    "latin-1 csv": ((HEAD + "2020-10-02,Riots,Köln\n").encode("latin-1"), "byte 47 is not UTF-8"),
    "latin-1 header": ("Größe,event_date,event_type\nx,2020-10-02,Riots\n".encode("latin-1"), "byte 3 is not UTF-8"),
    "latin-1 json": ('{"features": ["Köln"]}'.encode("latin-1"), "byte 17 is not UTF-8"),
    "half a letter at the end": ((HEAD + ROW + "2020-10-02,Riots,Köl").encode()[:-2], "is not UTF-8"),
    "a quote left open": (HEAD + ROW + '2020-10-02,Riots,"x\n' + ROW, "a quote in row 2 is never closed"),
    "a quote left open, too few cells": (HEAD + ROW + '2020-10-02,"x\n' + ROW, "a quote in row 2 is never closed"),
    "a header in an open quote": ('"' + HEAD + ROW, "is never closed"),
    "1,001 columns": (HEAD.strip() + ",x" * 998 + "\n", "it has 1001 columns"),
    "no events": ("name,age\nx,3\n", "the columns event_date, event_type are missing"),
    "geometry alone": (GEOMETRY_ALONE, "the columns event_date, event_type are missing"),
    "geometry in metres": (METRES, "its geometry is in 'EPSG:3857'"),
    "half a geojson": (GEOJSON[: len(GEOJSON) // 2], "it is not whole JSON"),
    "an opening brace": (b"{", "it is not whole JSON"),
    "json without features": (b'{"type": "Topology"}', "it holds no list of features"),
    "features of another kind": (b'{"features": 5}', "it holds no list of features"),
    "json too deep": (b'{"a":' * 100_000, "it is not whole JSON"),
    "a number too long": (b'{"features": [' + b"9" * 5000 + b"]}", "it is not whole JSON"),
    "half a parquet": (PARQUET[: len(PARQUET) // 2], "it is not whole Parquet"),
    "parquet's first bytes": (PARQUET[:4], "it is not whole Parquet"),
    "parquet's last byte gone": (PARQUET[:-1], "it is not whole Parquet"),
}


def tried(path):
    try:
        return check_file(path).checked, ""
    except SourceError as fault:
        return None, str(fault)


def said(path):
    with pytest.raises(SourceError) as caught:
        open_source(str(path))
    return caught.value


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_file_that_cannot_be_used_says_what_where_and_how_to_mend(folder, name):
    content, what = UNUSABLE[name]
    path = put(folder, content)
    fault = said(path)
    assert what in fault.what
    assert fault.where == str(path)
    assert fault.mend.endswith(".")
    assert str(fault) == f"{path}: {fault.what}. {fault.mend}"
    assert "\n" not in str(fault)


def test_a_folder_is_no_file(folder):
    assert said(folder).what == "it cannot be read (Is a directory)"


def test_a_file_that_is_not_there(folder):
    assert said(folder / "none").what == "there is no such file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read(folder):
    path = put(folder, HEAD, "secret")
    path.chmod(0)
    assert said(path).what == "it cannot be read (Permission denied)"


def test_a_table_of_which_nothing_loads_names_the_first_reason(folder):
    fault = said(put(folder, HEAD + ROW.replace("Battles", "War") * 3))
    assert "all 3 rows were set aside; the first because event_type 'War' is not a type of the codebook" in fault.what


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200), st.sampled_from([b"", b"PAR1", b"{", b'{"features": [', HEAD.encode(), b"\xef\xbb\xbf"])
)
def test_any_bytes_are_a_table_or_one_line(folder, content, lead):
    _, fault = tried(put(folder, lead + content))
    assert len(fault.splitlines()) <= 1


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([PARQUET, GEOJSON, written(RANDOM, "csv")]), st.data())
def test_a_file_cut_anywhere_loses_no_row_in_silence(folder, content, data):
    cut = data.draw(st.integers(0, len(content) - 3))
    found, fault = tried(put(folder, content[:cut]))
    if found is None:
        assert len(fault.splitlines()) == 1
    else:
        assert content.startswith(b"event_id")  # a CSV cut between rows cannot be told from a shorter one
        assert len(found.accepted) + found.rows_rejected <= len(RANDOM)
