"""Separated attribute predictability: how far one dimension alone is ahead of the next."""

from __future__ import annotations

import numpy as np

from vae.diagnostics.bootstrap import Floats
from vae.diagnostics.disentanglement.information import lead
from vae.diagnostics.disentanglement.representation import Integers, Representation, parted

_PENALTY = 0.01


def predictability_scores(part: Representation, rng: np.random.Generator) -> dict[str, float]:
    """SAP (Kumar et al., 2018), 0 to 1: mean over the factors of the gap in held-out accuracy.

    The gap is between the two dimensions that name a factor best, each alone. `sap`: by a linear
    support vector machine (C = 0.01), as in the published figures; on one dimension it can draw
    few borders, so it stays low for a factor of many values however well they are kept apart.
    `sap_threshold`: by as many thresholds as are needed, as the paper's text has it for
    categories. A fifth of the rows is held out.
    """
    from sklearn.tree import DecisionTreeClassifier

    train, test = parted(len(part), rng)
    seed = int(rng.integers(2**31))
    linear, thresholds = (np.zeros((part.codes.shape[1], len(part.names))) for _ in range(2))
    for d in np.flatnonzero(np.ptp(part.codes[train], axis=0) > 0):
        x = part.codes[:, [d]]
        for f, (y, values) in enumerate(zip(part.factors.T, part.values, strict=True)):
            linear[d, f] = _margin_accuracy(x, y, train, test, seed)
            tree = DecisionTreeClassifier(max_leaf_nodes=2 * values, random_state=seed)
            thresholds[d, f] = tree.fit(x[train], y[train]).score(x[test], y[test])
    return {"sap": lead(linear), "sap_threshold": lead(thresholds)}


def _margin_accuracy(x: Floats, y: Integers, train: Integers, test: Integers, seed: int) -> float:
    from sklearn.svm import LinearSVC

    if len(np.unique(y[train])) < 2:
        return float((y[test] == y[train][0]).mean())
    machine = LinearSVC(C=_PENALTY, random_state=seed).fit(x[train], y[train])
    return float(machine.score(x[test], y[test]))
