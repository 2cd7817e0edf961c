"""How a part of the article is shown: words and formulas, code, vectors as what they are."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import streamlit as st

from pages.common import figure_card
from vae import figures
from vae.i18n import _
from vae.training.vector import VectorTraining


def columns(says: str, lines: Sequence[str]):
    """What is said and its formulas at the left, a place for the picture at the right."""
    left, right = st.columns([6, 5], gap="large")
    with left:
        st.markdown(says)
        for line in lines:
            st.latex(line)
    return left, right


def code(function: Callable[..., object]) -> None:
    """The very code that runs."""
    with st.expander(_("The code of this step"), icon=":material/code:"):
        st.code(textwrap.dedent(inspect.getsource(function)), language="python")


def vectors(training: VectorTraining, rows: Mapping[str, np.ndarray]) -> None:
    """Vectors as what they are: pictures, or the words that they hold most of."""
    found_in = training.vectors
    if found_in.shape:
        found = figures.pictures(rows, found_in.shape, "", "")
        figure_card.plotly(found.plot, key=f"pictures_{'_'.join(rows)}", alt=found.alt)
        return
    for name, values in rows.items():
        with st.container(gap=None):
            st.caption(name)
            for value in values:
                words = [word for word, _weight in found_in.terms.strongest(value)]
                st.markdown(" · ".join(words) or _("(no word above the mean)"))


def sheet(
    training: VectorTraining, rows: Mapping[str, np.ndarray], question: str, look_for: str, key: str
) -> None:
    """Many vectors in rows, as a finding with its question."""
    if training.vectors.shape:
        figure_card.show(
            figures.pictures(rows, training.vectors.shape, question, look_for), key=key
        )
        return
    st.subheader(question, anchor=False)
    for place, (name, values) in zip(st.columns(len(rows)), rows.items(), strict=True):
        with place:
            vectors(training, {name: values})
    st.caption(look_for)
