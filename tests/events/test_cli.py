import contextlib
import gc
import io
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from events.filters import EventFilter, parse_filter
from events.schema import NAMES
from tests.events.samples import as_text, random_rows

ROOT = Path(__file__).parents[2]
RUNNER = CliRunner()


def run(*words):
    return RUNNER.invoke(app, list(words), env={"COLUMNS": "200"})


def refused(*words):
    """The one line with which a command refuses."""
    done = run(*words)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert isinstance(done.exception, SystemExit)
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr.removeprefix("contact-line: ").strip()


def as_frame(text):
    return pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "mine.csv"
    as_text(random_rows(21, 90)).to_csv(path, index=False)
    return str(path)


def put(folder, *rows, name="table.csv"):
    path = folder / name
    lines = [",".join(NAMES), *(",".join(row.get(n, "") for n in NAMES) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return str(path)


GOOD = {"event_id": "a", "event_date": "2020-10-02", "event_type": "Battles"}

# ── export ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_export_without_a_word_is_the_shipped_table(shipped):
    done = run("export")
    assert done.exit_code == 0
    assert as_frame(done.stdout)["event_id"].tolist() == shipped.frame(EventFilter())["event_id"].tolist()


FILTERS = {
    "from": ["2020-10-03"],
    "to": ["2020-10-07"],
    "type": ["Diplomacy", "battles"],
    "subtype": ["Denial"],
    "actor": ["Baku", "Russian peacekeepers"],
    "claimant": ["Sputnik"],
    "place": ["Ստեփանակերտ", "Hadrut"],
    "bbox": ["46,39,47.5,40.5"],
    "precision": ["1", "3"],
    "q": ["town rocket"],
}


def options(query):
    return [word for key, values in query.items() for value in values for word in (f"--{key}", value)]


@pytest.mark.parametrize(
    "query",
    [{key: values} for key, values in FILTERS.items()] + [{k: FILTERS[k] for k in ("from", "to", "type", "actor")}],
)
def test_export_takes_every_filter_of_the_page(shipped, query):
    wanted, problems = parse_filter(query, shipped.vocabulary())
    done = run("export", *options(query))
    assert (problems, done.exit_code, done.stderr) == ([], 0, "")
    ids = as_frame(done.stdout)["event_id"].tolist()
    assert ids == shipped.frame(wanted)["event_id"].tolist()
    assert 0 < len(ids) < shipped.total()


def test_a_bbox_may_begin_west_of_greenwich(shipped):
    done = run("export", "--bbox", "-80,30,-70,45")
    assert shipped.count(EventFilter(bbox=(-80, 30, -70, 45))) == len(as_frame(done.stdout)) > 0


@pytest.mark.parametrize("format_name", ["csv", "geojson", "parquet", "xlsx", "hxl"])
def test_export_to_a_file_can_be_opened_again(table, tmp_path, format_name):
    out = str(tmp_path / "out")
    done = run("export", table, "--format", format_name, "-o", out, "--type", "Battles")
    assert (done.exit_code, done.stdout) == (0, "")
    again = run("export", out)
    assert again.stdout == run("export", table, "--type", "Battles").stdout
    assert done.stderr == f"{len(as_frame(again.stdout))} events → {out}\n"


def test_a_dash_is_standard_output(table):
    assert run("export", table, "-o", "-").stdout == run("export", table).stdout != ""


def test_export_of_nothing_is_a_table_without_rows(table):
    done = run("export", table, "--from", "2100-01-01")
    assert (done.exit_code, done.stdout) == (0, ",".join(NAMES) + "\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--type", "War"], "--type = 'War': is no event type of the codebook"),
        (["--from", "soon"], "--from = 'soon': is not a day like 2020-10-02"),
        (["--bbox", "1,2"], "--bbox = '1,2': is not four numbers: west,south,east,north"),
        (["--place", "Atlantis\nupon Sea"], "--place = 'Atlantis\\nupon Sea': no place goes by this name here"),
        (["--precision", "9"], "--precision = '9': is no precision; it is one of 1, 2, 3, unknown, none"),
        (["--from", "2020-10-03", "--to", "2020-10-02"], "--to = '2020-10-02': is before 'from' (2020-10-03)"),
        (
            ["--type", "War", "--q", "\x00"],
            "--type = 'War': is no event type of the codebook; --q = '\\x00': is no text",
        ),
        (["--format", "doc"], "--format = 'doc': is none of "),
        (["-o", "/nowhere/at/all.csv"], "/nowhere/at/all.csv: it cannot be written (No such file or directory)."),
        (["-o", "/"], "/: it cannot be written (Is a directory)."),
    ],
)
def test_export_refuses_in_one_line(words, said):
    assert refused("export", *words).startswith(said)


