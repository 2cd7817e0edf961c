"""How many minutes a run will take on this machine: a few trial steps, and what they add up to."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
import torch

from vae import decoding
from vae.batching import Encoded, GroupedBatches, batch_sizes, group_by_length
from vae.config import RunConfig
from vae.corpora.corpus import Corpus
from vae.corpora.label_types import MEASURED
from vae.diagnostics.likelihood import importance_weighted_nll
from vae.errors import UserError
from vae.i18n import Message, message
from vae.latent.atlas import MOST_SENTENCES as MOST_MAPPED
from vae.models import TrainableVAE, make_model
from vae.progress import Progress, silent
from vae.tokenizer import Tokenizer
from vae.training.measure import Watched, snapshot_steps, take_snapshot, validate
from vae.training.precision import resolve_precision, seconds_per_update

ASKED = "these settings"
"""The name of an estimate for settings that are no preset's."""

# Of a large corpus a sample is tried: the rest is of the same lengths.
_MOST_TRIED = 20_000
_MOST_VALIDATED = 4_000
_TRIED_VALIDATION, _TRIED_WATCHED, _TRIED_DECODED, _TRIED_BOUND = 400, 100, 64, 16
_MOST_WATCHED = 1_000
_EXAMPLES = 8

# Measured with the runs that ship; seconds on one core of 2020. What depends on the model is tried
# here instead.
_START = 4.0  # a process, torch, and the first steps
_MAP_START, _MAP_SENTENCE = 2.0, 6e-4  # loading and running UMAP, then trustworthiness
_PROBE_VALUE = 6e-7  # a training sentence, a dimension, and a value of a label
_MOST_PROBED, _MOST_VALUES = 12_000, 200
_GRAMMAR_DECODED = 6_500  # what is decoded to see whether a generated language is kept


PARTS: Mapping[str, Message] = {
    "start": message("starting"),
    "training": message("training"),
    "validation": message("validation"),
    "snapshots": message("snapshots"),
    "map": message("making the map"),
    "evaluation": message("measuring it, once it is open"),
}
"""What the parts of an estimate are called."""


@dataclass(frozen=True)
class Estimate:
    """What a run is expected to take.

    Attributes:
        updates: of the whole training.
        seconds_per_update: as tried, with that precision.
        precision: "fp32" or "bf16".
        threads: CPU threads of the trial.
        parameters: of the model.
        seconds: part to seconds: "start", "training", "validation", "snapshots", "map" and
            "evaluation", in this order.
        early: it may end earlier, by its patience.
    """

    updates: int
    seconds_per_update: float
    precision: str
    threads: int
    parameters: int
    seconds: Mapping[str, float]
    early: bool

    @property
    def minutes(self) -> float:
        """Until the run can be walked through: all parts but the evaluation, which goes on then."""
        before = (s for part, s in self.seconds.items() if part != "evaluation")
        return sum(before) / 60

    @property
    def all_told(self) -> float:
        """Seconds until its process ends: all parts."""
        return sum(self.seconds.values())

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {**asdict(self), "minutes": self.minutes}

    @classmethod
    def from_dict(cls, stored: Any) -> Estimate:
        """Read back what `to_dict` gave.

        Raises:
            UserError: it is something else.
        """
        try:
            values = {f.name: stored[f.name] for f in fields(cls)}
            seconds = {str(part): float(s) for part, s in values["seconds"].items()}
            return cls(**{**values, "seconds": seconds})
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UserError(
                "This is no estimate of a run ({reason}). Make it again.", reason=str(error)
            ) from error


