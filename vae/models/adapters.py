"""Models of another make: how one is named, and when its code may be loaded.

A run of such a model holds the name of a function and no code. A config.json may come from
anybody, and loading a module runs it: so nothing is loaded that the person who started this
process has not named, on the command line of `adopt` or in ``LATENT_LENS_ADAPTERS``.
"""

from __future__ import annotations

import os
import re
from importlib import import_module

from vae.errors import UserError
from vae.models.explorable import NotAvailableError

VARIABLE = "LATENT_LENS_ADAPTERS"
"""Environment variable: the adapters that may be loaded, MODULE:FACTORY, commas between them."""

GUIDE = "vae/models/OWN_MODEL.md"

_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*")
_LONGEST = 300


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


def load_allowed(name: object, run: str) -> object:
    """The model that an adapter makes, where the environment names it.

    Args:
        run: what it stands behind, for the message.

    Raises:
        NotAvailableError: it is not named there; the message says what to set.
        UserError: as `make`.
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
    return make(known)


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
    except Exception as error:  # whatever goes wrong in it is not ours
        raise UserError(
            "'{module}' cannot be loaded: {value}.", module=module, value=failure_of(error)
        ) from error
    try:
        model: object = found()
    except UserError:
        raise
    except Exception as error:
        raise UserError(
            "The adapter {name} made no model: {value}.", name=name, value=failure_of(error)
        ) from error
    return model


def failure_of(error: Exception) -> str:
    """What another's code complained of, in a line."""
    words = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
