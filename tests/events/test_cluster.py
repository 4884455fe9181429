"""Coding and importing by the workers of a Dask scheduler: two processes here, killed by their id in the middle."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import dask
import pytest
from distributed import Client, LocalCluster
from typer.testing import CliRunner

from dashboard.cli import app
from events import cluster, coding, formats, importing
from events.cluster import code_files, import_files
from events.coding import find_files, read_source
from events.errors import SourceError
from tests.contract.engines import PostgreSQL
from tests.events import stopping
from tests.events.samples import as_text, random_rows
from tests.events.test_coding import FEED, UNDATED

HOURS = [f"{hour:02}:15" for hour in range(8)]
LONG = 180  # seconds, on a busy machine
TABLES = [random_rows(seed, 60) for seed in range(5)]


def run(*words, stdin=None):
    done = CliRunner().invoke(app, [str(word) for word in words], input=stdin, env={"COLUMNS": "200"})
    assert not done.exception or isinstance(done.exception, SystemExit), done.output
    return done


def refused(*words):
    """The one line with which a command refuses."""
    done = run(*words)
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.output
    return done.stderr.strip().removeprefix("contact-line: ")


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    monkeypatch.setattr(cluster, "WORKER_SECONDS", LONG)
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", LONG)


@pytest.fixture(scope="module")
def machines():
    """A scheduler and two worker processes of one thread, each started anew by its nanny when it dies."""
    # A worker that starts anew on a busy machine is not given up.
    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": "10 minutes"}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, memory_limit=0, dashboard_address="127.0.0.1:0", silence_logs=50
        ) as made,
    ):
        yield made


@pytest.fixture
def at(machines):
    """The scheduler's address, when both workers are there; nothing is left with it at the end."""
    machines.wait_for_workers(2, timeout=LONG)
    yield machines.scheduler_address
    until(lambda: not machines.scheduler.tasks)


@pytest.fixture(scope="module")
def server():
    made = PostgreSQL()
    yield made
    made.close()


@pytest.fixture
def feeds(tmp_path):
    """A folder of files as they come, with an undated one and one that cannot be read."""
    for k, hour in enumerate(HOURS):
        (tmp_path / f"feed{k}.txt").write_text(FEED.replace("15:41", hour), "utf-8")
    (tmp_path / "undated.txt").write_text(UNDATED, "utf-8")
    (tmp_path / "broken.txt").write_bytes(b"\x89PNG\r\n\x00\x00")
    return tmp_path


@pytest.fixture
def tables(tmp_path):
    """Files of events of which one has rows that are set aside."""
    bad = TABLES[2][0] | {"event_id": "x", "event_type": "War"}
    paths = [tmp_path / f"table{k}.csv" for k in range(len(TABLES))]
    for k, (path, rows) in enumerate(zip(paths, TABLES, strict=True)):
        as_text([*rows, *[bad] * (k == 2)]).to_csv(path, index=False)
    return paths


def until(true):
    ends = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < ends, "it never came to that"
        time.sleep(0.02)


@contextmanager
def killed_at_the_end(program, **more):
    """A process that a failing test does not wait for (as leaving a Popen does)."""
    with subprocess.Popen(program, **more) as process:
        try:
            yield process
        finally:
            process.kill()


# ── coding ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_workers_code_as_one_machine_does(at, feeds):
    alone = run("code", feeds)
    spread = run("code", feeds, "--scheduler", at)
    assert (spread.stdout_bytes, spread.stderr_bytes) == (alone.stdout_bytes, alone.stderr_bytes)
    assert (alone.exit_code, spread.exit_code) == (2, 2)
    assert len(alone.stdout.splitlines()) > 8
    assert "broken.txt: it is neither text nor a saved page" in alone.stderr


def test_standard_input_is_read_here(at):
    assert run("code", "-", "--scheduler", at, stdin=FEED).stdout == run("code", "-", stdin=FEED).stdout != ""


