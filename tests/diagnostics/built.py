"""Models built to be collapsed, deaf, narrow and healthy: small, real, and made in a second."""

from __future__ import annotations

from functools import cache

import torch
from torch import nn

from tests.fakes import corpus, seeded, tiny, tokenizer
from vae.config import ModelConfig
from vae.models import TrainableVAE, decoder_inputs, make_model
from vae.objectives import distortion

SENTENCES, LENGTH = 40, 13


def posterior_is_the_prior() -> TrainableVAE:
    """Every sentence has the posterior N(0, I), whatever the decoder does with z."""
    model = tiny(spread=2.0)
    with torch.no_grad():
        model.to_posterior.weight.zero_()
        model.to_posterior.bias.zero_()
    return model


def decoder_is_deaf() -> TrainableVAE:
    """Posteriors far apart, and a decoder that z does not reach."""
    model = tiny(spread=4.0)
    with torch.no_grad():
        model.to_posterior.weight[:4] *= 20
        model.to_posterior.bias[4:] = -4.0
        model.to_state.weight.zero_()
        model.to_state.bias.zero_()
        model.decoder.weight_ih_l0[:, -4:] = 0.0
    return model


@cache
def trained(dimensions: int = 4) -> TrainableVAE:
    """Learned `sentences` through its first dimensions; the others hold nothing."""
    config = ModelConfig(
        vocabulary_size=len(tokenizer()),
        max_length=20,
        cell="gru",
        embedding_dim=24,
        encoder_hidden=24,
        decoder_hidden=48,
        latent_dim=4,
        dropout=0.0,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        model = make_model(config)
    optimiser = torch.optim.Adam(model.parameters(), lr=2e-2)
    generator = seeded(2)
    tokens = torch.tensor(tokenizer().encode_batch(sentences()))
    for _ in range(100):
        optimiser.zero_grad()
        _only(model, dimensions)
        posterior = model.encode(tokens)
        logits = model.logits(decoder_inputs(tokens), posterior.sample(generator))
        (distortion(logits, tokens) + 0.1 * posterior.kl()).mean().backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
    _only(model, dimensions)
    return model.eval()


def _only(model: TrainableVAE, dimensions: int) -> None:
    with torch.no_grad():
        for part in (model.to_posterior.weight, model.to_posterior.bias):
            part[dimensions:4] = 0.0
            part[4 + dimensions :] = 0.0


def sentences() -> tuple[str, ...]:
    """What `trained` learned: of one length, so that a batch holds them all."""
    ids = tokenizer().encode_batch(corpus().sentences)
    same = [s for s, i in zip(corpus().sentences, ids, strict=True) if len(i) == LENGTH]
    return tuple(same[:SENTENCES])
