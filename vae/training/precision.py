"""Which arithmetic a run trains with, by the machine and the sizes alone, and what an update costs.

No clock has a part in the first: the same command on the same machine gives the same weights,
whatever else the machine does.
"""

from __future__ import annotations

import copy
import itertools
import time
from collections.abc import Callable

import torch

from vae.batching import Batches
from vae.config import ModelConfig, TrainConfig
from vae.models import TrainableVAE
from vae.training.distributed import Team
from vae.training.update import Updater

# The first batches of a shuffled epoch are of some lengths only, so of quick ones more are tried.
_TRIALS, _MOST_TRIALS, _ROUNDS = 6, 24, 3
_ROUND_SECONDS = 0.5
# How long aggressive training lasts is not known before; He et al. (2019) report a small part.
_AGGRESSIVE_SHARE = 0.25
# Units times tokens of a batch. From here on bf16 was the faster of the two in all but 3 of 84
# models that were tried (LSTM, GRU, transformer, 16 to 512 units, 64 to 2,048 tokens, 100 to 10,000
# words; up to 2.9 times, and those 3 slower by 6 % at most); below, the copies between the two
# mostly cost more than multiplying saves.
_LARGE = 16_384


def native_bf16() -> bool:
    """Whether the CPU multiplies bf16 itself; elsewhere it is emulated, and slow."""
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def resolve_precision(model: ModelConfig, config: TrainConfig, team: Team | None = None) -> str:
    """What is asked for, and for "auto" "fp32" or "bf16", by the machines and the sizes.

    Of several machines the one that lacks bf16 decides.
    """
    if config.precision != "auto":
        return config.precision
    width = model.embedding_dim if model.architecture == "transformer" else model.decoder_hidden
    emulated = (team or Team()).any(not native_bf16())
    return "fp32" if emulated or width * config.tokens_per_batch < _LARGE else "bf16"


def seconds_per_update(
    model: TrainableVAE, train: Batches, config: TrainConfig, team: Team | None = None
) -> float:
    """What an update costs on average: trials on batches of a shuffled epoch, on a copy.

    Args:
        config: with a precision that is resolved.
    """
    team = team or Team()
    trial = Updater(copy.deepcopy(model), config, team)
    batches = list(itertools.islice(train.epoch(config.seed, 0), _MOST_TRIALS))
    trial.update(batches[0], config.beta, config.learning_rate)  # the first one warms up
    few = _seconds(lambda: [trial.update(b, config.beta, 1e-4) for b in batches[:_TRIALS]])
    n = int(_ROUND_SECONDS * _TRIALS / max(few, 1e-9))
    # As many in each process, whatever its own clock says.
    batches = batches[: max(_TRIALS, round(team.agree(float(n))))]
    tried = [
        _seconds(lambda: [trial.update(b, config.beta, 1e-4) for b in batches])
        for _ in range(_ROUNDS)
    ]
    # The quickest: others may use the machine meanwhile.
    cost = min(tried) / len(batches)
    if config.encoder_updates:
        dear = _seconds(lambda: trial.aggressive_update(batches[-1], config.beta, 1e-4, train))
        cost = (1 - _AGGRESSIVE_SHARE) * cost + _AGGRESSIVE_SHARE * dear
    return float(team.agree(cost))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
