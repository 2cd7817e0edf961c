"""One sentence under the lens. Figures and markup only, no Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd
import plotly.graph_objects as go

from pages.explore._sentence import tinted
from vae import colours
from vae.diagnostics.xray import Xray
from vae.figures import frame

ROW_HEIGHT = 26
_WORD = "font-family:'Source Serif',Georgia,'Times New Roman',serif;font-size:1.25rem;"


def formula(seen: Xray) -> str:
    """The ELBO with the numbers put in, as HTML."""
    d, r, elbo = (tinted.number(nats, 2) for nats in (seen.distortion.mean, seen.rate, seen.elbo))

    def term(colour: str, text: str) -> str:
        return (
            f'<span style="border-bottom:0.22em solid {colour};padding:0 0.1em;'
            f'white-space:nowrap;">{text}</span>'
        )

    one, other = colours.DISTORTION, colours.RATE
    return (
        '<p style="margin:0;font-size:1.05rem;">ELBO = '
        f"−({term(one, 'distortion')} + {term(other, 'rate')})</p>"
        f'<p style="margin:0.3rem 0 0;{tinted.MONO}font-size:clamp(1.15rem,2.6vw,2rem);">'
        f"−({term(one, d)} + {term(other, r)}) = <strong>{elbo}</strong> "
        '<span style="font-size:0.6em;">nats</span></p>'
    )


def token_strip(seen: Xray, unknown: Sequence[bool | None]) -> str:
    """Every token in a box with its log p given z above that given a prior z, as HTML.

    Colours go with the numbers; each box tells a screen reader all of it.
    """
    boxes = []
    rows = zip(seen.tokens, unknown, seen.log_p.tolist(), seen.log_p_prior.tolist(), strict=True)
    for token, strange, own, prior in rows:
        label = (
            f"{token}{', unknown' if strange else ''}: {own:.2f} nats given z, "
            f"{prior:.2f} given a prior z"
        )
        edge = "border-bottom:2px dashed currentColor;" if strange else ""
        note = '<span style="font-size:0.75rem;">unknown</span>' if strange else ""
        boxes.append(
            f'<li aria-label="{escape(label)}" title="{escape(label)}" style="min-width:3.4rem;'
            'max-width:100%;text-align:center;overflow-wrap:anywhere;">'
            f'<div style="{_WORD}"><span style="{edge}">{escape(token)}</span> {note}</div>'
            f"{tinted.likelihood(own)}{tinted.likelihood(prior)}</li>"
        )
    return (
        '<ul style="list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;'
        f'gap:0.6rem 0.35rem;">{"".join(boxes)}</ul>{tinted.likelihood_legend()}'
    )


def token_table(seen: Xray, unknown: Sequence[bool | None]) -> pd.DataFrame:
    """One row a token, as it is downloaded."""
    draws = len(seen.z)
    return pd.DataFrame(
        {
            "token": seen.tokens,
            "unknown": list(unknown),
            "log p given z (nats)": seen.log_p.numpy(),
            "standard deviation given z": seen.own.std(0).numpy(),
            "log p given a prior z (nats)": seen.log_p_prior.numpy(),
            "standard deviation given a prior z": seen.prior.std(0).numpy(),
            "draws of z": draws,
        }
    )


def named(dims: Sequence[int], names: Sequence[str]) -> list[str]:
    """The dimensions as they are called in a figure; a person may have named them."""
    return [
        f"dim {d} · {escape(name)}" if name else f"dim {d}"
        for d, name in zip(dims, names, strict=True)
    ]


def kl_bars(labels: Sequence[str], kl: Sequence[float], rest: float, others: int) -> go.Figure:
    """KL of the dimensions that carry most of a sentence, and of all others together."""
    y, x = list(labels), list(kl)
    if others:
        y, x = [*y, f"{others} others"], [*x, rest]
    fig = frame.figure(ROW_HEIGHT * len(y) + 70, showlegend=False, bargap=0.3)
    fig.add_bar(
        x=x,
        y=y,
        orientation="h",
        marker={
            "color": [colours.RATE] * len(kl) + [colours.NEUTRAL] * bool(others),
            "pattern": {"shape": [""] * len(kl) + ["/"] * bool(others), "fgopacity": 0.6},
        },
        text=[f"{value:.2f}" for value in x],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.3f} nats<extra></extra>",
    )
    fig.update_yaxes(autorange="reversed", showgrid=False)
    fig.update_xaxes(range=[0, 1.15 * max([*x, 0.1])])
    frame.axis_title(fig, x="KL to the prior, nats")
    return fig
