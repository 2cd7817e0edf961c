"""Where the sentences of a run's atlas come from on this machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae import corpora
from vae.cache import cache_dir, replacing
from vae.corpora import Corpus, given
from vae.errors import UserError
from vae.latent.atlas import (
    MOST_SENTENCES,
    Atlas,
    atlas_rows,
    make_atlas,
    posterior_of,
    read_atlas,
)
from vae.models import Posterior
from vae.models.explorable import Explorable
from vae.progress import Progress, listener, silent
from vae.runs.store import RunDirectory

if TYPE_CHECKING:
    from vae.latent.said_atlas import Say

# pandas, pyarrow and each corpus load where they are used: the app on its default run starts
# without them.
SENTENCES_FILE = "sentences.parquet"


class CorpusNotReadyError(UserError):
    """The sentences must be gathered first: `python -m vae prepare RUN`, or the page's button."""


def load_atlas(run: RunDirectory, say: Say) -> Atlas:
    """The atlas of a run with its sentences, in about a second; never harvests or encodes.

    Of a run without its text the model speaks at every latent, once on each machine, which takes
    longer: who listens (`vae.progress.heard_by`) is told how far it is.

    Args:
        say: what the model says at latents (B, Z), for a run that ships without its text.

    Raises:
        CorpusNotReadyError: the docstrings of this machine have not been harvested yet.
        UserError: the run has no atlas, or its sentences are gone.
    """
    facts = run.read_json("config.json")["corpus"]
    if _without_text(facts):
        from vae.latent.said_atlas import said_corpus

        return read_atlas(run, *said_corpus(run, facts["name"], say, listener()))
    corpus = _sentences_at_hand(run, facts)
    own = own_atlas_directory(run, corpus, facts)
    if own is not None and own.has("projection.npz"):
        return replace(read_atlas(own, corpus), fresh=True)
    return read_atlas(run, corpus)


def posterior_without_text(run: RunDirectory) -> Posterior | None:
    """The posteriors of the atlas of a run that ships without its text, of which nothing needs to
    be decoded for them; None of any other run, and where there are none.

    Raises:
        UserError: a file of the run is missing or damaged.
    """
    if not _without_text(run.read_json("config.json")["corpus"]):
        return None
    arrays = run.read_arrays("latents.npz")
    if "mean" not in arrays:
        return None
    return posterior_of(arrays["mean"], arrays.get("logvar"))


def _without_text(facts: dict[str, Any]) -> bool:
    return given.DIGEST in facts["source"] and given.path_of(facts["source"]) is None


def prepare(run: RunDirectory, model: Explorable, seed: int, progress: Progress = silent) -> None:
    """Gather the sentences of a run on this machine; encode and map them where they differ."""
    facts = run.read_json("config.json")["corpus"]
    known = corpora.origin(facts["source"])
    if known and not known.generated:
        corpora.rebuild(facts["source"], progress)
    corpus = _sentences_at_hand(run, facts)
    own = own_atlas_directory(run, corpus, facts)
    if own is not None and not own.has("projection.npz"):
        make_atlas(own, model, corpus, seed, progress)


def own_atlas_directory(
    run: RunDirectory, corpus: Corpus, facts: dict[str, Any]
) -> RunDirectory | None:
    """Where this machine keeps its own atlas of a run; None where the stored one fits.

    It fits unless the run learned from sentences gathered on another machine, or from other ones
    of this machine.
    """
    known = corpora.origin(facts["source"])
    if not known or known.generated or corpus.digest == facts["digest"]:
        return None
    learned = run.version("weights.safetensors") or run.version("latents.npz")
    weights = learned.split("-")[-1]
    return RunDirectory(cache_dir() / "atlas" / f"{run.name}-{weights}-{corpus.digest[:16]}")


def store_sentences(run: RunDirectory, corpus: Corpus, seed: int) -> None:
    """Keep the atlas's sentences with a run whose corpus cannot be made again.

    Only for files and pasted text: the run is then whole when the file is moved.
    """
    if corpus.origin:
        return
    import pandas as pd

    sample = corpus.subset(atlas_rows(corpus, seed))
    columns = {f"label:{name}": values for name, values in sample.labels.items()}
    frame = pd.DataFrame({"sentence": sample.sentences, **columns})
    with replacing(run.path / SENTENCES_FILE) as temporary:
        frame.to_parquet(temporary)


def _sentences_at_hand(run: RunDirectory, facts: dict[str, Any]) -> Corpus:
    source = facts["source"]
    if known := corpora.origin(source):
        corpus = known.at_hand(source, MOST_SENTENCES)
        if corpus is None:
            raise CorpusNotReadyError(
                "The sentences of this run are the docstrings of the Python packages on this "
                "machine, and they have not been gathered yet. It takes under a minute: "
                "`python -m vae prepare {run}`.",
                run=run.name,
            )
        return corpus
    if given.DIGEST in source:
        return corpora.rebuild(source)
    path: Path = run.path / SENTENCES_FILE
    if not path.is_file():
        raise run.missing(SENTENCES_FILE)
    import pandas as pd

    try:
        frame = pd.read_parquet(path)
        labels = {
            c.removeprefix("label:"): tuple(frame[c].astype(str))
            for c in frame.columns
            if c.startswith("label:")
        }
        return Corpus(facts["name"], tuple(frame["sentence"].astype(str)), labels, source=source)
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            "{path} is damaged ({error}). Copy the run again.", path=path, error=str(error)
        ) from error
