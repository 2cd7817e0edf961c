"""A VAE beside a plain autoencoder, both trained here on small pictures of digits."""

from __future__ import annotations

import streamlit as st
import torch

from pages.common import figure_card, state
from pages.learn._article import live
from pages.learn._article.live import Setting
from pages.learn._lesson.scene import Scene
from pages.learn._lesson.views.sentence import draw_again_button
from vae.figures import pictures
from vae.i18n import _

N = 12
LATENTS = 20
EPOCHS = 60


def settings() -> list[Setting]:
    """Of the VAE, and of the autoencoder."""
    return [Setting("digits", latents=LATENTS, weight=beta, epochs=EPOCHS) for beta in (1.0, 0.0)]


def digits(_scene: Scene) -> None:
    """What comes back from each, and what each makes of draws of the prior."""
    names = [_("VAE, β = 1"), _("autoencoder, β = 0")]
    if not live.trained(settings(), _("Train both")):
        st.caption(
            _(
                "About 1,400 pictures of digits, 8 by 8 points; both models have the same sizes. "
                "Whoever trained them first on this server has trained them for all."
            )
        )
        return
    draw_again_button()
    generator = torch.Generator().manual_seed(state.get("seed"))
    z = torch.randn(N, LATENTS, generator=generator)
    rows = {}
    found = [live.training(setting) for setting in settings()]
    x = torch.from_numpy(found[0].vectors.held_out[:N])
    rows[_("what goes in")] = x.numpy()
    with torch.no_grad():
        for name, each in zip(names, found, strict=True):
            back = each.model.decode(each.model.encode(x).mean).mean.numpy()
            rows[_("comes back: {model}", model=name)] = back
        for name, each in zip(names, found, strict=True):
            rows[_("new: {model}", model=name)] = each.model.decode(z).mean.numpy()
    shape = found[0].vectors.shape
    figure_card.show(
        pictures(
            rows,
            shape,
            _("What comes back, and what is made up?"),
            _(
                "Look at the two rows of what comes back, then at the two rows of new pictures, "
                "from the same draws of the prior. The autoencoder's are places that it has never "
                "been given."
            ),
        ),
        key="lesson_points",
    )
    last = [each.history[-1] for each in found]
    st.caption(
        _(
            "Rate: {vae:.0f} nats for the VAE; for the autoencoder it would be {plain:.0f}, if it "
            "had to pay.",
            vae=last[0].rate,
            plain=last[1].rate,
        )
    )
