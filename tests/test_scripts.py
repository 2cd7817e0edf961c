"""Writing without blanks between words: counted, wrapped and joined by its signs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.scripts import is_unspaced, isolated, with_wide_marks, words, wrap

CHINESE = "今天的天气很好，我们去公园散步。"
JAPANESE = "今日はとても天気がいいです。"
THAI = "วันนี้อากาศดีมาก"
KOREAN = "오늘은 날씨가 아주 좋습니다."


@pytest.mark.parametrize(
    ("sentence", "n"),
    [
        ("We went for a walk, didn't we?", 7),
        ("Où est-elle née ?", 4),
        (KOREAN, 4),
        (CHINESE, 16),
        (JAPANESE, 14),
        ("我们用 Python 写", 5),
        ("ที่", 1),  # one letter with its vowel and its tone
        ("", 0),
    ],
)
def test_a_length_is_in_words_or_where_there_are_no_blanks_in_signs(sentence, n):
    assert words(sentence) == n


def test_thai_is_counted_by_its_letters():
    assert words(THAI) == sum(ch not in "ัิีึืุู็่้๊๋์" for ch in THAI)


@pytest.mark.parametrize(
    ("sentence", "unspaced"),
    [(CHINESE, True), (JAPANESE, True), (THAI, True), (KOREAN, False), ("We walk.", False)],
)
def test_a_script_without_blanks_is_seen(sentence, unspaced):
    assert is_unspaced([sentence]) is unspaced
    assert is_unspaced([sentence, "And one more of them."] * 9) is False or unspaced


def test_chinese_breaks_between_its_signs_and_english_at_blanks():
    assert wrap(CHINESE, 10) == ["今天的天气", "很好，我们", "去公园散", "步。"]
    assert wrap("We went for a walk", 8) == ["We went", "for a", "walk"]
    assert wrap("我们用 Python 写程序", 8) == ["我们用", "Python", "写程序"]


@given(st.text(alphabet="ab c今天，。ที่é", max_size=60), st.integers(4, 20))
def test_wrapping_loses_no_sign(text, width):
    found = wrap(text, width)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(line == line.strip() for line in found)


def test_what_runs_from_the_right_is_told_from_the_rest():
    hebrew = "הוא לא בא היום."
    assert isolated(hebrew) == f"\u2068{hebrew}\u2069"
    assert isolated("Où est-elle ?") == "Où est-elle ?"


def test_marks_behind_chinese_are_wide_and_others_stay():
    assert with_wide_marks("今天很好,是吗?") == "今天很好，是吗？"
    assert with_wide_marks("Well, 3,5 is it?") == "Well, 3,5 is it?"
    assert with_wide_marks("ดีมาก, นะ") == "ดีมาก, นะ"
