"""Who trains, who waits, and how many may train at once."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, guests
from vae.i18n import _, listed, message, ngettext
from vae.runs import queue
from vae.runs.catalogue import known_runs
from vae.runs.request import REQUEST
from vae.runs.store import LIVE, RunDirectory
from vae.runs.summary import state_of
from vae.runs.turn import Turn, next_turn, turn

_ORDINALS = (
    message("first in line"),
    message("second in line"),
    message("third in line"),
    message("fourth in line"),
    message("fifth in line"),
)


def training_now() -> list[str]:
    """Names of the app's own runs that a process works on: they take the slots."""
    runs = known_runs().items()
    return [name for name, run in runs if run.has(REQUEST) and state_of(run) in LIVE]


def under_way() -> str:
    """Which runs train now, in a sentence of Markdown; nothing where none does."""
    now = training_now()
    names = listed(_("“{name}”", name=controls.plain_markdown(name)) for name in now)
    return (
        ngettext("{names} is under way.", "{names} are under way.", len(now), names=names)
        if now
        else ""
    )


def what_a_new_run_meets() -> str:
    """Whether a run that is asked for now begins at once, or who comes before it."""
    found = next_turn()
    if queue.slots() - len(training_now()) >= found.place:
        return _("It begins at once.")
    place, minutes = ordinal(found.place), _minutes(found)
    meets = (
        _("A new run waits and begins by itself: it would be {place}.", place=place)
        if minutes is None
        else _(
            "A new run waits and begins by itself: it would be {place}, in about {n:,} min.",
            place=place,
            n=minutes,
        )
    )
    return f"{under_way() or _('Others begin now.')} {meets}"


def waits(run: RunDirectory) -> str:
    """Of a run that waits: its place, and how long it still waits."""
    found = turn(run)
    if found is None or found.seconds == 0:
        return _("This run waits; it is about to begin by itself.")
    place, minutes = ordinal(found.place), _minutes(found)
    if minutes is None:
        return _("This run waits: {place}. It begins by itself.", place=place)
    return _(
        "This run waits: {place}. It begins by itself in about {n:,} min.", place=place, n=minutes
    )


def _minutes(found: Turn) -> int | None:
    return None if found.seconds is None else max(1, round(found.seconds / 60))


def ordinal(place: int) -> str:
    """A place in the queue in words: "second in line"."""
    if place <= len(_ORDINALS):
        return str(_ORDINALS[place - 1])
    return _("number {place} in line", place=place)


def slots_setting() -> None:
    """How many runs may train at once, for everybody who uses this server."""
    now = queue.slots()
    # Another one where somebody else chose meanwhile.
    key = f"queue_slots_{now}"
    st.number_input(
        _("Runs that train at once"),
        1,
        queue.MOST_SLOTS,
        now,
        step=1,
        key=key,
        on_change=_set_slots,
        args=(key,),
        width=220,
        disabled=guests.is_guest(),
        help=_("For everybody on this server. Two at once on two cores each take twice as long."),
    )
    controls.told("queue_problem")


@controls.telling("queue_problem")
def _set_slots(key: str) -> None:
    guests.check()
    queue.set_slots(int(st.session_state[key]))
    queue.advance()
