"""The sections of a report that studies of the run fill; what was not measured says so."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from vae import studies
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import Message, _, message
from vae.report.parts import Missing, Part, attempt
from vae.studies import evaluation

Result = Mapping[str, Any]


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

    def show(self, explorer: Explorer, result: Result) -> Sequence[Part]:
        """A result as parts; loaded where there is one, since some need scikit-learn."""
        shown: Sequence[Part] = import_module(self.module).parts(explorer, result)
        return shown

    def show_briefly(self, explorer: Explorer, result: Result) -> Sequence[Part]:
        """As `show`, of what an evaluation makes of the study, which may be less."""
        module = import_module(self.module)
        shown: Sequence[Part] = getattr(module, "brief", module.parts)(explorer, result)
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


def parts(section: StudySection, explorer: Explorer) -> list[Part]:
    """What a study found; else what the evaluation says of the same, and how it is measured."""
    if not explorer.latent_dim:
        return [Missing(_("A plain language model has no latent space to ask about."))]
    full = attempt(explorer.run, lambda: _made(section, explorer))
    if full and not isinstance(full[0], Missing):
        return full
    brief = briefly(explorer, section.name)
    shown = (
        []
        if brief is None
        else attempt(explorer.run, lambda: section.show_briefly(explorer, brief))
    )
    return [*shown, *(full or [not_measured(explorer, section.name)])]


def results(explorer: Explorer, name: str) -> Iterator[Result]:
    """What a study found, and its brief making by the evaluation; those that can be read."""
    with contextlib.suppress(UserError):
        if (found := studies.made(explorer.run, name)) is not None:
            yield found
    if (brief := briefly(explorer, name)) is not None:
        yield brief


def briefly(explorer: Explorer, name: str) -> Result | None:
    """What the evaluation says of a study; None without it, or where it cannot be read."""
    with contextlib.suppress(UserError):  # a damaged one is told of where its figures would be
        if (kept := evaluation.read(explorer.run)) is not None:
            return kept.results.get(name)
    return None


def _made(section: StudySection, explorer: Explorer) -> Sequence[Part]:
    found = studies.made(explorer.run, section.name)
    return [] if found is None else section.show(explorer, found)


def not_measured(explorer: Explorer, name: str) -> Missing:
    """What stands in place of a study that has not been made, and what makes it."""
    said = _("Not measured yet. {what} Measure it with", what=studies.study(name).what)
    return Missing(said, f"python -m vae study {explorer.name} {name}")
