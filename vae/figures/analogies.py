"""Does a − b + c say what it should? Where a grammar knows the answer."""

from __future__ import annotations

import pandas as pd

from vae.figures import marks
from vae.figures.figure import Figure
from vae.i18n import _, listed, sentences
from vae.studies.directions_read import Analogies


def analogies(found: Analogies) -> Figure:
    """How often the decoder says exactly what it should, for each factor that changes."""
    order = sorted(found.per_factor, key=lambda each: -each.exact_match.value)
    plot = marks.rows(len(order), showlegend=False)
    marks.bars(
        plot,
        [each.factor for each in order],
        [each.exact_match for each in order],
        name=_("exact match"),
        hover=[
            _(
                "{factor}: {share:.0%} ({low:.0%} to {high:.0%}) of {n:,}",
                factor=each.factor,
                share=each.exact_match.value,
                low=each.exact_match.low,
                high=each.exact_match.high,
                n=each.exact_match.n,
            )
            for each in order
        ],
    )
    marks.share_axis(plot, _("share of analogies that are exactly right"))
    rate = found.exact_match
    return Figure(
        name="analogies",
        question=_(
            "How often is a − b + c exactly right? In {share:.1%} of {n:,}",
            share=rate.value,
            n=found.n,
        ),
        plot=plot,
        alt=_(
            "Bars of how often a − b + c gives exactly the expected sentence, for {factors} "
            "factors, with 95% intervals.",
            factors=len(order),
        ),
        look_for=_(
            "A bad sign: a factor far below the others cannot be moved alone. Nothing changed in "
            "{unchanged:.0%}; {ceiling:.0%} of the expected sentences come back from their own "
            "mean, which is the most that arithmetic can reach.",
            unchanged=found.unchanged.value,
            ceiling=found.ceiling.value,
        ),
        estimator=sentences(_sample(found), *_never_alone(found)),
        table=lambda: pd.DataFrame(
            [
                {
                    _("factor"): each.factor,
                    **marks.ends(each.exact_match, _("exact match")),
                    _("analogies"): each.exact_match.n,
                }
                for each in order
            ]
        ),
    )


def _sample(found: Analogies) -> str:
    return _(
        "{low:.0%} to {high:.0%} (95%, Wilson 1927), n = {n:,} analogies over held-out sentences "
        "of which one factor changes; the grammar knows the expected sentence.",
        low=found.exact_match.low,
        high=found.exact_match.high,
        n=found.n,
    )


def _never_alone(found: Analogies) -> list[str]:
    if not found.never_alone:
        return []
    return [_("Never alone: {factors}.", factors=listed(found.never_alone))]
