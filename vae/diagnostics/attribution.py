"""Which words move which dimension, and which dimension moves which word: integrated gradients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vae.diagnostics.gradients import Gradients
from vae.diagnostics.information import falling
from vae.errors import UserError
from vae.models import Posterior

TOLERANCE = 0.01
"""How far a sum of attributions may be from what it explains: the second decimal is true."""

MOST_TOKENS = 40
"""Tokens whose log p is explained; a longer sentence is explained up to here."""

SHOWN_DIMENSIONS = 8
"""Dimensions that words are attributed to, unless more are asked for."""

_FIRST_STEPS, _MOST_STEPS = 16, 128
# Positions that are computed at once: bounds the memory, not the result.
_AT_ONCE = 4_096


@dataclass(frozen=True)
class Attribution:
    """How much each of A inputs adds to each of N outputs, on the way from a baseline.

    Attributes:
        values: (N, A); a row sums to `end - start`, up to `error`.
        start, end: (N,) the outputs at the baseline, and at the point itself.
        steps: gradients taken on the way, at the most difficult output.
    """

    values: Tensor
    start: Tensor
    end: Tensor
    steps: int

    @property
    def error(self) -> float:
        """The largest gap, over the outputs, between the sum and what it explains."""
        gaps = (self.values.sum(1) - (self.end - self.start)).abs()
        return float(gaps.max()) if len(gaps) else 0.0

    @property
    def complete(self) -> bool:
        """Whether the sums hold within `TOLERANCE` (completeness: Sundararajan et al., 2017)."""
        return self.error <= TOLERANCE

    def with_rest(self, inputs: Sequence[int]) -> Tensor:
        """(N, C + 1) the values of C inputs, and those of all others together: rows sum alike."""
        chosen = self.values[:, list(inputs)]
        rest = self.values.sum(1, keepdim=True) - chosen.sum(1, keepdim=True)
        return torch.cat([chosen, rest], dim=1)


@dataclass(frozen=True)
class Attributions:
    """Integrated gradients of a sentence, both ways.

    Attributes:
        dims: D dimensions of the highest KL of this sentence.
        words: (D, T) what each token adds to the posterior mean of each of them.
        dimensions: (T, Z) what each dimension adds to log p of each token.
    """

    dims: tuple[int, ...]
    words: Attribution
    dimensions: Attribution


def both_ways(gradients: Gradients, sentence: str, posterior: Posterior) -> Attributions:
    """Which words move the dimensions of a sentence's highest KL, and which words those move.

    Args:
        posterior: of the sentence, (1, Z).

    Raises:
        UserError: the sentence is too long.
    """
    dims = tuple(falling(posterior.kl_per_dimension()[0])[:SHOWN_DIMENSIONS])
    return Attributions(
        dims,
        of_words(gradients, sentence, dims),
        of_dimensions(gradients, sentence, posterior.mean[0]),
    )


def of_words(gradients: Gradients, sentence: str, dims: Sequence[int]) -> Attribution:
    """How much each of T tokens moves each of D dimensions of the posterior mean: values (D, T).

    Integrated gradients (Sundararajan et al., 2017) over the word embeddings, summed over each
    embedding. The baseline is the sentence with the embedding of every word at zero; its length,
    the places of its words and its end stay, so the end's attribution is zero. Unit: that of z,
    standard deviations of the prior.

    Raises:
        UserError: there is no such dimension, or the sentence is too long.
    """
    words = gradients.embed(sentence)  # (T, E)
    baseline = torch.zeros_like(words)
    baseline[-1] = words[-1]
    with torch.no_grad():
        latent = gradients.means(words[None]).shape[1]
    if any(not 0 <= d < latent for d in dims):
        raise UserError("The dimensions are numbered from 0 to {last}.", last=latent - 1)
    found = _integrate(gradients.means, words, baseline, dims, len(words))
    return Attribution(found.values.sum(-1), found.start, found.end, found.steps)


def of_dimensions(gradients: Gradients, sentence: str, z: Tensor) -> Attribution:
    """How much each of Z dimensions moves the log p of each of T tokens: values (T, Z), nats.

    Integrated gradients (Sundararajan et al., 2017) from the prior's mean, 0, to z (Z,); the tokens
    before each are given all the way. T is at most `MOST_TOKENS`.
    """

    def scores(rows: Tensor) -> Tensor:
        return gradients.log_likelihood(sentence, rows, MOST_TOKENS)

    point = z.float()
    with torch.no_grad():
        length = scores(point[None]).shape[1]
    return _integrate(scores, point, torch.zeros_like(point), range(length), length)


def _integrate(
    function: Callable[[Tensor], Tensor],
    point: Tensor,
    baseline: Tensor,
    outputs: Sequence[int],
    length: int,
) -> Attribution:
    """Some outputs of a function of (B, ...) -> (B, K), explained by its input; values (N, ...).

    Steps are doubled for the outputs whose sum is not complete yet; `length` is the tokens that one
    row costs.
    """
    with torch.no_grad():
        ends = function(torch.stack([baseline, point]))[:, list(outputs)].double()  # (2, N)
    change = ends[1] - ends[0]
    values = torch.zeros(len(outputs), *point.shape, dtype=torch.double)
    left, steps = list(range(len(outputs))), _FIRST_STEPS
    while left:
        size = max(1, _AT_ONCE // (steps * length))
        for i in range(0, len(left), size):
            rows = left[i : i + size]
            values[rows] = _gauss_legendre(
                function, point, baseline, [outputs[row] for row in rows], steps
            )
        gaps = (values.flatten(1).sum(1) - change).abs()
        left = [row for row in left if float(gaps[row]) > TOLERANCE]
        if not left or steps >= _MOST_STEPS:
            break
        steps *= 2
    return Attribution(values, ends[0], ends[1], steps)


def _gauss_legendre(
    function: Callable[[Tensor], Tensor],
    point: Tensor,
    baseline: Tensor,
    outputs: list[int],
    steps: int,
) -> Tensor:
    """(N, ...) attributions of N outputs, with gradients at `steps` places on the way."""
    # It loads its drawing library too, so it waits until somebody asks.
    from captum.attr import IntegratedGradients

    n = len(outputs)
    found: Tensor = IntegratedGradients(function, multiply_by_inputs=True).attribute(
        point.expand(n, *point.shape).clone(),
        baselines=baseline.expand(n, *baseline.shape).clone(),
        target=outputs,
        n_steps=steps,
        method="gausslegendre",
    )
    return found.detach().double()
