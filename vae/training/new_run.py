"""A run that was made, not trained: it is written, mapped and measured, and appears at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from vae.corpora.corpus import Corpus
from vae.explorer import Explorer
from vae.latent.atlas import make_atlas
from vae.latent.atlas_source import store_sentences
from vae.progress import Progress, silent
from vae.runs.staging import staged
from vae.runs.store import RunDirectory
from vae.studies.evaluation import FILE, IW_SAMPLES, MOST_SENTENCES, Evaluation, evaluate


def make_run(
    path: Path,
    write: Callable[[RunDirectory], Explorer],
    corpus: Corpus,
    *,
    seed: int = 0,
    iw_samples: int = IW_SAMPLES,
    most_sentences: int = MOST_SENTENCES,
    progress: Progress = silent,
) -> Evaluation:
    """Make a run directory that appears whole, or not at all; returns its evaluation.

    Args:
        path: the run directory to make.
        write: writes the model and what is known of it into an empty directory beside `path`.
        corpus: the sentences that are mapped and measured.

    Raises:
        UserError: there is a run already, or the directory cannot be written; and what `write`
            raises.
    """
    with staged(path) as run:
        explorer = write(run)
        make_atlas(run, explorer, corpus, seed, progress)
        store_sentences(run, corpus, seed)
        result = evaluate(
            explorer,
            corpus,
            seed=seed,
            iw_samples=iw_samples,
            most_sentences=most_sentences,
            progress=progress,
        )
        run.write_json(FILE, result.to_dict())
    return result
