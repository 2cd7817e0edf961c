"""How a long piece of work reports how far it is, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable

from vae.i18n import Message

# (done, total, what): "12 of 80, reading numpy". It may raise to cancel the work.
Progress = Callable[[int, int, Message | str], None]


def silent(done: int, total: int, what: Message | str) -> None:
    """Report to nobody."""
