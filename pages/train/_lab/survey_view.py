"""What a survey found, for a person: what is used, how long, which words, which labels."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.common import controls, figure_card, prose
from pages.train._lab import settings_form
from vae import figures
from vae.config import DataConfig
from vae.corpora.label_types import TYPE_NAMES
from vae.corpora.reasons import counted
from vae.corpora.survey import SCHEMES, Survey, Vocabulary
from vae.i18n import _, listed, ngettext, pgettext, sentences

_EXAMPLES = 3
_MANY_UNKNOWN = 0.2


def preview(found: Survey, data: DataConfig) -> None:
    """All that is worth knowing of a text before a model learns from it.

    Args:
        data: the settings that will be used, for the share of unknown words.
    """
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown(f"### {used(found)}")
        st.caption(left_out(found))
        for sentence in found.examples[:_EXAMPLES]:
            prose.show(sentence, size="normal")
        st.markdown(_("**Words.** {found}", found=vocabulary(found, data)))
        if found.schemes:
            _schemes(found, data)
        st.markdown(_("**Labels.** {found}", found=labels(found)))
    with right:
        figure_card.show(
            figures.sentence_lengths(found), key="lab_lengths", file_name=f"lengths-{found.name}"
        )
    if found.choices and not found.schemes:
        figure_card.data(
            lambda: _choices(found),
            key="lab_vocabularies",
            file_name=f"vocabulary-{found.name}",
            label=_("What other vocabularies would know"),
        )


def _schemes(found: Survey, data: DataConfig) -> None:
    """What a model may learn a text in whose words no blanks part, each with what it would know."""
    st.markdown(
        _(
            "No blanks part the words of this text, so that a clause would be one word. Let the "
            "model learn characters, or pieces that it finds by itself:"
        )
    )
    for scheme, made in found.schemes.items():
        told, taken = st.columns([3, 1], vertical_alignment="center")
        told.markdown(
            _(
                "**{what}**: {known:,} tokens; of those in validation sentences {unknown:.1%} "
                "are unknown.",
                what=SCHEMES[scheme],
                known=made.size,
                unknown=made.unknown,
            )
        )
        if scheme == data.tokenizer:
            taken.caption(_("Chosen."))
        else:
            taken.button(
                _("Learn in these"),
                key=f"lab_scheme_{scheme}",
                on_click=settings_form.put,
                args=("tokenizer", scheme),
            )


def used(found: Survey) -> str:
    """How many sentences, and how they are divided."""
    parts = found.splits
    return ngettext(
        "{n:,} sentence is used: {train:,} to learn from, {validation:,} to check on the way, "
        "{test:,} to measure at the end",
        "{n:,} sentences are used: {train:,} to learn from, {validation:,} to check on the way, "
        "{test:,} to measure at the end",
        found.sentences,
        train=parts["train"],
        validation=parts["validation"],
        test=parts["test"],
    )


def left_out(found: Survey) -> str:
    """How many are not used, and why."""
    said = [_("Nothing is left out.")]
    if dropped := sum(found.dropped.values()):
        said = [
            _(
                "Left out: {n:,} of {rows:,} rows ({reasons}).",
                n=dropped,
                rows=found.rows,
                reasons=controls.plain_markdown(str(counted(found.dropped))),
            )
        ]
    if found.repeated:
        said.append(
            ngettext(
                "{distinct:,} are distinct: {n:,} of those used repeats an earlier one; it stays, "
                "since how often something is said is part of a language.",
                "{distinct:,} are distinct: {n:,} of those used repeat an earlier one; they stay, "
                "since how often something is said is part of a language.",
                found.repeated,
                distinct=found.distinct,
            )
        )
    return sentences(*said)


def vocabulary(found: Survey, data: DataConfig) -> str:
    """What the model will know of the words, and what not."""
    if data.tokenizer == "bpe" and not found.schemes:
        return _(
            "Pieces of words are learned from the text itself, so that hardly any word is unknown."
        )
    known = found.known_with(data)
    if found.schemes and data.tokenizer in ("word", "space"):
        return _(
            "{words:,} different ones stand between blanks and marks in training.",
            words=found.words,
        )
    if found.schemes:
        return _("{n:,} different tokens in training.", n=found.words)
    if known is None:
        return _(
            "{words:,} different ones in training. How many a vocabulary of {size:,} knows is told "
            "when the minutes are measured.",
            words=found.words,
            size=data.vocabulary,
        )
    said = [
        _(
            "{words:,} different ones in training; the model will know {known:,} tokens. Of the "
            "{tokens:,} in validation sentences it will not know {unknown:.1%}.",
            words=found.words,
            known=known.size,
            tokens=found.validation_tokens,
            unknown=known.unknown,
        )
    ]
    if known.unknown > _MANY_UNKNOWN:
        said += [_("That is much: sentences will come back with blanks."), _remedy(known)]
    return sentences(*said)


def _remedy(known: Vocabulary) -> str:
    if known.min_count > 1:
        return _("More text helps most; a min count of 1 keeps rare words.")
    return _("More text helps most.")


def labels(found: Survey) -> str:
    """The labels with the number of their values."""
    if not found.labels:
        return _(
            "None. A table with a column of a few values each would colour the map and name the "
            "dimensions."
        )
    names = [
        ngettext(
            "{name} ({type}, {n:,} value)",
            "{name} ({type}, {n:,} values)",
            n,
            name=controls.plain_markdown(name),
            type=str(TYPE_NAMES[found.types[name]]),
        )
        for name, n in found.labels.items()
    ]
    said = _(
        "{labels}. They colour the map; the model never sees them.", labels=listed(names, "unit")
    )
    if not found.conflicting:
        return said
    return sentences(
        said,
        ngettext(
            "{n:,} sentence stands there with different labels; each copy keeps its own.",
            "{n:,} sentences stand there with different labels; each copy keeps its own.",
            found.conflicting,
        ),
    )


def _choices(found: Survey) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                pgettext("column", "largest vocabulary"): c.largest,
                pgettext("column", "min count"): c.min_count,
                pgettext("column", "tokens known"): c.size,
                pgettext("column", "unknown in validation (%)"): round(100 * c.unknown, 2),
            }
            for c in found.choices
        ]
    )
