"""A run without its text: what may be given to everyone where the text may not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from vae.browser.half import half_refusal
from vae.corpora import given
from vae.corpora.corpus import SPLITS, Corpus, sentence_key
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import listed
from vae.latent import said_atlas, said_replay
from vae.latent.atlas import make_atlas, matched
from vae.latent.names import FILE as NAMES
from vae.progress import Progress, silent
from vae.runs.staging import staged
from vae.runs.store import RunDirectory
from vae.scripts import words
from vae.sharing import portable
from vae.studies import STUDIES, fingerprint

EXAMPLES = 8
WEIGHTS = "weights.safetensors"
_MODEL = ("tokenizer.json", WEIGHTS)
_MAP = ("latents.npz", "projection.npz")
_JSON = ("evaluation.json", "status.json", "steering.json", NAMES)
_CUT = object()


def publish(
    run: RunDirectory,
    path: Path,
    corpus: Corpus,
    *,
    examples: Sequence[str] = (),
    card: Mapping[str, str] | None = None,
    seed: int = 0,
    progress: Progress = silent,
) -> RunDirectory:
    """Make a copy of a finished run in which no sentence of its text stands.

    Its map, which is made where the run has none, keeps latents, labels and keys; what the model
    says at each latent stands for the sentence (`vae.latent.said_atlas`), and the same holds for
    its snapshots (`vae.latent.said_replay`). Weights are kept in half precision, where that holds
    them, which is what a browser computes with as well. Left behind is every text in a JSON file
    that is a sentence of the corpus, with the example that it is part of. A sentence of one word is
    no text here: it is in the vocabulary.

    Args:
        path: the run directory to make.
        corpus: what the run learned from, with the labels that the map shall have.
        examples: sentences to start from, none of them of the corpus; where they are fewer than
            eight, what the model says at some latents of its map comes behind them.
        card: "origin" and "licence" of the text, as the pages name them.
        seed: of the map, where it is made.

    Raises:
        UserError: there is something at the path, the run is not finished, the corpus is not its
            own, an example is a sentence of it, or one is left in a file; then nothing is made.
    """
    if missing := [file for file in (*_MODEL, "evaluation.json") if not run.has(file)]:
        raise UserError(
            "'{name}' has no {file} yet. Publish it when its training and evaluation have ended.",
            name=run.name,
            file=missing[0],
        )
    text = frozenset(corpus.keys.tolist())
    if taken := [sentence for sentence in examples if sentence_key(sentence) in text]:
        raise UserError(
            "“{sentence}” is a sentence of the text, so it cannot be an example of a run without "
            "it. Write another one.",
            sentence=taken[0],
        )
    with staged(path) as made:
        has_map = all(map(run.has, _MAP))
        for file in ("config.json", *_MODEL, *(_MAP if has_map else ())):
            shutil.copyfile(run.path / file, made.path / file)
        halve(made)
        explorer = Explorer.load(made)
        if not has_map:
            make_atlas(made, explorer, corpus, seed, progress)
        said_atlas.write_labels(made, _of_map(made, run.name, corpus))
        own = _own_words(made, explorer, text)
        chosen = list(dict.fromkeys([*examples, *own]))[:EXAMPLES]
        _write_config(run, made, path.name, corpus, chosen, card or {})
        said_replay.write(run, made, explorer, corpus, lambda said: _is_sentence(said, text))
        _write_json(run, made, text)
        if found := leaks(made, corpus):
            raise UserError("A sentence of the text is left in {files}.", files=listed(found))
    return RunDirectory(path)


def halve(run: RunDirectory) -> None:
    """Keep the weights of a run in half precision; the dtypes in the file say so, and who reads
    them computes in fp32. Weights that are too large for it stay as they are."""
    tensors, told = run.read_tensors(WEIGHTS)
    real = {name: values for name, values in tensors.items() if values.is_floating_point()}
    if half_refusal(real) is None:
        halves = {name: values.half() for name, values in real.items()}
        run.write_tensors(WEIGHTS, {**tensors, **halves}, told)


def leaks(run: RunDirectory, corpus: Corpus) -> dict[str, str]:
    """File to a sentence of the corpus that stands in it, of the files of a run that hold texts.

    Sentences of one word are none: they are in the vocabulary.
    """
    text, found = frozenset(corpus.keys.tolist()), {}
    for path in sorted(p for p in run.path.rglob("*") if p.is_file()):
        if path.suffix in (".npz", ".safetensors") or path.name == "tokenizer.json":
            continue
        for part in _texts(path):
            if _is_sentence(part, text):
                found[str(path.relative_to(run.path))] = part
                break
    return found


def _of_map(run: RunDirectory, name: str, corpus: Corpus) -> Corpus:
    """The sentences of a run's map, in its order."""
    rows = matched(run.read_arrays("latents.npz")["keys"], corpus.keys)
    if (rows < 0).any():
        raise UserError(
            "{n:,} sentences of the map of '{run}' are not in the text given. Give the file that "
            "the run was trained on.",
            n=int((rows < 0).sum()),
            run=name,
        )
    sample = corpus.subset(rows)
    split = tuple(SPLITS[i] for i in corpus.split[rows])
    return Corpus(corpus.name, sample.sentences, sample.labels, assigned=split)


