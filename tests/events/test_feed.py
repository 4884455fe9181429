"""Feeds and articles taken apart. Every report here is made up; the layouts are those of real pages."""

import datetime as dt
import re
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.feed import Feed, read_feed
from events.sources import shipped_path
from tests.growth import grows_in_proportion

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"

A = "Shells fell on the edge of a village before noon, the ministry said."
B = "A column of lorries left the town, residents reported."
C = "The mayor asked people to stay in their cellars."
D = "Both sides accused each other of breaking the truce."
E = "Two soldiers were wounded by a mine, a spokesman told reporters."


def days(feed: Feed) -> list[str | None]:
    return [report.day and f"{report.day:%d.%m.%Y}" for report in feed.reports]


def times(feed: Feed) -> list[str | None]:
    return [report.published and f"{report.published:%d.%m.%Y %H:%M}" for report in feed.reports]


def texts(feed: Feed) -> list[str]:
    return [report.text for report in feed.reports]


def reasons(feed: Feed) -> dict[str, str]:
    return {left.text: left.reason for left in feed.left_out}


# ── layouts ─────────────────────────────────────────────────────────────────────────────────────────────────

LAYOUTS = {
    "a full stamp alone": (
        f"18:45 GMT 02.10.2020\n\n{A}\n\n09:10 GMT 02.10.2020\n\n{B}\n",
        ["02.10.2020 18:45", "02.10.2020 09:10"],
    ),
    "day first": (
        f"15 Oct 2020, 18:43\nA headline of it\n{A}\n15 Oct 2020, 11:02\n{B}\n",
        ["15.10.2020 14:43", "15.10.2020 07:02"],
    ),
    "time first": (
        f"15:20, 27 October, 2020\n\n{A}\n\n09:10, 27 October, 2020\n\n{B}",
        ["27.10.2020 11:20", "27.10.2020 05:10"],
    ),
    "zone last": (
        f"19 September 2023, 10:15 GMT\n{A}\n19 September 2023, 08:00 GMT\n{B}",
        ["19.09.2023 10:15", "19.09.2023 08:00"],
    ),
    "day headings, dashes": (
        f"Live 2020\n\nSaturday, October 17\n\n07:00 GMT - {A}\n\n05:30 GMT – {B}\n\n"
        f"Friday, October 16\n\n15:00 GMT — {C}",
        ["17.10.2020 07:00", "17.10.2020 05:30", "16.10.2020 15:00"],
    ),
    "day headings, 12 hours": (
        f"October 2020\n\nOctober 17\n\n10:41 p.m.: {A}\n\n9 a.m.: {B}\n\n"
        f"October 16\n\n12:05 a.m.: {C}\n\n12:30 p.m.: {D}",
        ["17.10.2020 18:41", "17.10.2020 05:00", "15.10.2020 20:05", "16.10.2020 08:30"],
    ),
    "seconds and offset": (
        f"2020-10-17T10:15:30+04:00\n{A}\n2020-10-16 21:15:00Z\n{B}",
        ["17.10.2020 06:15", "16.10.2020 21:15"],
    ),
    "brackets": (
        f"[27 October 2020 10:15]\n{A}\n\n[27 October 2020 09:05]\n{B}",
        ["27.10.2020 06:15", "27.10.2020 05:05"],
    ),
    "glued together": (
        f"19 Sep 202310:15 GMT\n{A}\n19 Sep 202309:05 GMT\n{B}",
        ["19.09.2023 10:15", "19.09.2023 09:05"],
    ),
    "year first": (f"2020/10/27 15:20\n{A}\n\n2020/10/27 11:05\n{B}", ["27.10.2020 11:20", "27.10.2020 07:05"]),
    "two numbers for the year": (
        f"27.10.20 15:20\n{A}\n\n26.10.20 11:05\n{B}",
        ["27.10.2020 11:20", "26.10.2020 07:05"],
    ),
    "bullets": (
        f"Feed of 7 October 2020\n\n• 15:20\n  {A}\n\n• 11:05\n  {B}",
        ["07.10.2020 11:20", "07.10.2020 07:05"],
    ),
    "dots in times": (f"Friday, 2 October 2020\n\n18.43\n{A}\n\n9.05\n{B}\n", ["02.10.2020 14:43", "02.10.2020 05:05"]),
    "military": (f"2 October 2020\n\n1815 GMT\n{A}\n\n0905 GMT\n{B}", ["02.10.2020 18:15", "02.10.2020 09:05"]),
    "text on the line of its time": (
        f"Feed, 7 October 2020\n15:15 {A}\n14:40 {B}\n12:15 {C}\n08:40 {D}",
        ["07.10.2020 11:15", "07.10.2020 10:40", "07.10.2020 08:15", "07.10.2020 04:40"],
    ),
    "a table": (f"7 October 2020\n15:15 | {A}\n14:40 | {B}", ["07.10.2020 11:15", "07.10.2020 10:40"]),
    "time above day": (
        f"18:43\n15 October 2020\n{A}\n11:02\n15 October 2020\n{B}",
        ["15.10.2020 14:43", "15.10.2020 07:02"],
    ),
    "day above time": (
        f"15 October 2020\n18:43\n{A}\n15 October 2020\n11:02\n{B}",
        ["15.10.2020 14:43", "15.10.2020 07:02"],
    ),
    "shown on two clocks": (
        f"2 October 2020\n\n10.02pm BST\n22:02\n\n{A}\n\n8.40am BST\n08:40\n\n{B}",
        ["02.10.2020 21:02", "02.10.2020 07:40"],
    ),
    "how long ago, and when": (
        f"19 September 2023\n\n2h ago\n(10:15 GMT)\n{A}\n\n3h ago\n(09:10 GMT)\n{B}",
        ["19.09.2023 10:15", "19.09.2023 09:10"],
    ),
    "Markdown": (
        f"# Live\n\n## 17 October 2020\n\n**18:15** – {A}\n\n**09:05** – {B}",
        ["17.10.2020 14:15", "17.10.2020 05:05"],
    ),
    "a section before the stamp": (
        f"First headline here\nPolitics Materials 28 October 2020 13:41\n{A}\n"
        f"Next headline here\nKarabakh Materials 28 October 2020 11:02\n{B}",
        ["28.10.2020 09:41", "28.10.2020 07:02"],
    ),
    "times, and days in datelines": (
        f"First headline here\n13:41,\nYEREVAN, NOVEMBER 15, ARMENPRESS. {A}\nNext headline here\n20:10,\n"
        f"YEREVAN, NOVEMBER 14, ARMENPRESS. {B}\nArmenpress, 2020",
        ["15.11.2020 09:41", "14.11.2020 16:10"],
    ),
}


