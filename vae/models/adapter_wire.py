"""How a process and an adapter's process talk: JSON, and tensors beside it as safetensors.

Nothing is ever unpickled: what comes from the other side is texts, numbers, tensors, posteriors and
lists of these, and can be nothing else.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

import numpy as np
import torch
from safetensors.torch import load, save

from vae.models.base import Posterior

_HEAD = struct.Struct("<QQ")  # bytes of the JSON, bytes of the tensors


def write(pipe: BinaryIO, value: Any) -> None:
    """Send a value, made of what JSON has, tensors, arrays, posteriors and random generators.

    Raises:
        TypeError: there is something else in it.
    """
    tensors: dict[str, torch.Tensor] = {}
    text = json.dumps(_packed(value, tensors)).encode()
    beside = save(tensors) if tensors else b""
    pipe.write(_HEAD.pack(len(text), len(beside)) + text + beside)
    pipe.flush()


def read(pipe: BinaryIO) -> Any:
    """What `write` sent from the other side; tuples come as lists.

    Raises:
        EOFError: the other side has ended.
    """
    text, beside = _HEAD.unpack(_whole(pipe, _HEAD.size))
    tree = json.loads(_whole(pipe, text))
    tensors = load(_whole(pipe, beside)) if beside else {}
    return _unpacked(tree, tensors)


def _whole(pipe: BinaryIO, size: int) -> bytes:
    found = pipe.read(size)
    if len(found) < size:
        raise EOFError
    return found


def _packed(value: Any, tensors: dict[str, torch.Tensor]) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_packed(each, tensors) for each in value]
    if isinstance(value, dict):
        return {"dict": {str(name): _packed(each, tensors) for name, each in value.items()}}
    if isinstance(value, Posterior):
        return {"posterior": _packed([value.mean, value.logvar], tensors)}
    if isinstance(value, torch.Generator):
        return {"generator": _packed(value.get_state(), tensors)}
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "biuf":
            return {"array": _packed(value.tolist(), tensors)}
        return {"array": _packed(torch.from_numpy(np.ascontiguousarray(value)), tensors)}
    if isinstance(value, torch.Tensor):
        name = str(len(tensors))
        tensors[name] = value.detach().cpu().clone().contiguous()
        return {"tensor": name}
    raise TypeError(f"{type(value).__name__} cannot be sent")


def _unpacked(tree: Any, tensors: dict[str, torch.Tensor]) -> Any:
    if isinstance(tree, list):
        return [_unpacked(each, tensors) for each in tree]
    if not isinstance(tree, dict):
        return tree
    ((kind, inner),) = tree.items()
    match kind:
        case "tensor":
            return tensors[inner]
        case "dict":
            return {name: _unpacked(each, tensors) for name, each in inner.items()}
        case "array":
            found = _unpacked(inner, tensors)
            return found.numpy() if isinstance(found, torch.Tensor) else np.array(found)
        case "posterior":
            mean, logvar = _unpacked(inner, tensors)
            return Posterior(mean, logvar)
        case "generator":
            generator = torch.Generator()
            generator.set_state(_unpacked(inner, tensors))
            return generator
    raise ValueError(kind)
