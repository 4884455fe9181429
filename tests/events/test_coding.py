"""Files of reports into events, by one process and by several; the command `code`."""

import gzip
import io
import json
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from events import coding, formats
from events.coder import Proposal
from events.coding import Coded, Gathered, code_file, code_files, code_text, cores, find_files, read_source
from events.errors import SourceError
from events.schema import NAMES
from tests.growth import grows_in_proportion

ROOT = Path(__file__).parents[2]
RUNNER = CliRunner()
FEED = """Feed of Friday, 2 October 2020

15:41 GMT
Azerbaijani forces shelled the town of Hadrut on Friday, the Armenian Defence Ministry said.

13:18 GMT
Azerbaijani forces shelled the town of Martuni on Friday, the Armenian Defence Ministry said.
"""
UNDATED = """10:15
The town of Hadrut was shelled, the ministry said.

09:10
The town of Martuni was shelled, the ministry said.
"""


class OneEach:
    """A coder that makes one event of each report: what is tested here is the way to it and from it."""

    def code_feed(self, feed):
        return [
            Proposal(event(report.label, report.day), report.number, (), "a-rule", ("a doubt",))
            for report in feed.reports
        ]


def event(event_id, day, **more):
    given = {
        "event_id": event_id,
        "event_date": day and str(day),
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
    }
    return dict.fromkeys(NAMES) | given | more


def run(*words, stdin=None):
    return RUNNER.invoke(app, ["code", *map(str, words)], input=stdin, env={"COLUMNS": "200"})


def as_frame(text):
    return pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False)


def file_of(*events, report=0):
    return Coded("a file", events, (report,) * len(events))


def put(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


# ── one file ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_text_is_coded_and_counted():
    coded = code_text("a", FEED + "\nShare\n", OneEach())
    assert [told["event_id"] for told in coded.events] == ["15:41 GMT", "13:18 GMT"]
    assert (coded.reports, coded.left_out, coded.undated, coded.doubts, coded.fault) == (2, 2, 0, 2, "")
    assert code_text("a", UNDATED, OneEach()).undated == 2
    assert code_text("a", UNDATED, OneEach(), date(2020, 10, 2)).undated == 0
    assert code_text("a", "", OneEach()) == Coded("a")


def test_a_file_is_coded_by_the_real_coder(tmp_path):
    put(tmp_path, feed=FEED)
    coded = code_file(str(tmp_path / "feed.txt"), publisher="A Paper")
    assert [(told["place"], told["event_date"], told["source"]) for told in coded.events] == [
        ("Hadrut", "2020-10-02", "A Paper"),
        ("Martuni", "2020-10-02", "A Paper"),
    ]


def test_packed_files_are_unpacked(tmp_path):
    path = tmp_path / "feed.txt.gz"
    path.write_bytes(gzip.compress(FEED.encode()) + gzip.compress(b"\nand more"))
    assert read_source(str(path)).decode() == FEED + "\nand more"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x00\x00", "it is neither text nor a saved page"),
        (gzip.compress(FEED.encode())[:-9], "it cannot be read (Compressed file ended"),
        (b"\x1f\x8b" + b"\xff" * 90, "it cannot be read ("),
    ],
)
def test_a_file_that_cannot_be_read_says_so(tmp_path, content, said):
    path = tmp_path / "feed.txt"
    path.write_bytes(content)
    with pytest.raises(SourceError) as fault:
        read_source(str(path))
    assert str(fault.value).startswith(f"{path}: {said}")
    assert code_file(str(path)) == Coded(str(path), fault=str(fault.value))


def test_a_packed_file_is_unpacked_no_further_than_the_largest(tmp_path, monkeypatch):
    monkeypatch.setattr(coding, "LARGEST", 1000)
    path = tmp_path / "feed.txt.gz"
    path.write_bytes(gzip.compress(b"a" * 1_000_000))
    with pytest.raises(SourceError, match="larger than"):
        read_source(str(path))


# ── many files ──────────────────────────────────────────────────────────────────────────────────────────────


