"""Curves of training that keep their zoom while they grow: a canvas of our own in the browser.

Plotly and ECharts redraw a chart whose data has changed from its start: zoom and hover are lost at
every update. Here the browser keeps one view for all curves of a group (the steps shown, the step
read, the step of a replay), and new figures are drawn into the same canvas.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from pages.common.components.curves.panels import (
    Panel,
    Run,
    elbo,
    information,
    losses,
    message,
    rates,
)

__all__ = ["SCRIPTS", "STYLE", "Panel", "Run", "curves", "elbo", "information", "losses", "rates"]

_HERE = Path(__file__).parent


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


SCRIPTS = "\n".join(map(_read, ("draw.js", "view.js", "content.js", "panel.js", "curves.js")))
"""All but the tie to Streamlit: `curvesView(root)` and what it is made of."""

STYLE = _read("curves.css")

# A component is sent with its code whenever its data change, and one that does not change is not
# sent again. So the code is a component of its own, and what is updated carries figures only.
_CODE = st.components.v2.component(
    "latent_lens_curves_code", html="<i></i>", js=SCRIPTS + _read("code.js")
)
_COMPONENT = st.components.v2.component(
    "latent_lens_curves",
    html='<div class="curves"></div>',
    css=STYLE,
    js=_read("component.js"),
)


def curves(panels: Sequence[Panel], runs: Sequence[Run], *, key: str, group: str, alt: str) -> None:
    """Draw panels of runs, one below the other.

    Args:
        panels: of `losses`, `elbo`, `rates` or `information`, made of the same runs.
        runs: told apart by colour, dash, shape and name where there are several.
        key: the same on every rerun.
        group: curves of one group share their steps, zoom and reading, wherever they are drawn,
            and follow the replay of that group.
        alt: what is shown, in a sentence, for who cannot see it.
    """
    with st.container(gap=None):
        _COMPONENT(key=key, data=message(panels, runs, group=group, alt=alt))
        _CODE(key=f"{key}_code", height=1)
