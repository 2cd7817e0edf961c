"""How good the space is, all told: what the evaluation says of it, in one table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card
from vae.explorer import Explorer
from vae.i18n import _, listed
from vae.report import quality, quality_rows
from vae.studies.evaluation import figures_of


def show(explorer: Explorer) -> None:
    """Worst probe, steering, analogies and disentanglement; nothing where none was measured."""
    evaluation = figures_of(explorer.run) or {}
    rows = quality_rows.read(evaluation)
    if not quality.available(rows):
        return
    st.header(_("How good is it, all told?"), anchor=False, divider="gray")
    st.table(shown(rows), border="horizontal", hide_index=True, alt=_alt(rows))
    st.caption(controls.with_commands(quality.caption(rows, evaluation, explorer.name)))
    figure_card.download(
        quality.table(rows), key="meaning_quality", file_name=f"{explorer.name}-quality"
    )


def shown(rows: list[quality.Quality]) -> pd.DataFrame:
    """The rows as a person reads them; names of labels are shown as they are written."""
    return pd.DataFrame(
        [
            {
                _("figure"): controls.plain_markdown(row.what),
                _("measured"): f"**{row.said}**",
                _("95% interval"): _unbroken(row.between),
                _("n"): _unbroken(row.size),
                _("estimator"): row.estimator,
            }
            for row in rows
        ]
    )


def _unbroken(text: str) -> str:
    return text.replace(" ", "\u00a0")


def _alt(rows: list[quality.Quality]) -> str:
    return listed((_("{name}: {value}", name=row.what, value=row.said) for row in rows), "clauses")
