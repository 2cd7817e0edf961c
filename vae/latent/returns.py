"""What a model makes of its own words: they are encoded again, and decoded from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vae.diagnostics.xray import same_tokens
from vae.errors import UserError
from vae.models.explorable import Explorable

MOST_POINTS = 1_001


@dataclass(frozen=True)
class Return:
    """What a model makes of its own words at a point.

    Attributes:
        sentence: decoded at the point.
        distance: from the point to the posterior mean of that sentence; None where it is empty.
        doubt: how far a draw from that sentence's posterior is from its mean, root mean square; 0
            where the model keeps a point.
        again: what the mean decodes to.
        same: whether that is the same sentence, token by token.
    """

    sentence: str
    distance: float | None
    doubt: float | None
    again: str
    same: bool


def returns(model: Explorable, z: Tensor, said: Sequence[str]) -> tuple[Return, ...]:
    """What re-encoding gives back of sentences decoded at latents (M, Z).

    A point that the decoder and the encoder agree on lies within the doubt of its own sentence.
    Sentences that are equal are read once.

    Raises:
        NotAvailableError: the model does not encode, decode or tell its tokens.
        UserError: there are too many points, or not a sentence for each.
    """
    if len(z) != len(said) or len(z) > MOST_POINTS:
        raise UserError(
            "Give a sentence for each point, and at most {most:,} points.", most=MOST_POINTS
        )
    different = [s for s in dict.fromkeys(said) if s.strip()]
    if not different:
        return tuple(Return(s, None, None, "", False) for s in said)
    posterior = model.encode(different)
    doubts = (
        torch.zeros(len(posterior))
        if posterior.is_point
        else posterior.logvar.double().exp().sum(1).sqrt()
    )
    again = model.decode(posterior.mean)
    same = [same_tokens(model, one, other) for one, other in zip(different, again, strict=True)]
    where = {s: i for i, s in enumerate(different)}

    def come_back(point: Tensor, sentence: str) -> Return:
        if sentence not in where:
            return Return(sentence, None, None, "", False)
        i = where[sentence]
        gap = float((point.double() - posterior.mean[i].double()).norm())
        return Return(sentence, gap, float(doubts[i]), again[i], same[i])

    return tuple(come_back(point, sentence) for point, sentence in zip(z, said, strict=True))
