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
from collections.abc import AsyncIterator

from streamlit import runtime

EVERY = 5.0
"""Seconds between two looks."""


@contextlib.asynccontextmanager
async def watched() -> AsyncIterator[None]:
    """Look for sessions to let go of, until the block ends."""
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
    """Give memory that is free back to the system: GNU's C library would keep it."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
