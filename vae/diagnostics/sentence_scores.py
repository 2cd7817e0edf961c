"""One sentence under several latents: what the decoder says there, and how likely it finds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vae.diagnostics.bootstrap import Floats
from vae.diagnostics.latent_swap import Source, conditions, finding
from vae.models.explorable import Explorable, where_available

_DARKEST = 2
"""Per cent of the scores that may lie beyond the dark end of a scale."""


@dataclass(frozen=True)
class SentenceScores:
    """A sentence under S latents from several sources.

    Attributes:
        sources: where each latent comes from.
        said: what the decoder says there, greedy.
        scores: (S, T) log p of each token of the sentence there, nats.
        tokens: T tokens, the end of the sentence last.

    Where the model scores no tokens there are none, and T is 0.
    """

    sources: tuple[Source, ...]
    said: tuple[str, ...]
    scores: Floats
    tokens: tuple[str, ...]

    @property
    def totals(self) -> Floats:
        """(S,) log p(x|z) in nats."""
        return np.asarray(self.scores.sum(1))

    @property
    def scored(self) -> bool:
        """Whether the model scores tokens at all."""
        return len(self.tokens) > 0

    def mean(self, source: Source) -> float:
        """log p(x|z) in nats, the mean over the latents of one source."""
        return float(self.totals[[s == source for s in self.sources]].mean())

    @property
    def finding(self) -> str:
        """What they say about the decoder; nothing where none was scored."""
        if not self.scored:
            return ""
        prior = self.mean("prior") if "prior" in self.sources else None
        return finding(self.mean("own"), self.mean("another"), prior)


def sentence_scores(
    model: Explorable, sentence: str, other: str, draws: int, seed: int
) -> SentenceScores:
    """Decode and score a sentence under its own z, another sentence's, and draws of the prior.

    Args:
        draws: how many prior latents.
        seed: same seed, same latents.

    Raises:
        NotAvailableError: the model does not decode.
        UserError: a sentence is empty or too long for the model.
    """
    sources, z = conditions(model.encode([sentence, other]), draws, seed)
    said = tuple(model.decode(z))

    def score() -> tuple[tuple[str, ...], Floats]:
        found = model.log_likelihood([sentence] * len(z), z)
        return model.tokens(sentence), np.stack([s.double().numpy() for s in found])

    tokens, scores = where_available(score) or ((), np.zeros((len(z), 0)))
    return SentenceScores(sources, said, scores, tokens)


def dark_end(found: Sequence[SentenceScores]) -> float:
    """Nats where a scale of token scores may end, for sentences that share it: -1 or less."""
    scored = [each.scores for each in found if each.scored]
    return min([-1.0, *(float(np.percentile(scores, _DARKEST)) for scores in scored)])
