"""What is done once a model is trained: map its sentences, evaluate it, keep what is needed."""

from __future__ import annotations

import time

from vae.explorer import Explorer
from vae.latent.atlas import make_atlas
from vae.latent.atlas_source import store_sentences
from vae.progress import Progress
from vae.studies.evaluation import FILE, IW_SAMPLES, MOST_SENTENCES, Evaluation, evaluate
from vae.training.session import Session

FIRST_SENTENCES = 200
"""Sentences of the first figures, which stand there until those of all are known."""

# Of the time that is left; the last batches of a measurement may be dearer than the first.
_SURE = 0.8


def finish(session: Session, progress: Progress, until: float | None = None) -> Evaluation:
    """Map the sentences, then evaluate the best weights on the test split.

    A run can be walked through as soon as it has its map. Its first figures are of few sentences;
    those of more take their place.

    Args:
        until: when to be done, by `time.monotonic`: then so many sentences are measured as the
            time allows by what the first ones took, and no less than those. Else all.

    Returns the last evaluation.
    """
    told = session.told(progress)
    session.phase = "mapping"
    store_sentences(session.directory, session.corpus, session.config.train.seed)
    explorer = Explorer.load(session.directory)
    make_atlas(session.directory, explorer, session.corpus, session.config.train.seed, told)
    began = time.monotonic()
    result = measure(session, progress, most_sentences=FIRST_SENTENCES)
    most = min(MOST_SENTENCES, len(session.corpus.indices("test")))
    if until is not None:
        now = time.monotonic()
        most = min(most, int(FIRST_SENTENCES * _SURE * (until - now) / (now - began)))
    if most > FIRST_SENTENCES:
        result = measure(session, progress, most_sentences=most)
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
    session.phase = "evaluating"
    result = evaluate(
        Explorer.load(session.directory),
        session.corpus,
        seed=seed,
        iw_samples=iw_samples,
        most_sentences=most_sentences,
        progress=session.told(progress),
    )
    session.directory.write_json(FILE, result.to_dict())
    store_sentences(session.directory, session.corpus, seed)
    return result
