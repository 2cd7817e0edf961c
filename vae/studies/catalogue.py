"""Which studies there are, and where each is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from vae.errors import UserError
from vae.i18n import Message, enumeration, message

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
            `read(result)`, which raises `UserError` where a stored result cannot be shown.
        version: raised when the result has another meaning or other fields.
        oldest: the first version whose results can still be read, where it is not that.
    """

    name: str
    title: Message
    what: Message
    module: str
    version: int = 1
    oldest: int | None = None

    @property
    def readable(self) -> range:
        """The versions whose results can be read."""
        return range(self.oldest or self.version, self.version + 1)

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
        import_module(self.module).read(result)


STUDIES: Mapping[str, Study] = {
    s.name: s
    for s in (
        Study(
            "diagnosis",
            message("Is the latent space used?"),
            message(
                "Rate, information, likelihood and what the decoder hears, on held-out sentences."
            ),
            "vae.studies.diagnosis",
            version=2,
            oldest=1,
        ),
        Study(
            "probes",
            message("What can be read off a latent?"),
            message("Probes of every label, with a majority and a shuffled-label control."),
            "vae.studies.probes",
            version=2,
            oldest=1,
        ),
        Study(
            "disentanglement",
            message("Does each dimension stand for one thing?"),
            message("Six metrics of disentanglement, over several seeds."),
            "vae.studies.disentanglement",
            version=2,
            oldest=1,
        ),
        Study(
            "dimensions",
            message("What does each dimension do?"),
            message("What each dimension tells of each label, and what changes along it."),
            "vae.studies.dimensions",
            version=2,
            oldest=1,
        ),
        Study(
            "directions",
            message("Can one property be steered?"),
            message("A direction for each value of each label, and what moving along it changes."),
            "vae.studies.directions",
            version=2,
            oldest=1,
        ),
        Study(
            "semantics",
            message("Are neighbours alike?"),
            message(
                "Neighbours and distances against a bag of words and, where installed, an encoder."
            ),
            "vae.studies.semantics",
            version=2,
            oldest=1,
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
        raise UserError(
            "There is no study '{name}'; choose one of {names}.",
            name=name,
            names=enumeration(STUDIES, "or"),
        )
    return STUDIES[name]
