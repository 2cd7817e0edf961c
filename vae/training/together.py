"""A team for the length of a command: how it meets, and how it ends for all where it ends for one.

Only the first process speaks. What was wrong in another one reaches it through the store that the
processes met at, which torchrun keeps for as long as any of them lives.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import torch
from torch.distributed.rendezvous import rendezvous

from vae.errors import UserError
from vae.training.team import Processes, Team

if TYPE_CHECKING:
    from torch._C._distributed_c10d import Store

# The first process may read a corpus for hours while the others wait; one that ends is noticed at
# once all the same, since its connections close.
_PATIENCE = timedelta(days=1)
_WHY, _SAID = "why it ended", "said so"
# Between the end of a process and what it has to say, or until somebody has said it.
_LISTEN, _WAIT = timedelta(seconds=2), timedelta(seconds=10)


@contextmanager
def together() -> Iterator[Team]:
    """The processes that torchrun started, as a team; without it, this process alone.

    An error in one of them ends all. The first one raises it, whosever it was; the others exit
    with status 2 and say nothing.

    Raises:
        UserError: the other processes cannot be reached, or one of them has ended.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        yield Team()
        return
    store = _meet()
    team = Processes(lambda: _last_words(store))
    try:
        yield team
    except BaseException as error:
        with suppress(RuntimeError):
            store.compare_set(_WHY, "", _sentence(error))
            if team.rank == 0:
                store.set(_SAID, "yes")
        # The others wait for this process no longer: its connections are closed.
        team.leave()
        if team.rank == 0 or not _said(store):
            raise
        if isinstance(error, UserError | KeyboardInterrupt):
            raise SystemExit(2) from error
        raise  # a defect of ours: how it came about is worth more than silence
    finally:
        team.leave()


def _meet() -> Store:
    try:
        store: Store
        store, rank, size = next(rendezvous("env://", timeout=_PATIENCE))
        torch.distributed.init_process_group(
            "gloo", store=store, rank=rank, world_size=size, timeout=_PATIENCE
        )
    except (RuntimeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise UserError(
            f"The processes of torchrun do not find each other ({reason}). Start them anew."
        ) from error
    return store


def _sentence(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "The training was interrupted. Go on with --resume."
    if isinstance(error, UserError):
        return str(error)
    return f"A process of the training ended: {type(error).__name__}: {error}"


def _last_words(store: Store) -> UserError:
    """What was wrong in the process that ended."""
    with suppress(RuntimeError):
        store.wait([_WHY], _LISTEN)
        return UserError(store.get(_WHY).decode())
    return UserError(
        "Another process of the training ended without a word: it was killed, or its memory did "
        "not suffice. Go on with --resume."
    )


def _said(store: Store) -> bool:
    """Whether the first process has said what was wrong; False if it does not within seconds."""
    with suppress(RuntimeError):
        store.wait([_SAID], _WAIT)
        return True
    return False
