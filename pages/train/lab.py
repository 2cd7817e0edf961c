"""The training lab: what shall a new model learn?"""

from __future__ import annotations

import time

import streamlit as st

from pages.common import controls, guests, job_panel, state
from pages.train import _queue_line
from pages.train._lab import corpus_choice, preset_choice, survey_view
from pages.train._lab.corpus_choice import Chosen
from pages.train._lab.preset_choice import Wish
from pages.train._lab.survey_job import Found, Question
from vae.errors import UserError
from vae.i18n import _
from vae.runs.catalogue import check_name, free_name, is_free, known_runs
from vae.runs.launch import Text, launch

STARTED, NAME, PROPOSED, EMPTIED = "lab.started", "lab.name", "lab.proposed", "lab.emptied"
# Within it, a second click is the same wish.
_ONE_WISH = 60.0


def main() -> None:
    st.title(_("What shall a new model learn?"), anchor=False)
    if guests.note():
        return
    st.header(_("1 · Choose what it reads"), anchor=False)
    chosen: Chosen | None = None
    found: Found | None = None
    with controls.page_error_boundary():
        chosen = corpus_choice.choose()
        if chosen is not None:
            found = look(Question(chosen.text))
    st.header(_("2 · Choose how it learns"), anchor=False)
    if chosen is None or found is None:
        st.caption(
            _("Three presets, with their minutes on this machine, appear when there is a text.")
        )
        return
    with controls.page_error_boundary():
        wish = preset_choice.choose(chosen.text, found)
        st.header(_("3 · Start"), anchor=False)
        start(chosen, wish)


def look(question: Question) -> Found | None:
    """What is known of a text; where nothing is yet, a process is sent to find out."""
    found, job = question.answer, question.job
    if found is None and (job is None or job.state == "finished"):
        job = question.ask()
    if found is not None:
        survey_view.preview(found.survey, preset_choice.data_settings(found))
    if job is not None and job.running:
        st.caption(
            _("A few updates of each preset are tried, to say how long it takes on this machine.")
            if found
            else _("The text is read, and its words are counted.")
        )
        job_panel.follow(job, question.known)
    elif job is not None and job.state != "finished":
        if job.state == "cancelled":
            st.info(_("The look at this text was cancelled."), icon=":material/info:")
        else:
            st.error(str(job.message), icon=":material/error:")
        st.button(
            _("Look again"), icon=":material/refresh:", on_click=question.ask, key="lab_look_again"
        )
    return found


def start(chosen: Chosen, wish: Wish) -> None:
    """The name, what is wrong with the wish if anything, and the button."""
    left, right = st.columns([3, 2], gap="large", vertical_alignment="bottom")
    with left:
        name = name_input(f"{chosen.title} {wish.preset}")
    same = repeated(name, chosen.text, wish)
    problem = wish.problem or ("" if same else name_problem(name))
    with right:
        clicked = st.button(
            _("Start training"),
            type="primary",
            icon=":material/play_arrow:",
            disabled=bool(problem),
            key="lab_start",
        )
    if problem:
        st.error(problem, icon=":material/error:")
    else:
        st.caption(_queue_line.what_a_new_run_meets())
    with st.expander(_("The queue"), icon=":material/low_priority:", key="lab_queue"):
        _queue_line.slots_setting()
    if clicked and not problem:
        if not same:
            run = launch(name, chosen.text, wish.options, seconds=wish.seconds)
            st.session_state[STARTED] = (_wish(run.name, chosen.text, wish), time.time())
            name = run.name
            # The next one has another name.
            st.session_state[NAME] = ""
        state.choose_run(name)
        st.switch_page("pages/train/training.py")


def repeated(name: str, text: Text, wish: Wish) -> bool:
    """Whether the same was asked a moment ago: two clicks make one run."""
    before, at = st.session_state.get(STARTED) or ("", 0.0)
    same = before == _wish(name, text, wish) and time.time() - at < _ONE_WISH
    return same and name in known_runs()


def _wish(name: str, text: Text, wish: Wish) -> str:
    # A string: a class of this script is another one each time the page is run.
    return repr((name, text.corpus, text.options(), wish.options))


def name_input(title: str) -> str:
    """The run's name: a free one is proposed until the person writes another."""
    proposed, chosen = free_name(title), st.session_state.get(NAME, "")
    before = st.session_state.get(PROPOSED, proposed)
    if not chosen and not st.session_state.get("lab_start"):
        # The click on Start stands for what was proposed when it was made.
        st.session_state[PROPOSED] = before = proposed
    key = f"lab_name_{before}_{st.session_state.get(EMPTIED, 0)}"
    return st.text_input(
        _("Its name"), chosen or before, key=key, on_change=take_name, args=(key,)
    ).strip()


def take_name(key: str) -> None:
    """Keep what the person wrote; nothing is as good as no wish."""
    st.session_state[NAME] = written = st.session_state[key].strip()
    if not written:
        st.session_state[EMPTIED] = st.session_state.get(EMPTIED, 0) + 1


def name_problem(name: str) -> str:
    """Why a run cannot have this name, in a sentence; empty where it can."""
    try:
        check_name(name)
    except UserError as error:
        return str(error)
    if is_free(name):
        return ""
    return _("There is a run '{name}' already. Choose another name.", name=name)


with controls.page_error_boundary():
    main()
