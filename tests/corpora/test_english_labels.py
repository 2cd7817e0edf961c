"""Mood, polarity, person and tense of English sentences, read off by rule."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.corpora.english_labels import labels_of, mood, person, polarity, tense

TATOEBA = Path(__file__).parents[3] / "shared/data/tatoeba_eng.txt"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The bakery opens at six.", "statement"),
        ("Does the bakery open at six?", "question"),
        ("“Does it open at six?”", "question"),
        ("Close the window.", "command"),
        ("Please close the window!", "command"),
        ("Don't forget the bread.", "command"),
        ("Let's bake some bread.", "command"),
        ("Anna, bring the bread.", "command"),
        ("What a loaf!", "exclamation"),
        ("Love is blind.", "statement"),
        ("Work makes my cousin tired.", "statement"),
        ("Thank you for the bread.", "statement"),
        ("", "statement"),
    ],
)
def test_the_mood_of_a_sentence(sentence, expected):
    assert mood(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("My sister isn't at the lake.", "negative"),
        ("My sister isn’t at the lake.", "negative"),
        ("Nobody swam.", "negative"),
        ("We cannot swim here.", "negative"),
        ("We won't swim.", "negative"),
        ("No, we swam yesterday.", "affirmative"),
        ("Note the knot.", "affirmative"),
    ],
)
def test_a_word_of_negation_makes_it_negative(sentence, expected):
    assert polarity(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("I swam across the lake.", "first"),
        ("And then we went home.", "first"),
        ("Why didn't you tell your brother?", "second"),
        ("You swim well.", "second"),
        ("What kind of boat do you row?", "second"),
        ("My brother swims well.", "third"),
        ("The people I know swim well.", "third"),
        ("Who rows the boat?", "third"),
        ("Is there a boat?", "third"),
        ("Row the boat.", ""),
    ],
)
def test_the_person_is_that_of_the_first_subject(sentence, expected):
    assert person(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The boat sank.", "past"),
        ("The boat was painted red.", "past"),
        ("Did the boat sink?", "past"),
        ("She put the oars away.", "past"),
        ("We rowed until it was dark.", "past"),
        ("Boats used to sink here.", "past"),
        ("I'd never rowed before.", "past"),
        ("The boat sinks.", "present"),
        ("My neighbour sells the boats.", "present"),
        ("I row every morning.", "present"),
        ("They're rowing to the island.", "present"),
        ("The boat's on the lake.", "present"),
        ("We've a boat.", "present"),
        ("I've got a boat.", "present"),
        ("I like boats.", "present"),
        ("I've rowed all day.", "perfect"),
        ("Has the boat sunk?", "perfect"),
        ("Have any of your boats ever been stolen?", "perfect"),
        ("The boat will sink.", "future"),
        ("We won't row today.", "future"),
        ("I'm going to paint the boat.", "future"),
        ("I'm going to the lake.", "present"),
        ("I'd like to row.", "modal"),
        ("The boat may sink.", "modal"),
        ("You needn't row.", "modal"),
        ("Row to the island.", ""),
        ("What a boat!", ""),
    ],
)
def test_the_tense_of_the_first_finite_verb(sentence, expected):
    assert tense(sentence) == expected


def test_every_sentence_gets_a_value_of_each_label_in_its_place():
    found = labels_of(["I row.", "Don't sink!"])
    assert found == {
        "mood": ("statement", "command"),
        "polarity": ("affirmative", "negative"),
        "person": ("first", ""),
        "tense": ("present", ""),
    }


@given(st.text(max_size=80))
def test_any_text_can_be_read(text):
    found = labels_of([text])
    assert found["mood"][0] in ("statement", "question", "command", "exclamation")
    assert found["polarity"][0] in ("affirmative", "negative")
    assert found["person"][0] in ("first", "second", "third", "")
    assert found["tense"][0] in ("past", "present", "perfect", "future", "modal", "")


@pytest.mark.skipif(not TATOEBA.is_file(), reason="the corpus is not on this machine")
def test_everyday_english_has_labels_that_are_worth_a_colour():
    sentences = TATOEBA.read_text(encoding="utf-8").splitlines()[:20_000]
    found = labels_of(sentences)
    n = len(sentences)
    assert sum(value == "" for value in found["tense"]) < 0.1 * n
    for name, values in (("tense", ("past", "present", "perfect", "future", "modal")),):
        assert all(found[name].count(value) > 0.02 * n for value in values)
    for name, values in (
        ("mood", ("statement", "question", "command")),
        ("polarity", ("affirmative", "negative")),
        ("person", ("first", "second", "third")),
    ):
        assert all(found[name].count(value) > 0.05 * n for value in values)
