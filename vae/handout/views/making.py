"""New sentences: where z is drawn from, how far out, and how boldly words are chosen."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from vae.explorer import Explorer
from vae.handout.scene import Scene
from vae.i18n import _, message, pgettext
from vae.i18n.numbers import number
from vae.report.parts import Cell, Digits, Paragraph, Part, Table

SOURCES = {
    "prior": message("the prior: N(0, I)"),
    "sentence": message("the region of your sentence"),
    "zero": message("the origin alone"),
}
N = 8


def samples(scene: Scene) -> list[Part]:
    """Sentences decoded from draws of z, and how the draws were made."""
    chosen = scene.chosen
    source = chosen.source or scene.text("source", "prior")
    sentence = scene.sentence() if source == "sentence" else ""
    z, said = drawn(scene.explorer, source, sentence, chosen.scale, chosen.temperature, chosen.seed)
    how = _(
        "z is drawn from {source}, times {scale:g}; temperature of the words {temperature:g}.",
        source=SOURCES[source],
        scale=chosen.scale,
        temperature=chosen.temperature,
    )
    return [Paragraph(how), *said_there(scene.explorer, z, said)]


def said_there(explorer: Explorer, z: Tensor, said: Sequence[str]) -> list[Part]:
    """What the decoder says at N points (N, Z), and how far they are from the origin."""
    rows: list[tuple[Cell, ...]] = [
        (((text or _("(nothing)"), False),), Digits(number(float(point.norm()), ".1f")))
        for text, point in zip(said, z, strict=True)
    ]
    length = explorer.latent_dim**0.5
    return [
        Table(
            "new-sentences", (pgettext("column", "sentence"), _("distance from the origin")), rows
        ),
        Paragraph(
            _(
                "{n} draws. In {z} dimensions, draws of the prior lie about {length:.1f} from the "
                "origin, seldom nearer than {near:.1f} or farther than {far:.1f}.",
                n=len(said),
                z=explorer.latent_dim,
                length=length,
                near=length - 1.4,
                far=length + 1.4,
            )
        ),
    ]


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
