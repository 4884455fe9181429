import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.formats import hxl
from events.formats.fields import OWN
from events.schema import check
from tests.events.samples import as_text, checked, random_rows

RANDOM = checked(random_rows(11, 60))
BY_THE_LETTER = (
    "#date+start #date+end #event+type #group+name+first #group+name+second #meta+source #loc+name #adm1+name "
    "#country+name #geo+lat #geo+lon #affected+killed #description"
)


def file_of(frame):
    out = io.StringIO()
    frame.to_csv(out, index=False, quoting=csv.QUOTE_ALL)
    return list(csv.reader(io.StringIO(out.getvalue(), newline="")))


def read(rows, **how):
    return hxl.to_table(pd.DataFrame(rows[1:], columns=rows[0], dtype="str"), **how)


def typed(mapped):
    found = check(mapped.frame, "a made-up file")
    assert found.rejected.empty, found.rejected
    return found.accepted[list(OWN)]


def test_the_tags_are_those_of_the_standard_and_stand_under_the_header():
    rows = file_of(hxl.from_table(RANDOM))
    assert rows[0] == list(OWN)
    assert set(BY_THE_LETTER.split()) <= set(rows[1])
    assert dict(zip(rows[0], rows[1], strict=True))["actor2"] == "#group+name+second"
    assert len(set(rows[1])) == len(rows[1])
    assert all(tag.startswith("#") for tag in rows[1])


def test_what_is_written_is_recognised_and_reads_as_the_same_table():
    rows = file_of(hxl.from_table(RANDOM))
    assert hxl.recognise(rows[0], rows[1:20])
    mapped = read(rows)
    assert mapped.notes == ()
    pd.testing.assert_frame_equal(typed(mapped), RANDOM[list(OWN)])
    assert (mapped.frame["extra"] == "").all()
    assert mapped.frame.index.tolist() == list(range(1, len(RANDOM) + 1))


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (list(OWN), [["a"] * len(OWN)]),
        (["event_id", "#1"], [["#2", "3"], ["", ""]]),
        ([], []),
        (["a"], [[""], [" "]]),
        (["a"], [["x"]] * 25 + [["#date"]]),
    ],
)
def test_tables_without_tags_are_not_hxl(header, rows):
    assert not hxl.recognise(header, rows)


def test_names_of_columns_and_the_order_of_attributes_do_not_matter():
    rows = [
        ["Wann", "Was", "Ort", "Breite", "Länge", "Bemerkung"],
        ["made by hand", "", "", "", "", ""],
        ["#date +start", "#EVENT+type", "#loc+name", "#geo+lat", "#geo+lon", "#access"],
        ["2020-10-02", "Battles", "Milltown", "39.8170", "46.75", "=closed"],
    ]
    assert hxl.recognise(rows[0], rows[1:])
    names = hxl.names_for(rows[0], rows[1:])
    assert names == ["event_date", "event_type", "place", "latitude", "longitude", "Bemerkung"]
    mapped = read(rows)
    assert len(typed(mapped)) == 1
    assert mapped.frame["extra"].tolist() == ['{"format": "hxl", "bemerkung": "=closed", "latitude": "39.8170"}']
    later = read([rows[0], rows[3]], names=names)
    assert later.frame.iloc[0].to_dict() == mapped.frame.iloc[0].to_dict()


def test_a_file_whose_header_is_the_tags():
    rows = [["#date+start", "#event+type"], ["2020-10-02", "Battles"]]
    assert hxl.recognise(rows[0], rows[1:])
    assert len(typed(read(rows))) == 1


def test_extra_goes_out_where_there_is_one_and_comes_back():
    extra = '{"format": "acled", "timestamp": "1", "tags": "a, \\"b\\""}'
    frame = RANDOM.head(2).assign(extra=[extra, ""])
    rows = file_of(hxl.from_table(frame))
    assert (rows[0][-1], rows[1][-1]) == ("extra", hxl.EXTRA_TAG)
    assert read(rows).frame["extra"].tolist() == [extra, ""]
    assert "extra" not in hxl.from_table(frame, extra=False)
    assert "extra" in hxl.from_table(RANDOM, extra=True)


def test_later_pieces_have_no_row_of_tags():
    whole = hxl.from_table(RANDOM)
    pieces = [hxl.from_table(RANDOM.head(20)), hxl.from_table(RANDOM.iloc[20:], tags=False)]
    pd.testing.assert_frame_equal(pd.concat(pieces, ignore_index=True), whole)
    assert len(hxl.from_table(RANDOM.iloc[:0])) == 1


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(lambda s: "\x00" not in s and s != "NA")
TEXTS = ("incident_id", "actor1", "actor2", "claimant", "country", "admin1", "place", "place_id", "notes", "source")
TEXTS += ("source_url", "evidence")


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(TEXTS, TEXT)), min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
def test_any_text_in_any_field_comes_back(rows):
    base = random_rows(7, len(rows))
    frame = typed(hxl.to_table(as_text([b | row for b, row in zip(base, rows, strict=True)])))
    again = hxl.from_table(frame)
    pd.testing.assert_frame_equal(typed(hxl.to_table(again)), frame)
    pd.testing.assert_frame_equal(typed(read(file_of(again))), frame)
