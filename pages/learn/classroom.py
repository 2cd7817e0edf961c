"""Class: what do the pupils think, and what have they learned? For the teacher."""

from __future__ import annotations

import streamlit as st

from pages.common import classroom, controls
from pages.learn._class import learned, predictions
from vae.classroom.entry import Classroom, to_csv
from vae.i18n import _, message, pgettext

STAGES = {
    "before": message("Questions before"),
    "lessons": message("Lessons"),
    "after": message("Questions after"),
    "ended": message("Over"),
}
CHOSEN = "class_chosen"


def main() -> None:
    st.title(_("What does the class think?"), anchor=False)
    if not classroom.is_teacher():
        ask_key()
        return
    controls.told("class_problem")
    rooms = {room.code: room for room in classroom.store().classes()}
    choose(list(rooms))
    chosen = rooms.get(st.session_state.get(CHOSEN) or "")
    if chosen is not None:
        show(chosen)


def ask_key() -> None:
    """What this page is, and the field for the key."""
    st.markdown(
        _(
            "A class joins by a code, without names. Here its teacher sees what it predicts before "
            "the reveal, and what it has learned. Everything stays on this machine."
        )
    )
    with st.form("class_key", border=False, width=420):
        given = st.text_input(
            _("Teacher's key"),
            type="password",
            autocomplete="off",
            help=_("It was printed when this server started, and stands nowhere else."),
        )
        if st.form_submit_button(_("Open"), type="primary", icon=":material/key:"):
            if classroom.let_in(given or ""):
                st.rerun()
            st.error(_("That is not the key of this server."), icon=":material/error:")


def choose(codes: list[str]) -> None:
    """The class that is shown, and a new one."""
    if st.session_state.get(CHOSEN) not in codes:
        st.session_state[CHOSEN] = codes[0] if codes else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if codes:
            st.selectbox(_("Class"), codes, key=CHOSEN, width=200, placeholder=_("Choose"))
        st.button(
            _("New class"),
            key="class_new",
            icon=":material/add:",
            type="secondary" if codes else "primary",
            on_click=create,
        )
    if not codes:
        st.caption(
            _("There is no class yet. A new one has a code that its pupils join by, and no names.")
        )


@controls.telling("class_problem")
def create() -> None:
    """Open a class and show it."""
    st.session_state[CHOSEN] = classroom.store().create()


@controls.telling("class_problem")
def set_stage(code: str, key: str) -> None:
    """Let a class go on."""
    classroom.store().set_stage(code, st.session_state[key])


@controls.telling("class_problem")
def delete(code: str) -> None:
    """Delete a class with everything."""
    classroom.store().delete(code)
    st.session_state.pop(CHOSEN, None)


def show(room: Classroom) -> None:
    """One class: its code, how far it is, what it says, and what becomes of it."""
    with st.container(horizontal=True, gap="large", vertical_alignment="center"):
        st.metric(_("Code to join"), room.code, width="content")
        st.fragment(so_far, run_every="5s")(room.code)
    key = f"class_stage_{room.code}_{room.stage}"
    st.segmented_control(
        _("What the class is at"),
        list(STAGES),
        default=room.stage,
        format_func=lambda stage: str(STAGES[stage]),
        key=key,
        required=True,
        on_change=set_stage,
        args=(room.code, key),
        help=_(
            "It decides which form of the concept questions pupils are asked. A class that is over "
            "records nothing, and shows pupils the reasons."
        ),
    )
    st.page_link("pages/learn/prepare.py", label=_("Make a link for it"), icon=":material/qr_code:")
    predictions.show(room.code)
    learned.show(room.code)
    with st.container(horizontal=True, key="class_end"):
        st.download_button(
            _("Download all answers (CSV)"),
            data=lambda: to_csv(classroom.store().entries(room.code)).encode("utf-8-sig"),
            file_name=f"class-{room.code}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="class_csv",
            on_click="ignore",
        )
        st.button(
            _("Delete class {code} and all its answers", code=room.code),
            key="class_delete",
            icon=":material/delete:",
            on_click=delete,
            args=(room.code,),
            help=_("At once and for good: download the answers first if you need them."),
        )


def so_far(code: str) -> None:
    """How many have joined, and how much they have said; counted again while the page is open."""
    with controls.page_error_boundary():
        room = next((r for r in classroom.store().classes() if r.code == code), None)
        if room is None:
            st.rerun()
        with st.container(horizontal=True, gap="large"):
            st.metric(pgettext("class", "Pupils"), f"{room.pupils:,}", width="content")
            st.metric(_("Answers"), f"{room.entries:,}", width="content")
        if not room.pupils:
            st.caption(_("Pupils appear here with their first answer."))


with controls.page_error_boundary():
    main()
