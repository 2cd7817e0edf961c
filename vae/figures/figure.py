"""A finding, drawn: the picture and all that belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from vae.i18n import sentences


@dataclass(frozen=True)
class Figure:
    """A finding as it is shown everywhere. Its words are in the language it was built in.

    Attributes:
        name: of its file and its anchor, as "rate-split"; the same in every language.
        question: its title: a question or a finding.
        plot: the picture, in no theme (`vae.figures.frame.ink` gives it one).
        alt: what it shows, in a sentence, for who cannot see it.
        look_for: what to look for, and what would be a bad sign.
        estimator: how it was measured: estimator, unit, sample, uncertainty.
        table: makes the figures behind it; called only when they are asked for.
    """

    name: str
    question: str
    plot: go.Figure
    alt: str
    look_for: str
    estimator: str
    table: Callable[[], pd.DataFrame]

    @property
    def caption(self) -> str:
        """What stands below it."""
        return sentences(self.look_for, self.estimator)

    def show(self) -> None:
        """Show it, in a notebook or a browser."""
        self.plot.show()
