"""Where sentences come from: `load` by name or path, `describe` what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from vae.corpora import given, registry
from vae.corpora.corpus import SPLITS, Corpus, Split, normalise, sentence_key
from vae.corpora.labels_by_rule import labelled
from vae.corpora.reading import OPEN, Reading, check_open
from vae.corpora.registry import MODULES, BuiltIn, Grammar, built_in, origin
from vae.errors import UserError
from vae.i18n import Message, listed, message
from vae.progress import Progress, silent

__all__ = [
    "SPLITS",
    "BuiltIn",
    "Corpus",
    "CorpusDescription",
    "Grammar",
    "Reading",
    "Split",
    "built_in",
    "built_ins",
    "describe",
    "load",
    "normalise",
    "origin",
    "rebuild",
    "registry",
    "sentence_key",
]


@dataclass(frozen=True)
class CorpusDescription:
    """One line of `python -m vae corpora`."""

    name: str
    what: Message
    size: Message


def built_ins() -> tuple[BuiltIn, ...]:
    """The corpora that are known by name."""
    return tuple(found for name in MODULES if (found := built_in(name)))


def load(
    name_or_path: str | Path,
    *,
    text: str | None = None,
    labels: Sequence[str] | None = None,
    label_types: Mapping[str, str] | None = None,
    split: str | None = None,
    reading: Reading | None = None,
    max_words: int | None = None,
    labels_by_rule: str | None = None,
    n: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Corpus:
    """A corpus by name (`registry.MODULES`), from a file, or from a directory of shards.

    Args:
        text: column of the sentences; for files only.
        labels: columns of the labels; for files only.
        label_types: types of labels (`vae.corpora.label_types`); for files only.
        split: column that says train, validation or test; for files only.
        reading: how a file is to be read; what is left open is found out.
        max_words: longer sentences are left out, and counted; for files only.
        labels_by_rule: the rule of `vae.corpora.labels_by_rule` that adds labels; for files only.
        n: number of sentences: how many a generated corpus makes, how many of the others are
            drawn without replacement, in their order. All of them where there are fewer.
        seed: of the generator and of the draw.

    Raises:
        UserError: neither a corpus nor a file, or a file that cannot be used.
        Whatever `progress` raises to cancel.
    """
    if n is not None and n < 1:
        raise UserError("A corpus needs at least one sentence, and {n:,} were asked for.", n=n)
    name = str(name_or_path)
    if labels_by_rule and (built_in(name) or Path(name).is_dir()):
        raise UserError(
            "Labels by rule are for files and pasted text, and '{name}' is none. Leave the option "
            "out.",
            name=name,
        )
    if known := built_in(name):
        if text is not None or labels or label_types or split:
            raise UserError(
                "Text, label and split columns are for files; '{name}' has its own.", name=name
            )
        check_open(name, reading or OPEN)
        return _draw(known.load(n, seed, progress), n, seed)
    from vae.corpora import files

    if not Path(name).suffix and not Path(name).exists():
        raise UserError(
            "There is no corpus '{name}'. Choose {names}, or the path of a .txt, .csv, .tsv, "
            ".jsonl or .parquet file.",
            name=name,
            names=listed(MODULES, "or"),
        ).because("lost text")
    if Path(name).is_dir():
        check_open(name, reading or OPEN)
        return _from_shards(name, text, labels, label_types, split, max_words, n, progress)
    corpus = files.read_file(
        name,
        text=text,
        labels=labels,
        label_types=label_types,
        split=split,
        reading=reading,
        max_words=max_words or files.MAX_WORDS,
        progress=progress,
    )
    return labelled(_draw(corpus, n, seed), labels_by_rule)


def rebuild(source: Mapping[str, Any], progress: Progress | None = None) -> Corpus:
    """The corpus that a `Corpus.source` tells of, as far as it can be made again.

    Compare the digest: another version of a package or an edited file gives another corpus.

    Raises:
        UserError: it came from an upload or was pasted, or its file is no longer there.
        Whatever `progress` raises to cancel.
    """
    kind = source.get("kind")
    n, seed = source.get("n"), source.get("seed", 0)
    if known := origin(source):
        return load(known.name, n=n, seed=seed, progress=progress)
    path = source.get("path") or given.path_of(source)
    if kind == "file" and path:
        from vae.corpora import files

        corpus = files.read_file(
            path,
            text=source["text_column"],
            labels=source["label_columns"],
            label_types=source.get("label_types"),
            split=source.get("split_column"),
            reading=Reading.from_source(source),
            max_words=source.get("max_words", files.MAX_WORDS),
            progress=progress,
        )
        return labelled(_draw(corpus, n, seed), source.get("labels_by_rule"))
    if kind == "shards" and "path" in source:
        return _from_shards(
            source["path"],
            source["text_column"],
            source["label_columns"],
            source.get("label_types"),
            None,
            source.get("max_words"),
            None,
            progress,
        )
    if given.DIGEST in source:
        raise UserError(
            "The text of '{name}' does not come with the run. Who has it gives it by `python -m "
            "vae prepare RUN --data FILE`.",
            name=source.get("name", message("this corpus")),
        ).because("lost text")
    raise UserError(
        "The sentences of '{name}' were uploaded or pasted, and are not kept. Give the file again.",
        name=source.get("name", message("this corpus")),
    ).because("lost text")


def describe() -> tuple[CorpusDescription, ...]:
    """What `load` knows by name, without generating or gathering anything."""
    files = CorpusDescription(
        "PATH",
        message(
            "your own .txt (a sentence a line), .csv, .tsv, .jsonl or .parquet file, or a "
            "directory of .parquet shards"
        ),
        message("50 sentences to 200 MB; shards of any size"),
    )
    known = (CorpusDescription(each.name, each.what, each.size()) for each in built_ins())
    return (*known, files)


def _from_shards(
    folder: str,
    text: str | None,
    labels: Sequence[str] | None,
    label_types: Mapping[str, str] | None,
    split: str | None,
    max_words: int | None,
    n: int | None,
    progress: Progress | None,
) -> Corpus:
    from vae.corpora import files, sharded

    if split is not None or n is not None:
        raise UserError(
            "'{folder}' is a directory of shards: all of it is read, and the sentences decide "
            "what is validation and test. Leave the number of sentences and the split column out.",
            folder=folder,
        )
    if not Path(folder).is_dir():
        raise UserError(
            "There is no directory '{folder}' any more. Put the shards back.", folder=folder
        )
    return sharded.read_shards(
        folder,
        text=text,
        labels=labels,
        label_types=label_types,
        max_words=max_words or files.MAX_WORDS,
        progress=progress or silent,
    )


def _draw(corpus: Corpus, n: int | None, seed: int) -> Corpus:
    if n is None or n >= len(corpus):
        return corpus
    rows = np.sort(np.random.default_rng(seed).choice(len(corpus), size=n, replace=False))
    return replace(corpus.subset(rows), source={**corpus.source, "n": n, "seed": seed})
