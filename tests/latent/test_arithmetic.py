"""a - b + c in latent space."""

import numpy as np
import pytest
import torch

from tests.latent.onehot import OneHot
from vae.corpora import factors
from vae.errors import UserError
from vae.latent.arithmetic import analogy, answers, combined
from vae.latent.parts import decode_in_parts

A = "Did he hate watching the boring drama?"
B = "He hated watching the boring drama."
C = "She will love eating the tasty soup tomorrow."
D = "Will she love eating the tasty soup tomorrow?"


def test_the_point_is_the_sum_of_the_means():
    model = OneHot()
    means = model.encode([A, B, C]).mean
    assert torch.equal(combined(model, [A], [B], [C])[0], means[0] - means[1] + means[2])
    assert torch.equal(combined(model, [A], [A], [C])[0], means[2])


def test_what_differs_between_a_and_b_is_added_to_c():
    assert answers(OneHot(), [A, B], [B, A], [C, D]) == [D, C]
    z = combined(OneHot(), [A, B], [B, A], [C, D])
    assert decode_in_parts(OneHot(), z, at_once=1) == [D, C]


def test_the_nearest_sentences_are_named_with_those_that_were_given():
    """a, b and c are kept among the nearest: leaving them out would flatter (Linzen, 2016)."""
    corpus = (*factors.generate(50).sentences, C, D)
    means = OneHot().encode(corpus).mean.numpy()
    found = analogy(OneHot(), A, B, C, corpus, means, k=2)
    assert found.sentence == D
    assert [(near.sentence, near.given) for near in found.nearest] == [(D, False), (C, True)]
    assert found.nearest[0].distance == pytest.approx(0, abs=1e-3)
    assert found.nearest[1].distance == pytest.approx(2**0.5, abs=1e-3)
    assert corpus[found.nearest[0].row] == D


def test_what_does_not_add_up_is_a_sentence():
    with pytest.raises(UserError, match="not 1, 2 and 1"):
        combined(OneHot(), [A], [B, C], [C])
    means = np.zeros((2, OneHot().latent_dim))
    with pytest.raises(UserError, match="one mean for each sentence"):
        analogy(OneHot(), A, B, C, [A], means)
    with pytest.raises(UserError, match="k from 1 to 50"):
        analogy(OneHot(), A, B, C, [A, B], means, k=0)