@pytest.mark.parametrize(("text", "published"), LAYOUTS.values(), ids=LAYOUTS)
def test_layout(text, published):
    feed = read_feed(text)
    assert times(feed) == published
    said = (A, B, C, D)[: len(published)]
    assert all(report.text.endswith(sentence) for report, sentence in zip(feed.reports, said, strict=True))


@pytest.mark.parametrize("change", ["\r\n", "\r", "bom", "utf-16", "nbsp", "cp1252", "indented", "html"])
@pytest.mark.parametrize("name", ["a full stamp alone", "day headings, 12 hours", "time first", "bullets"])
def test_layout_however_it_was_saved(name, change):
    text, published = LAYOUTS[name]
    if change == "nbsp":
        source = text.replace(" ", "\u00a0")
    elif change == "indented":
        source = "".join(f"\t    {line}  \n" for line in text.splitlines())
    elif change == "html":
        source = (
            "<!DOCTYPE html><html><body>" + "".join(f"<p>{line}</p>" for line in text.splitlines()) + "</body></html>"
        )
    elif change in {"bom", "utf-16", "cp1252"}:
        source = text.encode({"bom": "utf-8-sig", "utf-16": "utf-16", "cp1252": "cp1252"}[change])
    else:
        source = text.replace("\n", change)
    feed = read_feed(source)
    assert (times(feed), texts(feed)) == (published, texts(read_feed(text)))


def test_datelines_begin_reports():
    feed = read_feed(
        f"TASS\n\nA headline of the day\n\nYEREVAN, October 17. /TASS/. {A}\n\n{B}\n\nBAKU, October 17. /TASS/. {C}\n\n"
        f"MOSCOW, October 16. /TASS/. {D}\n\n© TASS 2020"
    )
    assert days(feed) == ["17.10.2020", "17.10.2020", "16.10.2020"]
    assert feed.publisher == "TASS"
    assert texts(feed)[0].endswith(f"{A}\n{B}")
    assert feed.reports[2].label == "MOSCOW, October 16. /TASS/."


def test_days_alone_and_what_stands_under_them():
    feed = read_feed(f"The main events\n\nSeptember 27, 2020\n\n{A}\n{B}\n\nSeptember 28\n• {C}\n• {D}\n")
    assert days(feed) == ["27.09.2020"] * 2 + ["28.09.2020"] * 2
    assert [report.label for report in feed.reports][2:] == ["September 28, paragraph 1", "September 28, paragraph 2"]
    assert times(feed) == [None] * 4


ARTICLE = f"""A headline over the whole article

Published: 3 October 2020, 10:15 GMT

{A}

A smaller headline between

{B}

People look at a burnt car in a street. (Photo by Reuters)

{C}
"""


def test_what_stands_before_the_days_of_a_chronicle_is_of_its_pages_day():
    chronicle = f"A Diary Of The Week\n\n{A} {B}\n\nOctober 2\n\n{C}\n\nOctober 3\n\n{D}"
    assert days(read_feed(chronicle, published=PUBLISHED)) == ["07.10.2020", "02.10.2020", "03.10.2020"]
    assert days(read_feed(chronicle.replace("Week", "Week, 2020")))[0] is None


def test_an_article_is_its_paragraphs():
    feed = read_feed(ARTICLE)
    assert texts(feed) == [A, B, C]
    assert [report.label for report in feed.reports] == ["paragraph 1", "paragraph 2", "paragraph 3"]
    assert [report.title for report in feed.reports] == ["", *["A smaller headline between"] * 2]
    assert times(feed) == ["03.10.2020 10:15"] * 3
    assert feed.title == "A headline over the whole article"
    assert reasons(feed)["People look at a burnt car in a street. (Photo by Reuters)"] == "a caption"


def test_one_report_pasted():
    assert times(read_feed(f"03:26 GMT 03.10.2020\n{A}")) == ["03.10.2020 03:26"]
    assert times(read_feed(f"• 03:26\n{A}", published=dt.date(2020, 10, 3))) == ["02.10.2020 23:26"]


# ── days ────────────────────────────────────────────────────────────────────────────────────────────────────


def clocks(*hours):
    return "\n\n".join(f"{hour}\n{(A, B, C, D, E)[k % 5]}" for k, hour in enumerate(hours))


def test_times_roll_over_midnight_newest_first():
    feed = read_feed("Updates of 7 October 2020\n\n" + clocks("01:10", "00:20", "22:50", "18:00", "05:00"))
    assert days(feed) == ["08.10.2020"] * 2 + ["07.10.2020"] * 3


def test_times_roll_over_midnight_oldest_first():
    feed = read_feed("Updates of 7 October 2020\n\n" + clocks("05:00", "18:00", "22:50", "00:20", "01:10"))
    assert days(feed) == ["07.10.2020"] * 3 + ["08.10.2020"] * 2


def test_two_reports_are_taken_to_be_of_one_day_where_they_may():
    assert days(read_feed("Updates of 7 October 2020\n\n" + clocks("00:15", "13:18"))) == ["07.10.2020"] * 2


def test_a_report_out_of_order_is_no_midnight():
    feed = read_feed("Updates of 7 October 2020\n\n" + clocks("18:00", "15:03", "14:39", "14:58", "09:00"))
    assert days(feed) == ["07.10.2020"] * 5


SAVED = "06:27 GMT05 December 2020\nListen Live\nGet short URL\n\n"
FRIDAY = f"""The talks were held on Friday, an aide told reporters.

{A}

The truce of November 9 was discussed."""


