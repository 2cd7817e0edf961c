"""What is measured of a run once and kept with it, in RUN/studies/NAME.json.

A study depends on nothing but the run. It is made by `python -m vae study RUN NAME`, in a process
of its own where a page asks for it, and shown at once ever after. One that was made of other
weights, or by a version that measured something else, counts as not made. That a run has no such
thing (one label, a model that cannot write) is kept as well, so that nobody tries twice.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from typing import Any

from vae.corpora.corpus import Corpus
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import Message, message
from vae.models.explorable import NotAvailableError
from vae.progress import Progress, silent
from vae.runs.store import RunDirectory
from vae.studies.catalogue import STUDIES, Study, study
from vae.studies.shapes import LONGEST_TEXT

__all__ = ["STUDIES", "Study", "made", "make", "missing", "read", "study"]

_NOT_AVAILABLE = "not_available"


def make(
    explorer: Explorer,
    corpus: Corpus,
    name: str,
    *,
    seed: int = 0,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Measure, store with the run, and return the result.

    Args:
        corpus: what the run learned from (`vae.studies.sentences.corpus_of`).
        seed: of every draw.

    Raises:
        NotAvailableError: the run has no such thing; that is stored instead.
        UserError: there is no such study, the run cannot be measured now, or cannot be written to.
    """
    wanted = study(name)
    began = time.monotonic()
    about = {
        "study": name,
        "version": wanted.version,
        "of": fingerprint(explorer.run),
        "seed": seed,
    }
    try:
        result = dict(wanted.compute()(explorer, corpus, seed, progress))
    except NotAvailableError as error:
        _keep(explorer.run, wanted, {**about, _NOT_AVAILABLE: error.message.to_json()})
        raise
    seconds = round(time.monotonic() - began, 2)
    _keep(explorer.run, wanted, {**about, "seconds": seconds, "result": result})
    return result


def _keep(run: RunDirectory, wanted: Study, stored: Mapping[str, Any]) -> None:
    try:
        run.write_json(wanted.file, stored)
    except OSError as error:
        raise UserError(
            "What was measured cannot be kept in {path} ({error}). Make room, or mend the "
            "permissions.",
            path=run.path,
            error=error.strerror or error,
        ) from error


def read(run: RunDirectory, name: str) -> dict[str, Any] | None:
    """The result of a study, or where it has not been made, of its brief making in the evaluation.

    None where there is neither. What only an evaluation makes, as "reconstruction", has a name too.

    Raises:
        NotAvailableError: it was tried, and the run has no such thing; the message says why.
        UserError: there is no such study, or its file is damaged.
    """
    from vae.studies import evaluation

    found = made(run, name) if name in STUDIES else None
    if found is None and (kept := evaluation.read(run)) is not None:
        if (why := kept.not_available.get(name)) is not None:
            raise NotAvailableError(why.message)
        result = kept.results.get(name)
        found = None if result is None else dict(result)
    return found


def made(run: RunDirectory, name: str) -> dict[str, Any] | None:
    """The result of a study; None where it has not been made of these weights by this version.

    Raises:
        NotAvailableError: it was tried, and the run has no such thing; the message says why.
        UserError: there is no such study, or its file is damaged.
    """
    wanted = study(name)
    if not run.has(wanted.file):
        return None
    command = f"python -m vae study {run.path} {name}"
    try:
        stored = run.read_json(wanted.file)
    except UserError as error:
        raise UserError(
            "What was measured of this run cannot be read. Measure it again with `{command}`.",
            command=command,
        ) from error
    if stored.get("version") not in wanted.readable or stored.get("of") != fingerprint(run):
        return None
    if (why := stored.get(_NOT_AVAILABLE)) is not None:
        raise NotAvailableError(_reason(why))
    result = stored.get("result")
    if not isinstance(result, Mapping):
        raise UserError(
            "{path} is damaged: it holds no result. Measure it again with `{command}`.",
            path=run.path / wanted.file,
            command=command,
        )
    return dict(result)


def missing(run: RunDirectory, names: Iterable[str] = STUDIES) -> list[str]:
    """Which of some studies have neither been made of these weights nor found to be impossible."""
    return [name for name in names if _is_missing(run, name)]


def _is_missing(run: RunDirectory, name: str) -> bool:
    try:
        return made(run, name) is None
    except NotAvailableError:
        return False
    except UserError:  # its file is damaged
        return True


def _reason(stored: object) -> Message:
    """Why there is no such thing, as it was kept; earlier versions kept a text."""
    if isinstance(stored, str):
        return Message("{text}", {"text": stored[:LONGEST_TEXT]})
    reason = Message.of_json(stored)
    try:
        fits = len(str(reason)) <= LONGEST_TEXT
    except (KeyError, ValueError, TypeError, IndexError, AttributeError):
        fits = False
    return reason if fits else message("This run has no such thing.")


def fingerprint(run: RunDirectory) -> str:
    """A digest of what a run has learned: its weights, or where it has none (a model of another
    make, `vae.models.adapters`) the latents of its map, or its configuration.
    """
    files = ("weights.safetensors", "latents.npz", "config.json")
    file = next((f for f in files if run.has(f)), files[-1])
    with (run.path / file).open("rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
