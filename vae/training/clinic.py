"""The experiment of the collapse clinic: a plain VAE and one cure, all else the same."""

from __future__ import annotations

from vae.i18n import message
from vae.runs.experiments import RunSpec
from vae.training.cures import cure_named

PRESET = "clinic"
SENTENCES = 12_000
"""Sentences of the clinic, at most: more would change little in so few updates."""

SECONDS_EACH = 45
"""What a run of it takes on one core, roughly, measuring included."""

MOST_WORDS = 30
"""Longer sentences are left out, so that every text ends in time."""


def clinic_pair(cure: str, seed: int) -> list[RunSpec]:
    """The two runs of an experiment, the plain one first.

    Raises:
        UserError: there is no such cure.
    """
    title = cure_named(cure).title
    shared = (f"--preset={PRESET}", f"--seed={seed}", f"--max-words={MOST_WORDS}", "--brief")
    return [
        RunSpec("clinic plain", message("No cure"), (*shared, "--cure=none"), {}, SECONDS_EACH),
        RunSpec(f"clinic {cure}", title, (*shared, f"--cure={cure}"), {}, SECONDS_EACH),
    ]
