"""Modules that every page needs, loaded while the browser still fetches the page."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from functools import cache
from importlib import import_module
from threading import Event, Thread

from pages.common import collection, departures
from vae.classroom import key
from vae.i18n import _

_NEEDED = "pages.common.job_panel"  # with torch
_CHARTS = ("vae.figures.posterior", "pages.common.figure_card")

_awaited = Event()


@contextlib.asynccontextmanager
async def with_server(_app: object) -> AsyncIterator[None]:
    """Begin when the server does, in a thread of its own; tell who started it the teacher's key.

    While the server runs, those who have left are let go of.
    """
    async with departures.watched():
        _begun()
        if (made := key.made_here()) is not None:
            print(_("Teacher's key, for the page Class: {key}", key=made), flush=True)
        yield


def wait() -> None:
    """Return when what a page needs is there; what only charts need is then no longer loaded.

    Two threads that load the same module can see it half made, so every page waits.
    """
    _awaited.set()
    _begun().join()


@cache
def _begun() -> Thread:
    thread = Thread(target=_load, name="loading", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    with collection.put_off():
        import_module(_NEEDED)
        for module in _CHARTS:
            if not _awaited.is_set():
                import_module(module)
