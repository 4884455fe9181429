"""Hostile files, made up from sound ones by a seed, and what reading them comes to.

`python -m tests.events.hostile 10000` (`make hostile`) tries that many, in processes of their own, so that a crash, a
hang or memory without end is one more finding. A file that finds a fault is kept, and its path is told.
"""

import gzip
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from events import formats
from events.errors import SourceError
from events.formats import gdelt
from events.schema import Checked
from events.sources import check_file
from tests.events.samples import checked, random_rows

SEED = 20201002
LONGEST = 20  # seconds for one file, on a busy machine
MOST_MEMORY = 400  # MB beyond what the program takes before it has read a file
FRAME = checked(random_rows(71, 6))


def written(name: str) -> bytes:
    out = io.BytesIO()
    formats.write(name, FRAME, out)
    return out.getvalue()


def gdelt_rows() -> str:
    names = gdelt.LAYOUTS[61]
    row = dict.fromkeys(names, "") | {"Day": "20201002", "MonthYear": "202010", "Year": "2020", "EventCode": "190"}
    row |= {"ActionGeo_Type": "4", "ActionGeo_Lat": "39.5", "ActionGeo_Long": "47.0", "QuadClass": "4"}
    return "".join("\t".join((row | {"GlobalEventID": str(n)}).values()) + "\n" for n in range(3))


def bellingcat() -> str:
    event = {"id": "A1", "date": "02/24/2022", "latitude": "48.5", "longitude": "35.1", "location": "x, y"}
    rest = {"description": "words", "sources": [{"id": "s", "path": "p", "description": ""}], "filters": []}
    return json.dumps([event | rest, event | rest | {"id": "A2"}])


SAMPLES = {name: written(name) for name in formats.WRITTEN} | {
    "gdelt": gdelt_rows().encode(),
    "bellingcat": bellingcat().encode(),
}
HUGE = "y" * 10 * 2**20  # one cell
BOMB = b"\0" * 100 * 2**20  # packs to a thousandth

NASTY = [
    "=cmd|' /C calc'!A0", "@SUM(1)", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\x00", "\x00" * 50,
    "9" * 400, "-1e400", "1e309", "NaN", "nan", "inf", "-Infinity", "[red]x[/nothing]", "\x1b[31m", "\ufeff", "\u202e",
    "\ud7ff\uffff", "'", '"', '""', "\n", "\r", "\r\n", "\t", ",", ";", "{", "}", "[", "]", "null", "NA", "%s%n", "\\",
    "../../etc/passwd", "9999-99-99", "0000-00-00", "2020-02-30", "-0", "1" * 5000, "_fault", "extra", "format",
    "a" * 9000, "147.5", "-181", "39,5",
    '{"format": "acled", "timestamp": "99999999999999999999"}', "POINT (1 2)", "\x1e the end \x1e", "𝟏𝟐", "١٢",
]  # fmt: skip

# ── mutations ───────────────────────────────────────────────────────────────────────────────────────────────


def cut(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content))]


def changed(rng: random.Random, content: bytes) -> bytes:
    made = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 5, 30])):
        made[rng.randrange(len(made))] = rng.randrange(256)
    return bytes(made)


def put_in(rng: random.Random, content: bytes) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] + rng.choice(NASTY).encode("utf-8", "replace") + content[at:]


def replaced(rng: random.Random, content: bytes, by: str | None = None) -> bytes:
    """A cell or value gives way to a nasty one."""
    signs = [n for n, sign in enumerate(content) if sign in b',;\t\n"'] or [0]
    at = rng.randrange(len(signs))
    end = signs[at + 1] if at + 1 < len(signs) else len(content)
    return content[: signs[at] + 1] + (by or rng.choice(NASTY)).encode("utf-8", "replace") + content[end:]


def huge(rng: random.Random, content: bytes) -> bytes:
    return replaced(rng, content, HUGE)


def moved(rng: random.Random, content: bytes) -> bytes:
    one, two, three = sorted(rng.randrange(len(content)) for _ in range(3))
    return content[:one] + content[two:three] + content[one:two] + content[three:]


def doubled(rng: random.Random, content: bytes) -> bytes:
    one, two = sorted(rng.randrange(len(content)) for _ in range(2))
    return content[:two] + content[one:two] * rng.choice([1, 3, 20]) + content[two:]


def encoded(rng: random.Random, content: bytes) -> bytes:
    codes = ["utf-16", "utf-16-le", "utf-32", "latin-1", "cp1251", "utf-7", "utf-8-sig"]
    return content.decode("utf-8", "replace").encode(rng.choice(codes), "replace")


def lost(rng: random.Random, content: bytes) -> bytes:
    one, two = sorted(rng.randrange(len(content)) for _ in range(2))
    return content[:one] + content[two:]


def swapped(_: random.Random, content: bytes) -> bytes:
    """Latitude and longitude change their names."""
    return content.replace(b"latitude", b"\0").replace(b"longitude", b"latitude").replace(b"\0", b"longitude")