def test_a_source_that_cannot_be_used_is_refused_in_one_line(tmp_path):
    assert refused("export", str(tmp_path / "none")).endswith("none: there is no such file. Check the path.")
    assert "Is a directory" in refused("export", str(tmp_path))
    assert "it cannot be opened" in refused("export", "nosuch://host/database")
    assert "secret" not in refused("export", "postgresql+nosuch://me:secret@127.0.0.1:1/database")


@pytest.mark.parametrize("name", ["csv", "xlsx", "geojson", "parquet", "acled", "hxl", "ged", "timemap"])
def test_an_export_carries_its_citation_and_check_tells_it(table, tmp_path, name):
    path = tmp_path / "out"
    done = run("export", table, "--format", name, "--type", "Battles", "-o", str(path), "--cite")
    assert done.exit_code == 0, done.output
    beside = tmp_path / "out.citation.json"
    assert beside.exists() == (name not in ("xlsx", "geojson", "parquet"))
    rows = int(done.stderr.splitlines()[-1].split()[0])
    assert f"Cited     {rows} events from mine.csv, 20" in run("check", str(path)).stdout


def test_a_citation_needs_a_place():
    assert "csv has no place for a citation" in refused("export", "--cite")
    assert run("export", "--format", "geojson", "--cite").stdout.startswith('{"type": "FeatureCollection", "citation"')


def test_an_export_tells_what_the_format_has_no_place_for(table):
    left = run("export", table, "--format", "acled").stderr
    assert left.startswith("left out, having no place in ACLED's columns: incident_id (")
    assert "claimant (" in left
    assert run("export", table, "--format", "hxl").stderr == ""


# ── check ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_check_of_a_good_file(table):
    done = run("check", table)
    lines = done.stdout.splitlines()
    frame = as_frame(Path(table).read_text("utf-8"))
    placed = (frame["latitude"] != "").sum()
    assert done.exit_code == 0
    assert lines[:2] == ["Format    CSV", "Rows      90: 90 load, 0 set aside"]
    assert lines[3] == f"Placed    {placed}, without a place {90 - placed}"


def test_check_of_a_table_without_rows(tmp_path):
    done = run("check", put(tmp_path))
    lines = ["Format    CSV", "Rows      0: 0 load, 0 set aside", "Lost      nothing"]
    assert (done.exit_code, done.stdout.splitlines()) == (0, lines)


def test_check_counts_rows_that_cannot_be_taken_apart(tmp_path):
    path = Path(put(tmp_path, GOOD))
    path.write_text(path.read_text() + "a,b\n" + "," * 40 + "\n")
    done = run("check", str(path))
    assert (done.exit_code, "Rows      3: 1 load, 2 set aside" in done.stdout) == (1, True)
    assert "has 2 cells where the header has 26" in done.stdout
    assert "has 41 cells where the header has 26" in done.stdout


def test_check_tells_each_row_that_would_be_set_aside(tmp_path):
    wrong = GOOD | {"event_id": "b", "event_date": "soon", "event_type": "War"}
    done = run("check", put(tmp_path, GOOD, wrong, GOOD | {"event_id": "c"}))
    assert done.exit_code == 1
    assert "Rows      3: 2 load, 1 set aside" in done.stdout
    rows = [line.split("│")[1:-1] for line in done.stdout.splitlines() if line.startswith("│")]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["2", "b", "event_date", "soon", "is not a day like 2020-10-02"],
        ["2", "b", "event_type", "War", "is not a type of the codebook"],
    ]


def test_check_names_the_columns_that_are_kept_beside_the_table(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("event_date,event_type,[red]Colour\n2020-10-02,Riots,x\n")
    done = run("check", str(path))
    assert (done.exit_code, "kept in extra: [red]Colour" in done.stdout) == (0, True)


def test_what_a_file_says_does_not_speak_to_the_terminal(tmp_path):
    wrong = GOOD | {"event_type": "\x1b[31m[bold]War[/bold][/nothing]"}
    done = run("check", put(tmp_path, wrong))
    assert done.exit_code == 1
    assert "\x1b" not in done.stdout
    assert "[bold]War[/bold][/nothing]" in done.stdout


@pytest.mark.parametrize(
    "words", [["none.csv"], ["."], [str(ROOT / "LICENSE")], [str(ROOT / "LICENSE"), "--format", "x"]]
)
def test_check_refuses_what_is_no_table(words):
    refused("check", *words)


# ── real processes ──────────────────────────────────────────────────────────────────────────────────────────


def environment(**more):
    kept = {k: v for k, v in os.environ.items() if k not in {"PORT", "DATABASE_URL", "CONTACT_LINE_SOURCE"}}
    return kept | {"PYTHONWARNINGS": "ignore"} | more


def process(*words, **more):
    command = [sys.executable, "-m", "dashboard", *words]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(**more)
    )


