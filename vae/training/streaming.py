"""Batches out of Parquet shards that are larger than memory: read, cleaned and encoded as they go.

A window of sentences is held at a time. Files and row groups are read in an order that seed and
epoch decide, so that a window holds what lies together in the files, and no other.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
import torch
from torch import Tensor

from vae.batching import batch_size, group_by_length
from vae.corpora.shards import Shards
from vae.errors import UserError
from vae.progress import Progress, silent
from vae.tokenizer import Tokenizer

_CHUNK = 1_000  # sentences that are encoded at once

# Token ids by length: (n, T) int32 each.
Ids = dict[int, Tensor]


def count_lengths(
    shards: Shards, tokenizer: Tokenizer, progress: Progress = silent
) -> dict[int, int]:
    """How many training sentences there are of each length in tokens, their end included."""
    counts: Counter[int] = Counter()
    sentences = shards.training(progress=progress, what="Counting tokens")
    while chunk := list(itertools.islice(sentences, _CHUNK)):
        counts.update(map(len, tokenizer.encode_batch(chunk)))
    return dict(sorted(counts.items()))


class StreamedBatches:
    """`Batches` of the training sentences in shards, shuffled within a window.

    Of each window the sentences of one length fill batches; what is left over goes to the next
    one, and at the end of the epoch into a batch of its own. So an epoch has every sentence once,
    and as many batches as if all were in memory.

    Args:
        lengths: training sentences by length, as `count_lengths` found them.
        window: sentences that are shuffled together.
    """

    def __init__(
        self,
        shards: Shards,
        tokenizer: Tokenizer,
        lengths: Mapping[int, int],
        tokens_per_batch: int,
        window: int,
    ) -> None:
        self.shards, self.tokenizer = shards, tokenizer
        self.tokens_per_batch, self.window = tokens_per_batch, window
        self.per_epoch = sum(-(-n // self._size(length)) for length, n in lengths.items())
        self._sentences = sum(lengths.values())
        self._now: Ids = {}

    def __len__(self) -> int:
        return self._sentences

    def epoch(self, seed: int, epoch: int, start: int = 0) -> Iterator[Tensor]:
        """As `Batches.epoch`; what comes before `start` is read and passed over.

        Raises:
            UserError: a shard is damaged, gone, or another one than before.
        """
        rng = np.random.default_rng([seed, epoch])
        made, left = 0, Ids()
        for fresh, last in self._windows(rng):
            now = {
                length: _shuffled([part[length] for part in (left, fresh) if length in part], rng)
                for length in sorted(left.keys() | fresh.keys())
            }
            batches, left = self._cut(now, last)
            self._now = now
            for i in rng.permutation(len(batches)):
                if made >= start:
                    yield batches[i].long()
                made += 1
        if made != self.per_epoch:
            raise UserError(
                "'{name}' gave {made:,} batches, and {per_epoch:,} were counted: the shards "
                "have changed. Start a new run.",
                name=self.shards.folder.name,
                made=made,
                per_epoch=self.per_epoch,
            )

    def draw(self, generator: torch.Generator) -> Tensor:
        """As `Batches.draw`, from the window that the last batch of `epoch` came from.

        Every sentence of it is as likely as any other. A resume reads that window again before
        its first update, so that it draws what an uninterrupted run would have drawn.
        """
        if not self._now:
            next(self.epoch(0, 0))
        lengths = list(self._now)
        counts = torch.tensor([float(len(self._now[length])) for length in lengths])
        length = lengths[int(torch.multinomial(counts, 1, generator=generator))]
        ids = self._now[length]
        rows = torch.randint(len(ids), (self._size(length),), generator=generator)
        return ids[rows].long()

    def _size(self, length: int) -> int:
        return batch_size(length, self.tokens_per_batch)

    def _windows(self, rng: np.random.Generator) -> Iterator[tuple[Ids, bool]]:
        """Encoded sentences by length, a window at a time, and whether it is the last."""
        sentences = self.shards.training(rng)
        last = False
        while not last:
            parts: dict[int, list[Tensor]] = {}
            taken = 0
            while taken < self.window and not last:
                wanted = min(_CHUNK, self.window - taken)
                chunk = list(itertools.islice(sentences, wanted))
                for tokens in group_by_length(self.tokenizer.encode_batch(chunk)).tokens:
                    parts.setdefault(tokens.shape[1], []).append(tokens.int())
                taken, last = taken + len(chunk), len(chunk) < wanted
            yield {length: torch.cat(same) for length, same in parts.items()}, last

    def _cut(self, now: Ids, last: bool) -> tuple[list[Tensor], Ids]:
        """Full batches, and what is left over of each length; at the end that is a batch too."""
        batches, left = [], Ids()
        for length, ids in now.items():
            size = self._size(length)
            full = len(ids) if last else len(ids) - len(ids) % size
            batches += [ids[i : i + size] for i in range(0, full, size)]
            if full < len(ids):
                left[length] = ids[full:].clone()
        return batches, left


def _shuffled(parts: list[Tensor], rng: np.random.Generator) -> Tensor:
    ids = torch.cat(parts)
    return ids[torch.from_numpy(rng.permutation(len(ids)))]
