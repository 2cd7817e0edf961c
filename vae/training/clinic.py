"""The experiment of the collapse clinic: a plain VAE and one cure, all else the same."""

from __future__ import annotations

from vae.errors import UserError
from vae.i18n import enumeration, message
from vae.runs.experiments import RunSpec
from vae.training.cures import CURES

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
    if cure not in CURES:
        raise UserError(
            "There is no cure '{cure}'; choose one of {names}.",
            cure=cure,
            names=enumeration(CURES, "or"),
        )
    shared = (f"--preset={PRESET}", f"--seed={seed}", f"--max-words={MOST_WORDS}", "--brief")
    return [
        RunSpec("clinic plain", message("No cure"), (*shared, "--cure=none"), {}, SECONDS_EACH),
        RunSpec(f"clinic {cure}", CURES[cure].title, (*shared, f"--cure={cure}"), {}, SECONDS_EACH),
    ]