def test_little_is_under_way_at_once(at, feeds, monkeypatch):
    read = []
    monkeypatch.setattr(coding, "read_source", lambda name: read.append(name) or read_source(name))
    names = find_files([str(feeds)])[1:8]
    size = Path(names[0]).stat().st_size
    # The next one is read and waits. With 1 byte none could be sent, were it not for being alone.
    for largest, most in ((2 * size + 1, 3), (10**6, 2 * 2 + 1), (1, 2)):
        monkeypatch.setattr(cluster, "LARGEST", largest)
        read.clear()
        assert max(len(read) - done for done, _ in enumerate(code_files(at, names))) == most
        assert read == names


# ── importing ───────────────────────────────────────────────────────────────────────────────────────────────


def exported(address):
    done = run("export", address)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_workers_import_as_one_machine_does(at, server, tables, tmp_path):
    here, there = server.address(), server.address()
    for again in (False, True):
        rejects = [tmp_path / f"rejects{k}.csv" for k in range(2)]
        alone = run("import", *tables, "--to", here, "--rejects", rejects[0])
        spread = run("import", *tables, "--to", there, "--rejects", rejects[1], "--scheduler", at)
        assert (spread.exit_code, spread.stderr) == (0, alone.stderr)
        assert ("60 there already" if again else "60 added, 1 set aside") in spread.stderr
        assert rejects[0].read_text() == rejects[1].read_text()
        assert len(rejects[0].read_text().splitlines()) == 2
    assert exported(there) == exported(here)
    assert len(exported(there).splitlines()) > 300


def test_a_refused_file_ends_it_with_the_line_of_one_machine(at, server, tables):
    here, there = server.address(), server.address()
    alone = run("import", *tables, "--to", here, "--strict")
    spread = run("import", *tables, "--to", there, "--strict", "--scheduler", at)
    assert (alone.exit_code, spread.exit_code) == (2, 2)
    last = alone.stderr.splitlines()[-1]
    assert f"contact-line: {tables[2]}: row 61: event_type 'War' is not a type" in last
    assert spread.stderr.splitlines()[-1] == last
    # What was handed out when it was refused came to its end, and is told.
    assert [line.split(" (")[0] for line in spread.stderr.splitlines()[:-1]] == [tables[k].name for k in (0, 1, 3, 4)]
    assert len(exported(there).splitlines()) > len(exported(here).splitlines())


def test_what_is_at_work_when_a_file_is_refused_ends_and_no_more_begins(at, server, tables):
    files = [tables[2], *tables[:2], *tables[3:], *tables]
    outcomes = list(import_files(at, files, server.address(), strict=True))
    # Two for each of two threads were under way.
    assert [type(outcome) for outcome in outcomes] == [SourceError, *[importing.Imported] * 3]


def test_no_file_is_handed_out_after_one_that_is_not_there(at, server, tables):
    missing = tables[0].with_name("missing.csv")
    files = [tables[0], missing, *tables[1:]]
    outcomes = list(import_files(at, files, server.address()))
    assert [type(outcome) for outcome in outcomes] == [importing.Imported, SourceError]
    assert str(outcomes[1]) == f"{missing}: there is no such file. Check the path."
    assert outcomes[0].format is formats.FORMATS["csv"]


def test_a_database_that_is_not_there_is_told_once_without_its_password(at, tables):
    address = "postgres://me:secret@127.0.0.1:1/none"
    line = refused("import", *tables, "--to", address, "--scheduler", at)
    assert "it cannot be opened (connection failed" in line
    assert "secret" not in line


def test_what_a_worker_logs_of_a_task_holds_no_password_and_no_content():
    task = cluster._Importing("a.csv", b"the rows", "postgres://me:secret@host/db", "auto", {}, strict=False)
    assert "a.csv" in repr(task)
    assert "secret" not in repr(task)
    assert "rows" not in repr(task)


def test_what_replaced_is_told_with_a_doubt(at, server, tables):
    to = server.address()
    words = ("import", *tables[:2], "--to", to, "--scheduler", at)
    assert "Several files" not in run(*words).stderr
    for path in tables[:2]:
        path.write_text(path.read_text().replace("Shells fell", "Shells rained"))
    last = run(*words).stderr.splitlines()[-1]
    assert last.startswith("Several files came in at once.")


