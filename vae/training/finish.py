"""What is done once a model is trained: evaluate it, map its sentences, keep what is needed."""

from __future__ import annotations

from vae.explorer import Explorer
from vae.latent.atlas import make_atlas
from vae.latent.atlas_source import store_sentences
from vae.progress import Progress
from vae.studies.evaluation import FILE, IW_SAMPLES, MOST_SENTENCES, Evaluation, evaluate
from vae.training.session import Session


def finish(session: Session, progress: Progress) -> Evaluation:
    """Evaluate the best weights on the test split and write the atlas; returns the evaluation."""
    result = measure(session, progress)
    seed = session.config.train.seed
    explorer = Explorer.load(session.directory)
    session.phase = "mapping"
    make_atlas(session.directory, explorer, session.corpus, seed, progress)
    return result


def measure(
    session: Session,
    progress: Progress,
    iw_samples: int = IW_SAMPLES,
    most_sentences: int = MOST_SENTENCES,
) -> Evaluation:
    """Evaluate the best weights and keep the sentences of a map, but draw none.

    A map can be had later: `python -m vae prepare RUN`.

    Args:
        iw_samples: K of the likelihood bound.
        most_sentences: of the test split, at most.
    """
    seed = session.config.train.seed
    explorer = Explorer.load(session.directory)
    session.phase = "evaluating"
    result = evaluate(
        explorer,
        session.corpus,
        seed=seed,
        iw_samples=iw_samples,
        most_sentences=most_sentences,
        progress=progress,
    )
    session.directory.write_json(FILE, result.to_dict())
    store_sentences(session.directory, session.corpus, seed)
    return result
