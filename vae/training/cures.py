"""Cures for posterior collapse: what each changes, what it does, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from vae.config import RunConfig
from vae.errors import UserError
from vae.i18n import Message, enumeration, message


@dataclass(frozen=True)
class Cure:
    """One answer to a posterior that collapses.

    Attributes:
        title: as a person calls it.
        paper: authors and year.
        what: how it works, for a person who knows what rate and distortion are.
        costs: what it costs.
        model, train: the settings that it changes.
    """

    title: Message
    paper: Message
    what: Message
    costs: Message
    model: Mapping[str, Any]
    train: Mapping[str, Any]


PLAIN: Mapping[str, Any] = {
    "beta": 1.0,
    "beta_schedule": "constant",
    "word_dropout": 0.0,
    "free_bits": 0.0,
    "autoencoder": 0.0,
    "encoder_updates": 0,
    "mmd": 0.0,
    "denoising": 0.0,
}
"""The training settings of a plain VAE, with no cure at all."""

CURES: Mapping[str, Cure] = {
    "beta": Cure(
        message("A constant beta below one"),
        message("Higgins et al., 2017"),
        message(
            "The rate counts for two fifths of its nats in the loss, so that writing "
            "into z pays from the first update on. A beta above one would do the "
            "opposite: it buys independent dimensions with rate."
        ),
        message(
            "It minimises another loss than the ELBO: the rate is higher than the "
            "likelihood needs, and the aggregated posterior may stray from the prior."
        ),
        {},
        {"beta": 0.4},
    ),
    "annealing": Cure(
        message("Linear annealing and word dropout"),
        message("Bowman et al., 2016"),
        message(
            "Beta rises from zero over the first half of the training, so that the "
            "encoder is worth reading before its rate counts. Hiding many of the "
            "decoder's words makes it need z."
        ),
        message(
            "A decoder that is used to missing words is a worse language model. Without "
            "the word dropout, or with a decoder that is strong enough, the rate still "
            "falls when beta is full."
        ),
        {},
        {"beta_schedule": "linear", "beta_warmup": 0.5, "word_dropout": 0.4},
    ),
    "cyclical": Cure(
        message("Cyclical annealing"),
        message("Fu et al., 2019"),
        message(
            "Beta climbs from zero again and again. Each cycle starts from an encoder "
            "that the last one taught, so that z is worth more to the decoder each time. "
            "Some words stay hidden from it, as in the schedule above."
        ),
        message(
            "The objective changes all the time; the weights to keep are found where beta is full."
        ),
        {},
        {"beta_schedule": "cyclical", "beta_cycles": 4, "beta_ratio": 0.8, "word_dropout": 0.3},
    ),
    "free-bits": Cure(
        message("Free bits, with annealing"),
        message("Kingma et al., 2016"),
        message(
            "Below a floor of some nats the rate of a dimension costs nothing, so that "
            "nothing pushes it further down. Beta rises as well, from zero over the first "
            "half of the training."
        ),
        message(
            "The rate settles near the floor whether the sentences need it or not; too "
            "high a floor costs likelihood."
        ),
        {},
        {"free_bits": 0.25, "beta_schedule": "linear", "beta_warmup": 0.5},
    ),
    "pretraining": Cure(
        message("Autoencoder first, with annealing"),
        message("Li et al., 2019"),
        message(
            "The model begins as a plain autoencoder, without any rate. Then the decoder "
            "is drawn anew, and learns from the start beside an encoder that already "
            "tells sentences apart. Free bits hold the rate up, and beta rises from zero "
            "over the first half of the rest."
        ),
        message("A part of the training goes into a decoder that is thrown away."),
        {},
        {"autoencoder": 0.25, "free_bits": 0.25, "beta_schedule": "linear", "beta_warmup": 0.5},
    ),
    "aggressive": Cure(
        message("Aggressive encoder, with annealing"),
        message("He et al., 2019"),
        message(
            "A collapse begins when the encoder lags behind the decoder. Here the "
            "encoder is trained until it gains no more, twenty times at most, before "
            "each step of the decoder, as long as the mutual information still climbs. "
            "Beta rises as well, from zero over the first half of the training."
        ),
        message("The slowest cure: every early update costs ten or more."),
        {},
        {"encoder_updates": 20, "beta_schedule": "linear", "beta_warmup": 0.5},
    ),
    "mean-norm": Cure(
        message("Batch-normalised posterior means"),
        message("Zhu et al., 2020"),
        message(
            "Each dimension's means are held at one standard deviation over the "
            "sentences, so that the rate cannot fall below Z s²/2 nats whatever the "
            "optimiser does."
        ),
        message(
            "A floor, not a guarantee that the decoder listens: look at the mutual "
            "information and at what it says from another sentence's z."
        ),
        {"mean_scale": 0.6},
        {},
    ),
    "mmd": Cure(
        message("MMD instead of the rate (InfoVAE)"),
        message("Zhao et al., 2017"),
        message(
            "The rate hardly counts; a distance between the aggregated posterior and the "
            "prior, measured on draws, takes its place. Each posterior is free to tell "
            "its sentence apart."
        ),
        message(
            "The importance-weighted likelihood suffers, since posteriors are narrow; "
            "two draws of a batch tell little of the distance in many dimensions."
        ),
        {},
        {"beta": 0.1, "mmd": 20.0},
    ),
    "denoising": Cure(
        message("Denoising"),
        message("Shen et al., 2020"),
        message(
            "The encoder reads sentences with words deleted and has to tell what was "
            "meant, so that similar sentences come to lie close together. The adversary "
            "of the paper is replaced by MMD, as above, and the rate hardly counts."
        ),
        message("It reconstructs less exactly, and shares the costs of MMD."),
        {},
        {"beta": 0.1, "mmd": 20.0, "denoising": 0.3},
    ),
}


def plain(config: RunConfig) -> RunConfig:
    """A configuration with every cure taken out."""
    model = replace(config.model, mean_scale=0.0)
    return RunConfig(config.data, model, replace(config.train, **PLAIN))


def cure_named(name: str) -> Cure:
    """A cure by its name.

    Raises:
        UserError: there is no such cure; the message lists those there are.
    """
    if name not in CURES:
        raise UserError(
            "There is no cure '{name}'; choose one of {names}.",
            name=name,
            names=enumeration(CURES, "or"),
        )
    return CURES[name]


def cured(config: RunConfig, name: str) -> RunConfig:
    """The plain form of a configuration with one cure.

    Raises:
        UserError: as `cure_named`.
    """
    cure, base = cure_named(name), plain(config)
    return RunConfig(
        base.data, replace(base.model, **cure.model), replace(base.train, **cure.train)
    )
