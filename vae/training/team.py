"""The processes that train one model together; mostly there is one.

Under torchrun each process computes its rows of every batch, and gradients are summed. The sum is
our own rather than `DistributedDataParallel`'s or Fabric's mean over processes: shares of a batch
differ in size, free bits need the mean rate of the whole batch before the loss is made, and a
model here is called by `encode` and `logits`, not by one `forward` that a wrapper could hook.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from vae.errors import UserError


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

    def agree(self, value: Any) -> Any:
        """What the first process says."""
        return value


class Processes(Team):
    """The processes that torchrun started."""

    def __init__(self) -> None:
        self.rank = torch.distributed.get_rank()
        self.size = torch.distributed.get_world_size()

    def share(self, total: int) -> Share:
        """Neighbouring rows, as evenly as they go; all rows where there are too few to share."""
        if total < 2 * self.size:
            return Share(slice(0, total), total, 1.0 / self.size)
        edges = [total * i // self.size for i in range(self.size + 1)]
        return Share(slice(edges[self.rank], edges[self.rank + 1]), total)

    def sum(self, values: Tensor) -> Tensor:
        from torch.distributed.nn.functional import all_reduce

        if values.requires_grad:
            summed: Tensor = all_reduce(values)
            return summed
        values = values.clone()
        torch.distributed.all_reduce(values)
        return values

    def gather(self, values: Tensor, share: Share) -> Tensor:
        if share.weight != 1.0:
            return values
        whole = torch.zeros(share.total, *values.shape[1:], dtype=values.dtype)
        whole[share.rows] = values.detach()
        torch.distributed.all_reduce(whole)
        before, after = whole[: share.rows.start], whole[share.rows.stop :]
        return torch.cat([before, values, after])

    def add_gradients(self, parameters: Iterable[Tensor]) -> None:
        held = [p for p in parameters if p.grad is not None]
        flat = torch.cat([p.grad.flatten() for p in held])  # type: ignore[union-attr]
        torch.distributed.all_reduce(flat)
        for p, summed in zip(held, flat.split([p.numel() for p in held]), strict=True):
            p.grad = summed.view_as(p)

    def agree(self, value: Any) -> Any:
        box = [value]
        torch.distributed.broadcast_object_list(box, src=0)
        return box[0]


def assemble() -> Team:
    """The team that torchrun's environment tells of; without it, this process alone.

    Raises:
        UserError: the other processes cannot be reached.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        return Team()
    if not torch.distributed.is_initialized():
        try:
            torch.distributed.init_process_group("gloo")
        except (RuntimeError, ValueError) as error:
            raise UserError(
                f"The processes of torchrun do not find each other ({error}). Start them anew."
            ) from error
    return Processes()


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
