"""What the draws of a likelihood bound are made from: chosen by effective sample size, recorded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from vae.diagnostics.information import live_directions, principal_axes
from vae.diagnostics.samples import Sample
from vae.i18n import _, message, ngettext
from vae.inference import Proposal, log_prior, totals
from vae.models.base import Posterior
from vae.models.explorable import Explorable
from vae.progress import Progress, silent

WIDENINGS = (1.0, 1.15, 1.3, 1.5)
DEFENCES = (0.0, 0.05, 0.2)
MOST_SENTENCES = 100
"""Sentences that a proposal is chosen on."""
_FEWEST_SENTENCES = 10
_COST = 0.1
"""Draws that choosing may take, for each of the bound itself."""
_EACH = 16
"""Draws of each sentence from each of the Gaussians that are tried, and from the prior."""
_GAIN = math.log(1.05)
"""By what factor the effective sample must be larger for another proposal than the posterior."""


@dataclass(frozen=True)
class Choice:
    """The proposal of a bound, and on which sentences it was chosen.

    Attributes:
        widening, defence: as of `vae.inference.Proposal`.
        free: directions along which it is the prior.
        chosen_on: None where it was not chosen but is the posterior as a matter of course.
    """

    widening: float = 1.0
    defence: float = 0.0
    free: int = 0
    chosen_on: Sample | None = None

    @property
    def sentence(self) -> str:
        """What is drawn from, and how that was chosen, in words."""
        said = [
            _("Draws are of the posterior itself.")
            if self.widening == 1
            else _("Draws are of the posterior with its spread times {s:g}.", s=self.widening)
        ]
        if self.free:
            said.append(
                ngettext(
                    "Along {n} direction in which the means hardly differ they are of the prior.",
                    "Along {n} directions in which the means hardly differ they are of the prior.",
                    self.free,
                )
            )
        if self.defence:
            said.append(
                _(
                    "A share of {share:.0%} is of the prior (Hesterberg, 1995; Owen and Zhou, "
                    "2000).",
                    share=self.defence,
                )
            )
        if self.chosen_on is not None:
            said.append(
                _("Chosen by effective sample size on {sentences}.", sentences=self.chosen_on)
            )
        return " ".join(said)


def affordable(n: int, draws: int) -> int:
    """Sentences to choose on before n are given a bound of K `draws`: at most 100.

    So few that choosing takes a tenth of the draws of the bound. Below ten sentences there is
    nothing to choose by.
    """
    found = min(MOST_SENTENCES, n, int(_COST * n * draws / (_EACH * (2 * len(WIDENINGS) + 1))))
    return found if found >= _FEWEST_SENTENCES else 0


def candidates(posterior: Posterior, free: Tensor) -> list[Proposal]:
    """Proposals to choose from, the posterior first.

    Args:
        free: (D, Z) directions that may be left to the prior.
    """
    directions = (None, free) if len(free) else (None,)
    return [
        Proposal(posterior, widening, defence, some)
        for some in directions
        for widening in WIDENINGS
        for defence in DEFENCES
    ]


def unused_directions(mean: Tensor) -> Tensor:
    """(D, Z) principal axes along which posterior means (N, Z) hardly differ.

    What the decoder does not read there has the prior as its true posterior, which draws of a
    narrower one miss: where their variance is below a half, weights have no variance at all.
    """
    return principal_axes(mean)[0][len(live_directions(mean)[0]) :]


def effective_share(
    model: Explorable,
    sentences: Sequence[str],
    proposals: Sequence[Proposal],
    generator: torch.Generator,
) -> Tensor:
    """(G,) nats: mean log of the effective share of draws, ESS / K at large K, of G proposals.

    All from one set of draws, of the Gaussians of all proposals and the prior in equal parts: for
    draws r the second moment of the weights p / q is E_r[p^2 / (q r)] (Owen, 2013, chapter 9), so
    a narrow proposal is not judged by the tails that its own draws miss.

    Args:
        proposals: of the same N sentences, the first being the posterior itself.

    Raises:
        NotAvailableError: the model does not score tokens.
    """
    prior = Posterior(*(torch.zeros_like(proposals[0].posterior.mean) for _ in range(2)))
    bases = [p for p in proposals if not p.defence] + [Proposal(prior)]
    z = torch.cat([base.draws(_EACH, generator)[0] for base in bases], 1)  # (N, K, Z)
    n, k = z.shape[:2]
    repeated = [s for s in sentences for _ in range(k)]
    scores = model.log_likelihood(repeated, z.flatten(0, 1))
    joint = totals(scores).view(n, k) + log_prior(z.double())
    pool = torch.stack([b.log_density(z) for b in bases]).logsumexp(0) - math.log(len(bases))
    first = (joint - pool).logsumexp(1) - math.log(k)  # log p(x)
    second = [(2 * joint - p.log_density(z) - pool).logsumexp(1) - math.log(k) for p in proposals]
    return torch.stack([(2 * first - each).mean() for each in second])


def choose(
    model: Explorable,
    sentences: Sequence[str],
    which: Sample,
    posterior: Posterior,
    generator: torch.Generator,
    progress: Progress = silent,
) -> tuple[Proposal, Choice]:
    """The proposal with the largest effective sample on some sentences, for N posteriors (N, Z).

    The bound holds with whichever is chosen, as its own draws are others.

    Args:
        sentences: to choose on, of which `which` says what they are; without any, and where there
            is no z, it is the posterior.

    Raises:
        NotAvailableError: the model does not score tokens.
    """
    if not model.latent_dim or not sentences:
        return Proposal(posterior), Choice()
    progress(0, len(sentences), message("Choosing what to draw from"))
    tried = candidates(model.encode(sentences), unused_directions(posterior.mean))
    shares = effective_share(model, sentences, tried, generator)
    progress(len(sentences), len(sentences), message("Choosing what to draw from"))
    best = int(shares.argmax())
    chosen = tried[best if shares[best] > shares[0] + _GAIN else 0]
    free = 0 if chosen.free is None else len(chosen.free)
    return (
        replace(chosen, posterior=posterior),
        Choice(chosen.widening, chosen.defence, free, which),
    )
