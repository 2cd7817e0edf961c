"""Two sets of sentences picked by hand: typed, pasted, found by search, or selected on the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from pages.common import controls, fields, links, state
from vae.corpora.lines import lines
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _, ngettext
from vae.i18n.numbers import number
from vae.latent.atlas import Atlas, said_note, search


def inputs(explorer: Explorer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both sets as they are now, with what changes them."""
    atlas = _atlas(explorer)
    for end, column in zip(("a", "b"), st.columns(2, gap="medium"), strict=True):
        with column:
            _one(end, atlas, explorer)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "pages/explore/map.py", label=_("Select on the map"), icon=":material/scatter_plot:"
        )
        st.button(
            _("Swap the sets"),
            key="meaning_swap_sets",
            icon=":material/swap_horiz:",
            on_click=_swap,
        )
    return state.sentence_set("a"), state.sentence_set("b")


def _one(end: state.End, atlas: Atlas | None, explorer: Explorer) -> None:
    name = end.upper()
    key = f"meaning_set_{end}"
    text = "\n".join(state.sentence_set(end))
    if st.session_state.get(key) != text:
        st.session_state[key] = text
    st.text_area(
        _("Set {name}: one sentence a line", name=name),
        key=key,
        height=116,
        placeholder=_("Type or paste sentences, find them below, or select them on the map."),
        on_change=_take,
        args=(end, key),
    )
    if problem := st.session_state.pop(f"{key}:problem", ""):
        st.warning(problem, icon=":material/error:")
    fields.lines_help(text, (explorer,), key, partial(_add, end))
    n = len(state.sentence_set(end))
    st.caption(
        ngettext(
            "Set {name} has {n:,} sentence: pick 2 or more.",
            "Set {name} has {n:,} sentences: pick 2 or more.",
            n,
            name=name,
        )
        if n < 2
        else ngettext(
            "Set {name} has {n:,} sentence.", "Set {name} has {n:,} sentences.", n, name=name
        )
    )
    if atlas is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        query = st.text_input(
            _("Find sentences for set {name}", name=name),
            key=f"meaning_find_{end}",
            placeholder=_("words that a sentence holds"),
            icon=":material/search:",
            max_chars=200,
            width=240,
        )
        hits = search(atlas.sentences, query)
        found = [atlas.sentences[i] for i in hits]
        st.button(
            _("Use {how_many} found", how_many=_how_many(len(found))),
            key=f"meaning_use_found_{end}",
            icon=":material/playlist_add:",
            disabled=not found,
            on_click=state.use_as_set,
            args=(end, found),
        )
        st.button(
            _("Clear"),
            key=f"meaning_clear_{end}",
            type="tertiary",
            disabled=not n,
            on_click=state.use_as_set,
            args=(end, ()),
        )


def use_buttons(sentences: Callable[[], Sequence[str]], n: int, key: str) -> None:
    """Two buttons that take n sentences along to Meaning as set A or B, and the way there."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for end in ("a", "b"):
            st.button(
                _("Use as set {name}", name=end.upper()),
                key=f"{key}_set_{end}",
                icon=":material/playlist_add:",
                on_click=_use,
                args=(end, sentences),
                help=_(
                    "Two sets make a direction on the page Meaning, along which any sentence can "
                    "be steered. A set takes {how_many} of these.",
                    how_many=_how_many(n),
                ),
            )
        sets = [len(state.sentence_set(end)) for end in ("a", "b")]
        if any(sets):
            st.page_link(
                "pages/diagnose/meaning.py",
                label=_("Steer from set A ({a:,}) to set B ({b:,})", a=sets[0], b=sets[1]),
                icon=":material/arrow_forward:",
            )


def _how_many(n: int) -> str:
    """What a set takes of n sentences."""
    most = state.MOST_IN_SET
    return number(n, ",") if n <= most else _("{most:,} of {n:,}", most=most, n=n)


def _use(end: state.End, sentences: Callable[[], Sequence[str]]) -> None:
    state.use_as_set(end, sentences())
    state.put("meaning", "steer")
    state.put("made", "sets")


def _add(end: state.End, sentence: str) -> None:
    state.use_as_set(end, (*state.sentence_set(end), sentence))


def _take(end: state.End, key: str) -> None:
    found = lines(str(st.session_state[key]))
    fit = [line for line in found if len(line) <= links.LONGEST_TEXT]
    distinct = list(dict.fromkeys(fit))
    left = len(found) - len(fit)
    left += max(0, len(distinct) - state.MOST_IN_SET)
    state.use_as_set(end, distinct[: state.MOST_IN_SET])
    if left:
        st.session_state[f"{key}:problem"] = ngettext(
            "{n:,} line was left out: a set takes {most} sentences of up to {longest:,} "
            "characters.",
            "{n:,} lines were left out: a set takes {most} sentences of up to {longest:,} "
            "characters.",
            left,
            most=state.MOST_IN_SET,
            longest=links.LONGEST_TEXT,
        )


def _swap() -> None:
    a, b = state.sentence_set("a"), state.sentence_set("b")
    state.use_as_set("a", b)
    state.use_as_set("b", a)


def _atlas(explorer: Explorer) -> Atlas | None:
    try:
        found = explorer.atlas
        if found.said:
            st.caption(controls.with_commands(str(said_note(explorer.name))))
        return found
    except UserError:
        st.caption(_("This run has no map here, so there is no search."))
        return None
