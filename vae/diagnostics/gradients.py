"""What a model must offer beside `Explorable` so that its gradients can be followed.

Every function is pure: nothing is kept, no weight takes a gradient and no hook is set, so that many
sessions may ask one model at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from vae.models import TrainableVAE, decoder_inputs
from vae.objectives import token_log_likelihood
from vae.tokenizer import Tokenizer


class Gradients(Protocol):
    """A model as two functions that can be differentiated: words to means, z to scores."""

    def embed(self, sentence: str) -> Tensor:
        """(T, E) the embedding of each token, the end last."""
        ...

    def means(self, embedded: Tensor) -> Tensor:
        """(B, Z) posterior means of sentences given as embeddings (B, T, E)."""
        ...

    def log_likelihood(self, sentence: str, z: Tensor, most: int) -> Tensor:
        """(B, T) log p in nats of the first `most` tokens of one sentence, given z (B, Z)."""
        ...


@dataclass(frozen=True)
class ModelGradients:
    """`Gradients` of a model of ours, whose weights are frozen."""

    model: TrainableVAE
    tokenizer: Tokenizer

    def embed(self, sentence: str) -> Tensor:
        """As `Gradients.embed`."""
        return self.model.embed(self._ids(sentence))[0].detach()

    def means(self, embedded: Tensor) -> Tensor:
        """As `Gradients.means`."""
        return self.model.encode_embedded(embedded).mean

    def log_likelihood(self, sentence: str, z: Tensor, most: int) -> Tensor:
        """As `Gradients.log_likelihood`."""
        tokens = self._ids(sentence)[:, :most].expand(len(z), -1)
        return token_log_likelihood(self.model.logits(decoder_inputs(tokens), z), tokens)

    def _ids(self, sentence: str) -> Tensor:
        return torch.tensor([self.tokenizer.encode(sentence)])
