"""Names that a person gave to dimensions, kept with the run in names.json.

The file is the truth: every session reads it. The names are of the training that made the run: in
the directory of a run that was trained anew they count as not given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vae.cache import locked
from vae.errors import UserError
from vae.runs.store import RunDirectory

FILE = "names.json"
LONGEST = 60
_MOST = 10_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def read_names(run: RunDirectory) -> dict[int, str]:
    """Dimension to the name that a person gave it; nothing where nobody did.

    Raises:
        UserError: the file is damaged.
    """
    if not run.has(FILE):
        return {}
    stored = run.read_json(FILE)
    check(stored, f"{run.path / FILE}")
    if stored["of"] != _training(run):
        return {}
    return {int(d): str(name) for d, name in stored["names"].items()}


def give_name(run: RunDirectory, dimension: int, name: str, latent_dim: int) -> None:
    """Name a dimension; white space at the ends and twice in a row does not count.

    Raises:
        UserError: there is no such dimension, the name is empty, longer than 60 characters or holds
            signs that cannot be shown, or the run cannot be written to.
    """
    said = " ".join(name.split())
    if not said:
        raise UserError("A name needs a letter. To have the proposed one back, reset it.")
    if len(said) > LONGEST:
        raise UserError(
            "The name has {n:,} characters; {most} fit on a chart. Shorten it.",
            n=len(said),
            most=LONGEST,
        )
    if _CONTROL.search(said):
        raise UserError("The name holds signs that cannot be shown. Type it by hand.")
    _change(run, dimension, said, latent_dim)


def reset_name(run: RunDirectory, dimension: int, latent_dim: int) -> None:
    """Forget the name that a person gave, so that the proposed one holds again.

    Raises:
        UserError: there is no such dimension, or the run cannot be written to.
    """
    _change(run, dimension, None, latent_dim)


def check(stored: Mapping[str, Any], where: str) -> None:
    """Whether what is stored, by somebody else perhaps, can be shown.

    Raises:
        UserError: it cannot; the message begins with `where`.
    """
    names = stored.get("names")
    fine = (
        isinstance(names, Mapping)
        and len(names) <= _MOST
        and isinstance(stored.get("of"), str)
        and all(
            isinstance(d, str)
            and re.fullmatch(r"[0-9]{1,5}", d)
            and isinstance(name, str)
            and 0 < len(name) <= LONGEST
            and not _CONTROL.search(name)
            for d, name in names.items()
        )
    )
    if not fine:
        raise UserError(
            "{where} does not hold names of dimensions. Delete the file to have the proposed "
            "names back.",
            where=where,
        )


def _change(run: RunDirectory, dimension: int, name: str | None, latent_dim: int) -> None:
    if not 0 <= dimension < latent_dim:
        raise UserError(
            "There is no dimension {dimension}: this run has {n}, counted from 0.",
            dimension=dimension,
            n=latent_dim,
        )
    try:
        with locked(run.path / FILE):
            names = {str(d): said for d, said in read_names(run).items()}
            names.pop(str(dimension), None)
            if name is not None:
                names[str(dimension)] = name
            ordered = dict(sorted(names.items(), key=lambda item: int(item[0])))
            run.write_json(FILE, {"of": _training(run), "names": ordered})
    except OSError as error:
        raise UserError(
            "The name cannot be kept in {path} ({error}). Make room, mend the permissions, or copy "
            "the run to a directory of your own.",
            path=run.path,
            error=str(error.strerror or error),
        ) from error


def _training(run: RunDirectory) -> str:
    """Which training made the run: a shipped run may be trained anew under the same name."""
    return str(run.read_json("config.json").get("created", ""))
