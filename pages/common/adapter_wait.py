"""While a model takes its time: what is asked, how far it is, and a way out."""

from __future__ import annotations

import contextlib
import contextvars
import time
from collections.abc import Iterator

import streamlit as st

from vae.errors import UserError
from vae.i18n import Message, _
from vae.progress import heard_by, listener, silent

_PRESSED, _STOPPED = "adapter:pressed", "adapter:stopped"


def begin() -> None:
    """Call at the start of every run: one that "Stop waiting" started waits for nothing."""
    st.session_state[_STOPPED] = st.session_state.pop(_PRESSED, False)


@contextlib.contextmanager
def shown() -> Iterator[None]:
    """Within it, a model that lets one wait is shown to do so; the outermost is the one."""
    if listener() is not silent:
        yield
        return
    panel = _Panel()
    try:
        with heard_by(panel.tell):
            yield
    finally:
        panel.close()


class _Panel:
    """Drawn with the first second of waiting, and gone with the answer."""

    def __init__(self) -> None:
        # What a cached function draws is drawn again at each hit: this is drawn outside of it.
        self._outside = contextvars.copy_context()
        self._place: st.delta_generator.DeltaGenerator | None = None
        self._bar: st.delta_generator.DeltaGenerator | None = None
        self._began = 0.0
        self._what = ""

    def tell(self, done: int, total: int, what: Message | str) -> None:
        """How far it is; raises where the person has stopped waiting."""
        if st.session_state.get(_STOPPED) or st.session_state.get(_PRESSED):
            st.session_state.pop(_PRESSED, None)
            raise UserError(
                "You stopped waiting: {what} (it was not done). Change anything on the page, or "
                "reload it, to ask again.",
                what=what,
            )
        if self._what != str(what):
            self._what, self._began = str(what), time.monotonic()
        self._outside.run(self._draw, done, total)

    def _draw(self, done: int, total: int) -> None:
        if self._place is None:
            self._place = st.empty()
            with self._place.container(border=True):
                self._bar = st.empty()
                st.button(
                    _("Stop waiting"),
                    key="stop_waiting",
                    icon=":material/close:",
                    on_click=_press,
                )
        seconds = time.monotonic() - self._began
        text = (
            _("{what}: {seconds:.0f} s.", what=self._what, seconds=seconds)
            if total <= 1
            else _(
                "{what}: {done:,} of {total:,}, {seconds:.0f} s.",
                what=self._what,
                done=done,
                total=total,
                seconds=seconds,
            )
        )
        if self._bar is not None:
            self._bar.progress(min(done / max(total, 1), 1.0), text=text)

    def close(self) -> None:
        """Nothing is waited for."""
        if self._place is not None:
            self._outside.run(self._place.empty)


def _press() -> None:
    st.session_state[_PRESSED] = True
