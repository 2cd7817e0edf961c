"""Two kinds of model beside each other: what comes back, and what each says by itself."""

from __future__ import annotations

import streamlit as st
import torch

from pages.common import controls, prose, resources, state
from pages.learn._lesson.scene import Scene
from pages.learn._lesson.views.beta import TWO, point_of
from pages.learn._lesson.views.sentence import draw_again_button
from vae.explorer import Explorer
from vae.i18n import _, pgettext
from vae.i18n.numbers import number
from vae.runs.catalogue import shipped_runs
from vae.studies.evaluation import figures_of

N = 5


def beside(scene: Scene) -> None:
    """The same sentence, and the same five draws of the prior, by both models."""
    explorers = [resources.explorer(name) for name in TWO]
    sentence = scene.sentence(explorers[0])
    draw_again_button()
    for column, explorer in zip(st.columns(2, gap="large"), explorers, strict=True):
        with column:
            point, measured = point_of(explorer.name), figures_of(explorer.run) or {}
            st.subheader(controls.plain_markdown(explorer.name), anchor=False)
            st.caption(
                _(
                    "distortion {distortion:.2f} + rate {rate:.2f} nats a sentence",
                    distortion=point.distortion,
                    rate=point.rate,
                )
            )
            if (bound := measured.get("nll_iw")) is not None:
                st.markdown(
                    _(
                        "**−log p of a new sentence: {nats:.2f} nats** (at most; K = {k} draws)",
                        nats=bound,
                        k=measured.get("iw_samples"),
                    )
                )
            back, new = said(explorer, sentence, state.get("seed"))
            st.markdown(_("**What comes back**"))
            prose.show(back, before=sentence, size="large")
            prose.table(
                [_("sentences of its own, from draws of the prior")],
                [[prose.html([(text, False)])] for text in new],
            )


def inside(_scene: Scene) -> None:
    """What each model that ships is made of."""
    made = [(name, resources.explorer(name).anatomy()) for name in shipped_runs()]
    prose.table(
        [
            pgettext("column", "model"),
            _("what its encoder and decoder are"),
            _("numbers it has learned"),
            _("words it knows"),
        ],
        [
            [
                prose.html([(name, False)]),
                parts.what,
                *(
                    _("not told") if n is None else number(n, ",")
                    for n in (parts.parameters, parts.vocabulary)
                ),
            ]
            for name, parts in made
        ],
    )


@resources.shared(max_entries=120)
def said(explorer: Explorer, sentence: str, seed: int) -> tuple[str, tuple[str, ...]]:
    """What comes back from the mean, and sentences drawn word by word from prior draws.

    Raises:
        NotAvailableError: the model does not decode.
        UserError: the sentence cannot be read.
    """
    generator = torch.Generator().manual_seed(seed)
    back = explorer.decode(explorer.encode([sentence]).mean)[0]
    z = explorer.sample_prior(N, generator)
    return back, tuple(explorer.decode(z, "sample", generator=generator))
