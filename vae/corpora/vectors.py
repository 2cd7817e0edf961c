"""Vectors to learn from: handwritten digits, and sentences by the words that they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from vae.errors import UserError

Floats = npt.NDArray[np.float32]

HELD_OUT = 0.2
"""Share of the vectors that no training sees."""

FEWEST_SENTENCES = 50
_MOST_TERMS = 4_000


@dataclass(frozen=True)
class Terms:
    """How a vector of a sentence is read again: the words that it was made of.

    Attributes:
        names: (V) the words, the most frequent ones.
        weights: (D, V) what a step along each value adds to each word's TF-IDF.
        centre: (V,) of the mean sentence.
    """

    names: tuple[str, ...]
    weights: Floats
    centre: Floats

    def of(self, vectors: Floats) -> Floats:
        """(N, V) TF-IDF that vectors (N, D) stand for, as near as they can tell."""
        words: Floats = self.centre + vectors @ self.weights
        return words

    def strongest(self, vector: Floats, most: int = 6) -> list[tuple[str, float]]:
        """The words that a vector (D,) has most of beyond the mean sentence, and how much."""
        more = (vector @ self.weights).astype(float)
        order = np.argsort(-more, kind="stable")[:most]
        return [(self.names[i], float(more[i])) for i in order if more[i] > 0]


@dataclass(frozen=True)
class Vectors:
    """N vectors of D values, those to train on first.

    Attributes:
        kind: digits, binary digits or sentences.
        values: (N, D).
        n_train: how many come first, to be trained on; the rest is held out.
        labels: (N) what each is, as a person says it: the digit, or the sentence.
        shape: (height, width) of a picture; None where they are none.
        terms: how a vector of a sentence is read; None of a picture.
        kept: share of the variance of TF-IDF that the vectors hold; 1 of pictures.
    """

    kind: Literal["digits", "binary digits", "sentences"]
    values: Floats
    n_train: int
    labels: tuple[str, ...]
    shape: tuple[int, int] | None = None
    terms: Terms | None = None
    kept: float = 1.0

    @property
    def train(self) -> Floats:
        """(n_train, D)."""
        return self.values[: self.n_train]

    @property
    def held_out(self) -> Floats:
        """(N - n_train, D)."""
        return self.values[self.n_train :]

    @property
    def held_out_labels(self) -> tuple[str, ...]:
        """(N - n_train) labels."""
        return self.labels[self.n_train :]


def digits() -> Vectors:
    """The 1,797 digits of 8 x 8 that come with scikit-learn (Alpaydin and Kaynak, 1998), grey
    values from 0 to 1."""
    from sklearn.datasets import load_digits

    found = load_digits()
    grey = (found.data / 16).astype(np.float32)
    return _split("digits", grey, [str(d) for d in found.target], shape=(8, 8))


def binary_digits() -> Vectors:
    """As `digits`, with 1 where at least half of a pixel is ink, else 0: a Bernoulli decoder has no
    likelihood for grey (Loaiza-Ganem and Cunningham, 2019)."""
    grey = digits()
    return replace(grey, kind="binary digits", values=(grey.values >= 0.5).astype(np.float32))


def sentence_vectors(sentences: Sequence[str], dimensions: int = 64, seed: int = 0) -> Vectors:
    """Sentences as TF-IDF of their words, reduced by a truncated SVD (Deerwester et al., 1990).

    The mean is taken off and all values are scaled by one number, so that they vary by 1 on
    average: how much more some vary than others stays.

    Raises:
        UserError: too few sentences, or they hold too few words.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    distinct = list(dict.fromkeys(s for s in sentences if s.strip()))
    if len(distinct) < FEWEST_SENTENCES:
        raise UserError(
            "There are {n:,} different sentences here; vectors are made of {least:,} or more. "
            "Choose a run with a larger corpus.",
            n=len(distinct),
            least=FEWEST_SENTENCES,
        )
    # A word of one sign as well: Chinese is often cut into signs.
    counted = TfidfVectorizer(max_features=_MOST_TERMS, min_df=2, token_pattern=r"(?u)\b\w+\b")
    try:
        tfidf = counted.fit_transform(distinct)
        if tfidf.shape[1] <= dimensions:
            dimensions = tfidf.shape[1] - 1
        if dimensions < 2:
            raise ValueError("too few words")
    except ValueError:
        raise UserError(
            "These sentences share too few words to make vectors of them. Choose a run with a "
            "larger corpus."
        ) from None
    reducer = TruncatedSVD(dimensions, random_state=seed)
    reduced = reducer.fit_transform(tfidf)
    centre = reduced.mean(0)
    scale = float((reduced - centre).std())
    values = ((reduced - centre) / scale).astype(np.float32)
    terms = Terms(
        tuple(map(str, counted.get_feature_names_out())),
        (scale * reducer.components_).astype(np.float32),
        (centre @ reducer.components_).astype(np.float32),
    )
    kept = float(reducer.explained_variance_ratio_.sum())
    return _split("sentences", values, distinct, terms=terms, kept=kept)


def _split(
    kind: Literal["digits", "sentences"], values: Floats, labels: Sequence[str], **more: Any
) -> Vectors:
    """In an order drawn once, the first four fifths to train on."""
    order = np.random.default_rng(0).permutation(len(values))
    return Vectors(
        kind,
        values[order],
        len(values) - round(HELD_OUT * len(values)),
        tuple(labels[i] for i in order),
        **more,
    )
