"""What changes in a sentence when it is moved along one dimension?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from vae.diagnostics.bootstrap import Interval, share_of
from vae.diagnostics.label_reader import LabelReader
from vae.i18n import message
from vae.latent.spread import Spread
from vae.models.explorable import Explorable
from vae.progress import Progress, silent

LOW, HIGH = -2.0, 2.0
"""Where a dimension is moved from and to, in standard deviations (`vae.latent.spread`)."""


@dataclass(frozen=True)
class Changes:
    """What a move changes in N sentences.

    Attributes:
        same: how often both ends decode to the same sentence.
        labels: how often the value of each label differs between the ends, of the sentences that
            can be read at both; empty where none can.
        readable: how many those are.
    """

    same: Interval
    labels: Mapping[str, Interval]
    readable: int


def along_each_dimension(
    model: Explorable,
    reader: LabelReader,
    z: Tensor,
    progress: Progress = silent,
    spread: Spread | None = None,
) -> list[Changes]:
    """For each of Z dimensions what differs between -2 and 2, all else at the means z (N, Z).

    Shares with Wilson's interval.

    Args:
        spread: where the dimensions lie; without one as the prior N(0, I) has them.

    Raises:
        UserError: as `Explorable.decode` and `encode`.
    """
    ends = [(spread or Spread.of_prior(z.shape[1])).at(place) for place in (LOW, HIGH)]
    out = []
    for d in range(z.shape[1]):
        progress(
            d, z.shape[1], message("Moving {n:,} sentences along dimension {d}", n=len(z), d=d)
        )
        low, high = z.clone(), z.clone()
        low[:, d], high[:, d] = ends[0][d], ends[1][d]
        out.append(between(model, reader, low, high))
    progress(z.shape[1], z.shape[1], message("Moved along every dimension"))
    return out


def along_random_directions(
    model: Explorable,
    reader: LabelReader,
    z: Tensor,
    generator: torch.Generator,
    spread: Spread | None = None,
) -> Changes:
    """The control: as far as from -2 to 2, with each sentence in a direction of its own.

    A direction is even on the sphere, in standard deviations of the dimensions; the sentence (N, Z)
    stands in the middle of the way.
    """
    deviation = (spread or Spread.of_prior(z.shape[1])).deviation
    direction = torch.randn(z.shape, generator=generator)
    step = (HIGH - LOW) / 2 * direction / direction.norm(dim=1, keepdim=True).clamp_min(1e-12)
    return between(model, reader, z - step * deviation, z + step * deviation)


def between(model: Explorable, reader: LabelReader, low: Tensor, high: Tensor) -> Changes:
    """What differs between the sentences at latents (N, Z) and those at others (N, Z)."""
    before, after = model.decode(low), model.decode(high)
    read = zip(reader.read(before), reader.read(after), strict=True)
    pairs = [(a, b) for a, b in read if a is not None and b is not None]
    return Changes(
        same=share_of([a == b for a, b in zip(before, after, strict=True)]),
        labels={k: share_of([a[k] != b[k] for a, b in pairs]) for k in reader.labels if pairs},
        readable=len(pairs),
    )
