"""How much does one dimension tell of one label? Mutual information, with its doubt and control.

The dimension is cut into bins of equal count, the counts give the plug-in estimate, and the bias of
that is taken off (Miller, 1955). What bins cannot see is lost, so the figure is a lower bound, but
for the noise that its interval states.

It is asked of draws from the posterior, which are what a decoder learns from: of those a dimension
tells no more than the KL that it costs, I(z_d; label) <= I(z_d; x) <= KL_d. Means tell as much
however small they are beside the posterior's noise, so in a collapsed model they still seem to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vae.corpora.label_types import MEASURED, LabelType, categories, measures, types_of, written
from vae.diagnostics.bootstrap import Floats
from vae.diagnostics.contingency import entropy, joint_counts
from vae.diagnostics.samples import Reason
from vae.errors import UserError
from vae.i18n import message
from vae.i18n.numbers import ERRORS
from vae.progress import Progress, silent

Codes = npt.NDArray[np.intp]

MOST_VALUES = 40
BINS = 20
SHUFFLES = 20
# A measure of more values than are counted one by one is cut into bins.
_COUNTED = 20
_NUMBER_BINS = 10
_PER_BIN = 25


@dataclass(frozen=True)
class Label:
    """A label that can be counted.

    Attributes:
        codes: (N,) numbers of values; -1 where a sentence has none.
        names: what each stands for.
        entropy: in nats, of the sentences that have it.
    """

    codes: Codes
    names: tuple[str, ...]
    entropy: float


@dataclass(frozen=True)
class LabelInformation:
    """What each of Z dimensions tells of one label; all figures in nats.

    Attributes:
        value: (Z,) the estimate; what noise makes negative is 0.
        low, high: (Z,) a 95% interval, by the delta method (see `information`).
        chance: (Z,) the largest of the estimates with shuffled labels: what is above has a p-value
            of at most 1 / (shuffles + 1). NaN where nothing was shuffled.
        entropy: of the label: the most that can be told.
        values: how many values it has.
        n: sentences that have it.
    """

    value: Floats
    low: Floats
    high: Floats
    chance: Floats
    entropy: float
    values: int
    n: int


def countable(
    labels: Mapping[str, Sequence[str]], types: Mapping[str, str] | None = None
) -> tuple[dict[str, Label], dict[str, Reason]]:
    """(labels that can be counted, why the others cannot): 2 to 40 values, or measures in bins.

    Numbers and dates of more than 20 values are cut into ten bins of equal count. A sentence
    without a value is not asked: that it has none is no value of the label.

    Args:
        types: label to its type (`vae.corpora.label_types`), where it is known; else it is guessed.
    """
    kept: dict[str, Label] = {}
    left_out: dict[str, Reason] = {}
    said = {column: list(map(str, values)) for column, values in labels.items()}
    known = types_of(said, types)
    for column, values in said.items():
        names, of_all = _numbered(values, known[column])
        codes = of_all[of_all >= 0]
        if len(codes) < len(of_all) and len(codes) < _PER_BIN:
            left_out[column] = Reason.of("too-few", n=len(codes), needed=_PER_BIN)
        elif len(names) < 2:
            left_out[column] = Reason("one-value")
        elif len(names) > MOST_VALUES:
            left_out[column] = Reason.of("many-values", n=len(names), most=MOST_VALUES)
        else:
            kept[column] = Label(of_all, names, entropy(np.bincount(codes)))
    return kept, left_out


def _numbered(values: Sequence[str], kind: LabelType) -> tuple[tuple[str, ...], Codes]:
    """(names of the values or bins, (N,) which of them each value is, -1 where there is none)."""
    codes = np.full(len(values), -1, dtype=np.intp)
    if kind not in MEASURED:
        said = np.asarray(categories(values, kind), dtype=str)
        names, codes[said != ""] = np.unique(said[said != ""], return_inverse=True)
        return tuple(map(str, names)), codes
    x = measures(values, kind)
    rows = np.flatnonzero(np.isfinite(x))
    bins: npt.NDArray[Any] = x[rows]
    if len(np.unique(bins)) > _COUNTED:
        bins = quantile_bins(bins[:, None], _NUMBER_BINS)[:, 0]
    different, codes[rows] = np.unique(bins, return_inverse=True)
    ends = [(x[codes == b].min(), x[codes == b].max()) for b in range(len(different))]
    return tuple(_range(float(low), float(high), kind) for low, high in ends), codes


def _range(low: float, high: float, kind: LabelType) -> str:
    return written(low, kind) if low == high else f"{written(low, kind)} – {written(high, kind)}"


def bins_for(n: int) -> int:
    """How many bins n sentences allow: 20, or so few that each holds 25 sentences; 2 at least."""
    return max(2, min(BINS, n // _PER_BIN))


def quantile_bins(x: npt.NDArray[np.floating], bins: int) -> Codes:
    """(N, Z) bin of each value in its column, of about equal count; equal values share a bin."""
    cuts = np.arange(1, bins) / bins
    edges = np.quantile(x, cuts, axis=0)  # (bins - 1, Z)
    return np.stack(
        [np.searchsorted(np.unique(edges[:, d]), x[:, d], "right") for d in range(x.shape[1])],
        axis=1,
    )


def information(
    z: npt.NDArray[np.floating],
    labels: Mapping[str, Label],
    rng: np.random.Generator,
    shuffles: int = SHUFFLES,
    progress: Progress = silent,
) -> dict[str, LabelInformation]:
    """Mutual information of each column of latents (N, Z) with each label, in nats.

    Plug-in over bins of equal count, with the correction of Miller (1955) and Madow. The interval
    is normal, from the standard deviation over sentences of log p(x, y) / p(x) p(y), the influence
    function of the estimate (delta method). Held against closed forms: a copy of the label gives
    its entropy, two normal classes their integral, an independent dimension 0.

    Raises:
        UserError: there are not as many labels as sentences, or fewer than 4.
    """
    n = len(z)
    for column, label in labels.items():
        if n < 4 or len(label.codes) != n:
            raise UserError(
                "'{label}' has {values:,} values for {n:,} sentences; information needs one for "
                "each of 4 or more.",
                label=column,
                values=len(label.codes),
                n=n,
            )
    found = {}
    for i, (column, label) in enumerate(labels.items()):
        progress(i, len(labels), message("What each dimension tells of {label}", label=column))
        rows = np.flatnonzero(label.codes >= 0)
        x = quantile_bins(np.asarray(z, dtype=np.float64)[rows], bins_for(len(rows)))
        found[column] = _of_one(x, label, label.codes[rows], rng, shuffles)
    progress(len(labels), len(labels), message("What each dimension tells"))
    return found


def _of_one(
    x: Codes, label: Label, y: Codes, rng: np.random.Generator, shuffles: int
) -> LabelInformation:
    """Of bins (M, Z) of the sentences that have the label, and their M codes of it."""
    drawn = [rng.permutation(y) for _ in range(shuffles)]
    found, chance = [], []
    for d in range(x.shape[1]):
        found.append(_information(x[:, d], y))
        by_chance = [_information(x[:, d], codes)[0] for codes in drawn]
        chance.append(max(by_chance, default=math.nan))
    value, error = (np.array(column) for column in zip(*found, strict=True))
    reach = ERRORS * error
    return LabelInformation(
        value=np.maximum(value, 0.0),
        low=np.maximum(value - reach, 0.0),
        high=np.maximum(value + reach, 0.0),
        chance=np.maximum(np.array(chance), 0.0),
        entropy=label.entropy,
        values=len(label.names),
        n=len(x),
    )


def _information(x: Codes, y: Codes) -> tuple[float, float]:
    """(estimate, its standard error) in nats of two columns of codes (N,)."""
    n, table = len(x), joint_counts(x, y).astype(np.float64)
    rows, columns = table.sum(1), table.sum(0)
    seen = table > 0
    counts = table[seen]
    terms = np.log(counts * n / np.outer(rows, columns)[seen])
    plug_in = float((counts * terms).sum()) / n
    spread = max(0.0, float((counts * terms**2).sum()) / n - plug_in**2)
    cells = int(seen.sum()) - int((rows > 0).sum()) - int((columns > 0).sum()) + 1
    return plug_in - cells / (2 * n), math.sqrt(spread / n)
