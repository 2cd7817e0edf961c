"""The other side of `vae.models.adapter_process`: an adapter's model, asked over standard input."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch

from vae.errors import UserError
from vae.models import adapter_wire, adapters
from vae.models.base import Posterior
from vae.models.explorable import NotAvailableError
from vae.models.point import Codes

METHODS = ("encode", "decode", "tokens", "log_likelihood", "sample", "unknown_words", "as_read")
ATTRIBUTES = ("latent_dim", "has_posterior", "parameters", "vocabulary", "description")


def serve() -> None:
    """Make the model that standard input names, and answer; ends with the process that asks."""
    # An interrupt from the keyboard is for who asks, who then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the adapter prints is no answer
    number, (name, paths) = adapter_wire.read(questions)
    sys.path[:] = paths
    model, answer = _made(name)
    while True:
        adapter_wire.write(answers, (number, *answer))
        try:
            number, (method, arguments) = adapter_wire.read(questions)
        except EOFError:
            os._exit(0)
        answer = _answered(partial(_called, model, method, arguments))


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def _made(name: str) -> tuple[object, tuple[str, Any]]:
    made: list[object] = [None]

    def make() -> tuple[str, Any]:
        made[0] = model = adapters.make(name)
        has = {method: True for method in METHODS if callable(getattr(model, method, None))}
        values = {each: _plain(getattr(model, each, None)) for each in ATTRIBUTES}
        return "given", {**has, **values}

    answer = _answered(make)
    return made[0], answer


def _called(model: object, method: str, arguments: tuple[Any, ...]) -> tuple[str, Any]:
    with torch.no_grad():
        found = getattr(model, method)(*arguments)
    states = [a.get_state() for a in arguments if isinstance(a, torch.Generator)]
    return "given", (_plain(found), states)


def _answered(work: Callable[[], tuple[str, Any]]) -> tuple[str, Any]:
    """What some work gives, or what it raised: `sys.exit` ends no more than the work."""
    try:
        answer: tuple[str, Any] = work()
    except NotAvailableError as error:
        return "not available", error.message.to_json()
    except UserError as error:
        return "refused", error.message.to_json()
    except NotImplementedError:
        return "missing", None
    except BaseException as error:
        return "failed", adapters.failure_of(error)
    return answer


def _plain(value: Any) -> Any:
    """A value in types that the other process knows: nothing of the adapter's module goes over."""
    if isinstance(value, torch.Tensor):
        return value.detach().cpu().clone()
    if isinstance(value, Codes):
        return _plain(value.mean)
    if isinstance(value, np.ndarray | np.generic):
        return np.array(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if hasattr(value, "mean") and hasattr(value, "logvar"):
        return Posterior(_plain(value.mean), _plain(value.logvar))
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return None if value is None else f"<{type(value).__name__}>"
