"""Paths between two points of the latent space."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from vae.errors import UserError
from vae.i18n import enumeration, message

_PARALLEL = 1e-4
_MOST_STEPS = 1_001


def lerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """(S, Z) points (1 - t) a + t b on the straight line, for a, b of (Z,) and t of (S,).

    In many dimensions its middle is nearer to the origin than the prior's typical shell.
    """
    t = t[:, None]
    return (1 - t) * a + t * b


def slerp(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """(S, Z) points on the great arc from a to b, for a, b of (Z,) and t of (S,).

    Spherical linear interpolation (Shoemake, 1985; for latent spaces White, 2016): the direction
    turns at a constant rate. The length goes linearly from |a| to |b|, so that the path keeps to
    the shell on which both ends lie. Parallel, opposite or zero ends have no arc of their own
    and give the straight line.
    """
    # In double precision: the sine of a nearly opposite pair has no digits left in single.
    p, q = a.double(), b.double()
    norm_a, norm_b = p.norm(), q.norm()
    if float(norm_a) == 0 or float(norm_b) == 0:
        return lerp(a, b, t)
    unit_a, unit_b = p / norm_a, q / norm_b
    cosine = (unit_a @ unit_b).clamp(-1, 1)
    omega = torch.arccos(cosine)
    if float(omega.sin()) < _PARALLEL:
        return lerp(a, b, t)
    s = t.double()[:, None]
    direction = (((1 - s) * omega).sin() * unit_a + (s * omega).sin() * unit_b) / omega.sin()
    points: Tensor = direction * ((1 - s) * norm_a + s * norm_b)
    return points.to(a.dtype)


WAYS: dict[str, Callable[[Tensor, Tensor, Tensor], Tensor]] = {"lerp": lerp, "slerp": slerp}
METHODS = tuple(WAYS)
NAMES = {"lerp": message("straight (lerp)"), "slerp": message("curved (slerp)")}
"""The ways as a person reads them, with their terms."""


def path(a: Tensor, b: Tensor, steps: int, method: str) -> tuple[Tensor, Tensor]:
    """(t of (S,), points of (S, Z)): `steps` even steps from a to b, both ends exact.

    Raises:
        UserError: fewer than two steps, more than 1,001, or a method that does not exist.
    """
    if not 2 <= steps <= _MOST_STEPS:
        raise UserError(
            "A path of {steps:,} steps cannot be drawn; choose from {least:,} to {most:,}.",
            steps=steps,
            least=2,
            most=_MOST_STEPS,
        )
    if method not in METHODS:
        raise UserError(
            "There is no method '{method}'; choose one of {methods}.",
            method=method,
            methods=enumeration(METHODS, "or"),
        )
    t = torch.linspace(0, 1, steps, dtype=a.dtype)
    points = WAYS[method](a, b, t)
    points[0], points[-1] = a, b
    return t, points
