"""What one dimension changes, what it tells of, and how we know."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.common import controls, dials, figure_card, job_panel, resources, state
from pages.common.components import sentence_slider
from pages.learn._lesson.scene import Scene
from vae.figures.disentanglement import disentanglement, disentanglement_finding
from vae.figures.information import information_by_label
from vae.figures.probes import probes
from vae.i18n import _
from vae.latent.changes import marked
from vae.studies.dimensions import read as read_dimensions
from vae.studies.disentanglement import read as read_disentanglement
from vae.studies.probes import read as read_probes

MOST = 12


def turning(scene: Scene) -> None:
    """The sentence with a slider for each of the most informative dimensions."""
    explorer = scene.explorer
    sentence = scene.sentence(explorer)
    ranking = resources.informative(scene.run_name)
    dims = ranking.order[: scene.whole("dims", 4)]
    turned = state.point("z", explorer.latent_dim)
    start = explorer.encode([sentence]).mean[0]
    z = start if turned is None else turned
    now, sweeps = resources.sweeps(scene.run_name, z, dims)

    def moved(line: str, index: float) -> None:
        state.set_point("z", dials.turned(explorer, int(line), z, index))

    # What it is called is left out where the lesson asks for it.
    hidden = scene.text("names", "shown") == "hidden"
    lines = [
        replace(
            dials.line(explorer, d, z, now, sweep),
            name=_("dim {d}", d=d),
            what="" if hidden else ranking.title(d),
            note=_("{nats:.2f} nats", nats=ranking.weight[d]),
        )
        for d, sweep in zip(dims, sweeps, strict=True)
    ]
    readout = _("{distance:.2f} from your sentence", distance=float((z - start).norm()))
    sentence_slider.show(
        sentence_slider.Point(marked(now, None), readout, ""), lines, moved, key="lesson_dials"
    )
    st.button(
        _("Reset the dials"),
        icon=":material/restart_alt:",
        key="lesson_reset",
        disabled=turned is None,
        on_click=state.clear_point,
        args=("z",),
    )


def tells(scene: Scene) -> None:
    """Which dimension tells of which label."""
    result = job_panel.study(scene.explorer, "dimensions")
    if result is not None:
        given = resources.informative(scene.run_name).given
        figure = information_by_label(read_dimensions(result), given, MOST)
        figure_card.show(figure, key="lesson_tells")


def reading(scene: Scene) -> None:
    """What a probe reads off z, beside its controls."""
    result = job_panel.study(scene.explorer, "probes")
    if result is not None:
        figure_card.show(probes(read_probes(result)), key="lesson_probes")


def metrics(scene: Scene) -> None:
    """Metrics of disentanglement, with their intervals."""
    result = job_panel.study(scene.explorer, "disentanglement")
    if result is not None:
        found = read_disentanglement(result)
        st.markdown(f"**{controls.with_commands(disentanglement_finding(found))}**")
        figure_card.show(disentanglement(found), key="lesson_disentanglement")
