"""Importing a million rows of ACLED's columns, beside pandas and GeoPandas reading the same file.

The file is made up and written anew for a run: 31 columns, CRLF, a byte order mark; notes of which no two are alike,
with commas, quotes and ends of lines in them; names with diacritics, some in most rows and many in few, as in a real
file. `python -m tests.bench.imports` measures this alone.
"""

import csv
import datetime as dt
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from events.formats.acled import HEADER
from events.formats.fields import words
from tests.bench.measures import Figure

ROWS = 1_000_000
SEED = 20201002
FIRST = dt.date(2018, 1, 1)

_SYLLABLES = words("ba da ka la ma na ra sa ta va bə şa çi ğu ha yo ze mi lu gor kert van abad dir pur shen lar")
_TYPES = [
    ("Battles", "Armed clash", "Political violence"),
    ("Battles", "Government regains territory", "Political violence"),
    ("Explosions/Remote violence", "Shelling/artillery/missile attack", "Political violence"),
    ("Explosions/Remote violence", "Air/drone strike", "Political violence"),
    ("Violence against civilians", "Attack", "Political violence"),
    ("Protests", "Peaceful protest", "Demonstrations"),
    ("Protests", "Excessive force against protesters", "Political violence; Demonstrations"),
    ("Riots", "Mob violence", "Political violence"),
    ("Strategic developments", "Looting/property destruction", "Strategic developments"),
]
_INTERS = ["State forces", "Rebel group", "Political militia", "Identity militia", "Rioters", "Protesters", "Civilians"]
_SENTENCES = [
    "forces shelled positions near {place} with mortars, as told by {source}",
    "an armed clash was reported in the area of {place} ({admin} district)",
    'the ministry said that "the situation is under control" in {place}',
    "residents of {place} gathered outside the municipality, and asked for water and electricity to be restored",
    "{n} houses were damaged and {m} people were injured; the number of fatalities is not known",
    "the other side denied it, and said that its units had not left their positions since {day}",
    "a convoy of {n} vehicles was stopped on the road between {place} and {other}",
    "no casualties were reported",
    "coded as {n} fatalities spread over {m} events",
]
_ENDS = ["Event date is approximated.", "Size: no report.", "[size=about {n}]", "Fatalities: {m}.", ""]


def _names(rng: random.Random, n: int, parts: tuple[int, int]) -> list[str]:
    return ["".join(rng.choices(_SYLLABLES, k=rng.randint(*parts))).capitalize() for _ in range(n)]


def _often(rng: random.Random, among: Sequence[Any]) -> Any:
    """One of these; the first ones often, as a few towns and armies stand in most rows of a real file."""
    return among[int(len(among) * rng.random() ** 4)]


