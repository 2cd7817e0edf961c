"""Directions from two sets of sentences that a person picked."""

import numpy as np
import pytest

from tests import fakes
from tests.latent.onehot import OneHot
from vae.corpora import factors
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent.directions import HOWS
from vae.latent.set_direction import MOST_PICKED, set_directions
from vae.latent.steering import steer


def of(value: str, n: int = 8) -> list[str]:
    """The first n sentences of a tense."""
    corpus = fakes.corpus()
    pairs = zip(corpus.sentences, corpus.labels["tense"], strict=True)
    return [s for s, tense in pairs if tense == value][:n]


def test_a_direction_of_two_small_sets_moves_a_sentence_from_the_one_to_the_other():
    found = set_directions(OneHot(), of("past"), of("future"))
    assert set(found) == set(HOWS)
    sentence = "She loved eating the tasty soup."
    for each in found.values():
        start, end = steer(OneHot(), each.direction, sentence, [0, 1])
        assert start.sentence == sentence
        assert end.sentence.startswith("She will love eating")
        assert (start.beyond, end.beyond) == (False, True)
        assert each.told.accuracy.value > each.told.control
        assert (each.folds, each.told.accuracy.n, each.told.majority) == (5, 16, 0.5)


def test_each_sentence_is_placed_by_a_direction_made_without_it(tmp_path):
    """Two halves of the same sentences: in sample they come apart, out of it they cannot."""
    model = fakes.tiny(latent_dim=24, spread=3.0)
    explorer = Explorer.load(fakes.store_run(tmp_path / "run", model))
    shares, inside = [], []
    for k in range(12):
        sentences = factors.generate(240).sentences[20 * k : 20 * (k + 1)]
        found = set_directions(explorer, sentences[::2], sentences[1::2], seed=k)["classifier"]
        shares.append(found.told.accuracy.value)
        z = explorer.encode(sentences).mean.numpy()
        inside.append(((found.direction.place(z) > 0.5) == (np.arange(20) % 2)).mean())
    assert np.mean(shares) == pytest.approx(0.5, abs=0.12)
    assert np.mean(inside) > np.mean(shares) + 0.15


def test_a_large_set_beside_a_small_one_makes_no_direction_look_good():
    """Sets drawn by chance: nearly all of the large one lie on its side of any middle."""
    sentences = np.array(factors.generate(400).sentences)
    found = []
    for seed in range(12):
        drawn = np.random.default_rng(seed).permutation(sentences)[:60].tolist()
        found.append(set_directions(OneHot(), drawn[:6], drawn[6:], seed)["difference"].told)
    assert np.mean([told.accuracy.value for told in found]) == pytest.approx(0.5, abs=0.1)
    assert np.mean([told.control for told in found]) == pytest.approx(0.5, abs=0.05)
    # Six sentences of one set are few, however many the other has.
    assert min(told.accuracy.high - told.accuracy.low for told in found) > 0.2
    assert {told.accuracy.n for told in found} == {60}


def test_the_same_seed_gives_the_same_folds_and_controls():
    first, again = (
        set_directions(OneHot(), of("past", 6), of("present", 9), seed=3) for _ in range(2)
    )
    assert first["difference"].told == again["difference"].told
    assert first["difference"].told.majority == 0.5


def test_a_sentence_that_stands_twice_counts_once():
    once = set_directions(OneHot(), of("past"), of("future"))["difference"]
    twice = set_directions(OneHot(), [*of("past"), *of("past"), " "], of("future"))["difference"]
    assert twice.direction.step == pytest.approx(once.direction.step)
    assert twice.told.accuracy.n == 16


def test_sets_that_cannot_be_told_apart_are_refused_with_a_sentence():
    with pytest.raises(UserError, match="for the first set, not 1"):
        set_directions(OneHot(), of("past", 1), of("future"))
    with pytest.raises(UserError, match="for the second set, not 0"):
        set_directions(OneHot(), of("past"), ["", "  "])
    with pytest.raises(UserError, match="is in both sets"):
        set_directions(OneHot(), of("past"), [*of("future"), of("past")[0].upper()])
    many = list(factors.generate(MOST_PICKED + 3).sentences)
    with pytest.raises(UserError, match="2 to 2,000"):
        set_directions(OneHot(), many[2:], many[:2])
