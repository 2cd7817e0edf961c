"""The dimensions of a run: which tells of which label, then one at a time."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, figure_card, resources, state
from pages.diagnose._meaning import charts, data, dimension_card
from vae.explorer import Explorer
from vae.latent.naming import bits
from vae.studies.dimensions import DimensionStudy

FIRST = 12


def show(explorer: Explorer) -> None:
    """The overview and the card of the chosen dimension."""
    ranking = resources.informative(explorer.name)
    found = None
    with controls.page_error_boundary():
        found = data.study(explorer)
    order = ranking.order
    if found is not None:
        overview(explorer, found, order, ranking)
    d = choose(order, ranking)
    dimension_card.show(explorer, found, d)


def finding(found: DimensionStudy) -> str:
    """What the overview says, in a sentence."""
    named = {d: name for d, name in enumerate(found.proposed) if name}
    z = len(found.proposed)
    if not named:
        return f"None of {z} dimensions tells enough of a label to be named after it."
    d, best = max(named.items(), key=lambda item: item[1].bits)
    more = "; no dimension stands for one alone" if len(named) > 1 else ""
    parts = {i: name.bits / bits(found.kl.value[i]) for i, name in named.items()}
    if pure := sum(part >= 0.5 for part in parts.values()):
        more = f"; of {pure} it is half or more of what they carry"
    return (
        f"{len(named)} of {z} dimensions tell of a label{more}. Most: {best.column}, "
        f"{best.bits:.2f} of the {bits(found.kl.value[d]):.2f} bits of dimension {d}."
    )


def overview(
    explorer: Explorer,
    found: DimensionStudy,
    order: tuple[int, ...],
    ranking: resources.Informative,
) -> None:
    """The heat map of bits."""
    st.markdown(f"### {controls.plain_markdown(finding(found))}")
    shown = order
    if len(order) > FIRST:
        everything = st.toggle(
            f"All {len(order)} dimensions", key="meaning_all", persist_state="session"
        )
        shown = order if everything else order[:FIRST]
    titles = [ranking.title(d) for d in shown]
    top = max((bits(max(told.value)) for told in found.told), default=0.0)
    table = data.information_table(found, shown, titles)
    figure_card.chart(
        "Which dimension tells of which label?",
        charts.information_map(found, shown, titles, top),
        key="meaning_map",
        alt=f"Heat map of mutual information in bits: {len(shown)} dimensions by "
        f"{len(found.told)} labels; the figures below it have every cell with its interval.",
        look_for="Look for rows with one bright cell: that dimension stands for one thing. A "
        "label spread over many rows is kept by many together; a dark row tells of no label. "
        f"Rows by falling KL; bits of a draw from the posterior on {found.n:,} held-out sentences; "
        f"none where shuffled labels give as much ({found.shuffles} times). A label "
        "that follows from another shares its bits. "
        + controls.left_out({note.label: note.why for note in found.left_out}),
        table=lambda: table,
        file_name=f"{explorer.name}-information",
    )


def choose(order: tuple[int, ...], ranking: resources.Informative) -> int:
    """The dimension whose card is open: chosen, or stepped through."""
    chosen = state.get("dim")
    d = chosen if chosen in order else order[0]
    if chosen != d:
        if chosen is not None:
            st.warning(
                f"This run has no dimension {chosen}; dimension {d} is shown.",
                icon=":material/link_off:",
            )
        state.put("dim", d)
    at = order.index(d)

    def label(dimension: int) -> str:
        title = ranking.title(dimension)
        return f"dim {dimension} · {title}" if title else f"dim {dimension}"

    box = state.widget("dim")
    # Said anew each time: of itself the box keeps the words that a dimension was once chosen by.
    st.session_state[box["key"]] = d
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Dimension, by falling KL", order, format_func=label, **box, width=320)
        for text, icon, to in (
            ("Previous", "chevron_left", at - 1),
            ("Next", "chevron_right", at + 1),
        ):
            st.button(
                text,
                key=f"meaning_{text.lower()}",
                icon=f":material/{icon}:",
                disabled=not 0 <= to < len(order),
                on_click=state.put,
                args=("dim", order[to % len(order)]),
            )
    return d
