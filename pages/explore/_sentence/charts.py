"""What a model keeps of one sentence. Figures only, no Streamlit."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from vae import colours
from vae.figures import frame

ROW_HEIGHT = 24


def posterior_table(
    dims: Sequence[int],
    names: Sequence[str],
    mean: Sequence[float],
    std: Sequence[float],
    kl: Sequence[float],
) -> pd.DataFrame:
    """One row a dimension, as it is drawn and downloaded."""
    return pd.DataFrame(
        {
            "dimension": list(dims),
            "label": list(names),
            "mean": [round(m, 4) for m in mean],
            "standard deviation": [round(s, 4) for s in std],
            "KL to the prior (nats)": [round(k, 4) for k in kl],
        }
    )


def posterior_bars(table: pd.DataFrame) -> go.Figure:
    """Mean of q(z_d | x) as a bar, its standard deviation as a whisker, the prior as a band."""
    where = [
        f"dim {d} · {name}" if name else f"dim {d}"
        for d, name in zip(table["dimension"], table["label"], strict=True)
    ]
    figure = frame.figure(ROW_HEIGHT * len(table) + 70, showlegend=False, bargap=0.35)
    figure.add_vrect(
        x0=-1, x1=1, fillcolor=colours.faded(colours.PRIOR, 0.16), line_width=0, layer="below"
    )
    figure.add_vline(x=0, line={"color": colours.NEUTRAL, "width": 1})
    figure.add_bar(
        x=table["mean"],
        y=where,
        orientation="h",
        marker={"color": colours.POSTERIOR},
        error_x={
            "type": "data",
            "array": table["standard deviation"],
            "thickness": 2,
            "width": 5,
            "color": colours.NEUTRAL,
        },
        customdata=table[["standard deviation", "KL to the prior (nats)"]],
        hovertemplate="%{y}<br>mean %{x:.2f}, standard deviation %{customdata[0]:.2f}"
        "<br>KL %{customdata[1]:.2f} nats<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    frame.axis_title(figure, x="mean of q(z|x), whisker ± 1 sd; band: prior ± 1")
    return figure
