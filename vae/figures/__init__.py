"""One figure for each finding: pages, the report and notebooks show the same.

A builder takes the typed result of a measurement and returns a `Figure`: a Plotly figure with its
question, what to look for, alternative text, unit, estimator and table.

    from vae import Explorer, figures
    figures.NAME(...).show()
"""

from __future__ import annotations

from vae.figures.figure import Figure

__all__ = ["Figure"]
