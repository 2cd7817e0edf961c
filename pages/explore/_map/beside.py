"""A second map beside the first: of another run, or of the same sentences in another space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.common import controls, job_panel, label_words, links, resources, state
from pages.common.components import decoder, point_map
from pages.explore._map import data, on_map, overlay, picture, space
from vae.errors import UserError
from vae.explorer import Explorer
from vae.figures import map as maps
from vae.i18n import _, ngettext, sentences
from vae.latent.atlas import Atlas, matched
from vae.latent.spaces import ENCODER, MODEL, SPACES
from vae.runs.catalogue import known_runs

_PROJECTED = "umap"


@dataclass(frozen=True)
class Beside:
    """What the second map shows.

    Attributes:
        shared: (N,) the row of the first map that each of its sentences has there, -1 where none.
    """

    explorer: Explorer
    seen: space.Seen
    shown: picture.Picture
    shared: maps.Rows

    @property
    def name(self) -> str:
        """The run, and the space where it is not the model's."""
        if self.seen.space == MODEL:
            return self.explorer.name
        return _("{run}, {space}", run=self.explorer.name, space=SPACES[self.seen.space])


def choose(explorer: Explorer, atlas: Atlas, seen_in: str) -> None:
    """Which map stands beside the first; the choice is kept in the link. Beside a large map it is
    that of another run."""
    here = () if atlas.version else SPACES
    spaces = [s for s in here if s != seen_in and (s != ENCODER or not space.missing_encoder())]
    others = [name for name in known_runs() if name != explorer.name]
    options = ["", *(links.SPACE_SIGN + s for s in spaces), *others]
    if state.get("beside") not in options:
        state.put("beside", None)
    st.selectbox(
        _("Beside it"),
        options,
        format_func=_called,
        help=_("What is selected on one of both maps is selected on the other."),
        **state.widget("beside"),
    )


def _called(option: str) -> str:
    if not option:
        return _("no second map")
    if option.startswith(links.SPACE_SIGN):
        return _("this run, {space}", space=SPACES[option[1:]])
    return option


def beside(explorer: Explorer, atlas: Atlas, shown: picture.Picture) -> Beside | None:
    """The second map; None where none was chosen or it is not there yet, which is said."""
    chosen = str(state.get("beside"))
    if not chosen:
        return None
    with controls.page_error_boundary():
        other, other_atlas, where = explorer, atlas, MODEL
        if chosen.startswith(links.SPACE_SIGN):
            where = chosen[1:]
        else:
            other = resources.explorer(chosen)
            found = job_panel.atlas(other)
            if found is None or not other.latent_dim:
                st.caption(_("The run {run} has no map.", run=chosen))
                return None
            other_atlas = found
        seen = space.seen(other, other_atlas, where)
        if seen is None:
            return None
        second = _picture(other, seen, shown)
        shared = _shared(explorer, other, atlas.version, atlas, other_atlas)
        return Beside(other, seen, second, shared)
    return None


def _picture(explorer: Explorer, seen: space.Seen, first: picture.Picture) -> picture.Picture:
    """As the first is laid, where the second can be laid so."""
    planes = seen.space == MODEL and explorer.latent_dim > 1
    if first.kind in maps.PROJECTIONS:
        return picture.picture(explorer, seen, first.kind, ())
    if planes and first.kind in (picture.AROUND, picture.THREE):
        try:
            return picture.picture(explorer, seen, first.kind, first.at)
        except UserError:  # this model cannot read one of the sentences
            pass
    return picture.picture(explorer, seen, _PROJECTED, ())


@resources.shared(max_entries=8)
def _shared(
    explorer: Explorer, other: Explorer, version: str, _first: Atlas, _second: Atlas
) -> maps.Rows:
    if _first is _second:
        return np.arange(len(_first))
    return matched(_second.shown_keys, _first.shown_keys)


@dataclass(frozen=True)
class First:
    """What the second map shares with the first.

    Attributes:
        key: of the first map.
        row: that has a ring there, of own sentences -1, -2, ...; None where none has.
        own: a person's own sentences.
    """

    key: str
    explorer: Explorer
    row: int | None
    own: Sequence[str]


def show(second: Beside, first: First, colour: str, query: str, chosen: on_map.OnMap) -> None:
    """Draw it, with what lies over the first as this run has it."""
    explorer, seen, shown = second.explorer, second.seen, second.shown
    colour = colour if colour in maps.colourings(seen.atlas) else maps.LENGTH
    hits = seen.atlas.search(query) if query.strip() else None
    here = shown.places and decoder.name(explorer)
    own, unread = data.readable(explorer, first.own) if shown.places else ([], {})
    if explorer.name != first.explorer.name:
        chosen = on_map.of_another(explorer, chosen)
    st.markdown(f"**{controls.plain_markdown(second.name)}**")
    point_map.show(
        shown.drawn,
        data.coloured(explorer, seen, colour),
        overlay.laid_over(explorer, seen, shown, own, hits, chosen),
        key=f"{first.key}_beside",
        chosen=_ring(second, first, own),
        title=label_words.names(explorer)(maps.colouring_name(colour)),
        first=maps.label_of(seen.atlas, colour),
        words=data.words(explorer, seen.atlas),
        ground=on_map.ground(explorer, seen, shown, chosen),
        latents=data.latents(explorer, seen.atlas) if here else None,
        decoder=here or "",
        alt=maps.alternative(seen.atlas, shown.name, colour, seen.by),
        follows=(first.key, second.shared.astype("<i4").tobytes()),
    )
    if here:
        decoder.mount(explorer, "decoder_beside")
    if unread:
        st.caption(
            ngettext(
                "{n:,} of your sentences is not on this map: its model cannot read it.",
                "{n:,} of your sentences are not on this map: its model cannot read them.",
                len(unread),
            )
        )
    st.caption(sentences(picture.quality(explorer, seen, shown), seen.note, _both(second)))


def _ring(second: Beside, first: First, own: Sequence[str]) -> int | None:
    """The row of this map that has the ring of the first, if it is on both."""
    row = first.row
    if row is None:
        return None
    if row < 0:
        sentence = first.own[-1 - row]
        return -1 - list(own).index(sentence) if sentence in own else None
    there = np.flatnonzero(second.shared == row)
    return int(there[0]) if len(there) else None


def _both(second: Beside) -> str:
    """How many sentences are on both maps, and what to look for."""
    n = int((second.shared >= 0).sum())
    if not n:
        return _("No sentence is on both maps, so what is selected on one stays there.")
    return sentences(
        ngettext(
            "{n:,} sentence is on both maps and selected on both.",
            "{n:,} sentences are on both maps and selected on both.",
            n,
        ),
        _(
            "Select what keeps together on one and look where it lies on the other. Good: it keeps "
            "together there too, or falls apart by something that you can name. Bad: it is "
            "scattered evenly, since the two have nothing in common."
        ),
    )
