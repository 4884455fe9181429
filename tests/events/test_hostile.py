"""Hostile files: whatever stands in a file, it is a report or one line, in bounded time and memory."""

import io
import json
import time
import warnings

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from events import formats
from tests.events import hostile
from tests.events.hostile import FRAME, HUGE, NASTY, SAMPLES, written

FILES = 1_000  # `make hostile` tries ten thousand


def tried(folder, content, name="auto"):
    """A report or None where the file is refused in one line, and how long it took."""
    path = folder / "hostile"
    path.write_bytes(content)
    begun = time.monotonic()
    found = hostile.tried(path, name)
    return None if isinstance(found, str) else found, time.monotonic() - begun


# ── seeded mutations ────────────────────────────────────────────────────────────────────────────────────────


def test_a_thousand_mutated_files_end_in_a_report_or_one_line(tmp_path):
    found = hostile.run(FILES, tmp_path)
    assert found.faults == []
    assert found.files == FILES
    assert found.reports > FILES // 10
    assert found.slowest < hostile.LONGEST
    assert found.memory < hostile.MOST_MEMORY


# ── Hypothesis: cells and documents ─────────────────────────────────────────────────────────────────────────

CELL = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=20), st.floats().map(str), st.integers().map(str), st.just("2020-10-02")
)
QUICK = settings(max_examples=100, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hostile")


@QUICK
@given(
    st.lists(CELL, min_size=1, max_size=6), st.lists(st.lists(CELL, max_size=8), max_size=5), st.sampled_from(",;\t")
)
def test_any_cells_under_any_names(folder, names, rows, sep):
    head = sep.join(["event_date", "event_type", *names])
    lines = [sep.join(["2020-10-02", "Riots", *row]) for row in rows]
    tried(folder, "\n".join([head, *lines]).encode("utf-8", "replace"))


@QUICK
@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(FRAME.columns, CELL)), min_size=1, max_size=5))
def test_quoted_cells_are_all_accounted_for(folder, rows):
    columns = ["event_date", "event_type", *(n for n in FRAME.columns if n not in ("event_date", "event_type"))]
    frame = (
        pd.DataFrame(rows, columns=columns, dtype="str").fillna("").map(lambda v: v.encode("utf-8", "replace").decode())
    )
    found, _ = tried(folder, frame.to_csv(index=False, quoting=1).encode())
    assert found is not None
    assert len(found.accepted) + found.rows_rejected == len(rows)


@pytest.mark.parametrize("name", [n for n, f in formats.FORMATS.items() if f.read])
@pytest.mark.parametrize(
    "content", [b"x", b"{}", b"[]", b"[{}]", b"a,b\n1,2\n", b"\x00", b"PK\x03\x04", b"PAR1PAR1", b"\t" * 60]
)
def test_a_format_that_is_said_wrongly(tmp_path, name, content):
    tried(tmp_path, content, name)


@pytest.mark.parametrize("said", sorted(n for n, f in formats.FORMATS.items() if f.read))
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_each_format_read_as_each_other(tmp_path, name, said):
    tried(tmp_path, SAMPLES[name], said)


# ── one by one ──────────────────────────────────────────────────────────────────────────────────────────────

HEAD = "event_date,event_type,latitude,longitude,notes\n"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("NaN,47,x", "is empty while longitude is given"),
        ("inf,47,x", "is not a finite number of decimal degrees"),
        ("39,-Infinity,x", "is not a finite number of decimal degrees"),
        ("1e400,47,x", "is not a finite number of decimal degrees"),
        ("9" * 400 + ",47,x", "is not a finite number of decimal degrees"),
        ("147.5,39.5,x", "lies outside -90 to 90"),
        ("39,181,x", "lies outside -180 to 180"),
        (",47,x", "is empty while longitude is given"),
        ("39,47,a\x00b", "holds a NUL character"),
        (f"39,47,{HUGE}", "is longer than 20,000 characters"),
    ],
    ids=["NaN", "inf", "-inf", "1e400", "400 digits", "swapped", "too far", "half", "NUL", "10 MB"],
)
def test_a_row_is_set_aside_with_its_reason(tmp_path, cells, reason):
    found, _ = tried(tmp_path, f"{HEAD}2020-10-02,Riots,{cells}\n2020-10-02,Riots,39,47,x\n".encode())
    assert len(found.accepted) == 1
    assert reason in set(found.rejected["reason"])
    assert found.rejected["row"].tolist() == [1] * len(found.rejected)


@pytest.mark.parametrize("name", ["geojson", "timemap", "xlsx", "parquet"])
def test_a_cell_of_10_mb_in_other_formats(tmp_path, name):
    feature = {
        "type": "Feature",
        "geometry": None,
        "properties": {"event_date": "2020-10-02", "event_type": "Riots", "notes": HUGE},
    }
    event = {"id": "a", "date": "02/24/2022", "latitude": "1", "longitude": "2", "location": "x", "description": HUGE}
    if name == "parquet":
        out = io.BytesIO()
        pd.DataFrame([feature["properties"]]).to_parquet(out)
        content = out.getvalue()
    elif name == "xlsx":
        content = written("xlsx").replace(b"xl/sharedStrings.xml", b"xl/sharedStrings.xmk")
    else:
        content = json.dumps({"features": [feature]} if name == "geojson" else [event]).encode()
    found, seconds = tried(tmp_path, content)
    assert seconds < 30
    assert found is None or name == "xlsx" or (len(found.accepted), found.rows_rejected) == (0, 1)


def test_no_warning_leaves_a_hostile_file(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for text in NASTY:
            tried(tmp_path, f"{HEAD}{text},{text},{text},{text},{text}\n".encode("utf-8", "replace"))
