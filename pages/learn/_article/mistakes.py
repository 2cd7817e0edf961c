"""Find the five mistakes of the article's listing, and run each beside its right form."""

from __future__ import annotations

import numpy as np
import streamlit as st
import torch

from pages.common import figure_card, links, state
from pages.learn._article import live
from pages.learn._article.live import Setting
from vae import figures
from vae.figures import Figure
from vae.i18n import _, message, ngettext
from vae.models import Posterior
from vae.training.listing import LISTING, Check, check
from vae.training.vector import VectorTraining

NAMES = {
    "tanh": message("tanh on the log variance"),
    "noise": message("z without noise"),
    "log": message("a logarithm that is gone"),
    "kl": message("a KL that is none"),
    "once": message("losses computed once"),
}
TRIAL = Setting("digits", latents=20, epochs=live.TRIAL_EPOCHS)
_PICKED = "article:picked"


def show() -> None:
    """The exercise, and below it every mistake to run."""
    exercise()
    checked = st.session_state.get(_PICKED)
    solved = bool(checked) and check(checked).solved
    asked = state.get("mistake") != links.KINDS["mistake"].default
    opened = st.expander(
        _("Run each mistake beside its right form (this tells the answers)"),
        icon=":material/play_circle:",
        expanded=solved or asked,
        key="article_trials",
        on_change="rerun",
    )
    if opened.open:
        with opened:
            trial()


def exercise() -> None:
    """The listing: the learner picks the lines that are wrong, and is told why."""
    st.subheader(_("Which five lines are wrong?"), anchor=False)
    st.markdown(
        _(
            "These are the steps of the article's listing, written anew in PyTorch with its "
            "mistakes. Pick five lines, then check."
        )
    )
    with st.container(border=True, gap="xsmall"):
        for i, line in enumerate(LISTING):
            st.checkbox(f"`{i + 1:>2}  {line.code}`", key=f"line_{i}", persist_state="session")
    picked = _picked()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Check"),
            type="primary",
            icon=":material/check:",
            key="article_check",
            disabled=not picked,
            on_click=_take_picked,
        )
        st.caption(ngettext("{n} line picked", "{n} lines picked", len(picked)))
    checked = st.session_state.get(_PICKED)
    if checked:
        told(check(checked))


def _picked() -> frozenset[int]:
    return frozenset(i for i in range(len(LISTING)) if st.session_state.get(f"line_{i}"))


def _take_picked() -> None:
    # As it is now: who is quick presses before the page has drawn the last line as picked.
    st.session_state[_PICKED] = _picked()


def told(found: Check) -> None:
    """What came of a try: why of every line that was picked, and how many are left."""
    if found.solved:
        st.success(_("All five, and nothing else."), icon=":material/check_circle:")
    else:
        st.info(
            ngettext(
                "{found} of 5 found; {n} picked line is none of the five.",
                "{found} of 5 found; {n} picked lines are none of the five.",
                len(found.wrong),
                found=len(found.found),
            ),
            icon=":material/search:",
        )
    for i in (*found.found, *found.wrong):
        line = LISTING[i]
        icon = "check" if line.mistake else "close"
        text = {"n": i + 1, "code": line.code, "why": line.why}
        st.markdown(f":material/{icon}: " + _("Line {n}, `{code}`: {why}", **text))


def trial() -> None:
    """Choose a mistake, and see it beside the right form."""
    name = st.segmented_control(
        _("Mistake"),
        links.MISTAKES,
        format_func=lambda mistake: str(NAMES[mistake]),
        required=True,
        label_visibility="collapsed",
        **state.widget("mistake"),
    )
    beside(name, TRIAL)


def beside(name: str, setting: Setting) -> None:
    """One mistake beside the right form: both lines, both trainings, what it does."""
    line = next(line for line in LISTING if line.mistake == name)
    left, right = st.columns(2)
    with left:
        st.markdown(_("**As the article has it** (`{quoted}`)", quoted=line.quoted))
        st.code(line.code, language="python", wrap_lines=True)
    with right:
        st.markdown(_("**Made right**"))
        st.code(line.right, language="python", wrap_lines=True)
    st.markdown(str(line.why))
    pair = (setting, setting.with_mistake(name))
    if live.trained(pair, _("Train both")):
        seen(name, *(live.training(each) for each in pair))


def seen(name: str, right: VectorTraining, wrong: VectorTraining) -> None:
    """What a mistake did, once both are trained: in a sentence, in its picture, in the curves."""
    st.subheader(symptom(name, right, wrong), anchor=False)
    with torch.no_grad():
        x = torch.from_numpy(right.vectors.held_out)
        good, bad = (t.objective.posterior(t.model, x) for t in (right, wrong))
    if (figure := picture(name, good, bad)) is not None:
        figure_card.show(figure, key=f"mistake_{name}")
    live.show_curves((right, wrong), (_("right form"), str(NAMES[name])), f"mistake_{name}_both")


def picture(name: str, good: Posterior, bad: Posterior) -> Figure | None:
    """The picture of a mistake; of some the curves are the picture."""
    if name == "tanh":
        return figures.spread_bounds(good, bad)
    if name == "kl":
        return figures.kl_forms(np.asarray(good.mean))
    if name == "noise":
        return figures.draws_of_one(good.rows(slice(0, 1)))
    return None


def symptom(name: str, right: VectorTraining, wrong: VectorTraining) -> str:
    """What happened, in a sentence with the numbers of these two trainings."""
    good, bad = right.history[-1], wrong.history[-1]
    if name == "noise":
        return _(
            "It believes in a distortion of {seen:.1f} nats. With a draw of its own posterior it "
            "is {true:,.0f}; the right form has {good:.1f}.",
            seen=bad.without_noise,
            true=bad.distortion,
            good=good.distortion,
        )
    if name == "tanh":
        return _(
            "Distortion and rate together: {bad:.1f} nats with tanh, {good:.1f} without.",
            bad=bad.distortion + bad.rate,
            good=good.distortion + good.rate,
        )
    if name == "kl":
        return _(
            "The loss is no number (NaN) in epoch {n}, and no weight is one any more.", n=wrong.done
        )
    if name == "log":
        return _("It ends before the first update: `{error}`", error=wrong.problem)
    return _(
        "After {n} epochs nothing has moved: {bad:.1f} nats of distortion as at the start; the "
        "right form has {good:.1f}.",
        n=wrong.done,
        bad=bad.distortion,
        good=good.distortion,
    )
