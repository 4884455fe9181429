"""Lines of a page that are no report: every way of writing a caption, and none of the lines that only look like one."""

import pytest

from events.feed.furniture import why_left_out


@pytest.mark.parametrize(
    "line",
    [
        "Photo: A. Person",
        "Map by A. Person / Reuters",
        "A still from a video of a burnt car",
        "A car burns in a street in Stepanakert. Pictures by A. Person",
        "A car burns in a street, Getty Images",
        "A car burns in a street, via Reuters",
        "A car burns in a street (handout)",
        "A car burns in a street [A. Person/EPA]",
        "A car burns in a street - Sputnik International",
        "A car burns in this undated image from the ministry",
        "A car burns, seen in this screengrab of a video",
    ],
)
def test_captions(line: str) -> None:
    assert why_left_out(line) == "a caption"


@pytest.mark.parametrize(
    "line",
    [
        "Rockets hit Stepanakert and a separate village, the ministry said, and still no word came from Baku.",
        "The minister had a coffee with the envoy before the talks, which went on until late in the evening.",
    ],
)
def test_sentences_are_none(line: str) -> None:
    assert why_left_out(line) == ""


def test_notices_of_cookies() -> None:
    assert why_left_out("We use COOKIES on this page to remember your preferences") == "a notice"
    assert why_left_out("We use Cookies. " + "And more words follow. " * 20 + "Accept") == ""
    assert why_left_out("Cookies: accept. " + "And more words follow. " * 20) == "a notice"
