"""A model of the factors language with known latents: what it must answer can be worked out."""

from collections.abc import Sequence

import torch
from torch import Tensor

from vae.corpora.factors import values_together
from vae.corpora.grammar import FACTOR_NAMES, FACTOR_VALUES, Factors, parse, render
from vae.errors import UserError
from vae.models import Posterior
from vae.models.explorable import NotAvailableError

# A value is chosen after those that it has to go with.
_ORDER = (
    "number", "person", "subject", "tense", "time", "polarity", "mood", "sentiment", "attitude",
    "topic", "activity", "object", "adjective", "place",
)  # fmt: skip


class OneHot:
    """A latent holds a 1 for the value of every factor; what is decoded is the nearest sentence.

    The value of a factor is the largest of its numbers, among those that go with what is chosen.
    """

    name = "onehot"
    names = tuple((factor, value) for factor in FACTOR_NAMES for value in FACTOR_VALUES[factor])

    def __init__(
        self, garbled: str | None = None, silent: bool = False, deaf: tuple[str, ...] = ()
    ) -> None:
        self.garbled, self.silent, self.deaf = garbled, silent, deaf

    @property
    def latent_dim(self) -> int:
        """Z."""
        return len(self.names)

    def encode(self, sentences: Sequence[str]) -> Posterior:
        """(N, Z) of zeros and ones; zeros for a factor in `deaf`, or for another language."""
        if not all(s.strip() for s in sentences):
            raise UserError("A sentence is empty.")
        found = [parse(s) for s in sentences]
        mean = torch.tensor(
            [
                [
                    float(f is not None and k not in self.deaf and getattr(f, k) == v)
                    for k, v in self.names
                ]
                for f in found
            ]
        )
        return Posterior(mean, torch.full_like(mean, -8.0))

    def decode(self, z: Tensor) -> list[str]:
        """The sentence of the largest numbers; with `garbled`, questions are no sentences."""
        if self.silent:
            raise NotAvailableError("This model cannot write.")
        return [self._say(row) for row in z.tolist()]

    def tokens(self, sentence: str) -> tuple[str, ...]:
        """Its words."""
        return (*sentence.split(), "end")

    def log_likelihood(self, sentences: Sequence[str], z: Tensor) -> list[Tensor]:
        """None."""
        raise NotAvailableError("This model knows no likelihood.")

    def _say(self, row: Sequence[float]) -> str:
        weight = dict(zip(self.names, row, strict=True))
        chosen: dict[str, str] = {}
        for factor in _ORDER:
            fit = [
                v
                for v in FACTOR_VALUES[factor]
                if all((v, w) in values_together(factor, k) for k, w in chosen.items())
            ]
            chosen[factor] = max(fit, key=lambda v: weight[factor, v])
        if self.garbled is not None and chosen["mood"] == "question":
            return self.garbled
        return render(Factors(**chosen))
