import contextlib
import gzip
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pandas as pd
import psutil
import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from events import beside, formats, importing
from events.errors import SourceError
from events.filters import EventFilter
from events.schema import NAMES, REJECTED
from events.sources import checked_pieces, open_source
from tests.events.samples import as_text, checked, random_rows

ROOT = Path(__file__).parents[2]
OUR_ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "CONTACT_LINE_SOURCE"}} | {
    "PYTHONWARNINGS": "ignore"
}
RUNNER = CliRunner()
ACLED = {
    "event_id_cnty": "XXA1",
    "event_date": "2022-06-01",
    "event_type": "Battles",
    "assoc_actor_1": "",
    "inter1": "State forces",
    "notes": "first",
    "fatalities": "3",
    "timestamp": "1654560000",
}


def run(*words):
    return RUNNER.invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})


def said(*words):
    """What an import that goes well says on standard error, line by line."""
    done = run("import", *words)
    assert (done.exit_code, done.stdout) == (0, ""), done.output
    return done.stderr.splitlines()


def refused(*words):
    done = run("import", *words)
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert isinstance(done.exception, SystemExit)
    return done.stderr.splitlines()[-1].removeprefix("contact-line: ")


def put(folder, rows, name="table.csv"):
    path = folder / name
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def held(target):
    store = open_source(str(target)).store
    try:
        return store.frame(EventFilter(), extra=True)
    finally:
        store.engine.dispose()


@pytest.fixture
def table(tmp_path):
    return put(tmp_path, as_text(random_rows(31, 50)))


@pytest.fixture
def target(tmp_path):
    return tmp_path / "events.duckdb"


def wrong(rows, *numbers):
    return [row | {"event_type": "=War"} if n in numbers else row for n, row in enumerate(rows)]


# ── into a store ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_file_of_events_is_made(table, target):
    assert said(table, "--to", target) == ["table.csv (CSV): 50 added"]
    pd.testing.assert_frame_equal(
        held(target)[list(NAMES)].sort_values("event_id", ignore_index=True),
        checked(random_rows(31, 50)).sort_values("event_id", ignore_index=True),
    )


def test_the_same_file_again_adds_nothing_and_says_so(table, target):
    said(table, "--to", target)
    before = held(target)
    assert said(table, "--to", target) == ["table.csv (CSV): 0 added, 50 there already"]
    assert said(table, table, "--to", target) == ["table.csv (CSV): 0 added, 50 there already"] * 2
    pd.testing.assert_frame_equal(held(target), before)


def test_several_files_are_imported_one_by_one(tmp_path, target):
    rows = random_rows(32, 30)
    one, two = put(tmp_path, as_text(rows[:20]), "one.csv"), put(tmp_path, as_text(rows[10:]), "two.csv")
    lines = said(one, two, "--to", target)
    assert lines == ["one.csv (CSV): 20 added", "two.csv (CSV): 10 added, 10 there already"]
    assert len(held(target)) == 30


def test_a_file_that_is_refused_leaves_those_before_it(table, tmp_path, target):
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"event_date,event_type\n2020-10-02,Riots\n\xff\n")
    assert "broken.csv: byte 40 is not UTF-8" in refused(table, broken, "--to", target)
    assert len(held(target)) == 50


@pytest.mark.parametrize(
    ("stamp", "line", "notes"),
    [
        ("1654560001", "new.csv (ACLED's columns): 0 added, 1 replaced by a newer version", "second"),
        ("1654559999", "new.csv (ACLED's columns): 0 added, 1 there already", "first"),
    ],
)
def test_a_newer_version_of_a_row_replaces_and_an_older_does_not(tmp_path, target, stamp, line, notes):
    assert said(put(tmp_path, [ACLED], "old.csv"), "--to", target) == ["old.csv (ACLED's columns): 1 added"]
    new = put(tmp_path, [ACLED | {"notes": "second", "timestamp": stamp}], "new.csv")
    assert said(new, "--to", target) == [line]
    assert held(target)["notes"].tolist() == [notes]


def test_strict_leaves_the_store_as_it_was(table, tmp_path, target):
    bad = put(tmp_path, as_text(wrong(random_rows(33, 9), 4)), "bad.csv")
    assert "row 5: event_type '=War' is not a type of the codebook" in refused(bad, "--to", target, "--strict")
    assert not target.exists()
    said(table, "--to", target)
    before = held(target)
    refused(bad, "--to", target, "--strict")
    pd.testing.assert_frame_equal(held(target), before)
    assert said(bad, "--to", target) == [f"bad.csv (CSV): 8 added, 1 set aside (contact-line check {bad})"]


