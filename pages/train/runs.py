"""Runs: which models are there, and what is to become of them?"""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, report_button, state
from pages.train import _queue_line
from vae import sharing
from vae.errors import UserError
from vae.runs import manage, queue
from vae.runs.catalogue import is_shipped, known_runs
from vae.runs.store import RunDirectory
from vae.runs.summary import Summary, summarise

MOST_MB = 500
STATES = {
    "queued": "waits for its turn",
    "running": "trains",
    "paused": "paused",
    "stopping": "stops, and keeps what it learned",
    "finished": "finished",
    "stopped": "stopped; can go on",
    "failed": "failed",
    "lost": "its process is gone; can go on",
    "unknown": "cannot be read",
}


def main() -> None:
    st.title("Which runs are there?", anchor=False)
    told()
    queue.advance()
    summaries = [summarise(name, run) for name, run in known_runs().items()]
    moving = any(s.live or s.state == "queued" for s in summaries)
    st.fragment(table, run_every="2s" if moving else None)([s.state for s in summaries])
    left, right = st.columns(2, gap="large")
    with left:
        chosen()
    with right:
        opening()
        st.subheader("How many train at once?", anchor=False)
        _queue_line.slots_setting()


def told() -> None:
    """What came of the last request, once."""
    if done := st.session_state.pop("runs_done", ""):
        st.success(controls.plain_markdown(done), icon=":material/check:")
    if problem := st.session_state.pop("runs_problem", ""):
        st.error(controls.plain_markdown(problem), icon=":material/error:")


def table(before: list[str]) -> None:
    """Every run in a line; read again while one of them moves."""
    with controls.page_error_boundary():
        queue.advance()
        summaries = [summarise(name, run) for name, run in known_runs().items()]
        if [s.state for s in summaries] != before:
            st.rerun()  # what can be done with a run has changed too
        frame = pd.DataFrame([line(s) for s in summaries])
        st.dataframe(
            frame, hide_index=True, key="runs_table", column_config=columns(), placeholder=""
        )
        st.caption(
            "Click a heading to sort. Rate, mutual information (MI) and NLL in nats a sentence of "
            "the test split; NLL is the importance-weighted bound with K samples, so compare it at "
            "one K and on one corpus only; active units at a threshold of 0.01."
        )
        figure_card.download(frame, key="runs", file_name="runs")
        for s in summaries:
            if s.problem:
                st.warning(
                    f"{controls.plain_markdown(s.name)}: {controls.plain_markdown(s.problem)}",
                    icon=":material/build:",
                )


def line(s: Summary) -> dict[str, object]:
    """A run as a row; what is not known stays empty."""
    return {
        "run": s.name if s.shipped else f"{s.name} (yours)",
        "state": STATES.get(s.state, s.state),
        "corpus": s.corpus,
        "made": datetime.fromtimestamp(s.begun, UTC) if s.begun else None,
        "updates": s.step,
        "minutes": s.minutes,
        "rate": s.rate,
        "MI": s.mutual_information,
        "active units": s.active_units,
        "of": s.latent_dim,
        "NLL": s.nll,
        "K": s.iw_samples,
        "sentences": s.n_sentences,
    }


def columns() -> dict[str, object]:
    """How the table shows its numbers."""
    two = st.column_config.NumberColumn(format="%.2f")
    return {
        "made": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm"),
        "minutes": st.column_config.NumberColumn(format="%.1f", help="spent training"),
        "rate": two,
        "MI": st.column_config.NumberColumn(format="%.2f", help="mutual information, nats"),
        "NLL": two,
        "of": st.column_config.NumberColumn(help="dimensions of z"),
        "updates": st.column_config.NumberColumn(format="localized"),
        "sentences": st.column_config.NumberColumn(
            format="localized", help="test sentences that the figures are measured on"
        ),
    }