def estimate(
    corpus: Corpus, config: RunConfig, *, loading: float = 0.0, progress: Progress = silent
) -> Estimate:
    """Try a few updates of a run on its own corpus, and count what it will take in all.

    Sizes that a run finds by itself (vocabulary, longest sentence, precision) are found here in
    the same way. Nothing is written.

    Args:
        loading: seconds that it took to read the corpus.

    Raises:
        UserError: the corpus is too small to train and validate on, or training diverges at once.
        Whatever `progress` raises to cancel.
    """
    trial = _Trial(corpus, config)
    progress(0, 4, message("Trying a few updates"))
    if config.train.threads:
        torch.set_num_threads(config.train.threads)
    precision = resolve_precision(trial.model.config, config.train)
    seconds = seconds_per_update(
        trial.model, trial.batches, replace(config.train, precision=precision)
    )
    whole = trial.updates_per_epoch() * config.train.epochs
    updates = min(config.train.steps or whole, whole)
    every = min(config.train.validate_every or trial.updates_per_epoch(), max(1, updates))
    progress(1, 4, message("Trying a validation"))
    validation = trial.validation() * -(-updates // every)
    progress(2, 4, message("Trying a snapshot"))
    snapshots = trial.snapshot() * len(snapshot_steps(updates, config.train.snapshots))
    progress(3, 4, message("Trying an evaluation"))
    evaluation = trial.evaluation()
    progress(4, 4, message("Tried"))
    return Estimate(
        updates=updates,
        seconds_per_update=seconds,
        precision=precision,
        threads=torch.get_num_threads(),
        parameters=sum(p.numel() for p in trial.model.parameters()),
        seconds={
            "start": _START + loading + trial.tokenizing,
            "training": seconds * updates,
            "validation": validation,
            "snapshots": snapshots,
            "map": _MAP_START + _MAP_SENTENCE * min(len(corpus), MOST_MAPPED),
            "evaluation": evaluation,
        },
        early=config.train.patience > 0,
    )


class _Trial:
    """A model as a run would make it, and sentences to try it on."""

    def __init__(self, corpus: Corpus, config: RunConfig) -> None:
        began = time.perf_counter()
        self.corpus, self.config = corpus, config
        train, validation = corpus.select("train"), corpus.select("validation")
        if not len(train) or not len(validation):
            raise UserError("There is nothing to train or validate on: too few sentences differ.")
        self.tokenizer = Tokenizer.train(train.sentences, config.data, corpus.lexicon)
        tried = self._encode(train, _MOST_TRIED)
        self.tokenizing = time.perf_counter() - began
        self.batches = GroupedBatches(tried, config.train.tokens_per_batch)
        self.share = corpus.sizes["train"] / len(tried)
        longest = max(t.shape[1] for t in tried.tokens)
        self.model = _model(config, len(self.tokenizer), longest + 4)
        self.held_out = len(validation)
        self.checked = self._encode(validation, _TRIED_VALIDATION)

    def _encode(self, corpus: Corpus, most: int) -> Encoded:
        rows = np.arange(len(corpus))
        if len(corpus) > most:
            rows = np.random.default_rng(0).choice(len(corpus), most, replace=False)
        return group_by_length(self.tokenizer.encode_batch(corpus.subset(np.sort(rows)).sentences))

    def updates_per_epoch(self) -> int:
        """Batches of an epoch over all training sentences."""
        encoded = self.batches.encoded
        sizes = batch_sizes(encoded, self.config.train.tokens_per_batch)
        groups = zip(encoded.rows, sizes, strict=True)
        return sum(-(-round(len(rows) * self.share) // size) for rows, size in groups)

    def validation(self) -> float:
        """Seconds of one validation."""
        tried = _seconds(lambda: validate(self.model, self.checked, 0))
        return tried * min(self.held_out, _MOST_VALIDATED) / len(self.checked)

    def snapshot(self) -> float:
        """Seconds of one snapshot."""
        few = _first(self.checked, _EXAMPLES)
        seen = Watched(few, _first(self.checked, _TRIED_WATCHED), self.tokenizer.decode)
        fixed = _seconds(lambda: take_snapshot(self.model, replace(seen, sentences=few), 0))
        tried = _seconds(lambda: take_snapshot(self.model, seen, 0))
        more = min(self.held_out, _MOST_WATCHED) / len(seen.sentences)
        return fixed + max(0.0, tried - fixed) * more

    def evaluation(self) -> float:
        """Seconds of the evaluation: bound, decoding and probes."""
        # Loaded on first use: a page that only shows an estimate need not wait for scikit-learn.
        from vae.studies.evaluation import IW_SAMPLES, MOST_SENTENCES

        n = min(len(self.corpus.indices("test")), MOST_SENTENCES)
        generator = torch.Generator().manual_seed(0)
        few = _first(self.checked, _TRIED_BOUND)
        latent = self.config.model.latent_dim
        length = self.checked.n_tokens / len(self.checked)
        tried = _seconds(lambda: importance_weighted_nll(self.model, few, IW_SAMPLES, generator))
        bound = tried * n * length / few.n_tokens
        # An untrained decoder never stops: it is given the length of a sentence.
        z = torch.randn(_TRIED_DECODED, latent, generator=generator)
        decoded = n + (_GRAMMAR_DECODED if self.corpus.grammar else 0)
        said = _seconds(lambda: decoding.greedy(self.model, z, round(length))) / _TRIED_DECODED
        probed = min(len(self.corpus), _MOST_PROBED)
        # A number or a date is one regression, however many values it has.
        values = sum(
            1 if self.corpus.types[name] in MEASURED else min(len(set(column)), _MOST_VALUES)
            for name, column in self.corpus.labels.items()
        )
        return bound + decoded * said + probed * latent * values * _PROBE_VALUE


def _model(config: RunConfig, vocabulary: int, longest: int) -> TrainableVAE:
    sizes = replace(config.model, vocabulary_size=vocabulary, max_length=longest)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.train.seed)
        return make_model(sizes)


def _first(encoded: Encoded, n: int) -> Encoded:
    """At most n sentences, of all lengths alike."""
    share = min(1.0, n / len(encoded))
    kept = [tokens[: max(1, round(share * len(tokens)))] for tokens in encoded.tokens]
    # Where there are more lengths than sentences to try, every so many-th of them.
    kept = kept[:: max(1, sum(map(len, kept)) // n)]
    return group_by_length([ids for tokens in kept for ids in tokens.tolist()][:n])


def _seconds(work: Callable[[], object]) -> float:
    """The faster of two tries: the first warms up, and others may use the machine meanwhile."""
    tried = []
    for _ in range(2):
        began = time.perf_counter()
        work()
        tried.append(time.perf_counter() - began)
    return min(tried)
