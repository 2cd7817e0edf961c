"""What words and places cost: nats as guesses, and the KL by formula and by drawing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import streamlit as st
import torch

from pages.common import figure_card, prose, resources, state
from pages.learn._lesson.scene import Scene
from pages.learn._lesson.views.sentence import draw_again_button, read
from vae.diagnostics.kl_samples import KlSamples, kl_samples
from vae.explorer import Explorer
from vae.figures import sentence as figures
from vae.figures.kl_samples import kl_by_draws
from vae.i18n import _, pgettext
from vae.i18n.numbers import number

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def guesses(scene: Scene) -> None:
    """Each token's cost in nats, and among how many equal words one would have to guess."""
    explorer = scene.explorer
    sentence = scene.sentence(explorer)
    seen = read(explorer, sentence, state.get("seed"))
    own, prior = (-seen.log_p).tolist(), (-seen.log_p_prior).tolist()
    rows = [
        [escape(token), number(one, ".2f"), among(one), number(other, ".2f"), among(other)]
        for token, one, other in zip(seen.tokens, own, prior, strict=True)
    ]
    total = [f"<strong>{escape(_('the whole sentence'))}</strong>"]
    for costs in (own, prior):
        total += [number(sum(costs), ".2f"), among(sum(costs))]
    prose.table(
        [
            pgettext("column", "token"),
            _("nats, given its own z"),
            _("a guess among"),
            _("nats, given a prior z"),
            _("a guess among"),
        ],
        [*rows, total],
        first="4.5rem",
    )
    st.caption(
        _(
            "−log p of each token, the mean of {draws} draws of z. A guess among N equally likely "
            "words costs log N nats.",
            draws=len(seen.z),
        )
    )


def among(nats: float) -> str:
    """Of how many equally likely words one would have to guess the right one: e to the nats."""
    if nats > 7 * math.log(10):
        # As a power of ten, which can be read where it cannot be counted.
        return "10" + f"{nats / math.log(10):.0f}".translate(_RAISED)
    many = math.exp(nats)
    return number(many, ",.0f") if many >= 10 else number(many, ".1f")


def costs(scene: Scene) -> None:
    """What each dimension of a sentence costs."""
    explorer = scene.explorer
    sentence = scene.sentence(explorer)
    seen = read(explorer, sentence, state.get("seed"))
    titles: Sequence[str] = resources.informative(scene.run_name).titles
    figure_card.show(figures.dimension_costs(seen, titles), key="lesson_costs")


def kl(scene: Scene) -> None:
    """The KL of a sentence by its formula, and by more and more draws."""
    explorer = scene.explorer
    sentence = scene.sentence(explorer)
    found = by_draws(explorer, sentence, scene.whole("draws", 2_000), state.get("seed"))
    draw_again_button()
    figure_card.show(kl_by_draws(found), key="lesson_kl")


@resources.shared(max_entries=60)
def by_draws(explorer: Explorer, sentence: str, draws: int, seed: int) -> KlSamples:
    """The KL of a sentence's posterior, by the formula and by draws.

    Raises:
        UserError: the sentence cannot be read.
    """
    return kl_samples(explorer.encode([sentence]), draws, torch.Generator().manual_seed(seed))
