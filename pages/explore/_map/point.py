"""The sentence of a point of the map: what is known of it, its neighbours, where to take it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch

from pages.common import controls, label_words, prose, state
from pages.common.components.point_map import Picked
from pages.explore._map import hits, radius
from vae.corpora.label_types import NO_VALUE
from vae.explorer import Explorer
from vae.figures import map_words
from vae.figures.groups import Rows
from vae.i18n import _, ngettext
from vae.latent.atlas import Atlas, neighbours_of
from vae.scripts import is_unspaced, words


@dataclass(frozen=True)
class Shown:
    """The sentence of the card.

    Attributes:
        row: of the atlas; of own sentences -1, -2, ...; without meaning where there is a place.
        why: what it is, for its title.
        found: the search that it is a hit of, and how many hits there are.
        place: of the map, where it is no sentence.
    """

    row: int
    why: str
    found: tuple[str, int] | None = None
    place: tuple[float, float] | None = None


def choose(picked: Picked, query: str, rows: Rows, own: list[str]) -> Shown:
    """What the card shows: what was clicked or searched last, else an own sentence, or any."""
    selected, place = picked.rows, picked.place
    clicked = hits.outlives(query, [*selected, *(place or ())])
    if place and (clicked or not len(rows)):
        return Shown(0, _("This place"), place=place)
    if len(rows) and not (selected and clicked):
        return Shown(int(rows[hits.at(query, len(rows))]), _("Found"), (query, len(rows)))
    if len(selected) > 1:
        return Shown(selected[0], _("First of {n:,} selected points", n=len(selected)))
    if selected:
        return Shown(selected[0], _("This point"))
    if own:
        return Shown(-1, _("Your sentence"))
    return Shown(0, _("The first sentence; click a point to see another"))


def show(
    explorer: Explorer,
    atlas: Atlas,
    shown: Shown,
    own: list[str],
    own_mean: torch.Tensor | None,
) -> None:
    """A sentence, what is known of it, and its neighbours."""
    row = shown.row
    st.markdown(f"**{shown.why}**")
    if shown.found:
        hits.show(*shown.found)
    if row < 0 and own_mean is not None:
        sentence, z, known = own[-1 - row], own_mean[-1 - row], [length(own[-1 - row])]
    else:
        sentence, z = atlas.sentences[row], torch.from_numpy(np.array(atlas.mean[row]))
        known = facts(explorer, atlas, row)
    prose.show(sentence)
    st.caption(" · ".join(known))
    use_as(sentence, "this")
    if atlas.logvar is not None:
        radius.show(explorer, z)
    nearest(explorer, atlas, z, sentence, row)


def nearest(
    explorer: Explorer, atlas: Atlas, z: torch.Tensor, sentence: str, row: int = -1
) -> None:
    """The five sentences of the map nearest to a latent (Z,), other than that of a row; words that
    differ from a sentence are marked."""
    st.markdown(_("**Nearest five** in the space, by the distance between posterior means"))
    found = neighbours_of(z[None].float().numpy(), atlas, 6)[0]
    others = [n for n in found if row < 0 or atlas.shown_keys[n.row] != atlas.shown_keys[row]][:5]
    for i, neighbour in enumerate(others):
        with st.container(gap=None):
            prose.show(neighbour.sentence, before=sentence, size="normal")
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                beside = f" · {map_words.copies(neighbour.copies)}" if neighbour.copies else ""
                st.caption(f"`{neighbour.distance:.2f}`{beside}", width="content")
                use_as(neighbour.sentence, f"near_{i}")
    st.caption(_("Marked words differ from the sentence above."))
    st.page_link(
        "pages/explore/interpolate.py", label=_("Walk from A to B"), icon=":material/linear_scale:"
    )


def length(sentence: str) -> str:
    """How long a sentence is."""
    n = words(sentence)
    if is_unspaced([sentence]):
        return ngettext("{n} character", "{n} characters", n)
    return ngettext("{n} word", "{n} words", n)


def facts(explorer: Explorer, atlas: Atlas, row: int) -> list[str]:
    """What is known of a sentence of the map: length, rate, labels."""
    named, valued = label_words.names(explorer), label_words.values(explorer)
    known = {
        name: valued(name, values[row]) or str(NO_VALUE) for name, values in atlas.labels.items()
    }
    labels = [
        f"{controls.plain_markdown(named(name))} **{controls.plain_markdown(value)}**"
        for name, value in known.items()
    ]
    rate = [_("rate {nats:.1f} nats", nats=float(atlas.rates[row]))] if atlas.has_rates else []
    copies = [map_words.copies(n)] if (n := int(atlas.copies[row])) else []
    return [*copies, *rate, length(atlas.sentences[row]), *labels]


def use_as(sentence: str, key: str) -> None:
    """Two buttons that take a sentence along to Interpolate."""
    with st.container(horizontal=True, gap="small", width="content"):
        for end in ("a", "b"):
            taken, name = state.get(end) == sentence, end.upper()
            st.button(
                _("Is {end}", end=name) if taken else _("Use as {end}", end=name),
                key=f"use_{key}_{end}",
                type="tertiary",
                icon=":material/check:" if taken else ":material/add:",
                on_click=state.set_sentence,
                args=(end, sentence),
            )