def test_rejects_are_written_with_their_reasons_and_hold_no_formula(tmp_path, target):
    bad = put(tmp_path, as_text(wrong(random_rows(33, 9), 4, 7)), "bad.csv")
    out = tmp_path / "rejects.csv"
    said(bad, "--to", target, "--rejects", out)
    told = pd.read_csv(out, dtype="str", keep_default_na=False)
    assert told.columns.tolist() == [*REJECTED, "file"]
    assert told[["row", "field", "value", "reason", "file"]].to_numpy().tolist() == [
        [row, "event_type", "'=War", "is not a type of the codebook", str(bad)] for row in ("5", "8")
    ]


def test_rejects_of_a_sound_file_are_a_table_without_rows(table, tmp_path, target):
    said(table, "--to", target, "--rejects", tmp_path / "rejects.csv")
    assert (tmp_path / "rejects.csv").read_text() == ",".join([*REJECTED, "file"]) + "\n"


def test_accepted_and_refused_are_the_rows_of_the_file(tmp_path, target):
    path = tmp_path / "x.csv"
    good = "".join(f"2020-10-02,Riots,{n}\n" for n in range(90))
    path.write_text("event_date,event_type,notes\n" + good + "2020-10-02,Riots,x,y\n" * 7 + "soon,War,x\n" * 3)
    assert said(path, "--to", target)[0].startswith("x.csv (CSV): 90 added, 10 set aside")


def test_a_table_without_rows_adds_nothing(tmp_path, target):
    assert said(put(tmp_path, as_text([])), "--to", target) == ["table.csv (CSV): 0 added"]
    assert list(tmp_path.glob("*duckdb*")) == []


def test_columns_can_be_named(tmp_path, target):
    path = put(tmp_path, [{"Datum": "02.10.2020", "Was": "Riots"}])
    assert said(path, "--to", target, "--map", "date=Datum,type=Was") == ["table.csv (CSV): 1 added"]


# ── packed files ────────────────────────────────────────────────────────────────────────────────────────────


def packed(content, how, *names):
    if how == "gz":
        return gzip.compress(content)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names or ("inside",):
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("how", ["gz", "zip"])
@pytest.mark.parametrize("name", formats.WRITTEN)
def test_each_format_may_be_packed(tmp_path, target, name, how):
    out = io.BytesIO()
    formats.write(name, checked(random_rows(34, 20)), out)
    path = tmp_path / "packed"
    path.write_bytes(packed(out.getvalue(), how))
    assert said(path, "--to", target) == [f"packed ({formats.FORMATS[name].title}): 20 added"]


