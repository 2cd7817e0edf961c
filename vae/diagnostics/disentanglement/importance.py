"""Disentanglement, completeness and informativeness, from what a predictor of factors rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vae.diagnostics.bootstrap import Floats, standard_error
from vae.diagnostics.contingency import entropy
from vae.diagnostics.disentanglement.representation import Integers, Representation, parted

if TYPE_CHECKING:
    from sklearn.ensemble import RandomForestClassifier

TREES = 10
# Standard errors by which a shuffled dimension must lower the accuracy, in order to count.
_CERTAIN = 3.0


@dataclass(frozen=True)
class Importance:
    """What forests that predict each factor rest on.

    Attributes:
        impurity: (D, F) how much each dimension purifies the trees; every column sums to 1.
        held_out: (D, F) how much accuracy on held-out rows is lost where the dimension is
            shuffled (Breiman, 2001); 0 where the loss is within three standard errors of none.
        accuracies: (F,) on held-out rows.
    """

    impurity: Floats
    held_out: Floats
    accuracies: Floats


def importance(part: Representation, rng: np.random.Generator) -> Importance:
    """A random forest of ten trees for every factor; a fifth of the rows is held out."""
    from sklearn.ensemble import RandomForestClassifier

    train, test = parted(len(part), rng)
    shape = (part.codes.shape[1], len(part.names))
    impurity, held_out, accuracies = np.zeros(shape), np.zeros(shape), np.zeros(shape[1])
    for f, y in enumerate(part.factors.T):
        seed = int(rng.integers(2**31))
        forest = RandomForestClassifier(TREES, random_state=seed).fit(part.codes[train], y[train])
        hits = forest.predict(part.codes[test]) == y[test]
        impurity[:, f] = forest.feature_importances_
        held_out[:, f] = _losses(forest, part.codes[test], y[test], hits, rng)
        accuracies[f] = hits.mean()
    return Importance(impurity, held_out, accuracies)


def _losses(
    forest: RandomForestClassifier,
    x: Floats,
    y: Integers,
    hits: Integers,
    rng: np.random.Generator,
) -> Floats:
    """(D,) mean loss of hits, a dimension shuffled at a time, where it is beyond chance."""
    losses = np.zeros(x.shape[1])
    for d in np.flatnonzero(forest.feature_importances_ > 0):
        shuffled = x.copy()
        shuffled[:, d] = rng.permutation(shuffled[:, d])
        lost = hits.astype(float) - (forest.predict(shuffled) == y)
        losses[d] = lost.mean() if lost.mean() > _CERTAIN * standard_error(lost) else 0.0
    return losses


def disentanglement(importances: Floats) -> float:
    """Whether a dimension matters for one factor alone (Eastwood and Williams, 2018): 0 to 1.

    From (D, F): 1 - the entropy of a dimension's row, to the base F, weighted by how much the
    dimension matters. 0 where nothing matters.
    """
    total = importances.sum()
    if not total:
        return 0.0
    rows = importances[importances.sum(1) > 0]
    each = np.array([1 - entropy(row) / np.log(importances.shape[1]) for row in rows])
    return float((rows.sum(1) / total * each).sum())


def completeness(importances: Floats) -> float:
    """Whether a factor rests on one dimension alone (Eastwood and Williams, 2018): 0 to 1.

    From (D, F): 1 - the entropy of a factor's column, to the base D; mean over the factors that
    rest on anything.
    """
    columns = importances.T[importances.sum(0) > 0]
    if not len(columns):
        return 0.0
    return float(np.mean([1 - entropy(c) / np.log(importances.shape[0]) for c in columns]))


def importance_scores(found: Importance) -> dict[str, float]:
    """DCI (Eastwood and Williams, 2018), each 0 to 1.

    `dci_disentanglement` and `dci_completeness` by the impurity of the forest, as in the published
    figures: unpruned trees find some importance in noise, the more the fewer the rows. With
    `_held_out` they rest on what held-out rows lose, and are high as well where few dimensions
    tell little: a collapsed model may beat a healthy one, so the informativeness, the mean
    held-out accuracy over the factors, belongs beside them.
    """
    return {
        "dci_disentanglement": disentanglement(found.impurity),
        "dci_disentanglement_held_out": disentanglement(found.held_out),
        "dci_completeness": completeness(found.impurity),
        "dci_completeness_held_out": completeness(found.held_out),
        "dci_informativeness": float(found.accuracies.mean()),
    }
