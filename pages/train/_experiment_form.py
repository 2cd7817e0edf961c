"""What the pages of experiments share: whose sentences to learn from, and how its runs stand."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages.common import controls, state
from vae.errors import UserError
from vae.runs import queue
from vae.runs.catalogue import own_runs
from vae.runs.control import request_command
from vae.runs.experiments import (
    Asked,
    Experiment,
    Kind,
    Member,
    begin,
    corpus_arguments,
    read_experiment,
)
from vae.runs.failure import failure
from vae.runs.store import LIVE

BUILT_IN = "Everyday English, generated (built in)"


def choose_corpus(sentences: int, key: str) -> list[str]:
    """A picker of a corpus: generated sentences, or those of a run of one's own.

    Args:
        sentences: how many at most.

    Raises:
        UserError: the text of that run is not on this machine any more.
    """
    runs = own_runs()
    options = [BUILT_IN, *runs]
    if st.session_state.get(key, BUILT_IN) not in options:
        st.session_state.pop(key, None)
    chosen = st.selectbox(
        "Sentences to learn from",
        options,
        key=key,
        persist_state="session",
        format_func=lambda name: name if name == BUILT_IN else f"those of your run {name}",
        help=f"At most {sentences:,} of them. Runs of your own text appear here once they exist.",
    )
    if chosen == BUILT_IN:
        return ["factors", "--sentences", str(sentences)]
    return corpus_arguments(runs[chosen], sentences)


def choose_experiment(names: Sequence[str], key: str, link: str) -> None:
    """A picker of an earlier experiment, or of a new one; the choice is in the address."""
    new, titles = "", {name: _title(name) for name in names}
    current = state.get(link) or new
    if st.session_state.get(key) != current:
        st.session_state[key] = current
    st.selectbox(
        "Experiment",
        [new, *names],
        key=key,
        format_func=lambda name: titles.get(name, name) if name else "A new one",
        on_change=lambda: state.put(link, st.session_state[key] or None),
        width=460,
    )


def _title(name: str) -> str:
    """An experiment by its title and the time of its start; a damaged one by its name."""
    try:
        made = read_experiment(name)
        return f"{made.title}, {time.strftime('%d %b, %H:%M', time.localtime(made.created))}"
    except (UserError, ValueError, OverflowError, OSError):
        return f"{name} (damaged)"


def start(
    kind: Kind, title: str, corpus: list[str], asked: Sequence[Asked], details: Mapping[str, Any]
) -> Experiment | None:
    """Put an experiment into the queue; where it cannot be, `start_problem` says why."""
    try:
        return begin(kind, title, corpus, asked, details)
    except UserError as error:
        problem = str(error)
    except OSError as error:
        problem = (
            f"The runs cannot be written ({error.strerror or error}). Make room, and try again."
        )
    st.session_state["experiment_problem"] = problem
    return None


def start_problem() -> None:
    """Why the experiment that was asked for last has not begun, once."""
    if problem := st.session_state.pop("experiment_problem", ""):
        st.error(controls.plain_markdown(problem), icon=":material/error:")


def problem_of(member: Member) -> str:
    """What keeps a run of an experiment from its end, in a sentence; empty where nothing does."""
    now = member.state()
    if now == "gone":
        return "This run was deleted or renamed meanwhile."
    if now == "unknown":
        return "The state of this run cannot be read: its status.json is damaged."
    if now == "failed" and member.directory is not None:
        return f"It failed: {failure(member.directory).message or 'its log says more'}"
    if now == "lost":
        return "Its process is gone. Start it again below."
    return "It was stopped before its end." if now == "stopped" else ""


def steer_buttons(experiment: Experiment, key: str) -> None:
    """Stop all that trains or waits; start again what stopped, failed or was lost."""
    states = [member.state() for member in experiment.members]
    with st.container(horizontal=True):
        if any(s in ("queued", *LIVE) for s in states):
            st.button(
                "Stop",
                icon=":material/stop:",
                key=f"{key}_stop",
                on_click=_stop,
                args=(experiment,),
                help="Runs that wait leave the queue; runs that train keep what they learned.",
            )
        if any(s in ("stopped", "failed", "lost") for s in states):
            st.button(
                "Go on",
                icon=":material/play_arrow:",
                key=f"{key}_resume",
                on_click=_resume,
                args=(experiment,),
                help="Puts what stopped, failed or was lost into the queue again.",
            )
    for sentence in st.session_state.pop("experiment_problems", []):
        st.warning(controls.plain_markdown(sentence), icon=":material/error:")


def _stop(experiment: Experiment) -> None:
    problems = []
    # The last ones first: a slot that becomes free starts nothing that is stopped next.
    for member in reversed(experiment.members):
        run, now = member.directory, member.state()
        try:
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
            queue.resume(run)
        except (UserError, OSError) as error:
            problems.append(str(error))
    st.session_state["experiment_problems"] = problems
