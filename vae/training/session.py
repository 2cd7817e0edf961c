"""One run under way: train, checkpoint, stop anywhere, and say in status.json how it stands."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from vae.config import RunConfig
from vae.corpora.corpus import Corpus
from vae.runs.store import RunDirectory, process_identity
from vae.tokenizer import Tokenizer
from vae.training.events import EndEvent, Event, ValidationEvent
from vae.training.loop import Trainer

_HEARTBEAT_SECONDS = 2.0


@dataclass
class Session:
    """A run under way: `alive` around all of it, `train` inside, then `complete`.

    Attributes:
        directory: where the run lives.
        corpus: the sentences; on a resume they must have the digest that config.json states.
        checkpoint_seconds: the most work that a crash can cost.
        phase: what is being done, for status.json.
    """

    directory: RunDirectory
    corpus: Corpus
    trainer: Trainer
    tokenizer: Tokenizer
    config: RunConfig
    checkpoint_seconds: float = 30.0
    phase: str = "training"

    def train(
        self,
        on_event: Callable[[Event], None] = lambda event: None,
        max_minutes: float | None = None,
    ) -> str:
        """Train to the end, or until a stop; returns finished, early stopping, time, interrupted.

        SIGINT and SIGTERM end it after the update under way. A checkpoint is left in any case.
        """
        reason = "interrupted"
        began = saved = time.monotonic()
        with _stop_signal() as stopped:
            for event in self._events(stopped, began, max_minutes):
                if event is not None:
                    self._record(event)
                    on_event(event)
                    if isinstance(event, EndEvent):
                        reason = event.reason
                elif time.monotonic() - saved >= self.checkpoint_seconds:
                    self._checkpoint()
                    saved = time.monotonic()
        self._checkpoint()
        return reason

    def _events(
        self, stopped: threading.Event, began: float, max_minutes: float | None
    ) -> Iterator[Event | None]:
        for event in self.trainer.run():
            yield event
            if event is not None:
                continue  # the update's other events come first
            if stopped.is_set():
                return
            if max_minutes is not None and time.monotonic() - began > 60 * max_minutes:
                yield from self.trainer.finish("time")
                return

    def _record(self, event: Event) -> None:
        if isinstance(event, ValidationEvent) and event.best:
            self.directory.write_tensors("weights.safetensors", self.trainer.model.state_dict())
        self.directory.append_metric({**event.to_dict(), "time": time.time()})

    def _checkpoint(self) -> None:
        tensors, progress = self.trainer.state()
        self.directory.write_tensors("checkpoint.safetensors", tensors, progress)

    def _beat(self, state: str, message: str = "") -> None:
        p = self.trainer.progress
        self.directory.write_json(
            "status.json",
            {
                "state": state,
                "phase": self.phase,
                "message": message,
                "step": p.step,
                "total_steps": self.trainer.total_steps,
                "epoch": p.epoch,
                "seconds": p.seconds,
                "heartbeat": time.time(),
                **process_identity(),
            },
        )

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Beat into status.json meanwhile; say "failed" there if an error ends it."""
        # A thread of its own: an update or a validation may take longer than a beat.
        done = threading.Event()

        def beat() -> None:
            while not done.wait(_HEARTBEAT_SECONDS):
                self._beat("running")

        self._beat("running")
        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        except BaseException as error:
            done.set()
            thread.join()
            stopped = isinstance(error, KeyboardInterrupt)
            message = "" if stopped else str(error) or type(error).__name__
            self._beat("stopped" if stopped else "failed", message)
            raise
        finally:
            done.set()
            thread.join()

    def pause(self) -> None:
        """Mark the run stopped; `resume` takes it up again."""
        self._beat("stopped")

    def complete(self) -> None:
        """Mark the run finished; what only a resume needs is removed."""
        (self.directory.path / "checkpoint.safetensors").unlink(missing_ok=True)
        self._beat("finished")


@contextmanager
def _stop_signal() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; a second signal acts as it always does."""
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    before = {s: signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, frame: Any) -> None:
        stopped.set()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, stop)
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
