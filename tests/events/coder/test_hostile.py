"""Any text is read without error, in time that grows with its length; evidence always lies in the text."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.feed import Report
from events.schema import NAMES
from tests.events.coder.making import coder, feed, report
from tests.growth import grows_in_proportion

PIECES = """Armenia Azerbaijan's Baku Stepanakert Hadrut troops said shelled denied killed 3,000 twelve people not will
if by that and , . : ; “ ” " ' ( ) on Tuesday 27 September 2020 the Defence Ministry according to since near in 0
99999999999 31.12.2020 <b> &amp; ’s n't 1990s dozen hundred"""
WORDS = st.sampled_from([*PIECES.split(), "\u202e", "\u200f", "\ud83d", "\n", "\t"])
TEXTS = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join))
DAYS = st.one_of(st.none(), st.dates(), st.sampled_from([date.min, date.max]))


@settings(max_examples=150, deadline=None)
@given(TEXTS, DAYS)
def test_no_text_and_no_day_breaks_it(text: str, day: date | None) -> None:
    told = Report(0, text, "a report", None, day, "Example News")
    for proposal in coder().code(told):
        assert list(proposal.event) == list(NAMES)
        assert all(0 <= mark.start < mark.end <= len(text) for mark in proposal.marks)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_no_feed_gives_an_id_twice(texts: list[str]) -> None:
    ids = [proposal.event["event_id"] for proposal in coder().code_feed(feed(*texts))]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "piece",
    [
        "Azerbaijani forces shelled Stepanakert and Hadrut and ",
        "Armenia says Azerbaijan says ",
        "Stepanakert, Hadrut, Shushi, Ganja, ",
        "Some 30 people were killed and 20 injured. ",
        "Armenia denied that it had shelled Ganja.\n",
        '“ " ” ((( ',
        "1,",
        "\u202eArmenia\u202c ",
    ],
)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    coder()
    assert grows_in_proportion(lambda size: coder().code(report(piece * (size // len(piece)))), 5_000)
