"""A model of another make becomes a run: its sentences are encoded, mapped and measured once."""

from __future__ import annotations

import os
import platform
import shutil
import time
from importlib.metadata import version
from pathlib import Path

from vae.backends import AdaptedModel
from vae.cache import temporary_beside
from vae.corpora.corpus import Corpus
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent.atlas import make_atlas
from vae.latent.atlas_source import store_sentences
from vae.progress import Progress, silent
from vae.runs.store import RunDirectory
from vae.studies.evaluation import FILE, IW_SAMPLES, MOST_SENTENCES, Evaluation, evaluate

_VERSIONS = ("torch", "numpy", "scikit-learn", "umap-learn", "streamlit")
_MOST_EXAMPLES = 8


def adopt(
    path: Path,
    adapter: str,
    model: object,
    corpus: Corpus,
    *,
    seed: int = 0,
    iw_samples: int = IW_SAMPLES,
    most_sentences: int = MOST_SENTENCES,
    command: str = "",
    progress: Progress = silent,
) -> Evaluation:
    """Write the run of a model of another make; returns its evaluation.

    The run holds the name of the adapter, never its code. It appears whole, or not at all.

    Args:
        path: the run directory to make.
        adapter: MODULE:FACTORY, as `vae.models.adapters.make` takes it.
        model: what the factory gave: it has the methods of `vae.models.explorable.Explorable`; or
            the process that has it (`vae.models.adapter_process`).
        corpus: the sentences to show it by; it need not have learned from them.

    Raises:
        UserError: there is a run already, the model does not read these sentences, or the
            directory cannot be written.
    """
    if os.path.lexists(path):
        raise UserError(
            "{path} is there already. Choose another --out, or delete it first.", path=path
        )
    staged = RunDirectory(temporary_beside(path))
    try:
        staged.path.mkdir(parents=True)
        explorer = Explorer(staged, AdaptedModel(adapter, model, path.name))
        _write(explorer, adapter, path.name, corpus, seed, command)
        make_atlas(staged, explorer, corpus, seed, progress)
        store_sentences(staged, corpus, seed)
        result = evaluate(
            explorer,
            corpus,
            seed=seed,
            iw_samples=iw_samples,
            most_sentences=most_sentences,
            progress=progress,
        )
        staged.write_json(FILE, result.to_dict())
        os.rename(staged.path, path)
        return result
    except OSError as error:
        raise UserError(
            "{path} cannot be written: {error}. Make room or mend the permissions, and try again.",
            path=path,
            error=error.strerror or error,
        ) from error
    finally:
        shutil.rmtree(staged.path, ignore_errors=True)


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
