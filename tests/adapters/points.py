"""Models that keep a point, behind adapters: a sentence has a code, and nothing around it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from tests.adapters import factor_analysis
from tests.adapters.factor_analysis import FactorSentences


class PointSentences:
    """Factor analysis as a plain autoencoder: the mean is the code, and its variance is forgotten.

    Codes are moved away from the origin and stretched, as nothing holds those of a plain
    autoencoder to N(0, I).
    """

    has_posterior = False
    description = "a plain autoencoder of (place, word)"
    centre, stretch = 5.0, 3.0

    def __init__(self, model: FactorSentences) -> None:
        self.model, self.latent_dim = model, model.latent_dim
        self.tokens, self.unknown_words = model.tokens, model.unknown_words
        self.as_read = model.as_read

    def encode(self, sentences: Sequence[str]) -> Tensor:
        """Codes (N, Z)."""
        return self.centre + self.stretch * self.model.encode(sentences).mean

    def decode(self, z: Tensor) -> list[str]:
        """As the model does of the code as it was."""
        return self.model.decode((z - self.centre) / self.stretch)

    def log_likelihood(self, sentences: Sequence[str], z: Tensor) -> list[Tensor]:
        """As the model does of the code as it was."""
        return self.model.log_likelihood(sentences, (z - self.centre) / self.stretch)


class UnitSentences:
    """Codes of length one, as sentence encoders give, and a decoder; no likelihood, no tokens."""

    has_posterior = False

    def __init__(self, model: FactorSentences) -> None:
        self.model, self.latent_dim = model, model.latent_dim

    def encode(self, sentences: Sequence[str]) -> Tensor:
        """Codes (N, Z) on the sphere."""
        return torch.nn.functional.normalize(self.model.encode(sentences).mean, dim=1)

    def decode(self, z: Tensor) -> list[str]:
        """At the length that draws of a prior would have."""
        return self.model.decode(z * self.latent_dim**0.5)


def make() -> PointSentences:
    return PointSentences(factor_analysis.make())


def make_unit() -> UnitSentences:
    return UnitSentences(factor_analysis.make())
