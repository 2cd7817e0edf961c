"""Where the sentences of a large map come from: the corpus that a run learned from, or a file."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path

from vae import corpora
from vae.corpora import given
from vae.corpora.corpus import Corpus
from vae.corpora.labels_by_rule import labelled
from vae.encoding.encoded import read_encoded
from vae.encoding.large_map import Source
from vae.errors import UserError
from vae.explorer import Explorer
from vae.progress import Progress


def own_source(explorer: Explorer, n: int) -> Source:
    """The corpus that a run learned from; of a generated one n sentences, with the same seed.

    Raises:
        UserError: it can neither be made again nor read on this machine.
    """
    facts = explorer.facts()["corpus"]
    source = facts["source"]
    known = corpora.origin(source)
    if known and known.generated:
        seed = int(source.get("seed", 0))
        stated = {"kind": source["kind"], "seed": seed}
        return Source(stated, lambda progress: known.load(n, seed, progress))
    if not known and not (source.get("path") or given.path_of(source)):
        raise UserError(
            "The text of '{run}' is not on this machine. Name the file: `python -m vae prepare "
            "{run} --sentences {n} --data FILE`.",
            run=explorer.name,
            n=n,
        )
    return Source({"corpus": facts["digest"]}, lambda progress: corpora.rebuild(source, progress))


def encoded_source(explorer: Explorer, path: Path) -> Source:
    """What `python -m vae encode` has written: sentences that are not encoded again.

    Raises:
        UserError: as `read_encoded`.
    """
    found = read_encoded(explorer, path)
    rule = explorer.facts()["corpus"]["source"].get("labels_by_rule")
    return Source(found.stated, partial(found.corpus, rule), found)


def file_source(explorer: Explorer, path: Path) -> Source:
    """The sentences of a file, with the labels by rule that the run learned with, if any.

    A run that ships without its text reads the file as that text was read.

    Raises:
        UserError: it cannot be read, or is a directory.
    """
    if not path.is_file():
        raise UserError(
            "There is no file {path}. A large map reads one file of sentences: .txt, .csv, .tsv, "
            ".jsonl or .parquet.",
            path=path,
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    source = explorer.facts()["corpus"]["source"]

    def read(progress: Progress) -> Corpus:
        if given.DIGEST in source:
            return corpora.rebuild({**source, "path": str(path)}, progress)
        from vae.corpora import files

        return labelled(files.read_file(path, progress=progress), source.get("labels_by_rule"))

    return Source({"file": digest}, read)
