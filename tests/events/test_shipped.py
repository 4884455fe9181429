import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from events.codebook import load_codebook, split_actors
from events.sources import check_file, shipped_path
from geodata.gazetteer import Gazetteer

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
FORMAT, CHECKED, _ = check_file(shipped_path())
TABLE = CHECKED.accepted
BOOK = load_codebook()
GAZETTEER = Gazetteer.load()
PLACED = TABLE[TABLE["place_id"] != ""]
LONGEST_SHARED_RUN = 5
OTHER_PUBLISHERS = {"Local media (Armenia)", "TRT Haber"}
OUTBREAK = pd.Timestamp("2020-09-27")


def places():
    return PLACED["place_id"].map(GAZETTEER.get)


def test_none_is_set_aside_and_no_column_is_unknown():
    assert (FORMAT.name, len(CHECKED.rejected), CHECKED.unknown_columns) == ("csv", 0, ())
    assert len(TABLE) > 240


def test_the_file_says_what_it_holds_as_often_as_its_sources_do():
    about = shipped_path().with_name("SOURCES.md").read_text("utf-8")
    assert f"holds {len(TABLE)} events" in about
    counts = [int(n) for n in re.findall(r"^\| \d \|.*\| (\d+) \|$", about, re.MULTILINE)]
    assert sum(counts) == len(TABLE)


def test_ids_are_unique_and_given():
    raw = pd.read_csv(shipped_path(), dtype="str", keep_default_na=False)
    assert raw["event_id"].is_unique
    assert raw["event_id"].str.fullmatch(r"[a-z]+-\d{8}(T\d{4})?-\d+").all()


def test_every_place_is_the_gazetteers_to_the_letter():
    assert places().notna().all()
    for column, own in (
        ("place", lambda p: p.name_en),
        ("latitude", lambda p: p.latitude),
        ("longitude", lambda p: p.longitude),
        ("country", lambda p: p.country),
        ("admin1", lambda p: p.admin1),
    ):
        assert PLACED[column].tolist() == [own(place) for place in places()], column


def test_no_event_has_coordinates_without_a_place():
    assert TABLE.loc[TABLE["place_id"] == "", "latitude"].isna().all()


def test_precision_1_is_never_of_something_wide():
    exact = places()[PLACED["geo_precision"] == 1]
    wide = {"district", "province", "region", "country", "line", "corridor", "river"}
    assert {p.place_id for p in exact if p.kind in wide} == set()


def test_every_placed_event_says_how_exact_its_place_and_day_are():
    assert PLACED["geo_precision"].notna().all()
    assert TABLE["time_precision"].notna().all()


def test_every_sub_type_is_given_and_of_its_type():
    assert (TABLE["sub_event_type"].map(BOOK.type_of) == TABLE["event_type"]).all()


@pytest.mark.parametrize("side", ["actor1", "actor2"])
def test_actors_go_by_the_codebooks_one_name(side):
    written = {actor for cell in TABLE[side] for actor in split_actors(cell)}
    assert written - set(BOOK.aliases) == set()


def test_claimants_are_actors_of_the_codebook_or_the_publisher():
    publisher = TABLE["claimant"] == TABLE["source"]
    others = TABLE["claimant"][~(publisher | TABLE["claimant"].isin(BOOK.aliases))]
    assert set(others) == OTHER_PUBLISHERS


def test_an_incident_is_several_rows():
    sizes = TABLE.loc[TABLE["incident_id"] != "", "incident_id"].value_counts()
    assert len(sizes) > 10
    assert sizes.min() >= 2


def test_each_event_lies_in_the_time_its_report_could_tell_of():
    told = pd.to_datetime(TABLE["source_time"], format="ISO8601", utc=True) + pd.Timedelta(hours=4)
    day_told = told.dt.tz_localize(None).dt.normalize()
    assert (TABLE["event_date"] >= OUTBREAK).all()
    announced = pd.to_timedelta(TABLE["event_type"].eq("Diplomacy") * 7, unit="D")
    assert TABLE.loc[TABLE["event_date"] > day_told + announced, "event_id"].tolist() == []
    assert (TABLE["event_date"] > day_told).sum() < 10
    assert (TABLE["event_end"] >= TABLE["event_date"]).all()


def test_every_row_says_in_one_line_what_it_says_and_where_it_stands():
    for column in ("notes", "source", "source_time", "evidence", "claimant"):
        assert (TABLE[column] != "").all(), column
        assert not TABLE[column].str.contains("\n").any(), column
    assert TABLE["notes"].str.len().max() < 250


def test_rows_are_in_the_order_of_nothing_but_themselves():
    assert not TABLE.drop(columns="event_id").duplicated().any()


def words(text):
    return re.findall(r"\w+", text.lower())


def runs(text, n):
    tokens = words(text)
    return {tuple(tokens[at : at + n]) for at in range(len(tokens) - n + 1)}


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the news documents are not kept with the project: no folder {SEEDS}")
def test_no_note_repeats_a_sentence_of_its_source():
    n = LONGEST_SHARED_RUN + 1
    documents = set().union(*(runs(path.read_text("utf-8"), n) for path in SEEDS.glob("*.txt")))
    assert len(documents) > 1000
    repeated = {row.event_id: runs(row.notes, n) & documents for row in TABLE.itertuples()}
    assert {event_id: shared for event_id, shared in repeated.items() if shared} == {}


def test_the_codebooks_names_lead_to_one_actor_each():
    owners = [(BOOK.actor(name), actor) for actor, aliases in BOOK.aliases.items() for name in (actor, *aliases)]
    assert [pair for pair in owners if pair[0] != pair[1]] == []


def test_the_codebook_keeps_its_order():
    assert BOOK.type_names[-2:] == ("Diplomacy", "Humanitarian")
    assert len(BOOK.type_names) == 8
    positions = [BOOK.type_names.index(BOOK.type_of[sub]) for sub in BOOK.sub_type_names]
    assert all(one <= other for one, other in pairwise(positions))
