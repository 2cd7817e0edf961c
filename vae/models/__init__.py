"""Sentence VAEs behind one protocol."""

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
]


def make_model(config: ModelConfig) -> TrainableVAE:
    """The model that a configuration asks for, with weights from torch's global generator."""
    return (TransformerVAE if config.architecture == "transformer" else RecurrentVAE)(config)
