"""What the words' frequencies alone cost: a model that needs more nats has learned nothing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from vae.errors import UserError


@dataclass(frozen=True)
class Unigram:
    """The frequencies of tokens in a training text, with one added to each count.

    p(token) = (count + 1) / (N + V) with N tokens in the text: additive smoothing (Chen and
    Goodman, 1999), so that a token which the text does not have costs much, but not all.

    Attributes:
        counts: how often each token stands in the text, the ends of its sentences among them.
        vocabulary: V, how many different tokens there can be.

    Raises:
        UserError: the text has no token, or more different ones than there can be.
    """

    counts: Mapping[Hashable, int]
    vocabulary: int

    def __post_init__(self) -> None:
        if not 0 < len(self.counts) <= self.vocabulary:
            raise UserError(
                "Frequencies need a training text with at least one token, and with no more "
                "different ones than the vocabulary has."
            )

    @classmethod
    def of(cls, sentences: Iterable[Sequence[Hashable]], vocabulary: int | None = None) -> Unigram:
        """Count the tokens of training sentences, each with its end as the last.

        Args:
            vocabulary: different tokens that the model can say; None for those that the sentences
                have, and one for all others.

        Raises:
            UserError: there is no token.
        """
        counts: Counter[Hashable] = Counter()
        for tokens in sentences:
            counts.update(tokens)
        return cls(counts, max(vocabulary or 0, len(counts) + (vocabulary is None)))

    @cached_property
    def _total(self) -> int:
        return sum(self.counts.values()) + self.vocabulary

    def nats(self, tokens: Iterable[Hashable]) -> float:
        """-log p of a sentence's tokens, its end among them: nats a sentence."""
        return math.fsum(math.log(self._total / (self.counts.get(t, 0) + 1)) for t in tokens)
