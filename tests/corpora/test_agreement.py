"""What a change of one factor forces on the others, and what it leaves as it was."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae.corpora import factors
from vae.corpora.grammar import FACTOR_NAMES, FACTOR_VALUES, parse, render
from vae.errors import UserError


def must_change(f, name, value):
    return factors.ENGLISH.forced(vars(f), name, value)


def changed(f, name, value):
    found = factors.ENGLISH.changed(vars(f), name, value)
    return None if found is None else factors.Factors(**found)


def free_values(f, name):
    return factors.ENGLISH.free(vars(f), name)


def said(sentence: str):
    found = parse(sentence)
    assert found is not None
    return found


def test_a_new_tense_forces_the_time_unless_there_is_none():
    yesterday = said("She loved eating the tasty soup yesterday.")
    assert must_change(yesterday, "tense", "future") == {"time"}
    assert must_change(said("She loved eating the tasty soup."), "tense", "future") == set()


def test_a_new_polarity_forces_only_the_attitudes_that_it_does_not_have():
    gladly = said("She gladly ate the tasty soup.")
    assert must_change(gladly, "polarity", "negative") == {"attitude"}
    assert must_change(said("She loved eating the tasty soup."), "polarity", "negative") == set()


def test_a_new_mood_forces_nothing():
    for sentence in factors.generate(50).sentences:
        f = said(sentence)
        other = next(m for m in FACTOR_VALUES["mood"] if m != f.mood)
        assert must_change(f, "mood", other) == set()


def test_a_new_sentiment_forces_attitude_and_adjective_and_an_object_forces_its_topic():
    soup = said("She loved eating the tasty soup in her kitchen.")
    assert must_change(soup, "sentiment", "negative") == {"attitude", "adjective"}
    forced = must_change(soup, "object", "drama")
    assert forced == {"topic", "activity", "adjective", "place"}


def test_a_noun_changes_its_number_alone_and_a_pronoun_cannot():
    girl = said("That girl loved eating the tasty soup.")
    assert must_change(girl, "number", "plural") == set()
    assert must_change(said("She loved eating the tasty soup."), "number", "plural") == {"subject"}


@given(seed=st.integers(0, 2**32 - 1))
def test_all_that_may_stay_can_stay_at_once(seed):
    """For a change drawn at random there is a sentence that keeps every factor not forced."""
    rng = np.random.default_rng(seed)
    f = factors.sample_factors(rng)
    name = str(rng.choice(FACTOR_NAMES))
    value = str(rng.choice([v for v in FACTOR_VALUES[name] if v != getattr(f, name)]))
    forced = must_change(f, name, value)
    kept = {k: getattr(f, k) for k in FACTOR_NAMES if k not in forced and k != name}
    assert _completes(kept | {name: value}, sorted(forced))


def _completes(values: dict[str, str], open_: list[str]) -> bool:
    """Whether the factors left open can be filled in so that the grammar accepts the sentence."""
    if not open_:
        try:
            factors.Factors(**values)
        except UserError:
            return False
        return True
    fit = [
        v
        for v in FACTOR_VALUES[open_[0]]
        if all((v, w) in factors.values_together(open_[0], k) for k, w in values.items())
    ]
    return any(_completes(values | {open_[0]: v}, open_[1:]) for v in fit)


@given(seed=st.integers(0, 2**32 - 1))
def test_values_stand_together_exactly_where_sentences_have_them(seed):
    f = factors.sample_factors(np.random.default_rng(seed))
    for a in FACTOR_NAMES:
        for b in FACTOR_NAMES:
            assert (getattr(f, a), getattr(f, b)) in factors.values_together(a, b)
    assert ("past", "tomorrow") not in factors.values_together("tense", "time")
    assert ("gladly", "negative") not in factors.values_together("attitude", "polarity")


def test_a_change_that_the_grammar_allows_alone_is_made_and_another_is_none():
    f = said("She loved eating the tasty soup.")
    future = changed(f, "tense", "future")
    assert future is not None
    assert render(future) == "She will love eating the tasty soup."
    assert future == replace(f, tense="future")
    assert changed(f, "sentiment", "negative") is None
    assert set(free_values(f, "tense")) == {"present", "future"}
    assert free_values(f, "topic") == ()


def test_what_is_no_factor_or_no_value_lists_those_there_are():
    f = said("She loved eating the tasty soup.")
    with pytest.raises(UserError, match="choose one of subject, person"):
        must_change(f, "gender", "female")
    with pytest.raises(UserError, match="it has past, present, future"):
        changed(f, "tense", "perfect")
