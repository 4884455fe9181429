"""Sentences and words: each word with its characters, genitives apart, what is quoted, and no sentence too long."""

from hypothesis import given
from hypothesis import strategies as st

from events.coder.text import LONGEST, sentences


def test_words_stand_where_they_say() -> None:
    text = "Armenia’s army: “No.” he said. It is\nPresident's 1,302 U.S. men."
    first, second, third = sentences(text)
    assert first.words == ["armenia", "'s", "army", ":", "“", "no", ".", "”", "he", "said", "."]
    assert first.quoted == [False] * 4 + [True] * 3 + [False] * 4
    assert second.words == ["it", "is"]
    assert third.words == ["president", "'s", "1,302", "u.s.", "men", "."]
    assert (third.paragraph, text[third.starts[1] : third.ends[1]]) == (1, "'s")


def test_a_sentence_without_an_end_is_cut() -> None:
    assert [len(one) for one in sentences("word " * (2 * LONGEST + 1))] == [LONGEST, LONGEST, 1]
    assert [len(one) for one in sentences("word's " * LONGEST)] == [LONGEST, LONGEST]


@given(st.text(alphabet="Ab1é ’'\"“”.!…,()-\n", max_size=80))
def test_every_word_is_of_the_text_and_in_its_order(text: str) -> None:
    last = 0
    for number, one in enumerate(sentences(text)):
        assert one.number == number
        for raw, start, end in zip(one.raw, one.starts, one.ends, strict=True):
            assert last <= start < end
            assert text[start:end].replace("’", "'") == raw.replace("’", "'")
            last = end
