"""Integrated gradients: what they add up to, and what they are where a closed form is known."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import corpus, seeded, store_run, tiny
from vae.diagnostics.attribution import MOST_TOKENS, TOLERANCE, of_dimensions, of_words
from vae.errors import UserError
from vae.explorer import Explorer

SENTENCE = corpus().sentences[0]
KINDS = {
    "lstm": {"cell": "lstm", "spread": 3.0},
    "gru": {"cell": "gru", "layers": 2, "spread": 2.0},
    "transformer": {"architecture": "transformer", "layers": 2, "spread": 1.5},
    "normalised": {"architecture": "transformer", "mean_scale": 0.7, "spread": 1.5},
}


@pytest.fixture(scope="module", params=list(KINDS))
def explorer(request, tmp_path_factory):
    run = tmp_path_factory.mktemp("runs") / request.param
    return Explorer.load(store_run(run, tiny(**KINDS[request.param])).path)


class Linear:
    """A model whose functions are linear, so that every attribution has a closed form.

    means: W x, over all entries of the embeddings; log p of token t: a_t z + b_t.
    """

    def __init__(self, tokens: int, width: int, latent_dim: int, seed: int) -> None:
        generator = seeded(seed)
        self.x = torch.randn(tokens, width, generator=generator)
        self.weight = torch.randn(latent_dim, tokens, width, generator=generator)
        self.slope = torch.randn(tokens, latent_dim, generator=generator)
        self.offset = torch.randn(tokens, generator=generator)

    def embed(self, sentence):
        return self.x

    def means(self, embedded):
        return torch.einsum("bte,zte->bz", embedded, self.weight)

    def log_likelihood(self, sentence, z, most):
        return (z @ self.slope.T + self.offset)[:, :most]


@settings(deadline=None, max_examples=25)
@given(st.integers(2, 6), st.integers(1, 4), st.integers(1, 4), st.integers(0, 99))
def test_a_linear_encoder_is_split_among_its_words(tokens, width, latent_dim, seed):
    model = Linear(tokens, width, latent_dim, seed)
    found = of_words(model, "", range(latent_dim))
    closed = (model.weight * model.x).sum(-1)  # (Z, T)
    closed[:, -1] = 0  # the end is in the baseline too
    assert torch.allclose(found.values.float(), closed, atol=1e-4)
    assert found.complete


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 99))
def test_linear_scores_are_split_among_the_dimensions(tokens, latent_dim, seed):
    model = Linear(tokens, 2, latent_dim, seed)
    z = torch.randn(latent_dim, generator=seeded(seed + 1))
    found = of_dimensions(model, "", z)
    assert torch.allclose(found.values.float(), model.slope * z, atol=1e-4)
    assert torch.allclose(found.start.float(), model.offset, atol=1e-5)
    assert found.complete


def test_what_the_words_add_is_the_change_of_the_mean(explorer):
    found = of_words(explorer.gradients(), SENTENCE, range(4))
    mean = explorer.encode([SENTENCE]).mean[0].double()
    assert torch.allclose(found.end, mean, atol=1e-5)
    assert found.values.shape == (4, len(explorer.tokens(SENTENCE)))
    assert ((found.values.sum(1) - (found.end - found.start)).abs() <= TOLERANCE).all()
    assert found.complete
    assert (found.values[:, -1] == 0).all()
    assert found.values.abs().max() > 10 * TOLERANCE  # there is something to be complete about


def test_what_the_dimensions_add_is_the_change_of_each_log_p(explorer):
    z = explorer.encode([SENTENCE]).mean[0] + 1.0
    found = of_dimensions(explorer.gradients(), SENTENCE, z)
    (at_z,) = explorer.log_likelihood([SENTENCE], z[None])
    (at_zero,) = explorer.log_likelihood([SENTENCE], torch.zeros(1, 4))
    assert torch.allclose(found.end, at_z.double(), atol=1e-5)
    assert torch.allclose(found.start, at_zero.double(), atol=1e-5)
    assert found.values.shape == (len(at_z), 4)
    assert ((found.values.sum(1) - (at_z - at_zero)).abs() <= TOLERANCE).all()
    assert found.complete
    assert found.values.abs().max() > 10 * TOLERANCE


def integrated(function, point, baseline, step=1e-2, places=24):
    """(K, inputs) integrated gradients by central differences at midpoints: no autograd."""
    gap = (point - baseline).flatten()
    shifts = step * torch.eye(len(gap))
    total = torch.zeros(0)
    for k in range(places):
        at = baseline.flatten() + (k + 0.5) / places * gap
        up, down = (
            function((at + sign * shifts).unflatten(1, point.shape)).detach() for sign in (1, -1)
        )
        slope = (up - down) / (2 * step)  # (inputs, K)
        total = slope if not len(total) else total + slope
    return (total / places * gap[:, None]).T


def test_attributions_agree_with_finite_differences(explorer):
    gradients = explorer.gradients()
    z = explorer.encode([SENTENCE]).mean[0] + 0.5
    reference = integrated(
        lambda rows: gradients.log_likelihood(SENTENCE, rows, 99), z, torch.zeros(4)
    )
    found = of_dimensions(gradients, SENTENCE, z)
    assert torch.allclose(found.values.float(), reference, atol=5e-3)
    words = gradients.embed(SENTENCE)
    blank = torch.cat([torch.zeros_like(words[:-1]), words[-1:]])
    by_entry = integrated(gradients.means, words, blank)
    reference = by_entry.unflatten(1, words.shape).sum(-1)  # (Z, T)
    found = of_words(gradients, SENTENCE, range(4))
    assert torch.allclose(found.values.float(), reference, atol=2e-2)


def test_a_dimension_is_explained_alike_alone_and_among_others(explorer):
    gradients = explorer.gradients()
    together = of_words(gradients, SENTENCE, [0, 1, 2, 3])
    alone = of_words(gradients, SENTENCE, [2])
    assert torch.allclose(alone.values[0], together.values[2], atol=1e-4)
    turned = of_words(gradients, SENTENCE, [3, 2])
    assert torch.allclose(turned.values, together.values[[3, 2]], atol=1e-4)


def test_many_sessions_may_ask_at_once_and_nothing_is_left_behind(explorer):
    sentences = corpus().sentences[:6]
    gradients = explorer.gradients()

    def ask(sentence):
        return of_words(gradients, sentence, range(4)).values

    one_by_one = [ask(s) for s in sentences]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(ask, sentences * 3))
    for i, values in enumerate(together):
        assert torch.allclose(values, one_by_one[i % len(sentences)], atol=1e-5)
    for parameter in explorer.backend.model.parameters():
        assert parameter.grad is None
        assert not parameter.requires_grad
    for module in explorer.backend.model.modules():
        assert not module._forward_hooks
        assert not module._forward_pre_hooks
        assert not module._backward_hooks


def test_a_long_sentence_is_explained_as_far_as_it_is_said(explorer):
    found = of_dimensions(explorer.gradients(), "she " * 60, torch.ones(4))
    assert found.values.shape == (MOST_TOKENS, 4)


def test_where_the_steps_do_not_suffice_it_is_said():
    class Jump(Linear):
        """log p that leaps where no gradient can see it."""

        def log_likelihood(self, sentence, z, most):
            return ((z[:, :1] > 0.3).float() * 5 + 0 * z.sum(1, keepdim=True)).expand(-1, 2)

    found = of_dimensions(Jump(2, 2, 3, 0), "", torch.ones(3))
    assert not found.complete
    assert found.error == pytest.approx(5)


def test_no_dimension_has_no_attribution(explorer):
    found = of_words(explorer.gradients(), SENTENCE, [])
    assert found.values.shape == (0, len(explorer.tokens(SENTENCE)))
    assert found.complete


@pytest.mark.parametrize("d", [-1, 4])
def test_a_dimension_that_does_not_exist_is_refused(explorer, d):
    with pytest.raises(UserError, match="from 0 to 3"):
        of_words(explorer.gradients(), SENTENCE, [d])
