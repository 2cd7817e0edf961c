"""How good the space is, all told: what evaluation.json says of it, in one table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card
from vae.explorer import Explorer
from vae.report import quality, stored


def show(explorer: Explorer) -> None:
    """Worst probe, steering, analogies and disentanglement; nothing where none was measured."""
    evaluation = explorer.evaluation() or {}
    rows = quality.read(evaluation)
    if not quality.available(rows):
        return
    st.header("How good is it, all told?", anchor=False, divider="gray")
    st.table(shown(rows), border="horizontal", hide_index=True, alt=_alt(rows))
    n = stored.count(evaluation, "n_sentences")
    on = "held-out sentences" if n is None else f"{n:,} {_split(evaluation)} sentences"
    st.caption(
        f"{quality.LOOK_FOR} Measured by `python -m vae evaluate` on {on}; each row says on how "
        f"many it rests. {quality.how(rows)}"
    )
    figure_card.download(table(rows), key="meaning_quality", file_name=f"{explorer.name}-quality")


def shown(rows: list[quality.Quality]) -> pd.DataFrame:
    """The rows as a person reads them; names of labels are shown as they are written."""
    return pd.DataFrame(
        [
            {
                "figure": controls.plain_markdown(row.what),
                "measured": f"**{row.said}**",
                "95% interval": _unbroken(row.between),
                "n": _unbroken(row.size),
                "estimator": row.estimator,
            }
            for row in rows
        ]
    )


def table(rows: list[quality.Quality]) -> pd.DataFrame:
    """The rows as numbers, to be downloaded."""
    return pd.DataFrame(
        [
            {
                "figure": row.what,
                "value": row.value,
                "low (95%)": row.low,
                "high (95%)": row.high,
                "n": row.n,
                "of": row.of,
                "estimator": row.estimator,
            }
            for row in rows
        ]
    ).astype({"n": "Int64"})


def _unbroken(text: str) -> str:
    return text.replace(" ", "\u00a0")


def _alt(rows: list[quality.Quality]) -> str:
    return "; ".join(f"{row.what}: {row.said}" for row in rows) + "."


def _split(evaluation: dict[str, object]) -> str:
    return controls.plain_markdown(quality.named(stored.text(evaluation, "split", "held-out")))
