"""What `fold`, `skeleton` and `similarity` promise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.names import fold, fold_each, similarity, skeleton
from tests.growth import grows_in_proportion

NAMES = st.text(alphabet="aəıİğşçöüXxqQ'’ -ԱաԵեՈոՒուևւՅյАаЕеЖжЩщьғГг̈́აშ. 0", max_size=30)
TEXTS = st.one_of(NAMES, st.text(max_size=30))


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_folded_text_has_single_inner_spaces_only(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())


@given(TEXTS)
def test_case_does_not_matter(text: str) -> None:
    assert fold(text.casefold()) == fold(text)


@given(TEXTS)
def test_spellings_that_fold_alike_have_one_skeleton(text: str) -> None:
    assert skeleton(fold(text)) == skeleton(text)


@given(TEXTS, TEXTS)
def test_similarity_is_symmetric_and_bounded(a: str, b: str) -> None:
    assert similarity(a, b) == similarity(b, a)
    assert 0.0 <= similarity(a, b) <= 1.0


@given(TEXTS)
def test_a_name_is_wholly_like_itself(text: str) -> None:
    assert similarity(text, text) == (1.0 if fold(text) else 0.0)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Stepanakert", "STEPANAKERT", "Step'anakert", "Step’anakert", "Ստեփանակերտ", "Степанакерт", " stepanakert. "),
        ("Xankəndi", "Xankendi", "XANKƏNDİ", "xankəndi"),
        ("Khankendi", "Ханкенди"),
        ("Shushi", "Շուշի", "Шуши", "ՇՈՒՇԻ"),
        ("Shusha", "Şuşa", "ŞUŞA", "Шуша"),
        ("Martuni", "Մարտունի", "Мартуни"),
        ("Nagorno-Karabakh", "Nagorno Karabakh", "nagorno – karabakh"),
        ("Yerevan", "Երևան", "Երեւան", "ԵՐԵՎԱՆ", "Ереван"),
        ("Voskepar", "Ոսկեպար", "Воскепар"),
        ("Tbilisi", "თბილისი", "Тбилиси"),
        ("İmişli", "Imishli", "Имишли"),
        ("Гёйгёль", "Гейгель"),
        ("Geneva", "Ｇｅｎｅｖａ"),
        ("Hadrut", "Հադրութ"),
        ("Karabağ", "Karabagh"),
    ],
)
def test_spellings_meet(spellings: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Xocalı", "Khojaly"),
        ("Ходжалы", "Khojaly"),
        ("Cəbrayıl", "Jebrayil"),
        ("Джебраил", "Cəbrayıl"),
        ("Xankəndi", "Khankendi"),
        ("Susa", "Şuşa"),
        ("Kəlbəcər", "Kalbajar"),
        ("Ağdam", "Agdam"),
        ("Qubadlı", "Gubadly"),
        ("Yevlakh", "Evlakh"),
    ],
)
def test_transliterations_share_a_skeleton(a: str, b: str) -> None:
    assert skeleton(a) == skeleton(b)


@pytest.mark.parametrize(
    ("a", "b"), [("Martuni", "Martakert"), ("Shushi", "Shusha"), ("Hadrut", "Horadiz"), ("Togh", "Talish")]
)
def test_different_names_stay_apart(a: str, b: str) -> None:
    assert fold(a) != fold(b)
    assert skeleton(a) != skeleton(b)
    assert similarity(a, b) < 1.0


@pytest.mark.parametrize("text", ["", " ", "—", "'’", "\u0301", "...", "\x00"])
def test_nothing_to_compare(text: str) -> None:
    assert fold(text) == ""
    assert skeleton(text) == ""
    assert similarity(text, "Hadrut") == 0.0


def test_other_scripts_are_kept() -> None:
    assert fold("باكو") == "باكو"
    assert fold("東京") == "東京"


def test_a_slip_reads_alike() -> None:
    assert similarity("Stepanakert", "Stepankert") > 0.9
    assert similarity("Stepanakert", "Baku") < 0.5


@pytest.mark.parametrize("unit", ["ո", "dzh", "'", "ﷺ", "a\u0301", "- ", "İ", "եւ"])
def test_hostile_length_costs_time_in_proportion(unit: str) -> None:
    def work(size: int) -> None:
        text = unit * size
        fold(text)
        skeleton(text)
        similarity(text, text[::-1])

    assert grows_in_proportion(work, 10_000)


@given(st.text(st.characters(max_codepoint=127)) | st.text(st.characters(max_codepoint=0x2AF)))
def test_plain_text_folds_as_it_does_among_other_letters(text: str) -> None:
    # A letter of another script sends the same text the long way.
    assert fold(f"{text} ж") == f"{fold(text)} {fold('ж')}".strip()


@given(st.lists(TEXTS | st.text("aş\x1f ", max_size=5), max_size=4), st.integers(1, 3))
def test_many_texts_fold_as_each_alone(texts: list[str], times: int) -> None:
    many = texts * times * 70
    assert fold_each(many) == [fold(text) for text in texts] * times * 70


@pytest.mark.parametrize("text", ["emoji 🕊 and ﬁne ligatures ①", "Ղարաբաղի ուժեր", "漢字", ""])
def test_one_text_of_many_at_once_may_be_the_only_one(text):
    assert fold_each([text]) == [fold(text)]
