"""What the Collapse page shows of a run, measured once for all sessions; its caches are here."""

from __future__ import annotations

import numpy as np

from pages.common import resources
from vae.diagnostics.aggregated_posterior import dimension_density, pair_density
from vae.diagnostics.bootstrap import Floats
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.examination import evidence_of_posteriors
from vae.diagnostics.sentence_scores import SentenceScores, sentence_scores
from vae.explorer import Explorer
from vae.i18n import ngettext
from vae.runs.store import RunDirectory
from vae.studies import diagnosis, evaluation

GRID = np.linspace(-4.5, 4.5, 121)
"""Where densities are drawn: a prior draw lies outside once in 150,000."""


def brief(explorer: Explorer) -> Evidence:
    """From evaluation.json; measured on the sentences of the map where there is none.

    Raises:
        UserError: the run has neither.
    """
    return _brief(explorer, explorer.run.version(evaluation.FILE))


@resources.shared(max_entries=20)
def _brief(explorer: Explorer, evaluated: str) -> Evidence:
    found = evaluation.read(explorer.run)
    evidence = None if found is None else found.evidence
    return evidence or evidence_of_posteriors(explorer.atlas.posterior, "map")


def evidence(run: RunDirectory) -> Evidence | None:
    """The study "diagnosis"; None where it has not been made.

    Raises:
        UserError: its file is damaged.
    """
    found = resources.study_result(run, "diagnosis")
    return None if found is None else diagnosis.read(found)


def density(explorer: Explorer, dimensions: tuple[int, ...]) -> tuple[Floats, str]:
    """(density of one or two dimensions of q(z) on `GRID`, of which sentences in words).

    Raises:
        UserError: there is no sentence to encode.
    """
    found, n, of_map = _density(explorer, dimensions)
    if of_map:
        return found, ngettext("{n:,} sentence of the map", "{n:,} sentences of the map", n)
    return found, ngettext("{n:,} example sentence", "{n:,} example sentences", n)


@resources.shared(max_entries=200)
def _density(explorer: Explorer, dimensions: tuple[int, ...]) -> tuple[Floats, int, bool]:
    posterior, of_map = explorer.known_posterior()
    if len(dimensions) == 1:
        found = dimension_density(posterior, dimensions[0], GRID)
    else:
        found = pair_density(posterior, *dimensions, GRID)
    return found, len(posterior), of_map


@resources.shared(max_entries=200)
def scores(explorer: Explorer, sentence: str, other: str, draws: int, seed: int) -> SentenceScores:
    """Decode and score a sentence under its own z, another sentence's, and the prior's.

    Raises:
        UserError: a sentence is empty or too long for the model.
    """
    return sentence_scores(explorer, sentence, other, draws, seed)
