"""Draws that differ from the prior in known ways, in axes that none of them knows."""

import math

import numpy as np

N = 2_000
DIMENSIONS = (2, 8, 48, 128)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def normal(z: int, seed: int = 1, n: int = N):
    return rng(seed).standard_normal((n, z))


def turn(z: int, seed: int = 5):
    return np.linalg.qr(rng(seed).standard_normal((z, z)))[0]


def half_space(z: int):
    """N(0, I) folded to one side of a plane that no axis knows."""
    draws = normal(z)
    draws[:, 0] = np.abs(draws[:, 0])
    return draws @ turn(z)


def parity(z: int, of: int):
    """N(0, I) where the product of some coordinates is positive: half the space, no mean."""
    draws = normal(z)
    draws[:, 0] *= np.sign(draws[:, :of].prod(1))
    return draws @ turn(z)


def sheet(z: int, noise: float = 0.05):
    """A curved sheet of two dimensions, a ring in a plane: mean 0 and covariance I, as the prior.

    Waves of different frequencies over a torus are uncorrelated.
    """
    waves = [(a, b) for a in range(7) for b in range(-6, 7) if a > 0 or b > 0]
    slow_first = sorted(waves, key=lambda wave: wave[0] ** 2 + wave[1] ** 2)[: z // 2]
    phases = rng(3).uniform(0, 2 * math.pi, (N, 2)) @ np.array(slow_first).T  # (N, Z / 2)
    curved = math.sqrt(2) * np.concatenate([np.cos(phases), np.sin(phases)], 1)
    return curved @ turn(z) + noise * normal(z)
