"""Does the decoder listen to z? Sentences under their own z, another's, and the prior's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vae.corpora.corpus import normalise
from vae.diagnostics.bootstrap import Floats
from vae.errors import UserError
from vae.i18n import _, message
from vae.models import Posterior
from vae.models.explorable import Explorable
from vae.progress import Progress, silent

Source = Literal["own", "another", "prior"]

HEARD = 1.0
"""Nats of log-likelihood that a foreign z must cost before we say that the decoder reads it."""


@dataclass(frozen=True)
class Scores:
    """log p of each token in nats, in one long row of all sentences' tokens.

    Attributes:
        sentence: (W,) which of the N sentences a token is of.
        position: (W,) its place there, from 0.
        end: (W,) whether it is the end of the sentence.
        words: W tokens.
        own, another, prior: (W,) log p under the three latents, one draw of each a sentence.
    """

    sentence: npt.NDArray[np.intp]
    position: npt.NDArray[np.intp]
    end: npt.NDArray[np.bool_]
    words: tuple[str, ...]
    own: Floats
    another: Floats
    prior: Floats

    @property
    def n(self) -> int:
        """N."""
        return int(self.sentence[-1]) + 1 if len(self.sentence) else 0

    def totals(self, of: Floats) -> Floats:
        """(N,) sums over the tokens of each sentence."""
        return np.asarray(np.bincount(self.sentence, of, minlength=self.n), dtype=np.float64)


def too_alike(sentences: Sequence[str]) -> bool:
    """Whether some sentence has no other one to borrow a z from."""
    counts = Counter(map(normalise, sentences))
    return 2 * max(counts.values(), default=1) > len(sentences)


def strangers(sentences: Sequence[str], rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """(N,) for each sentence another one with other words: a permutation without a fixed point.

    Raises:
        UserError: there are fewer than two sentences, or more than half say the same.
    """
    texts: dict[str, list[int]] = {}
    for row, sentence in enumerate(sentences):
        texts.setdefault(normalise(sentence), []).append(row)
    if too_alike(sentences):
        raise UserError(
            "To hear whether the decoder listens, at least half of the sentences must differ: "
            "there is no other sentence whose z could be given."
        )
    groups, most = list(texts.values()), max(map(len, texts.values()))
    order = np.concatenate([rng.permutation(groups[i]) for i in rng.permutation(len(groups))])
    # Turned by the size of the largest group, no sentence meets one of its own.
    partner = np.empty(len(sentences), dtype=np.intp)
    partner[order] = np.roll(order, -most)
    return partner


def score(
    model: Explorable, sentences: Sequence[str], seed: int, progress: Progress = silent
) -> Scores:
    """Score N sentences under their own z, another sentence's and a prior z, one draw of each.

    Raises:
        NotAvailableError: the model does not score tokens.
        UserError: as `strangers`.
    """
    generator = torch.Generator().manual_seed(seed)
    partner = strangers(sentences, np.random.default_rng(seed))
    z = model.encode(sentences).sample(generator)  # (N, Z)
    prior = torch.randn(z.shape, generator=generator)
    scored = []
    latents = (z, z[torch.as_tensor(partner)], prior)
    for i, latent in enumerate(latents):
        progress(i, len(latents), message("Scoring sentences under three kinds of z"))
        scored.append(model.log_likelihood(sentences, latent))
    progress(len(latents), len(latents), message("Scoring sentences under three kinds of z"))
    lengths = np.array([len(s) for s in scored[0]])
    words = [w for s in sentences for w in model.tokens(s)]
    if len(words) != lengths.sum():
        raise UserError("The model names other tokens than it scores: gains cannot be told apart.")
    position = np.concatenate([np.arange(length) for length in lengths])
    own, another, foreign = (torch.cat(s).double().numpy() for s in scored)
    return Scores(
        sentence=np.repeat(np.arange(len(sentences)), lengths),
        position=position,
        end=position == np.repeat(lengths - 1, lengths),
        words=tuple(words),
        own=own,
        another=another,
        prior=foreign,
    )


def conditions(posterior: Posterior, draws: int, seed: int) -> tuple[tuple[Source, ...], Tensor]:
    """(where S latents come from, (S, Z)): a sentence's own, another's, and `draws` of the prior.

    Args:
        posterior: of two sentences, the one that is asked about first. Each gives one draw, as in
            training; the posterior mean would hide how little a wide posterior says.
        draws: how many prior latents; none where the model keeps a point and has no prior.
        seed: same seed, same latents.
    """
    generator = torch.Generator().manual_seed(seed)
    own: tuple[Source, ...] = ("own", "another")
    from_prior: list[Source] = ["prior"] * draws
    z = posterior.sample(generator)
    if posterior.is_point:
        return own, z
    prior = torch.randn(draws, z.shape[1], generator=generator)
    return (*own, *from_prior), torch.cat([z, prior])


def finding(own: float, another: float, prior: float | None) -> str:
    """What mean log p(x|z) in nats under the three sources says about the decoder.

    Args:
        prior: None where there is no prior to draw from.
    """
    if prior is None:
        return _of_two(own - another)
    cost = own - max(another, prior)
    costs = {"another": own - another, "prior": own - prior}
    if cost > HEARD:
        return _(
            "The decoder reads z: another sentence's z costs {another:.1f} nats, a prior z "
            "{prior:.1f}.",
            **costs,
        )
    return _(
        "The decoder does not read z: its own z gains a sentence {another:+.2f} nats over another "
        "sentence's, {prior:+.2f} over a prior z.",
        **costs,
    )


def _of_two(cost: float) -> str:
    if cost > HEARD:
        return _("The decoder reads z: another sentence's z costs {cost:.1f} nats.", cost=cost)
    return _(
        "The decoder does not read z: its own z gains a sentence {cost:+.2f} nats over another "
        "sentence's.",
        cost=cost,
    )


def distinct(sentences: Sequence[str]) -> int:
    """How many different sentences there are."""
    return len(set(sentences))
