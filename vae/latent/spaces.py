"""The spaces that sentences can be seen in: the model's own, a bag of words, a sentence encoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from vae.errors import UserError
from vae.i18n import Message, message
from vae.latent import sentence_encoder
from vae.latent.sentence_encoder import Embedder
from vae.progress import Progress, silent

MODEL, WORDS, ENCODER = "model", "words", "encoder"

SPACES: Mapping[str, Message] = {
    MODEL: message("the model's"),
    WORDS: message("bag of words"),
    ENCODER: message("sentence encoder"),
}
"""Every space by its name, with its name for a reader."""

WORD_DIRECTIONS = 50
"""Directions of the bag of words that its map is made of."""

_MOST_WORDS = 20_000


def bag_of_words(sentences: Sequence[str]) -> Any:
    """(N, V) sparse, TF-IDF of each sentence's words in lower case (Salton and Buckley, 1988).

    Each row has length 1, or 0 where a sentence has no word. Weights ln((1 + N) / (1 + n)) + 1 of
    the sentences given; of more than 20,000 different words the most frequent count.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(token_pattern=r"(?u)\b\w+\b", max_features=_MOST_WORDS)
    try:
        return vectorizer.fit_transform(sentences)
    except ValueError as error:  # not one word in all the sentences
        raise UserError(
            "These sentences hold no words that could be counted. Choose another space."
        ) from error


def embed(
    space: str,
    sentences: Sequence[str],
    seed: int,
    progress: Progress = silent,
    encoder: Callable[[], Embedder] = sentence_encoder.load,
) -> npt.NDArray[np.float32]:
    """(N, D) a dense embedding of sentences in another space than the model's, for a map.

    The bag of words is turned into its 50 strongest directions (truncated singular value
    decomposition: latent semantic analysis, Deerwester et al., 1990), by the seed.

    Args:
        encoder: loads the sentence encoder.

    Raises:
        UserError: there is no such space, or it cannot be made of these sentences.
        NotAvailableError: the sentence encoder is not installed.
    """
    if space == ENCODER:
        progress(0, len(sentences), message("Loading the sentence encoder"))
        return encoder()(sentences, progress)
    if space != WORDS:
        raise UserError(
            "There is no space '{space}'; choose {words} or {encoder}.",
            space=space,
            words=WORDS,
            encoder=ENCODER,
        )
    from sklearn.decomposition import TruncatedSVD

    progress(0, 1, message("Counting words"))
    words = bag_of_words(sentences)
    directions = min(WORD_DIRECTIONS, words.shape[1] - 1, len(sentences) - 1)
    if directions < 2:
        raise UserError("These sentences hold too few different words for a map.")
    found = TruncatedSVD(directions, random_state=seed).fit_transform(words)
    progress(1, 1, message("Counting words"))
    return np.asarray(found, dtype=np.float32)
