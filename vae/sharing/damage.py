"""What is said of a file of a run from elsewhere that cannot be read."""

from __future__ import annotations

from pathlib import Path

from vae.errors import UserError


def damaged(path: Path, error: Exception) -> UserError:
    """The sentence for a file that is damaged; `error` is what reading it raised."""
    return UserError(
        "{path} is damaged ({reason}). Ask for the run again.", path=path, reason=error
    )
