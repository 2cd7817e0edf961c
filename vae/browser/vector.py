"""The decoder of a vector VAE for a browser: two layers in fp16, and words for its values."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from vae.browser.half import half_refusal, packed
from vae.corpora.vectors import Terms
from vae.errors import UserError
from vae.models.vector import VectorVAE

MOST_WORDS = 400


def pack_vector(model: VectorVAE, terms: Terms | None = None) -> bytes:
    """What `VectorDecoder.read` of vector.js takes: the rows of the mean, not of the variance.

    Args:
        terms: what the values of a sentence's vector say; the words of the most weight go along.

    Raises:
        UserError: half precision cannot hold a weight.
    """
    c = model.config
    tensors: dict[str, Tensor] = {
        "unfold.weight": model.unfold.weight,
        "unfold.bias": model.unfold.bias,
        "to_output.weight": model.to_output.weight[: c.data_dim],
        "to_output.bias": model.to_output.bias[: c.data_dim],
    }
    told: dict[str, Any] = {
        "kind": "vector",
        "likelihood": c.likelihood,
        "latent_dim": c.latent_dim,
    }
    if terms is not None:
        heavy = np.sort(np.argsort(-np.square(terms.weights).sum(0), kind="stable")[:MOST_WORDS])
        tensors["words"] = torch.from_numpy(terms.weights[:, heavy].copy())
        told["words"] = [terms.names[i] for i in heavy]
    if (why := half_refusal(tensors)) is not None:
        raise UserError(why)
    return packed(tensors, told)
