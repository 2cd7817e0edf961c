"""What several pages let a person choose, and how every page fails."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Callable, Iterator
from functools import wraps

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from pages.common import adapter_wait, state
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _, language, speaking
from vae.models.explorable import NotAvailableError
from vae.runs.catalogue import known_runs, shipped_runs
from vae.runs.store import RunDirectory

log = logging.getLogger(__name__)


_ICON = re.compile(r":(?=[A-Za-z+-][\w/+-]*:)")


@contextlib.contextmanager
def page_error_boundary() -> Iterator[None]:
    """Show what went wrong as a sentence, never as a traceback; what follows is still drawn.

    A fragment runs on its own later, so it needs its own: write `@page_error_boundary()` under
    `@st.fragment`.
    """
    try:
        # Asked for once, not for each of a thousand words.
        with speaking(language()), adapter_wait.shown():
            yield
    except (RerunException, StopException):
        raise
    except NotAvailableError as error:
        not_available(error)
    except UserError as error:
        st.error(with_commands(str(error)), icon=":material/error:")
    except Exception as error:
        log.exception("A page failed")
        st.error(
            _(
                "This part of the page could not be made; that is a fault of Latent Lens, not "
                "yours. The server's log has the details ({error}). Reload the page, or choose "
                "another run.",
                error=type(error).__name__,
            ),
            icon=":material/error:",
        )


def telling(key: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Of a callback: why it could not do what it does is left in the session under `key` for
    `told`, since a callback has no place on the page.
    """

    def around(callback: Callable[..., None]) -> Callable[..., None]:
        @wraps(callback)
        def tried(*given: object) -> None:
            try:
                callback(*given)
            except (UserError, OSError) as error:
                st.session_state[key] = str(error)

        return tried

    return around


def told(key: str, say: Callable[..., object] = st.error) -> None:
    """Say once what `telling` has left under a key."""
    if problem := st.session_state.pop(key, ""):
        say(with_commands(problem), icon=":material/error:")


def not_available(why: NotAvailableError) -> None:
    """Say calmly what a run has not."""
    st.info(_("Not available. {why}", why=with_commands(str(why))), icon=":material/block:")


def run_picker() -> None:
    """The one place where the run is chosen: the sidebar."""
    known = known_runs()
    runs = list(known)
    current = state.settle_run()
    shipped = shipped_runs()
    key = "run_picker"
    if st.session_state.get(key) != current:
        st.session_state[key] = current
    with st.sidebar:
        st.selectbox(
            _("Run"),
            runs,
            key=key,
            # The same words before and after it began: a label that changes loses the choice.
            format_func=lambda name: name if name in shipped else _("{run} (yours)", run=name),
            placeholder=_("Choose"),
            on_change=lambda: state.choose_run(st.session_state[key]),
            help=_("A trained model with its corpus and its history. Every page shows this one."),
        )
        if current in known and _keeps_a_point(known[current]):
            st.caption(
                _("This model keeps a point: where a page says posterior mean, read its code.")
            )


def _keeps_a_point(run: RunDirectory) -> bool:
    # What is wrong with a damaged run is said by the page.
    with contextlib.suppress(UserError):
        return run.read_json("config.json").get("has_posterior") is False
    return False


def link_problems() -> None:
    """Say what in the address could not be used."""
    for problem in state.take_link_problems():
        st.warning(plain_markdown(str(problem)), icon=":material/link_off:")


def plain_markdown(text: str) -> str:
    """Text that a person or a corpus wrote, to be shown in Markdown as it is written."""
    # Names of icons and emoji are looked for after Markdown was read, where nothing is escaped any
    # more: a word joiner, which nobody sees, keeps them apart.
    broken = _ICON.sub(":\u2060", text)
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-!|<>~:$" else c for c in broken)


def with_commands(text: str) -> str:
    """A sentence of the library as Markdown: what it sets in backticks is code, the rest text."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return plain_markdown(text)
    return "".join(f"`{p}`" if i % 2 and p else plain_markdown(p) for i, p in enumerate(parts))


def require_latents(explorer: Explorer) -> None:
    """End the page calmly where the run has no latent space to show."""
    if explorer.latent_dim == 0:
        st.info(
            _(
                "The run '{run}' is a plain language model: it was trained with no latent "
                "dimension, as the baseline that a VAE is compared with. There is no space to "
                "walk in. Choose another run in the sidebar.",
                run=explorer.name,
            ),
            icon=":material/info:",
        )
        st.stop()
