"""Headings of days: how they are written, and where they stand. Every report here is made up."""

import datetime as dt

import pytest

from events.feed import read_feed
from tests.events.test_feed import HEADLINES, A, B, C, D, E, clocks, days, reasons, texts, times
from tests.growth import grows_in_proportion

SECTIONS = f"""The Paper

Notes from the front: a third morning

november 9

{E} Nobody knew more of it at that hour.

Here is a chronology of official updates.

8:10 a.m.: {A}

9 p.m.: {B}

Notes from the front: {{heading}}

{{heading}}

{C}

7:15 a.m.: {D}

© 2020 The Paper
"""


@pytest.mark.parametrize(
    "heading", ["nov 7 update", "november 7", "nov7 update", "Nov. 7 – Updates", "7nov", "nov 7th"]
)
def test_days_over_sections_with_text_before_their_first_time(heading):
    feed = read_feed(SECTIONS.replace("{heading}", heading))
    assert days(feed) == ["09.11.2020"] * 3 + ["07.11.2020"] * 2
    assert texts(feed)[1:] == [A, B, C, D]
    assert [report.label for report in feed.reports][::3] == ["november 9, paragraph 1", f"{heading}, paragraph 1"]
    assert reasons(feed)[f"Notes from the front: {heading}"] == "a heading"


def test_the_pages_own_day_is_no_heading_where_it_is_written_otherwise():
    posts = f"18:20 {A}\n\n00:10 {B}\n\nOctober 16\n\n22:10 {C}\n\nOctober 15\n\n21:10 {D}"
    feed = read_feed(
        f"7 December 2020\nA title of the whole page\n\nPublished October 17, 2020\n\n{E} He said so.\n\n{posts}"
    )
    assert days(feed)[1:] == ["17.10.2020"] * 2 + ["16.10.2020", "15.10.2020"]


def test_an_update_is_a_report_and_a_note_of_when_it_was_changed_is_none():
    feed = read_feed(f"7 October 2020\n\n18:20 Update: {A}\n\n12:10 {B}\n\nUPD 12:30\n{C}\n\n09:10 {D}")
    assert (texts(feed), len(feed.reports)) == ([A, f"{B}\n{C}", D], 3)
    assert reasons(feed)["UPD 12:30"] == "when it was changed"


TITLED = {
    "before": "October {day}, 2020: Battles in the south and talks",
    "after": "Battles in the south and talks – {day} October 2020",
    "between": "Day {day} – October {day}, 2020: battles in the south",
    "numbered": "DAY {day} — OCTOBER {day}, 2020",
}


@pytest.mark.parametrize("heading", TITLED.values(), ids=TITLED)
def test_headings_that_have_a_title(heading):
    sections = [
        f"{heading.format(day=day)}\n\n18:20 {one}\n09:10 {two}\n"
        for day, one, two in ((17, A, B), (16, C, D), (15, E, f"{A} Again."))
    ]
    feed = read_feed("The war in brief\n\n" + "\n".join(sections))
    assert days(feed) == ["17.10.2020"] * 2 + ["16.10.2020"] * 2 + ["15.10.2020"] * 2
    assert texts(feed)[:5] == [A, B, C, D, E]


def test_a_day_within_a_report_is_no_heading():
    feed = read_feed(f"17 October 2020\n\n18:20\n{A}\nStatement of 10 October 2020\n{B}\n\n12:10\n{C}\n\n09:10\n{D}")
    assert days(feed) == ["17.10.2020"] * 3


def test_a_number_of_the_day_counts_from_one_that_is_dated():
    posts = f"07:30 {A}\n18:10 {B}\n\nDay 2\n\n08:30 {C}\n\nDay 4: the bridge is hit\n\n06:40 {D}"
    assert days(read_feed(f"A log\n\nDay 1 (September 30, 2020)\n\n{posts}")) == [
        "30.09.2020", "30.09.2020", "01.10.2020", "03.10.2020",
    ]  # fmt: skip
    assert set(days(read_feed(f"A log\n\nDay 1\n\n{posts}"))) == {None}


