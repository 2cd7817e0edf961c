"""A sweep as it stands: how far it is, its points in the plane, its heat map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.common import controls, figure_card
from pages.train import _experiment_form
from pages.train._compare import data
from pages.train._compare.data import Side
from vae.diagnostics.comparison import RatePoint
from vae.errors import UserError
from vae.figures import comparison
from vae.runs.experiments import Experiment, Member
from vae.runs.store import LIVE
from vae.runs.sweeps import Axis, label

# Shown name, unit, and the entry of evaluation.json and of a validation (None: not measured then).
MEASURES: Mapping[str, tuple[str, str, str | None]] = {
    "rate": ("nats", "rate", "rate"),
    "mutual information": ("nats", "mutual_information", "mutual_information"),
    "active units": ("units", "active_units", "active_units"),
    "ELBO": ("nats", "elbo", "elbo"),
    "NLL": ("nats", "nll_iw", None),
}


def show(experiment: Experiment) -> None:
    """Everything that is known of a sweep by now."""
    axes = axes_of(experiment)
    rows = [(member, side_of(member)) for member in experiment.members]
    progress(experiment)
    _experiment_form.steer_buttons(experiment, "sweep")
    plane(axes, rows)
    measure = st.segmented_control(
        "Show",
        list(MEASURES),
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


def side_of(member: Member) -> Side | None:
    """What a run of the sweep has written; None where it is gone."""
    run = member.directory
    return None if run is None else data.side(member.label, run)


def progress(experiment: Experiment) -> None:
    """How many runs have ended, and what keeps the others."""
    states = [member.state() for member in experiment.members]
    ended = sum(s not in ("queued", *LIVE) for s in states)
    now = [m.label for m, s in zip(experiment.members, states, strict=True) if s in LIVE]
    text = f"{ended} of {len(states)} runs have ended"
    text += f"; training: {', '.join(now)}" if now else ""
    st.progress(ended / max(len(states), 1), text=text)
    for member in experiment.members:
        if problem := _experiment_form.problem_of(member):
            st.caption(
                f":material/error: **{controls.plain_markdown(member.label)}**: "
                f"{controls.plain_markdown(problem)}"
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
            "The first point appears in the rate-distortion plane with the first validation.",
            icon=":material/hourglass_empty:",
        )
        return
    figure_card.chart(
        "What does each value pay, and what for?",
        comparison.rate_distortion(points, joined(axes, placed)).plot,
        key="sweep_plane",
        alt="Rate-distortion plane: "
        + "; ".join(
            f"{p.name} at rate {p.rate:.2f}, distortion {p.distortion:.2f}" for p in points
        ),
        look_for=f"Joined along {axes[0].setting.replace('_', ' ')}. Dotted: lines of equal ELBO. "
        "Look for a path that runs along a dotted line (rate is traded for distortion at no cost) "
        "and for where it leaves it. One seed each: sweep the seed to see how much is chance. "
        "Runs that still train stand where their last validation found them.",
        table=lambda: pd.DataFrame([{**vars(p), "elbo": p.elbo} for p in points]),
        file_name="sweep-rate-distortion",
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
    unit, _, _ = MEASURES[measure]
    across = axes[1] if len(axes) > 1 else None
    table = np.full((len(axes[0].values), len(across.values) if across else 1), np.nan)
    for member, side in rows:
        try:
            i = axes[0].values.index(member.values[axes[0].setting])
            j = across.values.index(member.values[across.setting]) if across else 0
        except (KeyError, ValueError):
            continue
        table[i, j] = value_of(side, measure)
    if np.isnan(table).all():
        st.info(f"No run has measured its {measure} yet.", icon=":material/hourglass_empty:")
        return
    names = [str(label({axes[0].setting: v})) for v in axes[0].values]
    columns = [str(label({across.setting: v})) for v in across.values] if across else [measure]
    figure_card.chart(
        f"Where is the {measure} high?",
        comparison.grid(table, names, columns, unit, None if measure in ("ELBO", "NLL") else 0.0),
        key="sweep_grid",
        alt=f"Heat map of {measure} over "
        + " and ".join(a.setting.replace("_", " ") for a in axes)
        + "; the table below has every value.",
        look_for="Empty cells have not been measured yet. Rate, information and active units: "
        "bright is much in z, dark is collapse. ELBO: bright is better. NLL (importance-weighted"
        f"{draws_of(rows)}): dark is better; it is measured when a run has ended.",
        table=lambda: pd.DataFrame(table, index=names, columns=columns).reset_index(names="run"),
        file_name=f"sweep-{measure.replace(' ', '-')}",
    )


def draws_of(rows: Sequence[tuple[Member, Side | None]]) -> str:
    """K of the likelihood bounds, as far as they were measured."""
    found = {str(s.evaluation.get("iw_samples")) for _, s in rows if s and s.evaluation}
    return f", K = {' and '.join(sorted(found))}" if found else ""


def value_of(side: Side | None, measure: str) -> float:
    """A figure from the evaluation, or from the last validation while there is none; NaN."""
    _, final, interim = MEASURES[measure]
    if side is None:
        return float("nan")
    source: Mapping[str, Any] = side.evaluation or {}
    key: str | None = final
    if not source and side.recorded.validations:
        source, key = side.recorded.validations[-1], interim
    value = source.get(key) if key else None
    return float(value) if isinstance(value, (int, float)) else float("nan")


def table(rows: Sequence[tuple[Member, Side | None]]) -> None:
    """Every run with its values and its figures."""
    frame = pd.DataFrame(
        [
            {
                "run": member.run,
                **member.values,
                **{f"{m} ({MEASURES[m][0]})": value_of(side, m) for m in MEASURES},
                "state": member.state(),
            }
            for member, side in rows
        ]
    )
    st.dataframe(frame, hide_index=True)
    figure_card.download(frame, key="sweep_table", file_name="sweep")