def test_folders_are_searched_in_the_order_of_names(tmp_path):
    for name in ("b.txt", "a/z.html", "a/b.MD", "a/b/c.htm.gz", "c.png", ".d.txt", ".git/e.txt", "x.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(FEED)
    found = [os.path.relpath(path, tmp_path) for path in find_files([str(tmp_path)])]
    assert found == ["b.txt", "a/b.MD", "a/z.html", "a/b/c.htm.gz"]
    one = str(tmp_path / "c.png")
    assert find_files([one, str(tmp_path), "-", one])[:1] == [one]
    assert find_files(["-"]) == ["-"]


@pytest.mark.parametrize("name", ["nothing.txt", "empty"])
def test_what_is_not_there_is_refused(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError) as fault:
        find_files([str(tmp_path / name)])
    assert str(tmp_path / name) in str(fault.value)


def test_several_processes_code_as_one_does_and_in_its_order(tmp_path):
    hours = [f"{hour:02}:15" for hour in range(6)]
    put(tmp_path, **{f"feed{k}": FEED.replace("15:41", hour) for k, hour in enumerate(hours)}, undated=UNDATED)
    names = [*find_files([str(tmp_path)]), str(tmp_path / "gone.txt")]
    alone = list(code_files(names, jobs=1))
    assert [coded.name for coded in alone] == names
    assert [len(coded.events) for coded in alone] == [2] * 7 + [0]
    assert alone[-1].fault.endswith(
        "gone.txt: it cannot be read (No such file or directory). Check the path, and that the file is whole."
    )
    assert list(code_files(names, jobs=2)) == alone


def test_a_few_small_files_start_no_process(tmp_path, monkeypatch):
    put(tmp_path, a=FEED, b=FEED)
    monkeypatch.setattr(coding, "ProcessPoolExecutor", None)
    monkeypatch.setattr(coding, "cores", lambda: 8)
    assert len(list(code_files(find_files([str(tmp_path)])))) == 2
    monkeypatch.setattr(coding, "LITTLE", 10)
    with pytest.raises(TypeError):
        list(code_files(find_files([str(tmp_path)])))


def test_there_is_a_core():
    assert 1 <= cores() <= (os.cpu_count() or 1)


# ── one table ───────────────────────────────────────────────────────────────────────────────────────────────


def test_what_two_files_tell_alike_stands_there_once():
    one = event("p-20201002T1541-1", "2020-10-02", place="Hadrut", place_id="hadrut", notes="a")
    gathered = Gathered()
    gathered.add(file_of(one, event("p-20201002T1541-2", "2020-10-02"), report=1))
    gathered.add(file_of({**one, "notes": "its report goes on here"}, report=2))
    gathered.add(file_of({**one, "actor2": "the same report, read in another light"}, report=1))
    assert gathered.told_before == 2
    assert gathered.table().accepted["event_id"].tolist() == ["p-20201002T1541-1", "p-20201002T1541-2"]


def test_two_reports_of_one_minute_in_two_files_keep_both_their_events():
    one, two = (
        event("p-20201002T1541-1", "2020-10-02", place=place, place_id=place.lower()) for place in ("Hadrut", "Martuni")
    )
    gathered = Gathered()
    for told, report in ((one, 1), (two, 2), (two, 2), (one, 1)):
        gathered.add(file_of(told, report=report))
    table = gathered.table().accepted
    assert table["place"].tolist() == ["Hadrut", "Martuni"]
    assert table["event_id"].str.match(r"p-20201002T1541-1(-[0-9a-f]{8})?$").all()
    assert gathered.told_before == 2


def test_an_event_without_a_day_is_set_aside_and_counted(monkeypatch):
    monkeypatch.setattr(coding, "PIECE", 2)
    gathered = Gathered()
    gathered.add(file_of(*(event(f"e{k}", None if k % 2 else "2020-10-02") for k in range(5))))
    whole = gathered.table()
    assert (whole.accepted["event_id"].tolist(), whole.set_aside) == (["e0", "e2", "e4"], 2)
    assert whole.reasons == ("event_date is empty: an event needs a day",)
    assert Gathered().table().accepted.columns.tolist() == list(NAMES)


# ── the command ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_codes_files_folders_and_standard_input(tmp_path):
    put(tmp_path, feed=FEED)
    for words, stdin in (([tmp_path / "feed.txt"], None), ([tmp_path], None), (["-"], FEED)):
        done = run(*words, stdin=stdin)
        assert done.exit_code == 0, done.output
        assert as_frame(done.stdout)["place"].tolist() == ["Hadrut", "Martuni"]
        assert done.stderr.startswith("1 file, 2 reports, 2 events, 1 line left out")
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("format_name", formats.WRITTEN)
def test_the_command_writes_every_format(tmp_path, format_name):
    put(tmp_path, feed=FEED)
    out = tmp_path / "out"
    done = run(tmp_path / "feed.txt", "--format", format_name, "-o", out)
    assert (done.exit_code, done.stdout) == (0, "")
    assert out.stat().st_size > 100
    if format_name == "geojson":
        assert len(json.loads(out.read_text())["features"]) == 2


def test_undated_reports_are_asked_for_and_the_others_coded(tmp_path):
    put(tmp_path, a_feed=UNDATED, b_feed=FEED)
    done = run(tmp_path)
    assert done.exit_code == 2
    assert as_frame(done.stdout)["place"].tolist() == ["Hadrut", "Martuni"]
    counts, asked = done.stderr.splitlines()
    assert "2 reports without a day" in counts
    assert asked == (
        f"contact-line: {tmp_path / 'a_feed.txt'}: none of its 2 reports tells its day. "
        "Say on which day it was published: --published 2020-10-07"
    )
    dated = run(tmp_path, "--published", "2020-10-07", "--publisher", "A Paper")
    assert dated.exit_code == 0
    frame = as_frame(dated.stdout)
    assert (set(frame["source"]), sorted(frame["event_date"])[-1]) == ({"A Paper"}, "2020-10-07")


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path):
    put(tmp_path, b_feed=FEED)
    (tmp_path / "a.txt").write_bytes(b"\x00" * 20)
    done = run(tmp_path)
    assert (done.exit_code, len(as_frame(done.stdout))) == (2, 2)
    assert "a.txt: it is neither text nor a saved page" in done.stderr.splitlines()[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing.txt"], "nothing.txt: there is no such file"),
        (["-", "--published", "soon"], "--published = 'soon': is not a day like 2020-10-02"),
        (["-", "--format", "doc"], "--format = 'doc': is none of "),
        (["-", "-o", "/nowhere/at/all.csv"], "/nowhere/at/all.csv: there is no such folder"),
        (["-", "-o", "/"], "/: it cannot be written (Is a directory)."),
        (["-"], "standard input: none of its 2 reports tells its day."),
    ],
)
def test_the_command_refuses_in_one_line(words, said):
    done = run(*words, stdin=FEED if words[-1] == "/" else UNDATED)
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert done.stderr.startswith(f"contact-line: {said}")


