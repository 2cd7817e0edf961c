"""A team for the length of a command: how it meets, and how it ends for all where it ends for one.

Only the first process speaks. What was wrong in another one reaches it through the store that the
processes met at, which torchrun keeps for as long as any of them lives.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

import torch
from torch.distributed.rendezvous import rendezvous

from vae.errors import UserError
from vae.i18n import Message, message
from vae.training.distributed.processes import Processes, Team
from vae.training.signals import interrupted_by_sigterm

if TYPE_CHECKING:
    from torch._C._distributed_c10d import Store

# The first process may read a corpus for hours while the others wait; one that ends is noticed at
# once all the same, since its connections close.
_PATIENCE = timedelta(days=1)
_WHY, _SAID = "why it ended", "said so"
# Seconds until a process that ended has told why, or the first one has said so.
_LISTEN, _WAIT = 2.0, 10.0


class _WordlessError(UserError):
    """A process has ended and told nobody why."""


def exit_with(status: int) -> NoReturn:
    """End this process; under torchrun without the interpreter's farewell.

    Threads of gloo may outlive the group that they served, and then abort a process that takes its
    time over the end.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        sys.exit(status)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


@contextmanager
def torchrun_team() -> Iterator[Team]:
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
        # torchrun ends the others so when one has ended, and that one may have told why.
        with interrupted_by_sigterm():
            yield team
    except BaseException as error:
        if team.rank:
            _end(store, error)
        _speak(store, error)
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
            ("The processes of torchrun do not find each other ({reason}). Start them anew."),
            reason=reason,
        ) from error
    return store


def _speak(store: Store, error: BaseException) -> None:
    """The end of the first process: it raises what was wrong in any of them."""
    why = _heard(store, _WHY)
    with suppress(RuntimeError):
        store.compare_set(_WHY, "", _reason(error))
        store.set(_SAID, "yes")
    if why and isinstance(error, KeyboardInterrupt):
        raise _error(why) from error
    raise error


def _end(store: Store, error: BaseException) -> None:
    """The end of another process: it tells the first one why, and leaves the word to it."""
    if isinstance(error, _WordlessError):
        if not _heard(store, _SAID, _WAIT):
            raise error
        raise SystemExit(2) from error
    with suppress(RuntimeError):
        store.compare_set(_WHY, "", _reason(error))
    if isinstance(error, UserError | KeyboardInterrupt):
        # Our connections close with the process: so the first one notices.
        raise SystemExit(2) from error
    raise error  # a defect of ours: how it came about is worth more than silence


def _reason(error: BaseException) -> str:
    """What was wrong, as the processes tell it to each other: the first one words it."""
    if isinstance(error, KeyboardInterrupt):
        why = message("The training was interrupted. Go on with --resume.")
    elif isinstance(error, UserError):
        why = error.message
    else:
        why = message(
            "A process of the training ended with {kind}: {error}",
            kind=type(error).__name__,
            error=str(error),
        )
    return json.dumps(why.to_json())


def _error(why: str) -> UserError:
    return UserError(Message.of_json(json.loads(why)))


def _last_words(store: Store) -> UserError:
    """What was wrong in the process that ended."""
    if why := _heard(store, _WHY, _LISTEN):
        return _error(why)
    return _WordlessError(
        message(
            "Another process of the training ended without a word: it was killed, or its memory "
            "did not suffice. Go on with --resume."
        )
    )


def _heard(store: Store, key: str, seconds: float = 0.0) -> str:
    """What was left in the store within so long; empty where nothing was."""
    deadline = time.monotonic() + seconds
    # Not store.wait: it writes a warning of its own where nothing comes.
    with suppress(RuntimeError):
        while not store.check([key]):
            if time.monotonic() > deadline:
                return ""
            time.sleep(0.02)
        return store.get(key).decode()
    return ""
