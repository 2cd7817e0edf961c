"""Does steering flip a property, and does all else stay?"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from vae import colours
from vae.diagnostics.bootstrap import Interval
from vae.figures import frame, marks
from vae.figures.figure import Figure
from vae.figures.steering_tables import effects_table, stays_table
from vae.i18n import _, listed, sentences
from vae.latent.steering import Count
from vae.studies.directions_read import DirectionsStudy
from vae.studies.effects import Effects, of_label

FLIPS = (colours.LABELS[5], "circle", "solid")
STAYS = (colours.LABELS[0], "square", "solid")
BOTH = (colours.LABELS[2], "diamond", "dash")
CONTROL = (colours.NEUTRAL, "x-thin-open", "dot")


def steering_curves(found: Effects, at: float | None = None) -> Figure:
    """Shares that flip, and in which all else stays, over the strength of the step.

    Args:
        at: a strength to be marked.
    """
    curve = found.along
    plot = frame.figure(360, hovermode="x unified")
    _line(plot, curve.strengths, curve.flips, _("flips"), FLIPS)
    if found.is_label:
        _line(plot, curve.strengths, curve.all_stay, _("all else stays"), STAYS)
        _line(plot, curve.strengths, curve.both, _("both"), BOTH)
    if found.random:
        _line(
            plot,
            found.random.strengths,
            found.random.flips,
            _("flips, random direction"),
            CONTROL,
        )
    if at is not None and min(curve.strengths) <= at <= max(curve.strengths):
        frame.marker_line(plot, at)
    plot.update_yaxes(range=[-0.02, 1.04], tickformat=".0%")
    frame.axis_title(plot, _("strength (1: the difference of the means)"), _("share of sentences"))
    return Figure(
        name="steering-curves",
        question=_("How often does it flip, and does all else stay?")
        if found.is_label
        else _("How often does it cross over?"),
        plot=plot,
        alt=_(
            "Curves over the strength: share of sentences that flip, share in which all else "
            "stays, and both, with 95% intervals, beside flips along random directions."
        )
        if found.is_label
        else _(
            "Curves over the strength: share of sentences that flip, with 95% intervals, beside "
            "flips along random directions."
        ),
        look_for=_(
            "Look for a strength at which flips are near 100% and all else still stays. A bad "
            "sign: flips come only where much else has changed, or a random direction as long does "
            "as much."
        )
        if found.is_label
        else _(
            "Look for a strength at which flips are near 100% while the random direction stays at "
            "0. A bad sign: flips come only where much else has changed, or a random direction as "
            "long does as much."
        ),
        estimator=sentences(
            _sample(found),
            _reader(found),
            _("Whiskers 95% (Wilson, 1927).")
            if at is None
            else _("Whiskers 95% (Wilson, 1927); the dashed line is the slider."),
        ),
        table=lambda: effects_table([found]),
    )


def _line(
    plot: go.Figure,
    strengths: Sequence[float],
    counted: Count,
    name: str,
    look: tuple[str, str, str],
) -> None:
    colour, symbol, dash = look
    shares = [counted.share(i) for i in range(len(strengths))]
    plot.add_scatter(
        x=list(strengths),
        y=[share.value for share in shares],
        mode="lines+markers",
        name=name,
        line={"color": colour, "width": 2.5, "dash": dash},
        marker={"symbol": symbol, "size": 9, "line": {"width": 2, "color": colour}},
        error_y=frame.error_bars(shares),
        customdata=[marks.estimate(share, ".0%") for share in shares],
        hovertemplate="%{customdata}",
    )


def _sample(found: Effects) -> str:
    if found.label is None:
        return _("{n:,} other sentences on the side of set A.", n=found.n)
    return _(
        "{n:,} held-out sentences, each from its own value to another drawn at random.", n=found.n
    )


def _reader(found: Effects) -> str:
    """Who read the sentences; how often a probe is right, where one did."""
    if found.read_by == "grammar":
        return _grammar_of_label() if found.is_label else _("Read by the corpus's own grammar.")
    if found.accuracy is None:
        return _("Read by linear probes.")
    if found.majority is None:
        return _(
            "Read by linear probes, right in {accuracy:.0%} of held-out sentences.",
            accuracy=found.accuracy,
        )
    return _(
        "Read by linear probes, right in {accuracy:.0%} of held-out sentences; always the "
        "commonest value would be in {majority:.0%}.",
        accuracy=found.accuracy,
        majority=found.majority,
    )


def _grammar_of_label() -> str:
    return _(
        "Read by the corpus's own grammar; what it forces to change with the property is not "
        "asked to stay."
    )


def what_stays(found: Effects, strength: float) -> Figure | None:
    """How often each other label stays at a strength; None where there is none to read."""
    curve, at = found.along, found.nearest(strength)
    if not curve.stays:
        return None
    order = sorted(curve.stays, key=lambda each: each.share(at).value)
    labels, shares = [each.name for each in order], [each.share(at) for each in order]
    plot = marks.rows(len(order))
    marks.bars(
        plot,
        labels,
        shares,
        name=_("along the direction"),
        colour=STAYS[0],
        hover=[
            _(
                "{label} stays in {share:.1%} ({low:.1%} to {high:.1%}) of {n:,}",
                label=label,
                share=share.value,
                low=share.low,
                high=share.high,
                n=share.n,
            )
            for label, share in zip(labels, shares, strict=True)
        ],
    )
    if found.random and len(found.random.strengths) == len(curve.strengths):
        control = {each.name: each.share(at).value for each in found.random.stays}
        known = [label for label in labels if label in control]
        marks.control(
            plot,
            known,
            [control[label] for label in known],
            name=_("a random direction"),
            hover=[
                _("{label}, random direction: {share:.1%}", label=label, share=control[label])
                for label in known
            ],
        )
    marks.share_axis(plot, _("share of sentences in which it stays"))
    step = curve.strengths[at]
    return Figure(
        name="steering-stays",
        question=_("What else stays at strength {strength:g}?", strength=step),
        plot=plot,
        alt=_(
            "Bars of how often each other label stays at strength {strength:g}, with 95% "
            "intervals, beside random directions.",
            strength=step,
        ),
        look_for=_(
            "Look for bars as long as the grey marks: no more is lost than any step as long would "
            "lose. A short bar is what comes along."
        )
        if found.label is not None
        else _(
            "Look for bars as long as the grey marks: no more is lost than any step as long would "
            "lose. A short bar is what comes along, the property itself first of all: nobody told "
            "which label it is."
        ),
        estimator=sentences(
            _sample(found),
            _reader(found),
            _("Whiskers 95% (Wilson, 1927)."),
        ),
        table=lambda: stays_table(found, at),
    )


def steering_by_label(found: DirectionsStudy, how: str = "difference") -> Figure | None:
    """Flips and stays of every label, one step along; None where nothing was moved."""
    effects = [e for each in found.labels if (e := of_label(found, each.label, how))]
    if not effects:
        return None
    labels = [str(each.label) for each in effects]
    plot = marks.rows(len(effects))
    for name, look, shares in (
        (_("flips"), FLIPS, [_at_one(e, e.along.flips) for e in effects]),
        (_("all else stays"), STAYS, [_at_one(e, e.along.all_stay) for e in effects]),
        (_("both"), BOTH, [_at_one(e, e.along.both) for e in effects]),
    ):
        _dots(plot, labels, shares, name, look)
    controlled = [each for each in effects if each.random]
    _dots(
        plot,
        [str(each.label) for each in controlled],
        [_at_one(each, each.random.flips) for each in controlled if each.random],
        _("flips, random direction"),
        CONTROL,
    )
    marks.share_axis(plot, _("share of sentences"))
    strengths = sorted({each.along.strengths[each.nearest(1.0)] for each in effects})
    return Figure(
        name="steering",
        question=_("Does the property flip, and does the rest stay?"),
        plot=plot,
        alt=listed(
            _(
                "{label}: flips {flips:.1%}, all else stays {stays:.1%}",
                label=each.label,
                flips=_at_one(each, each.along.flips).value,
                stays=_at_one(each, each.along.all_stay).value,
            )
            for each in effects
        ),
        look_for=_(
            "Look for circles and squares at the right, and grey crosses at the left: random steps "
            "of the same length are the control. A bad sign: circles alone at the right; the "
            "property flips, and takes other things with it."
        ),
        estimator=sentences(
            _(
                "{n:,} held-out sentences a label, each moved from its own value to another at "
                "random, by {strength} of the difference of means.",
                n=max(each.n for each in effects),
                strength=listed((f"{s:g}" for s in strengths), "or"),
            ),
            _readers(found),
            _("Whiskers 95% (Wilson, 1927)."),
        ),
        table=lambda: effects_table(
            [
                e
                for each in found.labels
                for kind in ("difference", "classifier")
                if (e := of_label(found, each.label, kind))
            ]
        ),
    )


def _at_one(found: Effects, counted: Count) -> Interval:
    return counted.share(found.nearest(1.0))


def _dots(
    plot: go.Figure,
    labels: Sequence[str],
    shares: Sequence[Interval],
    name: str,
    look: tuple[str, str, str],
) -> None:
    colour, symbol, _dash = look
    marks.dots(plot, labels, shares, name=name, form=".1%", colour=colour, symbol=symbol)


def _readers(found: DirectionsStudy) -> str:
    """Who read the sentences of all labels; how well, where probes did."""
    if found.read_by == "grammar":
        return _grammar_of_label()
    if not found.probes:
        return _("Read by linear probes.")
    shares = [probe.accuracy for probe in found.probes]
    ends = {"least": min(shares), "most": max(shares)}
    commonest = [probe.majority for probe in found.probes if probe.majority is not None]
    if len(commonest) < len(shares):
        return _("Read by probes (right in {least:.1%} to {most:.1%}, held out).", **ends)
    return _(
        "Read by probes (right in {least:.1%} to {most:.1%}, held out; always the commonest value "
        "would be in {low:.1%} to {high:.1%}).",
        low=min(commonest),
        high=max(commonest),
        **ends,
    )
