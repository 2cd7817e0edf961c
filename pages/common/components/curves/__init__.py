"""Curves of training that keep their zoom while they grow: a canvas of our own in the browser.

Plotly and ECharts redraw a chart whose data has changed from its start: zoom and hover are lost at
every update. Here the browser keeps one view for all curves of a group (the steps shown, the step
read, the step of a replay), and new figures are drawn into the same canvas.
"""

from __future__ import annotations

import streamlit as st

from pages.common import figure_card
from pages.common.components.curves.payload import payload
from pages.common.components.source import DOM, source
from vae.figures.curves import Curves
from vae.i18n import _

SCRIPTS = DOM + source(__file__, "draw.js", "view.js", "content.js", "panel.js", "curves.js")
"""All but the tie to Streamlit: `curvesView(root)` and what it is made of."""

STYLE = source(__file__, "curves.css")

# A component is sent with its code whenever its data change, and one that does not change is not
# sent again. So the code is a component of its own, and what is updated carries figures only.
_CODE = st.components.v2.component(
    "latent_lens_curves_code", html="<i></i>", js=SCRIPTS + source(__file__, "code.js")
)
_COMPONENT = st.components.v2.component(
    "latent_lens_curves",
    html='<div class="curves"></div>',
    css=STYLE,
    js=source(__file__, "component.js"),
)


def curves(found: Curves, *, key: str, group: str) -> None:
    """Draw curves, one panel below the other.

    Args:
        key: the same on every rerun.
        group: curves of one group share their steps, zoom and reading, wherever they are drawn,
            and follow the replay of that group.
    """
    with st.container(gap=None):
        _COMPONENT(key=key, data=payload(found, group))
        _CODE(key=f"{key}_code", height=1)


def card(found: Curves, group: str) -> None:
    """Curves as every page shows them: the question, what to look for, the figures."""
    names = "-".join(run.name for run in found.runs[:3])
    figure_card.framed(
        found.question,
        lambda: curves(found, key=f"{found.name}_curves", group=group),
        key=found.name,
        look_for=found.caption,
        table=found.table,
        file_name=f"{names}-{found.name}",
    )


def hint() -> None:
    """Say how curves are zoomed; once on a page."""
    st.caption(
        _(
            "All curves show the same steps: drag across one to zoom in, double-click for all "
            "steps; Ctrl and the wheel, or two fingers, zoom too."
        )
    )
