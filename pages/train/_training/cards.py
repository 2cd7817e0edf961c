"""How runs learned, as cards: the question, the curves, what to look for, the figures.

One run or several, live or ended: the same cards. Call them with the same `group` on one page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from pages.common import figure_card
from pages.common.components.curves import Panel, Run, curves, elbo, information, losses, rates
from vae.runs.history import Event, column, rate_by_dimension

HINT = (
    "All curves show the same steps: drag across one to zoom in, double-click for all steps; Ctrl "
    "and the wheel, or two fingers, zoom too."
)

STEP_FIELDS = ("step", "epoch", "seconds", "distortion", "rate", "beta", "learning_rate")
VALIDATION_FIELDS = (
    "step",
    "epoch",
    "n_sentences",
    "elbo",
    "train_elbo",
    "distortion",
    "rate",
    "beta",
    "active_units",
    "mutual_information",
    "mutual_information_ceiling",
)


def losses_card(runs: Sequence[Run], group: str) -> None:
    """Distortion, rate and beta over one axis of steps."""
    _card(
        "What did the model trade, distortion for rate?",
        losses(runs),
        runs,
        group,
        key="losses",
        alt="Distortion, rate and beta by training step; the table below has every value.",
        look_for="Look for a distortion that falls while the rate settles above zero. A rate that "
        "sinks to zero as beta rises is a posterior that collapses. Lines: means over training "
        "updates, under word dropout; shapes: validation sentences without it, one draw of z "
        "each. The first updates are cut off above.",
        table=lambda: _table(runs, lambda run: _fields(run.history.steps, STEP_FIELDS)),
        file_name="training-steps",
    )


def elbo_card(runs: Sequence[Run], group: str) -> None:
    """ELBO of training and validation."""
    n = max((int(v.get("n_sentences", 0)) for r in runs for v in r.history.validations), default=0)
    _card(
        "Does it learn the language, or the training sentences?",
        elbo(runs),
        runs,
        group,
        key="elbo",
        alt="ELBO of training and of validation sentences by training step.",
        look_for="Look for two lines that rise together. A validation line that turns down while "
        "training still rises is overfitting. Training lies lower where word dropout hides words "
        f"from the decoder. Beta plays no part here: ELBO = −distortion − rate; {n:,} validation "
        "sentences, one draw of z each.",
        table=lambda: _validations(runs),
        file_name="validations",
    )


def information_card(runs: Sequence[Run], group: str) -> None:
    """Active units and mutual information."""
    _card(
        "How much does the latent come to carry?",
        information(runs),
        runs,
        group,
        key="information",
        alt="Active units and mutual information with its ceiling by training step.",
        look_for="Look for units that stay active (variance of the posterior mean above 0.01) and "
        "information that stays. Information at its ceiling, the dashed line, is only “at least "
        "this much”: the estimator, over n validation sentences, cannot exceed ln n. Both at "
        "zero: collapse.",
        table=lambda: _validations(runs),
        file_name="information",
    )


def rates_card(runs: Sequence[Run], group: str) -> None:
    """Rate of each dimension at each validation; nothing before the first."""
    if not (panels := rates(runs)):
        return
    _card(
        "Which dimensions come to carry it, and when?",
        panels,
        runs,
        group,
        key="heat",
        alt="Heat map of the rate of each dimension by training step, highest final rate on top.",
        look_for="Look for rows that light up and stay lit: dimensions that the model has taken "
        "into use. Rows that fade to dark are dimensions it gives up; all dark is collapse. "
        "Mean KL of validation sentences, nats.",
        table=lambda: _table(runs, _rates),
        file_name="rate-by-dimension",
    )


def _card(
    question: str,
    panels: Sequence[Panel],
    runs: Sequence[Run],
    group: str,
    *,
    key: str,
    alt: str,
    look_for: str,
    table: Callable[[], pd.DataFrame],
    file_name: str,
) -> None:
    names = "-".join(run.name for run in runs[:3])
    figure_card.framed(
        question,
        lambda: curves(panels, runs, key=f"{key}_curves", group=group, alt=alt),
        key=key,
        look_for=look_for,
        table=table,
        file_name=f"{names}-{file_name}",
    )


def _table(runs: Sequence[Run], of: Callable[[Run], pd.DataFrame]) -> pd.DataFrame:
    """One table of all runs; where there are several, the first column names them."""
    if len(runs) == 1:
        return of(runs[0])
    return pd.concat([of(run).assign(run=run.name) for run in runs]).pipe(
        lambda frame: frame[["run", *(c for c in frame.columns if c != "run")]]
    )


def _fields(events: Sequence[Event], names: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame({name: column(events, name) for name in names})


def _validations(runs: Sequence[Run]) -> pd.DataFrame:
    return _table(runs, lambda run: _fields(run.history.validations, VALIDATION_FIELDS))


def _rates(run: Run) -> pd.DataFrame:
    steps, table, order = rate_by_dimension(run.history)
    frame = pd.DataFrame(table.T, columns=[f"dim {d} (nats)" for d in order])
    frame.insert(0, "step", steps)
    return frame
