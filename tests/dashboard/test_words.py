"""What the page says in words."""

import pytest

from dashboard import words


@pytest.mark.parametrize(
    ("first", "last", "precision", "said"),
    [
        ("2020-10-02", "2020-10-02", 1, "2 Oct 2020"),
        ("2020-10-02", "2020-10-05", 1, "2 Oct 2020 – 5 Oct 2020"),
        ("2020-11-09", "2020-11-09", 2, "about 9 Nov 2020"),
        ("2023-05-01", "2023-05-31", 3, "May 2023"),
        ("2020-11-10", "2020-12-01", 3, "Nov 2020 – Dec 2020"),
        ("2020-10-02", "2020-10-02", None, "2 Oct 2020"),
    ],
)
def test_a_day_is_told_no_more_exactly_than_it_is_known(first, last, precision, said):
    assert words.when({"event_date": first, "event_end": last, "time_precision": precision}) == said


EVENT = {
    "event_id": "tass-1", "event_type": "Battles", "sub_event_type": "Armed clash", "event_date": "2020-10-02",
    "event_end": "2020-10-02", "time_precision": 1, "geo_precision": 2, "place": "Hadrut", "notes": "Fights go on.",
    "claimant": "Government of Artsakh", "source": "TASS", "source_time": "2020-10-02T15:20:00", "evidence": "post 3",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {},
            "Government of Artsakh says: Armed clash, Hadrut (near it or in its district), 2 Oct 2020. Fights go on. "
            "TASS, 2 Oct 2020, 15:20 GMT, post 3. tass-1.",
        ),
        (
            {"claimant": "", "sub_event_type": "", "geo_precision": 1, "source_time": "2020-10-02", "evidence": ""},
            "Battles, Hadrut, 2 Oct 2020. Fights go on. TASS, 2 Oct 2020. tass-1.",
        ),
        (
            {"place": "", "notes": "", "source_time": None, "time_precision": 3},
            "Government of Artsakh says: Armed clash, no known place, Oct 2020. TASS, post 3. tass-1.",
        ),
    ],
)
def test_a_citation_tells_who_what_where_when_and_its_source(changes, said):
    assert words.citation(EVENT | changes) == said
