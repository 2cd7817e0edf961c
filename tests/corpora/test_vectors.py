"""Vectors of digits and of sentences."""

import numpy as np
import pytest

from tests import fakes
from vae.corpora.vectors import binary_digits, digits, sentence_vectors
from vae.errors import UserError


def test_digits_are_those_of_scikit_learn_in_grey_from_0_to_1():
    found = digits()
    assert found.values.shape == (1797, 64)
    assert found.n_train == 1438
    assert (float(found.values.min()), float(found.values.max())) == (0.0, 1.0)
    assert set(found.labels) == set("0123456789")
    assert len(found.held_out) == len(found.held_out_labels) == 359


def test_a_label_belongs_to_its_digit():
    from sklearn.datasets import load_digits

    loaded = load_digits()
    grey = (loaded.data / 16).astype(np.float32)
    known = {row.tobytes(): str(d) for row, d in zip(grey, loaded.target, strict=True)}
    found = digits()
    assert [known[row.tobytes()] for row in found.values] == list(found.labels)


def test_training_and_held_out_vectors_hold_every_digit_and_are_the_same_each_time():
    found = digits()
    assert set(found.labels[: found.n_train]) == set(found.held_out_labels) == set("0123456789")
    assert np.array_equal(found.values, digits().values)


def test_binary_digits_are_zeros_and_ones():
    assert set(np.unique(binary_digits().values)) == {0.0, 1.0}


def test_vectors_of_sentences_are_centred_and_vary_by_one_on_average():
    found = sentence_vectors(fakes.corpus().sentences, 16)
    assert found.values.shape[1] == 16
    assert np.abs(found.values.mean(0)).max() < 1e-5
    assert found.values.std() == pytest.approx(1, abs=1e-4)
    assert 0 < found.kept < 1
    assert set(found.labels) == set(fakes.corpus().sentences)


def test_the_words_of_a_sentence_can_be_read_off_its_vector():
    found = sentence_vectors(fakes.corpus().sentences, 64)
    read = found.terms.of(found.values[:100])
    hits = 0
    for row, sentence in zip(read, found.labels, strict=False):
        hits += found.terms.names[int(row.argmax())] in sentence.lower()
    assert hits > 90
    strongest = found.terms.strongest(found.values[0])
    assert [w for _, w in strongest] == sorted((w for _, w in strongest), reverse=True)


def test_few_sentences_are_refused_in_words():
    with pytest.raises(UserError, match="There are 3 different sentences"):
        sentence_vectors(["a b", "c d", "e f", "e f"])


def test_sentences_without_words_in_common_are_refused_in_words():
    with pytest.raises(UserError, match="share too few words"):
        sentence_vectors([f"word{i}" for i in range(80)])
