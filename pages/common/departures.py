"""Sessions of people who have left: their memory is given back within a minute.

Streamlit keeps a session for a while, so that a connection that broke finds it again
(`server.disconnectedSessionTTL`), and looks for those whose time is over only when the next one
ends: the last thirty of a day would stay until the next day.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import os
from collections.abc import AsyncIterator

from streamlit import runtime

EVERY = 5.0
"""Seconds between two looks."""
_MOST_ARENAS, _ARENAS = -8, 2  # M_ARENA_MAX of malloc.h


@contextlib.asynccontextmanager
async def watched() -> AsyncIterator[None]:
    """Look for sessions to let go of, until the block ends.

    Enter it before other threads have begun.
    """
    # Every run of a script is a thread of its own, and each would take from another store of free
    # memory: eight of them a core, 55 MB more with a class of thirty.
    if "MALLOC_ARENA_MAX" not in os.environ:
        _ask_c("mallopt", _MOST_ARENAS, _ARENAS)
    watching = asyncio.create_task(_watch(), name="departures")
    try:
        yield
    finally:
        watching.cancel()


async def _watch() -> None:
    while True:
        await asyncio.sleep(EVERY)
        if let_go():
            await asyncio.to_thread(_give_back)


def let_go() -> int:
    """Forget the sessions whose time is over, and say how many.

    Call it in the thread of the server's loop, which alone may touch them.
    """
    kept = runtime.get_instance()._session_mgr._session_storage._cache
    return len(kept.expire())


def _give_back() -> None:
    """Give memory that is free back to the system."""
    gc.collect()
    _ask_c("malloc_trim", 0)


def _ask_c(function: str, *given: int) -> None:
    """Call a function of GNU's C library, where that is what the system has."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        getattr(ctypes.CDLL(None), function)(*given)
