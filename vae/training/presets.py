"""Settings that were found to work, by name."""

from __future__ import annotations

from vae.config import ModelConfig, RunConfig, TrainConfig
from vae.errors import UserError

_SMALL = ModelConfig(embedding_dim=96, encoder_hidden=128, decoder_hidden=256, latent_dim=16)

PRESETS: dict[str, tuple[str, RunConfig]] = {
    "balanced": ("a healthy model of everyday text in some minutes", RunConfig()),
    "quick": (
        "a first look at a new corpus, in a minute or two",
        RunConfig(model=_SMALL, train=TrainConfig(epochs=8)),
    ),
}


def preset(name: str) -> RunConfig:
    """The configuration of a preset.

    Raises:
        UserError: there is none of that name; the message lists those there are.
    """
    if name not in PRESETS:
        raise UserError(f"There is no preset '{name}'; choose one of {', '.join(PRESETS)}.")
    return PRESETS[name][1]
