"""What words and places cost: nats as guesses, the KL by formula and by drawing, gradients."""

from __future__ import annotations

import math

from vae.diagnostics.gradient_noise import gradient_noise
from vae.diagnostics.kl_samples import kl_samples
from vae.diagnostics.xray import Xray
from vae.figures import gradient_noise as noise
from vae.figures import sentence as figures
from vae.figures.kl_samples import kl_by_draws
from vae.handout.scene import Scene
from vae.i18n import _, pgettext
from vae.i18n.numbers import number
from vae.report.parts import Cell, Digits, Paragraph, Part, Table

ROWS = 6
"""Dimensions whose gradients are drawn."""
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def guesses(scene: Scene) -> list[Part]:
    """Each token's cost in nats, and among how many equal words one would have to guess."""
    return guessed(scene.seen())


def guessed(seen: Xray) -> list[Part]:
    """The costs of the tokens of a sentence, given its own z and a prior one."""
    own, prior = (-seen.log_p).tolist(), (-seen.log_p_prior).tolist()
    rows: list[tuple[Cell, ...]] = [
        (token, *_costs(one), *_costs(other))
        for token, one, other in zip(seen.tokens, own, prior, strict=True)
    ]
    rows.append((_("the whole sentence"), *_costs(sum(own)), *_costs(sum(prior))))
    head = (
        pgettext("column", "token"),
        _("nats, given its own z"),
        _("a guess among"),
        _("nats, given a prior z"),
        _("a guess among"),
    )
    return [
        Table("guesses", head, rows),
        Paragraph(
            _(
                "−log p of each token, the mean of {draws} draws of z. A guess among N equally "
                "likely words costs log N nats.",
                draws=len(seen.z),
            )
        ),
    ]


def _costs(nats: float) -> tuple[Digits, Digits]:
    return Digits(number(nats, ".2f")), Digits(among(nats))


def among(nats: float) -> str:
    """Of how many equally likely words one would have to guess the right one: e to the nats."""
    if nats > 7 * math.log(10):
        # As a power of ten, which can be read where it cannot be counted.
        return "10" + f"{nats / math.log(10):.0f}".translate(_RAISED)
    many = math.exp(nats)
    return number(many, ",.0f") if many >= 10 else number(many, ".1f")


def costs(scene: Scene) -> list[Part]:
    """What each dimension of a sentence costs."""
    return [figures.dimension_costs(scene.seen(), scene.ranking.titles)]


def kl(scene: Scene) -> list[Part]:
    """The KL of a sentence by its formula, and by more and more draws."""
    posterior = scene.explorer.encode([scene.sentence()])
    return [kl_by_draws(kl_samples(posterior, scene.whole("draws", 2_000), scene.dice()))]


def gradients(scene: Scene) -> list[Part]:
    """Both gradients of the distortion, a mark for each draw."""
    explorer, sentence = scene.explorer, scene.sentence()
    found = gradient_noise(
        explorer.gradients(),
        sentence,
        explorer.encode([sentence]),
        scene.whole("draws", 64),
        scene.dice(),
    )
    dims = scene.seen().order[:ROWS]
    return [noise.gradient_noise(found, dims, scene.ranking.titles)]
