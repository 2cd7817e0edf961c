"""Known words near one that is not known."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import fakes
from vae.explorer import Explorer
from vae.spelling import edit_distance, nearest_words, replaced, split_at

LETTERS = st.text("abcde", max_size=7)


@pytest.mark.parametrize(
    ("a", "b", "edits"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("kitten", "sitting", 3),
        ("form", "from", 1),
        ("ca", "abc", 3),  # 2 by the unrestricted distance
        ("tomorow", "tomorrow", 1),
    ],
)
def test_the_distance_of_two_words(a, b, edits):
    assert edit_distance(a, b) == edit_distance(b, a) == edits


@given(LETTERS, LETTERS, st.integers(0, 4))
def test_a_bound_changes_no_distance_within_it(a, b, most):
    whole = edit_distance(a, b)
    bounded = edit_distance(a, b, most)
    assert bounded == whole if whole <= most else bounded > most
    assert abs(len(a) - len(b)) <= whole <= max(len(a), len(b))


@given(LETTERS, st.lists(LETTERS, max_size=20, unique=True))
def test_what_is_looked_through_leaves_out_no_word_that_is_near(word, known):
    most = min(3, max(1, len(word) * 3 // 8))
    near = {w for w in known if w and 0 < edit_distance(word, w) <= most}
    assert set(nearest_words(word, known, k=99)) == near


def test_the_nearest_word_comes_first_and_of_equals_the_most_frequent():
    known = ("the", "sheep", "sleep", "sleeps", "keep", ".", "24")
    assert nearest_words("sleeep", known)[0] == "sleep"
    assert nearest_words("sheps", ("ships", "sheep"))[0] == "ships"
    assert nearest_words("tge", ("toe", "the")) == ("toe", "the")
    assert nearest_words("Sleeep", known) == nearest_words("sleeep", known)


def test_a_short_word_stands_for_no_other_one():
    assert nearest_words("exam", ("team", "tram", "examine")) == ()
    assert nearest_words("q", ()) == ()


def test_ten_thousand_words_are_looked_through_in_a_moment():
    known = [f"{a}{b}{c}{d}ing" for a in "bcdfgklmpt" for b in "aeiou" for c in "bcdfgklmpt"
             for d in "aeioubcdfgklmptnsrwz"]  # fmt: skip
    started = time.process_time()
    assert nearest_words("bacteriing", known)
    assert time.process_time() - started < 2  # a tenth of it on a quiet machine
    assert len(known) == 10_000


def test_a_word_is_replaced_wherever_it_stands_alone_and_keeps_its_capital():
    assert replaced("Slep well, and slep long.", "slep", "sleep") == "Sleep well, and sleep long."
    assert replaced("He slepwalks.", "slep", "sleep") == "He slepwalks."
    assert replaced("The ﬁlmz.", "filmz", "film") == "The film."
    assert replaced("What? A $x$.", "$x$", "y") == "What? A y."


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=4), max_size=3))
def test_the_pieces_of_a_sentence_make_it_whole(sentence, words):
    assert "".join(piece for piece, _ in split_at(sentence, words)) == sentence


def test_the_pieces_that_are_words_say_so():
    assert split_at("My zebra.", ["zebra"]) == [("My ", False), ("zebra", True), (".", False)]
    assert split_at("My zebra.", []) == [("My zebra.", False)]
    assert split_at("他吃了蛋糕吗？", ["蛋糕"]) == [
        ("他吃了", False),
        ("蛋糕", True),
        ("吗？", False),
    ]
    assert split_at("zebras 看zebra", ["zebra"]) == [("zebras 看", False), ("zebra", True)]


def test_a_model_offers_words_that_it_knows(tmp_path):
    explorer = Explorer.load(fakes.store_run(tmp_path / "run"))
    word = explorer.backend.tokenizer.words[5]
    assert not explorer.unknown_words(word)
    typed = word + "q"
    assert explorer.unknown_words(typed) == [typed]
    assert all(not explorer.unknown_words(near) for near in explorer.nearest_words(typed))
