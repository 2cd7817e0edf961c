"""The fields of sentences: unknown words are marked and named, and examples stand below."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from pages.common import controls, links, prose, resources, state
from pages.common.components import word_marks
from vae.errors import UserError
from vae.explorer import Explorer
from vae.i18n import _, listed, message, ngettext
from vae.runs.catalogue import WELL_READ_RUN, shipped_runs
from vae.spelling import split_at

MOST_NAMED = 8
"""Words that a model does not know are named, up to so many."""

Take = Callable[[str], None]


def sentence_input(label: str, end: state.End, explorer: Explorer, *lets_go: str) -> str:
    """An input for sentence A or B, with examples below it and help for unknown words.

    A new sentence lets go of the other choices named, as in `state.widget`.
    """
    with st.container(gap="xsmall"):
        text = sentence_box(label, end, explorer.examples(), *lets_go)
        sentence_help(text, explorer, state.widget_key(end), partial(_use, end, lets_go))
    return text


def sentence_for_many(label: str, end: state.End, explorers: Sequence[Explorer]) -> str:
    """As `sentence_input`, for pages where several models read it: examples of the first one."""
    with st.container(gap="xsmall"):
        text = sentence_box(label, end, explorers[0].examples())
        lines_help(text, explorers, state.widget_key(end), partial(_use, end, ()))
    return text


def sentence_help(text: str, explorer: Explorer, key: str, take: Take) -> None:
    """What helps to fill the field of a sentence: its unknown words, and examples to click.

    Args:
        text: what stands in the field.
        key: of the field.
        take: uses another sentence; it runs as a callback.
    """
    mark_unknown(text, (explorer,), key)
    unknown_words(text, explorer)
    offer_well_read(text, explorer, key)
    with contextlib.suppress(UserError):  # the page says it
        examples_below(resources.starters(explorer), key, take, text)


def lines_help(text: str, explorers: Sequence[Explorer], key: str, take: Take) -> None:
    """As `sentence_help`, for sentences of which the page says itself what is unknown to whom."""
    with contextlib.suppress(UserError):
        mark_unknown(text, explorers, key)
        examples_below(resources.starters(explorers[0]), key, take, text)


def examples_below(examples: Sequence[str], key: str, take: Take, text: str) -> None:
    """A chip for each example, which fills the field above it; that of its text is marked.

    Args:
        key, text: of the field, and what stands in it.
        take: uses a sentence; it runs as a callback.
    """
    if not examples:
        return
    field, key = key, _of_text(f"{key}_examples", text)

    def chosen() -> None:
        if st.session_state[key] and st.session_state.get(field) == text:
            take(st.session_state[key])

    st.pills(
        _("Examples"),
        examples,
        default=text if text in examples else None,
        format_func=controls.plain_markdown,
        key=key,
        on_change=chosen,
        label_visibility="collapsed",
    )


def mark_unknown(text: str, explorers: Sequence[Explorer], key: str) -> None:
    """Mark the unknown words of a field below it, and offer known ones; while one types, where
    the models tell what they know.
    """
    told = [found for each in explorers if (found := resources.vocabulary(each)) is not None]
    if told:
        word_marks.show(key, text, told)
        return
    if len(text) <= links.LONGEST_TEXT and (unknown := explorers[0].unknown_words(text)):
        prose.with_unknown(split_at(text, unknown))


def _of_text(key: str, text: str) -> str:
    """The key of chips below a text; below another text stand other chips.

    Were they the same and set anew, a browser that has not heard of it yet would send the chip of
    before with the next sentence, as if it had been clicked, and that sentence would be lost. For
    the same reason a chip is heard only while its text stands in the field.
    """
    return f"{key}:{hash(text)}"


def _use(end: state.End, lets_go: Sequence[str], text: str) -> None:
    state.set_sentence(end, text)
    for other in lets_go:
        state.put(other, None)


def sentence_box(label: str, end: state.End, examples: list[str], *lets_go: str) -> str:
    """As `sentence_input`, without what stands below."""
    return sentence_field(label, end, state.sentence(end, examples), partial(_use, end, lets_go))


def sentence_field(label: str, name: str, current: str, take: Take) -> str:
    """A field for one sentence of the link; one that is too long is said to be, and not taken.

    Args:
        name: of the sentence in the link.
        current: what it is now.
        take: uses another; it runs as a callback.
    """
    key = state.widget_key(name)
    if st.session_state.get(key) != current:
        st.session_state[key] = current
    problem = f"{key}:problem"

    def typed() -> None:
        text = st.session_state[key]
        if len(text) <= links.LONGEST_TEXT:
            take(text)
            return
        st.session_state[problem] = message(
            "What was entered has {n:,} characters: too long for one sentence, which may have "
            "{most:,}. The sentence from before is kept.",
            n=len(text),
            most=links.LONGEST_TEXT,
        )

    # No `max_chars`: with it, a long text that is pasted vanishes without a word.
    text = st.text_input(label, key=key, on_change=typed)
    if problem in st.session_state:
        st.warning(str(st.session_state.pop(problem)), icon=":material/error:")
    return text


def unknown_words(text: str, explorer: Explorer) -> None:
    """Name the words of a sentence that are not in the model's vocabulary."""
    if len(text) > links.LONGEST_TEXT or not (unknown := explorer.unknown_words(text)):
        return
    named = [
        _("“**{word}**”", word=controls.plain_markdown(word[:40])) for word in unknown[:MOST_NAMED]
    ]
    if more := len(unknown) - len(named):
        said = _(
            "This model does not know {words} and {more} more. It reads the same blank for each.",
            words=listed(named, "unit"),
            more=more,
        )
    else:
        said = ngettext(
            "This model does not know {words}. It reads a blank there.",
            "This model does not know {words}. It reads the same blank for each.",
            len(named),
            words=listed(named, "unit"),
        )
    st.markdown(f":material/help: {said}")


def offer_well_read(text: str, explorer: Explorer, key: str) -> None:
    """A button that reads the sentence of a field with the run that knows most words, where it
    knows more of these than the run that is shown.
    """
    known = shipped_runs()
    if explorer.name not in known or WELL_READ_RUN not in known or explorer.name == WELL_READ_RUN:
        return
    unknown = left = 0 if len(text) > links.LONGEST_TEXT else len(explorer.unknown_words(text))
    if unknown:
        with contextlib.suppress(UserError):  # of a copy that is not whole
            left = len(resources.explorer(WELL_READ_RUN).unknown_words(text))
    if left >= unknown:
        return
    st.button(
        _("Read it with “{run}”, which knows them", run=WELL_READ_RUN)
        if not left
        else _("Read it with “{run}”, which knows more of them", run=WELL_READ_RUN),
        key=_of_text(f"{key}_well_read", text),
        icon=":material/menu_book:",
        type="tertiary",
        on_click=state.choose_run,
        args=(WELL_READ_RUN,),
    )
