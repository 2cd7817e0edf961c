"""Analogies whose answer the grammar knows."""

import numpy as np
import pytest

from tests import fakes
from tests.latent.onehot import OneHot
from vae.corpora import factors
from vae.corpora.grammar import FACTOR_NAMES, parse
from vae.errors import UserError
from vae.studies import analogies
from vae.studies.analogies import quadruples


def differing(a: str, b: str) -> set[str]:
    first, second = parse(a), parse(b)
    assert first is not None
    assert second is not None
    return {name for name in FACTOR_NAMES if getattr(first, name) != getattr(second, name)}


def test_in_a_quadruple_one_factor_changes_and_alike_on_both_sides():
    found = quadruples(factors.generate(400), 66, np.random.default_rng(0))
    assert len(found) == 66
    for q in found:
        assert differing(q.a, q.b) == differing(q.c, q.d) == {q.factor}
        values = [getattr(parse(s), q.factor) for s in (q.a, q.d, q.b, q.c)]
        assert values[0] == values[1] != values[2] == values[3]
        assert q.b != q.c


def test_every_factor_that_can_change_alone_has_as_many_quadruples():
    found = quadruples(factors.generate(400), 66, np.random.default_rng(0))
    counts = {name: sum(q.factor == name for q in found) for name in FACTOR_NAMES}
    alone = set(FACTOR_NAMES) - {"person", "sentiment", "topic"}
    assert counts == {name: 6 if name in alone else 0 for name in FACTOR_NAMES}


def test_the_same_seed_asks_the_same():
    first, again, another = (
        quadruples(fakes.corpus(), 20, np.random.default_rng(seed)) for seed in (0, 0, 1)
    )
    assert first == again != another


def test_a_space_in_which_factors_add_up_solves_all():
    found = analogies.measure(OneHot(), factors.generate(300), 44, 0)
    assert found["n"] == found["exact_match"]["n"] == 44
    assert found["exact_match"]["value"] == found["ceiling"]["value"] == 1.0
    assert found["unchanged"]["value"] == 0.0
    assert found["never_alone"] == ["person", "sentiment", "topic"]
    assert all(each["exact_match"]["value"] == 1.0 for each in found["per_factor"])


def test_a_model_that_does_not_hear_the_mood_solves_the_statements_alone():
    """It says a statement whatever it is asked: right where d is one, and no other arithmetic
    could do better, which the ceiling says."""
    held_out = factors.generate(300)
    found = analogies.measure(OneHot(deaf=("mood",)), held_out, 44, 0)
    statements = sum(not q.d.endswith("?") for q in quadruples(held_out, 44, _rng()))
    assert 0 < statements < 44
    assert found["exact_match"]["value"] == found["ceiling"]["value"] == statements / 44
    repeated = sum(
        q.factor == "mood" and not q.c.endswith("?") for q in quadruples(held_out, 44, _rng())
    )
    assert found["unchanged"]["value"] == repeated / 44


def _rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_sentences_without_factors_have_no_analogy_and_too_few_have_none():
    with pytest.raises(UserError, match="whose grammar knows them"):
        quadruples(type(fakes.corpus())("mine", ("Hello there.",)), 5, _rng())
    with pytest.raises(UserError, match="too few"):
        quadruples(factors.generate(1), 5, _rng())
