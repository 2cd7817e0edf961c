"""A person's own sentences, to be placed on the map."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

import streamlit as st

from pages.common import controls, fields, resources, state
from pages.explore._map import data
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _, listed, ngettext
from vae.latent.projection import NEIGHBOURS
from vae.models import Posterior

MOST_LEFT_OUT = 3


def ask(explorer: Explorer) -> tuple[list[str], Posterior | None]:
    """The person's own sentences, and their posteriors (N, Z)."""
    st.subheader(_("Place your own sentences"), anchor=False)
    st.session_state.setdefault("map_own", state.get("a") or "")
    example = ""
    with contextlib.suppress(UserError):
        example = next(iter(resources.starters(explorer)), "")
    with st.form("map_own_form", border=False):
        text = st.text_area(
            _("One sentence a line, up to {most}", most=data.MOST_OWN),
            key="map_own",
            placeholder=example,
            persist_state="session",
            max_chars=40_000,
            height=110,
        )
        st.form_submit_button(_("Place on the map"), icon=":material/add_location:")
    fields.lines_help(text or "", (explorer,), "map_own", add)
    st.caption(
        _(
            "The map is not fitted again. PCA and dimensions place a point exactly, with the "
            "ellipses of one and two standard deviations of its posterior; UMAP puts it among its "
            "{k} nearest sentences, weighted by distance.",
            k=NEIGHBOURS,
        )
    )
    sentences, left_out = data.own_lines(text or "")
    if left_out:
        st.warning(
            ngettext(
                "{n:,} line beyond {most} was left out.",
                "{n:,} lines beyond {most} were left out.",
                left_out,
                most=data.MOST_OWN,
            )
        )
    with controls.page_error_boundary():
        with st.spinner(_("Encoding your sentences")):
            sentences, unread = data.readable(explorer, sentences)
        if unread:
            st.warning(_why_left_out(unread))
        if not sentences:
            return [], None
        for sentence in sentences[:3]:
            fields.unknown_words(sentence, explorer)
        return sentences, data.own_posterior(explorer, tuple(sentences))
    return [], None


def add(sentence: str) -> None:
    """One more sentence to place, on a line of its own."""
    before = str(st.session_state.get("map_own") or "").rstrip()
    st.session_state["map_own"] = f"{before}\n{sentence}".lstrip()


def _why_left_out(unread: Mapping[str, str]) -> str:
    """Which sentences were left out and why, the first few and how many more there are."""
    begun = [
        _(
            "{i}. “{sentence}”: {why}",
            i=i,
            sentence=controls.plain_markdown(sentence[:40]),
            why=controls.plain_markdown(why.rstrip(".")),
        )
        for i, (sentence, why) in enumerate(unread.items(), start=1)
    ]
    if (more := len(begun) - MOST_LEFT_OUT) > 0:
        begun[MOST_LEFT_OUT:] = [ngettext("{n:,} more", "{n:,} more", more)]
    return _("Left out: {sentences}.", sentences=listed(begun, "clauses"))
