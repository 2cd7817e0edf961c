"""What a class has learned: the concept questions before against after."""

from __future__ import annotations

import streamlit as st

from pages.common import classroom, controls, figure_card
from vae.classroom.inventory import questions
from vae.classroom.outcome import LESSONS, counts, outcome
from vae.figures import before_after, said_by_class
from vae.i18n import _, language


def show(code: str) -> None:
    """Gains by question, and on request what was answered to each."""
    st.header(_("What has it learned?"), anchor=False)
    st.fragment(gains, run_every="10s")(code)
    with st.expander(
        _("What was answered to each question?"),
        icon=":material/quiz:",
        key="class_each",
        on_change="rerun",
    ) as opened:
        if opened.open:
            each(code)


def gains(code: str) -> None:
    """Before against after; counted again while one looks."""
    with controls.page_error_boundary():
        store, asked = classroom.store(), questions("before", language())
        before, after = (store.entries(code, LESSONS[form]) for form in ("before", "after"))
        found = outcome(before, after, [q.id for q in asked])
        if not found.whole.n:
            n = len({e.pupil for e in before}), len({e.pupil for e in after})
            st.info(
                _(
                    "Answered the questions before: {before:,} pupils; after: {after:,}. The gain "
                    "appears as soon as a pupil has answered the same question both times.",
                    before=n[0],
                    after=n[1],
                ),
                icon=":material/hourglass_empty:",
            )
            return
        figure_card.show(before_after(found, asked), key="class_gain", file_name=f"{code}-gain")


def each(code: str) -> None:
    """The answers to one question in both rounds, with the reason of each choice."""
    forms = {form: questions(form, language()) for form in LESSONS}
    ids = [q.id for q in forms["before"]]
    chosen = st.selectbox(
        _("Question"),
        ids,
        format_func=lambda i: f"{i} · {forms['before'][ids.index(i)].text}",
        key="class_question",
        placeholder=_("Choose"),
    )
    at = ids.index(chosen or ids[0])
    rounds = []
    for form, title in (("before", _("before")), ("after", _("after"))):
        said = [e for e in classroom.store().entries(code, LESSONS[form]) if e.step == ids[at]]
        rounds.append((title, counts({e.pupil: e for e in said}.values())))
    asked = forms["before"][at]
    figure = said_by_class(asked.text, {c.name: c.text for c in asked.choices}, rounds, "right")
    figure_card.show(figure, key="class_choices", file_name=f"{code}-{ids[at]}")
    for choice in asked.choices:
        st.markdown(
            _(
                "**{choice}** {reason}",
                choice=controls.plain_markdown(choice.text),
                reason=controls.plain_markdown(choice.reason),
            )
        )
