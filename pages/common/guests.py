"""Who may change what is on this server: while a class is held, only its teacher.

Pupils read and play. That is held here, by the server, and not by the link that they came with.
"""

from __future__ import annotations

import streamlit as st

from pages.common import classroom
from vae.classroom import place
from vae.errors import UserError
from vae.i18n import Message, message

WHY = message(
    "A class is held on this server, and you are a guest in it: you can read, try and answer "
    "everything, but not delete, rename, upload or train. The teacher opens this on the page "
    "Class."
)


def is_guest() -> bool:
    """Whether this session may only read and play."""
    if classroom.is_teacher():
        return False
    return classroom.code() is not None or bool(_open_classes())


def check() -> None:
    """Refuse a change by a guest.

    Raises:
        UserError: this session is a guest.
    """
    if is_guest():
        raise UserError(WHY)


def note(shared: Message | None = None) -> bool:
    """Whether this is a guest; if so, what a guest cannot do here is said.

    Args:
        shared: what there is instead.
    """
    if not is_guest():
        return False
    st.info(f"{WHY} {shared or ''}".strip(), icon=":material/school:")
    return True


def _open_classes() -> tuple[str, ...]:
    if not classroom.may_have_classes():
        return ()
    return _asked(place.default_address())


@st.cache_data(ttl="3s", max_entries=4, show_spinner=False)
def _asked(address: str) -> tuple[str, ...]:
    try:
        return tuple(classroom.store().open_classes())
    except UserError:
        # Where it cannot be known, nobody but the teacher changes anything; the page Class says
        # what is wrong with the store.
        return ("",)
