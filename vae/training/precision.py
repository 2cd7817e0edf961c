"""Which arithmetic trains faster on this CPU, measured rather than assumed."""

from __future__ import annotations

import copy
import itertools
import time
from collections.abc import Callable
from dataclasses import replace

import torch

from vae.batching import Batches
from vae.config import TrainConfig
from vae.models import TrainableVAE
from vae.training.distributed import Team
from vae.training.update import Updater

_TRIALS = 6
# How long aggressive training lasts is not known before; He et al. (2019) report a small part.
_AGGRESSIVE_SHARE = 0.25


def native_bf16() -> bool:
    """Whether the CPU multiplies bf16 itself; elsewhere it is emulated, and slow."""
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def seconds_per_update(
    model: TrainableVAE, train: Batches, config: TrainConfig, precision: str, team: Team
) -> float:
    """What an update costs on average: trials on batches of a shuffled epoch, on a copy."""
    trial = Updater(copy.deepcopy(model), replace(config, precision=precision), team)
    batches = list(itertools.islice(train.epoch(config.seed, 0), _TRIALS))
    trial.update(batches[0], config.beta, config.learning_rate)  # the first one warms up
    plain = _seconds(lambda: [trial.update(b, config.beta, 1e-4) for b in batches]) / len(batches)
    if not config.encoder_updates:
        return plain
    aggressive = _seconds(lambda: trial.aggressive_update(batches[-1], config.beta, 1e-4, train))
    return (1 - _AGGRESSIVE_SHARE) * plain + _AGGRESSIVE_SHARE * aggressive


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def choose_precision(
    model: TrainableVAE, train: Batches, config: TrainConfig, team: Team | None = None
) -> tuple[str, float]:
    """("fp32" or "bf16", seconds an update takes with it); a precision asked for is kept."""
    team = team or Team()
    options = [config.precision]
    if config.precision == "auto":
        emulated = team.any(not native_bf16())
        options = ["fp32"] if emulated else ["fp32", "bf16"]
    cost = {p: seconds_per_update(model, train, config, p, team) for p in options}
    best: str = team.agree(min(cost, key=cost.__getitem__))
    return best, float(team.agree(cost[best]))
