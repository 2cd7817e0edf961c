"""Pictures of digits, which two small models bring back and make up."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from vae.figures import pictures
from vae.figures.figure import Figure
from vae.handout.digits import LATENTS
from vae.handout.scene import Scene
from vae.i18n import _
from vae.report.parts import Paragraph, Part
from vae.training.vector import VectorTraining

N = 12


def points(scene: Scene) -> list[Part]:
    """What comes back from a VAE and from an autoencoder, and what each makes up."""
    found = scene.trained()
    return [sheet(found, scene.dice()), Paragraph(rates(found))]


def sheet(found: Sequence[VectorTraining], dice: torch.Generator) -> Figure:
    """What comes back from each, and what each makes of draws of the prior."""
    names = [_("VAE, β = 1"), _("autoencoder, β = 0")]
    z = torch.randn(N, LATENTS, generator=dice)
    x = torch.from_numpy(found[0].vectors.held_out[:N])
    rows = {_("what goes in"): x.numpy()}
    with torch.no_grad():
        for name, each in zip(names, found, strict=True):
            back = each.model.decode(each.model.encode(x).mean).mean.numpy()
            rows[_("comes back: {model}", model=name)] = back
        for name, each in zip(names, found, strict=True):
            rows[_("new: {model}", model=name)] = each.model.decode(z).mean.numpy()
    shape = found[0].vectors.shape
    assert shape is not None  # digits are pictures
    return pictures(
        rows,
        shape,
        _("What comes back, and what is made up?"),
        _(
            "Look at the two rows of what comes back, then at the two rows of new pictures, "
            "from the same draws of the prior. The autoencoder's are places that it has never "
            "been given."
        ),
    )


def rates(found: Sequence[VectorTraining]) -> str:
    """What each pays, or would have to."""
    vae, plain = (each.history[-1].rate for each in found)
    return _(
        "Rate: {vae:.0f} nats for the VAE; for the autoencoder it would be {plain:.0f}, if it "
        "had to pay.",
        vae=vae,
        plain=plain,
    )
