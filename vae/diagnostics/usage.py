"""How much of a latent space is in use, from evaluation.json or from posteriors at hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.collapse import Diagnosis, diagnose
from vae.diagnostics.comparison import figure
from vae.diagnostics.holes import prior_holes
from vae.diagnostics.information import (
    ACTIVE_UNIT_THRESHOLD,
    mutual_information,
    unit_variances,
)
from vae.errors import UserError
from vae.models import Posterior

MOST_SENTENCES = 2_000
"""Sentences that mutual information is estimated on where there is no evaluation."""

Floats = npt.NDArray[np.float64]

_SURE = 1.96
"""Standard errors to either side that make a 95% interval of a mean over many sentences."""


@dataclass(frozen=True)
class LatentUsage:
    """What a latent space carries, measured on `n_sentences`; nats a sentence.

    Attributes:
        rate, rate_error: mean KL from posterior to prior, and its standard error.
        rate_per_dimension: (Z,) mean KL of each dimension; it sums to the rate.
        variances: (Z,) variance over the sentences of the posterior mean.
        information, information_error, information_ceiling: mutual information of sentence and
            latent by the estimator of Hoffman and Johnson (2016), which cannot exceed its ceiling.
        heard: nats that another sentence's z costs the decoder; None where that was not measured.
        holes: share of prior draws that fall into holes; None where that was not measured.
        sentences_are: which sentences they were, for a reader.
    """

    n_sentences: int
    sentences_are: str
    rate: float
    rate_error: float
    rate_per_dimension: Floats
    variances: Floats
    information: float
    information_error: float
    information_ceiling: float
    heard: float | None = None
    holes: float | None = None

    @property
    def rate_interval(self) -> Interval:
        """The rate with its 95% interval, by the normal theory."""
        low, high = _about(self.rate, self.rate_error)
        return Interval(self.rate, low, high, 0.95, self.n_sentences)

    @property
    def information_interval(self) -> Interval:
        """The mutual information with its 95% interval, by the normal theory."""
        low, high = _about(self.information, self.information_error)
        return Interval(self.information, low, high, 0.95, self.n_sentences)

    @property
    def latent_dim(self) -> int:
        """Z."""
        return len(self.rate_per_dimension)

    @property
    def order(self) -> npt.NDArray[np.intp]:
        """(Z,) dimensions by rate, the most informative first."""
        return np.argsort(-self.rate_per_dimension, kind="stable")

    def active_units(self, threshold: float = ACTIVE_UNIT_THRESHOLD) -> int:
        """Dimensions whose posterior mean varies by more than the threshold (Burda, 2016)."""
        return int((self.variances > threshold).sum())

    def diagnosis(self) -> Diagnosis:
        """The verdict on these figures, at the usual threshold."""
        return diagnose(
            latent_dim=self.latent_dim,
            rate=self.rate,
            active_units=self.active_units(),
            mutual_information=self.information,
            mutual_information_ceiling=self.information_ceiling,
            heard=self.heard,
            holes=self.holes,
            intervals={
                "rate": _about(self.rate, self.rate_error),
                "mutual_information": _about(self.information, self.information_error),
            },
        )


def _about(value: float, error: float) -> tuple[float, float]:
    return value - _SURE * error, value + _SURE * error


def usage_of_evaluation(evaluation: Mapping[str, Any]) -> LatentUsage:
    """Read evaluation.json.

    Raises:
        UserError: it was written by another version and lacks a figure.
    """
    try:
        return LatentUsage(
            n_sentences=int(evaluation["n_sentences"]),
            sentences_are=f"{evaluation.get('split', 'held-out')} sentences",
            rate=float(evaluation["rate"]),
            rate_error=_or_unknown(evaluation["rate_standard_error"]),
            rate_per_dimension=np.asarray(evaluation["rate_per_dimension"], dtype=float),
            variances=np.asarray(evaluation["variance_of_means"], dtype=float),
            information=float(evaluation["mutual_information"]),
            information_error=_or_unknown(evaluation["mutual_information_standard_error"]),
            information_ceiling=float(evaluation["mutual_information_ceiling"]),
            heard=heard_of(evaluation),
            holes=holes_of(evaluation),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            f"The evaluation of this run cannot be read ({error}). Make it again with "
            "`python -m vae evaluate RUN`."
        ) from error


def _or_unknown(error: Any) -> float:
    """A standard error; NaN where it was not kept, as by studies of the first version."""
    return math.nan if error is None else float(error)


def heard_of(evaluation: Mapping[str, Any]) -> float | None:
    """Nats that another sentence's z costs the decoder; None where that was not measured.

    Raises:
        UserError: a figure is missing.
    """
    scores = evaluation.get("decoder_listens")
    if not isinstance(scores, Mapping):
        return None
    return figure(scores, "own") - figure(scores, "another")


def holes_of(evaluation: Mapping[str, Any]) -> float | None:
    """Share of prior draws that fall into holes; None where that was not measured.

    Raises:
        UserError: what stands there is no share.
    """
    holes = evaluation.get("holes")
    if not isinstance(holes, Mapping):
        return None
    share = figure(holes, "value")
    if not 0 <= share <= 1:
        raise UserError(
            "The evaluation of this run holds a share of holes that is none. Make it again with "
            "`python -m vae evaluate RUN`."
        )
    return share


def usage_of_posterior(posterior: Posterior, sentences_are: str, seed: int = 0) -> LatentUsage:
    """Measure N posteriors; information and holes on at most 2,000 of them, drawn by the seed.

    Raises:
        UserError: there are fewer than two sentences.
    """
    n = len(posterior)
    if n < 2:
        raise UserError("Two sentences at least are needed to measure a latent space.")
    rates = posterior.kl().double()
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randperm(n, generator=generator)[:MOST_SENTENCES]
    some = posterior.rows(rows)
    information, error = mutual_information(some, generator)
    latent = some.mean.shape[1]
    holes = prior_holes(some, generator, np.random.default_rng(seed)) if latent else None
    return LatentUsage(
        n_sentences=n,
        sentences_are=sentences_are,
        rate=float(rates.mean()),
        rate_error=float(rates.std()) / math.sqrt(n),
        rate_per_dimension=posterior.kl_per_dimension().double().mean(0).numpy(),
        variances=unit_variances(posterior.mean).double().numpy(),
        information=information,
        information_error=error,
        information_ceiling=math.log(len(rows)),
        holes=holes.share.value if holes else None,
    )


def normal_density(z: Floats) -> Floats:
    """The prior's density N(z; 0, 1) of one dimension."""
    return np.asarray(np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi))
