"""The processes that train one model together; mostly there is one.

Under torchrun each process computes its rows of every batch, and gradients are summed. The sum is
our own rather than `DistributedDataParallel`'s or Fabric's mean over processes: shares of a batch
differ in size, free bits need the mean rate of the whole batch before the loss is made, and a
model here is called by `encode` and `logits`, not by one `forward` that a wrapper could hook.

The first process reads, decides and writes; what the others need of that reaches them through it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import Tensor

T = TypeVar("T")


@dataclass(frozen=True)
class Share:
    """What one process computes of a batch of `total` sentences.

    Attributes:
        rows: which of them.
        weight: by which its sums count; below 1 where every process computes the whole batch.
    """

    rows: slice
    total: int
    weight: float = 1.0


class Team:
    """One process alone."""

    rank = 0
    size = 1

    def share(self, total: int) -> Share:
        """The rows of a batch that are this process's to compute."""
        return Share(slice(0, total), total)

    def sum(self, values: Tensor) -> Tensor:
        """The sum of a tensor over the processes; gradients flow back to every one of them."""
        return values

    def gather(self, values: Tensor, share: Share) -> Tensor:
        """The rows of the whole batch; gradients flow to this process's own rows only."""
        return values

    def add_gradients(self, parameters: Iterable[Tensor]) -> None:
        """Sum gradients over the processes, in place."""

    def any(self, flag: bool) -> bool:
        """Whether it is true in one process at least."""
        return flag

    def agree(self, value: T) -> T:
        """What the first process says."""
        return value

    def first(self, work: Callable[[], T]) -> T:
        """What a piece of work gives that only the first process does; the others wait for it."""
        return work()

    def leave(self) -> None:
        """Part from the others: no more is done together."""


class Processes(Team):
    """The processes that torchrun started.

    Args:
        last_words: why another process has ended, as an error; asked when it does not answer.
    """

    def __init__(self, last_words: Callable[[], Exception] | None = None) -> None:
        self.rank = torch.distributed.get_rank()
        self.size = torch.distributed.get_world_size()
        self._last_words = last_words
        self._flat = torch.empty(0)

    def share(self, total: int) -> Share:
        """Neighbouring rows, as evenly as they go; all rows where there are too few to share."""
        if total < 2 * self.size:
            return Share(slice(0, total), total, 1.0 / self.size)
        edges = [total * i // self.size for i in range(self.size + 1)]
        return Share(slice(edges[self.rank], edges[self.rank + 1]), total)

    def sum(self, values: Tensor) -> Tensor:
        if values.requires_grad:
            summed: Tensor = _Sum.apply(values, self)  # type: ignore[no-untyped-call]
            return summed
        return self._add(values.clone())

    def gather(self, values: Tensor, share: Share) -> Tensor:
        if share.weight != 1.0:
            return values
        whole = torch.zeros(share.total, *values.shape[1:], dtype=values.dtype)
        whole[share.rows] = values.detach()
        self._add(whole)
        before, after = whole[: share.rows.start], whole[share.rows.stop :]
        return torch.cat([before, values, after])

    def add_gradients(self, parameters: Iterable[Tensor]) -> None:
        held = [p for p in parameters if p.grad is not None]
        sizes = [p.numel() for p in held]
        if sum(sizes) > len(self._flat):
            self._flat = torch.empty(sum(sizes))
        flat = self._flat[: sum(sizes)]
        torch.cat([p.grad.flatten() for p in held], out=flat)  # type: ignore[union-attr]
        self._add(flat)
        for p, summed in zip(held, flat.split(sizes), strict=True):
            p.grad = summed.view_as(p)

    def any(self, flag: bool) -> bool:
        return bool(self._add(torch.tensor(float(flag))))

    def agree(self, value: T) -> T:
        box = [value if self.rank == 0 else None]
        with self._together():
            torch.distributed.broadcast_object_list(box, src=0)
        agreed: Any = box[0]
        return agreed  # type: ignore[no-any-return]

    def first(self, work: Callable[[], T]) -> T:
        if self.rank == 0:
            return self.agree(work())
        return self.agree(None)  # type: ignore[return-value]

    def leave(self) -> None:
        if torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()

    def _add(self, values: Tensor) -> Tensor:
        """Sum in place."""
        with self._together():
            torch.distributed.all_reduce(values)
        return values

    @contextmanager
    def _together(self) -> Iterator[None]:
        try:
            yield
        except RuntimeError as error:  # a process that has ended is a connection that closes
            if self._last_words is None:
                raise
            raise self._last_words() from error


class _Sum(torch.autograd.Function):
    """A sum over processes: each one's addend moves the total that all go on with."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, team: Processes) -> Tensor:
        ctx.team = team
        return team._add(values.clone(memory_format=torch.contiguous_format))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        team: Processes = ctx.team
        return team._add(gradients[0].clone(memory_format=torch.contiguous_format)), None


class Dice:
    """Random numbers for one process's rows of a batch, the same as one process alone would draw.

    Every process draws for the whole batch and keeps its rows, so that the generators of all stay
    in step and the sum of their gradients is the gradient of the batch.
    """

    def __init__(self, generator: torch.Generator, share: Share) -> None:
        self.generator, self.share = generator, share

    def uniform(self, shape: tuple[int, ...]) -> Tensor:
        """Numbers in [0, 1) of a shape whose first axis is this process's rows."""
        whole = (self.share.total, *shape[1:])
        return torch.rand(whole, generator=self.generator)[self.share.rows]

    def normal(self, shape: tuple[int, ...]) -> Tensor:
        """Standard normal numbers of a shape whose first axis is this process's rows."""
        whole = (self.share.total, *shape[1:])
        return torch.randn(whole, generator=self.generator)[self.share.rows]

    def common(self) -> float:
        """One number in [0, 1) for the whole batch."""
        return float(torch.rand((), generator=self.generator))
