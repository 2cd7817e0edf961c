"""Questions: what do I know of VAEs? Asked before the lessons and after them."""

from __future__ import annotations

import streamlit as st

from pages.common import classroom, controls, state
from vae.classroom.entry import SURE
from vae.classroom.inventory import RIGHT, Form, Question, questions
from vae.classroom.outcome import LESSONS
from vae.course.answers import DONT_KNOW, Answer, read, written
from vae.i18n import _, language, message, ngettext

UNKNOWN = "unknown"
FORMS = {"before": message("Before the lessons"), "after": message("After the lessons")}


_STYLE = """<style>
.st-key-question_choices p { font-size: 1.12rem; line-height: 1.45; }
.st-key-question_choices [role="radiogroup"] { gap: 0.6rem; }
</style>"""


def main() -> None:
    st.html(_STYLE)
    st.title(_("What do you know of VAEs?"), anchor=False)
    join()
    stage = classroom.stage()
    form = choose_form(stage)
    if form is None:
        return
    asked = questions(form, language())
    if _at(form) not in st.session_state:
        given = said(form)
        st.session_state[_at(form)] = next(
            (i for i, q in enumerate(asked) if q.id not in given), len(asked)
        )
    at = min(max(int(st.session_state[_at(form)]), 0), len(asked))
    if at < len(asked):
        ask(asked, at)
    else:
        done(asked, reveal=stage in (None, "ended"))


def join() -> None:
    """The code of the class: a field where the link has none."""
    if (code := classroom.code()) is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                _(":material/groups: Class **{code}**. Your answers have no name.", code=code)
            )
            if classroom.pupil() is not None:
                st.button(
                    _("I am another pupil"),
                    key="class_anew",
                    type="tertiary",
                    icon=":material/person_add:",
                    on_click=start_anew,
                )
        return
    with st.expander(_("Join a class"), icon=":material/groups:"), st.form("join", border=False):
        given = st.text_input(_("Code of the class"), max_chars=20, width=220)
        if st.form_submit_button(_("Join")):
            take_code(given or "")


def take_code(given: str) -> None:
    """Join the class of a code, if there is one."""
    code = classroom.find(given)
    if code is None:
        st.error(
            _("There is no class with this code here. Look at it again, or ask your teacher."),
            icon=":material/error:",
        )
        return
    state.put("class", code)
    _forget()
    st.rerun()


def start_anew() -> None:
    """Two pupils may share a computer: begin with nothing answered."""
    classroom.start_anew()
    _forget()


def _forget() -> None:
    for form in FORMS:
        st.session_state.pop(_said(form), None)
        st.session_state.pop(_at(form), None)
        state.put(form, None)


def _said(form: str) -> str:
    return f"questions:said:{form}"


def _at(form: str) -> str:
    return f"questions:at:{form}"


def choose_form(stage: str | None) -> Form | None:
    """Which form is asked: what the class is at; alone, what one likes."""
    if stage == "lessons":
        st.info(
            _("Your class is at the lessons now. The questions come again after them."),
            icon=":material/school:",
        )
        return None
    if stage == "before":
        return "before"
    if stage in ("after", "ended"):
        return "after"
    chosen = st.segmented_control(
        _("Which questions"),
        list(FORMS),
        format_func=lambda form: str(FORMS[form]),
        required=True,
        label_visibility="collapsed",
        **state.widget("form"),
    )
    return "after" if chosen == "after" else "before"


def said(form: Form) -> dict[str, tuple[str, int | None]]:
    """Question to choice and confidence, as far as it was answered: the class keeps what it was
    told, alone the link does."""
    if classroom.code() is None:
        return _of_link(form)
    if _said(form) not in st.session_state:
        st.session_state[_said(form)] = {
            e.step: (e.value or UNKNOWN, e.confidence)
            for e in classroom.said()
            if e.lesson == LESSONS[form]
        }
    kept: dict[str, tuple[str, int | None]] = st.session_state[_said(form)]
    return kept


def _of_link(form: Form) -> dict[str, tuple[str, int | None]]:
    asked, found = questions(form, language()), {}
    for step, answer in read(state.get(form)).items():
        if step <= len(asked) and (name := _named(asked[step - 1], answer)):
            found[asked[step - 1].id] = (name, answer.confidence or None)
    return found


def _named(question: Question, answer: Answer) -> str:
    if answer.choice is None:
        return UNKNOWN
    names = [choice.name for choice in question.choices]
    return names[answer.choice] if answer.choice < len(names) else ""


