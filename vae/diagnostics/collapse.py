"""Is the posterior collapsed? One pure function decides, for pages, command line and evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vae.errors import UserError

Verdict = Literal["healthy", "partial", "collapsed"]

COLLAPSED_RATE = 0.5
"""Nats a sentence below which z cannot tell even two sentences apart (ln 2 is 0.69)."""
HEALTHY_INFORMATION = 2.0
"""Nats: z sorts the sentences into at least seven kinds (e^2 = 7.4)."""
HEALTHY_UNITS = 2


@dataclass(frozen=True)
class Diagnosis:
    """A verdict, in a sentence, and the figures that it rests on."""

    verdict: Verdict
    sentence: str
    evidence: tuple[str, ...]


def diagnose(
    *,
    latent_dim: int,
    rate: float,
    active_units: int,
    mutual_information: float,
    mutual_information_ceiling: float,
) -> Diagnosis:
    """Judge how a model uses its latent space, from measured figures in nats a sentence.

    Collapsed: no active unit, or a rate or mutual information below 0.5 nats. Healthy: at least two
    active units and 2 nats of mutual information (or nine tenths of the estimator's ceiling, where
    few sentences keep it below that). Partial: all between. The bounds are ours; the figures are
    those of Burda et al. (2016), Hoffman and Johnson (2016) and He et al. (2019).

    Raises:
        UserError: a figure is negative or not a number.
    """
    rate = 0.0 if -1e-3 < rate < 0 else rate  # rounding, where the posterior is the prior
    figures = (rate, mutual_information, mutual_information_ceiling, float(active_units))
    if any(not f >= 0 for f in figures):
        raise UserError("A diagnosis needs figures that are numbers and not negative.")
    evidence = (
        f"Rate: {rate:.2f} nats a sentence, the mean KL from posterior to prior.",
        f"Active units: {active_units} of {latent_dim} dimensions.",
        f"Mutual information: {mutual_information:.2f} nats "
        f"(the estimator cannot exceed {mutual_information_ceiling:.2f}).",
    )
    enough = min(HEALTHY_INFORMATION, 0.9 * mutual_information_ceiling)
    if latent_dim == 0:
        verdict: Verdict = "collapsed"
        sentence = "A plain language model: it has no latent space."
    elif (
        active_units == 0
        or rate < COLLAPSED_RATE
        or mutual_information < min(COLLAPSED_RATE, 0.5 * mutual_information_ceiling)
    ):
        verdict = "collapsed"
        sentence = (
            f"Collapsed: {active_units} of {latent_dim} dimensions are active and the rate is "
            f"{rate:.2f} nats; the decoder says the same whatever z is."
        )
    elif active_units >= HEALTHY_UNITS and mutual_information >= enough:
        verdict = "healthy"
        sentence = (
            f"Healthy: {active_units} of {latent_dim} dimensions are active and carry "
            f"{rate:.1f} nats a sentence."
        )
    else:
        verdict = "partial"
        sentence = (
            f"Partly collapsed: {active_units} of {latent_dim} dimensions are active, with "
            f"{mutual_information:.1f} nats of mutual information."
        )
    return Diagnosis(verdict, sentence, evidence)
