"""What a survey found, for a person: what is used, how long, which words, which labels."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.common import controls, figure_card, prose
from vae import colours
from vae.config import DataConfig
from vae.corpora.survey import Survey, Vocabulary
from vae.figures import frame

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
        st.markdown(f"**Words.** {vocabulary(found, data)}")
        st.markdown(f"**Labels.** {labels(found)}")
    with right:
        lengths(found)
    if found.choices:
        figure_card.data(
            lambda: _choices(found),
            key="lab_vocabularies",
            file_name=f"vocabulary-{found.name}",
            label="What other vocabularies would know",
        )


def used(found: Survey) -> str:
    """How many sentences, and how they are divided."""
    parts = found.splits
    return (
        f"{found.sentences:,} sentences are used: {parts['train']:,} to learn from, "
        f"{parts['validation']:,} to check on the way, {parts['test']:,} to measure at the end"
    )


def left_out(found: Survey) -> str:
    """How many are not used, and why."""
    said = "Nothing is left out."
    if dropped := sum(found.dropped.values()):
        why = ", ".join(f"{n:,} {reason}" for reason, n in found.dropped.items())
        said = f"Left out: {dropped:,} of {found.rows:,} rows ({controls.plain_markdown(why)})."
    if found.repeated:
        said += (
            f" {found.repeated:,} of those used repeat an earlier one; they stay, since how often "
            "something is said is part of a language."
        )
    return said


def vocabulary(found: Survey, data: DataConfig) -> str:
    """What the model will know of the words, and what not."""
    if data.tokenizer == "bpe":
        return (
            "Pieces of words are learned from the text itself, so that hardly any word is unknown."
        )
    known = found.known_with(data)
    if known is None:
        return (
            f"{found.words:,} different ones in training. How many a vocabulary of "
            f"{data.vocabulary:,} knows is told when the minutes are measured."
        )
    text = (
        f"{found.words:,} different ones in training; the model will know {known.size:,} tokens. "
        f"Of the {found.validation_tokens:,} in validation sentences it will not know "
        f"{known.unknown:.1%}."
    )
    if known.unknown > _MANY_UNKNOWN:
        text += " That is much: sentences will come back with blanks. " + _remedy(known)
    return text


def _remedy(known: Vocabulary) -> str:
    if known.min_count > 1:
        return "More text helps most; a min count of 1 keeps rare words."
    return "More text helps most."


def labels(found: Survey) -> str:
    """The labels with the number of their values."""
    if not found.labels:
        return (
            "None. A table with a column of a few values each would colour the map and name the "
            "dimensions."
        )
    names = (f"{controls.plain_markdown(name)} ({n:,} values)" for name, n in found.labels.items())
    return ", ".join(names) + ". They colour the map; the model never sees them."


def lengths(found: Survey) -> None:
    """The histogram of lengths."""
    low, middle, high = (found.length_quantile(share) for share in (0.05, 0.5, 0.95))
    counts = list(found.lengths)
    counted = pd.DataFrame({"tokens": range(len(counts)), "sentences": counts})
    fig = frame.figure(210, showlegend=False, bargap=0.08)
    fig.add_trace(
        go.Bar(
            x=counted["tokens"],
            y=counted["sentences"],
            marker={"color": colours.MEASURE, "line": {"width": 0}},
            hovertemplate="%{y:,} sentences of %{x} tokens<extra></extra>",
        )
    )
    last = max((i for i, n in enumerate(counts) if n), default=0)
    fig.update_xaxes(range=[0.5, max(last, 5) + 0.5], showgrid=False)
    frame.axis_title(fig, "tokens in a sentence", "sentences")
    figure_card.chart(
        f"Half have at most {middle} tokens",
        fig,
        key="lab_lengths",
        alt=f"Histogram of sentence lengths: nine in ten have {low} to {high} tokens.",
        look_for=f"Nine in ten have {low} to {high} tokens. A tail of very long ones is slow to "
        "train on, and hard to keep in a few numbers.",
        table=lambda: counted[counted["sentences"] > 0],
        file_name=f"lengths-{found.name}",
    )


def _choices(found: Survey) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "largest vocabulary": c.largest,
                "min count": c.min_count,
                "tokens known": c.size,
                "unknown in validation (%)": round(100 * c.unknown, 2),
            }
            for c in found.choices
        ]
    )