def test_the_command_runs_processes_from_its_script(tmp_path):
    """As a person runs it: several processes, in a pipe, from another folder."""
    put(tmp_path, **{f"feed{k}": FEED.replace("15:41", f"0{k}:15") for k in range(4)})
    script = Path(sys.executable).with_name("contact-line")
    words = [str(script), "code", ".", "--jobs", "2", "--publisher", "A Paper"]
    done = subprocess.run(words, capture_output=True, cwd=tmp_path, check=False, timeout=120)
    assert (done.returncode, done.stderr.decode().splitlines()[0][:18]) == (0, "4 files, 8 reports")
    # The second report is the same in all files.
    assert len(as_frame(done.stdout.decode())) == 5


def test_the_map_does_not_load_the_coder():
    told = "import sys, dashboard.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, cwd=ROOT, text=True)
    loaded = done.stdout.split()
    assert "events.cli" in loaded
    assert not [name for name in loaded if name.startswith(("events.coder", "events.feed", "events.coding", "lxml"))]


POST = """{:02}:{:02} GMT 02.10.2020

Headline number {} of the day

Sentence {} tells of a village near the river, a spokesman of the ministry said on Friday.

Another paragraph tells of number {}, and of the people who left it."""


def test_time_grows_with_the_posts_and_no_faster():
    def work(posts):
        return code_text(
            "a", "\n\n".join(POST.format(k % 1440 // 60, k % 60, k, k, k) for k in range(posts)), OneEach()
        )

    assert work(200).reports == 200
    assert grows_in_proportion(work, 200)


def test_a_result_can_be_sent_to_another_process():
    coded = code_text("a", FEED, OneEach())
    assert pickle.loads(pickle.dumps(coded)) == coded
    assert pickle.loads(pickle.dumps(code_file)) is code_file
    assert replace(coded, events=()).reports == 2
