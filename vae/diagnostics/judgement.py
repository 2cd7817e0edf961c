"""What a verdict rests on: five questions to a model, each with its figures and thresholds.

The thresholds are ours; the figures are those of Burda et al. (2016), Hoffman and Johnson (2016),
He et al. (2019), and Lopez-Paz and Oquab (2017). None changes when the latent space is turned.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from vae.diagnostics.course import Course
from vae.diagnostics.fitness import FORGETS, RETURNS, Grade, RoundTrip, Verdict, fitness, memorises
from vae.diagnostics.latent_swap import HEARD
from vae.diagnostics.prior_match import GOOD_MOMENT_KL, VISIBLE_ACCURACY

Question = Literal["learned", "used", "returned", "price", "prior"]

DIVERGED = 2.0
"""Times what the words' frequencies cost: before its first update a model finds all words about
equally likely, which costs less than that, so that one which costs more has risen."""
COLLAPSED_RATE = 0.5
"""Nats a sentence below which z cannot tell even two sentences apart (ln 2 is 0.69)."""
HEALTHY_INFORMATION = 2.0
"""Nats: z sorts the sentences into at least seven kinds (e^2 = 7.4)."""
HEALTHY_UNITS = 2
HEALTHY_HEARD = 2.0
"""Nats that another sentence's z costs: as much as healthy information, and read."""
FAIR_IDLE = 1.0
"""Nats of the rate that may tell nothing; it is poor where they are more than `DEAR` of it."""
DEAR = 0.25
POOR_MOMENT_KL = 3.0
"""Nats of the moments' KL to the prior beyond which the prior does not fit."""
POOR_ACCURACY = 0.75
"""Share of draws told right beyond which the prior does not fit."""


@dataclass(frozen=True)
class Figures:
    """What a verdict is made from; nats a sentence. None is what was not measured.

    Attributes:
        active_units: dimensions whose posterior mean varies.
        ceiling: what the estimate of the mutual information cannot exceed.
        heard: what another sentence's z costs the decoder: mean log p(x|z) under own z less that
            under another sentence's, which may be negative by chance.
        principal_units: directions along which the posterior mean varies.
        upper: upper bound of the information.
        nll: the tightest bound of -log p(x) that there is.
        unigram: what the frequencies of words alone would cost.
        moment_kl: KL of the aggregated posterior's Gaussian moments to the prior.
        accuracy: share of draws of aggregated posterior and prior that a classifier tells right.
        held, trained: what comes back of held-out sentences, and of training sentences.
        course: how the training went.
    """

    latent_dim: int
    active_units: int
    ceiling: float
    rate: float
    mutual_information: float
    heard: float | None = None
    principal_units: int | None = None
    upper: float | None = None
    nll: float | None = None
    unigram: float | None = None
    moment_kl: float | None = None
    accuracy: float | None = None
    held: RoundTrip | None = None
    trained: RoundTrip | None = None
    course: Course | None = None

    @property
    def units(self) -> int:
        """Directions in use: principal units, or active ones where those were not counted."""
        return self.active_units if self.principal_units is None else self.principal_units

    @property
    def least(self) -> float:
        """Mutual information below which a space is unused."""
        return min(COLLAPSED_RATE, 0.5 * self.ceiling)

    @property
    def enough(self) -> float:
        """Mutual information from which a space can be healthy."""
        return min(HEALTHY_INFORMATION, 0.9 * self.ceiling)

    @property
    def most_told(self) -> float:
        """Nats that z tells of a sentence at most: the least bound there is, and never below what
        was told. See `vae.diagnostics.rate_split.bounded`.
        """
        bounds = [self.rate, self.rate - (self.moment_kl or 0.0)]
        bounds += [bound for bound in (self.upper, self.nll) if bound is not None]
        return max(min(bounds), min(self.mutual_information, self.rate))

    @property
    def idle(self) -> float:
        """Nats of the rate that tell nothing, at least."""
        return self.rate - self.most_told

    @property
    def diverged(self) -> bool:
        """Whether a sentence costs more than any model does that has not been trained."""
        if self.nll is None or not math.isfinite(self.nll):
            return self.nll is not None
        return self.unigram is not None and self.nll > DIVERGED * self.unigram

    @property
    def unused(self) -> bool:
        """Whether z tells next to nothing."""
        return self.units == 0 or self.rate < COLLAPSED_RATE or self.mutual_information < self.least

    @property
    def deaf(self) -> bool:
        """Whether the decoder reads next to nothing of it."""
        return self.heard is not None and self.heard < HEARD

    @property
    def heard_enough(self) -> bool:
        """Whether the decoder reads enough, as far as that is known."""
        return self.heard is None or self.heard >= HEALTHY_HEARD

    @property
    def learned(self) -> Grade | None:
        """Whether sentences cost less than by the frequencies of their words."""
        if self.diverged:
            return "poor"
        if self.nll is None or self.unigram is None:
            return None
        return "good" if self.nll < self.unigram else "poor"

    @property
    def used(self) -> Grade:
        """Whether z differs between sentences, tells of them, and is read."""
        if self.latent_dim == 0 or self.unused or self.deaf:
            return "poor"
        informed = self.mutual_information >= self.enough
        return "good" if self.units >= HEALTHY_UNITS and informed and self.heard_enough else "fair"

    @property
    def returned(self) -> Grade | None:
        """Whether what comes back is what was said, of sentences that it has not seen."""
        if self.held is None or self.held.told is None:
            return None
        if memorises(self.held, self.trained) or self.held.told.value < FORGETS:
            return "poor"
        return "good" if self.held.told.value >= RETURNS else "fair"

    @property
    def price(self) -> Grade:
        """Whether what is paid for z is told by it."""
        if self.idle <= FAIR_IDLE:
            return "good"
        return "fair" if self.idle <= DEAR * self.rate else "poor"

    @property
    def prior(self) -> Grade | None:
        """Whether draws of the prior are where sentences are."""
        if self.moment_kl is None or self.accuracy is None:
            return None
        if self.moment_kl <= GOOD_MOMENT_KL and self.accuracy <= VISIBLE_ACCURACY:
            return "good"
        poor = self.moment_kl > POOR_MOMENT_KL or self.accuracy > POOR_ACCURACY
        return "poor" if poor else "fair"

    @property
    def grades(self) -> dict[Question, Grade]:
        """The answers that there are, in the order in which they matter."""
        asked: dict[Question, Grade | None] = {
            "learned": self.learned,
            "used": self.used,
            "returned": self.returned,
            "price": self.price,
            "prior": self.prior,
        }
        return {question: grade for question, grade in asked.items() if grade is not None}

    @property
    def weakest(self) -> Question | None:
        """The answer that is worst, the first of several; None where all are good."""
        order = ("poor", "fair", "good")
        name, grade = min(self.grades.items(), key=lambda item: order.index(item[1]))
        return None if grade == "good" else name

    @property
    def verdict(self) -> Verdict:
        """As `vae.diagnostics.collapse.diagnose` says."""
        if self.latent_dim == 0:
            return "collapsed"
        found = fitness(
            nll=self.nll,
            unigram=self.unigram,
            diverged=self.diverged,
            used=self.used,
            held=self.held,
            trained=self.trained,
            course=self.course,
        )
        return "flawed" if found == "healthy" and "poor" in self.grades.values() else found
