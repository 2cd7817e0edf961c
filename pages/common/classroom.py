"""The class of a session: by which code it was joined, and where what is said goes.

A pupil is a random id. It is made with the first answer, and kept by the browser in a cookie, so
that a page that is loaded again is the same pupil. It stands in no link.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from pages.common import state
from vae.classroom import key, place
from vae.errors import UserError
from vae.i18n import Message, _

if TYPE_CHECKING:
    from vae.classroom.entry import Entry, Kind, Stage
    from vae.classroom.store import ClassStore

COOKIE = "latent-lens-pupil"

_PUPIL, _PROBLEM, _TEACHER = "class:pupil", "class:problem", "class:teacher"
_STAGE = "class:stage"
_KEEPER = st.components.v2.component(
    "latent_lens_pupil",
    js="""
export default function ({ data }) {
  if (!data.pupil) return
  const secure = window.location.protocol === "https:" ? "; secure" : ""
  document.cookie = `${data.name}=${data.pupil}; path=/; max-age=5184000; samesite=strict${secure}`
}
""",
)


def store() -> ClassStore:
    """The store of this server's classes."""
    return _store(place.default_address())


@st.cache_resource(max_entries=4, show_spinner=False)
def _store(address: str) -> ClassStore:
    # Loaded where a class is asked for: no other page needs a database.
    from vae.classroom.store import ClassStore

    return ClassStore(address)


def may_have_classes() -> bool:
    """Whether a store is there at all; no database is loaded to find out."""
    address = place.default_address()
    return "://" in address or Path(address).expanduser().exists()


# -- who one is -----------------------------------------------------------------------------------


def code() -> str | None:
    """The code of the class that the link of this session names."""
    return state.get("class")


def is_teacher() -> bool:
    """Whether the teacher's key was given in this session."""
    return bool(st.session_state.get(_TEACHER))


def let_in(given: str) -> bool:
    """Let who gives the teacher's key be the teacher, in this session."""
    if key.opens(given):
        st.session_state[_TEACHER] = True
    return is_teacher()


def pupil() -> str | None:
    """Which pupil of the class this session is; None before the first answer, and outside one."""
    here = code()
    if here is None or not may_have_classes():
        return None
    known = st.session_state.get(_PUPIL)
    if known and known[0] == here:
        return str(known[1])
    told = str(st.context.cookies.get(COOKIE) or "")
    if re.fullmatch("[0-9a-f]{32}", told) and store().class_of(told) == here:
        st.session_state[_PUPIL] = (here, told)
        return told
    return None


def start_anew() -> None:
    """Be another pupil from now on: two may share a computer."""
    st.session_state[_PUPIL] = (code(), store().join(str(code())))


# -- what one says --------------------------------------------------------------------------------


def record(
    lesson: str, step: str | int, kind: Kind, value: str | None, confidence: int | None
) -> None:
    """Tell the class's store what was said, if this is a pupil; why it could not is said by
    `banner`. Call it in a callback."""
    here = code()
    if here is None or is_teacher():
        return
    try:
        who = pupil()
        if who is None:
            start_anew()
            who = st.session_state[_PUPIL][1]
        store().record(
            who, lesson=lesson, step=step, kind=kind, value=value, confidence=confidence or None
        )
    except UserError as error:
        st.session_state[_PROBLEM] = error.message


def said() -> list[Entry]:
    """All that this pupil has said, in order; nothing outside a class."""
    who = pupil()
    return [] if who is None else store().entries_of(who)


def find(given: str) -> str | None:
    """A class's code as it is kept, however it was typed; None where there is no such class."""
    from vae.classroom.store import tidy_code

    wanted = tidy_code(given)
    known = may_have_classes() and any(room.code == wanted for room in store().classes())
    return wanted if known else None


def stage() -> Stage | None:
    """What the class of this session is at; None outside one, and where there is no such class."""
    if (here := code()) is None or not may_have_classes():
        return None
    try:
        return store().stage(here)
    except UserError:
        return None


# -- what is shown of it --------------------------------------------------------------------------


def note() -> None:
    """In a class that `banner` has found, its code: a lesson says for whom it is played."""
    if code() and st.session_state.get(_STAGE):
        st.caption(_(":material/groups: Class {code}", code=code()))


def banner() -> None:
    """That this is a class, what is wrong with it, and the id for the browser to keep."""
    here = code()
    if here is None:
        return
    with st.sidebar:
        st.session_state[_STAGE] = now = stage()
        if now == "ended":
            st.caption(_("Class {code} is over; nothing is recorded any more.", code=here))
        elif now is not None:
            st.caption(
                _("Class {code}: what you answer goes to your teacher, without a name.", code=here)
            )
        _KEEPER(key="pupil_keeper", data={"name": COOKIE, "pupil": pupil() or ""})
    if now is None:
        st.warning(
            _(
                "There is no class with the code '{code}'. What you answer is kept for yourself "
                "only. Look at the code again, or ask your teacher.",
                code=here,
            ),
            icon=":material/group_off:",
        )
    problem: Message | None = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        st.error(str(problem), icon=":material/error:")
