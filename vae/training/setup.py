"""From a corpus and a configuration, or from a run that was left, to a session ready to train."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vae.batching import Batches, GroupedBatches, group_by_length
from vae.config import RunConfig
from vae.corpora.corpus import Corpus
from vae.corpora.sharded import ShardedCorpus
from vae.errors import UserError
from vae.models import TrainableVAE, make_model
from vae.progress import Progress, silent
from vae.runs.control import clear_control
from vae.runs.store import RunDirectory, sweep_temporary
from vae.tokenizer import Tokenizer
from vae.training.adjustments import Adjustment, read_adjustments
from vae.training.distributed import Team
from vae.training.loop import Trainer
from vae.training.measure import Watched
from vae.training.precision import resolve_precision, seconds_per_update
from vae.training.session import Session
from vae.training.streaming import StreamedBatches, count_lengths

_VERSIONS = ("torch", "tokenizers", "numpy", "scikit-learn", "umap-learn", "streamlit")
_MOST_EXAMPLES = 8
# Enough for a standard error of the ELBO near 0.1 nats; more only takes time from training.
_MOST_VALIDATION = 4_000
_MOST_WATCHED = 1_000


def start(
    path: Path,
    corpus: Corpus,
    config: RunConfig,
    *,
    max_minutes: float | None = None,
    command: str = "",
    team: Team | None = None,
    progress: Progress = silent,
) -> Session:
    """Prepare a new run: tokenizer, model, precision, and config.json with all of it.

    With `max_minutes` the number of updates is set from a few timed ones, so that every schedule
    runs its whole course in that time.

    Raises:
        UserError: there is a run already, or the corpus cannot be trained on.
    """
    team, asked = team or Team(), config
    directory = RunDirectory(path)
    team.first(lambda: _refuse_a_run(directory))
    _use_threads(config)
    tokenizer = Tokenizer.from_json(
        team.first(lambda: _tokenizer(corpus, config, progress).to_json())
    )
    lengths = team.first(lambda: _lengths(corpus, tokenizer, progress))
    longest = max(len(ids) for ids in tokenizer.encode_batch(corpus.sentences))
    longest = max(longest, *lengths) if lengths else longest
    model_config = replace(config.model, vocabulary_size=len(tokenizer), max_length=longest + 4)
    torch.manual_seed(config.train.seed)  # torch offers no generator for its initial weights
    model = make_model(model_config)
    # Another version of torch, on another machine, may draw others.
    model.load_state_dict(team.first(model.state_dict))
    batches = _batches(tokenizer, corpus, config, lengths)
    precision = resolve_precision(model_config, config.train, team)
    train_config = replace(config.train, precision=precision)
    whole = batches.per_epoch * train_config.epochs
    steps = min(train_config.steps or whole, whole)
    if max_minutes is not None:
        seconds = seconds_per_update(model, batches, train_config, team)
        # A tenth is kept for validation and for batches dearer than the ones that were timed.
        steps = min(steps, max(1, int(0.9 * 60 * max_minutes / seconds)))
    train_config = replace(
        train_config, steps=steps, warmup_steps=min(train_config.warmup_steps, steps // 10)
    )
    config = RunConfig(config.data, model_config, train_config)
    session = _session(directory, corpus, config, tokenizer, model, batches, [], team)
    if team.rank == 0:
        _write(session, command, asked, lengths)
    return session


def _refuse_a_run(directory: RunDirectory) -> None:
    if directory.exists():
        raise UserError(
            "{path} holds a run already. Add --resume, or choose another --out.",
            path=str(directory.path),
        )


def _write(session: Session, command: str, asked: RunConfig, lengths: Mapping[int, int]) -> None:
    """Everything that is known of a run before its first update."""
    directory, corpus, config = session.directory, session.corpus, session.config
    clear_control(directory)
    directory.write_text("tokenizer.json", session.tokenizer.to_json())
    directory.write_json(
        "config.json",
        {
            "name": directory.name,
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "command": command,
            "corpus": {
                "name": corpus.name,
                "digest": corpus.digest,
                "n_sentences": sum(corpus.sizes.values()),
                "splits": corpus.sizes,
                **_of_stream(corpus, lengths),
                "labels": sorted(corpus.labels),
                "dropped": dict(corpus.dropped),
                "source": dict(corpus.source),
                "examples": list(_examples(corpus)),
            },
            "parameters": sum(p.numel() for p in session.trainer.model.parameters()),
            "asked": asked.to_dict(),
            "config": config.to_dict(),
            "versions": {
                "python": platform.python_version(),
                **{package: version(package) for package in _VERSIONS},
            },
            "threads": torch.get_num_threads(),
            "processes": session.team.size,
        },
    )
    watched = _watched(corpus, config.train.seed)
    directory.write_json(
        "snapshots/sentences.json",
        {
            "sentences": list(watched.sentences),
            "labels": {column: list(values) for column, values in watched.labels.items()},
        },
    )


def resume(path: Path, corpus: Corpus, team: Team | None = None) -> Session:
    """Take up a run where its last checkpoint left it.

    Raises:
        UserError: there is no run, it has ended, it is running, or the corpus has changed.
    """
    team = team or Team()
    directory = RunDirectory(path)
    left = team.first(lambda: _read(directory, corpus))
    config = RunConfig.from_dict(left.stored["config"], str(path / "config.json"))
    _use_threads(config)
    tokenizer = Tokenizer.from_json(left.tokenizer)
    torch.manual_seed(config.train.seed)
    model = make_model(config.model)
    lengths = {int(n): count for n, count in left.stored["corpus"].get("lengths", {}).items()}
    batches = _batches(tokenizer, corpus, config, lengths)
    session = _session(directory, corpus, config, tokenizer, model, batches, left.adjustments, team)
    if left.checkpoint:
        session.trainer.load_state(*left.checkpoint)
    step = session.trainer.progress.step
    if team.rank == 0:
        clear_control(directory)
        sweep_temporary(directory)
        directory.append_metric(
            {"event": "resume", "step": step if step else -1, "time": time.time()}
        )
    return session


@dataclass(frozen=True)
class _StoredRun:
    """What a run that was left holds; the other processes may be where it is not."""

    stored: dict[str, Any]
    tokenizer: str
    adjustments: list[Adjustment]
    checkpoint: tuple[dict[str, Tensor], dict[str, Any]] | None


def _read(directory: RunDirectory, corpus: Corpus) -> _StoredRun:
    path = directory.path
    stored = directory.read_json("config.json")
    if directory.busy():
        raise UserError(
            "{path} is being trained by another process. Stop that one first.", path=str(path)
        )
    if directory.has("status.json") and directory.state() == "finished":
        raise UserError("'{name}' is finished: there is nothing to resume.", name=str(path))
    if stored["corpus"]["digest"] != corpus.digest:
        raise UserError(
            "The corpus is not the one that {path} was trained on (digest {digest}, not "
            "{trained}). Give the same file, or start a new run.",
            path=path,
            digest=corpus.digest[:8],
            trained=stored["corpus"]["digest"][:8],
        ).because("lost text")
    checkpoint = None
    if directory.has("checkpoint.safetensors"):
        checkpoint = directory.read_tensors("checkpoint.safetensors")
    tokenizer = Tokenizer.load(path / "tokenizer.json").to_json()
    return _StoredRun(stored, tokenizer, read_adjustments(directory), checkpoint)


def _session(
    directory: RunDirectory,
    corpus: Corpus,
    config: RunConfig,
    tokenizer: Tokenizer,
    model: TrainableVAE,
    batches: Batches,
    adjustments: Sequence[Adjustment],
    team: Team,
) -> Session:
    validation = corpus.select("validation").sentences
    if len(validation) > _MOST_VALIDATION:
        rng = np.random.default_rng(config.train.seed)
        chosen = rng.choice(len(validation), _MOST_VALIDATION, replace=False)
        validation = tuple(validation[i] for i in np.sort(chosen))
    watched = _watched(corpus, config.train.seed).sentences
    trainer = Trainer(
        model,
        batches,
        group_by_length(tokenizer.encode_batch(validation)),
        config.train,
        Watched(
            examples=group_by_length(tokenizer.encode_batch(_examples(corpus))),
            sentences=group_by_length(tokenizer.encode_batch(watched)),
            say=tokenizer.decode,
        ),
        adjustments=adjustments,
        team=team,
    )
    return Session(directory, corpus, trainer, tokenizer, config, team)


def _batches(
    tokenizer: Tokenizer, corpus: Corpus, config: RunConfig, lengths: Mapping[int, int]
) -> Batches:
    budget = config.train.tokens_per_batch
    if isinstance(corpus, ShardedCorpus):
        return StreamedBatches(corpus.shards, tokenizer, lengths, budget, config.data.window)
    encoded = group_by_length(tokenizer.encode_batch(corpus.select("train").sentences))
    return GroupedBatches(encoded, budget)


def _tokenizer(corpus: Corpus, config: RunConfig, progress: Progress) -> Tokenizer:
    return Tokenizer.train(_to_learn(corpus, progress), config.data, corpus.lexicon)


def _to_learn(corpus: Corpus, progress: Progress) -> Iterable[str]:
    """All training sentences."""
    if isinstance(corpus, ShardedCorpus):
        return corpus.shards.training(progress=progress, what="Counting words")
    return corpus.select("train").sentences


def _lengths(corpus: Corpus, tokenizer: Tokenizer, progress: Progress) -> dict[int, int]:
    """Training sentences by their length in tokens, of a corpus that is not held in memory."""
    if isinstance(corpus, ShardedCorpus):
        return count_lengths(corpus.shards, tokenizer, progress)
    return {}


def _of_stream(corpus: Corpus, lengths: Mapping[int, int]) -> dict[str, Any]:
    """What config.json keeps of a streamed corpus beside the rest: a resume counts nothing."""
    if not isinstance(corpus, ShardedCorpus):
        return {}
    kept = {name: len(corpus.indices(name)) for name in corpus.sizes}
    return {"sample": kept, "lengths": {str(n): count for n, count in lengths.items()}}


def _examples(corpus: Corpus) -> tuple[str, ...]:
    """The sentences of which every snapshot shows what they become."""
    return (corpus.examples or corpus.select("validation").sentences)[:_MOST_EXAMPLES]


def _watched(corpus: Corpus, seed: int) -> Corpus:
    """The validation sentences whose place in the latent space every snapshot keeps."""
    rows = corpus.indices("validation")
    if len(rows) > _MOST_WATCHED:
        rng = np.random.default_rng(seed)
        rows = np.sort(rng.choice(rows, _MOST_WATCHED, replace=False))
    return corpus.subset(rows)


def _use_threads(config: RunConfig) -> None:
    # As many on a resume as before: another number would sum in another order.
    if config.train.threads:
        torch.set_num_threads(config.train.threads)
