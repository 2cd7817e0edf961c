"""Two sets of sentences picked by hand: typed, pasted, found by search, or selected on the map."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, links, state
from vae.errors import UserError
from vae.explorer import Explorer
from vae.latent.atlas import Atlas, search


def inputs(explorer: Explorer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both sets as they are now, with what changes them."""
    atlas = _atlas(explorer)
    for end, column in zip(("a", "b"), st.columns(2, gap="medium"), strict=True):
        with column:
            _one(end, atlas)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "pages/explore/map.py", label="Select on the map", icon=":material/scatter_plot:"
        )
        st.button(
            "Swap the sets",
            key="meaning_swap_sets",
            icon=":material/swap_horiz:",
            on_click=_swap,
        )
    return state.sentence_set("a"), state.sentence_set("b")


def _one(end: state.End, atlas: Atlas | None) -> None:
    name = end.upper()
    key = f"meaning_set_{end}"
    text = "\n".join(state.sentence_set(end))
    if st.session_state.get(key) != text:
        st.session_state[key] = text
    st.text_area(
        f"Set {name}: one sentence a line",
        key=key,
        height=116,
        placeholder="Type or paste sentences, find them below, or select them on the map.",
        on_change=_take,
        args=(end, key),
    )
    if problem := st.session_state.pop(f"{key}:problem", ""):
        st.warning(problem, icon=":material/error:")
    n = len(state.sentence_set(end))
    st.caption(f"Set {name} has {n:,} sentences" + (": pick 2 or more." if n < 2 else "."))
    if atlas is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        query = st.text_input(
            f"Find sentences for set {name}",
            key=f"meaning_find_{end}",
            placeholder="words that a sentence holds",
            icon=":material/search:",
            max_chars=200,
            width=240,
        )
        hits = search(atlas.sentences, query)
        found = [atlas.sentences[i] for i in hits]
        st.button(
            f"Use {_how_many(len(found))} found",
            key=f"meaning_use_found_{end}",
            icon=":material/playlist_add:",
            disabled=not found,
            on_click=state.use_as_set,
            args=(end, found),
        )
        st.button(
            "Clear",
            key=f"meaning_clear_{end}",
            type="tertiary",
            disabled=not n,
            on_click=state.use_as_set,
            args=(end, ()),
        )


def use_buttons(sentences: list[str], key: str) -> None:
    """Two buttons that take sentences along to Meaning as set A or B, and the way there."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for end in ("a", "b"):
            st.button(
                f"Use as set {end.upper()}",
                key=f"{key}_set_{end}",
                icon=":material/playlist_add:",
                on_click=_use,
                args=(end, sentences),
                help="Two sets make a direction on the page Meaning, along which any sentence can "
                f"be steered. A set takes {_how_many(len(sentences))} of these.",
            )
        n = [len(state.sentence_set(end)) for end in ("a", "b")]
        if any(n):
            st.page_link(
                "pages/diagnose/meaning.py",
                label=f"Steer from set A ({n[0]:,}) to set B ({n[1]:,})",
                icon=":material/arrow_forward:",
            )


def _how_many(n: int) -> str:
    """What a set takes of n sentences."""
    most = state.MOST_IN_SET
    return f"{n:,}" if n <= most else f"{most:,} of {n:,}"


def _use(end: state.End, sentences: list[str]) -> None:
    state.use_as_set(end, sentences)
    state.put("meaning", "steer")
    state.put("made", "sets")


def _take(end: state.End, key: str) -> None:
    lines = [line.strip() for line in str(st.session_state[key]).splitlines()]
    fit = [line for line in lines if 0 < len(line) <= links.LONGEST_TEXT]
    distinct = list(dict.fromkeys(fit))
    left = sum(len(line) > links.LONGEST_TEXT for line in lines)
    left += max(0, len(distinct) - state.MOST_IN_SET)
    state.use_as_set(end, distinct[: state.MOST_IN_SET])
    if left:
        st.session_state[f"{key}:problem"] = (
            f"{left:,} lines were left out: a set takes {state.MOST_IN_SET} sentences of up to "
            f"{links.LONGEST_TEXT:,} characters."
        )


def _swap() -> None:
    a, b = state.sentence_set("a"), state.sentence_set("b")
    state.use_as_set("a", b)
    state.use_as_set("b", a)


def _atlas(explorer: Explorer) -> Atlas | None:
    try:
        return explorer.atlas
    except UserError:
        st.caption(controls.plain_markdown("This run has no map here, so there is no search."))
        return None
