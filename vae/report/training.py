"""How a run learned: the curves of metrics.jsonl."""

from __future__ import annotations

from vae.explorer import Explorer
from vae.figures import training as figures
from vae.figures.curves import Run
from vae.figures.outcome import outcome, rule
from vae.i18n import _
from vae.report.parts import Missing, Paragraph, Part
from vae.runs.history import history


def training(explorer: Explorer) -> list[Part]:
    """Losses, ELBO, information and the rate of each dimension by step."""
    recorded = history(explorer.run.read_metrics())
    if not recorded.steps and not recorded.validations:
        return [Missing(_("This run recorded no training: metrics.jsonl holds no step."))]
    run = Run(explorer.name, recorded, explorer.latent_dim)
    return [
        Paragraph(outcome(recorded)),
        *([Paragraph(why)] if (why := rule(recorded)) else []),
        *(found.figure() for found in figures.training([run])),
    ]
