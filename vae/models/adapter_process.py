"""An adapter in a process of its own: it may exit, crash or hang, and nobody else does.

The code behind an adapter is not ours. In a process of its own it can end nothing but itself, and
one that does not answer can be ended. The two talk over the child's standard input and output, by
`vae.models.adapter_wire` (`vae.models.adapter_server` is its side).
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from vae.errors import UserError
from vae.i18n import Message, message
from vae.models import adapter_wire
from vae.models.adapters import GUIDE, PATIENCE, ToldError, allowed_name, patience
from vae.models.explorable import NotAvailableError
from vae.progress import listener

LOADING = "import"
"""What the adapter is asked first: to be imported, and to make its model."""

_MOST_KEPT = 8
_HEARTBEAT = 0.5
_LOADING_TAKES = 10.0  # times as long as an answer may
_ITEMS_A_PATIENCE = 6
_ONE = (0, 1)


class AdapterProcess:
    """The model of an adapter, asked in a process of its own: one question at a time.

    The process starts with the first question. One that ended is started again by the next
    question; one that did not answer in time is left alone for as long as was waited.

    Args:
        name: MODULE:FACTORY. Its code runs, so the caller must know it.
        paths: where modules are looked for, as `sys.path`.
    """

    def __init__(self, name: str, paths: tuple[str, ...]) -> None:
        self.name, self._paths = name, paths
        self._turn = threading.Lock()
        self._child: _Child | None = None
        self._offered: Mapping[str, Any] = {}
        self._refusal: tuple[float, UserError] | None = None

    # -- what it is -------------------------------------------------------------------------------

    def start(self) -> AdapterProcess:
        """Have the model made, unless it is; gives this back.

        Raises:
            UserError: there is no such module or factory, or it fails, exits or does not end.
        """
        self._in_turn(LOADING, _ONE, self._running)
        return self

    def attribute(self, name: str) -> Any:
        """An attribute of the model, as it was when it was made."""
        return self._offered.get(name)

    def offers(self, method: str) -> bool:
        """Whether the model has a method."""
        return self._offered.get(method) is True

    def ask(self, method: str, *arguments: Any, far: tuple[int, int] = _ONE) -> Any:
        """What a method of the model gives.

        Args:
            far: how many sentences or latents have been done, and of how many: while it works,
                who listens (`vae.progress.heard_by`) is told.

        Raises:
            NotImplementedError: the model says that it has no such thing.
            UserError: the adapter's own sentence; or it ended its process, or did not answer.
            ToldError: it raised something else.
        """
        return self._in_turn(method, far, lambda: self._answer(method, arguments, far))

    # -- how it is asked --------------------------------------------------------------------------

    def _in_turn(self, method: str, far: tuple[int, int], work: Callable[[], Any]) -> Any:
        while not self._turn.acquire(timeout=_HEARTBEAT):
            self._tell(method, far)
        try:
            return work()
        finally:
            self._turn.release()

    def _running(self) -> _Child:
        if self._child is not None and self._child.alive:
            return self._child
        if self._refusal and time.monotonic() < self._refusal[0]:
            raise self._refusal[1]
        self._child = child = _Child()
        limit = _LOADING_TAKES * patience()
        try:
            self._offered = self._exchange(child, (self.name, self._paths), LOADING, _ONE, limit)
        except ToldError as error:
            self._end()
            raise UserError(
                "The adapter {name} made no model: {value}.", name=self.name, value=str(error)
            ) from error
        except UserError:
            self._end()
            raise
        return child

    def _answer(self, method: str, arguments: tuple[Any, ...], far: tuple[int, int]) -> Any:
        child = self._running()
        items = len(arguments[0]) if arguments and not isinstance(arguments[0], str) else 1
        limit = patience() * (1 + items / _ITEMS_A_PATIENCE)
        value, drawn = self._exchange(child, (method, arguments), method, far, limit)
        # Whatever the adapter drew is drawn here too: the next question goes on from there.
        generators = [a for a in arguments if isinstance(a, torch.Generator)]
        for generator, state in zip(generators, drawn, strict=True):
            generator.set_state(state)
        return value

    def _exchange(
        self, child: _Child, question: Any, method: str, far: tuple[int, int], limit: float
    ) -> Any:
        number, allowed = child.send(question, limit)
        until = time.monotonic() + allowed
        while True:
            try:
                found = child.answers.get(timeout=_HEARTBEAT)
            except queue.Empty:
                if time.monotonic() > until:
                    raise self._hung(method, allowed) from None
                self._tell(method, far)  # may raise: then the answer is not waited for
                continue
            if found is None:
                raise self._died(method, child)
            if child.answered(found[0]) == number:  # others are of questions that were given up
                return _unwrapped(*found[1:])

    def _tell(self, method: str, far: tuple[int, int]) -> None:
        what = message("Waiting for {method} of {adapter}", method=method, adapter=self.name)
        listener()(*far, what)

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
        self._child = None

    def _died(self, method: str, child: _Child) -> UserError:
        how = child.how_it_ended()
        self._end()
        return UserError(
            "The adapter {adapter} ended its process in {method} ({how}). Mend the adapter; "
            "{guide} says what it must give.",
            adapter=self.name,
            method=method,
            how=how,
            guide=GUIDE,
        )

    def _hung(self, method: str, limit: float) -> UserError:
        self._end()
        error = UserError(
            "The adapter {adapter} has not answered {method} for {seconds:.0f} s, and its process "
            "was ended; for as long it is not asked again. Mend the adapter; where it is only "
            "slow, start with {variable}={more:.0f}.",
            adapter=self.name,
            method=method,
            seconds=limit,
            variable=PATIENCE,
            more=10 * patience(),
        )
        self._refusal = (time.monotonic() + limit, error)
        return error


def _unwrapped(kind: str, told: Any) -> Any:
    match kind:
        case "given":
            return told
        case "refused":
            raise UserError(Message.of_json(told))
        case "not available":
            raise NotAvailableError(Message.of_json(told))
        case "missing":
            raise NotImplementedError
    raise ToldError(str(told))


class _Child:
    """The other process, and what it has answered so far."""

    def __init__(self) -> None:
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from vae.models.adapter_server import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        self.answers: queue.SimpleQueue[tuple[int, str, Any] | None] = queue.SimpleQueue()
        self._questions: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._asked = 0
        self._owed: dict[int, float] = {}
        for talk, pipe, told in (
            (_write_all, self._process.stdin, self._questions),
            (_read_all, self._process.stdout, self.answers),
        ):
            threading.Thread(target=talk, args=(pipe, told), daemon=True).start()
        weakref.finalize(self, _finish, self._process, self._questions)

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def send(self, question: Any, limit: float) -> tuple[int, float]:
        """Ask it; gives the number that the answer will have, and how long it may take.

        Args:
            limit: seconds for this question; those before it that it still works at have theirs.
        """
        self._asked += 1
        self._owed[self._asked] = limit
        self._questions.put((self._asked, question))
        return self._asked, sum(self._owed.values())

    def answered(self, number: int) -> int:
        """Take note that it has answered a question; gives its number back."""
        self._owed.pop(number, None)
        return number

    def how_it_ended(self) -> str:
        """Its exit status, or the signal that ended it."""
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "closed its output"
        if status < 0:
            return signal.Signals(-status).name
        return f"exit status {status}"

    def end(self) -> None:
        """Whatever it does, it does no more."""
        _finish(self._process, self._questions)
        self._process.wait()


def _finish(process: subprocess.Popen[bytes], questions: queue.SimpleQueue[Any]) -> None:
    process.kill()
    questions.put(None)


def _write_all(pipe: Any, questions: queue.SimpleQueue[Any]) -> None:
    with suppress(OSError), pipe:  # where it has ended, the reader says so
        while (question := questions.get()) is not None:
            adapter_wire.write(pipe, question)


def _read_all(pipe: Any, answers: queue.SimpleQueue[tuple[int, str, Any] | None]) -> None:
    try:
        with pipe:
            while True:
                answers.put(adapter_wire.read(pipe))
    except Exception:  # its end, or no answer at all: the process has nothing more to say
        answers.put(None)


@lru_cache(maxsize=_MOST_KEPT)
def _kept(name: str, paths: tuple[str, ...]) -> AdapterProcess:
    return AdapterProcess(name, paths)


def started(name: str) -> AdapterProcess:
    """The model of an adapter in a process of its own, one for all who ask in this process.

    Raises:
        UserError: as `AdapterProcess.start`.
    """
    return _kept(name, tuple(sys.path)).start()


def load_allowed(name: object, run: str) -> AdapterProcess:
    """As `started`, where the environment names the adapter.

    Args:
        run: what it stands behind, for the message.

    Raises:
        NotAvailableError: it is not named there; the message says what to set.
        UserError: as `started`.
    """
    return started(allowed_name(name, run))
