"""The dimensions of a run: which tells of which label, then one at a time."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, figure_card, resources, state
from pages.diagnose._meaning import data, dimension_card
from vae.explorer import Explorer
from vae.figures.changes import changes_by_dimension
from vae.figures.information import dimensions_finding, information_by_label
from vae.i18n import _
from vae.studies.dimensions import DimensionStudy

FIRST = 12


def show(explorer: Explorer) -> None:
    """The overview and the card of the chosen dimension."""
    ranking = resources.informative(explorer.name)
    found = None
    with controls.page_error_boundary():
        found = data.study(explorer)
    if found is not None:
        overview(explorer, found, ranking)
    d = choose(explorer, ranking)
    dimension_card.show(explorer, found, d)


def overview(explorer: Explorer, found: DimensionStudy, ranking: resources.Informative) -> None:
    """All dimensions beside each other: what they tell, and what moving them changes."""
    st.header(controls.with_commands(dimensions_finding(found)), anchor=False)
    views = {"tells": _("what they tell"), "changes": _("what they change")}
    most = None
    with st.container(horizontal=True, vertical_alignment="center"):
        view = st.segmented_control(
            _("Of all dimensions"),
            list(views),
            default="tells",
            format_func=views.__getitem__,
            required=True,
            key="meaning_overview",
            persist_state="session",
            label_visibility="collapsed",
        )
        if len(ranking.order) > FIRST and not st.toggle(
            _("All {z} dimensions", z=len(ranking.order)),
            key="meaning_all",
            persist_state="session",
        ):
            most = FIRST
    build = changes_by_dimension if view == "changes" else information_by_label
    figure = build(found, ranking.given, most)
    figure_card.show(figure, key="meaning_map", file_name=f"{explorer.name}-{figure.name}")


def choose(explorer: Explorer, ranking: resources.Informative) -> int:
    """The dimension whose card is open: chosen, or stepped through."""
    order, chosen = ranking.order, state.get("dim")
    d = chosen if chosen in order else order[0]
    if chosen != d:
        if chosen is not None:
            st.warning(
                _(
                    "This run has no dimension {chosen}; dimension {d} is shown.",
                    chosen=chosen,
                    d=d,
                ),
                icon=":material/link_off:",
            )
        state.put("dim", d)
    at = order.index(d)

    def label(dimension: int) -> str:
        title = ranking.title(dimension)
        if not title:
            return _("dim {d}", d=dimension)
        return _("dim {d} · {title}", d=dimension, title=title)

    box = state.widget("dim")
    # Said anew each time: of itself the box keeps the words that a dimension was once chosen by.
    st.session_state[box["key"]] = d
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Dimension, by falling KL")
            if explorer.has_posterior
            else _("Dimension, by falling spread"),
            order,
            format_func=label,
            placeholder=_("Choose"),
            **box,
            width=320,
        )
        for name, text, icon, to in (
            ("previous", _("Previous"), ":material/chevron_left:", at - 1),
            ("next", _("Next"), ":material/chevron_right:", at + 1),
        ):
            st.button(
                text,
                key=f"meaning_{name}",
                icon=icon,
                disabled=not 0 <= to < len(order),
                on_click=state.put,
                args=("dim", order[to % len(order)]),
            )
    return d
