"""Which words of a sentence are marked as changed, in every kind of writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.latent.changes import alike, marked, shortened

FAMILY = "👨‍👩‍👧‍👦"


def changed(sentence: str, before: str) -> list[str]:
    return [piece for piece, new in marked(sentence, before) if new]


@pytest.mark.parametrize(
    ("sentence", "before", "new"),
    [
        ("We don't like soup.", "We like soup.", ["don't"]),
        ("她今天喝茶。", "他今天喝水。", ["她", "茶"]),
        ("今日は寒いです。", "今日は暑いです。", ["寒"]),
        ("ฉันกินข้าว", "ฉันกินปลา", ["ข้", "ว"]),
        ("הוא בא מחר.", "הוא בא היום.", ["מחר"]),
        ("वह किताब पढ़ता है", "वह चिट्ठी पढ़ता है", ["किताब"]),
        (f"We are {FAMILY} here", "We are 👨 here", [FAMILY]),
        ("I said ❤️", "I said ❤", ["❤️"]),
    ],
)
def test_only_what_differs_is_marked(sentence, before, new):
    assert changed(sentence, before) == new


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_pieces_are_the_sentence(sentence, before):
    assert "".join(piece for piece, _ in marked(sentence, before)) == sentence
    assert alike(sentence, sentence)


def test_a_long_sentence_is_shown_in_part_whatever_its_script():
    assert shortened("go " * 30, 3) == "go go go …"
    assert shortened("好" * 30, 3) == "好好好好好好…"
    assert shortened("好" * 6, 3) == "好" * 6