def test_the_day_on_which_a_page_was_saved_is_not_its_reports():
    feed = read_feed(
        f"{SAVED}{B}\n\n{C}\n\n{D}\n\nNew messages\n• 18:38\n\n{FRIDAY}\n\n• 12:10\n\n{E} He spoke on Friday."
    )
    assert days(feed) == ["13.11.2020"] * 5
    assert times(feed)[3:] == ["13.11.2020 18:38", "13.11.2020 12:10"]
    assert feed.reports[0].label == "lead, paragraph 1"


def test_a_page_that_shows_only_when_it_was_saved_tells_no_day():
    feed = read_feed(f"{SAVED}{A}\n\n{B}\n\n{C}\n\nNew messages\n• 18:38\n\n{D}\n\n• 12:10\n\n{E}")
    assert (feed.undated, set(days(feed))) == (5, {None})


TOLD_AGAIN = "News of the World\nMonday, 9 October 2023 08:15 GMT\n\n{}\n\n(The Agency) Baku, October 3: {} {}\n\n{}"


@pytest.mark.parametrize("title", ["A Diary Of The War: October 3, 2020", "What The Papers Wrote (3 October 2020)"])
def test_the_day_of_a_chronicle_that_is_told_again_is_the_one_in_its_title(title):
    assert days(read_feed(TOLD_AGAIN.format(title, A, B, C))) == ["03.10.2020"] * 2


def test_a_title_that_looks_back_does_not_date_its_article():
    title = "The Trial Over The Attack Of October 3, 2020 Begins"
    assert "03.10.2020" not in days(read_feed(TOLD_AGAIN.format(title, A, B, C)))


def test_days_of_the_texts_need_a_year_from_somewhere():
    posts = f"18:38\n{A} It happened on 7 October.\n\n12:10\n{B} It was on Wednesday, 7 October.\n"
    assert set(days(read_feed(posts))) == {None}
    assert set(days(read_feed(f"Live\n\n{posts}\n© 2020 A Paper"))) == {"07.10.2020"}


def test_no_day_is_made_up():
    feed = read_feed(clocks("10:15", "09:40", "08:20"))
    assert (days(feed), times(feed), feed.undated) == ([None] * 3, [None] * 3, 3)
    assert days(read_feed(f"{A}\n\n{B}")) == [None, None]
    assert days(read_feed(f"2h ago\n{A}\n\n5h ago\n{B}")) == [None, None]
    assert days(read_feed(f"The clashes of 4 and 9 October, and of 20 October 2020.\n\n{A}")) == [None, None]


PUBLISHED = dt.date(2020, 10, 7)


def test_the_day_that_a_person_gives():
    assert days(read_feed(clocks("10:15", "09:40", "23:20"), published=PUBLISHED)) == ["07.10.2020"] * 2 + [
        "06.10.2020"
    ]
    assert days(read_feed(f"{A}\n\n{B}", published=PUBLISHED)) == ["07.10.2020"] * 2
    ago = read_feed(f"2h ago\n{A}\n\n5 hours ago\n{B}\n\n1 day ago\n{C}", published=PUBLISHED)
    assert (days(ago), times(ago)) == (["07.10.2020"] * 2 + ["06.10.2020"], [None] * 3)
    assert (
        days(read_feed(f"October 7\n\n18:00 {A}\n\n09:10 {B}\n\n08:10 {C}", published=PUBLISHED)) == ["07.10.2020"] * 3
    )


def test_what_a_source_says_of_its_day_goes_before_what_a_person_gives():
    assert days(read_feed(ARTICLE, published=PUBLISHED)) == ["03.10.2020"] * 3
    assert days(read_feed(LAYOUTS["day first"][0], published=PUBLISHED)) == ["15.10.2020"] * 2


def test_a_day_of_the_texts_places_a_feed_within_the_days_that_a_person_gives():
    posts = f"01:10\n{A} He spoke on Thursday.\n\n22:10\n{B} It was on Wednesday.\n\n18:10\n{C}"
    assert days(read_feed(posts, published=PUBLISHED)) == ["08.10.2020", "07.10.2020", "07.10.2020"]
    assert days(read_feed(posts, published=dt.date(2020, 10, 8))) == ["08.10.2020", "07.10.2020", "07.10.2020"]


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        (["10/17/2020 3:15 PM", "10/02/2020 9:00 AM"], ["17.10.2020", "02.10.2020"]),
        (["17/10/2020 15:15", "02/10/2020 09:00"], ["17.10.2020", "02.10.2020"]),
        (["04/10/2020 15:15", "03/10/2020 11:05", "02/10/2020 09:00"], ["04.10.2020", "03.10.2020", "02.10.2020"]),
        (["10/04/2020 15:15", "10/03/2020 11:05", "10/02/2020 09:00"], ["04.10.2020", "03.10.2020", "02.10.2020"]),
        (["02/10/2020 15:15", "02/10/2020 11:05"], [None, None]),
        (["02.10.2020 15:15", "01.10.2020 11:05"], ["02.10.2020", "01.10.2020"]),
    ],
)
def test_which_number_is_the_month(stamps, expected):
    assert days(read_feed("\n\n".join(f"{stamp}\n{A} {k}." for k, stamp in enumerate(stamps)))) == expected


def test_a_month_that_the_texts_name_tells_which_number_it_is():
    assert (
        days(
            read_feed(
                f"02/10/2020 15:15\n{A} It began on 27 September, and again on 1 October.\n\n02/10/2020 11:05\n{B}"
            )
        )
        == ["02.10.2020"] * 2
    )


def test_the_year_turns():
    newest = f"January 1\n\n08:40 {A}\n\n06:10 {B}\n\nDecember 31\n\n22:10 {C}"
    assert days(read_feed(f"{newest}\n\nA Paper © 2021")) == ["01.01.2021"] * 2 + ["31.12.2020"]
    assert days(read_feed(f"31 December 2020, 22:10\n{A}\n\n1 January, 08:40\n{B}")) == ["31.12.2020", "01.01.2021"]


def test_a_wrong_weekday_does_not_move_a_day():
    feed = read_feed(f"Saturday, October 18, 2020\n\n10:15 GMT - {A}\n\nFriday, October 17, 2020\n\n09:15 GMT - {B}")
    assert days(feed) == ["18.10.2020", "17.10.2020"]


def test_a_weekday_chooses_between_years():
    feed = read_feed(f"Two wars, 2020 and 2023\n\nWednesday, September 20\n\n10:15 {A}\n\n09:15 {B}\n\n08:15 {C}")
    assert set(days(feed)) == {"20.09.2023"}


