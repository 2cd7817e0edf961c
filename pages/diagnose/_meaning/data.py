"""What the page Meaning shows of the dimensions, made once for all sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.common import job_panel, resources
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent.naming import bits
from vae.studies.dimensions import DimensionStudy, key, read
from vae.studies.dimensions import Ends as Keys


@dataclass(frozen=True)
class Place:
    """Sentences at a place of a dimension; `gone` are those not on this machine."""

    sentences: tuple[str, ...]
    gone: int


def study(explorer: Explorer) -> DimensionStudy | None:
    """The study of the dimensions; where it has not been made, an offer or its progress, and None.

    Raises:
        UserError: it is damaged, or of another model.
    """
    found = job_panel.study(explorer, "dimensions")
    if found is None:
        return None
    result = read(found)
    if len(result.proposed) != explorer.latent_dim:
        raise UserError(
            f"The study of the dimensions is of {len(result.proposed)} dimensions, and this model "
            f"has {explorer.latent_dim}. Measure it again with "
            f"`python -m vae study {explorer.run.path} dimensions`."
        )
    return result


def ends(explorer: Explorer, keys: Keys) -> dict[str, Place]:
    """The sentences at "low", "middle" and "high" of a dimension, looked up on this machine."""
    try:
        atlas = explorer.atlas
    except UserError:  # the page says elsewhere how to get it
        return {}
    rows = _rows(str(explorer.run.path), resources.version(explorer.run), explorer)
    out = {}
    for name in ("low", "middle", "high"):
        wanted = getattr(keys, name)
        found = tuple(atlas.sentences[rows[k]] for k in wanted if k in rows)
        out[name] = Place(found, len(wanted) - len(found))
    return out


@st.cache_resource(max_entries=6, show_spinner=False)
def _rows(path: str, version: str, _explorer: Explorer) -> dict[str, int]:
    return {key(sentence): row for row, sentence in enumerate(_explorer.atlas.sentences)}


def information_table(
    found: DimensionStudy, dims: Sequence[int], titles: Sequence[str]
) -> pd.DataFrame:
    """A row for each dimension and label: bits, interval, chance, share of the label's entropy."""
    rows = []
    for d, title in zip(dims, titles, strict=True):
        for told in found.told:
            rank = sorted(told.value, reverse=True).index(told.value[d]) + 1
            rows.append(
                {
                    "dimension": d,
                    "name": title,
                    "label": told.label,
                    "bits": round(bits(told.value[d]), 4),
                    "low (95%)": round(bits(told.low[d]), 4),
                    "high (95%)": round(bits(told.high[d]), 4),
                    "most of shuffled labels, bits": round(bits(told.chance[d]), 4),
                    "share of the label": round(min(1.0, told.value[d] / told.entropy), 4),
                    "KL of the dimension, bits": round(bits(found.kl.value[d]), 4),
                    "rank among the dimensions": rank,
                    "sentences": found.n,
                }
            )
    return pd.DataFrame(rows)


def changes_table(found: DimensionStudy, d: int) -> pd.DataFrame:
    """A row for each label: how often it changes along dimension d, and along random directions."""
    return pd.DataFrame(
        [
            {
                "label": changed.label,
                "changes": changed.value[d],
                "low (95%)": changed.low[d],
                "high (95%)": changed.high[d],
                "along a random direction": changed.random.value if changed.random else None,
                "random, low (95%)": changed.random.low if changed.random else None,
                "random, high (95%)": changed.random.high if changed.random else None,
                "sentences": found.moved.readable[d],
                "read by": found.moved.read_by,
            }
            for changed in found.moved.labels
        ]
    )
