"""What a model says around a latent: how soon another sentence comes as one goes away from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vae.errors import UserError
from vae.models.explorable import Explorable


@dataclass(frozen=True)
class Surroundings:
    """Sentences that draws from N(z, r^2 I) decode to, for each radius r.

    Attributes:
        radii: R standard deviations.
        said: for each radius (sentence, how many draws say it), most frequent first.
        n: draws of each radius.
    """

    radii: tuple[float, ...]
    said: tuple[tuple[tuple[str, int], ...], ...]
    n: int

    @property
    def distinct(self) -> tuple[int, ...]:
        """How many different sentences each radius holds; at most n."""
        return tuple(map(len, self.said))


def surroundings(
    model: Explorable, z: Tensor, radii: Sequence[float], n: int, generator: torch.Generator
) -> Surroundings:
    """Decode n draws at each radius around a latent (Z,), in the same n directions.

    Raises:
        UserError: a radius below 0, or fewer than one draw; as `Explorable.decode`.
    """
    if n < 1 or any(radius < 0 for radius in radii):
        raise UserError("Draws around a sentence need a radius of 0 or more, and one draw or more.")
    noise = torch.randn(n, len(z), generator=generator)  # (n, Z)
    points = torch.cat([z + radius * noise for radius in radii])  # (R * n, Z)
    said = model.decode(points)
    counted = (Counter(said[i * n : (i + 1) * n]).most_common() for i in range(len(radii)))
    return Surroundings(tuple(radii), tuple(tuple(each) for each in counted), n)
