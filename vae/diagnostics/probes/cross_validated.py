"""Probes of every held-out sentence by sentences that are not it: cross-validation by sentence."""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from vae.diagnostics.bootstrap import Floats, Interval, bootstrap, grouped_share_interval
from vae.diagnostics.probes.targets import Target
from vae.errors import UserError

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

FOLDS = 5
NEIGHBOURS = 10

_DRAWS = 500
_ITERATIONS = 200
_PENALTIES = np.logspace(-2, 4, 13)

Values = npt.NDArray[Any]


@dataclass(frozen=True)
class LinearProbe:
    """How well a label is read off a code, on sentences that the probe has not seen.

    Attributes:
        kind, metric: accuracy of a category, or R^2 of a number (1 is perfect, 0 no better than
            the mean, below 0 worse).
        n: sentences asked.
        classes: different values.
        majority: the same metric without the code: the commonest value, or the mean.
        linear: multinomial logistic regression, or ridge regression, on standardised means.
        drawn: the same on one draw of each posterior, in the same folds; None where there is none.
            Standardised means are blind to scale: a label stands in them, however little they
            differ beside the width of the posteriors. A draw is what the decoder hears.
    """

    kind: Literal["categorical", "numeric"]
    metric: Literal["accuracy", "r2"]
    n: int
    classes: int
    majority: float
    linear: Interval
    drawn: Interval | None = field(default=None, kw_only=True)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


@dataclass(frozen=True)
class LabelProbe(LinearProbe):
    """A linear probe with another beside it, and a control.

    Attributes:
        neighbours: the ten nearest sentences, by vote or by mean.
        shuffled: the linear probe where the values are dealt out anew at random: what is above
            the majority here is not in the code. Intervals are over different sentences.
    """

    neighbours: Interval
    shuffled: Interval


def folds_of(
    groups: npt.NDArray[Any], folds: int, rng: np.random.Generator
) -> npt.NDArray[np.int64]:
    """(N,) the fold of each row, 0 to `folds` - 1: rows of one group are all in one fold.

    Raises:
        UserError: there are fewer different groups than folds, or fewer than two folds.
    """
    kinds, which = np.unique(groups, return_inverse=True)
    if folds < 2 or len(kinds) < folds:
        raise UserError(
            "{n:,} different sentences cannot be divided into {folds} folds. Give more.",
            n=len(kinds),
            folds=folds,
        )
    return np.asarray((rng.permutation(len(kinds)) % folds)[which], dtype=np.int64)


class _Asked:
    """A label asked of codes (N, Z), sentence by sentence, by probes fitted on the other folds."""

    def __init__(
        self,
        codes: npt.NDArray[np.floating],
        target: Target,
        groups: npt.NDArray[Any],
        rng: np.random.Generator,
        folds: int,
        drawn: npt.NDArray[np.floating] | None,
    ) -> None:
        self._x = np.asarray(codes, dtype=np.float64)[target.rows]
        self._drawn = None if drawn is None else np.asarray(drawn, np.float64)[target.rows]
        self._target, self._same, self._rng = target, groups[target.rows], rng
        self._fold = folds_of(self._same, folds, rng)
        fewest = len(target.values) - int(np.bincount(self._fold).max())
        self._linear, self._near, self._plain = _probes_of(target.kind, min(NEIGHBOURS, fewest))

    def plainly(self) -> LinearProbe:
        target = self._target
        return LinearProbe(
            kind=target.kind,
            metric="accuracy" if target.kind == "categorical" else "r2",
            n=len(target.values),
            classes=target.classes,
            majority=self._scored(self._plain, target.values).value,
            linear=self._scored(self._linear, target.values),
            drawn=None
            if self._drawn is None
            else self._scored(self._linear, target.values, self._drawn),
        )

    def controlled(self) -> LabelProbe:
        plain, y = self.plainly(), self._target.values
        return LabelProbe(
            **vars(plain),
            neighbours=self._scored(self._near, y),
            shuffled=self._scored(self._linear, self._rng.permutation(y)),
        )

    def _scored(self, probe: BaseEstimator, values: Values, x: Floats | None = None) -> Interval:
        said = _out_of_fold(probe, self._x if x is None else x, values, self._fold)
        if self._target.kind == "categorical":
            return _accuracy(values, said, self._same)
        return _r2(values, said, self._same, self._rng)


