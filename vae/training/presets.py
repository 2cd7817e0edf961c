"""Settings that were found to work, by name."""

from __future__ import annotations

from vae.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae.errors import UserError
from vae.i18n import Message, enumeration, message

_SMALL = ModelConfig(embedding_dim=96, encoder_hidden=128, decoder_hidden=256, latent_dim=16)

# A minute for 200 pasted sentences, two or three for a large file: the number of updates is fixed.
# Every word of a small text is known; dropout of units and words keeps the model from knowing it by
# heart, and the free bits (6.4 nats in all) hold all eight dimensions in use where there is too
# little text to need them. It validates often, so that the curves move.
_DEMONSTRATION = RunConfig(
    data=DataConfig(vocabulary=3_000, min_count=1),
    model=ModelConfig(
        embedding_dim=64, encoder_hidden=64, decoder_hidden=128, latent_dim=8, dropout=0.2
    ),
    train=TrainConfig(
        epochs=10_000,
        steps=3_000,
        tokens_per_batch=384,
        learning_rate=3e-3,
        warmup_steps=100,
        word_dropout=0.5,
        beta_warmup=0.25,
        free_bits=0.8,
        validate_every=100,
        snapshots=12,
    ),
)

# A decoder as large as two cores can bear for an hour: without dropout it would know the training
# text by heart. Free bits (8 nats in all) keep z worth reading beside it.
_BEST = RunConfig(
    model=ModelConfig(
        embedding_dim=256, encoder_hidden=256, decoder_hidden=512, latent_dim=32, dropout=0.4
    ),
    train=TrainConfig(
        epochs=40, word_dropout=0.1, beta_warmup=0.3, free_bits=0.25, learning_rate=1e-3, patience=5
    ),
)

# A floor of free bits at 21.6 nats in all (48 x 0.45), over the 15.25 that a sentence of this
# language holds, and a slow rise of beta let the encoder learn all factors first. They also hold up
# dimensions that no sentence needs: these are cut off where beta is full, and the rest is turned to
# independent components, which tell the factors apart twice as well, at the same likelihood. Then
# the floor is gone, and the rest of the training fits the posteriors to the prior.
_FACTORS = RunConfig(
    model=ModelConfig(encoder_hidden=160, decoder_hidden=320, latent_dim=48),
    train=TrainConfig(
        epochs=6,
        learning_rate=3e-3,
        word_dropout=0.2,
        beta=0.7,
        beta_warmup=0.7,
        free_bits=0.45,
        turn_axes=0.7,
        cut_below=0.02,
        seed=3,
        validate_every=1000,
        snapshots=16,
        # Another number of threads, or other arithmetic, would make another model.
        precision="bf16",
        threads=1,
    ),
)

# No annealing, no word dropout, no free bits: the decoder learns the language by itself, and z is
# never worth its rate.
_COLLAPSED = RunConfig(
    model=ModelConfig(encoder_hidden=64, decoder_hidden=320),
    train=TrainConfig(
        epochs=3,
        word_dropout=0.0,
        beta_schedule="constant",
        free_bits=0.0,
        seed=3,  # the sentences of _FACTORS
        validate_every=500,
        snapshots=12,
    ),
)

# Real text and little of it: dropout against overfitting, and free bits (5.6 nats in all) without
# which this decoder would do well enough alone. More of them cost more likelihood than they earn.
_DOCSTRINGS = RunConfig(
    data=DataConfig(min_count=3),
    model=ModelConfig(encoder_hidden=128, decoder_hidden=256, latent_dim=16, dropout=0.3),
    train=TrainConfig(epochs=16, word_dropout=0.0, free_bits=0.35, patience=4),
)

# A decoder that learns this many sentences in twenty seconds on one core, beside an encoder too
# small to be of use early: a plain VAE collapses, and each cure has the time to hold. Updates are
# fixed, so that two runs of one seed differ in their cure only.
_CLINIC = RunConfig(
    data=DataConfig(vocabulary=3_000),
    model=ModelConfig(embedding_dim=64, encoder_hidden=32, decoder_hidden=160, latent_dim=32),
    train=TrainConfig(
        epochs=10_000,
        steps=1_600,
        tokens_per_batch=384,
        learning_rate=4e-3,
        warmup_steps=100,
        validate_every=100,
        snapshots=12,
        precision="fp32",
        threads=1,
    ),
)

PRESETS: dict[str, tuple[Message, RunConfig]] = {
    "demonstration": (
        message("a small model to watch while it learns, be the text large or small"),
        _DEMONSTRATION,
    ),
    "balanced": (message("a healthy model of everyday text in some minutes"), RunConfig()),
    "best": (message("the best model that this machine can train on a text"), _BEST),
    "quick": (
        message("a first look at a new corpus, in a minute or two"),
        RunConfig(model=_SMALL, train=TrainConfig(epochs=8)),
    ),
    "clinic": (message("a small model to cause a collapse with, and to cure it"), _CLINIC),
    "factors": (message("the run 'factors' that ships"), _FACTORS),
    "docstrings": (message("the run 'docstrings' that ships"), _DOCSTRINGS),
    "factors-collapsed": (message("the same sentences, until the posterior collapses"), _COLLAPSED),
}

OFFERED = ("demonstration", "balanced", "best")
"""Presets for a text of one's own, the fastest first."""


def preset(name: str) -> RunConfig:
    """The configuration of a preset.

    Raises:
        UserError: there is none of that name; the message lists those there are.
    """
    if name not in PRESETS:
        raise UserError(
            "There is no preset '{name}'; choose one of {names}.",
            name=name,
            names=enumeration(PRESETS, "or"),
        )
    return PRESETS[name][1]
