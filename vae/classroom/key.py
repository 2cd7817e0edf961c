"""The teacher's key: made at the server's start and printed there; nothing else tells it."""

from __future__ import annotations

import hmac
import os
import secrets
from functools import cache

VARIABLE = "LATENT_LENS_TEACHER_KEY"
"""Names a key for several servers of one class; without it each start makes a new one."""


def teacher_key() -> str:
    """The key of this server: what ``LATENT_LENS_TEACHER_KEY`` says, else 96 random bits."""
    return _named() or _made()


def made_here() -> str | None:
    """The key, where this start has made it; None where somebody has named one, who knows it."""
    return None if _named() else _made()


def opens(given: str) -> bool:
    """Whether what was given is the key; how long this takes tells nothing of it."""
    return hmac.compare_digest(_bytes(given.strip()), _bytes(teacher_key()))


def _named() -> str:
    # As `opens` takes what is given: blanks around it are none of its letters.
    return os.environ.get(VARIABLE, "").strip()


@cache
def _made() -> str:
    return secrets.token_hex(12)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
