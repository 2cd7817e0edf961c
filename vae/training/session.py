"""One run under way: train, checkpoint, obey, stop anywhere, and say in status.json how it stands.

Of several processes only the first writes; what a person asks for reaches the others through it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from vae.config import RunConfig
from vae.corpora.corpus import Corpus
from vae.i18n import Message
from vae.progress import Progress
from vae.runs.control import Control, ControlReader
from vae.runs.failure import of_error
from vae.runs.process import ProcessRecord
from vae.runs.store import RunDirectory
from vae.tokenizer import Tokenizer
from vae.training.adjustments import write_adjustments
from vae.training.distributed import Team
from vae.training.events import EndEvent, Event, SnapshotEvent, ValidationEvent
from vae.training.loop import Trainer
from vae.training.signals import interrupted_by_sigterm, stop_signal

_HEARTBEAT_SECONDS = 2.0
_PAUSE_SECONDS = 0.2


class _Order(NamedTuple):
    """What is to be done before the next update."""

    command: str = "run"  # run, pause, stop (and keep), leave (at once), time
    changes: tuple[tuple[str, float], ...] = ()


@dataclass
class Session:
    """A run under way: `alive` around all of it, `train` inside, then `complete`.

    Attributes:
        directory: where the run lives.
        corpus: the sentences; on a resume they must have the digest that config.json states.
        checkpoint_seconds: the most work that a crash can cost.
        phase: what is being done, for status.json.
        work: once it is trained, how far that is: (done, of how much, what).
    """

    directory: RunDirectory
    corpus: Corpus
    trainer: Trainer
    tokenizer: Tokenizer
    config: RunConfig
    team: Team
    checkpoint_seconds: float = 30.0
    phase: str = "training"
    state: str = "running"
    work: tuple[int, int, Message | str] | None = None

    def train(
        self,
        on_event: Callable[[Event], None] = lambda event: None,
        max_minutes: float | None = None,
    ) -> str:
        """Train to the end, or until a stop.

        Returns finished, early stopping, time, stopped (asked for by control.json: what was
        learned is to be kept), diverged (`Trainer.divergence` says how) or interrupted. SIGINT and
        SIGTERM end it after the update under way. A checkpoint is left in any case.
        """
        reason = "interrupted"
        began = saved = time.monotonic()
        self._reader, self._asked = ControlReader(self.directory), Control()
        with stop_signal() as stopped:
            for event in self._events(stopped, began, max_minutes):
                if event is not None:
                    self._record(event)
                    on_event(event)
                    if isinstance(event, EndEvent):
                        reason = event.reason
                elif time.monotonic() - saved >= self.checkpoint_seconds:
                    self.checkpoint()
                    saved = time.monotonic()
        self.checkpoint()
        return reason

    def _events(
        self, stopped: threading.Event, began: float, max_minutes: float | None
    ) -> Iterator[Event | None]:
        for event in self.trainer.run():
            yield event
            if event is not None:
                continue  # the update's other events come first
            order = self._order(stopped, began, max_minutes)
            if order.command == "pause":
                order = self._pause(stopped)
            if order.changes:
                self.trainer.adjust(dict(order.changes))
                if self.team.rank == 0:
                    # Before the update that it changes: a crash must not lose it.
                    write_adjustments(self.directory, self.trainer.adjustments)
            if order.command == "leave":
                return
            if order.command in ("stop", "time"):
                self.state = "stopping" if order.command == "stop" else "running"
                yield from self.trainer.finish("stopped" if order.command == "stop" else "time")
                return

    def _order(self, stopped: threading.Event, began: float, max_minutes: float | None) -> _Order:
        order = _Order() if self.team.rank else self._wish()
        if max_minutes is not None and time.monotonic() - began > 60 * max_minutes:
            order = order._replace(command="time")
        # Mostly nobody wants anything, and one number tells the others so.
        if not self.team.any(order != _Order() or stopped.is_set()):
            return _Order()
        order = self.team.agree(order)
        # A signal may reach any of the machines.
        return order._replace(command="leave") if self.team.any(stopped.is_set()) else order

    def _wish(self) -> _Order:
        """What control.json asks for, less what is done already."""
        self._asked = self._reader.poll() or self._asked
        config = self.trainer.config
        new = {k: v for k, v in self._asked.changes.items() if getattr(config, k) != v}
        return _Order(self._asked.command, tuple(sorted(new.items())))

    def _pause(self, stopped: threading.Event) -> _Order:
        """Stand still until control.json or a signal says otherwise."""
        self.checkpoint()
        self.state = "paused"
        self._beat()
        order = _Order("pause")
        while order.command == "pause":
            time.sleep(_PAUSE_SECONDS)
            order = self._order(stopped, began=0.0, max_minutes=None)
        self.state = "running"
        self._beat()
        return order

    def _record(self, event: Event) -> None:
        if self.team.rank:
            return
        if isinstance(event, ValidationEvent) and event.best:
            self.directory.write_tensors("weights.safetensors", self.trainer.model.state_dict())
            self._state_size()
        if isinstance(event, SnapshotEvent) and self.trainer.last_snapshot is not None:
            means = self.trainer.last_snapshot.means.numpy().astype(np.float16)
            self.directory.write_arrays(f"snapshots/{event.step:08d}.npz", {"mean": means})
        self.directory.append_metric({**event.to_dict(), "time": time.time()})

    def _state_size(self) -> None:
        """config.json says how large the model is, where the training has cut dimensions off."""
        model = self.trainer.model
        if model.config == self.config.model:
            return
        self.config = replace(self.config, model=model.config)
        stored = self.directory.read_json("config.json")
        stored["config"] = self.config.to_dict()
        stored["parameters"] = sum(p.numel() for p in model.parameters())
        self.directory.write_json("config.json", stored)

    def told(self, progress: Progress) -> Progress:
        """A progress that status.json tells of as well."""

        def show(done: int, total: int, what: Message | str) -> None:
            self.work = (done, total, what)
            progress(done, total, what)

        return show

    def checkpoint(self) -> None:
        """Keep all that a resume needs."""
        if self.team.rank == 0:
            tensors, progress = self.trainer.state()
            self.directory.write_tensors("checkpoint.safetensors", tensors, progress)

    def _beat(self, error: BaseException | None = None) -> None:
        if self.team.rank:
            return
        p = self.trainer.progress
        # A full disk must not end a training that may yet be told to stop: the silence shows.
        with suppress(OSError):
            self.directory.write_json(
                "status.json",
                {
                    "state": self.state,
                    "phase": self.phase,
                    **(self._doing() if error is None else of_error(error)),
                    "step": p.step,
                    "total_steps": self.trainer.total_steps,
                    "epoch": p.epoch,
                    "seconds": p.seconds,
                    **ProcessRecord.mine().to_json(),
                },
            )

    def _doing(self) -> dict[str, Any]:
        if self.work is None:
            return {"message": ""}
        done, total, what = self.work
        named = what.to_json() if isinstance(what, Message) else what
        return {"message": named, "share": min(1.0, done / max(1, total))}

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Beat into status.json meanwhile; say "failed" there if an error ends it."""
        # A thread of its own: an update or a validation may take longer than a beat.
        done = threading.Event()

        def beat() -> None:
            while not done.wait(_HEARTBEAT_SECONDS):
                self._beat()

        self._beat()
        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            with interrupted_by_sigterm():
                yield
        except BaseException as error:
            done.set()
            thread.join()
            stopped = isinstance(error, KeyboardInterrupt)
            self.state = "stopped" if stopped else "failed"
            self._beat(None if stopped else error)
            raise
        finally:
            done.set()
            thread.join()

    def leave(self) -> None:
        """Mark the run stopped; `resume` takes it up again."""
        self.state, self.work = "stopped", None
        self._beat()

    def complete(self) -> None:
        """Mark the run finished; what only a resume needs is removed."""
        if self.team.rank == 0:
            (self.directory.path / "checkpoint.safetensors").unlink(missing_ok=True)
        self.state, self.work = "finished", None
        self._beat()