def test_reports_above_the_first_heading_are_of_the_next_day():
    feed = read_feed(f"Live\n\n02:10 {A}\n\n00:30 {B}\n\n17 October 2020\n\n22:15 {C}\n\n16 October 2020\n\n22:15 {D}")
    assert days(feed) == ["18.10.2020"] * 2 + ["17.10.2020", "16.10.2020"]


def test_a_lead_has_the_day_of_its_reports():
    lead = "The fighting that began two weeks ago goes on in spite of the appeals of many a capital."
    feed = read_feed(f"A title of a page\n\n{lead}\n\n10:15 GMT 02.10.2020\n\n{A}\n\n09:15 GMT 02.10.2020\n\n{B}")
    assert (texts(feed)[0], days(feed)[0], times(feed)[0]) == (lead, "02.10.2020", None)


HEADLINES = [
    "The first headline here",
    "The second headline here",
    "The third headline here",
    "The fourth headline here",
]


def test_times_and_headlines_listed_above_their_reports_do_not_turn_back_the_clock():
    posts = list(zip(["22:02", "16:40", "12:05", "08:40"], HEADLINES, [A, B, C, D], strict=True))
    above = "\n".join(f"{hour} BST\n{title}" for hour, title, _ in posts)
    below = "\n\n".join(f"{hour} BST\n{title}\n{said}" for hour, title, said in posts)
    feed = read_feed(f"Live from the war\n29 September 2020\n\nKey events\n{above}\n\nLive feed\n\n{below}")
    assert days(feed) == ["30.09.2020", *["29.09.2020"] * 3]
    assert texts(feed)[0] == f"{HEADLINES[0]}\n{A}"


def test_a_day_once_for_the_first_report_of_it():
    posts = f"20 September 202309:22 GMT\n{A}\n- 07:52 GMT\n{B}\n19 September 202322:18 GMT\n{C}\n- 18:10 GMT\n{D}"
    assert times(read_feed(posts)) == ["20.09.2023 09:22", "20.09.2023 07:52", "19.09.2023 22:18", "19.09.2023 18:10"]
    bullets = f"19 Sep, 2023 17:37\nNews: Live updates\n{E}\n• 20 September 2023\n\n09:22 GMT\n{A}\n• 07:52 GMT\n{B}\n"
    assert times(read_feed(bullets))[-2:] == ["20.09.2023 09:22", "20.09.2023 07:52"]


def test_a_report_that_is_pinned_above_the_others_is_no_midnight():
    assert set(days(read_feed("Live, 7 October 2020\n\nPinned\n" + clocks("12:00", "18:10", "17:20", "16:05")))) == {
        "07.10.2020"
    }


def test_times_behind_their_reports():
    feed = read_feed(f"A channel of the ministry\n{A}\n10:15\n{B}\n11:20\n{C}\n12:30")
    assert [(report.label, report.text) for report in feed.reports] == [("10:15", A), ("11:20", B), ("12:30", C)]


def test_a_day_below_the_reports_is_theirs():
    assert set(days(read_feed(clocks("10:15", "09:40", "08:20") + "\n\n2 October 2020"))) == {"02.10.2020"}


def test_a_crawler_that_puts_the_day_before_the_text():
    assert days(read_feed(f" date 2023-09-20 {A}\n\n{B}")) == ["20.09.2023"] * 2
    assert (
        days(read_feed(f"date 2023-09-20 A title of a page\n\n10:15 GMT\n{A}\n\n09:15 GMT\n{B}")) == ["20.09.2023"] * 2
    )


def test_a_dateline_of_numbers():
    feed = read_feed(f"Baku/22.09.23/Turan: {A}\n\n{B}")
    assert (days(feed), texts(feed), feed.publisher) == (["22.09.2023"] * 2, [A, B], "Turan")


def test_today_and_yesterday():
    feed = read_feed(f"Today, 10:15\n{A}\n\nYesterday, 22:10\n{B}", published=PUBLISHED)
    assert times(feed) == ["07.10.2020 06:15", "06.10.2020 18:10"]


def test_days_at_the_head_or_the_tail_of_lines():
    heads = f"October 17, 2020: {A}\n\nOctober 16, 2020: {B}\n\nOctober 15, 2020: {C}"
    tails = f"Somebody · Oct 17, 2020\n{A}\nSomebody · Oct 16, 2020\n{B}\nSomebody · Oct 15, 2020\n{C}"
    for text in (heads, tails):
        assert (days(read_feed(text)), texts(read_feed(text))) == (
            ["17.10.2020", "16.10.2020", "15.10.2020"],
            [A, B, C],
        )


def test_what_a_text_says_of_long_ago_or_of_what_is_to_come_is_not_its_day():
    article = f"""26 September 2023, 07:48
A headline over the whole article

{A} It was on Tuesday.

On November 9, 2020, a truce was signed, and on November 10, 2020, it was kept.

The war began on September 27, 2020, he said, and will be spoken of on Friday."""
    assert set(days(read_feed(article))) == {"26.09.2023"}


def test_days_of_the_past_alone_make_no_day():
    told = "On November 9, the leaders signed a statement, and the truce of November 9 holds."
    friday = read_feed(f"Live\n\n18:38\n{A} It was on Friday. {told}\n\n12:10\n{B}\n\n© 2020 A Paper")
    assert set(days(friday)) == {None}  # a Friday, but which?
    assert set(days(read_feed(f"A title over it all\n\n{A} {told}\n\n{B}\n\n© 2020 A Paper"))) == {None}


def test_a_lead_is_of_the_day_that_its_page_says():
    posts = "".join(
        f"{hour} GMT 17.10.2020\n{said}\n" for hour, said in zip(("12:00", "11:00", "10:00"), (B, C, D), strict=True)
    )
    feed = read_feed(f"A title of the page\n18 October 2020\n{A} Somebody said so.\n10:15 GMT 18.10.2020\n{E}\n{posts}")
    assert days(feed) == ["18.10.2020"] * 2 + ["17.10.2020"] * 3


