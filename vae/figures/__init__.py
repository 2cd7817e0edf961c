"""One figure for each finding: pages, the report and notebooks show the same.

A builder takes the typed result of a measurement and returns a `Figure`: a Plotly figure with its
question, what to look for, alternative text, unit, estimator and table.

    from vae import Explorer, figures
    figures.NAME(...).show()
"""

from __future__ import annotations

from vae.figures.aggregated_posterior import dimension_density, holes, pair_density
from vae.figures.figure import Figure
from vae.figures.latent_swap import gain_groups, gains, listening, token_scores
from vae.figures.likelihood_curve import likelihood
from vae.figures.rate import active_units, rate_split, rates, variances

__all__ = [
    "Figure",
    "active_units",
    "dimension_density",
    "gain_groups",
    "gains",
    "holes",
    "likelihood",
    "listening",
    "pair_density",
    "rate_split",
    "rates",
    "token_scores",
    "variances",
]
