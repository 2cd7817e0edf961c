"""What became of a collapse and its cure: a verdict, from two evaluations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from vae.diagnostics.bounds import Bounds, bounds
from vae.diagnostics.collapse import diagnose
from vae.diagnostics.comparison import figure
from vae.diagnostics.information import lower_bound
from vae.diagnostics.judgement import Figures
from vae.diagnostics.latent_swap import HEARD
from vae.i18n import _, message
from vae.i18n.numbers import mean_plus_minus

Outcome = Literal["cured", "not cured", "no collapse"]

CURED_RATE = 1.0
"""The rate of a cured run, nats a sentence, at least."""
CURED_UNITS = 2


@dataclass(frozen=True)
class Carried:
    """How a latent space is used; nats a sentence, each with its standard error where known.

    Attributes:
        ceiling: of the estimate of the mutual information.
        units, latent_dim, threshold: dimensions whose variance is above the threshold, of how many.
        heard: nats that another sentence's z costs the decoder; None where it was not measured.
        principal: directions whose variance is above the threshold; None where not counted.
    """

    rate: float
    rate_error: float | None
    information: float
    information_error: float | None
    ceiling: float
    units: int
    latent_dim: int
    threshold: float
    heard: float | None
    principal: int | None = None

    @classmethod
    def of(cls, evaluation: Mapping[str, Any]) -> Carried:
        """Out of the figures of an evaluation.

        Raises:
            UserError: one is missing.
        """
        return cls(
            rate=figure(evaluation, "rate"),
            rate_error=evaluation.get("rate_standard_error"),
            information=figure(evaluation, "mutual_information"),
            information_error=evaluation.get("mutual_information_standard_error"),
            ceiling=figure(evaluation, "mutual_information_ceiling"),
            units=int(figure(evaluation, "active_units")),
            latent_dim=int(figure(evaluation, "latent_dim")),
            threshold=figure(evaluation, "active_unit_threshold"),
            heard=heard_of(evaluation),
            principal=evaluation.get("principal_units"),
        )

    @property
    def collapsed(self) -> bool:
        """Whether the verdict on these figures is that it collapsed."""
        found = Figures(
            latent_dim=self.latent_dim,
            rate=self.rate,
            active_units=self.units,
            mutual_information=max(0.0, self.information),
            ceiling=self.ceiling,
            principal_units=self.principal,
            heard=self.heard,
        )
        return diagnose(found).verdict == "collapsed"

    @property
    def listens(self) -> bool:
        """Whether the decoder reads z, as far as that was measured."""
        return self.heard is None or self.heard >= HEARD

    @property
    def enough(self) -> bool:
        """Whether a run with a cure has the rate and the units of a cured one."""
        # A decoder that does not listen is a collapse as well, and said by itself.
        standing = not self.collapsed or not self.listens
        return standing and self.rate >= CURED_RATE and self.units >= CURED_UNITS

    def sentence(self, cured: bool) -> str:
        """All of it, of the plain run or of that with the cure."""
        information = mean_plus_minus(self.information, self.information_error)
        told = {
            "rate": mean_plus_minus(self.rate, self.rate_error),
            "information": lower_bound(information, self.information, self.ceiling),
            "ceiling": self.ceiling,
            "units": self.units,
            "of": self.latent_dim,
        }
        if cured:
            return _(
                "With the cure: rate {rate} nats, mutual information {information} nats (the "
                "estimate cannot exceed {ceiling:.2f}), {units} of {of} units active.",
                **told,
            )
        return _(
            "Plain: rate {rate} nats, mutual information {information} nats (the estimate cannot "
            "exceed {ceiling:.2f}), {units} of {of} units active.",
            **told,
        )


@dataclass(frozen=True)
class ClinicVerdict:
    """A judgement of two runs that differ in one cure.

    Attributes:
        plain, cured: how each uses its latent space.
        bounds: how their likelihoods compare.
        seconds: what the training of each took; None where that is not known.
    """

    plain: Carried
    cured: Carried
    bounds: Bounds
    seconds: tuple[float, float] | None = None

    @property
    def plain_collapsed(self) -> bool:
        """Whether the plain run did what it was expected to do."""
        return self.plain.collapsed

    @property
    def cured_reads(self) -> bool:
        """Whether the run with the cure uses z, and its decoder reads it."""
        return self.cured.enough and self.cured.listens

    @property
    def likelihood(self) -> str:
        """Of the cured run, against the plain one (`vae.diagnostics.bounds.Change`)."""
        return self.bounds.change

    @property
    def outcome(self) -> Outcome:
        """ "no collapse" is the plain run's: then there was nothing to cure."""
        if not self.plain_collapsed:
            return "no collapse"
        return "cured" if self.cured_reads else "not cured"

    @property
    def sentence(self) -> str:
        """The verdict, with its figures."""
        told = {"plain": self.plain.rate, "rate": self.cured.rate}
        if self.outcome == "no collapse":
            return _(
                "The plain run did not collapse: its rate is {plain:.2f} nats. There was nothing "
                "to cure; with the cure it is {rate:.2f} nats.",
                **told,
            )
        if self.outcome == "cured":
            return _(
                "Cured: the rate is {rate:.2f} nats a sentence, {plain:.2f} in the plain run, and "
                "the decoder reads z.",
                **told,
            )
        if self.cured.enough:
            return _(
                "Not cured: the rate is up from {plain:.2f} to {rate:.2f} nats, but the likelihood "
                "of a sentence is nearly the same whatever z the decoder is given.",
                **told,
            )
        return _(
            "Not cured: the rate is {rate:.2f} nats in {units} active units, {plain:.2f} in the "
            "plain run.",
            units=self.cured.units,
            **told,
        )

    @property
    def findings(self) -> tuple[str, ...]:
        """What it rests on and what it cost."""
        active = _(
            "Active is a variance of the posterior mean above {threshold:g}.",
            threshold=self.cured.threshold,
        )
        used = " ".join([self.plain.sentence(False), self.cured.sentence(True), active])
        return tuple(filter(None, (used, self._read, self.bounds.sentence, self._time)))

    @property
    def _read(self) -> str:
        if self.plain.heard is None or self.cured.heard is None:
            return ""
        return _(
            "Given another sentence's z, the plain decoder loses {plain:.2f} nats of log p(x|z), "
            "the cured one {cured:.2f}: that is how much each reads in z.",
            plain=self.plain.heard,
            cured=self.cured.heard,
        )

    @property
    def _time(self) -> str:
        if self.seconds is None:
            return ""
        plain, cured = self.seconds
        if plain <= 0:
            return _(
                "Training took {plain:.0f} s without the cure and {cured:.0f} s with it.",
                plain=plain,
                cured=cured,
            )
        return _(
            "Training took {plain:.0f} s without the cure and {cured:.0f} s with it, {ratio:.1f} "
            "times as long.",
            plain=plain,
            cured=cured,
            ratio=cured / plain,
        )


def clinic_verdict(
    plain: Mapping[str, Any],
    cured: Mapping[str, Any],
    seconds: tuple[float, float] | None = None,
) -> ClinicVerdict:
    """Judge a cure by the figures of two evaluations.

    Cured: not collapsed any more (`vae.diagnostics.collapse`), at least one nat in at least two
    active units, and a decoder that loses a nat or more when it is given another sentence's z. A
    rate alone is no cure: a floor under it can be met with a z that nobody reads.

    Args:
        seconds: what the training of each took.

    Raises:
        UserError: an evaluation lacks a figure.
    """
    names = message("the plain run"), message("the run with the cure")
    likelihoods = bounds(plain, cured, names)
    return ClinicVerdict(Carried.of(plain), Carried.of(cured), likelihoods, seconds)


def heard_of(evaluation: Mapping[str, Any]) -> float | None:
    """Nats that another sentence's z costs the decoder; None where that was not measured.

    Raises:
        UserError: a figure is missing.
    """
    scores = evaluation.get("decoder_listens")
    if not isinstance(scores, Mapping):
        return None
    return figure(scores, "own") - figure(scores, "another")
