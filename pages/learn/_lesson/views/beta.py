"""What beta buys: two models of the same sentences, and which of them training would prefer."""

from __future__ import annotations

import streamlit as st

from pages.common import figure_card, parts, resources, state
from pages.learn._lesson.scene import Scene
from vae.diagnostics.rate_plane import RatePoint
from vae.figures.comparison import rate_distortion
from vae.handout.views import models
from vae.handout.views.models import TWO
from vae.i18n import _
from vae.runs.catalogue import find_run

MOST_BETA = 4.0


def tradeoff(scene: Scene) -> None:
    """Two runs in the rate-distortion plane, and their losses at the beta of the slider."""
    points = [point_of(name) for name in TWO]
    beta = st.slider(
        _("β: how much the rate counts"), 0.0, MOST_BETA, step=0.05, **state.widget("beta")
    )
    parts.table(models.losses(points, beta), models.best(points, beta))
    st.markdown(models.preferred(points, beta))
    figure_card.show(rate_distortion(points), key="lesson_plane")


def point_of(name: str) -> RatePoint:
    """A run in the rate-distortion plane.

    Raises:
        UserError: it is not on this machine, or was not evaluated.
    """
    run = find_run(name)
    return models.placed(name, resources.evaluated(run), resources.recorded(run))
