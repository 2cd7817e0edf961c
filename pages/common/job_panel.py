"""Long work that another process does, on a page: offered, followed, shown when it is made.

What it makes may be a run's weights, the sentences of its map on this machine, or a study of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages.common import adapter_wait, controls, resources, state
from vae import studies
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _, ngettext, sentences
from vae.latent.atlas import Atlas, said_note
from vae.latent.atlas_source import CorpusNotReadyError
from vae.models.explorable import NotAvailableError
from vae.runs import jobs
from vae.runs.jobs import Job

# -- any work -------------------------------------------------------------------------------------


def _nothing() -> None:
    """Nothing to be seen before the end, or to be drawn beside."""


def offer(
    key: str,
    why: str,
    label: str,
    start: Callable[[], object],
    note: str = "",
    *,
    news: Callable[[], object] = _nothing,
    beside: Callable[[], object] = _nothing,
) -> None:
    """A panel with a button that starts a job; while it runs, how far it is.

    Args:
        why: what it would make, and how long that takes; Markdown.
        start: called when the button is pressed.
        note: what else is worth knowing, in small.
        news: as in `follow`.
        beside: draws what else is offered, beside the button.
    """
    job = jobs.read(key)
    if job is not None and job.running:
        follow(job, news)
        return
    with st.container(border=True):
        st.markdown(why)
        if note:
            st.caption(note)
        if job is not None:
            last_attempt(job)
        with st.container(horizontal=True):
            st.button(
                label,
                key=f"start_{key}",
                type="primary",
                icon=":material/play_arrow:",
                on_click=start,
            )
            beside()


def follow(job: Job, news: Callable[[], object] = _nothing, place: str = "") -> None:
    """Show a job until it ends, then run the page again.

    Args:
        job: as it was read when it ran: if it has ended since, the page must be run again as well.
        news: what of its result there is; where that changes, the page is run again too.
        place: where on the page, if it is shown in several.
    """
    # A job of another tab, or from before a reload, is followed in the same way.
    st.fragment(_follow, run_every="1s")(job.key, news, news(), place)


def _follow(key: str, news: Callable[[], object], seen: object, place: str) -> None:
    job = jobs.read(key)
    if job is None or not job.running or news() != seen:
        st.rerun()
        return
    share = job.done / job.total if job.total else 0.0
    with st.container(border=True):
        st.progress(min(share, 1.0), text=str(job.what))
        far = (
            _("{done:,} of {total:,}.", done=job.done, total=job.total)
            if job.total
            else _("It starts.")
        )
        left = _time_left(job.seconds_left(time.time()))
        away = _("You can leave this page; the work goes on.")
        st.caption(sentences(far, left, away))
        st.button(
            _("Cancel"),
            key=f"cancel_{key}{place}",
            icon=":material/close:",
            on_click=jobs.cancel,
            args=(key,),
        )


def _time_left(seconds: float | None) -> str:
    if seconds is None:
        return _("The time left is not known yet.")
    if seconds < 90:
        return _("About {n:,} s left in this part.", n=max(round(seconds), 1))
    return _("About {n:,} min left in this part.", n=round(seconds / 60))


def last_attempt(job: Job) -> None:
    """How it ended, where it made nothing."""
    if job.state in ("failed", "lost"):
        why = controls.with_commands(str(job.message))
        st.warning(_("The last attempt did not succeed. {why}", why=why), icon=":material/error:")
    elif job.state == "cancelled":
        st.caption(_("The last attempt was cancelled."))


# -- what it makes --------------------------------------------------------------------------------


def study(explorer: Explorer, name: str) -> dict[str, Any] | None:
    """What a study found of a run; where it has not been made, an offer or its progress, and None.

    A file that is damaged is said to be, above the same offer. What the run has not is said to be
    not available, and not offered again.
    """
    try:
        found = resources.study_result(explorer.run, name)
    except NotAvailableError as error:
        controls.not_available(error)
        return None
    except UserError as error:
        st.error(controls.with_commands(str(error)), icon=":material/error:")
        found = None
    if found is None:
        _offer_study(explorer, name)
    return found


def _offer_study(explorer: Explorer, name: str) -> None:
    run, wanted = explorer.run, studies.study(name)
    every = jobs.read(jobs.study_key(run, jobs.EVERY))
    if every is not None and every.running:
        follow(every, lambda: resources.missing_studies(run), name)
        return
    kept = _("Measured once, then kept with the run. You can leave the page meanwhile.")
    offer(
        jobs.study_key(run, name),
        f"**{wanted.title}** {wanted.what}",
        _("Measure it"),
        lambda: jobs.start_study(run, name),
        sentences(_takes(explorer, [name]), kept),
        beside=lambda: _every_missing_button(explorer, name),
    )


def _every_missing_button(explorer: Explorer, place: str) -> None:
    """A second button, where more than this one study is missing."""
    missing = resources.missing_studies(explorer.run)
    if len(missing) > 1:
        st.button(
            _("Measure all {n} that are missing", n=len(missing)),
            key=f"every_{place}",
            icon=":material/playlist_play:",
            on_click=jobs.start_missing_studies,
            args=(explorer.run,),
            help=_takes(explorer, missing) or None,
        )


def missing_studies(explorer: Explorer) -> None:
    """What of a run has not been measured yet, and one button for all of it; else nothing."""
    run, missing = explorer.run, resources.missing_studies(explorer.run)
    if not missing:
        return
    offer(
        jobs.study_key(run, jobs.EVERY),
        ngettext(
            "{n} of the {total} studies of this run has not been made yet. The report says so "
            "where it would stand.",
            "{n} of the {total} studies of this run have not been made yet. The report says so "
            "where they would stand.",
            len(missing),
            total=len(studies.STUDIES),
        ),
        _("Measure all that is missing"),
        lambda: jobs.start_missing_studies(run),
        sentences(
            _takes(explorer, missing),
            _("Measured once, then kept with the run. You can leave the page meanwhile."),
        ),
        news=lambda: resources.missing_studies(run),
    )


def _takes(explorer: Explorer, names: Sequence[str]) -> str:
    """How long studies take on this machine, in a sentence; nothing where nobody knows."""
    seconds = resources.expected_seconds(explorer, names)
    if seconds is None:
        return ""
    if seconds < 90:
        return _("About {n:,} s on this machine.", n=max(round(seconds), 1))
    return _("About {n:,} min on this machine.", n=round(seconds / 60))


def atlas(explorer: Explorer) -> Atlas | None:
    """The sentences of a run's map; where they are not on this machine, say why, and offer to."""
    try:
        with st.spinner(_("Loading the map")), adapter_wait.shown():
            found = explorer.atlas
    except CorpusNotReadyError:
        _offer_sentences(
            explorer,
            _(
                "The sentences of this run are gathered from the Python packages on this machine. "
                "That has not been done yet; it takes about a minute."
            ),
            _("Gather the sentences"),
        )
        return None
    except UserError as error:
        why = controls.with_commands(str(error))
        st.info(_("There is no map for this run. {why}", why=why), icon=":material/info:")
        return None
    if found.missing and not found.fresh:
        _offer_sentences(
            explorer,
            ngettext(
                "{n:,} of the {total:,} sentences of this run's map is not on this machine: its "
                "packages have other versions. The rest is shown. This machine's own sentences "
                "can be encoded and mapped instead; it takes one or two minutes.",
                "{n:,} of the {total:,} sentences of this run's map are not on this machine: its "
                "packages have other versions. The rest is shown. This machine's own sentences "
                "can be encoded and mapped instead; it takes one or two minutes.",
                found.missing,
                total=len(found) + found.missing,
            ),
            _("Encode this machine's sentences"),
        )
    if found.said:
        st.caption(controls.with_commands(str(said_note(explorer.name))))
    return found


def _offer_sentences(explorer: Explorer, why: str, label: str) -> None:
    offer(jobs.prepare_key(explorer.run), why, label, lambda: jobs.start_prepare(explorer.run))


def explorer(run_name: str) -> Explorer | None:
    """The run of a name; while its training has kept no weights, a calm word and None.

    Raises:
        UserError: as `Explorer.load`.
    """
    run = state.run_directory(run_name)
    if run.has_model():
        with st.spinner(_("Loading the run")):
            return resources.explorer(run_name)
    with st.container(border=True):
        st.info(
            _(
                "The run '{name}' has kept no weights yet: it waits for its turn, its training "
                "has just begun, or it ended before the first validation. This page opens with "
                "the first weights.",
                name=controls.plain_markdown(run_name),
            ),
            icon=":material/hourglass_empty:",
        )
        st.page_link("pages/train/training.py", label=_("See how far its training is"))
    return None


def required_explorer(run_name: str) -> Explorer:
    """As `explorer`, for a page that shows nothing without one: it ends there.

    Raises:
        UserError: as `Explorer.load`.
    """
    found = explorer(run_name)
    if found is None:
        st.stop()
    return found
