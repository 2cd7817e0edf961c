"""Which sentences are nearest to a point: different ones, however often one of them is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from vae.latent.projection import nearest_rows

Floats = npt.NDArray[np.floating]
Rows = npt.NDArray[np.intp]

MOST_COMPARED = 50_000
"""Points that are compared each with each, in half a minute; more are searched by descent."""

_AT_ONCE = 1_000


def nearest_sentences(
    z: Floats, means: Floats, sentences: Sequence[str], keys: npt.NDArray[np.uint64], k: int
) -> tuple[Rows, Floats]:
    """(rows, Euclidean distances), each (B, k), of the k nearest different sentences.

    Of copies, which have one latent, the first row stands for all; of a sentence in several
    spellings, which may have several, the nearest. There are fewer columns where fewer differ.

    Args:
        z: (B, Z) latents.
        means: (M, Z) posterior means of M sentences.
        keys: (M,) `sentence_key` of each.
    """
    first = {sentence: row for row, sentence in reversed(list(enumerate(sentences)))}
    spelled = np.sort(np.fromiter(first.values(), dtype=np.intp, count=len(first)))
    _, spellings = np.unique(keys[spelled], return_counts=True)
    k, most = min(k, len(spellings)), int(spellings.max(initial=1))
    rows, distances = nearest_rows(z, means[spelled], k * most)
    rows = spelled[rows]
    if most == 1:
        return rows, distances
    # The first of each key in each row, nearest first.
    kept = [np.sort(np.unique(keys[row], return_index=True)[1])[:k] for row in rows]
    at = np.array(kept, dtype=np.intp).reshape(len(rows), k)
    return np.take_along_axis(rows, at, 1), np.take_along_axis(distances, at, 1)


def neighbour_lists(means: Floats, k: int, seed: int = 0) -> Iterator[tuple[Rows, Floats]]:
    """(rows, Euclidean distances), each (b, k), of the k points nearest to each of N, in parts.

    A point is its own nearest, copies aside. Up to 50,000 points all are compared; beyond that the
    lists are those of nearest-neighbour descent (Dong, Moses and Li, 2011), which may miss a few.

    Args:
        means: (N, Z).
        k: neighbours; fewer where there are fewer points.
        seed: of the descent.
    """
    k = min(k, len(means))
    if len(means) <= MOST_COMPARED or k < 2:
        for start in range(0, len(means), _AT_ONCE):
            yield nearest_rows(means[start : start + _AT_ONCE], means, k)
        return
    from pynndescent import NNDescent

    rows, distances = NNDescent(means, n_neighbors=k, random_state=seed).neighbor_graph
    for start in range(0, len(means), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        yield rows[part].astype(np.intp), distances[part]
