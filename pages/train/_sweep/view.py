"""A sweep as it stands: how far it is, its points in the plane, its heat map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.common import controls, figure_card
from pages.train import _experiment_form
from pages.train._compare import data
from pages.train._compare.data import Side
from vae import figures
from vae.diagnostics.information import bound_or_estimate
from vae.diagnostics.rate_plane import RatePoint
from vae.errors import UserError
from vae.figures import comparison
from vae.figures.sweep import MEASURES
from vae.i18n import _, listed, pgettext
from vae.runs.experiments import Experiment, Member
from vae.runs.pace import STATES
from vae.runs.store import LIVE
from vae.runs.sweeps import Axis, label


def show(experiment: Experiment) -> None:
    """Everything that is known of a sweep by now."""
    axes = axes_of(experiment)
    rows = [(member, side_of(member)) for member in experiment.members]
    progress(experiment)
    _experiment_form.queue_buttons(experiment, "sweep")
    plane(axes, rows)
    measure = st.segmented_control(
        _("Show"),
        list(MEASURES),
        format_func=lambda name: str(MEASURES[name].name),
        default="rate",
        required=True,
        key="sweep_measure",
    )
    grid(axes, rows, str(measure))
    table(rows)


def axes_of(experiment: Experiment) -> list[Axis]:
    """The settings of a sweep with their values.

    Raises:
        UserError: its file does not hold them.
    """
    try:
        stored = experiment.details["axes"]
        axes = [Axis(str(a["setting"]), tuple(float(v) for v in a["values"])) for a in stored]
    except (KeyError, TypeError, ValueError):
        axes = []
    if not 1 <= len(axes) <= 2 or not all(a.values for a in axes):
        raise UserError(
            "This sweep does not say what it went over. Its runs can be looked at on Compare."
        )
    return axes


def labelled(member: Member) -> str:
    """A run by its values, as "beta 0.4"."""
    return str(label(member.values)) if member.values else member.label


def side_of(member: Member) -> Side | None:
    """What a run of the sweep has written; None where it is gone."""
    run = member.directory
    return None if run is None else data.side(labelled(member), run)


def progress(experiment: Experiment) -> None:
    """How many runs have ended, and what keeps the others."""
    states = [member.state() for member in experiment.members]
    ended = sum(s not in ("queued", *LIVE) for s in states)
    now = [labelled(m) for m, s in zip(experiment.members, states, strict=True) if s in LIVE]
    text = (
        _(
            "{ended} of {n} runs have ended; training: {now}",
            ended=ended,
            n=len(states),
            now=listed(now, "unit"),
        )
        if now
        else _("{ended} of {n} runs have ended", ended=ended, n=len(states))
    )
    st.progress(ended / max(len(states), 1), text=text)
    for member in experiment.members:
        if problem := _experiment_form.problem_of(member):
            st.caption(
                _(
                    ":material/error: **{run}**: {problem}",
                    run=controls.plain_markdown(labelled(member)),
                    problem=controls.plain_markdown(problem),
                )
            )


def plane(axes: Sequence[Axis], rows: Sequence[tuple[Member, Side | None]]) -> None:
    """The runs in the rate-distortion plane, joined along the first setting."""
    points: list[RatePoint] = []
    placed: list[Member] = []
    for member, side in rows:
        with controls.page_error_boundary():
            if side is not None and (point := side.point()):
                points.append(point)
                placed.append(member)
    if not points:
        st.info(
            _("The first point appears in the rate-distortion plane with the first validation."),
            icon=":material/hourglass_empty:",
        )
        return
    found = comparison.rate_distortion(points, joined(axes, placed))
    figure_card.show(
        replace(
            found,
            name="sweep-rate-distortion",
            question=_("What does each value pay, and what for?"),
            look_for=_(
                "Joined along {setting}. Dotted: lines of equal ELBO, which is a bound: equal "
                "there is not equally likely. Look for a path that runs along a dotted line (rate "
                "is traded for distortion, nat for nat) and for where it leaves it. One seed each: "
                "sweep the seed to see how much is chance. Runs that still train stand where their "
                "last validation found them.",
                setting=axes[0].setting.replace("_", " "),
            ),
        ),
        key="sweep_plane",
    )


def joined(axes: Sequence[Axis], placed: Sequence[Member]) -> list[list[int]]:
    """Indices of the points that differ in the first setting only, in its order."""
    first = axes[0].setting
    others = axes[1].values if len(axes) > 1 else (None,)
    lines = []
    for other in others:
        found = [
            i
            for i, member in enumerate(placed)
            if other is None or member.values.get(axes[1].setting) == other
        ]
        lines.append(sorted(found, key=lambda i: placed[i].values.get(first, 0.0)))
    return [line for line in lines if len(line) > 1]


def grid(axes: Sequence[Axis], rows: Sequence[tuple[Member, Side | None]], measure: str) -> None:
    """A figure of every run, as a heat map over its settings."""
    across = axes[1] if len(axes) > 1 else None
    values = np.full((len(axes[0].values), len(across.values) if across else 1), np.nan)
    ceilings = values.copy()
    for member, side in rows:
        try:
            i = axes[0].values.index(member.values[axes[0].setting])
            j = across.values.index(member.values[across.setting]) if across else 0
        except (KeyError, ValueError):
            continue
        values[i, j] = value_of(side, measure)
        ceilings[i, j] = ceiling_of(side, measure)
    if np.isnan(values).all():
        st.info(
            _("No run has measured its {measure} yet.", measure=MEASURES[measure].name),
            icon=":material/hourglass_empty:",
        )
        return
    draws = {s.evaluation.get("iw_samples") for _member, s in rows if s and s.evaluation}
    known = sorted(k for k in draws if isinstance(k, int))
    figure_card.show(figures.sweep(axes, values, measure, known, ceilings), key="sweep_grid")


def value_of(side: Side | None, measure: str) -> float:
    """A figure from the evaluation, or from the last validation while there is none; NaN."""
    what = MEASURES[measure]
    return measured(side, what.evaluated, what.interim)


def ceiling_of(side: Side | None, measure: str) -> float:
    """What the estimate of a figure cannot exceed; NaN where it has no ceiling."""
    name = f"{MEASURES[measure].evaluated}_ceiling"
    return measured(side, name, name)


def measured(side: Side | None, evaluated: str, interim: str | None) -> float:
    """An entry of the evaluation, or one of the last validation while there is none; NaN."""
    if side is None:
        return float("nan")
    source: Mapping[str, Any] = side.evaluation or {}
    key: str | None = evaluated
    if not source and side.recorded.validations:
        source, key = side.recorded.validations[-1], interim
    value = source.get(key) if key else None
    return float(value) if isinstance(value, (int, float)) else float("nan")


def reading(side: Side | None) -> str | None:
    """Whether the mutual information of a run is an estimate or a lower bound."""
    nats, ceiling = (of(side, "mutual information") for of in (value_of, ceiling_of))
    return bound_or_estimate(nats, ceiling)


def table(rows: Sequence[tuple[Member, Side | None]]) -> None:
    """Every run with its values and its figures."""
    frame = pd.DataFrame(
        [
            {
                pgettext("column", "run"): member.run,
                **member.values,
                **{
                    _("{measure} ({unit})", measure=m.name, unit=m.unit): value_of(side, name)
                    for name, m in MEASURES.items()
                },
                pgettext("column", "MI is"): reading(side),
                pgettext("column", "state"): str(STATES.get(member.state(), member.state())),
            }
            for member, side in rows
        ]
    )
    st.dataframe(frame, hide_index=True)
    figure_card.download(frame, key="sweep_table", file_name="sweep")
