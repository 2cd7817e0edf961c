"""Which words of a sentence of the factors language say a factor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.corpora import factors
from vae.corpora.factors import ENGLISH, FACTOR_NAMES, Factors, parse, render
from vae.errors import UserError

SENTENCES = factors.generate(200, seed=5).sentences


def tokens(sentence: str) -> list[str]:
    return [*sentence.lower().replace(".", " .").replace("?", " ?").split(), "end"]


def changed(found: Factors, name: str) -> Factors | None:
    other = ENGLISH.next(vars(found), name)
    return None if other is None else Factors(**other)


def words(sentence: str) -> dict[str, list[str]]:
    split = tokens(sentence)
    found = ENGLISH.words(sentence, tokens)
    return {name: [split[i] for i in places] for name, places in found.items()}


def test_the_words_of_a_factor_are_those_that_another_value_changes():
    found = words("Those teachers will not hate growing the sickly roses in the greenhouse.")
    assert found["tense"] == ["will"]
    assert found["polarity"] == ["not"]
    assert found["attitude"] == ["hate"]
    assert found["activity"] == ["growing"]
    assert found["object"] == ["roses"]
    assert found["adjective"] == ["sickly"]
    assert found["sentiment"] == ["hate", "sickly"]
    assert found["number"] == ["those", "teachers"]
    assert found["mood"] == ["will", "."]
    assert {"growing", "roses", "sickly", "greenhouse"} <= set(found["topic"])


def test_what_a_factor_brings_along_counts_for_it():
    found = words("She loved cooking the tasty curry in her kitchen yesterday.")
    assert found["tense"] == ["loved", "yesterday"]
    assert found["person"] == ["she", "her"]


def test_what_would_only_be_added_has_no_place():
    found = words("They enjoy eating the bland soup.".replace("bland", "tasty"))
    assert found["place"] == found["time"] == found["polarity"] == []


@given(st.sampled_from(SENTENCES), st.sampled_from(FACTOR_NAMES))
def test_a_changed_sentence_is_one_of_the_language_with_another_value(sentence, name):
    found = parse(sentence)
    assert found is not None
    other = changed(found, name)
    assert isinstance(other, Factors)
    assert getattr(other, name) != getattr(found, name)
    assert parse(render(other)) == other


@given(st.sampled_from(SENTENCES), st.sampled_from(["object", "adjective", "time", "activity"]))
def test_a_factor_that_nothing_depends_on_changes_alone(sentence, name):
    found = parse(sentence)
    other = changed(found, name)
    assert [n for n in FACTOR_NAMES if getattr(found, n) != getattr(other, n)] == [name]


@given(st.sampled_from(SENTENCES))
def test_the_end_is_no_word_of_any_factor(sentence):
    last = len(tokens(sentence)) - 1
    assert all(last not in places for places in ENGLISH.words(sentence, tokens).values())


def test_other_sentences_have_no_factors():
    assert ENGLISH.words("Returns the sum of two numbers.", tokens) == {}


def test_a_factor_that_does_not_exist_is_refused():
    with pytest.raises(UserError, match="no factor 'colour'"):
        changed(parse(SENTENCES[0]), "colour")