def rows(count: int, seed: int = SEED) -> Iterator[list[str]]:
    """Rows of HEADER, as text; the same seed gives the same rows."""
    rng = random.Random(seed)
    countries = _names(rng, 60, (2, 4))
    provinces = [(c, p) for c in countries for p in _names(rng, 12, (2, 3))]
    places = [
        (c, p, d, name, f"{rng.uniform(-35, 60):.4f}", f"{rng.uniform(-80, 140):.4f}")
        for (c, p), d in ((rng.choice(provinces), d) for d in _names(rng, 3000, (2, 3)))
        for name in _names(rng, 10, (2, 4))
    ]
    actors = [f"{what} of {c} ({y}-)" for c in countries for y in (2003, 2012) for what in
              ("Military Forces", "Police Forces", "Government")]  # fmt: skip
    actors += [f"{name} {what}" for name in _names(rng, 3000, (2, 4)) for what in ("Militia", "Front", "Ethnic Group")]
    actors += [f"Protesters ({c})" for c in countries] + [f"Civilians ({c})" for c in countries]
    sources = _names(rng, 2000, (2, 3))
    for n in range(count):
        country, admin1, admin2, place, lat, lon = _often(rng, places)
        day = FIRST + dt.timedelta(rng.randrange(2500))
        kind, sub, disorder = rng.choice(_TYPES)
        source = "; ".join(_often(rng, sources) for _ in range(rng.choice((1, 1, 1, 2))))
        one, two = rng.choice(_INTERS), rng.choice(_INTERS)
        known = {"place": place, "source": source, "admin": admin2, "other": admin1}
        known |= {"n": n % 977, "m": n % 13, "day": day}
        told = ", ".join(rng.sample(_SENTENCES, rng.choice((1, 1, 1, 2)))).format_map(known)
        notes = f"On {day:%-d %B %Y}, {told} (report {n:x}). {rng.choice(_ENDS).format_map(known)}".strip()
        if n % 50 == 0:
            notes = notes.replace(", ", ",\n", 1)
        yield [
            f"{country[:3].upper()}{n}", day.isoformat(), str(day.year), rng.choice("1112"), disorder, kind, sub,
            _often(rng, actors), _often(rng, actors) if n % 3 == 0 else "", one,
            _often(rng, actors) if n % 4 else "", "", two, f"{one}-{two}", "Civilian targeting" if n % 7 == 0 else "",
            str(100 + len(country) * 7), "Caucasus and Central Asia", country, admin1, admin2, "", place, lat, lon,
            rng.choice("1123"), source, rng.choice(("National", "Subnational", "Other-National")), notes,
            rng.choice(("0", "0", "0", "1", "2", "14")), "crowd size=no report" if n % 5 == 0 else "",
            str(1_600_000_000 + n % 7919 * 1000),
        ]  # fmt: skip


def write(path: Path, count: int = ROWS) -> None:
    """Write the file."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        lines = csv.writer(out, lineterminator="\r\n")
        lines.writerow(HEADER)
        lines.writerows(rows(count))


_PEER = """
import sys
import geopandas
import pandas
frame = pandas.read_csv(sys.argv[1])
points = geopandas.points_from_xy(frame["longitude"], frame["latitude"], crs="EPSG:4326")
assert len(geopandas.GeoDataFrame(frame, geometry=points)) == int(sys.argv[2])
"""


def figures(count: int = ROWS) -> list[Figure]:
    """Seconds and memory of `contact-line import`, a process from its start to its end, and those of the peer."""
    with tempfile.TemporaryDirectory(prefix="contact-line-bench-") as folder:
        table = Path(folder) / "acled.csv"
        write(table, count)
        size = table.stat().st_size / 1e6
        peer = _run("-c", _PEER, str(table), str(count))
        own = _run("-m", "dashboard", "import", str(table), "--to", str(Path(folder) / "events.duckdb"))
    what = f"import of {count:,} ACLED rows, {size:.0f} MB"
    beside = f"pandas + GeoPandas: {peer[0]:.1f} s, {peer[1]:.0f} MB; ratio"
    return [
        Figure(f"{what} ({beside} {own[0] / peer[0]:.1f})", [own[0]], "s", 40),
        Figure(f"memory of it (ratio {own[1] / peer[1]:.1f})", [own[1]], "MB", 1500),
    ]


def _run(*command: str) -> tuple[float, float]:
    """Wall time in seconds and peak memory in MB of a Python process that must end well, those it starts included."""
    begun, peak = time.monotonic(), 0.0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, stderr=said)
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            time.sleep(0.05)
        seconds = time.monotonic() - begun
        if process.returncode:
            said.seek(0)
            raise AssertionError(said.read().decode(errors="replace"))
    return seconds, peak


def _memory(pid: int) -> float:
    """Memory of a process and its children in MB; pages that they share count once."""
    try:
        whole = psutil.Process(pid)
        return sum(one.memory_full_info().pss for one in (whole, *whole.children(recursive=True))) / 1e6
    except psutil.Error:  # one of them has just ended
        return 0.0


if __name__ == "__main__":
    for figure in figures():
        sys.stdout.write(f"{figure.what}: {figure.shown} (target {figure.wanted})\n")
