"""What is known of a text before a model learns from it: found out by a process of its own."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vae.corpora import uploads
from vae.corpora.survey import Survey
from vae.errors import UserError
from vae.runs import jobs
from vae.runs.jobs import Job
from vae.runs.launch import Text
from vae.training.estimate import ASKED, Estimate
from vae.training.presets import VERSION

__all__ = ["ASKED", "Found", "Question"]


@dataclass(frozen=True)
class Found:
    """What a survey found: the text, and minutes by the name of a preset or of `ASKED`."""

    survey: Survey
    estimates: Mapping[str, Estimate]


@dataclass(frozen=True)
class Question:
    """A text, and settings to estimate the minutes of; no settings: those of the presets."""

    text: Text
    settings: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Of the job that answers it."""
        return f"survey-{self._place.name[:12]}-{self._digest}"

    @property
    def answer(self) -> Found | None:
        """What was found, by whomever asked first; None where nothing is known yet."""
        try:
            stored = json.loads(self._file.read_text(encoding="utf-8"))
            return Found(
                Survey.from_dict(stored["survey"]),
                {name: Estimate.from_dict(e) for name, e in stored["estimates"].items()},
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def known(self) -> int:
        """How much of the answer is known: 0, then 1 for the text, and 1 more for each estimate."""
        found = self.answer
        return 0 if found is None else 1 + len(found.estimates)

    @property
    def job(self) -> Job | None:
        """The work on it."""
        return jobs.read(self.key)

    def ask(self) -> Job:
        """Begin to find out, unless that is under way.

        Raises:
            UserError: the process cannot be started.
        """
        _forget_old()
        command = ["survey", self.text.corpus, *self.text.options(), *self.settings]
        command += ["--out", str(self._file.absolute()), *_threads()]
        command += ["--progress-file", str(jobs.job_file(self.key).absolute())]
        try:
            return jobs.start(self.key, [sys.executable, "-m", "vae", *command])
        except OSError as error:
            raise UserError(
                "The text cannot be looked at ({reason}). Make room or mend the permissions, and "
                "try again.",
                reason=error.strerror or str(error),
            ) from error

    @property
    def _place(self) -> Path:
        file = self.text.file
        return uploads.folder("built-in", self.text.corpus) if file is None else file.parent

    @property
    def _file(self) -> Path:
        return self._place / f"survey-{self._digest}.json"

    @property
    def _digest(self) -> str:
        asked = [self.text.corpus, *self.text.options(), "", *self.settings]
        # Other minutes, where a version of Latent Lens has other presets.
        asked += [VERSION]
        return hashlib.blake2b(
            "\0".join(asked).encode("utf-8", "replace"), digest_size=8
        ).hexdigest()


def _threads() -> list[str]:
    """As many as a run of the app has (`vae.runs.queue`)."""
    if "OMP_NUM_THREADS" in os.environ:
        return []
    return [f"--trial-threads={max(1, (os.cpu_count() or 1) - 1)}"]


def _forget_old(most: int = 50) -> None:
    """Remove what is left of the oldest surveys that have ended."""
    folder = jobs.job_file("").parent
    found = folder.glob("survey-*.json")
    ended = [p for p in found if not ((job := jobs.read(p.stem)) and job.running)]
    for path in sorted(ended, key=_written)[:-most]:
        path.unlink(missing_ok=True)
        path.with_suffix(".log").unlink(missing_ok=True)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
