"""Two metrics that guess which factor was held fixed: Higgins et al., and Kim and Mnih."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vae.diagnostics.bootstrap import Floats
from vae.diagnostics.disentanglement.representation import Integers, Representation, parted

VOTES = 1_000
BATCHES = (64, 32, 16, 8)


@dataclass(frozen=True)
class Groups:
    """Rows that share a value of a factor, to draw batches from.

    Labelled data stand in for the simulator of the papers: a batch with a factor fixed is drawn
    from the rows that have the same value. Where factors depend on each other, more than one is
    then fixed.

    Attributes:
        batch: rows in a batch, L.
        factors: the factors that have two values of at least L rows; the others cannot be asked.
        rows: for each of those factors, its groups of at least L rows.
    """

    batch: int
    factors: tuple[int, ...]
    rows: tuple[tuple[Integers, ...], ...]

    @classmethod
    def of(cls, part: Representation) -> Groups:
        """The groups for the largest batch, of 64 at most, that allows for the most factors."""
        offered = [cls._with(part, batch) for batch in BATCHES]
        return max(offered, key=lambda groups: (len(groups.factors), groups.batch))

    @classmethod
    def _with(cls, part: Representation, batch: int) -> Groups:
        kept: dict[int, tuple[Integers, ...]] = {}
        for f, groups in enumerate(part.groups):
            large = tuple(rows for rows in groups if len(rows) >= batch)
            if len(large) > 1:
                kept[f] = large
        return cls(batch, tuple(kept), tuple(kept.values()))

    def draw(self, factor: int, rng: np.random.Generator) -> Integers:
        """Rows of a value as frequent as it is among the rows: for V votes, (V, 2, L)."""
        groups = self.rows[factor]
        sizes = np.array([len(rows) for rows in groups], dtype=float)
        chosen = rng.choice(len(groups), VOTES, p=sizes / sizes.sum())
        drawn = np.empty((VOTES, 2, self.batch), dtype=np.int64)
        for i, group in enumerate(chosen):
            for side in range(2):
                drawn[i, side] = rng.choice(groups[group], self.batch, replace=False)
        return drawn


def fixed_factor_scores(part: Representation, rng: np.random.Generator) -> dict[str, float]:
    """Accuracies, 0 to 1, of naming the factor that was held fixed; empty where none can be.

    `higgins`: Higgins et al. (2017), a linear classifier on the mean absolute difference of 64
    pairs, as it stands (so that a small scale counts against a dimension, as in the published
    figures); `higgins_scaled`: on standardised differences. `kim_mnih`: Kim and Mnih (2018), a
    majority vote on the dimension that varies least in a batch. 1,000 votes a factor, a fifth of
    them held out.
    """
    groups = Groups.of(part)
    if len(groups.factors) < 2:
        return {}
    deviations = part.codes.std(0)
    differences, quietest, fixed = [], [], []
    for f in range(len(groups.factors)):
        pairs = groups.draw(f, rng)
        differences.append(_mean_differences(part.codes, pairs))
        quietest.append(_least_varying(part.codes, deviations, pairs[:, 0]))
        fixed.append(np.full(len(pairs), f))
    x, y = np.concatenate(differences), np.concatenate(fixed)
    train, test = parted(len(y), rng)
    from sklearn.preprocessing import StandardScaler

    scaled = StandardScaler().fit(x[train]).transform(x)
    votes = np.concatenate(quietest)
    return {
        "higgins": _linear_accuracy(x, y, train, test),
        "higgins_scaled": _linear_accuracy(scaled, y, train, test),
        "kim_mnih": _vote_accuracy(votes, y, train, test, part.codes.shape[1]),
    }


def _mean_differences(codes: Floats, pairs: Integers) -> Floats:
    """(V, D) mean over a batch of the absolute difference of its pairs, a factor at a time."""
    return np.stack([np.abs(codes[a] - codes[b]).mean(0) for a, b in pairs])


def _least_varying(codes: Floats, deviations: Floats, batches: Integers) -> Integers:
    """(V,) dimension with the least variance in a batch, of those that vary at all."""
    used = np.flatnonzero(deviations > 0)
    scaled = codes[:, used] / deviations[used]
    return np.array([used[int(np.argmin(scaled[rows].var(0)))] for rows in batches])


def _linear_accuracy(x: Floats, y: Integers, train: Integers, test: Integers) -> float:
    from sklearn.linear_model import LogisticRegression

    probe = LogisticRegression(C=1.0, max_iter=1_000).fit(x[train], y[train])
    return float(probe.score(x[test], y[test]))


def _vote_accuracy(
    votes: Integers, y: Integers, train: Integers, test: Integers, dimensions: int
) -> float:
    table = np.zeros((dimensions, int(y.max()) + 1))
    np.add.at(table, (votes[train], y[train]), 1)
    return float((table.argmax(1)[votes[test]] == y[test]).mean())
