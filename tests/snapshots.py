"""Snapshots of a run as training keeps them: posterior means that spread out from nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vae.corpora import factors
from vae.runs.store import RunDirectory


def keep_snapshots(run: RunDirectory, steps: Sequence[int], n: int = 40, dims: int = 4) -> None:
    """Write snapshots/STEP.npz for every step, and the sentences and labels that they are of."""
    corpus = factors.generate(n, seed=3)
    labels = {name: list(corpus.labels[name]) for name in ("tense", "mood")}
    run.write_json(
        "snapshots/sentences.json", {"sentences": list(corpus.sentences), "labels": labels}
    )
    for i, step in enumerate(steps):
        keep_snapshot(run, step, spread=i / max(len(steps) - 1, 1), n=n, dims=dims)


def keep_snapshot(
    run: RunDirectory, step: int, *, spread: float, n: int = 40, dims: int = 4
) -> None:
    """Write the snapshot of one step."""
    rng = np.random.default_rng(0)
    mean = spread * rng.normal(size=(n, dims)) * np.linspace(2, 0.5, dims)
    run.write_arrays(f"snapshots/{step:08d}.npz", {"mean": mean.astype(np.float16)})
