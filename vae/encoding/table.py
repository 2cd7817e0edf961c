"""The columns that say where sentences lie in a latent space."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from vae.errors import UserError
from vae.explorer import Explorer
from vae.models import Posterior


def posterior_columns(
    explorer: Explorer, sentences: Sequence[str], posterior: Posterior, beside: Iterable[str] = ()
) -> dict[str, Any]:
    """Sentences with their unknown words, rate (nats), and (N, Z) mean and log variance.

    A model that keeps a point has the mean alone, which is its code.

    Args:
        beside: names of other columns of the table.

    Raises:
        UserError: another column has the name of one of these.
    """
    columns: dict[str, Any] = {"sentence": list(sentences)}
    if explorer.tells_unknown:
        columns["unknown_words"] = [" ".join(explorer.unknown_words(s)) for s in sentences]
    numbers = {"mean": posterior.mean}
    if not posterior.is_point:
        columns["rate"] = posterior.kl().numpy()
        numbers["logvar"] = posterior.logvar
    for name, values in numbers.items():
        columns |= {f"{name}_{d}": values[:, d].numpy() for d in range(values.shape[1])}
    if twice := sorted(columns.keys() & set(beside)):
        raise UserError(
            "The labels have a column '{column}', and so has the table of posteriors. Name the "
            "labels to keep with --labels, or give it another name.",
            column=twice[0],
        )
    return columns
