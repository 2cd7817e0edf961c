"""Everything that is kept between reruns and shared by all sessions; all caches are here."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st
import torch
from torch import Tensor

from vae.errors import UserError
from vae.explorer import Explorer, PathPoint
from vae.i18n import language
from vae.latent.names import FILE as NAMES
from vae.latent.names import read_names
from vae.latent.waypoints import Waypoints
from vae.latent.waypoints import waypoints as measured_waypoints
from vae.runs import jobs
from vae.runs.catalogue import find_run
from vae.runs.history import History, history
from vae.runs.store import RunDirectory
from vae.studies import STUDIES, evaluation, expected, made, missing, study, summary
from vae.studies.informative import Informative, has_atlas, measured

F = TypeVar("F", bound=Callable[..., Any])

_BESIDE_STUDIES = ("weights.safetensors", "config.json")
"""The files of a run that tell, beside a study's own, whether it still holds."""
PATH_STEPS = 61
SWEEP = tuple(round(-3 + 0.25 * i, 2) for i in range(25))
"""Where a dial of the page Dimensions can stand, in standard deviations (`Explorer.spread`)."""


def explorer(run_name: str) -> Explorer:
    """The run of a name, loaded once for all sessions, and again when its weights change.

    Raises:
        UserError: as `Explorer.load`.
    """
    run = find_run(run_name)
    return _explorer(str(run.path), version(run))


def version(run: RunDirectory) -> str:
    """Changes whenever anything that an explorer has loaded does."""
    files = ("weights.safetensors", "config.json", "latents.npz", "projection.npz")
    return "/".join([*map(run.version, files), jobs.finished_at(jobs.prepare_key(run))])


@st.cache_resource(max_entries=6, show_spinner=False)
def _explorer(path: str, version: str) -> Explorer:
    return Explorer.load(RunDirectory(Path(path)))


def shared(max_entries: int) -> Callable[[F], F]:
    """Keep what a function makes for all sessions, by its arguments but those with "_" in front.

    An explorer is told from others by its run and by what of it stands on the disk now.
    """
    by = {Explorer: lambda ex: (str(ex.run.path), version(ex.run)), Tensor: Tensor.tolist}
    return st.cache_resource(max_entries=max_entries, show_spinner=False, hash_funcs=by)


def informative(run_name: str) -> Informative:
    """Which dimensions of a run are in use: by its study, so that every page says the same;
    before that is made on its atlas, else on its example sentences.
    """
    run = find_run(run_name)
    studied = run.version(study("dimensions").file)
    ex = explorer(run_name)
    found = _informative(run_name, version(run), studied, has_atlas(ex))
    return found.worded(ex, given_names(run))


def given_names(run: RunDirectory) -> dict[int, str]:
    """Dimension to the name that somebody gave it; none where the file of names is damaged."""
    try:
        return _given_names(str(run.path), run.version(NAMES), run.version("config.json"))
    except UserError:  # the page Meaning says it; no other page has to fail
        return {}


@st.cache_data(max_entries=60, show_spinner=False)
def _given_names(path: str, version: str, trained: str) -> dict[int, str]:
    return read_names(RunDirectory(Path(path)))


@st.cache_resource(max_entries=16, show_spinner=False)
def _informative(run_name: str, version: str, studied: str, has_atlas: bool) -> Informative:
    return measured(explorer(run_name))


@shared(max_entries=16)
def starters(explorer: Explorer) -> tuple[str, ...]:
    """Five sentences to start from, all of whose words the model knows."""
    return tuple(explorer.starters())


@shared(max_entries=16)
def vocabulary(explorer: Explorer) -> bytes | None:
    """What a model knows, packed for the browser; None where it does not tell."""
    found = explorer.vocabulary
    return None if found is None else found.packed()


def path(
    run_name: str, a: str | Tensor, b: str | Tensor, method: str, decode: str, seed: int
) -> tuple[PathPoint, ...]:
    """`PATH_STEPS` points from a to b, decoded; computed once for all sessions.

    Raises:
        UserError: as `Explorer.interpolate`.
    """
    return _path(explorer(run_name), a, b, method, decode, seed if decode == "sampled" else 0)


@shared(max_entries=256)
def _path(
    explorer: Explorer, a: str | Tensor, b: str | Tensor, method: str, decode: str, seed: int
) -> tuple[PathPoint, ...]:
    points = explorer.interpolate(
        a,
        b,
        PATH_STEPS,
        method,
        decode="sample" if decode == "sampled" else "greedy",
        generator=torch.Generator().manual_seed(seed),
    )
    return tuple(points)


