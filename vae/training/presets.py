"""Settings that were found to work, by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from vae.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae.errors import UserError
from vae.i18n import Message, enumeration, message


class _Row(NamedTuple):
    """What a preset is for texts of at most so many training sentences."""

    most: float
    steps: int
    batch: int  # tokens
    sizes: tuple[int, int, int, int]  # embedding, encoder, decoder, latent space
    dropout: float
    word_dropout: float
    beta: float


_ANY = math.inf
_SMALL, _MIDDLE = (96, 128, 192, 32), (128, 160, 256, 32)
_LARGE, _LARGEST = (128, 192, 320, 64), (160, 256, 448, 64)

# A stated number of updates and, with it, a stated time, at every size of text. Which rows were
# measured is in assets/docs/measurements.md; the others lie between these, and beyond. The rate
# counts for a tenth to a fifth of its nats, since at full weight next to nothing of what is said
# is worth its price on so little text; it rises over the first half.
_ROWS: dict[str, tuple[_Row, ...]] = {
    "demonstration": (
        _Row(350, 1_500, 384, _SMALL, 0.1, 0.2, 0.1),
        _Row(1_500, 1_800, 512, _MIDDLE, 0.1, 0.2, 0.1),
        _Row(12_000, 1_200, 768, _SMALL, 0.2, 0.2, 0.1),
        _Row(_ANY, 1_200, 1_024, _SMALL, 0.0, 0.1, 0.1),
    ),
    "balanced": (
        _Row(350, 2_500, 384, _MIDDLE, 0.1, 0.2, 0.15),
        _Row(1_500, 3_000, 512, _MIDDLE, 0.1, 0.2, 0.15),
        _Row(12_000, 2_500, 768, _MIDDLE, 0.3, 0.3, 0.2),
        _Row(60_000, 4_500, 1_024, (96, 160, 256, 48), 0.0, 0.2, 0.1),
        _Row(350_000, 5_000, 1_536, _LARGE, 0.0, 0.1, 0.15),
        _Row(_ANY, 8_000, 2_048, _LARGE, 0.0, 0.1, 0.2),
    ),
    "best": (
        _Row(350, 5_000, 384, _MIDDLE, 0.1, 0.2, 0.2),
        _Row(1_500, 6_000, 512, _MIDDLE, 0.1, 0.2, 0.2),
        _Row(12_000, 5_000, 768, _LARGE, 0.3, 0.3, 0.2),
        _Row(60_000, 9_000, 1_536, _LARGE, 0.1, 0.1, 0.15),
        _Row(350_000, 12_500, 2_048, _LARGE, 0.05, 0.0, 0.15),
        _Row(_ANY, 20_000, 2_048, _LARGEST, 0.05, 0.0, 0.2),
    ),
}

_BY_HEART = 1_500
"""Training sentences up to which a model can only know a text by heart.

The few sentences of validation then hold words that it has never seen: what they cost rises while
all that it has read comes back word for word, so that the best validation is one of a model that
has learned nothing. The last weights are kept instead.
"""


def _sized(name: str, sentences: int) -> RunConfig:
    """A preset for a text of one's own, by the number of its training sentences."""
    row = next(row for row in _ROWS[name] if sentences <= row.most)
    embedding, encoder, decoder, latent = row.sizes
    by_heart = sentences <= _BY_HEART
    return RunConfig(
        data=DataConfig(min_count=1 if by_heart else 2),
        model=ModelConfig(
            embedding_dim=embedding,
            encoder_hidden=encoder,
            decoder_hidden=decoder,
            latent_dim=latent,
            dropout=row.dropout,
        ),
        train=TrainConfig(
            epochs=100_000,
            steps=row.steps,
            tokens_per_batch=row.batch,
            learning_rate=4e-3,
            warmup_steps=100,
            word_dropout=row.word_dropout,
            beta=row.beta,
            free_bits=0.0,
            validate_every=row.steps // 20,
            snapshots=12,
            patience=0 if by_heart else 5,
            keep="last" if by_heart else "best",
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

PRESETS: dict[str, tuple[Message, RunConfig | Callable[[int], RunConfig]]] = {
    "demonstration": (
        message("a small model to watch while it learns, be the text large or small"),
        partial(_sized, "demonstration"),
    ),
    "balanced": (
        message("a healthy model of everyday text in some minutes"),
        partial(_sized, "balanced"),
    ),
    "best": (
        message("the best model that this machine can train on a text"),
        partial(_sized, "best"),
    ),
    "plain": (message("every setting at its default, be the text large or small"), RunConfig()),
    "quick": (
        message("a first look at a new corpus, in a minute or two"),
        RunConfig(
            model=ModelConfig(
                embedding_dim=96, encoder_hidden=128, decoder_hidden=256, latent_dim=16
            ),
            train=TrainConfig(epochs=8),
        ),
    ),
    "clinic": (message("a small model to cause a collapse with, and to cure it"), _CLINIC),
    "factors": (message("the run 'factors' that ships"), _FACTORS),
    "docstrings": (message("the run 'docstrings' that ships"), _DOCSTRINGS),
    "factors-collapsed": (message("the same sentences, until the posterior collapses"), _COLLAPSED),
}

USUAL = "balanced"
"""The preset of who names none."""

OFFERED = ("demonstration", "balanced", "best")
"""Presets for a text of one's own, the fastest first."""


VERSION = repr((_ROWS, [_sized(name, n) for name in OFFERED for n in (1, _BY_HEART + 1)]))
"""Another one where the presets of `OFFERED` are others."""

_SENTENCES = 20_000


def preset(name: str, sentences: int | None = None) -> RunConfig:
    """The configuration of a preset.

    Args:
        sentences: for training; those of `OFFERED` go by their number. Where it is not known yet,
            it is taken to be 20,000.

    Raises:
        UserError: there is none of that name; the message lists those there are.
    """
    if name not in PRESETS:
        raise UserError(
            "There is no preset '{name}'; choose one of {names}.",
            name=name,
            names=enumeration(PRESETS, "or"),
        )
    found = PRESETS[name][1]
    return found(_SENTENCES if sentences is None else sentences) if callable(found) else found