TEXT = b"event_date,event_type\n2020-10-02,Riots\n"
BROKEN = {
    "a bomb, gz": (packed(b"\0" * 200 * 2**20, "gz"), "it unpacks to more than 64 MB"),
    "a bomb, zip": (packed(b"\0" * 200 * 2**20, "zip"), "it unpacks to more than 64 MB"),
    "two files": (packed(TEXT, "zip", "a.csv", "b.csv"), "the archive holds 2 files"),
    "no file": (packed(TEXT, "zip", "a/"), "the archive holds 0 files"),
    "half a gz": (packed(TEXT * 99, "gz")[:-12], "it cannot be unpacked"),
    "a changed gz": (packed(TEXT, "gz")[:-8] + b"12345678", "it cannot be unpacked"),
    "half a zip": (packed(TEXT * 99, "zip")[:-12], "the archive is broken"),
    "gz of nothing": (packed(b"", "gz"), "the file is empty"),
    "gz of gz": (packed(packed(TEXT, "gz"), "gz"), ""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_archive_is_one_line(tmp_path, target, name):
    content, what = BROKEN[name]
    path = tmp_path / "packed"
    path.write_bytes(content)
    done = run("import", path, "--to", target)
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.output
    assert what in done.stderr
    assert not target.exists()


# ── targets ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_table_is_no_target(table, tmp_path):
    for name in ("x.csv", "x.xlsx", "x.parquet"):
        assert "events are imported to a DuckDB file or a database" in refused(table, "--to", tmp_path / name)
        assert not (tmp_path / name).exists()
    assert "events are imported to a DuckDB file or a database" in refused(table, "--to", table)
    assert "it cannot be opened" in refused(table, "--to", tmp_path / "none" / "x.duckdb")


def process(*words):
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard", "import", *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=OUR_ENVIRONMENT,
    )


def test_in_a_pipe_there_is_one_line_for_a_file_and_no_control_code(table, target):
    out, err = process(table, "--to", target).communicate(timeout=60)
    lines = [line for line in err.splitlines() if not line.startswith((b"nanobind:", b" - ", b"See https://nanobind"))]
    assert (out, lines) == (b"", [b"table.csv (CSV): 50 added"])
    assert not set(err) & set(b"\x1b\r")


def long_table(folder):
    path = folder / "long.csv"
    with path.open("w") as out:
        out.write("event_id,event_date,event_type,notes\n")
        out.writelines(f"n-{n},2020-10-02,Riots,{'words ' * 20}{n}\n" for n in range(200_000))
    return path


DYING = """
import os, signal, sys
from dashboard.cli import main
from events.writing import Writer

when, nth = sys.argv.pop(1), int(sys.argv.pop(1))
step = getattr(Writer, when)
calls = 0

def dies(*given):
    global calls
    calls += 1
    step(*given)
    if calls == nth:
        os.kill(os.getpid(), signal.SIGKILL)

setattr(Writer, when, dies)
main()
"""


@pytest.mark.parametrize("before", [0, 50])
def test_who_stops_an_import_finds_the_target_as_it_was(table, target, tmp_path, before):
    path = long_table(tmp_path)
    if before:
        said(table, "--to", target)
    stopped = subprocess.run(
        [sys.executable, "-c", DYING.replace("SIGKILL", "SIGINT"), "add", "2", "import", path, "--to", target],
        cwd=ROOT,
        env=OUR_ENVIRONMENT,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert stopped.returncode == 130
    assert b"Traceback" not in stopped.stderr
    assert list(tmp_path.glob("*.unfinished*")) == []
    if before:
        assert len(held(target)) == before
    else:
        assert not target.exists()


def test_a_new_target_is_made_by_one_process_at_a_time(table, target):
    with importing.target(str(target)):
        in_the_way = process(table, "--to", target)
        _, err = in_the_way.communicate(timeout=60)
        assert (in_the_way.returncode, target.exists()) == (2, False)
        assert b"it cannot be opened" in err
    said(table, "--to", target)


# ── read beside ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def reads_beside(monkeypatch):
    monkeypatch.setattr(beside, "LARGE", 0)


def readers():
    """The processes that read for this one."""
    return [child for child in psutil.Process().children() if "events.beside" in " ".join(child.cmdline())]


def test_what_another_process_reads_is_the_same(tmp_path, reads_beside):
    rows = [*random_rows(35, 30), *wrong(random_rows(36, 5), 2)]
    path = put(tmp_path, as_text(rows).rename(columns={"event_date": "Datum", "notes": "Wort"}))
    with beside.opened(path, "auto", {"event_date": "Datum"}) as (found, pieces):
        (piece,) = pieces
    (own,) = [*check_pieces(path, {"event_date": "Datum"})]
    assert (found.name, piece.notes) == ("csv", own.notes)
    pd.testing.assert_frame_equal(piece.checked.accepted, own.checked.accepted)
    pd.testing.assert_frame_equal(piece.checked.rejected, own.checked.rejected)
    assert piece.checked.row_numbers.tolist() == own.checked.row_numbers.tolist()
    assert readers() == []


def check_pieces(path, mapping):
    with formats.opened(path, "auto", mapping) as file:
        yield from checked_pieces(file, str(path))


def test_a_refusal_comes_from_the_other_process(table, tmp_path, target, reads_beside):
    assert said(table, "--to", target) == ["table.csv (CSV): 50 added"]
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"event_date,event_type\n2020-10-02,Riots\n\xff\n")
    assert "broken.csv: byte 40 is not UTF-8" in refused(broken, "--to", target)
    assert readers() == []


def test_the_other_process_may_die_but_not_unnoticed(tmp_path):
    with beside.opened(long_table(tmp_path), "auto", None) as (_, pieces):
        (reader,) = readers()
        reader.kill()
        with pytest.raises(SourceError, match="the process that read it has ended"):
            list(pieces)
    assert readers() == []


def test_the_other_process_ends_with_this_one(tmp_path, target):
    path = long_table(tmp_path)
    importing_ = subprocess.Popen(
        [sys.executable, "-c", DYING, "add", "2", "import", path, "--to", target],
        cwd=ROOT,
        env=OUR_ENVIRONMENT,
        stderr=subprocess.DEVNULL,
    )
    read_by = set()
    while importing_.poll() is None:
        with contextlib.suppress(psutil.Error):
            read_by |= set(psutil.Process(importing_.pid).children())
        time.sleep(0.05)
    assert importing_.returncode == -signal.SIGKILL
    assert read_by
    psutil.wait_procs(read_by, timeout=10)
    assert not any(reader.is_running() for reader in read_by)


# ── killed ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("before", [0, 50])
def test_a_process_killed_in_the_middle_leaves_the_target_as_it_was(table, target, tmp_path, before):
    path = long_table(tmp_path)
    if before:
        said(table, "--to", target)
    was = held(target) if before else None
    # After a piece that waits, after pieces that were written, and when all is written but nothing is committed.
    for when, nth in (("add", 1), ("add", 3), ("merge", 1)):
        died = subprocess.run(
            [sys.executable, "-c", DYING, when, str(nth), "import", path, "--to", target],
            cwd=ROOT,
            env=OUR_ENVIRONMENT,
            capture_output=True,
            check=False,
        )
        assert died.returncode == -signal.SIGKILL, died.stderr
        if before:
            pd.testing.assert_frame_equal(held(target), was)
        else:
            assert not target.exists()
    assert said(path, "--to", target) == ["long.csv (CSV): 200,000 added"]
    assert len(held(target)) == 200_000 + before