@shared(max_entries=60)
def waypoints(explorer: Explorer, points: tuple[PathPoint, ...]) -> Waypoints:
    """How points of a path lie to the prior, the training sentences and their own way back."""
    return measured_waypoints(explorer, points, lambda: explorer.atlas)


def dial(explorer: Explorer, d: int) -> tuple[float, ...]:
    """The values of dimension d along `SWEEP`: the same where N(0, I) is its scale."""
    if explorer.has_posterior:
        return SWEEP
    centre, deviation = _spread(explorer)
    return tuple(centre[d] + place * deviation[d] for place in SWEEP)


def end_form(explorer: Explorer) -> str:
    """How the value at an end of a dial is written: whole where the prior is the scale."""
    return "+.0f" if explorer.has_posterior else "+.2g"


@shared(max_entries=6)
def _spread(explorer: Explorer) -> tuple[list[float], list[float]]:
    found = explorer.spread
    return found.centre.tolist(), found.deviation.tolist()


def sweeps(
    run_name: str, z: Tensor, dims: tuple[int, ...]
) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """(the sentence at z (Z,), for each dimension the sentences along `dial`), in one batch."""
    return _sweeps(explorer(run_name), z, dims)


@shared(max_entries=64)
def _sweeps(
    explorer: Explorer, z: Tensor, dims: tuple[int, ...]
) -> tuple[str, tuple[tuple[str, ...], ...]]:
    points = z.repeat(1 + len(dims) * len(SWEEP), 1)  # (1 + D * S, Z)
    for i, d in enumerate(dims):
        points[1 + i * len(SWEEP) : 1 + (i + 1) * len(SWEEP), d] = torch.tensor(dial(explorer, d))
    now, *said = explorer.decode(points)
    rows = (said[i : i + len(SWEEP)] for i in range(0, len(said), len(SWEEP)))
    return now, tuple(tuple(row) for row in rows)


def recorded(run: RunDirectory) -> History:
    """What metrics.jsonl says by now; read again when it has grown, once for all sessions."""
    return _recorded(str(run.path), run.version("metrics.jsonl"))


@st.cache_resource(max_entries=12, show_spinner=False)
def _recorded(path: str, version: str) -> History:
    return history(RunDirectory(Path(path)).read_metrics())


def evaluated(run: RunDirectory) -> dict[str, Any] | None:
    """`figures_of` a run, read again when one of its files has changed.

    Raises:
        UserError: as `figures_of`.
    """
    files = (evaluation.FILE, *_BESIDE_STUDIES, *(study(name).file for name in STUDIES))
    return _evaluated(str(run.path), "/".join(map(run.version, files)), language())


@st.cache_resource(max_entries=60, show_spinner=False)
def _evaluated(path: str, versions: str, spoken: str) -> dict[str, Any] | None:
    # The verdict is worded among the figures, in the language that is asked for.
    return summary.figures_of(RunDirectory(Path(path)))


def study_result(run: RunDirectory, name: str) -> dict[str, Any] | None:
    """What a study found of a run, or None; the page says nothing of it.

    Raises:
        NotAvailableError: the run has no such thing.
        UserError: its file is damaged.
    """
    file = study(name).file
    if not run.has(file):
        return None
    versions = tuple(map(run.version, (file, *_BESIDE_STUDIES)))
    return _study_result(str(run.path), name, versions, run)


def missing_studies(run: RunDirectory) -> list[str]:
    """The studies that have not been made of a run; a damaged one is missing too."""
    files = [study(name).file for name in STUDIES]
    kept = (run.version(file) for file in (*files, *_BESIDE_STUDIES))
    return list(_missing_studies(str(run.path), tuple(kept), run))


@st.cache_resource(max_entries=60, show_spinner=False)
def _missing_studies(path: str, versions: tuple[str, ...], _run: RunDirectory) -> tuple[str, ...]:
    return tuple(missing(_run))


def expected_seconds(explorer: Explorer, names: Sequence[str]) -> float | None:
    """What studies of a run will take on this machine; None where it cannot be tried."""
    with contextlib.suppress(UserError):
        return expected.seconds(explorer, names, _trial(explorer))
    return None


@shared(max_entries=16)
def _trial(explorer: Explorer) -> float:
    return expected.trial(explorer)


@st.cache_resource(max_entries=60, show_spinner=False)
def _study_result(
    path: str, name: str, versions: tuple[str, ...], _run: RunDirectory
) -> dict[str, Any] | None:
    found = made(_run, name)
    if found is not None:
        study(name).check(found)
    return found
