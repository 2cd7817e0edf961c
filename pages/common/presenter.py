"""Presenter mode: no sidebar, large type, one idea after the other by the keys of a clicker."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from pages.common import hidden, state
from vae.i18n import _

SMALLEST = 17
"""Pixels of the smallest text in a chart."""
_TALLER = 1.25

# Everything of the interface is in rem, so that it grows with the root.
_STYLE = f"""<style>
/* A telephone is no projector. */
@media (min-width: 700px) {{ html {{ font-size: 22px; }} }}
{", ".join(hidden.SIDEBAR)}, [data-testid="stHeader"] {{ display: none !important; }}
[data-testid="stMainBlockContainer"] {{
  max-width: 78rem; padding: 0.8rem 1.6rem 60vh;
}}
[data-testid="stMain"] :is(h1, h2, h3) {{ scroll-margin-top: 0.8rem; }}
[data-testid="stMain"] h1 {{ font-size: 1.7rem; padding: 0 0 0.3rem; }}
[data-testid="stCaptionContainer"] :is(p, li), [data-testid="stMain"] label p {{
  font-size: 0.9rem;
}}
/* Ideas stand below each other, each as wide as the wall; beside the map stays what it says. */
[data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"] :is(h2, h3)):not(
  :has(.st-key-map_cloud)) {{ flex-direction: column; }}
[data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"] :is(h2, h3)):not(
  :has(.st-key-map_cloud)) > [data-testid="stColumn"] {{ width: 100%; flex: none; }}
.st-key-presenter_leave {{
  position: fixed; right: 0.5rem; top: 0.3rem; width: auto; z-index: 1000; opacity: 0.6;
}}
.st-key-presenter_leave:is(:hover, :focus-within) {{ opacity: 1; }}
.st-key-presenter_leave button p {{
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
}}
</style>"""

# An idea begins at a heading. Behind the last one comes the next step of a lesson, if there is one.
_KEYS = st.components.v2.component(
    "latent_lens_presenter",
    js="""
const FORWARD = ["PageDown"], BACK = ["PageUp"]
export default function () {
  const main = () => document.querySelector('[data-testid="stMain"]')
  const seen = (e) => e.getClientRects().length > 0
  const ideas = () => [...main().querySelectorAll("h1, h2, h3")].filter(
    (idea) => seen(idea) && !idea.closest(".st-key-lesson_head"))
  const press = (name) => {
    const button = main().querySelector(`.st-key-${name} button`)
    if (!button || button.disabled) return
    button.click()
    main().scrollTo({ top: 0 })
  }
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches
  const go = (idea) => idea.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" })
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === "Escape") {
      if (document.querySelector("[role=dialog], [data-baseweb=popover]")) return
      document.querySelector(".st-key-presenter_leave button")?.click()
      return
    }
    const forward = FORWARD.includes(event.key)
    if (!forward && !BACK.includes(event.key)) return
    event.preventDefault()
    const top = main().getBoundingClientRect().top + 40
    const places = ideas().map((idea) => [idea, idea.getBoundingClientRect().top - top])
    const next = forward
      ? places.find(([, y]) => y > 80) // what stands at the top is what is being looked at
      : places.reverse().find(([, y]) => y < -40)
    // Nothing is passed over that has not been on the screen.
    const end = main().querySelector(".st-key-lesson_moves")
    const below = next ? next[1] + top : end ? end.getBoundingClientRect().top : 0
    if (forward && below > window.innerHeight) {
      main().scrollBy({ top: 0.8 * window.innerHeight, behavior: still ? "auto" : "smooth" })
    } else if (next) go(next[0])
    else press(forward ? "lesson_next" : "lesson_back")
  }
  document.addEventListener("keydown", onKey)
  return () => document.removeEventListener("keydown", onKey)
}
""",
)


def on() -> bool:
    """Whether the page is shown to a class."""
    return bool(state.get("present"))


def show() -> None:
    """What presenter mode changes on every page; outside it, the button in the sidebar."""
    if not on():
        with st.sidebar:
            st.button(
                _("Present"),
                key="presenter_on",
                icon=":material/present_to_all:",
                type="tertiary",
                on_click=state.put,
                args=("present", True),
                help=_(
                    "Large type and no sidebar, for a projector. Page down and page up, as a "
                    "clicker sends them, go from one idea to the next; Escape leaves."
                ),
            )
        return
    st.html(_STYLE)
    with st.container(key="presenter_leave"):
        st.button(
            _("Leave presenter mode"),
            key="presenter_off",
            icon=":material/close_fullscreen:",
            on_click=state.put,
            args=("present", False),
        )
        _KEYS(key="presenter_keys", height=1)


def enlarge(figure: go.Figure) -> None:
    """In presenter mode, make every text of a figure large enough for the last row."""
    if not on():
        return
    if figure.layout.height:
        figure.update_layout(height=round(figure.layout.height * _TALLER))
    figure.update_layout(font={"size": SMALLEST}, hoverlabel={"font": {"size": SMALLEST}})
    figure.update_layout(legend={"font": {"size": SMALLEST}})
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(tickfont={"size": SMALLEST}, title_font={"size": SMALLEST + 1})
    figure.update_annotations(font={"size": SMALLEST})
    for trace in figure.data:
        if "textfont" in trace:
            trace.update(textfont={"size": SMALLEST})
        owner = trace if "colorbar" in trace else getattr(trace, "marker", None)
        if owner is not None and "colorbar" in owner and owner.colorbar.to_plotly_json():
            size = {"size": SMALLEST}
            owner.colorbar.update(tickfont=size, title_font=size)
