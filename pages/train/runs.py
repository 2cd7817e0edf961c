"""Runs: which models are there, and what is to become of them?"""

from __future__ import annotations

import io

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, guests, report_button, resources, state, upload
from pages.train import _queue_line
from pages.train._runs import columns
from vae import sharing
from vae.corpora.given import card_said
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD
from vae.errors import UserError
from vae.i18n import _
from vae.runs import manage, queue
from vae.runs.catalogue import is_shipped, known_runs
from vae.runs.store import RunDirectory
from vae.runs.summary import summarise

MOST_MB = 500


def main() -> None:
    st.title(_("Which runs are there?"), anchor=False)
    notices()
    queue.advance()
    summaries = [summarise(name, run, resources.evaluated) for name, run in known_runs().items()]
    moving = any(s.live or s.state == "queued" for s in summaries)
    st.fragment(table, run_every="2s" if moving else None)([s.state for s in summaries])
    left, right = st.columns(2, gap="large")
    with left:
        chosen()
    with right:
        opening()
        st.subheader(_("How many train at once?"), anchor=False)
        _queue_line.slots_setting()


def notices() -> None:
    """What came of the last request, once."""
    if done := st.session_state.pop("runs_done", ""):
        st.success(controls.plain_markdown(done), icon=":material/check:")
    controls.told("runs_problem")


def table(before: list[str]) -> None:
    """Every run in a line; read again while one of them moves."""
    with controls.page_error_boundary():
        queue.advance()
        summaries = [
            summarise(name, run, resources.evaluated) for name, run in known_runs().items()
        ]
        if [s.state for s in summaries] != before:
            st.rerun()  # what can be done with a run has changed too
        frame = pd.DataFrame([columns.line(s) for s in summaries])
        st.dataframe(
            frame, hide_index=True, key="runs_table", column_config=columns.config(), placeholder=""
        )
        st.caption(
            _(
                "Click a heading to sort. Rate, mutual information (MI) and NLL in nats a sentence "
                "of the test split; NLL is the importance-weighted bound with K samples, so "
                "compare it at one K and on one corpus only; principal units (directions) and "
                "active units (dimensions) at a threshold of {threshold:g}.",
                threshold=ACTIVE_UNIT_THRESHOLD,
            )
        )
        titled = frame.rename(columns=columns.headings())
        figure_card.download(titled, key="runs", file_name="runs")
        for s in summaries:
            if s.problem:
                said = _("{run}: {problem}", run=s.name, problem=s.problem)
                st.warning(controls.plain_markdown(said), icon=":material/build:")


def chosen() -> None:
    """What can be done with the run that the sidebar shows."""
    name = state.chosen_run()
    run = state.run_directory(name)
    st.subheader(_("This run: {run}", run=controls.plain_markdown(name)), anchor=False)
    with st.container(horizontal=True):
        st.page_link(
            "pages/train/training.py", label=_("See how it learned"), icon=":material/timeline:"
        )
        if run.has_model():
            st.page_link("pages/explore/map.py", label=_("Open its map"), icon=":material/map:")
    if run.exists() and (card := card_said(run.read_json("config.json").get("corpus"))) is not None:
        st.caption(controls.plain_markdown(str(card)))
    download(name, run)
    report_button.show(name, run)
    if is_shipped(run.path):
        st.caption(_("It ships with the app: it can be neither renamed nor deleted."))
        return
    if guests.note():
        return
    with (
        st.form("rename", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input(_("Name"), value=name, key=f"rename:{run.path}")
        st.form_submit_button(
            _("Rename"), icon=":material/edit:", on_click=rename, args=(run, f"rename:{run.path}")
        )
    if st.button(_("Delete …"), icon=":material/delete:", key="delete"):
        # The title is worded at the click, in the language of then.
        st.dialog(_("Delete this run?"))(confirm)(name, run)


def download(name: str, run: RunDirectory) -> None:
    """The run as one file."""
    if run.adapter():
        st.caption(
            _(
                "It cannot be downloaded as one file: its model is of another make, and the code "
                "of that is no part of the run."
            )
        )
        return
    if not run.has("weights.safetensors"):
        st.caption(_("It can be downloaded when it has kept its first weights."))
        return
    st.download_button(
        _("Download as one file"),
        data=lambda: archive(run),
        file_name=sharing.archive_name(run),
        mime="application/zip",
        icon=":material/download:",
        key="download_run",
        on_click="ignore",
        help=_(
            "Weights, history, figures and the sentences of its map. Neither the corpus nor the "
            "log is in it, nor a path of this machine."
        ),
    )


def archive(run: RunDirectory) -> bytes:
    """The file of a run, made when the button is pressed."""
    out = io.BytesIO()
    sharing.export(run, out)
    return out.getvalue()


@controls.telling("runs_problem")
def rename(run: RunDirectory, key: str) -> None:
    """Give the run the name that was typed, and go on showing it."""
    guests.check()
    renamed = manage.rename(run, str(st.session_state[key]).strip())
    show(renamed)
    st.session_state["runs_done"] = _("The run is called '{run}' now.", run=renamed.name)


def show(run: RunDirectory) -> None:
    """Choose a run by its directory."""
    path = run.path.resolve()
    for name, known in known_runs().items():
        if known.path.resolve() == path:
            state.choose_run(name)


def confirm(name: str, run: RunDirectory) -> None:
    """Ask first."""
    with controls.page_error_boundary():
        st.markdown(
            _(
                "**{run}**, its weights, its history and its copy of the text will be gone: "
                "{folder}. This cannot be undone.",
                run=controls.plain_markdown(name),
                folder=controls.plain_markdown(str(run.path)),
            )
        )
        with st.container(horizontal=True):
            if st.button(_("Delete it"), type="primary", icon=":material/delete:", key="really"):
                remove(name, run)
                st.rerun()
            if st.button(_("Keep it"), key="keep"):
                st.rerun()


@controls.telling("runs_problem")
def remove(name: str, run: RunDirectory) -> None:
    """Delete the run; a waiting one leaves the queue first."""
    guests.check()
    if run.has("status.json") and run.state() == "queued":
        queue.cancel(run)
    manage.delete(run)
    state.put("run", None)
    st.session_state["runs_done"] = _("'{run}' is deleted.", run=name)


def opening() -> None:
    """Take in a run that someone sent."""
    st.subheader(_("Open a run that someone sent"), anchor=False)
    if guests.note():
        return
    version = st.session_state.get("opened", 0)
    with st.form(f"open_{version}", border=False):
        given = upload.dropzone(
            _("A file that “Download as one file” made"),
            _("ZIP, {most:,} MB at most", most=MOST_MB),
            type=["zip"],
            max_upload_size=MOST_MB,
            key=f"sent_{version}",
            help=_(
                "Nothing in it is trusted: names, sizes and contents are checked before it appears."
            ),
        )
        pressed = st.form_submit_button(_("Open it"), icon=":material/folder_open:")
    if not pressed:
        return
    if given is None:
        st.warning(_("Choose a file first."), icon=":material/error:")
        return
    try:
        with st.spinner(_("Checking every file of it")):
            run = sharing.open_archive(given)
    except UserError as error:
        st.error(controls.plain_markdown(str(error)), icon=":material/error:")
        return
    st.session_state["opened"] = version + 1
    st.session_state["runs_done"] = _("'{run}' is here. Every page shows it now.", run=run.name)
    show(run)
    st.rerun()


with controls.page_error_boundary():
    main()