def _to_link(question: Question, chosen: str, sure: int | None) -> None:
    step = 1 + [q.id for q in questions(question.form, language())].index(question.id)
    names = [choice.name for choice in question.choices]
    place = DONT_KNOW if chosen == UNKNOWN else chr(ord("a") + names.index(chosen))
    told = {**read(state.get(question.form)), step: Answer(place, sure or 0)}
    state.put(question.form, written(told))


def ask(asked: tuple[Question, ...], at: int) -> None:
    """One question, large, with its choices, and how sure one is."""
    question, given = asked[at], said(asked[at].form).get(asked[at].id)
    st.progress(at / len(asked), _("{n} of {total}", n=at + 1, total=len(asked)))
    st.header(controls.plain_markdown(question.text), anchor=False)
    place = f"{question.form}_{question.id}".replace(".", "_")
    names = [*(choice.name for choice in question.choices), UNKNOWN]
    texts = {c.name: controls.plain_markdown(c.text) for c in question.choices}
    texts[UNKNOWN] = _("I don't know")
    with st.container(key="question_choices"):
        chosen = st.radio(
            _("Answer"),
            names,
            index=names.index(given[0]) if given and given[0] in names else None,
            format_func=texts.__getitem__,
            key=f"question_{place}",
            label_visibility="collapsed",
        )
    sure = None
    if chosen not in (None, UNKNOWN):
        sure = st.segmented_control(
            _("How sure are you?"),
            list(SURE),
            default=given[1] if given else None,
            format_func=lambda level: str(SURE[level]),
            key=f"question_sure_{place}",
        )
    with st.container(horizontal=True, key="lesson_moves"):
        # By these names presenter mode finds them.
        back = st.container(key="lesson_back", width="content")
        forward = st.container(key="lesson_next", width="content")
        back.button(
            _("Back"),
            key="question_back",
            icon=":material/arrow_back:",
            disabled=at == 0,
            on_click=go,
            args=(question.form, at - 1),
        )
        forward.button(
            _("Answer and go on"),
            key="question_next",
            type="primary",
            icon=":material/arrow_forward:",
            icon_position="right",
            disabled=chosen is None,
            on_click=keep,
            args=(question, at, chosen, sure),
        )


def keep(question: Question, at: int, chosen: str, sure: int | None) -> None:
    """Keep an answer, tell it to the class, and go on."""
    before = said(question.form)
    if before.get(question.id) != (chosen, sure):
        if classroom.code() is None:
            _to_link(question, chosen, sure)
        else:
            st.session_state[_said(question.form)] = {**before, question.id: (chosen, sure)}
        value = None if chosen == UNKNOWN else chosen
        classroom.record(LESSONS[question.form], question.id, "answer", value, sure)
    go(question.form, at + 1)


def go(form: Form, at: int) -> None:
    """Show a question."""
    st.session_state[_at(form)] = at


def done(asked: tuple[Question, ...], *, reveal: bool) -> None:
    """All are answered: thanks, and the reasons once they spoil nothing."""
    form, given = asked[0].form, said(asked[0].form)
    st.button(
        _("Look through them again"),
        key="questions_again",
        icon=":material/replay:",
        on_click=go,
        args=(form, 0),
    )
    if not reveal:
        st.success(
            ngettext(
                "{n} question is answered. Why each answer is right or wrong is told when the "
                "class is over.",
                "{n} questions are answered. Why each answer is right or wrong is told when the "
                "class is over.",
                len(given),
            ),
            icon=":material/check:",
        )
        return
    right = sum(given.get(q.id, ("",))[0] == RIGHT for q in asked)
    st.subheader(_("{right} of {total} are right", right=right, total=len(asked)), anchor=False)
    for question in asked:
        explained(question, given.get(question.id))


def explained(question: Question, given: tuple[str, int | None] | None) -> None:
    """A question with what was answered, what is right, and why."""
    chosen, right = question.choice(given[0] if given else None), question.choice(RIGHT)
    assert right is not None
    hit = chosen is right
    icon = "check" if hit else "help" if chosen is None else "close"
    with st.expander(
        f"{question.id} · {controls.plain_markdown(question.text)}", icon=f":material/{icon}:"
    ):
        if chosen is not None and not hit:
            st.markdown(
                _(
                    "You: **{choice}** {reason}",
                    choice=controls.plain_markdown(chosen.text),
                    reason=controls.plain_markdown(chosen.reason),
                )
            )
        st.markdown(
            _(
                "Right: **{choice}** {reason}",
                choice=controls.plain_markdown(right.text),
                reason=controls.plain_markdown(right.reason),
            )
        )


with controls.page_error_boundary():
    main()
