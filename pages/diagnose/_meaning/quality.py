"""How good the space is, all told: what the evaluation says of it, in one table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.common import controls, depth, figure_card
from vae.explorer import Explorer
from vae.figures import quality
from vae.i18n import _, listed
from vae.studies import evaluation
from vae.studies.quality import Quality, available, rows

FIRST = 3
"""Rows whose figures are said while the table is closed."""


def show(explorer: Explorer) -> None:
    """Worst probe, steering, analogies and disentanglement; nothing where none was measured."""
    measured = evaluation.fullest(explorer.run)
    found = [] if measured is None else rows(measured)
    if measured is None or not available(found):
        return

    def draw() -> None:
        st.table(shown(found), border="horizontal", hide_index=True, alt=_alt(found))
        st.caption(controls.with_commands(quality.caption(found, measured, explorer.name)))
        figure_card.download(
            quality.table(found), key="meaning_quality", file_name=f"{explorer.name}-quality"
        )

    answer = controls.plain_markdown(_alt(found[:FIRST]))
    depth.section("quality", _("How good is it, all told?"), answer, draw)


def shown(found: list[Quality]) -> pd.DataFrame:
    """The rows as a person reads them; names of labels are shown as they are written."""
    return pd.DataFrame(
        [
            {
                _("figure"): controls.plain_markdown(quality.what(row)),
                _("measured"): f"**{quality.said(row)}**",
                _("95% interval"): _unbroken(quality.between(row)),
                _("n"): _unbroken(quality.size(row)),
                _("estimator"): quality.estimator(row),
            }
            for row in found
        ]
    )


def _unbroken(text: str) -> str:
    return text.replace(" ", "\u00a0")


def _alt(found: list[Quality]) -> str:
    told = (_("{name}: {value}", name=quality.what(row), value=quality.said(row)) for row in found)
    return listed(told, "clauses")
