"""Does a training diverge? Its distortion against what the words' frequencies alone would cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import torch
from torch import Tensor

from vae.batching import Encoded
from vae.config import TrainConfig
from vae.diagnostics.unigram import Unigram
from vae.errors import UserError
from vae.i18n import Message, message
from vae.training.distributed import Team
from vae.training.state import TrainState

FACTOR = 3.0
"""A distortion of more than so many times what the words' frequencies would cost is no model's.

A guess among all words alike, as weights at their first draw make it and a decoder drawn anew,
costs ln V a token: 1.2 to 1.5 times as much as the frequencies of the texts at hand. Whatever is
learned costs less than they do, with z or without: beta that grows, in one rise or in cycles,
trades distortion for rate, and a posterior that collapses leaves a language model behind. Axes
that turn change nothing of what is said. A run's own best distortion is no measure: a collapse
multiplies it by ten and more.
"""
UPDATES = 100
"""So many updates in a row; a spike that Adam recovers from is over in fewer."""

_UNCLIPPED = 10.0
"""A clip_norm of so many times the usual norm clips next to nothing."""


@dataclass(frozen=True)
class Divergence:
    """How a training diverged.

    Attributes:
        step: the updates made by then.
        usual_norm: mean norm of the gradients when the distortion was below `frequencies` last; 0
            where it never was.
        distortion: mean of the last updates, nats a sentence; None where it was a gradient that is
            not a number.
        frequencies: what the frequencies of words would cost the same sentences.
    """

    step: int
    usual_norm: float
    distortion: float | None = None
    frequencies: float | None = None

    def error(self, config: TrainConfig, kept: int) -> UserError:
        """What happened, what is kept, and which setting to lower.

        Args:
            kept: the update whose weights are kept, the best before; 0 where none were good.
        """
        return UserError(
            "Training diverged at update {step:,}: {happened} {kept} {advice}",
            step=self.step,
            happened=self._happened,
            kept=message("The weights of update {step:,}, the best before, are kept.", step=kept)
            if kept
            else message("No weights were good before, so none are kept."),
            advice=self._advice(config),
        ).because("divergence")

    @property
    def _happened(self) -> Message:
        if self.distortion is None or self.frequencies is None:
            return message("the gradient is not a number.")
        return message(
            "the distortion is {distortion:,.0f} nats a sentence, where the frequencies of words "
            "alone would cost {frequencies:,.0f}.",
            distortion=self.distortion,
            frequencies=self.frequencies,
        )

    def _advice(self, config: TrainConfig) -> Message:
        if 0 < _UNCLIPPED * self.usual_norm < config.clip_norm:
            return message(
                "Lower clip_norm, now {clip:g}: while all was well the gradients had a norm of "
                "{usual:.2g}, so it clips next to nothing.",
                clip=config.clip_norm,
                usual=self.usual_norm,
            )
        return message("Lower learning_rate, now {rate:g}.", rate=config.learning_rate)


class DivergenceWatch:
    """What the distortion of one training is held against.

    Args:
        text: encoded sentences whose words are counted: those of validation, which are at hand
            wherever the training sentences come from.
        vocabulary: V.
    """

    def __init__(self, text: Encoded, vocabulary: int) -> None:
        sentences = (row for tokens in text.tokens for row in tokens.tolist())
        frequencies = Unigram.of(sentences, vocabulary)
        self._nats = torch.tensor([frequencies.nats([v]) for v in range(vocabulary)])  # (V,)
        self._validation = sum(map(self.cost, text.tokens)) / len(text)

    def cost(self, tokens: Tensor) -> float:
        """Nats of all sentences of a batch (B, T) by the frequencies of words alone."""
        return float(self._nats[tokens].sum())

    def good(self, distortion: float) -> bool:
        """Whether weights of this mean distortion on the validation sentences may be kept."""
        return distortion <= FACTOR * self._validation  # what is not a number is no good either

    def look(self, state: TrainState, sums: Mapping[str, float], team: Team) -> None:
        """Take in the sums of the updates since the last look; end the training if it diverges."""
        distortion, frequencies = sums["distortion"], sums.get("frequencies", 0.0)
        if team.any(not distortion <= FACTOR * frequencies):  # the same in every process
            state.diverging += int(sums["updates"])
        else:
            state.diverging = 0
            if distortion < frequencies:
                state.usual_norm = sums["norm"] / sums["updates"]
        if state.diverging >= UPDATES:
            n = sums["sentences"]
            self.end(state, distortion=distortion / n, frequencies=frequencies / n)

    @staticmethod
    def end(state: TrainState, **figures: float) -> None:
        """Mark a training as diverged; without figures, by a gradient that is not a number."""
        state.ended = "diverged"
        state.divergence = asdict(Divergence(state.step, state.usual_norm, **figures))


def divergence_of(state: TrainState, config: TrainConfig) -> UserError | None:
    """How a training diverged and what to do about it; None where it did not."""
    if state.divergence is None:
        return None
    return Divergence(**state.divergence).error(config, state.best_step)
