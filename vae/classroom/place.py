"""Where a class's store is."""

from __future__ import annotations

import os

from vae.runs.catalogue import runs_dir

VARIABLE = "LATENT_LENS_CLASS_DB"


def default_address() -> str:
    """``LATENT_LENS_CLASS_DB`` if set, else the file `class.sqlite` beside the runs directory."""
    return os.environ.get(VARIABLE) or str(runs_dir().parent / "class.sqlite")