def test_points_without_a_full_stop_are_paragraphs():
    feed = read_feed(
        "A digest of the day\n5 November 2020\n\nWhat one side says\n"
        "• Ninety-two civilians were killed since September\n"
        f"• Two villages near the river were shelled\n\n{A}"
    )
    assert len(feed.reports) == 3
    assert set(days(feed)) == {"05.11.2020"}
    headlines = read_feed(
        "September 27, 2020\nThe war begins along the whole line\nMartial law is declared in both capitals\n"
        "September 28, 2020\nThe bridge over the river is hit"
    )
    assert days(headlines) == ["27.09.2020"] * 2 + ["28.09.2020"]


# ── clocks ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("zone", "utc", "day"),
    [
        ("GMT", "17.10.2020 21:30", "18.10.2020"),
        ("UTC", "17.10.2020 21:30", "18.10.2020"),
        ("BST", "17.10.2020 20:30", "18.10.2020"),
        ("CET", "17.10.2020 20:30", "18.10.2020"),
        ("CEST", "17.10.2020 19:30", "17.10.2020"),
        ("Moscow time", "17.10.2020 18:30", "17.10.2020"),
        ("(MSK)", "17.10.2020 18:30", "17.10.2020"),
        ("Yerevan time", "17.10.2020 17:30", "17.10.2020"),
        ("Baku time", "17.10.2020 17:30", "17.10.2020"),
        ("local time", "17.10.2020 17:30", "17.10.2020"),
        ("ET", "18.10.2020 01:30", "18.10.2020"),
        ("EST", "18.10.2020 02:30", "18.10.2020"),
        ("GMT+4", "17.10.2020 17:30", "17.10.2020"),
        ("(UTC+04:00)", "17.10.2020 17:30", "17.10.2020"),
        ("GMT +00:00", "17.10.2020 21:30", "18.10.2020"),
        ("", "17.10.2020 17:30", "17.10.2020"),
    ],
)
def test_clock(zone, utc, day):
    feed = read_feed(f"17 October 2020, 21:30 {zone}\n{A}\n\n17 October 2020, 20:30 {zone}\n{B}")
    assert (times(feed)[0], days(feed)[0]) == (utc, day)


def test_the_seasons_clock_is_that_of_the_day():
    feed = read_feed(f"1:45 p.m. ET, November 20, 2020\n{A}\n\n1:45 p.m. ET, October 20, 2020\n{B}")
    assert times(feed) == ["20.11.2020 18:45", "20.10.2020 17:45"]


def test_the_pages_own_clock_is_its_reports():
    posts = f"• 22:10\n\n{FRIDAY}\n\n• 12:10\n\n{D} It was on Friday."
    page = f"06:27 GMT05 December 2020\nListen Live\n\n{A}\n\n{B}\n\n{C}\n\n{posts}"
    assert days(read_feed(page))[-2:] == ["14.11.2020", "13.11.2020"]


def test_a_publisher_has_a_clock():
    post = f"12 October 2020, 22:40\nA headline of it\n{A}\n\n12 October 2020, 09:40\nAnother headline\n{B}"
    assert times(read_feed(f"Caucasian Knot\n\n{post}")) == ["12.10.2020 19:40", "12.10.2020 06:40"]
    assert times(read_feed(post, publisher="caucasian knot")) == ["12.10.2020 19:40", "12.10.2020 06:40"]
    assert times(read_feed(post, publisher="A Paper")) == ["12.10.2020 18:40", "12.10.2020 05:40"]


# ── publishers ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("mark", "publisher"),
    [
        ("STEPANAKERT (Sputnik) - The siren sounded.", "Sputnik"),
        ("© 2020 Al Jazeera Media Network", "Al Jazeera"),
        ("YEREVAN, OCTOBER 27, ARMENPRESS. The siren sounded.", "Armenpress"),
        ("www.presstv.co.uk", "Press TV"),
        ("A Paper nobody knows", ""),
        ("He told Sputnik and the BBC.", ""),
    ],
)
def test_publisher_told_from_the_page(mark, publisher):
    assert read_feed(f"10:15 GMT 02.10.2020\n\n{mark}\n\n{A}\n\n09:15 GMT 02.10.2020\n\n{B}").publisher == publisher


def test_publisher_given_goes_first():
    feed = read_feed(LAYOUTS["day first"][0] + "\n© OC Media", publisher="My Paper")
    assert {feed.publisher, *(report.publisher for report in feed.reports)} == {"My Paper"}


# ── what is no report ───────────────────────────────────────────────────────────────────────────────────────