def _own_words(run: RunDirectory, explorer: Explorer, text: frozenset[int]) -> tuple[str, ...]:
    """What the model says at latents of its map and the text does not, of a usual length."""
    mean = run.read_arrays("latents.npz")["mean"].astype(np.float32)
    rows = np.linspace(0, len(mean) - 1, min(len(mean), 50 * EXAMPLES)).astype(int)
    said = explorer.decode(torch.from_numpy(mean[rows]))
    own = list(dict.fromkeys(s for s in said if s.strip() and sentence_key(s) not in text))
    return tuple(own[:EXAMPLES])


def _write_config(
    run: RunDirectory,
    made: RunDirectory,
    name: str,
    corpus: Corpus,
    examples: Sequence[str],
    card: Mapping[str, str],
) -> None:
    facts = portable.without_paths(run.read_json("config.json"))
    source = {k: v for k, v in corpus.source.items() if k != "path"}
    facts["corpus"] = {
        **facts["corpus"],
        "digest": corpus.digest,
        "labels": sorted(corpus.labels),
        "source": {**source, given.DIGEST: given.text_digest(corpus)},
        "examples": list(examples),
        **({"card": dict(card)} if card else {}),
    }
    made.write_json("config.json", {**facts, "name": name})


def _write_json(run: RunDirectory, made: RunDirectory, text: frozenset[int]) -> None:
    """The records of a run, without every text that is a sentence of the corpus."""
    measured = fingerprint(run)
    for file in (*_JSON, *(study.file for study in STUDIES.values())):
        if not run.has(file):
            continue
        kept = _without(run.read_json(file), text)
        if kept is not _CUT:
            if kept.get("of") == measured:
                # Rounded weights are the same model, to the digits that a study shows.
                kept["of"] = fingerprint(made)
            made.write_json(file, kept)
    if not run.has("metrics.jsonl"):
        return
    for event in run.read_metrics():
        emptied = said_replay.without(event, lambda said: _is_sentence(said, text))
        kept = _without(emptied, text)
        if kept is not _CUT:
            made.append_metric(kept)


def _without(value: Any, text: frozenset[int]) -> Any:
    """A value of JSON without the sentences of the text; an object that has one goes with it."""
    if isinstance(value, str):
        return _CUT if _is_sentence(value, text) else value
    if isinstance(value, list):
        return [kept for each in value if (kept := _without(each, text)) is not _CUT]
    if isinstance(value, dict):
        found = {k: _without(v, text) for k, v in value.items()}
        return _CUT if any(v is _CUT for v in found.values()) else found
    return value


def _is_sentence(value: str, text: frozenset[int]) -> bool:
    return words(value) > 1 and sentence_key(value) in text


def _texts(path: Path) -> list[str]:
    """Every text that stands in a file of a run."""
    if path.suffix == ".parquet":
        import pandas as pd

        frame = pd.read_parquet(path)
        return [str(value) for column in frame.columns for value in frame[column].unique()]
    lines = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".json":
        return _strings(json.loads(lines))
    if path.suffix == ".jsonl":
        return [s for line in lines.splitlines() for s in _strings(json.loads(line))]
    return lines.splitlines()


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = [*value, *value.values()] if isinstance(value, dict) else value
    return [s for v in inner for s in _strings(v)] if isinstance(inner, list) else []
