"""a - b + c: what has to be said of c so that it differs from it as a differs from b?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from torch import Tensor

from vae.corpora.corpus import normalise, sentence_key
from vae.errors import UserError
from vae.latent.neighbours import nearest_sentences
from vae.latent.parts import decode_in_parts
from vae.models.explorable import Explorable

_MOST_NEAREST = 50


@dataclass(frozen=True)
class Near:
    """A corpus sentence near the point; `given` where it is a, b or c itself.

    Searches that leave the given ones out make an analogy look better than it is: often the nearest
    is c, and nothing has moved (Linzen, 2016).
    """

    sentence: str
    distance: float
    row: int
    given: bool


@dataclass(frozen=True)
class Analogy:
    """a - b + c of three sentences.

    Attributes:
        z: (Z,) the point.
        sentence: what the decoder says there.
        nearest: corpus sentences by Euclidean distance between posterior means, nearest first.
    """

    z: Tensor
    sentence: str
    nearest: tuple[Near, ...]


def combined(
    explorable: Explorable, a: Sequence[str], b: Sequence[str], c: Sequence[str]
) -> Tensor:
    """(N, Z) a - b + c of the posterior means of 3 N sentences (Mikolov et al., 2013).

    Raises:
        UserError: the three are not equally many, or a sentence cannot be read.
    """
    if not len(a) == len(b) == len(c):
        raise UserError(
            "Arithmetic needs as many sentences for a as for b and c, not {a:,}, {b:,} and {c:,}.",
            a=len(a),
            b=len(b),
            c=len(c),
        )
    first, second, third = explorable.encode([*a, *b, *c]).mean.double().chunk(3)
    return (first - second + third).float()


def analogy(
    explorable: Explorable,
    a: str,
    b: str,
    c: str,
    sentences: Sequence[str],
    means: npt.NDArray[np.floating],
    k: int = 5,
) -> Analogy:
    """a - b + c, decoded, with the k nearest different ones of M corpus sentences and their means
    (M, Z).

    Raises:
        UserError: a sentence cannot be read, the means are not one for each sentence of the corpus,
            or k is not from 1 to 50.
    """
    if len(sentences) != len(means) or not 1 <= k <= _MOST_NEAREST:
        raise UserError(
            "Give one mean for each sentence, and a k from 1 to {most}.", most=_MOST_NEAREST
        )
    z = combined(explorable, [a], [b], [c])
    keys = np.array([sentence_key(s) for s in sentences], dtype=np.uint64)
    rows, distances = nearest_sentences(z.numpy(), means, sentences, keys, k)
    given = {normalise(s) for s in (a, b, c)}
    nearest = tuple(
        Near(sentences[r], float(d), int(r), normalise(sentences[r]) in given)
        for r, d in zip(rows[0], distances[0], strict=True)
    )
    return Analogy(z[0], explorable.decode(z)[0], nearest)


def answers(
    explorable: Explorable,
    a: Sequence[str],
    b: Sequence[str],
    c: Sequence[str],
) -> list[str]:
    """What the decoder says at a - b + c of N triples.

    Raises:
        UserError: as `combined`.
    """
    return decode_in_parts(explorable, combined(explorable, a, b, c))