def linear_probe(
    codes: npt.NDArray[np.floating],
    target: Target,
    groups: npt.NDArray[Any],
    rng: np.random.Generator,
    folds: int = FOLDS,
    drawn: npt.NDArray[np.floating] | None = None,
) -> LinearProbe:
    """The linear part of `probe_target`, in a fraction of the time.

    Raises:
        UserError: fewer different sentences than folds.
    """
    return _Asked(codes, target, groups, rng, folds, drawn).plainly()


def probe_target(
    codes: npt.NDArray[np.floating],
    target: Target,
    groups: npt.NDArray[Any],
    rng: np.random.Generator,
    folds: int = FOLDS,
    drawn: npt.NDArray[np.floating] | None = None,
) -> LabelProbe:
    """Linear and nearest-neighbour probes (Alain and Bengio, 2016) of one label, with controls.

    Each sentence is predicted by probes fitted on the other folds. The control deals the values
    out anew (in the spirit of Hewitt and Liang, 2019).

    Args:
        codes: (N, Z) posterior means.
        target: what to say of M of the N.
        groups: (N,) equal for sentences that are the same, which never straddle folds.
        drawn: (N, Z) one draw of each posterior, for the linear probe alone.

    Raises:
        UserError: fewer different sentences than folds.
    """
    return _Asked(codes, target, groups, rng, folds, drawn).controlled()


def linear_classifier() -> BaseEstimator:
    """The linear probe of a category: multinomial logistic regression on standardised codes."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=10.0, max_iter=_ITERATIONS))


def fitted(probe: BaseEstimator, x: Floats, y: Values) -> BaseEstimator:
    """A probe fitted to codes (M, Z) and M values; that it may not have converged is no matter."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        # That there are many classes for so few sentences is what the accuracy will say.
        warnings.filterwarnings("ignore", message="The number of unique classes", module="sklearn")
        return probe.fit(x, y)


def _probes_of(kind: str, neighbours: int) -> tuple[BaseEstimator, BaseEstimator, BaseEstimator]:
    """Linear, nearest-neighbour, and one that does not look at the code."""
    from sklearn.dummy import DummyClassifier, DummyRegressor
    from sklearn.linear_model import RidgeCV
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if kind == "categorical":
        return (
            linear_classifier(),
            make_pipeline(StandardScaler(), KNeighborsClassifier(neighbours)),
            DummyClassifier(strategy="most_frequent"),
        )
    return (
        make_pipeline(StandardScaler(), RidgeCV(_PENALTIES)),
        make_pipeline(StandardScaler(), KNeighborsRegressor(neighbours)),
        DummyRegressor(),
    )


def _out_of_fold(probe: BaseEstimator, x: Floats, y: Values, fold: npt.NDArray[np.int64]) -> Values:
    """(M,) what is said of each row by a probe that was fitted on the other folds."""
    said = np.empty_like(y)
    for number in np.unique(fold):
        train, test = fold != number, fold == number
        if len(np.unique(y[train])) < 2:
            said[test] = y[train][0]
            continue
        said[test] = fitted(probe, x[train], y[train]).predict(x[test])
    return said


def _accuracy(y: Values, said: Values, same: Values) -> Interval:
    hits = (y == said).astype(np.float64)
    return grouped_share_interval(_sums(same, hits), _sums(same, np.ones(len(hits))))


def _r2(y: Values, said: Values, same: Values, rng: np.random.Generator) -> Interval:
    """1 - squared errors / squared distances from the mean; groups are drawn anew as a whole."""
    centred = y - y.mean()
    n, first = _sums(same, np.ones(len(y))), _sums(same, centred)
    second, errors = _sums(same, centred**2), _sums(same, (y - said) ** 2)

    def r2(g: npt.NDArray[np.intp]) -> float:
        spread = second[g].sum() - first[g].sum() ** 2 / n[g].sum()
        return float(1 - errors[g].sum() / spread) if spread > 0 else 0.0

    return bootstrap(r2, len(n), rng, draws=_DRAWS)


def _sums(same: Values, values: Floats) -> Floats:
    """(G,) sums over the rows of each group."""
    return np.asarray(np.bincount(np.unique(same, return_inverse=True)[1], values), np.float64)
