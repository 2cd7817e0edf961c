"""Mutual information of each dimension and each factor, and the scores made of it."""

from __future__ import annotations

import numpy as np

from vae.diagnostics.bootstrap import Floats
from vae.diagnostics.contingency import joint_counts, table_information
from vae.diagnostics.disentanglement.representation import Integers, Representation

BINS = 20
NEIGHBOURS = 3


def histogram_information(part: Representation) -> Floats:
    """(D, F) nats, each dimension cut into `BINS` of equal width over its range.

    The estimator of the published scores (Locatello et al., 2019; Zhang et al., 2021). It cannot
    exceed what the bins can tell apart, is biased upwards by about (bins - 1)(values - 1) / 2N,
    and one outlier widens every bin.
    """
    low, width = part.codes.min(0), np.ptp(part.codes, axis=0)
    scaled = (part.codes - low) / np.where(width > 0, width, 1.0)
    cells = np.minimum((scaled * BINS).astype(np.int64), BINS - 1)
    return np.array(
        [[table_information(joint_counts(c, f)) for f in part.factors.T] for c in cells.T]
    )


def neighbour_information(part: Representation) -> Floats:
    """(D, F) nats between a continuous dimension and a discrete factor, by nearest neighbours.

    The estimator of Ross (2014), with ties counted as by Gao et al. (2017): no bins, and hardly
    any bias. What it finds below 0, or above the factor's entropy, is given as that bound.
    """
    found = np.zeros((part.codes.shape[1], part.factors.shape[1]))
    for d in np.flatnonzero(np.ptp(part.codes, axis=0) > 0):
        for f, rows in enumerate(part.groups):
            found[d, f] = _ross(part.codes[:, d], rows)
    return np.clip(found, 0.0, part.entropies)


def _ross(x: Floats, groups: list[Integers]) -> float:
    from scipy.special import digamma

    # A value that occurs once has no neighbour of its own kind, and says nothing.
    groups = [rows for rows in groups if len(rows) > 1]
    if not groups:
        return 0.0
    everywhere = np.sort(x[np.concatenate(groups)])
    total, n = 0.0, len(everywhere)
    for rows in groups:
        own = np.sort(x[rows])
        distance = _distance_to(own, min(NEIGHBOURS, len(own) - 1))
        # The neighbour at that distance counts, whichever way its sum is rounded.
        distance = distance + 4 * np.spacing(np.abs(own) + distance)
        k, within = _others_within(own, own, distance), _others_within(everywhere, own, distance)
        total += float((digamma(k) - digamma(len(own)) - digamma(within)).sum())
    return float(digamma(n)) + total / n


def _others_within(x: Floats, points: Floats, distance: Floats) -> Integers:
    """(n,) how many of the sorted numbers lie so near to each point, itself not counted."""
    above = np.searchsorted(x, points + distance, "right")
    return np.asarray(above - np.searchsorted(x, points - distance, "left") - 1)


def _distance_to(x: Floats, k: int) -> Floats:
    """(n,) distance to the k-th nearest of n sorted numbers: the best of k + 1 windows about it."""
    n = len(x)
    best = np.full(n, np.inf)
    for before in range(k + 1):
        i = np.arange(before, n - k + before)
        reach = np.maximum(x[i] - x[i - before], x[i - before + k] - x[i])
        best[i] = np.minimum(best[i], reach)
    return best


def gap(information: Floats, entropies: Floats) -> float:
    """Mutual information gap (Chen et al., 2018): 0 to 1, mean over the factors.

    How much more the best dimension tells of a factor than the second best, as a share of the
    factor's entropy; from (D, F) and (F,) nats.
    """
    return lead(information / entropies)


def lead(scores: Floats) -> float:
    """How far the best dimension is ahead of the second best: mean over the factors of (D, F)."""
    ranked = np.sort(scores, axis=0)
    return float((ranked[-1] - ranked[-2]).mean())


def modularity(information: Floats) -> float:
    """Modularity (Ridgeway and Mozer, 2018): 0 to 1, mean over the dimensions.

    Whether a dimension tells of one factor alone, from (D, F) nats: the squared information on
    all others against that on its best. A dimension that tells of nothing is left out.
    """
    squared = information**2
    best = squared.max(1)
    told = best > 0
    if not told.any():
        return 0.0
    others = squared[told].sum(1) - best[told]
    return float((1 - others / (best[told] * (information.shape[1] - 1))).mean())
