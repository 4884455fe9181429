"""The score: pairs one to one, counts apart, and figures by hand."""

import csv
from pathlib import Path

import pytest

from events.coder import Proposal
from tools.score import SEEDS, f1, folder, main, pairs, score

ROW = {
    "event_type": "Battles",
    "place_id": "hadrut",
    "event_date": "2020-10-11",
    "sub_event_type": "Armed clash",
    "actor1": "Military Forces of Azerbaijan",
    "claimant": "Example News",
}
OTHER = ROW | {"actor1": "Military Forces of Armenia"}


def test_precision_recall_and_their_mean() -> None:
    assert f1(2, 4, 8) == (0.5, 0.25, 1 / 3)
    assert f1(0, 0, 5) == (0.0, 0.0, 0.0)


def test_a_row_is_paired_once_and_with_the_most_like_it() -> None:
    assert pairs([ROW], [OTHER, ROW]) == [(0, 1)]
    assert sorted(pairs([ROW, OTHER], [OTHER, ROW])) == [(0, 1), (1, 0)]
    assert pairs([ROW], [ROW | {"place_id": "shushi"}]) == []


def test_what_agrees_in_place_and_day_alone_counts_only_there() -> None:
    one = score("one", [ROW, ROW | {"place_id": "shushi"}], [Proposal(OTHER, 0, (), "rule")])
    assert (one.rows, one.proposed, one.broad, one.narrow, one.claimed) == (2, 1, 1, 0, 0)
    assert [row["place_id"] for row in one.missed] == ["shushi"]
    assert [differs[0]["actor1"] for differs in one.differs] == ["Military Forces of Azerbaijan"]


def test_a_folder_of_hand_codings_is_scored(tmp_path: Path, capsys) -> None:
    (tmp_path / "a.txt").write_text("Armenian forces shelled Ganja on 11 October 2020.\n", encoding="utf-8")
    (tmp_path / "alone.txt").write_text("no coding beside it", encoding="utf-8")
    hit = ROW | {"event_type": "Explosions/Remote violence", "place_id": "ganja", "source_time": "2020-10-11"}
    hit |= {"sub_event_type": "Shelling/artillery/missile attack", "actor1": "Military Forces of Armenia"}
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(hit))
        writer.writeheader()
        writer.writerow(hit)
    assert [path.name for path, _ in folder(tmp_path)] == ["a.txt"]
    assert main(["--folder", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "all                                    1     1   P 1.00 R 1.00 F 1.00   P 1.00 R 1.00 F 1.00" in printed


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the news documents are not kept with the project: no folder {SEEDS}")
def test_the_shipped_events_are_scored_against_other_codings(tmp_path: Path, capsys) -> None:
    row = {"event_date": "2023-09-20", "event_type": "Humanitarian", "sub_event_type": "Casualty count"}
    row |= {"actor1": "Civilians (Artsakh)", "place": "Nagorno-Karabakh", "claimant": "Government of Artsakh"}
    with (tmp_path / "004.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    assert main(["--shipped", str(tmp_path)]) == 0
    assert "R 1.00" in capsys.readouterr().out.splitlines()[1]
    assert main(["--shipped", str(tmp_path / "nowhere")]) == 2
