"""Can a label be read off the posterior mean? Probes on held-out sentences."""

from vae.diagnostics.probes.cross_validated import (
    FOLDS,
    NEIGHBOURS,
    LabelProbe,
    LinearProbe,
    folds_of,
    linear_probe,
    probe_target,
)
from vae.diagnostics.probes.targets import LENGTH, Target, targets_of

__all__ = [
    "FOLDS",
    "LENGTH",
    "NEIGHBOURS",
    "LabelProbe",
    "LinearProbe",
    "Target",
    "folds_of",
    "linear_probe",
    "probe_target",
    "targets_of",
]
