"""Who trains, who waits, and how many may train at once."""

from __future__ import annotations

import streamlit as st

from pages.common import controls
from vae.errors import UserError
from vae.runs import queue
from vae.runs.catalogue import known_runs
from vae.runs.request import REQUEST
from vae.runs.store import LIVE
from vae.runs.summary import state_of

_ORDINALS = ("first", "second", "third", "fourth", "fifth")


def training_now() -> list[str]:
    """Names of the app's own runs that a process works on: they take the slots."""
    runs = known_runs().items()
    return [name for name, run in runs if run.has(REQUEST) and state_of(run) in LIVE]


def what_a_new_run_meets() -> str:
    """Whether a run that is asked for now begins at once, or who comes before it."""
    now, waiting = training_now(), len(queue.waiting())
    free = queue.slots() - len(now)
    if free > waiting:
        return "It begins at once."
    names = ", ".join(f"“{controls.plain_markdown(name)}”" for name in now)
    first = f"{names} {'is' if len(now) == 1 else 'are'} under way" if now else "Others begin now"
    return f"{first}. A new run waits and begins by itself: it would be {ordinal(waiting + 1)}."


def ordinal(place: int) -> str:
    """A place in the queue in words: "second in line"."""
    if place <= len(_ORDINALS):
        return f"{_ORDINALS[place - 1]} in line"
    return f"number {place} in line"


def slots_setting() -> None:
    """How many runs may train at once, for everybody who uses this server."""
    now = queue.slots()
    # Another one where somebody else chose meanwhile.
    key = f"queue_slots_{now}"
    st.number_input(
        "Runs that train at once",
        1,
        queue.MOST_SLOTS,
        now,
        step=1,
        key=key,
        on_change=_set_slots,
        args=(key,),
        width=220,
        help="For everybody on this server. Two at once on two cores each take twice as long.",
    )
    if problem := st.session_state.pop("queue_problem", ""):
        st.error(problem, icon=":material/error:")


def _set_slots(key: str) -> None:
    try:
        queue.set_slots(int(st.session_state[key]))
        queue.advance()
    except (UserError, OSError) as error:
        st.session_state["queue_problem"] = str(error)