FURNITURE = [
    "Share",
    "Save",
    "Read more",
    "Advertisement",
    "Listen Live",
    "Get short URL",
    "Facebook Twitter",
    "Show more",
    "News / World / Europe",
    "Read also: Something else",
    "We use cookies to improve this site.",
    "© 2020 A Paper",
    "Photo: An Agency",
    "A street in the town [A Person/Reuters]",
    "By A Reporter",
    "Editing by A. B.",
    "All rights reserved.",
    "Follow us on all channels.",
    "Sign up for our newsletter.",
    "Updated at 10:40 GMT",
    "This website uses cookies. Some are needed, and some help us; open settings to choose.",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_is_left_out_and_said(line):
    feed = read_feed(
        f"10:15 GMT 02.10.2020\nA headline of the report\n{A}\n{line}\n{C}\n\n09:15 GMT 02.10.2020\n{B}\n{D}"
    )
    assert texts(feed) == [f"A headline of the report\n{A}\n{C}", f"{B}\n{D}"]
    assert reasons(feed)[line]


PROSE = [
    "By Monday evening, the troops had left the height.",
    "Source of the fire was a shell, the mayor said.",
    "More than forty houses were destroyed.",
    "Follow-up talks are planned in Geneva.",
    "Image and reality differ, the minister said.",
    "The video shows a tank that burns.",
    "About 30 people were detained by the police.",
    "Two of the wounded are children.",
    "“We shall not leave,” he said. “Never.”",
    "At 13:00 local time the ceasefire took effect.",
    "10:15 was when the first shell fell, a witness said.",
    "1.5 million people live there.",
    "On 7 October, the town was shelled again.",
    "Share of losses is equal, he added.",
]


@pytest.mark.parametrize("line", PROSE)
def test_sentences_are_never_furniture(line):
    feed = read_feed(f"10:15 GMT 02.10.2020\n{A}\n{line}\n{C}\n\n09:15 GMT 02.10.2020\n{B}\n{D}")
    assert texts(feed)[0] == f"{A}\n{line}\n{C}"


def test_the_foot_of_the_page_is_no_part_of_the_last_report():
    feed = read_feed(
        f"10:15 GMT 02.10.2020\n{A}\n09:15 GMT 02.10.2020\nA headline of it\n{B}\n"
        "Live: A title of the page\nWar, Town, Army\n"
        "Comments (12)\nI think that it is all their fault.\nSo do I, and so does everybody else."
    )
    assert texts(feed) == [A, f"A headline of it\n{B}"]
    assert {"War, Town, Army", "I think that it is all their fault."} <= reasons(feed).keys()


def test_a_list_above_that_the_reports_repeat_is_left_out():
    feed = read_feed(
        "Live: A title of the page\n17 October 2020\n"
        "• Shells fell on the edge of a village before noon, the ministry said today.\n"
        f"• Nobody says this sentence again below, so that it has to be kept here.\n\n12:15\n{A}\n\n11:05\n{B}"
    )
    assert texts(feed)[1:] == [A, B]
    assert feed.reports[0].text.startswith("Nobody says")
    assert "a report says it, too" in reasons(feed).values()


def test_what_a_page_says_twice_counts_once():
    posts = f"12:15\n{A}\n\n11:05\n{B}\n\n"
    assert texts(read_feed(f"17 October 2020\n\n{posts}{posts}")) == [A, B]
    assert texts(read_feed(f"{ARTICLE}\n{ARTICLE}\nDescription\n{ARTICLE}")) == [A, B, C]


def test_background_that_a_publisher_repeats_counts_once_and_a_short_report_each_time():
    background = (
        "The conflict began more than thirty years ago, when " + "one side and the other side " * 4 + "went to war."
    )
    feed = read_feed(
        "\n\n".join(
            f"1{k}:15 GMT 02.10.2020\nThe siren sounds again.\nNumber {k} of {A}\n{background}" for k in range(5, 0, -1)
        )
    )
    assert [background in text for text in texts(feed)] == [True, False, False, False, False]
    assert len(read_feed("\n\n".join(f"1{k}:15 GMT 02.10.2020\nThe siren sounds." for k in range(5))).reports) == 5


def test_times_without_a_report_are_left_out():
    feed = read_feed(
        f"10:15 GMT 02.10.2020\n{A}\n10:10 GMT 02.10.2020\n09:15 GMT 02.10.2020\n{B}\n08:15 GMT 02.10.2020\n{C}"
    )
    assert texts(feed) == [A, B, C]
    assert reasons(feed)["10:10 GMT 02.10.2020"] == "a time without a report"


def test_other_news_beside_an_article_is_left_out():
    feed = read_feed(f"{ARTICLE}\n{D}\nLatest news\n12:40\nSomething about sports\n12:30\nAnother thing on music")
    assert texts(feed) == [A, B, C, D]
    assert reasons(feed)["Another thing on music"] == "a list of other news"


def test_two_reports_of_one_time_have_two_labels():
    feed = read_feed(f"10:24 GMT 02.10.2020\n{A}\n10:24 GMT 02.10.2020\n{B}\n09:15 GMT 02.10.2020\n{C}")
    assert [report.label for report in feed.reports] == [
        "10:24 GMT 02.10.2020",
        "10:24 GMT 02.10.2020 (2)",
        "09:15 GMT 02.10.2020",
    ]
    assert [report.number for report in feed.reports] == [0, 1, 2]


def test_hard_wrapped_text_is_joined():
    feed = read_feed(
        "Friday, 2 October 2020\n\n10:15 GMT\nShells fell on the edge of the village before noon and again in the\n"
        "evening, the ministry said in a statement that was published on its\npage, while the other side denied it.\n\n"
        "09:15 GMT\nA column of lorries left the town early on Friday, residents reported\n"
        "by telephone, and nobody knew "
        "where it was going to at that time of\nthe day, nor when it would come back.\n"
    )
    assert [text.count("\n") for text in texts(feed)] == [0, 0]
    assert texts(feed)[1].endswith("at that time of the day, nor when it would come back.")


# ── saved pages ─────────────────────────────────────────────────────────────────────────────────────────────

SAVED_PAGE = f"""<!DOCTYPE html>
<html><head><title>War: live – A Paper</title><meta property="og:site_name" content="A Paper">
<script>var x = "<p>09:99 not text</p>";</script><style>p {{ color: red }}</style></head>
<body class="nav-open"><header><nav><a>Home</a> <a>World</a></nav><h1>War: live</h1></header>
<main><div class="cookie">Cookies &amp; you</div>
<div class="post"><time datetime="2020-10-03T21:30:00Z">3 hours ago</time><h2>A headline</h2>
<p>Shells fell&nbsp;on <b>the edge</b>
of a village.</p><figure><img alt="x"><figcaption>A burnt car</figcaption></figure><div class="share">Share</div></div>
<div class="post"><time datetime="2020-10-03T10:30:00Z">14 hours ago</time><p>{B}</p><p hidden>{C}</p></div>
</main><section id="comments"><p>So they say, all of them.</p></section><footer>© A Paper</footer></body></html>"""


def test_saved_page():
    feed = read_feed(SAVED_PAGE)
    assert texts(feed) == ["A headline\nShells fell on the edge of a village.", B]
    assert times(feed) == ["03.10.2020 21:30", "03.10.2020 10:30"]
    assert days(feed) == ["04.10.2020", "03.10.2020"]
    assert [report.label for report in feed.reports] == ["3 hours ago", "14 hours ago"]
    assert (feed.publisher, feed.title) == ("A Paper", "War: live")
    left = reasons(feed)
    assert (left["Home World"], left["A burnt car"]) == ("navigation", "a caption")
    assert (left["So they say, all of them."], left[C]) == ("comments", "hidden")
    assert "not text" not in str(feed)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "iso-8859-9", "nonsense"])
