"""How alike two spaces sort the same sentences, as figures; no Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from vae import colours
from vae.figures import frame

WHO = {"model": "this model", "words": "bag of words", "encoder": "sentence encoder"}


def pair_name(pair: Mapping[str, Any]) -> str:
    """The two spaces that are compared, for a reader."""
    return f"{WHO[pair['a']]} and {WHO[pair['b']]}"


def agreement(
    pairs: Sequence[Mapping[str, Any]],
    figure: str,
    axis: str,
    lowest: float,
    chance: float,
    height: int = 230,
) -> go.Figure:
    """A mark with its interval for each pair of spaces that was measured.

    Args:
        figure: "overlap" or "correlation".
        axis: what it is, with its range.
        lowest: where the axis begins, above or below what was measured as need be.
        chance: what two spaces that know nothing of each other would give.
    """
    fig = frame.figure(height, showlegend=False)
    shown = [p for p in reversed(pairs) if p[figure] is not None]
    for pair in shown:
        found, of_model = pair[figure], pair["a"] == "model"
        fig.add_trace(
            go.Scatter(
                x=[found["value"]],
                y=[pair_name(pair)],
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [found["high"] - found["value"]],
                    "arrayminus": [found["value"] - found["low"]],
                    "thickness": 2,
                    "width": 7,
                },
                mode="markers+text",
                text=[f"{found['value']:.2f}"],
                textposition="top center",
                marker={
                    "size": 14,
                    "color": colours.POSTERIOR if of_model else colours.NEUTRAL,
                    "symbol": "circle" if of_model else "diamond",
                },
                hovertext=[
                    f"{pair_name(pair)}: {found['value']:.3f}, {found['level']:.0%} interval "
                    f"{found['low']:.3f} to {found['high']:.3f}, n = {found['n']:,} sentences"
                ],
                hoverinfo="text",
            )
        )
    least = min([lowest, *(p[figure]["low"] - 0.05 for p in shown)])
    fig.update_xaxes(range=[least, 1.04])
    fig.update_yaxes(range=[-0.6, len(shown) - 0.2])
    frame.marker_line(fig, chance, f"chance {chance:.2f}")
    frame.axis_title(fig, axis)
    fig.update_layout(margin={"t": 28})
    return fig
