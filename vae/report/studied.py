"""The sections of a report that studies of the run fill; what was not measured says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from vae import studies
from vae.explorer import Explorer
from vae.i18n import Message, _, message
from vae.report.parts import Missing, Part


@dataclass(frozen=True)
class StudySection:
    """A section made of one study.

    Attributes:
        name: the study's.
        heading: its name in the list of contents.
        module: where `parts(explorer, result)` is: the study's result as parts of a report.
    """

    name: str
    heading: Message
    module: str

    @property
    def short(self) -> str:
        """Its name in the list of contents."""
        return str(self.heading)

    @property
    def title(self) -> str:
        """What the study answers."""
        return str(studies.study(self.name).title)

    def show(self, explorer: Explorer, result: dict[str, object]) -> Sequence[Part]:
        """A result as parts; loaded where there is one, since some need scikit-learn."""
        shown: Sequence[Part] = import_module(self.module).parts(explorer, result)
        return shown


DIAGNOSIS = StudySection("diagnosis", message("Diagnosis"), "vae.report.diagnosis")
"""The section on the latent space, where it was measured; else the evaluation stands there."""

SECTIONS = (
    StudySection("probes", message("Probes"), "vae.report.probes"),
    StudySection("disentanglement", message("Disentanglement"), "vae.report.disentanglement"),
    StudySection("dimensions", message("Dimensions"), "vae.report.dimensions"),
    StudySection("directions", message("Directions"), "vae.report.directions"),
    StudySection("semantics", message("Semantics"), "vae.report.semantics"),
)


def result(section: StudySection, explorer: Explorer) -> dict[str, object] | None:
    """What a study found, to be checked by who reads it; None where it was not made.

    Raises:
        UserError: its file is damaged.
    """
    return studies.made(explorer.run, section.name)


def parts(section: StudySection, explorer: Explorer) -> list[Part]:
    """What a study found, or how it is measured.

    Raises:
        UserError: its file is damaged.
    """
    if not explorer.latent_dim:
        return [Missing(_("A plain language model has no latent space to ask about."))]
    found = result(section, explorer)
    if found is None:
        return [_not_measured(section, explorer)]
    return list(section.show(explorer, found))


def _not_measured(section: StudySection, explorer: Explorer) -> Missing:
    what = studies.study(section.name).what
    return Missing(
        _("Not measured yet. {what} Measure it with", what=what),
        f"python -m vae study {explorer.name} {section.name}",
    )
