"""What a class says, and what it has learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from vae import colours
from vae.classroom.gain import Gain
from vae.classroom.inventory import Question
from vae.classroom.outcome import Outcome
from vae.figures import frame
from vae.figures.figure import Figure
from vae.i18n import _, listed, ngettext, pgettext, sentences

Round = tuple[str, Mapping[str | None, int]]
"""What was asked for ("Predicted"), and how often each choice was said; None: not known."""

_LINE = 34
_LOOKS = (("#0072B2", ""), ("#B9770E", "/"))


def said_by_class(
    question: str, choices: Mapping[str, str], rounds: Sequence[Round], right: str | None = None
) -> Figure:
    """How many pupils said what.

    Args:
        question: what they were asked.
        choices: value to text, in their order.
        rounds: one or two: predictions, and observations beside them.
        right: the choice that is marked as what happened; None keeps it hidden.
    """
    texts: dict[str | None, str] = dict(choices.items())
    texts[None] = _("I don't know")
    names = [_named(text, right is not None and value == right) for value, text in texts.items()]
    height = 70 + (54 if len(rounds) == 1 else 74) * len(texts)
    fig = frame.figure(height, barmode="group", bargap=0.25)
    for (title, counted), (colour, pattern) in zip(rounds, _LOOKS, strict=False):
        numbers = [counted.get(value, 0) for value in texts]
        fig.add_bar(
            x=numbers,
            y=names,
            name=title,
            orientation="h",
            text=numbers,
            textposition="outside",
            cliponaxis=False,
            marker={"color": colour, "pattern": {"shape": pattern}},
            **frame.hover_text(
                [
                    ngettext(
                        "{round}: {n:,} pupil: {choice}",
                        "{round}: {n:,} pupils: {choice}",
                        n,
                        round=title,
                        choice=frame.plain(text),
                    )
                    for n, text in zip(numbers, texts.values(), strict=True)
                ]
            ),
        )
    most = max((n for _title, counted in rounds for n in counted.values()), default=0)
    fig.update_yaxes(type="category", autorange="reversed", showgrid=False)
    fig.update_xaxes(range=[0, max(most, 1) * 1.12], dtick=max(1, -(-most // 6)))
    fig.update_layout(showlegend=len(rounds) > 1)
    frame.axis_title(fig, _("pupils"))
    return Figure(
        name="class-said",
        question=question,
        plot=fig,
        alt=listed(
            (
                _(
                    "{round}: {n:,} say “{choice}”",
                    round=title,
                    n=counted.get(value, 0),
                    choice=text,
                )
                for title, counted in rounds
                for value, text in texts.items()
            ),
            "clauses",
        ),
        look_for=_(
            "Look for two choices with many pupils each: let them convince each other before you "
            "show what happens (Crouch and Mazur, 2001). A choice that nobody takes teaches "
            "nothing."
        ),
        estimator=_("The last answer of each pupil counts."),
        table=lambda: pd.DataFrame(
            {pgettext("column", "choice"): list(texts.values())}
            | {title: [counted.get(value, 0) for value in texts] for title, counted in rounds}
        ),
    )


def _named(text: str, right: bool) -> str:
    lines = frame.wrapped(("✓ " if right else "") + text, _LINE)
    said = "<br>".join(map(frame.plain, lines))
    return f"<b>{said}</b>" if right else said


def before_after(found: Outcome, asked: Sequence[Question]) -> Figure:
    """Share of right answers to each question, before and after, with the class's gain."""
    shown = [q for q in asked if found.questions[q.id].n]
    names = [q.id for q in shown]
    gains = [found.questions[q.id] for q in shown]
    fig = frame.figure(110 + 30 * max(len(shown), 2))
    for name, gain in zip(names, gains, strict=True):
        fig.add_scatter(
            x=[gain.before, gain.after],
            y=[name, name],
            mode="lines",
            line={"color": colours.NEUTRAL, "width": 3},
            hoverinfo="skip",
            showlegend=False,
        )
    for title, symbol, colour, values in (
        (_("before"), "circle-open", "#0072B2", [g.before for g in gains]),
        (_("after"), "circle", colours.HEALTHY, [g.after for g in gains]),
    ):
        fig.add_scatter(
            x=values,
            y=names,
            mode="markers",
            name=title,
            marker={"size": 13, "symbol": symbol, "color": colour, "line": {"width": 3}},
            **frame.hover_text(
                [
                    "<br>".join(
                        [*map(frame.plain, frame.wrapped(q.text, 60)), frame.plain(gain_said(g))]
                    )
                    for q, g in zip(shown, gains, strict=True)
                ]
            ),
        )
    fig.update_yaxes(type="category", autorange="reversed")
    fig.update_xaxes(range=[-0.03, 1.03], tickformat=".0%")
    frame.axis_title(fig, _("share of right answers"), _("question (lesson.number)"))
    return Figure(
        name="before-after",
        question=_("What was learned? {gain}", gain=gain_said(found.whole)),
        plot=fig,
        alt=listed(
            (
                _("Question {id}: {gain}", id=name, gain=gain_said(g))
                for name, g in zip(names, gains, strict=True)
            ),
            "sentences",
        ),
        look_for=_(
            "Look for long lines to the right. A point that stays, or goes left, names the lesson "
            "to be taught again; a question that all knew before tells nothing."
        ),
        estimator=sentences(
            _(
                "Gain: what was learned of what there was to learn, (after − before) / (1 − "
                "before) of the class's means (Hake, 1998), over the pupils who answered both "
                "times; 95% bootstrap over pupils, from 5 pupils on. Who does not know is not "
                "right."
            ),
            _change_said(found),
        ),
        table=lambda: _table(shown, gains, found.whole),
    )


def _change_said(found: Outcome) -> str:
    if found.change is None:
        return ""
    return _(
        "Mean change of the single pupils (Marx and Cummings, 2007): {value:.2f}, {low:.2f} to "
        "{high:.2f}, n = {n:,}.",
        value=found.change.value,
        low=found.change.low,
        high=found.change.high,
        n=found.change.n,
    )


def gain_said(gain: Gain) -> str:
    """Before, after, gain and its interval, in a sentence."""
    if not gain.n:
        return _("Nobody has answered both times yet.")
    shares = {"before": gain.before, "after": gain.after, "n": gain.n}
    if gain.gain is None:
        return _("{before:.0%} right before, {after:.0%} after (n = {n:,}).", **shares)
    if gain.low is None:
        return _(
            "{before:.0%} right before, {after:.0%} after: gain {gain:.2f} (n = {n:,}).",
            gain=gain.gain,
            **shares,
        )
    return _(
        "{before:.0%} right before, {after:.0%} after: gain {gain:.2f}, {low:.2f} to {high:.2f} "
        "(n = {n:,}).",
        gain=gain.gain,
        low=gain.low,
        high=gain.high,
        **shares,
    )


def _table(asked: Sequence[Question], gains: Sequence[Gain], whole: Gain) -> pd.DataFrame:
    rows = [(q.id, q.text, g) for q, g in zip(asked, gains, strict=True)]
    rows.append((_("all"), "", whole))
    return pd.DataFrame(
        [(i, text, g.n, g.before, g.after, g.gain, g.low, g.high) for i, text, g in rows],
        columns=[
            pgettext("column", "question"),
            pgettext("column", "text"),
            pgettext("column", "n"),
            pgettext("column", "before"),
            pgettext("column", "after"),
            pgettext("column", "gain"),
            _("{level:.0%} from", level=0.95),
            pgettext("end of an interval", "to"),
        ],
    )
