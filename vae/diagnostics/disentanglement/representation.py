"""Codes and the factors they may stand for: what every metric of disentanglement works on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from vae.diagnostics.bootstrap import Floats
from vae.diagnostics.contingency import entropy, joint_counts, table_information
from vae.errors import UserError
from vae.i18n import nmessage

Integers = npt.NDArray[np.int64]

MOST_VALUES = 200
MOST_FACTORS = 50
MOST_DIMENSIONS = 1_024

# Share of a factor's entropy that another tells, above which the two count as dependent.
_DEPENDENT = 0.1
_TRAINED = 0.8


@dataclass(frozen=True)
class Representation:
    """N rows of a representation and of the discrete factors that they were made from.

    Attributes:
        codes: (N, D), any real numbers.
        factors: (N, F), each column numbered from 0 to its number of values - 1.
        names: F names of the factors.

    Raises:
        UserError: rows do not match, a code is not finite, there are not two dimensions that
            vary and two factors, or too many, or a factor has one value or over 200.
    """

    codes: Floats
    factors: Integers
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        codes, factors = self.codes, self.factors
        if codes.ndim != 2 or factors.ndim != 2 or len(self.names) != factors.shape[1]:
            raise UserError("Codes and factors must be tables, with a name for each factor.")
        if len(codes) != len(factors):
            raise UserError(
                "There are {codes:,} rows of codes and {factors:,} rows of factors. Row i of one "
                "must belong to row i of the other.",
                codes=len(codes),
                factors=len(factors),
            )
        if not np.isfinite(codes).all():
            raise UserError("A code is not a finite number.")
        if factors.shape[1] < 2:
            raise UserError("Two factors at least are needed: whether one is kept apart from what?")
        if codes.shape[1] > MOST_DIMENSIONS or factors.shape[1] > MOST_FACTORS:
            raise UserError(
                "There are {dimensions:,} dimensions and {factors:,} factors; at most {most:,} and "
                "{most_factors} are measured. Choose among them.",
                dimensions=codes.shape[1],
                factors=factors.shape[1],
                most=MOST_DIMENSIONS,
                most_factors=MOST_FACTORS,
            )
        if int((np.ptp(codes, axis=0) > 0).sum()) < 2:
            raise UserError("Fewer than two dimensions of the codes vary: there is nothing to ask.")
        for name, values in zip(self.names, self.values, strict=True):
            if not 2 <= values <= MOST_VALUES:
                raise UserError(
                    nmessage(
                        "Factor '{name}' has {n:,} value; a discrete factor has 2 to {most}. "
                        "Leave the column out.",
                        "Factor '{name}' has {n:,} values; a discrete factor has 2 to {most}. "
                        "Leave the column out.",
                        values,
                        name=name,
                        most=MOST_VALUES,
                    )
                )

    @classmethod
    def of(cls, codes: npt.ArrayLike, columns: Mapping[str, Sequence[str]]) -> Representation:
        """From codes (N, D) and F columns of N values each, whatever the values are.

        Raises:
            UserError: as the class, or columns that differ in length.
        """
        if len({len(column) for column in columns.values()}) > 1:
            raise UserError("The factors differ in their number of rows.")
        numbered = [
            np.unique(np.array(list(column), dtype=np.str_), return_inverse=True)[1]
            for column in columns.values()
        ]
        table = np.stack(numbered, 1) if numbered else np.zeros((0, 0))
        return cls(np.asarray(codes, dtype=np.float64), table.astype(np.int64), tuple(columns))

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def values(self) -> tuple[int, ...]:
        """F numbers of values that occur."""
        return tuple(len(np.unique(column)) for column in self.factors.T)

    @cached_property
    def entropies(self) -> Floats:
        """(F,) nats: entropy of each factor as it is distributed in these rows."""
        return np.array([entropy(np.bincount(column)) for column in self.factors.T])

    @cached_property
    def groups(self) -> tuple[list[Integers], ...]:
        """For each of F factors the rows of each of its values."""
        return tuple(
            [np.flatnonzero(column == value) for value in range(int(column.max()) + 1)]
            for column in self.factors.T
        )

    def rows(self, rows: npt.NDArray[np.intp]) -> Representation:
        """Some of the rows, the factors numbered anew where values are gone."""
        factors = [np.unique(column[rows], return_inverse=True)[1] for column in self.factors.T]
        return Representation(self.codes[rows], np.stack(factors, 1), self.names)

    def dependent(self) -> dict[str, dict[str, float]]:
        """Which factors tell of which: {factor: {other: share of the factor's entropy it tells}}.

        Mutual information of the counts, less its bias (Miller, 1955), over the entropy. A score
        of disentanglement cannot reach its best where factors depend on each other.
        """
        found: dict[str, dict[str, float]] = {}
        for i, name in enumerate(self.names):
            for j, other in enumerate(self.names):
                if i != j and (share := self._told(i, j)) > _DEPENDENT:
                    found.setdefault(name, {})[other] = share
        return found

    def _told(self, i: int, j: int) -> float:
        table = joint_counts(self.factors[:, i], self.factors[:, j])
        bias = (table.shape[0] - 1) * (table.shape[1] - 1) / (2 * len(self))
        share = (table_information(table) - bias) / self.entropies[i]
        return float(np.clip(share, 0, 1))


def parted(n: int, rng: np.random.Generator) -> tuple[Integers, Integers]:
    """Which of n cases to learn from, and the fifth of them to try what was learned on."""
    train, test = np.split(rng.permutation(n), [int(_TRAINED * n)])
    return train, test
