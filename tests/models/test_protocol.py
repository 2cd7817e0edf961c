"""What every sentence VAE keeps to, whatever it is made of: see `vae.models.base.SentenceVAE`."""

import copy

import pytest
import torch

from tests.fakes import draws, encoded, objective, seeded, tiny
from vae.diagnostics.likelihood import importance_weighted_nll
from vae.inference import log_likelihoods
from vae.models import TrainableVAE, decoder_inputs, make_model
from vae.objectives import distortion

every_kind = pytest.mark.parametrize("kind", ["lstm", "gru", "transformer"])
every_model = pytest.mark.parametrize(
    ("latent_dim", "layers", "mean_scale"),
    [(0, 1, 0.0), (0, 2, 0.0), (4, 1, 0.0), (4, 2, 0.0), (4, 1, 0.7), (4, 2, 0.7)],
)


def made(kind: str, latent_dim: int = 4, **changes: object) -> TrainableVAE:
    """A tiny model of a kind."""
    if kind == "transformer":
        return tiny(latent_dim=latent_dim, architecture="transformer", **changes)
    return tiny(kind, latent_dim, **changes)


def batch(rows: int = 4) -> torch.Tensor:
    return encoded().tokens[1][:rows]


@every_model
@every_kind
def test_stepping_gives_the_logits_of_teacher_forcing(kind, latent_dim, layers, mean_scale):
    model, tokens = (
        made(kind, latent_dim, layers=layers, mean_scale=mean_scale, spread=2.0),
        batch(),
    )
    z = torch.randn(len(tokens), latent_dim, generator=seeded())
    inputs = decoder_inputs(tokens)
    whole = model.logits(inputs, z)
    state = model.start(z)
    for t in range(tokens.shape[1]):
        logits, state = model.step(inputs[:, t], z, state)
        assert torch.allclose(logits, whole[:, t], atol=1e-5)


@every_model
@every_kind
def test_a_sentence_is_read_and_said_alike_alone_and_in_a_batch(
    kind, latent_dim, layers, mean_scale
):
    model, tokens = made(kind, latent_dim, layers=layers, mean_scale=mean_scale), batch()
    model.eval()  # in training, normalised means take the batch in
    together = model.encode(tokens)
    logits = model.logits(decoder_inputs(tokens), together.mean)
    for i in range(len(tokens)):
        alone = model.encode(tokens[i : i + 1])
        assert torch.allclose(alone.mean[0], together.mean[i], atol=1e-6)
        assert torch.allclose(alone.logvar[0], together.logvar[i], atol=1e-6)
        own = model.logits(decoder_inputs(tokens[i : i + 1]), alone.mean)
        assert torch.allclose(own[0], logits[i], atol=1e-5)


@every_model
@every_kind
def test_gradients_flow_to_every_parameter(kind, latent_dim, layers, mean_scale):
    model = made(kind, latent_dim, layers=layers, mean_scale=mean_scale)
    tokens = batch()
    posterior = model.encode(tokens)
    logits = model.logits(decoder_inputs(tokens), posterior.sample(seeded()))
    objective(distortion(logits, tokens), posterior, 1.0).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.abs().sum() > 0, name


@every_kind
def test_without_latents_there_is_no_encoder(kind):
    model = made(kind, 0)
    names = {name.split(".")[0] for name, _ in model.named_parameters()}
    assert names == {"embedding", "decoder", "to_embedding", "output_bias"}
    assert model.encode(batch()).mean.shape == (4, 0)


@every_kind
def test_the_bound_of_a_language_model_is_its_exact_likelihood(kind):
    model, sentences = made(kind, 0), encoded(30)
    bound = importance_weighted_nll(model, sentences, 7, seeded())
    exact = -log_likelihoods(model, sentences, torch.zeros(30, 0))
    assert torch.allclose(torch.from_numpy(bound).float(), exact, atol=1e-4)


@every_kind
def test_input_and_output_share_one_embedding(kind):
    model, tokens = made(kind), batch(rows=2)
    c = model.config
    shapes = [tuple(p.shape) for p in model.parameters()]
    assert shapes.count((c.vocabulary_size, c.embedding_dim)) == 1
    before = model.logits(decoder_inputs(tokens), torch.zeros(2, 4))
    word = c.vocabulary_size - 1
    assert word not in decoder_inputs(tokens)
    with torch.no_grad():
        model.embedding.weight[word] += 1.0
    after = model.logits(decoder_inputs(tokens), torch.zeros(2, 4))
    moved = (before != after).any(0).any(0)
    assert moved.nonzero().flatten().tolist() == [word]


@every_kind
def test_dropout_is_applied_if_and_only_if_numbers_are_given(kind):
    model, tokens = made(kind, dropout=0.5), batch()
    inputs, z = decoder_inputs(tokens), torch.zeros(len(tokens), 4)
    for mode in (model.train(), model.eval()):
        plain = mode.logits(inputs, z)
        assert torch.equal(plain, mode.logits(inputs, z))
        dropped = mode.logits(inputs, z, draws(3))
        assert not torch.allclose(plain, dropped)
        assert torch.equal(dropped, mode.logits(inputs, z, draws(3)))
        assert not torch.allclose(dropped, mode.logits(inputs, z, draws(4)))
    assert torch.equal(made(kind, dropout=0.0).logits(inputs, z, draws(3)), plain)


@every_kind
def test_encoding_is_deterministic_and_gives_the_mean(kind):
    model, tokens = made(kind, dropout=0.5), batch()
    torch.manual_seed(1)
    first = model.train().encode(tokens)
    torch.manual_seed(2)
    second = model.eval().encode(tokens)
    assert torch.equal(first.mean, second.mean)
    assert torch.equal(first.logvar, second.logvar)
    assert not torch.equal(first.mean, first.sample(seeded()))


@every_kind
def test_the_log_variance_stays_inside_its_range(kind):
    logvar = made(kind, spread=500.0).encode(batch()).logvar
    assert logvar.min() >= -12.0
    assert logvar.max() <= 6.0


@every_model
@every_kind
def test_a_copy_and_a_loaded_model_compute_the_same(kind, latent_dim, layers, mean_scale):
    model, tokens = made(kind, latent_dim, layers=layers, mean_scale=mean_scale), batch()
    model.encode(tokens)
    loaded = make_model(model.config)
    loaded.load_state_dict(model.state_dict())
    with torch.device("meta"):
        assigned = make_model(model.config)
    assigned.load_state_dict(model.state_dict(), assign=True)
    model.eval()
    expected = model.logits(decoder_inputs(tokens), model.encode(tokens).mean)
    for other in (copy.deepcopy(model), loaded.eval(), assigned.eval()):
        found = other.logits(decoder_inputs(tokens), other.encode(tokens).mean)
        assert torch.equal(found, expected)
