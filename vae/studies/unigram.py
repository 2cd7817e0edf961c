"""What the words' frequencies alone cost the sentences that a run is measured on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from vae.corpora.corpus import Corpus
from vae.diagnostics.bootstrap import Floats
from vae.diagnostics.unigram import Unigram
from vae.explorer import Explorer
from vae.i18n import message
from vae.models.explorable import where_available
from vae.progress import Progress, silent
from vae.studies.sentences import drawn
from vae.tokenizer import EOS, SPECIAL, UNK

_COUNTED = 10_000
"""Training sentences whose tokens are counted: all of them would change a sentence by 0.2 nats."""


def frequency_costs(
    explorer: Explorer,
    sentences: Sequence[str],
    learned: Corpus | None,
    seed: int,
    progress: Progress = silent,
) -> Floats | None:
    """(N,) nats of each sentence by `Unigram`; None where the model has no tokens to count.

    Args:
        learned: what the run learned from, of whose training split at most 10,000 sentences are
            counted. None where it is gone: then there are no frequencies.
    """
    if learned is None or not len(learned.indices("train")):
        return None
    text = drawn(learned, "train", _COUNTED, seed).sentences

    def costs() -> Floats:
        known = explorer.anatomy().vocabulary
        frequencies = Unigram.of(_scored(explorer, text, progress), known)
        return np.array([frequencies.nats(t) for t in _scored(explorer, sentences, silent)])

    return where_available(costs)


def _scored(
    explorer: Explorer, sentences: Sequence[str], progress: Progress
) -> Iterator[list[str]]:
    """The tokens of each sentence as the model scores them: all unknown ones are the same."""
    for i, sentence in enumerate(sentences):
        unknown = set(explorer.unknown_words(sentence))
        tokens = explorer.tokens(sentence)[:-1]  # "end", the last, may be a word as well
        yield [*(SPECIAL[UNK] if t in unknown else t for t in tokens), SPECIAL[EOS]]
        if i % 500 == 0:
            progress(i, len(sentences), message("Counting words"))
