"""Prepare a class: one link that opens everything as it is meant to be seen."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import streamlit as st

from pages.common import classroom, controls, hidden, links, sections, state
from pages.learn._courses import course_of, lessons
from vae import handout, i18n
from vae.course import catalogue
from vae.errors import UserError
from vae.i18n import _
from vae.sharing import qr_code

LESSON = "lesson"
# What this page asks for itself, and what is one person's alone.
KEPT_OUT = ("lang", "class", "hide", "present", *links.ANSWERS, "lesson", "step", "tour")


def main() -> None:
    st.title(_("What shall the class open?"), anchor=False)
    st.markdown(
        _(
            "Set up the app as the class shall find it: run, sentences, seed, sliders, map. Then "
            "come here. The link carries all of it, and needs no account."
        )
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        address = where()
        page, wanted = what()
        wanted |= who()
        wanted |= how()
        carried = as_set_now()
    link = f"{address.rstrip('/')}/{page}?{urlencode(carried | wanted)}".removesuffix("?")
    with right:
        show(link)
        empty_handout(wanted, link)


def where() -> str:
    """The address of this server, as pupils reach it."""
    base = state.server()
    address = st.text_input(
        _("Address of this server"),
        base,
        key="prepare_address",
        help=_("As pupils reach it: not localhost, which is each computer's own name for itself."),
    )
    if (urlsplit(address or "").hostname or "") in ("localhost", "127.0.0.1", "::1"):
        st.caption(
            _(
                ":material/info: Only this computer opens this address. Write the name or number "
                "of this machine in your network."
            )
        )
    return address or base


def what() -> tuple[str, dict[str, str]]:
    """Page, lesson and step."""
    pages = sections.by_address()
    left, right = st.columns(2)
    with left:
        page = st.selectbox(
            _("Page"),
            list(pages),
            index=list(pages).index(LESSON),
            format_func=lambda address: pages[address].title,
            key="prepare_page",
            placeholder=_("Choose"),
        )
    if page != LESSON:
        return str(page or ""), {}
    offered = {each.id: each for each in lessons()}
    with right:
        chosen = st.selectbox(
            _("Lesson"),
            [None, *offered],
            format_func=lambda name: offered[name].title if name else _("The list of lessons"),
            key="prepare_lesson",
            placeholder=_("Choose"),
        )
    if chosen is None:
        return LESSON, {}
    steps = offered[chosen].steps
    at = st.selectbox(
        _("Step"),
        range(1, len(steps) + 1),
        format_func=lambda i: f"{i} · {steps[i - 1].title}",
        key=f"prepare_step_{chosen}",
        placeholder=_("Choose"),
    )
    return LESSON, {"lesson": chosen} | ({"step": str(at)} if at and at > 1 else {})


def who() -> dict[str, str]:
    """The class that is joined, and its language."""
    left, right = st.columns(2)
    with left:
        code = _class()
    with right:
        spoken = st.selectbox(
            _("Language"),
            [None, *i18n.languages()],
            format_func=lambda name: (
                i18n.language_name(name) if name else _("that of each pupil's browser")
            ),
            key="prepare_language",
            placeholder=_("Choose"),
        )
    return ({"class": code} if code else {}) | ({"lang": spoken} if spoken else {})


def _class() -> str | None:
    if classroom.is_teacher():
        codes = classroom.store().open_classes()
        return st.selectbox(
            _("Class"),
            [None, *codes],
            index=1 if codes else 0,
            format_func=lambda code: code or _("without a class"),
            key="prepare_class",
            placeholder=_("Choose"),
        )
    given = st.text_input(
        _("Code of the class"),
        classroom.code() or "",
        key="prepare_code",
        max_chars=20,
        help=_("Classes are made on the page Class. Without one, nothing is recorded."),
    )
    try:
        return links.KINDS["class"].read(given) if given else None
    except UserError:
        st.error(_("A code has 4 to 12 letters and digits."), icon=":material/error:")
        return None


def how() -> dict[str, str]:
    """What is hidden, and whether it is for a projector."""
    hide = st.multiselect(
        _("Hide"),
        links.HIDDEN,
        default=["pages"],
        format_func=lambda name: str(hidden.TITLES[name]),
        key="prepare_hide",
        placeholder=_("Nothing"),
        help=_("Fewer controls leave the one that matters. Hidden is out of sight, not locked."),
    )
    present = st.toggle(
        _("Presenter mode"),
        key="prepare_present",
        help=_("For the projector: large type, no sidebar. Leave it off for the pupils' link."),
    )
    return ({"hide": ",".join(hide)} if hide else {}) | ({"present": "1"} if present else {})


def as_set_now() -> dict[str, str]:
    """What is chosen in the app now, as far as a link holds it; shown, and each may be left out."""
    chosen = {
        name: kind.write(state.get(name))
        for name, kind in links.KINDS.items()
        if name not in KEPT_OUT and state.get(name) != kind.default
    }
    if not chosen:
        st.caption(_("Nothing is set in the app now: the page opens as it does for everybody."))
        return {}
    kept = st.multiselect(
        _("Also as you have set it now"),
        list(chosen),
        default=list(chosen),
        format_func=lambda name: f"{name}={_short(chosen[name])}",
        key=f"prepare_kept_{hash(tuple(chosen.items()))}",
        placeholder=_("Nothing"),
    )
    return {name: chosen[name] for name in kept}


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def show(link: str) -> None:
    """The link to copy, and its code for a wall."""
    st.subheader(_("The link"), anchor=False)
    st.code(link, language=None, wrap_lines=True)
    if len(link) > qr_code.LONGEST:
        st.info(
            _(
                "This link has {n:,} signs: too many for a QR code that a camera reads from a "
                "wall. Leave out what the class does not need, a selection on the map above all.",
                n=len(link),
            ),
            icon=":material/qr_code:",
        )
        return
    st.image(qr_code.svg(link), width=360, alt=_("The QR code of the link"))
    st.download_button(
        _("Download the QR code (PNG)"),
        qr_code.png(link),
        file_name="latent-lens-class.png",
        mime="image/png",
        icon=":material/download:",
        key="prepare_png",
        on_click="ignore",
    )
    st.link_button(_("Open it"), link, icon=":material/open_in_new:")


def empty_handout(wanted: dict[str, str], link: str) -> None:
    """The lesson to be printed for the class, in its language, without an answer."""
    spoken = wanted.get("lang", i18n.language())
    lesson = course_of(spoken, catalogue.version()).lesson(wanted.get("lesson", ""))
    if lesson is None:
        return
    with i18n.speaking(spoken):
        name, text = handout.file_name(lesson), handout.blank(lesson, link)
    st.download_button(
        _("Download the empty handout"),
        text,
        file_name=name,
        mime="text/html",
        icon=":material/print:",
        key="prepare_handout",
        on_click="ignore",
        help=_(
            "The questions of this lesson with room to write, to be printed for every pupil. It "
            "tells no answer, and holds this link."
        ),
    )


with controls.page_error_boundary():
    main()
