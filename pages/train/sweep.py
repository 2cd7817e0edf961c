"""Sweep: what do one or two settings trade?"""

from __future__ import annotations

import streamlit as st

from pages.common import controls, guests, state
from pages.train import _experiment_form
from pages.train._lab.settings_form import explained
from pages.train._sweep import view
from vae.i18n import _, ngettext, pgettext
from vae.runs import queue
from vae.runs.experiments import Experiment, RunSpec
from vae.runs.sweeps import Axis, arguments, cells, label, read_axis, slug, sweepable
from vae.training.clinic import PRESET, SECONDS_EACH, SENTENCES
from vae.training.cures import CURES, cured, plain
from vae.training.presets import preset

NONE = "none"
SUGGESTED = {
    "beta": "0.1, 0.4, 1",
    "free_bits": "0, 0.1, 0.3",
    "word_dropout": "0, 0.3, 0.6",
    "latent_dim": "8, 16, 32",
    "learning_rate": "0.001, 0.002, 0.004",
    "denoising": "0, 0.2, 0.4",
    "mmd": "0, 20, 100",
    "mean_scale": "0, 0.3, 0.6",
    "seed": "0, 1, 2",
}


def main() -> None:
    st.title(_("What do these settings trade?"), anchor=False)
    _experiment_form.chosen_or_new("sweep", "sweep", ask, show, every="3s")


def ask() -> None:
    """The form of a new sweep."""
    st.markdown(
        _(
            "Every combination of the values below is trained as a small model on the same "
            "sentences, one after the other, and ends as a point in the rate-distortion plane."
        )
    )
    if guests.note():
        return
    left, right = st.columns(2, gap="large")
    with controls.page_error_boundary():
        with left:
            first = axis_input(_("First setting"), "first", "beta", needed=True)
        with right:
            second = axis_input(_("Second setting"), "second", NONE, needed=False)
        axes = [axis for axis in (first, second) if axis]
        with left:
            corpus = _experiment_form.choose_corpus(SENTENCES, "sweep_corpus")
        with right:
            cure = st.selectbox(
                _("All other settings"),
                [NONE, *CURES],
                format_func=lambda n: (
                    _("a plain VAE") if n == NONE else _("cure: {title}", title=CURES[n].title)
                ),
                key="sweep_cure",
                placeholder=_("Choose"),
                persist_state="session",
                help=_("Sizes and number of updates are those of the collapse clinic."),
            )
        base = preset(PRESET)
        grid = cells(axes, plain(base) if cure == NONE else cured(base, cure))
        minutes = len(grid) * SECONDS_EACH / 60
        st.button(
            ngettext("Train {n} run", "Train {n} runs", len(grid)),
            type="primary",
            icon=":material/play_arrow:",
            key="sweep_start",
            on_click=start,
            args=(axes, grid, corpus, str(cure)),
        )
        st.caption(
            _(
                "Roughly {minutes} min on one core, {slots} at a time. They wait in the queue like "
                "every other run; this page and the browser may be closed.",
                minutes=max(1, round(minutes)),
                slots=queue.slots(),
            )
        )
    _experiment_form.start_problem()


def axis_input(title: str, key: str, default: str, *, needed: bool) -> Axis | None:
    """A setting and its values; None where none is chosen.

    Raises:
        UserError: the values cannot be.
    """
    settings = sweepable()
    options = sorted(settings, key=lambda n: (n not in SUGGESTED, n))
    options = options if needed else [NONE, *options]
    setting = st.selectbox(
        title,
        options,
        index=options.index(default),
        key=f"sweep_{key}",
        placeholder=_("Choose"),
        format_func=lambda n: pgettext("setting", "none") if n == NONE else n.replace("_", " "),
        persist_state="session",
    )
    if setting == NONE:
        return None
    found = settings[setting]
    fallback = f"{found.default:g}"
    text = st.text_input(
        _("Values of {setting}, with commas between them", setting=setting.replace("_", " ")),
        value=SUGGESTED.get(setting, fallback),
        key=f"sweep_{key}_values_{setting}",
        help=explained(found),
    )
    return read_axis(setting, text)


def start(axes: list[Axis], grid: list[dict[str, float]], corpus: list[str], cure: str) -> None:
    """Put the whole grid into the queue, and show it."""
    shared = (f"--preset={PRESET}", f"--cure={cure}", "--max-words=30", "--brief")
    asked = [
        RunSpec(f"sweep {slug(cell)}", label(cell), (*shared, *arguments(cell)), cell, SECONDS_EACH)
        for cell in grid
    ]
    title = " ".join(axis.setting for axis in axes)
    details = {"axes": [{"setting": a.setting, "values": list(a.values)} for a in axes]}
    experiment = _experiment_form.start("sweep", title, corpus, asked, {**details, "cure": cure})
    if experiment is not None:
        state.put("sweep", experiment.name)


def show(experiment: Experiment) -> None:
    """The sweep as it stands."""
    queue.advance()
    view.show(experiment)


with controls.page_error_boundary():
    main()
