"""The recurrent sentence VAE: one decoder in training and in generation, and what z does to it."""

import copy

import pytest
import torch

from tests.fakes import draws, encoded, objective, seeded, tiny
from vae.diagnostics.information import importance_weighted_nll, log_likelihoods
from vae.models import RecurrentVAE, decoder_inputs
from vae.objectives import distortion
from vae.tokenizer import BOS, EOS

CELLS = ("lstm", "gru")
every_model = pytest.mark.parametrize(
    ("cell", "latent_dim", "layers"),
    [(cell, latent, layers) for cell in CELLS for latent in (0, 4) for layers in (1, 2)],
)


def batch(group: int = 1, rows: int = 4) -> torch.Tensor:
    """(rows, T) sentences of one length."""
    return encoded().tokens[group][:rows]


@every_model
def test_stepping_gives_the_logits_of_teacher_forcing(cell, latent_dim, layers):
    model, tokens = tiny(cell, latent_dim, layers=layers), batch()
    z = torch.randn(len(tokens), latent_dim, generator=seeded())
    inputs = decoder_inputs(tokens)
    whole = model.logits(inputs, z)
    state = model.start(z)
    for t in range(tokens.shape[1]):
        logits, state = model.step(inputs[:, t], z, state)
        assert torch.allclose(logits, whole[:, t], atol=1e-5)


@every_model
def test_a_sentence_is_encoded_and_decoded_alike_alone_and_in_a_batch(cell, latent_dim, layers):
    model, tokens = tiny(cell, latent_dim, layers=layers), batch()
    together = model.encode(tokens)
    logits = model.logits(decoder_inputs(tokens), together.mean)
    for i in range(len(tokens)):
        alone = model.encode(tokens[i : i + 1])
        assert torch.allclose(alone.mean[0], together.mean[i], atol=1e-6)
        assert torch.allclose(alone.logvar[0], together.logvar[i], atol=1e-6)
        own = model.logits(decoder_inputs(tokens[i : i + 1]), alone.mean)
        assert torch.allclose(own[0], logits[i], atol=1e-5)


@every_model
def test_a_state_keeps_the_batch_first_so_that_rows_can_be_picked(cell, latent_dim, layers):
    model, tokens = tiny(cell, latent_dim, layers=layers), batch(rows=3)
    z = torch.randn(3, latent_dim, generator=seeded())
    state = model.start(z)
    assert len(state) == (2 if cell == "lstm" else 1)
    _, state = model.step(tokens[:, 0], z, state)
    logits, _ = model.step(tokens[:, 1], z, state)
    picked, _ = model.step(tokens[[2, 0], 1], z[[2, 0]], tuple(s[[2, 0]] for s in state))
    assert torch.allclose(picked, logits[[2, 0]], atol=1e-6)


@every_model
def test_gradients_flow_to_every_parameter(cell, latent_dim, layers):
    model, tokens = tiny(cell, latent_dim, layers=layers), batch()
    posterior = model.encode(tokens)
    logits = model.logits(decoder_inputs(tokens), posterior.sample(seeded()))
    objective(distortion(logits, tokens), posterior, 1.0).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize("cell", CELLS)
def test_z_matters_at_the_start_and_at_every_step(cell):
    model, tokens = tiny(cell, spread=2.0), batch(rows=1)
    token, draw = tokens[:, 0], seeded()
    a, b = torch.randn(2, 1, 4, generator=draw)
    assert not torch.allclose(model.start(a)[0], model.start(b)[0])
    state = model.start(a)
    for t in range(tokens.shape[1]):
        under_a, following = model.step(token, a, state)
        under_b, _ = model.step(token, b, state)  # same state, same word, another z
        assert not torch.allclose(under_a, under_b, atol=1e-6)
        token, state = tokens[:, t], following


@pytest.mark.parametrize("cell", CELLS)
def test_the_decoder_cannot_see_the_word_that_it_predicts(cell):
    model, tokens = tiny(cell), batch(rows=1)
    inputs, z = decoder_inputs(tokens), torch.zeros(1, 4)
    assert inputs[0, 0] == BOS
    changed = inputs.clone()
    changed[0, 3] = (changed[0, 3] + 1) % model.config.vocabulary_size
    before, after = model.logits(inputs, z), model.logits(changed, z)
    assert torch.equal(before[:, :3], after[:, :3])
    assert not torch.allclose(before[:, 3:], after[:, 3:])


