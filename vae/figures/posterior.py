"""Where does a model place a sentence? Mean and spread of its posterior."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
from torch import Tensor

from vae import colours
from vae.figures import frame, marks
from vae.figures.figure import Figure
from vae.i18n import Message, _, pgettext, sentences
from vae.models import Posterior

ROW_HEIGHT = 24
REACH = 3.5
"""Where the axis ends on both sides: in standard deviations of the prior, which are those of every
run. So a bar that moves is seen to move, and its axis stands."""


def dimensions(
    posterior: Posterior,
    dims: Sequence[int],
    titles: Sequence[str],
    sample: Message,
    before: Posterior | None = None,
) -> Figure:
    """The posterior (1, Z) of a sentence in the D dimensions of the highest KL over many.

    Args:
        titles: of all Z dimensions; empty where one has none.
        sample: the sentences by which the dimensions were ranked.
        before: of the sentence that was looked at before this one; its means are outlines.

    Where the model keeps a point, its code in the dimensions that spread most.
    """
    if posterior.is_point:
        return _code(posterior, dims, titles, sample, before)
    return Figure(
        name="posterior",
        question=_(
            "Where it lies: {z} numbers, at a rate of {nats:.1f} nats",
            nats=float(posterior.kl()[0]),
            z=posterior.mean.shape[1],
        ),
        plot=_bars(posterior, dims, titles, before),
        alt=_alt(dims),
        look_for=_(
            "Look for long bars with short whiskers: what the model is sure of. A bad sign: every "
            "bar at zero with whiskers as wide as the band, which is the prior itself; then "
            "nothing is kept."
        ),
        estimator=sentences(
            _outlined() if before else "",
            _(
                "These are the {n} of {z} dimensions of the highest KL (mean over {sample}), which "
                "is what they cost.",
                n=len(dims),
                z=posterior.mean.shape[1],
                sample=sample,
            ),
        ),
        table=lambda: posterior_table(posterior, dims, titles),
    )


def _code(
    posterior: Posterior,
    dims: Sequence[int],
    titles: Sequence[str],
    sample: Message,
    before: Posterior | None,
) -> Figure:
    values = posterior.mean[0, dims].tolist()
    plot = _rows(dims, titles, before)
    hover = _("{dimension}<br>{value}", dimension="%{y}", value="%{x:.3f}")
    plot.add_bar(
        x=values,
        y=marks.plain(named(dims, titles)),
        orientation="h",
        marker={"color": colours.POSTERIOR, "opacity": 0.6},
        hovertemplate=f"{hover}<extra></extra>",
    )
    frame.axis_title(plot, x=_("the code of this sentence"))
    return Figure(
        name="posterior",
        question=_("What is kept: a point of {z} numbers", z=posterior.mean.shape[1]),
        plot=plot,
        alt=_("Bars of the code of this sentence in {n} dimensions.", n=len(dims)),
        look_for=_(
            "Look for how it moves when you change a word. This model keeps a point: there is no "
            "doubt around it, no prior, and so no rate in nats."
        ),
        estimator=sentences(
            _outlined() if before else "",
            _(
                "These are the {n} of {z} dimensions that spread most (standard deviation of the "
                "code, {sample}).",
                n=len(dims),
                z=posterior.mean.shape[1],
                sample=sample,
            ),
        ),
        table=lambda: pd.DataFrame(
            {
                pgettext("column", "dimension"): list(dims),
                pgettext("column", "label"): [titles[d] for d in dims],
                pgettext("column", "code"): _rounded(posterior.mean, dims),
            }
        ),
    )


def where_it_is(posterior: Posterior, dims: Sequence[int], titles: Sequence[str]) -> Figure:
    """The posterior (1, Z) of a sentence in the D dimensions of its highest KL."""
    return Figure(
        name="posterior",
        question=_("Where is it, and how sure is the model?"),
        plot=_bars(posterior, dims, titles),
        alt=_alt(dims),
        look_for=_(
            "Look for whiskers much shorter than the band: what the model is sure of. A bad sign: "
            "bars at zero with whiskers as wide as the band, which is the prior."
        ),
        estimator=_(
            "Mean of q(z|x) and one standard deviation, in the dimensions of the highest KL of "
            "this x."
        ),
        table=lambda: posterior_table(posterior, dims, titles),
    )


def posterior_table(
    posterior: Posterior, dims: Sequence[int], titles: Sequence[str]
) -> pd.DataFrame:
    """One row a dimension, as it is drawn and downloaded."""
    kl = posterior.kl_per_dimension()
    return pd.DataFrame(
        {
            pgettext("column", "dimension"): list(dims),
            pgettext("column", "label"): [titles[d] for d in dims],
            pgettext("column", "mean"): _rounded(posterior.mean, dims),
            pgettext("column", "standard deviation"): _rounded(posterior.deviation, dims),
            _("KL to the prior (nats)"): _rounded(kl, dims),
        }
    )


def named(dims: Sequence[int], titles: Sequence[str]) -> list[str]:
    """The dimensions as they are called; a person may have given the titles (Z)."""
    return [
        _("dim {d} · {title}", d=d, title=titles[d]) if titles[d] else _("dim {d}", d=d)
        for d in dims
    ]


def _alt(dims: Sequence[int]) -> str:
    return _(
        "Bars of the posterior mean in {n} dimensions, each with its standard deviation.",
        n=len(dims),
    )


def _outlined() -> str:
    return _("Outlines: the sentence before this one.")


def _rows(dims: Sequence[int], titles: Sequence[str], before: Posterior | None) -> go.Figure:
    """A row for each dimension, and the means of another sentence below the bars of this one."""
    # Below that, Plotly has no room for an axis title of two lines.
    height = max(ROW_HEIGHT * len(dims) + 70, 180)
    plot = frame.figure(height, showlegend=False, bargap=0.35)
    plot.add_vline(x=0, line={"color": colours.NEUTRAL, "width": 1})
    plot.update_yaxes(autorange="reversed", showgrid=False)
    if before is not None:
        plot.add_bar(
            x=before.mean[0, dims].tolist(),
            y=marks.plain(named(dims, titles)),
            orientation="h",
            marker={"color": "rgba(0,0,0,0)", "line": {"color": colours.NEUTRAL, "width": 1.5}},
            hoverinfo="skip",
        )
        plot.update_layout(barmode="overlay")
    return plot


def _bars(
    posterior: Posterior,
    dims: Sequence[int],
    titles: Sequence[str],
    before: Posterior | None = None,
) -> go.Figure:
    """Mean of q(z_d | x) as a bar, its standard deviation as a whisker, the prior as a band."""
    plot = _rows(dims, titles, before)
    plot.add_vrect(
        x0=-1, x1=1, fillcolor=colours.faded(colours.PRIOR, 0.16), line_width=0, layer="below"
    )
    deviations = posterior.deviation[0, dims].tolist()
    means = posterior.mean[0, dims].tolist()
    furthest = max((abs(m) + s for m, s in zip(means, deviations, strict=True)), default=0.0)
    reach = REACH if furthest <= REACH else math.ceil(furthest)
    plot.update_xaxes(range=[-reach, reach])
    hover = _(
        "{dimension}<br>mean {mean}, standard deviation {deviation}<br>KL {kl} nats",
        dimension="%{y}",
        mean="%{x:.2f}",
        deviation="%{customdata[0]:.2f}",
        kl="%{customdata[1]:.2f}",
    )
    kl = posterior.kl_per_dimension()[0, dims].tolist()
    plot.add_bar(
        x=means,
        y=marks.plain(named(dims, titles)),
        orientation="h",
        # Light, so that the whisker is seen on its bar.
        marker={"color": colours.POSTERIOR, "opacity": 0.6},
        error_x={
            "type": "data",
            "array": deviations,
            "thickness": 2,
            "width": 5,
            "color": colours.NEUTRAL,
        },
        customdata=list(zip(deviations, kl, strict=True)),
        hovertemplate=f"{hover}<extra></extra>",
    )
    frame.axis_title(plot, x=_("mean of q(z|x); whiskers and band: one sd"))
    return plot


def _rounded(values: Tensor, dims: Sequence[int]) -> list[float]:
    """The first row of values (N, Z) in some dimensions, to four digits behind the point."""
    return [round(value, 4) for value in values[0, dims].tolist()]
