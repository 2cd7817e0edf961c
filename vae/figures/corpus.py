"""What a corpus would give a model to learn from."""

from __future__ import annotations

import pandas as pd

from vae import colours
from vae.corpora.survey import Survey
from vae.figures import frame
from vae.figures.figure import Figure
from vae.i18n import _, pgettext


def sentence_lengths(found: Survey) -> Figure:
    """The histogram of lengths in tokens; the last bar is of all that are as long or longer."""
    low, middle, high = (found.length_quantile(share) for share in (0.05, 0.5, 0.95))
    counts = [(tokens, n) for tokens, n in enumerate(found.lengths) if n]
    fig = frame.figure(210, showlegend=False, bargap=0.08)
    fig.add_bar(
        x=[tokens for tokens, n in counts],
        y=[n for tokens, n in counts],
        marker={"color": colours.MEASURE, "line": {"width": 0}},
        **frame.hover_text(
            [_("{n:,} sentences of {tokens} tokens", n=n, tokens=tokens) for tokens, n in counts]
        ),
    )
    last = max((tokens for tokens, n in counts), default=0)
    fig.update_xaxes(range=[0.5, max(last, 5) + 0.5], showgrid=False)
    frame.axis_title(fig, _("tokens in a sentence"), _("sentences"))
    return Figure(
        name="sentence-lengths",
        question=_("Half have at most {middle} tokens", middle=middle),
        plot=fig,
        alt=_(
            "Histogram of sentence lengths: nine in ten have {low} to {high} tokens.",
            low=low,
            high=high,
        ),
        look_for=_(
            "Nine in ten have {low} to {high} tokens. A tail of very long ones is slow to train "
            "on, and hard to keep in a few numbers.",
            low=low,
            high=high,
        ),
        estimator="",
        table=lambda: pd.DataFrame(
            counts, columns=[pgettext("column", "tokens"), pgettext("column", "sentences")]
        ),
    )
