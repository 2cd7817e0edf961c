"""A VAE beside a plain autoencoder, both trained here on small pictures of digits."""

from __future__ import annotations

import streamlit as st
import torch

from pages.common import figure_card, seeds, state
from pages.learn._article import live
from pages.learn._article.live import Setting
from pages.learn._lesson.scene import Scene
from vae.handout.digits import BETAS, EPOCHS, LATENTS
from vae.handout.views import pictures
from vae.i18n import _


def settings() -> list[Setting]:
    """Of the VAE, and of the autoencoder."""
    return [Setting("digits", latents=LATENTS, weight=beta, epochs=EPOCHS) for beta in BETAS]


def digits(_scene: Scene) -> None:
    """What comes back from each, and what each makes of draws of the prior."""
    if not live.trained(settings(), _("Train both")):
        st.caption(
            _(
                "About 1,400 pictures of digits, 8 by 8 points; both models have the same sizes. "
                "Whoever trained them first on this server has trained them for all."
            )
        )
        return
    seeds.draw_again(key="lesson_draw")
    generator = torch.Generator().manual_seed(state.get("seed"))
    found = [live.training(setting) for setting in settings()]
    figure_card.show(pictures.sheet(found, generator), key="lesson_points")
    st.caption(pictures.rates(found))
