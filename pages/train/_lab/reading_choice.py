"""How a file is read: what was found out, said under it, and changed by who knows better."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pages.common import prose
from vae.corpora import files
from vae.corpora.encodings import EncodingError, Proposal
from vae.corpora.files import FilePreview
from vae.corpora.opening import DELIMITED
from vae.corpora.reading import ENCODINGS, QUOTES, SEPARATORS, Reading, encoding_said, name_of
from vae.i18n import Message, _, message, sentences

# What a person said of the file that is chosen: {"path": ..., "encoding": ..., "header": ...}.
_SAID = "lab.reading"

_SEPARATED: Mapping[str, Message] = {
    "comma": message("Comma"),
    "semicolon": message("Semicolon"),
    "tab": message("Tab"),
    "bar": message("Vertical bar"),
    "none": message("None: a row is one cell"),
}
_QUOTED: Mapping[str, Message] = {
    "double": message('Double: "'),
    "single": message("Single: '"),
    "none": message("No mark"),
}


def asked(path: str) -> Reading:
    """How a file is to be read, as far as a person said."""
    return Reading(**_said(path))


def look(path: str) -> FilePreview | None:
    """The first rows of a file; None where its encoding has to be chosen first, here.

    Raises:
        UserError: it cannot be read.
    """
    try:
        with st.spinner(_("Reading the file")):
            return _read(path, tuple(sorted(_said(path).items())))
    except EncodingError as error:
        _propose(path, error)
        return None


@st.cache_data(max_entries=32, show_spinner=False)
def _read(path: str, said: tuple[tuple[str, Any], ...]) -> FilePreview:
    return files.preview(path, reading=Reading(**dict(said)))


def show(path: str, found: FilePreview) -> None:
    """How the file is read in a sentence, and what changes it."""
    reading = found.reading
    if reading.encoding is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_in_words(reading), width="content")
        with st.popover(_("Read it otherwise"), icon=":material/tune:", type="tertiary"):
            _encoding(path, _("Encoding"), reading.encoding)
            if Path(path).suffix.lower() in DELIMITED:
                _dialect(path, reading)


def _in_words(reading: Reading) -> str:
    encoding = _("Read as {encoding}.", encoding=encoding_said(reading.encoding or ""))
    if reading.separator is None:
        return encoding
    if not reading.separator:
        cells = _("A row is one cell.")
    else:
        cells = _(
            "Between cells: {separator}.",
            separator=_named(_SEPARATED, SEPARATORS, reading.separator),
        )
    header = (
        _("The first row holds the names of the columns.")
        if reading.header
        else _("No row holds the names of the columns.")
    )
    return sentences(encoding, cells, header)


def _encoding(path: str, label: str, now: str | None) -> None:
    known = list(dict.fromkeys([*([now] if now else []), *ENCODINGS]))
    _select(
        path,
        "encoding",
        label,
        known,
        now,
        lambda encoding: str(encoding_said(encoding)),
    )


def _dialect(path: str, reading: Reading) -> None:
    separator = reading.separator or ""
    _select(
        path,
        "separator",
        _("Between two cells"),
        list(dict.fromkeys([separator, *SEPARATORS.values()])),
        separator,
        lambda sign: str(_named(_SEPARATED, SEPARATORS, sign)),
    )
    _select(
        path,
        "quote",
        _("Quotation mark around a cell"),
        list(QUOTES.values()),
        reading.quote or "",
        lambda sign: str(_named(_QUOTED, QUOTES, sign)),
    )
    key = f"lab_header_{path}_{reading.header}"
    st.toggle(
        _("The first row holds the names of the columns"),
        bool(reading.header),
        key=key,
        on_change=_say_widget,
        args=(path, "header", key),
    )


def _select(
    path: str,
    what: str,
    label: str,
    options: list[str],
    now: str | None,
    word: Callable[[str], str],
) -> None:
    # What stands there by itself differs with the rest: another key draws it anew.
    key = f"lab_{what}_{path}_{now}"
    st.selectbox(
        label,
        options,
        None if now is None else options.index(now),
        format_func=word,
        key=key,
        placeholder=_("Choose"),
        on_change=_say_widget,
        args=(path, what, key),
    )


def _propose(path: str, error: EncodingError) -> None:
    """What is wrong, encodings with lines as they read in them, and a click that takes one."""
    st.error(str(error.fault or error), icon=":material/error:")
    if error.proposals:
        st.markdown(_("In which of these do the lines read right?"))
        for column, proposal in zip(st.columns(3), error.proposals, strict=False):
            with column.container(border=True):
                _proposal(path, proposal)
    _encoding(path, _("Or another encoding"), _said(path).get("encoding"))


def _proposal(path: str, proposal: Proposal) -> None:
    st.markdown(f"**{encoding_said(proposal.encoding)}**")
    for line in proposal.lines:
        prose.show(line, size="normal")
    st.button(
        _("Read it so"),
        key=f"lab_take_{proposal.encoding}_{path}",
        icon=":material/check:",
        on_click=_say,
        args=(path, "encoding", proposal.encoding),
    )


def _named(words: Mapping[str, Message], signs: Mapping[str, str], sign: str) -> Message:
    return words.get(name_of(signs, sign), Message("{sign}", {"sign": sign}))


def _said(path: str) -> dict[str, Any]:
    kept = st.session_state.get(_SAID, {})
    return {k: v for k, v in kept.items() if k != "path"} if kept.get("path") == path else {}


def _say(path: str, what: str, value: Any) -> None:
    st.session_state[_SAID] = {"path": path, **_said(path), what: value}


def _say_widget(path: str, what: str, key: str) -> None:
    if (value := st.session_state[key]) is not None:
        _say(path, what, value)
