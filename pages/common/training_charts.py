"""How a run learned, as figures; nats a sentence throughout. No Streamlit."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from pages.common import charts, palette
from vae.runs.history import History, column, rate_by_dimension, thinned

MOST_POINTS = 400
"""Points of a line that is drawn; the download has them all."""

_STEP = "step %{x:,.0f}: %{y:.2f}"


def _parts(rows: int, height: int, weights: list[float]) -> go.Figure:
    fig = make_subplots(
        rows=rows, cols=1, shared_xaxes=True, vertical_spacing=0.06, row_heights=weights
    )
    charts.frame(fig, height)
    fig.update_yaxes(rangemode="tozero")
    return fig


def losses(history: History, height: int = 460) -> go.Figure:
    """Distortion, rate and beta on one axis of steps; validation as points."""
    fig = _parts(3, height, [0.4, 0.4, 0.2])
    fields = ["distortion", "rate", "beta"]
    x, means = thinned(
        column(history.steps, "step"), [column(history.steps, f) for f in fields], MOST_POINTS
    )
    checked = column(history.validations, "step")
    units = {"distortion": ", nats", "rate": ", nats", "beta": ""}
    for row, (name, y) in enumerate(zip(fields, means, strict=True), start=1):
        colour = palette.MEANINGS[name]
        fig.add_trace(
            go.Scatter(
                x=x,
                y=y,
                mode="lines",
                name="training",
                line={"color": colour, "width": 2},
                showlegend=row == 1,
                legendgroup="training",
                hovertemplate=f"{name}, training, {_STEP}<extra></extra>",
            ),
            row=row,
            col=1,
        )
        if name != "beta":
            fig.add_trace(
                go.Scatter(
                    x=checked,
                    y=column(history.validations, name),
                    mode="markers",
                    name="validation",
                    marker={"color": colour, "size": 7, "symbol": "diamond-open"},
                    showlegend=row == 1,
                    legendgroup="validation",
                    hovertemplate=f"{name}, validation, {_STEP}<extra></extra>",
                ),
                row=row,
                col=1,
            )
        charts.axis_title(fig, y=f"{name}{units[name]}", row=row, col=1)
    if len(means[0]):
        # The first updates are far above all that follows; leave them out of the frame.
        settled = np.concatenate([means[0][len(means[0]) // 10 :], [0.0]])
        fig.update_yaxes(range=[0, float(np.nanmax(settled)) * 1.08], row=1, col=1)
    charts.axis_title(fig, x="step (updates made)", row=3, col=1)
    return fig


def elbo(history: History, height: int = 320) -> go.Figure:
    """ELBO of training and validation at each validation; the kept weights are marked."""
    fig = charts.figure(height)
    x = column(history.validations, "step")
    for field, name, dash, symbol in (
        ("train_elbo", "training", "dot", "circle-open"),
        ("elbo", "validation", "solid", "diamond"),
    ):
        fig.add_trace(
            go.Scatter(
                x=x,
                y=column(history.validations, field),
                mode="lines+markers",
                name=name,
                line={"color": palette.MEASURE, "dash": dash, "width": 2},
                marker={"symbol": symbol, "size": 6},
                hovertemplate=f"{name} ELBO, {_STEP} nats<extra></extra>",
            )
        )
    if best := history.best:
        text = "kept" if best.get("best") else "best so far"
        charts.marker_line(fig, float(best["step"]), text)
    values = np.concatenate([column(history.validations, f) for f in ("elbo", "train_elbo")])
    if len(finite := values[np.isfinite(values)]):
        low, high = float(np.percentile(finite, 8)), float(finite.max())
        pad = 0.12 * max(high - low, 1e-6)
        fig.update_yaxes(range=[low - pad, high + pad])
    charts.axis_title(fig, "step (updates made)", "ELBO, nats a sentence")
    return fig


def rate_heat_map(history: History, height: int = 420) -> go.Figure:
    """KL of each dimension at each validation, the dimension that ends highest at the top."""
    steps, table, order = rate_by_dimension(history)
    fig = charts.figure(height)
    fig.add_trace(
        go.Heatmap(
            x=steps,
            y=[f"dim {d}" for d in order],
            z=table,
            colorscale=palette.SEQUENTIAL,
            zmin=0,
            colorbar={"title": {"text": "nats", "side": "top"}, "thickness": 12},
            hovertemplate="%{y}, step %{x:,.0f}: %{z:.2f} nats<extra></extra>",
        )
    )
    fig.update_yaxes(autorange="reversed", showgrid=False, title_text="dimension, by final rate")
    if len(order) > 24:
        fig.update_yaxes(tickvals=[f"dim {d}" for d in order[::2]])
    fig.update_xaxes(showgrid=False, title_text="step (updates made)")
    return fig


def information(history: History, latent_dim: int, height: int = 420) -> go.Figure:
    """Active units, and mutual information under its ceiling, at each validation."""
    fig = _parts(2, height, [0.5, 0.5])
    x = column(history.validations, "step")
    rows = (
        ("active_units", "active units", "dimensions", palette.POSTERIOR, "square"),
        ("mutual_information", "mutual information", "nats", palette.MEASURE, "circle"),
    )
    for row, (field, name, unit, colour, symbol) in enumerate(rows, start=1):
        fig.add_trace(
            go.Scatter(
                x=x,
                y=column(history.validations, field),
                mode="lines+markers",
                name=name,
                showlegend=False,
                line={"color": colour, "width": 2},
                marker={"symbol": symbol, "size": 6},
                hovertemplate=f"{name}, {_STEP} {unit}<extra></extra>",
            ),
            row=row,
            col=1,
        )
        charts.axis_title(fig, y="information, nats" if unit == "nats" else name, row=row, col=1)
    charts.level(fig, latent_dim, f"all {latent_dim}", row=1, col=1)
    fig.update_yaxes(range=[0, latent_dim * 1.18 + 0.5], row=1, col=1)
    if history.validations:
        ceiling = float(history.validations[-1].get("mutual_information_ceiling", np.nan))
        if np.isfinite(ceiling):
            text = f"ceiling of the estimator, {ceiling:.2f}"
            charts.level(fig, ceiling, text, dash="dash", row=2, col=1)
            fig.update_yaxes(range=[0, ceiling * 1.2], row=2, col=1)
    charts.axis_title(fig, x="step (updates made)", row=2, col=1)
    return fig
