"""From a corpus and a configuration, or from a run that was left, to a session ready to train."""

from __future__ import annotations

import platform
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch

from vae.batching import Encoded, count_batches, group_by_length
from vae.config import RunConfig
from vae.corpora.corpus import Corpus
from vae.errors import UserError
from vae.models import RecurrentVAE
from vae.runs.store import RunDirectory
from vae.tokenizer import Tokenizer
from vae.training.loop import Trainer
from vae.training.precision import choose_precision
from vae.training.session import Session

_VERSIONS = ("torch", "tokenizers", "numpy", "scikit-learn", "umap-learn", "streamlit")
_MOST_EXAMPLES = 8
# Enough for a standard error of the ELBO near 0.1 nats; more only takes time from training.
_MOST_VALIDATION = 4_000


def start(
    path: Path,
    corpus: Corpus,
    config: RunConfig,
    *,
    max_minutes: float | None = None,
    command: str = "",
) -> Session:
    """Prepare a new run: tokenizer, model, precision, and config.json with all of it.

    With `max_minutes` the number of updates is set from a few timed ones, so that every schedule
    runs its whole course in that time.

    Raises:
        UserError: there is a run already, or the corpus cannot be trained on.
    """
    directory = RunDirectory(path)
    if directory.exists():
        raise UserError(f"{path} holds a run already. Add --resume, or choose another --out.")
    train = corpus.select("train")
    tokenizer = Tokenizer.train(train.sentences, config.data)
    longest = max(len(ids) for ids in tokenizer.encode_batch(corpus.sentences))
    model_config = replace(config.model, vocabulary_size=len(tokenizer), max_length=longest + 4)
    torch.manual_seed(config.train.seed)  # torch offers no generator for its initial weights
    model = RecurrentVAE(model_config)
    encoded = group_by_length(tokenizer.encode_batch(train.sentences))
    precision, seconds = choose_precision(model, encoded, config.train)
    whole = count_batches(encoded, config.train.tokens_per_batch) * config.train.epochs
    steps = min(config.train.steps or whole, whole)
    if max_minutes is not None:
        # A tenth is kept for validation and for batches dearer than the ones that were timed.
        steps = min(steps, max(1, int(0.9 * 60 * max_minutes / seconds)))
    train_config = replace(
        config.train,
        precision=precision,
        steps=steps,
        warmup_steps=min(config.train.warmup_steps, steps // 10),
    )
    config = RunConfig(config.data, model_config, train_config)
    examples = corpus.examples or corpus.select("validation").sentences[:_MOST_EXAMPLES]
    directory.write_text("tokenizer.json", tokenizer.to_json())
    directory.write_json(
        "config.json",
        {
            "name": path.name,
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "command": command,
            "corpus": {
                "name": corpus.name,
                "digest": corpus.digest,
                "n_sentences": len(corpus),
                "splits": {s: len(corpus.indices(s)) for s in ("train", "validation", "test")},
                "labels": sorted(corpus.labels),
                "dropped": dict(corpus.dropped),
                "source": dict(corpus.source),
                "examples": list(examples)[:_MOST_EXAMPLES],
            },
            "parameters": sum(p.numel() for p in model.parameters()),
            "config": config.to_dict(),
            "versions": {
                "python": platform.python_version(),
                **{package: version(package) for package in _VERSIONS},
            },
            "threads": torch.get_num_threads(),
        },
    )
    return _session(directory, corpus, config, tokenizer, model, encoded)


def resume(path: Path, corpus: Corpus) -> Session:
    """Take up a run where its last checkpoint left it.

    Raises:
        UserError: there is no run, it has ended, it is running, or the corpus has changed.
    """
    directory = RunDirectory(path)
    stored = directory.read_json("config.json")
    state = directory.state() if directory.has("status.json") else "stopped"
    if state == "running":
        raise UserError(f"{path} is being trained by another process. Stop that one first.")
    if state == "finished":
        raise UserError(f"{path} is finished: there is nothing to resume.")
    if stored["corpus"]["digest"] != corpus.digest:
        raise UserError(
            f"The corpus is not the one that {path} was trained on (digest {corpus.digest[:8]}, "
            f"not {stored['corpus']['digest'][:8]}). Give the same file, or start a new run."
        )
    config = RunConfig.from_dict(stored["config"], str(path / "config.json"))
    tokenizer = Tokenizer.load(path / "tokenizer.json")
    torch.manual_seed(config.train.seed)
    model = RecurrentVAE(config.model)
    encoded = group_by_length(tokenizer.encode_batch(corpus.select("train").sentences))
    session = _session(directory, corpus, config, tokenizer, model, encoded)
    if directory.has("checkpoint.safetensors"):
        session.trainer.load_state(*directory.read_tensors("checkpoint.safetensors"))
    step = session.trainer.progress.step
    directory.append_metric({"event": "resume", "step": step if step else -1, "time": time.time()})
    return session


def _session(
    directory: RunDirectory,
    corpus: Corpus,
    config: RunConfig,
    tokenizer: Tokenizer,
    model: RecurrentVAE,
    train: Encoded,
) -> Session:
    validation = corpus.select("validation").sentences
    if len(validation) > _MOST_VALIDATION:
        rng = np.random.default_rng(config.train.seed)
        chosen = rng.choice(len(validation), _MOST_VALIDATION, replace=False)
        validation = tuple(validation[i] for i in np.sort(chosen))
    examples = directory.read_json("config.json")["corpus"]["examples"]
    trainer = Trainer(
        model,
        train,
        group_by_length(tokenizer.encode_batch(validation)),
        config.train,
        fixed=group_by_length(tokenizer.encode_batch(examples)),
        say=tokenizer.decode,
    )
    return Session(directory, corpus, trainer, tokenizer, config)


def stored_source(path: Path) -> dict[str, Any]:
    """What the corpus of a run was made from, as config.json states it.

    Raises:
        UserError: there is no run, or its config.json cannot be read.
    """
    return dict(RunDirectory(path).read_json("config.json")["corpus"]["source"])