@pytest.mark.parametrize("cell", CELLS)
def test_the_encoder_reads_the_sentence_in_both_directions(cell):
    model, tokens = tiny(cell), batch(rows=1)
    mean = model.encode(tokens).mean
    for position in (0, tokens.shape[1] // 2, tokens.shape[1] - 2):
        changed = tokens.clone()
        changed[0, position] = (changed[0, position] + 7) % model.config.vocabulary_size
        assert not torch.allclose(model.encode(changed).mean, mean, atol=1e-7)


@pytest.mark.parametrize("cell", CELLS)
def test_without_latents_there_is_no_encoder(cell):
    model = tiny(cell, 0)
    names = {name.split(".")[0] for name, _ in model.named_parameters()}
    assert names == {"embedding", "decoder", "to_embedding", "output_bias"}
    assert model.encode(batch()).mean.shape == (4, 0)


@pytest.mark.parametrize("cell", CELLS)
def test_the_bound_of_a_language_model_is_its_exact_likelihood(cell):
    model, sentences = tiny(cell, 0), encoded(30)
    bound = importance_weighted_nll(model, sentences, 7, seeded())
    exact = -log_likelihoods(model, sentences, torch.zeros(30, 0))
    assert torch.allclose(torch.from_numpy(bound).float(), exact, atol=1e-4)


def test_the_language_model_has_the_same_decoder_but_for_z():
    with_z, without = tiny("lstm", 4), tiny("lstm", 0)
    c = with_z.config
    lost = 4 * c.decoder_hidden * c.latent_dim  # the four gates no longer read z
    count = {
        model: sum(p.numel() for name, p in model.named_parameters() if name.startswith("decoder"))
        for model in (with_z, without)
    }
    assert count[with_z] - count[without] == lost


def test_input_and_output_share_one_embedding():
    model, tokens = tiny(), batch(rows=2)
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


def test_dropout_is_applied_if_and_only_if_a_generator_is_given():
    model, tokens = tiny(dropout=0.5), batch()
    inputs, z = decoder_inputs(tokens), torch.zeros(len(tokens), 4)
    for mode in (model.train(), model.eval()):
        plain = mode.logits(inputs, z)
        assert torch.equal(plain, mode.logits(inputs, z))
        dropped = mode.logits(inputs, z, draws(3))
        assert not torch.allclose(plain, dropped)
        assert torch.equal(dropped, mode.logits(inputs, z, draws(3)))
        assert not torch.allclose(dropped, mode.logits(inputs, z, draws(4)))


def test_encoding_is_deterministic_and_gives_the_mean():
    model, tokens = tiny(dropout=0.5), batch()
    torch.manual_seed(1)
    first = model.train().encode(tokens)
    torch.manual_seed(2)
    second = model.eval().encode(tokens)
    assert torch.equal(first.mean, second.mean)
    assert torch.equal(first.logvar, second.logvar)
    assert not torch.equal(first.mean, first.sample(seeded()))


def test_the_log_variance_stays_inside_its_range():
    model = tiny(spread=500.0)
    logvar = model.encode(batch()).logvar
    assert logvar.min() >= -12.0
    assert logvar.max() <= 6.0


@every_model
def test_a_copy_and_a_loaded_model_compute_the_same(cell, latent_dim, layers):
    model, tokens = tiny(cell, latent_dim, layers=layers), batch()
    loaded = RecurrentVAE(model.config)
    loaded.load_state_dict(model.state_dict())
    with torch.device("meta"):
        assigned = RecurrentVAE(model.config)
    assigned.load_state_dict(model.state_dict(), assign=True)
    expected = model.logits(decoder_inputs(tokens), model.encode(tokens).mean)
    for other in (copy.deepcopy(model), loaded, assigned):
        found = other.logits(decoder_inputs(tokens), other.encode(tokens).mean)
        assert torch.equal(found, expected)


def test_decoder_inputs_are_the_sentence_moved_on_by_one():
    tokens = torch.tensor([[7, 8, EOS], [9, 7, EOS]])
    assert decoder_inputs(tokens).tolist() == [[BOS, 7, 8], [BOS, 9, 7]]
