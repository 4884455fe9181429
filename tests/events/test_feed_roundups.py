"""Articles whose paragraphs tell days of their own: calendars and round-ups. Every report here is made up."""

import datetime as dt

from events.feed import read_feed
from tests.events.test_feed import days, texts

LATEST = dt.date(2021, 5, 30)

STORY = """A spring at the border

The garrison of the northern fort was fired at, and two of its men were hurt in the morning hours.

The commander of the fort spoke to the reporters, and he asked that no one should climb the hill by night.

Nobody in the village below has slept much, said the woman who keeps the only shop between here and the bridge.

Dates to remember:

"""


def test_a_calendar_in_an_article_dates_its_own_entries():
    calendar = "April 3, 2021. The bridge is closed.\n\nMay 1, 2021. The mill burns down.\n\nMay 9, 2021. It rains."
    feed = read_feed(STORY + calendar, published=LATEST)
    assert days(feed) == ["30.05.2021"] * 3 + ["03.04.2021", "01.05.2021", "09.05.2021"]
    assert texts(feed)[3:] == ["The bridge is closed.", "The mill burns down.", "It rains."]


def test_a_calendar_alone_is_a_feed_of_its_days():
    feed = read_feed("April 3, 2021. The bridge is closed.\n\nMay 1. The mill burns down.\n\nMay 9 – It rains there.")
    assert days(feed) == ["03.04.2021", "01.05.2021", "09.05.2021"]


ROUND_UP = """Two months at the border

Two guards were hurt near the bridge on April 3, the mayor reported.

One of them is still in the hospital, and the other has gone home to his parents.

The neighbours denied on April 4 that they had been there at all.

On May 12 a convoy brought flour and oil to the village below the fort.

The road was blocked by a crowd on May 20, our correspondent reports from the bridge.

The mayor will see the envoys in the capital on June 2.
"""


def test_the_paragraphs_of_a_round_up_are_of_the_days_that_they_tell():
    told = ["03.04.2021", "03.04.2021", "04.04.2021", "12.05.2021", "20.05.2021", "20.05.2021"]
    assert days(read_feed(ROUND_UP, published=LATEST)) == told


def test_an_article_with_a_day_of_its_own_keeps_it():
    dated = ROUND_UP.replace("border\n", "border\n\nPublished May 30, 2021\n", 1)
    assert set(days(read_feed(dated))) == {"30.05.2021"}


def test_an_article_is_no_round_up_by_two_days_of_the_past():
    article = ROUND_UP.replace("on April 4 ", "").replace("On May 12 a", "A").replace(" on May 20", "")
    assert set(days(read_feed(article, published=LATEST))) == {"30.05.2021"}


def test_an_article_was_not_written_before_the_days_that_it_tells():
    told = "The fort was shelled on Sunday, April 4, the mayor reported.\n\nHe had come there on January 2, 2021.\n\n"
    told += "The mill burned on April 5, they say, and on Monday, April 5, so did the barn.\n\n"
    assert set(days(read_feed(told))) == {"05.04.2021"}
    assert set(days(read_feed(f"{told}The bridge fell on April 22.\n\nOn April 25 it was rebuilt.\n"))) == {None}
