"""The training loop: yields events, and can stop and go on anywhere, bit for bit."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor

from vae import decoding
from vae.batching import Encoded, count_batches, ordered_batches, shuffled_batches
from vae.config import TrainConfig
from vae.diagnostics.information import active_units, mutual_information
from vae.errors import UserError
from vae.models import Posterior, RecurrentVAE, decoder_inputs
from vae.objectives import beta_at, distortion, drop_words, learning_rate_at, objective
from vae.training.events import (
    EndEvent,
    EpochEvent,
    Event,
    SnapshotEvent,
    StepEvent,
    ValidationEvent,
)

_REPORT_EVERY = 20


@dataclass
class Progress:
    """Where a run stands: everything a resumed run needs beside weights and moments."""

    step: int = 0
    epoch: int = 0
    batch_in_epoch: int = 0
    seconds: float = 0.0
    best_elbo: float = -math.inf
    best_step: int = 0
    validations_without_gain: int = 0
    # Sums since the last step report and since the last validation: losses, sentences, tokens.
    since_report: dict[str, float] = field(default_factory=dict)
    since_validation: dict[str, float] = field(default_factory=dict)


class Trainer:
    """Trains a model on encoded sentences; `run` yields events until the end or a stop.

    Args:
        model: trained in place.
        train, validation: encoded sentences.
        config: objective, schedule and optimiser; `precision` must be fp32 or bf16 by now.
        fixed: encoded sentences whose reconstructions every snapshot shows.
        say: token ids of a sentence to its text.

    Raises:
        UserError: there is nothing to train or to validate on.
    """

    def __init__(
        self,
        model: RecurrentVAE,
        train: Encoded,
        validation: Encoded,
        config: TrainConfig,
        fixed: Encoded,
        say: Callable[[Sequence[int]], str],
    ) -> None:
        for name, part in (("train", train), ("validation", validation)):
            if not len(part):
                raise UserError(f"There is no {name} sentence: the corpus has too few that differ.")
        self.model, self.train, self.validation = model, train, validation
        self.config, self.fixed, self.say = config, fixed, say
        self.progress = Progress()
        self.generator = torch.Generator().manual_seed(config.seed)
        self.optimizer = torch.optim.AdamW(
            model.parameters(),
            lr=config.learning_rate,
            weight_decay=config.weight_decay,
            fused=True,
        )
        self.batches_per_epoch = count_batches(train, config.tokens_per_batch)
        self.total_steps = self.batches_per_epoch * config.epochs
        if config.steps:
            self.total_steps = min(self.total_steps, config.steps)
        self._validate_every = min(
            config.validate_every or self.batches_per_epoch, max(1, self.total_steps)
        )
        self._snapshot_steps = snapshot_steps(self.total_steps, config.snapshots)

    def run(self) -> Iterator[Event | None]:
        """Yield the events of each update, then None: at None the state can be saved or left."""
        p, c = self.progress, self.config
        clock = time.monotonic() - p.seconds
        if p.step == 0 and 0 in self._snapshot_steps:
            yield self._snapshot()
        epoch, order = -1, []
        while p.step < self.total_steps and not self._out_of_patience():
            if p.epoch != epoch:
                epoch = p.epoch
                order = shuffled_batches(self.train, c.tokens_per_batch, c.seed, epoch)
            group, rows = order[p.batch_in_epoch]
            self._update(self.train.tokens[group][rows])
            p.batch_in_epoch += 1
            p.step += 1
            p.seconds = time.monotonic() - clock
            last = p.step == self.total_steps
            if p.step % _REPORT_EVERY == 0 or last:
                yield self._report()
            if p.step in self._snapshot_steps:
                yield self._snapshot()
            if p.step % self._validate_every == 0 or last:
                yield self._validate()
            if p.batch_in_epoch == len(order):
                p.epoch, p.batch_in_epoch = p.epoch + 1, 0
                yield EpochEvent(p.step, p.seconds, p.epoch, c.epochs)
            yield None
        reason = "finished" if p.step == self.total_steps else "early stopping"
        yield EndEvent(p.step, p.seconds, reason, p.best_step, p.best_elbo)

    def _out_of_patience(self) -> bool:
        patience = self.config.patience
        return bool(patience) and self.progress.validations_without_gain >= patience

    def finish(self, reason: str) -> Iterator[Event]:
        """End a run before its last update; before beta is full, its latest weights are kept."""
        p = self.progress
        if p.best_elbo == -math.inf and p.since_validation:
            yield self._validate(final=True)
        yield EndEvent(p.step, p.seconds, reason, p.best_step, p.best_elbo)

    def _update(self, tokens: Tensor) -> None:
        p, c = self.progress, self.config
        began = time.monotonic()
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate_at(p.step, self.total_steps, c)
        with torch.autocast("cpu", torch.bfloat16, enabled=c.precision == "bf16"):
            posterior = self.model.encode(tokens)
            z = posterior.sample(self.generator)
            inputs = drop_words(decoder_inputs(tokens), c.word_dropout, self.generator)
            logits = self.model.logits(inputs, z, self.generator)
        nats = distortion(logits, tokens)
        loss = objective(nats, posterior, beta_at(p.step, self.total_steps, c), c.free_bits)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), c.clip_norm)
        if not bool(torch.isfinite(norm)):
            raise UserError(
                f"Training diverged at update {p.step + 1}: the gradient is not a number. "
                f"Train again with a learning rate below {c.learning_rate:g}."
            )
        self.optimizer.step()
        sums = {
            "distortion": float(nats.detach().sum()),
            "rate": float(posterior.kl().detach().sum()),
            "norm": float(norm),
            "updates": 1.0,
            "sentences": float(len(tokens)),
            "tokens": float(tokens.numel()),
            "seconds": time.monotonic() - began,
        }
        for total in (p.since_report, p.since_validation):
            for key, value in sums.items():
                total[key] = total.get(key, 0.0) + value

    def _report(self) -> StepEvent:
        p = self.progress
        sums, p.since_report = p.since_report, {}
        return StepEvent(
            step=p.step,
            seconds=p.seconds,
            epoch=p.epoch,
            total_steps=self.total_steps,
            distortion=sums["distortion"] / sums["sentences"],
            rate=sums["rate"] / sums["sentences"],
            beta=beta_at(p.step - 1, self.total_steps, self.config),
            learning_rate=learning_rate_at(p.step - 1, self.total_steps, self.config),
            gradient_norm=sums["norm"] / sums["updates"],
            tokens_per_second=sums["tokens"] / max(sums["seconds"], 1e-9),
        )

    @torch.inference_mode()
    def _validate(self, final: bool = False) -> ValidationEvent:
        p = self.progress
        # Its own generator: how often a run is validated must not change how it trains.
        generator = torch.Generator().manual_seed(self.config.seed)
        nats, posteriors = 0.0, []
        for _, tokens in ordered_batches(self.validation, 4 * self.config.tokens_per_batch):
            posterior = self.model.encode(tokens)
            z = posterior.sample(generator)
            logits = self.model.logits(decoder_inputs(tokens), z)
            nats += float(distortion(logits, tokens).sum())
            posteriors.append(posterior)
        joint = Posterior(
            torch.cat([q.mean for q in posteriors]), torch.cat([q.logvar for q in posteriors])
        )
        n = len(joint)
        per_dimension = joint.kl_per_dimension().mean(0)
        sample = joint.rows(torch.randperm(n, generator=generator)[:1000])
        information, _ = mutual_information(sample, generator)
        rate = float(per_dimension.sum())
        elbo = -nats / n - rate
        sums, p.since_validation = p.since_validation, {}
        train_elbo = -(sums["distortion"] + sums["rate"]) / sums["sentences"]
        beta = beta_at(p.step, self.total_steps, self.config)
        # Below full beta the objective is another one: its ELBO does not compete, and until beta
        # is full for the first time the latest weights are the ones to keep.
        full = final or beta >= self.config.beta or p.step == self.total_steps
        best = elbo > p.best_elbo if full else p.best_elbo == -math.inf
        if best:
            p.best_step = p.step
        if full:
            p.validations_without_gain = 0 if best else p.validations_without_gain + 1
            p.best_elbo = max(p.best_elbo, elbo)
        return ValidationEvent(
            step=p.step,
            seconds=p.seconds,
            epoch=p.epoch,
            n_sentences=n,
            elbo=elbo,
            train_elbo=train_elbo,
            distortion=nats / n,
            rate=rate,
            beta=beta,
            rate_per_dimension=per_dimension.tolist(),
            active_units=active_units(joint.mean),
            mutual_information=information,
            mutual_information_ceiling=math.log(len(sample)),
            best=best,
        )

    @torch.inference_mode()
    def _snapshot(self) -> SnapshotEvent:
        reconstructions = [""] * len(self.fixed)
        for rows, tokens in ordered_batches(self.fixed, 4096):
            ids = decoding.greedy(self.model, self.model.encode(tokens).mean)
            for row, sentence in zip(rows, ids, strict=True):
                reconstructions[row] = self.say(sentence)
        generator = torch.Generator().manual_seed(self.config.seed)
        z = torch.randn(5, self.model.config.latent_dim, generator=generator)
        return SnapshotEvent(
            self.progress.step,
            self.progress.seconds,
            reconstructions=reconstructions,
            samples=[self.say(ids) for ids in decoding.greedy(self.model, z)],
        )

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """(tensors, JSON) from which `load_state` goes on as if nothing had happened.

        The tensors are the ones in training: write or copy them before the next update.
        """
        tensors = {f"model.{k}": v for k, v in self.model.state_dict().items()}
        for i, moments in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{i}.{k}": v for k, v in moments.items()}
        tensors["generator"] = self.generator.get_state()
        return tensors, asdict(self.progress)

    def load_state(self, tensors: dict[str, Tensor], progress: dict[str, Any]) -> None:
        """Take up what `state` returned.

        Raises:
            UserError: it is the state of another model, or none at all.
        """
        try:
            self._load(tensors, progress)
        except (KeyError, TypeError, ValueError, RuntimeError) as error:
            reason = str(error).splitlines()[-1].strip()
            raise UserError(
                f"The checkpoint does not fit this run ({reason}). Train the run again."
            ) from error

    def _load(self, tensors: dict[str, Tensor], progress: dict[str, Any]) -> None:
        model = {k.removeprefix("model."): v for k, v in tensors.items() if k.startswith("model.")}
        self.model.load_state_dict(model)
        moments: dict[int, dict[str, Tensor]] = {}
        for key, value in tensors.items():
            if key.startswith("optimizer."):
                _, index, name = key.split(".")
                moments.setdefault(int(index), {})[name] = value
        whole = self.optimizer.state_dict()
        self.optimizer.load_state_dict({"state": moments, "param_groups": whole["param_groups"]})
        self.generator.set_state(tensors["generator"])
        self.progress = Progress(**copy.deepcopy(progress))


def snapshot_steps(total: int, count: int) -> frozenset[int]:
    """At most `count` updates, denser at the start, where a model changes fastest."""
    if count == 0:
        return frozenset()
    share = [(i / max(1, count - 1)) ** 2 for i in range(count)]
    return frozenset(round(s * total) for s in share)
