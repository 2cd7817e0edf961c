"""A VAE beside a plain autoencoder, both trained on small pictures of digits."""

from __future__ import annotations

from vae.corpora import vectors
from vae.models.vector import VectorConfig
from vae.training.vector import VectorTrainConfig, VectorTraining

LATENTS = 20
EPOCHS = 60
BETAS = (1.0, 0.0)
"""Of the VAE, and of the autoencoder."""


def trained() -> list[VectorTraining]:
    """Both, trained here; it takes some seconds."""
    found = vectors.digits()
    sizes = VectorConfig(found.values.shape[1], latent_dim=LATENTS)
    made = [VectorTraining(found, sizes, VectorTrainConfig(EPOCHS, beta=beta)) for beta in BETAS]
    for each in made:
        each.advance()
    return made
