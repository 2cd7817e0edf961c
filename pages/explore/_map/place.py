"""What a place of the map says: the sentence there, and how far it can be trusted."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st
import torch

from pages.common import controls, prose
from pages.explore._map import data, picture, point, radius
from vae.explorer import Explorer
from vae.i18n import _, sentences
from vae.latent.atlas import Atlas
from vae.latent.places import Answer, Neighbourhoods, inverse_error, neighbours_kept


def show(
    explorer: Explorer, atlas: Atlas, shown: picture.Picture, place: tuple[float, float]
) -> None:
    """The sentence at a place (x, y) of a picture, what is known of it, and its neighbours."""
    st.markdown(_("**What the model says at this place**"))
    if not shown.places:
        st.caption(_("Only places of the model's own space stand for something that it says."))
        return
    z = picture.latent(shown, atlas, place)
    with st.spinner(_("Decoding the place")):
        found = data.answered(explorer, atlas, z)
    prose.show(found.sentence)
    if found.extrapolates:
        st.warning(_extrapolates(found), icon=":material/explore_off:")
    for fact in facts(found, data.neighbourhoods(explorer, atlas), shown):
        st.caption(fact)
    st.caption(trusted(atlas, shown, place, z))
    if found.sentence:
        point.use_as(found.sentence, "this")
    if explorer.has_posterior:
        radius.show(explorer, torch.from_numpy(z))
    point.nearest(explorer, atlas, torch.from_numpy(z), found.sentence)


def _extrapolates(found: Answer) -> str:
    return _(
        "Here the model extrapolates: the nearest sentence that it has read is {ratio:.1f} of its "
        "own neighbourhoods away.",
        ratio=found.ratio,
    )


def facts(found: Answer, known: Neighbourhoods, shown: picture.Picture) -> list[str]:
    """What is known of a place, in sentences."""
    said = []
    if not found.extrapolates and not math.isnan(found.ratio):
        said.append(
            _(
                "The nearest sentence on the map is {ratio:.1f} of its own neighbourhoods away "
                "(its mean distance to its nearest); of 100 sentences, 99 keep within {usual:.1f}.",
                ratio=found.ratio,
                usual=known.usual,
            )
        )
    if found.log_prior is not None:
        said.append(
            _(
                "log p(z) is {nats:.1f} nats; {share:.0%} of the prior's draws lie where its "
                "density is lower.",
                nats=found.log_prior,
                share=found.denser,
            )
        )
    if found.again is not None:
        said.append(_again(found))
    if shown.plane is None:
        said.append(
            _("The place is approximate: a mixture of the sentences nearest to it in the picture.")
        )
    return said


def trusted(
    atlas: Atlas, shown: picture.Picture, place: tuple[float, float], z: picture.Floats
) -> str:
    """How far the picture can be trusted at a place, in sentences."""
    at = np.array(place)
    kept, of = neighbours_kept(at, shown.coordinates, z, atlas.mean)
    said = _(
        "Trust in the picture here: of the {of} sentences nearest to this place's latent, {kept} "
        "are among the {of} nearest in the picture.",
        of=of,
        kept=kept,
    )
    if shown.plane is not None:
        return said
    off = float(inverse_error(at[None], atlas.projection, atlas.mean)[0])
    width = max(float(np.ptp(shown.coordinates, axis=0)[0]), 1e-9)
    return sentences(
        said,
        _(
            "Put back on the map, the latent lies {share:.1%} of the map's width from where you "
            "pointed.",
            share=off / width,
        ),
    )


def _again(found: Answer) -> str:
    if found.again == found.sentence:
        return _(
            "Encoded again it says the same, {distance:.2f} from this place.",
            distance=found.moved,
        )
    return _(
        "Encoded again it lies {distance:.2f} from this place, and says: “{sentence}”",
        distance=found.moved,
        sentence=controls.plain_markdown(found.again),
    )
