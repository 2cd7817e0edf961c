"""Where a new model's sentences come from: built in, a file, or pasted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.common import controls
from vae import corpora
from vae.corpora import files, uploads
from vae.corpora.files import FilePreview
from vae.corpora.opening import EXTENSIONS, MAX_BYTES
from vae.errors import UserError
from vae.runs.launch import Text

SOURCES = {
    "paste": "Pasted text",
    "file": "A file",
    "built-in": "Built in",
}
FEWEST, MOST = files.MIN_SENTENCES, 500_000

_UPLOAD = "lab.upload"
_SHOWN_ROWS = 5


@dataclass(frozen=True)
class Chosen:
    """What was chosen: its title, for the name of a run, and what the command line takes."""

    title: str
    text: Text


def choose() -> Chosen | None:
    """Pickers of a text; None while none is chosen.

    Raises:
        UserError: what was chosen cannot be used.
    """
    source = st.segmented_control(
        "Where do its sentences come from?",
        list(SOURCES),
        format_func=SOURCES.__getitem__,
        default="paste",
        required=True,
        key="lab_source",
        persist_state="session",
    )
    if source == "built-in":
        return _built_in()
    return _file() if source == "file" else _pasted()


def _built_in() -> Chosen:
    left, right = st.columns([3, 1], gap="medium", vertical_alignment="bottom")
    known = {corpus.name: corpus.what for corpus in corpora.built_ins()}
    name = left.selectbox(
        "Corpus",
        list(known),
        format_func=lambda n: f"{n}: {known[n]}",
        key="lab_built_in",
        persist_state="session",
    )
    n = right.number_input(
        "Sentences",
        value=5_000,
        step=1_000,
        key="lab_sentences",
        persist_state="session",
        help="How many are generated, or drawn where there are more.",
    )
    if n is None or not FEWEST <= n <= MOST:
        asked = "No number of sentences is given" if n is None else f"{n:,} sentences are asked for"
        raise UserError(f"{asked}; choose from {FEWEST} to {MOST:,}.")
    return Chosen(name, Text(name, sentences=int(n)))


def _pasted() -> Chosen | None:
    # No `max_chars`: with it, a long text that is pasted vanishes without a word.
    text = st.text_area(
        "Sentences, one a line",
        height=220,
        key="lab_pasted",
        persist_state="session",
        placeholder="The soup was good.\nNobody came to the party.\n...",
        help="At least 50 different ones; a few hundred make a usable map.",
    )
    if not text:
        st.caption(
            "Paste at least 50 different sentences, one a line. A few hundred make a usable map; "
            "for more than 2 million characters, choose a file."
        )
        return None
    return Chosen("pasted text", Text(str(uploads.keep_pasted(text).path)))


def _file() -> Chosen | None:
    kinds = ", ".join(EXTENSIONS)
    # No `type`: what is of another kind gets a sentence that says which kinds are read.
    given = st.file_uploader(
        f"A file of sentences ({kinds}; at most {MAX_BYTES // 1024**2} MB)",
        max_upload_size=MAX_BYTES // 1024**2,
        key="lab_file",
    )
    before = st.session_state.get(_UPLOAD, ("", "", ""))
    if given is not None and (before[0] != given.file_id or not Path(before[2]).is_file()):
        kept = uploads.keep(given.name, given.getbuffer())
        st.session_state[_UPLOAD] = (given.file_id, kept.name, str(kept.path))
    if _UPLOAD not in st.session_state:
        st.caption(
            "A sentence a line (.txt), or a table with a column of sentences and, if you have "
            "them, columns of labels."
        )
        return None
    _, name, path = st.session_state[_UPLOAD]
    if not Path(path).is_file():
        del st.session_state[_UPLOAD]
        raise UserError(f"'{name}' is no longer kept on the server. Choose it again.")
    if given is None:
        st.caption(f"Chosen before: {controls.plain_markdown(name)}.")
    return _columns(name, path, _preview(path))


@st.cache_data(max_entries=32, show_spinner="Reading the file")
def _preview(path: str) -> FilePreview:
    return files.preview(path)


def _columns(name: str, path: str, found: FilePreview) -> Chosen | None:
    title = Path(name).stem or "text"
    if Path(path).suffix.lower() == ".txt":
        return Chosen(title, Text(path))
    left, right = st.columns(2, gap="medium")
    text = left.selectbox(
        "Column of the sentences",
        found.columns,
        index=None if found.text_column is None else found.columns.index(found.text_column),
        placeholder="Choose a column",
        key=f"lab_text_{path}",
    )
    labels = right.multiselect(
        "Columns of labels",
        [c for c in found.columns if c != text],
        default=[c for c in found.label_columns if c != text],
        key=f"lab_labels_{path}",
        help="They colour the map, name dimensions, and are never shown to the model.",
        placeholder="None",
    )
    with st.expander(f"The first rows of {controls.plain_markdown(name)}", key="lab_rows"):
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows[:_SHOWN_ROWS]]
        st.dataframe(rows, hide_index=True)
    if text is None:
        st.warning(
            "No column of this file looks like sentences. Choose the one to read, or another file.",
            icon=":material/view_column:",
        )
        return None
    return Chosen(title, Text(path, text=text, labels=tuple(labels)))
