"""Where a new model's sentences come from: built in, a file, or pasted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.common import controls, upload
from pages.train._lab import reading_choice
from vae import corpora
from vae.corpora import labels_by_rule, uploads
from vae.corpora.files import FilePreview
from vae.corpora.label_types import MEASURED, TYPE_NAMES, TYPES, LabelType
from vae.corpora.lines import split_lines
from vae.corpora.opening import EXTENSIONS, MAX_BYTES
from vae.corpora.reasons import columns_said
from vae.corpora.usable import MIN_SENTENCES
from vae.errors import UserError
from vae.i18n import _, listed, message, pgettext
from vae.runs.launch import Text

SOURCES = {
    "paste": message("Pasted text"),
    "file": message("A file"),
    "built-in": message("Built in"),
}
FEWEST, MOST = MIN_SENTENCES, 500_000

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
        _("Where do its sentences come from?"),
        list(SOURCES),
        format_func=lambda source: str(SOURCES[source]),
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
        _("Corpus"),
        list(known),
        format_func=lambda n: _("{name}: {what}", name=n, what=known[n]),
        key="lab_built_in",
        placeholder=_("Choose"),
        persist_state="session",
    )
    n = right.number_input(
        _("Sentences"),
        value=5_000,
        step=1_000,
        key="lab_sentences",
        persist_state="session",
        help=_("How many are generated, or drawn where there are more."),
    )
    if n is None:
        raise UserError(
            "No number of sentences is given; choose from {fewest} to {most:,}.",
            fewest=FEWEST,
            most=MOST,
        )
    if not FEWEST <= n <= MOST:
        raise UserError(
            "{n:,} sentences are asked for; choose from {fewest} to {most:,}.",
            n=n,
            fewest=FEWEST,
            most=MOST,
        )
    return Chosen(name, Text(name, sentences=int(n)))


def _pasted() -> Chosen | None:
    # No `max_chars`: with it, a long text that is pasted vanishes without a word.
    text = st.text_area(
        _("Sentences, one a line"),
        height=220,
        key="lab_pasted",
        persist_state="session",
        placeholder=_("The soup was good.\nNobody came to the party.\n..."),
        help=_("At least 50 different ones; a few hundred make a usable map."),
    )
    if not text:
        st.caption(
            _(
                "Paste at least 50 different sentences, one a line. A few hundred make a usable "
                "map; for more than 2 million characters, choose a file."
            )
        )
        return None
    path = str(uploads.keep_pasted(text).path)
    return Chosen("pasted text", Text(path, labels_by_rule=_rule(split_lines(text), path)))


def _file() -> Chosen | None:
    # No `type`: what is of another kind gets a sentence that says which kinds are read.
    given = upload.dropzone(
        _("A file of sentences"),
        _(
            "{kinds}; {most:,} MB at most",
            kinds=listed(EXTENSIONS, "unit"),
            most=MAX_BYTES // 1024**2,
        ),
        max_upload_size=MAX_BYTES // 1024**2,
        key="lab_file",
    )
    before = st.session_state.get(_UPLOAD, ("", "", ""))
    if given is not None and (before[0] != given.file_id or not Path(before[2]).is_file()):
        kept = uploads.keep(given.name, given.getbuffer())
        st.session_state[_UPLOAD] = (given.file_id, kept.name, str(kept.path))
    if _UPLOAD not in st.session_state:
        st.caption(
            _(
                "A sentence a line (.txt), or a table with a column of sentences and, if you have "
                "them, columns of labels."
            )
        )
        return None
    name, path = st.session_state[_UPLOAD][1:]
    if not Path(path).is_file():
        del st.session_state[_UPLOAD]
        raise UserError("'{name}' is no longer kept on the server. Choose it again.", name=name)
    if given is None:
        st.caption(_("Chosen before: {name}.", name=controls.plain_markdown(name)))
    found = reading_choice.look(path)
    return None if found is None else _columns(name, path, found)


def _columns(name: str, path: str, found: FilePreview) -> Chosen | None:
    title = Path(name).stem or "text"
    reading = reading_choice.asked(path)
    if Path(path).suffix.lower() == ".txt":
        reading_choice.show(path, found)
        rule = _rule([row[0] for row in found.rows], path)
        return Chosen(title, Text(path, reading=reading, labels_by_rule=rule))
    # Read otherwise, a file has other columns.
    place = " ".join([path, *reading.options()])
    left, right = st.columns(2, gap="medium")
    text = left.selectbox(
        _("Column of the sentences"),
        found.columns,
        index=None if found.text_column is None else found.columns.index(found.text_column),
        placeholder=_("Choose a column"),
        key=f"lab_text_{place}",
    )
    labels = right.multiselect(
        _("Columns of labels"),
        [c for c in found.columns if c != text],
        default=[c for c in found.label_columns if c != text],
        key=f"lab_labels_{place}",
        help=_("They colour the map, name dimensions, and are never shown to the model."),
        placeholder=pgettext("labels", "None"),
    )
    not_labels = {
        column: reason
        for column, reason in found.not_labels.items()
        if column != text and column not in labels
    }
    if not_labels:
        right.caption(
            _(
                "No labels by themselves: {columns}.",
                columns=controls.plain_markdown(str(columns_said(not_labels))),
            )
        )
    types = _types(place, labels, found)
    reading_choice.show(path, found)
    first_rows = _("The first rows of {name}", name=controls.plain_markdown(name))
    with st.expander(first_rows, key="lab_rows"):
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows[:_SHOWN_ROWS]]
        st.dataframe(rows, hide_index=True)
    if text is None:
        st.warning(
            _(
                "No column of this file looks like sentences. Choose the one to read, or another "
                "file."
            ),
            icon=":material/view_column:",
        )
        return None
    rule = _rule([row[found.columns.index(text)] for row in found.rows], path)
    return Chosen(
        title,
        Text(
            path,
            text=text,
            labels=tuple(labels),
            label_types=types,
            reading=reading,
            labels_by_rule=rule,
        ),
    )


def _rule(sentences: Sequence[str], path: str) -> str | None:
    """The rule that shall label the sentences; none where none is of their language."""
    rule = labels_by_rule.fitting(sentences)
    if rule is None:
        return None
    wanted = st.checkbox(
        _("Label the sentences by rule: mood, polarity, person and tense"),
        key=f"lab_rule_{path}",
        help=_(
            "This text seems to be English. Whether a sentence asks, denies, says I or you, tells "
            "of the past, is read off its words; of a hundred, one or two are read wrong. Map and "
            "Meaning can then be coloured by it."
        ),
    )
    return rule if wanted else None


def _types(
    place: str, labels: Sequence[str], found: FilePreview
) -> tuple[tuple[str, LabelType], ...]:
    """(label, type) of the labels whose type is chosen by the person, or shown as a measure."""
    if not labels:
        return ()
    chosen = []
    with st.container(horizontal=True):
        for label in (each for each in labels if each in found.types):
            guessed = found.types[label]
            kind = st.selectbox(
                _("Type of {label}", label=controls.plain_markdown(label)),
                TYPES,
                index=TYPES.index(guessed),
                format_func=lambda kind: str(TYPE_NAMES[kind]),
                key=f"lab_type_{place}_{label}",
                help=_(
                    "Guessed from the values. Numbers and dates lie on a scale, in colour and in "
                    "every figure; categories and yes or no are told apart."
                ),
                width=180,
            )
            # Guessed from the first rows: a measure is held to, since a later row may be none.
            if kind and (kind != guessed or kind in MEASURED):
                chosen.append((label, kind))
    return tuple(chosen)
