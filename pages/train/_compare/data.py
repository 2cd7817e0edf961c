"""What is shown of several runs beside each other: read leniently, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from pages.common import resources
from vae.diagnostics.comparison import shared_noise
from vae.diagnostics.rate_plane import RatePoint, rate_point
from vae.errors import UserError
from vae.explorer import Explorer, Reading
from vae.models.explorable import NotAvailableError
from vae.models.point import KEEPS_A_POINT
from vae.runs.catalogue import find_run
from vae.runs.history import History
from vae.runs.store import LIVE, RunDirectory
from vae.runs.summary import state_of


@dataclass(frozen=True)
class Side:
    """A run among others; what cannot be read is None, and said in `problems`."""

    name: str
    run: RunDirectory
    state: str
    facts: dict[str, Any] | None
    evaluation: dict[str, Any] | None
    recorded: History
    problems: tuple[str, ...]

    @property
    def latent_dim(self) -> int:
        """Z; 0 also where it cannot be read."""
        try:
            return int((self.facts or {})["config"]["model"]["latent_dim"])
        except (KeyError, TypeError, ValueError):
            return 0

    @property
    def live(self) -> bool:
        """Whether more may come from it by itself."""
        return self.state in LIVE or self.state == "queued"

    def point(self) -> RatePoint | None:
        """Its place in the rate-distortion plane.

        Raises:
            UserError: its evaluation lacks a figure.
        """
        return rate_point(self.name, self.evaluation, self.recorded)


def side(name: str, run: RunDirectory | None = None) -> Side:
    """Everything that a run has written, as far as it can be read.

    Raises:
        UserError: there is no such run.
    """
    run = run or find_run(name)
    problems: list[str] = []

    def read(file: str) -> dict[str, Any] | None:
        if not run.has(file):
            return None
        try:
            return run.read_json(file)
        except UserError as error:
            problems.append(str(error))
            return None

    facts = read("config.json")
    try:
        measured = resources.evaluated(run)
    except UserError as error:
        measured = None
        problems.append(str(error))
    return Side(name, run, state_of(run), facts, measured, resources.recorded(run), tuple(problems))


@resources.shared(max_entries=200)
def reading(explorer: Explorer, sentence: str) -> Reading:
    """What a run makes of a sentence; computed once for all sessions.

    Raises:
        UserError: as `Explorer.read`.
    """
    return explorer.read(sentence)


@resources.shared(max_entries=200)
def prior_sentences(explorer: Explorer, n: int, seed: int) -> tuple[str, ...]:
    """Greedy decodings of n draws of the prior: the same noise in every run of one seed.

    Raises:
        NotAvailableError: the model has no decoder, or no prior.
    """
    if not explorer.has_posterior:
        raise NotAvailableError(KEEPS_A_POINT)
    noise = torch.from_numpy(shared_noise(n, explorer.latent_dim, seed)).float()
    return tuple(explorer.decode(noise))