@pytest.mark.parametrize("way", [1, -1])
def test_headings_below_their_reports(way):
    sections = [(16, "08:15", "19:50", A, B), (17, "07:15", "20:50", C, D), (18, "06:15", "11:45", E, f"{A} Again.")]
    told = [(day, *((h1, t1), (h2, t2))[::way]) for day, h1, h2, t1, t2 in sections[::way]]
    text = "\n".join(f"{h1} {t1}\n{h2} {t2}\n— October {day} —\n" for day, (h1, t1), (h2, t2) in told)
    feed = read_feed(f"Chronicle of the war, 2020\n\n{text}")
    assert days(feed) == [f"{day}.10.2020" for day, *_ in told for _ in range(2)]


def test_a_day_at_the_foot_of_the_page_is_no_heading_below_its_reports():
    posts = f"02:10 {A}\n\n00:30 {B}\n\n17 October 2020\n\n22:15 {C}\n\n21:15 {D}"
    assert days(read_feed(f"Live\n\n{posts}\n\n20 October 2020")) == ["18.10.2020"] * 2 + ["17.10.2020"] * 2


def test_machines_are_told_what_readers_are_not():
    cards = "".join(
        f'<article><time datetime="2023-09-{moment}">1 day ago</time><h3>{title}</h3><p>{said}</p></article>'
        for moment, title, said in zip(
            ("20T13:10:00Z", "19T21:10:00Z", "19T09:10:00+04:00"), HEADLINES, (A, B, C), strict=False
        )
    )
    assert times(read_feed(f"<html><body>{cards}</body></html>")) == [
        "20.09.2023 13:10", "19.09.2023 21:10", "19.09.2023 05:10",
    ]  # fmt: skip


def test_the_day_that_a_page_says_it_was_published_goes_before_one_that_only_stands_there():
    posts = clocks("18:30", "17:15", "12:05")
    feed = read_feed(
        f"Monday, 7 December 2020\nHome | World | Sport\nA title of it all\nPublished 10 October 2020\n\n{posts}"
    )
    assert set(days(feed)) == {"10.10.2020"}


