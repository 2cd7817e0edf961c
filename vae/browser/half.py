"""Tensors in half precision as one safetensors file, and what is told of them in its metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from safetensors.numpy import save
from torch import Tensor

from vae.i18n import Message, message

_LARGEST = float(np.finfo(np.float16).max)


def half_refusal(tensors: Mapping[str, Tensor]) -> Message | None:
    """Why half precision cannot hold tensors of any shape; None where it can."""
    if all(bool((values.abs() <= _LARGEST).all()) for values in tensors.values()):
        return None
    return message("A weight of this model is too large for half precision.")


def packed(tensors: Mapping[str, Tensor], told: Mapping[str, Any]) -> bytes:
    """Tensors of any shape in fp16, the same bytes each time, as `readTensors` of tensors.js reads
    them; `told` is the one entry of the metadata, `decoder`, as JSON."""
    halves = {name: v.detach().numpy().astype(np.float16) for name, v in tensors.items()}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return bytes(save(halves, metadata={"decoder": text}))
