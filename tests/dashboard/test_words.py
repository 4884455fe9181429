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
