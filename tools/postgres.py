"""Find a PostgreSQL for the contract tests, or install one; start one of the tests' own.

`python -m tools.postgres` prints where its programs are; with `--install` it installs them when there are none.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

NEEDED = ("initdb", "postgres")
DEBIANS = Path("/usr/lib/postgresql")
LONGEST_INSTALL = 420  # seconds
LONGEST_START = 60
USER = "contact"
UNPRIVILEGED = ("postgres", "nobody")
SHORT, SHARED = Path("/tmp"), Path("/dev/shm")  # noqa: S108
ROOM = 6 * 2**30  # bytes that are free there
QUICK = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
    "max_wal_size=256MB", "listen_addresses=",
)  # fmt: skip

LACKING = """\
No PostgreSQL server was found, and its tests are not skipped. Any one of these mends it:
  - install the system's package: apt-get install postgresql
  - name one that you have:       POSTGRES_BIN=/path/to/its/bin make test"""


def find() -> Path | None:
    """The folder of the first PostgreSQL whose programs run: $POSTGRES_BIN, the path's, Debian's. None without one."""
    return next((folder for folder in _candidates() if all(_runs(folder / name) for name in NEEDED)), None)


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("POSTGRES_BIN"):
        yield Path(named)
    if path := shutil.which("postgres"):
        yield Path(path).resolve().parent
    if DEBIANS.is_dir():
        versions = [folder for folder in DEBIANS.iterdir() if folder.name.isdecimal()]
        yield from (folder / "bin" for folder in sorted(versions, key=lambda f: int(f.name), reverse=True))


def _runs(program: Path) -> bool:
    try:
        told = subprocess.run([program, "--version"], capture_output=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.returncode == 0


def install() -> Path | None:
    """Install Debian's or Ubuntu's package when this is root there; None where that is not to be had."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "postgresql"]):
        print("Installing PostgreSQL:", " ".join(command), file=sys.stderr)  # noqa: T201
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(  # noqa: S603
            command, env=quiet, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=LONGEST_INSTALL, check=False
        )
        if done.returncode != 0:
            return None
    return find()


def _is_roomy() -> bool:
    return SHARED.is_dir() and shutil.disk_usage(SHARED).free > ROOM


class Server:
    """A PostgreSQL in a temporary folder that only this user's programs reach, by a socket in it.

    Its words are ordered by a language's rules and not by their bytes, as on most servers in use. It is quick and not
    safe: what it holds does not outlive the machine.
    """

    def __init__(self, programs: Path, *, in_memory: bool = False) -> None:
        """`in_memory` keeps its files in the machine's memory where there is plenty: making many databases is writing
        many files."""
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None
        # Not in the system's folder for temporary files where that is long: a socket's path has 107 bytes at most.
        where = SHARED if in_memory and _is_roomy() else SHORT
        self.folder = Path(tempfile.mkdtemp(prefix="contact-line-pg-", dir=where))
        self._as_user = self._give_to_another() if os.geteuid() == 0 else []
        # It ends with the process that started it, even with one that is killed.
        self._bound = [*(self._as_user or ["setpriv"]), "--pdeathsig", "INT"] if shutil.which("setpriv") else []
        self._run(
            "initdb", "--pgdata", self.folder / "data", "--username", USER, "--auth", "trust", "--no-sync",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "en",
        )  # fmt: skip

    def url(self, database: str = "postgres", scheme: str = "postgresql") -> str:
        """The address of one of its databases."""
        return f"{scheme}://{USER}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start it and wait until it answers. Raises RuntimeError with its last words when it does not."""
        log = (self.folder / "log").open("ab")
        settings = [word for setting in (*QUICK, f"unix_socket_directories={self.folder}") for word in ("-c", setting)]
        self._process = subprocess.Popen(  # noqa: S603
            [*self._bound, self._programs / "postgres", "-D", self.folder / "data", *settings],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder,
        )  # fmt: skip
        log.close()
        until = time.monotonic() + LONGEST_START
        status = self.folder / "data" / "postmaster.pid"
        while time.monotonic() < until and self._process.poll() is None:
            # Its eighth line says 'ready' once connections are taken.
            if status.exists() and status.read_text().rstrip().endswith("ready"):
                return
            time.sleep(0.02)
        self.stop()
        raise RuntimeError("PostgreSQL did not start: " + (self.folder / "log").read_text()[-2000:])

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Break off its connections and wait until it has ended."""
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def remove(self) -> None:
        """Stop it and take its folder away."""
        self.stop(signal.SIGQUIT)  # at once: what it has not written yet is not wanted
        shutil.rmtree(self.folder, ignore_errors=True)

    def _give_to_another(self) -> list[str]:
        """PostgreSQL refuses to run as root: give the folder to another user, under whom it is run."""
        known = {user.pw_name: user for user in pwd.getpwall()}
        user = next(known[name] for name in UNPRIVILEGED if name in known)
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]

    def _run(self, program: str, *words: object) -> None:
        command = [*self._as_user, str(self._programs / program), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False)  # noqa: S603
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr[-2000:]}")


def main(arguments: Sequence[str]) -> None:
    """Print where PostgreSQL's programs are; exit with plain words when there are none."""
    path = find() or (install() if "--install" in arguments else None)
    if path is None:
        sys.exit(LACKING)
    print(f"PostgreSQL: {path}")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
