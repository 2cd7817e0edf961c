"""Many sentences or latents given to a model, so many at once that memory stays bounded."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from vae.i18n import message
from vae.models import Posterior
from vae.models.explorable import Explorable
from vae.models.point import joined
from vae.progress import Progress, silent

_ENCODED, _DECODED = 2_000, 500


def encode_in_parts(
    model: Explorable, sentences: Sequence[str], progress: Progress = silent
) -> Posterior:
    """Posteriors (N, Z) of many sentences, so many at once that it can be said how far it is."""
    # Each once: whatever stands beside it in a batch, copies of a sentence have one posterior.
    different = {sentence: i for i, sentence in enumerate(dict.fromkeys(sentences))}
    asked, parts = list(different), list[Posterior]()
    for i in range(0, len(asked), _ENCODED):
        parts.append(model.encode(asked[i : i + _ENCODED]))
        progress(min(i + _ENCODED, len(asked)), len(asked), message("Encoding sentences"))
    found = joined(parts) if parts else model.encode([])
    if len(different) == len(sentences):
        return found
    return found.rows(torch.tensor([different[sentence] for sentence in sentences]))


def decode_in_parts(model: Explorable, z: Tensor, at_once: int = _DECODED) -> list[str]:
    """What a model says at many latents (N, Z), greedily."""
    return [said for part in z.split(at_once) for said in model.decode(part)]