def ran(*words, **more):
    started = process(*words, **more)
    out, err = started.communicate(timeout=60)
    return started.returncode, out, without_the_libraries(err)


def without_the_libraries(err):
    # DuckDB's binding counts what is left when the interpreter ends.
    kept = [line for line in err.splitlines() if not line.startswith(("nanobind:", " - ", "See https://nanobind"))]
    return "\n".join(kept)


def test_a_real_export_ends_well_and_a_wrong_one_with_2():
    status, out, err = ran("export", "--place", "Hadrut", "--format", "geojson")
    assert (status, err) == (0, "")
    assert {f["properties"]["place"] for f in json.loads(out)["features"]} == {"Hadrut"}
    status, out, err = ran("export", "--place", "Atlantis-upon-Sea")
    assert (status, out) == (2, "")
    assert err == "contact-line: --place = 'Atlantis-upon-Sea': no place goes by this name here"


def test_whoever_reads_only_the_head_is_no_error():
    command = f"{sys.executable} -m dashboard export | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], check=False, cwd=ROOT, capture_output=True, text=True, env=environment()
    )
    assert (done.stdout, "Traceback" in done.stderr) == (",".join(NAMES) + "\n", False)


@contextlib.contextmanager
def taken_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield str(taken.getsockname()[1])


def test_a_port_in_use_is_refused_in_one_line():
    with taken_port() as port:
        status, out, err = ran("serve", "--port", port)
    assert (status, out) == (2, "")
    assert err == f"contact-line: 127.0.0.1:{port}: the port is in use. Choose another: --port {int(port) + 1}"


# The command ends with its process, and leaves its socket to it; here the process goes on.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("words", "more", "said"),
    [
        (["none.csv"], {}, "none.csv: there is no such file"),
        ([], {"PORT": "http"}, "PORT = 'http': takes a whole number"),
        ([], {"PORT": "70000"}, "PORT = '70000': takes a whole number"),
        ([], {"CONTACT_LINE_HTTPS": "perhaps"}, "CONTACT_LINE_HTTPS = 'perhaps': takes yes or no"),
        (["--host", "256.0.0.1"], {}, "it cannot be listened on"),
    ],
)
def test_serve_refuses_wrong_settings_in_one_line(words, more, said, monkeypatch):
    for name in ("PORT", "DATABASE_URL", "CONTACT_LINE_SOURCE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in more.items():
        monkeypatch.setenv(name, value)
    assert said in refused("serve", *([] if "PORT" in more else ["--port", "0"]), *words)
    gc.collect()


@contextlib.contextmanager
def served(*words):
    started = process("serve", *words, "--port", "0", PYTHONUNBUFFERED="1")
    try:
        line = started.stdout.readline()
        assert "http://" in line, started.stderr.read()
        yield line.split("http://localhost:")[1].split("/")[0]
    finally:
        started.terminate()
        started.communicate(timeout=20)


def get(port, path):
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
                return answer.read().decode()
        except urllib.error.URLError as fault:
            if not isinstance(fault.reason, ConnectionRefusedError):
                raise
            time.sleep(0.05)
    raise AssertionError("nobody answers")


@pytest.mark.parametrize(
    "rows", [[], [GOOD, GOOD | {"event_id": "b", "place": "Somewhere"}]], ids=["no row", "no place"]
)
def test_a_table_without_rows_or_without_places_is_served(tmp_path, rows):
    with served(put(tmp_path, *rows)) as port:
        assert json.loads(get(port, "/healthz")) == {"status": "ok", "events": len(rows)}
        assert "Contact Line" in get(port, "/")
        summary = json.loads(get(port, "/api/summary"))
        assert (summary["total"], summary["matched"], summary["unplaced"]) == (len(rows),) * 3
        assert (summary["cells"], len(get(port, "/_dash-layout")) > 1000) == ([], True)
        assert len(get(port, "/api/events.csv").splitlines()) == 1 + len(rows)