@pytest.mark.parametrize("to", ["events.duckdb", "duckdb:///events.duckdb", "chdb:///events"])
def test_what_one_process_alone_can_write_is_refused(tables, to):
    line = refused("import", tables[0], "--to", to, "--scheduler", "tcp://127.0.0.1:1")
    assert line.startswith(f"{to}: with --scheduler, the workers write to a server")


def test_a_file_that_is_too_large_to_send_is_refused_before_the_work(tables, monkeypatch):
    monkeypatch.setattr(cluster, "LARGEST", tables[1].stat().st_size - 1)
    line = refused("import", *tables, "--to", "postgres://host/x", "--scheduler", "tcp://127.0.0.1:1")
    assert "the most that is sent to a worker" in line


# ── the scheduler ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:1", "no scheduler of Dask answers there within 0.5 seconds"),
        ("silent", "no scheduler of Dask answers there within 0.5 seconds"),
        ("worker", "a worker of Dask answers there, not a scheduler"),
        ("somewhere", "no scheduler of Dask can be reached there (missing port number in address 'somewhere')"),
        ("http://127.0.0.1:1", "no scheduler of Dask can be reached there (unknown address scheme 'http'"),
        ("tls://127.0.0.1:1", "no scheduler of Dask can be reached there (TLS expects"),
    ],
)
def test_an_address_without_a_scheduler_is_one_line(machines, feeds, monkeypatch, address, said):
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 0.5)
    begun = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        known = {
            "silent": f"tcp://127.0.0.1:{silent.getsockname()[1]}",
            "worker": next(iter(machines.scheduler.workers)),
        }
        address = known.get(address, address)
        assert refused("code", feeds, "--scheduler", address).startswith(f"{address}: {said}")
    assert time.monotonic() - begun < 5


def test_a_scheduler_without_workers_is_told(feeds, monkeypatch):
    monkeypatch.setattr(cluster, "WORKER_SECONDS", 1)
    with LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", silence_logs=50) as empty:
        line = refused("code", feeds, "--scheduler", empty.scheduler_address)
    assert "it has had no worker for 1 seconds" in line


