"""At which words does the decoder listen? What its own z gains a sentence over a foreign one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from vae import colours
from vae.diagnostics.bootstrap import Interval
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.gains import Gain, Listening
from vae.figures import frame, marks
from vae.figures.figure import Figure
from vae.i18n import _, listed, pgettext
from vae.i18n.numbers import plus_minus

By = Literal["position", "part", "frequency", "factor"]
"""What groups words: place, part of the sentence, how frequent they are, what they say."""

MOST_NAMED = 40
"""Groups that an alternative text names."""


def gain_groups(found: Evidence) -> dict[By, tuple[Gain, ...]]:
    """The groups of words that a diagnosis knows of, by what they are grouped by."""
    heard = found.listening
    parts = (heard.opening, heard.rest, heard.end) if heard else ()
    return {
        "position": heard.positions if heard else (),
        "part": tuple(g for g in parts if g is not None),
        "frequency": found.vocabulary,
        "factor": found.factors,
    }


def gains(found: Sequence[Gain], by: By, heard: Listening, *, top: float = 0.0) -> Figure:
    """What each group of words gains over a foreign z, with intervals; places run to the right.

    Args:
        top: where the scale ends at least, in nats a word, of runs that stand beside each other.
    """
    question, axis, look_for = _words(by)
    titles = _titles(found, by)
    names = [frame.plain(title) for title in titles]
    along = by == "position"
    fig = frame.figure(280 if along else 110 + 30 * len(found))
    for name, symbol, colour, over in _over(found):
        told = [
            _(
                "{group}: {nats:.2f} nats a word {over}; {n:,} words",
                group=group,
                nats=gain.value,
                over=name,
                n=g.words,
            )
            for group, gain, g in zip(names, over, found, strict=True)
        ]
        marks.points(
            fig,
            names,
            over,
            name=name,
            hover=told,
            colour=colour,
            symbol=symbol,
            size=10,
            along=along,
        )
    reach = _reach(found, top)
    nats = _("gain, nats a word")
    if along:
        fig.update_xaxes(type="category", showgrid=False, tickangle=0)
        fig.update_yaxes(range=reach)
        frame.axis_title(fig, axis, nats)
    else:
        fig.update_yaxes(type="category", autorange="reversed")
        fig.update_xaxes(range=reach)
        frame.axis_title(fig, nats)
    return Figure(
        name=f"gains-by-{by}",
        question=question,
        plot=fig,
        alt=_(
            "What its own z gains over another's, {groups}: {gains} nats a word.",
            groups=axis,
            gains=listed(
                _("{group} {nats:.2f}", group=title, nats=g.over_another.value)
                for title, g in zip(titles[:MOST_NAMED], found, strict=False)
            ),
        ),
        look_for=look_for,
        estimator=_(
            "Mean log p of a word under its own z less that under the other, one draw of z each; "
            "bars: {level:.0%} intervals over {n:,} sentences. In all its own z gains a sentence "
            "{another} nats over another's z, {prior} over a prior z.",
            level=heard.own.level,
            n=heard.own.n,
            another=plus_minus(heard.over_another),
            prior=plus_minus(heard.over_prior),
        ),
        table=lambda: _gain_table(found, titles),
    )


def _words(by: By) -> tuple[str, str, str]:
    """(question, axis, what to look for)."""
    match by:
        case "position":
            return (
                _("At which words does the decoder listen?"),
                _("word of the sentence"),
                _(
                    "Look for gains along the whole sentence; gains in the first words only are a "
                    "latent that memorises how sentences begin (Bosc and Vincent, 2020). Late "
                    "words gain less where the words before give them away. A foreign z misleads, "
                    "so it may cost more nats than the rate has."
                ),
            )
        case "part":
            return (
                _("Is it the beginning, the end, or all of the sentence?"),
                _("part of the sentence"),
                _(
                    "Look for gains well above zero in the rest, too. Words that are easy to guess "
                    "gain little, and may be heard all the same: the table says what share of "
                    "their surprise z takes away."
                ),
            )
        case "frequency":
            return (
                _("Does it hear rare words, or common ones?"),
                _("rank in the training text"),
                _(
                    "Rank 1 is the most frequent word of the training text. Gains of the rare "
                    "words are content; gains of frequent ones alone are grammar."
                ),
            )
        case "factor":
            return (
                _("Which factors does it hear?"),
                _("words that say a factor"),
                _(
                    "A factor's words are those that change when the sentence is rendered with "
                    "another value of it; a word may count for several. A factor at zero is not "
                    "read from z."
                ),
            )


def _over(found: Sequence[Gain]) -> list[tuple[str, str, str, list[Interval]]]:
    """(name, shape, colour, gains) of each foreign z."""
    return [
        (
            _("over another sentence's z"),
            "square",
            colours.POSTERIOR,
            [g.over_another for g in found],
        ),
        (_("over a prior z"), "diamond", colours.PRIOR, [g.over_prior for g in found]),
    ]


def _reach(found: Sequence[Gain], top: float) -> list[float]:
    """The ends of the scale; a gain that is negative by chance is seen."""
    most = max(top, 0.1, *(g.over_another.high for g in found))
    lowest = min(0.0, *(min(g.over_another.low, g.over_prior.low) for g in found))
    return [lowest - 0.03 * most, most * 1.05]


def _titles(found: Sequence[Gain], by: By) -> list[str]:
    """The groups by name; parts of a sentence are named here, all else by what was measured."""
    if by != "part":
        return [g.title for g in found]
    parts = {"opening": _("the first words"), "rest": _("the rest"), "end": _("its end")}
    return [parts[g.name] for g in found]


def _gain_table(found: Sequence[Gain], titles: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                _("words that"): title,
                pgettext("column", "words"): g.words,
                pgettext("column", "sentences"): g.over_another.n,
                _("log p under own z"): g.own,
                _("under another's z"): g.another,
                _("under a prior z"): g.prior,
                _("gain over another's"): g.over_another.value,
                pgettext("column", "low"): g.over_another.low,
                pgettext("column", "high"): g.over_another.high,
                _("gain over a prior z"): g.over_prior.value,
                _("prior low"): g.over_prior.low,
                _("prior high"): g.over_prior.high,
                _("share of surprise taken"): g.resolved.value,
                _("share low"): g.resolved.low,
                _("share high"): g.resolved.high,
            }
            for title, g in zip(titles, found, strict=True)
        ]
    )
