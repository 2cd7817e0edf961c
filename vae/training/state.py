"""Where a run stands, beside its weights and moments."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any


@dataclass
class TrainState:
    """Where a run stands: everything a resumed run needs beside weights and moments."""

    step: int = 0
    epoch: int = 0
    batch_in_epoch: int = 0
    seconds: float = 0.0
    # Of what the run minimises without free bits, negated: the weights of the best are kept.
    best_score: float = -math.inf
    best_elbo: float = -math.inf
    best_step: int = 0
    validations_without_gain: int = 0
    aggressive: bool = False
    most_information: float = -math.inf
    ended: str = ""  # why, where that is before the last update
    diverging: int = 0  # updates in a row that are far above the frequencies of words
    usual_norm: float = 0.0  # of gradients, when the model was better than those last
    divergence: dict[str, Any] | None = None
    # Sums since the last step report and since the last validation: losses, sentences, tokens.
    since_report: dict[str, float] = field(default_factory=dict)
    since_validation: dict[str, float] = field(default_factory=dict)
