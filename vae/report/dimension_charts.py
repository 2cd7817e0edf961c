"""Charts of the dimensions that the evaluation and the diagnosis both draw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vae.colours import NEUTRAL, RATE
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD
from vae.report.charts import Bars, Floats, Level, Lines, Panel, Series
from vae.report.parts import Figure, Table

LEAST = 0.1
"""Nats: an axis of rates reaches so far at least, else a collapsed run would look busy."""
MARKED = ((0.01, "0.01, Burda 2016"), (0.2, "0.2, DELLA 2022"))


def rates(
    per_dimension: Sequence[float] | Floats,
    variances: Sequence[float] | Floats,
    n: str,
    together: str,
) -> Figure:
    """KL of each of Z dimensions in nats, largest first, and which of them are active.

    Args:
        n: how many sentences of what kind, in words.
        together: the rate with its uncertainty, in words.
    """
    kl, spread = np.asarray(per_dimension), np.asarray(variances)
    order = np.argsort(-kl, kind="stable")
    active = [bool(v) for v in spread[order] > ACTIVE_UNIT_THRESHOLD]
    colours = [RATE if a else NEUTRAL for a in active]
    bars = Series("rate", RATE, kl[order], off=[not a for a in active], colours=colours)
    chart = Bars(
        "dimension, by its rate",
        "KL, nats a sentence",
        [str(d) for d in order],
        (bars,),
        unit="nats",
        least=LEAST,
        said=["active" if a else "inactive" for a in active],
    )
    rows = [(int(d), float(kl[d]), float(spread[d]), a) for d, a in zip(order, active, strict=True)]
    table = Table(
        "rates",
        ("dimension", "rate (nats a sentence)", "variance of the posterior mean", "active"),
        rows,
        f"Mean over {n}; active: variance above {ACTIVE_UNIT_THRESHOLD:g}",
    )
    return Figure(
        "Which dimensions carry information?",
        chart,
        f"KL of each dimension, largest first: {sum(active)} of {len(kl)} are active, {together}.",
        "Look for bars: dimensions that say something about the sentence. Hollow grey is inactive; "
        f"no bar above zero is collapse. Mean over {n}; together {together}.",
        table,
    )


def units(counts: Series, latent_dim: int, n: str, table: Table) -> Figure:
    """Active units over the threshold, with the two that papers use marked."""
    chart = Lines(
        "threshold on the variance of the posterior mean",
        (Panel("active units, dimensions", (counts,), levels=[_all(latent_dim)]),),
        x_name="threshold",
        log=True,
        ticks=(0.0001, 0.001, 0.01, 0.1, 1.0),
        marks=[Level(at, text) for at, text in MARKED],
    )
    return Figure(
        "Does the count of active units hang on its threshold?",
        chart,
        "Active units as a curve over the threshold, with 0.01 and 0.2 marked.",
        "Look for a level stretch around the marked thresholds: a count that falls there has no "
        f"meaning without its threshold. Variance of the posterior mean over {n} (Burda et al., "
        "2016).",
        table,
    )


def _all(latent_dim: int) -> Level:
    return Level(latent_dim, f"all {latent_dim}")
