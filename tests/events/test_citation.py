import datetime as dt
import gzip
import hashlib
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from events import formats
from events.citation import cite
from events.filters import EventFilter
from events.formats.reading import BESIDE, LARGEST_CITATION
from events.sources import check_file
from events.store import EventStore
from tests.events.samples import checked, random_rows
from tests.events.test_acled import TODAY
from tests.events.test_ged import ROW

AT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def test_a_citation_says_what_was_selected_from_what_and_when(shipped: EventStore) -> None:
    wanted = EventFilter(date_from=dt.date(2020, 10, 2), date_to=dt.date(2020, 10, 2), types=("Battles",))
    frame = shipped.frame(wanted)
    told = cite(frame, wanted, "the shipped events", AT)
    assert (told["rows"], told["source"], told["accessed"]) == (
        len(frame),
        "the shipped events",
        "2026-01-02T03:04:05Z",
    )
    assert told["filters"] == [["from", "2020-10-02"], ["to", "2020-10-02"], ["type", "Battles"]]
    assert told["publishers"] == sorted(set(frame["source"]))
    assert told["caveats"]


def test_the_hash_is_of_the_data_alone(shipped: EventStore) -> None:
    frame = shipped.frame(EventFilter())
    one, again = (cite(frame, EventFilter(), name, AT)["sha256"] for name in ("a", "b"))
    changed = frame.copy()
    changed.loc[0, "notes"] = "another word"
    assert one == again != cite(changed, EventFilter(), "a", AT)["sha256"]


def test_an_empty_selection_is_cited_too(shipped: EventStore) -> None:
    told = cite(shipped.frame(EventFilter()).head(0), EventFilter(), "a", AT)
    assert (told["rows"], told["days"]) == (0, [])


def test_the_hash_is_that_of_the_csv(shipped: EventStore) -> None:
    frame = shipped.frame(EventFilter(), extra=True)
    out = io.BytesIO()
    formats.write("csv", frame, out)
    assert cite(frame, EventFilter(), "a", AT)["sha256"] == hashlib.sha256(out.getvalue()).hexdigest()


# ── what datasets ask for ───────────────────────────────────────────────────────────────────────────────────


def test_rows_of_acled_and_ged_are_named_with_what_their_terms_ask_for(tmp_path: Path) -> None:
    for name, row in (("acled", TODAY), ("ged", ROW)):
        pd.DataFrame([row]).to_csv(tmp_path / name, index=False)
    parts = [check_file(tmp_path / name).checked.accepted for name in ("acled", "ged")]
    whole = pd.concat([*parts, checked(random_rows(1, 3)).assign(extra="")], ignore_index=True)
    one, other = cite(whole, EventFilter(), "a", AT)["datasets"]
    assert (one["dataset"], one["rows"], one["newest_revision"]) == ("ACLED", 1, "2022-06-07")
    assert "https://acleddata.com" in one["cite"]
    assert all(word in one["terms"] for word in ("day of access", "filters", "changed"))
    assert (other["dataset"], other["rows"]) == ("UCDP GED", 1)
    assert "Sundberg" in other["cite"]
    assert cite(whole.drop(columns="extra"), EventFilter(), "a", AT)["datasets"] == []


# ── in the file, or beside it ───────────────────────────────────────────────────────────────────────────────

FRAME = checked(random_rows(81, 30))
TOLD = cite(FRAME, EventFilter(words='"=1+1", ə <b>'), "a <file>", AT)


def put(path: Path, name: str, citation: formats.Citation, frame: pd.DataFrame = FRAME) -> Path:
    within = formats.FORMATS[name].write_cited is not None
    with path.open("wb") as out:
        formats.write(name, frame, out, citation if within else None)
    if not within:
        path.with_name(path.name + BESIDE).write_bytes(formats.citation_text(citation))
    return path


@pytest.mark.parametrize("rows", [30, 0])
@pytest.mark.parametrize("name", formats.WRITTEN)
def test_a_citation_is_read_again_and_is_no_row(tmp_path: Path, name: str, rows: int) -> None:
    path = put(tmp_path / "file", name, TOLD, FRAME.head(rows))
    found, again, _ = check_file(path)
    assert (found.name, len(again.accepted), again.rows_rejected) == (name, rows, 0)
    assert formats.citation_of(path) == json.loads(json.dumps(TOLD))
    (tmp_path / "packed").write_bytes(gzip.compress(path.read_bytes()))
    assert (formats.citation_of(tmp_path / "packed") is None) == (formats.FORMATS[name].cited is None)


@pytest.mark.parametrize("name", ["xlsx", "geojson", "parquet"])
def test_a_file_with_its_citation_opens_elsewhere(tmp_path: Path, name: str) -> None:
    path = put(tmp_path / f"file.{name}", name, TOLD)
    if name == "xlsx":
        frame = pd.read_excel(path, engine="calamine")
    else:
        import geopandas as gpd  # noqa: PLC0415

        frame = gpd.read_file(path) if name == "geojson" else gpd.read_parquet(path)
        assert frame.crs.to_epsg() == 4326
    assert frame["event_id"].tolist() == FRAME["event_id"].tolist()


@pytest.mark.parametrize(
    "beside", [b"", b"[]", b"{", b"\xff", b'{"title": 1', b"1" * (LARGEST_CITATION + 1), b"[" * 10**5]
)
def test_what_is_no_citation_is_none(tmp_path: Path, beside: bytes) -> None:
    path = put(tmp_path / "file", "csv", TOLD)
    (tmp_path / ("file" + BESIDE)).write_bytes(beside)
    assert formats.citation_of(path) is None


@pytest.mark.parametrize("name", ["xlsx", "geojson", "parquet", "csv"])
def test_a_file_without_a_citation_has_none(tmp_path: Path, name: str) -> None:
    with (tmp_path / "file").open("wb") as out:
        formats.write(name, FRAME, out)
    assert formats.citation_of(tmp_path / "file") is None
