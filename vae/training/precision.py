"""Which arithmetic trains faster on this CPU, measured rather than assumed."""

from __future__ import annotations

import copy
import time

import torch

from vae.batching import Encoded, batch_sizes
from vae.config import TrainConfig
from vae.models import RecurrentVAE, decoder_inputs
from vae.objectives import distortion, objective

_TRIALS = 4


def native_bf16() -> bool:
    """Whether the CPU multiplies bf16 itself; elsewhere it is emulated, and slow."""
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def seconds_per_update(
    model: RecurrentVAE, train: Encoded, config: TrainConfig, precision: str
) -> float:
    """The median cost of an update over typical batches, on a copy of the model."""
    trial = copy.deepcopy(model)
    optimizer = torch.optim.AdamW(trial.parameters(), fused=True)
    generator = torch.Generator().manual_seed(0)
    size = [len(r) for r in train.rows]
    group = size.index(max(size))
    tokens = train.tokens[group][: batch_sizes(train, config.tokens_per_batch)[group]]
    times = []
    for _ in range(_TRIALS):
        began = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            posterior = trial.encode(tokens)
            z = posterior.sample(generator)
            logits = trial.logits(decoder_inputs(tokens), z, generator)
        optimizer.zero_grad(set_to_none=True)
        objective(distortion(logits, tokens), posterior, 1.0).backward()
        optimizer.step()
        times.append(time.perf_counter() - began)
    return sorted(times[1:])[len(times[1:]) // 2]


def choose_precision(model: RecurrentVAE, train: Encoded, config: TrainConfig) -> tuple[str, float]:
    """("fp32" or "bf16", seconds an update takes with it); a precision asked for is kept."""
    options = [config.precision]
    if config.precision == "auto":
        options = ["fp32", "bf16"] if native_bf16() else ["fp32"]
    cost = {p: seconds_per_update(model, train, config, p) for p in options}
    best = min(cost, key=cost.__getitem__)
    return best, cost[best]