def chosen() -> None:
    """What can be done with the run that the sidebar shows."""
    name = state.chosen_run()
    run = state.run_directory(name)
    st.subheader(f"This run: {controls.plain_markdown(name)}", anchor=False)
    with st.container(horizontal=True):
        st.page_link(
            "pages/train/training.py", label="See how it learned", icon=":material/timeline:"
        )
        if run.has_model():
            st.page_link("pages/explore/map.py", label="Open its map", icon=":material/map:")
    download(name, run)
    report_button.show(name, run)
    if is_shipped(run.path):
        st.caption("It ships with the app: it can be neither renamed nor deleted.")
        return
    with (
        st.form("rename", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input("Name", value=name, key=f"rename:{run.path}")
        st.form_submit_button(
            "Rename", icon=":material/edit:", on_click=rename, args=(run, f"rename:{run.path}")
        )
    if st.button("Delete …", icon=":material/delete:", key="delete"):
        confirm(name, run)


def download(name: str, run: RunDirectory) -> None:
    """The run as one file."""
    if run.adapter():
        st.caption(
            "It cannot be downloaded as one file: its model is of another make, and the code of "
            "that is no part of the run."
        )
        return
    if not run.has("weights.safetensors"):
        st.caption("It can be downloaded when it has kept its first weights.")
        return
    st.download_button(
        "Download as one file",
        data=lambda: archive(run),
        file_name=sharing.archive_name(run),
        mime="application/zip",
        icon=":material/download:",
        key="download_run",
        on_click="ignore",
        help="Weights, history, figures and the sentences of its map. Neither the corpus nor the "
        "log is in it, nor a path of this machine.",
    )


def archive(run: RunDirectory) -> bytes:
    """The file of a run, made when the button is pressed."""
    out = io.BytesIO()
    sharing.export(run, out)
    return out.getvalue()


def rename(run: RunDirectory, key: str) -> None:
    """Give the run the name that was typed, and go on showing it."""
    try:
        renamed = manage.rename(run, str(st.session_state[key]).strip())
    except UserError as error:
        st.session_state["runs_problem"] = str(error)
        return
    show(renamed)
    st.session_state["runs_done"] = f"The run is called '{renamed.name}' now."


def show(run: RunDirectory) -> None:
    """Choose a run by its directory."""
    path = run.path.resolve()
    for name, known in known_runs().items():
        if known.path.resolve() == path:
            state.choose_run(name)


@st.dialog("Delete this run?")
def confirm(name: str, run: RunDirectory) -> None:
    """Ask first."""
    with controls.page_error_boundary():
        st.markdown(
            f"**{controls.plain_markdown(name)}**, its weights, its history and its copy of the "
            f"text will be gone: {controls.plain_markdown(str(run.path))}. This cannot be undone."
        )
        with st.container(horizontal=True):
            if st.button("Delete it", type="primary", icon=":material/delete:", key="really"):
                remove(name, run)
                st.rerun()
            if st.button("Keep it", key="keep"):
                st.rerun()


def remove(name: str, run: RunDirectory) -> None:
    """Delete the run; a waiting one leaves the queue first."""
    try:
        if run.has("status.json") and run.state() == "queued":
            queue.cancel(run)
        manage.delete(run)
    except UserError as error:
        st.session_state["runs_problem"] = str(error)
        return
    state.put("run", None)
    st.session_state["runs_done"] = f"'{name}' is deleted."


def opening() -> None:
    """Take in a run that someone sent."""
    st.subheader("Open a run that someone sent", anchor=False)
    version = st.session_state.get("opened", 0)
    with st.form(f"open_{version}", border=False):
        upload = st.file_uploader(
            "A file that “Download as one file” made",
            type=["zip"],
            max_upload_size=MOST_MB,
            key=f"sent_{version}",
            help="Nothing in it is trusted: names, sizes and contents are checked before it "
            "appears.",
        )
        pressed = st.form_submit_button("Open it", icon=":material/folder_open:")
    if not pressed:
        return
    if upload is None:
        st.warning("Choose a file first.", icon=":material/error:")
        return
    try:
        with st.spinner("Checking every file of it"):
            run = sharing.open_archive(upload)
    except UserError as error:
        st.error(controls.plain_markdown(str(error)), icon=":material/error:")
        return
    st.session_state["opened"] = version + 1
    st.session_state["runs_done"] = f"'{run.name}' is here. Every page shows it now."
    show(run)
    st.rerun()


with controls.page_error_boundary():
    main()
