"""Can a label be read off the posterior mean? Linear probes on held-out sentences."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from vae.diagnostics.bootstrap import share_interval
from vae.i18n import message
from vae.progress import Progress, silent

_MOST_CLASSES = 200


@dataclass(frozen=True)
class ProbeResult:
    """A linear probe of one label.

    Attributes:
        accuracy: share of held-out sentences whose label it names.
        low, high: ends of its 95% interval (Wilson, 1927), which holds near 0 and 1 too.
        standard_error: of the accuracy, binomial: 0 where every sentence is named rightly, or none.
        majority: accuracy of always naming the commonest training label.
        classes: distinct labels seen in training.
        n_train, n_test: sentences.
    """

    accuracy: float
    low: float
    high: float
    standard_error: float
    majority: float
    classes: int
    n_train: int
    n_test: int


def linear_probe(
    train: npt.NDArray[np.floating],
    train_labels: Sequence[str],
    test: npt.NDArray[np.floating],
    test_labels: Sequence[str],
) -> ProbeResult:
    """Multinomial logistic regression on standardised means (N, Z); see Alain and Bengio (2016)."""
    counts = Counter(train_labels)
    probe = make_pipeline(StandardScaler(), LogisticRegression(C=10.0, max_iter=300))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        # That there are many classes for so few sentences is what the accuracy will say.
        warnings.filterwarnings("ignore", message="The number of unique classes", module="sklearn")
        probe.fit(train, np.asarray(train_labels))
    hits = probe.predict(test) == np.asarray(test_labels)
    sure = share_interval(int(hits.sum()), len(hits))
    accuracy = float(hits.mean())
    commonest = counts.most_common(1)[0][0]
    return ProbeResult(
        accuracy=accuracy,
        low=sure.low,
        high=sure.high,
        standard_error=float(np.sqrt(accuracy * (1 - accuracy) / len(hits))),
        majority=float(np.mean([label == commonest for label in test_labels])),
        classes=len(counts),
        n_train=len(train),
        n_test=len(test),
    )


def probe_labels(
    train: npt.NDArray[np.floating],
    train_labels: Mapping[str, Sequence[str]],
    test: npt.NDArray[np.floating],
    test_labels: Mapping[str, Sequence[str]],
    progress: Progress = silent,
) -> dict[str, ProbeResult]:
    """A probe for every label column of 2 to 200 classes, from (N, Z) to (M, Z)."""
    results = {}
    for i, (column, values) in enumerate(train_labels.items()):
        progress(i, len(train_labels), message("Linear probe of {label}", label=column))
        if 2 <= len(set(values)) <= _MOST_CLASSES and len(test):
            results[column] = linear_probe(train, values, test, test_labels[column])
    progress(len(train_labels), len(train_labels), message("Linear probes"))
    return results
