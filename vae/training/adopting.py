"""A model of another make becomes a run: its sentences are encoded, mapped and measured once."""

from __future__ import annotations

import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from vae.backends import AdaptedModel
from vae.corpora.corpus import Corpus
from vae.errors import UserError
from vae.explorer import Explorer
from vae.runs.store import RunDirectory
from vae.studies.evaluation import Evaluation
from vae.training.new_run import make_run

_VERSIONS = ("torch", "numpy", "scikit-learn", "umap-learn", "streamlit")
_MOST_EXAMPLES = 8


def adopt(
    path: Path,
    adapter: str,
    model: object,
    corpus: Corpus,
    *,
    command: str = "",
    seed: int = 0,
    **measured: Any,
) -> Evaluation:
    """Write the run of a model of another make; returns its evaluation.

    The run holds the name of the adapter, never its code.

    Args:
        path: the run directory to make.
        adapter: MODULE:FACTORY, as `vae.models.adapters.make` takes it.
        model: what the factory gave: it has the methods of `vae.models.explorable.Explorable`; or
            the process that has it (`vae.models.adapter_process`).
        corpus: the sentences to show it by; it need not have learned from them.
        measured: how much is measured, as `vae.training.new_run.make_run` takes it.

    Raises:
        UserError: the model does not read these sentences; or as `make_run` says.
    """

    def write(staged: RunDirectory) -> Explorer:
        explorer = Explorer(staged, AdaptedModel(adapter, model, path.name))
        _write(explorer, adapter, path.name, corpus, seed, command)
        return explorer

    return make_run(path, write, corpus, seed=seed, **measured)


def _write(
    explorer: Explorer, adapter: str, name: str, corpus: Corpus, seed: int, command: str
) -> None:
    """config.json and status.json, as other runs have them."""
    examples = (corpus.examples or corpus.sentences)[:_MOST_EXAMPLES]
    if not examples:
        raise UserError("There is no sentence to show the model by. Give a text with some.")
    made = explorer.anatomy()
    explorer.run.write_json(
        "config.json",
        {
            "name": name,
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "command": command,
            "adapter": adapter,
            # So that another model behind the same name is told from this one.
            "example_mean": explorer.encode(examples[:1]).mean[0].tolist(),
            "has_posterior": explorer.has_posterior,
            "description": made.what,
            "corpus": {
                "name": corpus.name,
                "digest": corpus.digest,
                "n_sentences": sum(corpus.sizes.values()),
                "splits": corpus.sizes,
                "labels": sorted(corpus.labels),
                "dropped": dict(corpus.dropped),
                "source": dict(corpus.source),
                "examples": list(examples),
            },
            "parameters": made.parameters,
            "config": {"model": {"latent_dim": explorer.latent_dim}, "train": {"seed": seed}},
            "versions": {
                "python": platform.python_version(),
                **{package: version(package) for package in _VERSIONS},
            },
        },
    )
    explorer.run.write_json("status.json", {"state": "finished", "phase": "", "message": ""})
