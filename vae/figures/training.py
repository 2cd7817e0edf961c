"""How did it learn? What a run recorded while it trained, step by step; nats a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from vae import colours
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD, ESTIMATED_SHARE
from vae.figures.curves import LEAST, Curves, Heat, Level, Line, Mark, Panel, Run
from vae.i18n import _, pgettext, sentences
from vae.runs.history import Event, History, column, rate_by_dimension, thinned

MOST_POINTS = 400
"""Points of a line that is drawn; the table has them all."""

_STEP_FIELDS = ("step", "epoch", "seconds", "distortion", "rate", "beta", "learning_rate")
_VALIDATION_FIELDS = (
    "step",
    "epoch",
    "n_sentences",
    "elbo",
    "train_elbo",
    "distortion",
    "rate",
    "beta",
    "principal_units",
    "active_units",
    "mutual_information",
    "mutual_information_ceiling",
)


def training(runs: Sequence[Run]) -> list[Curves]:
    """All that there is to show of how runs learned; fewer before the first validation."""
    found = [losses(runs)]
    if any(run.history.validations for run in runs):
        found.append(elbo(runs))
        if any(run.latent_dim for run in runs):
            found += [rates(runs), information(runs)]
    return found


def losses(runs: Sequence[Run]) -> Curves:
    """Distortion, rate and beta: training as a line, validation as points."""
    nats = _("{value} nats")
    titles = {"distortion": _("distortion, nats"), "rate": _("rate, nats"), "beta": _("beta")}
    panels = [
        Panel(
            name,
            title,
            colours.MEANINGS[name],
            80 if name == "beta" else 140,
            "{value}" if name == "beta" else nats,
            cut=name == "distortion",
            lines=[line for i, run in enumerate(runs) for line in _loss(runs, i, run, name)],
            marks=_marks(runs),
        )
        for name, title in titles.items()
    ]
    return Curves(
        "training-steps",
        _("What did the model trade, distortion for rate?"),
        runs,
        panels,
        _("Distortion, rate and beta by training step; the table has every value."),
        _(
            "Look for a distortion that falls while the rate settles above zero. A rate at zero, "
            "from the start or as beta rises, is a posterior that has collapsed."
        ),
        _(
            "Lines: means over training updates, under word dropout; shapes: validation sentences "
            "without it, one draw of z each. The first updates are cut off above."
        ),
        lambda: _table(runs, lambda run: _fields(run.history.steps, _STEP_FIELDS)),
    )


def elbo(runs: Sequence[Run]) -> Curves:
    """ELBO of training and validation at each validation."""
    lines = []
    for i, run in enumerate(runs):
        lines.append(_line(runs, i, run.history.validations, "train_elbo", _("training"), "thin"))
        lines.append(_line(runs, i, run.history.validations, "elbo", _("validation"), "marked"))
    n = max((int(v.get("n_sentences", 0)) for r in runs for v in r.history.validations), default=0)
    return Curves(
        "validations",
        _("Does it learn the language, or the training sentences?"),
        runs,
        [
            Panel(
                "elbo",
                _("ELBO, nats"),
                colours.MEASURE,
                210,
                _("{value} nats"),
                zero=False,
                cut=True,
                lines=lines,
                marks=_marks(runs),
            )
        ],
        _("ELBO of training and of validation sentences by training step."),
        _(
            "Look for two lines that rise together. A validation line that turns down while "
            "training still rises is overfitting. Training lies lower where word dropout hides "
            "words from the decoder."
        ),
        _(
            "Beta plays no part here: ELBO = −distortion − rate; {n:,} validation sentences, one "
            "draw of z each.",
            n=n,
        ),
        lambda: _validations(runs),
    )


def information(runs: Sequence[Run]) -> Curves:
    """Active units, and mutual information under its ceiling, at each validation."""
    widths = sorted(
        {run.latent_dim for run in runs}
        | {len(v["rate_per_dimension"]) for run in runs for v in run.history.validations}
    )
    ceilings = sorted({round(c, 2) for run in runs if (c := _ceiling(run)) is not None})
    principal, active, nats = (
        [_line(runs, i, r.history.validations, name, "", "marked") for i, r in enumerate(runs)]
        for name in ("principal_units", "active_units", "mutual_information")
    )
    units = [("active_units", _("active units, dimensions"), active)]
    if any("principal_units" in v for run in runs for v in run.history.validations):
        units.insert(0, ("principal_units", _("principal units, directions"), principal))
    return Curves(
        "information",
        _("How much information comes into z?"),
        runs,
        [
            *(
                Panel(
                    name,
                    title,
                    colours.POSTERIOR,
                    110,
                    lines=lines,
                    levels=[Level(width, _("all {n}", n=width)) for width in widths],
                    marks=_marks(runs),
                )
                for name, title, lines in units
            ),
            Panel(
                "mutual_information",
                _("mutual information, nats"),
                colours.MEASURE,
                110,
                _("{value} nats"),
                lines=nats,
                levels=[level for c in ceilings for level in _levels(c)],
                marks=_marks(runs),
            ),
        ],
        _("Units in use, and mutual information with its ceiling, by training step."),
        _(
            "Look for units that stay in use (variance of the posterior mean above {threshold:g}, "
            "along a direction or a dimension) and information that stays. Both at zero: collapse. "
            "Many active dimensions beside few principal directions: the axes share what is there.",
            threshold=ACTIVE_UNIT_THRESHOLD,
        ),
        _(
            "The estimate over n validation sentences cannot exceed ln n, its ceiling. From half "
            "of that on, above the lower dashed line, it falls short: z tells at least this much."
        ),
        lambda: _validations(runs),
    )


def rates(runs: Sequence[Run]) -> Curves:
    """A heat map for each run, on one scale: the dimension with the highest final rate on top."""
    found = [rate_by_dimension(run.history) for run in runs]
    most = max(
        (float(np.nanmax(t)) for _steps, t, _order in found if np.isfinite(t).any()), default=0.0
    )
    cut = any(np.isnan(table).any() for _steps, table, _order in found)
    panels = []
    for i, (run, (steps, table, order)) in enumerate(zip(runs, found, strict=True)):
        if not table.size:
            continue
        steps, rows = thinned(steps, list(table), MOST_POINTS)
        panels.append(
            Panel(
                f"heat{i}",
                _of(run, runs, _("rate of each dimension, nats")),
                colours.RATE,
                int(np.clip(7.5 * len(order), 120, 360)),
                _("{value} nats"),
                marks=_marks([run]),
                heat=Heat(steps, [int(d) for d in order], np.stack(rows), max(most, 2 * LEAST)),
            )
        )
    return Curves(
        "rate-by-dimension",
        _("Which dimensions take up the rate, and when?"),
        runs,
        panels,
        _("Heat map of the rate of each dimension by training step, highest final rate on top."),
        sentences(
            _(
                "Look for rows that light up and stay lit: dimensions that the model has taken "
                "into use. Rows that fade to dark are dimensions it gives up; all dark is "
                "collapse. Colours follow the logarithm of the rate, and are dark at {least:g} "
                "nats or less.",
                least=LEAST,
            ),
            _("Where rows end, their dimensions were cut off, and the others turned.")
            if cut
            else "",
        ),
        _("Mean KL of validation sentences, nats."),
        lambda: _table(runs, _rate_table),
    )


def _loss(runs: Sequence[Run], i: int, run: Run, name: str) -> list[Line]:
    if name == "beta":
        return [_line(runs, i, run.history.steps, name, "", "line")]
    return [
        _line(runs, i, run.history.steps, name, _("training"), "line"),
        _line(runs, i, run.history.validations, name, _("validation"), "points"),
    ]


def _line(
    runs: Sequence[Run], run: int, events: Sequence[Event], name: str, label: str, kind: str
) -> Line:
    x, [y] = thinned(column(events, "step"), [column(events, name)], MOST_POINTS)
    if len(runs) > 1:
        who = runs[run].name
        label = _("{run}, {line}", run=who, line=label) if label else who
    return Line(run, label, kind, x, y)


def _marks(runs: Sequence[Run]) -> list[Mark]:
    """What was changed, what began, and which weights are kept: in every panel."""
    said = [
        Mark(step, _of(run, runs, text))
        for run in runs
        for step, text in (*run.history.marks, *_kept(run.history))
    ]
    return sorted(said, key=lambda mark: (mark.step, mark.text))


def _kept(recorded: History) -> list[tuple[int, str]]:
    if (best := recorded.best) is None:
        return []
    return [(int(best["step"]), _("kept") if best.get("best") else _("best so far"))]


def _of(run: Run, runs: Sequence[Run], text: str) -> str:
    return _("{run}: {text}", run=run.name, text=text) if len(runs) > 1 else text


def _levels(ceiling: float) -> list[Level]:
    """Where the estimate of the information ends, and from where on it falls short."""
    half = ESTIMATED_SHARE * ceiling
    return [
        Level(ceiling, _("ceiling of the estimator, {nats:.2f}", nats=ceiling)),
        Level(half, _("over {nats:.2f}: at least", nats=half)),
    ]


def _ceiling(run: Run) -> float | None:
    found = column(run.history.validations, "mutual_information_ceiling")
    found = found[np.isfinite(found)]
    return float(found[-1]) if len(found) else None


def _table(runs: Sequence[Run], of: Callable[[Run], pd.DataFrame]) -> pd.DataFrame:
    """One table of all runs; where there are several, the first column names them."""
    if len(runs) == 1:
        return of(runs[0])
    tables = [of(run) for run in runs]
    for run, table in zip(runs, tables, strict=True):
        table.insert(0, pgettext("column", "run"), run.name)
    return pd.concat(tables)


def _fields(events: Sequence[Event], names: Sequence[str]) -> pd.DataFrame:
    headings = _headings()
    return pd.DataFrame({headings[name]: column(events, name) for name in names})


def _validations(runs: Sequence[Run]) -> pd.DataFrame:
    return _table(runs, lambda run: _fields(run.history.validations, _VALIDATION_FIELDS))


def _rate_table(run: Run) -> pd.DataFrame:
    steps, table, order = rate_by_dimension(run.history)
    columns = [_("dim {dimension} (nats)", dimension=d) for d in order]
    frame = pd.DataFrame(table.T, columns=columns)
    frame.insert(0, pgettext("column", "step"), steps)
    return frame


def _headings() -> dict[str, str]:
    return {
        "step": pgettext("column", "step"),
        "epoch": pgettext("column", "epoch"),
        "seconds": pgettext("column", "seconds"),
        "distortion": pgettext("column", "distortion, nats"),
        "rate": pgettext("column", "rate, nats"),
        "beta": pgettext("column", "beta"),
        "learning_rate": pgettext("column", "learning rate"),
        "n_sentences": pgettext("column", "sentences"),
        "elbo": pgettext("column", "validation ELBO, nats"),
        "train_elbo": pgettext("column", "training ELBO, nats"),
        "principal_units": pgettext("column", "principal units"),
        "active_units": pgettext("column", "active units"),
        "mutual_information": pgettext("column", "mutual information, nats"),
        "mutual_information_ceiling": pgettext("column", "its ceiling, nats"),
    }
