"""What the regions of a picture are about: a few words for each, at every zoom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from vae.scripts import UNSPACED, is_unspaced

Floats = npt.NDArray[np.floating]

SAMPLE = 20_000
"""Sentences that regions are made and named of; of more, so many are drawn."""

LEVELS = (6, 24, 96, 384)
"""Regions of a picture, from the whole of it to a sixty-fourth of its area."""

_LEAST = 8  # sentences that make a region
_WORDS = 3
_MOST_WORDS = 20_000
_WORD = r"(?u)\b\w+(?:['’]\w+)*\b"
_APART = 1.5


@dataclass(frozen=True)
class Region:
    """A part of a picture, and what sets its sentences apart from the rest of it.

    Attributes:
        x, y: the place of the sentence nearest to its middle.
        level: of `LEVELS`.
        n: sentences of the sample that lie in it.
        words: at most three, strongest first; none where no word is more frequent here.
    """

    x: float
    y: float
    level: int
    n: int
    words: tuple[str, ...]


def class_tf_idf(counts: Floats) -> Floats:
    """(C, V) class-based TF-IDF of C classes from the counts (C, V) of words in each.

    W = sqrt(tf) ln(1 + A / f), where tf is the share of a word among those of its class, f how
    often it occurs in all classes together, and A the mean number of words of a class
    (Grootendorst, 2022; the root, of his implementation, keeps down what is frequent everywhere).
    Only what sets a class apart may name it: a word that is less than 1.5 times as frequent there
    as in all classes together has weight 0.
    """
    counts = np.asarray(counts, dtype=np.float64)
    size = counts.sum(1, keepdims=True)
    share = counts / np.maximum(size, 1)
    whole = counts.sum(0)
    with np.errstate(divide="ignore"):
        rarity = np.log1p(np.where(whole > 0, size.mean() / np.maximum(whole, 1), 0))
    overall = whole / max(float(whole.sum()), 1)
    found: Floats = np.where(share >= _APART * overall, np.sqrt(share) * rarity, 0.0)
    return found


def named_regions(xy: Floats, sentences: Sequence[str], seed: int = 0) -> list[Region]:
    """Regions of a picture (N, 2) of N sentences, largest first, at every level of `LEVELS`.

    At each level k-means (Lloyd, 1982) parts a sample of at most `SAMPLE` places by the seed; a
    region is named by `class_tf_idf` against the others of its level. A level has fewer regions
    where there are few sentences.
    """
    from sklearn.cluster import MiniBatchKMeans

    rows = np.random.default_rng(seed).permutation(len(xy))[:SAMPLE]
    places = np.asarray(xy, dtype=np.float64)[rows]
    counts, words = _counted([sentences[i] for i in rows])
    different = len(np.unique(places, axis=0))
    found: list[Region] = []
    for level, most in enumerate(LEVELS):
        k = min(most, different, len(places) // _LEAST)
        if k < 2 or not len(words) or (level and k < 2 * LEVELS[level - 1]):
            break
        fit = MiniBatchKMeans(k, random_state=seed, n_init=1, batch_size=4_096).fit(places)
        found += _named(places, fit.labels_, level, counts, words)
    return sorted(found, key=lambda region: (region.level, -region.n))


def _counted(sentences: Sequence[str]) -> tuple[npt.NDArray[np.floating], Sequence[str]]:
    """((N, V) sparse counts, V words in lower case; pairs of signs where no blanks part words)."""
    from sklearn.feature_extraction.text import CountVectorizer

    how = {"analyzer": _pairs} if is_unspaced(sentences) else {"token_pattern": _WORD}
    try:
        vectorizer = CountVectorizer(max_features=_MOST_WORDS, **how)
        counts = vectorizer.fit_transform(sentences)
    except ValueError:  # not one word in all the sentences
        return np.zeros((len(sentences), 0)), ()
    return counts, vectorizer.get_feature_names_out()


def _pairs(sentence: str) -> list[str]:
    runs = re.findall(rf"(?:{UNSPACED})+", sentence)
    signs = (re.findall(UNSPACED, run) for run in runs)
    return [a + b for each in signs for a, b in pairwise(each)]


def _named(
    places: Floats,
    of: npt.NDArray[np.integer],
    level: int,
    counts: npt.NDArray[np.floating],
    words: Sequence[str],
) -> list[Region]:
    from scipy.sparse import csr_matrix

    n = np.bincount(of)
    member = csr_matrix((np.ones(len(of)), (of, np.arange(len(of)))), shape=(len(n), len(of)))
    weights = class_tf_idf((member @ counts).toarray())
    found = []
    for region in np.flatnonzero(n >= _LEAST):
        rows = np.flatnonzero(of == region)
        middle = places[rows].mean(0)
        x, y = places[rows[((places[rows] - middle) ** 2).sum(1).argmin()]]
        best = np.argsort(-weights[region], kind="stable")[:_WORDS]
        said = tuple(str(words[w]) for w in best if weights[region, w] > 0)
        found.append(Region(float(x), float(y), level, int(n[region]), said))
    return found
