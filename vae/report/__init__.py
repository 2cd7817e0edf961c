"""A run as one HTML file: `python -m vae report RUN --out FILE`, or a button of the app.

It holds all that the run directory says, with figures that answer to the pointer and tables that
can be downloaded, and asks nothing of a network. Same run, same seed, same bytes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _
from vae.report import evaluation, setting, studied, training
from vae.report.page import Frame, page
from vae.report.parts import Finding, Part, Section, attempt
from vae.report.saying import saying
from vae.runs.store import RunDirectory

__all__ = ["file_name", "make", "unreadable"]

Make = Callable[[], Sequence[Part]]


def make(explorer: Explorer, seed: int = 0) -> str:
    """The report of a run, as a whole HTML file.

    Args:
        seed: of the prior samples.

    Raises:
        UserError: config.json is missing or damaged. Whatever else is, the report says.
    """
    explorer.facts()
    planned: list[tuple[str, str, str, Make]] = [
        (
            "setting",
            _("Setting"),
            _("What was trained, and on what?"),
            lambda: setting.setting(explorer),
        ),
        ("training", _("Training"), _("How did it learn?"), lambda: training.training(explorer)),
        (
            "used",
            _("Latent space"),
            _("Is the latent space used?"),
            _of(studied.DIAGNOSIS, explorer),
        ),
        *((s.name, s.short, s.title, _of(s, explorer)) for s in studied.SECTIONS),
        (
            "quality",
            _("All told"),
            _("How good is it, all told?"),
            lambda: evaluation.all_told(explorer),
        ),
        ("saying", _("Sentences"), _("What does it say?"), lambda: saying(explorer, seed)),
        (
            "made",
            _("Made with"),
            _("How is it made again?"),
            lambda: setting.provenance(explorer, seed),
        ),
    ]
    made = [
        Section(anchor, short, title, tuple(attempt(explorer.run, parts)))
        for anchor, short, title, parts in planned
    ]
    sections = [section for section in made if section.parts]
    how = _("Made by {command}.", command=command(explorer, seed))
    return page(_frame(explorer.name, how), _lead(explorer), sections)


def unreadable(run: RunDirectory, why: UserError) -> str:
    """A page in place of the report of a run that cannot be read, with the reason."""

    def nothing() -> Sequence[Part]:
        raise why

    frame = _frame(run.name, _("This run cannot be reported on."))
    return page(frame, attempt(run, nothing), [])


def _frame(name: str, made: str) -> Frame:
    tab = _("{run}: a report by Latent Lens", run=name)
    return Frame(_("Report of a run"), name, tab, made)


def command(explorer: Explorer, seed: int) -> str:
    """What makes this report again."""
    return f"python -m vae report {explorer.name} --out {file_name(explorer.name)} --seed {seed}"


def file_name(name: str) -> str:
    """A name for the file, made of the run's."""
    kept = "".join(c if c.isalnum() or c in "-_." else "-" for c in name)
    return f"{kept[:80].strip('.') or 'run'}-report.html"


def _lead(explorer: Explorer) -> list[Part]:
    """The verdict and the figures that matter most."""
    run = explorer.run
    found = attempt(run, lambda: _verdict(explorer))
    return [*found, *attempt(run, lambda: evaluation.glance(explorer))]


def _verdict(explorer: Explorer) -> Sequence[Part]:
    """The diagnosis knows more than the evaluation; what is damaged is told of in its section."""
    from vae.report.diagnosis import verdict

    if not explorer.latent_dim:
        return [Finding(_("A plain language model: it has no latent space."))]
    for found in studied.results(explorer, studied.DIAGNOSIS.name):
        with contextlib.suppress(UserError):
            return verdict(found)
    return []


def _of(section: studied.StudySection, explorer: Explorer) -> Make:
    return lambda: studied.parts(section, explorer)
