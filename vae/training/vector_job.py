"""A training of vectors as a process of its own, whose file is what a page looks at."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from vae.cache import cache_dir, locked
from vae.corpora.vectors import Vectors
from vae.i18n import message
from vae.progress import Progress
from vae.runs import jobs
from vae.training import vector_file
from vae.training.vector import VectorTraining
from vae.training.vector_setting import Setting

SHIPPED = {
    Setting("digits"): Path(__file__).parents[2] / "assets" / "article" / "digits.safetensors"
}
"""Trainings that come with the app, so that there is something to see at once."""

_VERSION = 1
_EVERY = 0.4  # seconds between two looks
_TURN = 3_600.0  # seconds that one waits for those before it


def file_of(setting: Setting, found: Vectors) -> Path:
    """Where the training of a setting on these vectors is kept."""
    state = hashlib.blake2b(repr(setting).encode(), digest_size=12)
    state.update(found.values.tobytes())
    return cache_dir() / "vectors" / f"{_VERSION}-{state.hexdigest()}.safetensors"


def key_of(file: Path) -> str:
    """The key of the job that writes a file."""
    return f"vectors-{file.stem}"


def start(setting: Setting, file: Path) -> jobs.Job:
    """Start `python -m vae vectors FILE`, unless it runs already."""
    key = key_of(file)
    command = ["-m", "vae", "vectors", str(file), setting.vectors, "--run", setting.run]
    command += ["--latents", str(setting.latents), "--weight", repr(setting.weight)]
    command += ["--epochs", str(setting.epochs), "--seed", str(setting.seed)]
    command += ["--mistake", setting.mistake, "--progress-file", str(jobs.job_file(key))]
    return jobs.start(key, [sys.executable, *command])


def work(training: VectorTraining, file: Path, progress: Progress) -> None:
    """Train to the end, and keep how far it is several times a second.

    One trains at a time, for whoever waits would make all of them slow.

    Raises:
        OSError: the file cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with locked(file.parent / "turn", _TURN):
        vector_file.keep(training, file)
        while not training.over:
            training.advance(_EVERY)
            vector_file.keep(training, file)
            progress(training.done, training.config.epochs, message("Training"))
