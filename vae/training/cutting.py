"""A finished run without its dead directions: a smaller model, whose decoder says the same."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from vae.backends.own import OwnModel
from vae.corpora.corpus import Corpus
from vae.errors import UserError
from vae.explorer import Explorer
from vae.models import Posterior
from vae.progress import Progress, silent
from vae.runs.store import RunDirectory
from vae.studies.evaluation import Evaluation
from vae.studies.sentences import drawn
from vae.training.axes import Turn, turn_of
from vae.training.new_run import make_run

_SENTENCES = 10_000
# What a run has learned, and how; all else of it speaks of the old axes.
_KEPT = ("tokenizer.json", "metrics.jsonl", "snapshots")


def cut(
    run: RunDirectory,
    path: Path,
    corpus: Corpus,
    *,
    below: float,
    command: str = "",
    seed: int = 0,
    progress: Progress = silent,
    **measured: Any,
) -> Evaluation:
    """Make a run of the live directions of another's means, turned to independent components.

    See `vae.training.axes.turn_of`; the directions are those of 10,000 training sentences. Along
    the new axes every posterior has the mean spread that they had there.

    Args:
        path: the run directory to make.
        corpus: what the run learned from.
        below: variance of the means.
        measured: how much is measured, as `vae.training.new_run.make_run` takes it.

    Raises:
        UserError: the model is of another make, has nothing to cut off or nothing to keep; or as
            `make_run` says.
    """

    def write(staged: RunDirectory) -> Explorer:
        model = _cuttable(run)
        sentences = drawn(corpus, "train", _SENTENCES, seed).sentences
        posterior = model.encode(sentences, progress=progress)
        _write(run, staged, path.name, model, _found(posterior, below, seed), command)
        return Explorer.load(staged)

    return make_run(path, write, corpus, seed=seed, progress=progress, **measured)


def _cuttable(run: RunDirectory) -> OwnModel:
    model = Explorer.load(run).backend
    if not isinstance(model, OwnModel):
        raise UserError("Run '{run}' is of another make: its weights are not ours.", run=run.name)
    if model.config.model.mean_scale:
        raise UserError(
            "The means of run '{run}' are normalised along its axes (mean_scale), which a turn "
            "would undo. Train it again with mean_scale 0.",
            run=run.name,
        )
    return model


def _found(posterior: Posterior, below: float, seed: int) -> Turn:
    turn = turn_of(posterior, below, seed)
    kept, z = turn.axes.shape
    if kept == z:
        raise UserError(
            "There is nothing to cut off: the posterior means of this run either vary by more "
            "than {below:g} along all of its {dimensions} dimensions, or along none.",
            below=below,
            dimensions=z,
        )
    return turn


def _write(
    run: RunDirectory, staged: RunDirectory, name: str, model: OwnModel, turn: Turn, command: str
) -> None:
    smaller = model.model.turned(turn.axes, turn.rest, turn.logvar)
    for kept in _KEPT:
        source = run.path / kept
        if source.is_dir():
            shutil.copytree(source, staged.path / kept)
        elif source.exists():
            shutil.copyfile(source, staged.path / kept)
    staged.write_tensors("weights.safetensors", smaller.state_dict())
    staged.write_json(
        "config.json",
        {
            **run.read_json("config.json"),
            "name": name,
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "command": command,
            "cut_from": run.name,
            "parameters": sum(p.numel() for p in smaller.parameters()),
            "config": replace(model.config, model=smaller.config).to_dict(),
        },
    )
    staged.write_json("status.json", {"state": "finished", "phase": "", "message": ""})
