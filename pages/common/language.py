"""The language of a session: chosen in the sidebar or by the link, the browser's at first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.common import state
from vae import i18n
from vae.i18n import _

Made = TypeVar("Made")


def open_session() -> None:
    """Let everything that is said from here on be in the language of whose session it is."""
    i18n.follow(_of_session)


def picker() -> None:
    """The choice of the language; nothing where there is but one."""
    spoken = i18n.languages()
    if len(spoken) < 2:
        return
    key = "language_picker"
    st.session_state[key] = i18n.language()
    with st.sidebar:
        st.segmented_control(
            _("Language"),
            spoken,
            key=key,
            format_func=i18n.language_name,
            on_change=lambda: state.put("lang", st.session_state[key] or i18n.language()),
            label_visibility="collapsed",
            required=True,
        )


def later(make: Callable[..., Made], *given: object) -> Callable[[], Made]:
    """What makes a file when its button is pressed, which is outside of any session, in the
    language of here and now."""
    spoken = i18n.language()

    def made() -> Made:
        with i18n.speaking(spoken):
            return make(*given)

    return made


def _of_session() -> str | None:
    # Nobody's session: a thread of the server, or a script without the app.
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    # The address first: it is read before the page is known, and so before the link is taken over.
    asked = (st.query_params.get("lang"), state.get("lang"))
    chosen = next((language for language in asked if language in i18n.languages()), None)
    return chosen or i18n.closest([st.context.locale or ""])
