"""The sections of a report that studies of the run fill; what was not measured says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vae import studies
from vae.explorer import Explorer
from vae.report.parts import Missing, Part

Show = Callable[[Mapping[str, Any]], Sequence[Part]]


@dataclass(frozen=True)
class StudySection:
    """A section made of one study.

    Attributes:
        name: the study's.
        short: its name in the list of contents.
        show: its result as parts.
    """

    name: str
    short: str
    show: Show

    @property
    def title(self) -> str:
        """What the study answers."""
        return studies.study(self.name).title


def parts(section: StudySection, explorer: Explorer) -> list[Part]:
    """What a study found, or how it is measured.

    Raises:
        UserError: its file is damaged.
    """
    if not explorer.latent_dim:
        return [Missing("A plain language model has no latent space to ask about.")]
    study = studies.study(section.name)
    found = studies.read(explorer.run, section.name)
    if found is None:
        return [
            Missing(
                f"Not measured yet. {study.what} Measure it with",
                f"python -m vae study {explorer.name} {section.name}",
            )
        ]
    study.check(found)
    return list(section.show(found))


def _nothing(result: Mapping[str, Any]) -> list[Part]:
    return []


DIAGNOSIS = StudySection("diagnosis", "Diagnosis", _nothing)
"""Part of the section on the latent space, beside the evaluation."""

SECTIONS: tuple[StudySection, ...] = (
    StudySection("probes", "Probes", _nothing),
    StudySection("disentanglement", "Disentanglement", _nothing),
    StudySection("dimensions", "Dimensions", _nothing),
    StudySection("directions", "Directions", _nothing),
    StudySection("semantics", "Semantics", _nothing),
)
