"""Does the decoder listen to z? What a sentence's own z gains over a foreign one, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from vae import colours
from vae.diagnostics.bootstrap import Floats, Interval
from vae.diagnostics.evidence import Evidence
from vae.diagnostics.gains import Gain, Listening
from vae.diagnostics.latent_swap import finding
from vae.figures import frame, marks
from vae.figures.figure import Figure
from vae.i18n import _, listed, pgettext
from vae.i18n.numbers import plus_minus

By = Literal["position", "part", "frequency", "factor"]
"""What groups words: place, part of the sentence, how frequent they are, what they say."""

MOST_NAMED = 40
"""Groups that an alternative text names."""


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


# -- words ----------------------------------------------------------------------------------------


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


# -- one sentence ---------------------------------------------------------------------------------


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
