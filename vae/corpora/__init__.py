"""Where sentences come from: `load` by name or path, `describe` what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vae.corpora.corpus import SPLITS, Corpus, Split, normalise, sentence_key
from vae.errors import UserError
from vae.progress import Progress, silent

__all__ = [
    "BUILT_IN",
    "DEFAULT_FACTORS_SENTENCES",
    "SPLITS",
    "Corpus",
    "CorpusDescription",
    "Split",
    "describe",
    "load",
    "normalise",
    "rebuild",
    "sentence_key",
]

DEFAULT_FACTORS_SENTENCES = 200_000
BUILT_IN = ("factors", "docstrings")


@dataclass(frozen=True)
class CorpusDescription:
    """One line of `python -m vae corpora`.

    Attributes:
        ready: whether `load` takes seconds rather than a minute.
    """

    name: str
    what: str
    size: str
    ready: bool


def load(
    name_or_path: str | Path,
    *,
    text: str | None = None,
    labels: Sequence[str] | None = None,
    split: str | None = None,
    max_words: int | None = None,
    n: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Corpus:
    """A corpus by name (``factors``, ``docstrings``), from a file, or from a directory of shards.

    Args:
        text: column of the sentences; for files only.
        labels: columns of the labels; for files only.
        split: column that says train, validation or test; for files only.
        max_words: longer sentences are left out, and counted; for files only.
        n: number of sentences: how many `factors` generates, how many of the others are
            drawn without replacement, in their order. All of them where there are fewer.
        seed: of the generator and of the draw.

    Raises:
        UserError: neither a corpus nor a file, or a file that cannot be used.
        Whatever `progress` raises to cancel.
    """
    if n is not None and n < 1:
        raise UserError(f"A corpus needs at least one sentence, and {n:,} were asked for.")
    name = str(name_or_path)
    if name in BUILT_IN and (text is not None or labels or split):
        raise UserError(f"Text, label and split columns are for files; '{name}' has its own.")
    if name == "factors":
        from vae.corpora import factors

        return factors.generate(n or DEFAULT_FACTORS_SENTENCES, seed=seed)
    if name == "docstrings":
        from vae.corpora import docstrings

        return _draw(docstrings.harvest(progress), n, seed)
    from vae.corpora import files

    if not Path(name).suffix and not Path(name).exists():
        raise UserError(
            f"There is no corpus '{name}'. Choose {' or '.join(BUILT_IN)}, "
            "or the path of a .txt, .csv, .tsv, .jsonl or .parquet file."
        )
    if Path(name).is_dir():
        return _from_shards(name, text, labels, split, max_words, n, progress)
    corpus = files.read_file(
        name,
        text=text,
        labels=labels,
        split=split,
        max_words=max_words or files.MAX_WORDS,
        progress=progress,
    )
    return _draw(corpus, n, seed)


def rebuild(source: Mapping[str, Any], progress: Progress | None = None) -> Corpus:
    """The corpus that a `Corpus.source` tells of, as far as it can be made again.

    Compare the digest: another version of a package or an edited file gives another corpus.

    Raises:
        UserError: it came from an upload or was pasted, or its file is no longer there.
        Whatever `progress` raises to cancel.
    """
    kind = source.get("kind")
    n, seed = source.get("n"), source.get("seed", 0)
    if kind in BUILT_IN:
        return load(kind, n=n, seed=seed, progress=progress)
    if kind == "file" and "path" in source:
        from vae.corpora import files

        corpus = files.read_file(
            source["path"],
            text=source["text_column"],
            labels=source["label_columns"],
            split=source.get("split_column"),
            max_words=source.get("max_words", files.MAX_WORDS),
            progress=progress,
        )
        return _draw(corpus, n, seed)
    if kind == "shards" and "path" in source:
        return _from_shards(
            source["path"],
            source["text_column"],
            source["label_columns"],
            None,
            source.get("max_words"),
            None,
            progress,
        )
    raise UserError(
        f"The sentences of '{source.get('name', 'this corpus')}' were uploaded or pasted, "
        "and are not kept. Give the file again."
    )


def describe() -> tuple[CorpusDescription, ...]:
    """What `load` knows by name, without generating or harvesting anything."""
    from vae.corpora import docstrings

    corpus = docstrings.cached()
    return (
        CorpusDescription(
            "factors",
            "everyday English with known factors: every sentence labelled with all of them",
            f"{DEFAULT_FACTORS_SENTENCES:,} sentences, or as many as you ask for",
            ready=True,
        ),
        CorpusDescription(
            "docstrings",
            "first sentences of the docstrings on this computer, labelled with their package",
            "made at first use, under a minute" if corpus is None else f"{len(corpus):,} sentences",
            ready=corpus is not None,
        ),
        CorpusDescription(
            "PATH",
            "your own .txt (a sentence a line), .csv, .tsv, .jsonl or .parquet file, or a "
            "directory of .parquet shards",
            "50 sentences to 200 MB; shards of any size",
            ready=True,
        ),
    )


def _from_shards(
    folder: str,
    text: str | None,
    labels: Sequence[str] | None,
    split: str | None,
    max_words: int | None,
    n: int | None,
    progress: Progress | None,
) -> Corpus:
    from vae.corpora import files, sharded

    if split is not None or n is not None:
        raise UserError(
            f"'{folder}' is a directory of shards: all of it is read, and the sentences decide "
            "what is validation and test. Leave the number of sentences and the split column out."
        )
    if not Path(folder).is_dir():
        raise UserError(f"There is no directory '{folder}' any more. Put the shards back.")
    return sharded.read_shards(
        folder,
        text=text,
        labels=labels,
        max_words=max_words or files.MAX_WORDS,
        progress=progress or silent,
    )


def _draw(corpus: Corpus, n: int | None, seed: int) -> Corpus:
    if n is None or n >= len(corpus):
        return corpus
    rows = np.sort(np.random.default_rng(seed).choice(len(corpus), size=n, replace=False))
    drawn = corpus.subset(rows)
    return Corpus(
        name=drawn.name,
        sentences=drawn.sentences,
        labels=drawn.labels,
        dropped=drawn.dropped,
        source={**drawn.source, "n": n, "seed": seed},
        examples=drawn.examples,
        assigned=drawn.assigned,
    )
