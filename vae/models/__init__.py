"""Sentence VAEs behind one protocol."""

from dataclasses import replace

import torch

from vae.config import ModelConfig
from vae.models.base import Draw, Posterior, SentenceVAE, State, TrainableVAE, decoder_inputs
from vae.models.recurrent import RecurrentVAE
from vae.models.transformer import TransformerVAE

__all__ = [
    "Draw",
    "ModelConfig",
    "Posterior",
    "RecurrentVAE",
    "SentenceVAE",
    "State",
    "TrainableVAE",
    "TransformerVAE",
    "decoder_inputs",
    "make_model",
    "with_latents",
]


def make_model(config: ModelConfig) -> TrainableVAE:
    """The model that a configuration asks for, with weights from torch's global generator."""
    return (TransformerVAE if config.architecture == "transformer" else RecurrentVAE)(config)


def with_latents(model: TrainableVAE, latent_dim: int) -> TrainableVAE:
    """The model itself where it has Z dimensions, else a new one that has; random numbers stay."""
    if model.config.latent_dim == latent_dim:
        return model
    with torch.random.fork_rng(devices=[]):
        return make_model(replace(model.config, latent_dim=latent_dim))
