"""The recurrent sentence VAE: one decoder in training and in generation, and what z does to it."""

import pytest
import torch

from tests.fakes import encoded, seeded, tiny
from vae.models import decoder_inputs
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
def test_a_state_keeps_the_batch_first_so_that_rows_can_be_picked(cell, latent_dim, layers):
    model, tokens = tiny(cell, latent_dim, layers=layers), batch(rows=3)
    z = torch.randn(3, latent_dim, generator=seeded())
    state = model.start(z)
    assert len(state) == (2 if cell == "lstm" else 1)
    _, state = model.step(tokens[:, 0], z, state)
    logits, _ = model.step(tokens[:, 1], z, state)
    picked, _ = model.step(tokens[[2, 0], 1], z[[2, 0]], tuple(s[[2, 0]] for s in state))
    assert torch.allclose(picked, logits[[2, 0]], atol=1e-6)


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


def test_the_language_model_has_the_same_decoder_but_for_z():
    with_z, without = tiny("lstm", 4), tiny("lstm", 0)
    c = with_z.config
    lost = 4 * c.decoder_hidden * c.latent_dim  # the four gates no longer read z
    count = {
        model: sum(p.numel() for name, p in model.named_parameters() if name.startswith("decoder"))
        for model in (with_z, without)
    }
    assert count[with_z] - count[without] == lost


def test_decoder_inputs_are_the_sentence_moved_on_by_one():
    tokens = torch.tensor([[7, 8, EOS], [9, 7, EOS]])
    assert decoder_inputs(tokens).tolist() == [[BOS, 7, 8], [BOS, 9, 7]]
