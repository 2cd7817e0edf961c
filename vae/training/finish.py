"""What is done once a model is trained: evaluate it, map its sentences, keep what is needed."""

from __future__ import annotations

from typing import Any

from vae.explorer import Explorer
from vae.latent.atlas import make_atlas
from vae.latent.atlas_source import store_sentences
from vae.progress import Progress
from vae.training.evaluate import evaluate
from vae.training.session import Session


def finish(session: Session, progress: Progress) -> dict[str, Any]:
    """Evaluate the best weights on the test split and write the atlas; returns the evaluation."""
    seed = session.config.train.seed
    explorer = Explorer.load(session.directory)
    session.phase = "evaluating"
    result = evaluate(explorer, session.corpus, seed=seed, progress=progress)
    session.directory.write_json("evaluation.json", result)
    session.phase = "mapping"
    store_sentences(session.directory, session.corpus, seed)
    make_atlas(
        session.directory, explorer.model, explorer.tokenizer, session.corpus, seed, progress
    )
    return result
