"""The training loop: yields events, and can stop and go on anywhere, bit for bit."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from torch import Tensor

from vae.batching import Batches, Encoded
from vae.config import TrainConfig
from vae.errors import UserError
from vae.models import TrainableVAE, with_latents
from vae.objectives import autoencoder_steps, beta_at, learning_rate_at
from vae.training.adjustments import Adjustment
from vae.training.axes import found_turn, turning_step
from vae.training.distributed import Team
from vae.training.divergence import DivergenceWatch, divergence_of
from vae.training.events import (
    AdjustmentEvent,
    EndEvent,
    EpochEvent,
    Event,
    PhaseEvent,
    SnapshotEvent,
    StepEvent,
    ValidationEvent,
)
from vae.training.measure import Snapshot, Watched, snapshot_steps, take_snapshot, validate
from vae.training.state import TrainState
from vae.training.update import GradientError, Updater

_REPORT_EVERY = 20


class Trainer:
    """Trains a model on sentences; `run` yields events until the end or a stop.

    Args:
        model: trained in place.
        train: batches to train on.
        validation: encoded sentences.
        config: objective, schedule and optimiser; `precision` must be fp32 or bf16 by now.
        watched: what every snapshot looks at.
        adjustments: changes of earlier sittings, to be made again at their updates.
        team: the processes that train together.

    Raises:
        UserError: there is nothing to train or to validate on.
    """

    def __init__(
        self,
        model: TrainableVAE,
        train: Batches,
        validation: Encoded,
        config: TrainConfig,
        watched: Watched,
        *,
        adjustments: Sequence[Adjustment] = (),
        team: Team | None = None,
    ) -> None:
        if not len(train) or not len(validation):
            raise UserError(
                "There is no {split} sentence: the corpus has too few that differ.",
                split="validation" if len(train) else "train",
            ).because("small text")
        self.model, self.train, self.validation = model, train, validation
        self.config, self.watched = config, watched
        self.adjustments = list(adjustments)
        self.last_snapshot: Snapshot | None = None
        # Once the latent space has been turned: (L, Z) its axes, and (Z,) what they leave out.
        self.axes: Tensor | None = None
        self.rest: Tensor | None = None
        self.progress = TrainState(aggressive=config.encoder_updates > 0)
        self.updater = Updater(model, config, team or Team())
        self._watch = DivergenceWatch(validation, model.config.vocabulary_size)
        self.total_steps = train.per_epoch * config.epochs
        if config.steps:
            self.total_steps = min(self.total_steps, config.steps)
        self._validate_every = min(
            config.validate_every or train.per_epoch, max(1, self.total_steps)
        )
        self._snapshot_steps = snapshot_steps(self.total_steps, config.snapshots)

    def run(self) -> Iterator[Event | None]:
        """Yield the events of each update, then None: at None the state can be saved or left."""
        p, c = self.progress, self.config
        clock = time.monotonic() - p.seconds
        self._make_again([s for s in self.adjustments if s.step < p.step])
        if p.step == 0 and 0 in self._snapshot_steps:
            yield from self._snapshot()
        batches: Iterator[Tensor] = iter(())
        epoch = -1
        while p.step < self.total_steps and not p.ended and not self._out_of_patience():
            if p.epoch != epoch:
                epoch = p.epoch
                batches = self.train.epoch(c.seed, epoch, p.batch_in_epoch)
            yield from self._before()
            try:
                self._update(next(batches))
            except GradientError:
                self._watch.end(p)
                break
            p.batch_in_epoch += 1
            p.step += 1
            p.seconds = time.monotonic() - clock
            last = p.step == self.total_steps
            if p.step % _REPORT_EVERY == 0 or last:
                yield self._report()
            if p.ended:
                break
            if p.step in self._snapshot_steps:
                yield from self._snapshot()
            if p.step % self._validate_every == 0 or last:
                yield from self._validate()
            if p.batch_in_epoch == self.train.per_epoch:
                p.epoch, p.batch_in_epoch = p.epoch + 1, 0
                yield EpochEvent(p.step, p.seconds, p.epoch, c.epochs)
            yield None
            clock = time.monotonic() - p.seconds  # a pause is no training
        reason = p.ended or ("finished" if p.step == self.total_steps else "early stopping")
        yield self._end(reason)

    def adjust(self, changes: Mapping[str, float]) -> Adjustment:
        """Change settings from the next update on; keep what is returned, to resume."""
        adjustment = Adjustment(self.progress.step, dict(changes))
        self.adjustments.append(adjustment)
        return adjustment

    def _before(self) -> Iterator[Event]:
        """What happens between two updates: changes by a person, and the run's own phases."""
        p = self.progress
        if now := [s for s in self.adjustments if s.step == p.step]:
            self._make_again(now)
            for s in now:
                yield AdjustmentEvent(p.step, p.seconds, dict(s.changes))
            if {"beta", "free_bits"} & {name for s in now for name in s.changes}:
                # Another objective: what was best by the old one no longer competes.
                self._compete_anew()
        first = autoencoder_steps(self.total_steps, self.config)
        if first and p.step == 0:
            yield PhaseEvent(0, p.seconds, "autoencoder")
        if first and p.step == first:
            self.updater.reset_decoder()
            yield PhaseEvent(p.step, p.seconds, "decoder drawn anew")
        if p.step == turning_step(self.total_steps, self.config):
            yield PhaseEvent(p.step, p.seconds, self._turn())
        if p.aggressive and p.step == first:
            yield PhaseEvent(p.step, p.seconds, "aggressive encoder")

    def _compete_anew(self) -> None:
        self.progress.best_score = -math.inf
        self.progress.validations_without_gain = 0

    def _turn(self) -> str:
        """Turn the latent space; the weights of before, in other axes, are not to be kept."""
        turn = self.updater.team.first(lambda: found_turn(self.model, self.train, self.config))
        self._take(self.model.turned(turn.axes, turn.rest, turn.logvar))
        self._keep_axes(turn.axes, turn.rest)
        self._compete_anew()
        kept, z = turn.axes.shape
        what = "axes turned to independent components"
        return what if kept == z else f"dead directions cut off, {what}"

    def _keep_axes(self, axes: Tensor | None, rest: Tensor | None) -> None:
        self.axes, self.rest = axes, rest
        self.updater.lifted = axes is not None and axes.shape[0] < axes.shape[1]

    def _take(self, model: TrainableVAE) -> None:
        self.model = model
        self.updater.take(model)

    def _make_again(self, adjustments: Sequence[Adjustment]) -> None:
        for adjustment in adjustments:
            self.config = replace(self.config, **adjustment.changes)
        self.updater.config = self.config

    def _out_of_patience(self) -> bool:
        patience = self.config.patience
        return bool(patience) and self.progress.validations_without_gain >= patience

    def _end(self, reason: str) -> EndEvent:
        p = self.progress
        best = p.best_elbo if p.best_step else None
        return EndEvent(p.step, p.seconds, reason, p.best_step, best)

    @property
    def divergence(self) -> UserError | None:
        """How the training diverged and what to do about it; None where it did not."""
        return divergence_of(self.progress, self.config)

    def finish(self, reason: str) -> Iterator[Event]:
        """End a run before its last update; its latest weights are kept where none are yet best.

        One whose time is up stays ended; one that was stopped can go on.
        """
        p = self.progress
        p.ended = "time" if reason == "time" else ""
        latest = self.config.keep == "last" or p.best_score == -math.inf
        if latest and p.since_validation:
            yield from self._validate(final=True)
        yield self._end(reason)

    def _update(self, tokens: Tensor) -> None:
        p, total = self.progress, self.total_steps
        beta = beta_at(p.step, total, self.config)
        rate = learning_rate_at(p.step, total, self.config)
        # Pre-training has no decoder worth lagging behind.
        if p.aggressive and p.step >= autoencoder_steps(total, self.config):
            sums = self.updater.aggressive_update(tokens, beta, rate, self.train)
        else:
            sums = self.updater.update(tokens, beta, rate)
        sums["frequencies"] = self._watch.cost(tokens)
        for sum_ in (p.since_report, p.since_validation):
            for key, value in sums.items():
                sum_[key] = sum_.get(key, 0.0) + value

    def _report(self) -> StepEvent:
        p = self.progress
        sums, p.since_report = p.since_report, {}
        self._watch.look(p, sums, self.updater.team)
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

    def _validate(self, final: bool = False) -> Iterator[Event]:
        p = self.progress
        # Decisions rest on these figures: they are the same in every process.
        measured = self.updater.team.first(
            lambda: validate(self.model, self.validation, self.config.seed)
        )
        sums, p.since_validation = p.since_validation, {}
        beta = beta_at(p.step, self.total_steps, self.config)
        last = final or p.step == self.total_steps
        competed = last or self._competes(beta)
        best = self._keep(measured.distortion, measured.rate, competed, last)
        yield ValidationEvent(
            step=p.step,
            seconds=p.seconds,
            epoch=p.epoch,
            elbo=measured.elbo,
            train_elbo=-(sums["distortion"] + sums["rate"]) / sums["sentences"],
            beta=beta,
            best=best,
            competed=competed and self.config.keep == "best",
            **asdict(measured),
        )
        if p.aggressive and p.step > autoencoder_steps(self.total_steps, self.config):
            # He et al. (2019) stop when the mutual information of validation no longer climbs.
            p.aggressive = measured.mutual_information > p.most_information
            p.most_information = max(p.most_information, measured.mutual_information)
            if not p.aggressive:
                yield PhaseEvent(p.step, p.seconds, "encoder and decoder together")

    def _competes(self, beta: float) -> bool:
        """Whether weights are held against others: below full beta the objective is another one."""
        c = self.config
        pretraining = (
            self.progress.step <= autoencoder_steps(self.total_steps, c) and c.autoencoder > 0
        )
        return beta >= c.beta and not pretraining

    def _keep(self, distortion: float, rate: float, competes: bool, last: bool) -> bool:
        """Whether to keep these weights: the last always, or the best of the full objective.

        Until any compete for the best, the latest are.
        """
        p, c = self.progress, self.config
        score = -distortion - c.beta * rate
        if c.keep == "last":
            # Sentences of other words than a small text's cost it more than their frequencies do.
            best = math.isfinite(distortion)
        else:
            # A run that ends before it is known to diverge leaves some weights at least.
            good = self._watch.good(distortion) or (last and not p.best_step)
            best = good and (score > p.best_score if competes else p.best_score == -math.inf)
        if best:
            p.best_step, p.best_elbo = p.step, -distortion - rate
        if competes:
            idle = p.best_step and not best
            p.validations_without_gain = p.validations_without_gain + 1 if idle else 0
            p.best_score = score if best else p.best_score
        return best

    def _snapshot(self) -> Iterator[Event]:
        if self.updater.team.rank:
            return  # one who looks is enough
        seen = take_snapshot(self.model, self.watched, self.config.seed, self.axes, self.rest)
        self.last_snapshot = seen
        yield SnapshotEvent(
            self.progress.step,
            self.progress.seconds,
            reconstructions=seen.reconstructions,
            samples=seen.samples,
            interpolation=seen.interpolation,
        )

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """(tensors, JSON) from which `load_state` goes on as if nothing had happened.

        The tensors are the ones in training: write or copy them before the next update.
        """
        tensors = {f"model.{k}": v for k, v in self.model.state_dict().items()}
        for i, moments in self.updater.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{i}.{k}": v for k, v in moments.items()}
        if self.axes is not None and self.rest is not None:
            tensors |= {"axes": self.axes, "rest": self.rest}
        tensors["generator"] = self.updater.generator.get_state()
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
                "The checkpoint does not fit this run ({reason}). Train the run again.",
                reason=reason,
            ) from error

    def _load(self, tensors: dict[str, Tensor], progress: dict[str, Any]) -> None:
        model = {k.removeprefix("model."): v for k, v in tensors.items() if k.startswith("model.")}
        if self.model.config.latent_dim:
            # The dead directions may have been cut off before, or not yet.
            self._take(with_latents(self.model, len(model["to_posterior.bias"]) // 2))
        self.model.load_state_dict(model)
        moments: dict[int, dict[str, Tensor]] = {}
        for key, value in tensors.items():
            if key.startswith("optimizer."):
                _, index, name = key.split(".")
                moments.setdefault(int(index), {})[name] = value
        optimizer = self.updater.optimizer
        whole = optimizer.state_dict()
        optimizer.load_state_dict({"state": moments, "param_groups": whole["param_groups"]})
        self._keep_axes(tensors.get("axes"), tensors.get("rest"))
        self.updater.generator.set_state(tensors["generator"])
        self.progress = TrainState(**copy.deepcopy(progress))
