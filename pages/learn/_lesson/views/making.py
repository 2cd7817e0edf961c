"""New sentences: where z is drawn from, how far out, and how boldly words are chosen."""

from __future__ import annotations

import streamlit as st
import torch
from torch import Tensor

from pages.common import prose, resources, state
from pages.learn._lesson.scene import Scene
from pages.learn._lesson.views.sentence import draw_again_button
from vae.explorer import Explorer
from vae.i18n import _, message, pgettext
from vae.i18n.numbers import number

SOURCES = {
    "prior": message("the prior: N(0, I)"),
    "sentence": message("the region of your sentence"),
    "zero": message("the origin alone"),
}
N = 8


def samples(scene: Scene) -> None:
    """Sentences decoded from draws of z."""
    explorer = scene.explorer
    box, source = state.widget("source"), state.get("source") or scene.text("source", "prior")
    st.session_state[box["key"]] = source
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            _("Draw z from"),
            list(SOURCES),
            format_func=lambda name: str(SOURCES[name]),
            required=True,
            width="content",
            **box,
        )
    sentence = scene.sentence(explorer) if source == "sentence" else ""
    left, right = st.columns(2, gap="large")
    with left:
        scale = st.slider(
            _("How far out: each draw is multiplied by this"),
            0.0,
            4.0,
            step=0.25,
            disabled=source == "zero",
            **state.widget("scale"),
        )
    with right:
        temperature = st.slider(
            _("Temperature of the words: 0 takes the likeliest each time"),
            0.0,
            2.0,
            step=0.25,
            **state.widget("temperature"),
        )
    z, said = drawn(explorer, source, sentence, scale, temperature, state.get("seed"))
    draw_again_button()
    prose.table(
        [pgettext("column", "sentence"), _("distance from the origin")],
        [
            [prose.html([(text or _("(nothing)"), False)]), number(float(point.norm()), ".1f")]
            for text, point in zip(said, z, strict=True)
        ],
    )
    st.caption(
        _(
            "{n} draws. In {z} dimensions, draws of the prior lie about {length:.1f} from the "
            "origin, seldom nearer than {near:.1f} or farther than {far:.1f}.",
            n=N,
            z=explorer.latent_dim,
            length=explorer.latent_dim**0.5,
            near=explorer.latent_dim**0.5 - 1.4,
            far=explorer.latent_dim**0.5 + 1.4,
        )
    )


@resources.shared(max_entries=120)
def drawn(
    explorer: Explorer, source: str, sentence: str, scale: float, temperature: float, seed: int
) -> tuple[Tensor, tuple[str, ...]]:
    """(N, Z) points, and what the decoder says there.

    Raises:
        NotAvailableError: the model keeps a point, or does not decode.
        UserError: the sentence cannot be read.
    """
    generator = torch.Generator().manual_seed(seed)
    noise = explorer.sample_prior(N, generator) * scale
    if source == "sentence":
        z = explorer.encode([sentence]).at(noise)
    else:
        z = torch.zeros_like(noise) if source == "zero" else noise
    if temperature == 0:
        return z, tuple(explorer.decode(z))
    said = explorer.decode(z, "sample", generator=generator, temperature=temperature)
    return z, tuple(said)
