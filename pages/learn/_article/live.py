"""Trainings of the article's VAE, a few seconds each: made in short pieces while a page is open.

All sessions share them by their settings, so a class that leaves the settings alone trains once. A
piece takes half a second, so the server stays free for others between them; who stops keeps
what is learned, and can go on.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from pages.common import controls, figure_card, resources
from vae import colours
from vae.corpora import vectors as corpora
from vae.corpora.vectors import Vectors
from vae.explorer import Explorer
from vae.figures import vector_curves
from vae.i18n import _
from vae.models.vector import VectorConfig
from vae.training.mistakes import MISTAKES
from vae.training.vector import Objective, VectorTrainConfig, VectorTraining

PIECE = 0.5  # seconds
MOST_SENTENCES = 1_800
TRIAL_EPOCHS = 40
"""What a mistake needs to show what it does."""


@dataclass(frozen=True)
class Setting:
    """What a training is made of.

    Attributes:
        vectors: digits, binary or sentences.
        run: whose sentences; empty for digits.
        latents, weight, epochs, seed: as of `VectorConfig` and `VectorTrainConfig`.
        mistake: the step that it gets wrong; empty for the right form.
    """

    vectors: str
    run: str = ""
    latents: int = 2
    weight: float = 1.0
    epochs: int = 100
    seed: int = 0
    mistake: str = ""

    @property
    def key(self) -> str:
        """Its name among the widgets of a page."""
        return "_".join(map(str, vars(self).values()))

    def with_mistake(self, mistake: str) -> Setting:
        """The same with one step wrong."""
        return replace(self, mistake=mistake)


def training(setting: Setting) -> VectorTraining:
    """The training of a setting, as far as anybody has brought it.

    Raises:
        UserError: the run has no sentences to make vectors of.
    """
    if setting.vectors == "sentences":
        # Loaded where it is cached: a run whose files change has other vectors.
        return _of_sentences(resources.explorer(setting.run), setting)
    return _of_digits(setting)


@st.cache_resource(max_entries=24, show_spinner=False)
def _of_digits(setting: Setting) -> VectorTraining:
    binary = setting.vectors == "binary"
    found = corpora.binary_digits() if binary else corpora.digits()
    return _begun(found, setting)


@resources.shared(max_entries=8)
def _of_sentences(explorer: Explorer, setting: Setting) -> VectorTraining:
    return _begun(_sentence_vectors(explorer), setting)


@resources.shared(max_entries=4)
def _sentence_vectors(explorer: Explorer) -> Vectors:
    return corpora.sentence_vectors(explorer.atlas.sentences[:MOST_SENTENCES])


def _begun(found: Vectors, setting: Setting) -> VectorTraining:
    likelihood = "bernoulli" if setting.vectors == "binary" else "gaussian"
    sizes = VectorConfig(found.values.shape[1], latent_dim=setting.latents, likelihood=likelihood)
    config = VectorTrainConfig(setting.epochs, beta=setting.weight, seed=setting.seed)
    objective = MISTAKES[setting.mistake]() if setting.mistake else Objective()
    return VectorTraining(found, sizes, config, objective)


def trained(settings: Sequence[Setting], label: str) -> bool:
    """Whether these trainings can be looked at; else a button to start them, or how far they are.

    Args:
        label: of the button.
    """
    with st.spinner(_("Preparing the vectors")):
        found = [training(setting) for setting in settings]
    if all(each.over for each in found):
        return True
    flag = f"article:trains:{settings[-1].key}"
    if st.session_state.get(flag):
        st.fragment(_follow, run_every=f"{PIECE + 0.1:.1f}s")(found, flag)
        return False
    done = min(each.done for each in found)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.button(
            _("Go on") if done else label,
            key=f"train_{settings[-1].key}",
            type="primary",
            icon=":material/play_arrow:",
            on_click=st.session_state.__setitem__,
            args=(flag, True),
        )
        if done:
            total = found[0].config.epochs
            st.caption(_("Stopped after {n} of {total} epochs.", n=done, total=total))
        else:
            st.caption(_("It takes some seconds here. Nothing is downloaded."))
    return done > 0


def _follow(found: Sequence[VectorTraining], flag: str) -> None:
    with controls.page_error_boundary():
        unfinished = [each for each in found if not each.over]
        if not unfinished or not st.session_state.get(flag):
            st.session_state.pop(flag, None)
            st.rerun()
        unfinished[0].advance(PIECE)
        done, total = (
            sum(n) for n in zip(*((e.done, e.config.epochs) for e in found), strict=True)
        )
        now = unfinished[0].history[-1]
        said = {"total": total, "distortion": now.distortion, "rate": now.rate}
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(
                min(done / total, 1.0),
                text=_(
                    "{n} of {total} epochs: distortion {distortion:.1f}, rate {rate:.1f} nats",
                    n=done,
                    **said,
                ),
            )
            st.button(
                _("Stop here"),
                key=f"stop_{flag}",
                icon=":material/stop:",
                on_click=st.session_state.pop,
                args=(flag, None),
            )
        st.html(_sketch(found))


def _sketch(found: Sequence[VectorTraining]) -> str:
    """The curves so far, as a drawing that is replaced without a flicker; said in words above."""
    lines = []
    top = found[0].history[0].distortion
    low = min(-top, *(e.distortion for e in found[0].history))
    for each, dash in zip(found, ("", "6 5"), strict=False):
        for colour, values in (
            (colours.DISTORTION, [e.distortion for e in each.history]),
            (colours.RATE, [e.rate for e in each.history]),
        ):
            places = [
                f"{800 * i / each.config.epochs:.1f},{200 * (top - v) / (top - low):.1f}"
                for i, v in enumerate(values)
                if math.isfinite(v)
            ]
            lines.append(
                f'<polyline points="{" ".join(places)}" fill="none" stroke="{colour}" '
                f'stroke-width="2.5" stroke-dasharray="{dash}" vector-effect="non-scaling-stroke"/>'
            )
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 200" '
        f'preserveAspectRatio="none" width="800" height="200">{"".join(lines)}</svg>'
    )
    source = base64.b64encode(drawn.encode()).decode()
    style = "width:100%;height:14rem;border-bottom:1px solid rgba(128,134,143,0.4);"
    return f'<img alt="" style="{style}" src="data:image/svg+xml;base64,{source}">'


def show_curves(found: Sequence[VectorTraining], names: Sequence[str], key: str) -> None:
    """The curves of one training, or of two beside each other."""
    courses = {name: tuple(each.history) for name, each in zip(names, found, strict=True)}
    figure_card.show(vector_curves(courses, found[0].config.epochs), key=f"{key}_curves")
