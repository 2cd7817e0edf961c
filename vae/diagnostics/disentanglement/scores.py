"""All metrics of disentanglement over several seeds, each with an interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vae.diagnostics.bootstrap import LEVEL, Floats, Interval
from vae.diagnostics.disentanglement.fixed_factor import Groups, fixed_factor_scores
from vae.diagnostics.disentanglement.importance import importance, importance_scores
from vae.diagnostics.disentanglement.information import (
    gap,
    histogram_information,
    modularity,
    neighbour_information,
)
from vae.diagnostics.disentanglement.predictability import predictability_scores
from vae.diagnostics.disentanglement.representation import Representation
from vae.errors import UserError
from vae.i18n import Message, message
from vae.progress import Progress, silent

SEEDS = 5
MOST_ROWS = 10_000
"""Rows that each seed sees: as many as the published figures rest on."""
FEWEST_ROWS = 100
# Rows that a factor's commonest value must leave to others, in the rows that a seed sees.
_FEWEST_OTHERS = 10

WHAT: Mapping[str, Message] = {
    "higgins": message(
        "Higgins et al. (2017): accuracy of a linear classifier that names the factor held "
        "fixed, from absolute differences as they stand."
    ),
    "higgins_scaled": message(
        "The same from standardised differences: a dimension's scale does not count."
    ),
    "kim_mnih": message(
        "Kim and Mnih (2018): accuracy of a majority vote on the dimension that varies "
        "least while a factor is held fixed."
    ),
    "mig": message("Chen et al. (2018): mutual information gap, with a histogram of 20 bins."),
    "mig_neighbours": message("The same with the nearest-neighbour estimator of Ross (2014)."),
    "sap": message(
        "Kumar et al. (2018): gap in accuracy of the two best dimensions, by a linear support "
        "vector machine."
    ),
    "sap_threshold": message("The same by thresholds on the dimension."),
    "dci_disentanglement": message(
        "Eastwood and Williams (2018): does a dimension matter for one factor "
        "alone? By the impurity of a random forest."
    ),
    "dci_disentanglement_held_out": message(
        "The same by what held-out rows lose without the dimension. "
        "High as well where little is told at all: read it beside the informativeness."
    ),
    "dci_completeness": message(
        "Eastwood and Williams (2018): does a factor rest on one dimension alone? "
        "By the impurity of a random forest."
    ),
    "dci_completeness_held_out": message(
        "The same by what held-out rows lose without the dimension."
    ),
    "dci_informativeness": message(
        "Eastwood and Williams (2018): held-out accuracy of the random forest."
    ),
    "modularity": message(
        "Ridgeway and Mozer (2018): does a dimension tell of one factor alone? With a "
        "histogram of 20 bins. High on pure noise as well, near 0.9 with many factors, since the "
        "largest of many chances stands out: read it against its score on noise."
    ),
    "modularity_neighbours": message(
        "The same with the nearest-neighbour estimator of Ross (2014), and as high on noise."
    ),
}
"""Every metric, and which estimator it is. A plain name is the estimator of published figures."""


@dataclass(frozen=True)
class Scores:
    """Metrics over several seeds.

    Attributes:
        metrics: name to its mean over the seeds, with an interval; `n` counts seeds.
        noise: what the same estimator gives where the codes are dealt out anew among as many rows,
            so that they tell of no factor: the zero of a score, which is not always 0. Not of SAP,
            whose support vector machines cost more than all others together.
        information: (D, F) nats, by the estimator of Ross (2014); mean over the seeds.
        importance, importance_held_out: (D, F) of the forests; means over the seeds.
        rows: rows that each seed saw, of `of_rows`.
        batch: rows in a batch with a factor fixed; 0 where no factor could be fixed.
        not_fixed: factors without two values of that many rows.
    """

    metrics: dict[str, Interval]
    noise: dict[str, float]
    information: Floats
    importance: Floats
    importance_held_out: Floats
    rows: int
    of_rows: int
    batch: int
    not_fixed: tuple[str, ...]


def measure(
    representation: Representation,
    *,
    seed: int = 0,
    seeds: int = SEEDS,
    most_rows: int = MOST_ROWS,
    progress: Progress = silent,
) -> Scores:
    """Every metric of `WHAT`, on rows that each seed draws for itself without replacement.

    Raises:
        UserError: there are fewer than two seeds or 100 rows, or a factor hardly ever varies.
        Whatever `progress` raises to cancel.
    """
    parts = _parts(representation, seed, seeds, most_rows)
    found: list[dict[str, float]] = []
    matrices: list[Sequence[Floats]] = []
    steps = 4 * seeds + 1
    for i, (part, rng) in enumerate(parts):
        progress(4 * i, steps, message("Disentanglement"))
        scores = fixed_factor_scores(part, rng)
        progress(4 * i + 1, steps, message("Disentanglement"))
        near = neighbour_information(part)
        scores |= _of_information(part, near)
        progress(4 * i + 2, steps, message("Disentanglement"))
        scores |= predictability_scores(part, rng)
        progress(4 * i + 3, steps, message("Disentanglement"))
        forests = importance(part, rng)
        found.append(scores | importance_scores(forests))
        matrices.append((near, forests.impurity, forests.held_out))
    progress(4 * seeds, steps, message("Disentanglement"))
    noise = _of_noise(parts[0][0], np.random.default_rng([seed, seeds]))
    progress(steps, steps, message("Disentanglement"))
    means = [np.mean(each, axis=0) for each in zip(*matrices, strict=True)]
    rows, groups = len(parts[0][0]), Groups.of(parts[0][0])
    fixed = groups.factors if len(groups.factors) > 1 else ()
    return Scores(
        metrics=_intervals(found, rows, len(representation)),
        noise={name: noise[name] for name in WHAT if name in noise},
        information=means[0],
        importance=means[1],
        importance_held_out=means[2],
        rows=rows,
        of_rows=len(representation),
        batch=groups.batch if fixed else 0,
        not_fixed=tuple(n for f, n in enumerate(representation.names) if f not in fixed),
    )


def _of_information(part: Representation, near: Floats) -> dict[str, float]:
    binned = histogram_information(part)
    return {
        "mig": gap(binned, part.entropies),
        "modularity": modularity(binned),
        "mig_neighbours": gap(near, part.entropies),
        "modularity_neighbours": modularity(near),
    }


def _of_noise(part: Representation, rng: np.random.Generator) -> dict[str, float]:
    """Scores of the same codes and the same factors, in rows that have nothing to do with it."""
    dealt = Representation(part.codes[rng.permutation(len(part))], part.factors, part.names)
    return {
        **fixed_factor_scores(dealt, rng),
        **_of_information(dealt, neighbour_information(dealt)),
        **importance_scores(importance(dealt, rng)),
    }


def over_seeds(values: Sequence[float], rows: int, of_rows: int) -> Interval:
    """The mean of a metric over S seeds, with an interval for the draw of rows and of the seed.

    Each seed saw m of N rows, drawn without replacement, so seeds share rows, and their scatter
    alone would tell too little. The variance is s^2 (1/S + m/(N - m)): that of the mean over the
    seeds, and that of the N rows by the delete-d jackknife (Shao and Wu, 1989). Student's t with
    S - 1 degrees of freedom, inside 0 to 1. Where every seed gives the same it has no width: the
    seeds agree, and more cannot be said.

    Raises:
        UserError: there are fewer than two seeds, or no row that a seed left out.
    """
    from scipy.stats import t as student

    if len(values) < 2 or not 0 < rows < of_rows:
        raise UserError("An interval over seeds needs two seeds, and rows that each leaves out.")
    x = np.asarray(values, dtype=np.float64)
    variance = x.var(ddof=1) * (1 / len(x) + rows / (of_rows - rows))
    reach = float(student.ppf((1 + LEVEL) / 2, len(x) - 1) * np.sqrt(variance))
    mean = float(x.mean())
    return Interval(mean, max(0.0, mean - reach), min(1.0, mean + reach), LEVEL, len(x))


def _parts(
    representation: Representation, seed: int, seeds: int, most_rows: int
) -> list[tuple[Representation, np.random.Generator]]:
    if seeds < 2:
        raise UserError("Two seeds at least are needed to say how sure a score is.")
    n = len(representation)
    if n < FEWEST_ROWS:
        raise UserError(
            "There are {n:,} rows, and {needed} are needed: with fewer, chance looks like "
            "structure.",
            n=n,
            needed=FEWEST_ROWS,
        )
    size = min(most_rows, n // 2)
    for name, column in zip(representation.names, representation.factors.T, strict=True):
        others = n - int(np.bincount(column).max())
        if others * size / n < _FEWEST_OTHERS:
            raise UserError(
                "Factor '{name}' has one value in all but {others:,} of {n:,} rows, so nothing can "
                "be said of the others. Leave it out.",
                name=name,
                others=others,
                n=n,
            )
    parts = []
    for each in range(seeds):
        rng = np.random.default_rng([seed, each])
        rows = rng.choice(n, size, replace=False)
        parts.append((representation.rows(rows), rng))
    return parts


def _intervals(found: list[dict[str, float]], rows: int, of_rows: int) -> dict[str, Interval]:
    """Metrics that every seed could be asked, in the order of `WHAT`."""
    shared = [name for name in WHAT if all(name in scores for scores in found)]
    return {name: over_seeds([s[name] for s in found], rows, of_rows) for name in shared}
