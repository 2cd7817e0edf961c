"""Models of another make: how one is named, and when its code may be loaded.

A run of such a model holds the name of a function and no code. A config.json may come from
anybody, and loading a module runs it: so nothing is loaded that the person who started this
process has not named, on the command line of `adopt` or in ``LATENT_LENS_ADAPTERS``.
"""

from __future__ import annotations

import os
import re
import threading
from importlib import import_module
from typing import Any

import torch

from vae.errors import UserError
from vae.models.explorable import NotAvailableError

VARIABLE = "LATENT_LENS_ADAPTERS"
"""Environment variable: the adapters that may be loaded, MODULE:FACTORY, commas between them."""

PATIENCE = "LATENT_LENS_ADAPTER_PATIENCE"
"""Environment variable: seconds that an adapter may take for an answer, 60 without it."""

GUIDE = "vae/models/OWN_MODEL.md"

_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")
_LONGEST = 300
_SECONDS, _MOST_SECONDS = 60.0, 1e6


def check_name(name: object) -> str:
    """A name of the form MODULE:FACTORY.

    Raises:
        UserError: it is something else.
    """
    if not isinstance(name, str) or len(name) > _LONGEST or not _NAME.fullmatch(name):
        raise UserError(
            "'{value}' names no adapter. Write MODULE:FACTORY, as in my_model:make; "
            "{guide} has an example.",
            value=str(name)[:60],
            guide=GUIDE,
        )
    return name


def allowed() -> frozenset[str]:
    """The adapters that ``LATENT_LENS_ADAPTERS`` names."""
    named = (part.strip() for part in os.environ.get(VARIABLE, "").split(","))
    return frozenset(part for part in named if part)


def patience() -> float:
    """Seconds that an adapter may take for an answer; a sixth more for each sentence or latent.

    Raises:
        UserError: ``LATENT_LENS_ADAPTER_PATIENCE`` is no such number.
    """
    given = os.environ.get(PATIENCE, "").strip()
    try:
        seconds = float(given) if given else _SECONDS
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _MOST_SECONDS:
        raise UserError(
            "{variable} is '{value}'. It must be a number of seconds above 0.",
            variable=PATIENCE,
            value=given[:60],
        )
    return seconds


def allowed_name(name: object, run: str) -> str:
    """The name of an adapter, where the environment names it.

    Args:
        run: what it stands behind, for the message.

    Raises:
        NotAvailableError: it is not named there; the message says what to set.
        UserError: it is no name.
    """
    known = check_name(name)
    if known not in allowed():
        raise NotAvailableError(
            "The model behind '{run}' is of another make, and its code is loaded only "
            "where you say so. If you trust it, start again with {variable}={known}.",
            run=run,
            variable=VARIABLE,
            known=known,
        )
    return known


def make(name: str) -> object:
    """Import the module of an adapter and call its factory; runs code, so the caller must know it.

    Raises:
        UserError: there is no such module or function, or it fails.
    """
    module, _, factory = check_name(name).partition(":")
    try:
        found = getattr(import_module(module), factory)
    except ModuleNotFoundError as error:
        raise UserError(
            "There is no module '{name}' here, which the adapter {adapter} needs. Start "
            "where it can be imported from, or add its folder to PYTHONPATH.",
            name=error.name,
            adapter=name,
        ) from error
    except AttributeError as error:
        raise UserError(
            "The module '{module}' has no '{factory}': {reason}.",
            module=module,
            factory=factory,
            reason=str(error),
        ) from error
    except UserError:
        raise
    except (Exception, SystemExit) as error:  # whatever goes wrong in it is not ours
        raise UserError(
            "'{module}' cannot be loaded: {value}.", module=module, value=failure_of(error)
        ) from error
    try:
        model: object = found()
    except UserError:
        raise
    except (Exception, SystemExit) as error:
        raise UserError(
            "The adapter {name} made no model: {value}.", name=name, value=failure_of(error)
        ) from error
    return model


class ToldError(Exception):
    """What an adapter raised in a process of its own; `str` of it is the complaint."""


class Here:
    """The model of an adapter in this process, asked by one thread at a time.

    As `vae.models.adapter_process.AdapterProcess`, for a model that somebody has made already.
    """

    def __init__(self, model: object) -> None:
        self._model, self._turn = model, threading.RLock()

    def attribute(self, name: str) -> Any:
        """An attribute of the model; None where it has none."""
        return getattr(self._model, name, None)

    def offers(self, method: str) -> bool:
        """Whether the model has a method."""
        return callable(self.attribute(method))

    def ask(self, method: str, *arguments: Any, far: tuple[int, int] = (0, 1)) -> Any:
        """What a method of the model gives, or whatever it raises."""
        with self._turn, torch.no_grad():
            return self.attribute(method)(*arguments)


def failure_of(error: BaseException) -> str:
    """What another's code complained of, in a line."""
    words = " ".join(str(error).split())[:300]
    if isinstance(error, ToldError):
        return words
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
