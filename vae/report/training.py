"""How a run learned: the curves of metrics.jsonl."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vae.colours import BETA, DISTORTION, MEASURE, POSTERIOR, RATE
from vae.explorer import Explorer
from vae.report.charts import Chart, Floats, Heat, Level, Lines, Panel, Series
from vae.report.dimension_charts import LEAST
from vae.report.parts import Figure, Missing, Paragraph, Part, Table, number
from vae.runs.history import Event, History, column, history, rate_by_dimension, thinned

MOST_POINTS = 400

_STEPS = ("step", "epoch", "seconds", "distortion", "rate", "beta", "learning_rate")
_VALIDATIONS = (
    "step",
    "epoch",
    "n_sentences",
    "elbo",
    "train_elbo",
    "distortion",
    "rate",
    "active_units",
    "mutual_information",
    "mutual_information_ceiling",
)


def training(explorer: Explorer) -> list[Part]:
    """Losses, ELBO, information and the rate of each dimension by step."""
    recorded = history(explorer.run.read_metrics())
    if not recorded.steps and not recorded.validations:
        return [Missing("This run recorded no training: metrics.jsonl holds no step.")]
    parts: list[Part] = [Paragraph(_summary(recorded))]
    parts.append(_losses(recorded))
    if recorded.validations:
        parts += [_elbo(recorded), _information(recorded)]
        parts += _rates(recorded)
    return parts


def _summary(recorded: History) -> str:
    best = recorded.best
    if best is None:
        return f"{recorded.last_step:,} updates were recorded, and no validation."
    n = int(column([best], "n_sentences")[0]) if "n_sentences" in best else 0
    where = f" on {n:,} validation sentences" if n else ""
    return (
        f"{recorded.last_step:,} updates. Best: step {int(best['step']):,}, with an ELBO of "
        f"{number(float(best['elbo']), '.1f')} nats a sentence{where}, one draw of z each."
    )


def _line(
    events: Sequence[Event], name: str, label: str, colour: str, style: str, shape: str = "circle"
) -> Series:
    x, [y] = thinned(column(events, "step"), [column(events, name)], MOST_POINTS)
    return Series(label, colour, y, x, style, shape)


def _marks(recorded: History) -> list[Level]:
    return [Level(step, text) for step, text in recorded.marks[:40]]


def _over_steps(recorded: History, panels: Sequence[Panel]) -> Chart:
    return Lines("training step", panels, x_name="step", marks=_marks(recorded))


def _losses(recorded: History) -> Figure:
    steps, validations = recorded.steps, recorded.validations
    panels = [
        Panel(
            f"{name}, nats a sentence",
            (
                _line(steps, name, "training", colour, "line"),
                _line(validations, name, "validation", colour, "points", "diamond"),
            ),
            unit="nats",
            cut=name == "distortion",
        )
        for name, colour in (("distortion", DISTORTION), ("rate", RATE))
    ]
    panels.append(Panel("beta", (_line(steps, "beta", "beta", BETA, "line"),), height=80))
    return Figure(
        "What did the model trade, distortion for rate?",
        _over_steps(recorded, panels),
        "Distortion, rate and beta by training step.",
        "Look for a distortion that falls while the rate settles above zero. A rate that sinks to "
        "zero as beta rises is a posterior that collapses. Lines: means over training updates, "
        "under word dropout; diamonds: validation sentences without it, one draw of z each. The "
        "first updates may lie above the picture.",
        _table("training-steps", steps, _STEPS),
    )


def _elbo(recorded: History) -> Figure:
    validations = recorded.validations
    best = recorded.best
    marks = _marks(recorded)
    if best is not None:
        marks.append(Level(int(best["step"]), "kept" if best.get("best") else "best"))
    panel = Panel(
        "ELBO, nats a sentence",
        (
            _line(validations, "train_elbo", "training", MEASURE, "thin", "square"),
            _line(validations, "elbo", "validation", MEASURE, "marked"),
        ),
        height=220,
        unit="nats",
        zero=False,
        cut=True,
    )
    return Figure(
        "Does it learn the language, or the training sentences?",
        Lines("training step", (panel,), x_name="step", marks=marks),
        "ELBO of training and of validation sentences by training step.",
        "Look for two lines that rise together. A validation line that turns down while training "
        "still rises is overfitting. Training lies lower where word dropout hides words from the "
        "decoder. Beta plays no part here: ELBO = −distortion − rate, one draw of z a sentence.",
        _table("validations", validations, _VALIDATIONS),
    )


def _information(recorded: History) -> Figure:
    validations = recorded.validations
    dimensions = len(validations[0]["rate_per_dimension"])
    ceilings = column(validations, "mutual_information_ceiling")
    known = ceilings[np.isfinite(ceilings)]
    ceiling = [Level(float(known[-1]), "ceiling of the estimator, ln n")] if len(known) else []
    panels = (
        Panel(
            "active units, dimensions",
            (_line(validations, "active_units", "active units", POSTERIOR, "marked"),),
            height=120,
            levels=[Level(dimensions, f"all {dimensions}")],
        ),
        Panel(
            "mutual information, nats",
            (_line(validations, "mutual_information", "mutual information", MEASURE, "marked"),),
            height=120,
            unit="nats",
            levels=ceiling,
        ),
    )
    return Figure(
        "How much does the latent come to carry?",
        _over_steps(recorded, panels),
        "Active units and mutual information with its ceiling by training step.",
        "Look for units that stay active (variance of the posterior mean above 0.01) and "
        "information that stays. Information at its ceiling is only “at least this much”: the "
        "estimator, over n validation sentences, cannot exceed ln n. Both at zero: collapse.",
        _table("information", validations, ("step", *_VALIDATIONS[-3:], "n_sentences")),
    )


def _rates(recorded: History) -> list[Part]:
    steps, table, order = rate_by_dimension(recorded)
    if not table.size:
        return []
    shown, rows = thinned(steps, list(table), 60)
    values = np.stack(rows)
    most = float(np.nanmax(values)) if np.isfinite(values).any() else 1.0
    chart = Heat(
        "training step",
        "dimension, by its last rate",
        [str(d) for d in order],
        [f"{int(s):,}" for s in shown],
        values,
        0.0,
        max(most, LEAST),
        unit="nats",
        row_name="dimension",
        column_name="step",
    )
    return [
        Figure(
            "Which dimensions come to carry it, and when?",
            chart,
            "Rate of each dimension by training step, highest final rate on top.",
            "Look for rows that light up and stay lit: dimensions that the model has taken into "
            "use. Rows that fade to dark are dimensions it gives up; all dark is collapse. Mean "
            "KL of validation sentences, nats.",
            _rate_table(steps, table, order),
        )
    ]


def _rate_table(steps: Floats, table: Floats, order: np.ndarray) -> Table:
    head = ("step", *(f"dim {d} (nats)" for d in order))
    rows = [(int(s), *map(float, table[:, i])) for i, s in enumerate(steps)]
    return Table("rate-by-dimension", head, rows)


def _table(name: str, events: Sequence[Event], fields: Sequence[str]) -> Table:
    columns = [column(events, field) for field in fields]
    rows = [tuple(map(float, row)) for row in zip(*columns, strict=True)]
    return Table(name, tuple(f.replace("_", " ") for f in fields), rows)
