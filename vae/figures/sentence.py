"""One sentence under the lens: what each word and each dimension costs, and what moves what."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from vae import colours
from vae.diagnostics.attribution import MOST_TOKENS, TOLERANCE, Attribution
from vae.diagnostics.xray import Xray
from vae.figures import frame
from vae.figures.figure import Figure
from vae.figures.posterior import named, posterior_table
from vae.i18n import _, pgettext, sentences

ROW_HEIGHT = 26
SHOWN = 12
"""Dimensions that are drawn one by one."""


# -- what it costs ------------------------------------------------------------------------------


def word_costs(seen: Xray, unknown: Sequence[bool | None]) -> Figure:
    """log p of each of T tokens given the sentence's own z, and given a prior z.

    Args:
        unknown: (T) whether the model does not know a token; None where it does not tell.
    """
    plot = frame.figure(340, barmode="group", bargap=0.25)
    places = list(range(len(seen.tokens)))
    for log_p, name, colour in (
        (seen.log_p, _("given its own z"), colours.POSTERIOR),
        (seen.log_p_prior, _("given a prior z"), colours.PRIOR),
    ):
        plot.add_bar(
            x=places,
            y=log_p.tolist(),
            name=name,
            marker={"color": colour},
            customdata=[frame.plain(token) for token in seen.tokens],
            hovertemplate="%{customdata}: %{y:.2f}<extra></extra>",
        )
    plot.update_xaxes(tickvals=places, ticktext=[frame.plain(token) for token in seen.tokens])
    frame.axis_title(plot, y=_("log p, nats"))
    silent = None in unknown
    return Figure(
        name="tokens",
        question=_("Which words does z tell?"),
        plot=plot,
        alt=_("log p of each of {n} tokens, given its own z and given a prior z.", n=len(places)),
        look_for=_(
            "Look for a bright number over a dark one: a word that only z can tell. Two alike: the "
            "decoder knows the word from grammar, or does not listen. Dark above: z lost the word."
        ),
        estimator=sentences(
            _(
                "log p of each token in nats, its earlier words given: above given the sentence's "
                "own z, below given a prior z (means of {draws} draws each).",
                draws=len(seen.z),
            ),
            _("This model does not tell which words it knows.") if silent else "",
        ),
        table=lambda: _token_table(seen, unknown),
    )


def dimension_costs(seen: Xray, titles: Sequence[str]) -> Figure:
    """The highest KL of a sentence, by dimension, and of all others together.

    Args:
        titles: of all Z dimensions; empty where one has none.
    """
    order = seen.order
    shown, rest = order[:SHOWN], order[SHOWN:]
    y, x = [frame.plain(name) for name in named(shown, titles)], seen.kl[shown].tolist()
    if rest:
        y, x = [*y, _("{n} others", n=len(rest))], [*x, float(seen.kl[rest].sum())]
    plot = frame.figure(ROW_HEIGHT * len(y) + 70, showlegend=False, bargap=0.3)
    plot.add_bar(
        x=x,
        y=y,
        orientation="h",
        marker={
            "color": [colours.RATE] * len(shown) + [colours.NEUTRAL] * bool(rest),
            "pattern": {"shape": [""] * len(shown) + ["/"] * bool(rest), "fgopacity": 0.6},
        },
        text=[f"{value:.2f}" for value in x],
        textposition="outside",
        cliponaxis=False,
        hovertemplate=_("{dimension}: {kl} nats", dimension="%{y}", kl="%{x:.3f}")
        + "<extra></extra>",
    )
    plot.update_yaxes(autorange="reversed", showgrid=False)
    plot.update_xaxes(range=[0, 1.15 * max([*x, 0.1])])
    frame.axis_title(plot, x=_("KL to the prior, nats"))
    return Figure(
        name="dimensions",
        question=_("What does each dimension cost? {nats:.1f} nats in all", nats=seen.rate),
        plot=plot,
        alt=_(
            "Bars of the {n} dimensions of the highest KL of this sentence, and of the "
            "{others} others together.",
            n=len(shown),
            others=len(rest),
        ),
        look_for=_(
            "Look for a few long bars: what is unusual in this sentence. A bad sign: no bar at "
            "all, which is a posterior that equals the prior."
        ),
        estimator=_(
            "KL(q(z_d|x) || N(0, 1)) of this sentence alone, closed form. They sum to the rate."
        ),
        table=lambda: posterior_table(seen.posterior, order, titles),
    )


def _token_table(seen: Xray, unknown: Sequence[bool | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            pgettext("column", "token"): seen.tokens,
            pgettext("column", "unknown"): list(unknown),
            _("log p given z (nats)"): seen.log_p.numpy(),
            _("standard deviation given z"): seen.own.std(0).numpy(),
            _("log p given a prior z (nats)"): seen.log_p_prior.numpy(),
            _("standard deviation given a prior z"): seen.prior.std(0).numpy(),
            _("draws of z"): len(seen.z),
        }
    )


# -- what moves what ----------------------------------------------------------------------------


def words_to_dimensions(
    found: Attribution, tokens: Sequence[str], dims: Sequence[int], titles: Sequence[str]
) -> Figure:
    """Which of T words moves which of D dimensions of the posterior mean: found.values (D, T)."""
    names, values = named(dims, titles), found.values.T.numpy()
    return Figure(
        name="words-to-dimensions",
        question=_("Which word moves which dimension?"),
        plot=_grid(tokens, names, values, _("sd")),
        alt=_("How far each word moves each dimension of the posterior mean."),
        look_for=_(
            "Look for a column with one coloured cell: a dimension that reads one word. A column "
            "coloured all over mixes many words."
        ),
        estimator=sentences(
            _(
                "Integrated gradients of the posterior mean, in standard deviations of the prior, "
                "for the {n} dimensions with the largest KL here. Baseline: the same sentence with "
                "every word's embedding at zero.",
                n=len(dims),
            ),
            completeness(found),
            _cut(len(tokens)),
        ),
        table=lambda: _attribution_table(tokens, names, values),
    )


def dimensions_to_words(
    found: Attribution, tokens: Sequence[str], dims: Sequence[int], titles: Sequence[str]
) -> Figure:
    """Which of Z dimensions raises the log p of which of T words: found.values (T, Z)."""
    explained = tokens[: len(found.values)]
    names, values = with_others(found, dims, titles)
    return Figure(
        name="dimensions-to-words",
        question=_("Which dimension moves which word?"),
        plot=_grid(explained, names, values, _("nats")),
        alt=_("How many nats each dimension adds to the log likelihood of each word."),
        look_for=_(
            "Look for a dark blue cell: that dimension tells the decoder this word. A bad sign: "
            "all faint, a decoder that does not listen."
        ),
        estimator=sentences(
            _(
                "Integrated gradients of log p of each word, its earlier words given, on the way "
                "from z = 0 to the posterior mean; a row sums to what z as a whole adds."
            ),
            completeness(found),
            _cut(len(explained)),
        ),
        table=lambda: _attribution_table(explained, names, values),
    )


def with_others(
    found: Attribution, dims: Sequence[int], titles: Sequence[str]
) -> tuple[list[str], npt.NDArray[np.floating]]:
    """Names and values (T, D) of some dimensions, and of all others together where there are."""
    others = found.values.shape[1] - len(dims)
    names = [*named(dims, titles), *([_("{n} others", n=others)] if others else [])]
    return names, found.with_rest(dims)[:, : len(names)].numpy()


def completeness(found: Attribution) -> str:
    """Whether the sums are what they should be, in a sentence."""
    if found.complete:
        return _(
            "Complete: sums differ from what they explain by less than {error:.1g} ({steps} steps; "
            "tolerance {tolerance:g}).",
            error=max(found.error, 1e-4),
            steps=found.steps,
            tolerance=TOLERANCE,
        )
    return _(
        "Not complete: sums differ from what they explain by up to {error:.2f} after {steps} "
        "steps, more than the tolerance of {tolerance:g}; take the shares as rough.",
        error=found.error,
        steps=found.steps,
        tolerance=TOLERANCE,
    )


def _cut(tokens: int) -> str:
    if tokens <= MOST_TOKENS:
        return ""
    return _("The first {n} tokens; the table has more.", n=MOST_TOKENS)


def _grid(
    tokens: Sequence[str], names: Sequence[str], values: npt.NDArray[np.floating], unit: str
) -> go.Figure:
    """Tokens (T) down, dimensions (D) across, what is added (T, D) as a colour."""
    # No scale is finer than 1, lest a model that keeps nothing glow like one that keeps much.
    most = max(1.0, float(np.abs(values).max(initial=0)))
    plot = frame.figure(22 * min(len(tokens), MOST_TOKENS) + 150)
    plot.add_heatmap(
        z=values[:MOST_TOKENS],
        x=[frame.plain(name) for name in names],
        y=[f"{i + 1} {frame.plain(token)}" for i, token in enumerate(tokens[:MOST_TOKENS])],
        zmin=-most,
        zmax=most,
        colorscale=[list(step) for step in colours.DIVERGING],
        colorbar={"title": {"text": unit}},
        hovertemplate="%{y}, %{x}: %{z:.2f}<extra></extra>",
    )
    plot.update_yaxes(autorange="reversed", showgrid=False)
    return plot


def _attribution_table(
    tokens: Sequence[str], names: Sequence[str], values: npt.NDArray[np.floating]
) -> pd.DataFrame:
    table = pd.DataFrame(values, columns=list(names))
    table.insert(0, pgettext("column", "token"), list(tokens))
    return table