def read_whole(file):
    """What a scheduler says of itself, or None while its file is not written to the end."""
    try:
        return json.loads(file.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def test_a_scheduler_that_ends_is_told(feeds, tmp_path, monkeypatch):
    file = tmp_path / "scheduler.json"
    words = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    program = [sys.executable, "-c", "from dask.__main__ import main; main()", *words]
    with killed_at_the_end(program, stderr=subprocess.DEVNULL) as scheduler:
        until(lambda: read_whole(file))

        def read(name):
            if name.endswith("feed1.txt"):
                scheduler.kill()
            return read_source(name)

        monkeypatch.setattr(coding, "read_source", read)
        address = read_whole(file)["address"]
        assert refused("code", feeds, "--scheduler", address) == (
            f"{address}: the scheduler was lost. See its log, and do it again."
        )


def test_another_version_on_the_workers_is_told(at, feeds, monkeypatch):
    version = cluster.VERSION
    monkeypatch.setattr(cluster, "VERSION", "9.9")
    line = refused("code", feeds, "--scheduler", at)
    assert line.startswith("--scheduler: the worker tcp://127.0.0.1:")
    assert f" has version {version} of contact-line, and this is 9.9. Install the same on every machine: " in line
    monkeypatch.setattr(cluster, "_check_versions", lambda _: None)  # a worker that came later
    line = refused("code", feeds, "--scheduler", at)
    assert line.startswith(f"--scheduler: a worker has version {version} of contact-line, and this is 9.9. Install")


def test_a_worker_without_contact_line_is_told(at, feeds, monkeypatch):
    monkeypatch.setattr(cluster, "PACKAGE", "contact-line-is-not-there")
    line = refused("code", feeds, "--scheduler", at)
    assert " has no contact-line, and this is " in line


def test_without_dask_the_line_says_what_to_install(feeds, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    line = refused("code", feeds, "--scheduler", "tcp://127.0.0.1:1")
    assert line.endswith("Install it: pip install 'contact-line[cluster]'.")


def test_jobs_and_a_scheduler_are_one_too_many(feeds):
    assert refused("code", feeds, "--scheduler", "tcp://127.0.0.1:1", "--jobs", "2").startswith("--jobs: ")


# ── in the middle of the work ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def stopped_at(at, tmp_path):
    """Let the first worker that comes to a place stop there; gives a way to its process id."""
    with Client(at, set_as_default=False) as client:
        used = []
        marker = tmp_path / "marker"

        def stop(place, *, before, name=None):
            assert len(client.run(stopping.put_in_the_way, place, marker, before, name)) == 2
            used.append(place)

            def process():
                until(lambda: marker.exists() and marker.read_text().endswith("\n"))
                return int(marker.read_text())

            return process

        yield stop
        marker.unlink()
        client.wait_for_workers(2, timeout=LONG)
        for place in used:
            client.run(stopping.clear_the_way, place)


def killed_in_the_middle(machines, process, words):
    """Run a command; kill -9 the worker that stopped in the middle of it."""
    done = []
    working = threading.Thread(target=lambda: done.append(run(*words)))
    working.start()
    victim = process()
    assert victim in {worker.pid for worker in machines.workers.values()} - {os.getpid()}
    os.kill(victim, signal.SIGKILL)
    working.join(LONG)
    assert victim not in {worker.pid for worker in machines.workers.values()}
    return done[0]


def test_the_end_of_a_command_takes_back_its_work(machines, feeds, stopped_at):
    process = stopped_at("code", before=True, name="feed0.txt")
    script = Path(sys.executable).with_name("contact-line")
    words = [script, "code", feeds, "--scheduler", machines.scheduler_address]
    with killed_at_the_end(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as command:
        process()
        assert machines.scheduler.tasks
        command.send_signal(signal.SIGINT)
        out, said = command.communicate(timeout=30)
    until(lambda: not machines.scheduler.tasks)
    assert (out, said.strip()) == ("", "")
    assert command.returncode == 130


def test_a_killed_worker_loses_no_file(machines, feeds, stopped_at):
    alone = run("code", feeds, "--publisher", "A Paper")
    process = stopped_at("code", before=True, name="feed3.txt")
    words = ("code", feeds, "--publisher", "A Paper", "--scheduler", machines.scheduler_address)
    spread = killed_in_the_middle(machines, process, words)
    assert (spread.stdout_bytes, spread.stderr_bytes) == (alone.stdout_bytes, alone.stderr_bytes)


def test_a_file_that_kills_its_workers_is_told_and_the_others_are_coded(machines, at, feeds, monkeypatch):
    monkeypatch.setattr(machines.scheduler, "allowed_failures", 0)  # also what stands behind it seems to be to blame
    with Client(at, set_as_default=False) as client:
        client.register_plugin(stopping.Deadly("feed1.txt"))
        spread = run("code", feeds, "--scheduler", at)
        client.unregister_worker_plugin(stopping.Deadly.name)
    told = f"contact-line: {feeds / 'feed1.txt'}: every worker that was given it died, 1 of them."
    assert [line.startswith(told) for line in spread.stderr.splitlines()] == [False, False, True, False]
    (feeds / "feed1.txt").unlink()
    assert spread.stdout_bytes == run("code", feeds).stdout_bytes


@pytest.mark.parametrize(("place", "told"), [("merge", "60 added"), ("import", "60 there")])
def test_a_killed_worker_adds_nothing_twice(machines, server, tables, stopped_at, place, told):
    """Killed before its transaction ended, and after it, but before it could say so."""
    here, there = server.address(), server.address()
    run("import", *tables, "--to", here)
    process = stopped_at(place, before=False)
    words = ("import", *tables, "--to", there, "--scheduler", machines.scheduler_address)
    spread = killed_in_the_middle(machines, process, words)
    assert spread.exit_code == 0, spread.output
    assert exported(there) == exported(here)
    assert [line.split()[0] for line in spread.stderr.splitlines()] == [path.name for path in tables]
    assert sum(told in line for line in spread.stderr.splitlines()) == (5 if place == "merge" else 1)
