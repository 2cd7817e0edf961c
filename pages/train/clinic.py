"""The collapse clinic: cause a posterior to collapse, and cure it."""

from __future__ import annotations

import streamlit as st

from pages.common import classroom, controls, guests, links, state
from pages.train import _experiment_form, _queue_line
from pages.train._clinic import view
from vae.i18n import _, listed
from vae.runs.experiments import Experiment, advance_pair
from vae.training.clinic import SENTENCES, clinic_pair
from vae.training.cures import CURES


def main() -> None:
    st.title(_("Can this collapse be cured?"), anchor=False)
    _experiment_form.chosen_or_new("clinic", "pair", ask, show, every="2s")


def ask() -> None:
    """The form of a new experiment: cure, text, prediction."""
    st.markdown(
        _(
            "Two models learn the same sentences with the same seed, sizes and number of updates. "
            "The left one is a plain VAE whose **posterior collapses**: its decoder learns to do "
            "without z. The right one gets **one cure**. Both end within three minutes on two "
            "cores."
        )
    )
    left, right = st.columns([5, 6], gap="large")
    with left:
        cure = st.radio(
            _("Which cure?"),
            list(CURES),
            format_func=lambda name: str(CURES[name].title),
            captions=[str(c.paper) for c in CURES.values()],
            key="clinic_cure",
            persist_state="session",
        )
    with right:
        described(cure or next(iter(CURES)))
        with controls.page_error_boundary():
            start_form(cure or next(iter(CURES)))


def described(name: str) -> None:
    """What a cure does and what it costs."""
    cure = CURES[name]
    with st.container(border=True):
        st.subheader(str(cure.title), anchor=False)
        view.what_it_costs(cure)
        changes = {**cure.model, **cure.train}
        st.caption(
            _(
                "{paper}. It sets {settings}.",
                paper=cure.paper,
                settings=listed((f"`{name}` {value}" for name, value in changes.items()), "unit"),
            )
        )


def start_form(cure: str) -> None:
    """Text and seed, the prediction, and the button that starts both runs."""
    corpus, seed = text_and_seed()
    st.subheader(_("Predict first: what will happen?"), anchor=False)
    predictions = {
        question: st.radio(
            str(text),
            list(answers),
            index=None,
            format_func=lambda answer, answers=answers: str(answers[answer]),
            key=f"clinic_predict_{question}",
        )
        for question, (text, answers) in view.QUESTIONS.items()
    }
    ready = all(predictions.values())
    st.button(
        _("Start both"),
        type="primary",
        icon=":material/play_arrow:",
        disabled=not ready,
        key="clinic_start",
        on_click=start,
        args=(cure, corpus, seed, predictions),
    )
    if not ready:
        st.caption(_("Predict all three first: what surprises you is what you learn."))
    st.caption(_queue_line.what_a_new_run_meets())
    _experiment_form.start_problem()


def text_and_seed() -> tuple[list[str], int]:
    """What both learn from, and their seed; in a class the same for all, so that one pair of runs
    serves everybody.
    """
    if guests.is_guest():
        st.info(
            _(
                "In a class each cure is trained once, for everybody: who comes later sees the "
                "same two runs, at once or as far as they are."
            ),
            icon=":material/groups:",
        )
        return _experiment_form.built_in(SENTENCES), 0
    columns = st.columns([3, 1], vertical_alignment="bottom")
    with columns[0]:
        corpus = _experiment_form.choose_corpus(SENTENCES, "clinic_corpus")
    seed = columns[1].number_input(
        _("Seed"), min_value=0, max_value=links.MOST_SEED, value=0, step=1, key="clinic_seed"
    )
    return corpus, int(min(max(seed or 0, 0), links.MOST_SEED))


def start(cure: str, corpus: list[str], seed: int, predictions: dict[str, str | None]) -> None:
    """Put both runs into the queue, and show them."""
    shared = guests.is_guest()
    if shared:
        # Nothing of one pupil's: it is the same experiment for all.
        corpus, seed, details = _experiment_form.built_in(SENTENCES), 0, {"shared": True}
    else:
        details = {"predictions": predictions}
    details |= {"cure": cure, "seed": seed}
    experiment = _experiment_form.start(
        "clinic", cure, corpus, clinic_pair(cure, seed), details, shared=shared
    )
    if experiment is not None:
        if shared:
            st.session_state[view.shared_key(experiment)] = predictions
            for question, answer in predictions.items():
                classroom.record(f"clinic {cure}", question, "prediction", answer, None)
        advance_pair(experiment)
        state.put("pair", experiment.name)


def show(experiment: Experiment) -> None:
    """Both runs as they stand."""
    advance_pair(experiment)
    view.introduce(experiment)
    view.show(experiment)


with controls.page_error_boundary():
    main()
