"""Trainings of the article's VAE, a few seconds each, in processes of their own.

All sessions share them by their settings, so a class that leaves the settings alone trains once,
and they are kept on this machine. Who stops one keeps what is learned so far.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from html import escape
from pathlib import Path

import streamlit as st

from pages.common import controls, figure_card, job_panel, resources
from vae import colours
from vae.corpora.vectors import Vectors
from vae.explorer import Explorer
from vae.figures import vector_curves
from vae.i18n import _
from vae.runs import jobs
from vae.training import vector_file, vector_job, vector_setting
from vae.training.vector import VectorEpoch, VectorTraining
from vae.training.vector_setting import Setting

TRIAL_EPOCHS = 40
"""What a mistake needs to show what it does."""


def training(setting: Setting) -> VectorTraining:
    """The training of a setting, as far as anybody has brought it.

    Raises:
        UserError: the run has no sentences to make vectors of.
    """
    found = _vectors(setting)
    for file in (vector_job.file_of(setting, found), vector_job.SHIPPED.get(setting)):
        if file is not None and file.exists():
            return _brought(setting, file, file.stat().st_mtime_ns, found)
    return _brought(setting, Path(), 0, found)


@st.cache_resource(max_entries=24, show_spinner=False)
def _brought(setting: Setting, file: Path, version: int, _found: Vectors) -> VectorTraining:
    begun = vector_setting.begun(setting, _found)
    if version:
        vector_file.bring(begun, file)
    return begun


def _vectors(setting: Setting) -> Vectors:
    if setting.vectors == "sentences":
        # Loaded where it is cached: a run whose files change has other vectors.
        return _of_sentences(resources.explorer(setting.run))
    return _digits(setting.vectors)


@st.cache_resource(max_entries=2, show_spinner=False)
def _digits(kind: str) -> Vectors:
    return vector_setting.digits(kind)


@resources.shared(max_entries=4)
def _of_sentences(explorer: Explorer) -> Vectors:
    return vector_setting.sentence_vectors(explorer)


def file_of(setting: Setting) -> Path:
    """Where the training of a setting is kept on this machine.

    Raises:
        UserError: as `training`.
    """
    return vector_job.file_of(setting, _vectors(setting))


def trained(settings: Sequence[Setting], label: str) -> bool:
    """Whether these trainings can be looked at; else a button to start them, or how far they are.

    Args:
        label: of the button.
    """
    with st.spinner(_("Preparing the vectors")):
        files = [file_of(setting) for setting in settings]
    if _under_way(files):
        st.fragment(_follow, run_every="0.8s")(files, settings[0].epochs)
        return False
    found = [training(setting) for setting in settings]
    over = all(each.over for each in found)
    if over and all(file.exists() for file in files):
        return True
    done = min(each.config.epochs if each.over else each.done for each in found)
    with st.container(border=not over, horizontal=True, vertical_alignment="center"):
        if over:
            st.caption(
                _("This one was trained beforehand and comes with the app."), width="content"
            )
            label = _("Train it here and watch")
        st.button(
            _("Train to the end") if done and not over else label,
            key=f"train_{settings[-1].key}",
            type="tertiary" if over else "primary",
            icon=":material/play_arrow:",
            on_click=_start,
            args=(settings, files),
        )
        if not done:
            st.caption(_("It takes some seconds here. Nothing is downloaded."))
        elif not over:
            total = settings[0].epochs
            st.caption(_("Stopped after {n} of {total} epochs.", n=done, total=total))
    for file in files:
        if (job := jobs.read(vector_job.key_of(file))) is not None and job.state != "cancelled":
            job_panel.last_attempt(job)
    return all(each.done or each.over for each in found)


def _under_way(files: Sequence[Path]) -> bool:
    read = (jobs.read(vector_job.key_of(file)) for file in files)
    return any(job is not None and job.running for job in read)


def _start(settings: Sequence[Setting], files: Sequence[Path]) -> None:
    for setting, file in zip(settings, files, strict=True):
        if not (file.exists() and training(setting).over):
            file.unlink(missing_ok=True)
            vector_job.start(setting, file)


def _stop(files: Sequence[Path]) -> None:
    for file in files:
        jobs.cancel(vector_job.key_of(file))


def _follow(files: Sequence[Path], epochs: int) -> None:
    with controls.page_error_boundary():
        if not _under_way(files):
            st.rerun()
        courses = [vector_file.course(file).history for file in files]
        begun = [course for course in courses if course]
        done, total = sum(len(course) - 1 for course in begun), epochs * len(files)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(min(done / total, 1.0), text=_far(begun, done, total))
            st.button(
                _("Stop here"),
                key=f"stop_{files[-1].stem}",
                icon=":material/stop:",
                on_click=_stop,
                args=(files,),
            )
        if begun:
            st.html(_sketch(begun, epochs))


def _far(courses: Sequence[Sequence[VectorEpoch]], done: int, total: int) -> str:
    if not courses:
        return _("It starts.")
    now = courses[-1][-1]
    return _(
        "{n} of {total} epochs: distortion {distortion:.1f}, rate {rate:.1f} nats",
        n=done,
        total=total,
        distortion=now.distortion,
        rate=now.rate,
    )


def _sketch(courses: Sequence[Sequence[VectorEpoch]], total: int) -> str:
    """The curves so far, as a drawing that is replaced without a flicker; said in words above."""
    lines = []
    top = courses[0][0].distortion
    low = min(-top, *(e.distortion for e in courses[0]))
    for each, dash in zip(courses, ("", "6 5"), strict=False):
        for colour, values in (
            (colours.DISTORTION, [e.distortion for e in each]),
            (colours.RATE, [e.rate for e in each]),
        ):
            places = [
                f"{800 * i / total:.1f},{200 * (top - v) / (top - low):.1f}"
                for i, v in enumerate(values)
                if math.isfinite(v)
            ]
            lines.append(
                f'<polyline points="{" ".join(places)}" fill="none" stroke="{colour}" '
                f'stroke-width="2.5" stroke-dasharray="{dash}" vector-effect="non-scaling-stroke"/>'
            )
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 200" '
        f'preserveAspectRatio="none" width="800" height="200">{"".join(lines)}</svg>'
    )
    source = base64.b64encode(drawn.encode()).decode()
    style = "width:100%;height:14rem;border-bottom:1px solid rgba(128,134,143,0.4);"
    names = {colours.DISTORTION: _("distortion"), colours.RATE: _("rate")}
    key = "&emsp;".join(f'<b style="color:{c}">━</b> {escape(name)}' for c, name in names.items())
    picture = f'<img alt="" style="{style}" src="data:image/svg+xml;base64,{source}">'
    return f'{picture}<div aria-hidden="true">{key}</div>'


def show_curves(found: Sequence[VectorTraining], names: Sequence[str], key: str) -> None:
    """The curves of one training, or of two beside each other."""
    courses = {name: tuple(each.history) for name, each in zip(names, found, strict=True)}
    figure_card.show(vector_curves(courses, found[0].config.epochs), key=f"{key}_curves")
