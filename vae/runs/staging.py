"""A run that is made, not trained, appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vae.cache import temporary_beside
from vae.errors import UserError
from vae.runs.store import RunDirectory


@contextmanager
def staged(path: Path) -> Iterator[RunDirectory]:
    """An empty directory beside `path` that takes its place at the end, or goes if there is none.

    Raises:
        UserError: there is something at `path`, or it cannot be written.
    """
    if os.path.lexists(path):
        raise UserError(
            "{path} is there already. Choose another --out, or delete it first.", path=path
        )
    run = RunDirectory(temporary_beside(path))
    try:
        run.path.mkdir(parents=True)
        yield run
        os.rename(run.path, path)
    except OSError as error:
        raise UserError(
            "{path} cannot be written: {error}. Make room or mend the permissions, and try again.",
            path=path,
            error=error.strerror or error,
        ) from error
    finally:
        shutil.rmtree(run.path, ignore_errors=True)
