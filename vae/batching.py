"""Batches of sentences of one length, by a budget of tokens.

Batches of one length need no padding, no mask and no packing (as in the code of He et al., 2019),
which is what makes training on two cores fast.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


@dataclass(frozen=True)
class Encoded:
    """Token ids of N sentences, grouped by length.

    Attributes:
        rows: one array for each length, the sentence numbers that have it.
        tokens: beside each, their ids as (n, T) int64, each ending in `EOS`.
    """

    rows: tuple[npt.NDArray[np.intp], ...]
    tokens: tuple[Tensor, ...]

    def __len__(self) -> int:
        return sum(len(r) for r in self.rows)

    @property
    def n_tokens(self) -> int:
        """All tokens, ends of sentences included."""
        return sum(t.numel() for t in self.tokens)


def group_by_length(ids: Sequence[Sequence[int]]) -> Encoded:
    """Group encoded sentences by their length, shortest first."""
    lengths = np.fromiter((len(i) for i in ids), dtype=np.intp, count=len(ids))
    rows = tuple(np.flatnonzero(lengths == n) for n in np.unique(lengths))
    return Encoded(
        rows=rows,
        tokens=tuple(
            torch.tensor([ids[int(i)] for i in group], dtype=torch.long) for group in rows
        ),
    )


def batch_size(length: int, tokens_per_batch: int) -> int:
    """Sentences in a full batch of one length: as many as the budget holds, at least one."""
    return max(1, tokens_per_batch // length)


def batch_sizes(encoded: Encoded, tokens_per_batch: int) -> list[int]:
    """Sentences in a full batch of each length."""
    return [batch_size(t.shape[1], tokens_per_batch) for t in encoded.tokens]


def count_batches(encoded: Encoded, tokens_per_batch: int) -> int:
    """Batches in one pass over the sentences."""
    sizes = batch_sizes(encoded, tokens_per_batch)
    return sum(-(-len(r) // size) for r, size in zip(encoded.rows, sizes, strict=True))


def shuffled_batches(
    encoded: Encoded, tokens_per_batch: int, seed: int, epoch: int
) -> list[tuple[int, npt.NDArray[np.intp]]]:
    """One epoch as (length group, rows inside the group), a pure function of seed and epoch.

    A resumed run rebuilds the order of its epoch from these two numbers.
    """
    rng = np.random.default_rng([seed, epoch])
    batches = []
    for group, size in enumerate(batch_sizes(encoded, tokens_per_batch)):
        order = rng.permutation(len(encoded.rows[group]))
        batches += [(group, order[i : i + size]) for i in range(0, len(order), size)]
    return [batches[i] for i in rng.permutation(len(batches))]


def ordered_batches(
    encoded: Encoded, tokens_per_batch: int
) -> Iterator[tuple[npt.NDArray[np.intp], Tensor]]:
    """(sentence numbers, tokens (b, T)) over all sentences once, shortest first."""
    sizes = batch_sizes(encoded, tokens_per_batch)
    for rows, tokens, size in zip(encoded.rows, encoded.tokens, sizes, strict=True):
        for i in range(0, len(rows), size):
            yield rows[i : i + size], tokens[i : i + size]


class Batches(Protocol):
    """Sentences to train on, in batches of one length."""

    per_epoch: int

    def __len__(self) -> int:
        """How many sentences an epoch has."""
        ...

    def epoch(self, seed: int, epoch: int, start: int = 0) -> Iterator[Tensor]:
        """The batches (B, T) of an epoch from the `start`-th on: a function of these numbers."""
        ...

    def draw(self, generator: torch.Generator) -> Tensor:
        """One batch (B, T) by chance."""
        ...


class GroupedBatches:
    """`Batches` of sentences that are held in memory."""

    def __init__(self, encoded: Encoded, tokens_per_batch: int) -> None:
        self.encoded, self.tokens_per_batch = encoded, tokens_per_batch
        self.per_epoch = count_batches(encoded, tokens_per_batch)
        self._sizes = batch_sizes(encoded, tokens_per_batch)
        self._counts = torch.tensor([float(len(r)) for r in encoded.rows])

    def __len__(self) -> int:
        return len(self.encoded)

    def epoch(self, seed: int, epoch: int, start: int = 0) -> Iterator[Tensor]:
        """As `Batches.epoch`."""
        order = shuffled_batches(self.encoded, self.tokens_per_batch, seed, epoch)
        for group, rows in order[start:]:
            yield self.encoded.tokens[group][rows]

    def draw(self, generator: torch.Generator) -> Tensor:
        """As `Batches.draw`; every sentence is as likely as any other."""
        group = int(torch.multinomial(self._counts, 1, generator=generator))
        rows = torch.randint(
            len(self.encoded.rows[group]), (self._sizes[group],), generator=generator
        )
        return self.encoded.tokens[group][rows]
