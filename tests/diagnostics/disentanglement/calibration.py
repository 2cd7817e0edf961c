"""The published representations, where they are at hand."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from vae.diagnostics.disentanglement import Representation

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "disentanglement"

needed = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the published representations are not on this machine"
)


@cache
def published(name: str, rows: int = 10_000, seed: int = 0) -> Representation:
    """Rows of toy or toy_ideal1, as many as the published figures rest on, the same by seed."""
    whole = _whole(name)
    return whole.rows(np.random.default_rng(seed).choice(len(whole), rows, replace=False))


@cache
def _whole(name: str) -> Representation:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        codes = np.array([line[1:] for line in list(csv.reader(file))[1:]], dtype=float)
    with (FOLDER / "factors.csv").open(encoding="utf-8") as file:
        header, *lines = csv.reader(file)
    return Representation.of(codes, dict(zip(header, zip(*lines, strict=True), strict=True)))


def made(codes: np.ndarray, *factors: np.ndarray) -> Representation:
    """A representation of codes (N, D) and whole numbers."""
    return Representation(
        np.asarray(codes, dtype=float),
        np.stack(factors, 1).astype(np.int64),
        tuple(f"factor {i}" for i in range(len(factors))),
    )


def independent(n: int = 2_000, values: int = 4, seed: int = 0) -> Representation:
    """Three dimensions that know nothing of two factors."""
    rng = np.random.default_rng(seed)
    return made(rng.normal(size=(n, 3)), *rng.integers(0, values, (2, n)))


def perfect(n: int = 2_000, values: int = 4, seed: int = 0) -> Representation:
    """Two dimensions that each hold one of two factors, with a little noise, and one of noise."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, values, (2, n))
    return made(np.stack([a, b, a * 0], 1) + 0.05 * rng.normal(size=(n, 3)), a, b)
