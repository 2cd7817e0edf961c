"""What the page Meaning shows of the dimensions, made once for all sessions."""

from __future__ import annotations

from dataclasses import dataclass

from pages.common import job_panel, label_words, resources
from vae.errors import UserError
from vae.explorer import Explorer
from vae.studies.dimensions import DimensionStudy, Ends, key_of, read


@dataclass(frozen=True)
class Place:
    """Sentences at a place of a dimension; `gone` are those not on this machine."""

    sentences: tuple[str, ...]
    gone: int


def study(explorer: Explorer) -> DimensionStudy | None:
    """The study of the dimensions, its labels in the reader's language; where it has not been made,
    an offer or its progress, and None.

    Raises:
        UserError: it is damaged, or of another model.
    """
    found = job_panel.study(explorer, "dimensions")
    if found is None:
        return None
    result = read(found)
    if len(result.proposed) != explorer.latent_dim:
        raise UserError(
            "The study of the dimensions is of {studied} dimensions, and this model has {z}. "
            "Measure it again with `python -m vae study {run} dimensions`.",
            studied=len(result.proposed),
            z=explorer.latent_dim,
            run=explorer.run.path,
        )
    return label_words.of_study(result, explorer)


def ends(explorer: Explorer, keys: Ends) -> dict[str, Place]:
    """The sentences at "low", "middle" and "high" of a dimension, looked up on this machine."""
    try:
        atlas = explorer.atlas
    except UserError:  # the page says elsewhere how to get it
        return {}
    rows = _rows(explorer)
    out = {}
    for name in ("low", "middle", "high"):
        wanted = getattr(keys, name)
        found = tuple(atlas.sentences[rows[k]] for k in wanted if k in rows)
        out[name] = Place(found, len(wanted) - len(found))
    return out


@resources.shared(max_entries=6)
def _rows(explorer: Explorer) -> dict[str, int]:
    return {key_of(key): row for row, key in enumerate(explorer.atlas.keys.tolist())}
