"""What the pages of experiments share: whose sentences to learn from, and how its runs stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import streamlit as st
from babel.dates import format_skeleton

from pages.common import controls, guests, state
from vae.errors import UserError
from vae.i18n import _, language, listed
from vae.runs import queue
from vae.runs.catalogue import own_runs
from vae.runs.control import request_command
from vae.runs.experiments import (
    Experiment,
    Kind,
    Member,
    RunSpec,
    begin,
    begin_once,
    corpus_arguments,
    experiment_names,
    read_experiment,
    settled,
)
from vae.runs.failure import failure
from vae.runs.store import LIVE
from vae.training.cures import CURES

BUILT_IN = "factors"


def chosen_or_new(
    kind: Kind,
    link: str,
    ask: Callable[[], None],
    show: Callable[[Experiment], None],
    *,
    every: str,
) -> None:
    """The experiment that was chosen, again and again until it has ended; else the form of one.

    Args:
        link: the name of the choice in the address.
        every: how often it is shown, as "2s".
    """
    if names := experiment_names(kind):
        choose_experiment(names, f"{kind}_experiment", link)
    if (name := state.get(link)) is None:
        ask()
        return
    experiment = read_experiment(name)
    open_end = not settled(experiment)
    st.fragment(_watch, run_every=every if open_end else None)(experiment, open_end, show)


def _watch(experiment: Experiment, was_open: bool, show: Callable[[Experiment], None]) -> None:
    with controls.page_error_boundary():
        if was_open and settled(experiment):
            st.rerun()
        show(experiment)


def choose_corpus(sentences: int, key: str) -> list[str]:
    """A picker of a corpus: generated sentences, or those of a run of one's own.

    Args:
        sentences: how many at most.

    Raises:
        UserError: the text of that run is not on this machine any more.
    """
    runs = own_runs()
    options = [None, *runs]
    state.keep_among(key, options)
    chosen = st.selectbox(
        _("Sentences to learn from"),
        options,
        key=key,
        placeholder=_("Choose"),
        persist_state="session",
        format_func=lambda name: (
            _("those of your run {name}", name=name)
            if name
            else _("Everyday English, generated (built in)")
        ),
        help=_(
            "At most {n:,} of them. Runs of your own text appear here once they exist.",
            n=sentences,
        ),
    )
    if chosen is None:
        return built_in(sentences)
    return corpus_arguments(runs[chosen], sentences)


def built_in(sentences: int) -> list[str]:
    """The sentences that come with the app, so many at most."""
    return [BUILT_IN, "--sentences", str(sentences)]


def choose_experiment(names: Sequence[str], key: str, link: str) -> None:
    """A picker of an earlier experiment, or of a new one; the choice is in the address."""
    new, titles = "", {name: _title(name) for name in names}
    current = state.get(link) or new
    if st.session_state.get(key) != current:
        st.session_state[key] = current
    st.selectbox(
        _("Experiment"),
        [new, *names],
        placeholder=_("Choose"),
        key=key,
        format_func=lambda name: titles.get(name, name) if name else _("A new one"),
        on_change=lambda: state.put(link, st.session_state[key] or None),
        width=460,
    )


def _title(name: str) -> str:
    """An experiment by its title and the time of its start; a damaged one by its name."""
    try:
        made = read_experiment(name)
        when = datetime.fromtimestamp(made.created)
        day, time = (format_skeleton(part, when, locale=language()) for part in ("MMMd", "Hm"))
        return _("{title}, {day}, {time}", title=title_of(made), day=day, time=time)
    except (UserError, ValueError, OverflowError, OSError):
        return _("{name} (damaged)", name=name)


def title_of(experiment: Experiment) -> str:
    """What an experiment is on: its cure, or the settings it goes over."""
    if cure := CURES.get(
        str(experiment.details.get("cure") if experiment.kind == "clinic" else "")
    ):
        return str(cure.title)
    axes = experiment.details.get("axes")
    if isinstance(axes, list) and all(isinstance(a, Mapping) for a in axes):
        return listed(str(a.get("setting")).replace("_", " ") for a in axes)
    return experiment.title


def start(
    kind: Kind,
    title: str,
    corpus: list[str],
    asked: Sequence[RunSpec],
    details: Mapping[str, Any],
    *,
    shared: bool = False,
) -> Experiment | None:
    """Put an experiment into the queue; where it cannot be, `start_problem` says why.

    Args:
        shared: once for all who ask for the same; guests have no other.
    """
    try:
        if shared:
            return begin_once(kind, title, corpus, asked, details)
        guests.check()
        return begin(kind, title, corpus, asked, details)
    except UserError as error:
        problem = str(error)
    except OSError as error:
        problem = _(
            "The runs cannot be written ({reason}). Make room, and try again.",
            reason=error.strerror or str(error),
        )
    st.session_state["experiment_problem"] = problem
    return None


def start_problem() -> None:
    """Why the experiment that was asked for last has not begun, once."""
    controls.told("experiment_problem")


def problem_of(member: Member) -> str:
    """What keeps a run of an experiment from its end, in a sentence; empty where nothing does."""
    now = member.state()
    if now == "gone":
        return _("This run was deleted or renamed meanwhile.")
    if now == "unknown":
        return _("The state of this run cannot be read: its status.json is damaged.")
    if now == "failed" and member.directory is not None:
        if why := str(failure(member.directory).message):
            return _("It failed: {why}", why=why)
        return _("It failed: its log says more")
    if now == "lost":
        return _("Its process is gone. Start it again below.")
    return _("It was stopped before its end.") if now == "stopped" else ""


def queue_buttons(experiment: Experiment, key: str) -> None:
    """Stop all that trains or waits; start again what stopped, failed or was lost."""
    states = [member.state() for member in experiment.members]
    if guests.is_guest():
        return
    with st.container(horizontal=True):
        if any(s in ("queued", *LIVE) for s in states):
            st.button(
                _("Stop"),
                icon=":material/stop:",
                key=f"{key}_stop",
                on_click=_stop,
                args=(experiment,),
                help=_("Runs that wait leave the queue; runs that train keep what they learned."),
            )
        if any(s in ("stopped", "failed", "lost") for s in states):
            st.button(
                _("Go on"),
                icon=":material/play_arrow:",
                key=f"{key}_resume",
                on_click=_resume,
                args=(experiment,),
                help=_("Puts what stopped, failed or was lost into the queue again."),
            )
    for sentence in st.session_state.pop("experiment_problems", []):
        st.warning(controls.plain_markdown(sentence), icon=":material/error:")


def _stop(experiment: Experiment) -> None:
    problems = []
    # The last ones first: a slot that becomes free starts nothing that is stopped next.
    for member in reversed(experiment.members):
        run, now = member.directory, member.state()
        try:
            guests.check()
            if run is not None and now == "queued":
                queue.cancel(run)
            elif run is not None and now in LIVE:
                request_command(run, "stop")
        except UserError as error:
            problems.append(str(error))
    st.session_state["experiment_problems"] = problems


def _resume(experiment: Experiment) -> None:
    problems = []
    for member in experiment.members:
        run = member.directory
        if run is None or member.state() not in ("stopped", "failed", "lost"):
            continue
        try:
            guests.check()
            queue.resume(run)
        except (UserError, OSError) as error:
            problems.append(str(error))
    st.session_state["experiment_problems"] = problems
