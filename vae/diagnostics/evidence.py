"""All that a diagnosis rests on (`vae.diagnostics.examination` measures it)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.collapse import Diagnosis, Ends, Measured, diagnose
from vae.diagnostics.course import Course
from vae.diagnostics.fitness import RoundTrip
from vae.diagnostics.gains import Gain, Listening
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD, falling
from vae.diagnostics.judgement import Figures
from vae.diagnostics.likelihood import LikelihoodCurve
from vae.diagnostics.prior_match import PriorMatch
from vae.diagnostics.rate_split import RateSplit
from vae.diagnostics.samples import Reason, Sample
from vae.diagnostics.units import UnitCurve

FEW = 50
"""Below so many sentences a bootstrap says less than it seems to."""


@dataclass(frozen=True)
class Evidence:
    """What was measured of a model on `n` sentences; nats a sentence.

    Attributes:
        which: which sentences they were.
        split: the rate, and the two parts that it has.
        rate_per_dimension, variances: (Z,) mean KL, and variance of the posterior mean.
        units: active units over the threshold.
        principal: principal units over the threshold; None in what was measured before they were.
        match: how the aggregated posterior matches the prior; None where it was not measured.
        likelihood, listening: None where the model scores no tokens.
        vocabulary, factors: gains by how frequent a word is in the training text, and by the factor
            that it says; empty where that is not known.
        missing: why a part is not there, or not to be trusted.
        distortion, elbo: one draw of z each, as in training; None where the model scores no tokens.
        unigram: what the words' frequencies in the training text alone would cost
            (`vae.diagnostics.unigram`); None where they are not known.
        held, trained: what comes back of held-out sentences, and of training sentences; None where
            they are not known, and in what was measured before they were.
        course: how the training went; None where it was not recorded, or not looked at yet.
    """

    n: int
    which: Sample
    seed: int
    latent_dim: int
    split: RateSplit
    rate_per_dimension: tuple[float, ...]
    variances: tuple[float, ...]
    units: UnitCurve
    likelihood: LikelihoodCurve | None
    listening: Listening | None
    vocabulary: tuple[Gain, ...]
    factors: tuple[Gain, ...]
    missing: tuple[Reason, ...]
    distortion: Interval | None = None
    elbo: Interval | None = None
    unigram: Interval | None = None
    match: PriorMatch | None = None
    principal: UnitCurve | None = None
    held: RoundTrip | None = None
    trained: RoundTrip | None = None
    course: Course | None = None

    @property
    def principal_units(self) -> int | None:
        """Directions along which the posterior mean varies by more than the usual threshold."""
        return (
            None if self.principal is None else int(self.principal.at(ACTIVE_UNIT_THRESHOLD).value)
        )

    @property
    def nll(self) -> float | None:
        """The tightest bound of -log p(x), nats a sentence; None where no token is scored."""
        if self.likelihood is not None:
            return self.likelihood.nll[-1].value
        return None if self.elbo is None else -self.elbo.value

    @property
    def active_units(self) -> int:
        """Dimensions whose posterior mean varies by more than the usual threshold."""
        return int(self.units.at(ACTIVE_UNIT_THRESHOLD).value)

    @property
    def order(self) -> list[int]:
        """(Z,) dimensions by rate, the most informative first."""
        return falling(self.rate_per_dimension)

    @property
    def diagnosis(self) -> Diagnosis:
        """The verdict on these figures, with what their intervals leave open."""
        split, heard = self.split, self.listening.over_another if self.listening else None
        intervals: dict[Measured, Ends] = {
            "rate": (split.rate.low, split.rate.high),
            "mutual_information": (split.information.low, split.information.high),
        }
        if heard is not None and heard.known:
            intervals["heard"] = (heard.low, heard.high)
        if self.match is not None:
            intervals["moment_kl"] = (self.match.moment_kl.low, self.match.moment_kl.high)
            intervals["accuracy"] = (self.match.accuracy.low, self.match.accuracy.high)
        figures = Figures(
            latent_dim=self.latent_dim,
            rate=split.rate.value,
            active_units=self.active_units,
            mutual_information=split.information.value,
            ceiling=split.ceiling,
            heard=heard.value if heard else None,
            principal_units=self.principal_units,
            upper=split.upper.value,
            nll=self.nll,
            unigram=self.unigram.value if self.unigram else None,
            moment_kl=self.match.moment_kl.value if self.match else None,
            accuracy=self.match.accuracy.value if self.match else None,
            held=self.held,
            trained=self.trained,
            course=self.course,
        )
        return diagnose(figures, intervals)

    @property
    def lacking(self) -> tuple[Reason, ...]:
        """Why a part is not there, not to be trusted, or not measured by an earlier version."""
        told = any(why.kind == "no-match" for why in self.missing)
        unmatched = self.latent_dim and self.match is None and not told
        untold = self.latent_dim and self.held is None and self.which.unseen and self.listening
        return (
            *self.missing,
            *([Reason("return-not-kept")] if untold else []),
            *([Reason("match-not-kept")] if unmatched else []),
        )

    def to_dict(self) -> dict[str, Any]:
        """As JSON, with the verdict."""
        return {"diagnosis": self.diagnosis.to_dict(), **asdict(self)}


def too_few(n: int) -> Reason | None:
    """What to keep in mind of a verdict on n sentences; None where they are enough."""
    return Reason.of("few-sentences", n=n) if n < FEW else None
