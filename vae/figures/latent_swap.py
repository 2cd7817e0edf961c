"""Does the decoder listen to z? What a sentence's own z gains over a foreign one, and where."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vae import colours
from vae.diagnostics.bootstrap import Floats
from vae.diagnostics.gains import Listening
from vae.diagnostics.latent_swap import finding
from vae.figures import frame, marks
from vae.figures.figure import Figure
from vae.i18n import _, listed, pgettext
from vae.i18n.numbers import plus_minus


def listening(found: Listening, *, ends: tuple[float, float] | None = None) -> Figure:
    """log p(x|z) of sentences under their own z, another sentence's, and one from the prior.

    Args:
        ends: of the scale in nats, of runs that stand beside each other.
    """
    rows = {
        _("its own z"): (found.own, colours.OWN_SENTENCE, "circle"),
        _("another sentence's z"): (found.another, colours.POSTERIOR, "square"),
        _("a prior z"): (found.prior, colours.PRIOR, "diamond"),
    }
    fig = frame.figure(180, showlegend=False)
    for name, (score, colour, symbol) in rows.items():
        marks.points(
            fig,
            [name],
            [score],
            name=name,
            hover=[_("{z}: {nats:.2f} nats a sentence", z=name, nats=score.value)],
            colour=colour,
            symbol=symbol,
            size=12,
        )
    fig.update_yaxes(type="category", autorange="reversed")
    if ends:
        room = 0.06 * max(ends[1] - ends[0], 0.1)
        fig.update_xaxes(range=[ends[0] - room, ends[1] + room])
    frame.axis_title(fig, _("mean log p(x|z), nats a sentence"))
    named = {name: score for name, (score, *_style) in rows.items()}
    return Figure(
        name="listening",
        question=finding(found.own.value, found.another.value, found.prior.value),
        plot=fig,
        alt=_(
            "Mean log p(x|z): {scores} nats a sentence.",
            scores=listed(
                _("{z} {nats:.1f}", z=name, nats=score.value) for name, score in named.items()
            ),
        ),
        look_for=_(
            "Look for a first point far to the right of the others. Three points above each "
            "other: the decoder finds a sentence as likely under any z."
        ),
        estimator=_(
            "Means over {n:,} sentences, one draw of z each, nats; bars: {level:.0%} intervals. "
            "Another's z costs {another} nats, a prior z {prior}.",
            n=found.own.n,
            level=found.own.level,
            another=plus_minus(found.over_another),
            prior=plus_minus(found.over_prior),
        ),
        table=lambda: frame.estimates("z", named, _("log p(x|z), nats a sentence")),
    )


def token_scores(
    tokens: Sequence[str], rows: Sequence[str], scores: Floats, *, low: float = 0.0
) -> Figure:
    """What each token of a sentence costs, -log p, under each source of z; bright is cheap.

    Args:
        tokens: T tokens.
        rows: where each z comes from, in words.
        scores: (rows, T) nats.
        low: the dark end of the scale, in nats, of runs that stand beside each other; the lowest of
            the scores where it is zero.
    """
    totals = scores.sum(1)
    fig = frame.figure(260)
    fig.add_heatmap(
        x=list(range(len(tokens))),
        y=list(rows),
        z=-scores,
        zmin=0,
        zmax=-(low or float(scores.min())),
        colorscale=colours.SEQUENTIAL,
        reversescale=True,
        xgap=2,
        ygap=3,
        text=[[f"{-v:.0f}".replace("-0", "0") for v in row] for row in scores],
        texttemplate="%{text}" if len(tokens) <= 16 else None,
        textfont={"size": 12},
        colorbar={"title": {"text": _("−log p, nats"), "side": "right"}, "thickness": 10},
        **frame.hover_text(
            [
                [
                    _("“{token}” under {z}: {nats:.2f} nats", token=t, z=z, nats=-float(v))
                    for t, v in zip(map(frame.plain, tokens), values, strict=True)
                ]
                for z, values in zip(rows, scores, strict=True)
            ]
        ),
    )
    fig.update_xaxes(
        tickvals=list(range(len(tokens))),
        ticktext=[frame.plain(t) for t in tokens],
        tickangle=-40,
        showgrid=False,
    )
    fig.update_yaxes(autorange="reversed", showgrid=False)
    return Figure(
        name="token-log-likelihoods",
        question=_("Which of these words does z tell?"),
        plot=fig,
        alt=_(
            "Log likelihood of each word of the sentence under each z, in all: {totals} nats.",
            totals=listed(
                _("{z} {nats:.1f}", z=z, nats=float(v)) for z, v in zip(rows, totals, strict=True)
            ),
        ),
        look_for=_(
            "Look for a bright first row above dark ones. Rows alike: z tells the decoder nothing."
        ),
        estimator=_(
            "Numbers: −log p of each word in nats, its earlier words given. One draw of z a row."
        ),
        table=lambda: pd.DataFrame(
            {
                pgettext("column", "source"): rows,
                **{f"{i} {t}": scores[:, i - 1] for i, t in enumerate(tokens, 1)},
                pgettext("column", "total"): totals,
            }
        ),
    )
