"""Does each dimension stand for one thing? Six metrics, for any codes and discrete factors."""

from vae.diagnostics.disentanglement.representation import Representation
from vae.diagnostics.disentanglement.scores import (
    MOST_ROWS,
    SEEDS,
    WHAT,
    Scores,
    measure,
    over_seeds,
)

__all__ = [
    "MOST_ROWS",
    "SEEDS",
    "WHAT",
    "Representation",
    "Scores",
    "measure",
    "over_seeds",
]
