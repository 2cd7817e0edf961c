"""What would help: the cures that fit a judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from vae.diagnostics.judgement import HEALTHY_UNITS, Figures
from vae.i18n import Message, message

_WHY: Mapping[str, Message] = {
    "first": message("The rate costs nothing at first, so the encoder learns before."),
    "floor": message("A floor under each dimension, which pays no rate below it."),
    "thorough": message("Slow and thorough: the encoder no longer lags behind."),
    "hides": message("Its word dropout hides words, so that the decoder needs z."),
    "apart": message("A new decoder begins beside an encoder that tells them apart."),
    "wakes": message("A floor under each dimension wakes those that tell nothing."),
    "cycles": message("Each cycle starts from an encoder that is read already."),
    "cheaper": message("A rate that counts for less lets more into z, and costs likelihood."),
    "whole": message(
        "The aggregated posterior is {moment_kl:.1f} nats from the prior at least, and a "
        "classifier gets {accuracy:.0%} of their draws right: it holds the whole to the prior."
    ),
}


@dataclass(frozen=True)
class Advice:
    """A cure that fits a case: its name in `vae.training.cures.CURES`, and why it does."""

    cure: str
    why: str
    moment_kl: float | None = None
    accuracy: float | None = None

    @property
    def reason(self) -> str:
        """Why, in a sentence."""
        values = {"moment_kl": self.moment_kl, "accuracy": self.accuracy}
        return str(replace(_WHY[self.why], values=values))


def cures(found: Figures) -> tuple[Advice, ...]:
    """What fits the case, the cheapest first; a model that has not learned needs no cure of z."""
    if found.verdict in ("untrained", "diverged", "falling", "memorises", "undecided"):
        return ()
    if found.verdict == "forgets":
        return (Advice("beta", "cheaper"),)
    if found.unused:
        return (
            Advice("annealing", "first"),
            Advice("free-bits", "floor"),
            Advice("aggressive", "thorough"),
        )
    if not found.heard_enough:
        # Floors under the rate would only raise what is already there and not read.
        return (Advice("annealing", "hides"), Advice("pretraining", "apart"))
    if found.verdict == "partial":
        few = found.units < HEALTHY_UNITS
        return (
            Advice("free-bits", "wakes") if few else Advice("cyclical", "cycles"),
            Advice("beta", "cheaper"),
        )
    if found.prior in ("fair", "poor"):
        return (Advice("mmd", "whole", found.moment_kl, found.accuracy),)
    return ()
