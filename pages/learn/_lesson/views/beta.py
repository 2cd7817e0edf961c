"""What beta buys: two models of the same sentences, and which of them training would prefer."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, figure_card, prose, resources, state
from pages.learn._lesson.scene import Scene
from vae.diagnostics.comparison import RatePoint, rate_point
from vae.errors import UserError
from vae.figures.comparison import rate_distortion
from vae.i18n import _, pgettext
from vae.i18n.numbers import number
from vae.runs.catalogue import find_run
from vae.studies.evaluation import figures_of

TWO = ("factors", "factors-collapsed")
MOST_BETA = 4.0


def tradeoff(scene: Scene) -> None:
    """Two runs in the rate-distortion plane, and their losses at the beta of the slider."""
    points = [point_of(name) for name in TWO]
    beta = st.slider(
        _("β: how much the rate counts"), 0.0, MOST_BETA, step=0.05, **state.widget("beta")
    )
    losses = [p.distortion + beta * p.rate for p in points]
    best = losses.index(min(losses))
    prose.table(
        [
            pgettext("column", "model"),
            _("distortion, nats"),
            _("rate, nats"),
            _("loss at β = {beta:.2f}", beta=beta),
        ],
        [
            [
                controls_name(p.name),
                number(p.distortion, ".2f"),
                number(p.rate, ".2f"),
                number(loss, ".2f"),
            ]
            for p, loss in zip(points, losses, strict=True)
        ],
        best,
    )
    st.markdown(
        _(
            "At β = {beta:.2f} training would rather have **{run}**: its loss is lower by "
            "{nats:.2f} nats.",
            beta=beta,
            run=controls.plain_markdown(points[best].name),
            nats=max(losses) - min(losses),
        )
    )
    figure_card.show(rate_distortion(points), key="lesson_plane")


def controls_name(name: str) -> str:
    """The name of a run, as HTML."""
    return prose.html([(name, False)])


def point_of(name: str) -> RatePoint:
    """A run in the rate-distortion plane.

    Raises:
        UserError: it is not on this machine, or was not evaluated.
    """
    run = find_run(name)
    found = rate_point(name, figures_of(run), resources.recorded(run))
    if found is None:
        raise UserError("The run '{name}' has not been evaluated.", name=name)
    return found
