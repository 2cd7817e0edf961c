"""How long a study of a run will take on this machine, before it is made."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vae.corpora.registry import origin
from vae.explorer import Explorer

_TRIED = 64
_START = 6.0  # a process, torch, the run, and its sentences


@dataclass(frozen=True)
class _Cost:
    """What a study takes.

    Attributes:
        decoded: in trials (64 sentences encoded and decoded), since it is the model that works.
        fixed: seconds of what the model has no part in, as fitting probes.
        sentences: held-out ones that it looks at, at most: of fewer it takes less.
        labels: that it needs: without them it ends at once.
    """

    decoded: float
    fixed: float
    sentences: int
    labels: int = 0


# From the seconds that are stored with the runs that ship, made on one core; a trial of `factors`
# took TRIAL seconds there.
_TRIAL = 0.036
_COSTS: Mapping[str, _Cost] = {
    "diagnosis": _Cost(31.9 / _TRIAL, 0, 2_000),
    "probes": _Cost(0, 6.5, 5_000, 1),
    "disentanglement": _Cost(0, 26, 12_000, 2),
    "dimensions": _Cost(3.3 / _TRIAL, 0, 4_000),
    "directions": _Cost(9 / _TRIAL, 0, 2_000, 1),
    "semantics": _Cost(4 / _TRIAL, 0, 1_000),
}
# Where a grammar reads what is said, each of its factors is steered.
_STEERED = 48 / _TRIAL


def trial(explorer: Explorer) -> float:
    """Seconds that this machine takes now to encode and decode 64 sentences of a run.

    Raises:
        UserError: the run cannot encode or decode.
    """
    sentences = (explorer.examples() * _TRIED)[:_TRIED]
    taken = []
    for _again in range(2):  # the first one is slower
        began = time.perf_counter()
        explorer.decode(explorer.encode(sentences).mean)
        taken.append(time.perf_counter() - began)
    return min(taken)


def seconds(explorer: Explorer, names: Iterable[str], tried: float) -> float:
    """What these studies of a run are expected to take, made by one process.

    Args:
        tried: `trial` of this run.
    """
    return _START + sum(_seconds(explorer, name, tried) for name in names)


def _seconds(explorer: Explorer, name: str, tried: float) -> float:
    cost, corpus = _COSTS[name], explorer.facts()["corpus"]
    if len(corpus.get("labels") or ()) < cost.labels:
        return 0.0
    held_out = float((corpus.get("splits") or {}).get("test", cost.sentences))
    share = min(1.0, held_out / cost.sentences)
    known = origin(corpus.get("source") or {})
    grammar = name == "directions" and known is not None and known.grammar is not None
    return share * (cost.fixed + tried * (cost.decoded + (_STEERED if grammar else 0)))
