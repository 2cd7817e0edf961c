"""Which studies there are, and where each is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from vae.errors import UserError

Compute = Callable[..., Mapping[str, Any]]

FOLDER = "studies"


@dataclass(frozen=True)
class Study:
    """Something that is measured once of a run.

    Attributes:
        name: its name on the command line, and of its file.
        title: what it answers, for a person.
        what: what is measured and on how much, in a sentence.
        module: where `measure(explorer, corpus, seed, progress)` is, which returns JSON, and
            `check(result)`, which raises `UserError` where a stored result cannot be shown.
        version: raised when the result has another meaning or other fields.
    """

    name: str
    title: str
    what: str
    module: str
    version: int = 1

    @property
    def file(self) -> str:
        """Its file inside a run."""
        return f"{FOLDER}/{self.name}.json"

    def compute(self) -> Compute:
        """What measures it; loaded where it is used, since much of it needs scikit-learn."""
        found: Compute = import_module(self.module).measure
        return found

    def check(self, result: Mapping[str, Any]) -> None:
        """Raise `UserError` where a result, from somebody else perhaps, cannot be shown."""
        import_module(self.module).check(result)


STUDIES: Mapping[str, Study] = {
    s.name: s
    for s in (
        Study(
            "diagnosis",
            "Is the latent space used?",
            "Rate, information, likelihood and what the decoder hears, on held-out sentences.",
            "vae.studies.diagnosis",
        ),
        Study(
            "probes",
            "What can be read off a latent?",
            "Probes of every label, with a majority and a shuffled-label control.",
            "vae.studies.probes",
        ),
        Study(
            "disentanglement",
            "Does each dimension stand for one thing?",
            "Six metrics of disentanglement, over several seeds.",
            "vae.studies.disentanglement",
        ),
        Study(
            "dimensions",
            "What does each dimension do?",
            "What each dimension tells of each label, and what changes along it.",
            "vae.studies.dimensions",
        ),
        Study(
            "directions",
            "Can one property be steered?",
            "A direction for each value of each label, and what moving along it changes.",
            "vae.studies.directions",
        ),
        Study(
            "semantics",
            "Are neighbours alike?",
            "Neighbours and distances against a bag of words and, where installed, an encoder.",
            "vae.studies.semantics",
        ),
    )
}
"""Every study by its name, in the order in which they are made."""


def study(name: str) -> Study:
    """The study of a name.

    Raises:
        UserError: there is none; the message lists those there are.
    """
    if name not in STUDIES:
        raise UserError(f"There is no study '{name}'; choose one of {', '.join(STUDIES)}.")
    return STUDIES[name]
