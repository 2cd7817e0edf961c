"""Which labels can be read off the posterior mean? Probes beside their controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from vae import colours
from vae.figures import frame, marks
from vae.figures.figure import Figure
from vae.figures.left_out import left_out
from vae.i18n import _, sentences

if TYPE_CHECKING:  # they load scikit-learn, which a page without probes does not need
    from vae.diagnostics.probes import LabelProbe
    from vae.diagnostics.probes.cross_validated import LinearProbe
    from vae.studies.probes import Probed

_LEAST_SHOWN = -0.5
"""An R² below this is left of the figure; the table has it."""


def probes_finding(found: Probed) -> str:
    """How well that category is read off that is read off worst, and that number or date."""
    from vae.diagnostics.probes import LENGTH

    named = {k: p for k, p in found.labels.items() if p.metric == "accuracy"}
    measured = {k: p for k, p in found.labels.items() if p.metric == "r2" and k != LENGTH}
    if not named:
        return _measured_finding(measured) or _("No label of categories can be probed.")
    worst, probe = min(named.items(), key=lambda item: item[1].linear.value)
    values = {
        "label": worst,
        "share": probe.linear.value,
        "low": probe.linear.low,
        "high": probe.linear.high,
        "majority": probe.majority,
        "which": _("held-out sentences") if found.which.unseen else _("sentences"),
    }
    if len(named) == 1:
        said = _(
            "{label} is read off in {share:.1%} of {which} ({low:.1%} to {high:.1%}; "
            "{majority:.1%} without the model).",
            **values,
        )
    else:
        said = _(
            "Of {n} labels the worst, {label}, is read off in {share:.1%} of {which} ({low:.1%} to "
            "{high:.1%}; {majority:.1%} without the model).",
            n=len(named),
            **values,
        )
    return sentences(said, _drawn_finding(named), _measured_finding(measured))


def _measured_finding(measured: Mapping[str, LabelProbe]) -> str:
    """How well the worst number or date is estimated; nothing where there is none."""
    if not measured:
        return ""
    worst, probe = min(measured.items(), key=lambda item: item[1].linear.value)
    values = {
        "label": worst,
        "value": probe.linear.value,
        "low": probe.linear.low,
        "high": probe.linear.high,
        "shuffled": probe.shuffled.value,
    }
    if len(measured) == 1:
        return _(
            "{label}, a measure, is estimated with an R² of {value:.2f} ({low:.2f} to {high:.2f}; "
            "{shuffled:.2f} with shuffled labels).",
            **values,
        )
    return _(
        "Of {n} measures the worst, {label}, is estimated with an R² of {value:.2f} ({low:.2f} to "
        "{high:.2f}; {shuffled:.2f} with shuffled labels).",
        n=len(measured),
        **values,
    )


def _drawn_finding(named: Mapping[str, LinearProbe]) -> str:
    """The same off one draw of each posterior; nothing where no draw was probed."""
    drawn = {label: probe.drawn for label, probe in named.items() if probe.drawn}
    if not drawn:
        return ""
    worst, found = min(drawn.items(), key=lambda item: item[1].value)
    return _(
        "From one draw of the posterior, which is what the decoder hears, {label} comes out worst: "
        "{share:.1%} ({low:.1%} to {high:.1%}).",
        label=worst,
        share=found.value,
        low=found.low,
        high=found.high,
    )


def probes(found: Probed) -> Figure:
    """A linear and a nearest-neighbour probe of each label, the majority, and shuffled labels."""
    order = sorted(found.labels.items(), key=lambda item: (item[1].metric, -item[1].linear.value))
    each = [probe for _label, probe in order]
    names = [
        label if probe.metric == "accuracy" else _("{label} (R²)", label=label)
        for label, probe in order
    ]
    plot = _without_model(names, each)
    for series, found_by, colour, symbol, size in (
        (_("linear probe"), "linear", colours.MEASURE, "circle", 11),
        (_("ten nearest sentences"), "neighbours", colours.MEASURE, "diamond-open", 11),
        (_("linear probe, shuffled labels"), "shuffled", colours.NEUTRAL, "x-thin-open", 9),
    ):
        intervals = [getattr(probe, found_by) for probe in each]
        look: dict[str, Any] = {"colour": colour, "symbol": symbol, "size": size}
        marks.dots(plot, names, intervals, name=series, **look)
    _drawn_dots(plot, names, each)
    lowest = min(
        (min(p.linear.value, p.neighbours.value, p.shuffled.value) for p in each), default=0
    )
    plot.update_xaxes(range=[max(_LEAST_SHOWN, min(0.0, lowest)) - 0.02, 1.03])
    off = _("A score below {least:g} lies off the scale: the table has it.", least=_LEAST_SHOWN)
    off = off if lowest < _LEAST_SHOWN else ""
    frame.axis_title(plot, x=_("accuracy on held-out sentences (R² of numbers)"))
    return Figure(
        name="probes",
        question=_question(each),
        plot=plot,
        alt=_(
            "Held-out score of a linear and a nearest-neighbour probe for {labels} labels, with "
            "95% intervals, beside the majority and shuffled labels.",
            labels=len(order),
        ),
        look_for=sentences(
            _(
                "Look for filled marks far to the right of the grey line, the score without the "
                "model. A bad sign: marks on that line (the label is not kept), or shuffled labels "
                "above it (the probe learns by heart). Open diamonds far left of the filled marks: "
                "the label is spread thin over many dimensions. A probe that works says that the "
                "label is there, not that the decoder uses it."
            ),
            _look_for_draws(each),
        ),
        estimator=sentences(
            _(
                "{which}, {folds}-fold, no sentence in two folds; whiskers 95%. R²: of numbers, 1 "
                "is perfect, 0 no better than the mean.",
                which=str(found.which),
                folds=found.folds,
            ),
            off,
            left_out(found.left_out),
        ),
        table=lambda: pd.DataFrame([_row(label, probe) for label, probe in order]),
    )


def linear_probes(found: Mapping[str, LinearProbe]) -> Figure:
    """The linear probe of each label and the majority: the brief making of `probes`."""
    order = sorted(found.items(), key=lambda item: (item[1].metric, -item[1].linear.value))
    each, names = [probe for _label, probe in order], [label for label, _probe in order]
    plot = _without_model(names, each)
    linear = [probe.linear for probe in each]
    marks.dots(plot, names, linear, name=_("linear probe"))
    _drawn_dots(plot, names, each)
    plot.update_xaxes(range=[min([0.0, *(i.value for i in linear)]) - 0.02, 1.03])
    frame.axis_title(plot, x=_("accuracy on held-out sentences (R² of numbers)"))
    return Figure(
        name="probes",
        question=_question(each),
        plot=plot,
        alt=_("Held-out score of a linear probe for {labels} labels.", labels=len(order)),
        look_for=sentences(
            _(
                "Look for marks far to the right of the grey line, the score without the model. A "
                "bad sign: marks on that line, the label is not kept."
            ),
            _look_for_draws(each),
        ),
        estimator=_(
            "Linear probe of the posterior mean on {n:,} sentences, cross-validated; whiskers 95%.",
            n=max(probe.n for probe in each),
        ),
        table=lambda: _linear_table(order),
    )


def _linear_table(order: Sequence[tuple[str, LinearProbe]]) -> pd.DataFrame:
    made = frame.estimates(_("label"), {k: p.linear for k, p in order}, _("score"))
    return made.assign(
        **{_("from one draw"): [p.drawn.value if p.drawn else None for _label, p in order]}
    )


def _drawn_dots(
    plot: go.Figure, names: Sequence[str], each: Sequence[LabelProbe] | Sequence[LinearProbe]
) -> None:
    """The linear probe off one draw of each posterior, where it was measured."""
    known = [(name, probe.drawn) for name, probe in zip(names, each, strict=True) if probe.drawn]
    if known:
        marks.dots(
            plot,
            [name for name, _found in known],
            [found for _name, found in known],
            name=_("linear probe, one draw of the posterior"),
            colour=colours.POSTERIOR,
            symbol="square-open",
            size=10,
        )


def _look_for_draws(each: Sequence[LabelProbe] | Sequence[LinearProbe]) -> str:
    if not any(probe.drawn for probe in each):
        return ""
    return _(
        "Squares far left of the filled marks: the label stands in the means, and drowns in the "
        "width of the posteriors."
    )


def _question(each: Sequence[LabelProbe] | Sequence[LinearProbe]) -> str:
    if any(probe.drawn for probe in each):
        return _("Which labels can be read off the mean, and off a draw?")
    return _("Which labels can be read off the mean?")


def _without_model(
    names: Sequence[str], each: Sequence[LabelProbe] | Sequence[LinearProbe]
) -> go.Figure:
    """A row for each probe, with the score of who knows nothing but how often values occur."""
    plot = marks.rows(len(each))
    marks.control(
        plot,
        names,
        [probe.majority for probe in each],
        name=_("without the model"),
        hover=[
            _("{label}: {value:.3f} without the model", label=name, value=probe.majority)
            for name, probe in zip(names, each, strict=True)
        ],
    )
    return plot


def _row(label: str, probe: LabelProbe) -> dict[str, object]:
    return {
        _("label"): label,
        _("metric"): _("accuracy") if probe.metric == "accuracy" else "R²",
        _("values"): probe.classes,
        **marks.ends(probe.linear, _("linear")),
        **(marks.ends(probe.drawn, _("linear, one draw")) if probe.drawn else {}),
        **marks.ends(probe.neighbours, _("ten neighbours")),
        **marks.ends(probe.shuffled, _("linear, shuffled labels")),
        _("majority or mean"): round(probe.majority, 4),
        _("sentences"): probe.n,
    }