@pytest.mark.parametrize(
    "unit",
    [
        "October 17, 2020: A title\n10:15 Some words of it.\n",
        "Day 3\n10:15 Some words of it.\n",
        "10:15 Some words of it.\n17 October 2020\n",
        "17 October 2020\nA sentence that stands under it alone, they say.\n10:15 Words.\n",
        "nov7 update\n",
    ],
)
def test_time_grows_with_the_headings_and_no_faster(unit):
    assert grows_in_proportion(lambda size: read_feed(unit * (size // len(unit))), 30_000)


# ── weekdays, years ─────────────────────────────────────────────────────────────────────────────────────────


def weekdays(*names):
    return "\n\n".join(f"{name}\n\n18:20 {A} {k}\n09:10 {B} {k}" for k, name in enumerate(names))


@pytest.mark.parametrize(
    ("says", "names", "expected"),
    [
        ("Published 17 October 2020", ["Saturday", "Friday", "Thursday"], [17, 16, 15]),
        ("Last updated: 18 October 2020 at 09:00", ["Saturday", "Friday"], [17, 16]),
        ("Published 15 October 2020", ["Thursday", "Friday", "Monday"], [15, 16, 19]),
        ("By A Reporter, Thursday 15 October 2020", ["Thursday", "Wednesday"], [15, 14]),
        ("Published 14 October 2020", ["Saturday", "Friday"], [None, None]),
        ("Nobody says it", ["Saturday", "Friday"], [None, None]),
    ],
)
def test_weekdays_alone_are_days_where_the_page_tells_one(says, names, expected):
    feed = read_feed(f"A title of the page\n{says}\n\n{weekdays(*names)}")
    assert [report.day and report.day.day for report in feed.reports] == [day for day in expected for _ in range(2)]


def test_weekdays_alone_of_a_page_whose_day_a_person_gives():
    assert days(read_feed(weekdays("Saturday", "Friday"), published=dt.date(2020, 10, 17))) == [
        "17.10.2020", "17.10.2020", "16.10.2020", "16.10.2020",
    ]  # fmt: skip


def test_weekdays_over_paragraphs_and_below_a_day_in_full():
    points = f"A title of it\n\nTuesday, 29 September 2020\n\n{A}\n\nWednesday\n\n{B}\n\nFriday\n\n{C}"
    assert days(read_feed(points)) == ["29.09.2020", "30.09.2020", "02.10.2020"]


POSTS = f"September 20\n\n18:20 {A}\n09:10 {B}\n\nSeptember 19\n\n22:10 {C}"


@pytest.mark.parametrize(
    ("around", "year"),
    [
        ("Live", None),
        ("He said that the statement of November 10, 2020, is void, and that nobody keeps it.", None),
        ("The war of 2020 ended with a statement that nobody keeps, he said to reporters.", None),
        ("This page was last edited on 5 May 2025, at 10:15", None),
        ("He said that the shelling of September 18, 2023, is the reason for all of it.", 2023),
        ("© 2023 A Paper", 2023),
    ],
)
def test_a_year_of_the_past_is_not_that_of_the_reports(around, year):
    feed = read_feed(f"A title of the page\n\n{around}\n\n{POSTS}")
    assert {report.day and report.day.year for report in feed.reports} == {year}


def test_a_weekday_that_does_not_fall_on_the_day_of_any_year_tells_no_year():
    posts = POSTS.replace("September 20", "Wednesday, September 20").replace("September 19", "Tuesday, September 19")
    assert set(days(read_feed(f"Live\n\n{posts}\n\n© 2020 A Paper"))) == {None}
    assert days(read_feed(f"Live\n\n{posts}\n\n© 2023 A Paper"))[0] == "20.09.2023"


def test_days_tell_the_order_where_times_do_not():
    posts = f"27 September 2020, 07:30 — {A}\n19:40 — {B}\n28 September, 08:30 — {C}\n23:30 — {D}"
    assert days(read_feed(f"A log of two days\n\n{posts}")) == ["27.09.2020"] * 2 + ["28.09.2020"] * 2


@pytest.mark.parametrize(
    "dateline",
    [
        "YEREVAN. Oct {} (Interfax) - ",
        "Baku. {} October. Some-Agency. ",
        "Baku. {} October. AGENCY. ",
        "YEREVAN, October {}. /Agency/. ",
    ],
)
def test_datelines_of_agencies(dateline):
    said = zip((17, 17, 16), (A, B, C), strict=True)
    feed = read_feed("\n\n".join(dateline.format(day) + text for day, text in said) + "\n\n© 2020")
    assert (days(feed), texts(feed)) == (["17.10.2020", "17.10.2020", "16.10.2020"], [A, B, C])


# ── the page's own days ─────────────────────────────────────────────────────────────────────────────────────


def test_today_and_yesterday_of_a_page_that_tells_when_it_was_seen_or_published():
    posts = f"today, 18:20\n{A}\nyesterday, 18:10\n{B}\nyesterday, 10:20\n{C}"
    feed = read_feed(f"A title of the page\nPublished 17 October 2020 20:10\n\n{posts}")
    assert days(feed) == ["17.10.2020", "16.10.2020", "16.10.2020"]
    assert set(days(read_feed(f"A title of the page\n\n{posts}"))) == {None}


def test_an_articles_own_day_stands_below_its_title():
    head = "Monday, 7 December 2020\nHome | World | Politics\nShelling in the south goes on\n17 October 2020, 18:20"
    assert times(read_feed(f"{head}\n\n{A}\n\n{B}")) == ["17.10.2020 14:20"] * 2


@pytest.mark.parametrize(
    "stamp",
    [
        "17.10.2020October 17, 2020",
        "October 17, 2020 / 6:20 PM / Updated 3 years ago",
        "17 October 2020, 18:20 | Updated: 19 October 2020, 09:10",
        "By A Reporter, Saturday 17 October 2020",
    ],
)
def test_a_day_that_stands_there_twice_or_with_that_of_a_change(stamp):
    assert days(read_feed(f"A headline of the article\n{stamp}\n\n{A}\n\n{B}")) == ["17.10.2020"] * 2


def test_comments_behind_an_article_are_no_feed():
    comments = (
        "John, 3 November 2021, 12:10\nI think so.\nJane, 4 November 2021, 13:10\nSo do I, and so does everybody."
    )
    feed = read_feed(f"A headline over it\n\n17 October 2020, 18:20\n\n{A}\n\n{B}\n\n{C}\n\nComments\n\n{comments}")
    assert (texts(feed), set(days(feed))) == ([A, B, C], {"17.10.2020"})


def test_days_of_two_numbers_beside_times_of_another_form():
    posts = f"{{}}\n18:20 {A}\n09:10 {B}\n\n{{}}\n22:20 {C}\n\n© 2020"
    expected = ["17.10.2020", "17.10.2020", "16.10.2020"]
    assert days(read_feed(posts.format("17.10", "16.10"))) == expected
    assert days(read_feed(posts.format("10/17", "10/16"))) == expected
    assert set(days(read_feed(posts.format("04/10", "03/10")))) == {None}  # which is the month?
    assert days(read_feed(f"27.09\n\n{A}\n\n28.09\n\n{B}\n\n© 2020")) == ["27.09.2020", "28.09.2020"]
    dots = f"Friday, 2 October 2020\n\n18.10\n{A}\n\n9.05\n{B}\n\n8.01\n{C}"
    assert set(days(read_feed(dots))) == {"02.10.2020"}


def test_stamps_with_a_section_behind_their_reports():
    feed = read_feed(
        f"{A}\n18:20 | 17.10.2020 | Politics\n{B}\n12:20 | 17.10.2020 | Politics\n{C}\n21:20 | 16.10.2020 | Politics"
    )
    assert days(feed) == ["17.10.2020", "17.10.2020", "16.10.2020"]
    assert [text.split("\n")[-1] for text in texts(feed)] == [A, B, C]


@pytest.mark.parametrize(
    "tag",
    [
        '<abbr title="2020-10-{day}T18:20:00+04:00">3h</abbr>',
        '<span class="t" data-timestamp="{seconds}">18:20</span>',
        '<time datetime="{seconds}000">3h</time>',
    ],
)
def test_times_for_machines_wherever_a_page_keeps_them(tag):
    posts = "".join(
        f"<div>{tag.format(day=day, seconds=seconds)}<h3>{title}</h3><p>{said}</p></div>"
        for day, seconds, title, said in zip(
            (17, 16, 14), (1602944400, 1602858000, 1602685200), HEADLINES, (A, B, C), strict=False
        )
    )
    feed = read_feed(f"<html><body><h1>Live</h1>{posts}</body></html>")
    assert times(feed) == [f"{day}.10.2020 14:20" for day in (17, 16, 14)]


def test_days_below_articles_without_times():
    articles = "\n\n".join(
        f"{title}\n\n{said}\n\n{day} October 2020"
        for title, said, day in zip(HEADLINES, (A, B, C), (9, 8, 6), strict=False)
    )
    assert days(read_feed(f"The news of the week\n\n{articles}")) == ["09.10.2020", "08.10.2020", "06.10.2020"]


def test_a_line_that_says_when_the_page_was_saved_tells_no_day_of_its_reports():
    posts = clocks("18:20", "12:10", "09:10")
    for line in ("Saved from the web on 12 March 2022", "Archived: 12 March 2022", "Retrieved 12 March 2022, 10:15"):
        assert set(days(read_feed(f"{line}\n\nThe war as we saw it\n\n{posts}"))) == {None}


def test_a_line_between_the_lead_and_the_reports_does_not_make_them_comments():
    lead = f"Live: the war goes on\n17 October 2020\n\n{A} So he said.\n{B} So she said.\n\nLatest news"
    feed = read_feed(f"{lead}\n\n{clocks('18:20', '12:10', '11:10', '09:10')}")
    assert [report.label for report in feed.reports][-4:] == ["18:20", "12:10", "11:10", "09:10"]
    assert set(days(feed)) == {"17.10.2020"}
