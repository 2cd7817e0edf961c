"""How a long piece of work reports how far it is, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from vae.i18n import Message

# (done, total, what): "12 of 80, reading numpy". It may raise to cancel the work.
Progress = Callable[[int, int, Message | str], None]


def silent(done: int, total: int, what: Message | str) -> None:
    """Report to nobody."""


_LISTENER: ContextVar[Progress] = ContextVar("listener", default=silent)


@contextmanager
def heard_by(progress: Progress) -> Iterator[None]:
    """Within it, work that nobody gave a progress, and that takes long all the same, reports."""
    before = _LISTENER.set(progress)
    try:
        yield
    finally:
        _LISTENER.reset(before)


def listen(progress: Progress) -> None:
    """As `heard_by`, to the end of the process."""
    _LISTENER.set(progress)


def listener() -> Progress:
    """Who listens here."""
    return _LISTENER.get()
