"""How a long piece of work reports how far it is, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable

# (done, total, what): "12 of 80, reading numpy". It may raise to cancel the work.
Progress = Callable[[int, int, str], None]


def silent(done: int, total: int, what: str) -> None:
    """Report to nobody."""
