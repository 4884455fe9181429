"""Find a Chromium for the browser tests, or install one.

`python -m tools.chromium` prints where it is; with `--install` it installs one when there is none.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLAYWRIGHTS_OWN = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
)
LONGEST_INSTALL = 420  # seconds

LACKING = """\
No Chromium was found, and the browser tests are not skipped. Any one of these mends it:
  - install the system's package: apt-get install chromium
  - install Playwright's own:     .venv/bin/playwright install --with-deps chromium
  - name one that you have:       CHROMIUM=/path/to/chromium make test"""


def find() -> str | None:
    """The first Chromium that starts: $CHROMIUM, the system's, Playwright's own. None when there is none."""
    return next((path for path in _candidates() if _starts(path)), None)


def _candidates() -> Iterator[str]:
    if named := os.environ.get("CHROMIUM"):
        yield named
    for command in COMMANDS:
        if path := shutil.which(command):
            yield path
    for cache in _caches():
        for pattern in PLAYWRIGHTS_OWN:
            yield from (str(path) for path in sorted(cache.glob(pattern), reverse=True))


def _caches() -> Iterator[Path]:
    if named := os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        yield Path(named)
    yield Path.home() / ".cache" / "ms-playwright"
    yield Path.home() / "Library" / "Caches" / "ms-playwright"


def _starts(path: str) -> bool:
    """Whether it is there and has the libraries it needs (a package may be an empty shell that points elsewhere)."""
    try:
        told = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.returncode == 0


def install() -> str | None:
    """Install a Chromium: the system's package when this is root on Debian or Ubuntu, else Playwright's own."""
    for commands in _ways():
        if all(_ran(command) for command in commands) and (path := find()):
            return path
    return None


def _ways() -> Iterator[list[list[str]]]:
    playwright = [sys.executable, "-m", "playwright", "install"]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        yield [["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]]
        yield [[*playwright, "--with-deps", "chromium"]]
    else:
        yield [[*playwright, "chromium"]]


def _ran(command: Sequence[str]) -> bool:
    print("Installing a Chromium:", " ".join(command), file=sys.stderr)  # noqa: T201
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(  # noqa: S603
            command, env=quiet, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=LONGEST_INSTALL, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        print(f"  {fault}", file=sys.stderr)  # noqa: T201
        return False
    return done.returncode == 0


def main(arguments: Sequence[str]) -> None:
    """Print where the Chromium is; exit with plain words when there is none."""
    path = find() or (install() if "--install" in arguments else None)
    if path is None:
        sys.exit(LACKING)
    print(f"Chromium: {path}")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