def test_charset_of_a_saved_page(charset):
    body = f"<p>Published 3 October 2020</p><p>Şuşa, Шуша</p><p>{A}</p>"
    page = f'<html><head><meta charset="{charset}"></head><body>{body}</body></html>'
    coded = page.encode("utf-8" if charset == "nonsense" else charset, "replace")
    feed = read_feed(coded)
    assert (texts(feed), days(feed)) == ([A], ["03.10.2020"])


def page(*posts):
    return (
        "<!doctype html><html><body><h1>A title of the page</h1><p>19 September 2023</p>"
        + "".join(posts)
        + "</body></html>"
    )


HOURS = [{"11:40", "09:05"}, {"07:40", "05:05"}, {"03:40", "01:05"}]  # GMT, local time, p.m. in New York


@pytest.mark.parametrize(
    "post",
    [
        "<article><time>{}</time><h3>{}</h3><p>{}</p><ul><li>Share</li></ul></article>",
        "<li><div>2h ago</div><div>(<span>{} GMT</span>)</div><h2>{}</h2><p>{}</p></li>",
        "<div><p><strong>{}</strong></p><h2>{}</h2><p>{}</p><button>Share</button></div>",
        "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
        "<li><header><span>Posted at </span><span>{}</span><span> 19 Sep 2023</span><h3>{}</h3></header><p>{}</p></li>",
        "<section><h4>{} p.m. ET, September 19, 2023</h4><h2>{}</h2><p>From <a>Somebody</a></p><p>{}</p></section>",
    ],
)
def test_posts_of_saved_pages(post):
    feed = read_feed(page(*(post.format(*told) for told in [("11:40", HEADLINES[0], A), ("9:05", HEADLINES[1], B)])))
    assert [text.split("\n")[0] for text in texts(feed)] == HEADLINES[:2]
    assert [text.split("\n")[-1] for text in texts(feed)] == [A, B]
    assert {f"{report.published:%H:%M}" for report in feed.reports if report.published} in HOURS


def test_what_a_page_says_to_machines():
    told = '{"@graph": [{"datePublished": "2020-10-10T12:15:00+02:00", "publisher": {"name": "A Paper"}}]}'
    head = f'<script type="application/ld+json">{told}</script>'
    feed = read_feed(f"<html><head>{head}</head><body><h1>A headline of it</h1><p>{A}</p><p>{B}</p></body></html>")
    assert (times(feed), feed.publisher) == (["10.10.2020 10:15"] * 2, "A Paper")
    meta = '<meta property="article:published_time" content="2020-10-10T12:15:00+02:00">'
    assert times(read_feed(f"<html><head>{meta}</head><body><p>{A}</p></body></html>")) == ["10.10.2020 10:15"]


def test_markup_that_would_leave_everything_out_is_not_believed():
    feed = read_feed(
        f"<html><body><aside><p>10:15 GMT 02.10.2020</p><p>{A}</p>"
        f"<p>09:15 GMT 02.10.2020</p><p>{B}</p></aside></body></html>"
    )
    assert texts(feed) == [A, B]


def test_text_with_a_few_signs_of_markup_is_text():
    assert texts(read_feed(f"10:15 GMT 02.10.2020\n{A} It <which> is\n09:15 GMT 02.10.2020\n{B}"))[0].endswith(
        "<which> is"
    )


# ── any text at all ─────────────────────────────────────────────────────────────────────────────────────────

BITS = [
    A,
    B,
    C,
    "10:15",
    "15 Oct 2020, 18:43",
    "Saturday, October 17",
    "10:41 p.m.: ",
    "YEREVAN, October 17. /TASS/. ",
    "2h ago",
    "Share",
    "Read more",
    "Comments (3)",
    "© 2020 X",
    "A headline of it",
    "02/10/2020 10:15",
    "31/02/2020 25:61",
    "29 February 2021",
    "<p>",
    "</p>",
    "<div>",
    "<time datetime='2020-10-17T10:15Z'>",
    "</time>",
    "<nav>",
    "</nav>",
    "<!--",
    "<script>",
    "\n",
    "\n\n",
    "\r\n",
    "\u202e",
    "\u200f",
    "\ufeff",
    "\u00a0",
    "\x00",
    "\x1b[31m",
    "\ud800",
    "• ",
    "- ",
    "## ",
    "**",
    "(",
    ")",
    "2020",
    "January 1",
    "December 31",
    "Updated",
    "Published: 3 October 2020",
    "date 2020-10-17 ",
    "١٢:٣٠",
    "𝟏𝟐:𝟑𝟎",
    "24:00",
    "0:00",
    "12 a.m.",
    "00:00 p.m.",
    "9999-99-99",
    "GMT+99",
    "Շուշի",
]
ANY = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(BITS), max_size=40).map("".join),
    st.lists(st.sampled_from(BITS), max_size=40).map("\n".join),
)


def letters(text):
    return Counter(char for char in text.casefold() if char.isalnum())


@settings(max_examples=400, deadline=None)
@given(ANY)
def test_any_text_is_taken_and_every_letter_of_it_is_somewhere(text):
    feed = read_feed(text)
    told = "".join(report.label + report.text for report in feed.reports) + "".join(left.text for left in feed.left_out)
    if "</" not in text and "<html" not in text.lower():
        assert not letters(text) - letters(told)
    for k, report in enumerate(feed.reports):
        assert report.number == k
        assert report.text == "\n".join(line.strip() for line in report.text.split("\n"))
        assert report.text
        assert report.published is None or report.published.tzinfo is dt.UTC
        if report.published:
            assert report.day == (report.published + dt.timedelta(hours=4)).date()
    assert all(left.text and left.reason for left in feed.left_out)
    assert feed == read_feed(text)


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(st.binary(max_size=300), ANY.map(lambda text: text.encode("utf-8", "surrogatepass"))),
    st.dates(),
    st.text(max_size=20),
)
def test_any_bytes_are_taken(source, published, publisher):
    feed = read_feed(source, published=published, publisher=publisher)
    assert feed.publisher == publisher or not publisher.strip()


ZONES = {"": 240, " GMT": 0, " BST": 60, " (Moscow time)": 180, " Yerevan time": 240}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def clock12(t):
    return f"{t.hour % 12 or 12}:{t:%M} {'ap'[t.hour > 11]}.m."


