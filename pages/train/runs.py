"""Runs: which models are there, and what is to become of them?"""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, guests, report_button, resources, state, upload
from pages.train import _queue_line
from vae import sharing
from vae.corpora.given import card_said
from vae.diagnostics.information import ACTIVE_UNIT_THRESHOLD, bound_or_estimate
from vae.diagnostics.verdict_words import VERDICTS
from vae.errors import UserError
from vae.i18n import _, pgettext
from vae.runs import manage, queue
from vae.runs.catalogue import is_shipped, known_runs
from vae.runs.pace import standing
from vae.runs.store import RunDirectory
from vae.runs.summary import Summary, summarise

MOST_MB = 500

# Pixels of the first columns: four of them fit a phone, all a laptop beside the sidebar.
WIDTHS = {
    "run": 122,
    "state": 106,
    "rate": 62,
    "NLL": 64,
    "verdict": 130,
    "MI": 60,
    "principal units": 108,
    "active units": 96,
    "of": 56,
    "MI is": 150,
}


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
        frame = pd.DataFrame([line(s) for s in summaries])
        st.dataframe(
            frame, hide_index=True, key="runs_table", column_config=columns(), placeholder=""
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
        titled = frame.rename(columns=headings())
        figure_card.download(titled, key="runs", file_name="runs")
        for s in summaries:
            if s.problem:
                said = _("{run}: {problem}", run=s.name, problem=s.problem)
                st.warning(controls.plain_markdown(said), icon=":material/build:")


def line(s: Summary) -> dict[str, object]:
    """A run as a row, what matters most first; what is not known stays empty."""
    return {
        "run": s.name if s.shipped else _("{run} (yours)", run=s.name),
        "state": standing(s.state, s.cause),
        "rate": s.rate,
        "NLL": s.nll,
        "verdict": str(VERDICTS[s.verdict]) if s.verdict in VERDICTS else None,
        "MI": s.mutual_information,
        "principal units": s.principal_units,
        "active units": s.active_units,
        "of": s.latent_dim,
        "MI is": bound_or_estimate(s.mutual_information, s.mutual_information_ceiling),
        "minutes": s.minutes,
        "updates": s.step,
        "corpus": s.corpus,
        "made": datetime.fromtimestamp(s.begun, UTC) if s.begun else None,
        "K": s.iw_samples,
        "sentences": s.n_sentences,
    }


def headings() -> dict[str, str]:
    """The columns of the table, as they are read."""
    return {
        "run": pgettext("column", "run"),
        "state": pgettext("column", "state"),
        "verdict": pgettext("column", "verdict"),
        "corpus": pgettext("column", "corpus"),
        "made": pgettext("column", "made"),
        "updates": pgettext("column", "updates"),
        "minutes": pgettext("column", "minutes"),
        "rate": pgettext("column", "rate"),
        "MI": pgettext("column", "MI"),
        "MI is": pgettext("column", "MI is"),
        "principal units": pgettext("column", "principal units"),
        "active units": pgettext("column", "active units"),
        "of": pgettext("column", "of Z"),
        "NLL": pgettext("column", "NLL"),
        "K": pgettext("column", "K"),
        "sentences": pgettext("column", "sentences"),
    }


def columns() -> dict[str, object]:
    """How the table names its columns and shows its numbers."""
    helps = {
        "minutes": _("spent training"),
        "verdict": _("as the page Collapse says it, with the figures that decide"),
        "MI": _("mutual information, nats"),
        "MI is": _("over half of its ceiling, ln n, the estimate falls short"),
        "of": _("dimensions of z"),
        "sentences": _("test sentences that the figures are measured on"),
    }
    formats = {
        "minutes": "%.1f",
        "rate": "%.2f",
        "MI": "%.2f",
        "NLL": "%.2f",
        "updates": "localized",
        "sentences": "localized",
    }
    names = headings()
    made = st.column_config.DatetimeColumn(names["made"], format="YYYY-MM-DD HH:mm")
    texts = {
        key: st.column_config.Column(names[key], help=helps.get(key), width=WIDTHS.get(key))
        for key in ("run", "state", "verdict", "corpus", "MI is")
    }
    numbers = {
        key: st.column_config.NumberColumn(
            name, format=formats.get(key), help=helps.get(key), width=WIDTHS.get(key)
        )
        for key, name in names.items()
        if key not in ("made", *texts)
    }
    return {"made": made, **texts, **numbers}


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
