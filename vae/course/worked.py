"""One sentence through a whole VAE, number by number: what a formula is shown with.

The numbers are those of the x-ray (`vae.diagnostics.xray`); here they are laid out by draw, and
beside the lines of code that compute them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from vae.diagnostics.xray import Xray

LISTING = (
    "tokens = tokenizer.encode(sentence)",
    "mu, logvar = encoder(tokens)",
    "eps = torch.randn(mu.shape)",
    "z = mu + (0.5 * logvar).exp() * eps",
    "log_p = decoder(tokens, z)",
    "distortion = -log_p.sum()",
    "kl = 0.5 * (mu**2 + logvar.exp() - logvar - 1)",
    "rate = kl.sum()",
    "loss = distortion + beta * rate",
)
"""The computation of the loss of one sentence; it runs as it stands."""

SYMBOLS = {
    "tokens": "x",
    "mu": "mu",
    "logvar": "logvar",
    "eps": "eps",
    "z": "z",
    "log_p": "logp",
    "distortion": "distortion",
    "kl": "kl",
    "rate": "rate",
    "beta": "beta",
    "loss": "loss",
}
"""A name in `LISTING` to the symbol of a formula that it is."""

_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Worked:
    """A sentence of T tokens, S draws and Z dimensions; nats.

    Attributes:
        seen: its x-ray.
        beta: the weight of the rate in the loss.
    """

    seen: Xray
    beta: float = 1.0

    @property
    def noise(self) -> Tensor:
        """(S, Z) eps of each draw: z = mean + deviation * eps."""
        posterior = self.seen.posterior
        return (self.seen.z - posterior.mean) / posterior.deviation

    @property
    def costs(self) -> Tensor:
        """(S, T) -log p of each token."""
        return -self.seen.own

    @property
    def distortions(self) -> Tensor:
        """(S,) -log p(x|z)."""
        return self.costs.sum(1)

    @property
    def losses(self) -> Tensor:
        """(S,) distortion + beta * rate, what training minimises without free bits."""
        return self.distortions + self.beta * self.seen.rate


def parts(line: str) -> list[tuple[str, str]]:
    """A line of `LISTING` in pieces, each with its symbol; "" where it is none."""
    found: list[tuple[str, str]] = []
    at = 0
    for name in _NAME.finditer(line):
        # The method of a tensor, and the name of a module, are no quantity.
        dotted = line[name.start() - 1 : name.start()] == "."
        if symbol := "" if dotted else SYMBOLS.get(name[0], ""):
            found += [(line[at : name.start()], ""), (name[0], symbol)]
            at = name.end()
    return [(text, symbol) for text, symbol in [*found, (line[at:], "")] if text]


def shown(seen: Xray, most: int) -> tuple[Sequence[int], Sequence[int]]:
    """The dimensions that cost most, which are shown one by one, and all others."""
    return seen.order[:most], seen.order[most:]