def packed(rng: random.Random, content: bytes) -> bytes:
    if rng.random() < 0.5:
        return gzip.compress(content, 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(rng.choice([1, 1, 1, 2])):
            archive.writestr(f"{rng.choice(['a', '../a', '/etc/a', 'a/'])}{n}.csv", content)
    return out.getvalue()


def bomb(rng: random.Random, _: bytes) -> bytes:
    return packed(rng, BOMB)


OFTEN = [cut, changed, changed, put_in, put_in, replaced, replaced, moved, doubled, encoded, lost, swapped, packed]
SELDOM = [huge, bomb]  # these take a hundred times as long


def mutated(rng: random.Random, sample: bytes) -> bytes:
    """A hostile file."""
    content = sample
    for _ in range(rng.choice([1, 1, 2, 4])):
        change: Callable[[random.Random, bytes], bytes] = rng.choice(SELDOM if rng.random() < 0.004 else OFTEN)
        content = change(rng, content) or b"x"
        if len(content) > 2**20:
            break
    return content


# ── one file ────────────────────────────────────────────────────────────────────────────────────────────────


def tried(path: Path, format_name: str = "auto") -> Checked | str:
    """A report that holds what it promises, or the one line of a refusal. Raises AssertionError, or what is a fault."""
    try:
        found = check_file(path, format_name).checked
    except SourceError as fault:
        refused = fault
    else:
        assert len(found.accepted) == len(found.row_numbers)
        assert not found.accepted["event_id"].duplicated().any()
        assert found.accepted["latitude"].dropna().between(-90, 90).all()
        assert found.accepted["longitude"].dropna().between(-180, 180).all()
        assert (found.rejected["reason"] != "").all()
        return found
    line = str(refused)
    assert refused.what
    assert refused.mend.endswith("."), line[:2000]
    assert (len(line.splitlines()), len(line) < 500) == (1, True), line[:2000]
    return refused.what


# ── many files ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Found:
    """What trying files came to; `memory` is the peak beyond the program's own, in MB."""

    files: int = 0
    reports: int = 0
    rows: int = 0
    slowest: float = 0.0
    slowest_is: str = ""
    memory: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Found") -> None:
        if other.slowest > self.slowest:
            self.slowest, self.slowest_is = other.slowest, other.slowest_is
        self.files += other.files
        self.reports += other.reports
        self.rows += other.rows
        self.memory = max(self.memory, other.memory)
        self.reasons.update(other.reasons)
        self.faults += other.faults


def work(seed: int, count: int, folder: Path) -> Found:
    """Try `count` files of a seed in this process."""
    rng, found, names = random.Random(seed), Found(), sorted(SAMPLES)
    for name in names:
        path = folder / name
        path.write_bytes(SAMPLES[name])
        tried(path)
    own = _peak()
    path = folder / f"file-{seed}"
    for n in range(count):
        name = names[n % len(names)]
        path.write_bytes(mutated(rng, SAMPLES[name]))
        begun = time.monotonic()
        try:
            outcome = tried(path)
        except Exception:  # noqa: BLE001 - every kind is a finding
            kept = folder / f"fault-{seed}-{n}"
            kept.write_bytes(path.read_bytes())
            found.faults.append(f"{kept}\n{traceback.format_exc()}")
            continue
        seconds = time.monotonic() - begun
        if seconds > found.slowest:
            found.slowest, found.slowest_is = seconds, f"{name}, file {n} of seed {seed}"
        found.files += 1
        if isinstance(outcome, str):
            found.reasons[outcome] += 1
        else:
            found.reports += 1
            found.rows += outcome.rows_rejected
            found.reasons.update(outcome.rejected["reason"])
    found.memory = _peak() - own
    return found


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def run(count: int, folder: Path, processes: int = 2, seed: int = SEED) -> Found:
    """Try `count` files in processes of their own; a process that dies or hangs is a fault, too."""
    share = [len(range(n, count, processes)) for n in range(processes)]
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", "tests.events.hostile"]
    begun = [
        subprocess.Popen([*command, str(n), str(seed + k), str(folder)], stdout=subprocess.PIPE, text=True)
        for k, n in enumerate(share)
    ]
    whole = Found()
    for k, (n, process) in enumerate(zip(share, begun, strict=True)):
        try:
            said, _ = process.communicate(timeout=60 + n)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            whole.faults.append(f"a process hangs at {folder / f'file-{seed + k}'}")
            continue
        if process.returncode:
            whole.faults.append(f"a process ended with {process.returncode} at {folder / f'file-{seed + k}'}")
            continue
        whole.add(Found(**_counted(json.loads(said.splitlines()[-1]))))
    return whole


def _counted(told: dict[str, Any]) -> dict[str, Any]:
    return told | {"reasons": Counter(told["reasons"])}


def main() -> None:
    """COUNT [SEED]: try so many files, and tell. COUNT SEED FOLDER: be one of the processes."""
    if len(sys.argv) == 4:
        found = work(int(sys.argv[2]), int(sys.argv[1]), Path(sys.argv[3]))
        sys.stdout.write(json.dumps(found.__dict__) + "\n")
        return
    folder = Path(tempfile.mkdtemp(prefix="contact-line-hostile-"))
    begun = time.monotonic()
    seed = int(sys.argv[2]) if len(sys.argv) == 3 else SEED
    found = run(int(sys.argv[1]), folder, os.cpu_count() or 1, seed)
    tell(found, time.monotonic() - begun)
    sys.exit(bool(found.faults))


def tell(found: Found, seconds: float) -> None:
    """Print what was found."""
    refused = found.files - found.reports
    lines = [
        f"{found.files:,} hostile files in {seconds:.0f} s: {found.reports:,} reports ({found.rows:,} rows set aside), "
        f"{refused:,} refused in one line, {len(found.faults)} faults",
        f"slowest file: {found.slowest:.2f} s ({found.slowest_is})",
        f"peak memory: {found.memory:.0f} MB beyond what the program takes without one",
        *(f"{n:8,}  {reason[:100]}" for reason, n in found.reasons.most_common(25)),
        *(fault[:3000] for fault in found.faults),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
