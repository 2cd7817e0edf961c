"""The report of a run, to be downloaded: one HTML file that needs no network."""

from __future__ import annotations

import contextlib

import streamlit as st

from pages.common import job_panel, resources
from pages.common.language import later
from vae import report
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _
from vae.runs.store import RunDirectory


def show(name: str, run: RunDirectory) -> None:
    """A button; the report is made when it is pressed, in well under a second for a shipped run."""
    if not run.has("weights.safetensors"):
        return
    st.download_button(
        _("Download the report"),
        # Made of what the run's files say by then: a study may have ended meanwhile.
        data=later(report_html, run),
        file_name=report.file_name(name),
        mime="text/html",
        icon=":material/description:",
        key=f"report_{name}",
        on_click="ignore",
        help=_(
            "One file with the setting, curves, figures and sentences of this run. It opens "
            "without a network, and its tables can be downloaded."
        ),
    )
    # What cannot be read of the run is said by the page.
    with contextlib.suppress(UserError):
        job_panel.missing_studies(resources.explorer(name))


def report_html(run: RunDirectory) -> str:
    """The report; of a run that cannot be read, a page that says why."""
    try:
        return report.make(Explorer.load(run))
    except UserError as error:
        return report.unreadable(run, error)
