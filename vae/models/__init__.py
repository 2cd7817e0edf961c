"""Sentence VAEs behind one protocol."""

from vae.config import ModelConfig
from vae.models.base import Posterior, SentenceVAE, State, decoder_inputs
from vae.models.recurrent import RecurrentVAE

__all__ = [
    "ModelConfig",
    "Posterior",
    "RecurrentVAE",
    "SentenceVAE",
    "State",
    "decoder_inputs",
]
