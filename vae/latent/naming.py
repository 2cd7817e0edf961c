"""What a dimension seems to stand for, judged by the labels of the corpus."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vae.diagnostics.label_information import (
    Label,
    LabelInformation,
    countable,
    information,
)
from vae.i18n import _

NOT_A_FACTOR = ("split",)
WEAKEST_BITS = 0.1
WEAKEST_SHARE = 0.05


@dataclass(frozen=True)
class DimensionName:
    """The label that a dimension tells most of.

    Attributes:
        column: the label.
        bits: mutual information of a draw of the dimension with it (`information`).
        share: the part of the label's entropy that this is, 0 to 1.
        low, high: the values whose sentences have the lowest and the highest mean draw there.
        values: how many values the label has.
    """

    column: str
    bits: float
    share: float
    low: str
    high: str
    values: int

    @property
    def nats(self) -> float:
        """The mutual information in nats, the unit in which it is shown."""
        return self.bits * math.log(2)

    @property
    def said(self) -> str:
        """The name as it is proposed: "tense, 0.58 nats"."""
        return _("{label}, {nats:.2f} nats", label=self.column, nats=self.nats)


def bits(nats: float) -> float:
    """Nats in bits."""
    return nats / math.log(2)


def group_means(z: npt.NDArray[np.floating], label: Label) -> npt.NDArray[np.float64]:
    """(G, Z) mean of the latents (N, Z) of each of the G values of a label."""
    member = label.codes[:, None] == np.arange(len(label.names))  # (N, G)
    means: npt.NDArray[np.float64] = (member / member.sum(0)).T @ np.asarray(z, np.float64)
    return means


def name_dimensions(
    z: npt.NDArray[np.floating],
    labels: Mapping[str, Sequence[str]],
    types: Mapping[str, str] | None = None,
) -> list[DimensionName | None]:
    """For each of Z dimensions the label that it tells most of, or None where it tells too little.

    Give draws from the posterior (N, Z), one a sentence: see `vae.diagnostics.label_information`.
    Labels of more than 40 values that are no measures, of one value, and "split" are no candidates.
    See `best_names` for what is most, and `countable` for `types`.
    """
    if len(z) < 4:
        return [None] * z.shape[1]
    kept, _ = countable({k: v for k, v in labels.items() if k not in NOT_A_FACTOR}, types)
    rng = np.random.default_rng(0)  # draws nothing: no label is shuffled here
    return best_names(information(z, kept, rng, shuffles=0), kept, z)


def best_names(
    found: Mapping[str, LabelInformation],
    labels: Mapping[str, Label],
    z: npt.NDArray[np.floating],
) -> list[DimensionName | None]:
    """For each of Z dimensions the label of whose entropy it tells the largest part.

    The part, not the bits (Theil's uncertainty coefficient, 1970): of a coarse label and a finer
    one that contains it, the finer always has as many bits. A name needs 0.1 bits and a
    twentieth of the label's entropy, and more than shuffled labels give where that is known.
    """
    best: list[DimensionName | None] = [None] * z.shape[1]
    for column, told in found.items():
        label = labels[column]
        means = group_means(z, label)
        for d, nats in enumerate(told.value):
            share = min(1.0, float(nats) / label.entropy)
            if bits(float(nats)) < WEAKEST_BITS or share < WEAKEST_SHARE:
                continue
            if nats <= told.chance[d]:
                continue
            known = best[d]
            if known is None or share > known.share:
                low, high = int(means[:, d].argmin()), int(means[:, d].argmax())
                best[d] = DimensionName(
                    column,
                    bits(float(nats)),
                    share,
                    label.names[low],
                    label.names[high],
                    len(label.names),
                )
    return best