STAMPS = {
    "DD.MM.YYYY": lambda t, zone: f"{t:%H:%M}{zone} {t:%d.%m.%Y}",
    "D Mon YYYY": lambda t, zone: f"{t.day} {MONTHS[t.month - 1][:3]} {t.year}, {t:%H:%M}{zone}",
    "H:MM p.m., Month D, YYYY": lambda t, zone: f"{clock12(t)}{zone}, {MONTHS[t.month - 1]} {t.day}, {t.year}",
    "HH:MM, D Month, YYYY": lambda t, zone: f"{t:%H:%M}{zone}, {t.day} {MONTHS[t.month - 1]}, {t.year}",
    "YYYY-MM-DD HH:MM": lambda t, zone: f"{t:%Y-%m-%d %H:%M}{zone}",
    "heading": lambda t, zone: f"{t:%H:%M}{zone}",
    "heading, 12 hours": lambda t, zone: f"{clock12(t)}{zone}",
}


@st.composite
def feeds(draw):
    """A made-up feed in a layout drawn at random, and when each of its reports was published (on its own clock)."""
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=draw(st.integers(0, 4 * 365 * 1440)))
    gaps = draw(st.lists(st.integers(1, 600), min_size=4, max_size=25))
    moments = [start]
    for gap in gaps:
        moments.append(moments[-1] + dt.timedelta(minutes=gap))
    if draw(st.booleans()):
        moments.reverse()
    zone = draw(st.sampled_from(list(ZONES)))
    name = draw(st.sampled_from(list(STAMPS)))
    headline = draw(st.sampled_from(["", "before", "after"]))
    text = ["A title of the whole page", ""]
    day = None
    for k, moment in enumerate(moments):
        if name.startswith("heading") and moment.date() != day:
            day = moment.date()
            text += [f"{MONTHS[day.month - 1]} {day.day}, {day.year}", ""]
        stamp = STAMPS[name](moment, zone)
        title = f"A headline that has number {k}"
        said = f"Report number {k} tells of this and that, a witness said."
        if name.startswith("heading") or not headline:
            text += [stamp, said, ""]
        else:
            text += [title, stamp, said, ""] if headline == "before" else [stamp, title, said, ""]
    utc = [moment - dt.timedelta(minutes=ZONES[zone]) for moment in moments]
    return "\n".join(text), utc


@settings(max_examples=300, deadline=None)
@given(feeds())
def test_a_feed_of_any_layout_order_and_clock_is_dated_to_the_minute(made):
    text, utc = made
    feed = read_feed(text)
    assert [report.published for report in feed.reports] == utc
    assert all(f"Report number {k} " in report.text for k, report in enumerate(feed.reports))
    assert [f"number {k}\n" in report.text for k, report in enumerate(feed.reports)] in (
        [True] * len(utc),
        [False] * len(utc),
    )


# ── hostile text ────────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = {
    "one word": "a",
    "spaces": " ",
    "stamps on a line": "10:15 ",
    "stamps": "10:15\n",
    "midnights": "10:15\n23:50\n",
    "bullets": "• ",
    "brackets": "(",
    "numbers": "1 ",
    "days": "Oct 1 ",
    "cities": "YEREVAN, ",
    "datelines": "YEREVAN, October 17. /TASS/. \n",
    "tags": "<div>",
    "right to left": "\u202e10:15 \u200f",
    "initials": "A. ",
    "headings": "17 October 2020\n",
    "dashes": "- ",
    "crumbs": "a/ ",
    "captions": "Photo by ",
    "cookies": "cookie ",
    "copyright": "© 2020 ",
    "quotes": '"',
    "empty lines": "\n",
    "posts": "Some headline of it\n10:15\n",
    "full posts": "15 Oct 2020, 18:43\nSome title of it\nIt happened on Friday, they say.\n",
    "notices": "Follow us on all of these.\n",
    "changes": "Updated at 10:15\n",
    "accents": "\u0301",
    "unseen": "\u200b",
    "ago": "2h ago\n",
    "one paragraph": "This is a sentence that stands there again. ",
    "paragraphs": "This is a sentence that stands there again.\n",
    "wrapped": "this is a line of wrapped text of enough length to be\n",
    "comments": "comments\n",
    "pages": "<p>10:15</p><p>x</p>\n",
    "nested": "<p></p><nav><b>",
    "ends": "<p></p><div><div></p></i>",
    "open": "<p></p><a <!-- ",
    "slashes": "10/02/2020 10:15\n",
    "heads": "10:15 - a b c\n",
    "no such days": "29 February 2021 10:15\nx\n",
    "years": "2020 ",
    "dots": ".",
}
SIZE = 30_000


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_with_the_text_and_no_faster(unit):
    assert isinstance(read_feed(unit * (SIZE // len(unit))), Feed)
    assert grows_in_proportion(lambda size: read_feed(unit * (size // len(unit))), SIZE)


def test_a_hundred_thousand_reports():
    text = "".join(
        f"{k // 60 % 24:02}:{k % 60:02} GMT 02.10.2020\nReport {k} of that day, they say.\n" for k in range(100_000)
    )
    begun = time.process_time()
    feed = read_feed(text)
    assert len(feed.reports) == 100_000
    assert time.process_time() - begun < 60


# ── the documents that the shipped events were coded from ───────────────────────────────────────────────────


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the news documents are not kept with the project: no folder {SEEDS}")
def test_every_report_of_the_shipped_events_is_found_with_its_time():
    table = pd.read_csv(shipped_path(), dtype="str", keep_default_na=False)
    feeds = [read_feed(path.read_bytes()) for path in sorted(SEEDS.glob("*.txt"))]
    reports = [report for feed in feeds for report in feed.reports]
    moments = {f"{report.published:%Y-%m-%dT%H:%MZ}" for report in reports if report.published}
    local = {f"{report.day}" for report in reports}
    for told in set(table["source_time"]):
        assert told in (moments if "T" in told else local), told
    numbers = {
        int(n)
        for row in table.itertuples()
        if row.source == "Press TV"
        for n in re.findall(r"\d+", row.evidence.split(",")[0])
    }
    press = next(feed for feed in feeds if feed.publisher == "Press TV")
    assert {f"paragraph {n}" for n in numbers} <= {report.label for report in press.reports}
    assert sum(feed.undated for feed in feeds) == 0
