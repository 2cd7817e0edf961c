"""The article's VAE, made right: trained here, part by part, and its five mistakes."""

from __future__ import annotations

import streamlit as st

from pages.common import controls, links, seeds, state
from pages.learn._article import live, mistakes, parts
from pages.learn._article.live import Setting
from vae.corpora.vectors import HELD_OUT
from vae.i18n import _, message

TITLES = {
    "plane": message("Under the pointer"),
    "encoder": message("Encoder"),
    "decoder": message("Decoder"),
    "generation": message("Generation step"),
    "inference": message("Inference step"),
    "loss": message("Total loss"),
    "samples": message("New samples"),
    "test": message("A test set"),
    "mistakes": message("Find the five mistakes"),
}
VECTORS = {
    "digits": message("digits, grey (Gaussian)"),
    "binary": message("digits, black and white (Bernoulli)"),
    "sentences": message("sentences of this run (Gaussian)"),
}
# Parts that show one held-out vector.
OF_ONE = ("encoder", "decoder", "inference", "loss")
OF_SEED = ("generation", "inference", "loss", "samples")


def main() -> None:
    st.title(_("What does the article's VAE do, once it works?"), anchor=False)
    st.markdown(
        _(
            "The article is a Chinese introduction to VAEs for language, with which this app "
            "began. It leaves its formulas blank, and its code cannot run. This is the same model, "
            "made right: one hidden layer of 256, a decoder with a mean and a variance, Adam at "
            "0.001, 100 epochs."
        )
    )
    part = st.segmented_control(
        _("Part"),
        links.ARTICLE,
        format_func=lambda name: str(TITLES[name]),
        required=True,
        label_visibility="collapsed",
        **state.widget("article"),
    )
    if part == "mistakes":
        mistakes.show()
        return
    setting = settings(part)
    if live.trained([setting], _("Train it")):
        draw(part, setting)


def settings(part: str) -> Setting:
    """What is trained: chosen on the page, kept in the link."""
    columns = st.columns([3, 2, 2], vertical_alignment="bottom")
    with columns[0]:
        vectors = st.selectbox(
            _("It learns"),
            links.VECTORS,
            format_func=lambda name: str(VECTORS[name]),
            placeholder=_("Choose"),
            **state.widget("vectors", "item"),
        )
    with columns[1]:
        latents = st.segmented_control(
            _("Latents"), links.LATENTS, required=True, **state.widget("latents")
        )
    with columns[2]:
        weight = st.select_slider(
            _("Weight λ of the KL"), options=links.WEIGHTS, **state.widget("weight")
        )
    run = state.chosen_run() if vectors == "sentences" else ""
    return Setting(vectors, run, int(latents), float(weight))


def draw(part: str, setting: Setting) -> None:
    """A part, with the vector and the seed that it is shown for."""
    training = live.training(setting)
    row, seed = 0, 0
    if part in (*OF_ONE, *OF_SEED):
        columns = st.columns([2, 2, 5], vertical_alignment="bottom")
        if part in OF_ONE:
            row = _row(columns[0], len(training.vectors.held_out))
        if part in OF_SEED:
            with columns[1 if part in OF_ONE else 0]:
                seed = seeds.field()
        if part in OF_ONE:
            said = training.vectors.held_out_labels[row]
            columns[2].markdown(_("It is: **{label}**", label=controls.plain_markdown(said)))
    parts.PARTS[part](training, row, seed)
    if part == "test":
        st.caption(
            _(
                "{share:.0%} of the vectors, {n:,}, were held out: no training has seen them.",
                share=HELD_OUT,
                n=len(training.vectors.held_out),
            )
        )
    if setting.vectors == "sentences":
        st.caption(
            _(
                "Sentences are vectors here: TF-IDF of their words, reduced to {d} values that "
                "keep {share:.0%} of its variance. Order of words is lost, so words come back and "
                "no sentence.",
                d=training.vectors.values.shape[1],
                share=training.vectors.kept,
            )
        )


def _row(place, n: int) -> int:
    """Which of n held-out vectors; a link may name one that is not there."""
    if state.get("item") is not None and state.get("item") >= n:
        state.put("item", None)
    with place:
        chosen = st.number_input(
            _("Held-out vector"), min_value=0, max_value=n - 1, step=1, **state.widget("item")
        )
    return int(min(max(chosen or 0, 0), n - 1))


with controls.page_error_boundary():
    main()
    st.page_link(
        "pages/learn/lesson.py",
        label=_("The same ideas on sentences, step by step: the lessons"),
        icon=":material/school:",
    )
